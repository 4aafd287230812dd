"""Pen geometry: lines that a pen draws, in millimetres. Arrays in, arrays out; numpy and scipy only.

- `lines`: `Lines`, many polylines in two arrays; everything here takes and gives them.
- `page`: sheets of paper and how a drawing is laid on one: `sheet("A4")`, `millimetres("0.3mm")`, `fit(...)`.
- `simplify`: `simplified(lines, tolerance)` drops points that add nothing.
- `dedupe`: `without_doubles(lines, tolerance)` drops what would be drawn twice, parts of segments too.
- `merge`: `merged(lines, tolerance)` joins lines whose ends meet into the fewest strokes.
- `order`: `ordered(lines)` reorders and flips lines and chooses where closed ones start, for the shortest travel; it
  begins with `greedy` and goes on with the `moves` of a tour.
- `tidy`: `tidied(lines, ...)` does all of these, in that order.
- `facts`: what a pen does: metres drawn, metres in the air, minutes.
- `read`: `read(data)` takes any SVG's lines, with `pathdata` for the paths; `crop`: `cropped(lines, low, high)`.
- `check`: `check(data)` asks 25 questions to an SVG: is it fit to plot?
- `hatching`, `waves`, `stipple`, `tour`, `screens`, `streamlines`, `fills`, `centers`, over a `field` of tone: line art
  in millimetres.
- `document`: `Plot` and `Pen`, what the writers of plotter files take.

Whole drawings become plots in `artkit.plotter`; files are written by `artkit.export`.
"""
