"""Flat art larger than memory: strips of its pixels in, the drawing out that its pixels as a whole give.

What is kept of the picture are runs of equal labels, and the pixels that are mixtures of colors: both are as many as
its borders are long. From them come the same arcs as those of the whole picture, so that no border is cut where
strips meet.

| file | in | out |
|---|---|---|
| `survey` | strips | what kind of picture it is, and the colors of its flat areas |
| `mixing` | strips, these colors | what each pixel is made of: `sparse.Pixels` |
| `trace` | that | regions, and their drawing |
"""
