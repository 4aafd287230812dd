"""Pictures turned by any angle, and read from other places: pixels and their mask in, those of another frame out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artkit.algebra import product
from artkit.arrays import Mask, Pixels
from artkit.raster.resize import mixed

Places = Callable[[NDArray[np.intp]], tuple[NDArray[np.float32], NDArray[np.float32]]]
"""Takes numbers of rows, (R,), and gives the x and y from which their pixels are read, (R, W) each."""

LARGEST = 32_766
"""Pixels of a side that OpenCV can look up places in."""


def tilted(pixels: Pixels, alpha: Mask | None, angle: float, cut: bool) -> tuple[Pixels, Mask | None]:
    """Turn a picture by up to 45 degrees, clockwise, by cubic interpolation.

    The whole lies on a larger frame with transparent corners, or with `cut` the largest upright part fills the frame.
    Sides are LARGEST pixels at most.
    """
    import cv2

    height, width = pixels.shape[:2]
    cos, sin = np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))
    size = (_inscribed if cut else _around)(width, height, cos, abs(sin))
    back = np.array([[cos, sin], [-sin, cos]])  # from a place in the result to the one it came from
    middle, source = (np.array([w - 1, h - 1]) / 2 for w, h in (size, (width, height)))
    matrix = np.column_stack([back, source - product(back, middle)])
    border = cv2.BORDER_REPLICATE if cut else cv2.BORDER_CONSTANT
    if alpha is None and not cut:
        alpha = np.full((height, width), 255, np.uint8)
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    return mixed(pixels, alpha, lambda array: cv2.warpAffine(array, matrix, size, flags=flags, borderMode=border))


def around(width: int, height: int, angle: float) -> tuple[int, int]:
    """Give the sides of the frame that a picture takes that is turned by up to 45 degrees."""
    return _around(width, height, np.cos(np.deg2rad(angle)), abs(np.sin(np.deg2rad(angle))))


def _around(width: int, height: int, cos: float, sin: float) -> tuple[int, int]:
    return int(np.ceil(width * cos + height * sin - 1e-6)), int(np.ceil(width * sin + height * cos - 1e-6))


def _inscribed(width: int, height: int, cos: float, sin: float) -> tuple[int, int]:
    """Sides of the largest upright rectangle within a tilted one."""
    short, long = min(width, height), max(width, height)
    if short <= 2 * sin * cos * long:  # two of its corners lie on one long side, halfway
        half = short / 2
        across, down = (half / sin, half / cos) if width >= height else (half / cos, half / sin)
    else:
        across, down = (
            (width * cos - height * sin) / (cos * cos - sin * sin),
            (height * cos - width * sin) / (cos * cos - sin * sin),
        )
    return max(int(across + 1e-6), 1), max(int(down + 1e-6), 1)


def wedges(
    size: tuple[int, int], tip: tuple[float, float], mirrors: int, angle: float, turn: float, zoom: float
) -> Places:
    """Give where the pixels of a kaleidoscope, `size` (width, height), come from: a wedge seen in mirrors that meet.

    `tip` is the wedge's tip (x, y) in the picture, in pixel indices. `angle` is where the wedge is cut from and `turn`
    that of the whole, both in radians clockwise; `zoom` is the size of what is seen.
    """
    width, height = size
    wedge = np.pi / mirrors

    def places(rows: NDArray[np.intp]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        dx = np.arange(width)[None, :] - (width - 1) / 2
        dy = rows[:, None] - (height - 1) / 2
        far, turned = np.hypot(dx, dy) / zoom, np.arctan2(dy, dx) - turn
        folded = np.abs((turned + wedge) % (2 * wedge) - wedge) + angle
        return (
            (tip[0] + far * np.cos(folded)).astype(np.float32),
            (tip[1] + far * np.sin(folded)).astype(np.float32),
        )

    return places


def remapped(array: NDArray[Any], height: int, places: Places) -> NDArray[Any]:
    """Read the pixels of `height` rows from their places, by linear interpolation; past its border it is mirrored."""
    import cv2

    bands = []
    for rows in np.array_split(np.arange(height), -(-height // 64)):
        x, y = places(rows)
        bands.append(cv2.remap(array, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101))
    return np.concatenate(bands)
