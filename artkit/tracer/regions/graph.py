"""Regions and their neighbors: what the union of two costs, and all unions of a round at once.

Nothing here sees pixels but `adjacency`: a region is what its moments say (see `fields`), and so is a union.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Floats, Ints
from artkit.planar.chain import components
from artkit.tracer.regions.fields import error

Number = TypeVar("Number", np.int64, np.float64)


@dataclass(frozen=True)
class Pricing:
    """What unions cost: see `merge_tree`."""

    gradient: float
    border: float
    thin: float


class RegionGraph:
    """Regions by their moments, (16, n), or sums of weight and colors, (4, n), and neighbors a < b with their borders.

    With sums alone, or without a pricing, a union costs the squared error of one color, and lengths do not count.
    """

    def __init__(self, moments: Floats, a: Ints, b: Ints, length: Floats, pricing: Pricing | None) -> None:
        self.moments, self.a, self.b, self.length, self.pricing = moments, a, b, length, pricing
        self.own = error(moments, pricing.gradient) if pricing else np.zeros(0)
        self._price = np.full(len(a), np.nan)  # of each pair, regions being wide or narrow; nan until it is asked for

    def cost(self, narrow: Bools | None) -> Floats:
        """What the union of each pair costs."""
        if self.pricing is None:
            weight = self.moments[0]
            mean = self.moments[1:] / weight
            cost: Floats = np.zeros(len(self.a))
            for channel in mean:
                gap = channel.take(self.a)
                gap -= channel.take(self.b)
                gap *= gap
                cost += gap
            wa, wb = weight.take(self.a), weight.take(self.b)
            both = wa + wb
            wa *= wb
            wa /= both
            cost *= wa
            return cost
        new = np.flatnonzero(np.isnan(self._price))
        a, b = self.a[new], self.b[new]
        self._price[new] = priced(self.moments, self.own, a, b, self.length[new], self.pricing, None)
        return _discounted(self._price, self.a, self.b, self.pricing, narrow)

    def cheapest(self, cost: Floats) -> Ints:
        """Pairs that are the cheapest for both of their regions."""
        least = np.full(self.moments.shape[1], np.inf)
        np.minimum.at(least, self.a, cost)
        np.minimum.at(least, self.b, cost)
        found = np.flatnonzero(cost <= least.take(self.a))
        return found[cost[found] <= least.take(self.b[found])]

    def merge(self, pairs: Ints, cost: Floats) -> Unions:
        """Unite pairs at the costs of all pairs."""
        nodes = self.moments.shape[1]
        root = components(nodes, self.a[pairs], self.b[pairs])
        kept = root == np.arange(nodes)
        number = (np.cumsum(kept) - 1).take(root)
        gone = np.flatnonzero(~kept)
        unions = Unions(number, root, kept, self.a[pairs], cost[pairs])
        united = self.moments.take(np.flatnonzero(kept), axis=1)
        to = number[gone]
        for row, old in zip(united, self.moments, strict=True):
            row += np.bincount(to, old[gone], len(row))
        touched = np.zeros(united.shape[1], bool)
        touched[to] = True
        self.moments = united
        if self.pricing:
            own = self.own[kept]
            own[touched] = error(united.take(np.flatnonzero(touched), axis=1), self.pricing.gradient)
            self.own = own
        if self.pricing:
            self._renumber(number, touched)
        else:
            a, b = number.take(self.a), number.take(self.b)
            apart = np.flatnonzero(a != b)
            keys = _keys(a.take(apart), b.take(apart), len(touched))
            self.a, self.b, self.length = summed(keys, None, len(touched))
        return unions

    def _renumber(self, number: Ints, touched: Bools) -> None:
        """Give regions new numbers, in the same order but for those that `touched` others: borders of these add up.

        Pairs of two others stay in order, and at their price.
        """
        a, b = number[self.a], number[self.b]
        changed = touched[a] | touched[b]
        same, new = np.flatnonzero(~changed), np.flatnonzero(changed & (a != b))
        count = len(touched)
        new_a, new_b, new_length = summed(_keys(a[new], b[new], count), self.length[new], count)
        kept_a, kept_b = a[same], b[same]
        place = np.searchsorted(_keys(kept_a, kept_b, count), _keys(new_a, new_b, count)) + np.arange(len(new_a))
        self.a, self.b = _woven(kept_a, new_a, place), _woven(kept_b, new_b, place)
        self.length = _woven(self.length[same], new_length, place)
        self._price = _woven(self._price[same], np.full(len(place), np.nan), place)


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
    price = np.maximum(error(union, pricing.gradient) - own[a] - own[b], 0) / (1 + length / pricing.border)
    return _discounted(price, a, b, pricing, narrow)


def _discounted(price: Floats, a: Ints, b: Ints, pricing: Pricing, narrow: Bools | None) -> Floats:
    """What unions cost whose price is that of wide regions; this array itself where none is narrow."""
    return price if narrow is None else np.where(narrow[a] | narrow[b], pricing.thin, 1.0) * price


def _woven(old: NDArray[Number], new: NDArray[Number], place: Ints) -> NDArray[Number]:
    """Put new items among old ones, so that they come to these places."""
    found = np.empty(len(old) + len(new), old.dtype)
    free = np.ones(len(found), bool)
    free[place] = False
    found[place], found[free] = new, old
    return found


def adjacency(labels: NDArray[np.int32], count: int) -> tuple[Ints, Ints, Floats]:
    """Neighbors among regions: pairs a < b in order, and the length of their common border in pixels."""
    keys = []
    for one, other in ((labels[:, :-1], labels[:, 1:]), (labels[:-1], labels[1:])):
        differ = (one != other) & (one >= 0) & (other >= 0)
        p, q = one[differ].astype(np.int64), other[differ]
        keys.append(_keys(p, q, count))
    return summed(np.concatenate(keys), None, count)


def _keys(a: Ints, b: Ints, count: int) -> Ints:
    """One number for each pair of `count` regions, whichever of the two comes first."""
    return packed(np.minimum(a, b), np.maximum(a, b), count)


def packed(a: Ints, b: Ints, count: int) -> Ints:
    """One number for each pair of numbers, the second one up to `count`, in the order of pairs."""
    return a << count.bit_length() | b


def summed(keys: Ints, length: Floats | None, count: int) -> tuple[Ints, Ints, Floats]:
    """Sum lengths, or ones, of equal pairs, `packed`; give the pairs as well, in order."""
    if not len(keys):
        return keys, keys, np.zeros(0)
    if length is None:
        keys = np.sort(keys, kind="stable")  # in order nearly, which the other kind does not use
    else:
        order = np.argsort(keys, kind="stable")
        keys, length = keys[order], length[order]
    first = np.flatnonzero(np.append(True, keys[1:] != keys[:-1]))
    total = np.diff(np.append(first, len(keys))) if length is None else np.add.reduceat(length, first)
    kept, bits = keys[first], count.bit_length()
    return kept >> bits, kept & ((1 << bits) - 1), total.astype(np.float64)
