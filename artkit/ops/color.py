"""Ops that change colors one by one: each is a table over the colors that occur, exact to the last bit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, BeforeValidator, Field

from artkit.artwork.image import Image
from artkit.color.distinct import recolored
from artkit.color.gamut import oklab_changed
from artkit.color.gray import Gray, gray_of
from artkit.color.levels import to_uint8
from artkit.color.palette import split_colors
from artkit.color.rotation import Axis, Vector, rotation, stretch, unstretch
from artkit.color.spaces import CHANNELS, LIGHT, mixed, planes_to_srgb
from artkit.registry import op

Channel = Literal["red", "green", "blue"]
Space = Literal["sigmoid", "linear", "oklch"]


def _directed(axis: Axis | Vector) -> Axis | Vector:
    if not any(axis):
        raise ValueError("it has no direction; one of the three numbers must not be 0")
    return axis


Turn = Annotated[
    Axis | Vector,
    AfterValidator(_directed),
    Field(
        description="The axis of the turn: a channel, which stays as it is, gray, or any direction as three numbers, "
        "its shares of red, green and blue."
    ),
]
"""What colors turn about."""


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
    ] = 90,
    axis: Turn = "red",
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


def rotator(angle: float, axis: Axis | Vector, space: Space) -> Callable[[NDArray[np.uint8]], NDArray[np.uint8]]:
    """Make the color function, (N, 3) uint8 to the same, of `rotate_color`. By 0 or 360 degrees nothing changes."""
    if space == "oklch":
        turn = rotation("red", angle)  # OKLab's first coordinate is lightness: the turn is in the plane of a and b
        return lambda colors: oklab_changed(colors, turn)
    turn = rotation(axis, angle)
    if space == "linear":
        return lambda colors: planes_to_srgb(mixed(colors, LIGHT, turn))
    stretched = stretch(np.arange(256))
    return lambda colors: np.ascontiguousarray(unstretch(mixed(colors, stretched, turn)).T)


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
    return tabled(image, to_uint8(nearest * 255 / (steps - 1)))


def tabled(image: Image, table: NDArray[np.uint8]) -> Image:
    """Give the picture with the level that a table has for each: (256,), or (256, 3) with a column for each channel."""
    import cv2

    table = table.reshape(256, -1) if table.ndim == 1 else table[:, None]
    return image.with_pixels(np.asarray(cv2.LUT(image.pixels, table), np.uint8))


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
