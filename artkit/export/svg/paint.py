"""Fills and strokes as attributes, and gradients (SVG 1.1, chapters 11 and 13)."""

from __future__ import annotations

import re
from collections.abc import Container
from functools import cache
from itertools import count

import numpy as np

from artkit.arrays import Floats
from artkit.artwork.drawing import Gradient, LineStyle, Shape
from artkit.errors import UsageError
from artkit.export.svg.grid import Grid
from artkit.export.svg.numbers import number, rounded, short
from artkit.metadata.xmp import quoted

FINE = 4
"""Steps to a unit from which on places of gradients are whole steps."""


def paint_of(shape: Shape) -> str:
    """Give the attributes of fill and stroke; black and none are what SVG takes for granted."""
    assert not isinstance(shape.fill, Gradient)
    fill = "" if shape.fill in ("#000", "#000000") else f" fill={color_value(shape.fill)}"
    return fill if shape.stroke is None else f"{fill} stroke={color_value(shape.stroke)}"


def opacity_of(opacity: float, filled: bool, stroked: bool) -> str:
    """Give the attributes of opacity, which SVG takes for granted where it is 1."""
    if opacity == 1:
        return ""
    if not 0 <= opacity <= 1:
        raise UsageError(f"a shape of opacity {opacity}: it goes from 0 to 1")
    text = short(opacity, 4)
    return f' fill-opacity="{text}"' * filled + f' stroke-opacity="{text}"' * stroked


def line_of(line: LineStyle, unit: float, *, told: bool = False) -> str:
    """Give the attributes of a stroke's width, ends, corners and dashes, `unit` of the file's units to the drawing's.

    Where the group has `told` of ends and corners, those that SVG takes for granted are said, too.
    """
    cap = "" if line.cap == "butt" and not told else f' stroke-linecap="{line.cap}"'
    join = "" if line.join == "miter" and not told else f' stroke-linejoin="{line.join}"'
    dashes = " ".join(number(length * unit) for length in line.dashes)
    return f' stroke-width="{number(line.width * unit)}"{cap}{join}' + (
        f' stroke-dasharray="{dashes}"' if dashes else ""
    )


@cache
def color_value(color: str | None) -> str:
    """Give the quoted color, as #rgb where that says the same."""
    if color is None:
        return '"none"'
    if re.fullmatch("#[0-9a-fA-F]{6}", color) and color[1::2] == color[2::2]:
        color = "#" + color[1::2]
    return quoted(color if color.startswith("url(") else color.lower())


Box = tuple[Floats, Floats]
"""The least and the largest x and y, (2,) each, that a shape reaches."""


class Gradients:
    """Gradients of a document: each is defined just before the first shape it fills, and shared by all that are equal.

    Places of linear ones are parts of the shape's box, as SVG has it by itself: few digits, and no word about units.
    Ids that are `taken` are no names of theirs.
    """

    def __init__(self, grid: Grid, taken: Container[str] = ()) -> None:
        self.grid = grid
        self.names: dict[tuple[str, str, str], str] = {}
        self._free = (name for number in count() if (name := _letters(number)) not in taken)

    def of(self, shape: Shape, box: Box) -> tuple[str, str]:
        """Give the definition of a shape's gradient, empty if it was given before, and the fill that names it."""
        tag, place, stops = known = self._parts(shape, box)
        definition = ""
        if known not in self.names:
            self.names[known] = next(self._free)
            definition = f'<{tag} id="{self.names[known]}"{place}>{stops}</{tag}>'
        return definition, f"url(#{self.names[known]})"

    def _parts(self, shape: Shape, box: Box) -> tuple[str, str, str]:
        gradient = shape.fill
        assert isinstance(gradient, Gradient)
        opacities = gradient.opacities or (1.0,) * len(gradient.colors)
        stops = "".join(
            f"<stop{_offset(place, 4 if gradient.shared else 2)} stop-color={color_value(color)}{_veil(opacity)}/>"
            for place, color, opacity in zip(gradient.places.tolist(), gradient.colors, opacities, strict=True)
        )
        if gradient.radial:
            (x, y), (x2, y2) = (self._placed(place) for place in (gradient.start, gradient.end))
            # Whole steps of a fine grid tell enough; of a coarse one, or in millimetres, they would be seen.
            told = short if self.grid.page or self.grid.scale < FINE else rounded
            if gradient.ratio != 1:
                place = _ellipse(gradient.ratio, np.array([x2 - x, y2 - y]), np.array([x, y]), self._digits)
                return "radialGradient", f' gradientUnits="userSpaceOnUse"{place}', stops
            place = f' cx="{told(x)}" cy="{told(y)}" r="{told(float(np.hypot(x2 - x, y2 - y)))}"'
            return "radialGradient", f' gradientUnits="userSpaceOnUse"{place}', stops
        if gradient.shared:
            ends = (*self._placed(gradient.start), *self._placed(gradient.end))
            place = "".join(f' {name}="{short(value, self._digits)}"' for name, value in zip(_ENDS, ends, strict=True))
            return "linearGradient", f' gradientUnits="userSpaceOnUse"{place}', stops
        place = "".join(
            f' {name}="{value}"'
            for name, value, usual in zip(_ENDS, _in_box(gradient, box), "0010", strict=True)
            if value != usual
        )
        return "linearGradient", place, stops

    @property
    def _digits(self) -> int:
        """Decimals of places that several shapes share."""
        return 3 if self.grid.page or self.grid.scale < FINE else 1

    def _placed(self, place: tuple[float, float]) -> tuple[float, float]:
        scale = self.grid.unit if self.grid.page else self.grid.scale
        x, y = self.grid.offset
        steps = self.grid.scale / self.grid.unit
        return place[0] * scale + x / steps, place[1] * scale + y / steps


def _in_box(gradient: Gradient, box: Box) -> list[str]:
    """Give the start and the end of a linear gradient as parts of a shape's box; its lines of one color stay."""
    # Plain numbers: arrays of two take ten times as long, and drawings have thousands of gradients.
    (left, top), (right, bottom) = (side.tolist() for side in box)
    wide, high = max(right - left, 1e-9), max(bottom - top, 1e-9)
    (x, y), (x2, y2) = gradient.start, gradient.end
    across, down = x2 - x, y2 - y
    square = max(across * across + down * down, 1e-18)
    across, down = across * wide / square, down * high / square
    square = max(across * across + down * down, 1e-18)
    x, y = (x - left) / wide, (y - top) / high
    return [short(value) for value in (x, y, x + across / square, y + down / square)]


_ENDS = ("x1", "y1", "x2", "y2")


def _ellipse(ratio: float, along: Floats, middle: Floats, digits: int) -> str:
    """Give the attributes that turn the unit circle into an ellipse: from its middle `along` to one of its ends."""
    across = ratio * along[::-1] * (-1, 1)
    matrix = " ".join(short(float(value), digits) for value in (*along, *across, *middle))
    return f' cx="0" cy="0" r="1" gradientTransform="matrix({matrix})"'


def _veil(opacity: float) -> str:
    return "" if opacity == 1 else f' stop-opacity="{short(opacity, 3)}"'


def _offset(place: float, digits: int) -> str:
    text = short(place, digits)
    return "" if text == "0" else f' offset="{text}"'


def _letters(number: int) -> str:
    """Give a, b, ..., Z, aa, ba, ..."""
    name = ""
    while True:
        name += _ALPHABET[number % 52]
        number = number // 52 - 1
        if number < 0:
            return name


_ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
