"""Ops that draw a picture with lines that follow it."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np

from artkit.ops.pen.parameters import Direction, style
from artkit.pens.draw.coverage import corrected, trimmed
from artkit.pens.draw.field import Field as Tone
from artkit.pens.draw.picture import StylePen
from artkit.pens.draw.streamlines import directions, streamlines
from artkit.pens.lines import Lines
from artkit.registry import op
from artkit.registry.declared import Field


@op
@style()
def flow(
    tone: Tone,
    pen: StylePen,
    *,
    along: Annotated[
        Literal["edges", "slope"],
        Field(description="Lines along edges and lines of equal tone, or down the slope from light to dark."),
    ] = "edges",
    turn: Annotated[
        float, Field(ge=-90, le=90, description="Degrees by which lines are turned against that; pens differ by more.")
    ] = 0.0,
    smooth: Annotated[
        float, Field(ge=0.2, le=200, description="How even the directions are: millimetres that share one.")
    ] = 2.5,
    angle: Direction = 30.0,
    rng: np.random.Generator,
) -> Lines:
    """Draw streamlines that follow the forms in the picture, the closer together the darker it is.

    They keep the distance from each other that the tone asks for, and end where another comes too near. Where nothing
    is to be seen they run at `angle`. What they cover is measured and corrected once.
    """
    aside = (90 if along == "slope" else 0) + turn + 180 * pen.number / pen.count
    way = directions(tone, smooth, aside, angle - aside)
    seed = int(rng.integers(1 << 62))

    def once(asked: Tone, width: float) -> Lines:
        return streamlines(asked, way, width, np.random.default_rng(seed))

    # A draft in wider lines tells where directions diverge; where that is not so near, the lines are too many at first.
    lines = corrected(tone, pen.width, once, passes=(1.5, 1), most=1.35, finer=1.06)
    return trimmed(tone, pen.width, lines)
