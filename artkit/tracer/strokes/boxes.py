"""Rings of four straight sides and four round corners, upright, as the rectangles they are."""

from __future__ import annotations

import numpy as np

from artkit.arrays import Floats
from artkit.artwork.bezier import KAPPA
from artkit.artwork.drawing import CUBIC, LINE, Path
from artkit.tracer.strokes.arcs import Part

OFF = 0.06
"""Root mean square by which the stations of a ring may be off a rectangle, in pixels."""

UPRIGHT = 0.02
"""The most that sides of an upright rectangle go up or down for each pixel."""


def box_path(parts: list[Part], points: Floats) -> Path | None:
    """Give a ring of stations (N, 2) as a rectangle with corners of one radius; None where it is none.

    `parts` are its straight parts and arcs, by turns.
    """
    sides = [part for part in parts if part.circle is None]
    circles = [part.circle for part in parts if part.circle is not None]
    if len(parts) != 8 or len(sides) != 4 or any((a.circle is None) == (b.circle is None) for a, b in _pairs(parts)):
        return None
    level = [abs(side.way[1]) < UPRIGHT for side in sides]
    upright = [abs(side.way[0]) < UPRIGHT for side in sides]
    if level not in ([True, False, True, False], [False, True, False, True]) or upright != [not x for x in level]:
        return None
    xs = sorted(float(side.middle[0]) for side, is_level in zip(sides, level, strict=True) if not is_level)
    ys = sorted(float(side.middle[1]) for side, is_level in zip(sides, level, strict=True) if is_level)
    radius = float(np.mean([circle.radius for circle in circles]))
    low, high = np.array([xs[0], ys[0]]), np.array([xs[1], ys[1]])
    if radius > (high - low).min() / 2:
        return None
    middle, half = (low + high) / 2, (high - low) / 2
    away = np.abs(points - middle) - (half - radius)
    off = np.hypot(*np.maximum(away, 0).T) + np.minimum(away.max(1), 0) - radius
    if np.sqrt((off * off).mean()) > OFF:
        return None
    return rounded_box(low, high, radius)


def is_box(path: Path) -> bool:
    """Whether a path is a rectangle as `rounded_box` makes it."""
    if path.kinds is None or path.kinds.tolist() != [LINE, CUBIC] * 4:
        return False
    low, high = path.points.min(0), path.points.max(0)
    return bool(np.allclose(path.points, rounded_box(low, high, float(path.points[0, 0] - low[0])).points))


def _pairs(parts: list[Part]) -> list[tuple[Part, Part]]:
    return list(zip(parts, parts[1:] + parts[:1], strict=True))


def rounded_box(low: Floats, high: Floats, radius: float) -> Path:
    """A rectangle from its least to its largest x and y with corners of a radius, clockwise from the top left."""
    (left, top), (right, bottom), r, k = low, high, radius, (1 - KAPPA) * radius
    points = [
        (left + r, top), (right - r, top), (right - k, top), (right, top + k), (right, top + r),
        (right, bottom - r), (right, bottom - k), (right - k, bottom), (right - r, bottom),
        (left + r, bottom), (left + k, bottom), (left, bottom - k), (left, bottom - r),
        (left, top + r), (left, top + k), (left + k, top), (left + r, top),
    ]  # fmt: skip
    return Path(np.array(points, np.float64), np.array([LINE, CUBIC] * 4, np.uint8), closed=True)
