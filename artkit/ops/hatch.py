"""Ops that draw a picture with hatching."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np
from pydantic import Field

from artkit.artwork.drawing import Drawing, Fill, Gradient, Path, Shape
from artkit.artwork.image import Image
from artkit.color.palette import name_of, parse
from artkit.pens.draw import field
from artkit.pens.draw.fills import Edges, filled
from artkit.pens.draw.hatching import Comb, hatched, shares
from artkit.pens.layout import (
    Detail,
    Hatching,
    Margin,
    PageName,
    Paper,
    Pens,
    PenWidth,
    amounts_of,
    paper_of,
    pen_name,
    polygon,
    styled,
    turned,
)
from artkit.pens.lines import Bools, Floats, Ints, Lines
from artkit.raster.bands import Advance
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


@op
def hatch_fill(
    drawing: Drawing,
    *,
    angle: Hatching = 45.0,
    turn: Annotated[
        float, Field(ge=-180, le=180, description="Degrees by which each next color's lines are turned.")
    ] = 35.0,
    layers: Annotated[int, Field(ge=1, le=6, description="Directions that cross in dark colors.")] = 1,
    pens: Pens = ("black",),
    pen_width: PenWidth = 0.3,
    page: PageName = "A4",
    margin: Margin = 10.0,
    note: Callable[[str], None] | None = None,
    advance: Advance | None = None,
) -> Drawing:
    """Hatch the filled shapes of a drawing, cut exactly where they end or others cover them.

    The lines cover as much of the paper as a shape's color is dark, or what each pen takes of it. Gradients change
    along the lines. Shapes that are stroked alone are left out. A drawing on a page keeps its place there.
    """
    if drawing.page is None:
        paper = paper_of(drawing.width, drawing.height, page, margin, pen_width)
    else:
        scale = drawing.page.scale
        own = replace(drawing.page, scale=1.0)
        paper = Paper(drawing.width * scale, drawing.height * scale, own, scale)
    shapes = [shape for shape in drawing.shapes if shape.fill is not None]
    if note and (left := sum(1 for shape in drawing.shapes if shape.fill is None)):
        note(f"hatch-fill: {left} shapes without a fill were left out")
    if drawing.background is not None:
        corners = np.array([[0, 0], [drawing.width, 0], [drawing.width, drawing.height], [0, drawing.height]], float)
        shapes.insert(0, Shape([Path(corners)], drawing.background))
    rings = [[polygon(path, 0.01 / paper.scale) * paper.scale for path in shape.paths] for shape in shapes]
    edges = Edges.of(rings)
    fills = Fills.of([shape.fill for shape in shapes], paper.scale, pens)
    fine = np.array([not isinstance(shape.fill, str) for shape in shapes], bool)
    made = []
    for number, pen in enumerate(pens):
        parts = []
        for layer, turned_by in enumerate(order(layers)):
            if advance:
                advance((number + layer / layers) / len(pens))
            # A few degrees aside: lines of three equal spacings at 60 degrees would meet in the same points throughout.
            direction = turned(angle, number, len(pens) * layers) + 180 * turned_by / layers + 4 * layer
            for kind, share, chosen in fills.groups(number, layer, layers):
                turns = direction + turn * kind
                if share is None:  # too many tones for a comb of each, or none that are even
                    comb = Comb.over(paper.width, paper.height, turns, pen_width, pen_width / 2)
                    tone = fills.darkness(number, layer, layers)
                    parts.append(filled(edges, comb, pen_width, chosen, tone, fine))
                elif share > 0 and pen_width / share < max(paper.width, paper.height):
                    comb = Comb.over(paper.width, paper.height, turns, pen_width / share, pen_width / 2)
                    parts.append(filled(edges, comb, pen_width, chosen))
        made.append((pen_name(pen), name_of(parse(pen)), Lines.joined(parts)))
    return paper.draw(made, pen_width)


MOST_TONES = 16
"""Flat tones up to which each is hatched with a spacing of its own."""

TURNS = 4
"""Colors after which the directions of hatched fills begin again."""


@dataclass(frozen=True, eq=False)
class Fills:
    """How dark each fill is for each pen, at both ends of its gradient and between: `amounts` is (pens, shapes, K).

    `stops`, (shapes, K), tells at which shares of the way from start to end these are; `ends`, (shapes, 2, 2), where
    the way starts and ends in mm. The fill of fewer than K colors repeats its last one. `kind` is which of a few
    directions a shape's lines have, by its color's lightness.
    """

    stops: Floats
    ends: Floats
    radial: Bools
    amounts: Floats
    kind: Ints

    @classmethod
    def of(cls, fills: Sequence[Fill], scale: float, pens: Sequence[str]) -> Fills:
        """Take the fills of a drawing, whose units are `scale` millimetres."""
        ways = [fill if isinstance(fill, Gradient) else _flat(fill or "#fff") for fill in fills]
        most = max((len(way.colors) for way in ways), default=2)
        kept = [np.minimum(np.arange(most), len(way.colors) - 1) for way in ways]
        stops = np.array([way.places[own] for way, own in zip(ways, kept, strict=True)]).reshape(-1, most)
        colors = [way.levels[own] for way, own in zip(ways, kept, strict=True)]
        mean = np.array([way.mean() for way in ways]).reshape(-1, 3)
        distinct, kind = np.unique(np.round(mean @ [0.299, 0.587, 0.114]), return_inverse=True)
        return cls(
            stops,
            np.array([[way.start, way.end] for way in ways], float).reshape(-1, 2, 2) * scale,
            np.array([way.radial for way in ways], bool),
            amounts_of(np.array(colors, np.float32).reshape(-1, most, 3), pens).astype(np.float64),
            kind.ravel() % max(min(TURNS, len(distinct)), 1),
        )

    def groups(self, pen: int, layer: int, layers: int) -> Iterator[tuple[int, float | None, Bools]]:
        """Give the shapes that are hatched alike: their kind, what is to be covered, and which they are.

        Few flat colors have a spacing of their own each. Of many, and of gradients, all of a kind share a comb, and
        None is given for what is to be covered.
        """
        flat = (self.amounts == self.amounts[:, :, :1]).all((0, 2))
        asked = np.round(shares(self.amounts[pen, :, 0], layers)[layer], 4)
        many = len(np.unique(asked[flat])) > MOST_TONES
        for kind in np.unique(self.kind).tolist():
            own = self.kind == kind
            for share in [] if many else np.unique(asked[own & flat]).tolist():
                yield kind, share, own & flat & (asked == share)
            if (rest := own if many else own & ~flat).any():
                yield kind, None, rest

    def darkness(self, pen: int, layer: int, layers: int) -> Callable[[Ints, Floats], Floats]:
        """Give the function of shapes and places (N, 2) that tells how much a pen is to cover in a layer."""

        def share(shape: Ints, place: Floats) -> Floats:
            start, way = self.ends[shape, 0], self.ends[shape, 1] - self.ends[shape, 0]
            length = np.maximum((way**2).sum(1), 1e-12)
            along = ((place - start) * way).sum(1) / length
            round_ = np.hypot(*(place - start).T) / np.sqrt(length)
            part = np.clip(np.where(self.radial[shape], round_, along), 0, 1)
            stops = self.stops[shape]
            before = np.clip((stops <= part[:, None]).sum(1) - 1, 0, stops.shape[1] - 2)
            row = np.arange(len(shape))
            first, gap = stops[row, before], stops[row, before + 1] - stops[row, before]
            part = np.clip((part - first) / np.where(gap > 0, gap, 1), 0, 1)
            low, high = self.amounts[pen, shape, before], self.amounts[pen, shape, before + 1]
            return shares(low + (high - low) * part, layers)[layer]

        return share


def _flat(color: str) -> Gradient:
    """Give one color as a gradient that does not change."""
    return Gradient((0, 0), (1, 0), (color, color))
