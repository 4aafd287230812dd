"""A picture, pens and a style in, a drawing out: each pen draws in the style what of the picture's tone is its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from artkit.artwork.drawing import Drawing
from artkit.artwork.image import Image
from artkit.color.palette import name_of, parse
from artkit.importance.focus import Focus
from artkit.pens.document import Pen
from artkit.pens.draw.field import Field, long_enough
from artkit.pens.layout import Paper
from artkit.pens.lines import Lines
from artkit.pens.names import pen_name
from artkit.pens.separation import Tone, tones_of
from artkit.pens.styled import drawing_of

if TYPE_CHECKING:
    from artkit.raster.bands import Advance

FAINTEST = 1 / 512
"""A pen that is to draw no place darker than this stays away: half a gray level, which no picture has."""


@dataclass(frozen=True)
class StylePen:
    """A pen, `width` mm wide, as a style sees it: the `number` of `count` that draw a picture together."""

    number: int
    count: int
    width: float

    def turned(self, angle: float, layer: float = 0, layers: int = 1) -> float:
        """Give the angle of this pen's lines such that no two pens draw along the same lines.

        Where each pen has several `layers`, these are turned against each other, and the pens by less than that.
        """
        turn = angle + 180 * self.number / (self.count * layers)
        return turn + 180 * layer / layers


def drawn(
    image: Image,
    pens: Sequence[str],
    paper: Paper,
    pen_width: float,
    detail: float,
    style: Callable[[Field, StylePen], Lines],
    advance: Advance | None = None,
    focus: Focus | None = None,
    *,
    apart: bool = False,
    tone: Tone = "full",
) -> Drawing:
    """Draw a picture in a style, which gets each pen's field and gives its lines in millimetres.

    Lines of some styles lie `apart`: dots have nothing to be joined, or drawn twice.
    """
    layers = []
    tones = tones_of(image, pens, paper, pen_width, detail, focus, tone)
    for number, (pen, field) in enumerate(zip(pens, tones, strict=True)):
        if advance:
            advance((number + 0.3) / (len(pens) + 0.3))
        seen = field.darkness.max() >= FAINTEST
        lines = style(field, StylePen(number, len(pens), pen_width)) if seen else Lines.of([])
        layers.append((Pen(pen_name(pen), name_of(parse(pen)), pen_width), long_enough(lines)))
    return drawing_of(paper, layers, apart=apart)
