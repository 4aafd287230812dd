"""A page's texts and boxes in, a drawing out, for formats whose readers need not have any fonts."""

from __future__ import annotations

import numpy as np

from artkit.artwork.drawing import Drawing, Layer, Shape
from artkit.artwork.drawing import Path as Outline
from artkit.gallery.sheets.layout import FRAME, Page, Text
from artkit.gallery.sheets.letters import outlines, width_of

_BOLDER = 0.05
"""Of the size of letters: how far strong ones are drawn again to the right."""


def furniture(page: Page) -> Drawing:
    """Draw all of a page but its pictures, which stand on white."""
    frames = [Shape((_inset(-FRAME, *cell[1:]),), page.frame) for cell in page.cells]
    white = [Shape((_inset(0.5, *cell[1:]),), "#ffffff") for cell in page.cells]
    boxes = [Shape((_rectangle(box.x, box.y, box.width, box.height),), box.color) for box in page.boxes]
    texts = [shape for text in page.texts for shape in _written(text)]
    return Drawing(page.width, page.height, (Layer([*frames, *white, *boxes, *texts]),), background=page.paper)


def _written(text: Text) -> list[Shape]:
    x = text.x - width_of(text.text, text.size) if text.anchor == "end" else text.x
    shifts = (0.0, _BOLDER * text.size) if text.strong else (0.0,)
    drawn = [tuple(outlines(text.text, text.size, x + shift, text.y)) for shift in shifts]
    return [Shape(paths, text.color) for paths in drawn if paths]


def _inset(by: float, x: float, y: float, width: float, height: float) -> Outline:
    """Give a box that is smaller on every side: white that no rounding makes larger than the picture on it."""
    return _rectangle(x + by, y + by, width - 2 * by, height - 2 * by)


def _rectangle(x: float, y: float, width: float, height: float) -> Outline:
    return Outline(np.array([[x, y], [x + width, y], [x + width, y + height], [x, y + height]], np.float64))
