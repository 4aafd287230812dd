"""Mosaics: photos as cells and squares, each in one color, small where there is much to see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

import numpy as np

from artkit.artwork.drawing import Drawing
from artkit.artwork.image import Image
from artkit.importance.focus import focus_of
from artkit.ops import frame as geometry
from artkit.registry import Only, op
from artkit.registry.colors import ColorName
from artkit.registry.declared import Field
from artkit.registry.parameters import FocusOn

Line = Annotated[float, Field(ge=0, le=1000, description="Width of the lines between them, in pixels; 0 is none.")]


@op
def voronoi(
    image: Image,
    *,
    cells: Annotated[int, Field(ge=1, le=50_000, description="Number of cells.")] = 2500,
    line: Line = 0.0,
    ink: Annotated[ColorName, Field(description="Color of the lines."), Only("line")] = "#17161a",
    focus: FocusOn = "auto",
    rng: np.random.Generator | None = None,
    progress: Callable[[float], None] | None = None,
) -> Drawing:
    """Draw the picture as cells around the middles of what they cover, small where there is much to see.

    They tile the picture; their borders lie along edges in it. Transparent parts stay free.
    """
    from artkit.styles import voronoi as engine

    if image.is_opaque is not None and not image.is_opaque.any():
        return Drawing(image.width, image.height)
    side = max(
        engine.SIDE,
        round((engine.PIXELS * cells * max(image.width, image.height) / min(image.width, image.height)) ** 0.5),
    )
    reduced = geometry.resize(image, size=side)
    seen = focus_of(focus, image)
    weight = None if seen is None else seen.weight(reduced.width, reduced.height)
    return engine.drawing(
        reduced.pixels, (image.width, image.height), cells, line, ink, rng or np.random.default_rng(0), weight,
        reduced.is_opaque, progress or (lambda share: None),
    )  # fmt: skip


@op
def quadtree(
    image: Image,
    *,
    cells: Annotated[int, Field(ge=1, le=50_000, description="Number of rectangles, at most.")] = 2000,
    shape: Annotated[
        Literal["rectangle", "ellipse"], Field(description="What is drawn in each: all of it, or an ellipse.")
    ] = "rectangle",
    line: Line = 0.0,
    ink: Annotated[ColorName, Field(description="Color of the lines, and of the ground of ellipses.")] = "#17161a",
    focus: FocusOn = "auto",
) -> Drawing:
    """Draw the picture as nearly square rectangles, divided in four where they are least like it.

    They tile the picture. Transparent parts stay free.
    """
    from artkit.styles import quadtree as engine

    if image.is_opaque is not None and not image.is_opaque.any():
        return Drawing(image.width, image.height)
    reduced = geometry.resize(image, size=engine.SIDE)
    seen = focus_of(focus, image)
    weight = None if seen is None else seen.weight(reduced.width, reduced.height)
    return engine.drawing(
        reduced.pixels, (image.width, image.height), cells, shape, line, ink, weight, reduced.is_opaque
    )
