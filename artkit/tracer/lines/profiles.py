"""How tracks look across: how wide each is, and how much of what stands out there a line of even width explains."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Floats, Ints, row_sums, rows_of
from artkit.tracer.lines.ridges import sampled
from artkit.tracer.lines.tracks import Tracks

WIDTHS = (1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0)
"""Widths that are tried, in pixels; the last ones are no thin lines."""

STEP = 0.5
"""Distance of the places across a track where it is looked at, in pixels."""

FAR = 5.0
"""How far from the middle it is looked at, in pixels."""


def profiles(found: Tracks, gray: NDArray[np.float32]) -> tuple[Floats, Floats]:
    """Give the width (K,) of each track and the share (K,) of squared differences from its sides that this explains."""
    count = len(found.sign)
    if not count:
        return np.zeros(0), np.zeros(0)
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
    return np.array(WIDTHS)[best], share


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
    """What is seen across a line of each of `WIDTHS`: a box, blurred by a pixel, and again by reading between pixels."""
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
