"""Regions of inks in, the same without parts too thin to be printed out: each goes to an ink beside it, or grows.

A part goes to the ink with which it has the longest border. That may make others thin, or whole, so it is done in
rounds, each only on the polygons that the last one changed. Rounds work on regions that overlap by a hair, which needs
no noding; in the end all are noded together once, and cover the sheet exactly.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from artkit.arrays import Bools, Floats, Ints
from artkit.prepress.features import CRUMB, SHARE, SPECK, borders_of, thin_parts
from artkit.prepress.regions import Ink, Sheet, joined, stacked, together, topmost
from artkit.prepress.widen import is_line, widened

ROUNDS = 30
"""At most."""

BUDGET = 0.6
"""Of the share that may be thin in the end, what is left as it is: corners above all."""

ENOUGH = 0.9 * SHARE
"""Of an ink that is thin when no more rounds are needed."""

AROUND = 1.5
"""Least features that a change reaches: an opening looks no farther than five eighths of two."""

PATIENCE = 6
"""Rounds that may leave more than the best one before it is taken."""

SLACK = 0.05
"""Least features around a part that go with it from the second round on: else each round leaves a little of corners."""

STUCK = 2
"""Times that a place may go to and fro; then all that is thin around it goes to one ink, see `_settle`."""

NEAR = 0.25
"""Least features within which thin parts are settled together, and that gaps between them are closed by."""

FAVOR = 1e3
"""Times that the border with the ink counts to which a place was settled."""

ENDS = 0.2
"""Of a line's outline, what may touch something darker."""

HAIR = 1e-5
"""Millimetres that what is given overlaps what it was cut from: so there are no gaps, which would count as thin."""

BESIDE = 2e-3
"""Millimetres from a part's outline at which its neighbors are looked for."""


@dataclass(frozen=True)
class Thin:
    """What was found too thin of one ink: how many parts, their square millimetres, and how many of them grew."""

    color: str
    parts: int
    area: float
    widened: int = 0


class Inks:
    """The polygons of each ink on a sheet, and what of them is thin."""

    def __init__(self, colors: list[str], polygons: list[Any], sheet: Any, least: float) -> None:
        import shapely

        self.colors, self.least, self.sheet = colors, least, sheet
        self.polygons = list(polygons)
        self.thin = [thin_parts(own, least) for own in polygons]
        self.areas = np.array([shapely.area(own).sum() for own in polygons])

    def worth(self) -> list[Any]:
        """Give what is thin of each ink but for the smallest parts, corners above all, which may stay as they are."""
        import shapely

        found = []
        for thin, budget in zip(self.thin, (self.areas * SHARE * BUDGET).tolist(), strict=True):
            areas = shapely.area(thin)
            order = np.argsort(areas, kind="stable")
            found.append(thin[np.sort(order[np.cumsum(areas[order]) > budget])])
        return found

    @property
    def worst(self) -> float:
        """Give the largest share of an ink that is thin."""
        import shapely

        found = np.array([shapely.area(parts).sum() for parts in self.thin])
        return float((found / np.maximum(self.areas, CRUMB))[self.areas > CRUMB].max(initial=0))

    def change(self, k: int, taken: Any, given: Any) -> None:
        """Take areas away from an ink, and give it others; then see what of the polygons concerned is thin."""
        import shapely

        polygons = self.polygons[k]
        changed = np.concatenate([np.asarray(taken, object), np.asarray(given, object)])
        if not len(changed):
            return
        tree = shapely.STRtree(polygons)
        touched = np.unique(tree.query(changed, predicate="intersects")[1])
        area = together(polygons[touched])
        if len(taken):
            area = shapely.difference(area, shapely.union_all(taken))
        if len(given):
            area = shapely.union(area, shapely.union_all(given))
        new = _parts(area)
        self.areas[k] += shapely.area(new).sum() - shapely.area(polygons[touched]).sum()
        self.polygons[k] = np.concatenate([np.delete(polygons, touched), new])
        self.thin[k] = self._thin_again(k, new, shapely.union_all(shapely.envelope(changed)))

    def _thin_again(self, k: int, polygons: Any, changed: Any) -> Any:
        """Give what is thin of an ink after some polygons changed: nothing but what is near to that is looked at."""
        import shapely

        core = shapely.buffer(changed, AROUND * self.least, quad_segs=1)
        window = shapely.buffer(core, AROUND * self.least, quad_segs=1)
        found = thin_parts(_parts(shapely.intersection(together(polygons), window)), self.least)
        old = self.thin[k]
        near = np.unique(shapely.STRtree(old).query(core, predicate="intersects"))
        kept = _parts(shapely.difference(together(old[near]), core))
        return np.concatenate([np.delete(old, near), kept, _parts(shapely.intersection(together(found), core))])


