"""Where chains run: the sub-pixel place of the border at each crack in, points of each chain out."""

from __future__ import annotations

import numpy as np

from artkit.arrays import Bools, Floats, Ints, distinct, offsets_of, starts_of
from artkit.planar.lines import GRID, Lines
from artkit.planar.map import PlanarMap
from artkit.planar.validity import invalid_arcs

SAFE = 0.45
"""Samples no further than this across their cracks cannot make arcs cross: these stay between four pixel centers."""


def arc_points(planar: PlanarMap, samples: Floats) -> Lines:
    """Lay arcs through their samples, (cracks, 2), the place of the border at each crack, on the GRID.

    Along the sheet's edge they run on it, through its corners. Samples that would make arcs cross are brought closer to
    their cracks.
    """
    shift = samples - planar.middles
    safe = _safe(planar)
    far: Bools = np.asarray((np.abs(shift) > safe).any(axis=1))
    changed = np.unique(planar.arc_of[far])
    while True:
        lines = _laid(planar, planar.middles + shift)
        if not len(changed):
            return lines
        # An arc without far samples moves, too, with the node it shares with one that has some.
        bad = np.flatnonzero(invalid_arcs(planar, lines, _beside(planar, changed)))
        if not len(bad):
            return lines
        mended = far & _beside(planar, bad)[planar.arc_of]
        if not mended.any():
            mended = far
        shift[mended] = np.clip(shift[mended], -safe[mended], safe[mended])
        changed = np.unique(np.append(planar.arc_of[mended], bad))
        far[mended] = False
        if not far.any():
            return _laid(planar, planar.middles + shift)


def brought_close(planar: PlanarMap, samples: Floats) -> Floats:
    """Bring the samples of all cracks so close to these that chains straight from one to the next cannot cross."""
    safe = _safe(planar)
    return planar.middles + np.clip(samples - planar.middles, -safe, safe)


def _safe(planar: PlanarMap) -> Floats:
    """How far, in x and y, samples of each crack may be from its middle."""
    level = planar.direction % 2 == 0
    return np.where(np.column_stack([level, ~level]), 0, SAFE)


def _beside(planar: PlanarMap, arcs: Ints) -> Bools:
    """Tell which arcs share a node with one of these, themselves included."""
    open_ = arcs[~planar.closed[arcs]]
    nodes = distinct(np.concatenate([planar.start[open_], planar.end[open_]]))
    beside: Bools = ~planar.closed & (np.isin(planar.start, nodes) | np.isin(planar.end, nodes))
    beside[arcs] = True
    return beside


def _laid(planar: PlanarMap, samples: Floats) -> Lines:
    begin, end = node_points(planar, samples)
    edge = on_edge(planar)
    spots, places = _edge_points(planar, edge)
    inner = np.flatnonzero(~edge)
    open_ = np.flatnonzero(~planar.closed)
    first, last = planar.offsets[:-1], planar.offsets[1:] - 1
    # Three keys for each crack: what lies before it, on it, and after it.
    keys = np.concatenate([3 * first[open_], 3 * inner + 1, 3 * spots + 2, 3 * last[open_] + 2])
    points = np.concatenate([begin[open_], samples[inner], places, end[open_]])
    hard = np.zeros(len(keys), bool)
    hard[len(open_) + len(inner) : len(open_) + len(inner) + len(spots)] = True
    order = np.argsort(keys, kind="stable")
    arc = planar.arc_of[keys[order] // 3]
    points = np.rint(points[order] * GRID) / GRID
    return ringed(points, hard[order], np.bincount(arc, minlength=len(first)), planar.closed)


def _edge_points(planar: PlanarMap, edge: Bools) -> tuple[Ints, Floats]:
    """Cracks after which an arc passes a corner of the sheet, or leaves its edge or comes to it; and the place of that.

    Without a node only the border of a transparent part does so, and that is not moved.
    """
    last = planar.offsets[1:] - 1
    after = np.arange(1, len(edge) + 1)
    after[last] = planar.offsets[:-1]
    follows = np.ones(len(edge), bool)
    follows[last] = planar.closed
    level = planar.direction % 2 == 0
    bend = follows & ((edge != edge[after]) | (edge & edge[after] & (level != level[after])))
    spots = np.flatnonzero(bend)
    return spots, planar.corner_points(planar.corner[after[spots]])


def ringed(points: Floats, hard: Bools, count: Ints, closed: Bools) -> Lines:
    """Let closed arcs begin at a hard point, or else at the one farthest from their middle, and repeat it."""
    begin = starts_of(count)
    ring = np.flatnonzero(closed)
    start = np.zeros(len(count), np.int64)
    if len(ring):
        arc = np.repeat(np.arange(len(count)), count)
        index = np.flatnonzero(closed[arc])
        owner = np.repeat(np.arange(len(ring)), count[ring])
        heads = starts_of(count[ring])
        middle = np.add.reduceat(points[index], heads) / count[ring][:, None]
        away = ((points[index] - middle[owner]) ** 2).sum(axis=1)
        away[hard[index]] = np.inf
        best = np.flatnonzero(away == np.maximum.reduceat(away, heads)[owner])
        start[ring[owner[best[::-1]]]] = (index - begin[arc[index]])[best[::-1]]
    size = count + closed
    offsets = offsets_of(size)
    arc = np.repeat(np.arange(len(count)), size)
    place = np.arange(len(arc)) - offsets[arc]
    index = begin[arc] + (place + start[arc]) % count[arc]
    return Lines(points[index], offsets, hard[index])


def node_points(planar: PlanarMap, samples: Floats) -> tuple[Floats, Floats]:
    """Where arcs begin and end, (arcs, 2) each: lattice corners, moved as the borders that meet there are moved.

    Upright cracks beside a node move it sideways, level ones up or down, by the mean of their shifts. On the edge of
    the sheet only the borders that come to it count, so that a node stays on it.
    """
    shift = samples - planar.middles
    upright = planar.direction % 2 == 1
    edge = on_edge(planar)
    ends = np.concatenate([planar.offsets[:-1], planar.offsets[1:] - 1])
    at = np.concatenate([planar.start, planar.end])
    nodes, place = np.unique(at, return_inverse=True)
    total = np.zeros((len(nodes), 2))
    for axis in (0, 1):
        here = (upright[ends] == (axis == 0)) & ~edge[ends]
        sums = np.bincount(place[here], weights=shift[ends[here], axis], minlength=len(nodes))
        number = np.bincount(place[here], minlength=len(nodes))
        total[:, axis] = sums / np.maximum(number, 1)
    points = planar.corner_points(nodes)
    points += total
    count = len(planar.start)
    return points[place[:count]], points[place[count:]]


def on_edge(planar: PlanarMap) -> Bools:
    """Cracks that lie on the edge of the sheet."""
    y, x = np.divmod(planar.corner, planar.width + 1)
    upright = planar.direction % 2 == 1
    edge: Bools = np.where(upright, (x == 0) | (x == planar.width), (y == 0) | (y == planar.height))
    return edge
