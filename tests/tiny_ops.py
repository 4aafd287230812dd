"""A handful of ops that stand in for artkit's own, so that tests of recipes do not depend on those."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Literal

import numpy as np
import pytest
from pydantic import AfterValidator, Field

from artkit import registry
from artkit.artwork.animation import Animation
from artkit.artwork.drawing import Drawing
from artkit.artwork.image import Image
from artkit.artwork.labels import Labels
from artkit.errors import UsageError


def _odd(size: int) -> int:
    if size % 2 == 0:
        raise ValueError(f"{size} is even; use {size - 1} or {size + 1}")
    return size


def grain(
    image: Image,
    *,
    amount: Annotated[float, Field(ge=0, lt=100, description="Levels of noise.")] = 8.0,
    size: Annotated[int, AfterValidator(_odd), Field(ge=1, le=99, description="Window side, odd.")] = 3,
    channel: Annotated[Literal["red", "green"], Field(description="The channel that gets it.")] = "red",
    bold: Annotated[bool, Field(description="Twice as much.")] = False,
    rng: np.random.Generator | None = None,
) -> Image:
    """Add noise to one channel."""
    assert rng is not None
    pixels = image.pixels.copy()
    noise = rng.uniform(0, amount * (1 + bold), pixels.shape[:2])
    pixels[..., ("red", "green").index(channel)] = noise.astype(np.uint8)
    return image.with_pixels(pixels)


def split(
    image: Image,
    *,
    colors: Annotated[int, Field(ge=2, le=9, description="Number of colors.")] = 4,
    weights: Annotated[tuple[float, float], Field(description="Two weights.")] = (0.5, 0.5),
    report: object = None,
) -> Labels:
    """Divide a picture into columns."""
    assert callable(report)
    report("columns")
    palette = np.arange(3 * colors, dtype=np.uint8).reshape(colors, 3)
    row = np.arange(image.width, dtype=np.int32) % colors
    return Labels(np.tile(row, (image.height, 1)), palette, image)


def ink(
    labels: Labels,
    *,
    palette: Annotated[str | list[str], Field(description="A palette's name or colors.")] = "random",
    only: Annotated[int | None, Field(ge=0, description="The label that is kept; all of them if not given.")] = None,
) -> Labels:
    """Give labels another color."""
    if only is not None and only >= len(labels.palette):
        raise UsageError(f"ink: only: {only} is no label; use 0 to {len(labels.palette) - 1}")
    return Labels(labels.ids, 255 - labels.palette, labels.source)


def rim(
    source: Labels | Image,
    *,
    tolerance: Annotated[float, Field(gt=0, description="Pixels.")] = 0.5,
) -> Drawing:
    """Draw nothing, on a sheet of the right size."""
    return Drawing(source.width, source.height)


def spin(image: Image, *, frames: Annotated[int, Field(ge=1, description="Number of frames.")] = 3) -> Animation:
    """Shift a picture sideways, a pixel a frame."""
    return Animation(frames, lambda i: image.with_pixels(np.roll(image.pixels, i, axis=1)))


POSTER = """
title = "Poster"
description = "A few flat colors."
seed = 7

[[steps]]
op = "grain"
size = 9

[[steps]]
op = "split"
colors = 6

[[steps]]
op = "ink"
palette = ["red", "#00ff00"]

[[steps]]
op = "rim"

[expose]
colors = "split.colors"
grain-size = "1.size"
"""


@contextmanager
def tiny_ops() -> Iterator[dict[str, registry.Op[..., object]]]:
    """For a while, these are the only ops there are."""
    registry.all_ops()  # modules that were loaded meanwhile for the first time would leave their ops here
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry.REGISTRY, "ops", {})
        patch.setattr(registry.REGISTRY, "broken", {})
        patch.setattr(registry.REGISTRY, "loaded", True)
        for function in (grain, split, ink, rim, spin):
            registry.op(function)
        yield registry.REGISTRY.ops
