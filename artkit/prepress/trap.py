"""Regions of inks in, the same regions with traps out: where two inks meet, the lighter goes on beneath the darker.

Sheets shift a little between one ink and the next; where inks only meet, paper shows then. The lighter one is spread,
since it changes the darker one least, and only beneath it: what is seen stays as it was (Yule, Principles of Color
Reproduction, 1967). By geometry, not by strokes: the border of the spread is as far away as asked, on every machine.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from artkit.arrays import Bools, Floats, Ints
from artkit.prepress.features import borders_of
from artkit.prepress.regions import GRID, Ink, Region, Sheet, partition, together

NEAR = 0.02
"""Millimetres that a trap may be off."""

SAMPLES = 4000
"""Places on borders, at most, at which a trap is looked at."""

ROUND = 8
"""Segments of a quarter circle of a spread's corner: off by 0.5% of its radius."""


def trapped(sheet: Sheet, distance: float) -> Sheet:
    """Spread each ink by `distance` millimetres beneath those that are printed on it, the inks after it in the sheet.

    They are ordered from light to dark before, or as they are printed. With 0 nothing changes.
    """
    if distance <= 0:
        return sheet
    import shapely

    found: list[Ink] = []
    darker: Region = shapely.Polygon()
    for ink in reversed(sheet.inks):
        both = shapely.coverage_union(darker, ink.region)
        found.append(replace(ink, region=_spread(ink.region, both, distance)))
        darker = both
    return replace(sheet, inks=tuple(reversed(found)))


def _spread(region: Region, both: Region, distance: float) -> Region:
    """Give a region and all within a distance of it that is darker and hangs together with it.

    `both` is the region with all that is darker. As these are one area, no two borders lie on each other here, and
    nothing has to be noded on a grid.
    """
    import shapely

    wide = shapely.buffer(region, distance, quad_segs=ROUND)
    parts: Any = shapely.get_parts(shapely.intersection(wide, both))
    inside = shapely.point_on_surface(shapely.get_parts(region))
    own, _ = shapely.STRtree(inside).query(parts, predicate="intersects")
    return together(parts[np.unique(own)])


class Cover(NamedTuple):
    """Of places on borders between inks that are deep: the share whose trap is as wide as asked, within `NEAR`.

    Deep is where the darker ink goes on for as far as the trap: elsewhere a trap ends where its ink does.
    """

    share: float
    deep: int
    places: int


def cover_of(sheet: Sheet, spread: Sheet, distance: float) -> Cover:
    """Measure the traps of a sheet at places on its borders, straight across from each."""
    import shapely

    places, across, lighter = _places(sheet)
    deep, right = np.zeros(len(places), bool), np.zeros(len(places), bool)
    for k in np.unique(lighter):
        own = np.flatnonzero(lighter == k)
        start, way, wide = places[own], across[own], spread.inks[k].region
        above = shapely.union_all([ink.region for ink in sheet.inks[k + 1 :]])
        deep[own] = _within(above, start, way, np.linspace(0.05, 1, 12) * (distance + NEAR)).all(1)
        near = _within(wide, start, way, np.array([max(distance - NEAR, distance / 2)]))[:, 0]
        far = _within(wide, start, way, np.array([distance + NEAR]))[:, 0] & deep[own]
        tips = shapely.points(start[far] + way[far] * (distance + NEAR))
        far[far] = (
            shapely.distance(sheet.inks[k].region, tips) > distance + NEAR / 2
        )  # no other border has its trap there
        right[own] = near & ~far
    count = int(deep.sum())
    return Cover(float((right & deep).sum() / count) if count else 1.0, count, len(places))


def _places(sheet: Sheet) -> tuple[Floats, Floats, Ints]:
    """Give places on borders (N, 2), unit vectors into the darker ink (N, 2), and the lighter's number (N,)."""
    import shapely

    faces, top = partition([list(shapely.get_parts(ink.region)) for ink in sheet.inks], sheet.width, sheet.height)
    start, end, one, other = borders_of(faces)
    a, b = top[one], top[other]
    kept = np.flatnonzero((a != b) & (np.minimum(a, b) >= 0))
    kept = kept[:: max(len(kept) // SAMPLES, 1)]
    middle = (start[kept] + end[kept]) / 2
    along = (end[kept] - start[kept]) / np.hypot(*(end[kept] - start[kept]).T)[:, None]
    normal = along[:, ::-1] * (1, -1)
    darker = np.where(a[kept] > b[kept], one[kept], other[kept])
    tip = middle + normal * 10 * GRID
    inside = shapely.contains_xy(faces[darker], tip[:, 0], tip[:, 1])
    normal = np.where(inside[:, None], normal, -normal)
    return middle, normal, np.minimum(a, b)[kept]


def _within(region: Region, places: Floats, across: Floats, far: Floats) -> Bools:
    """Tell whether a region holds places moved across by each of the distances (K,): (N, K)."""
    import shapely

    shapely.prepare(region)
    points = places[:, None] + across[:, None] * far[:, None]
    found: Bools = shapely.contains_xy(region, points[..., 0], points[..., 1])
    return found
