"""How tracks look across: how wide each is, and how much of what stands out there a line of even width explains."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Floats, Ints, row_sums, rows_of
from artkit.tracer.lines.ridges import sampled
from artkit.tracer.lines.tracks import Tracks

WIDTHS = (1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0)
"""Widths that are tried, in pixels; the last ones are no thin lines."""

APART = 3
"""Points along a track whose sides are compared, to tell grain from slow change."""

NORMAL = 0.8
"""Median of the mean of two absolute values of normal variates of variance 1, about."""

STEP = 0.5
"""Distance of the places across a track where it is looked at, in pixels."""

FAR = 4.0
"""How far from the middle it is looked at, in pixels."""


class Bands(NamedTuple):
    """Tracks, and the `width` (K,) of each in pixels; `share` (K,) of squared differences from its sides is explained
    by that, and `grain` (K,) is the variance of the sides along it: what no line explains.
    """

    tracks: Tracks
    width: Floats
    share: Floats
    grain: Floats

    def some(self, keep: Bools) -> Bands:
        """Give some of them."""
        return Bands(self.tracks.some(keep), self.width[keep], self.share[keep], self.grain[keep])


def bands(found: Tracks, gray: NDArray[np.float32]) -> Bands:
    """Look across the tracks of a picture (H, W), in levels of gray."""
    count = len(found.sign)
    if not count:
        return Bands(found, np.zeros(0), np.zeros(0), np.zeros(0))
    across = np.arange(-FAR, FAR + STEP / 2, STEP)
    way = ways(found)
    x = found.points[:, 0, None] - across * way[:, 1, None]
    y = found.points[:, 1, None] + across * way[:, 0, None]
    seen = sampled(gray, x.ravel(), y.ravel()).reshape(x.shape)
    track, size = rows_of(found.offsets), np.diff(found.offsets)[:, None]
    mean = row_sums(seen, found.offsets) / size
    middle = len(across) // 2
    outward = mean * found.sign[:, None]
    left, right = _valley(outward[:, middle::-1]), _valley(outward[:, middle:])
    place = (across / STEP + left[:, None]) / (left + right)[:, None]  # 0 in the left valley, 1 in the right one
    inside = (place >= 0) & (place <= 1)
    rows = np.arange(len(seen))
    low, high = seen[rows, (middle - left)[track]], seen[rows, (middle + right)[track]]
    grain = _grain(found, np.column_stack([low, high]))
    seen -= low[:, None] + place[track] * (high - low)[:, None]
    seen *= inside[track]
    mean = row_sums(seen, found.offsets) / size
    error, amount = np.empty((2, len(WIDTHS), count))
    for k, model in enumerate(_models()):
        shape = np.where(inside, model, 0.0)
        amount[k] = (shape * mean).sum(1) / np.maximum((shape * shape).sum(1), 1e-9)
        error[k] = ((mean - amount[k][:, None] * shape) ** 2).sum(1)
    best = error.argmin(0)
    line = amount[best, np.arange(count)][:, None] * np.where(inside, _models()[best], 0.0)
    rest = ((seen - line[track]) ** 2).sum(1)
    whole = (seen * seen).sum(1)
    share = 1 - row_sums(rest, found.offsets) / np.maximum(row_sums(whole, found.offsets), 1e-9)
    return Bands(found, np.array(WIDTHS)[best], share, grain)


def _grain(found: Tracks, sides: Floats) -> Floats:
    """Variance (K,) along tracks of what is seen on their two sides (N, 2), told by the median of steps.

    So edges that cross a track, and other tracks, are no grain.
    """
    track, size = rows_of(found.offsets), np.diff(found.offsets)
    later = np.minimum(np.arange(len(sides)) + APART, found.offsets[track + 1] - 1)
    step = np.abs(sides[later] - sides).sum(1) / 2
    order = np.lexsort((step, track))
    median: Floats = step[order][found.offsets[:-1] + size // 2]
    return (median / NORMAL) ** 2 / 2


def ways(found: Tracks) -> Floats:
    """Directions (N, 2) of tracks at their points, of length 1, over a few of these."""
    row = rows_of(found.offsets)
    at = np.arange(len(row))
    low = np.maximum(at - 3, found.offsets[row])
    high = np.minimum(at + 3, found.offsets[row + 1] - 1)
    way = found.points[high] - found.points[low]
    found_ways: Floats = way / np.maximum(np.hypot(way[:, 0], way[:, 1]), 1e-9)[:, None]
    return found_ways


@cache
def _models() -> Floats:
    """What is seen across a line of each of `WIDTHS`: a box, blurred by a pixel, and again by reading between."""
    across = np.arange(-FAR, FAR + STEP / 2, STEP)[:, None, None]
    pixel, between = np.arange(-4, 5) / 8, np.arange(-7, 8) / 8
    far = np.abs(across + pixel[:, None] + between)
    near = (1 - np.abs(between)) / (1 - np.abs(between)).sum()
    return np.stack([
        (((far < width / 2) + 0.5 * (far == width / 2)).mean(1) * near).sum(-1) for width in WIDTHS
    ])  # fmt: skip


def _valley(outward: Floats) -> Ints:
    """How many steps outward (K, steps) from the middle values fall."""
    falls = np.diff(outward, axis=1) < 0
    falls[:, :3] = True
    steps: Ints = np.where(falls.all(1), falls.shape[1], falls.argmin(1))
    return steps
