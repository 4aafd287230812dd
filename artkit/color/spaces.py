"""Spaces of color: sRGB, linear light and OKLab, one to the other.

Levels are sRGB values from 0 to 255, linear light runs from 0 to 1. Arrays end in an axis of three: red, green, blue
(or OKLab's lightness, a, b), except where planes are named, which begin with it.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from artkit.algebra import inverse, product, rounded
from artkit.arrays import Floats
from artkit.color.levels import NearestLevel, to_uint8

Channel = Literal["red", "green", "blue"]
CHANNELS: tuple[Channel, ...] = ("red", "green", "blue")

# Linear sRGB to cone responses, and their cube roots to Lab: Björn Ottosson, "A perceptual color space for image
# processing" (2020, matrices as revised 2021-01-25).
LMS_OF_LIGHT = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
LAB_OF_ROOTS = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
LIGHT_OF_LMS = inverse(LMS_OF_LIGHT)
ROOTS_OF_LAB = inverse(LAB_OF_ROOTS)


def srgb_to_linear(values: Any) -> Floats:
    """Linear light of sRGB values from 0 to 1 (IEC 61966-2-1)."""
    values = np.asarray(values, np.float64)
    curve: Floats = rounded(((np.maximum(values, 0) + 0.055) / 1.055) ** 2.4, 40)
    return np.where(values <= 0.04045, values / 12.92, curve)


def linear_to_srgb(values: Any) -> Floats:
    """sRGB values from 0 to 1 of linear light; what lies below 0 or above 1 is continued, not clipped."""
    values = np.asarray(values, np.float64)
    curve: Floats = 1.055 * rounded(np.maximum(values, 0) ** (1 / 2.4), 40) - 0.055
    return np.where(values <= 0.0031308, values * 12.92, curve)


LIGHT: Floats = srgb_to_linear(np.arange(256) / 255)
"""(256,) the linear light of each level."""


LEVEL_OF_LIGHT = NearestLevel(srgb_to_linear((np.arange(255) + 0.5) / 255))
"""The sRGB level nearest to linear light."""


def srgb_to_oklab(colors: Any) -> Floats:
    """OKLab of sRGB colors: (..., 3) uint8 levels to (..., 3) lightness 0 to 1, a, b."""
    return linear_to_oklab(LIGHT[np.asarray(colors)])


def linear_to_oklab(colors: Any) -> Floats:
    """OKLab of colors in linear light."""
    result: Floats = product(rounded(np.cbrt(product(colors, LMS_OF_LIGHT.T))), LAB_OF_ROOTS.T)
    return result


def oklab_to_linear(lab: Any) -> Floats:
    """Linear light of OKLab colors; outside of 0 to 1 where sRGB has no such color."""
    roots: Floats = product(lab, ROOTS_OF_LAB.T)
    result: Floats = product(roots * roots * roots, LIGHT_OF_LMS.T)  # numpy's ** 3 takes ten times as long
    return result


def oklab_to_srgb(lab: Any) -> NDArray[np.uint8]:
    """Give the nearest sRGB levels of OKLab colors; colors that sRGB does not have are clipped channel by channel."""
    return to_uint8(255 * linear_to_srgb(oklab_to_linear(lab)))


def lightness(colors: Any) -> Floats:
    """OKLab's lightness of (..., 3) uint8 colors, 0 for black to 1 for white."""
    result: Floats = srgb_to_oklab(colors)[..., 0]
    return result


def planes_to_srgb(planes: Floats) -> NDArray[np.uint8]:
    """Give the nearest sRGB levels (N, 3) of colors in linear light that lie in planes, (3, N)."""
    return np.ascontiguousarray(LEVEL_OF_LIGHT(planes).T)


def mixed(colors: NDArray[np.uint8], curve: Floats, matrix: Floats) -> Floats:
    """Give `matrix @ curve[color]` for each of (N, 3) colors, in planes (3, N): sums of three tables."""
    tables = matrix.T[:, :, None] * curve
    red, green, blue = (np.take(table, level, axis=1) for table, level in zip(tables, colors.T, strict=True))
    result: Floats = red + green + blue
    return result
