"""Even ground: the areas of one exact color that a screen's text and lines lie on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Pixels, all_channels, distinct
from artkit.planar.map import find_faces
from artkit.raster.masks import spread
from artkit.tracer.regions.flat import pack

BLOCK = 5
"""Ground holds a block of so many pixels a side, which no stroke of text does."""

BESIDE = 3
"""How far from a pixel a second ground may be, in pixels, that it is a mixture with."""


@dataclass(frozen=True, eq=False)
class Ground:
    """`nearest` (H, W) is the color of the ground closest to each pixel, `second` that of another one within `BESIDE`
    pixels, the same where there is none; both are rows of `colors` (K, 3). `depth` (H, W) is how far ground is, in
    pixels, 0 on it.
    """

    nearest: NDArray[np.int32]
    second: NDArray[np.int32]
    depth: NDArray[np.float32]
    colors: NDArray[np.float32]

    @property
    def share(self) -> float:
        """How much of the picture is ground."""
        return float((self.depth == 0).mean())


def even_ground(pixels: Pixels) -> Ground | None:
    """Find the ground of an (H, W, 3) picture; None where it has none."""
    import cv2

    window = np.ones((BLOCK, BLOCK), np.uint8)
    core = all_channels(np.asarray(cv2.erode(pixels, window)) == np.asarray(cv2.dilate(pixels, window)))
    if min(pixels.shape[:2]) < BLOCK or not core.any():
        return None
    packed = pack(pixels)
    colors = distinct(packed[core])
    row = np.minimum(np.searchsorted(colors, packed), len(colors) - 1)
    label = np.where(colors[row] == packed, row, -1).astype(np.int32)
    faces, _, area = find_faces(label)
    wide = np.zeros(len(area) + 1, bool)
    wide[faces[core]] = True
    wide[-1] = False
    known = np.where(wide[faces], label, np.int32(-1))
    nearest, depth = spread(known, known >= 0)
    unpacked = np.column_stack([colors >> 16, colors >> 8 & 255, colors & 255]).astype(np.float32)
    return Ground(nearest, _second(known, nearest), depth, unpacked)


def _second(known: NDArray[np.int32], nearest: NDArray[np.int32]) -> NDArray[np.int32]:
    """Give every pixel another label close by, its own where there is none."""
    import cv2

    window = np.ones((2 * BESIDE + 1,) * 2, np.uint8)
    none = float(1 << 24)
    highest = np.asarray(cv2.dilate(known.astype(np.float32), window)).astype(np.int32)
    lowest = np.asarray(cv2.erode(np.where(known < 0, none, known).astype(np.float32), window))
    low = np.where(lowest < none, lowest, nearest).astype(np.int32)
    return np.where((highest >= 0) & (highest != nearest), highest, low)
