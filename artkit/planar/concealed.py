"""Whether hidden paths stay hidden: exactly, where the borders of faces are the shared arcs of their map.

A path belongs to a face and may pass faces above it alone. Arcs that have that face or a lower one on a side are
barriers: a path that meets none of them, but at the nodes where it begins and ends, stays where it set out. It has to
set out between the hidden border, with the upper face on its left, and the first barrier beyond that.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from artkit.arrays import Bools, Floats, HalfEdges, Ints, counted, offsets_of
from artkit.planar.crossings import both, near_pairs, overlap
from artkit.planar.lines import Lines, without_repeats
from artkit.planar.map import PlanarMap, arc_of, is_backward, twin


class Paths(NamedTuple):
    """Path k is `points[offsets[k]:offsets[k + 1]]`, beneath faces above `own[k]`, in place of the border from
    half-edge `first[k]` to `last[k]`: from node to node where it is `tied[k]`, else all around. Paths of one `ring`
    must not meet each other.
    """

    points: Floats
    offsets: Ints
    own: Ints
    first: HalfEdges
    last: HalfEdges
    ring: Ints
    tied: Bools

    @classmethod
    def of(cls, lines: list[Floats], own: Ints, first: HalfEdges, last: HalfEdges, ring: Ints) -> Paths:
        """Put paths from node to node together, points without repetitions."""
        lines = [without_repeats(line) for line in lines]
        tied = np.ones(len(lines), bool)
        return cls(_stacked(lines), offsets_of(_sizes(lines)), own, first, last, ring, tied)

    @classmethod
    def loops(cls, lines: list[Floats], own: Ints) -> Paths:
        """Put closed paths together, each of a ring of its own; each repeats its first point at its end."""
        none, free = HalfEdges(np.zeros(len(lines), np.int64)), np.zeros(len(lines), bool)
        return cls(_stacked(lines), offsets_of(_sizes(lines)), own, none, none, np.arange(len(lines)), free)


def _stacked(lines: list[Floats]) -> Floats:
    return np.vstack([*lines, np.empty((0, 2))])


def _sizes(lines: list[Floats]) -> Ints:
    return np.array([len(line) for line in lines], np.int64)


def has_shown(planar: PlanarMap, z: Ints, arcs: Lines, paths: Paths) -> Bools:
    """Tell which paths show, or meet themselves or others of their ring; `arcs` are those of the map, as drawn."""
    if not len(paths.own):
        return np.zeros(0, bool)
    lowest = np.append(z, -1)
    floor = np.minimum(lowest[planar.left], lowest[planar.right])
    shown = _meets(arcs, floor, paths)
    if paths.tied.any():
        shown |= paths.tied & _strays(planar, arcs, floor, paths, paths.first, 1)
        shown |= paths.tied & _strays(planar, arcs, floor, paths, twin(paths.last), -1)
    return shown


def _meets(arcs: Lines, floor: Ints, paths: Paths) -> Bools:
    """Tell which paths meet a barrier, or a path of their ring, anywhere but at their nodes."""
    begin, end, arc = arcs.segments
    head, tip, path = Lines(paths.points, paths.offsets, np.zeros(len(paths.points), bool)).segments
    one, other = near_pairs(np.concatenate([begin, head]), np.concatenate([end, tip]))
    one, other = np.minimum(one, other), np.maximum(one, other) - len(begin)
    one, other = one[other >= 0], other[other >= 0]
    beside = one < len(begin)
    shown = np.zeros(len(paths.own), bool)

    barrier, piece = one[beside], other[beside]
    real = floor[arc[barrier]] <= paths.own[path[piece]]
    barrier, piece = barrier[real], piece[real]
    met = overlap(begin[barrier], end[barrier], head[piece], tip[piece])
    sets_out = np.append(True, path[1:] != path[:-1])[: len(path)]
    arrives = np.append(sets_out[1:], True)[: len(path)]
    for spot, at_node in ((head, sets_out & paths.tied[path]), (tip, arrives & paths.tied[path])):
        touches = both(spot[piece] == begin[barrier]) | both(spot[piece] == end[barrier])
        met |= touches & ~at_node[piece]
    shown[path[piece[met]]] = True

    piece, rival = one[~beside] - len(begin), other[~beside]
    own = (paths.ring[path[piece]] == paths.ring[path[rival]]) & (piece != rival)
    piece, rival = piece[own], rival[own]
    around = ~paths.tied[path[piece]] & sets_out[piece] & arrives[rival]
    follows = (path[piece] == path[rival]) & ((rival - piece == 1) | around)
    shared = [both(a[piece] == b[rival]) for a in (head, tip) for b in (head, tip)]
    met = overlap(head[piece], tip[piece], head[rival], tip[rival]) | (np.logical_or.reduce(shared) & ~follows)
    shown[path[piece[met]]] = shown[path[rival[met]]] = True
    return shown


def _strays(planar: PlanarMap, arcs: Lines, floor: Ints, paths: Paths, edge: HalfEdges, way: int) -> Bools:
    """Tell which paths leave their node beyond the first barrier, seen from half-edge `edge`: left of it (`way` 1), or
    right of it for their ends (-1).
    """
    last = paths.offsets[1:] - 1
    here, there = (paths.offsets[:-1], paths.offsets[:-1] + 1) if way == 1 else (last, last - 1)
    size = np.diff(paths.offsets)
    there = np.where(size > 1, there, here)
    own_turn = _turn(paths.points[there] - paths.points[here])
    leaving, node = _leaving(planar)
    angle = _turn(_departures(arcs, leaving))
    order = np.argsort(node, kind="stable")
    leaving, node, angle = HalfEdges(leaving[order]), node[order], angle[order]
    at = np.where(is_backward(edge), planar.end[arc_of(edge)], planar.start[arc_of(edge)])
    low, high = np.searchsorted(node, at), np.searchsorted(node, at, "right")
    path, place = counted(high - low)
    k = low[path] + place
    reference = _turn(_departures(arcs, edge))
    beyond = (way * (reference[path] - angle[k])) % 4
    barrier = (floor[arc_of(HalfEdges(leaving[k]))] <= paths.own[path]) & (leaving[k] != edge[path])
    limit = np.full(len(edge), 4.0)
    np.minimum.at(limit, path[barrier], beyond[barrier])
    turned = (way * (reference - own_turn)) % 4
    strays: Bools = (turned == 0) | (turned >= limit)
    return strays


def _leaving(planar: PlanarMap) -> tuple[HalfEdges, Ints]:
    """Half-edges of open arcs, and the nodes that they leave."""
    open_ = np.flatnonzero(~planar.closed)
    half = HalfEdges(np.concatenate([2 * open_, 2 * open_ + 1]))
    return half, np.concatenate([planar.start[open_], planar.end[open_]])


def _departures(arcs: Lines, half: HalfEdges) -> Floats:
    """(N, 2) in which direction half-edges leave."""
    arc, back = arc_of(half), is_backward(half)
    here = np.where(back, arcs.offsets[1:][arc] - 1, arcs.offsets[:-1][arc])
    direction: Floats = arcs.points[here + np.where(back, -1, 1)] - arcs.points[here]
    return direction


def _turn(direction: Floats) -> Floats:
    """Where directions (N, 2) point, from 0 to 4, growing with the clock on the screen: without transcendental math."""
    x, y = direction.T
    share = x / np.maximum(np.abs(x) + np.abs(y), 1e-300)
    turn: Floats = np.where(y >= 0, 1 - share, 3 + share)
    return turn
