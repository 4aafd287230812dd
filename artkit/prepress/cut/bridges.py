"""A stencil's plate in pieces in, one piece out: islands are held by the shortest bridges, each as wide as asked.

Each round, every group of parts that hold together is tied to the one nearest to it (Borůvka 1926), until there is one.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from artkit.errors import UsageError
from artkit.prepress.regions import GRID, Region

REACH = (0.1, 0.25, 0.5, 1.0, 1.5, 2.0)
"""Widths of a bridge that it may go on into what it holds, until all of its end lies in it, or the most."""

LONGER = 1.02
"""Times the shortest way that a bridge may be, to stand in the middle of where two parts face each other."""

CRUMB = 1e-3
"""Square millimetres of plate that need no bridge: they are taken away."""


class Bridged(NamedTuple):
    """The plate in one piece, its bridges, and how many pieces it was in before."""

    plate: Region
    bridges: tuple[Region, ...]
    pieces: int


def bridged(plate: Region, width: float) -> Bridged:
    """Tie all parts of a plate together with bridges of `width` millimetres; what is too small to hold goes."""
    import shapely

    parts = shapely.get_parts(plate)
    parts = parts[shapely.area(parts) > CRUMB]
    pieces, made = len(parts), []
    while len(parts) > 1:
        new = list(_shortest(parts, width))
        made += new
        joined = shapely.union_all([*parts, *new], grid_size=GRID)
        left = shapely.get_parts(joined)
        left = left[shapely.area(left) > CRUMB]
        if len(left) >= len(parts):
            raise UsageError(f"bridges: {width:g} mm hold {pieces} parts of the stencil in {len(left)}; use wider ones")
        parts = left
    return Bridged(parts[0] if len(parts) else shapely.Polygon(), tuple(made), pieces)


def _shortest(parts: Any, width: float) -> list[Region]:
    """Give a bridge from each part to the one that is nearest to it, none of them twice."""
    import shapely

    tree = shapely.STRtree(parts)
    one, other = tree.query_nearest(parts, exclusive=True, all_matches=False)
    pairs = np.unique(np.sort(np.stack([one, other], axis=1), axis=1), axis=0)
    return [_bridge(parts[a], parts[b], width) for a, b in pairs.tolist()]


def _bridge(one: Region, other: Region, width: float) -> Region:
    """Give the strip along the shortest line between two parts; it goes into both until its ends lie in them."""
    import shapely

    start, end = shapely.get_coordinates(shapely.shortest_line(_facing(one, other), other))
    way = end - start
    length = float(np.hypot(*way))
    along = way / length if length > GRID else _across_contact(one, start)
    start = start - along * _reach(one, start, -along, width)
    end = end + along * _reach(other, end, along, width)
    side = np.array([-along[1], along[0]]) * width / 2
    return shapely.polygons([start + side, end + side, end - side, start - side])


def _facing(one: Region, other: Region) -> Region:
    """Give the middle of the longest stretch of a part's outline along which it is nearest to another part."""
    import shapely

    near = shapely.distance(one, other) * LONGER + GRID * 10
    parts = shapely.get_parts(shapely.intersection(shapely.boundary(one), shapely.buffer(other, near, quad_segs=32)))
    lines = shapely.get_parts(shapely.line_merge(shapely.union_all(parts[shapely.get_dimensions(parts) == 1])))
    if not len(lines):
        return one
    return shapely.line_interpolate_point(lines[int(shapely.length(lines).argmax())], 0.5, normalized=True)


def _across_contact(part: Region, point: Any) -> Any:
    """Give the direction from a part's point towards where it touches another at a corner."""
    import shapely

    inside = shapely.get_coordinates(shapely.point_on_surface(part))[0]
    way = point - inside
    return way / max(float(np.hypot(*way)), 1e-9)


def _reach(part: Region, point: Any, along: Any, width: float) -> float:
    """Give how far a bridge goes on into a part: until all of its end lies in it, or else the most of it."""
    import shapely

    side = np.array([-along[1], along[0]]) * width / 2
    middles = point + along * np.array(REACH)[:, None] * width
    ends = shapely.linestrings(np.stack([middles + side, middles - side], axis=1))
    held = shapely.length(shapely.intersection(part, ends))
    return REACH[int(np.argmax(np.minimum(held, width - GRID)))] * width
