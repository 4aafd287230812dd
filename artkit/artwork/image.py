"""Pictures as arrays: `Image` (pixels) and `Labels` (regions and their colors).

Coordinates, here and everywhere in artkit: x to the right, y down, in that order; pixel (row i, column j) covers
x in [j, j + 1] and y in [i, i + 1]. Colors are sRGB, 8 bits a channel, red first.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Mask, Pixels
from artkit.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

TRANSPARENT = -1
"""The label of a pixel that belongs to no region."""


@dataclass(frozen=True, eq=False)
class Image:
    """A picture: (H, W, 3) uint8 sRGB pixels and, where it has transparency, an (H, W) uint8 alpha mask."""

    pixels: Pixels
    alpha: Mask | None = None

    def __post_init__(self) -> None:
        shape = self.pixels.shape
        if self.pixels.dtype != np.uint8 or len(shape) != 3 or shape[2] != 3 or 0 in shape:
            raise UsageError(f"an Image is (H, W, 3) uint8, not {shape} {self.pixels.dtype}; Image.of() converts")
        if self.alpha is not None and (self.alpha.dtype != np.uint8 or self.alpha.shape != shape[:2]):
            raise UsageError(f"alpha is {shape[:2]} uint8, not {self.alpha.shape} {self.alpha.dtype}")

    @classmethod
    def of(cls, source: Any) -> Image:
        """Make an Image of an Image, a Labels, a file's path, a Pillow image, or an array.

        Arrays are (H, W) grey, (H, W, 3) or (H, W, 4): uint8 as it is, uint16 scaled by 1/257, bool as black and
        white, float from 0 to 1 (rounded to nearest). Anything else, NaN included, is a UsageError.
        """
        if isinstance(source, Image):
            return source
        if isinstance(source, Labels):
            return source.painted()
        if isinstance(source, (str, os.PathLike, bytes)):
            from artkit.artwork.photo import read

            return read(source)
        return _from_array(np.asarray(source))

    @property
    def width(self) -> int:
        """Pixels from left to right."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """Pixels from top to bottom."""
        return int(self.pixels.shape[0])

    @property
    def rgba(self) -> NDArray[np.uint8]:
        """(H, W, 4); opaque where there is no mask."""
        alpha = np.full(self.pixels.shape[:2], 255, np.uint8) if self.alpha is None else self.alpha
        return np.dstack([self.pixels, alpha])

    def with_pixels(self, pixels: Pixels) -> Image:
        """Give other pixels under the same mask."""
        return Image(pixels, self.alpha)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write PNG, JPEG, WebP, TIFF or BMP, by the suffix of `path`."""
        from artkit.export import save

        return save(self, path)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return np.array(self.pixels, dtype=dtype, copy=copy)

    def _repr_png_(self) -> bytes:
        from artkit.export import encode

        return encode(self, ".png")


@dataclass(frozen=True, eq=False)
class Labels:
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

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the painted picture."""
        return self.painted().save(path)

    def _repr_png_(self) -> bytes:
        return self.painted()._repr_png_()


def _from_array(array: NDArray[Any]) -> Image:
    if array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] not in (1, 3, 4)) or 0 in array.shape:
        raise UsageError(f"a picture is (H, W), (H, W, 3) or (H, W, 4), not {array.shape}")
    pixels = _to_uint8(array)
    if pixels.ndim == 2 or pixels.shape[2] == 1:
        pixels = np.repeat(pixels.reshape(*pixels.shape[:2], 1), 3, axis=2)
    alpha = np.ascontiguousarray(pixels[..., 3]) if pixels.shape[2] == 4 else None
    if alpha is not None and alpha.min() == 255:
        alpha = None
    return Image(np.ascontiguousarray(pixels[..., :3]), alpha)


def _to_uint8(array: NDArray[Any]) -> NDArray[np.uint8]:
    if array.dtype == np.uint8:
        return array
    if array.dtype == bool:
        return np.where(array, np.uint8(255), np.uint8(0))
    if array.dtype == np.uint16:
        return ((array.astype(np.uint32) + 128) // 257).astype(np.uint8)
    if np.issubdtype(array.dtype, np.floating):
        if not (array.min() >= 0 and array.max() <= 1):  # NaN fails both
            raise UsageError("a float picture runs from 0 to 1, without NaN; divide by its white first")
        scaled: NDArray[np.uint8] = np.rint(array * 255).astype(np.uint8)
        return scaled
    raise UsageError(f"a picture of {array.dtype} has no known white; use uint8, uint16, bool or float from 0 to 1")
