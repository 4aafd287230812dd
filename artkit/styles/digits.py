"""Numbers as single lines: a whole number in, polylines out, as a pen writes digits. x to the right, y down."""

from __future__ import annotations

from functools import cache

import numpy as np

from artkit.arrays import Floats

WIDTH = 0.6
"""Width of a digit, as a share of its height."""

GAP = 0.22
"""Room between two digits, as a share of their height."""

CAP = 0.7
"""Height of a digit, as a share of the size of its type, as in most typefaces."""

_STEP = 15.0
"""Degrees between two points of a bow."""


def written(number: int, height: float, x: float, y: float) -> list[Floats]:
    """Write a number of 0 or more with its middle at x, y: polylines (N, 2), a digit each, or more for some."""
    digits = str(number)
    left = x - height * width_of(number) / 2
    corner = np.array([left, y - height / 2])
    step = np.array([height * (WIDTH + GAP), 0.0])
    return [stroke * height + corner + place * step for place, digit in enumerate(digits) for stroke in _STROKES[digit]]


def width_of(number: int) -> float:
    """Width of a number, as a multiple of its height."""
    digits = len(str(number))
    return digits * WIDTH + (digits - 1) * GAP


@cache
def reach_of(number: int) -> float:
    """Give the radius of the disc about its middle that a number fits in, as a multiple of its height."""
    points = np.vstack(written(number, 1.0, 0.0, 0.0))
    return float(np.hypot(points[:, 0], points[:, 1]).max())


def _bow(x: float, y: float, wide: float, high: float, start: float, end: float) -> Floats:
    """Part of an ellipse about x, y, from one angle to another in degrees, clockwise as seen: 0 is right, 90 below."""
    angle = np.radians(np.linspace(start, end, max(int(np.ceil(abs(end - start) / _STEP)), 1) + 1))
    return np.column_stack([x + wide * np.cos(angle), y + high * np.sin(angle)])


def _line(*points: tuple[float, float]) -> Floats:
    return np.array(points, np.float64)


_SIX = np.vstack([_bow(0.56, 0.7, 0.54, 0.7, 265, 180), _bow(0.3, 0.69, 0.28, 0.31, 180, 540)])

_STROKES: dict[str, list[Floats]] = {
    "0": [_bow(0.3, 0.5, 0.29, 0.5, -90, 270)],
    "1": [_line((0.1, 0.22), (0.34, 0.0), (0.34, 1.0))],
    "2": [np.vstack([_bow(0.3, 0.29, 0.28, 0.29, 195, 400), _line((0.02, 1.0), (0.6, 1.0))])],
    "3": [np.vstack([_bow(0.28, 0.25, 0.26, 0.25, 200, 450), _bow(0.28, 0.75, 0.31, 0.25, 270, 515)])],
    "4": [_line((0.45, 1.0), (0.45, 0.0), (0.0, 0.72), (0.6, 0.72))],
    "5": [np.vstack([_line((0.54, 0.0), (0.1, 0.0), (0.06, 0.47)), _bow(0.28, 0.68, 0.31, 0.32, 228, 505)])],
    "6": [_SIX],
    "7": [_line((0.0, 0.0), (0.6, 0.0), (0.2, 1.0))],
    "8": [np.vstack([_bow(0.3, 0.24, 0.24, 0.24, 90, 450), _bow(0.3, 0.74, 0.3, 0.26, 270, 630)])],
    "9": [np.array([WIDTH, 1.0]) - _SIX],
}
"""The strokes of each digit, 1 high and `WIDTH` wide, from its upper left corner."""