def _parts(area: Any) -> Any:
    """Give the polygons of an area, without crumbs of the size of rounding."""
    import shapely

    parts = shapely.get_parts(area)
    return parts[(shapely.get_dimensions(parts) == 2) & (shapely.area(parts) > HAIR**2)]


def without_thin(
    sheet: Sheet, least: float, widen: Collection[str] | None = (), cloth: str = "#ffffff"
) -> tuple[Sheet, list[Thin]]:
    """Give each part of an ink that is thinner than `least` millimetres to the ink beside it with the longest border.

    Also gaps: thin parts of bare `cloth` between inks. Thin parts of the colors to `widen` grow to the least feature
    instead; with None those that are lines darker than all around them do. The report has what was thin at first, for
    each ink.
    """
    if least <= 0:
        return sheet, []
    import shapely

    whole = shapely.box(0, 0, sheet.width, sheet.height)
    found = with_bare(sheet, whole)
    inks = Inks([ink.color for ink in found], [shapely.get_parts(ink.region) for ink in found], whole, least)
    report = [_told(inks, k) for k in range(len(found))]
    if widen is None or widen:
        report = _widen(inks, report, widen, cloth)
    _merge(inks)
    return noded(sheet, inks.colors, inks.polygons), [each for each in report if each.parts]


def with_bare(sheet: Sheet, whole: Any) -> list[Ink]:
    """Give the inks, and what is bare of them as one without a color."""
    import shapely

    bare = shapely.difference(whole, shapely.coverage_union_all([ink.region for ink in sheet.inks]))
    return [*sheet.inks, *([Ink("", bare)] if bare.area > CRUMB else [])]


def _told(inks: Inks, k: int) -> Thin:
    import shapely

    areas = shapely.area(inks.thin[k])
    return Thin(inks.colors[k], int((areas > SPECK * inks.least**2).sum()), float(areas.sum()))


def _widen(inks: Inks, report: list[Thin], widen: Collection[str] | None, cloth: str) -> list[Thin]:
    """Let thin parts grow over what lies around them; give the report with how many did."""
    import shapely

    told = list(report)
    for k, color in enumerate(inks.colors):
        if not color or (widen is not None and color not in widen):
            continue
        parts = inks.thin[k]
        parts = parts[is_line(parts, inks.polygons[k], inks.least, alone=widen is not None)]
        if widen is None and len(parts):
            parts = parts[_is_darkest(inks, k, parts, cloth)]
        grown = widened(parts, inks.least)
        if not len(grown):
            continue
        told[k] = replace(report[k], widened=len(parts))
        for other in range(len(inks.colors)):
            if other != k:
                near = shapely.STRtree(grown).query(inks.polygons[other], predicate="intersects")[1]
                inks.change(other, grown[np.unique(near)], [])
        inks.change(k, [], grown)
    return told


def _is_darkest(inks: Inks, k: int, parts: Any, cloth: str) -> Bools:
    """Tell which parts (P,) of an ink are darker than what is around them; they may end at something dark."""
    from artkit.color.palette import parse
    from artkit.color.spaces import lightness

    colors = np.array([parse(color.split("@")[0] or cloth) for color in inks.colors], np.uint8)
    lights = lightness(colors.reshape(-1, 3))
    around = _neighbors(inks, parts)
    around[:, k] = 0
    darker: Bools = around[:, lights <= lights[k]].sum(1) <= ENDS * around.sum(1)
    return darker


