"""A short closed tour through points: the travelling salesman's, nearly.

Greedy edges first (the shortest that still fits, always), then 2-opt and Or-opt moves between near neighbors until none
shortens the tour (Bentley, Fast algorithms for geometric traveling salesman problems, 1992): most of them all at once,
as `prepare.moves` makes them, then one by one what is left. About 5% above the best.
"""

from __future__ import annotations

from collections import deque
from math import hypot

import numpy as np

from artkit.arrays import Floats, Ints
from artkit.pens.draw.field import Field
from artkit.pens.draw.stipple import settled
from artkit.pens.lines import Lines
from artkit.pens.prepare.moves import Tour

NEIGHBORS = 7

FIRST = 5
"""Neighbors between which moves are made all at once."""

COVERED = np.array([0, 0.105, 0.209, 0.312, 0.413, 0.512, 0.659, 0.80, 0.948, 0.967, 0.985])
SPACED = np.array([0, 0.108, 0.216, 0.325, 0.433, 0.541, 0.703, 0.866, 1.082, 1.149, 1.25])
"""What a tour through evenly scattered points covers, by the pen's width times the root of their density.

Measured on tours through 15,000 and 40,000 settled points; at one ratio of pen and distance all tours are alike.
"""


FAINTEST = 0.025
"""Darkness below which there are no points: a line that has to come for a few of them shows more than they do."""


def traveled(field: Field, pen: float, most: int, rng: np.random.Generator) -> tuple[Lines, float]:
    """Draw one closed line through points so dense that the line covers what is asked for.

    At most `most` points; where that does not do, all tones are lightened alike, and the second number says to what
    part of the darkness.
    """
    share = 1.0
    area = field.width * field.height / field.darkness.size

    def density(share: float) -> Floats:
        tone = np.where(field.darkness < FAINTEST, 0, field.darkness)
        found: Floats = (np.interp(tone * share, COVERED, SPACED) / pen) ** 2
        return found

    if density(1.0).sum() * area > most:
        low, high = 0.0, 1.0
        for _ in range(40):
            share = (low + high) / 2
            low, high = (share, high) if density(share).sum() * area <= most else (low, share)
        share = low
    wanted = density(share)
    count = round(float(wanted.sum()) * area)
    points, _, _ = settled(field, field.changed(wanted.astype(np.float32)), count, rng, rounds=6)
    points = np.clip(points, pen / 2, [field.width - pen / 2, field.height - pen / 2])
    points = np.unique(np.round(points, 3), axis=0)
    if len(points) < 2:
        return Lines.of([]), share
    order = tour(points)
    ring = points[np.append(order, order[0])] if len(points) > 2 else points[order]
    return Lines.of([ring]), share


def tour(points: Floats) -> Ints:
    """Give the order of (N, 2) distinct points along a short closed tour."""
    if len(points) <= 3:
        return np.arange(len(points))
    return _improved(points, _uncrossed(points, _shortened(points, _greedy(points))))


