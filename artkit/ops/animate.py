"""Ops that set a picture in motion."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from artkit.animation import Animation, PaletteAnimation
from artkit.color import recolored
from artkit.image import Image
from artkit.ops.color import Space, Turn, rotator
from artkit.registry import op


@op
def color_cycle(
    image: Image,
    *,
    frames: Annotated[int, Field(ge=2, le=360, description="Frames of the full turn.")] = 20,
    axis: Turn = "red",
    space: Annotated[Space, Field(description="Where colors turn; see rotate-color.")] = "sigmoid",
    reverse: Annotated[bool, Field(description="Turn the other way round.")] = False,
    delay: Annotated[float, Field(ge=0.02, le=10, description="Seconds that each frame is shown.")] = 0.08,
) -> Animation:
    """Turn all colors once around, in a loop without a seam: the first frame is the photo."""
    step = -360 / frames if reverse else 360 / frames

    def turned(i: int, source: Image) -> Image:
        return source if i == 0 else source.with_pixels(recolored(source.pixels, rotator(i * step, axis, space)))

    return PaletteAnimation.of(image, frames, turned, delay=delay)