def _merge(inks: Inks) -> None:
    """Give thin parts away until little is left, or no round leaves less."""
    past = Past()
    best, kept, waited = inks.worst, list(inks.polygons), 0
    for number in range(ROUNDS):
        if best <= ENOUGH or waited > PATIENCE:
            break
        if not given_away(inks, inks.worth(), SLACK * inks.least * bool(number), past):
            break
        worst = inks.worst
        waited = 0 if worst < best else waited + 1
        if worst < best:
            best, kept = worst, list(inks.polygons)
    inks.polygons = kept


class Past:
    """Which ink gave which part away: what goes to and fro between two inks has to go to a third, or be settled."""

    def __init__(self) -> None:
        self.parts: Any = np.empty(0, object)
        self.owners = np.empty(0, np.intp)
        self.areas: Any = np.empty(0, object)
        self.settled = np.empty(0, np.intp)

    def times(self, parts: Any, inks: int) -> Ints:
        """Count for parts (P,) how often each of the inks gave them away, or what holds them: (P, inks)."""
        return _counted(parts, self.parts, self.owners, inks)

    def favors(self, parts: Any, inks: int) -> Ints:
        """Count for parts (P,) how often what holds them was settled to be of each ink: (P, inks)."""
        return _counted(parts, self.areas, self.settled, inks)

    def remember(self, parts: Any, owners: Ints) -> None:
        """Note who gives parts away."""
        self.parts, self.owners = np.concatenate([self.parts, parts]), np.concatenate([self.owners, owners])

    def settle(self, areas: Any, inks: Ints) -> None:
        """Note to which ink areas went, and forget what was before."""
        import shapely

        self.areas, self.settled = np.concatenate([self.areas, areas]), np.concatenate([self.settled, inks])
        gone = np.unique(shapely.STRtree(self.parts).query(areas, predicate="intersects")[1])
        self.parts, self.owners = np.delete(self.parts, gone), np.delete(self.owners, gone)


def _counted(parts: Any, places: Any, inks: Ints, count: int) -> Ints:
    import shapely

    found = np.zeros((len(parts), count), np.intp)
    if len(places):
        part, place = shapely.STRtree(places).query(shapely.point_on_surface(parts), predicate="intersects")
        np.add.at(found, (part, inks[place]), 1)
    return found


def given_away(inks: Inks, worth: list[Any], more: float, past: Past) -> bool:
    """Give parts of each ink to the neighbor with the longest border; tell whether any went.

    What of the same ink is within `more` millimetres of a part goes with it.
    """
    count = len(inks.colors)
    parts = np.concatenate(worth)
    owner = np.repeat(np.arange(count), [len(each) for each in worth])
    if not len(parts):
        return False
    times = past.times(parts, count)
    stuck = times.sum(1) >= STUCK
    if stuck.any():
        left = _settle(inks, parts, stuck, past)
        parts, owner, times = parts[left], owner[left], times[left]
        if not len(parts):
            return True
    past.remember(parts, owner)
    length = _neighbors(inks, parts)
    length[np.arange(len(parts)), owner] = 0
    length *= 1e-3**times * FAVOR ** np.minimum(past.favors(parts, count), 1)
    to = np.where(length.max(1) > 0, length.argmax(1), owner)
    moves = to != owner
    _give(inks, parts[moves], owner[moves], to[moves], more)
    return bool(moves.any() or stuck.any())


def _settle(inks: Inks, parts: Any, stuck: Bools, past: Past) -> Bools:
    """Give all around places that are stuck, as discs of the least feature, to one ink each; tell what is left, (P,).

    Where several necks cross, whatever is cut makes others thin: one ink takes the crossing, and cuts all others.
    """
    import shapely

    least = inks.least
    near = shapely.STRtree(parts).query(parts[stuck], predicate="dwithin", distance=NEAR * least)[1]
    seeds = shapely.union_all(shapely.buffer(parts[np.unique(near)], (0.5 + NEAR) * least))
    areas = shapely.get_parts(shapely.buffer(seeds, -NEAR * least))
    edge = shapely.dwithin(areas, shapely.boundary(inks.sheet), least / 2)
    areas[edge] = shapely.envelope(shapely.buffer(areas[edge], least / 2))  # a disc would leave tips along the edge
    areas = shapely.get_parts(shapely.intersection(shapely.union_all(areas), inks.sheet))
    to = _neighbors(inks, areas).argmax(1)
    for k in range(len(inks.colors)):
        inks.change(k, areas[to != k], areas[to == k])
    past.settle(areas, to)
    left = np.ones(len(parts), bool)
    left[shapely.STRtree(parts).query(areas, predicate="intersects")[1]] = False
    return left


