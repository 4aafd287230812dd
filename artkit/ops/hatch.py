"""Ops that draw a picture with hatching."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from artkit.bands import Advance
from artkit.drawing import Drawing
from artkit.image import Image
from artkit.ops.pen import Detail, Hatching, Margin, PageName, Pens, PenWidth, styled, turned
from artkit.plot import field
from artkit.plot.hatching import hatched, shares
from artkit.plot.lines import Lines
from artkit.registry import op


@op
def hatch(
    image: Image,
    *,
    angle: Hatching = 45.0,
    pens: Pens = ("black",),
    pen_width: PenWidth = 0.3,
    page: PageName = "A4",
    margin: Margin = 10.0,
    detail: Detail = 1.0,
    advance: Advance | None = None,
) -> Drawing:
    """Hatch the picture with parallel lines, the closer the darker it is.

    The lines cover as much of the paper as the picture is dark there. Each pen has a direction of its own.
    """

    def style(tone: field.Field, number: int) -> Lines:
        return hatched(tone, pen_width, turned(angle, number, len(pens)))

    return styled(image, pens, pen_width, page, margin, detail, style, advance)


@op
def crosshatch(
    image: Image,
    *,
    layers: Annotated[int, Field(ge=2, le=6, description="Directions that cross in the dark.")] = 4,
    angle: Hatching = 45.0,
    pens: Pens = ("black",),
    pen_width: PenWidth = 0.3,
    page: PageName = "A4",
    margin: Margin = 10.0,
    detail: Detail = 1.0,
    advance: Advance | None = None,
) -> Drawing:
    """Hatch the picture in several directions: the darker it is, the more of them cross.

    The light parts are hatched in one direction; further ones join in as it grows darker, then all grow dense.
    Together they cover as much of the paper as the picture is dark there.
    """

    def style(tone: field.Field, number: int) -> Lines:
        own = shares(tone.darkness, layers)
        turns = [turned(angle, number, len(pens) * layers) + 180 * turn / layers for turn in order(layers)]
        return Lines.joined(
            hatched(tone.changed(share), pen_width, turn) for share, turn in zip(own, turns, strict=True)
        )

    return styled(image, pens, pen_width, page, margin, detail, style, advance)


def order(layers: int) -> list[int]:
    """Directions in such an order that each is far from those before: across, then between."""
    left = list(range(1, layers))
    found = [0]
    while left:
        gaps = [min(min((one - other) % layers, (other - one) % layers) for other in found) for one in left]
        found.append(left.pop(gaps.index(max(gaps))))
    return found
