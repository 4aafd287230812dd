"""The merge tree of a picture: from pixels to one region, always the pair of neighbors whose union costs the least.

What a union costs is the squared error that it adds (Ward 1963), divided by a price that grows with the border that
goes (the lambda schedule of Koepfler, Lopez and Morel 1994): ragged regions go before round ones. From pixels on, all
pairs that are each other's cheapest neighbor merge at once, in whole arrays; the last regions merge one by one, in
exact order. Nothing is left to chance: of equals the first goes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Floats, Ints
from artkit.artwork.remembered import remembered
from artkit.spans import spanned
from artkit.tracer.regions.fields import error, label_moments
from artkit.tracer.regions.graph import Pricing, RegionGraph, Unions, adjacency, priced
from artkit.tracer.regions.labels import relabeled
from artkit.tracer.regions.seen import Colors
from artkit.tracer.regions.width import Widths

EXACT = 700
"""Regions that are merged one by one."""

SOME = 0.07
"""Share of the pairs that merge in a round, the cheapest, once there are few regions: close to exact order."""

MANY = 60_000
"""With more regions than this, all pairs that can merge do."""

BORDER = 400.0
"""Pixels of border that double a union's price."""


@dataclass(frozen=True, eq=False)
class MergeTree:
    """A picture's regions at every level of detail.

    `leaves` (H, W) int32 are the regions of the finest level, -1 where there is none. Leaf k is taken in by the leaf
    `into[k]`, and all that it has taken in before comes along; `turn[k]` is when, counted from 0, and the last ones,
    which are never taken in, have the highest. `cost` (leaves,) is what that costs, in the order of turns.
    """

    leaves: NDArray[np.int32]
    into: Ints
    turn: Ints
    cost: Floats

    @property
    def fewest(self) -> int:
        """Number of regions of the coarsest level: where merging stopped, or as many as there are separate parts."""
        return len(self.into) - len(self.cost)

    def owners(self, count: int) -> Ints:
        """Give the region, from 0 on, of each leaf at the level of `count` regions."""
        kept = np.arange(len(self.into))
        root = np.where(self.turn < len(self.into) - max(count, self.fewest), self.into, kept)
        while not np.array_equal(above := root[root], root):
            root = above
        number = np.cumsum(root == kept) - 1
        return number[root]

    def cut(self, count: int) -> NDArray[np.int32]:
        """Give the label image of the level with `count` regions: (H, W) int32, numbered in the order of leaves."""
        return relabeled(self.leaves, self.owners(count))

    def count_at(self, cost: float) -> int:
        """Number of regions left when no union costs less than `cost` any more; costs of unions only rise."""
        return len(self.into) - int(np.searchsorted(self.cost, cost))


@remembered
@spanned("merge tree")
def merge_tree(
    leaves: NDArray[np.int32],
    colors: Colors,
    weight: NDArray[np.float32] | None = None,
    *,
    gradient: float = np.inf,
    border: float = BORDER,
    thin: float = 1.0,
    least: int = 1,
    moments: Floats | None = None,
) -> MergeTree:
    """Merge the regions of a label image (H, W), numbered from 0 on, until `least` are left, or one of each part.

    `colors` (H, W, 3) are in a space in which squared distances count; `weight` (H, W) makes some pixels count more. A
    region may be filled by a gradient where that saves `gradient` of squared error. Unions with a region nowhere three
    pixels wide cost only `thin` of what they would. `moments` are those of the leaves, where they are known.
    """
    count = int(leaves.max(initial=-1)) + 1
    known = label_moments(leaves, colors, weight, count) if moments is None else moments
    return Merging(leaves, known, Pricing(gradient, border, thin)).tree(least)


class Merging:
    """Regions (H, W) with moments (16, n), on their way to one: `tree` tells how far they have come."""

    def __init__(self, leaves: NDArray[np.int32], moments: Floats, pricing: Pricing) -> None:
        count = moments.shape[1]
        self.leaves = leaves
        self.graph = RegionGraph(moments, *adjacency(leaves, count), pricing)
        self.history = _History(count)
        self.width = Widths(leaves) if pricing.thin < 1 else None
        self.narrow = self.width.narrow if self.width else None
        self.last: _OneByOne | None = None

    def tree(self, least: int) -> MergeTree:
        """Merge on until `least` regions are left, or one of each part; all that was merged so far is in the tree.

        If fewer are asked for after `EXACT` or less, all is as if these had been asked for at first.
        """
        graph, width = self.graph, self.width
        while self.last is None and len(graph.a) and (nodes := graph.moments.shape[1]) > least:
            if nodes <= EXACT:
                self.last = _OneByOne(graph, self.history, width, self.narrow)
                break
            cost = graph.cost(self.narrow)
            pairs = graph.cheapest(cost)
            if nodes <= MANY or nodes - len(pairs) < least:
                some = max(1, min(int(SOME * len(pairs)), nodes - max(EXACT, least)))
                pairs = pairs[np.argsort(cost[pairs], kind="stable")[:some]]
            unions = graph.merge(pairs, cost)
            self.history.record(unions)
            if width:
                self.narrow = width.merged(unions.number, graph.moments.shape[1])
        if self.last is not None:
            self.last.merge(least)
        return self.history.tree(self.leaves)


