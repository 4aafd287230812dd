"""Ops that draw a picture with lines that swing the more the darker it is."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np

from artkit.ops.pen.parameters import Direction, style
from artkit.pens.draw.coverage import corrected
from artkit.pens.draw.field import Field as Tone
from artkit.pens.draw.hatching import shares
from artkit.pens.draw.picture import StylePen
from artkit.pens.draw.waves import Pattern, Warp, spiraled, waved
from artkit.pens.lines import Lines
from artkit.registry import op
from artkit.registry.declared import Field

Pitch = Annotated[
    float,
    Field(
        ge=0,
        le=200,
        description="From one row to the next, in millimetres; two pen widths at least. 0 suits the pen and the paper.",
    ),
]

CLOSEST, FURTHEST = 4.2, 8.0
"""Pen widths from row to row that suit a pen: room to swing, and no row so wide that it would be seen as one."""


def _pitch(spacing: float, tone: Tone, pen: StylePen, rows: int) -> float:
    """Give the distance of rows: where none is asked for, so many go to the shorter side, if the pen allows it."""
    if spacing:
        return max(spacing, 2 * pen.width)
    return float(np.clip(min(tone.width, tone.height) / rows, CLOSEST * pen.width, FURTHEST * pen.width))


@op
@style()
def waves(
    tone: Tone,
    pen: StylePen,
    *,
    spacing: Pitch = 2.4,
    angle: Direction = 0.0,
) -> Lines:
    """Draw one wavy line for each row: it swings wider and faster where the picture is darker.

    The lines cover as much of the paper as the picture is dark there; where it is lighter than a straight line, rows
    are left out.
    """
    pitch = _pitch(spacing, tone, pen, 130)
    pattern = Pattern(_even(tone, pitch, angle), pen.width, wave=0.8 * pitch)
    return waved(tone, pattern, pen.turned(angle))


def _even(tone: Tone, pitch: float, angle: float) -> float:
    """The pitch that fits whole rows, where they run along a side."""
    if angle % 90:
        return pitch
    side = tone.height if angle % 180 == 0 else tone.width
    return side / max(round(side / pitch), 1)


@op
@style()
def spiral(
    tone: Tone,
    pen: StylePen,
    *,
    spacing: Pitch = 2.4,
    shape: Annotated[
        Literal["full", "round"], Field(description="The whole picture, or the largest disc around the center.")
    ] = "full",
    center_x: Annotated[float, Field(ge=0, le=1, description="Where it begins, as a part of the width.")] = 0.5,
    center_y: Annotated[float, Field(ge=0, le=1, description="Where it begins, as a part of the height.")] = 0.5,
) -> Lines:
    """Draw the picture as one spiral that swings wider and faster where it is darker.

    It is broken where the picture is lighter than a line that does not swing, and at the border. Several pens begin in
    different places, so that their lines cross.
    """
    pitch = _pitch(spacing, tone, pen, 120)
    pattern = Pattern(pitch, pen.width, wave=0.8 * pitch)
    turn = 2 * np.pi * pen.number / pen.count
    away = 0.0 if pen.count == 1 else 0.12
    center = (center_x + away * np.cos(turn), center_y + away * np.sin(turn))
    return spiraled(tone, pattern, center, round_=shape == "round")


@op
@style()
def scribble(
    tone: Tone,
    pen: StylePen,
    *,
    spacing: Pitch = 2.6,
    angle: Direction = 35.0,
    layers: Annotated[int, Field(ge=1, le=4, description="Directions that cross in the dark.")] = 2,
    wander: Annotated[
        float, Field(ge=0, le=100, description="How far the rows wander from straight lines, in millimetres.")
    ] = 5.0,
    rng: np.random.Generator,
) -> Lines:
    """Scribble the picture in long coils that wander over the paper, the denser the darker it is.

    Coils of further directions join in where it is darker. Together they cover as much of the paper as the picture is
    dark there.
    """
    pitch = _pitch(spacing, tone, pen, 88)
    pattern = Pattern(pitch, pen.width, wave=0.9 * pitch, coil=0.5, rest=0.35, full=0.5, reach=1.15)
    warps = [Warp.chance(rng, wander, 14 * pitch, tone.width, tone.height) for _ in range(layers)]
    turns = [pen.turned(angle, layer, layers) for layer in range(layers)]

    def once(asked: Tone, _: float) -> Lines:
        own = shares(asked.darkness, layers)
        return Lines.joined(
            waved(asked.changed(share), pattern, turn, warp)
            for share, turn, warp in zip(own, turns, warps, strict=True)
        )

    return corrected(tone, pen.width, once)
