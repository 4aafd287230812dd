"""Gradients to shadings and functions (ISO 32000-1, 7.10 and 8.7.4.5), as the text of their dictionaries."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from artkit.artwork.drawing import Gradient
from artkit.color.palette import parse
from artkit.errors import UsageError
from artkit.export.pdf.paths import FARTHEST, Steps
from artkit.export.svg.numbers import short


def color_operands(color: str) -> str:
    """Give a color as three numbers from 0 to 1, exact to the 8 bits it has."""
    return " ".join(_channel(value) for value in parse(color))


def is_flat(gradient: Gradient) -> bool:
    """Whether a gradient has no length: SVG fills with its last color then (SVG 1.1, 13.2)."""
    return gradient.start == gradient.end or len(set(zip(gradient.colors, _opacities(gradient), strict=True))) == 1


def pattern_text(gradient: Gradient, steps: Steps) -> str:
    """Give the dictionary of a pattern that paints the gradient's colors."""
    matrix, shading = parts_of(gradient, steps)
    placed = f"/Matrix[{matrix}]" if matrix else ""
    return f"<</PatternType 2{placed}/Shading{shading}>>"


def parts_of(gradient: Gradient, steps: Steps) -> tuple[str, str]:
    """Give the matrix, empty where there is none, and the shading of the gradient's colors."""
    return _parts(gradient, [color_operands(color) for color in gradient.colors], "/DeviceRGB", steps)


def veil(gradient: Gradient, steps: Steps) -> tuple[str, str]:
    """Give the matrix, empty where there is none, and the shading of the gradient's opacities as gray levels."""
    values = [short(opacity, 4) for opacity in _opacities(gradient)]
    return _parts(gradient, values, "/DeviceGray", steps)


def has_veil(gradient: Gradient) -> bool:
    """Whether a gradient has unlike opacities."""
    return len(set(_opacities(gradient))) > 1


def level(gradient: Gradient) -> float:
    """Give the opacity at its end: that of all of it, where there is but one."""
    return _opacities(gradient)[-1]


def _opacities(gradient: Gradient) -> Sequence[float]:
    return gradient.opacities or (1.0,) * len(gradient.colors)


def _parts(gradient: Gradient, values: Sequence[str], space: str, steps: Steps) -> tuple[str, str]:
    """Give matrix and shading: a circle's middle and reach, or the two ends between which colors change."""
    places = np.maximum.accumulate(np.clip(gradient.places, 0, 1)).tolist()
    start, end = (np.multiply(place, steps.scale) + steps.offset for place in (gradient.start, gradient.end))
    matrix = ""
    if gradient.radial:
        x, y = start
        along = end - start
        coords = [x, y, 0, x, y, float(np.hypot(*along))]
        if gradient.ratio != 1:
            across = gradient.ratio * along[::-1] * (-1, 1)
            matrix = _listed([*along, *across, x, y])
            coords = [0, 0, 0, 0, 0, 1]
    else:
        low, high = places[0], places[-1]
        if low < high:  # colors go on beyond both ends, so what is even need not be said
            start, end = start + low * (end - start), start + high * (end - start)
            places = [(place - low) / (high - low) for place in places]
        coords = [*start, *end]
    kind = 3 if gradient.radial else 2
    function = _function(places, values)
    return matrix, (
        f"<</ShadingType {kind}/ColorSpace{space}/Coords[{_listed(coords)}]/Extend[true true]/Function{function}>>"
    )


def _function(places: Sequence[float], values: Sequence[str]) -> str:
    """Give the function from 0 to 1 that goes evenly from value to value; a piece for each two places that differ."""
    knots = [(0.0, values[0]), *zip(places, values, strict=True), (1.0, values[-1])]
    pieces, bounds, encode = [], [], []
    for (low, before), (high, after) in pairwise(knots):
        if short(high, 5) == short(low, 5):
            continue
        pieces.append(f"<</FunctionType 2/Domain[0 1]/N 1/C0[{before}]/C1[{after}]>>")
        bounds.append(short(low, 5))
        encode.append("0 1")
    if len(pieces) == 1:
        return pieces[0]
    return (
        f"<</FunctionType 3/Domain[0 1]/Functions[{''.join(pieces)}]"
        f"/Bounds[{' '.join(bounds[1:])}]/Encode[{' '.join(encode)}]>>"
    )


def _channel(value: float) -> str:
    return short(value / 255, 3)


def _listed(values: Sequence[float]) -> str:
    if not np.abs(values).max() < FARTHEST:
        raise UsageError("a gradient has places that are not finite, or too large for a PDF; use .svg")
    return " ".join(short(float(value), 3) for value in values)
