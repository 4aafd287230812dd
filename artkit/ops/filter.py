"""Ops that look at a pixel's neighbors: means, medians, edges.

Windows are odd, so that they have a middle pixel. Beyond the border the picture is mirrored about its outermost
pixels, which are not repeated: `c b | a b c d | c b` (numpy calls it "reflect", scipy "mirror"), as often as the
window is wide. Results are rounded to the nearest level and saturate.
"""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, Field

from artkit.color import CHANNELS
from artkit.errors import UsageError
from artkit.image import Image
from artkit.ops.color import Channel, gray_of
from artkit.registry import op

Levels = NDArray[np.uint8]
"""(H, W) or (H, W, 3)."""

STEEPEST = float(np.hypot(1020, 510))
"""The largest Sobel magnitude there is, 1140.4: 4 * 255 across and half of it along."""

_TILE = 1 << 20
"""Pixels of a band of rows, where a filter needs wide numbers, so that few of them are in memory at once."""


def _odd(size: int) -> int:
    if size > 0 and size % 2 == 0:
        raise ValueError(f"{size} is even, and a window has a middle pixel; use {size - 1} or {size + 1}")
    return size


# After the range of a number, never before it: behind a validator pydantic writes no range into the schema.
ODD = AfterValidator(_odd)
"""An odd number; an even one is refused with the two next to it."""

ODD_SCHEMA = Field(json_schema_extra={"not": {"multipleOf": 2}})


@op
def blur(
    image: Image,
    *,
    window: Annotated[
        Literal["uniform", "gaussian"], Field(description="Every pixel of the window alike, or a bell.")
    ] = "uniform",
    size: Annotated[
        int,
        Field(ge=1, le=999, description="Window side in pixels, odd; six standard deviations of a bell."),
        ODD,
        ODD_SCHEMA,
    ] = 9,
    sigma: Annotated[
        float | None,
        Field(gt=0, le=250, description="Standard deviation of the bell in pixels; it then sets the window's side."),
    ] = None,
) -> Image:
    """Blur the picture: each pixel becomes the mean of the window around it."""
    if sigma is not None and window == "uniform":
        raise UsageError(f'blur: sigma: {sigma:g} is for a bell; add window = "gaussian", or use size')
    if window == "uniform":
        return image.with_pixels(mean(image.pixels, size))
    return image.with_pixels(bell(image.pixels, *((size - 1) / 6, size) if sigma is None else _window(sigma)))


@op
def channel_blur(
    image: Image,
    *,
    channel: Annotated[Channel, Field(description="The channel to blur.")] = "red",
    size: Annotated[int, Field(ge=1, le=999, description="Window side in pixels, odd."), ODD, ODD_SCHEMA] = 75,
) -> Image:
    """Blur one color channel and leave the other two sharp."""
    pixels = image.pixels.copy()
    i = CHANNELS.index(channel)
    pixels[..., i] = mean(pixels[..., i], size)
    return image.with_pixels(pixels)


