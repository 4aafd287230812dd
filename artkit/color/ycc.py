"""Lightness and two tints as JPEG has them: (Y, Cb, Cr) in levels, tints around 0 (ITU-T T.871).

Mixtures of two colors lie on the straight line between them, as in sRGB, and lightness stands alone.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from artkit.algebra import inverse, product
from artkit.arrays import Floats

Colors = NDArray[np.float32]
"""(..., 3) lightness from 0 to 255 and tints from -128 to 128."""

_YCC_OF_RGB = np.array([[0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]], np.float32)
_RGB_OF_YCC = inverse(_YCC_OF_RGB)


def srgb_to_ycc(pixels: NDArray[np.uint8] | Floats) -> Colors:
    """Lightness and tints of (..., 3) sRGB levels."""
    colors: Colors = product(pixels.astype(np.float32), _YCC_OF_RGB.T)
    return colors


def ycc_to_srgb(colors: NDArray[np.floating]) -> Floats:
    """sRGB levels of (..., 3) lightness and tints, not rounded, clipped to what there is."""
    levels: Floats = np.clip(product(colors.astype(np.float64), _RGB_OF_YCC.T), 0, 255)
    return levels
