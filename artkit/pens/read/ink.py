"""What the style of a shape comes to for a pen: which color it draws the shape in, or why it draws nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple
from xml.etree import ElementTree

import numpy as np

from artkit.color.css import css_color
from artkit.pens.read.elements import XLINK, local
from artkit.pens.read.lengths import BadNumber, Viewport, diagonal, length
from artkit.pens.read.style import Rules, styled

FAINTEST = 0.5 / 255
"""Opacity below which a browser shows nothing."""

TRANSLUCENT = "translucent line or fill (drawn in full ink)"
"""How shapes are told of that let through what lies beneath."""

PATTERN = "pattern"
"""The color of what a pattern fills."""


class Paint(NamedTuple):
    """A color as '#rrggbb', or a reference to a pattern; what is to be told of it, and how opaque it is."""

    color: str
    told: str = ""
    pattern: ElementTree.Element | None = None
    opacity: float = 1.0


class Ink(NamedTuple):
    """How a shape is drawn: its stroke, in user units wide, or its outline where it is only filled.

    `width` is -1 where the file does not say. `told` counts, in words, what is not drawn as it looks. `opacity` is
    that of the paint which is drawn.
    """

    color: str
    stroked: bool
    filled: bool
    width: float
    told: tuple[str, ...] = ()
    pattern: ElementTree.Element | None = None
    opacity: float = 1.0

    def lost(self, around: float, line: bool = True) -> Iterator[str]:
        """Give in words what a plot does not show, in groups of some opacity; of fills alone where no line is drawn."""
        yield from self.told
        if self.pattern is not None:
            yield "pattern (left out)"
        if line and (self.pattern is None or self.stroked) and self.opacity * around <= 1 - FAINTEST:
            yield TRANSLUCENT


class Inks:
    """Reads the paints of a file; `ids` gives what references mean."""

    def __init__(self, ids: Callable[[], Mapping[str, ElementTree.Element]], rules: Rules) -> None:
        self.ids, self.rules = ids, rules
        self.refers = True  # whether any paint may be that of another element
        self._known: dict[tuple[int, Viewport], tuple[object, Ink | str]] = {}
        self._contexts: dict[object, tuple[object, dict[str, str]]] = {}

    def of(self, style: Mapping[str, str], around: Viewport) -> Ink | str:
        """Give the ink of a style, or in words why nothing is drawn; a BadNumber tells of a width that is none."""
        key = id(style), around
        if key not in self._known:
            self._known[key] = style, self._ink(style, around)
        return self._known[key][1]

    def _ink(self, style: Mapping[str, str], around: Viewport) -> Ink | str:
        stroke, fill = self.paint(style, "stroke", "none"), self.paint(style, "fill", "black")
        width = self.width(style, around) if "stroke-width" in style else -1.0
        if stroke is not None and width != 0:
            told = tuple(paint.told for paint in (stroke, fill) if paint is not None and paint.told)
            pattern = fill.pattern if fill else None
            return Ink(stroke.color, True, fill is not None and pattern is None, width, told, pattern, stroke.opacity)
        if fill is not None:
            return Ink(fill.color, False, True, -1.0, (fill.told,) if fill.told else (), fill.pattern, fill.opacity)
        if stroke is not None:
            return "stroke of no width"
        if style.get("stroke", "none") == style.get("fill") == "none":
            return "shape without stroke and fill"
        return "shape without a stroke or fill that shows"

    def width(self, style: Mapping[str, str], around: Viewport) -> float:
        """Give the width of a style's stroke in user units, whether it shows or not."""
        return max(length(style.get("stroke-width", "1"), diagonal(around)), 0.0)

    def in_context(self, style: dict[str, str], of: Mapping[str, str]) -> dict[str, str]:
        """Give a style in which context-fill and context-stroke are the paints of another one."""
        if not self.refers:
            return style
        known = {
            f":context-{name}{more}": of.get(f"{name}{more}", usual)
            for name, usual in (("fill", "black"), ("stroke", "none"))
            for more, usual in (("", usual), ("-opacity", "1"))
        }
        key = id(style), *known.values(), of.get("color")
        if key not in self._contexts:
            known |= {
                name: of.get("color", "black") if value.lower() == "currentcolor" else of.get(f":{value}", "none")
                for name, value in known.items()
                if value.lower() in ("currentcolor", "context-fill", "context-stroke")
            }
            self._contexts[key] = style, style | known
        return self._contexts[key][1]

    def paint(self, style: Mapping[str, str], name: str, usual: str) -> Paint | None:
        """Give the paint of a style's stroke or fill; None where it does not show."""
        text = style.get(name) or usual
        opacity = opacity_of(style.get(f"{name}-opacity"))
        for _ in range(4):
            word = text.strip().lower()
            if word in ("context-fill", "context-stroke"):
                opacity *= opacity_of(style.get(f":{word}-opacity"))
                text = style.get(f":{word}", "none")
            elif word == "currentcolor":
                text = style.get("color", "black")
        found = _URL(text)
        if found:
            element = self.ids().get(found[1])
            tag = "" if element is None else local(element.tag)
            if tag == "pattern":
                return Paint(PATTERN, "", element) if opacity >= FAINTEST else None
            if element is not None and tag.endswith("Gradient"):
                color, alpha = self._mean(element) or ("", 0.0)
                shows = alpha * opacity >= FAINTEST
                told = "gradient (drawn in the mean of its colors)"
                return Paint(color, told, None, alpha * opacity) if shows else None
            text = found[2].strip() or "none"
        if text.strip().lower() == "none":
            return None
        color_ = css_color(text)
        if color_ is None:
            what = re.sub(r"\(.*", "()", text.strip(), flags=re.S)[:40]
            return Paint("#000000", f"color that is not understood: {what} (drawn in black)", None, opacity)
        return Paint(color_[0], "", None, color_[1] * opacity) if color_[1] * opacity >= FAINTEST else None

    def _mean(self, gradient: ElementTree.Element) -> tuple[str, float] | None:
        """Give the mean of a gradient's colors along it, each as opaque as it is, and how opaque they are together."""
        for _ in range(20):
            stops = [child for child in gradient if local(child.tag) == "stop"]
            link = self.ids().get((gradient.get("href") or gradient.get(XLINK) or "").removeprefix("#"))
            if stops or link is None:
                break
            gradient = link
        if not stops:
            return None
        colors, places = [], [0.0]
        for stop in stops:
            style, own = styled(stop, "stop", {}, self.rules)
            text = own.get("stop-color", "black")
            text = style.get("color", "black") if text.strip().lower() == "currentcolor" else text
            color, alpha = css_color(text) or ("#000000", 1.0)
            alpha *= opacity_of(own.get("stop-opacity"))
            colors.append([*(alpha * int(color[at : at + 2], 16) for at in (1, 3, 5)), alpha])
            places.append(min(max(opacity_of(stop.get("offset") or "0"), places[-1]), 1.0))
        along = np.diff([0.0, *places[1:], 1.0])[:, None]
        values = np.array([colors[0], *colors, colors[-1]])
        *levels, alpha = ((values[1:] + values[:-1]) / 2 * along).sum(axis=0).tolist()
        color = "#" + "".join(f"{min(round(level / max(alpha, 1e-9)), 255):02x}" for level in levels)
        return color, float(alpha)


_URL = re.compile(r"\s*url\(\s*['\"]?\s*#([^'\")]*?)\s*['\"]?\s*\)\s*(.*)", re.S).match


def opacity_of(text: str | None) -> float:
    """Read an opacity from 0 to 1, or a percentage; 1 where there is none."""
    try:
        return min(max(length(text, 1.0), 0.0), 1.0) if text else 1.0
    except BadNumber:
        return 1.0
