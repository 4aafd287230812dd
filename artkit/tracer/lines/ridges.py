"""Ridges: pixels on the middle of something thin that is lighter, or darker, than both of its sides.

Where the second derivative across is strongest, the first one is zero on the line's middle, which so is found between
pixels (Steger 1998, "An unbiased detector of curvilinear structures"), at two scales (Lindeberg 1998).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Floats, Ints
from artkit.workers import mapped

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


BAND = 1 << 19
"""Pixels of a band of rows that is looked at together."""

RIM = 16
"""Rows around a band: more than what is read of a picture around a pixel."""


def ridges(gray: NDArray[np.float32], times: float = 1.0) -> Ridges:
    """Find the ridges of a picture (H, W) in levels of gray; more `times` as strong ones, fewer."""
    height, width = gray.shape
    rows = max(BAND // width, RIM)

    def look(top: int) -> Ridges:
        above, bottom = min(top, RIM), min(top + rows, height)
        found = _in_band(gray[top - above : bottom + RIM], top - above, times)
        own = (found.pixel >= top * width) & (found.pixel < bottom * width)
        return Ridges(*(values[own] for values in found))

    parts = list(mapped(look, range(0, height, rows)))
    return Ridges(*(np.concatenate(each) for each in zip(*parts, strict=True)))


def _in_band(gray: NDArray[np.float32], top: int, times: float) -> Ridges:
    """The ridges of rows of a picture from `top` on, as they lie in the picture."""
    from scipy.ndimage import gaussian_filter

    levels = [gaussian_filter(gray, scale, truncate=3.0) for scale in SCALES]
    strength = [_strength(level, np.float32(scale * scale)) for scale, level in zip(SCALES, levels, strict=True)]
    finer = strength[0] >= strength[1]
    strong = np.maximum(*strength) > STRONG * times
    strong[:2] = strong[-2:] = strong[:, :2] = strong[:, -2:] = False
    parts = [
        _on_scale(level, np.flatnonzero(strong & (finer == fine)), scale + BESIDE, top, APART * times)
        for level, scale, fine in zip(levels, SCALES, (True, False), strict=True)
    ]
    pixel, place, way, contrast = (np.concatenate(both) for both in zip(*parts, strict=True))
    order = np.argsort(pixel, kind="stable")
    return Ridges(pixel[order], place[order], way[order], contrast[order])


def _on_scale(level: NDArray[np.float32], at: Ints, far: float, top: int, apart: float) -> Ridges:
    """The ridges among some pixels of smooth rows from `top` on, whose sides, so far away, differ by `apart`."""
    width = level.shape[1]
    gx, gy, xx, xy, yy = _derivatives(level.ravel(), at, width)
    # The eigenvector of the eigenvalue farther from zero lies across the line; half an angle without its cosine.
    half = np.maximum(np.sqrt((xx - yy) ** 2 + 4 * xy * xy), 1e-12)
    cosine = np.sqrt(np.clip((1 + (xx - yy) / half) / 2, 0, 1))
    sine = np.where(xy < 0, -1, 1) * np.sqrt(np.clip((1 - (xx - yy) / half) / 2, 0, 1))
    falls = xx + yy < 0
    nx, ny = np.where(falls, -sine, cosine), np.where(falls, cosine, sine)
    curve = xx * nx * nx + 2 * xy * nx * ny + yy * ny * ny
    shift = -(gx * nx + gy * ny) / np.where(curve == 0, np.inf, curve)
    on = (np.abs(shift * nx) <= OFF) & (np.abs(shift * ny) <= OFF) & (curve != 0)
    at, nx, ny, curve, shift = at[on], nx[on], ny[on], curve[on], shift[on]
    row, column = np.divmod(at, width)
    x, y = column + 0.5 + shift * nx, row + 0.5 + shift * ny
    middle, one, other = (sampled(level, x + step * nx, y + step * ny) for step in (0.0, far, -far))
    sign = -np.sign(curve)
    contrast = np.minimum(sign * (middle - one), sign * (middle - other))
    keep = contrast > apart
    place, way = np.column_stack([x, row + top + 0.5 + shift * ny]), np.column_stack([-ny, nx])
    return Ridges(at[keep] + top * width, place[keep], way[keep], (sign * contrast)[keep])


def sampled(values: NDArray[np.float32], x: Floats, y: Floats) -> Floats:
    """Read values (H, W) at places between the middles of pixels, mixed from the four around."""
    height, width = values.shape
    x, y = np.clip(x - 0.5, 0, width - 1.001), np.clip(y - 0.5, 0, height - 1.001)
    column, row = x.astype(np.int64), y.astype(np.int64)
    u, v = x - column, y - row
    at, flat = row * width + column, values.ravel()
    upper = (1 - u) * flat[at] + u * flat[at + 1]
    lower = (1 - u) * flat[at + width] + u * flat[at + width + 1]
    mixed: Floats = (1 - v) * upper + v * lower
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
    left, right, up, down, middle = (flat[at + step].astype(np.float64) for step in (-1, 1, -width, width, 0))
    corners = [flat[at + step].astype(np.float64) for step in (width + 1, -width - 1, width - 1, -width + 1)]
    xy = (corners[0] + corners[1] - corners[2] - corners[3]) / 4
    return (right - left) / 2, (down - up) / 2, right + left - 2 * middle, xy, down + up - 2 * middle
