"""The fewest strokes that draw the same lines.

Lines are the edges of a graph. Its nodes are the places where lines end, and those where more than two segments meet;
lines that run through such a place are cut there. At each node ends are paired, those that run straight on first,
which makes trails, open and closed; closed ones are let into others that pass the same node (Hierholzer 1873), along
a spanning forest of what meets what. A part of the graph with 2k odd nodes is then drawn in k strokes, or in one:
Euler's bound. Odd nodes that are close, and not the same place, are made one node beforehand.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, minimum_spanning_tree
from scipy.spatial import cKDTree

from artkit.arrays import Bools, Floats, Ints, offsets_of, starts_of
from artkit.pens.lines import Lines
from artkit.spans import spanned

STEP = 1e-3
"""Millimetres within which places are the same."""


NEAREST = 4
"""Ends to look among for the closest other one, itself included."""


@spanned("merge lines")
def merged(lines: Lines, tolerance: float = 0.05) -> Lines:
    """Join lines whose ends are within `tolerance` mm, cutting others where that saves strokes.

    All segments stay, in as few lines as can be; between ends that are apart a segment is added, no longer than the
    tolerance. Lines come in the order of their first pieces. Lines without length stay as they are.
    """
    dots = np.flatnonzero(lines.lengths == 0) if len(lines) else np.empty(0, np.int64)
    if len(dots):
        rest = np.ones(len(lines), bool)
        rest[dots] = False
        return Lines.joined([merged(lines.take(rest), tolerance), lines.take(dots)])
    if not len(lines):
        return lines
    pieces, node, count = _pieces(lines)
    node = _close_nodes_as_one(pieces, node, count, tolerance)
    link = _straight_pairs(pieces, node)
    _let_in(link, node)
    return _strokes(pieces, link)


def _pieces(lines: Lines) -> tuple[Lines, Ints, int]:
    """Cut lines where segments meet; give the pieces, the node of each of their ends (2P,), and the number of nodes."""
    x, y = np.floor(lines.points.T / STEP + 0.3819660113).astype(np.int64)
    _, place = np.unique((x << 32) + y, return_inverse=True)
    end = np.zeros(len(place), bool)
    end[lines.offsets[:-1]] = end[lines.offsets[1:] - 1] = True
    degree = np.bincount(place, np.where(end, 1, 2))
    cut = ~end & (degree[place] > 2)
    counts = np.where(cut, 2, 1)
    points = np.repeat(lines.points, counts, axis=0)
    shift = starts_of(counts)
    heads = np.sort(np.concatenate([shift[lines.offsets[:-1]], shift[cut] + 1]))
    offsets = np.append(heads, len(points))
    place = np.repeat(place, counts)
    ends = np.stack([place[offsets[:-1]], place[offsets[1:] - 1]], axis=1).ravel()
    names, node = np.unique(ends, return_inverse=True)
    return Lines(points, offsets), node, len(names)


def _close_nodes_as_one(pieces: Lines, node: Ints, count: int, tolerance: float) -> Ints:
    """Make pairs of nodes into one where both have an end left over, those that are closest first."""
    where = np.empty((count, 2))
    where[node[0::2]], where[node[1::2]] = pieces.starts, pieces.ends
    odd = np.flatnonzero(np.bincount(node, minlength=count) % 2)
    name = np.arange(count)
    while len(odd) > 1:
        # Of each only the nearest few: of a thousand ends in one spot all pairs would be a million.
        away, near = cKDTree(where[odd]).query(where[odd], k=min(NEAREST, len(odd)), distance_upper_bound=tolerance)
        a, column = np.nonzero(np.isfinite(away) & (near != np.arange(len(odd))[:, None]))
        b, away = near[a, column], away[a, column]
        if not len(a):
            break
        order = np.lexsort((np.maximum(a, b), np.minimum(a, b), away))
        a, b = np.minimum(a, b)[order], np.maximum(a, b)[order]
        rank = np.arange(len(a))
        first = np.full(len(odd), len(a))
        np.minimum.at(first, a, rank)
        np.minimum.at(first, b, rank)
        # A pair that both name stands twice in a row: its second place does not count.
        chosen = (first[a] == rank) & (first[b] == rank)
        a, b = odd[a[chosen]], odd[b[chosen]]
        name[np.maximum(a, b)] = np.minimum(a, b)
        odd = np.setdiff1d(odd, np.concatenate([a, b]))
    return name[node]


def _straight_pairs(pieces: Lines, node: Ints) -> Ints:
    """Pair the ends at each node; give the other of each end (2P,), -1 for one that is left over."""
    inner = np.stack([pieces.points[pieces.offsets[:-1] + 1], pieces.points[pieces.offsets[1:] - 2]], axis=1)
    ends = np.stack([pieces.starts, pieces.ends], axis=1)
    way = (inner - ends).reshape(-1, 2)
    angle = np.arctan2(way[:, 1], way[:, 0])
    order = np.lexsort((angle, node))
    begin = np.flatnonzero(np.diff(node[order], prepend=-1))
    degree = np.diff(np.append(begin, len(order)))
    link = np.full(len(node), -1, np.int64)

    three = begin[degree == 3]
    if len(three):
        at = angle[order[three[:, None] + np.arange(3)]]
        turn = np.abs(np.stack([at[:, 1] - at[:, 0], at[:, 2] - at[:, 1], at[:, 2] - at[:, 0]], axis=1))
        best = np.abs(turn - np.pi).argmin(axis=1)
        first, second = np.array([[0, 1], [1, 2], [0, 2]])[best].T
        a, b = order[three + first], order[three + second]
        link[a], link[b] = b, a
    others = np.flatnonzero((degree > 1) & (degree != 3))
    half = degree[others] // 2  # of an odd number of ends, the last by angle is left over
    at = np.arange(half.sum()) + np.repeat(begin[others] - offsets_of(half)[:-1], half)
    a, b = order[at], order[at + np.repeat(half, half)]
    link[a], link[b] = b, a
    return link


def _let_in(link: Ints, node: Ints) -> None:
    """Let closed trails into others that pass the same node, by pairing the ends there anew."""
    count = len(link) // 2
    a = np.flatnonzero(link > np.arange(len(link)))
    graph = coo_array((np.ones(len(a), np.int8), (a // 2, link[a] // 2)), shape=(count, count))
    number, trail = connected_components(graph, directed=False)
    if number == 1:
        return
    trail_of = np.repeat(trail, 2)
    nodes = int(node.max()) + 1
    # Open trails of one part stay as many however they are paired: they count as one.
    is_open = np.zeros(number, bool)
    is_open[trail_of[link < 0]] = True
    meets = coo_array((np.ones(len(node), np.int8), (trail_of, number + node)), shape=(number + nodes,) * 2)
    _, part = connected_components(meets, directed=False)
    name = np.arange(number)
    name[is_open] = number + part[:number][is_open]
    _, name = np.unique(name, return_inverse=True)
    owner = name[trail_of]

    # One slot for each trail at each node: an end of a pair, or an end left over.
    order = np.lexsort((np.arange(len(node)), owner, node))
    fresh = (np.diff(node[order], prepend=-1) != 0) | (np.diff(owner[order], prepend=-1) != 0)
    slot = order[fresh]
    together = np.bincount(node[slot], minlength=nodes)
    slot = slot[together[node[slot]] > 1]
    if not len(slot):
        return
    size = int(name.max()) + 1 + nodes
    ends = owner[slot].astype(np.int32), (size - nodes + node[slot]).astype(np.int32)  # scipy 1.13 takes no others
    forest = minimum_spanning_tree(coo_array((np.ones(len(slot)), ends), shape=(size, size)).tocsr()).tocoo()
    chosen = np.isin(
        owner[slot] * nodes + node[slot], forest.row.astype(np.int64) * nodes + forest.col - (size - nodes)
    )
    slot = slot[chosen]
    slot = slot[np.argsort(node[slot], kind="stable")]
    _, first, members = np.unique(node[slot], return_index=True, return_counts=True)
    following = np.arange(len(slot)) + 1
    following[first + members - 1] = first
    a, b = slot, link[slot][following]
    link[a] = b
    link[b[b >= 0]] = a[b >= 0]


def _strokes(pieces: Lines, link: Ints) -> Lines:
    """Follow the trails from piece to piece, each from the end of its first piece that comes first."""
    count = len(pieces)
    mates = link.tolist()
    done = bytearray(count)
    which: list[int] = []
    lengths: list[int] = []
    for first in range(count):
        if done[first]:
            continue
        # Backwards to where the trail begins, or once around.
        end = 2 * first
        while mates[end] >= 0:
            end = mates[end] ^ 1
            if end == 2 * first:
                break
        begin = len(which)
        while True:
            which.append(end)
            done[end // 2] = 1
            end = mates[end ^ 1]
            if end < 0 or done[end // 2]:
                break
        lengths.append(len(which) - begin)
    if len(lengths) == count:
        return pieces
    ends, trail = np.array(which), np.array(lengths)
    turned = pieces.take(ends // 2, ends % 2 == 1)
    heads = starts_of(trail)
    last = np.zeros(count, bool)
    last[heads + trail - 1] = True
    # Two pieces share the place where they meet, unless it was made one of two that are close.
    same = np.abs(turned.ends[:-1] - turned.starts[1:]).max(axis=1, initial=0) < 2 * STEP
    drop = np.zeros(len(turned.points), bool)
    drop[turned.offsets[1:-1][~last[:-1] & same]] = True
    counts = np.add.reduceat(~drop, turned.offsets[:-1]).astype(np.int64)
    strokes = Lines(turned.points[~drop], offsets_of(np.add.reduceat(counts, heads)))
    return _closed(strokes, link, ends, heads, trail)


def _closed(strokes: Lines, link: Ints, ends: Ints, heads: Ints, trail: Ints) -> Lines:
    """Let the last point of a closed trail be its first."""
    around: Bools = link[ends[heads]] == (ends[heads + trail - 1] ^ 1)
    around &= np.abs(strokes.starts - strokes.ends).max(axis=1) < 2 * STEP
    if not around.any():
        return strokes
    points: Floats = strokes.points.copy()
    points[strokes.offsets[1:][around] - 1] = strokes.starts[around]
    return Lines(points, strokes.offsets)
