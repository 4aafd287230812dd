"""Thin parts in, the areas that they need to be as wide as a least feature out: discs along their middle.

The middle of a part is its medial axis (Blum 1967), found from the Voronoi diagram of points along its outline; of
that, what two sides of the part face each other across, so that no branch runs into a corner.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from artkit.arrays import Bools
from artkit.prepress.features import QUARTER

LONG = 3.0
"""Least features that half a part's outline has; what is shorter is a tip or a corner, and no line."""

STEP = 0.1
"""Least features between points along an outline."""

FACING = 1.6
"""Radii between two sides, at least, of what counts as a middle: they are inclined by less than 74 degrees."""

STRAY = 0.01
"""Least features that the middle may stray."""

WIDER = 1.02
"""Times the least feature that parts become: circles are polygons, and the middle is a polyline."""


def is_line(parts: Any, polygons: Any, least: float, *, alone: bool) -> Bools:
    """Tell which thin parts (P,) of some polygons are lines; with `alone` also dots, of which all is thin."""
    import shapely

    line: Bools = shapely.length(parts) / 2 >= LONG * least
    if alone and len(parts):
        polygon, part = shapely.STRtree(shapely.point_on_surface(parts)).query(polygons, predicate="intersects")
        whole = shapely.area(parts[part]) > 0.9 * shapely.area(polygons[polygon])
        line[part[whole]] = True
    return line


def widened(parts: Any, least: float) -> Any:
    """Give the area around the middle of each part (P,) that is nowhere thinner than `least`."""

    found = [_around(part, least) for part in parts]
    return np.array([area for area in found if not area.is_empty], object)


def _around(part: Any, least: float) -> Any:
    import shapely
    from scipy.spatial import QhullError, Voronoi

    part = shapely.segmentize(part, STEP * least)
    points = np.unique(shapely.get_coordinates(part), axis=0)
    middle = shapely.point_on_surface(part)
    try:
        made = Voronoi(points - points[0])
    except (QhullError, ValueError):
        return shapely.buffer(middle, least / 2 * WIDER)
    ridges = np.array(made.ridge_vertices)
    known = (ridges >= 0).all(1)
    ends = made.vertices[ridges[known]] + points[0]
    one, other = (points[made.ridge_points[known, k]] for k in (0, 1))
    radius = np.hypot(*np.moveaxis(ends.mean(1) - one, -1, 0))
    facing = np.hypot(*(one - other).T) >= FACING * radius
    shapely.prepare(part)
    inside = shapely.contains_xy(part, ends[..., 0], ends[..., 1]).all(1)
    axis = ends[facing & inside]
    if not len(axis):
        return shapely.buffer(middle, least / 2 * WIDER)
    lines = shapely.simplify(shapely.line_merge(shapely.union_all(shapely.linestrings(axis))), STRAY * least)
    return shapely.union_all(shapely.buffer(lines, least / 2 * WIDER, quad_segs=QUARTER))
