"""Filled shapes in the order in which they are painted, sorted into the cells of a grid: what is hidden, found locally.

Of each cell the grid knows the uppermost shape that fills all of it, and the shapes whose borders pass through it. What
lies in a cell is hidden by the former, or else by one of the latter: no other shape is asked. (As a z-buffer does for
pixels; N. Greene, M. Kass and G. Miller, Hierarchical Z-buffer Visibility, 1993.)
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from artkit.arrays import Bools, Floats, Ints, counted, distinct
from artkit.pens.regions import cells, kinds, portions

ENTRIES = 3_000_000
"""Cells that shapes come to at most, in all."""

CELLS = 400
"""Cells along the longer side at most."""

STRIPS = 8192
"""Level strips into which the sides of each shape are sorted at most."""


LONG = 50
"""Cells beyond which a segment is not looked at: few of them are hidden as a whole."""


class Occlusion:
    """What shapes hide: their sides from `start` to `end` (E, 2), each of a `shape` and counted so many `times`, (E,).

    Of each shape it is told whether it is filled by the rule `nonzero`, and its place in the `order` of painting.
    """

    def __init__(self, start: Floats, end: Floats, shape: Ints, times: Floats, nonzero: Bools, order: Ints) -> None:
        self.start, self.end, self.shape, self.times = start, end, shape, times
        self.nonzero, self.order = nonzero, order
        both = np.concatenate([start, end])
        self.low, self.high = both.min(axis=0), both.max(axis=0)
        self.cell = self._cell()
        self.count: Ints = np.floor((self.high - self.low) / self.cell).astype(np.int64) + 1
        side, place = cells(start, end, self.low, self.cell, self.count)
        self.borders = distinct(place * len(order) + shape[side])  # cell by cell
        self.top = self._filled()
        self._sort_sides()

    def _cell(self) -> float:
        size = self.high - self.low
        least, most = (np.full((len(self.order), 2), sign * np.inf) for sign in (1, -1))
        for points in (self.start, self.end):
            np.minimum.at(least, self.shape, points)
            np.maximum.at(most, self.shape, points)
        area = float(np.prod(np.maximum(most - least, 0), axis=1).sum())
        around = float(np.abs(self.end - self.start).sum())
        return max(float(size.max()) / CELLS, float((area / ENTRIES) ** 0.5), around / ENTRIES, 1e-6)

    def _filled(self) -> Ints:
        """Give the place in the order of the uppermost shape that fills each cell, -1 where there is none."""
        top = np.full(int(self.count.prod()), -1, np.int64)
        a, b = ((points[:, 1] - self.low[1]) / self.cell - 0.5 for points in (self.start, self.end))
        first = np.ceil(np.minimum(a, b)).astype(np.int64).clip(0)
        last = np.ceil(np.maximum(a, b)).astype(np.int64).clip(0, self.count[1])
        side, step = counted(np.maximum(last - first, 0))
        row, shape = first[side] + step, self.shape[side]
        share = (row - a[side]) / (b - a)[side]
        x = self.start[side, 0] + share * (self.end - self.start)[side, 0]
        by = np.lexsort((x, row, shape))
        times = np.abs(self.times).astype(np.int64)[side][by]
        turn = np.where((b > a) == (self.times > 0), 1, -1)[side][by] * times
        nonzero = self.nonzero[shape[by]]
        wound = np.where(nonzero, np.cumsum(np.where(nonzero, turn, 0)), np.cumsum(np.where(nonzero, 0, times)) % 2)
        inside = np.flatnonzero(wound != 0)
        inside = inside[inside < len(by) - 1]
        column = (x[by] - self.low[0]) / self.cell - 0.5
        begin, stop = np.ceil(column[inside]).astype(np.int64), np.ceil(column[inside + 1]).astype(np.int64)
        begin, stop = begin.clip(0), stop.clip(0, self.count[0])
        for part in portions(np.maximum(stop - begin, 0)):
            span, step = counted((stop - begin)[part])
            which = by[inside[part]][span]
            place = row[which] * self.count[0] + begin[part][span] + step
            free = ~_among(place * len(self.order) + shape[which], self.borders)
            np.maximum.at(top, place[free], self.order[shape[which[free]]])
        return top

    def _sort_sides(self) -> None:
        ends = np.sort([self.start[:, 1], self.end[:, 1]], axis=0)
        self.strips = min(max(len(self.start), 1), STRIPS)
        self.height = max(float(self.high[1] - self.low[1]), 1e-9) / self.strips
        first, last = self._strip(ends)
        side, step = counted(last - first + 1)
        key = self.shape[side] * self.strips + first[side] + step
        by = np.argsort(key, kind="stable")
        self.sides, self.keys = side[by], key[by]

    def _strip(self, y: Floats) -> Ints:
        strip: Ints = np.clip(np.floor((y - self.low[1]) / self.height), 0, self.strips - 1).astype(np.int64)
        return strip

    def buried(self, start: Floats, end: Floats, order: Ints) -> Bools:
        """Tell which segments, each painted at a place in the `order`, lie wholly in cells that are filled later."""
        first, kind = kinds(np.hstack([start, end]))
        return np.asarray(self._depth(start[first], end[first])[kind] > order, bool)

    def _depth(self, start: Floats, end: Floats) -> Ints:
        """Give the place in the order from which on something does not fill all cells of a segment; -1 is none."""
        inside = ((np.minimum(start, end) >= self.low) & (np.maximum(start, end) <= self.high)).all(axis=1)
        depth = np.where(inside, np.iinfo(np.int64).max, -1)
        own = np.flatnonzero(inside)
        for part in portions(
            np.floor(np.abs(end - start)[own].max(axis=1, initial=0) / self.cell).astype(np.int64) + 1
        ):
            which = own[part]
            segment, place = cells(start[which], end[which], self.low, self.cell, self.count)
            np.minimum.at(depth, which[segment], self.top[place])
        return depth

    def fills(self, points: Floats, order: Ints) -> Bools:
        """Tell which points, each painted at a place in the `order`, lie in cells that a later shape fills."""
        hidden = ((points >= self.low) & (points <= self.high)).all(axis=1)
        hidden[hidden] = self.top[self._place(points[hidden])] > order[hidden]
        return np.asarray(hidden, bool)

    def _place(self, points: Floats) -> Ints:
        column, row = np.floor((points - self.low) / self.cell).astype(np.int64).T
        return np.asarray(row * self.count[0] + column, np.int64)

    def hides(self, points: Floats, order: Ints) -> Bools:
        """Tell which points, each painted at a place in the `order`, a later shape covers."""
        hidden = self.fills(points, order)
        near = np.flatnonzero(~hidden & ((points >= self.low) & (points <= self.high)).all(axis=1))
        place = self._place(points[near])
        begin = np.searchsorted(self.borders, place * len(self.order))
        counts = np.searchsorted(self.borders, (place + 1) * len(self.order)) - begin
        for part in portions(counts):
            row, step = counted(counts[part])
            point, shape = near[part][row], self.borders[begin[part][row] + step] % len(self.order)
            later = self.order[shape] > order[point]
            for which, held in self._held(points, point[later], shape[later]):
                hidden[which[held]] = True
        return hidden

    def _held(self, points: Floats, point: Ints, shape: Ints) -> Iterator[tuple[Ints, Bools]]:
        """Tell of pairs of a point and a shape, in portions, which points lie in their shape."""
        key = shape * self.strips + self._strip(points[point, 1])
        begin = np.searchsorted(self.keys, key)
        counts = np.searchsorted(self.keys, key, side="right") - begin
        for part in portions(counts):
            pair, step = counted(counts[part])
            side = self.sides[begin[part][pair] + step]
            x, y = points[point[part]][pair].T
            (ax, ay), (bx, by) = self.start[side].T, self.end[side].T
            down = (ay <= y) & (by > y)
            hit = down | ((ay > y) & (by <= y))
            share = (y - ay) / np.where(hit, by - ay, 1.0)
            hit &= ax + share * (bx - ax) < x
            turn = np.where(down, 1.0, -1.0) * self.times[side]
            wound = np.bincount(pair[hit], turn[hit], minlength=len(part)).round()
            yield point[part], np.where(self.nonzero[shape[part]], wound != 0, wound % 2 == 1)


def _among(keys: Ints, known: Ints) -> Bools:
    """Tell which keys are among known ones, in order."""
    at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    return np.asarray(known[at] == keys, bool)
