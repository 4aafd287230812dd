"""Edges: how steep a picture is at each pixel, lines along its ridges, and its light and shade as a relief.

Levels (H, W) or (H, W, 3) in. Slopes are Sobel's, in steps of a level over a window of 3 x 3 with weights that sum to 4
on each side: a step of one level has a magnitude of 4.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Mask
from artkit.color.levels import to_uint8
from artkit.raster.bands import SMALL, Advance, bands, in_bands
from artkit.raster.filters import Raster

STEEPEST = float(np.hypot(1020, 510))
"""The largest Sobel magnitude there is, 1140.4: 4 * 255 across and half of it along."""


def steepness(levels: Raster, white: float, advance: Advance | None = None) -> Raster:
    """Give Sobel's magnitude at each pixel as a level: 0 where it is level, 255 at a magnitude of `white` and above."""
    return in_bands(levels, lambda band: _scaled(_magnitude(band), white), margin=1, pixels=SMALL, advance=advance)


def magnitude_of_share(levels: Raster, share: float, advance: Advance | None) -> float:
    """Magnitude that this share of the pixels reaches in the channel where it is highest, to a 4,096th of the most."""
    import cv2

    channels = range(levels.shape[2] if levels.ndim == 3 else 1)
    counts = np.zeros((len(channels), 4096))
    for _, _, band in bands(levels, margin=1, pixels=SMALL, advance=advance):
        found = np.ascontiguousarray(_magnitude(band)[1:-1, 1:-1])
        for i in channels:
            counts[i] += cv2.calcHist([found], [i], None, [4096], [0, STEEPEST + 1]).ravel()
    below = np.cumsum(counts, axis=1) < (1 - share) * counts.sum(axis=1, keepdims=True)
    return float(below.sum(axis=1).max() + 1) * (STEEPEST + 1) / 4096


def lines(gray: Mask, low: float, high: float, width: int) -> Mask:
    """Draw the ridges of the slope as white lines on black, `width` pixels wide (Canny 1986).

    A line begins where the magnitude is above `high` and goes on while it is above `low`.
    """
    import cv2

    right, down = (cv2.Sobel(gray, cv2.CV_16S, dx, 1 - dx, ksize=3, borderType=cv2.BORDER_REFLECT_101) for dx in (1, 0))
    found = cv2.Canny(right, down, low, high, L2gradient=True)
    if width > 1:
        found = cv2.dilate(found, _disk(width))
    return np.asarray(found, np.uint8)


def relief(levels: Raster, angle: float, amount: float, advance: Advance | None = None) -> Raster:
    """Light the picture from `angle` degrees (0 right, 90 above) as if bright were high; what is level becomes 128.

    A slope of one level to the pixel towards the light changes that by `amount` levels.
    """
    import cv2

    x, y = (round(float(f(np.radians(angle))), 12) for f in (np.cos, np.sin))
    right = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]) / 8  # Sobel's slope, in levels to the pixel
    kernel = amount * (y * right.T - x * right)

    def shaded(band: Raster) -> Raster:
        values = np.asarray(cv2.filter2D(band, cv2.CV_32F, kernel, delta=128))
        return to_uint8(values, out=values)

    return in_bands(levels, shaded, margin=1, advance=advance)


def _magnitude(levels: Raster) -> NDArray[np.float32]:
    """Sobel's magnitude: the root of the squares of the steps to the right and down, 0 to 1140.4."""
    import cv2

    right, down = (cv2.Sobel(levels, cv2.CV_32F, dx, 1 - dx, ksize=3) for dx in (1, 0))
    return np.asarray(cv2.magnitude(right, down), np.float32)


def _scaled(steepness: NDArray[np.float32], white: float) -> Raster:
    import cv2

    return np.asarray(cv2.convertScaleAbs(steepness, alpha=255 / white), np.uint8)  # rounds to nearest, and clips


def _disk(width: int) -> Mask:
    radius = np.arange(width) - width // 2
    return (np.hypot(radius[:, None], radius) <= width / 2).astype(np.uint8)
