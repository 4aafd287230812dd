"""The heights of pixels in, which of them a layer covers out: its own, and how far it goes on beneath others."""

from __future__ import annotations

from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Floats, Ints
from artkit.planar.map import NORMAL_X, NORMAL_Y, PlanarMap
from artkit.tracer.regions.edges import inner_sides

LEAST, SHARE = 3.0, 1 / 400
"""Pixels that a color goes on beneath others by itself, and as a share of the longer side: 0.7 mm of A4, which a
printer's trap needs, and a hand that lays vinyl."""

CALM = 1.5
"""Standard deviation, in pixels, by which hidden borders are smoothed."""


def usual_overlap(width: int, height: int) -> float:
    """Give the pixels that a color goes on beneath others by itself."""
    return max(LEAST, SHARE * max(width, height))


class Cover(NamedTuple):
    """Which pixels (H, W) a layer covers, and how far beyond their middles its hidden border lies, in pixels.

    `beyond` (H, W) is negative inside; None where no border is hidden.
    """

    pixels: Bools
    beyond: NDArray[np.float32] | None


def cover_of(heights: NDArray[np.int32], height: int, overlap: float) -> Cover:
    """Give what the layer of a height covers: its own pixels, and higher ones that are its neighbors.

    It goes on `overlap` pixels beneath these. What it would leave open of them, it covers where that is nowhere as far
    again from its own. Without limit it covers all that is higher.
    """
    own, above = heights == height, heights > height
    if overlap == np.inf:
        return Cover(cast(Bools, own | above), None)
    import cv2

    far = cv2.distanceTransform((~own).view(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    far = cv2.GaussianBlur(far, (0, 0), CALM)  # of stairs it has stairs, which take many curves
    open_, parts = _parts(above & (far > overlap))
    wide = np.zeros(open_, bool)
    wide[parts[far > 2 * overlap]] = True
    wide[0] = False
    _, joined = _parts(own | (above & ~wide[parts]))
    touched = np.zeros(int(joined.max()) + 1, bool)
    touched[joined[own]] = True
    touched[0] = False
    return Cover(cast(Bools, touched[joined]), far - np.float32(overlap))


def hidden_border(planar: PlanarMap, heights: NDArray[np.int32], height: int, cover: Cover) -> tuple[Ints, Floats]:
    """Give the cracks of a layer's border that lie beneath others, and where it runs there, (N, 2)."""
    crack, left, right = inner_sides(planar)
    if cover.beyond is None:
        return crack[:0], np.zeros((0, 2))
    at, beyond = heights.ravel(), cover.beyond.ravel().astype(np.float64)
    beneath = (at[left] >= height) & (at[right] >= height)
    crack, here, there = crack[beneath], beyond[left[beneath]], beyond[right[beneath]]
    crosses = (here > 0) != (there > 0)
    share = np.where(crosses, here / np.where(crosses, here - there, 1), 0.5)
    turn = planar.direction[crack]
    return crack, planar.middles[crack] + (share - 0.5)[:, None] * np.column_stack([NORMAL_X[turn], NORMAL_Y[turn]])


def _parts(mask: Bools) -> tuple[int, Ints]:
    """Number the connected parts of a mask from 1, 0 being none: their number with that, and (H, W) the part."""
    import cv2

    count, parts = cv2.connectedComponents(np.ascontiguousarray(mask).view(np.uint8), connectivity=4)
    return int(count), cast(Ints, parts)
