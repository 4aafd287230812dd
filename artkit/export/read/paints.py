"""Colors and gradients of an SVG to those of a drawing, exact under any matrix (SVG 1.1, chapter 13)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from artkit.algebra import inner
from artkit.arrays import Floats
from artkit.artwork.drawing import Gradient, Path, bounds
from artkit.color.css import css_color
from artkit.pens.read.elements import XLINK, local
from artkit.pens.read.lengths import BadNumber, Matrix, length, times, transform
from artkit.pens.read.style import Rules, styled

if TYPE_CHECKING:
    from xml.etree import ElementTree

FARTHEST = 1e6
"""Units of the sheet from its corner beyond which no gradient begins or ends."""

ROUND = 1e-6
"""Radii that differ by no more of themselves are one."""


class Paint(NamedTuple):
    """What fills or strokes: a color or a gradient, and its opacity."""

    color: str | Gradient
    opacity: float = 1.0


class Strange(Exception):
    """A paint that no drawing holds; its message says which."""


def color_of(text: str) -> tuple[str, float] | None:
    """Give a color as #rrggbb and its opacity; None where it is none, or no color."""
    return None if text.strip().lower() == "transparent" else css_color(text)


class Paints:
    """Reads what `fill` and `stroke` say, and the gradients of the document."""

    def __init__(self, ids: Callable[[], Mapping[str, ElementTree.Element]], rules: Rules) -> None:
        self.ids, self.rules = ids, rules
        self._known: dict[str, _Gradient] = {}

    def of(self, text: str, style: Mapping[str, str], paths: list[Path], matrix: Matrix) -> Paint | None:
        """Give the paint of paths, which are in user units, on the sheet; None where it is none."""
        text = style.get("color", "#000000") if text.strip() == "currentColor" else text
        found = re.match(r"url\(\s*['\"]?#([^'\")]*)['\"]?\s*\)\s*(.*)", text)
        if found is None:
            color = color_of(text)
            return Paint(*color) if color else None
        element = self.ids().get(found[1])
        if element is None:
            color = color_of(found[2] or "none")
            return Paint(*color) if color else None
        if local(element.tag) not in ("linearGradient", "radialGradient"):
            raise Strange("pattern")
        if found[1] not in self._known:
            self._known[found[1]] = self._read(element)
        return self._known[found[1]].painted(paths, matrix)

    def _read(self, element: ElementTree.Element) -> _Gradient:
        """Read a gradient; what it does not say itself is said by what it refers to."""
        said: dict[str, str] = {}
        stops: list[tuple[float, str, float]] = []
        link: ElementTree.Element | None = element
        for _ in range(20):
            if link is None:
                break
            said = {**link.attrib, **said}
            stops = stops or [self._stop(child) for child in link if local(child.tag) == "stop"]
            link = self.ids().get((link.get("href") or link.get(XLINK) or "").removeprefix("#"))
        return _Gradient(local(element.tag) == "radialGradient", said, stops)

    def _stop(self, stop: ElementTree.Element) -> tuple[float, str, float]:
        _, own = styled(stop, "stop", {}, self.rules)
        offset = _share(stop.get("offset", "0"))
        color, alpha = color_of(own.get("stop-color", "#000000")) or ("#000000", 1.0)
        return min(max(offset, 0.0), 1.0), color, alpha * opacity_of(own.get("stop-opacity", "1"))


