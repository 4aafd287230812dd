"""Size and shape: crop, resize, turn, mirror and pad.

Colors count by their opacity wherever pixels are mixed: what is transparent does not bleed into the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray

from artkit.artwork.image import Image
from artkit.color.palette import parse
from artkit.errors import UsageError, did_you_mean
from artkit.limits import within
from artkit.raster.resize import Space, mixed, resized
from artkit.raster.warp import LARGEST, around, remapped, tilted, wedges
from artkit.registry import Only, op
from artkit.registry.declared import AfterValidator, Field

Side = Literal["left", "right", "top", "bottom"]

FILLS = ("none", "edge", "mirror")


def _fill(name: str) -> str:
    if name in FILLS:
        return name
    try:
        parse(name)
    except UsageError as error:
        near = did_you_mean(name, FILLS)
        raise ValueError(f"no such fill{near}" if "mean" in near else str(error)) from None
    return name


@op
def crop(
    image: Image,
    *,
    x: Annotated[int, Field(ge=0, description="Left edge in pixels.")] = 0,
    y: Annotated[int, Field(ge=0, description="Upper edge in pixels.")] = 0,
    width: Annotated[int | None, Field(ge=1, description="Pixels to the right; the rest when left out.")] = None,
    height: Annotated[int | None, Field(ge=1, description="Pixels down; the rest when left out.")] = None,
) -> Image:
    """Cut out a rectangle."""
    right = image.width if width is None else x + width
    bottom = image.height if height is None else y + height
    if x >= image.width or y >= image.height or right > image.width or bottom > image.height:
        raise UsageError(
            f"crop: {max(right - x, 0)} x {max(bottom - y, 0)} pixels at {x}, {y} do not lie within a picture of "
            f"{image.width} x {image.height}; use a smaller rectangle"
        )
    return _each(image, lambda array: array[y:bottom, x:right])


@op
def resize(
    image: Image,
    *,
    size: Annotated[int, Field(ge=1, le=100_000, description="The longer side in pixels afterwards.")],
    enlarge: Annotated[bool, Field(description="Whether a smaller picture grows to that size.")] = False,
    filter: Annotated[
        Literal["smooth", "nearest"], Field(description="Mix pixels, or keep their colors, as for dots and pixel art.")
    ] = "smooth",
    space: Annotated[
        Space,
        Field(description="What is averaged: sRGB levels; or light, so that fine bright detail keeps its brightness."),
    ] = "srgb",
) -> Image:
    """Change the picture's size and keep its shape.

    Areas are averaged when it shrinks, so that stripes turn gray; it grows by cubic interpolation.
    """
    longer = max(image.width, image.height)
    if size == longer or (size > longer and not enlarge):
        return image
    width, height = (max(round(side * size / longer), 1) for side in (image.width, image.height))
    _check_grown("resize", image, width, height)
    if filter == "nearest":
        rows, columns = (_centers(new, old) for new, old in ((height, image.height), (width, image.width)))
        return _each(image, lambda array: array[rows][:, columns])
    return Image(*resized(image.pixels, image.alpha, width, height, space))


@op
def flip(
    image: Image,
    *,
    direction: Annotated[
        Literal["horizontal", "vertical"], Field(description="Swap left and right, or top and bottom.")
    ] = "horizontal",
) -> Image:
    """Swap the picture's sides."""
    return _each(image, lambda array: array[:, ::-1] if direction == "horizontal" else array[::-1])


@op
def rotate(
    image: Image,
    *,
    turns: Annotated[
        int | None, Field(ge=-3, le=3, description="Quarter turns clockwise; 1 where no angle is given.")
    ] = None,
    angle: Annotated[
        float | None, Field(ge=-360, le=360, description="Degrees clockwise, after the quarter turns.")
    ] = None,
    corners: Annotated[
        Literal["transparent", "cut"],
        Field(description="With an angle: all of the picture and empty corners, or the largest part without them."),
        Only("angle"),
    ] = "transparent",
) -> Image:
    """Turn the picture by quarter turns, or by any angle."""
    quarters = (1 if angle is None else 0) if turns is None else turns
    more, angle = divmod((angle or 0) + 45, 90)
    turned = _each(image, lambda array: np.rot90(array, -quarters - int(more)))
    if angle == 45:
        return turned
    _check_side("rotate", turned)
    if corners == "transparent":  # a square grows most
        _check_grown("rotate", turned, *around(turned.width, turned.height, angle - 45))
    return Image(*tilted(turned.pixels, turned.alpha, angle - 45, corners == "cut"))