class _History:
    """Which leaf was taken in by which, when, and at what cost."""

    def __init__(self, count: int) -> None:
        self.into = np.arange(count)
        self.cost = np.full(count, np.inf)
        self.round = np.zeros(count, np.int64)
        self.leaf = np.arange(count)  # of each region now
        self.height = np.zeros(count)  # the highest cost within each region now
        self.now = 0

    def record(self, unions: Unions) -> None:
        """Take the regions that are not kept into their roots, at the highest cost within what they become."""
        root, kept = unions.root, unions.is_kept
        gone = np.flatnonzero(~kept)
        height = self.height.copy()
        np.maximum.at(height, root, self.height)
        np.maximum.at(height, root[unions.first], unions.cost)
        taken = self.leaf[gone]
        self.into[taken], self.cost[taken], self.round[taken] = self.leaf[root[gone]], height[root[gone]], self.now
        self.leaf, self.height = self.leaf[kept], height[kept]
        self.now += 1

    def tree(self, leaves: NDArray[np.int32]) -> MergeTree:
        """Put all unions in order: by cost, which within a region never falls."""
        order = np.lexsort((self.round, self.cost))
        turn = np.empty(len(order), np.int64)
        turn[order] = np.arange(len(order))
        sorted_ = self.cost[order]
        return MergeTree(leaves, self.into.copy(), turn, sorted_[: int(np.isfinite(sorted_).sum())])


class _OneByOne:
    """The last regions, which merge in exact order; tables of all pairs are small enough now."""

    def __init__(self, graph: RegionGraph, history: _History, width: Widths | None, narrow: Bools | None) -> None:
        assert graph.pricing is not None
        self.pricing, self.history, self.width, self.narrow = graph.pricing, history, width, narrow
        self.count = count = graph.moments.shape[1]
        self.moments, self.own = graph.moments.copy(), graph.own.copy()
        self.length, self.table = np.zeros((count, count)), np.full((count, count), np.inf)
        cost = graph.cost(narrow)
        for p, q in ((graph.a, graph.b), (graph.b, graph.a)):
            self.length[p, q], self.table[p, q] = graph.length, cost
        self.best = self.table.argmin(1)
        self.least = self.table[np.arange(count), self.best]
        self.owner = np.arange(count)
        self.height = history.height.copy()

    def merge(self, fewest: int) -> None:
        """Merge until so many are left, or none has a neighbor."""
        m, own, length, table = self.moments, self.own, self.length, self.table
        best, least, height, history = self.best, self.least, self.height, self.history
        while self.count > fewest:
            a = int(least.argmin())
            if not np.isfinite(least[a]):
                break
            self.count -= 1
            a, b = sorted((a, int(best[a])))
            height[a] = max(height[a], height[b], table[a, b])
            leaf = history.leaf[b]
            history.into[leaf], history.cost[leaf], history.round[leaf] = history.leaf[a], height[a], history.now
            history.now += 1
            self.owner[self.owner == b] = a
            m[:, a] += m[:, b]
            own[a] = error(m[:, a : a + 1], self.pricing.gradient)[0]
            if self.narrow is not None and self.width is not None:
                slim = self.narrow[a] and self.narrow[b]
                self.narrow[a] = slim and self.width.still_narrow(self.owner, a)
            length[a] += length[b]
            length[a, a] = 0
            length[:, a] = length[a]
            length[b] = length[:, b] = 0
            table[b] = table[:, b] = np.inf
            least[b] = np.inf
            near = np.flatnonzero(length[a])
            table[a] = table[:, a] = np.inf
            stale = np.array([a])
            if len(near):
                new = priced(m, own, np.full(len(near), a), near, length[a, near], self.pricing, self.narrow)
                table[a, near] = table[near, a] = new
                stale = np.append(near[(best[near] == a) | (best[near] == b)], a)
                better = new < least[near]
                best[near[better]], least[near[better]] = a, new[better]
            best[stale] = table[stale].argmin(1)
            least[stale] = table[stale, best[stale]]
