"""SVG files of any tool to lines in millimetres.

Paths, lines, polylines, polygons, rects, circles and ellipses, under any transforms, groups, nested <svg> and <use>;
what is painted how, by attributes, style attributes and simple rules of style sheets. Shapes are drawn as their
outlines. What a pen cannot draw (text, pictures, gradients, clips, masks, filters, patterns) is left out, and
counted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple
from xml.etree import ElementTree

import numpy as np

from artkit.arrays import Floats, Ints
from artkit.errors import ArtkitError
from artkit.pens.lines import Lines
from artkit.pens.read.elements import INKSCAPE, XLINK, local, parsed
from artkit.pens.read.lengths import IDENTITY, Matrix, length, page, shifted, times, transform, view
from artkit.pens.read.pathdata import flattened
from artkit.pens.read.shapes import outline
from artkit.pens.read.style import declarations, rules_of, styled

FLATNESS = 0.01
"""Millimetres that lines stray from the curves they replace."""

MOST = 300_000
"""Elements that references repeat, each counted each time."""

FARTHEST = 1e6
"""Millimetres from the page's corner, beyond which nothing is read."""

DEEPEST = 200
"""Elements within each other."""


class Group(NamedTuple):
    """A layer of the file: its label, and the color of what is drawn, as the file writes it."""

    label: str
    color: str


@dataclass(frozen=True, eq=False)
class Source:
    """What a file draws: lines in millimetres, each in one of the `groups` (in the order of their first lines).

    `width` and `height` are the page's, in millimetres; None where the file does not say. `stroke` is each line's
    width, in millimetres, NaN where the file does not say. `left_out` counts what was left out, in words.
    """

    width: float | None
    height: float | None
    lines: Lines
    group: Ints
    groups: list[Group]
    stroke: Floats
    left_out: dict[str, int]


def read(data: bytes, name: str = "SVG", *, hidden: bool = False) -> Source:
    """Read an SVG, compressed or not; with `hidden` also layers whose label says that they are not to be plotted.

    An ArtkitError says in one line what is wrong with it, and where.
    """
    return _Reader(parsed(data, name), name, hidden).source()


_DRAWN = {"path", "line", "polyline", "polygon", "rect", "circle", "ellipse"}
_GROUPS = {"g", "svg", "a", "switch", "symbol"}
_LEFT_OUT = {
    "text": "text",
    "image": "image",
    "foreignObject": "foreign object",
    "flowRoot": "text",
    "video": "video",
    "audio": "audio",
    "canvas": "canvas",
    "iframe": "frame",
    "mesh": "mesh",
}
_EFFECTS = {"clip-path": "clip", "mask": "mask", "filter": "filter"}


@dataclass
class _State:
    """What holds where an element stands."""

    matrix: Matrix = IDENTITY
    layer: str = ""
    depth: int = 0
    style: dict[str, str] = field(default_factory=dict)
    copied: int = 0


