"""Regions of inks in, the same without parts too thin to be printed out: each goes to an ink beside it, or grows.

Thin is what an opening by the least feature takes away (Serra, Image Analysis and Mathematical Morphology, 1982): an
erosion by half of it, and a dilation by five eighths, so that corners, which a disc never fills, do not count.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from artkit.arrays import Floats, Ints
from artkit.prepress.regions import GRID, Ink, Region, Sheet, joined, stacked, topmost

CORNERS = 1.25
"""How much farther the dilation goes than the erosion."""

SHARE = 2e-4
"""Of an ink's area that may be thin in the end."""

ROUNDS = 12
"""At most; what is merged may make its neighbors thin, or whole."""

FIRST = 0.3
"""Of that, what is left as it is in the first round, corners above all; in each of the others, a tenth of it."""

PATIENCE = 3
"""Rounds that may leave more than the best one before it is taken."""

SLACK = 0.05
"""Least features around a part that go with it from the second round on: else each round leaves a little of corners."""

STUCK, BITE = 3, 8
"""A part that went to and fro so often takes so many times as much along: where two necks cross, one has to be cut."""

SPECK = 0.05
"""Squares of a least feature: smaller parts are corners, up to 60 degrees, and no features."""

QUARTER = 8
"""Segments of a quarter circle: off by 0.5% of its radius."""

WIDTHS = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.75, 1.0, 1.5, 2.0)
"""Millimetres that features and gaps are measured in."""

CRUMB = 1e-6
"""Square millimetres that count for nothing."""


@dataclass(frozen=True)
class Thin:
    """What was found too thin of one ink: how many parts of what area in square millimetres."""

    color: str
    parts: int
    area: float


class Past:
    """Which ink gave which part away: what goes to and fro between two inks has to go to a third."""

    def __init__(self) -> None:
        self.parts: list[Region] = []
        self.owners: list[int] = []

    def times(self, parts: Any, inks: int) -> Ints:
        """Count for parts (P,) how often each of the inks gave them away, or what holds them: (P, inks)."""
        import shapely

        found = np.zeros((len(parts), inks), np.intp)
        if self.parts:
            part, old = shapely.STRtree(self.parts).query(shapely.point_on_surface(parts), predicate="intersects")
            np.add.at(found, (part, np.array(self.owners)[old]), 1)
        return found

    def remember(self, parts: Any, owners: Ints) -> None:
        """Note who gives parts away."""
        self.parts += list(parts)
        self.owners += owners.tolist()


def without_thin(sheet: Sheet, least: float) -> tuple[Sheet, list[Thin]]:
    """Give each part of an ink that is thinner than `least` millimetres to the ink beside it with the longest border.

    Also gaps: thin parts of bare sheet between inks. The report has what was thin at first, for each ink.
    """
    if least <= 0:
        return sheet, []
    inks = _with_bare(sheet)
    thin = [_thin_parts(ink.region, least) for ink in inks]
    report = [_told(ink, parts, least) for ink, parts in zip(inks, thin, strict=True)]
    past, ignored = Past(), np.zeros(len(inks))
    best, kept, waited = np.inf, inks, 0
    for number in range(ROUNDS + 1):
        areas = np.array([ink.area for ink in inks])
        found = np.array([_area(parts) for parts in thin]) + ignored
        worst = float((found / np.maximum(areas, CRUMB))[areas > CRUMB].max(initial=0))
        waited = 0 if worst < best else waited + 1
        if worst < best:
            best, kept = worst, inks
        if best <= SHARE or waited > PATIENCE or number == ROUNDS:
            break
        left = [
            _worth(parts, area * SHARE * FIRST / (1 + 9 * bool(number)))
            for parts, area in zip(thin, areas, strict=True)
        ]
        ignored += [_area(parts) - _area(worth) for parts, worth in zip(thin, left, strict=True)]
        inks, moved = _given_away(sheet, inks, left, SLACK * least * bool(number), past)
        if not len(moved):
            break
        thin = [_thin_parts(ink.region, least, moved) for ink in inks]
    sheet = replace(sheet, inks=tuple(ink for ink in kept if ink.color and ink.area > CRUMB))
    return sheet, [each for each in report if each.parts]


def _told(ink: Ink, parts: Any, least: float) -> Thin:
    import shapely

    parts = parts[shapely.area(parts) > SPECK * least * least]
    return Thin(ink.color, len(parts), _area(parts))


def _worth(parts: Any, budget: float) -> Any:
    """Give all but the smallest parts that together come to no more than a budget: corners may stay as they are."""
    import shapely

    areas = shapely.area(parts)
    order = np.argsort(areas, kind="stable")
    return parts[np.sort(order[np.cumsum(areas[order]) > budget])]


def _area(parts: Any) -> float:
    return float(sum(part.area for part in parts))