def _shortened(points: Floats, order: Ints) -> Ints:
    """Make the best moves of all at once, as often as there are any; what is left is for `_improved`."""
    from scipy.spatial import cKDTree

    _, near = cKDTree(points).query(points, k=min(FIRST + 1, len(points)))
    # A point is a line without length, which has two ends in one place.
    near = np.repeat(np.concatenate([2 * near[:, 1:], 2 * near[:, 1:] + 1], axis=1), 2, axis=0)
    lines = Tour(
        np.repeat(points, 2, axis=0), np.ones(2 * len(points)), np.column_stack([2 * order, 2 * order + 1]).ravel()
    )
    lines.improve(near)
    return np.asarray(lines.order[::2] // 2, np.int64)


LONGEST = 100
"""Edges that are compared with all others: moves between near neighbors do not see what long ones cross."""


def _uncrossed(points: Floats, order: Ints) -> Ints:
    """Exchange the longest edges with any others, always the best of all, as long as that shortens the tour."""
    ring = points[order]
    count = len(order)
    for _ in range(4):
        step = np.hypot(*(np.roll(ring, -1, axis=0) - ring).T)
        changed = False
        for start in order[np.argsort(-step, kind="stable")[:LONGEST]].tolist():
            i = int(np.flatnonzero(order == start)[0])
            onward = np.roll(ring, -1, axis=0)
            # i to i+1 and j to j+1 become i to j and i+1 to j+1.
            saved = step[i] + step - np.hypot(*(ring - ring[i]).T) - np.hypot(*(onward - onward[i]).T)
            saved[i] = 0
            j = int(np.argmax(saved))
            if saved[j] > 1e-9:
                low, high = min(i, j) + 1, max(i, j) + 1
                ring[low:high], order[low:high] = ring[low:high][::-1].copy(), order[low:high][::-1].copy()
                step[low - 1 : high] = np.hypot(*(ring[np.arange(low, high + 1) % count] - ring[low - 1 : high]).T)
                changed = True
        if not changed:
            break
    return order


def _greedy(points: Floats) -> Ints:
    """Link points by their shortest edges to paths, and paths by their ends, until one is left."""
    from scipy.spatial import cKDTree

    count = len(points)
    links: list[list[int]] = [[] for _ in range(count)]
    root = list(range(count))

    def find(i: int) -> int:
        while root[i] != i:
            root[i] = root[root[i]]
            i = root[i]
        return i

    left = count - 1
    reach = NEIGHBORS + 1
    while left:
        ends = np.array([i for i in range(count) if len(links[i]) < 2])
        tree = cKDTree(points[ends])
        near = min(reach, len(ends))
        distance, index = tree.query(points[ends], k=near)
        one = np.repeat(np.arange(len(ends)), near)
        two, distance = index.ravel(), distance.ravel()
        keep = one < two
        order = np.argsort(distance[keep], kind="stable")
        before = left
        for i, j in zip(ends[one[keep][order]].tolist(), ends[two[keep][order]].tolist(), strict=True):
            if len(links[i]) < 2 and len(links[j]) < 2:
                a, b = find(i), find(j)
                if a != b:
                    root[a] = b
                    links[i].append(j)
                    links[j].append(i)
                    left -= 1
        if left == before:  # all near ends belong to the same path: look further
            reach *= 2
    start = next(i for i in range(count) if len(links[i]) < 2)
    order_, last, here = [start], -1, start
    while True:
        onward = [i for i in links[here] if i != last]
        if not onward:
            return np.array(order_, np.int64)
        last, here = here, onward[0]
        order_.append(here)


def _improved(points: Floats, order: Ints) -> Ints:
    """Make moves until none is left that shortens the tour, looking only at points whose surroundings changed."""
    ring = _Ring(points, order)
    queue = deque(order.tolist())
    waiting = bytearray(b"\x01") * len(order)
    while queue:
        a = queue.popleft()
        waiting[a] = 0
        moved = ring.two_opt(a) or ring.or_opt(a)
        for i in (*moved, a) if moved else ():
            if not waiting[i]:
                waiting[i] = 1
                queue.append(i)
    return ring.order


LEAST = 1e-9
"""A move has to save more than this, or rounding would go round in circles."""


class _Ring:
    """A closed tour that can be changed: `at[place]` is a point, `place[point]` its place.

    Memory views read single numbers quickly, and the arrays behind them turn whole stretches round at once. Moves give
    the points that they touched, nothing where they found none to make.
    """

    def __init__(self, points: Floats, order: Ints) -> None:
        from scipy.spatial import cKDTree

        self.count = len(points)
        _, index = cKDTree(points).query(points, k=min(NEIGHBORS + 1, self.count))
        self.neighbors = [[j for j in row if j != i][:NEIGHBORS] for i, row in enumerate(index.tolist())]
        self.x, self.y = points[:, 0].tolist(), points[:, 1].tolist()
        self.order = order.astype(np.int64).copy()
        self.places = np.empty(self.count, np.int64)
        self.places[self.order] = np.arange(self.count)
        self.at, self.place = self.order.data, self.places.data

    def far(self, i: int, j: int) -> float:
        """Distance of two points."""
        return hypot(self.x[i] - self.x[j], self.y[i] - self.y[j])

    def two_opt(self, a: int) -> tuple[int, ...]:
        """Exchange an edge at `a` and another for the two that join their ends crosswise."""
        at, count, far = self.at, self.count, self.far
        for step in (1, -1):
            b = at[(self.place[a] + step) % count]
            ab = far(a, b)
            for c in self.neighbors[a]:
                ac = far(a, c)
                if ac >= ab - LEAST:
                    break
                d = at[(self.place[c] + step) % count]
                if c != b and d != a and ab + far(c, d) - ac - far(b, d) > LEAST:
                    i, j = self.place[a], self.place[c]
                    if step == 1:
                        self.turn_shorter((i + 1) % count, j)
                    else:
                        self.turn_shorter(j, (i - 1) % count)
                    return a, b, c, d
        return ()

    def or_opt(self, a: int) -> tuple[int, ...]:
        """Put one to three points, of which `a` is the first, between two others, whichever way round."""
        at, count, far = self.at, self.count, self.far
        for size in (1, 2, 3) if count >= 6 else ():
            for step in (1, -1):
                i = self.place[a]
                segment = [at[(i + step * k) % count] for k in range(size)]
                before, after, end = at[(i - step) % count], at[(i + step * size) % count], segment[-1]
                saved = far(before, a) + far(end, after) - far(before, after)
                for c in self.neighbors[a]:
                    ac = far(a, c)
                    if ac >= saved - LEAST:
                        break
                    if c in segment:
                        continue
                    for side in (1, -1):
                        d = at[(self.place[c] + side) % count]
                        if d not in segment and saved - ac - far(end, d) + far(c, d) > LEAST:
                            first = i if step == 1 else (i - size + 1) % count
                            self.shift(first, size, a, c, d)
                            return before, after, a, end, c, d
        return ()

    def shift(self, first: int, size: int, a: int, c: int, d: int) -> None:
        """Move `size` points from place `first` on between `c` and `d`, neighbors, so that `a` is beside `c`."""
        count = self.count
        last = (first + size - 1) % count
        j, k = self.place[c], self.place[d]
        low, high = (j, k) if (j + 1) % count == k else (k, j)
        onward, back = (low - last) % count, (first - high) % count
        # Turn the segment and all up to its new place round together, then what it has passed back again.
        if onward < back:
            self.turn(first, low)
            self.turn(first, (first + onward - 1) % count)
            start = (first + onward) % count
        else:
            self.turn(high, last)
            start = high
            self.turn((high + size) % count, last)
        beside_c = self.at[(start - 1) % count] == c
        if (self.at[start] == a) != beside_c:
            self.turn(start, (start + size - 1) % count)

    def turn_shorter(self, i: int, j: int) -> None:
        """Turn round the places from i to j, or all others, whichever are fewer: as a ring it is the same."""
        if 2 * ((j - i) % self.count + 1) > self.count:
            i, j = (j + 1) % self.count, (i - 1) % self.count
        self.turn(i, j)

    def turn(self, i: int, j: int) -> None:
        """Turn round the places from i to j, both included."""
        count, at, place = self.count, self.at, self.place
        inner = (j - i) % count + 1
        if inner < 48:
            for _ in range(inner // 2):
                p, q = at[i], at[j]
                at[i], at[j] = q, p
                place[q], place[p] = i, j
                i, j = (i + 1) % count, (j - 1) % count
        elif i <= j:
            self.order[i : j + 1] = self.order[i : j + 1][::-1].copy()
            self.places[self.order[i : j + 1]] = np.arange(i, j + 1)
        else:
            index = np.arange(i, i + inner) % count
            self.order[index] = self.order[index[::-1]]
            self.places[self.order[index]] = index
