"""Elements of an SVG as an SVG of their own, to be rendered where no drawing holds them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple
from xml.etree import ElementTree

from artkit.pens.read.elements import SVG, XLINK, local
from artkit.pens.read.lengths import length

_NAME = "http://www.w3.org/2000/svg"


Way = tuple[ElementTree.Element, ...]
"""Elements from the root of a document to one of them."""


class Alone(NamedTuple):
    """The ways to some elements that are drawn one after the other, and for each why no drawing holds it."""

    ways: tuple[Way, ...]
    whats: tuple[str, ...]

    @classmethod
    def together(cls, several: Iterable[Alone]) -> Alone:
        """Give elements that follow each other as one."""
        several = list(several)
        return cls(
            tuple(way for one in several for way in one.ways), tuple(what for one in several for what in one.whats)
        )

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
        """Give the root; what stands beside the ways is only there to be referred to."""
        kept = {id(way[-1]) for way in self.ways}
        passed = {id(element) for way in self.ways for element in way[:-1]} - kept
        root = self.ways[0][0]
        made = ElementTree.Element(root.tag, root.attrib)
        if "viewBox" not in root.attrib and {"width", "height"} <= root.attrib.keys():
            made.set("viewBox", f"0 0 {length(root.get('width'))!r} {length(root.get('height'))!r}")
        waiting = [(root, made)]
        while waiting:
            element, copy = waiting.pop()
            if id(element) in kept:
                copy.text = element.text
                copy.extend(_safe(element))
                continue
            beside = ElementTree.SubElement(copy, f"{SVG}defs")
            for child in element:
                if id(child) in kept or id(child) in passed:
                    node = ElementTree.SubElement(copy, child.tag, child.attrib)
                    _lock(node)
                    waiting.append((child, node))
                else:
                    beside.extend(_safe([child]))
        return made


def _safe(elements: Iterable[ElementTree.Element]) -> list[ElementTree.Element]:
    """Give elements whose pictures are within the document: others would be read from the disk."""
    found = list(elements)
    for element in found:
        for child in element.iter():
            _lock(child)
    return found


def _lock(element: ElementTree.Element) -> None:
    if local(element.tag) in ("image", "feImage"):
        for name in ("href", XLINK):
            if not element.get(name, "data:").startswith(("data:", "#")):
                del element.attrib[name]


def _written(root: ElementTree.Element) -> str:
    ElementTree.register_namespace("", _NAME)
    ElementTree.register_namespace("xlink", "http://www.w3.org/1999/xlink")
    return ElementTree.tostring(root, "unicode")
