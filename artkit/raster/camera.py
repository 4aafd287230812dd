"""A picture seen by a camera that moves: pictures and shifts in, frames out.

Frames are painted twice as large and reduced by the mean of four pixels, so that nothing flickers while it moves.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Floats, Pixels

FINER = 2
"""How many times larger frames are painted."""


def frame_size(width: int, height: int, side: int) -> tuple[int, int]:
    """Width and height of frames whose longer side has `side` pixels, or the picture's where it has fewer."""
    scale = min(side / max(width, height), 1.0)
    return max(round(width * scale), 1), max(round(height * scale), 1)


def zoomed(pixels: NDArray[np.uint8], zoom: float, middle: tuple[float, float], size: tuple[int, int]) -> Pixels:
    """See (H, W, C) `zoom` times as large in a frame of `size`; `middle`, in shares of width and height, stays there.

    From a zoom of 1 on the picture fills the frame.
    """
    import cv2

    width, height = size[0] * FINER, size[1] * FINER
    fit = np.array([width / pixels.shape[1], height / pixels.shape[0]])
    fixed = np.array(middle) * (width, height)
    scale = fit * zoom
    shift = fixed - zoom * fixed + 0.5 * scale - 0.5  # coordinates are those of middles of pixels
    matrix = np.array([[scale[0], 0, shift[0]], [0, scale[1], shift[1]]])
    large = cv2.warpAffine(pixels, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    return _reduced(np.asarray(large, np.uint8), size)


def shifted(
    pixels: Pixels, by: tuple[float, float], depth: NDArray[np.float32], zoom: float, size: tuple[int, int]
) -> Pixels:
    """See (H, W, 3) in a frame of `size`, `zoom` times as large about the middle and moved.

    `by` is how far what is nearest moves to the right and down, in shares of the longer side; each pixel moves by its
    `depth` (H, W), 1 for the nearest.
    """
    import cv2

    width, height = size[0] * FINER, size[1] * FINER
    far = cv2.resize(depth, (width, height), interpolation=cv2.INTER_LINEAR)
    if zoom != 1:
        turn = np.array([[zoom, 0, (1 - zoom) * (width - 1) / 2], [0, zoom, (1 - zoom) * (height - 1) / 2]])
        far = cv2.warpAffine(far, turn, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    y, x = np.mgrid[:height, :width].astype(np.float32)
    maps = []
    for grid, move, frame, own in ((x, by[0], width, pixels.shape[1]), (y, by[1], height, pixels.shape[0])):
        place = (grid + np.float32(0.5) - np.float32(move * max(width, height)) * far - frame / 2) / zoom + frame / 2
        maps.append((place * np.float32(own / frame) - np.float32(0.5)).astype(np.float32))
    large = cv2.remap(pixels, maps[0], maps[1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    return _reduced(np.asarray(large, np.uint8), size)


def _reduced(large: NDArray[np.uint8], size: tuple[int, int]) -> Pixels:
    import cv2

    return np.asarray(cv2.resize(large, size, interpolation=cv2.INTER_AREA), np.uint8)


def mixed(one: Pixels, other: Pixels, share: Floats | float) -> Pixels:
    """Mix two pictures (H, W, 3): `share`, 0 to 1, for all or (H, W, 1), is the other's."""
    return np.asarray(np.rint(one + share * (other.astype(np.float64) - one)), np.uint8)
