"""Changes of colors in OKLab, and the way back into sRGB of those that it does not have."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from artkit.algebra import product, rounded
from artkit.arrays import Floats
from artkit.color.spaces import (
    LAB_OF_ROOTS,
    LIGHT,
    LIGHT_OF_LMS,
    LMS_OF_LIGHT,
    ROOTS_OF_LAB,
    mixed,
    planes_to_srgb,
)


def oklab_changed(colors: NDArray[np.uint8], change: Floats) -> NDArray[np.uint8]:
    """Apply a matrix (3, 3) to the OKLab coordinates of (N, 3) colors; it must leave lightness as it is.

    Where sRGB has no such color, its chroma is lowered, lightness and hue kept, by no more than a 16384th too far.
    """
    roots = product(
        product(product(ROOTS_OF_LAB, change), LAB_OF_ROOTS), rounded(np.cbrt(mixed(colors, LIGHT, LMS_OF_LIGHT)))
    )
    light = product(LIGHT_OF_LMS, roots * roots * roots)
    out = np.flatnonzero(~_is_in_gamut(light))
    if len(out):
        light[:, out] = _into_gamut(roots[:, out])
    return planes_to_srgb(light)


def _into_gamut(roots: Floats) -> Floats:
    """Linear light (3, N) of colors given by the roots (3, N) of their LMS, with as much of their chroma as fits."""
    gray = ROOTS_OF_LAB[:, :1] * product(LAB_OF_ROOTS[0], roots)
    tint = roots - gray
    # Light is a polynomial in the share of the chroma that is kept.
    cubes = gray * gray * gray, 3 * gray * gray * tint, 3 * gray * tint * tint, tint * tint * tint
    zero, one, two, three = (product(LIGHT_OF_LMS, cube) for cube in cubes)
    least, step = np.zeros(roots.shape[1]), 1.0
    for _ in range(14):
        step /= 2
        share = least + step
        tried = ((three * share + two) * share + one) * share + zero
        least[_is_in_gamut(tried)] += step
    result: Floats = ((three * least + two) * least + one) * least + zero
    return result


def _is_in_gamut(light: Floats) -> NDArray[np.bool_]:
    inside: NDArray[np.bool_] = (light.min(axis=0) >= -1e-4) & (light.max(axis=0) <= 1 + 1e-4)
    return inside
