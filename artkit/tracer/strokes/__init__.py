"""Strokes of even width: faces of a planar map in; middle lines, widths, caps and joins out, and what lies beneath.

`faces` tells which faces may be strokes, `skeleton` finds the core of one, `junctions` makes lines of its chains, with
the help of `gaps`, `middle` moves these to half a width from the border, `ends` finds caps, joins and rounded corners,
and `draw` makes paths of them, of straight parts and arcs by `arcs` and `ruled`, and rectangles by `boxes`. `choice`
says where strokes are as close as the outline and take less to tell, and puts rows of `dashes` together; `beneath`
continues the other faces under them.
"""
