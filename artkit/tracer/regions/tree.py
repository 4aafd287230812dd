"""The merge tree of a picture: from pixels to one region, always the pair of neighbors whose union costs the least.

What a union costs is the squared error that it adds (Ward 1963), divided by a price that grows with the border that
goes (the lambda schedule of Koepfler, Lopez and Morel 1994): ragged regions go before round ones. From pixels on, all
pairs that are each other's cheapest neighbor merge at once, in whole arrays; the last regions merge one by one, in
exact order. Nothing is left to chance: of equals the first goes.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Floats, Ints
from artkit.planar.chain import components
from artkit.tracer.regions.fields import error, label_moments

EXACT = 700
"""Regions that are merged one by one."""

SOME = 0.07
"""Share of the pairs that merge in a round, the cheapest, once there are few regions: close to exact order."""

MANY = 60_000
"""With more regions than this, all pairs that can merge do."""

BAND = 1 << 19
"""Pixels of a band of rows; in the first rounds bands are worked on one after the other, in the cache."""

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


def gathered(moments: Floats, number: Ints) -> Floats:
    """Give the moments, (16, m), of regions that each take in those of moments (16, n) that have their number."""
    return np.stack([np.bincount(number, row, int(number.max(initial=-1)) + 1) for row in moments])


def relabeled(labels: NDArray[np.int32], number: Ints) -> NDArray[np.int32]:
    """Give each label its new number; -1 stays."""
    table = np.append(number, -1).astype(np.int32)
    result: NDArray[np.int32] = table[labels]
    return result


def merge_tree(
    leaves: NDArray[np.int32],
    colors: NDArray[np.float32],
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
    a, b, length = adjacency(leaves, count)
    known = label_moments(leaves, colors, weight, count) if moments is None else moments
    graph = _Graph(known, a, b, length, _Pricing(gradient, border, thin))
    history = _History(count)
    width = _Width(leaves) if thin < 1 else None
    narrow = width.narrow if width else None
    while len(graph.a) and (nodes := graph.moments.shape[1]) > least:
        if nodes <= EXACT:
            _one_by_one(graph, history, width, narrow, least)
            break
        cost = graph.cost(narrow)
        pairs = graph.cheapest(cost)
        if nodes <= MANY or nodes - len(pairs) < least:
            some = max(1, min(int(SOME * len(pairs)), nodes - max(EXACT, least)))
            pairs = pairs[np.argsort(cost[pairs], kind="stable")[:some]]
        number = graph.merge(pairs, cost, history)
        if width:
            narrow = width.merged(number, graph.moments.shape[1])
    return history.tree(leaves)


FINE = 16
"""Pixels of a superpixel where bands are put together, on the average: so few that no band has lost what shows."""


def superpixels(
    colors: NDArray[np.float32], weight: NDArray[np.float32] | None, opaque: Bools | None, count: int
) -> NDArray[np.int32]:
    """Merge pixels to about `count` regions or a few more, each of one color: a label image (H, W), -1 not opaque."""
    height, width = colors.shape[:2]
    rows = max(16, BAND // width)
    tops = list(range(0, max(height - 15, 1), rows))
    labels = np.empty((height, width), np.int32)
    found = 0
    for top, bottom in pairwise([*tops, height]):
        band = slice(top, bottom)
        part = _band_of_superpixels(
            colors[band],
            None if weight is None else weight[band],
            None if opaque is None else opaque[band],
            count if len(tops) == 1 else max(count // len(tops), (bottom - top) * width // FINE),
        )
        labels[band] = np.where(part >= 0, part + found, -1)
        found += int(part.max(initial=-1)) + 1
    if len(tops) == 1 or found <= count:
        return labels
    graph = _Graph(_sums(labels, colors, weight, found), *adjacency(labels, found), None)
    return relabeled(labels, _until(graph, count))


def _band_of_superpixels(
    colors: NDArray[np.float32], weight: NDArray[np.float32] | None, opaque: Bools | None, count: int
) -> NDArray[np.int32]:
    height, width = colors.shape[:2]
    index = np.arange(height * width, dtype=np.int64).reshape(height, width)
    a = np.concatenate([index[:, :-1].ravel(), index[:-1].ravel()])
    b = np.concatenate([index[:, 1:].ravel(), index[1:].ravel()])
    if opaque is not None:
        inside = opaque.ravel()
        a, b = (side[inside[a] & inside[b]] for side in (a, b))
    heavy = np.ones(height * width) if weight is None else weight.ravel().astype(np.float64)
    sums = np.concatenate([heavy[None], colors.reshape(-1, 3).T * heavy])
    graph = _Graph(sums, a, b, np.ones(len(a)), None)
    owner = _until(graph, count if opaque is None else count + int((~opaque).sum()))
    labels = owner.astype(np.int32)
    if opaque is not None:
        found = np.unique(np.where(opaque.ravel(), labels, -1), return_inverse=True)[1].ravel()
        labels = (found - int(not opaque.all())).astype(np.int32)
    return labels.reshape(height, width)


def _until(graph: _Graph, count: int) -> Ints:
    """Merge all pairs that can, round after round, until `count` regions are left; the new number of each old one."""
    owner = np.arange(graph.moments.shape[1])
    while len(graph.a) and (few := graph.moments.shape[1] - count) > 0:
        cost = graph.cost(None)
        pairs = graph.cheapest(cost)
        if len(pairs) > few:
            pairs = pairs[np.argsort(cost[pairs], kind="stable")[:few]]
        owner = graph.merge(pairs, cost, None)[owner]
    return owner


def _sums(
    labels: NDArray[np.int32], colors: NDArray[np.float32], weight: NDArray[np.float32] | None, count: int
) -> Floats:
    """Weights and weighted colors of regions, (4, count); rows of pixels at a time."""
    total = np.zeros((4, count))
    rows = max(1, BAND // labels.shape[1])
    for top in range(0, len(labels), rows):
        flat = labels[top : top + rows].ravel()
        inside = flat >= 0
        heavy = np.ones(len(flat)) if weight is None else weight[top : top + rows].ravel()
        color = colors[top : top + rows].reshape(-1, 3)
        for row, part in zip(total, (heavy, *(color.T * heavy)), strict=True):
            row += np.bincount(flat[inside], part[inside], count)
    return total


def adjacency(labels: NDArray[np.int32], count: int) -> tuple[Ints, Ints, Floats]:
    """Neighbors among regions: pairs a < b in order, and the length of their common border in pixels."""
    keys = []
    for one, other in ((labels[:, :-1], labels[:, 1:]), (labels[:-1], labels[1:])):
        differ = (one != other) & (one >= 0) & (other >= 0)
        p, q = one[differ].astype(np.int64), other[differ]
        keys.append(np.minimum(p, q) * count + np.maximum(p, q))
    return _summed(np.concatenate(keys), None, count)


def _summed(keys: Ints, length: Floats | None, count: int) -> tuple[Ints, Ints, Floats]:
    """Sum lengths, or ones, of equal keys `a * count + b`."""
    if not len(keys):
        return keys, keys, np.zeros(0)
    if length is None:
        keys = np.sort(keys)
    else:
        order = np.argsort(keys, kind="stable")
        keys, length = keys[order], length[order]
    first = np.flatnonzero(np.append(True, keys[1:] != keys[:-1]))
    total = np.diff(np.append(first, len(keys))) if length is None else np.add.reduceat(length, first)
    a, b = np.divmod(keys[first], count)
    return a, b, total.astype(np.float64)


@dataclass(frozen=True)
class _Pricing:
    """What unions cost: see `merge_tree`."""

    gradient: float
    border: float
    thin: float


class _Graph:
    """Regions by their moments, (16, n), or sums of weight and colors, (4, n), and neighbors a < b with their borders.

    With sums alone, or without a pricing, a union costs the squared error of one color.
    """

    def __init__(self, moments: Floats, a: Ints, b: Ints, length: Floats, pricing: _Pricing | None) -> None:
        self.moments, self.a, self.b, self.length, self.pricing = moments, a, b, length, pricing
        self.own = error(moments, pricing.gradient) if pricing else np.zeros(0)

    def cost(self, narrow: Bools | None) -> Floats:
        """What the union of each pair costs."""
        if self.pricing is None:
            weight = self.moments[0]
            mean = self.moments[1:] / weight
            gap = np.take(mean, self.a, axis=1)
            gap -= np.take(mean, self.b, axis=1)
            gap *= gap
            wa, wb = weight[self.a], weight[self.b]
            cost: Floats = gap.sum(0) * (wa * wb / (wa + wb))
            return cost
        return priced(self.moments, self.own, self.a, self.b, self.length, self.pricing, narrow)

    def cheapest(self, cost: Floats) -> Ints:
        """Pairs that are the cheapest for both of their regions."""
        least = np.full(self.moments.shape[1], np.inf)
        np.minimum.at(least, self.a, cost)
        np.minimum.at(least, self.b, cost)
        return np.flatnonzero((cost <= least[self.a]) & (cost <= least[self.b]))

    def merge(self, pairs: Ints, cost: Floats, history: _History | None) -> Ints:
        """Unite pairs; give the new number of each region."""
        nodes = self.moments.shape[1]
        root = components(nodes, self.a[pairs], self.b[pairs])
        kept = root == np.arange(nodes)
        number = (np.cumsum(kept) - 1)[root]
        gone = np.flatnonzero(~kept)
        if history:
            history.record(root, gone, self.a[pairs], cost[pairs], kept)
        united = self.moments[:, kept]
        to = number[gone]
        for row, old in zip(united, self.moments, strict=True):
            row += np.bincount(to, old[gone], len(row))
        touched = np.zeros(united.shape[1], bool)
        touched[to] = True
        self.moments = united
        if self.pricing:
            own = self.own[kept]
            own[touched] = error(united[:, touched], self.pricing.gradient)
            self.own = own
        a, b = number[self.a], number[self.b]
        apart = a != b
        a, b = a[apart], b[apart]
        self.a, self.b, self.length = _summed(
            np.minimum(a, b) * united.shape[1] + np.maximum(a, b), self.length[apart], united.shape[1]
        )
        return number


def priced(m: Floats, own: Floats, a: Ints, b: Ints, length: Floats, pricing: _Pricing, narrow: Bools | None) -> Floats:
    """What the unions of pairs cost."""
    union = np.take(m, a, axis=1)
    union += np.take(m, b, axis=1)
    cost = np.maximum(error(union, pricing.gradient) - own[a] - own[b], 0) / (1 + length / pricing.border)
    if narrow is not None:
        cost = np.where(narrow[a] | narrow[b], pricing.thin, 1.0) * cost
    return cost


class _History:
    """Which leaf was taken in by which, when, and at what cost."""

    def __init__(self, count: int) -> None:
        self.into = np.arange(count)
        self.cost = np.full(count, np.inf)
        self.round = np.zeros(count, np.int64)
        self.leaf = np.arange(count)  # of each region now
        self.height = np.zeros(count)  # the highest cost within each region now
        self.now = 0

    def record(self, root: Ints, gone: Ints, first: Ints, cost: Floats, kept: Bools) -> None:
        """Take regions `gone` into their roots, at the costs of the pairs whose first regions are given."""
        height = self.height.copy()
        np.maximum.at(height, root, self.height)
        np.maximum.at(height, root[first], cost)
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
        return MergeTree(leaves, self.into, turn, sorted_[: int(np.isfinite(sorted_).sum())])


def cores(labels: NDArray[np.int32]) -> Bools:
    """Tell which pixels are the middles of three by three of one region."""
    core: Bools = labels >= 0
    for shifted in _around(labels):
        core &= shifted == labels
    return core


def _around(labels: NDArray[np.int32]) -> list[NDArray[np.int32]]:
    """Give the labels of each pixel's three by three neighbors, row by row; beyond the picture they are -2."""
    height, width = labels.shape
    padded = np.pad(labels, 1, constant_values=-2)
    return [padded[dy : dy + height, dx : dx + width] for dy in range(3) for dx in range(3)]


