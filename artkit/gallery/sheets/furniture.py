"""A page's texts and boxes in, a drawing out, for formats whose readers need not have any fonts."""

from __future__ import annotations

import numpy as np

from artkit.artwork.drawing import Drawing, Layer, LineStyle, Shape
from artkit.artwork.drawing import Path as Outline
from artkit.gallery.sheets.layout import Page, Text
from artkit.gallery.sheets.letters import outlines, width_of

_BOLDER = 0.045
"""Of the size of letters: the line around strong ones."""


def furniture(page: Page) -> Drawing:
    """Draw all of a page but its pictures, which stand on white."""
    white = [Shape((_rectangle(cell.x, cell.y, cell.width, cell.height),), "#ffffff") for cell in page.cells]
    boxes = [Shape((_rectangle(box.x, box.y, box.width, box.height),), box.color) for box in page.boxes]
    texts = [shape for text in page.texts for shape in _written(text)]
    return Drawing(page.width, page.height, (Layer([*white, *boxes, *texts]),), background=page.paper)


def _written(text: Text) -> list[Shape]:
    x = text.x - width_of(text.text, text.size) if text.anchor == "end" else text.x
    paths = outlines(text.text, text.size, x, text.y)
    if not paths:
        return []
    line = LineStyle(_BOLDER * text.size) if text.strong else None
    return [Shape(tuple(paths), text.color, text.color if line else None, line=line)]


def _rectangle(x: float, y: float, width: float, height: float) -> Outline:
    return Outline(np.array([[x, y], [x + width, y], [x + width, y + height], [x, y + height]], np.float64))
