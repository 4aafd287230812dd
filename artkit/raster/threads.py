"""Long thin straight lines in, what they leave of the light behind them out.

The share of each pixel that a line covers is exact, and where lines cross, each leaves its share of what the others
left, as threads do that lie across each other anyhow. A renderer that looks for the outline of all of them at once
takes ten times as long for thousands of threads, and its soft edges are levels, not light.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Floats, Ints

_AT_ONCE = 1 << 20
"""Columns of pixels that are worked on at once."""


def left_by(lines: Floats, width: float, size: tuple[int, int]) -> Floats:
    """Give the share of light (H, W) that lines (N, 4) leave, each from x, y to x, y, `width` wide, all in pixels.

    Ends are cut across the axis that a line is nearer to; a line of no length leaves all.
    """
    light = np.ones((size[1], size[0]))
    steep = np.abs(lines[:, 3] - lines[:, 1]) > np.abs(lines[:, 2] - lines[:, 0])
    _cover(light, lines[~steep], width)
    _cover(light.T, lines[steep][:, [1, 0, 3, 2]], width)
    return light


def _cover(light: Floats, lines: Floats, width: float) -> None:
    """Take from `light` what lines cover that are nearer to its rows than to its columns."""
    lines = lines[lines[:, 0] != lines[:, 2]]
    if not len(lines):
        return
    lines = np.where((lines[:, 0] > lines[:, 2])[:, None], lines[:, [2, 3, 0, 1]], lines)
    slope = (lines[:, 3] - lines[:, 1]) / (lines[:, 2] - lines[:, 0])
    first = np.floor(lines[:, 0]).astype(np.int64)
    counts = np.ceil(lines[:, 2]).astype(np.int64) - first
    parts = np.searchsorted(np.cumsum(counts), np.arange(0, counts.sum(), _AT_ONCE), side="right")
    for low, high in zip(parts, [*parts[1:], len(lines)], strict=True):
        if high > low:
            some = np.s_[low:high]
            _cover_some(light, lines[some], width, slope[some], first[some], counts[some])


def _cover_some(light: Floats, lines: Floats, width: float, slope: Floats, first: Ints, counts: Ints) -> None:
    height, wide = light.shape
    line = np.repeat(np.arange(len(lines)), counts)
    column = np.arange(len(line)) - np.repeat(np.cumsum(counts) - counts, counts) + first[line]
    start = np.maximum(lines[line, 0], column)
    across = np.minimum(lines[line, 2], column + 1) - start
    tilt = slope[line]
    middle = lines[line, 1] + tilt * (start + across / 2 - lines[line, 0])
    half = width / 2 * np.sqrt(1 + tilt * tilt)
    rise = np.abs(tilt) * across / 2
    row = np.floor(middle - half - rise).astype(np.int64)
    here = (column >= 0) & (column < wide) & (across > 0)
    for k in range(int(np.ceil(np.max(2 * (half + rise), initial=0))) + 1):
        top = row + k
        seen = here & (top >= 0) & (top < height)
        above, below = middle - half - top, middle + half - top
        covered = across * (_beneath(below, rise) - _beneath(above, rise))
        np.multiply.at(light, (top[seen], column[seen]), 1 - np.clip(covered[seen], 0, 1))


def _beneath(edge: Floats, rise: Floats) -> Floats:
    """Give the mean of `edge`, clipped to 0 to 1, as it rises from `edge - rise` to `edge + rise`."""
    flat = rise < 1e-6
    rise = np.where(flat, 1.0, rise)
    return np.where(flat, np.clip(edge, 0, 1), (_sum(edge + rise) - _sum(edge - rise)) / (2 * rise))


def _sum(value: Floats) -> NDArray[np.float64]:
    """Give the integral from 0 to `value` of the values, clipped to 0 to 1."""
    inside = np.clip(value, 0, 1)
    return np.asarray(inside * inside / 2 + np.maximum(value - 1, 0))
