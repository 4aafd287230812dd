"""Means and medians of the window around each pixel: levels (H, W) or (H, W, C) in, levels of the same shape out.

Windows are odd, so that they have a middle pixel. Borders mirror and large pictures are worked on in bands of rows: see
`bands`. Results are rounded to the nearest level.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from artkit.color.levels import to_uint8
from artkit.raster.bands import LONG, WIDE, Advance, in_bands, spans
from artkit.raster.gaussian import weights_of

Raster = NDArray[np.uint8]
"""(H, W) or (H, W, 3)."""

_TAPS = 1 << 28
"""Weights times pixels of a call to OpenCV: some tenths of a second, after which Ctrl-C is noticed."""


_QUICK = 1 << 24
"""Pixels of a band of a filter whose time does not grow with its window: a tenth of a second."""


def box(levels: Raster, size: int, advance: Advance | None = None) -> Raster:
    """Mean of the window of `size` x `size` pixels around each pixel, exact and rounded to nearest."""
    import cv2

    # OpenCV mirrors borders as `bands` does, so that bands need no copy: what it makes of where one ends is cut off.
    margin, height = size // 2, len(levels)
    result = np.empty_like(levels)
    for top, bottom in spans(height, max(_QUICK // levels.shape[1], 4 * margin), advance):
        first = max(top - margin, 0)
        mean = cv2.blur(levels[first : bottom + margin], (size, size))
        if len(mean) == height:
            result = np.asarray(mean)
        else:
            result[top:bottom] = mean[top - first : bottom - first]
    return result


def median(levels: Raster, size: int, advance: Advance | None = None) -> Raster:
    """Median of the window of `size` x `size` pixels around each pixel, each channel by itself."""
    import cv2

    if size == 1:
        return levels
    # OpenCV's median repeats the outermost pixels beyond the border; only a picture padded beforehand is mirrored.
    return in_bands(levels, lambda band: cv2.medianBlur(band, size), margin=size // 2, pixels=LONG, advance=advance)


def bilateral(levels: Raster, size: int, contrast: float, advance: Advance | None = None) -> Raster:
    """Mean of a disk `size` pixels wide, of which pixels count by nearness in place and in color.

    Standard deviations are a quarter of the disk's width in place and `contrast` in levels, summed over the channels
    (Tomasi and Manduchi, "Bilateral filtering for gray and color images", 1998).
    """
    import cv2

    if size == 1:
        return levels
    return in_bands(
        levels,
        lambda band: cv2.bilateralFilter(band, size, contrast, size / 4),
        margin=size // 2,
        pixels=_slow(size),
        advance=advance,
    )


def gaussian(levels: Raster, sigma: float, size: int, advance: Advance | None = None) -> Raster:
    """Gaussian-weighted mean of the window, `sigma` and `size` in pixels: within half a level, rounded to nearest.

    OpenCV's own way with bytes rounds the weights as well and is off by up to 1.4 levels: 32-bit floating point is not.
    """
    if size == 1 or sigma == 0:
        return levels
    weights = gaussian_weights(sigma, size)
    return in_bands(levels, lambda band: _rounded(weighted(band, weights)), margin=size // 2, advance=advance)


def sharpened(levels: Raster, sigma: float, amount: float, threshold: float, advance: Advance | None = None) -> Raster:
    """Add `amount` times what a Gaussian blur takes away, where that is `threshold` levels or more (unsharp mask)."""
    weights = gaussian_weights(*gaussian_window(sigma))

    def change(band: Raster) -> Raster:
        detail = band - weighted(band, weights)
        detail[np.abs(detail) < threshold] = 0
        detail *= amount
        detail += band
        return to_uint8(detail, out=detail)

    return in_bands(levels, change, margin=len(weights) // 2, advance=advance)


def weighted(levels: Raster, weights: NDArray[np.float64]) -> NDArray[np.float32]:
    """Weighted mean of the window around each pixel, the weights being those of rows and of columns."""
    import cv2

    values, size = levels.astype(np.float32), len(weights)
    step = max(_TAPS // (size * max(values.shape[:2])), 1)
    if max(values.shape[:2]) <= step:
        return np.asarray(cv2.sepFilter2D(values, cv2.CV_32F, weights, weights), np.float32)
    # With a wide window a single band takes seconds: first along the rows, then down the columns, in parts.
    one = np.ones(1)
    for i in range(0, values.shape[0], step):
        values[i : i + step] = cv2.sepFilter2D(values[i : i + step], cv2.CV_32F, weights, one)
    for j in range(0, values.shape[1], step):
        values[:, j : j + step] = cv2.sepFilter2D(values[:, j : j + step], cv2.CV_32F, one, weights)
    return values


def gaussian_weights(sigma: float, size: int) -> NDArray[np.float64]:
    """(size,) the weights of a Gaussian of standard deviation `sigma`, which sum to 1."""
    weights: NDArray[np.float64] = weights_of(sigma, size // 2)
    return weights


def gaussian_window(sigma: float) -> tuple[float, int]:
    """Give `sigma` and the side of its window, four standard deviations each way: little is cut off."""
    return sigma, 2 * int(np.ceil(4 * sigma)) + 1


def _slow(size: int) -> int:
    """Pixels of a band of a filter whose time grows with its window's area."""
    return min((1 << 27) // size**2, WIDE)


def _rounded(values: NDArray[Any]) -> Raster:
    return to_uint8(values, out=values)
