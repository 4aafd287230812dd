"""Where the eye sees errors: less in texture than on even ground and along the edges of things.

The local contrast of texture hides errors (contrast masking: Legge and Foley 1980). An edge has contrast too, but on
one side at least the ground is even: so what counts is the least variance among windows to all sides of a pixel, as in
the filter of Kuwahara et al. (1976).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Ints
from artkit.artwork.remembered import remembered
from artkit.spans import spanned
from artkit.workers import mapped

WINDOW = 5
"""Sides of the windows, in pixels."""

CONTRAST = 10.0
"""Standard deviation, in levels of gray, at which texture begins to hide errors."""

BAND = 1 << 16
"""Pixels of the rows that are looked at at a time."""

POWER = 0.35
"""How fast weights fall with the variance: by a fifth at `CONTRAST`, to about a half at three times as much."""


@remembered
@spanned("masking")
def masking_weights(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Give the weight (H, W) of errors at each pixel of (H, W, 3) colors; the mean over the picture is 1."""
    weight = _variances(pixels)
    _least_around(weight)
    # In 64 bits, and rounded: the last bit of a power is the processor's.
    rows = max(1, BAND // max(weight.shape[1], 1))

    def weigh(top: int) -> None:
        band = weight[top : top + rows]
        band[:] = (1 + band.astype(np.float64) / CONTRAST**2) ** -POWER

    for _ in mapped(weigh, range(0, len(weight), rows)):
        pass
    weight /= weight.mean(dtype=np.float64)
    return weight


def _variances(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Variance of the gray (H, W) in the window around each pixel; the picture is reflected at its edges."""
    height, width = pixels.shape[:2]
    variance = np.empty((height, width), np.float32)
    rows = max(1, BAND // width)
    columns = _reflected(0, width, width)

    def look(top: int) -> None:
        bottom = min(top + rows, height)
        gray = pixels[_reflected(top, bottom, height)].mean(axis=2, dtype=np.float32)
        mean, square = (_means(_means(values).T.take(columns, axis=0)).T for values in (gray, gray * gray))
        np.maximum(square - mean * mean, 0, out=variance[top:bottom])

    for _ in mapped(look, range(0, height, rows)):
        pass
    return variance


def _reflected(low: int, high: int, size: int) -> Ints:
    """Numbers of the rows that the windows of rows `low` to `high` lie on."""
    row = np.arange(low - WINDOW // 2, high + WINDOW // 2) % (2 * size)
    return np.minimum(row, 2 * size - 1 - row)


def _means(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Means of five rows each of (N + 4, W), (N, W).

    Sums of so few numbers are exact, and so the same as `scipy.ndimage` has, which takes a quarter of a second to load.
    """
    wide = values.astype(np.float64)
    two = wide[:-1] + wide[1:]
    five = two[:-3] + two[2:-1] + wide[4:]
    five /= WINDOW
    return five.astype(np.float32)


def _least_around(variance: NDArray[np.float32]) -> None:
    """Give each pixel the least variance of windows to all its sides, in place: nothing comes around from elsewhere."""
    half = WINDOW // 2 + 1
    rows = max(half, BAND // max(variance.shape[1], 1))
    above = np.full((half, variance.shape[1]), np.inf, np.float32)
    for top in range(0, len(variance), rows):
        band = variance[top : top + rows]
        reach = np.concatenate([above, band, np.full((half, variance.shape[1]), np.inf, np.float32)])
        below = variance[top + rows : top + rows + half]
        reach[half + len(band) : half + len(band) + len(below)] = below
        above = band[-half:].copy()
        np.minimum(band, reach[: len(band)], out=band)
        np.minimum(band, reach[2 * half :], out=band)
        left, right = band[:, :-half].copy(), band[:, half:].copy()
        np.minimum(band[:, half:], left, out=band[:, half:])
        np.minimum(band[:, :-half], right, out=band[:, :-half])
