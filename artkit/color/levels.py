"""Levels, the whole numbers from 0 to 255 of sRGB: the nearest to a value, and the nearest on a curve."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Floats, Pixels


def to_uint8(values: Any, out: NDArray[Any] | None = None) -> NDArray[np.uint8]:
    """Round values on the scale of 0 to 255 to the nearest level, halves to the even one, and clip: nothing wraps.

    `out` is floating-point memory of the values' shape to round in, such as the values themselves where nobody needs
    them afterwards; it spares a copy of a large picture.
    """
    values = np.asarray(values)
    if not np.issubdtype(values.dtype, np.floating):
        values = values.astype(np.float64)
    rounded = np.rint(values, out=out)
    levels: NDArray[np.uint8] = np.clip(rounded, 0, 255, out=rounded).astype(np.uint8)
    return levels


def tabled(pixels: Pixels, table: NDArray[np.uint8]) -> Pixels:
    """Look each level of a picture up in a table: (256,) for all channels, or (256, 3) with a column for each."""
    import cv2

    table = table.reshape(256, -1) if table.ndim == 1 else table[:, None]
    return np.asarray(cv2.LUT(pixels, table), np.uint8)


class NearestLevel:
    """Gives the level nearest to each value on a curve that climbs from level to level, without inverting the curve.

    `edges` (255,) are the values halfway between the levels. A table of cells, half as wide as the edges are close,
    says which edge to compare with: exact, saturating, and several times as fast as a power or a logarithm.
    """

    def __init__(self, edges: Floats) -> None:
        self.low = edges[0]
        self.cells_per_unit = 2 / np.diff(edges).min()
        self.last = int((edges[-1] - self.low) * self.cells_per_unit) + 1
        starts = self.low + np.arange(self.last + 1) / self.cells_per_unit
        # A value may lie a rounding error left of its cell, and so may its edge.
        self.first = np.searchsorted(edges, starts - 0.01 / self.cells_per_unit).astype(np.uint8)
        # What lies on an edge goes up, rounding errors or not. Nothing lies above NaN, not even infinity.
        self.edge = np.append(edges - 1e-12, np.nan)[self.first]

    def __call__(self, values: Floats) -> NDArray[np.uint8]:
        """Give the level of each value, uint8; what lies beyond the ends becomes 0 or 255."""
        place = (values - self.low) * self.cells_per_unit
        cell = np.clip(place, 0, self.last, out=place).astype(np.intp)
        level: NDArray[np.uint8] = self.first.take(cell) + (values >= self.edge.take(cell))
        return level
