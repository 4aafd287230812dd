"""Color: each color changed by itself, wherever it is.

Each op is a table over the colors that occur, exact to the last bit.
"""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np

from artkit.artwork.image import Image
from artkit.color.distinct import recolored
from artkit.color.gamut import oklab_changed
from artkit.color.gray import Gray, gray_of
from artkit.color.levels import tabled, to_uint8
from artkit.color.palette import split_colors
from artkit.color.rotation import Space, rotator
from artkit.color.spaces import CHANNELS, Channel
from artkit.registry import Only, op
from artkit.registry.declared import BeforeValidator, Field
from artkit.registry.parameters import Turn


@op(per_color=True)
def channel(
    image: Image,
    *,
    keep: Annotated[
        tuple[Channel, ...],
        BeforeValidator(split_colors),
        Field(min_length=1, description="The channels to keep: one or more of red, green and blue."),
    ] = ("red",),
) -> Image:
    """Keep some of the color channels and make the others black."""
    pixels = image.pixels.copy()
    for i, name in enumerate(CHANNELS):
        if name not in keep:
            pixels[..., i] = 0
    return image.with_pixels(pixels)


@op
def channels(
    image: Image,
    *,
    shown: Annotated[
        Literal["color", "gray"], Field(description="Each channel in its own color, or as gray.")
    ] = "color",
) -> Image:
    """Show the red, green and blue channel side by side, as one picture three times as wide."""
    height, width = image.pixels.shape[:2]
    pixels = np.zeros((height, 3, width, 3), np.uint8)
    for i in range(3):
        if shown == "color":
            pixels[:, i, :, i] = image.pixels[..., i]
        else:
            pixels[:, i] = image.pixels[..., i, None]
    alpha = None if image.alpha is None else np.tile(image.alpha, 3)
    return Image(pixels.reshape(height, 3 * width, 3), alpha)


@op(per_color=True)
def grayscale(
    image: Image,
    *,
    weights: Annotated[
        Gray, Field(description="Rec. 601 or 709 shares of red, green and blue, or OKLab's lightness.")
    ] = "rec601",
) -> Image:
    """Turn colors into grays of the same brightness; white stays white."""
    gray = gray_of(image.pixels, weights)
    return image.with_pixels(np.repeat(gray[..., None], 3, axis=2))


@op(per_color=True)
def rotate_color(
    image: Image,
    *,
    angle: Annotated[
        float,
        Field(ge=-360, le=360, description="Degrees; positive turns red to green, green to blue, blue to red."),
    ] = 90.0,
    axis: Annotated[Turn, Only("space", ("sigmoid", "linear"))] = "red",
    space: Annotated[
        Space,
        Field(
            description="Where colors turn: the sigmoid-stretched cube (psychedelic), linear light, or OKLCh, which "
            "changes the hue alone and always turns about gray."
        ),
    ] = "sigmoid",
) -> Image:
    """Turn all colors about an axis of the color cube."""
    return image.with_pixels(recolored(image.pixels, rotator(angle, axis, space)))


@op(per_color=True)
def invert(image: Image) -> Image:
    """Turn every color into its opposite: white to black, red to cyan."""
    return image.with_pixels(~image.pixels)


@op(per_color=True)
def posterize(
    image: Image,
    *,
    steps: Annotated[int, Field(ge=2, le=256, description="Levels left in each channel.")] = 4,
) -> Image:
    """Leave a few evenly spaced levels in each channel, black and white among them."""
    nearest = np.rint(np.arange(256) * (steps - 1) / 255)
    return image.with_pixels(tabled(image.pixels, to_uint8(nearest * 255 / (steps - 1))))


@op(per_color=True)
def saturate(
    image: Image,
    *,
    amount: Annotated[
        float,
        Field(ge=0, le=10, description="Factor of the chroma: 0 is gray, 1 changes nothing, 2 is twice as vivid."),
    ] = 1.5,
) -> Image:
    """Make colors more or less vivid, and keep their lightness and hue (OKLab)."""
    change = np.diag([1, amount, amount])
    return image.with_pixels(recolored(image.pixels, lambda colors: oklab_changed(colors, change)))
