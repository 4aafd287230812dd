"""Pens: pictures, drawings and SVGs in, lines that a pen draws well out. Millimetres; numpy and scipy only.

- `lines`: `Lines`, many polylines in two arrays; everything here takes and gives them.
- `document`: `Plot`, `Layer` and `Pen`, what the writers of plotter files take.
- `layout`: sheets of paper and how a drawing is laid on one: `sheet("A4")`, `millimetres("0.3mm")`, `fit(...)`.
- `names`: what pens and layers are called, and their colors as files give them.
- `separation`: a picture and pens in, how dark each pen is to draw out.
- `styled`: lines of pens to drawings and back; which drawings are for pens.
- `measurements`: metres drawn, metres of travel, minutes; `planner` works the minutes out.
- `machine`: profiles of plotters, in `machines`; `bed`: where a page lies on one, and what its pen reaches.
- `plotter`: SVGs and drawings laid on a page and made fit for a pen.
- `draw`: styles, each over a `field` of tone: hatching, waves, dots, tours, streamlines, fills, centerlines.
- `prepare`: `tidied(lines)`: nothing twice, fewest strokes, fewest points, least travel.
- `read`: any SVG's lines, and whether an SVG is fit to plot.

The operations are in `artkit.ops.pen`; files are written by `artkit.export.plot`.
"""
