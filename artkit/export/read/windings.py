"""Rings that are filled by the rule of windings in, rings that are filled so by even and odd out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from artkit.arrays import Floats, Ints
from artkit.artwork.bezier import bends_of, flattened, pieces_within
from artkit.artwork.drawing import Path

FLAT = 0.005
"""Millimetres, or pixels, that a polyline may stray from the curve it stands for."""

ROOM = 1 << 22
"""Pairs of places and segments that are looked at together."""


def solid(paths: Sequence[Path]) -> list[Path] | None:
    """Give what the rule of windings fills, as polylines; None where even and odd fills the same.

    Faces between the rings are found, and kept where rings go around them.
    """
    import shapely

    rings = [ring for path in paths if len(path.points) > 2 and len(ring := _polyline(path)) > 2]
    lines = [shapely.linestrings(np.vstack([ring, ring[:1]])) for ring in rings]
    if not lines or (len(lines) == 1 and shapely.is_simple(lines[0])):
        return None
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(shapely.union_all(lines))))
    if not len(faces):
        return None
    around, crossed = _windings(shapely.get_coordinates(shapely.point_on_surface(faces)), rings)
    if ((around != 0) == (crossed % 2 == 1)).all():
        return None
    area = shapely.coverage_union_all(faces[around != 0])
    outlines = shapely.get_rings(shapely.get_parts(area))
    return [Path(shapely.get_coordinates(ring)[:-1]) for ring in outlines]


def _polyline(path: Path) -> Floats:
    points = np.asarray(path.points, np.float64)
    if path.kinds is None:
        return points
    pieces = pieces_within(bends_of(points, path.kinds), path.kinds, FLAT)
    return flattened(points, path.kinds, np.maximum(np.ceil(pieces), 1).astype(np.int64))


def _windings(places: Floats, rings: Sequence[Floats]) -> tuple[Ints, Ints]:
    """Give how often rings go around places (P,), and how many of their sides lie to the right of each, (P,)."""
    start = np.concatenate(rings)
    end = np.concatenate([np.roll(ring, -1, axis=0) for ring in rings])
    around, crossed = np.zeros(len(places), np.int64), np.zeros(len(places), np.int64)
    step = max(ROOM // max(len(start), 1), 1)
    for first in range(0, len(places), step):
        x, y = places[first : first + step, :, None].transpose(1, 0, 2)
        up = (start[:, 1] <= y) & (end[:, 1] > y)
        down = (end[:, 1] <= y) & (start[:, 1] > y)
        height = np.where(start[:, 1] == end[:, 1], 1.0, end[:, 1] - start[:, 1])
        right = start[:, 0] + (y - start[:, 1]) / height * (end[:, 0] - start[:, 0]) > x
        around[first : first + step] = (up & right).sum(1) - (down & right).sum(1)
        crossed[first : first + step] = ((up | down) & right).sum(1)
    return around, crossed
