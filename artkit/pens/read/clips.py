"""What clip paths, masks and viewports of an SVG let be seen, as regions; and lines cut by them.

Clip paths are filled shapes, with clip paths of their own (CSS Masking 1, section 3). Masks are painted: what is white
in the end shows, what is black hides; paint that is neither counts as what it is closer to, and is counted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import NamedTuple
from xml.etree import ElementTree

import numpy as np

from artkit.arrays import Ints
from artkit.limits import limit, refusal
from artkit.pens.lines import Lines
from artkit.pens.read import style as styles
from artkit.pens.read.elements import XLINK, local
from artkit.pens.read.lengths import IDENTITY, Matrix, Viewport, length, shifted, times
from artkit.pens.read.pathdata import flattened, mapped
from artkit.pens.read.shapes import outline
from artkit.pens.read.style import Rules
from artkit.pens.read.transforms import matrix_of
from artkit.pens.regions import Combined, Fill, Region, within

FLATNESS = 0.002
"""Millimetres that the borders of regions stray from the curves they replace."""

SHAPES = {"path", "line", "polyline", "polygon", "rect", "circle", "ellipse"}

Box = tuple[float, float, float, float]
"""x, y, width and height."""


class Painted(NamedTuple):
    """A shape where it is painted: its path data, the matrix to millimetres, what it inherits and what it says.

    `clips` are the numbers of the regions that it is cut by, `layer` is the label of the file's layer, `opacity` that
    of itself and of all groups around it, `around` the viewport that percentages are of.
    """

    data: str
    matrix: Matrix
    style: Mapping[str, str]
    said: Mapping[str, str]
    clips: tuple[int, ...]
    layer: str = ""
    opacity: float = 1.0
    around: Viewport = (0.0, 0.0)


Painter = Callable[[ElementTree.Element, Matrix, Viewport, bool], tuple[list[Painted], Mapping[str, int]]]
"""Gives what an element paints, or all within it, and what of it is left out; where asked to, without its clips."""


class Clips:
    """The regions that a file's elements are cut by, each once; `regions[k]` is what the number k stands for."""

    def __init__(
        self,
        root: ElementTree.Element,
        rules: Rules,
        ids: Callable[[], Mapping[str, ElementTree.Element]],
        left_out: Counter[str],
        painter: Painter,
        name: str,
    ) -> None:
        self.root, self.rules, self.ids, self.left_out, self.name = root, rules, ids, left_out, name
        self.painter = painter
        self.regions: list[Region] = []
        self._known: dict[tuple[object, ...], tuple[int, ...]] = {}
        self._open: set[str] = set()
        self._looked_at = 0

    def of(
        self, element: ElementTree.Element, said: Mapping[str, str], matrix: Matrix, around: Viewport
    ) -> tuple[int, ...]:
        """Give the numbers of the regions that an element's own clip path and mask leave."""
        found: tuple[int, ...] = ()
        for effect, tag in (("clip-path", "clipPath"), ("mask", "mask")):
            text = said.get(effect, "none").strip()
            if text not in ("none", ""):
                found += self._referred(text, tag, element, matrix, around)
        return found

    def viewport(self, size: Viewport, matrix: Matrix, said: Mapping[str, str]) -> tuple[int, ...]:
        """Give the numbers of the regions that a viewport of a size leaves: none where what overflows is visible."""
        if said.get("overflow", "hidden") in ("visible", "auto"):
            return ()
        return self._kept(("viewport", size, matrix), lambda: _rectangle((0.0, 0.0, *size), matrix))

    def _kept(self, key: tuple[object, ...], build: Callable[[], Region | None]) -> tuple[int, ...]:
        if key not in self._known:
            region = build()
            self._known[key] = () if region is None else (len(self.regions),)
            if region is not None:
                self.regions.append(region)
        return self._known[key]

    def _referred(
        self, text: str, tag: str, element: ElementTree.Element, matrix: Matrix, around: Viewport
    ) -> tuple[int, ...]:
        word = "clip" if tag == "clipPath" else "mask"
        found = re.match(r"url\(\s*['\"]?\s*#([^'\")]*?)\s*['\"]?\s*\)", text)
        if found is None:
            self.left_out[f"{word} that is no shape of the file (what it covers is drawn whole)"] += 1
            return ()
        target = self.ids().get(found[1])
        if target is None or local(target.tag) != tag:
            self.left_out[f"{word} that refers to nothing"] += 1
            return ()
        if found[1] in self._open:
            self.left_out[f"{word} that refers to itself"] += 1
            return ()
        box = self._box(target, tag, element, around)
        build = self._clip if tag == "clipPath" else self._mask
        return self._kept((found[1], matrix, around, box), lambda: build(target, element, matrix, around, box))

    def _box(self, target: ElementTree.Element, tag: str, element: ElementTree.Element, around: Viewport) -> Box | None:
        """Give the bounding box of an element in its own units where a clip or mask is told by it."""
        units = [target.get("clipPathUnits")] if tag == "clipPath" else [target.get("maskContentUnits")]
        if tag == "mask":
            units.append(target.get("maskUnits", "objectBoundingBox"))
        if "objectBoundingBox" not in units:
            return None
        style, said = self.styled(element)
        back = _inverse(_matrix_of(said, style, around))
        if back is None:
            return 0.0, 0.0, 0.0, 0.0
        painted = self._painted(element, back, around, False)[0]
        if not painted:
            return 0.0, 0.0, 0.0, 0.0
        reach = max(*around, 1e-6)
        lines = flattened([each.data for each in painted], np.array([each.matrix for each in painted]), reach * 1e-5)
        low, high = lines.lines.bounds
        if not len(lines.lines):
            return 0.0, 0.0, 0.0, 0.0
        return float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1])

    def _painted(
        self, element: ElementTree.Element, matrix: Matrix, around: Viewport, clipped: bool
    ) -> tuple[list[Painted], Mapping[str, int]]:
        painted, left_out = self.painter(element, matrix, around, clipped)
        self._count(len(painted))
        return painted, left_out

    def _count(self, elements: int) -> None:
        self._looked_at += elements
        if self._looked_at > limit("references"):
            most = limit("references")
            raise refusal("references", f"{self.name}: clips and masks repeat more than {most:,.0f} elements")

    @contextmanager
    def _within(self, target: ElementTree.Element) -> Iterator[None]:
        name = target.get("id", "")
        self._open.add(name)
        try:
            yield
        finally:
            self._open.discard(name)

    # Clip paths

    def _clip(
        self, clip: ElementTree.Element, element: ElementTree.Element, matrix: Matrix, around: Viewport, box: Box | None
    ) -> Region:
        with self._within(clip):
            inside = matrix
            if box is not None:
                inside, around = times(matrix, _unit_box(box)), (1.0, 1.0)
            style, said = self.styled(clip)
            inside = times(inside, _matrix_of(said, style, around))
            parts = [part for child in clip if (part := self._part(child, style, inside, around))]
            shown: Region = parts[0] if len(parts) == 1 else Combined(parts, some=True)
            return self._clipped(shown, self.of(element if box else clip, _only(said, "clip-path"), matrix, around))

    def _part(
        self, child: ElementTree.Element, above: dict[str, str], matrix: Matrix, around: Viewport
    ) -> Region | None:
        """Give the region of what stands in a clip path; None of what paints nothing there."""
        self._count(1)
        tag = local(child.tag)
        if tag == "text":
            self.left_out["text in a clip (what it shows is left out)"] += 1
        if tag not in SHAPES and tag != "use":
            return None
        style, said = styles.styled(child, tag, above, self.rules)
        if said.get("display") == "none" or style.get("visibility", "visible") != "visible":
            return None
        matrix = times(matrix, _matrix_of(said, style, around))
        shown: Region | None
        if tag == "use":
            target = self.ids().get((child.get("href") or child.get(XLINK) or "").removeprefix("#"))
            inside = times(matrix, shifted(child, around))
            shown = None if target is None or local(target.tag) == "use" else self._part(target, style, inside, around)
            if shown is None:
                return None
        else:
            found = flattened([outline(said, tag, around)], np.array([matrix]), FLATNESS)
            shown = Fill.of(found.lines, style.get("clip-rule", "nonzero") != "evenodd")
        return self._clipped(shown, self.of(child, _only(said, "clip-path"), matrix, around))

    def _clipped(self, shown: Region, clips: tuple[int, ...]) -> Region:
        return Combined([shown, *(self.regions[number] for number in clips)]) if clips else shown

    @cached_property
    def _parents(self) -> dict[ElementTree.Element, ElementTree.Element]:
        return {child: parent for parent in self.root.iter() for child in parent}

    def styled(self, element: ElementTree.Element) -> tuple[dict[str, str], Mapping[str, str]]:
        """Give what an element hands down and says where it stands, by all that it lies in."""
        chain = [element]
        while (parent := self._parents.get(chain[-1])) is not None:
            chain.append(parent)
        style: dict[str, str] = {}
        said: Mapping[str, str] = {}
        for each in reversed(chain):
            style, said = styles.styled(each, local(each.tag), style, self.rules)
        return style, said

    # Masks

    def _mask(
        self, mask: ElementTree.Element, element: ElementTree.Element, matrix: Matrix, around: Viewport, box: Box | None
    ) -> Region | None:
        from artkit.pens.read.masks import painting

        with self._within(mask):
            _, said = self.styled(mask)
            by_box = mask.get("maskUnits", "objectBoundingBox") == "objectBoundingBox"
            whole = (1.0, 1.0) if by_box else around
            sides = {"x": "-10%", "y": "-10%", "width": "120%", "height": "120%"}
            x, y, w, h = (length(mask.get(side, usual), whole[side in "y height"]) for side, usual in sides.items())
            unit = _unit_box(box) if box is not None else IDENTITY
            area = _rectangle((x, y, w, h), times(matrix, unit) if by_box else matrix)
            if mask.get("maskContentUnits") == "objectBoundingBox":
                inside, inner = times(matrix, unit), (1.0, 1.0)
            else:
                inside, inner = matrix, around
            painted, missing = self._painted(mask, inside, inner, True)
            shown, gray = painting(painted, self.regions, said.get("mask-type") == "alpha")
            if shown is None or any(what != "hidden element" for what in missing):
                self.left_out["mask that is no flat shape (what it covers is drawn whole)"] += 1
                return None
            if gray:
                self.left_out["mask of gray (it hides where it is darker than half)"] += 1
            return self._clipped(Combined([area, shown]), self.of(mask, _only(said, "mask"), matrix, around))


