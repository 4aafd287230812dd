"""Masks made larger and smaller, their runs, and labels that spread to where there are none."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Ints


def grown(mask: Bools, by: int) -> Bools:
    """Give a mask (H, W) and all within so many pixels of it, corners included."""
    import cv2

    larger: Bools = np.asarray(cv2.dilate(mask.view(np.uint8), _square(by))) > 0
    return larger


def shrunk(mask: Bools, by: int) -> Bools:
    """Give a mask (H, W) without what is within so many pixels of its edge; that of the picture is none."""
    import cv2

    smaller: Bools = np.asarray(cv2.erode(mask.view(np.uint8), _square(by), borderValue=1)) > 0
    return smaller


def _square(by: int) -> NDArray[np.uint8]:
    return np.ones((2 * by + 1,) * 2, np.uint8)


def runs(mask: Bools) -> tuple[Ints, Ints, Ints]:
    """Row, first column and the one after the last of each run along the rows of a mask (H, W)."""
    change = np.diff(np.pad(mask.view(np.int8), ((0, 0), (1, 1))), axis=1)
    row, first = np.nonzero(change > 0)
    return row, first, np.nonzero(change < 0)[1]


def spread(labels: NDArray[np.int32], known: Bools) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Give every pixel the label (H, W) of the nearest `known` one, and how far that is; one at least must be known."""
    import cv2

    far, place = cv2.distanceTransformWithLabels(
        (~known).view(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL
    )
    table = np.zeros(int(place.max()) + 1, np.int32)
    table[place[known]] = labels[known]
    return np.asarray(table[place], np.int32), np.asarray(far, np.float32)
