"""Kits: photos as things to make by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from artkit.algebra import product
from artkit.arrays import Floats
from artkit.artwork.drawing import Drawing, KitDrawing, Page
from artkit.artwork.image import Image
from artkit.color.spaces import LIGHT
from artkit.importance.focus import Focus, focus_of
from artkit.ops.frame import resize
from artkit.ops.pen.parameters import Margin, PageName
from artkit.raster.resize import resized
from artkit.registry import op
from artkit.registry.declared import Field
from artkit.registry.parameters import FocusOn

FACE = 2.0
"""How many times as much errors in faces count."""

LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
"""Shares of red, green and blue in light (ITU-R BT.709)."""


@op
def paint_by_numbers(
    image: Image,
    *,
    colors: Annotated[int, Field(ge=2, le=60, description="Number of colors, at most.")] = 20,
    smallest: Annotated[
        float, Field(ge=0.05, le=1000, description="Area of the smallest region on paper, in square centimetres.")
    ] = 0.5,
    filled: Annotated[bool, Field(description="Whether regions are painted, as the picture will be.")] = False,
    page: PageName = "A4",
    margin: Margin = 10.0,
    focus: FocusOn = "auto",
    report: Callable[[str], None] | None = None,
) -> Drawing:
    """Draw the picture as a sheet to paint by numbers, with a key of its colors at the foot.

    Every region has the least area and a number of at least 6 points in it; every border is one line. The key's colors
    are numbered from dark to light.
    """
    from artkit.color.choose import palette_of
    from artkit.pens.layout import sheet
    from artkit.styles import numbers as engine
    from artkit.tracer.mosaic import Source

    named = not page.strip()[:1].isdigit()
    paper = sheet(page, landscape=named and image.width > image.height, margin=margin)
    opaque = image.is_opaque
    if opaque is not None and not opaque.any():
        return Drawing(paper.width, paper.height, page=Page(paper.width, paper.height))
    kit = engine.kit(paper, image.width, image.height, colors)
    longer = max(kit.picture[2:])
    small = resize(image, size=max(round(longer * kit.resolution), 1), enlarge=True)
    seen = focus_of(focus, image)
    weight = None if seen is None else seen.weight(small.width, small.height, face=FACE)
    source = Source(small.pixels, small.is_opaque, weight, gradients=False)
    whole = source.area / (100 * kit.resolution**2)
    mosaic = source.mosaic(max(round(engine.SHOWN * whole / smallest), 2), levels=True)
    palette = palette_of(small.pixels, mosaic.labels >= 0, colors, weight=weight)
    labels = engine.regions(mosaic.labels, small.pixels, palette, 100 * smallest, kit.resolution)
    made = engine.drawing(labels, palette, kit, filled)
    if report:
        report(f"{len(np.unique(labels[labels >= 0]))} colors, {len(made.layers[-2].shapes)} regions")
    return made


@op
def string_art(
    image: Image,
    *,
    nails: Annotated[int, Field(ge=12, le=600, description="Number of nails on the circle.")] = 360,
    lines: Annotated[
        int, Field(ge=1, le=20_000, description="How often the thread goes from nail to nail, at most.")
    ] = 5000,
    thread: Annotated[float, Field(ge=0.02, le=5, description="Width of the thread in millimetres.")] = 0.15,
    board: Annotated[float, Field(ge=20, le=5000, description="Width of the circle of nails in millimetres.")] = 600.0,
    page: PageName = "A4",
    margin: Margin = 10.0,
    focus: FocusOn = "auto",
    report: Callable[[str], None] | None = None,
    progress: Callable[[float], None] | None = None,
) -> KitDrawing:
    """Draw the picture as one dark thread around nails on a circle, as it can be wound by hand.

    The largest square of the picture in which most matters is taken, and in it what lies in the circle. Written as
    `.txt` it is the list of nails in turn, as `.csv` their places as well. The drawing is reduced to the page.
    """
    from artkit.pens.layout import sheet
    from artkit.styles import strings as engine

    light, weight = _square(image, focus_of(focus, image), engine.SIDE)
    made = engine.wound(
        engine.wanted_light(light), nails, lines, thread / board, weight, progress or (lambda share: None)
    )
    if report:
        report(f"{nails} nails, {len(made.order) - 1:,} threads, {made.length * board / 2000:,.0f} m in all")
    return engine.drawing(made, sheet(page, margin=margin), board, thread)


def _square(image: Image, focus: Focus | None, side: int) -> tuple[Floats, NDArray[np.float32] | None]:
    """Give the light (S, S), 0 to 1, of the largest square of a picture that matters most, and how much each part does.

    Of those that matter as much it is the one nearest to the middle.
    """
    import cv2

    shorter = min(image.width, image.height)
    scale = min(side / shorter, 1.0)
    width, height = (max(round(scale * length), 1) for length in (image.width, image.height))
    weight = None if focus is None else focus.weight(width, height, face=FACE)
    low, high = min(width, height), max(width, height)
    start = (high - low) // 2
    if weight is not None and high > low:
        along = np.rint(64 * weight.astype(np.float64)).sum(0 if width > height else 1)
        total = np.append(0, np.cumsum(along))
        inside = total[low:] - total[:-low]
        places = np.flatnonzero(inside >= 0.98 * inside.max())
        start = int(places[np.abs(places - start).argmin()])
    left, top = (start, 0) if width > height else (0, start)
    corner = min(round(left / scale), image.width - shorter), min(round(top / scale), image.height - shorter)
    here = np.s_[corner[1] : corner[1] + shorter, corner[0] : corner[0] + shorter]
    pixels, _ = resized(np.ascontiguousarray(image.on_white().pixels[here]), None, side, side, "linear")
    counts = None
    if weight is not None:
        part = np.ascontiguousarray(weight[top : top + low, left : left + low])
        counts = np.asarray(cv2.resize(part, (side, side), interpolation=cv2.INTER_NEAREST), np.float32)
    return product(LIGHT[pixels], LUMINANCE), counts
