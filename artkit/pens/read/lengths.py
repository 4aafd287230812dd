"""Lengths, transforms and view boxes as SVG writes them, to numbers and matrices."""

from __future__ import annotations

import re
from math import cos, inf, isfinite, radians, sin, tan
from xml.etree import ElementTree

from artkit.pens.layout import UNITS
from artkit.pens.read.tokens import NUMBER

Matrix = tuple[float, float, float, float, float, float]
"""a b c d e f: x' = a x + c y + e, y' = b x + d y + f."""

IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)

_LENGTH = re.compile(rf"\s*+({NUMBER})\s*+([a-zA-Z%]{{0,4}}+)\s*+", re.ASCII).fullmatch


class BadNumber(ValueError):
    """What stands where a number is wanted is none, or it is beyond all numbers."""


def length(text: str | None, whole: float = 0.0) -> float:
    """Give a length in user units (1/96 inch), 0 where there is none; `whole` is what 100% are.

    A BadNumber tells of a text that is no length.
    """
    if not text or text == "auto":
        return 0.0
    found = _LENGTH(text)
    value = float(found[1]) if found else inf
    if not found or not isfinite(value):
        raise BadNumber(text[:40])
    unit = found[2].lower()
    if unit == "%":
        return value * whole / 100
    if unit in _FONTS:
        return value * _FONTS[unit]
    if unit not in UNITS and unit:
        raise BadNumber(text[:40])
    return value * UNITS[unit or "px"] / UNITS["px"]


_FONTS = {"em": 16.0, "rem": 16.0, "ex": 8.0, "ch": 8.0}
"""Units of the font's size that a page has where nothing sets another."""


def number(text: str, otherwise: float = 0.0) -> float:
    """Give the number that a text begins with, or another where it begins with none."""
    found = _VALUE.match(text.lstrip()[:400])
    return float(found[0]) if found and isfinite(float(found[0])) else otherwise


def numbers(text: str) -> list[float]:
    """Give a list's numbers, which spaces and commas set apart; none of them where any is no number."""
    if len(text) > LONGEST:
        return []
    values = []
    for part in text.replace(",", " ").split():
        at = 0
        while at < len(part):
            found = _VALUE.match(part, at)
            if not found or not isfinite(value := float(found[0])):
                return []
            values.append(value)
            at = found.end()
    return values


LONGEST = 10_000
"""Characters of a list of a few numbers, and of what a transform does."""


def shifted(element: ElementTree.Element, around: Viewport) -> Matrix:
    """Give the matrix that moves by an element's x and y."""
    return 1.0, 0.0, 0.0, 1.0, length(element.get("x"), around[0]), length(element.get("y"), around[1])


def transform(text: str) -> tuple[Matrix, bool]:
    """Give the matrix of a transform attribute up to its first error, and whether that is all of it."""
    matrix = IDENTITY
    at = 0
    while found := _TRANSFORM.match(text, at):
        at = found.end()
        one = _one_transform(found[1], numbers(found[2]))
        if one is None or not all(map(isfinite, after := times(matrix, one))):
            return matrix, False
        matrix = after
    return matrix, not text[at:].strip(" \t\r\n,")


_VALUE = re.compile(NUMBER)
_TRANSFORM = re.compile(r"[\s,]*+([a-zA-Z]++)\s*+\(([^()]*+)\)", re.ASCII)


def _one_transform(kind: str, v: list[float]) -> Matrix | None:
    match kind, len(v):
        case "matrix", 6:
            return (v[0], v[1], v[2], v[3], v[4], v[5])
        case "translate", 1 | 2:
            return (1.0, 0.0, 0.0, 1.0, v[0], v[1] if len(v) > 1 else 0.0)
        case "scale", 1 | 2:
            return (v[0], 0.0, 0.0, v[-1], 0.0, 0.0)
        case "rotate", 1 | 3:
            c, s = cos(radians(v[0])), sin(radians(v[0]))
            x, y = v[1:] or (0.0, 0.0)
            return (c, s, -s, c, x - c * x + s * y, y - s * x - c * y)
        case "skewX", 1:
            return (1.0, 0.0, tan(radians(v[0])), 1.0, 0.0, 0.0)
        case "skewY", 1:
            return (1.0, tan(radians(v[0])), 0.0, 1.0, 0.0, 0.0)
    return None


def times(m: Matrix, n: Matrix) -> Matrix:
    """Give the matrix that applies n first."""
    a, b, c, d, e, f = m
    p, q, r, s, t, u = n
    return (a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s, a * t + c * u + e, b * t + d * u + f)


def _box(element: ElementTree.Element) -> tuple[float, float, float, float] | None:
    values = numbers(element.get("viewBox", ""))
    return (values[0], values[1], values[2], values[3]) if len(values) == 4 and min(values[2:]) > 0 else None


def page(root: ElementTree.Element) -> tuple[float | None, float | None, Matrix]:
    """Give width and height in millimetres, and the matrix from user units to millimetres."""
    box = _box(root)
    sides = [_side(root.get(side, "")) or (box[at] if box else 0.0) for side, at in (("width", 2), ("height", 3))]
    if box and root.get("width") and not root.get("height"):
        sides[1] = sides[0] * box[3] / box[2]
    if box and root.get("height") and not root.get("width"):
        sides[0] = sides[1] * box[2] / box[3]
    px = UNITS["px"]
    scaled = times((px, 0.0, 0.0, px, 0.0, 0.0), _fitted(box, sides[0], sides[1], root.get("preserveAspectRatio", "")))
    width, height = (round(side * px, 6) or None for side in sides)
    return width, height, scaled if all(map(isfinite, scaled)) else IDENTITY


def _side(text: str) -> float:
    """Give a side of the page, 0 where it is not said in units: a share of the window, or no number."""
    try:
        return 0.0 if text.strip().endswith("%") else max(length(text), 0.0)
    except BadNumber:
        return 0.0


def viewport(element: ElementTree.Element, around: Viewport, given: Viewport | None = None) -> tuple[Matrix, Viewport]:
    """Give the matrix of a nested <svg>'s or a <symbol>'s view box, and the size within, in its own units.

    `around` is the size of what it lies in, `given` the one that a <use> gives it.
    """
    width, height = (length(element.get(side) or "100%", whole) for side, whole in zip(_SIDES, around, strict=True))
    width, height = given or (width, height)
    box = _box(element)
    matrix = _fitted(box, width, height, element.get("preserveAspectRatio", ""))
    return matrix, (box[2], box[3]) if box else (width, height)


Viewport = tuple[float, float]
"""Width and height, in user units: what a percentage is a share of."""

_SIDES = ("width", "height")


def _fitted(box: tuple[float, float, float, float] | None, width: float, height: float, how: str) -> Matrix:
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
