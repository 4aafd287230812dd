"""Tone: how light or dark a picture is, and which color stands for which lightness."""

from __future__ import annotations

import math
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray

from artkit.artwork.image import Image
from artkit.artwork.settled import settled
from artkit.color.gray import Gray, gray_of
from artkit.color.levels import tabled, to_uint8
from artkit.color.palette import Palette, colors_of, gradient
from artkit.errors import UsageError
from artkit.raster.histogram import histogram
from artkit.registry import op
from artkit.registry.colors import WAYS, ColorName, ColorOrNone, Colors
from artkit.registry.declared import AfterValidator, Field


def _several(colors: tuple[str, ...]) -> tuple[str, ...]:
    if len(colors) < 2:
        raise ValueError("a single color makes no gradient; name two or more, or a palette")
    return colors


RAMP = np.arange(256)
"""Every level."""


@op(per_color=True)
def levels(
    image: Image,
    *,
    black: Annotated[int, Field(ge=0, le=254, description="What is at this level or below becomes black.")] = 0,
    white: Annotated[int, Field(ge=1, le=255, description="What is at this level or above becomes white.")] = 255,
    gamma: Annotated[
        float, Field(ge=0.1, le=10, description="The middle between them: above 1 is lighter, below 1 is darker.")
    ] = 1.0,
) -> Image:
    """Spread the levels between a black point and a white point over the whole range."""
    if black >= white:
        raise UsageError(f"levels: black: {black} is not below white, {white}; use {white - 1} or less")
    return image.with_pixels(tabled(image.pixels, _spread(black, white, gamma)))


@op(settles=True)
def auto_levels(
    image: Image,
    *,
    clip: Annotated[
        float, Field(ge=0, le=40, description="Percent of the pixels that become black, and as many that become white.")
    ] = 0.5,
    of: Annotated[
        Literal["gray", "channels"],
        Field(description="All channels alike, by the gray picture; or each by itself, which takes off a cast."),
    ] = "gray",
    middle: Annotated[
        float,
        Field(
            ge=0, le=1, description="How far the mean is moved to the middle of the range, by a gamma of 2/3 to 3/2."
        ),
    ] = 0.0,
) -> Image:
    """Spread the levels so that the darkest pixels are black and the lightest white.

    Pixels more transparent than opaque have no say. A picture of a single level stays as it is.
    """
    channels = [gray_of(image.pixels)] if of == "gray" else [image.pixels[..., i] for i in range(3)]
    tables = settled(lambda: [_stretched(histogram(one, image.is_opaque), clip / 100, middle) for one in channels])
    return image.with_pixels(tabled(image.pixels, np.stack(tables * (3 // len(tables)), axis=1)))


@op(per_color=True)
def gamma(
    image: Image,
    *,
    amount: Annotated[
        float, Field(ge=0.1, le=10, description="Above 1 is lighter, below 1 is darker; black and white stay.")
    ] = 1.5,
) -> Image:
    """Lighten or darken the middle tones."""
    return image.with_pixels(tabled(image.pixels, _spread(0, 255, amount)))


@op(per_color=True)
def solarize(
    image: Image,
    *,
    level: Annotated[int, Field(ge=0, le=255, description="Channels above it are inverted.")] = 128,
) -> Image:
    """Invert what is brighter than a level, as light does that falls into a darkroom."""
    return image.with_pixels(tabled(image.pixels, np.where(level < RAMP, 255 - RAMP, RAMP).astype(np.uint8)))


@op(per_color=True)
def duotone(
    image: Image,
    *,
    dark: Annotated[ColorName, Field(description="The color of black.")] = "#1c1259",
    light: Annotated[ColorName, Field(description="The color of white.")] = "#ffe9c4",
    weights: Annotated[Gray, Field(description="How a color's gray is made; see grayscale.")] = "lightness",
    middle: Annotated[
        ColorOrNone, Field(description='The color of middle gray, for a tritone; "none": what lies between the two.')
    ] = "none",
) -> Image:
    """Print the picture in two colors, or three, and what lies between them."""
    inks = (dark, light) if middle == "none" else (dark, middle, light)
    return _mapped(image, colors_of(inks), weights)


@op(per_color=True)
def gradient_map(
    image: Image,
    *,
    colors: Annotated[
        Colors,
        AfterValidator(_several),
        Field(min_length=1, description=f"Two or more colors, black's first, white's last: {WAYS}."),
    ] = ("#1b0c2e", "#c93756", "#fff3c4"),
    weights: Annotated[Gray, Field(description="How a color's gray is made; see grayscale.")] = "lightness",
) -> Image:
    """Give each lightness a color of a gradient, mixed in OKLab between the colors that are named."""
    return _mapped(image, colors_of(colors), weights)


def _spread(black: int, white: int, gamma: float) -> NDArray[np.uint8]:
    """(256,) table: `black` to 0, `white` to 255, a power of 1 / gamma between them."""
    return to_uint8(255 * np.clip((RAMP - black) / (white - black), 0, 1) ** (1 / gamma))


def _stretched(counts: NDArray[np.int64], share: float, middle: float) -> NDArray[np.uint8]:
    """(256,) table that spreads what is counted (256,) over the range; the same levels where there is but one."""
    black, white = _ends(counts, share)
    if black >= white:
        return RAMP.astype(np.uint8)
    table = _spread(black, white, 1.0)
    mean = min(max(float(counts @ table) / (255 * int(counts.sum())), 1e-3), 1 - 1e-3)
    if not middle:
        return table
    strength = round(-math.log2(mean), 9)  # the same on every processor
    return _spread(black, white, min(max(strength, 2 / 3), 3 / 2) ** middle)


def _ends(counts: NDArray[np.int64], share: float) -> tuple[int, int]:
    """Levels below and above which at most that share of the pixels lies; (0, 0) where there are none."""
    total = np.cumsum(counts)
    if not total[-1]:
        return 0, 0
    below = np.searchsorted(total, share * total[-1], side="right")
    above = 255 - np.searchsorted(np.cumsum(counts[::-1]), share * total[-1], side="right")
    return int(below), int(above)


def _mapped(image: Image, colors: Palette, weights: Gray) -> Image:
    gray = gray_of(image.pixels, weights)
    return image.with_pixels(tabled(np.repeat(gray[..., None], 3, axis=2), gradient(colors, 256)))
