"""The page, view boxes and viewports of an SVG: sizes and attributes in, matrices and sizes out (SVG 2, chapter 8)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import isfinite
from typing import NamedTuple
from xml.etree import ElementTree

from artkit.pens.layout import UNITS
from artkit.pens.read.lengths import IDENTITY, BadNumber, Matrix, Viewport, length, numbers, times

Said = Mapping[str, str] | ElementTree.Element
"""What an element says, by names of attributes."""

Sizes = tuple[str | None, str | None]
"""Width and height that a <use> gives what it shows, where it does."""


def view_box(element: Said) -> tuple[float, float, float, float] | None:
    """Give x, y, width and height of a view box, None where there is none that is sound."""
    values = numbers(element.get("viewBox") or "")
    return (values[0], values[1], values[2], values[3]) if len(values) == 4 and min(values[2:]) > 0 else None


def is_empty(element: Said) -> bool:
    """Tell whether a view box has no width or no height: what lies in it is not drawn."""
    values = numbers(element.get("viewBox") or "")
    return len(values) == 4 and min(values[2:]) == 0


class Sheet(NamedTuple):
    """Width and height in millimetres, the matrix from user units to them, and width and height in user units."""

    width: float | None
    height: float | None
    matrix: Matrix
    around: Viewport


def page(root: Said) -> Sheet:
    """Read the size of a document, from its root's width, height and view box."""
    box = view_box(root)
    sides = [_side(root.get(side) or "") or (box[at] if box else 0.0) for side, at in (("width", 2), ("height", 3))]
    if box and _side(root.get("width") or "") and not root.get("height"):
        sides[1] = sides[0] * box[3] / box[2]
    if box and _side(root.get("height") or "") and not root.get("width"):
        sides[0] = sides[1] * box[2] / box[3]
    px = UNITS["px"]
    fit = fitted(box, sides[0], sides[1], root.get("preserveAspectRatio") or "")
    matrix = times((px, 0.0, 0.0, px, 0.0, 0.0), fit)
    width, height = (round(side * px, 6) or None for side in sides)
    around = (box[2], box[3]) if box else (sides[0], sides[1])
    return Sheet(width, height, matrix if all(map(isfinite, matrix)) else IDENTITY, around)


WINDOW = 300.0, 150.0
"""Width and height in CSS pixels of a window that nothing tells the size of (CSS 2.2, 10.3.2)."""

_LENGTHS = ("x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "width", "height")


def windowed(sheet: Sheet, said: Said, root: ElementTree.Element) -> tuple[Sheet, list[str]]:
    """Give the page of a document whose sides are shares of a window, and what to tell of it.

    With a view box, its units are CSS pixels. Without one the window is `WINDOW`, where anything is a share of it.
    """
    if view_box(root):
        shares = any((said.get(side) or "").strip().endswith("%") for side in _SIDES)
        return sheet, ["page whose size is a share of a window (a unit of its view box is 1/96 inch)"] * shares
    within = (child.get(name) for child in root.iter() if child is not root for name in _LENGTHS)
    if (sheet.width and sheet.height) or not any((text or "").strip().endswith("%") for text in within):
        return sheet, []
    px = UNITS["px"]
    around = sheet.around[0] or WINDOW[0], sheet.around[1] or WINDOW[1]
    told = f"page without a size, of which something is a share (a window of {around[0]:g} x {around[1]:g} pixels is)"
    return Sheet(round(around[0] * px, 6), round(around[1] * px, 6), sheet.matrix, around), [told]


def _side(text: str) -> float:
    """Give a side of the page, 0 where it is not said in units: a share of the window, or no number."""
    try:
        return 0.0 if text.strip().endswith("%") else max(length(text), 0.0)
    except BadNumber:
        return 0.0


def viewport(element: Said, around: Viewport, given: Sizes | None = None) -> tuple[Matrix, Viewport]:
    """Give the matrix of a nested <svg>'s or a <symbol>'s view box, and the size within, in its own units.

    `around` is the size of what it lies in, `given` the one that a <use> gives it.
    """
    width, height = size_of(element, around, given)
    box = view_box(element)
    matrix = fitted(box, width, height, element.get("preserveAspectRatio") or "")
    return matrix, (box[2], box[3]) if box else (width, height)


def size_of(element: Said, around: Viewport, given: Sizes | None = None) -> Viewport:
    """Give the size of a nested <svg> or a <symbol>, in the units of what it lies in."""
    width, height = (
        length(own or _own_side(element, side), whole)
        for own, side, whole in zip(given or (None, None), _SIDES, around, strict=True)
    )
    return width, height


_SIDES = ("width", "height")


def _own_side(element: Said, side: str) -> str:
    text = element.get(side)
    return text if text and text != "auto" else "100%"


def fitted(box: tuple[float, float, float, float] | None, width: float, height: float, how: str) -> Matrix:
    """Give the matrix that lays a view box into a size, as preserveAspectRatio says."""
    if box is None or not (width > 0 and height > 0):
        return IDENTITY
    x, y, w, h = box
    sx, sy = width / w, height / h
    if how.strip().startswith("none"):
        return (sx, 0.0, 0.0, sy, -x * sx, -y * sy)
    scale = max(sx, sy) if "slice" in how else min(sx, sy)
    at = {"Min": 0.0, "Mid": 0.5, "Max": 1.0}
    align = re.search(r"x(Min|Mid|Max)Y(Min|Mid|Max)", how)
    across, down = (at[align[1]], at[align[2]]) if align else (0.5, 0.5)
    return (scale, 0.0, 0.0, scale, across * (width - w * scale) - x * scale, down * (height - h * scale) - y * scale)
