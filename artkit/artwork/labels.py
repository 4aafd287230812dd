"""Regions as arrays: `Labels`, a number for each pixel and a color for each number."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import TRANSPARENT
from artkit.artwork.image import Image
from artkit.artwork.shown import Shown
from artkit.errors import UsageError


@dataclass(frozen=True, eq=False, repr=False)
class Labels(Shown):
    """A label image: (H, W) int32 numbers of regions, TRANSPARENT (-1) where there is none, and their colors.

    `palette` is (K, 3) uint8: `palette[i]` is the color of label i. `source` is the picture the labels were made
    from; the tracer reads sub-pixel edges off its antialiasing.
    """

    ids: NDArray[np.int32]
    palette: NDArray[np.uint8]
    source: Image | None = None

    def __post_init__(self) -> None:
        if self.ids.dtype != np.int32 or self.ids.ndim != 2 or 0 in self.ids.shape:
            raise UsageError(f"label ids are (H, W) int32, not {self.ids.shape} {self.ids.dtype}")
        if self.palette.dtype != np.uint8 or self.palette.ndim != 2 or self.palette.shape[1] != 3:
            raise UsageError(f"a palette is (K, 3) uint8, not {self.palette.shape} {self.palette.dtype}")
        low, high = int(self.ids.min()), int(self.ids.max())
        if low < TRANSPARENT or high >= len(self.palette):
            raise UsageError(f"labels run from {low} to {high}, but the palette has {len(self.palette)} colors")

    @property
    def width(self) -> int:
        """Pixels from left to right."""
        return int(self.ids.shape[1])

    @property
    def height(self) -> int:
        """Pixels from top to bottom."""
        return int(self.ids.shape[0])

    @cached_property
    def areas(self) -> NDArray[np.int64]:
        """(K,) pixels of each label."""
        return np.bincount(self.ids.ravel() + 1, minlength=len(self.palette) + 1)[1:]

    def painted(self) -> Image:
        """Paint every label in its color."""
        opaque = self.ids != TRANSPARENT
        if opaque.all():
            return Image(self.palette[self.ids])
        colors = np.vstack([self.palette, np.zeros((1, 3), np.uint8)])  # label -1 reads the last row
        return Image(colors[self.ids], np.where(opaque, np.uint8(255), np.uint8(0)))

    def to_image(self, width: int | None = None) -> Image:
        """Give the painted picture, at another width where one is given."""
        return self.painted().to_image(width)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return np.array(self.ids, dtype=dtype, copy=copy)

    def _facts(self) -> str:
        colors = len(self.palette)
        return f"{self.width} x {self.height}, {colors} color{'s' * (colors != 1)}"
