"""Ops that change a picture's frame: crop, resize, turn."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from artkit.errors import UsageError
from artkit.image import Image
from artkit.registry import op


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
) -> Image:
    """Change the picture's size and keep its shape.

    Areas are averaged when it shrinks, so that stripes turn gray; it grows by cubic interpolation.
    """
    longer = max(image.width, image.height)
    if size == longer or (size > longer and not enlarge):
        return image
    width, height = (max(round(side * size / longer), 1) for side in (image.width, image.height))
    if image.alpha is None:
        return Image(_resized(image.pixels, width, height))
    # Colors count by their opacity: what is transparent does not bleed into the rest.
    alpha = _resized(image.alpha.astype(np.float32), width, height)
    weighted = _resized(image.pixels * (image.alpha[..., None].astype(np.float32) / 255), width, height)
    pixels = weighted * (255 / np.maximum(alpha, 1e-3))[..., None]
    return Image(*(np.clip(np.rint(array), 0, 255).astype(np.uint8) for array in (pixels, alpha)))


@op
def flip(
    image: Image,
    *,
    direction: Annotated[
        Literal["horizontal", "vertical"], Field(description="Swap left and right, or top and bottom.")
    ] = "horizontal",
) -> Image:
    """Mirror the picture."""
    return _each(image, lambda array: array[:, ::-1] if direction == "horizontal" else array[::-1])


@op
def rotate(
    image: Image,
    *,
    turns: Annotated[int, Field(ge=-3, le=3, description="Quarter turns clockwise.")] = 1,
) -> Image:
    """Turn the picture by quarter turns."""
    return _each(image, lambda array: np.rot90(array, -turns))


def _each(image: Image, change: Any) -> Image:
    """Apply a change of the frame to the pixels and to the mask."""
    alpha = None if image.alpha is None else np.ascontiguousarray(change(image.alpha))
    return Image(np.ascontiguousarray(change(image.pixels)), alpha)


def _resized(array: NDArray[Any], width: int, height: int) -> NDArray[Any]:
    import cv2

    shrinks = width < array.shape[1] or height < array.shape[0]
    result: NDArray[Any] = cv2.resize(
        array, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    )
    return result
