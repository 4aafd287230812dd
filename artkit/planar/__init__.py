"""The engine of the tracer: a label image in, a planar map, and curves for its borders out. numpy and scipy only.

One word per level:

| word | what it is | from | to |
|---|---|---|---|
| crack | the unit edge between two pixels of different label (Rosenfeld) | lattice corner | the next one |
| chain | cracks in a row, the border of two faces; an arc where the map stores it | node | node |
| piece | part of a chain without a corner | corner | corner |
| segment | one line or cubic | joint | joint |
| half-edge | an arc in one of its two directions, a face on its right; the other one is its twin | node | node |
| ring | half-edges once around a face: its outline or one of its holes | | |
| face | connected pixels of one label | | |

From top to bottom: `map` (labels to arcs, faces and rings), `samples` (where arcs run), `lines` (arcs as points),
`curves` with `pieces` and `ellipses` (points to lines and cubics), `spline` with `blocks` (points to smooth cubics),
`validity` (what must hold), `arcs` and `polygons` (all arcs of a map), `outlines` (rings of curves), `zorder`,
`stack`, `hidden`, `sight` and `strokeends` (faces that overlap without seams). For rings from anywhere: `nesting` with
`edgelist` and `contacts`.
"""
