"""Pixels in, regions out: label images, colors, and where borders run. Arrays only, and little is imported.

| file | in | out |
|---|---|---|
| `flat` | pixels of flat art | labels, colors, and how much of a neighbor's color each pixel has |
| `photo`, with `inks` and `faces` | pixels of a photo | labels of few colors |
| `superpixels` | pixels of a photo | labels of many small regions of one color |
| `tree`, with `graph` and `width` | labels | how they merge, down to one region |
| `relax` | labels | the same regions with borders where they cost least |
| `fields` | labels and pixels | the color or gradient of each region |
| `masking` | pixels | how much an error counts at each of them |
| `edges` | a planar map and pixels | where the border runs beside each crack |
| `labels` | labels, or sums over them, and new numbers | the same under these |
"""
