"""One element of an SVG as an SVG of its own, to be rendered where no drawing holds it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from xml.etree import ElementTree

from artkit.pens.read.elements import SVG, XLINK, local
from artkit.pens.read.lengths import length

_NAME = "http://www.w3.org/2000/svg"


class Alone(NamedTuple):
    """The way from the root of a document to one of its elements: what is drawn is that element, and all it needs."""

    way: tuple[ElementTree.Element, ...]
    what: str

    def text(self, page: tuple[float, float], box: tuple[float, float, float, float], size: tuple[int, int]) -> str:
        """Give an SVG of `size` pixels that shows a page; the document's sheet lies in `box`, left, top and size."""
        outer = ElementTree.Element(f"{SVG}svg", width=str(size[0]), height=str(size[1]))
        outer.set("viewBox", f"0 0 {page[0]!r} {page[1]!r}")
        outer.set("preserveAspectRatio", "none")
        inner = self._copied()
        for name, value in zip(("x", "y", "width", "height"), box, strict=True):
            inner.set(name, repr(value))
        outer.append(inner)
        return _written(outer)

    def _copied(self) -> ElementTree.Element:
        """Give the root; what stands beside the way is only there to be referred to."""
        root = node = ElementTree.Element(self.way[0].tag, self.way[0].attrib)
        if "viewBox" not in root.attrib and {"width", "height"} <= root.attrib.keys():
            root.set("viewBox", f"0 0 {length(root.get('width'))!r} {length(root.get('height'))!r}")
        for element, child in zip(self.way, [*self.way[1:], None], strict=True):
            if child is None:
                node.extend(_safe(list(element)))
                node.text = element.text
                break
            beside = ElementTree.SubElement(node, f"{SVG}defs")
            beside.extend(_safe([other for other in element if other is not child]))
            node = ElementTree.SubElement(node, child.tag, child.attrib)
            _lock(node)
        return root


def _safe(elements: Sequence[ElementTree.Element]) -> list[ElementTree.Element]:
    """Give elements whose pictures are within the document: others would be read from the disk."""
    for element in elements:
        for child in element.iter():
            _lock(child)
    return list(elements)


def _lock(element: ElementTree.Element) -> None:
    if local(element.tag) in ("image", "feImage"):
        for name in ("href", XLINK):
            if not element.get(name, "data:").startswith(("data:", "#")):
                del element.attrib[name]


def _written(root: ElementTree.Element) -> str:
    ElementTree.register_namespace("", _NAME)
    ElementTree.register_namespace("xlink", "http://www.w3.org/1999/xlink")
    return ElementTree.tostring(root, "unicode")
