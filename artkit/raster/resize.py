"""Pictures resized, turned or bent, their colors weighed by opacity: what is transparent does not bleed into the rest.

Arrays in and out: pixels (H, W, 3) uint8 and, where there is one, the mask (H, W) uint8 that goes with them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Mask, Pixels
from artkit.color.levels import to_uint8
from artkit.color.spaces import LEVEL_OF_LIGHT, LIGHT

Space = Literal["srgb", "linear"]

ONE = 255 * 128
"""What 1 is in the 16-bit numbers that are mixed: light, levels, opacity. Cubic interpolation shoots beyond it."""


def resized(
    pixels: Pixels, alpha: Mask | None, width: int, height: int, space: Space = "srgb"
) -> tuple[Pixels, Mask | None]:
    """Resize a picture: the mean of the area each pixel covers where it shrinks, cubic interpolation where it grows.

    `space` says what is averaged: sRGB levels, or light.
    """
    return mixed(pixels, alpha, lambda array: _resized(array, width, height), space)


def averaged(pixels: Pixels, alpha: Mask | None, side: int, space: Space = "srgb") -> tuple[Pixels, Mask | None]:
    """Give the means of blocks of `side` x `side` pixels; past the right and lower border its pixels go on."""
    if side == 1:
        return pixels, alpha
    height, width = (-(-length // side) for length in pixels.shape[:2])
    beyond = ((0, height * side - pixels.shape[0]), (0, width * side - pixels.shape[1]))
    pixels = np.pad(pixels, (*beyond, (0, 0)), "edge")
    alpha = None if alpha is None else np.pad(alpha, beyond, "edge")
    return resized(pixels, alpha, width, height, space)


def mixed(
    pixels: Pixels, alpha: Mask | None, change: Callable[[NDArray[Any]], NDArray[Any]], space: Space = "srgb"
) -> tuple[Pixels, Mask | None]:
    """Apply a change that mixes pixels: in 16 bits where light is mixed, or where colors count by their opacity.

    `change` is linear, takes (H, W) or (H, W, 3) of uint8 or uint16, and gives the same kind at any size.
    """
    if alpha is None and space == "srgb":
        return change(pixels), None
    numbers, back = _scales()[space]
    if alpha is None:
        return back[change(numbers[pixels])], None
    weighted = np.empty(pixels.shape, np.uint16)
    for row, colors, opacities in zip(weighted, pixels, alpha, strict=True):
        row[:] = (numbers[colors].astype(np.uint32) * opacities[:, None] + 127) // 255
    weighted, opacity = change(weighted), change(alpha.astype(np.uint16) * 128)
    result = np.empty(weighted.shape, np.uint8)
    for row, color, opacities in zip(result, weighted, opacity, strict=True):
        whole = np.rint(color * (ONE / np.maximum(opacities, 1)[:, None]))
        row[:] = back[np.minimum(whole, ONE).astype(np.uint16)]
    return result, _scales()["srgb"][1][opacity]


def _resized(array: NDArray[Any], width: int, height: int) -> NDArray[Any]:
    import cv2

    shrinks = width < array.shape[1] or height < array.shape[0]
    result: NDArray[Any] = cv2.resize(
        array, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    )
    return result


@cache
def _scales() -> dict[Space, tuple[NDArray[np.uint16], NDArray[np.uint8]]]:
    """By space: the number of each level (256,), and the level nearest to each number (65536,)."""
    numbers = np.arange(1 << 16)
    return {
        "srgb": ((np.arange(256) * 128).astype(np.uint16), to_uint8(numbers / 128)),
        "linear": (np.rint(LIGHT * ONE).astype(np.uint16), LEVEL_OF_LIGHT(numbers / ONE)),
    }
