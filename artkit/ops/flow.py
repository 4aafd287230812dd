"""Ops that draw a picture with lines that follow it."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from artkit.artwork.drawing import Drawing
from artkit.artwork.image import Image
from artkit.pens.draw import field
from artkit.pens.draw.streamlines import directions, streamlines
from artkit.pens.layout import Detail, Hatching, Margin, PageName, Pens, PenWidth, corrected, styled, trimmed
from artkit.pens.lines import Lines
from artkit.raster.bands import Advance
from artkit.registry import op


@op
def flow(
    image: Image,
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
    angle: Hatching = 30.0,
    pens: Pens = ("black",),
    pen_width: PenWidth = 0.3,
    page: PageName = "A4",
    margin: Margin = 10.0,
    detail: Detail = 1.0,
    rng: np.random.Generator | None = None,
    advance: Advance | None = None,
) -> Drawing:
    """Draw streamlines that follow the forms in the picture, the closer together the darker it is.

    They keep the distance from each other that the tone asks for, and end where another comes too near. Where nothing
    is to be seen they run at `angle`. What they cover is measured and corrected once.
    """
    rng = rng or np.random.default_rng(0)

    def style(tone: field.Field, number: int) -> Lines:
        aside = (90 if along == "slope" else 0) + turn + 180 * number / len(pens)
        way = directions(tone, smooth, aside, angle - aside)
        seed = int(rng.integers(1 << 62))

        def once(asked: field.Field, pen: float) -> Lines:
            return streamlines(asked, way, pen, np.random.default_rng(seed))

        # A draft in wider lines tells where directions diverge; then the lines themselves are measured.
        lines = corrected(tone, pen_width, once, passes=(2, 1, 1), most=1.2)
        return trimmed(tone, pen_width, lines)

    return styled(image, pens, pen_width, page, margin, detail, style, advance)
