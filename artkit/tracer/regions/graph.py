"""Regions and their neighbors: what the union of two costs, and all unions of a round at once.

Nothing here sees pixels but `adjacency`: a region is what its moments say (see `fields`), and so is a union.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Floats, Ints
from artkit.planar.chain import components
from artkit.tracer.regions.fields import error


@dataclass(frozen=True)
class Pricing:
    """What unions cost: see `merge_tree`."""

    gradient: float
    border: float
    thin: float


class RegionGraph:
    """Regions by their moments, (16, n), or sums of weight and colors, (4, n), and neighbors a < b with their borders.

    With sums alone, or without a pricing, a union costs the squared error of one color.
    """

    def __init__(self, moments: Floats, a: Ints, b: Ints, length: Floats, pricing: Pricing | None) -> None:
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

    def merge(self, pairs: Ints, cost: Floats) -> Unions:
        """Unite pairs at the costs of all pairs."""
        nodes = self.moments.shape[1]
        root = components(nodes, self.a[pairs], self.b[pairs])
        kept = root == np.arange(nodes)
        number = (np.cumsum(kept) - 1)[root]
        gone = np.flatnonzero(~kept)
        unions = Unions(number, root, kept, self.a[pairs], cost[pairs])
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
        self.a, self.b, self.length = summed(
            np.minimum(a, b) * united.shape[1] + np.maximum(a, b), self.length[apart], united.shape[1]
        )
        return unions


class Unions(NamedTuple):
    """What a round of merging did to n regions: `number` (n,) is the new one of each, `root` (n,) the old one of the
    region that it is part of now, which `is_kept` (n,). The pairs (P,) had the regions `first`, and more, and `cost`.
    """

    number: Ints
    root: Ints
    is_kept: Bools
    first: Ints
    cost: Floats


def priced(m: Floats, own: Floats, a: Ints, b: Ints, length: Floats, pricing: Pricing, narrow: Bools | None) -> Floats:
    """What the unions of pairs cost."""
    union = np.take(m, a, axis=1)
    union += np.take(m, b, axis=1)
    cost = np.maximum(error(union, pricing.gradient) - own[a] - own[b], 0) / (1 + length / pricing.border)
    if narrow is not None:
        cost = np.where(narrow[a] | narrow[b], pricing.thin, 1.0) * cost
    return cost


def adjacency(labels: NDArray[np.int32], count: int) -> tuple[Ints, Ints, Floats]:
    """Neighbors among regions: pairs a < b in order, and the length of their common border in pixels."""
    keys = []
    for one, other in ((labels[:, :-1], labels[:, 1:]), (labels[:-1], labels[1:])):
        differ = (one != other) & (one >= 0) & (other >= 0)
        p, q = one[differ].astype(np.int64), other[differ]
        keys.append(np.minimum(p, q) * count + np.maximum(p, q))
    return summed(np.concatenate(keys), None, count)


def summed(keys: Ints, length: Floats | None, count: int) -> tuple[Ints, Ints, Floats]:
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
