"""A first order of lines: always the two free ends that are closest are joined (Bentley 1992, "multiple fragment").

In rounds over whole arrays: all pairs of ends that are closest to each other join at once, which gives the same
joints as one after the other would. A closed line may be joined at any of its points; the first joint decides at
which.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from artkit.arrays import Ints, counted
from artkit.pens.lines import Lines

JOINTS = 200
"""Points of a closed line at which it may be joined, at most; later it may move on to others."""

NEAREST = 3
"""Points to look among for the nearest of another line: an open one has two ends."""


class Joined(NamedTuple):
    """`order` (2L,) runs through all ends, 2l and 2l + 1 those of line l; `pins` (L,) where closed lines begin."""

    order: Ints
    pins: Ints


def joined(lines: Lines) -> Joined:
    """Put the lines in an order, each turned as needed, by their closest ends."""
    fragments = _Fragments(lines)
    while fragments.count > 1:
        fragments.join(*fragments.closest())
    mates = fragments.mate.tolist()
    end, order = int(fragments.free.max()), []
    if lines.closed[end // 2] and mates[end ^ 1] < 0:
        end &= ~1
    while end >= 0:
        order += [end, end ^ 1]
        end = mates[end ^ 1]
    return Joined(np.array(order), fragments.pins)


class _Fragments:
    """Lines joined so far. `place`, `end` and `point` tell of all places where a fragment can be joined: where it is,
    which end of a line that is, which of the line's points. `far` is the other end of the fragment of a free end,
    `mate`
    what an end is joined to, -1 where it is free."""

    def __init__(self, lines: Lines) -> None:
        inner = np.ones(len(lines.points), bool)
        inner[lines.offsets[1:] - 1] = False
        closed_point = lines.closed[lines.line_of]
        is_first = np.zeros(len(lines.points), bool)
        is_first[lines.offsets[:-1]] = True
        _, place = counted(lines.counts)
        stride = -(-(lines.counts - 1) // JOINTS)[lines.line_of]
        joint = np.flatnonzero(np.where(closed_point, inner & (place % stride == 0), is_first | ~inner))
        self.lines = lines
        self.place = lines.points[joint]
        line = lines.line_of[joint]
        self.end = 2 * line + (~inner[joint])
        self.point = joint - lines.offsets[line]
        self.mate = np.full(2 * len(lines), -1, np.int64)
        self.far = np.arange(2 * len(lines)) ^ 1
        self.pins = np.zeros(len(lines), np.int64)
        self.count = len(lines)

    @property
    def free(self) -> Ints:
        """Ends that can be joined; of a closed line that has no joint yet, one."""
        return self.end[np.flatnonzero(np.diff(self.end, prepend=-1))]

    def closest(self) -> tuple[Ints, Ints]:
        """Give for each free end its closest place and the place of another fragment that it is closest to."""
        tree = cKDTree(self.place, balanced_tree=False, compact_nodes=False)
        todo = np.arange(len(self.end))
        nearest, distance = np.zeros(len(todo), np.int64), np.full(len(todo), np.inf)
        first = np.flatnonzero(np.diff(self.end, prepend=-1))
        k = NEAREST
        while len(todo):
            k = min(k, len(self.end))
            away, near = tree.query(self.place[todo], k=k)
            other, own = self.end[near], self.end[todo, None]
            away = np.where((other == own) | (other == self.far[own]), np.inf, away)
            best = away.argmin(axis=1)
            rows = np.arange(len(todo))
            nearest[todo], distance[todo] = near[rows, best], away[rows, best]
            if k == len(self.end):
                break
            # Points of a closed line have each other for neighbors; one that sees another line is enough.
            blind = np.isinf(np.minimum.reduceat(distance, first))
            counts = np.diff(np.append(first, len(self.end)))
            todo = np.flatnonzero(np.repeat(blind, counts))
            k *= 4
            if k > 40:  # far from all others it does not matter much which of its points is asked
                todo = todo[(todo - np.repeat(first, counts)[todo]) % 8 == 0]
        order = np.lexsort((distance, self.end))
        mine = order[np.flatnonzero(np.diff(self.end[order], prepend=-1))]
        mine = mine[np.isfinite(distance[mine])]
        mine = mine[np.argsort(distance[mine], kind="stable")]
        return mine, nearest[mine]

    def join(self, mine: Ints, theirs: Ints) -> None:
        """Join the places that are closest to each other, of pairs by distance."""
        a, b = self.end[mine], self.end[theirs]
        rank = np.arange(len(a))
        first = np.full(len(self.mate), len(a))
        np.minimum.at(first, a, rank)
        np.minimum.at(first, b, rank)
        chosen = np.flatnonzero((first[a] == rank) & (first[b] == rank))
        chosen = chosen[self._acyclic(a[chosen], b[chosen])]
        a, b, mine, theirs = a[chosen], b[chosen], mine[chosen], theirs[chosen]
        self.mate[a], self.mate[b] = b, a
        self.count -= len(a)

        places = np.concatenate([mine, theirs])
        line = self.end[places] // 2
        fresh = self.lines.closed[line] & (self.end[places] % 2 == 0)
        pinned, line = places[fresh], line[fresh]
        self.pins[line] = self.point[pinned]
        kept = self.mate[self.end] < 0
        end = np.concatenate([self.end[kept], 2 * line + 1])
        order = np.argsort(end, kind="stable")
        self.place = np.concatenate([self.place[kept], self.place[pinned]])[order]
        self.point = np.concatenate([self.point[kept], self.point[pinned]])[order]
        self.end = end[order]
        free = self.free
        end = self.far[free]
        todo = np.flatnonzero(self.mate[end] >= 0)
        while len(todo):
            end[todo] = self.far[self.mate[end[todo]]]
            todo = todo[self.mate[end[todo]] >= 0]
        self.far[free] = end

    def _acyclic(self, a: Ints, b: Ints) -> Ints:
        """Tell which of the joints, by distance, to make so that no ring of fragments closes: it loses its longest."""
        name = np.minimum(np.arange(len(self.far)), self.far)  # a fragment goes by the smaller of its free ends
        a, b = name[a], name[b]
        members, places = np.unique(np.concatenate([a, b]), return_inverse=True)
        a, b = places[: len(a)], places[len(a) :]
        graph = coo_array((np.ones(len(a), np.int8), (a, b)), shape=(len(members), len(members)))
        count, component = connected_components(graph, directed=False)
        joints = np.bincount(component[a], minlength=count)
        fragments = np.bincount(component, minlength=count)
        last = np.zeros(count, np.int64)
        np.maximum.at(last, component[a], np.arange(len(a)))
        kept: Ints = np.flatnonzero((joints < fragments)[component[a]] | (last[component[a]] != np.arange(len(a))))
        return kept
