"""Drawings for cutters, as drawings: a stencil with its bridges in it, a sticker on its white border."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from artkit.arrays import Floats
from artkit.artwork.drawing import AnimatedDrawing, Drawing, Layer, Path, Shadow, Shape
from artkit.color.palette import parse
from artkit.color.spaces import lightness
from artkit.pens.names import hex_color
from artkit.prepress.cut.boards import flattened
from artkit.prepress.cut.bridges import bridged
from artkit.prepress.regions import Region, regions

DETAILED = 5000
"""Corners above which what a sticker shows is rounded before its border is found."""

FINE = 0.1
"""Millimetres that a unit counts for while shapes are made: curves stray 0.05 units at most then."""

SMOOTH = 0.05
"""Units that an outline may stray from the exact one."""


def stencil(drawing: Drawing, bridge: float, least: float) -> Drawing:
    """Give a drawing of one ink whose bare parts are one piece: bridges of a width hold what would fall out.

    The ink is the darkest color, all else is the plate. Islands of fewer than `least` square units are open, too.
    """
    import shapely

    flat = flattened(drawing, everything=True)
    sheet = regions(flat, FINE)
    if not sheet.inks:
        return drawing
    inks = [ink.color for ink in sheet.inks]
    dark = min(range(len(inks)), key=lambda k: (float(lightness(np.array(parse(inks[k])))), k))
    margin = bridge * FINE * 4
    whole = shapely.box(-margin, -margin, sheet.width + margin, sheet.height + margin)
    crumb = least * FINE * FINE
    plate = bridged(_larger(shapely.difference(whole, _larger(sheet.inks[dark].region, crumb)), crumb), bridge * FINE)
    opened = shapely.difference(shapely.box(0, 0, sheet.width, sheet.height), plate.plate)
    light = max(inks, key=lambda color: float(lightness(np.array(parse(color)))))
    ground = light if len(inks) > 1 else "#ffffff"
    layer = Layer(list(_shapes(opened, inks[dark])), "stencil")
    return Drawing(drawing.width, drawing.height, [layer], ground, grid=drawing.grid)


def _larger(region: Region, crumb: float) -> Region:
    """Give the parts of a region that are no smaller than a crumb."""
    import shapely

    parts = shapely.get_parts(region)
    return shapely.MultiPolygon([part for part in parts if part.area >= max(crumb, 1e-9)])


def _shapes(region: Region, color: str) -> Iterator[Shape]:
    """Give the parts of a region as shapes, in units again."""
    import shapely

    for part in shapely.get_parts(shapely.simplify(region, SMOOTH * FINE)):
        if shapely.get_dimensions(part) == 2 and part.area > 0:
            rings: list[Any] = [shapely.get_coordinates(ring)[:-1] / FINE for ring in shapely.get_rings(part)]
            yield Shape([Path(_clean(ring)) for ring in rings], color)


def _clean(ring: Floats) -> Floats:
    return np.round(ring, 3)


def _filled(region: Region) -> Region:
    """Give a region without its holes."""
    import shapely

    return shapely.union_all(shapely.polygons(shapely.get_exterior_ring(shapely.get_parts(region))))


def _rounded(region: Region, reach: float) -> Region:
    """Give a region whose borders at a distance are those of this one, to a hundredth of it, with few corners.

    It is widened in steps that double, and narrowed again: one wide step takes time by the square of the corners.
    """
    import shapely

    made = shapely.simplify(_filled(region), reach / 200)
    for step in (64, 64, 32, 16, 8, 4, 2):
        made = shapely.simplify(_filled(shapely.buffer(made, reach / step)), reach / 400)
    return shapely.buffer(made, -reach)


def sticker(drawing: Drawing, border: float, color: str) -> Drawing:
    """Put a drawing on a smooth border of a color around all that it shows, with a shadow for screens."""
    import shapely

    flat = flattened(drawing, everything=True)
    sheet = regions(flat, FINE)
    shown = shapely.union_all([ink.region for ink in sheet.inks])
    if shown.is_empty:
        return drawing
    reach = border * FINE
    if shapely.get_num_coordinates(shown) > DETAILED:
        shown = _rounded(shown, reach)
    outline = shapely.buffer(_filled(shapely.buffer(shown, 3 * reach, quad_segs=24)), -2 * reach, quad_segs=24)
    shapes = list(_shapes(outline, hex_color(color)))
    side = max(drawing.width, drawing.height)
    shadow = Shadow((0.0, side / 250), side / 200, opacity=0.35)
    below = Layer(shapes, "sticker", shadow=shadow)
    made = drawing.replace(layers=[below, *drawing.layers])
    if isinstance(drawing, AnimatedDrawing):
        return made.replace(times=(np.zeros((len(shapes), 2)), *drawing.times))
    return made
