"""Glitches: pixels out of order, as by faults of a machine."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Ints
from artkit.artwork.image import Image
from artkit.color.gray import gray_of
from artkit.registry import op
from artkit.registry.declared import Field

Level = Annotated[int, Field(ge=0, le=255)]

TALLEST = 0.12
"""Height of the tallest slice, as a share of the picture's."""

APART = 3.0
"""How far channels are shifted in some slices, as a multiple of the shift elsewhere, at most."""


@op
def pixel_sort(
    image: Image,
    *,
    low: Annotated[Level, Field(description="Lightness from which on pixels are sorted.")] = 110,
    high: Annotated[Level, Field(description="Lightness up to which they are.")] = 255,
    toward: Annotated[
        Literal["right", "left", "down", "up"], Field(description="Where the lightest pixel of a run goes.")
    ] = "down",
) -> Image:
    """Sort the pixels of each run within a range of lightness, along rows or columns.

    After Kim Asendorf's ASDFPixelSort (2010). Pixels of one lightness keep their order, transparent ones their place.
    """
    gray = gray_of(image.pixels, "lightness")
    sorted_ones = (gray >= low) & (gray <= high)
    opaque = image.is_opaque
    if opaque is not None:
        sorted_ones &= opaque
    turned = toward in ("down", "up")
    pixels = image.pixels.swapaxes(0, 1) if turned else image.pixels
    key = gray if toward in ("right", "down") else 255 - gray
    order = _order_of_runs(key.T if turned else key, sorted_ones.T if turned else sorted_ones)
    done = pixels.reshape(-1, 3)[order].reshape(pixels.shape)
    return image.with_pixels(np.ascontiguousarray(done.swapaxes(0, 1) if turned else done))


def _order_of_runs(key: NDArray[np.uint8], inside: Bools) -> Ints:
    """Give the order of all pixels (H * W,) in which those of each run of `inside` (H, W) in a row rise by `key`."""
    starts = np.ones(inside.shape, bool)
    starts[:, 1:] = ~(inside[:, 1:] & inside[:, :-1])
    run = np.cumsum(starts, dtype=np.int64)
    order: Ints = np.argsort(run << 8 | key.ravel(), kind="stable")
    return order


@op
def glitch(
    image: Image,
    *,
    shift: Annotated[
        float, Field(ge=0, le=1, description="How far red and blue are moved apart, as a share of the width.")
    ] = 0.016,
    slices: Annotated[int, Field(ge=0, le=1000, description="Number of slices of rows that are moved.")] = 14,
    slide: Annotated[
        float, Field(ge=0, le=1, description="How far slices are moved at most, as a share of the width.")
    ] = 0.12,
    rng: np.random.Generator | None = None,
) -> Image:
    """Shift the color channels against each other, and slices of rows to the side, as a torn signal does.

    What leaves the picture on one side comes in on the other. Opacity moves as green does.
    """
    width = image.width
    moved = _offsets(image.height, shift * width, slices, slide * width, rng or np.random.default_rng(0))
    columns = np.arange(width)
    sources = [(columns - by[:, None]) % width for by in moved.T]
    pixels = np.dstack([np.take_along_axis(image.pixels[..., c], sources[c], 1) for c in range(3)])
    alpha = None if image.alpha is None else np.take_along_axis(image.alpha, sources[1], 1)
    return Image(pixels, alpha)


def _offsets(height: int, shift: float, slices: int, slide: float, rng: np.random.Generator) -> Ints:
    """How many pixels each row's red, green and blue go to the right, (H, 3); slices that overlap add up."""
    moved = np.zeros((height, 3))
    moved[:] = -shift, 0, shift
    tops = rng.uniform(0, 1, slices) * height
    heights = rng.uniform(0, 1, slices) ** 2 * TALLEST * height + 1  # more low ones than tall ones
    slides = rng.uniform(-slide, slide, slices)
    apart = rng.uniform(0, APART, slices) * shift * rng.integers(0, 2, slices)
    for top, tall, by, wide in zip(tops, heights, slides, apart, strict=True):
        moved[int(top) : int(top + tall)] += by - wide, by, by + wide
    return np.rint(moved).astype(np.int64)
