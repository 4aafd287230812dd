"""Fades to shapes: a gradient over its box or within an outline, or nine slices around a smaller box.

Slices meet along straight lines, where both have the same opacity; antialiased they would show hairs there, so they are
drawn without (`Layer.crisp`).
"""

from __future__ import annotations

import numpy as np

from artkit.algebra import inner, product
from artkit.arrays import Floats
from artkit.artwork.drawing import Gradient, Path, Shape
from artkit.color.palette import name_of
from artkit.tracer.fades import Box, Fade
from artkit.tracer.gradients.ways import Way

THIN = 0.6
"""A box narrower than this, in pixels, is a line or a point."""

STEP = 0.25
"""Corners of slices lie on multiples of this, in pixels."""


def sliced(fade: Fade, width: int, height: int) -> list[Shape]:
    """Draw the fade of a box as up to nine slices, clipped to the sheet."""
    assert isinstance(fade.way, Box)
    cx, cy, a, b, turn = fade.way.values
    a, b = (0.0 if half < THIN / 2 else half for half in (a, b))
    cos, sin = np.cos(turn), np.sin(turn)
    across = np.array([[cos, sin], [-sin, cos]])
    middle, reach = np.array([cx, cy]), float(fade.places[-1])
    shapes = []
    for i, (left, right) in enumerate(_thirds(a, reach)):
        for j, (top, bottom) in enumerate(_thirds(b, reach)):
            if left == right or top == bottom:
                continue
            corners = middle + product([[left, top], [right, top], [right, bottom], [left, bottom]], across)
            ring = clipped(np.rint(corners / STEP) * STEP, width, height)
            if len(ring) < 3:
                continue
            u, v = np.array([i - 1, j - 1])
            corner = middle + product([u * a, v * b], across)
            shapes.append(_slice(fade, Path(ring), corner, (u, v), across))
    return [shape for shape in shapes if shape.opacity > 0]


def _thirds(half: float, reach: float) -> list[tuple[float, float]]:
    return [(-half - reach, -half), (-half, half), (half, half + reach)]


def _slice(fade: Fade, path: Path, corner: Floats, side: tuple[int, int], across: Floats) -> Shape:
    """Fill one slice: flat in the middle, straight beside the box, in rings at its corners."""
    if not side[0] and not side[1]:
        color = np.clip(np.rint(fade.colors[0]), 0, 255).astype(int)
        return Shape([path], name_of(color), opacity=round(float(fade.opacities[0]), 4))
    if side[0] and side[1]:
        return Shape([path], fade.rings(corner))
    return Shape([path], fade.gradient(corner, product(np.array(side, float), across)))


def gradient_of(fade: Fade, middle: Floats) -> Gradient:
    """Give the gradient of a fade that has one; a straight one runs past `middle`."""
    assert isinstance(fade.way, Way)
    values = fade.way.values
    if fade.way.radial:
        return fade.rings(np.array(values[:2]), values[2], float(np.exp(-values[3])))
    way = np.array([np.cos(values[0]), np.sin(values[0])])
    return fade.gradient(middle - inner(middle, way) * way, way)


def clipped(ring: Floats, width: int, height: int) -> Floats:
    """Clip a convex ring (N, 2) to the sheet, side by side (Sutherland and Hodgman 1974)."""
    for axis, sign, limit in ((0, 1, 0), (0, -1, -width), (1, 1, 0), (1, -1, -height)):
        inside = sign * ring[:, axis] - limit
        kept: list[Floats] = []
        for k in range(len(ring)):
            here, there = inside[k - 1], inside[k]
            if (here < 0) != (there < 0):
                kept.append(ring[k - 1] + (ring[k] - ring[k - 1]) * here / (here - there))
            if there >= 0:
                kept.append(ring[k])
        if not kept:
            return np.empty((0, 2))
        ring = np.array(kept)
    apart: Floats = ring[(ring != np.roll(ring, 1, axis=0)).any(1)]
    return apart
