"""The order in which lines are drawn: little travel.

A line is drawn either way round, so what is ordered are its two ends, tied together; a closed line is entered and
left at one of its points, and which one is free. The tour starts at the page's corner and ends wherever it may. It is
put together greedily (`greedy`), then shortened by moves (`moves`); in turns with that, closed lines choose their
points anew, and move to where the pen passes by.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.spatial import cKDTree

from artkit.arrays import Bools, Floats, Ints, counted, offsets_of, ranges, rows_of
from artkit.pens.lines import Lines, travel
from artkit.pens.prepare import greedy
from artkit.pens.prepare.moves import LEAST_GAIN, Tour
from artkit.spans import spanned

NEIGHBORS = 8
"""Closest ends of other lines among which moves are looked for, for each end."""

TURNS = 24
"""How often closed lines choose their points anew, at most."""

PROBES = 48
"""Points of a closed line, at most, by which a better place for it is looked for; then all of them count."""

WORTH = 1e-3
"""The least share of the travel that is worth another turn."""

TRIES = 400
"""How often a tour through few lines is disturbed, to see if it mends better."""

FEW = 2000
"""Lines up to which improving the order given, and the nearest-neighbor order, is tried as well."""


@spanned("order lines")
def ordered(lines: Lines, start: tuple[float, float] = (0.0, 0.0), tries: int = TRIES) -> Lines:
    """Give the lines in an order with little travel from `start` on, turned around and begun where that helps.

    The travel is never more than that of the lines as they come, nor than that of the nearest-neighbor order (which
    with more than `FEW` lines is not tried: it is a quarter longer than what is found), whether the way from `start`
    to the first line is counted or not; should these two be at odds, the lines stay as they come. So few lines are
    disturbed and mended up to `tries` times, which takes 2 ms each.
    """
    if not len(lines):
        return lines
    given = [lines]
    if len(lines) <= FEW:
        given.append(nearest_neighbor(lines, start))
    bound = _travels(given, start).min(axis=0) + LEAST_GAIN
    found = []
    for free in (False, True):
        found.append(_shortest(lines, start, free, tries))
        if (_travels(found[-1:], start)[0] <= bound).all():
            return found[-1]
    found += given
    lengths = _travels(found, start)
    return found[int(np.argmin(np.maximum(lengths - bound, 0).sum(axis=1)))]


def _travels(orders: list[Lines], start: tuple[float, float]) -> Floats:
    """Give the travel of each order with the way from the start and without it, (N, 2)."""
    return np.array([[travel(lines, start), travel(lines, None)] for lines in orders])


def _shortest(lines: Lines, start: tuple[float, float], free: bool, tries: int) -> Lines:
    """Give the best order found. With `free` the way from the start to the first line is not counted."""
    routes = list(_first_routes(lines, start, free))
    for route in routes:
        route.shorten()
    best = min(routes, key=lambda route: route.tour.length)
    if len(lines) <= FEW:
        best.disturb(min(tries, 4 * len(lines)))
    return best.taken()


def nearest_neighbor(lines: Lines, start: tuple[float, float] = (0.0, 0.0)) -> Lines:
    """Give the lines in nearest-neighbor order: always the one next that has an end, or a start, closest to the pen.

    Closed lines start where they do.
    """
    order, flip = _nearest(lines, start)
    return lines.take(order, flip)


def _nearest(lines: Lines, start: tuple[float, float]) -> tuple[Ints, Bools]:
    """Give the order and which lines are turned around. A tree is asked for neighbors, and rebuilt at times.

    Ends in one place are one leaf of it, and leave it in their order: a thousand in a spot would all be near.
    """
    count = len(lines)
    ends = np.stack([lines.starts, lines.ends], axis=1).reshape(-1, 2)
    places, of = np.unique(ends, axis=0, return_inverse=True)
    members = np.argsort(of, kind="stable").tolist()
    last = np.cumsum(np.bincount(of.ravel(), minlength=len(places)))
    next_, last = np.append(0, last[:-1]).tolist(), last.tolist()
    done = np.zeros(count, bool)
    order, flip = np.empty(count, np.int64), np.zeros(count, bool)
    at = np.asarray(start, np.float64)

    def first_of(place: int) -> int:
        """Give the first end there whose line is not drawn yet, -1 where there is none."""
        while next_[place] < last[place] and done[members[next_[place]] // 2]:
            next_[place] += 1
        return members[next_[place]] if next_[place] < last[place] else -1

    left = np.arange(len(places))
    tree, built = cKDTree(places), count
    for number in range(count):
        if count - number < built // 2:
            left = np.array([place for place in left.tolist() if first_of(place) >= 0])
            tree, built = cKDTree(places[left]), count - number
        k, end = 8, -1
        while end < 0:
            k = min(k, len(left))
            near = left[np.atleast_1d(tree.query(at, k=k)[1])]
            end = next((found for place in near.tolist() if (found := first_of(place)) >= 0), -1)
            k *= 8
        order[number], flip[number] = end // 2, end % 2 == 1
        done[end // 2] = True
        at = ends[end ^ 1]
    return order, flip


def _first_routes(lines: Lines, start: tuple[float, float], free: bool) -> Iterator[_Route]:
    joined = greedy.joined(lines)
    routes = [_Route(lines, start, joined.order, joined.pins, free)]
    count, unpinned = len(lines), np.zeros(len(lines), np.int64)
    given = _Route(lines, start, np.arange(2 * count), unpinned, free)
    if count <= FEW:
        order, flip = _nearest(lines, start)
        first = 2 * order + flip
        routes += [given, _Route(lines, start, np.stack([first, first ^ 1], axis=1).ravel(), unpinned, free)]
    elif given.tour.length < routes[0].tour.length:
        routes = [given]
    yield from routes


class _Route:
    """A tour through the lines from `start`, and the point of each closed line that it is begun at, `pins` (L,)."""

    def __init__(self, lines: Lines, start: tuple[float, float], order: Ints, pins: Ints, free: bool) -> None:
        self.lines, self.pins = lines, pins.copy()
        count = len(lines)
        ends = np.empty((2 * count + 2, 2))
        ends[: 2 * count : 2] = lines.points[lines.offsets[:-1] + pins]
        ends[1 : 2 * count : 2] = np.where(lines.closed[:, None], ends[: 2 * count : 2], lines.ends)
        # The start is a line without length, and the way back to it costs nothing.
        ends[2 * count :] = start
        weight = np.ones(len(ends))
        weight[2 * count :] = 0, 0 if free else 1
        first, last = (np.hypot(*(ends[order[i]] - start)) for i in (0, -1))
        if last < first:
            order = order[::-1]
        self.tour = Tour(ends, weight, np.concatenate([[2 * count, 2 * count + 1], order]))
        self.rings = np.flatnonzero(lines.closed)
        counts = lines.counts[self.rings] - 1
        self.offsets = offsets_of(counts)
        _, place = counted(counts)
        self.points = lines.points[ranges(lines.offsets[self.rings], counts)]
        stride = -(-counts // PROBES)
        self.probes = np.flatnonzero(place % np.repeat(stride, counts) == 0)
        self.probe_counts = -(-counts // np.maximum(stride, 1))

    def shorten(self) -> None:
        """Make the tour shorter until that is no longer worth it."""
        tour = self.tour
        tour.improve(self._neighbors())
        if not len(self.rings):
            return
        length = tour.length
        for _ in range(TURNS):
            changed = np.concatenate([self._turn(), self._move_rings()])
            tour.improve(self._neighbors(), dirty=np.unique(changed))
            before, length = length, tour.length
            if before - length < WORTH * before:
                break
        self._turn()

    def disturb(self, times: int) -> None:
        """Shorten it further, at random."""
        self.tour.disturb(self._neighbors(), times)
        if len(self.rings):
            self._turn()

    def taken(self) -> Lines:
        """Give the lines in the order of the tour."""
        order = self.tour.order
        count = len(self.lines)
        home = int(self.tour.place[2 * count])
        order = (
            np.roll(order, -home) if order[(home + 1) % len(order)] == 2 * count + 1 else np.roll(order[::-1], home + 1)
        )
        first = order[2::2].astype(np.int64)
        which = first // 2
        return self.lines.take(which, first % 2 == 1, self.pins[which])

    def _neighbors(self) -> Ints:
        ends = np.column_stack([self.tour.x, self.tour.y])
        count = min(NEIGHBORS + 1, len(ends))
        near: Ints = cKDTree(ends, balanced_tree=False).query(ends, k=count)[1].reshape(len(ends), count)
        return near

    def _turn(self) -> Ints:
        """Let each closed line begin at the point that is best where it stands; give the ends that moved."""
        tour, rings = self.tour, self.rings
        mate = tour.mates
        odd = (tour.place[2 * rings] // 2) % 2 == 1
        ring_of = rows_of(self.offsets)
        number = np.full(len(self.lines) + 1, -1)
        number[rings] = np.arange(len(rings))
        moved = []
        waits = np.ones(len(rings), bool)
        for _ in range(2 * TURNS):
            # Of neighbors in the tour only one turns at a time: the other is what it turns by.
            some = False
            for parity in (odd, ~odd):
                turning = np.flatnonzero(parity & waits)
                if not len(turning):
                    continue
                mask = (parity & waits)[ring_of]
                waits[turning] = False
                ring, points = ring_of[mask], self.points[mask]
                cost = np.zeros(len(points))
                for side in (0, 1):
                    cost += self._away(points, mate[2 * rings + side][ring], 2 * rings[ring] + side)
                best, least = _least(cost, np.diff(self.offsets)[turning])
                now = sum(tour.distance(2 * rings[turning] + side, mate[2 * rings[turning] + side]) for side in (0, 1))
                better = np.flatnonzero(now - least > LEAST_GAIN)
                if len(better):
                    some = True
                    self._pin(rings[turning[better]], best[better])
                    moved.append(rings[turning[better]])
                    for side in (0, 1):  # those beside it have something to look at again
                        beside = number[mate[2 * moved[-1] + side] // 2]
                        waits[beside[beside >= 0]] = True
            if not some:
                break
        lines = np.concatenate([np.empty(0, np.int64), *moved])
        ends = np.concatenate([2 * lines, 2 * lines + 1])
        return np.concatenate([ends, mate[ends]])

    def _away(self, points: Floats, mate: Ints, end: Ints) -> Floats:
        dx, dy = points[:, 0] - self.tour.x[mate], points[:, 1] - self.tour.y[mate]
        away: Floats = np.sqrt(dx * dx + dy * dy) * (self.tour.weight[mate] * self.tour.weight[end])
        return away

    def _pin(self, lines: Ints, pins: Ints) -> None:
        self.pins[lines] = pins
        place = self.lines.points[self.lines.offsets[lines] + pins]
        for end in (2 * lines, 2 * lines + 1):
            self.tour.x[end], self.tour.y[end] = place.T

    def _move_rings(self) -> Ints:
        """Move closed lines to where the pen passes close to one of their points; give the ends that moved."""
        tour, rings = self.tour, self.rings
        mate = tour.mates
        ends = np.column_stack([tour.x, tour.y])
        tree = cKDTree(ends, balanced_tree=False)
        points = self.points[self.probes]
        near = tree.query(points, k=min(6, len(ends)))[1].reshape(len(points), -1)
        line = np.repeat(rings, self.probe_counts)[:, None]
        other = mate[near]
        x, y = (axis[:, None] for axis in points.T)
        way = tour.distance(tour.count, mate)
        one = np.sqrt((x - tour.x[near]) ** 2 + (y - tour.y[near]) ** 2) * tour.weight[near]
        two = np.sqrt((x - tour.x[other]) ** 2 + (y - tour.y[other]) ** 2) * tour.weight[other]
        cost = np.where((near // 2 == line) | (other // 2 == line), np.inf, one + two - way[near])
        column = cost.argmin(axis=1)
        rows = np.arange(len(cost))
        row, least = _least(cost[rows, column], self.probe_counts)
        row += offsets_of(self.probe_counts)[:-1]
        pin = self.probes[row] - self.offsets[:-1]
        beside = near[row, column[row]]
        a, b = 2 * rings, 2 * rings + 1
        saved = way[a] + way[b] - tour.distance(mate[a], mate[b])
        gain = saved - least
        touched: list[int] = []
        stale = np.zeros(len(self.lines) + 1, bool)
        for k in np.argsort(-gain, kind="stable")[: np.count_nonzero(gain > LEAST_GAIN)].tolist():
            end, to = int(a[k]), int(beside[k])
            around = [end, int(mate[end]), int(mate[end ^ 1]), to, int(mate[to])]
            if any(stale[e // 2] for e in around):
                continue
            at, last, goal, beyond = (int(tour.place[e]) for e in (end, end ^ 1, to, int(mate[to])))
            tour.insert(at, last, goal, beyond)
            self._pin(rings[k : k + 1], pin[k : k + 1])
            for e in around:
                stale[e // 2] = True
            touched += [*around, end ^ 1]
        return np.array(touched, np.int64)


def _least(cost: Floats, counts: Ints) -> tuple[Ints, Floats]:
    """Give for each run of so many costs the index in it of the least one, and that cost."""
    offsets = offsets_of(counts)
    least = np.minimum.reduceat(cost, offsets[:-1])
    is_least = np.flatnonzero(cost == np.repeat(least, counts))
    run = rows_of(offsets)[is_least]
    first = is_least[np.flatnonzero(np.diff(run, prepend=-1))]
    return first - offsets[:-1], least
