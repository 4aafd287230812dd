"""Where the eye sees errors: less in texture than on even ground and along the edges of things.

The local contrast of texture hides errors (contrast masking: Legge and Foley 1980). An edge has contrast too, but on
one side at least the ground is even: so what counts is the least variance among windows to all sides of a pixel, as in
the filter of Kuwahara et al. (1976).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from artkit.artwork.remembered import remembered

WINDOW = 5
"""Sides of the windows, in pixels."""

CONTRAST = 10.0
"""Standard deviation, in levels of gray, at which texture begins to hide errors."""

POWER = 0.35
"""How fast weights fall with the variance: by a fifth at `CONTRAST`, to about a half at three times as much."""


@remembered
def masking_weights(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Give the weight (H, W) of errors at each pixel of (H, W, 3) colors; the mean over the picture is 1."""
    from scipy.ndimage import uniform_filter

    gray = pixels.mean(axis=2, dtype=np.float32)
    mean = uniform_filter(gray, WINDOW)
    gray *= gray
    variance = uniform_filter(gray, WINDOW)
    mean *= mean
    variance -= mean
    np.maximum(variance, 0, out=variance)
    half = WINDOW // 2 + 1
    for axis in (0, 1):
        there, back = np.roll(variance, half, axis), np.roll(variance, -half, axis)
        start, end = [slice(None)] * 2, [slice(None)] * 2
        start[axis], end[axis] = slice(0, half), slice(-half, None)
        there[tuple(start)] = back[tuple(end)] = np.inf  # nothing comes around from the other side
        np.minimum(variance, there, out=variance)
        np.minimum(variance, back, out=variance)
    # In 64 bits, and rounded: the last bit of a power is the processor's.
    weight: NDArray[np.float32] = ((1 + variance.astype(np.float64) / CONTRAST**2) ** -POWER).astype(np.float32)
    weight /= weight.mean(dtype=np.float64)
    return weight
