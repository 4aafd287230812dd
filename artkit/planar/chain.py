"""Linked lists in whole arrays: which chain an item belongs to, and its place in it, by pointer doubling."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


class Chains(NamedTuple):
    """Items in chain after chain: chain k is `items[offsets[k]:offsets[k + 1]]`; `closed[k]` if its end meets its start."""

    items: Ints
    offsets: Ints
    closed: NDArray[np.bool_]


def chains(previous: Ints) -> Chains:
    """Order items by the one before each, -1 where there is none; every item is before at most one other.

    Open chains come first, by their first item, then closed ones, which start at their smallest item.
    Work is O(n log(longest chain)): Wyllie's list ranking, in which every item jumps twice as far each round.
    """
    heads = np.flatnonzero(previous < 0)
    head, rank, lost = _rank(previous, heads, np.flatnonzero(previous >= 0))
    if len(lost):  # on no open chain, so on a closed one
        smallest = _smallest(previous, lost)
        breaks = lost[smallest[lost] == lost]
        cut = previous.copy()
        cut[breaks] = -1
        circle_head, circle_rank, _ = _rank(cut, breaks, lost[smallest[lost] != lost])
        head[lost], rank[lost] = circle_head[lost], circle_rank[lost]
    else:
        breaks = lost
    starts = np.concatenate([heads, breaks])
    number = np.empty(len(previous), np.int64)
    number[starts] = np.arange(len(starts))
    chain = number[head]
    offsets = np.concatenate([[0], np.cumsum(np.bincount(chain, minlength=len(starts)))])
    items = np.empty(len(previous), np.int64)
    items[offsets[chain] + rank] = np.arange(len(previous))
    return Chains(items, offsets, np.arange(len(starts)) >= len(heads))


def _rank(previous: Ints, heads: Ints, active: Ints) -> tuple[Ints, Ints, Ints]:
    """Give each item's head and distance from it, and the items that never meet a head."""
    jump = previous.copy()
    jump[heads] = heads
    rank = np.ones(len(previous), np.int64)
    rank[heads] = 0
    arrived = np.zeros(len(previous), bool)
    arrived[heads] = True
    reach, most = 1, len(active)
    while len(active) and reach <= most:
        ahead = jump[active]
        rank[active] += np.where(arrived[active], 0, rank[ahead])
        jump[active] = jump[ahead]
        active = active[~arrived[jump[active]]]
        reach *= 2
    return jump, rank, active


def _smallest(previous: Ints, items: Ints) -> Ints:
    """Give, for each of the items on closed chains, the smallest item of its chain."""
    jump, smallest = previous.copy(), np.arange(len(previous))
    active, reach = items, 1
    while reach <= len(active):
        ahead = jump[active]
        smallest[active] = np.minimum(smallest[active], smallest[ahead])
        jump[active] = jump[ahead]
        reach *= 2
    return smallest


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
