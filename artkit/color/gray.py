"""Gray levels of colors, exact and rounded to nearest."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Mask, Pixels
from artkit.color.distinct import recolored
from artkit.color.levels import to_uint8
from artkit.color.spaces import lightness

Gray = Literal["rec601", "rec709", "lightness"]

_WEIGHTS = {"rec601": (299, 587, 114), "rec709": (2126, 7152, 722)}
"""Shares of red, green and blue as whole numbers, which sum to their unit exactly, so that white stays white."""

_FEW = 1 << 16
"""Pixels worked on at a time where numbers are wide, so that they stay in the processor's cache."""


def gray_of(pixels: Pixels, weights: Gray = "rec601") -> Mask:
    """Gray levels (H, W) of a picture, exact and rounded to nearest (halves up)."""
    if weights == "lightness":
        return recolored(pixels, _by_lightness)[..., 0]
    import cv2

    shares = _WEIGHTS[weights]
    unit = sum(shares)
    sums = np.array([[*shares, unit // 2]], np.float32)  # whole numbers below 2 ** 24, which 32-bit floats hold exactly
    gray = np.empty(pixels.shape[:2], np.uint8)
    step = max(_FEW // pixels.shape[1], 1)
    for top in range(0, len(pixels), step):
        total = cv2.transform(pixels[top : top + step].astype(np.float32), sums)
        gray[top : top + step] = (total / np.float32(unit)).reshape(-1, pixels.shape[1])
    return gray


def _by_lightness(colors: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.repeat(to_uint8(255 * lightness(colors))[:, None], 3, axis=1)
