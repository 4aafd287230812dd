"""A short closed tour through points: the travelling salesman's, nearly.

Greedy edges first (the shortest that still fits, always), then 2-opt and Or-opt moves between near neighbors until none
shortens the tour (Bentley, Fast algorithms for geometric traveling salesman problems, 1992). About 5% above the best.
"""

from __future__ import annotations

from collections import deque
from math import hypot

import numpy as np

from artkit.plot.field import Field
from artkit.plot.lines import Floats, Ints, Lines
from artkit.plot.stipple import cells

NEIGHBORS = 7

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
    count = int(round(wanted.sum() * area))
    points = cells(field, field.changed(wanted.astype(np.float32)), count, rng, rounds=8).points
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
    order = _uncrossed(points, _improved(points, _greedy(points)))
    return _improved(points, order)


LONGEST = 250
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
    """Make 2-opt and Or-opt moves until none is left, looking only at points whose surroundings changed."""
    from scipy.spatial import cKDTree

    count = len(points)
    near = min(NEIGHBORS + 1, count)
    _, index = cKDTree(points).query(points, k=near)
    neighbors = [row[1:] if row[0] == i else [j for j in row if j != i] for i, row in enumerate(index.tolist())]
    x, y = points[:, 0].tolist(), points[:, 1].tolist()
    at = order.astype(np.int64).copy()  # at[place] is a point
    place = np.empty(count, np.int64)
    place[at] = np.arange(count)
    ats, places = memoryview(at), memoryview(place)  # quick to read one by one

    def far(i: int, j: int) -> float:
        return hypot(x[i] - x[j], y[i] - y[j])

    def reverse(i: int, j: int) -> None:
        """Turn round the places from i to j, both included, or the rest of the tour where that is shorter."""
        inner = j - i + 1 if j >= i else j - i + 1 + count
        if 2 * inner > count:
            i, j = (j + 1) % count, (i - 1) % count
            inner = count - inner
        if i + inner <= count:
            at[i : i + inner] = at[i : i + inner][::-1].copy()
            place[at[i : i + inner]] = np.arange(i, i + inner)
        else:
            index = np.arange(i, i + inner) % count
            at[index] = at[index[::-1]]
            place[at[index]] = index

    queue = deque(order.tolist())
    waiting = bytearray(b"\x01") * count
    while queue:
        a = queue.popleft()
        waiting[a] = 0
        moved = _move(a, count, ats, places, neighbors, far, reverse)
        if moved:
            for i in (*moved, a):
                if not waiting[i]:
                    waiting[i] = 1
                    queue.append(i)
    return at


def _move(a, count, at, place, neighbors, far, reverse):  # type: ignore[no-untyped-def]
    """Make the first move at a point that shortens the tour, and give the points it touched; () where there is none."""
    slack = 1e-9
    for forward in (True, False):
        i = place[a]
        b = at[(i + 1) % count] if forward else at[i - 1]
        ab = far(a, b)
        for c in neighbors[a]:
            ac = far(a, c)
            if ac >= ab - slack:
                break
            j = place[c]
            d = at[(j + 1) % count] if forward else at[j - 1]
            if c == b or d == a:
                continue
            # 2-opt: a-b and c-d become a-c and b-d.
            if ab + far(c, d) - ac - far(b, d) > slack:
                if forward:
                    reverse((i + 1) % count, j)
                else:
                    reverse(j, (i - 1) % count)
                return a, b, c, d
    # Or-opt: one to three points that begin at `a` go between two neighbors elsewhere.
    for size in (1, 2, 3):
        if count < size + 3:
            break
        for forward in (True, False):
            i = place[a]
            step = 1 if forward else -1
            end = at[(i + step * (size - 1)) % count]
            before, after = at[(i - step) % count], at[(i + step * size) % count]
            saved = far(before, a) + far(end, after) - far(before, after)
            if saved <= slack:
                continue
            segment = [at[(i + step * k) % count] for k in range(size)]
            for c in neighbors[a]:
                ac = far(a, c)
                if ac >= saved - slack:
                    break
                if c in segment:
                    continue
                j = place[c]
                for d in (at[(j + 1) % count], at[j - 1]):
                    if d in segment:
                        continue
                    if saved - ac - far(end, d) + far(c, d) > slack:
                        _shift(i, size, step, c, d, count, at, place, reverse)
                        return before, after, a, end, c, d
    return ()


def _shift(i, size, step, c, d, count, at, place, reverse):  # type: ignore[no-untyped-def]
    """Move a segment between c and d, its first point beside c, by reversals: a 3-opt move is three of them at most."""
    first = i if step == 1 else (i - size + 1) % count
    last = (first + size - 1) % count
    a = at[i]
    j, k = place[c], place[d]
    low, high = (j, k) if (j + 1) % count == k else (k, j)  # the edge from `low` to `high`
    if (low - last) % count < (first - high) % count:
        # The edge lies shortly after the segment: turn segment and what is between, then each alone.
        span = (low - last) % count
        reverse_exact(first, low, count, at, place)
        reverse_exact(first, (first + span - 1) % count, count, at, place)
        start = (first + span) % count
    else:
        span = (first - high) % count
        reverse_exact(high, last, count, at, place)
        start = high
        reverse_exact((high + size) % count, last, count, at, place)
    stop = (start + size - 1) % count
    # The segment has been turned once; its first point has to be beside c.
    beside = at[(start - 1) % count]
    if (at[start] == a) != (beside == c):
        reverse_exact(start, stop, count, at, place)


def reverse_exact(i, j, count, at, place):  # type: ignore[no-untyped-def]
    """Turn round the places from i to j themselves, never the rest of the tour."""
    inner = (j - i) % count + 1
    if inner > count:
        return
    if inner < 64:
        lo, hi = i, j
        for _ in range(inner // 2):
            p, q = at[lo], at[hi]
            at[lo], at[hi] = q, p
            place[q], place[p] = lo, hi
            lo, hi = (lo + 1) % count, (hi - 1) % count
        return
    tour_, where = np.asarray(at), np.asarray(place)
    index = np.arange(i, i + inner) % count
    tour_[index] = tour_[index[::-1]]
    where[tour_[index]] = index
