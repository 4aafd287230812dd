"""Filters: blur, sharpen, smooth and find edges, by the pixels around each pixel.

Windows are odd, so that they have a middle pixel. Beyond the border the picture is mirrored about its outermost
pixels, which are not repeated: `c b | a b c d | c b` (numpy calls it "reflect", scipy "mirror"), as often as the
window is wide. Results are rounded to the nearest level, and what is beyond black and white becomes those. Large
pictures are worked on in bands of rows.
"""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Pixels
from artkit.artwork.image import Image
from artkit.artwork.settled import settled
from artkit.color.gray import gray_of
from artkit.color.spaces import CHANNELS, Channel
from artkit.errors import UsageError
from artkit.importance.focus import is_close
from artkit.raster import edges, filters
from artkit.raster.bands import Advance, leg
from artkit.raster.edges import STEEPEST
from artkit.raster.filters import gaussian_window
from artkit.registry import op
from artkit.registry.declared import Field
from artkit.registry.parameters import ODD, ODD_SCHEMA, FocusOn

FAINT = 24.0
"""A Sobel magnitude below which nothing is an edge unless asked for: a step of six levels."""


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
    progress: Advance | None = None,
) -> Image:
    """Blur the picture: each pixel becomes the mean of the window around it."""
    if sigma is not None and window == "uniform":
        raise UsageError(f'blur: sigma: {sigma:g} is for a bell; add window = "gaussian", or use size')
    if window == "uniform":
        return image.with_pixels(filters.box(image.pixels, size, progress))
    width, side = ((size - 1) / 6, size) if sigma is None else gaussian_window(sigma)
    return image.with_pixels(filters.gaussian(image.pixels, width, side, progress))


@op
def channel_blur(
    image: Image,
    *,
    channel: Annotated[Channel, Field(description="The channel to blur.")] = "red",
    size: Annotated[int, Field(ge=1, le=999, description="Window side in pixels, odd."), ODD, ODD_SCHEMA] = 75,
    progress: Advance | None = None,
) -> Image:
    """Blur one color channel and leave the other two sharp."""
    pixels = image.pixels.copy()
    i = CHANNELS.index(channel)
    pixels[..., i] = filters.box(pixels[..., i], size, progress)
    return image.with_pixels(pixels)


@op
def median(
    image: Image,
    *,
    size: Annotated[int, Field(ge=1, le=255, description="Window side in pixels, odd."), ODD, ODD_SCHEMA] = 9,
    focus: FocusOn = "off",
    progress: Advance | None = None,
) -> Image:
    """Replace each pixel by the median of the window around it: flat shapes with clean edges.

    Where `focus` is, eyes and mouths by `auto`, the window is no larger than 3 pixels.
    """
    pixels = filters.median(image.pixels, size, progress)
    if size > 3 and (near := is_close(focus, image)) is not None:
        pixels[near] = filters.median(image.pixels, 3)[near]
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
    ] = 60.0,
    progress: Advance | None = None,
) -> Image:
    """Smooth areas and keep edges: a mean in which pixels count by nearness, in place and in color.

    The weight of a neighbor is a bell of its distance times a bell, of standard deviation `contrast`, of its
    difference in color. The window is a disk.
    """
    return image.with_pixels(filters.bilateral(image.pixels, size, contrast, progress))


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
    progress: Advance | None = None,
) -> Image:
    """Sharpen the picture by an unsharp mask: what a blur takes away is added."""
    return image.with_pixels(filters.sharpened(image.pixels, sigma, amount, threshold, progress))


@op(settles=True)
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
    progress: Advance | None = None,
) -> Image:
    """Show how steep the picture is at each pixel: edges bright on black (Sobel's operator)."""
    levels = image.pixels if of == "channels" else gray_of(image.pixels)
    white = {"clip": 255.0, "full": STEEPEST}.get(scale) or settled(
        lambda: edges.magnitude_of_share(levels, 0.02, leg(progress, 0, 0.5))
    )
    rest = leg(progress, 0.5 if scale == "auto" else 0, 1)
    return image.with_pixels(_in_color(edges.steepness(levels, white, rest)))


@op(settles=True)
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
    progress: Advance | None = None,
) -> Image:
    """Find edges and draw them as white lines on black, all of one width (Canny 1986).

    On the gray picture. A line follows the ridge of the slope, and is kept if it is steep in one place at least.
    """
    gray = filters.gaussian(gray_of(image.pixels), *gaussian_window(sigma), leg(progress, 0, 0.5))
    if high is None:
        high = settled(lambda: max(edges.magnitude_of_share(gray, 1 / 12, leg(progress, 0.5, 0.8)), FAINT))
    if low is None:
        low = 0.4 * high
    elif low > high:
        raise UsageError(f"canny: low: {low:g} is above high, {high:g}; use at most that")
    return image.with_pixels(_in_color(edges.lines(gray, low, high, width)))


@op
def emboss(
    image: Image,
    *,
    angle: Annotated[
        float,
        Field(ge=-360, le=360, description="Where the light comes from, in degrees: 0 right, 90 above."),
    ] = 135.0,
    amount: Annotated[
        float, Field(ge=0, le=50, description="Levels of light or shade for a slope of one level to the pixel.")
    ] = 2.0,
    of: Annotated[
        Literal["gray", "channels"], Field(description="The gray picture, or each channel alone, in color.")
    ] = "gray",
    progress: Advance | None = None,
) -> Image:
    """Light the picture from the side, as a relief in which bright is high; what is level is middle gray."""
    levels = gray_of(image.pixels) if of == "gray" else image.pixels
    return image.with_pixels(_in_color(edges.relief(levels, angle, amount, progress)))


def _in_color(levels: NDArray[np.uint8]) -> Pixels:
    return levels if levels.ndim == 3 else np.repeat(levels[..., None], 3, axis=2)
