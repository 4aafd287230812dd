"""Fewer points for the same lines: Douglas and Peucker's method (1973), all lines at once, level by level.

Unlike `artkit.planar.simplify` it lets lines cross: a pen does not mind, and strays from its line by the tolerance at
most.
"""

from __future__ import annotations

import numpy as np

from artkit.arrays import Bools, Floats, Ints, counted, offsets_of
from artkit.errors import UsageError
from artkit.pens.lines import Lines
from artkit.spans import spanned

BALANCED = 32
"""Levels of splitting at the farthest point, after which spans are split in the middle: so no input is quadratic."""


@spanned("simplify lines")
def simplified(lines: Lines, tolerance: float) -> Lines:
    """Give lines with fewer points, none of those dropped further than `tolerance` from its line. Ends stay.

    Closed lines stay closed, and keep three corners where they had as many.
    """
    if not (np.isfinite(tolerance) and tolerance >= 0):
        raise UsageError(f"tolerance: {tolerance:g} is no distance; use 0 or more")
    keep = _kept(lines, tolerance)
    return lines if keep.all() else Lines(lines.points[keep], offsets_of(_counted(lines, keep)))


def without_repeats(lines: Lines) -> Lines:
    """Drop points that repeat the one before; a line that is nothing else keeps two."""
    repeats = np.zeros(len(lines.points), bool)
    repeats[1:] = (lines.points[1:] == lines.points[:-1]).all(axis=1)
    repeats[lines.offsets[:-1]] = False
    if not repeats.any():
        return lines
    keep = ~repeats
    single = np.flatnonzero(_counted(lines, keep) == 1)
    keep[lines.offsets[single + 1] - 1] = True
    return Lines(lines.points[keep], offsets_of(_counted(lines, keep)))


def _counted(lines: Lines, keep: Bools) -> Ints:
    counts: Ints = np.add.reduceat(keep.astype(np.int64), lines.offsets[:-1])
    return counts


def _kept(lines: Lines, tolerance: float) -> Bools:
    x, y = np.ascontiguousarray(lines.points.T)
    keep = np.zeros(len(x), bool)
    low, high = lines.offsets[:-1], lines.offsets[1:] - 1
    keep[low] = keep[high] = True
    ring = lines.closed & (lines.counts > 3)
    level = 0
    while True:
        inner = high - low > 1
        low, high, ring = low[inner], high[inner], ring[inner]
        if not len(low):
            return keep
        counts = high - low - 1
        begin = offsets_of(counts)
        span, place = counted(counts)
        point = low[span] + 1 + place
        gap = _gaps(x, y, low, high, span, point)
        worst = np.maximum.reduceat(gap, begin[:-1])
        # The halves of a ring part at its farthest point however near that is, and then the wider one parts again.
        far = (worst > tolerance * tolerance) | ring
        at = np.flatnonzero((gap == worst[span]) & far[span])
        at = at[np.flatnonzero(np.diff(span[at], prepend=-1))]
        split = point[at]
        if level >= BALANCED:
            split = (low[far] + high[far]) // 2
        keep[split] = True
        was = ring[far]
        low, high = np.concatenate([low[far], split]), np.concatenate([split, high[far]])
        ring = np.concatenate([was & (level == 0), np.zeros(len(split), bool)])
        level += 1


def _gaps(x: Floats, y: Floats, low: Ints, high: Ints, span: Ints, point: Ints) -> Floats:
    """Give the squared distance of each point from the chord of its span."""
    chord_x, chord_y = x[high] - x[low], y[high] - y[low]
    square = chord_x**2 + chord_y**2
    dx, dy = x[point] - x[low][span], y[point] - y[low][span]
    chord_x, chord_y, square = chord_x[span], chord_y[span], square[span]
    along = np.clip((dx * chord_x + dy * chord_y) / np.where(square > 0, square, 1), 0, 1)
    dx -= along * chord_x
    dy -= along * chord_y
    gap: Floats = dx * dx + dy * dy
    return gap