class _Gradient(NamedTuple):
    """A gradient as the document has it: its attributes, and its stops' places, colors and opacities."""

    radial: bool
    said: Mapping[str, str]
    stops: list[tuple[float, str, float]]

    def painted(self, paths: list[Path], matrix: Matrix) -> Paint | None:
        """Give it as it lies on the sheet, for paths in user units."""
        if not self.stops:
            return None
        places = np.maximum.accumulate([place for place, _, _ in self.stops])
        colors = tuple(color for _, color, _ in self.stops)
        opacities = tuple(opacity for _, _, opacity in self.stops)
        last = Paint(colors[-1], opacities[-1])
        if len(self.stops) == 1:
            return last
        if self.said.get("spreadMethod", "pad") not in ("pad", ""):
            raise Strange(f"gradient that is to {self.said['spreadMethod']}")
        own, whole = transform(self.said.get("gradientTransform", ""))
        if not whole:
            raise Strange("gradient with a transform that is none")
        inside = times(self._units(paths, matrix), own)
        ends = self._ring(inside) if self.radial else self._line(inside)
        if ends is None:
            return last
        start, end, ratio = ends
        if not (np.abs([*start, *end, ratio]) < FARTHEST).all():
            raise Strange("gradient that is too large")
        return Paint(
            Gradient(
                (float(start[0]), float(start[1])),
                (float(end[0]), float(end[1])),
                colors,
                self.radial,
                tuple(places.tolist()),
                () if set(opacities) == {1.0} else opacities,
                ratio,
                shared=self.said.get("gradientUnits") == "userSpaceOnUse",
            )
        )

    def _units(self, paths: list[Path], matrix: Matrix) -> Matrix:
        if self.said.get("gradientUnits") == "userSpaceOnUse":
            return matrix
        low, high = bounds(paths)
        size = high - low
        return times(matrix, (float(size[0]), 0.0, 0.0, float(size[1]), float(low[0]), float(low[1])))

    def _value(self, name: str, usual: float) -> float:
        text = self.said.get(name)
        if text is None:
            return usual
        if self.said.get("gradientUnits") == "userSpaceOnUse":
            if "%" in text:
                raise Strange("gradient in shares of the window")
            return length(text)
        return _share(text)

    def _line(self, matrix: Matrix) -> tuple[Floats, Floats, float] | None:
        """Give start and end on the sheet: lines of one color stay, and the end lies straight across them."""
        usual = 0.0
        x1, y1, y2 = (self._value(name, usual) for name in ("x1", "y1", "y2"))
        x2 = self._value("x2", 1.0) if self.said.get("gradientUnits") != "userSpaceOnUse" else self._value("x2", np.nan)
        if np.isnan(x2):
            raise Strange("gradient in shares of the window")
        start, end = _placed(matrix, x1, y1), _placed(matrix, x2, y2)
        even = _placed(matrix, x1 - (y2 - y1), y1 + (x2 - x1)) - start
        if (x1, y1) == (x2, y2) or not even.any():
            return None
        along = end - start
        across = along - even * inner(along, even) / inner(even, even)
        return (start, start + across, 1.0) if across.any() else None

    def _ring(self, matrix: Matrix) -> tuple[Floats, Floats, float] | None:
        """Give middle, an end of an axis, and how long the other axis is: a circle under a matrix is an ellipse."""
        if self.said.get("gradientUnits") == "userSpaceOnUse" and not {"cx", "cy", "r"} <= self.said.keys():
            raise Strange("gradient in shares of the window")
        cx, cy, r = (self._value(name, 0.5) for name in ("cx", "cy", "r"))
        if (self._value("fx", cx), self._value("fy", cy)) != (cx, cy) or self._value("fr", 0.0):
            raise Strange("gradient with a focus")
        if r <= 0:
            return None
        a, b, c, d, _, _ = matrix
        middle = _placed(matrix, cx, cy)
        if abs(a * c + b * d) <= ROUND * max(a * a + b * b, c * c + d * d):  # axes stay at right angles
            long, wide = np.array([a, b]) * r, np.array([c, d]) * r
            sizes = float(np.hypot(*long)), float(np.hypot(*wide))
        else:
            turn = 0.5 * np.arctan2(2 * (a * c + b * d), a * a + b * b - c * c - d * d)
            cos, sin = np.cos(turn), np.sin(turn)
            long = np.array([a * cos + c * sin, b * cos + d * sin]) * r
            wide = np.array([c * cos - a * sin, d * cos - b * sin]) * r
            sizes = float(np.hypot(*long)), float(np.hypot(*wide))
        if not sizes[0] or not sizes[1]:
            return None
        ratio = sizes[1] / sizes[0]
        return middle, middle + long, 1.0 if abs(ratio - 1) < ROUND else ratio


def _placed(matrix: Matrix, x: float, y: float) -> Floats:
    a, b, c, d, e, f = matrix
    return np.array([a * x + c * y + e, b * x + d * y + f])


def _share(text: str) -> float:
    """Read a number or a percentage."""
    try:
        return length(text, 1.0) if text.strip().endswith("%") else length(text)
    except BadNumber:
        return 0.0


def opacity_of(text: str | None) -> float:
    """Read an opacity from 0 to 1; 1 where there is none."""
    return min(max(_share(text), 0.0), 1.0) if text else 1.0