def cut(lines: Lines, path: Ints, chains: Sequence[tuple[int, ...]], regions: Sequence[Region]) -> tuple[Lines, Ints]:
    """Cut lines, each of a `path`, by all the regions whose numbers are in `chains[path]`; in the order they had."""
    kinds: dict[tuple[int, ...], int] = {(): 0}
    kind = np.array([kinds.setdefault(chain, len(kinds)) for chain in chains], np.int64)[path]
    if len(kinds) == 1:
        return lines, path
    order = np.argsort(kind, kind="stable")
    parts, origins = [], []
    bounds = np.cumsum(np.bincount(kind, minlength=len(kinds)))[:-1]
    for chain, origin in zip(kinds, np.split(order, bounds), strict=True):
        part, which = lines.take(origin), origin
        for region in chain:
            part, line = within(part, regions[region])
            which = which[line]
        parts.append(part)
        origins.append(which)
    origin = np.concatenate(origins)
    order = np.argsort(origin, kind="stable")
    return Lines.joined(parts).take(order), path[origin[order]]


def _matrix_of(said: Mapping[str, str], style: Mapping[str, str], around: Viewport) -> Matrix:
    return matrix_of(said, around, lambda: (0.0, 0.0, *around), style.get("font-size", "16"))[0]


def _only(said: Mapping[str, str], name: str) -> dict[str, str]:
    return {name: said[name]} if name in said else {}


def _unit_box(box: Box) -> Matrix:
    x, y, width, height = box
    return width, 0.0, 0.0, height, x, y


def _rectangle(box: Box, matrix: Matrix) -> Fill:
    """Give the region of a rectangle; none where it has no size."""
    x, y, width, height = box
    if not (width > 0 and height > 0):
        return Fill(np.empty((0, 2)), np.empty((0, 2)))
    corners = np.array([[x, y], [x + width, y], [x + width, y + height], [x, y + height]])
    with np.errstate(all="ignore"):
        points = mapped(corners, np.array([matrix]), np.zeros(4, np.int64))
    return Fill(points, np.roll(points, -1, axis=0))


def _inverse(matrix: Matrix) -> Matrix | None:
    a, b, c, d, e, f = matrix
    size = a * d - b * c
    if abs(size) < 1e-12:
        return None
    return d / size, -b / size, -c / size, a / size, (c * f - d * e) / size, (b * e - a * f) / size
