"""A page in, an SVG out: texts as texts, drawings as nested drawings whose ids are their own, pictures embedded."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence
from html import escape
from xml.etree import ElementTree

from artkit.artwork.image import Image
from artkit.export.svg.numbers import number
from artkit.gallery.sheets.labels import Heading, Label
from artkit.gallery.sheets.layout import FRAME, Page, Text
from artkit.gallery.sheets.picture import Picture, sized, text_of
from artkit.metadata.xmp import SVG, quoted
from artkit.pens.read.elements import XLINK, local

FONTS = "Aileron, Helvetica Neue, Helvetica, Arial, Liberation Sans, sans-serif"

DENSITY = 2.0
"""Pixels of a picture for each of the sheet's."""

FEW = 256
"""Colors up to which a picture is embedded as it is; of more, as JPEG."""

_FAR = frozenset(("script", "style", "foreignObject", "a"))
"""Elements that reach beyond their drawing: with one of these it is embedded as a picture of its own."""

_SILENT = frozenset(("metadata", "title", "desc", "animate", "animateTransform", "animateMotion", "set"))
"""Elements that are left out: without those that move it, a drawing that draws itself is complete."""

_REFERENCE = re.compile(r"url\(\s*(['\"]?)#")


def svg(page: Page, heading: Heading, labels: Sequence[Label], pictures: Sequence[Picture]) -> str:
    """Give the text of an SVG of the page. Each cell has its command as its title."""
    width, height = number(page.width), number(page.height)
    ElementTree.register_namespace("", SVG)
    parts = [
        f'<svg xmlns="{SVG}" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'font-family="{FONTS}">\n<title>{_text(heading.title)}</title>\n<desc>{_text(heading.about)}</desc>\n'
        f'<metadata><sheet xmlns="urn:artkit/">{"".join(map(_told, labels))}</sheet></metadata>\n'
        f'<rect width="{width}" height="{height}" fill="{page.paper}"/>\n'
    ]
    parts += (f'<rect {_place(*box[:4])} fill="{box.color}"/>\n' for box in page.boxes)
    for cell in page.cells:
        label, picture = labels[cell.place], pictures[cell.place]
        place = _place(*cell[1:])
        outer = _place(cell.x - FRAME, cell.y - FRAME, cell.width + 2 * FRAME, cell.height + 2 * FRAME)
        inner = _place(cell.x + 0.5, cell.y + 0.5, cell.width - 1, cell.height - 1)  # no rounding makes it larger
        parts.append(
            f'<g id="cell{label.number}"><title>{_text(f"{label.number}: {label.command}")}</title>\n'
            f'<rect {outer} fill="{page.frame}"/><rect {inner} fill="#fff"/>'
            f"{_embedded(picture, cell.width, place, f'c{label.number}-')}</g>\n"
        )
    parts += map(_written, page.texts)
    return "".join([*parts, "</svg>\n"])


def _place(x: float, y: float, width: float, height: float) -> str:
    return f'x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}"'


def _told(label: Label) -> str:
    return f"<cell number={quoted(str(label.number))} artwork={quoted(label.name)}>{_text(label.command)}</cell>"


def _text(text: str) -> str:
    return escape(text, quote=False)


def _written(text: Text) -> str:
    anchor = ' text-anchor="end"' if text.anchor == "end" else ""
    weight = ' font-weight="700"' if text.strong else ""
    # A name may run from right to left: it is not to turn what stands beside it.
    place = f'x="{number(text.x)}" y="{number(text.y)}" font-size="{number(text.size)}"'
    return f'<text {place} fill="{text.color}"{anchor}{weight} xml:space="preserve">{_text(text.text)}</text>\n'


def _embedded(picture: Picture, width: float, place: str, prefix: str) -> str:
    content = picture.content
    if isinstance(content, Image):
        kind, data = _encoded(content, width)
        way = ' style="image-rendering:pixelated"' if width >= 2 * content.width else ""
        return _image(kind, data, place, way)
    if any(local(element.tag) in _FAR for element in content.iter()):
        return _image("svg+xml", text_of(content).encode(), place)
    return _nested(content, picture, place, prefix)


def _image(kind: str, data: bytes, place: str, more: str = "") -> str:
    return f'<image {place}{more} href="data:image/{kind};base64,{b64encode(data).decode()}"/>'


def _encoded(image: Image, width: float) -> tuple[str, bytes]:
    """Give a picture as large as it is shown, in the format that suits it."""
    import numpy as np

    from artkit.algebra import product
    from artkit.export import encode

    size = max(round(DENSITY * width), 1)
    if size < image.width:
        image = sized(image, size, max(round(image.height * size / image.width), 1))
    colors = len(
        np.unique(product(image.pixels.reshape(-1, 3).astype(np.uint32), np.array([65536, 256, 1], np.uint32)))
    )
    kind = "png" if image.alpha is not None or colors <= FEW else "jpeg"
    return kind, encode(image, f".{kind}")


def _nested(root: ElementTree.Element, picture: Picture, place: str, prefix: str) -> str:
    """Give a drawing as an element of the sheet, its ids and what refers to them with a prefix."""
    kept = {name: value for name, value in root.attrib.items() if name in ("fill-rule", "fill", "stroke", "style")}
    box = root.get("viewBox") or f"0 0 {number(picture.width)} {number(picture.height)}"
    attributes = "".join(f" {name}={quoted(_renamed(value, prefix))}" for name, value in kept.items())
    inner = "".join(_serialized(child, prefix) for child in root if local(child.tag) not in _SILENT)
    return f"<svg {place} viewBox={quoted(box)}{attributes}>{inner}</svg>"


def _serialized(element: ElementTree.Element, prefix: str) -> str:
    from copy import deepcopy

    element = deepcopy(element)
    for each in element.iter():
        for child in [child for child in each if local(child.tag) in _SILENT]:
            each.remove(child)
        for name, value in list(each.attrib.items()):
            plain = name.rpartition("}")[2]
            if plain.startswith("on"):
                del each.attrib[name]
            elif name == "id":
                each.set(name, prefix + value)
            elif name in ("href", XLINK) and value.startswith("#"):
                each.set(name, f"#{prefix}{value[1:]}")
            elif "url(" in value:
                each.set(name, _renamed(value, prefix))
    element.tail = ""
    return ElementTree.tostring(element, "unicode")


def _renamed(value: str, prefix: str) -> str:
    return _REFERENCE.sub(lambda found: f"url({found[1]}#{prefix}", value)
