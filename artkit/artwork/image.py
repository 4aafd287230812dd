"""Pictures as arrays: `Image`, pixels and, where it has transparency, their mask.

Coordinates, here and everywhere in artkit: x to the right, y down, in that order; pixel (row i, column j) covers
x in [j, j + 1] and y in [i, i + 1]. Colors are sRGB, 8 bits a channel, red first.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Mask, Pixels
from artkit.artwork import formats
from artkit.artwork.shown import Shown, sides_at
from artkit.errors import UsageError

OPAQUE = 128
"""The least alpha of a pixel that is there, where it is to be one or the other."""


@dataclass(frozen=True, eq=False, repr=False)
class Image(Shown):
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
        if painted := getattr(source, "painted", None):  # Labels, which know of pictures and not the other way round
            return cls.of(painted())
        if isinstance(source, (str, os.PathLike, bytes)):
            return formats.read(source)
        if type(source).__module__.startswith("PIL."):
            source = _plain(source)
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

    @property
    def is_opaque(self) -> NDArray[np.bool_] | None:
        """(H, W), where it is more opaque than transparent; None is everywhere."""
        return None if self.alpha is None else self.alpha >= OPAQUE

    def on_white(self) -> Image:
        """Give the picture as it looks on white paper, without a mask."""
        if self.alpha is None:
            return self
        alpha = self.alpha[..., None].astype(np.uint32)
        return Image(((self.pixels * alpha + 255 * (255 - alpha) + 127) // 255).astype(np.uint8))

    def with_pixels(self, pixels: Pixels) -> Image:
        """Give other pixels under the same mask."""
        return Image(pixels, self.alpha)

    def to_image(self, width: int | None = None) -> Image:
        """Give it at another width, with the same ratio of its sides; without one, as it is."""
        sides = sides_at(width, (self.width, self.height))
        if sides == (self.width, self.height):
            return self
        from artkit.limits import within
        from artkit.raster.resize import resized

        within("grown", sides[0] * sides[1], f"the picture at {sides[0]} x {sides[1]} pixels comes to")
        return Image(*resized(self.pixels, self.alpha, *sides))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return np.array(self.pixels, dtype=dtype, copy=copy)

    def _facts(self) -> str:
        return f"{self.width} x {self.height}" + (", with alpha" if self.alpha is not None else "")


_PLAIN = ("1", "L", "RGB", "RGBA", "I;16", "I;16L", "I;16B", "F")
"""Modes of Pillow's pictures whose numbers are levels."""


def _plain(picture: Any) -> Any:
    """Give a Pillow image whose numbers are neither those of a palette nor of another kind of color."""
    if picture.mode in _PLAIN:
        return picture
    transparent = picture.mode in ("LA", "La", "PA", "RGBa") or "transparency" in picture.info
    return picture.convert("RGBA" if transparent else "RGB")


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
