"""Ops that draw a picture with lines that swing the more the darker it is."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from artkit.artwork.drawing import Drawing
from artkit.artwork.image import Image
from artkit.pens.draw import field
from artkit.pens.draw.hatching import shares
from artkit.pens.draw.waves import Pattern, Warp, spiraled, waved
from artkit.pens.layout import Detail, Hatching, Margin, PageName, Pens, PenWidth, corrected, styled, turned
from artkit.pens.lines import Lines
from artkit.raster.bands import Advance
from artkit.registry import op

Pitch = Annotated[
    float, Field(ge=0.1, le=200, description="From one row to the next, in millimetres; two pen widths at least.")
]


def _pitch(spacing: float, pen_width: float) -> float:
    return max(spacing, 2 * pen_width)


@op
def waves(
    image: Image,
    *,
    spacing: Pitch = 2.4,
    angle: Hatching = 0.0,
    pens: Pens = ("black",),
    pen_width: PenWidth = 0.3,
    page: PageName = "A4",
    margin: Margin = 10.0,
    detail: Detail = 1.0,
    advance: Advance | None = None,
) -> Drawing:
    """Draw one wavy line for each row: it swings wider and faster where the picture is darker.

    The lines cover as much of the paper as the picture is dark there; where it is lighter than a straight line, rows
    are left out.
    """
    pitch = _pitch(spacing, pen_width)

    def style(tone: field.Field, number: int) -> Lines:
        pattern = Pattern(_even(tone, pitch, angle), pen_width, wave=0.8 * pitch)
        return waved(tone, pattern, turned(angle, number, len(pens)))

    return styled(image, pens, pen_width, page, margin, detail, style, advance)


def _even(tone: field.Field, pitch: float, angle: float) -> float:
    """The pitch that fits whole rows, where they run along a side."""
    if angle % 90:
        return pitch
    side = tone.height if angle % 180 == 0 else tone.width
    return side / max(round(side / pitch), 1)


@op
def spiral(
    image: Image,
    *,
    spacing: Pitch = 2.4,
    shape: Annotated[
        Literal["full", "round"], Field(description="The whole picture, or the largest disc around the center.")
    ] = "full",
    center_x: Annotated[float, Field(ge=0, le=1, description="Where it begins, as a part of the width.")] = 0.5,
    center_y: Annotated[float, Field(ge=0, le=1, description="Where it begins, as a part of the height.")] = 0.5,
    pens: Pens = ("black",),
    pen_width: PenWidth = 0.3,
    page: PageName = "A4",
    margin: Margin = 10.0,
    detail: Detail = 1.0,
    advance: Advance | None = None,
) -> Drawing:
    """Draw the picture as one spiral that swings wider and faster where it is darker.

    It is broken where the picture is lighter than a line that does not swing, and at the border. Several pens begin in
    different places, so that their lines cross.
    """
    pitch = _pitch(spacing, pen_width)

    def style(tone: field.Field, number: int) -> Lines:
        pattern = Pattern(pitch, pen_width, wave=0.8 * pitch)
        turn = 2 * np.pi * number / len(pens)
        away = 0.0 if len(pens) == 1 else 0.12
        center = (center_x + away * np.cos(turn), center_y + away * np.sin(turn))
        return spiraled(tone, pattern, center, round_=shape == "round")

    return styled(image, pens, pen_width, page, margin, detail, style, advance)


@op
def scribble(
    image: Image,
    *,
    spacing: Pitch = 2.6,
    angle: Hatching = 35.0,
    layers: Annotated[int, Field(ge=1, le=4, description="Directions that cross in the dark.")] = 2,
    wander: Annotated[
        float, Field(ge=0, le=100, description="How far the rows wander from straight lines, in millimetres.")
    ] = 5.0,
    pens: Pens = ("black",),
    pen_width: PenWidth = 0.3,
    page: PageName = "A4",
    margin: Margin = 10.0,
    detail: Detail = 1.0,
    rng: np.random.Generator | None = None,
    advance: Advance | None = None,
) -> Drawing:
    """Scribble the picture in long coils that wander over the paper, the denser the darker it is.

    Coils of further directions join in where it is darker. Together they cover as much of the paper as the picture is
    dark there.
    """
    rng = rng or np.random.default_rng(0)
    pitch = _pitch(spacing, pen_width)

    def style(tone: field.Field, number: int) -> Lines:
        pattern = Pattern(pitch, pen_width, wave=0.9 * pitch, coil=0.5, rest=0.35, full=0.5, reach=1.15)
        warps = [Warp.chance(rng, wander, 14 * pitch, tone.width, tone.height) for _ in range(layers)]
        turns = [turned(angle, number, len(pens) * layers) + 180 * layer / layers for layer in range(layers)]

        def once(asked: field.Field, _: float) -> Lines:
            own = shares(asked.darkness, layers)
            return Lines.joined(
                waved(asked.changed(share), pattern, turn, warp)
                for share, turn, warp in zip(own, turns, warps, strict=True)
            )

        return corrected(tone, pen_width, once)

    return styled(image, pens, pen_width, page, margin, detail, style, advance)
