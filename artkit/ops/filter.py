"""Ops that look at a pixel's neighbors: means, medians, edges.

Windows are odd, so that they have a middle pixel. Beyond the border the picture is mirrored about its outermost
pixels, which are not repeated: `c b | a b c d | c b` (numpy calls it "reflect", scipy "mirror"), as often as the
window is wide. Results are rounded to the nearest level and saturate. Large pictures are worked on in bands of rows.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, Field

from artkit.arrays import Mask, Pixels
from artkit.artwork.image import Image
from artkit.color.gray import gray_of
from artkit.color.spaces import CHANNELS
from artkit.errors import UsageError
from artkit.ops.color import Channel
from artkit.raster.bands import LONG, SMALL, WIDE, Advance, bands, in_bands, leg
from artkit.registry import op

Levels = NDArray[np.uint8]
"""(H, W) or (H, W, 3)."""

STEEPEST = float(np.hypot(1020, 510))
"""The largest Sobel magnitude there is, 1140.4: 4 * 255 across and half of it along."""

_TAPS = 1 << 28
"""Weights times pixels of a call to OpenCV: some tenths of a second, after which Ctrl-C is noticed."""

FAINT = 24.0
"""A Sobel magnitude below which nothing is an edge unless asked for: a step of six levels."""


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
    advance: Advance | None = None,
) -> Image:
    """Blur the picture: each pixel becomes the mean of the window around it."""
    if sigma is not None and window == "uniform":
        raise UsageError(f'blur: sigma: {sigma:g} is for a bell; add window = "gaussian", or use size')
    if window == "uniform":
        return image.with_pixels(mean(image.pixels, size, advance))
    width, side = ((size - 1) / 6, size) if sigma is None else bell_window(sigma)
    return image.with_pixels(bell(image.pixels, width, side, advance))


@op
def channel_blur(
    image: Image,
    *,
    channel: Annotated[Channel, Field(description="The channel to blur.")] = "red",
    size: Annotated[int, Field(ge=1, le=999, description="Window side in pixels, odd."), ODD, ODD_SCHEMA] = 75,
    advance: Advance | None = None,
) -> Image:
    """Blur one color channel and leave the other two sharp."""
    pixels = image.pixels.copy()
    i = CHANNELS.index(channel)
    pixels[..., i] = mean(pixels[..., i], size, advance)
    return image.with_pixels(pixels)


@op
def median(
    image: Image,
    *,
    size: Annotated[int, Field(ge=1, le=255, description="Window side in pixels, odd."), ODD, ODD_SCHEMA] = 9,
    advance: Advance | None = None,
) -> Image:
    """Replace each pixel by the median of the window around it: flat shapes with clean edges."""
    import cv2

    if size == 1:
        return image
    # OpenCV's median repeats the outermost pixels beyond the border; only a picture padded beforehand is mirrored.
    pixels = in_bands(
        image.pixels, lambda band: cv2.medianBlur(band, size), margin=size // 2, pixels=LONG, advance=advance
    )
    return image.with_pixels(pixels)


@op
def bilateral(
    image: Image,
    *,
    size: Annotated[
        int,
        Field(ge=1, le=25, description="Diameter of the window in pixels, odd; four standard deviations of its bell."),
        ODD,
        ODD_SCHEMA,
    ] = 9,
    contrast: Annotated[
        float,
        Field(
            gt=0,
            le=765,
            description="What differs by less is smoothed, by much more is an edge; levels, summed over the channels.",
        ),
    ] = 60,
    advance: Advance | None = None,
) -> Image:
    """Smooth areas and keep edges: a mean in which pixels count by nearness, in place and in color.

    The weight of a neighbor is a bell of its distance times a bell, of standard deviation `contrast`, of its
    difference in color. The window is a disk.
    """
    import cv2

    if size == 1:
        return image
    pixels = in_bands(
        image.pixels,
        lambda band: cv2.bilateralFilter(band, size, contrast, size / 4),
        margin=size // 2,
        pixels=_slow(size),
        advance=advance,
    )
    return image.with_pixels(pixels)


@op
def sharpen(
    image: Image,
    *,
    amount: Annotated[
        float, Field(ge=0, le=20, description="How much of the fine detail is added: 0 changes nothing.")
    ] = 1.0,
    sigma: Annotated[
        float,
        Field(gt=0, le=250, description="Standard deviation of the blur that tells what is detail, in pixels."),
    ] = 2.0,
    threshold: Annotated[
        float, Field(ge=0, le=255, description="Detail of fewer levels stays as it is, so that grain does not grow.")
    ] = 0.0,
    advance: Advance | None = None,
) -> Image:
    """Sharpen the picture by an unsharp mask: what a blur takes away is added."""
    size = bell_window(sigma)[1]
    weights = bell_weights(sigma, size)

    def change(band: Levels) -> Levels:
        detail = band - weighted(band, weights)
        detail[np.abs(detail) < threshold] = 0
        detail *= amount
        detail += band
        return rounded(detail)

    return image.with_pixels(in_bands(image.pixels, change, margin=size // 2, advance=advance))


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
    advance: Advance | None = None,
) -> Image:
    """Show how steep the picture is at each pixel: edges bright on black (Sobel's operator)."""
    levels = image.pixels if of == "channels" else gray_of(image.pixels)
    white = {"clip": 255.0, "full": STEEPEST}.get(scale) or _reached(levels, 0.02, leg(advance, 0, 0.5))
    edges = in_bands(
        levels,
        lambda band: _scaled(_steepness(band), white),
        margin=1,
        pixels=SMALL,
        advance=leg(advance, 0.5 if scale == "auto" else 0, 1),
    )
    return image.with_pixels(_in_color(edges))


@op
def canny(
    image: Image,
    *,
    sigma: Annotated[
        float, Field(ge=0, le=50, description="Standard deviation of the blur before, in pixels; 0 is none.")
    ] = 1.4,
    high: Annotated[
        float | None,
        Field(
            gt=0,
            le=STEEPEST,
            description="A line begins where the slope (see sobel) is greater; when left out, where 1 in 12 pixels is.",
        ),
    ] = None,
    low: Annotated[
        float | None,
        Field(ge=0, le=STEEPEST, description="It goes on while the slope is greater than this; 0.4 times high."),
    ] = None,
    width: Annotated[int, Field(ge=1, le=99, description="Width of the lines in pixels, odd."), ODD, ODD_SCHEMA] = 1,
    advance: Advance | None = None,
) -> Image:
    """Find edges and draw them as white lines on black, all of one width (Canny 1986).

    On the gray picture. A line follows the ridge of the slope, and is kept if it is steep in one place at least.
    """
    import cv2

    gray = bell(gray_of(image.pixels), *bell_window(sigma), leg(advance, 0, 0.5))
    right, down = (cv2.Sobel(gray, cv2.CV_16S, dx, 1 - dx, ksize=3, borderType=cv2.BORDER_REFLECT_101) for dx in (1, 0))
    if high is None:
        high = max(_reached(gray, 1 / 12, leg(advance, 0.5, 0.8)), FAINT)
    if low is None:
        low = 0.4 * high
    elif low > high:
        raise UsageError(f"canny: low: {low:g} is above high, {high:g}; use at most that")
    lines = cv2.Canny(right, down, low, high, L2gradient=True)
    if width > 1:
        lines = cv2.dilate(lines, _disk(width))
    return image.with_pixels(_in_color(np.asarray(lines, np.uint8)))


@op
def emboss(
    image: Image,
    *,
    angle: Annotated[
        float,
        Field(ge=-360, le=360, description="Where the light comes from, in degrees: 0 right, 90 above."),
    ] = 135,
    amount: Annotated[
        float, Field(ge=0, le=50, description="Levels of light or shade for a slope of one level to the pixel.")
    ] = 2.0,
    of: Annotated[
        Literal["gray", "channels"], Field(description="The gray picture, or each channel alone, in color.")
    ] = "gray",
    advance: Advance | None = None,
) -> Image:
    """Light the picture from the side, as a relief in which bright is high; what is level is middle gray."""
    import cv2

    x, y = (round(float(f(np.radians(angle))), 12) for f in (np.cos, np.sin))
    right = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]) / 8  # Sobel's slope, in levels to the pixel
    kernel = amount * (y * right.T - x * right)
    levels = gray_of(image.pixels) if of == "gray" else image.pixels
    relief = in_bands(
        levels,
        lambda band: rounded(np.asarray(cv2.filter2D(band, cv2.CV_32F, kernel, delta=128))),
        margin=1,
        advance=advance,
    )
    return image.with_pixels(_in_color(relief))


