"""SVG files of any tool to lines in millimetres, as a browser shows them.

Paths, lines, polylines, polygons, rects, circles and ellipses, and markers on them, under any transforms, groups,
nested <svg> and <use>, cut by clips and masks; what is painted how, by attributes, style attributes and style sheets.
Shapes that are only filled are drawn as their outlines. What a pen cannot draw (text, pictures, gradients, filters)
is left out, and counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple
from xml.etree import ElementTree

import numpy as np

from artkit.arrays import Floats, Ints
from artkit.errors import ArtkitError
from artkit.limits import limit, refusal, within
from artkit.pens.lines import Lines
from artkit.pens.names import LONGEST
from artkit.pens.read.clips import Clips, Painted
from artkit.pens.read.dashes import dashes_of
from artkit.pens.read.elements import INKSCAPE, XLINK, first_for_all, is_for_all, local, parsed
from artkit.pens.read.ink import FAINTEST, Ink, Inks, opacity_of
from artkit.pens.read.lengths import IDENTITY, BadNumber, Matrix, Viewport, shifted, times, unit_of
from artkit.pens.read.markers import MARKED, lying, vertices
from artkit.pens.read.noted import Noted, Shape
from artkit.pens.read.pathdata import flattened
from artkit.pens.read.shapes import outline
from artkit.pens.read.style import GEOMETRY, Rules, styled
from artkit.pens.read.transforms import Box, matrix_of, on_page
from artkit.pens.read.viewports import Sheet, Sizes, is_empty, page, size_of, viewport, windowed


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
    reader = _Reader(parsed(data, name), name, hidden)
    reader.inks.refers = b"context-" in data or data[:2] == b"\x1f\x8b"
    if b"<?xml-stylesheet" in data[:10_000]:
        reader.left_out["style sheet that is elsewhere (not read)"] += 1
    return reader.source()


_DRAWN = {"path", "line", "polyline", "polygon", "rect", "circle", "ellipse"}
_GROUPS = {"g", "svg", "a", "switch", "symbol", "use"}
_LEFT_OUT = {
    "text": "text",
    "image": "image",
    "foreignObject": "foreign object",
    "flowRoot": "text",
    "iframe": "frame",
    **{tag: tag for tag in ("video", "audio", "canvas", "mesh")},
}
_MOVING = {"animate", "animateTransform", "animateMotion", "animateColor", "set"}
_EFFECTS = {
    "filter": "filter (what it covers is drawn without)",
    ":offset-path": "offset path (not followed)",
    ":animation": "animation (drawn as it is without)",
    ":animation-name": "animation (drawn as it is without)",
    "mix-blend-mode": "way of mixing (drawn over what lies beneath)",
}
_USUAL = {"none", "normal"}


@dataclass(slots=True)
class _State:
    """What holds where an element stands; `given` is the size that a <use> gives what it shows, itself."""

    matrix: Matrix = IDENTITY
    around: Viewport = (0.0, 0.0)
    given: Sizes | None = None
    layer: str = ""
    depth: int = 0
    style: dict[str, str] = field(default_factory=dict)
    copied: int = 0
    clips: tuple[int, ...] = ()
    marking: bool = False
    opacity: float = 1.0

    def here(self, style: dict[str, str], matrix: Matrix, clips: tuple[int, ...], opacity: float) -> _State:
        """Give what holds for an element that stands here."""
        given, copied, marking = self.given, self.copied, self.marking
        return _State(matrix, self.around, given, self.layer, self.depth, style, copied, clips, marking, opacity)

    @property
    def em(self) -> str:
        """The size of the font, in pixels."""
        return self.style.get("font-size", "16")


_Inside = Iterable[tuple[ElementTree.Element, _State]]

_PLAIN = frozenset(
    ["d", "points", "x1", "y1", "x2", "y2", "stroke", "fill", "stroke-width", "id", "class", "style", *GEOMETRY]
)
"""Attributes that neither move nor hide an element, nor cut it."""


class _Reader:
    def __init__(self, root: ElementTree.Element, name: str, hidden: bool, of: _Reader | None = None) -> None:
        self.root, self.name, self.hidden = root, name, hidden
        self.left_out: Counter[str] = Counter()
        self.space = root.tag.rpartition("}")[0]
        self.bare: ElementTree.Element | None = None
        self.rules: Rules = of.rules if of else Rules(root)
        self.inks: Inks = of.inks if of else Inks(lambda: self.ids, self.rules)
        self.boxes: dict[object, Box] = of.boxes if of else {}
        if of:
            self.ids = of.ids
            return
        self.clips: Clips | None = Clips(root, self.rules, lambda: self.ids, self.left_out, self._painted, name)
        self.left_out.update(self.rules.told)
        for child in root.iter():
            if local(child.tag) in _MOVING:
                self.left_out["animation (drawn as it is without)"] += 1
            elif local(child.tag) == "script":
                self.left_out["script (not run)"] += 1

    @cached_property
    def ids(self) -> dict[str, ElementTree.Element]:
        """The elements that references may mean: of two with one name the first."""
        return {child.get("id", ""): child for child in reversed(list(self.root.iter())) if child.get("id")}

    def source(self) -> Source:
        sheet, state = self.start()
        self._last: tuple[Ink | None, Matrix, tuple[str, str], int] = (None, IDENTITY, ("", ""), 0)
        self.noted = Noted(self.name, self.left_out, (sheet.width, sheet.height))
        self._walk([(self.root, state)])
        assert self.clips is not None
        lines, key = self.noted.lines(self.clips.regions)
        return self._grouped(sheet.width, sheet.height, lines, key)

    def start(self) -> tuple[Sheet, _State]:
        """Give the page, and what holds at the root."""
        own = styled(self.root, "svg", {}, self.rules)[1]
        sheet = page(own)
        if not (sheet.width and sheet.height):
            sheet = page(self.root)
        self.bare = self.root
        sheet, shares = windowed(sheet, own, self.root)
        turned, told = on_page(own, sheet)
        self.left_out.update([*shares, told] if told else shares)
        return sheet, _State(times(turned, sheet.matrix), sheet.around)

    def _walk(self, stack: list[tuple[ElementTree.Element, _State]]) -> None:
        """Note what elements draw, the last one first, each with all that it holds."""
        copies, most = 0, limit("references")
        while stack:
            element, state = stack.pop()
            copies += state.copied > 0
            if copies > most:
                raise refusal("references", f"{self.name}: <use> and markers repeat more than {most:,.0f} elements")
            try:
                stack.extend(reversed(tuple(self._visit(element, state))))
            except BadNumber:
                self.left_out["element with a number that is none"] += 1

    def _painted(
        self, element: ElementTree.Element, matrix: Matrix, around: Viewport, clipped: bool
    ) -> tuple[list[Painted], Mapping[str, int]]:
        """Give what an element paints, or what lies in it where it is a mask."""
        reader = _Painter(self, clipped)
        inside = list(element) if local(element.tag) == "mask" else [element]
        style = self.clips.styled(element)[0] if self.clips and local(element.tag) == "mask" else {}
        reader._walk([(each, _State(matrix, around, depth=1, style=style)) for each in reversed(inside)])
        return reader.painted, reader.left_out

    def _grouped(self, width: float | None, height: float | None, lines: Lines, key: Ints) -> Source:
        keys = self.noted.keys
        groups: list[Group] = []
        number = np.zeros(max(len(keys), 1), np.int64)
        stroke = np.full(max(len(keys), 1), np.nan)
        known: dict[Group, int] = {}
        drawn = set(np.unique(key).tolist())
        for (label, color, wide), index in keys.items():
            stroke[index] = wide if wide >= 0 else np.nan
            if index in drawn:
                group = Group(label, color)
                if group not in known:
                    known[group] = len(groups)
                    groups.append(group)
                number[index] = known[group]
        return Source(width, height, lines, number[key], groups, stroke[key], dict(self.left_out))

    def _visit(self, element: ElementTree.Element, state: _State) -> _Inside:
        """Note what an element draws; give the elements within it."""
        space, _, tag = element.tag.rpartition("}")
        if space != self.space or (tag not in _DRAWN and tag not in _GROUPS and tag not in _LEFT_OUT):
            return ()
        style, own = styled(element, tag, state.style, self.rules)
        matrix, clips, opacity = state.matrix, state.clips, state.opacity
        if tag in _LEFT_OUT or not own.keys() <= _PLAIN:
            opacity *= opacity_of(own.get("opacity"))
            if why := self._why_not(tag, own, opacity):
                self.left_out[why] += 1
                return ()
            for effect, told in _EFFECTS.items():
                if own.get(effect, "none").strip() not in _USUAL:
                    self.left_out[told] += 1
            if element is not self.bare:
                matrix = times(matrix, self._transform(element, own, state, style))
            if self.clips is not None and ("clip-path" in own or "mask" in own):
                clips += self.clips.of(element, own, matrix, state.around)
        kept = style is state.style and matrix is state.matrix and clips is state.clips and opacity == state.opacity
        here = state if kept else state.here(style, matrix, clips, opacity)
        return self._draw(element, tag, own, here) if tag in _DRAWN else self._inside(element, tag, own, here)

    def _why_not(self, tag: str, own: Mapping[str, str], opacity: float) -> str:
        """Say why an element is not drawn, with all that it holds."""
        if own.get("display") == "none":
            return "hidden element"
        if opacity < FAINTEST:
            return "transparent element"
        if not is_for_all(own):
            return "element for other languages or programs"
        return _LEFT_OUT.get(tag, "")

    def _transform(
        self, element: ElementTree.Element, own: Mapping[str, str], state: _State, style: dict[str, str]
    ) -> Matrix:
        em = style.get("font-size", "16")
        matrix, told = matrix_of(own, state.around, lambda: self._box(element, state), em)
        if told:
            self.left_out[told] += 1
        return matrix

    def _box(self, element: ElementTree.Element, state: _State) -> Box:
        """Give left, top, width and height of what an element holds, in its own units."""
        key = element, state.around
        if key not in self.boxes:
            self.boxes[key] = (0.0, 0.0, 0.0, 0.0)
            reader = _Painter(self, False)
            reader.bare = element
            reader._walk([(element, _State(IDENTITY, state.around, state.given, "", 1, state.style, state.copied))])
            data, matrices = [each.data for each in reader.painted], [each.matrix for each in reader.painted]
            if data:
                exact = max(*state.around, 1e-6) * 1e-5
                low, high = flattened(data, np.array(matrices), exact).lines.bounds
                if np.isfinite(low).all():
                    (x, y), (across, down) = low.tolist(), (high - low).tolist()
                    moved = shifted(element, state.around) if local(element.tag) == "use" else IDENTITY
                    self.boxes[key] = x - moved[4], y - moved[5], across, down  # as Chromium has it
        return self.boxes[key]

    def _inside(self, element: ElementTree.Element, tag: str, own: Mapping[str, str], state: _State) -> _Inside:
        """Give what a group holds."""
        within("depth", state.depth, f"{self.name}: has elements within each other to")
        given = state.given
        inside = replace(state, given=None, depth=state.depth + 1)
        if tag == "g" and not state.layer and element.get(f"{INKSCAPE}groupmode") == "layer":
            inside.layer = (element.get(f"{INKSCAPE}label") or element.get("id") or "")[:LONGEST]
            if inside.layer.startswith("%") and not self.hidden:
                self.left_out["layer that is not to be plotted (its label starts with %)"] += 1
                return
        if tag == "use":
            yield from self._used(element, own, inside)
            return
        if tag == "symbol" and given is None:
            return
        if (tag == "svg" and state.depth) or tag == "symbol":
            inside.matrix = times(state.matrix, shifted(own, state.around))
            size = size_of(element, state.around, given)
            if min(size) <= 0 or is_empty(own):
                return
            if self.clips is not None:
                inside.clips += self.clips.viewport(size, inside.matrix, own)
            scaled, inside.around = viewport(element, state.around, given)
            inside.matrix = times(inside.matrix, scaled)
        for child in first_for_all(element, _DRAWN | _GROUPS | _LEFT_OUT.keys()) if tag == "switch" else element:
            yield child, inside

    def _used(self, element: ElementTree.Element, own: Mapping[str, str], inside: _State) -> _Inside:
        link = (element.get("href") or element.get(XLINK) or "").strip()
        target = self.ids.get(link[1:]) if link.startswith("#") else None
        if target is None:
            self.left_out["reference to nothing" if link.startswith("#") else "reference to another file"] += 1
            return
        if inside.copied > 20:
            raise ArtkitError(f"{self.name}: <use> refers to itself, or through more than 20 others; refused")
        inside.matrix = times(inside.matrix, shifted(own, inside.around))
        inside.given = element.get("width"), element.get("height")
        inside.style = self.inks.in_context(inside.style, inside.style)
        inside.copied += 1
        yield target, inside

    def _draw(self, element: ElementTree.Element, tag: str, own: Mapping[str, str], state: _State) -> _Inside:
        style = state.style
        if style.get("visibility", "visible") != "visible":
            self.left_out["hidden element"] += 1
            return ()
        data = outline(own, tag, state.around, style.get("font-size", "16"))
        ink = self.inks.of(style, state.around)
        if isinstance(ink, str):
            self.left_out[ink] += 1
        else:
            self._note(data, ink, own, state)
        return self._marked(data, state) if self._is_marked(tag, style) else ()

    def _is_marked(self, tag: str, style: Mapping[str, str]) -> bool:
        return tag in MARKED and ("marker-start" in style or "marker-mid" in style or "marker-end" in style)

    def _note(self, data: str, ink: Ink, own: Mapping[str, str], state: _State) -> None:
        self.left_out.update(ink.lost(state.opacity))
        if ink.pattern is not None and not ink.stroked:
            return
        style, matrix = state.style, state.matrix
        dashes = dashes_of(style, own, matrix, state.around) if ink.stroked and "stroke-dasharray" in style else None
        sharp = style.get("stroke-linecap", "butt") == "butt"
        pen = self._pen(ink, own.get("vector-effect", "none"), state)
        assert self.clips is not None
        self.noted.note(Shape(data, matrix, pen, ink, dashes, state.clips, sharp), self.clips.regions)

    def _pen(self, ink: Ink, effect: str, state: _State) -> int:
        last = self._last
        if last[0] is not ink or last[1] is not state.matrix or last[2] != (state.layer, effect):
            wide = round(ink.width * unit_of(state.matrix, effect), 4) if ink.width >= 0 else -1.0
            pen = self.noted.pen(state.layer, ink.color, wide)
            self._last = last = (ink, state.matrix, (state.layer, effect), pen)
        return last[3]

    def _marked(self, data: str, state: _State) -> _Inside:
        """Give what the markers of a line hold, each where it lies."""
        found = {}
        for which in ("start", "mid", "end"):
            text = state.style.get(f"marker-{which}", "none").strip()
            if text != "none":
                marker = self.ids.get(text.removeprefix("url(").rstrip(") ").strip("'\" ").removeprefix("#"))
                if marker is not None and local(marker.tag) == "marker":
                    found[which] = marker
        if not found or self.clips is None:
            return
        if state.marking:
            self.left_out["marker on a marker"] += 1
            return
        width = self.inks.width(state.style, state.around)
        for vertex in vertices(data):
            marker = found.get(vertex.which)
            if marker is None:
                continue
            style, own = self.clips.styled(marker)
            lies = lying(marker, vertex, width)
            if lies is None or own.get("display") == "none":
                continue
            inside = replace(state, matrix=times(state.matrix, lies.inner), around=lies.around, marking=True)
            inside.style = self.inks.in_context(style, state.style)
            inside.clips += self.clips.viewport(lies.size, times(state.matrix, lies.outer), own)
            inside.copied, inside.depth, inside.given = state.copied + 1, state.depth + 1, None
            for child in marker:
                yield child, inside


class _Painter(_Reader):
    """Takes down what elements paint, instead of drawing it."""

    def __init__(self, of: _Reader, clipped: bool) -> None:
        super().__init__(of.root, of.name, True, of)
        self.clips = of.clips if clipped else None
        self.painted: list[Painted] = []

    def _draw(self, element: ElementTree.Element, tag: str, own: Mapping[str, str], state: _State) -> _Inside:
        if state.style.get("visibility", "visible") != "visible":
            self.left_out["hidden element"] += 1
            return ()
        data, place = outline(own, tag, state.around, state.em), (state.layer, state.opacity, state.around)
        self.painted.append(Painted(data, state.matrix, state.style, own, state.clips, *place))
        return self._marked(data, state) if self._is_marked(tag, state.style) else ()