@op
def median(
    image: Image,
    *,
    size: Annotated[int, Field(ge=1, le=255, description="Window side in pixels, odd."), ODD, ODD_SCHEMA] = 9,
) -> Image:
    """Replace each pixel by the median of the window around it: flat shapes with clean edges."""
    import cv2

    if size == 1:
        return image
    # OpenCV's median repeats the outermost pixels beyond the border; only a picture padded beforehand is mirrored.
    padded = _padded(image.pixels, size // 2)
    return image.with_pixels(_middle(np.asarray(cv2.medianBlur(padded, size), np.uint8), size // 2))


@op
def sobel(
    image: Image,
    *,
    of: Annotated[
        Literal["channels", "gray"], Field(description="Edges of each channel, in color, or of the gray picture.")
    ] = "channels",
    scale: Annotated[
        Literal["clip", "full", "auto"],
        Field(
            description="White from a magnitude of 255 up; at 1140.4, the most there can be; or where 1 in 50 pixels "
            "of this picture is."
        ),
    ] = "clip",
) -> Image:
    """Show how steep the picture is at each pixel: edges bright on black (Sobel's operator)."""
    channels = [image.pixels[..., i] for i in range(3)] if of == "channels" else [gray_of(image.pixels)]
    steepest = [_steepness(one) for one in channels]
    white = {"clip": 255.0, "full": STEEPEST, "auto": _strong(steepest)}[scale]
    pixels = np.dstack([_scaled(s, white) for s in steepest] * (3 // len(channels)))
    return image.with_pixels(pixels)


def mean(levels: Levels, size: int) -> Levels:
    """Mean of the window around each pixel, exact and rounded to nearest."""
    import cv2

    result = cv2.blur(np.ascontiguousarray(levels), (size, size), borderType=cv2.BORDER_REFLECT_101)
    return np.asarray(result, np.uint8)


def bell(levels: Levels, sigma: float, size: int) -> Levels:
    """Gaussian-weighted mean of the window, within half a level and rounded to nearest.

    OpenCV's own way with bytes rounds the weights as well and is off by up to 1.4 levels: bands of rows in 32-bit
    floating point are not.
    """
    import cv2

    if size == 1 or sigma == 0:
        return levels
    radius = size // 2
    height, width = levels.shape[:2]
    kernel = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
    kernel /= kernel.sum()
    rows = mirrored(height, radius)
    step = max(_TILE // width, 2 * radius, 1)
    result = np.empty_like(levels)
    for top in range(0, height, step):
        bottom = min(top + step, height)
        band = _across(levels[rows[top : bottom + 2 * radius]], radius).astype(np.float32)
        blurred = np.asarray(cv2.sepFilter2D(band, cv2.CV_32F, kernel, kernel), np.float32)
        blurred = blurred[radius : radius + bottom - top, radius : radius + width]
        result[top:bottom] = np.clip(np.rint(blurred), 0, 255).astype(np.uint8)
    return result


def mirrored(length: int, margin: int) -> NDArray[np.intp]:
    """Give the indices of a line of `length` pixels with `margin` mirrored ones at each end, however many."""
    period = max(2 * (length - 1), 1)
    place = np.abs(np.arange(-margin, length + margin)) % period
    return np.minimum(place, period - place) if length > 1 else np.zeros_like(place)


def _window(sigma: float) -> tuple[float, int]:
    """Give `sigma` and the side of its window, four standard deviations each way: the bell is as wide as was asked."""
    return sigma, 2 * int(np.ceil(4 * sigma)) + 1


def _padded(levels: Levels, margin: int) -> Levels:
    return _across(levels[mirrored(levels.shape[0], margin)], margin)


def _across(levels: Levels, margin: int) -> Levels:
    return np.take(levels, mirrored(levels.shape[1], margin), axis=1)


def _middle(levels: Levels, margin: int) -> Levels:
    return np.ascontiguousarray(levels[margin:-margin, margin:-margin])


def _steepness(levels: Levels) -> NDArray[np.float32]:
    """Sobel's magnitude (H, W): the root of the squares of the steps to the right and down, 0 to 1140.4."""
    import cv2

    levels = np.ascontiguousarray(levels)
    right, down = (
        cv2.Sobel(levels, cv2.CV_32F, dx, 1 - dx, ksize=3, borderType=cv2.BORDER_REFLECT_101) for dx in (1, 0)
    )
    return np.asarray(cv2.magnitude(right, down), np.float32)


def _strong(steepest: list[NDArray[np.float32]]) -> float:
    """Magnitude that one pixel in fifty reaches in the channel where it is highest, to a 4,096th of the most."""
    import cv2

    counts = [cv2.calcHist([one], [0], None, [4096], [0, STEEPEST + 1]) for one in steepest]
    bins = [
        int(np.searchsorted(np.cumsum(count), 0.98 * one.size)) for count, one in zip(counts, steepest, strict=True)
    ]
    return (max(bins) + 1) * (STEEPEST + 1) / 4096


def _scaled(steepness: NDArray[np.float32], white: float) -> Levels:
    import cv2

    return np.asarray(cv2.convertScaleAbs(steepness, alpha=255 / white), np.uint8)  # rounds to nearest, and clips
