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
from math import isfinite
from typing import NamedTuple
from xml.etree import ElementTree

import numpy as np

from artkit.arrays import Floats, Ints
from artkit.errors import ArtkitError, LimitError
from artkit.limits import limit, refusal, within
from artkit.pens.lines import Lines
from artkit.pens.names import LONGEST
from artkit.pens.read.elements import INKSCAPE, XLINK, local, parsed
from artkit.pens.read.lengths import (
    IDENTITY,
    BadNumber,
    Matrix,
    Viewport,
    length,
    page,
    shifted,
    times,
    transform,
    viewport,
)
from artkit.pens.read.pathdata import flattened, too_many
from artkit.pens.read.shapes import outline
from artkit.pens.read.style import Rules, declarations, styled

FLATNESS = 0.01
"""Millimetres that lines stray from the curves they replace."""

FARTHEST = 1e6
"""Millimetres from the page's corner, beyond which nothing is read."""

BATCH = 2_000_000
"""Characters of path data that become lines at a time, so that what is read takes memory by its points."""

COSTLY = 64
"""Characters of path data that an element counts for at least."""


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
    """What holds where an element stands; `given` is the size that a <use> gives what it shows."""

    matrix: Matrix = IDENTITY
    around: Viewport = (0.0, 0.0)
    given: Viewport | None = None
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
        self.size = 0
        self.keys: dict[tuple[str, str, float], int] = {}
        self.key_of: list[int] = []
        self.parts: list[tuple[Lines, Ints]] = []
        self.points = 0
        self.rules = Rules(root)
        if self.rules.unread:
            self.left_out["selector of a style sheet that is not understood"] = self.rules.unread

    @cached_property
    def ids(self) -> dict[str, ElementTree.Element]:
        """The elements that references may mean."""
        return {child.get("id", ""): child for child in self.root.iter() if child.get("id")}

    def source(self) -> Source:
        width, height, matrix = page(self.root)
        self.page = (matrix, width, height)
        scale = max(abs(matrix[0]), 1e-12), max(abs(matrix[3]), 1e-12)
        around = ((width or 0.0) / scale[0], (height or 0.0) / scale[1])
        stack: list[tuple[ElementTree.Element, _State]] = [(self.root, _State(matrix, around))]
        copies, most = 0, limit("references")
        while stack:
            element, state = stack.pop()
            copies += state.copied > 0
            if copies > most:
                raise refusal("references", f"{self.name}: <use> repeats more than {most:,.0f} elements")
            try:
                stack.extend(reversed(list(self._visit(element, state))))
            except BadNumber:
                self.left_out["element with a number that is none"] += 1
            if self.size > BATCH:
                self._flatten()
        self._flatten()
        lines = Lines.joined([lines for lines, _ in self.parts])
        key = np.concatenate([np.empty(0, np.int64), *(key for _, key in self.parts)])
        return self._grouped(width, height, lines, key)

    def _flatten(self) -> None:
        """Turn the path data noted so far into lines."""
        most = limit("points")
        with np.errstate(all="ignore"):
            try:
                flat = flattened(self.texts, np.array(self.matrices or [IDENTITY]), FLATNESS, most - self.points)
            except LimitError:
                raise LimitError(f"{self.name}: {too_many(most)}", "points") from None
        self.points += len(flat.lines.points)
        if flat.invalid:
            self.left_out["part of a path whose data has an error"] += flat.invalid
        lines, key = flat.lines, np.array(self.key_of, np.int64)[flat.path]
        finite = np.isfinite(lines.points).all(axis=1) & (np.abs(lines.points) < FARTHEST).all(axis=1)
        if not finite.all():
            sound = np.logical_and.reduceat(finite, lines.offsets[:-1])
            self.left_out["line whose coordinates are too large"] += int((~sound).sum())
            lines, key = lines.take(sound), key[sound]
        self.parts.append((lines, key))
        self.texts, self.matrices, self.key_of, self.size = [], [], [], 0

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
        within("depth", state.depth, f"{self.name}: has elements within each other to")
        layer = state.layer
        if tag == "g" and state.depth == 1:
            layer = (element.get(f"{INKSCAPE}label") or element.get("id") or "")[:LONGEST]
            if layer.startswith("%") and not self.hidden:
                self.left_out["layer that is not to be plotted (its label starts with %)"] += 1
                return
        inside = _State(matrix, state.around, None, layer, state.depth + 1, style, state.copied)
        if tag == "use":
            yield from self._used(element, inside)
            return
        if tag == "symbol" and not state.copied:
            return
        if (tag == "svg" and state.depth) or tag == "symbol":
            moved = times(matrix, shifted(element, state.around)) if tag == "svg" else matrix
            scaled, inside.around = viewport(element, state.around, state.given)
            inside.matrix = times(moved, scaled)
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
        inside.matrix = times(inside.matrix, shifted(element, inside.around))
        if "width" in element.attrib and "height" in element.attrib:
            across, down = inside.around
            inside.given = length(element.get("width"), across), length(element.get("height"), down)
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
        data = outline(element, tag, state.around)
        if not stroked and self._is_paper(element, tag, matrix, state.around):
            self.left_out["background"] += 1
            return
        a, b, c, d, _, _ = matrix
        said = stroked and "stroke-width" in style
        wide = round(length(style["stroke-width"]) * abs(a * d - b * c) ** 0.5, 4) if said else -1.0
        key = (state.layer, color.strip()[:LONGEST], wide if isfinite(wide) else -1.0)
        self.size += max(len(data), COSTLY)
        self.texts.append(data)
        self.matrices.append(matrix)
        self.key_of.append(self.keys.setdefault(key, len(self.keys)))

    def _is_paper(self, element: ElementTree.Element, tag: str, matrix: Matrix, around: Viewport) -> bool:
        """Tell a filled rectangle that covers the whole page: it is the paper, and no line of a drawing."""
        _, width, height = self.page
        if tag != "rect" or width is None or height is None or matrix[1] or matrix[2]:
            return False
        x, across = (length(element.get(name), around[0]) for name in ("x", "width"))
        y, down = (length(element.get(name), around[1]) for name in ("y", "height"))
        left, top = matrix[0] * x + matrix[4], matrix[3] * y + matrix[5]
        right, bottom = left + matrix[0] * across, top + matrix[3] * down
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