class _Width:
    """Which regions are nowhere three pixels wide: no block of three by three pixels lies in them."""

    def __init__(self, leaves: NDArray[np.int32]) -> None:
        width = leaves.shape[1]
        self.owner = np.arange(int(leaves.max(initial=-1)) + 1)
        around = _around(leaves)
        core = cores(leaves)
        wide = np.append(np.zeros(len(self.owner), bool), True)  # the last one for -1
        wide[leaves[core]] = True
        spots = np.flatnonzero(~wide[leaves])
        self.blocks = np.stack([shifted.ravel()[spots] if k == 4 else shifted[spots // width, spots % width]
                                for k, shifted in enumerate(around)])  # fmt: skip
        self.blocks = self.blocks[:, (self.blocks >= 0).all(0)]
        self.wide = wide[:-1]

    @property
    def narrow(self) -> Bools:
        """Which regions are, now."""
        return ~self.wide

    def merged(self, number: Ints, count: int) -> Bools:
        """Look again after unions, given the new number of each region: what is united with something wide is wide."""
        self.owner = number[self.owner]
        wide = np.zeros(count, bool)
        wide[number[self.wide]] = True
        self.wide = wide
        self._look()
        return ~self.wide

    def _look(self) -> None:
        of = self.owner[self.blocks[4]]
        self.blocks, of = self.blocks[:, ~self.wide[of]], of[~self.wide[of]]
        whole = np.arange(len(of))
        for k in (0, 8, 2, 6, 1, 3, 5, 7):
            whole = whole[self.owner[self.blocks[k, whole]] == of[whole]]
        self.wide[of[whole]] = True

    def still_narrow(self, owner: Ints, region: int) -> bool:
        """Whether one region is, given the region that each one of the last look belongs to."""
        of = owner[self.owner[self.blocks]]
        return not bool((of == region).all(0).any())


def _one_by_one(graph: _Graph, history: _History, width: _Width | None, narrow: Bools | None, fewest: int) -> None:
    """Merge the last regions in exact order; tables of all pairs are small enough now."""
    pricing = graph.pricing
    assert pricing is not None
    count = graph.moments.shape[1]
    m, own = graph.moments.copy(), graph.own.copy()
    length, table = np.zeros((count, count)), np.full((count, count), np.inf)
    cost = graph.cost(narrow)
    for p, q in ((graph.a, graph.b), (graph.b, graph.a)):
        length[p, q], table[p, q] = graph.length, cost
    best = table.argmin(1)
    least = table[np.arange(count), best]
    owner = np.arange(count)
    height = history.height.copy()
    for _ in range(count - fewest):
        a = int(least.argmin())
        if not np.isfinite(least[a]):
            break
        a, b = sorted((a, int(best[a])))
        height[a] = max(height[a], height[b], table[a, b])
        leaf = history.leaf[b]
        history.into[leaf], history.cost[leaf], history.round[leaf] = history.leaf[a], height[a], history.now
        history.now += 1
        owner[owner == b] = a
        m[:, a] += m[:, b]
        own[a] = error(m[:, a : a + 1], pricing.gradient)[0]
        if narrow is not None and width is not None:
            narrow[a] = narrow[a] and narrow[b] and width.still_narrow(owner, a)
        length[a] += length[b]
        length[a, a] = 0
        length[:, a] = length[a]
        length[b] = length[:, b] = 0
        table[b] = table[:, b] = np.inf
        least[b] = np.inf
        near = np.flatnonzero(length[a])
        table[a] = table[:, a] = np.inf
        if len(near):
            new = priced(m, own, np.full(len(near), a), near, length[a, near], pricing, narrow)
            table[a, near] = table[near, a] = new
            stale = near[(best[near] == a) | (best[near] == b)]
            better = new < least[near]
            best[near[better]], least[near[better]] = a, new[better]
            stale = np.append(stale, a)
        else:
            stale = np.array([a])
        best[stale] = table[stale].argmin(1)
        least[stale] = table[stale, best[stale]]