def _with_bare(sheet: Sheet) -> list[Ink]:
    """Give the inks, and what is bare of them as one without a color."""
    import shapely

    whole = shapely.box(0, 0, sheet.width, sheet.height)
    bare = shapely.difference(whole, shapely.coverage_union_all([ink.region for ink in sheet.inks]), grid_size=GRID)
    return [*sheet.inks, *([Ink("", bare)] if bare.area > CRUMB else [])]


def thin_share(region: Region, least: float) -> float:
    """Give what share of a region's area an opening takes away."""
    return _area(_thin_parts(region, least)) / region.area if region.area else 0.0


def has_features(region: Region, least: float) -> bool:
    """Tell whether there is more of a region that is thinner than may be thin in the end, corners apart."""
    import shapely

    areas = shapely.area(_thin_parts(region, least))
    return bool(areas[areas > SPECK * least * least].sum() > SHARE * region.area)


def _thin_parts(region: Region, least: float, moved: Any = None) -> Any:
    """Give what an opening takes away, as polygons (P,); with parts that `moved` only of polygons that these touch."""
    import shapely

    if moved is not None:
        polygons = shapely.get_parts(region)
        if len(polygons):
            polygons = polygons[np.unique(shapely.STRtree(polygons).query(moved, predicate="intersects")[1])]
        if not len(polygons):
            return polygons
        region = shapely.multipolygons(polygons.tolist())
    core = shapely.buffer(region, -least / 2, quad_segs=QUARTER)
    wide = shapely.buffer(core, least / 2 * CORNERS, quad_segs=QUARTER)
    parts = shapely.get_parts(shapely.difference(region, wide, grid_size=GRID))
    return parts[(shapely.get_dimensions(parts) == 2) & (shapely.area(parts) > CRUMB)]


def _given_away(sheet: Sheet, inks: list[Ink], thin: list[Any], more: float, past: Past) -> tuple[list[Ink], Any]:
    """Give the inks after each thin part went to the neighbor with the longest border, and the parts that did.

    What of the same ink is within `more` millimetres of a part goes with it.
    """
    import shapely

    parts = np.concatenate([np.asarray(each, object) for each in thin])
    if not len(parts):
        return inks, parts
    owner = np.repeat(np.arange(len(inks)), [len(each) for each in thin])
    times = past.times(parts, len(inks))
    past.remember(parts, owner)
    stuck = (times.sum(1) >= STUCK) & (shapely.area(parts) > SPECK * (more / SLACK) ** 2)
    larger = shapely.buffer(parts, np.where(stuck, BITE, 1) * more, quad_segs=4) if more else parts
    pieces = [*(list(shapely.get_parts(ink.region)) for ink in inks), *([part] for part in larger)]
    faces, face, piece = stacked(pieces, sheet.width, sheet.height)
    lower = piece < len(inks)
    held = topmost(len(faces), face[lower], piece[lower])
    own = ~lower
    own[own] = owner[piece[own] - len(inks)] == held[face[own]]
    part = topmost(len(faces), face[own], piece[own] - len(inks))
    start, end, one, other = borders_of(faces)
    shared = np.hypot(*(end - start).T)
    length = np.zeros((len(parts), len(inks)))
    for a, b in ((one, other), (other, one)):
        meets = (part[a] >= 0) & (held[b] >= 0) & (part[b] < 0)
        np.add.at(length, (part[a][meets], held[b][meets]), shared[meets])
    length[np.arange(len(parts)), owner] = 0
    length *= 1e-3**times
    to = np.where(length.max(axis=1) > 0, length.argmax(axis=1), owner)
    ink = np.where(part >= 0, to[part], held)
    return [replace(old, region=joined(faces[ink == k])) for k, old in enumerate(inks)], larger[to != owner]


def borders_of(faces: Any) -> tuple[Floats, Floats, Ints, Ints]:
    """Give each segment that two faces share: both of its ends (N, 2), and the numbers of the faces (N,)."""
    import shapely

    rings, face = shapely.get_rings(faces, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    steps = np.rint(points / GRID).astype(np.int64)
    key = steps[:, 0] * (1 << 31) + steps[:, 1]
    start = np.flatnonzero(ring[1:] == ring[:-1])
    low, high = np.minimum(key[start], key[start + 1]), np.maximum(key[start], key[start + 1])
    order = np.lexsort((high, low))
    twin = np.flatnonzero((low[order][1:] == low[order][:-1]) & (high[order][1:] == high[order][:-1]))
    one, other = start[order[twin]], start[order[twin + 1]]
    return points[one], points[one + 1], face[ring[one]], face[ring[other]]


def finest(region: Region) -> float | None:
    """Give the largest of `WIDTHS` that a region is nowhere thinner than, 0 for none; None where it is at no width.

    What is thinner at one width is so at all that are larger, so that they are searched by halves.
    """
    low, high = 0, len(WIDTHS)
    while low < high:
        middle = (low + high) // 2
        if has_features(region, WIDTHS[middle]):
            high = middle
        else:
            low = middle + 1
    if low == len(WIDTHS):
        return None
    return WIDTHS[low - 1] if low else 0.0