def _give(inks: Inks, parts: Any, owner: Ints, to: Ints, more: float) -> None:
    """Give parts (P,), and what of their owners is so near to them, to other inks."""
    import shapely

    if len(parts):
        larger = shapely.buffer(parts, more + HAIR, quad_segs=4)
        gifts = _own(inks, larger, owner)
        for k in range(len(inks.colors)):
            inks.change(k, larger[owner == k], gifts[to == k])


def _own(inks: Inks, areas: Any, owner: Ints) -> Any:
    """Give what of each area (P,) its owner has, a hair larger."""
    import shapely

    found = np.empty(len(areas), object)
    for k in np.unique(owner).tolist():
        own = np.flatnonzero(owner == k)
        tree = shapely.STRtree(inks.polygons[k])
        one, polygon = tree.query(areas[own], predicate="intersects")
        shapely.prepare(inks.polygons[k])
        held = shapely.intersection(areas[own][one], inks.polygons[k][polygon])
        for number, area in enumerate(own.tolist()):
            found[area] = shapely.union_all(held[one == number])
    return shapely.buffer(found, HAIR, quad_segs=1, join_style="mitre")


def _neighbors(inks: Inks, parts: Any) -> Floats:
    """Give how long the border of each part (P,) with each ink is, (P, inks)."""
    import shapely

    rings, part = shapely.get_rings(parts, return_index=True)
    points, ring = shapely.get_coordinates(shapely.segmentize(rings, inks.least / 8), return_index=True)
    start = np.flatnonzero(ring[1:] == ring[:-1])
    step = points[start + 1] - points[start]
    length = np.hypot(*step.T)
    start, step, length = start[length > 0], step[length > 0], length[length > 0]
    middle = points[start] + step / 2
    across = step[:, ::-1] * (1, -1) * (BESIDE / length[:, None])
    places = shapely.points(np.concatenate([middle + across, middle - across]))
    of = np.tile(part[ring[start]], 2)
    tree = shapely.STRtree(places)
    found = np.zeros((len(parts), len(inks.colors)))
    for k, polygons in enumerate(inks.polygons):
        _, place = tree.query(polygons, predicate="intersects")
        found[:, k] = np.bincount(of[place], weights=np.tile(length, 2)[place], minlength=len(parts))
    return found


def noded(sheet: Sheet, colors: list[str], polygons: list[Any]) -> Sheet:
    """Node all polygons together, so that they cover the sheet exactly once."""
    faces, face, piece = stacked([list(own) for own in polygons], sheet.width, sheet.height)
    ink = _filled(faces, topmost(len(faces), face, piece))
    made = (Ink(color, joined(faces[ink == k])) for k, color in enumerate(colors) if color and (ink == k).any())
    return replace(sheet, inks=tuple(one for one in made if one.area > CRUMB))


def _filled(faces: Any, ink: Ints) -> Ints:
    """Give the ink of each face (F,), where there is none that of the neighbor with the longest border."""
    if (ink >= 0).all() or not (ink >= 0).any():
        return ink
    start, end, one, other = borders_of(faces)
    shared = np.hypot(*(end - start).T)
    length = np.zeros((len(faces), int(ink.max()) + 1))
    for a, b in ((one, other), (other, one)):
        meets = (ink[a] < 0) & (ink[b] >= 0)
        np.add.at(length, (a[meets], ink[b][meets]), shared[meets])
    return np.where((ink < 0) & (length.max(1) > 0), length.argmax(1), ink)