@op
def pad(
    image: Image,
    *,
    margin: Annotated[int, Field(ge=0, le=20_000, description="Pixels on every side that is not named.")] = 0,
    left: Annotated[int | None, Field(ge=0, le=20_000, description="Pixels on the left.")] = None,
    top: Annotated[int | None, Field(ge=0, le=20_000, description="Pixels above.")] = None,
    right: Annotated[int | None, Field(ge=0, le=20_000, description="Pixels on the right.")] = None,
    bottom: Annotated[int | None, Field(ge=0, le=20_000, description="Pixels below.")] = None,
    fill: Annotated[
        str,
        AfterValidator(_fill),
        Field(description="A color; none for transparent; edge repeats the outermost pixels, mirror the picture."),
    ] = "white",
) -> Image:
    """Put a border around the picture."""
    left, top, right, bottom = (margin if side is None else side for side in (left, top, right, bottom))
    _check_grown("pad", image, left + image.width + right, top + image.height + bottom)
    width = ((top, bottom), (left, right))
    if fill in ("edge", "mirror"):
        mode = "edge" if fill == "edge" else "symmetric"
        return _each(image, lambda array: np.pad(array, (*width, (0, 0))[: array.ndim], mode))  # type: ignore[call-overload]
    pixels = np.empty((top + image.height + bottom, left + image.width + right, 3), np.uint8)
    pixels[:] = 0 if fill == "none" else parse(fill)
    middle = np.s_[top : top + image.height, left : left + image.width]
    pixels[middle] = image.pixels
    if image.alpha is None and fill != "none":
        return Image(pixels)
    alpha = np.full(pixels.shape[:2], 0 if fill == "none" else 255, np.uint8)
    alpha[middle] = 255 if image.alpha is None else image.alpha
    return Image(pixels, alpha)


@op
def mirror(
    image: Image,
    *,
    keep: Annotated[Side, Field(description="The half that stays and is seen again opposite.")] = "left",
) -> Image:
    """Reflect one half of the picture onto the other."""
    axis = 1 if keep in ("left", "right") else 0
    length = (image.height, image.width)[axis]
    place = np.arange(length)
    opposite = length - 1 - place
    source = np.minimum(place, opposite) if keep in ("left", "top") else np.maximum(place, opposite)
    return _each(image, lambda array: array.take(source, axis=axis))


@op
def kaleidoscope(
    image: Image,
    *,
    mirrors: Annotated[int, Field(ge=1, le=60, description="Mirrors that meet; there are twice as many wedges.")] = 6,
    angle: Annotated[
        float, Field(ge=-360, le=360, description="Where the wedge is cut from, degrees clockwise.")
    ] = 0.0,
    turn: Annotated[float, Field(ge=-360, le=360, description="Turn of the whole, degrees clockwise.")] = 0.0,
    x: Annotated[float, Field(ge=0, le=1, description="The wedge's tip, from the left, 0, to the right, 1.")] = 0.5,
    y: Annotated[float, Field(ge=0, le=1, description="The wedge's tip, from the top, 0, to the bottom, 1.")] = 0.5,
    zoom: Annotated[float, Field(ge=0.1, le=20, description="Size of what is seen in the mirrors.")] = 1.0,
    shape: Annotated[
        Literal["frame", "square", "disk"],
        Field(description="The picture's own frame, the square in its middle, or the disk in that."),
    ] = "frame",
) -> Image:
    """Show a wedge of the picture in mirrors that meet in the middle.

    Beyond its border the picture is mirrored, too.
    """
    _check_side("kaleidoscope", image)
    short = min(image.width, image.height)
    width, height = (image.width, image.height) if shape == "frame" else (short, short)
    tip = x * (image.width - 1), y * (image.height - 1)
    places = wedges((width, height), tip, mirrors, np.deg2rad(angle), np.deg2rad(turn), zoom)
    seen = Image(*mixed(image.pixels, image.alpha, lambda array: remapped(array, height, places)))
    return _in_disk(seen) if shape == "disk" else seen


def _each(image: Image, change: Callable[[NDArray[Any]], NDArray[Any]]) -> Image:
    """Apply a change of the frame to the pixels and to the mask."""
    alpha = None if image.alpha is None else np.ascontiguousarray(change(image.alpha))
    return Image(np.ascontiguousarray(change(image.pixels)), alpha)


def _centers(count: int, length: int) -> NDArray[np.intp]:
    """Give the pixel of a line of `length` in which the middle of each of `count` equal parts lies."""
    return ((2 * np.arange(count) + 1) * length) // (2 * count)


def _in_disk(image: Image) -> Image:
    """Make what lies outside of the largest disk transparent, with a soft edge."""
    across, down = (np.arange(side) - (side - 1) / 2 for side in (image.width, image.height))
    alpha = np.empty((image.height, image.width), np.uint8)
    for row, y in zip(alpha, down, strict=True):
        row[:] = np.rint(255 * np.clip(image.width / 2 - np.hypot(across, y) + 0.5, 0, 1))
    return Image(image.pixels, alpha if image.alpha is None else np.minimum(alpha, image.alpha))


def _check_grown(name: str, image: Image, width: int, height: int) -> None:
    """Raise a LimitError for a picture that is to become much larger."""
    if width * height > image.width * image.height:
        within("grown", width * height, f"{name}: makes {width} x {height} pixels,", "use a smaller size")


def _check_side(name: str, image: Image) -> None:
    if max(image.width, image.height) > LARGEST:
        raise UsageError(
            f"{name}: {image.width} x {image.height} pixels: it ends at {LARGEST} to a side; resize or crop before"
        )
