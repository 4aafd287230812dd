"""Ops that draw a picture, or the filled shapes of a drawing, with hatching."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated

from artkit.artwork.drawing import Drawing
from artkit.ops.pen.parameters import BLACK, Direction, InkTone, OnPaper, Pens, on_paper, style
from artkit.pens.draw.field import Field as Tone
from artkit.pens.draw.hatched_fills import hatched_fills
from artkit.pens.draw.hatching import far_apart, hatched, shaped, shares
from artkit.pens.draw.picture import StylePen
from artkit.pens.layout import Paper
from artkit.pens.lines import Lines
from artkit.pens.styled import drawing_of
from artkit.raster.bands import Advance
from artkit.registry import op
from artkit.registry.declared import Field


@op
@style()
def hatch(
    tone: Tone,
    pen: StylePen,
    *,
    angle: Direction = 45.0,
    form: Annotated[
        float,
        Field(ge=0, le=1, description="How much lines bend over the forms in the picture; 0 is straight."),
    ] = 0.0,
    broken: Annotated[
        bool, Field(description="Draw tones between two spacings in dashes, else every so many lines stand closer.")
    ] = False,
) -> Lines:
    """Hatch the picture with parallel lines, the closer the darker it is.

    The lines cover as much of the paper as the picture is dark there. Each pen has a direction of its own.
    """
    if form or broken:
        return shaped(tone, pen.width, pen.turned(angle), form, broken=broken)
    return hatched(tone, pen.width, pen.turned(angle))


@op
@style()
def crosshatch(
    tone: Tone,
    pen: StylePen,
    *,
    layers: Annotated[int, Field(ge=2, le=6, description="Directions that cross in the dark.")] = 4,
    angle: Direction = 45.0,
) -> Lines:
    """Hatch the picture in several directions: the darker it is, the more of them cross.

    The light parts are hatched in one direction; further ones join in as it grows darker, then all grow dense.
    Together they cover as much of the paper as the picture is dark there.
    """
    own = shares(tone.darkness, layers)
    turns = [pen.turned(angle, layer, layers) for layer in far_apart(layers)]
    return Lines.joined(hatched(tone.changed(share), pen.width, turn) for share, turn in zip(own, turns, strict=True))


@op
@on_paper
def hatch_fill(
    drawing: Drawing,
    sheet: OnPaper,
    *,
    angle: Direction = 45.0,
    turn: Annotated[
        float, Field(ge=-180, le=180, description="Degrees by which each next color's lines are turned.")
    ] = 35.0,
    layers: Annotated[int, Field(ge=1, le=6, description="Directions that cross in dark colors.")] = 1,
    pens: Pens = BLACK,
    tone: InkTone = "full",
    report: Callable[[str], None] | None = None,
    progress: Advance | None = None,
) -> Drawing:
    """Hatch the filled shapes of a drawing, cut exactly where they end or others cover them.

    The lines cover as much of the paper as a shape's color is dark, or what each pen takes of it. Gradients change
    along the lines. Shapes that are stroked alone are left out. A drawing on a page keeps its place there.
    """
    if drawing.page is None:
        paper = sheet.laid(drawing.width, drawing.height)
    else:
        scale = drawing.page.scale
        paper = Paper(drawing.width * scale, drawing.height * scale, replace(drawing.page, scale=1.0), scale)
    if report and (left := sum(1 for shape in drawing.shapes if shape.fill is None)):
        report(f"hatch-fill: {left} shapes without a fill were left out")
    return drawing_of(paper, hatched_fills(drawing, paper, pens, sheet.pen_width, angle, turn, layers, progress, tone))
