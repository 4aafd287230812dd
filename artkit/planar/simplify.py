"""Simplify all arcs of a planar map at once, without changing how they lie to each other.

Arcs are `points` (N, 2), one arc after the other, and `offsets` (A + 1,): arc k is
`points[offsets[k]:offsets[k + 1]]`. A closed arc repeats its first point as its last. A *span* is a straight piece of
the answer, from kept point `low` to kept point `high` of one arc; the points between them are dropped.

First Douglas and Peucker's method (1973): a span whose farthest point is further than the tolerance is split there, all
spans of all arcs level by level. Then spans that would change the map are split, at their farthest point, too, until
none is left:

- spans that cross or touch other spans anywhere but at a shared end,
- spans that a kept point has changed sides of: one that lies between a span and the points the span replaces. With it
  an island stays in its hole, a node stays where it was between its arcs, and no two arcs between the same nodes change
  places (de Berg, van Kreveld and Schirra 1998),
- spans of closed arcs that have lost their area or turned inside out.

In the end a span may have nothing left to drop, and the arcs as given do not cross: that is why it ends.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from artkit.arrays import Bools, Floats, Ints, counted, distinct, rows_of, starts_of
from artkit.errors import UsageError
from artkit.planar.crossings import Grid, both, cells, overlap, pairs_in_cells, turn

BALANCED = 32
"""Levels of splitting at the farthest point, after which spans are split in the middle: so no input is quadratic."""


def simplify(points: Floats, offsets: Ints, tolerance: ArrayLike, *, fixed: Bools | None = None) -> Bools:
    """Tell which points to keep, (N,) bool, so that no dropped point is further than `tolerance` from its arc.

    `tolerance` is a distance in the units of `points`, one for all arcs or (A,) one for each. The kept polyline and the
    arc are then within it of each other (Hausdorff), except that with 0 points in line with their neighbors go. Both
    ends of every arc are kept, and points that are `fixed` (N,). Closed arcs keep three points or more, and their turn.
    Arcs must not cross or touch but at shared ends; then the kept polylines do not either, and no point, ring or arc
    comes to lie on another side of an arc.
    """
    points, offsets, tolerances = _checked(points, offsets, tolerance)
    keep = np.zeros(len(points), bool) if fixed is None else np.array(fixed, dtype=bool)
    if keep.shape != (len(points),):
        raise UsageError(f"fixed is ({len(points)},), one flag per point, not {keep.shape}")
    filled = offsets[1:] > offsets[:-1]
    if not len(points):
        return keep
    keep[offsets[:-1][filled]] = keep[offsets[1:][filled] - 1] = True
    arc = rows_of(offsets)
    map_ = _Map(points, arc, tolerances)
    kept = np.flatnonzero(keep)
    joined = arc[kept[1:]] == arc[kept[:-1]]
    map_.add(kept[:-1][joined], kept[1:][joined])
    map_.keep_turns()
    while len(wrong := map_.conflicts()):
        map_.split(wrong)
        map_.keep_turns()
    keep[map_.low[map_.alive]] = True
    keep[map_.high[map_.alive]] = True
    return keep


def _checked(points: Floats, offsets: Ints, tolerance: ArrayLike) -> tuple[Floats, Ints, Floats]:
    points, offsets = np.asarray(points, np.float64), np.asarray(offsets, np.int64)
    if points.ndim != 2 or points.shape[1] != 2 or not np.isfinite(points).all():
        raise UsageError(f"points are (N, 2) finite numbers, x and y; these are {points.shape}")
    if len(offsets) < 1 or offsets[0] != 0 or offsets[-1] != len(points) or (np.diff(offsets) < 0).any():
        raise UsageError(f"offsets rise from 0 to the number of points, {len(points)}")
    tolerances = np.asarray(tolerance, np.float64)
    if tolerances.ndim and tolerances.shape != (len(offsets) - 1,):
        raise UsageError(f"tolerance is one number or ({len(offsets) - 1},), one per arc, not {tolerances.shape}")
    if not (tolerances >= 0).all():
        raise UsageError(f"tolerance: {tolerances.min():g} is no distance; use 0 or more")
    return points, offsets, np.broadcast_to(tolerances, len(offsets) - 1)


@dataclass(eq=False)
class _Map:
    """The spans so far. Those that were split stay in the arrays, no longer `alive`, so that indices stay good.

    `gap` is the distance of a span's farthest dropped point, `farthest` its index; 0 and -1 where nothing was dropped.
    """

    points: Floats
    arc: Ints
    tolerances: Floats
    low: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    high: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    gap: Floats = field(default_factory=lambda: np.empty(0))
    farthest: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    alive: Bools = field(default_factory=lambda: np.empty(0, bool))
    corners: Floats = field(default_factory=lambda: np.empty((0, 4)))
    tested: int = 0
    turned: int = 0
    grid: Grid | None = None
    table: Ints = field(default_factory=lambda: np.empty(0, np.int64))

    def __post_init__(self) -> None:
        first = np.flatnonzero(np.diff(self.arc, prepend=-1))
        last = np.append(first[1:], len(self.arc)) - 1
        closed = both(self.points[first] == self.points[last]) & (last - first >= 3)
        arcs = len(self.tolerances)
        # What touches may miss by rounding; so little is far below what any file can say.
        self.slack = 1e-10 * float(np.abs(self.points).max())
        self.anchor = np.zeros((arcs, 2))
        self.anchor[self.arc[first]] = self.points[first]
        # Twice the signed area of closed arcs, 0 for the open ones, which may turn as they like.
        inner = np.flatnonzero(self.arc[1:] == self.arc[:-1])
        self.areas = self._areas(inner, inner + 1)
        open_ = np.ones(arcs, bool)
        open_[self.arc[first[closed]]] = False
        self.areas[open_] = 0

    def _areas(self, low: Ints, high: Ints) -> Floats:
        arc = self.arc[low]
        turns = turn(self.anchor[arc], self.points[low], self.points[high])
        return np.bincount(arc, turns, len(self.tolerances)).astype(np.float64)

    def add(self, low: Ints, high: Ints) -> None:
        """Add spans, split as far as the tolerance demands."""
        done: list[tuple[Ints, Ints, Floats, Ints, Floats]] = []
        level = 0
        while len(low):
            gap, farthest, corners = self._measure(low, high)
            fine = gap <= self.tolerances[self.arc[low]]
            done.append((low[fine], high[fine], gap[fine], farthest[fine], corners[fine]))
            low, high, farthest = low[~fine], high[~fine], farthest[~fine]
            level += 1
            middle = farthest if level < BALANCED else (low + high) // 2
            low, high = np.concatenate([low, middle]), np.concatenate([middle, high])
        if not done:
            return
        new = [np.concatenate(column) for column in zip(*done, strict=True)]
        self.low = np.concatenate([self.low, new[0]])
        self.high = np.concatenate([self.high, new[1]])
        self.gap = np.concatenate([self.gap, new[2]])
        self.farthest = np.concatenate([self.farthest, new[3]])
        self.corners = np.concatenate([self.corners, new[4]])
        self.alive = np.concatenate([self.alive, np.ones(len(new[0]), bool)])

    def _measure(self, low: Ints, high: Ints) -> tuple[Floats, Ints, Floats]:
        """Give for each span its gap, its farthest point, and the box (x1, y1, x2, y2) of it and all it replaces."""
        begin, end = self.points[low], self.points[high]
        corners = np.concatenate([np.minimum(begin, end), np.maximum(begin, end)], axis=1)
        gap, farthest = np.zeros(len(low)), np.full(len(low), -1)
        wide = np.flatnonzero(high - low > 1)
        if not len(wide):
            return gap, farthest, corners
        counts = (high - low - 1)[wide]
        start = starts_of(counts)
        span = np.repeat(np.arange(len(wide)), counts)
        index = np.arange(len(span)) + (low[wide] + 1 - start)[span]
        x, y = self.points[index, 0], self.points[index, 1]
        for column, reduce, value in ((0, np.minimum, x), (1, np.minimum, y), (2, np.maximum, x), (3, np.maximum, y)):
            corners[wide, column] = reduce(corners[wide, column], reduce.reduceat(value, start))
        squared = _squared_distance(x, y, begin[wide], end[wide], span)
        largest = np.maximum.reduceat(squared, start)
        hits = np.flatnonzero(squared == largest[span])
        farthest[wide[span[hits[::-1]]]] = index[hits[::-1]]  # the first of several that are equally far
        gap[wide] = np.sqrt(largest)
        return gap, farthest, corners

    def split(self, spans: Ints) -> None:
        """Split spans at their farthest point."""
        low, middle, high = self.low[spans], self.farthest[spans], self.high[spans]
        self.alive[spans] = False
        self.add(np.concatenate([low, middle]), np.concatenate([middle, high]))

    def keep_turns(self) -> None:
        """Split the widest span of each closed arc that has lost its area, or turned, until none has."""
        while True:
            changed = np.zeros(len(self.tolerances), bool)
            changed[self.arc[self.low[self.turned :]]] = True
            changed &= self.areas != 0
            self.turned = len(self.low)
            living = np.flatnonzero(changed[self.arc[self.low]] & self.alive)
            areas = self._areas(self.low[living], self.high[living])
            wrong = changed & (np.sign(self.areas) * areas <= self.slack)
            able = living[wrong[self.arc[self.low[living]]] & (self.farthest[living] >= 0)]
            if not len(able):
                return
            arc = self.arc[self.low[able]]
            order = np.lexsort((-self.gap[able], arc))
            self.split(able[order[np.diff(arc[order], prepend=-1) > 0]])

    def conflicts(self) -> Ints:
        """Give the spans to split because they, or one they met, changed since the last call."""
        one, other = self._new_neighbors()
        left, top, right, bottom = self.corners.T
        for low, high in ((left, right), (top, bottom)):
            close = (low[one] <= high[other]) & (low[other] <= high[one])
            one, other = one[close], other[close]
        met = self._meet(one, other)
        larger = self.gap[one] - self.gap[other]
        wrong = [one[met & (larger >= 0)], other[met & (larger <= 0)], self._overrun(one, other)]
        found = distinct(np.concatenate(wrong))
        return found[self.farthest[found] >= 0]

    def _new_neighbors(self) -> tuple[Ints, Ints]:
        """Give the pairs of spans, one of them new since the last call, that come near each other with their gaps.

        `table` holds all spans of earlier calls as cell * capacity + span, sorted; only cells that a new span enters
        are looked up, so that a late round costs what it changes.
        """
        capacity = 2 * len(self.points) + 1
        fresh = np.arange(self.tested, len(self.low))
        fresh = fresh[self.alive[fresh]]
        self.tested = len(self.low)
        if not len(fresh):
            return fresh, fresh
        begin, end, gap = self.points[self.low[fresh]], self.points[self.high[fresh]], self.gap[fresh]
        if self.grid is None:
            self.grid = Grid.over(begin, end, gap)
        cell, span = cells(self.grid, begin, end, gap)
        keys = distinct(cell * capacity + fresh[span])
        touched = distinct(keys // capacity)
        first, stop = (
            np.searchsorted(self.table, touched * capacity),
            np.searchsorted(self.table, (touched + 1) * capacity),
        )
        run, place = counted(stop - first)
        old = self.table[first[run] + place]
        old = old[self.alive[old % capacity]]
        self.table = np.insert(self.table, np.searchsorted(self.table, keys), keys) if len(self.table) else keys
        near = np.sort(np.concatenate([keys, old]))
        one, other = pairs_in_cells(near // capacity, near % capacity)
        new = np.zeros(len(self.low), bool)
        new[fresh] = True
        # Two spans that have dropped nothing are as they were given.
        wanted = (new[one] | new[other]) & ((self.farthest[one] >= 0) | (self.farthest[other] >= 0))
        return one[wanted], other[wanted]

    def _meet(self, one: Ints, other: Ints) -> Bools:
        """Tell which pairs of spans share more than ends."""
        a, b = self.points[self.low[one]], self.points[self.high[one]]
        c, d = self.points[self.low[other]], self.points[self.high[other]]
        return overlap(a, b, c, d, self.slack)

    def _overrun(self, one: Ints, other: Ints) -> Ints:
        """Give the spans that have an end of their pair between them and the points they replace."""
        span = np.concatenate([one, other])
        rival = np.concatenate([other, one])
        dropping = self.farthest[span] >= 0
        span, rival = span[dropping], rival[dropping]
        span, point = np.concatenate([span, span]), np.concatenate([self.low[rival], self.high[rival]])
        for axis in (0, 1):
            at = self.points[:, axis][point]
            inside = (at >= self.corners[:, axis][span]) & (at <= self.corners[:, axis + 2][span])
            # The ends of a span lie in its box, and most neighbors share one.
            inside &= (point != self.low[span]) & (point != self.high[span])
            span, point = span[inside], point[inside]
        begin, end, place = self.points[self.low[span]], self.points[self.high[span]], self.points[point]
        distance = _squared_distance(place[:, 0], place[:, 1], begin, end, np.arange(len(span)))
        near = (distance <= self.gap[span] ** 2 * (1 + 1e-9)) & ~both(place == begin) & ~both(place == end)
        span, point = np.divmod(distinct(span[near] * len(self.points) + point[near]), len(self.points))
        # Is it inside the polygon of the dropped points and the span? Count the edges to its right, half-open in y.
        pair, step = counted(self.high[span] - self.low[span] + 1)
        at = self.low[span][pair] + step
        following = np.where(at == self.high[span][pair], self.low[span][pair], at + 1)
        (x, y), (x1, y1), (x2, y2) = self.points[point[pair]].T, self.points[at].T, self.points[following].T
        spans_y = (y1 > y) != (y2 > y)
        right = ((x2 - x1) * (y - y1) - (y2 - y1) * (x - x1) > 0) == (y2 > y1)
        odd = np.bincount(pair[spans_y & right], minlength=len(span)) % 2 == 1
        overrun: Ints = span[odd]
        return overrun


def _squared_distance(x: Floats, y: Floats, begin: Floats, end: Floats, span: Ints) -> Floats:
    """Squared distance of points from segments; `span` tells whose segment is meant."""
    along = end - begin
    squared = along[:, 0] ** 2 + along[:, 1] ** 2
    inverse = np.divide(1.0, squared, out=np.zeros_like(squared), where=squared > 0)
    dx, dy = x - begin[span, 0], y - begin[span, 1]
    ux, uy = along[span, 0], along[span, 1]
    across, onward = dx * uy - dy * ux, dx * ux + dy * uy
    beyond = onward - np.clip(onward, 0, squared[span])
    # This form is exactly 0 for points in line; a foot point's coordinates would be rounded.
    distance: Floats = (across**2 + beyond**2) * inverse[span]
    if not squared.all():
        distance = np.where(squared[span] > 0, distance, dx**2 + dy**2)
    return distance
