"""Rings of fitted chains and hidden paths that are not sound, and which chains make them so.

A ring is sound that does not cross itself, stays on the sheet, and has an area on its inner side.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from artkit.arrays import Bools, Floats, Ints, ranges, starts_of
from artkit.planar.crossings import meeting, near_pairs
from artkit.planar.hidden import OVERLAP, Joints
from artkit.planar.lines import GRID, flattened
from artkit.planar.map import PlanarMap
from artkit.planar.segments import Curves, cross, dot
from artkit.planar.validity import LEAST, beyond
from artkit.planar.zorder import VisibleChains

KNOT = 0.005
"""Area of the smallest loop that counts as a crossing, in square pixels: less cannot be seen."""


class Faults(NamedTuple):
    """Chains after which a hidden path makes a ring unsound, chains that do so themselves, and where, (N, 2)."""

    paths: Bools
    chains: Bools
    spots: Floats


def faults(planar: PlanarMap, visible: VisibleChains, curves: Curves, joints: Joints, plain: Bools) -> Faults:
    """Find what makes rings unsound: hidden paths and the ends of chains beside them, unless these are `plain`.

    Without an area all chains of a ring and all its paths are at fault.
    """
    begin, end, chain, path = _pieces(visible, curves, joints)
    path = np.where((path >= 0) & ~plain[path], path, -1)
    ring = visible.ring[chain]
    off = np.flatnonzero(beyond(planar, begin))
    one, other, loop = _crossings(begin, end, ring)
    area = np.bincount(ring, cross(begin, end), len(planar.ring_area)) / 2
    knots = np.minimum(np.abs(loop), np.abs(area[ring[one]] - loop)) > KNOT
    one, other = np.append(one[knots], off), np.append(other[knots], off)
    turned = (area * np.sign(planar.ring_area) < LEAST)[visible.ring]
    paths, chains = turned.copy(), turned.copy()
    by_path = (path[one] >= 0) | (path[other] >= 0)
    for piece in (one, other):
        chains[chain[piece[~by_path]]] = True
        paths[path[piece[by_path]][path[piece[by_path]] >= 0]] = True
    return Faults(paths, chains, begin[np.append(one, other)])


def _pieces(visible: VisibleChains, curves: Curves, joints: Joints) -> tuple[Floats, Floats, Ints, Ints]:
    """Straight pieces of rings, as a file says them: begin, end, the chain that they are of, or follow, and the one
    whose hidden path they are of, or whose end they have been extended to: -1 for none.
    """
    on_grid = {name: np.rint(getattr(curves, name) * GRID) / GRID for name in ("start", "first", "second", "end")}
    lines = flattened(replace(curves, **on_grid))
    hidden = np.rint(joints.points * GRID) / GRID
    size, path = np.diff(lines.offsets), np.diff(joints.offsets)
    begin = starts_of(size + path + 1)
    points = np.empty((int((size + path + 1).sum()), 2))
    points[ranges(begin, size)] = lines.points
    points[ranges(begin + size, path)] = hidden
    points[begin + size + path] = lines.points[lines.offsets[visible.following]]
    row = np.repeat(np.arange(len(size)), size + path + 1)
    real = np.flatnonzero((row[1:] == row[:-1]) & (points[1:] != points[:-1]).any(axis=1))
    start, end, chain = points[real], points[real + 1], row[real]

    before = np.empty_like(visible.following)
    before[visible.following] = np.arange(len(before))
    first, last = lines.points[lines.offsets[:-1]], lines.points[lines.offsets[1:] - 1]
    early = np.hypot(*(start - first[chain]).T) < EXTENDED
    late = (np.hypot(*(end - last[chain]).T) < EXTENDED) | (real >= (begin + size - 1)[chain])
    of = np.where(late, chain, np.where(early, before[chain], -1))
    return start, end, chain, np.where(visible.closed[chain], -1, of)


EXTENDED = 2 * OVERLAP
"""So near to the end of a chain, in pixels, it may be its extension that crosses something."""


def _crossings(start: Floats, end: Floats, ring: Ints) -> tuple[Ints, Ints, Floats]:
    """Pairs of pieces of one ring that cross, and the signed area of the loop between them."""
    if not len(start):
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
    one, other = near_pairs(start, end)
    one, other = np.minimum(one, other), np.maximum(one, other)
    own = (ring[one] == ring[other]) & (other > one + 1)
    one, other = one[own], other[own]
    met = meeting(start[one], end[one], start[other], end[other])
    along = (met.a_on & met.b_on) | (met.c_on & met.d_on) | ((met.a_on | met.b_on) & (met.c_on | met.d_on))
    crosses = met.crosses | (along & (_shared(start[one], end[one], start[other], end[other]) > 0))
    one, other = one[crosses], other[crosses]
    before = np.concatenate([[0.0], np.cumsum(cross(start, end))])
    a, b, c, d = start[one], end[one], start[other], end[other]
    slant = cross(b - a, d - c)
    share = cross(c - a, d - c) / np.where(slant == 0, 1, slant)
    at = a + np.clip(share, 0, 1)[:, None] * (b - a)
    loop: Floats = (before[other] - before[one + 1] + cross(at, b) + cross(c, at)) / 2
    return one, other, loop


def _shared(a: Floats, b: Floats, c: Floats, d: Floats) -> Floats:
    """How long a stretch pieces a-b and c-d share that lie on one line, row by row, times the length of the first."""
    way = b - a
    low, high = np.sort(np.column_stack([dot(c - a, way), dot(d - a, way)]), axis=1).T
    shared: Floats = np.minimum(high, dot(way, way)) - np.maximum(low, 0)
    return shared
