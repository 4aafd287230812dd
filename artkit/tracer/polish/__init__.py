"""A drawing of small flat art and its picture in, the drawing with its curves where the picture says, out.

`steps` is the plan: what the drawing lacks moves its curves, by Gauss-Newton. `curves` are a drawing's as arrays,
`paint` paints them with exact coverage, `edges` are places along them, and `ways` how they may move.
"""
