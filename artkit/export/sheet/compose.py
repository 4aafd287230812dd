"""Art and a layout in, all that lies on the paper out: in which box, how far it spills, and where it is cut off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import ceil
from typing import NamedTuple

import numpy as np

from artkit.artwork.drawing import Drawing, Layer, Page, Path, Shape
from artkit.artwork.image import Image
from artkit.errors import UsageError
from artkit.export.pdf.inks import Ink
from artkit.export.read import Alone
from artkit.export.sheet.bleed import bled
from artkit.export.sheet.layout import Box, Layout
from artkit.export.sheet.marks import marks_of
from artkit.spans import spanned

FINEST = 1000
"""Steps to a millimetre of paper."""

Art = Drawing | Image | Alone


class Item(NamedTuple):
    """Something on the paper: its own sheet fills `box`; it is seen `spill` beyond it, and within `clip`.

    `marks` are on every plate, whatever inks there are. Its own `inks` are those of its colors, where a page has none.
    """

    art: Art
    box: Box
    spill: float = 0.0
    clip: Box | None = None
    marks: bool = False
    inks: Mapping[str, Ink] | None = None


class Composed(NamedTuple):
    """Everything on the paper, lowest first."""

    layout: Layout
    items: tuple[Item, ...]


@spanned("lay out")
def composed(parts: Sequence[Art], layout: Layout, paper: str | None = None) -> Composed:
    """Put art on a page, on `paper` of a color where one is given, with its bleed and its marks.

    A UsageError says what cannot bleed.
    """
    items = []
    if paper is not None:
        left, top, right, bottom = layout.bleed
        ring = Path(np.array([(left, top), (right, top), (right, bottom), (left, bottom)]))
        sheet = Drawing(layout.width, layout.height, [Layer([Shape([ring], paper)])])
        items.append(Item(sheet.replace(page=Page(layout.width, layout.height)), _all(layout)))
    clip = layout.bleed if layout.cuts else None
    for part in parts:
        spill = layout.asked.bleed if layout.asked.bleed and isinstance(part, Drawing) else 0.0
        if layout.asked.bleed and isinstance(part, Drawing):
            _refuse_pens(part)
        if layout.asked.bleed and any(layout.spills):
            part = _bleeding(part, layout)
        items.append(Item(part, layout.art, spill, clip or (layout.bleed if spill else None)))
    marks = marks_of(layout)
    if marks is not None:
        items.append(Item(marks, _all(layout), marks=True))
    return Composed(layout, tuple(items))


def _all(layout: Layout) -> Box:
    return 0.0, 0.0, layout.width, layout.height


def _refuse_pens(part: Drawing) -> None:
    from artkit.pens.styled import is_for_pens

    if is_for_pens(part):
        raise UsageError("bleed: this is a drawing for pens, whose lines end inside of the page; leave --bleed out")


def _bleeding(part: Art, layout: Layout) -> Art:
    if isinstance(part, Image):
        raise UsageError("bleed: pixels end where they end; with --fill the picture reaches over the edge by as much")
    if isinstance(part, Alone):
        return part
    unit = part.page.scale if part.page else 1.0
    sheet = part.page or part
    scale = (layout.art[2] - layout.art[0]) / sheet.width * unit
    left, top, right, bottom = (layout.asked.bleed / scale * own for own in layout.spills)
    return bled(part, (left, top, right, bottom))


def on_paper(item: Item, width: float, height: float) -> Drawing:
    """Give a drawing of an item on paper of that size: its own page, if it has one, lies in the box."""
    drawing = item.art
    assert isinstance(drawing, Drawing)
    sheet = drawing.page or drawing
    left, top, right, _ = item.box
    scale = (right - left) / sheet.width
    own, (x, y) = (drawing.page.scale, drawing.page.offset) if drawing.page else (1.0, (0.0, 0.0))
    page = Page(width, height, own * scale, (left + x * scale, top + y * scale))
    layers = list(drawing.layers)
    if drawing.background is not None:
        corners = np.array([item.box[:2], (right, top), item.box[2:], (left, item.box[3])])
        corners += np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * item.spill
        ring = Path((corners - page.offset) / page.scale)
        layers.insert(0, Layer([Shape([ring], drawing.background)]))
    grid = max(drawing.grid, ceil(FINEST * page.scale))  # its own steps are none of the paper's
    return replace(Drawing(drawing.width, drawing.height, layers, page=page, grid=grid), title=drawing.title)
