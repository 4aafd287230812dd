"""Lengths, transforms and view boxes as SVG writes them, to numbers and matrices."""

from __future__ import annotations

import re
from math import cos, radians, sin, tan
from xml.etree import ElementTree

from artkit.pens.layout import UNITS

Matrix = tuple[float, float, float, float, float, float]
"""a b c d e f: x' = a x + c y + e, y' = b x + d y + f."""

IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)

NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"


def length(text: str | None, whole: float = 0.0) -> float:
    """Give a length in user units (1/96 inch); 0 where there is none, or none that can be understood."""
    found = re.fullmatch(rf"\s*({NUMBER})\s*([a-zA-Z%]*)\s*", text or "")
    if not found:
        return 0.0
    unit = found[2].lower()
    if unit == "%":
        return float(found[1]) * whole / 100
    if unit in ("em", "ex"):
        return float(found[1]) * (16 if unit == "em" else 8)
    return float(found[1]) * (UNITS[unit] / UNITS["px"] if unit in UNITS else 1.0)


def shifted(element: ElementTree.Element) -> Matrix:
    """Give the matrix that moves by an element's x and y."""
    return 1.0, 0.0, 0.0, 1.0, length(element.get("x")), length(element.get("y"))


def transform(text: str) -> tuple[Matrix, bool]:
    """Give the matrix of a transform attribute up to its first error, and whether that is all of it."""
    matrix = IDENTITY
    end = 0
    for found in _TRANSFORM.finditer(text):
        if text[end : found.start()].strip(" \t\r\n,"):
            return matrix, False
        end = found.end()
        one = _one_transform(found[1], [float(value) for value in _VALUE.findall(found[2])])
        if one is None:
            return matrix, False
        matrix = times(matrix, one)
    return matrix, not text[end:].strip(" \t\r\n,")


_VALUE = re.compile(NUMBER)
_TRANSFORM = re.compile(r"([a-zA-Z]+)\s*\(([^)]*)\)")


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
    values = [float(value) for value in _VALUE.findall(element.get("viewBox", ""))]
    return (values[0], values[1], values[2], values[3]) if len(values) == 4 and min(values[2:]) > 0 else None


def page(root: ElementTree.Element) -> tuple[float | None, float | None, Matrix]:
    """Give width and height in millimetres, and the matrix from user units to millimetres."""
    box = _box(root)
    sides = []
    for side, at in (("width", 2), ("height", 3)):
        text = root.get(side, "")
        value = length(text) if text and not text.strip().endswith("%") else 0.0
        sides.append(value or (box[at] if box else 0.0))
    if box and root.get("width") and not root.get("height"):
        sides[1] = sides[0] * box[3] / box[2]
    if box and root.get("height") and not root.get("width"):
        sides[0] = sides[1] * box[2] / box[3]
    px = UNITS["px"]
    scaled = times((px, 0.0, 0.0, px, 0.0, 0.0), _fitted(box, sides[0], sides[1], root.get("preserveAspectRatio", "")))
    width, height = (round(side * px, 6) or None for side in sides)
    return width, height, scaled


def view(element: ElementTree.Element) -> Matrix:
    """Give the matrix of a nested <svg>'s view box."""
    width, height = length(element.get("width")), length(element.get("height"))
    return _fitted(_box(element), width, height, element.get("preserveAspectRatio", ""))


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