def mean(levels: Levels, size: int, advance: Advance | None = None) -> Levels:
    """Mean of the window around each pixel, exact and rounded to nearest."""
    import cv2

    return in_bands(levels, lambda band: cv2.blur(band, (size, size)), margin=size // 2, pixels=LONG, advance=advance)


def bell(levels: Levels, sigma: float, size: int, advance: Advance | None = None) -> Levels:
    """Gaussian-weighted mean of the window, within half a level and rounded to nearest.

    OpenCV's own way with bytes rounds the weights as well and is off by up to 1.4 levels: 32-bit floating point is not.
    """
    if size == 1 or sigma == 0:
        return levels
    weights = bell_weights(sigma, size)
    return in_bands(levels, lambda band: rounded(weighted(band, weights)), margin=size // 2, advance=advance)


def rounded(values: NDArray[Any]) -> Levels:
    """Round floating point, in place, to the nearest levels; what is beyond black and white becomes those."""
    return np.clip(np.rint(values, out=values), 0, 255, out=values).astype(np.uint8)


def weighted(levels: Levels, weights: NDArray[np.float64]) -> NDArray[np.float32]:
    """Weighted mean of the window around each pixel, the weights being those of rows and of columns."""
    import cv2

    values, size = levels.astype(np.float32), len(weights)
    step = max(_TAPS // (size * max(values.shape[:2])), 1)
    if max(values.shape[:2]) <= step:
        return np.asarray(cv2.sepFilter2D(values, cv2.CV_32F, weights, weights), np.float32)
    one = np.ones(
        1
    )  # of a wide bell a single band takes seconds: first along the rows, then down the columns, in parts
    for i in range(0, values.shape[0], step):
        values[i : i + step] = cv2.sepFilter2D(values[i : i + step], cv2.CV_32F, weights, one)
    for j in range(0, values.shape[1], step):
        values[:, j : j + step] = cv2.sepFilter2D(values[:, j : j + step], cv2.CV_32F, one, weights)
    return values


def bell_weights(sigma: float, size: int) -> NDArray[np.float64]:
    """(size,) the weights of a bell, which sum to 1."""
    weights: NDArray[np.float64] = np.exp(-0.5 * ((np.arange(size) - size // 2) / sigma) ** 2)
    weights /= weights.sum()
    return weights


def bell_window(sigma: float) -> tuple[float, int]:
    """Give `sigma` and the side of its window, four standard deviations each way: the bell is as wide as was asked."""
    return sigma, 2 * int(np.ceil(4 * sigma)) + 1


def _slow(size: int) -> int:
    """Pixels of a band of a filter whose time grows with its window's area."""
    return min((1 << 27) // size**2, WIDE)


def _disk(width: int) -> Mask:
    radius = np.arange(width) - width // 2
    return (np.hypot(radius[:, None], radius) <= width / 2).astype(np.uint8)


def _in_color(levels: Levels) -> Pixels:
    return levels if levels.ndim == 3 else np.repeat(levels[..., None], 3, axis=2)


def _steepness(levels: Levels) -> NDArray[np.float32]:
    """Sobel's magnitude: the root of the squares of the steps to the right and down, 0 to 1140.4."""
    import cv2

    right, down = (cv2.Sobel(levels, cv2.CV_32F, dx, 1 - dx, ksize=3) for dx in (1, 0))
    return np.asarray(cv2.magnitude(right, down), np.float32)


def _reached(levels: Levels, share: float, advance: Advance | None) -> float:
    """Magnitude that this share of the pixels reaches in the channel where it is highest, to a 4,096th of the most."""
    import cv2

    channels = range(levels.shape[2] if levels.ndim == 3 else 1)
    counts = np.zeros((len(channels), 4096))
    for _, _, band in bands(levels, margin=1, pixels=SMALL, advance=advance):
        steepness = np.ascontiguousarray(_steepness(band)[1:-1, 1:-1])
        for i in channels:
            counts[i] += cv2.calcHist([steepness], [i], None, [4096], [0, STEEPEST + 1]).reshape(
                -1
            )  # OpenCV 4 gives a column
    below = np.cumsum(counts, axis=1) < (1 - share) * counts.sum(axis=1, keepdims=True)
    return float(below.sum(axis=1).max() + 1) * (STEEPEST + 1) / 4096


def _scaled(steepness: NDArray[np.float32], white: float) -> Levels:
    import cv2

    return np.asarray(cv2.convertScaleAbs(steepness, alpha=255 / white), np.uint8)  # rounds to nearest, and clips
