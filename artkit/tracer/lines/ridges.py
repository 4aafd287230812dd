"""Ridges: pixels on the middle of something thin that is lighter, or darker, than both of its sides.

Where the second derivative across is strongest, the first one is zero on the line's middle, which so is found between
pixels (Steger 1998, "An unbiased detector of curvilinear structures"), at two scales (Lindeberg 1998).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Floats, Ints

SCALES = (0.9, 1.7)
"""Standard deviations that the picture is smoothed with, in pixels: for lines about as wide as twice that."""

STRONG = 3.0
"""Second derivative, in levels of gray, at the least; more: fewer ridges."""

APART = 5.0
"""Difference, in levels of gray, from either side, at the least; more: fewer ridges."""

BESIDE = 1.5
"""How far from the middle the sides are looked at, in pixels beside the standard deviation."""

OFF = 0.6
"""How far from a pixel's middle that of a line may be, along x and y, to be this pixel's."""


class Ridges(NamedTuple):
    """N pixels (N,) of a picture in its flat order, and the line that each is on.

    `place` (N, 2) is the line's middle there, `way` (N, 2) its direction, of length 1, either way around; `contrast`
    (N,) how much lighter it is than the closer of its sides, negative if darker.
    """

    pixel: Ints
    place: Floats
    way: Floats
    contrast: Floats


def ridges(gray: NDArray[np.float32]) -> Ridges:
    """Find the ridges of a picture (H, W) in levels of gray."""
    from scipy.ndimage import gaussian_filter

    height, width = gray.shape
    best: list[NDArray[np.float32]] = []
    smooth = [gaussian_filter(gray, scale, truncate=3.0) for scale in SCALES]
    for scale, level in zip(SCALES, smooth, strict=True):
        best.append(_strength(level, np.float32(scale * scale)))
    finer = best[0] >= best[1]
    found = np.maximum(best[0], best[1])
    found[:2] = found[-2:] = found[:, :2] = found[:, -2:] = 0
    pixels, places, ways, contrasts = [], [], [], []
    for fine, scale, level in zip((True, False), SCALES, smooth, strict=True):
        at = np.flatnonzero((finer == fine) & (found > STRONG))
        gx, gy, xx, xy, yy = _derivatives(level.ravel(), at, width)
        # The eigenvector of the eigenvalue farther from zero lies across the line.
        turn = np.arctan2(2 * xy, xx - yy) / 2
        turn += np.where(xx + yy < 0, np.pi / 2, 0.0)
        nx, ny = np.cos(turn), np.sin(turn)
        curve = xx * nx * nx + 2 * xy * nx * ny + yy * ny * ny
        shift = -(gx * nx + gy * ny) / np.where(curve == 0, 1, curve)
        on = (np.abs(shift * nx) <= OFF) & (np.abs(shift * ny) <= OFF) & (curve != 0)
        at, nx, ny, curve, shift = at[on], nx[on], ny[on], curve[on], shift[on]
        row, column = np.divmod(at, width)
        x, y = column + 0.5 + shift * nx, row + 0.5 + shift * ny
        far = scale + BESIDE
        sign = -np.sign(curve)
        middle, one, other = (
            sampled(level, x + step * nx, y + step * ny) for step in (0.0, far, -far)
        )
        contrast = np.minimum(sign * (middle - one), sign * (middle - other))
        apart = contrast > APART
        pixels.append(at[apart])
        places.append(np.column_stack([x, y])[apart])
        ways.append(np.column_stack([-ny, nx])[apart])
        contrasts.append((sign * contrast)[apart])
    order = np.argsort(np.concatenate(pixels), kind="stable")
    return Ridges(
        np.concatenate(pixels)[order], np.concatenate(places)[order], np.concatenate(ways)[order],
        np.concatenate(contrasts)[order],
    )  # fmt: skip


def sampled(values: NDArray[np.floating], x: Floats, y: Floats) -> Floats:
    """Read values (H, W) or (H, W, K) at places between the middles of pixels, mixed from the four around."""
    height, width = values.shape[:2]
    x, y = np.clip(x - 0.5, 0, width - 1.001), np.clip(y - 0.5, 0, height - 1.001)
    column, row = x.astype(np.int64), y.astype(np.int64)
    u, v = x - column, y - row
    at = row * width + column
    flat = values.reshape(height * width, -1)
    if values.ndim == 2:
        flat = flat[:, 0]
    else:
        u, v = u[:, None], v[:, None]
    mixed: Floats = (1 - v) * ((1 - u) * flat[at] + u * flat[at + 1])
    mixed += v * ((1 - u) * flat[at + width] + u * flat[at + width + 1])
    return mixed


def _strength(level: NDArray[np.float32], scale: np.float32) -> NDArray[np.float32]:
    """The larger eigenvalue of second derivatives, made comparable across scales: 0 at the picture's edge."""
    strength = np.zeros_like(level)
    inner = level[1:-1, 1:-1]
    xx = level[1:-1, 2:] + level[1:-1, :-2] - 2 * inner
    yy = level[2:, 1:-1] + level[:-2, 1:-1] - 2 * inner
    xy = (level[2:, 2:] + level[:-2, :-2] - level[2:, :-2] - level[:-2, 2:]) / 4
    half = (xx - yy) / 2
    strength[1:-1, 1:-1] = scale * (np.abs(xx + yy) / 2 + np.sqrt(half * half + xy * xy))
    return strength


def _derivatives(flat: NDArray[np.float32], at: Ints, width: int) -> tuple[Floats, ...]:
    """First and second derivatives at some pixels: x, y, xx, xy, yy."""
    here = flat.astype(np.float64)
    left, right, up, down, middle = here[at - 1], here[at + 1], here[at - width], here[at + width], here[at]
    xy = (here[at + width + 1] + here[at - width - 1] - here[at + width - 1] - here[at - width + 1]) / 4
    return (right - left) / 2, (down - up) / 2, right + left - 2 * middle, xy, down + up - 2 * middle
