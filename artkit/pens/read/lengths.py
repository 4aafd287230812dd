"""Lengths, transforms and view boxes as SVG writes them, to numbers and matrices."""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import cos, hypot, inf, isfinite, radians, sin, sqrt, tan
from xml.etree import ElementTree

from artkit.pens.layout import UNITS
from artkit.pens.read.tokens import NUMBER

Matrix = tuple[float, float, float, float, float, float]
"""a b c d e f: x' = a x + c y + e, y' = b x + d y + f."""

IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)

_LENGTH = re.compile(rf"\s*+({NUMBER})\s*+([a-zA-Z%]{{0,4}}+)\s*+", re.ASCII).fullmatch


Viewport = tuple[float, float]
"""Width and height, in user units: what a percentage is a share of."""


def diagonal(around: Viewport) -> float:
    """Give what a percentage is a share of that is neither of width nor of height."""
    return hypot(*around) / sqrt(2)


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


_FONT_LENGTH = re.compile(r"(?<![\w.#])([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+))(rem|em|ex|ch)(?![\w.])")


def in_pixels(text: str, size: float) -> str:
    """Give lengths that follow the size of the font in pixels."""
    if "e" not in text and "c" not in text:
        return text
    units = {"em": size, "rem": 16.0, "ex": size / 2, "ch": size / 2}
    return _FONT_LENGTH.sub(lambda found: repr(float(found[1]) * units[found[2]]), text)


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


def shifted(said: Mapping[str, str] | ElementTree.Element, around: Viewport) -> Matrix:
    """Give the matrix that moves by an element's x and y."""
    return 1.0, 0.0, 0.0, 1.0, length(said.get("x"), around[0]), length(said.get("y"), around[1])


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
            return turned(*v)
        case "skewX", 1:
            return (1.0, 0.0, tan(radians(v[0])), 1.0, 0.0, 0.0)
        case "skewY", 1:
            return (1.0, tan(radians(v[0])), 0.0, 1.0, 0.0, 0.0)
    return None


def turned(angle: float, x: float = 0.0, y: float = 0.0) -> Matrix:
    """Give the matrix that turns by an angle, in degrees, about a place."""
    c, s = cos(radians(angle)), sin(radians(angle))
    return (c, s, -s, c, x - c * x + s * y, y - s * x - c * y)


def times(m: Matrix, n: Matrix) -> Matrix:
    """Give the matrix that applies n first."""
    a, b, c, d, e, f = m
    p, q, r, s, t, u = n
    return (a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s, a * t + c * u + e, b * t + d * u + f)


def unit_of(matrix: Matrix, effect: str) -> float:
    """Give the millimetres of a user unit of a stroke's width, under a matrix and a `vector-effect`."""
    a, b, c, d, _, _ = matrix
    return 25.4 / 96 if effect == "non-scaling-stroke" else abs(a * d - b * c) ** 0.5
