"""How an element of an SVG is painted: what its attributes, its style and simple rules of style sheets say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree import ElementTree

from artkit.pens.read.elements import local

INHERITED = ("stroke", "fill", "stroke-width", "visibility", "color", "stroke-dasharray")


def styled(
    element: ElementTree.Element, tag: str, above: dict[str, str], rules: Mapping[str, Mapping[str, str]]
) -> tuple[dict[str, str], Mapping[str, str]]:
    """Give what an element hands down, where `above` is handed down to it, and what it says itself."""
    text = element.get("style")
    if not text and not rules:
        said: Mapping[str, str] = element.attrib
    else:
        own = dict(element.attrib)
        if rules:
            for name in (tag, *(f".{name}" for name in element.get("class", "").split()), f"#{element.get('id', '')}"):
                own.update(rules.get(name, {}))
                if name.startswith("."):
                    own.update(rules.get(tag + name, {}))
        own.update(declarations(text or ""))
        said = own
    changes = {name: said[name] for name in INHERITED if name in said and said[name] != "inherit"}
    return (above | changes if changes else above), said


def declarations(text: str) -> dict[str, str]:
    """Read 'stroke: red; fill: none'."""
    pairs = (part.partition(":") for part in text.split(";"))
    return {name.strip(): value.replace("!important", "").strip() for name, colon, value in pairs if colon}


def rules_of(root: ElementTree.Element) -> dict[str, dict[str, str]]:
    """Read the rules of style sheets whose selectors are a tag, a class, an id, or a tag with a class."""
    rules: dict[str, dict[str, str]] = {}
    for sheet in root.iter():
        if local(sheet.tag) != "style":
            continue
        text = re.sub(r"/\*.*?\*/", "", sheet.text or "", flags=re.S)
        for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", text):
            for selector in selectors.split(","):
                if re.fullmatch(r"\s*(\w+|\w*\.[\w-]+|#[\w-]+)\s*", selector):
                    rules.setdefault(selector.strip(), {}).update(declarations(body))
    return rules
