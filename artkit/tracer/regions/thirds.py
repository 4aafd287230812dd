"""Subpixel-rendered pictures (ClearType): one coverage for each channel, told from gray antialiasing and folded to it.

Red, green and blue of a screen's pixel are three stripes, and text may be drawn on these: what red covers is then what
green does a third of a pixel farther on, and edges have colored fringes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Floats, Pixels
from artkit.raster.masks import runs
from artkit.tracer.regions.ground import Ground

SLACK = 0.08
"""How far beyond 0 and 1 rounding may bring a channel's coverage."""

SHORT = 3
"""An edge's mixed pixels in a row, at the most, where it crosses the row steeply: the filter widened it."""


def shift_errors(green: Floats, red: Floats, blue: Floats) -> Floats:
    """(3, H, W): squared errors of red's and blue's coverage taken for green's: not shifted, or a third of a pixel with
    red or with blue to the left.

    Channels that tell nothing are NaN.
    """
    padded = np.pad(green, ((0, 0), (1, 1)))
    before, after = (2 * green + padded[:, :-2]) / 3, (2 * green + padded[:, 2:]) / 3
    guesses = ((green, green), (before, after), (after, before))
    return np.stack([np.nan_to_num((red - r) ** 2) + np.nan_to_num((blue - b) ** 2) for r, b in guesses])


def folded(pixels: Pixels, ground: Ground) -> Pixels:
    """Give the picture with gray antialiasing where two grounds meet."""
    paper = ground.colors[ground.nearest]
    other = ground.colors[ground.second] - paper
    cover = _covered(pixels - paper, other)
    edge = (ground.depth > 0) & (ground.second != ground.nearest) & ~np.isnan(cover)
    result = pixels.astype(np.float32)
    result[edge] = paper[edge] + cover[edge][:, None] * other[edge]
    _narrow(result, edge, ground)
    return np.rint(result).astype(np.uint8)


def _covered(away: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.float32]:
    """Give the mean of what channels tell of a coverage, NaN where one of them cannot be."""
    told = np.abs(other) >= 16
    share = np.where(told, away / np.where(told, other, 1), 0)
    wrong = (share < -SLACK) | (share > 1 + SLACK) | (~told & (np.abs(away) > 16))
    count = told.sum(-1)
    mean = share.sum(-1) / np.maximum(count, 1)
    return np.where(wrong.any(-1) | (count == 0), np.nan, np.clip(mean, 0, 1)).astype(np.float32)


def _narrow(result: NDArray[np.float32], edge: Bools, ground: Ground) -> None:
    """Undo the filter along rows, in place: where an edge crosses a row steeply one pixel of it is mixed."""
    row, first, last = runs(edge)
    last = last - 1
    width = edge.shape[1]
    fair = (first > 0) & (last < width - 1) & (last - first < SHORT)
    row, first, last = row[fair], first[fair], last[fair]
    left, right = ground.nearest[row, first - 1], ground.nearest[row, last + 1]
    fair = (left != right) & (ground.depth[row, first - 1] == 0) & (ground.depth[row, last + 1] == 0)
    row, first, last, left, right = (a[fair] for a in (row, first, last, left, right))
    a, b = ground.colors[left], ground.colors[right]
    along = a - b
    steps = first[:, None] + np.arange(SHORT)
    inside = steps <= last[:, None]
    colors = result[row[:, None], np.minimum(steps, width - 1)]
    share = ((colors - b[:, None]) * along[:, None]).sum(2) / np.maximum((along * along).sum(1), 1)[:, None]
    total = (np.clip(share, 0, 1) * inside).sum(1)
    crisp = np.clip(total[:, None] - np.arange(SHORT), 0, 1)
    new = b[:, None] + crisp[..., None] * along[:, None]
    at = np.nonzero(inside)
    result[row[at[0]], steps[at]] = new[at]