class _Reader:
    def __init__(self, root: ElementTree.Element, name: str, hidden: bool) -> None:
        self.root, self.name, self.hidden = root, name, hidden
        self.left_out: Counter[str] = Counter()
        self.texts: list[str] = []
        self.matrices: list[Matrix] = []
        self.keys: dict[tuple[str, str, float], int] = {}
        self.key_of: list[int] = []
        self.rules = rules_of(root)

    @cached_property
    def ids(self) -> dict[str, ElementTree.Element]:
        """The elements that references may mean."""
        return {child.get("id", ""): child for child in self.root.iter() if child.get("id")}

    def source(self) -> Source:
        width, height, matrix = page(self.root)
        self.page = (matrix, width, height)
        stack: list[tuple[ElementTree.Element, _State]] = [(self.root, _State(matrix))]
        count = 0
        while stack:
            element, state = stack.pop()
            count += state.copied > 0
            if count > MOST:
                raise ArtkitError(f"{self.name}: repeats more than {MOST:,} elements by references; refused")
            stack.extend(reversed(list(self._visit(element, state))))
        with np.errstate(all="ignore"):
            flat = flattened(self.texts, np.array(self.matrices or [IDENTITY]), FLATNESS)
        if flat.invalid:
            self.left_out["part of a path whose data has an error"] += flat.invalid
        lines, key = flat.lines, np.array(self.key_of, np.int64)[flat.path]
        finite = np.isfinite(lines.points).all(axis=1) & (np.abs(lines.points) < FARTHEST).all(axis=1)
        if not finite.all():
            sound = np.logical_and.reduceat(finite, lines.offsets[:-1])
            self.left_out["line whose coordinates are too large"] += int((~sound).sum())
            lines, key = lines.take(sound), key[sound]
        return self._grouped(width, height, lines, key)

    def _grouped(self, width: float | None, height: float | None, lines: Lines, key: Ints) -> Source:
        groups: list[Group] = []
        number = np.zeros(max(len(self.keys), 1), np.int64)
        stroke = np.full(max(len(self.keys), 1), np.nan)
        known: dict[Group, int] = {}
        drawn = set(np.unique(key).tolist())
        for (label, color, wide), index in self.keys.items():
            stroke[index] = wide if wide >= 0 else np.nan
            if index in drawn:
                group = Group(label, color)
                if group not in known:
                    known[group] = len(groups)
                    groups.append(group)
                number[index] = known[group]
        return Source(width, height, lines, number[key], groups, stroke[key], dict(self.left_out))

    def _visit(  # noqa: PLR0912
        self, element: ElementTree.Element, state: _State
    ) -> Iterator[tuple[ElementTree.Element, _State]]:
        """Note what an element draws; give the elements within it."""
        tag = local(element.tag)
        if tag in _LEFT_OUT:
            self.left_out[_LEFT_OUT[tag]] += 1
            return
        if tag not in _DRAWN and tag not in _GROUPS and tag != "use":
            return
        style, own = styled(element, tag, state.style, self.rules)
        if own.get("display") == "none":
            self.left_out["hidden element"] += 1
            return
        for effect, word in _EFFECTS.items():
            if own.get(effect, "none") != "none":
                self.left_out[f"{word} (what it covers is drawn whole)"] += 1
        matrix = state.matrix
        if text := element.get("transform") or own.get("transform"):
            own_matrix, whole = transform(text)
            if not whole:
                self.left_out["transform with an error"] += 1
            matrix = times(matrix, own_matrix)
        if tag in _DRAWN:
            self._draw(element, tag, style, matrix, state)
            return
        if state.depth > DEEPEST:
            raise ArtkitError(f"{self.name}: more than {DEEPEST} elements within each other; refused")
        layer = state.layer
        if tag == "g" and state.depth == 1:
            layer = element.get(f"{INKSCAPE}label") or element.get("id") or ""
            if layer.startswith("%") and not self.hidden:
                self.left_out["layer that is not to be plotted (its label starts with %)"] += 1
                return
        inside = _State(matrix, layer, state.depth + 1, style, state.copied)
        if tag == "use":
            yield from self._used(element, inside)
            return
        if tag == "symbol" and not state.copied:
            return
        if tag == "svg" and state.depth:
            inside.matrix = times(times(matrix, shifted(element)), view(element))
        children = list(element)
        if tag == "switch":
            children = children[:1]
        for child in children:
            yield child, inside

    def _used(self, element: ElementTree.Element, inside: _State) -> Iterator[tuple[ElementTree.Element, _State]]:
        target = self.ids.get((element.get("href") or element.get(XLINK) or "").removeprefix("#"))
        if target is None:
            self.left_out["reference to nothing"] += 1
            return
        if inside.copied > 20:
            raise ArtkitError(f"{self.name}: <use> refers to itself, or through more than 20 others; refused")
        inside.matrix = times(inside.matrix, shifted(element))
        inside.copied += 1
        yield target, inside

    def _draw(
        self, element: ElementTree.Element, tag: str, style: dict[str, str], matrix: Matrix, state: _State
    ) -> None:
        if style.get("visibility", "visible") != "visible":
            self.left_out["hidden element"] += 1
            return
        stroke, fill = style.get("stroke", ""), style.get("fill", "")
        color = stroke or fill
        if color == "none" or (stroke == "none"):
            color = fill or "#000000"
        if stroke == "none" and fill == "none":
            self.left_out["shape without stroke and fill"] += 1
            return
        if color == "none":  # no word about a stroke, and no fill: meant to be drawn, in whatever color
            color = "#000000"
        if color.startswith("url("):
            self.left_out["gradient or pattern (its shapes are drawn in one color)"] += 1
            color = self._first_color(color)
        elif color == "currentColor":
            color = style.get("color", "#000000")
        if style.get("stroke-dasharray", "none") not in ("none", "0", "") and stroke not in ("", "none"):
            self.left_out["dashes (drawn as solid lines)"] += 1
        stroked = stroke not in ("", "none")
        data = outline(element, tag)
        if not stroked and tag in ("rect", "path", "polygon") and self._is_paper(element, tag, matrix):
            self.left_out["background"] += 1
            return
        a, b, c, d, _, _ = matrix
        said = stroked and "stroke-width" in style
        wide = round(length(style["stroke-width"]) * abs(a * d - b * c) ** 0.5, 4) if said else -1.0
        key = (state.layer, color.strip(), wide)
        self.texts.append(data)
        self.matrices.append(matrix)
        self.key_of.append(self.keys.setdefault(key, len(self.keys)))

    def _is_paper(self, element: ElementTree.Element, tag: str, matrix: Matrix) -> bool:
        """Tell a filled rectangle that covers the whole page: it is the paper, and no line of a drawing."""
        _, width, height = self.page
        if tag != "rect" or width is None or height is None or matrix[1] or matrix[2]:
            return False
        across = 100 if element.get("width", "").endswith("%") else 0
        x, y = length(element.get("x")), length(element.get("y"))
        if across:
            return length(element.get("width", "").rstrip("%")) >= 100
        left, top = matrix[0] * x + matrix[4], matrix[3] * y + matrix[5]
        right = left + matrix[0] * length(element.get("width"))
        bottom = top + matrix[3] * length(element.get("height"))
        slack = 0.005 * max(width, height)
        return left <= slack and top <= slack and right >= width - slack and bottom >= height - slack

    def _first_color(self, reference: str) -> str:
        """Give the color of the first stop of a gradient, black where there is none."""
        found = re.match(r"url\(\s*['\"]?#([^'\")]*)['\"]?\s*\)\s*(.*)", reference)
        for _ in range(4):
            target = self.ids.get(found[1]) if found else None
            if target is None:
                break
            for child in target:
                if local(child.tag) == "stop":
                    color = (
                        declarations(child.get("style", "")).get("stop-color") or child.get("stop-color") or "#000000"
                    )
                    return "#000000" if color.startswith(("url", "current")) else color
            href = target.get("href") or target.get(XLINK) or ""
            found = re.match(r"(#)?(.*)", href) and re.match(r"#(.+)", href)
        return "#000000"
