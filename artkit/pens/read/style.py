"""How an element of an SVG is painted: what its attributes, its style and the rules of style sheets say.

Rules count whose selector is a tag, a class, an id, or two of them together; the more specific wins, then the later,
as CSS has it. The scanner goes through a sheet once, however it is made.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import NamedTuple
from xml.etree import ElementTree

from artkit.pens.read.elements import local

INHERITED = (
    *(
        "stroke",
        "fill",
        "stroke-width",
        "visibility",
        "color",
        "stroke-dasharray",
        "stroke-dashoffset",
        "stroke-linecap",
    ),
    *("stroke-linejoin", "stroke-miterlimit", "stroke-opacity", "fill-opacity", "fill-rule", "shape-rendering"),
    *("marker-start", "marker-mid", "marker-end", "marker"),
)

READ = {
    *INHERITED,
    *(
        "display",
        "clip-path",
        "mask",
        "filter",
        "transform",
        "opacity",
        "stop-color",
        "stop-opacity",
        "mix-blend-mode",
        "transform-origin",
    ),
}
"""Properties that anything is done about."""

MOST_CLASSES = 12
"""Classes of an element that are looked at; each pair of them may be one that a rule asks for."""


class Said(NamedTuple):
    """A value, and how much it counts: important before others, then by specificity, then the later one."""

    weight: tuple[bool, int, int]
    value: str


class Rules:
    """What style sheets say; `unread` counts selectors that are not understood."""

    def __init__(self, root: ElementTree.Element) -> None:
        self.unread = 0
        self._said: dict[frozenset[str], dict[str, Said]] = {}
        self._known: dict[tuple[str, str, str], dict[str, Said]] = {}
        order = 0
        for sheet in root.iter():
            if local(sheet.tag) == "style" and (sheet.get("type") or "text/css") == "text/css":
                for selectors, body in blocks(sheet.text or ""):
                    order += 1
                    self._add(selectors, body, order)

    def __bool__(self) -> bool:
        return bool(self._said)

    def _add(self, selectors: str, body: str, order: int) -> None:
        said = [(name, value, loud) for name, value, loud in declared(body) if name in READ]
        if not said:
            return
        for selector in selectors.split(","):
            parts = _parts(selector.strip())
            if parts is None:
                self.unread += 1
                continue
            specificity = sum(100 if part[0] == "#" else 10 if part[0] == "." else part != "*" for part in parts)
            own = self._said.setdefault(parts, {})
            for name, value, loud in said:
                new = Said((loud, specificity, order), value)
                if name not in own or own[name].weight <= new.weight:
                    own[name] = new

    def of(self, element: ElementTree.Element, tag: str) -> Mapping[str, Said]:
        """Give what holds for an element."""
        key = (tag, element.get("class", ""), element.get("id", ""))
        if key not in self._known:
            self._known[key] = self._found(*key)
        return self._known[key]

    def _found(self, tag: str, classes: str, own_id: str) -> dict[str, Said]:
        names = list(dict.fromkeys(classes.split()))[:MOST_CLASSES]
        parts = [tag, *(f".{name}" for name in names), *([f"#{own_id}"] if own_id else [])]
        keys = [frozenset(["*"]), *map(frozenset, combinations(parts, 1)), *map(frozenset, combinations(parts, 2))]
        found: dict[str, Said] = {}
        for said in filter(None, map(self._said.get, keys)):
            for name, new in said.items():
                if name not in found or found[name].weight <= new.weight:
                    found[name] = new
        return found


_PART = re.compile(r"\*|[.#]?[\w-]++")


def _parts(selector: str) -> frozenset[str] | None:
    """Take a selector apart; None where it is more than a tag, a class, an id, or two of them."""
    parts: list[str] = []
    at = 0
    while len(parts) < 3 and (found := _PART.match(selector, at)):
        parts.append(found[0])
        at = found.end()
    if at < len(selector) or not 1 <= len(parts) <= 2:
        return None
    return frozenset(part for part in parts if part != "*" or len(parts) == 1)


def styled(
    element: ElementTree.Element, tag: str, above: dict[str, str], rules: Rules
) -> tuple[dict[str, str], Mapping[str, str]]:
    """Give what an element hands down, where `above` is handed down to it, and what it says itself."""
    text = element.get("style")
    if not text and not rules:
        said: Mapping[str, str] = element.attrib
    else:
        own = dict(element.attrib)
        ruled = rules.of(element, tag) if rules else {}
        own.update((name, new.value) for name, new in ruled.items())
        for name, value, loud in declared(text or ""):
            if loud or name not in ruled or not ruled[name].weight[0]:
                own[name] = value
        said = own
    changes = {name: said[name] for name in INHERITED if name in said and said[name] != "inherit"}
    return (above | changes if changes else above), said


def declarations(text: str) -> dict[str, str]:
    """Read 'stroke: red; fill: none'."""
    return {name: value for name, value, _ in declared(text)}


def declared(text: str) -> Iterator[tuple[str, str, bool]]:
    """Give each declaration's name and value, and whether it is important."""
    for part in without_comments(text).split(";"):
        name, colon, value = part.partition(":")
        if colon:
            value, loud, _ = value.partition("!important")
            yield name.strip().lower(), value.strip(), bool(loud)


def without_comments(text: str) -> str:
    """Leave out comments; one without an end goes to the end."""
    if "/*" not in text:
        return text
    kept, at = [], 0
    while (begin := text.find("/*", at)) >= 0:
        kept.append(text[at:begin])
        end = text.find("*/", begin + 2)
        at = end + 2 if end >= 0 else len(text)
    return " ".join([*kept, text[at:]])


def blocks(sheet: str) -> Iterator[tuple[str, str]]:
    """Give the selectors and the body of each rule that holds on a screen."""
    text = without_comments(sheet)
    around = [True]  # whether what stands here holds: within @media print it does not
    start, selectors, begin, inner = 0, "", 0, 0
    for mark in re.finditer("[{};]", text):
        at, sign = mark.start(), mark[0]
        if selectors:
            inner += (sign == "{") - (sign == "}")
            if inner >= 0:
                continue
            if around[-1]:
                yield selectors, text[begin:at]
            selectors = ""
        elif sign == "{":
            before = text[start:at].strip()
            if before.startswith("@") or not before:
                around.append(around[-1] and _holds(before))
            else:
                selectors, begin, inner = before, at + 1, 0
        elif sign == "}" and len(around) > 1:
            around.pop()
        start = at + 1


def _holds(rule: str) -> bool:
    """Whether what an at-rule encloses holds on a screen; what depends on a window's size is taken for no."""
    name, _, query = rule[1:].strip().partition(" ")
    if name.lower() in ("supports", "layer", "container"):
        return name.lower() != "container"
    if name.lower() != "media":
        return False
    return any(one.strip().lower().removeprefix("only ") in ("", "all", "screen") for one in query.split(","))
