"""Straight runs of samples, found before curves are fitted: these then start where the straight parts end.

The ends of a long cubic have the directions of a few samples, so that along a straight side it would bow by a part of
its length. A straight run has the direction of all its samples, and the curves beside it take it over.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from artkit.algebra import rounded
from artkit.arrays import Bools, Floats, Ints
from artkit.planar.segments import cross

STRAY = 0.5
"""The most that samples of a straight run stray from it, as a share of the tolerance of lines."""

NOISE, LITTLE = 3.0, 0.1
"""They stray no more than so many times the root of the mean square in the middle of the run, or this share of it."""

SPREAD = 0.2
"""The same for the root of the mean square while runs are put together."""

BOW = 0.45
"""The largest bow of a straight run, as a share of STRAY: that of a run on an arc is twice as large as it may stray."""

DRAWN_IN = 3
"""So many samples beside a corner may be drawn in by it."""

LEAST = 7
"""A straight run has so many samples or more."""

START = 4
"""Samples of the segments that runs are put together from."""


class Runs(NamedTuple):
    """Run k goes from sample a[k] to b[k] of a piece, along a line through `middle` in direction `along`, (R, 2)."""

    a: Ints
    b: Ints
    piece: Ints
    middle: Floats
    along: Floats

    def some(self, which: Ints | Bools) -> Runs:
        """Give these runs alone."""
        return Runs(self.a[which], self.b[which], self.piece[which], self.middle[which], self.along[which])


class _Moments:
    """Sums over samples, from which the line through any run of them follows at once."""

    def __init__(self, points: Floats, weight: Floats, offsets: Ints) -> None:
        # Far from the origin squares would drown what is left over.
        self.origin = np.repeat(points[offsets[:-1]], np.diff(offsets), axis=0)
        x, y = (points - self.origin).T
        terms = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y]) * weight
        self.sums = np.concatenate([np.zeros((6, 1)), np.cumsum(terms, axis=1)], axis=1)

    def lines(self, a: Ints, b: Ints) -> tuple[Floats, Floats, Floats]:
        """Middle and direction of the best lines through samples a..b, and the mean square left over."""
        n, x, y, xx, xy, yy = self.sums[:, b + 1] - self.sums[:, a]
        n = np.maximum(n, 1)
        x, y = x / n, y / n
        xx, xy, yy = xx / n - x * x, xy / n - x * y, yy / n - y * y
        half, apart = (xx + yy) / 2, np.hypot((xx - yy) / 2, xy)
        angle = np.arctan2(2 * xy, xx - yy) / 2
        along = rounded(np.column_stack([np.cos(angle), np.sin(angle)]), 32)
        return np.column_stack([x, y]) + self.origin[a], along, np.maximum(half - apart, 0)


def straight_runs(points: Floats, weight: Floats, offsets: Ints, ring: Bools, tolerance: float) -> Runs:
    """Find the straight runs of pieces, ordered, at most meeting each other.

    Piece k is `points[offsets[k]:offsets[k + 1]]`. A `ring` of n samples is laid twice, 2 n + 1 in all, and its runs
    begin in the first n. Samples without `weight` do not count, and runs that come to them at the end of a piece go
    on to the end. `tolerance` is that of lines.
    """
    moments = _Moments(points, weight, offsets)
    a, b, piece = _together(moments, offsets, (SPREAD * tolerance) ** 2)
    stray = STRAY * tolerance
    long = b - a + 1 >= LEAST
    a, b, piece = a[long], b[long], piece[long]
    bow = np.zeros(len(a))
    for _ in range(3):
        a, b, bow = _reach(points, weight, moments, offsets, a, b, piece, stray)
    low, high = offsets[:-1][piece], offsets[1:][piece] - 1
    good = (b - a + 1 >= LEAST) & (np.abs(bow) <= BOW * stray)
    middle, along, _ = moments.lines(a, b)
    # Samples that do not count lie at ends only; a run that comes to them goes on to the end.
    a = _to_end(points, moments, a, low, -1, middle, along, ring[piece], tolerance)
    b = _to_end(points, moments, b, high, 1, middle, along, ring[piece], tolerance)
    along *= np.where(((points[b] - points[a]) * along).sum(1) < 0, -1, 1)[:, None]
    period = (high - low) // 2
    good &= ~ring[piece] | (b - a < period)
    runs = Runs(a, b, piece, middle, along).some(good)
    return _apart(runs, offsets, ring)


def _to_end(
    points: Floats, moments: _Moments, at: Ints, end: Ints, way: int, middle: Floats, along: Floats, ring: Bools,
    tolerance: float,
) -> Ints:  # fmt: skip
    """Let runs go on to the end of their piece where only a few samples, drawn in by the corner, lie between."""
    near = ~ring & (np.abs(moments.sums[0, end + (way > 0)] - moments.sums[0, at + (way > 0)]) <= DRAWN_IN)
    for step in range(1, DRAWN_IN + 1):
        here = np.clip(at + way * step, np.minimum(at, end), np.maximum(at, end))
        off = np.abs(cross(along, points[here] - middle)) > 1 * tolerance
        near &= ~off | (moments.sums[0, here + 1] == moments.sums[0, here])
    return np.where(near, end, at)


def withdrawn(runs: Runs, points: Floats, offsets: Ints, ring: Bools, tolerance: float) -> Runs:
    """Let runs end before a corner that lies off their line, as around the end of a stroke two pixels wide."""
    low, high = offsets[:-1][runs.piece], offsets[1:][runs.piece] - 1
    a, b = runs.a.copy(), runs.b.copy()
    for at, end, way in ((a, low, 1), (b, high, -1)):
        off = ~ring[runs.piece] & (at == end)
        off &= np.abs(cross(runs.along, points[at] - runs.middle)) > 1 * tolerance
        for _ in range(DRAWN_IN):
            off &= np.abs(cross(runs.along, points[at] - runs.middle)) > 1 * tolerance
            at[off] += way
    return runs._replace(a=a, b=b).some(b - a + 1 >= LEAST - 2)


def _together(moments: _Moments, offsets: Ints, most: float) -> tuple[Ints, Ints, Ints]:
    """Unite short segments with their neighbors while one line fits both, the best fits first."""
    n = np.diff(offsets) - 1
    parts = np.maximum(n // START, 1)
    piece = np.repeat(np.arange(len(n)), parts)
    k = np.arange(len(piece)) - np.repeat(np.cumsum(parts) - parts, parts)
    a = offsets[piece] + k * n[piece] // parts[piece]
    b = offsets[piece] + (k + 1) * n[piece] // parts[piece]
    cost = np.full(len(a), np.nan)
    while True:
        cost[np.append(piece[1:] != piece[:-1], True)] = np.inf
        todo = np.flatnonzero(np.isnan(cost))
        rest = moments.lines(a[todo], b[todo + 1])[2]
        cost[todo] = np.where(rest <= most, rest, np.inf)
        before, after = np.concatenate([[np.inf], cost[:-1]]), np.append(cost[1:], np.inf)
        chosen = np.flatnonzero((cost < before) & (cost <= after) & np.isfinite(cost))
        if not len(chosen):
            return a, b, piece
        b[chosen] = b[chosen + 1]
        cost[chosen] = np.nan
        cost[chosen[chosen > 0] - 1] = np.nan
        keep = np.ones(len(a), bool)
        keep[chosen + 1] = False
        a, b, piece, cost = a[keep], b[keep], piece[keep], cost[keep]


def _reach(
    points: Floats, weight: Floats, moments: _Moments, offsets: Ints, a: Ints, b: Ints, piece: Ints, stray: float
) -> tuple[Ints, Ints, Floats]:
    """Let runs reach as far as samples stay close to the line through their middle parts; and the bow of that."""
    trim = (b - a) // 6
    middle, along, rest = moments.lines(a + trim, b - trim)
    most = np.minimum(NOISE * np.sqrt(rest) + LITTLE * stray, stray)
    room = (b - a) // 2 + 4
    low, high = np.maximum(a - room, offsets[:-1][piece]), np.minimum(b + room, offsets[1:][piece] - 1)
    size = high - low + 1
    begin = np.cumsum(size) - size
    index = np.arange(int(size.sum())) + np.repeat(low - begin, size)
    if not len(index):
        return a, b, np.zeros(0)
    away = points[index] - np.repeat(middle, size, axis=0)
    line = np.repeat(along, size, axis=0)
    across = line[:, 0] * away[:, 1] - line[:, 1] * away[:, 0]
    off = (np.abs(across) > np.repeat(most, size)) & (weight[index] > 0)
    center = np.repeat((a + b) // 2, size)
    first = np.maximum.reduceat(np.where(off & (index < center), index, -1), begin) + 1
    last = np.minimum.reduceat(np.where(off & (index >= center), index, len(points)), begin) - 1
    first, last = np.maximum(first, low), np.minimum(last, high)
    # The bow: what a parabola of height 1 has in common with the samples that are left.
    inside = (index >= np.repeat(first, size)) & (index <= np.repeat(last, size)) & (weight[index] > 0)
    t = (2 * index - np.repeat(first + last, size)) / np.maximum(np.repeat(last - first, size), 1)
    p = t * t - 1 / 3
    bow = np.add.reduceat(p * across * inside, begin) / np.maximum(np.add.reduceat(p * p * inside, begin), 1e-9)
    return first, np.maximum(last, first), bow


def _apart(runs: Runs, offsets: Ints, ring: Bools) -> Runs:
    """Drop second copies and what lies within longer runs, and let those that overlap meet in the middle."""
    low = offsets[:-1][runs.piece]
    period = np.where(ring, np.diff(offsets) // 2, 0)[runs.piece]
    # Of the two copies in a ring the one whose middle lies between its quarters is seen whole.
    center = runs.a + runs.b - 2 * low
    runs = runs.some((period == 0) | ((center >= period) & (center < 3 * period)))
    low, period = (offsets[:-1][runs.piece], np.where(ring, np.diff(offsets) // 2, 0)[runs.piece])
    back = np.where(runs.a - low >= period, period, 0)
    runs = runs._replace(a=runs.a - back, b=runs.b - back)
    while True:
        runs = runs.some(np.lexsort((runs.b, runs.a, runs.piece)))
        count = len(runs.a)
        if count < 2:
            return runs
        follows, wrap = _following(runs, offsets, ring)
        joined = np.flatnonzero(follows >= 0)
        other = follows[joined]
        overlap = runs.b[joined] - (runs.a[other] + wrap[joined])
        length = runs.b - runs.a
        # Where one covers half of the other, the shorter goes.
        worst = overlap > np.minimum(length[joined], length[other]) // 2
        goes = np.zeros(count, bool)
        mine = length[joined] < length[other]
        goes[np.where(mine, joined, other)[worst]] = True
        if not goes.any():
            break
        runs = runs.some(~goes)
    a, b = runs.a.copy(), runs.b.copy()
    over = overlap > 0
    meet = (runs.b[joined] + runs.a[other] + wrap[joined]) // 2
    b[joined[over]] = meet[over]
    a[other[over]] = (meet - wrap[joined])[over]
    runs = runs._replace(a=a, b=b)
    return runs.some(b - a + 1 >= LEAST - 2)


def _following(runs: Runs, offsets: Ints, ring: Bools) -> tuple[Ints, Ints]:
    """The run after each one in its piece, -1 where there is none, and how many samples later it is laid."""
    count = len(runs.a)
    last = np.append(runs.piece[1:] != runs.piece[:-1], True)
    first = np.searchsorted(runs.piece, runs.piece)
    follows = np.where(last, np.where(ring[runs.piece] & (first < np.arange(count)), first, -1), np.arange(count) + 1)
    period = (np.diff(offsets) // 2)[runs.piece]
    return follows, np.where(last, period, 0)
