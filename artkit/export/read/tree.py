"""The elements of an SVG in the order in which they are drawn: shapes with all that holds for them, and strangers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple
from xml.etree import ElementTree

from artkit.errors import ArtkitError
from artkit.export.read.alone import Alone
from artkit.export.read.paints import opacity_of
from artkit.export.read.soft import Soft, soft_of
from artkit.limits import limit, refusal, within
from artkit.pens.names import LONGEST
from artkit.pens.read.elements import INKSCAPE, XLINK, local
from artkit.pens.read.lengths import IDENTITY, BadNumber, Matrix, Viewport, shifted, times
from artkit.pens.read.shapes import outline
from artkit.pens.read.style import Rules, styled
from artkit.pens.read.transforms import matrix_of

_DRAWN = {"path", "line", "polyline", "polygon", "rect", "circle", "ellipse"}
_GROUPS = {"g", "svg", "a", "switch"}
_STRANGE = {"image": "picture", "foreignObject": "foreign object", "mesh": "mesh"}
_TEXT = {"text", "flowRoot"}
_TRANSFORMS = {"transform", ":transform", ":translate", ":rotate", ":scale"}
_EFFECTS = {"clip-path": "clip", "mask": "mask", "filter": "filter"}


class Layer(NamedTuple):
    """What shapes of one layer have in common: a number of the group that they are in, its name, how soft it is."""

    group: int
    name: str = ""
    soft: Soft = Soft()
    crisp: bool = False


class Found(NamedTuple):
    """A shape: the path data of its outline, its style, the matrix to the sheet, its opacity, and where it stands."""

    data: str
    style: dict[str, str]
    matrix: Matrix
    opacity: float
    layer: Layer
    alone: Alone
    bare: bool


_LOOSE = Layer(0)


@dataclass
class _State:
    matrix: Matrix = IDENTITY
    layer: Layer = _LOOSE
    depth: int = 0
    opacity: float = 1.0
    copied: int = 0
    style: dict[str, str] = field(default_factory=dict)
    way: tuple[ElementTree.Element, ...] = ()


class Tree:
    """Goes through a document; `left_out` counts what is not drawn, in words."""

    def __init__(self, root: ElementTree.Element, matrix: Matrix, around: Viewport, name: str) -> None:
        self.root, self.matrix, self.around, self.name = root, matrix, around, name
        self.left_out: Counter[str] = Counter()
        self.rules = Rules(root)
        self.left_out.update(self.rules.told)
        self.groups = 0
        self._copies: dict[int, str] = {}

    @cached_property
    def ids(self) -> dict[str, ElementTree.Element]:
        """The elements that references may mean."""
        return {child.get("id", ""): child for child in self.root.iter() if child.get("id")}

    def items(self) -> Iterator[Found | Alone]:
        """Give what is drawn, lowest first."""
        stack: list[ElementTree.Element | Found | Alone] = []
        states = [_State(self.matrix)]
        stack.append(self.root)
        copies, most = 0, limit("references")
        while stack:
            element, state = stack.pop(), states.pop()
            if isinstance(element, (Found, Alone)):
                yield element
                continue
            copies += state.copied > 0
            if copies > most:
                raise refusal("references", f"{self.name}: <use> repeats more than {most:,.0f} elements")
            try:
                inside = list(self._visit(element, state))
            except BadNumber:
                self.left_out["element with a number that is none"] += 1
                continue
            for child, under in reversed(inside):
                stack.append(child)
                states.append(under)

    def _visit(
        self, element: ElementTree.Element, state: _State
    ) -> Iterator[tuple[ElementTree.Element | Found | Alone, _State]]:
        tag = local(element.tag)
        if tag in _TEXT:
            self.left_out["text, as there are no fonts: turn it into paths"] += 1
        if tag not in _DRAWN and tag not in _GROUPS and tag != "use" and tag not in _STRANGE:
            return
        style, own = styled(element, tag, state.style, self.rules)
        if own.get("display") == "none":
            return
        # What a <use> shows cannot be found by a way from the root: there the <use> itself is rendered.
        way = state.way if state.copied else (*state.way, element)
        opacity = state.opacity * opacity_of(own.get("opacity"))
        soft = self._soft(own, state) if tag == "g" else None
        strange = self._strange(element, tag, style, own, soft is not None)
        if strange:
            yield Alone((way,), (strange,)), state
            return
        if own.get("mix-blend-mode", "normal") != "normal":
            self.left_out["way of mixing (drawn over what lies beneath)"] += 1
        own_matrix, told = matrix_of(own, self.around, lambda: (0.0, 0.0, *self.around), style.get("font-size", "16"))
        matrix = times(state.matrix, own_matrix)
        if told:
            self.left_out[told] += 1
        crisp = style.get("shape-rendering") == "crispEdges"
        if tag in _DRAWN:
            if style.get("visibility", "visible") != "visible":
                return
            layer, alone = state.layer._replace(crisp=crisp), Alone((way,), ("shape",))
            data = outline(own, tag, self.around)
            yield Found(data, style, matrix, opacity, layer, alone, tag == "rect" and state.depth == 1), state
            return
        within("depth", state.depth, f"{self.name}: has elements within each other to")
        layer = state.layer
        if state.depth == 1 and tag == "g":
            self.groups += 1
            label = (element.get(f"{INKSCAPE}label") or "")[:LONGEST]
            layer = Layer(self.groups, label, soft or Soft())
        elif state.depth == 1:
            self.groups += 1
            layer = Layer(self.groups)
        inside = replace(
            state, matrix=matrix, layer=layer, depth=state.depth + 1, opacity=opacity, style=style, way=way
        )
        if tag == "use":
            yield from self._used(element, inside)
            return
        for child in list(element)[:1] if tag == "switch" else element:
            yield child, inside

    def _soft(self, own: Mapping[str, str], state: _State) -> Soft | None:
        """Give what artkit's own filter does to a layer, scaled to the sheet."""
        name = own.get("filter", "none")
        a, b, c, d, _, _ = state.matrix
        if state.depth != 1 or not name.startswith("url(#") or b or c or abs(a - d) > 1e-9 * abs(a):
            return None
        element = self.ids.get(name[5:].rstrip(") "))
        found = soft_of(element) if element is not None and local(element.tag) == "filter" else None
        return found.scaled(a) if found else None

    def _strange(
        self, element: ElementTree.Element, tag: str, style: Mapping[str, str], own: Mapping[str, str], soft: bool
    ) -> str:
        """Say why no drawing holds an element, or nothing."""
        if tag in _STRANGE:
            return _STRANGE[tag]
        for effect, word in _EFFECTS.items():
            if own.get(effect, "none") != "none" and not (effect == "filter" and soft):
                return word
        if own.get(":transform-box", "view-box") != "view-box" and not own.keys().isdisjoint(_TRANSFORMS):
            return "transform about its own box"
        if tag == "svg" and element is not self.root:
            return "drawing within the drawing"
        if tag in _DRAWN:
            return _strange_shape(style, own)
        if opacity_of(own.get("opacity")) < 1 and sum(local(child.tag) in _DRAWN for child in element.iter()) != 1:
            return "group that is translucent as a whole"
        if tag == "use":
            return self._strange_copy(element)
        return ""

    def _strange_copy(self, element: ElementTree.Element) -> str:
        target = self._target(element)
        if target is None:
            return ""
        if id(target) not in self._copies:
            self._copies[id(target)] = ""  # what refers to itself is refused elsewhere
            self._copies[id(target)] = self._strange_within(target)
        return self._copies[id(target)]

    def _strange_within(self, target: ElementTree.Element) -> str:
        for child in target.iter():
            tag = local(child.tag)
            if tag in ("symbol", "svg"):
                return "symbol"
            style, own = styled(child, tag, {}, self.rules)
            if (tag in _DRAWN or tag in _GROUPS or tag in _STRANGE) and self._strange(child, tag, style, own, False):
                return "copy of what is no path"
        return ""

    def _target(self, element: ElementTree.Element) -> ElementTree.Element | None:
        return self.ids.get((element.get("href") or element.get(XLINK) or "").removeprefix("#"))

    def _used(self, element: ElementTree.Element, inside: _State) -> Iterator[tuple[ElementTree.Element, _State]]:
        target = self._target(element)
        if target is None:
            self.left_out["reference to nothing"] += 1
            return
        if inside.copied > 20:
            raise ArtkitError(f"{self.name}: <use> refers to itself, or through more than 20 others; refused")
        yield (
            target,
            replace(inside, matrix=times(inside.matrix, shifted(element, self.around)), copied=inside.copied + 1),
        )


def _strange_shape(style: Mapping[str, str], own: Mapping[str, str]) -> str:
    """Say why no drawing holds a shape: its stroke and its fill together are translucent, or have things on them."""
    stroked = style.get("stroke", "none") != "none"
    if stroked and style.get("fill", "") != "none" and opacity_of(own.get("opacity")) < 1:
        return "shape whose fill and stroke are translucent as one"
    if any(style.get(f"marker{end}", "none") != "none" for end in ("", "-start", "-mid", "-end")):
        return "marker"
    if stroked and own.get("vector-effect", "none") != "none":
        return "stroke that does not scale"
    return ""
