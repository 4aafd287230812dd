"""Linked lists in whole arrays: which chain an item belongs to, and its place in it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Ints, offsets_of


class Chains(NamedTuple):
    """Chain after chain: chain k is `items[offsets[k]:offsets[k + 1]]`; `closed[k]` if its end meets its start."""

    items: Ints
    offsets: Ints
    closed: NDArray[np.bool_]


def chains(previous: Ints) -> Chains:
    """Order items by the one before each, -1 where there is none; every item is before at most one other.

    Open chains come first, by their first item, then closed ones, which start at their smallest item.
    Work is linear: a few items are walked one by one, of many, runs are drawn together into one item, and so on until
    each chain is a single one.
    """
    return _walked(previous) if len(previous) <= FEW else _drawn_together(previous)


FEW = 1 << 14
"""Items up to which a walk from each to the next is faster than whole arrays."""


def _walked(previous: Ints) -> Chains:
    linked = np.flatnonzero((previous >= 0) & (previous != np.arange(len(previous))))
    following = np.full(len(previous), -1, np.int64)
    following[previous[linked]] = linked
    heads = np.flatnonzero(previous < 0)
    onward, left = following.tolist(), [True] * len(previous)
    items: list[int] = []
    lengths: list[int] = []
    for start in (*heads.tolist(), *range(len(previous))):
        if not left[start]:
            continue
        before, at = len(items), start
        while at >= 0 and left[at]:
            left[at] = False
            items.append(at)
            at = onward[at]
        lengths.append(len(items) - before)
    closed = np.arange(len(lengths)) >= len(heads)
    return Chains(np.array(items, np.int64), offsets_of(np.array(lengths, np.int64)), closed)


def _drawn_together(previous: Ints) -> Chains:
    root, place, length = _places(previous, np.ones(len(previous), np.int64))
    heads = np.flatnonzero(previous < 0)
    is_root = root == np.arange(len(root))
    number = np.full(len(previous), -1, np.int64)
    number[root[heads]] = np.arange(len(heads))
    closed = np.flatnonzero(is_root & (number < 0))
    number[closed] = np.arange(len(heads), len(heads) + len(closed))
    roots = np.concatenate([root[heads], closed])
    offsets = offsets_of(length[roots])
    # A closed chain is told from its smallest item, its root, which so far is its last.
    rank = np.where(place == length[root], 0, place)
    chain = number[root]
    rank[chain < len(heads)] = place[chain < len(heads)] - 1
    items = np.empty(len(previous), np.int64)
    items[offsets[chain] + rank] = np.arange(len(previous))
    return Chains(items, offsets, np.arange(len(roots)) >= len(heads))


_STRIDE = 64
"""So often a long run is broken, so that not everything waits for the longest."""


def _places(previous: Ints, weight: Ints) -> tuple[Ints, Ints, Ints]:
    """Give each item the root of its chain, the weight up to and including it, and, for roots, that of the chain.

    The root of an open chain is its last item, and that of a closed one its smallest, taken for the last.
    Milestones are set at the ends of chains and at items smaller than both neighbors; each walks backwards to the one
    before, all at a time. The milestones are chains again, of at most half the items (Helman and JáJá 1999, with
    milestones chosen so that the smallest item of a closed chain is always among them).
    """
    count = len(previous)
    item = np.arange(count)
    linked = np.flatnonzero((previous >= 0) & (previous != item))
    if not len(linked):
        return item, weight.copy(), weight
    following = np.full(count, -1, np.int64)
    following[previous[linked]] = linked
    mark = (following < 0) | ((item < previous) & (item < following))
    if len(linked) > _STRIDE**2:
        mark[linked[::_STRIDE]] = True
    milestones = np.flatnonzero(mark)
    number = np.full(count, -1, np.int64)
    number[milestones] = np.arange(len(milestones))

    owner, behind = number.copy(), np.zeros(count, np.int64)
    before, total = np.full(len(milestones), -1, np.int64), weight[milestones]
    walker, at = np.arange(len(milestones)), previous[milestones]
    passed = total
    while len(walker):
        ended = at < 0
        there = number[at]  # nonsense where ended
        stops = ended | (there >= 0)
        done = walker[stops]
        before[done], total[done] = np.where(ended, -1, there)[stops], passed[stops]
        goes = ~stops
        walker, at, passed = walker[goes], at[goes], passed[goes]
        owner[at], behind[at] = walker, passed
        passed = passed + weight[at]
        at = previous[at]
    root, place, length = _places(before, total)
    whole = np.zeros(count, np.int64)
    whole[milestones] = length
    return milestones[root[owner]], place[owner] - behind, whole


def components(count: int, first: Ints, second: Ints) -> Ints:
    """Give each of `count` items the smallest item it is connected to by the pairs (first, second).

    Hooking to the smaller root and pointer jumping (Shiloach and Vishkin 1982), whole arrays at a time.
    """
    root = np.arange(count)
    while len(first):
        a, b = root[first], root[second]
        apart = a != b
        first, second, a, b = first[apart], second[apart], a[apart], b[apart]
        np.minimum.at(root, np.maximum(a, b), np.minimum(a, b))
        while True:
            above = root[root]
            if np.array_equal(above, root):
                break
            root = above
    return root
