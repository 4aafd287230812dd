"""A tour through lines, and the moves that shorten it.

A move is looked for between ends of lines that are close neighbors only (Johnson and McGeoch 1997). Two ways are
exchanged for two others (2-opt), or up to three lines in a row move elsewhere, turned around or not (Or-opt). The
gains of all moves are computed at once; then the best are made one by one, each unless one before has changed what it
changes. What is near a change is looked at again, until there is nothing to gain.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Floats

Ints = NDArray[np.integer[Any]]

SEGMENT = 3
"""Lines in a row that move elsewhere together, at most."""

ROUNDS = 60
"""Rounds of moves, at most; the last ones bring next to nothing."""

GOLDEN = 0.6180339887498949
RUN = 30
"""Lines in each of two runs that change places, at most."""

LEAST_GAIN = 1e-7
"""Millimetres; less may be rounding, and moves would go round in circles."""


class _Moves(NamedTuple):
    """Moves, the best first. Lines `lines` in number, from end `a` to end `q`, go beside `b`; with 0 lines it is a
    2-opt.

    `ma`, `mb` and `mq` are the mates that a, b and q had when the gain was computed.
    """

    lines: Ints
    a: Ints
    b: Ints
    q: Ints
    ma: Ints
    mb: Ints
    mq: Ints


class Tour:
    """A closed tour of lines: `ends` (2L, 2), those of line l at 2l and 2l + 1; `order` (2L,) runs through all of them.

    Two ends that follow each other and are not of one line are mates, with a way between them. Ways from and to an end
    whose `weight` is 0 cost nothing: so a tour may end anywhere, and is closed all the same.
    """

    def __init__(self, ends: Floats, weight: Floats, order: Ints) -> None:
        self.x, self.y = np.ascontiguousarray(ends.T)
        self.weight = weight
        self.size = len(order)
        self.order = order.astype(np.int32)
        self.count = np.arange(self.size, dtype=np.int32)
        self.place = np.empty(self.size, np.int32)
        self.place[self.order] = self.count

    def distance(self, a: Ints, b: Ints) -> Floats:
        """Cost of the ways between ends."""
        dx, dy = self.x[a] - self.x[b], self.y[a] - self.y[b]
        cost: Floats = np.sqrt(dx * dx + dy * dy) * (self.weight[a] * self.weight[b])
        return cost

    @property
    def mates(self) -> Ints:
        """The mate of each end."""
        mate = np.empty(self.size, np.int32)
        exits, entries = self.order[1::2], np.roll(self.order[::2], -1)
        mate[exits], mate[entries] = entries, exits
        return mate

    @property
    def length(self) -> float:
        """Cost of all ways."""
        return float(self.distance(self.order[1::2], np.roll(self.order[::2], -1)).sum())

    def improve(self, near: Ints, rounds: int = ROUNDS, dirty: Ints | None = None) -> None:
        """Shorten the tour by moves between ends that are neighbors, `near` (2L, K), until there are none."""
        dirty = np.arange(self.size) if dirty is None else dirty
        for _ in range(rounds):
            dirty, made = self._carry_out(self._moves(dirty, near))
            if not made:
                break

    def disturb(self, near: Ints, times: int) -> None:
        """Try so often to change places of two runs of lines that follow each other, and mend what that breaks.

        What is longer then is undone (iterated local search with double bridges: Martin, Otto and Felten 1991). Each
        time costs a copy of the tour: for short ones only. Places follow each other in steps of the golden section.
        """
        lines = self.size // 2
        if lines < 4:
            return
        best = self.length
        for number in range(times):
            share = (number + 1) * GOLDEN
            first = int(share % 1 * lines)
            one, two = (1 + int(share * part % 1 * min(RUN, (lines - 1) // 2)) for part in (7, 13))
            kept = self.order.copy()
            runs = self._get(2 * first, 2 * (one + two))
            self._put(2 * first, np.concatenate([runs[2 * one :], runs[: 2 * one]]))
            joints = 2 * np.array([first, first + two, first + one + two])
            changed = np.concatenate([joints - 1, joints])
            self.improve(near, dirty=np.unique(self.order[changed % self.size]).astype(np.int64))
            length = self.length
            if length < best - LEAST_GAIN:
                best = length
            else:
                self.order = kept
                self.place[kept] = self.count

    def _moves(self, dirty: Ints, near: Ints) -> _Moves:
        mate, place = self.mates, self.place
        way = self.distance(self.count, mate)
        odd = (place & 1).astype(bool)
        a = np.repeat(dirty, near.shape[1])
        b = near[dirty].ravel()
        a, b = a[a != b], b[a != b]
        between = self.distance(a, b)
        gains, found = [], []

        def add(gain: Floats, lines: int, a: Ints, b: Ints, q: Ints, mq: Ints) -> None:
            good = np.flatnonzero(gain > LEAST_GAIN)
            best = good[np.lexsort((-gain[good], a[good]))]
            best = best[np.diff(a[best], prepend=-1) != 0]
            a, b = a[best], b[best]
            gains.append(gain[best])
            found.append(_Moves(np.full(len(a), lines), a, b, q[best], mate[a], mate[b], mq[best]))

        # Both ends are left, or both are entered: then their ways, exchanged, leave the tour in one piece.
        some = np.flatnonzero((odd[a] == odd[b]) & (between < np.maximum(way[a], way[b])))
        c, d = a[some], b[some]
        add(way[c] + way[d] - between[some] - self.distance(mate[c], mate[d]), 0, c, d, c, d)
        for c, d in ((a, b), (b, a)):
            some = np.flatnonzero(between < way[c] + way[d])
            c, d, cd = c[some], d[some], between[some]
            md = mate[d]
            forward = np.where(odd[c], -1, 1)
            start = place[c]
            away = np.minimum((place[d] - start) * forward % self.size, (place[md] - start) * forward % self.size)
            base = way[c] + way[d] - cd
            for lines in range(1, SEGMENT + 1):
                outside = np.flatnonzero(away >= 2 * lines)  # else the gap is at the segment's ends, or in it
                p = c[outside]
                q = self.order[(start[outside] + forward[outside] * (2 * lines - 1)) % self.size]
                mq = mate[q]
                gain = base[outside] + way[q] - self.distance(q, md[outside]) - self.distance(mate[p], mq)
                add(gain, lines, p, d[outside], q, mq)
        best = np.argsort(-np.concatenate(gains), kind="stable")
        return _Moves(*(np.concatenate(column)[best] for column in zip(*found, strict=True)))

    def _carry_out(self, moves: _Moves) -> tuple[Ints, int]:
        """Make the moves that can still be made; give the ends worth another look, and how many moves were made."""
        order, place, size = self.order, self.place, self.size
        touched: list[int] = []
        made = 0
        for lines, a, b, q, ma, mb, mq in zip(*(column.tolist() for column in moves), strict=True):
            at, to = int(place[a]), int(place[b])
            left, right = at & 1, to & 1
            if order[at + 1 - size if left else at - 1] != ma or order[to + 1 - size if right else to - 1] != mb:
                touched += (a, b)
            elif not lines:
                if left != right:
                    touched += (a, b)
                    continue
                self._reverse(int(place[ma]), to) if left else self._reverse(at, int(place[mb]))
                touched += (a, b, ma, mb)
                made += 1
            else:
                step = -1 if left else 1
                last = (at + step * (2 * lines - 1)) % size
                gap = min((to - at) * step % size, (int(place[mb]) - at) * step % size)
                if order[last] != q or order[(last + step) % size] != mq or gap < 2 * lines:
                    touched += (a, b)
                    continue
                self.insert(at, last, to, int(place[mb]))
                touched += (a, b, q, ma, mb, mq)
                made += 1
        return np.unique(np.array(touched, np.int64)), made

    def insert(self, at: int, last: int, to: int, beyond: int) -> None:
        """Move the ends from place `at` to place `last` to between two mates' places, `at` beside `to`."""
        size = self.size
        turned = bool((at ^ to) & 1 == 0)  # two that are entered become neighbors: one of them must be turned
        low, high = (last, at) if at & 1 else (at, last)
        exit, entry = (to, beyond) if to & 1 else (beyond, to)
        span = (high - low) % size + 1
        ahead, behind = (exit - high) % size, (low - entry) % size
        segment = self._get(low, span)
        if turned:
            segment = segment[::-1]
        if ahead <= behind:
            self._put(low, np.concatenate([self._get((high + 1) % size, ahead), segment]))
        else:
            self._put(entry, np.concatenate([segment, self._get(entry, behind)]))

    def _reverse(self, first: int, last: int) -> None:
        """Turn around the ends from one place to another or, which makes the same tour, all others."""
        size = self.size
        length = (last - first) % size + 1
        if 2 * length > size:
            first, length = (last + 1) % size, size - length
        self._put(first, self._get(first, length)[::-1])

    def _get(self, first: int, length: int) -> Ints:
        if first + length <= self.size:
            return self.order[first : first + length].copy()
        return np.concatenate([self.order[first:], self.order[: first + length - self.size]])

    def _put(self, first: int, ends: Ints) -> None:
        split = self.size - first
        if len(ends) <= split:
            self.order[first : first + len(ends)] = ends
            self.place[ends] = self.count[first : first + len(ends)]
        else:
            self._put(first, ends[:split])
            self._put(0, ends[split:])
