"""Borders of regions moved to where they cost least: pixels change sides, regions keep their number and stay whole.

Merging decides which pixels belong together before it knows what they become part of. Afterwards each pixel at a border
may go over to a neighbor whose color is closer to its own, or whose border it makes shorter: iterated conditional modes
(Besag 1986) of the energy of Mumford and Shah (1989), the length of borders counted on eight neighbors. A pixel moves
only where its region stays in one piece without it, so that nothing is split and nothing is lost.
"""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Floats, LabelIds
from artkit.spans import spanned
from artkit.tracer.regions.fields import Fields, fields, label_moments, moments
from artkit.tracer.regions.seen import Colors
from artkit.workers import mapped

# Neighbors of a pixel around it, from the right, clockwise: rows and columns. Even ones share an edge with it.
_ROWS = np.array([0, 1, 1, 1, 0, -1, -1, -1])
_COLUMNS = np.array([1, 1, 0, -1, -1, -1, 0, 1])

AT_ONCE = 1 << 15
"""Pixels that are moved at a time: what is read of them stays in the cache."""

DIAGONAL = np.float32(0.5**0.5)
"""What a diagonal neighbor of another region counts, beside one at an edge."""


@spanned("relax borders")
def relaxed(
    labels: NDArray[np.int32],
    colors: Colors,
    weight: NDArray[np.float32] | None,
    *,
    gradient: float,
    price: float,
    rounds: int,
    known: Floats | None = None,
    fixed: Fields | None = None,
) -> NDArray[np.int32]:
    """Move the borders of regions (H, W), whose labels go from 0 to the highest, -1 where there is none.

    `price` is the squared error that a pixel of border costs; colors and weights as in `merge_tree`. Regions are
    connected by edges of pixels, before and after. Moments that are `known` are brought up to date in place. Fills
    that are `fixed` stay as they are.
    """
    width = labels.shape[1]
    count = int(labels.max(initial=-1)) + 1
    wide = width + 2
    flat = np.pad(labels, 1, constant_values=-1).ravel()
    total = label_moments(labels, colors, weight, count) if known is None else known
    for _ in range(rounds):
        found = fields(total, gradient) if fixed is None else fixed
        at = _at_borders(flat, wide)
        before = flat[at]
        y, x = np.divmod(at, wide)
        for part in range(4):  # no two pixels of a part touch, so that each may move without a look at the others
            some = at[(y % 2 == part // 2) & (x % 2 == part % 2)]
            parts = [some[low : low + AT_ONCE] for low in range(0, len(some), AT_ONCE)]
            move = partial(_move, flat, wide=wide, colors=colors, weight=weight, found=found, price=price)
            for _ in mapped(move, parts):
                pass
        moved = np.flatnonzero(flat[at] != before)
        if not len(moved):
            break
        y, x = y[moved] - 1, x[moved] - 1
        own = moments(colors[y, x], None if weight is None else weight[y, x], x + 0.5, y + 0.5)
        for row, term in zip(total, own, strict=True):
            row += np.bincount(flat[at[moved]], term, count) - np.bincount(before[moved], term, count)
    return np.ascontiguousarray(flat.reshape(-1, wide)[1:-1, 1:-1])


def _at_borders(flat: NDArray[np.int32], wide: int) -> NDArray[np.intp]:
    """Pixels of regions that have another one, or nothing, at an edge."""
    grid = flat.reshape(-1, wide)
    border = np.zeros(grid.shape, bool)
    differ = grid[:, 1:] != grid[:, :-1]
    border[:, 1:] |= differ
    border[:, :-1] |= differ
    differ = grid[1:] != grid[:-1]
    border[1:] |= differ
    border[:-1] |= differ
    border &= grid >= 0
    return np.flatnonzero(border)


def _move(
    flat: NDArray[np.int32],
    at: NDArray[np.intp],
    *,
    wide: int,
    colors: Colors,
    weight: NDArray[np.float32] | None,
    found: Fields,
    price: float,
) -> None:
    """Let pixels, no two of which touch, go where they cost least."""
    near = flat.take(at[:, None] + (_ROWS * wide + _COLUMNS))
    own = flat.take(at)
    alike = _alike(near, own)
    free = np.flatnonzero(_SIMPLE[alike])
    at, near, own, alike = at.take(free), near.take(free, axis=0), own.take(free), alike.take(free)
    y, x = np.divmod(at, wide)
    color = colors[y - 1, x - 1].astype(np.float64)
    heavy = np.ones(len(at)) if weight is None else weight[y - 1, x - 1].astype(np.float64)
    x, y = x - 0.5, y - 0.5
    foreign = _FOREIGN * (price * LENGTH)
    least = heavy * _squares(found.at(LabelIds(own), x, y) - color) + foreign[alike]
    best = own.copy()
    for k in (0, 2, 4, 6):
        # In most places the neighbors at edges are of one or two regions: what was weighed already is left out.
        candidate = near[:, k]
        new = np.flatnonzero((candidate >= 0) & (candidate != own))
        to = candidate.take(new)
        gap = found.at(LabelIds(to), x.take(new), y.take(new)) - color.take(new, axis=0)
        cost = heavy.take(new) * _squares(gap) + foreign[_alike(near.take(new, axis=0), to)]
        better = np.flatnonzero(cost < least.take(new) - 1e-9)
        least[new[better]], best[new[better]] = cost[better], to[better]
    moved = np.flatnonzero(best != own)
    flat[at[moved]] = best[moved]


def _alike(near: NDArray[np.int32], own: NDArray[np.int32]) -> NDArray[np.uint8]:
    """Which of the eight neighbors (n, 8) have these labels (n,): bit k for neighbor k."""
    return np.packbits(near == own[:, None], axis=1, bitorder="little")[:, 0]


def _squares(gap: Floats) -> Floats:
    """Squared lengths of (n, 3)."""
    gap *= gap
    sums: Floats = gap[:, 0] + gap[:, 1] + gap[:, 2]
    return sums


LENGTH = 1 / (1 + 2**0.5)
"""Pixels of border for each foreign neighbor: along a straight upright border there are one and two diagonal ones."""


def _simple() -> Bools:
    """Tell for each set of neighbors of a pixel, bit k for neighbor k, whether its region stays whole without it.

    It does if the neighbors at its edges, one at least, are connected with each other through the eight.
    """
    simple = np.zeros(256, bool)
    for code in range(256):
        inside = [code >> k & 1 for k in range(8)]
        edges = [k for k in (0, 2, 4, 6) if inside[k]]
        joints = sum(inside[k] and inside[k + 1] and inside[(k + 2) % 8] for k in (0, 2, 4, 6))
        simple[code] = bool(edges) and (len(edges) - min(joints, 3 if len(edges) == 4 else joints) == 1)
    return simple


_SIMPLE = _simple()


def _foreign() -> Floats:
    """What the border of a pixel counts for each set of neighbors that are of its region, bit k for neighbor k."""
    other = ~np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1, bitorder="little").astype(bool)
    counts: Floats = other[:, ::2].sum(1) + DIAGONAL * other[:, 1::2].sum(1)
    return counts


_FOREIGN = _foreign()
