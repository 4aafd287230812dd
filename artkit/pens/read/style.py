"""How an element of an SVG is painted: what its attributes, its style and the rules of style sheets say.

The cascade of CSS: attributes, then rules by layer, by how specific they are and by their order, then the style
attribute; what is important before all others. A value that is none is passed over, as browsers do.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple
from xml.etree import ElementTree

from artkit.color.css import css_color
from artkit.limits import limit, refusal
from artkit.pens.read.elements import local
from artkit.pens.read.lengths import BadNumber, in_pixels, length
from artkit.pens.read.selectors import Selector, Specificity, Strange, Tree, selector_of
from artkit.pens.read.sheets import Sheet, declared, on_screen, split
from artkit.pens.read.transforms import is_css_transform

INHERITED = frozenset(
    [
        "stroke",
        "fill",
        "stroke-width",
        "visibility",
        "color",
        "stroke-dasharray",
        "stroke-dashoffset",
        "stroke-linecap",
        "stroke-linejoin",
        "stroke-miterlimit",
        "stroke-opacity",
        "fill-opacity",
        "fill-rule",
        "clip-rule",
        "shape-rendering",
        "marker-start",
        "marker-mid",
        "marker-end",
        "font-size",
    ]
)

GEOMETRY = frozenset(["x", "y", "width", "height", "cx", "cy", "r", "rx", "ry", "d"])

READ = (
    INHERITED
    | GEOMETRY
    | frozenset(
        [
            "display",
            "clip-path",
            "mask",
            "mask-type",
            "filter",
            "transform",
            "translate",
            "rotate",
            "scale",
            "transform-origin",
            "transform-box",
            "opacity",
            "overflow",
            "stop-color",
            "stop-opacity",
            "mix-blend-mode",
            "vector-effect",
            "offset-path",
            "animation",
            "animation-name",
            "marker",
            "font",
        ]
    )
)
"""Properties that anything is done about."""

ONLY_CSS = frozenset(
    ["transform", "translate", "rotate", "scale", "transform-box", "offset-path", "animation", "animation-name"]
)
"""Properties that attributes of the same name do not set, or set in another grammar; they are told as ':rotate'."""


class Said(NamedTuple):
    """A value, and how much it counts: important ones, then by layer, by specificity, then the later one."""

    weight: tuple[bool, int, Specificity, int]
    value: str


_Values = dict[str, Said]

STEPS = 40
"""Times the limit of elements that rules may be tried on elements."""


class Rules:
    """What style sheets say; `told` counts, in words, what of them is not read."""

    def __init__(self, root: ElementTree.Element) -> None:
        self.told: Counter[str] = Counter()
        self.tree = Tree(root)
        self._rules: dict[str, list[tuple[Selector, _Values]]] = {}
        self._known: dict[tuple[str, str, str], tuple[_Values, list[tuple[Selector, _Values]]]] = {}
        self.known: dict[object, _Known] = {}
        self._steps = 0.0
        sheets = [sheet for sheet in root.iter() if local(sheet.tag) == "style" and _is_css(sheet)]
        layers: dict[str, int] = {}
        order = 0
        for element in sheets:
            sheet = Sheet(element.text or "", layers)
            for selectors, body, layer in sheet.blocks():
                order += 1
                rank = layers.get(layer, len(layers)) if layer else 1 << 30
                self._add(selectors, body, rank, order)
            self.told.update(sheet.told)

    def __bool__(self) -> bool:
        return bool(self._rules)

    def _add(self, selectors: str, body: str, rank: int, order: int) -> None:
        said = [(name, value, loud) for name, value, loud in _read(body)]
        if not said:
            return
        for text in split(selectors, ","):
            try:
                selector = selector_of(text)
            except Strange:
                self.told["selector of a style sheet that is not understood"] += 1
                continue
            last = selector.last
            key = f"#{last.id}" if last.id else f".{min(last.classes)}" if last.classes else last.tag
            values = {
                name: Said((loud, -rank if loud else rank, selector.specificity, order), value)
                for name, value, loud in said
            }
            self._rules.setdefault(key, []).append((selector, values))

    def of(self, element: ElementTree.Element, tag: str) -> _Values:
        """Give what holds for an element; the same object for elements of one kind, unless a rule asks for more."""
        own_id = element.get("id", "")
        key = (tag, element.get("class", ""), own_id if f"#{own_id}" in self._rules else "")
        if key not in self._known:
            self._known[key] = self._found(element, *key)
        found, more = self._known[key]
        self._count(len(more))
        more = [rule for rule in more if rule[0].holds(self.tree, element)]
        if not more:
            return found
        found = dict(found)
        for _, values in more:
            _lay(found, values)
        return found

    def _found(
        self, element: ElementTree.Element, tag: str, classes: str, own_id: str
    ) -> tuple[_Values, list[tuple[Selector, _Values]]]:
        names = ["", tag, *(f".{name}" for name in set(classes.split())), *([f"#{own_id}"] if own_id else [])]
        found: _Values = {}
        more = []
        for name in names:
            rules = self._rules.get(name, ())
            self._count(len(rules))
            for selector, values in rules:
                if not selector.is_simple:
                    more.append((selector, values))
                elif selector.last.holds(self.tree, element):
                    _lay(found, values)
        return found, more

    def _count(self, steps: int) -> None:
        self._steps += steps
        if self._steps > STEPS * limit("elements"):
            raise refusal("elements", f"style sheets ask {written_times(self._steps)} what an element is")


def written_times(steps: float) -> str:
    """Say how often."""
    return f"{steps / 1e6:.0f} million times"


def _lay(found: _Values, values: _Values) -> None:
    for name, new in values.items():
        if name not in found or found[name].weight <= new.weight:
            found[name] = new


def _is_css(sheet: ElementTree.Element) -> bool:
    media = on_screen(sheet.get("media") or "")
    return (sheet.get("type") or "text/css").strip().lower() == "text/css" and media is not False


class _Known(NamedTuple):
    """What elements hand down, what style sets in place of their attributes, None for nothing; and what that is of."""

    style: dict[str, str]
    instead: dict[str, str | None]
    of: object


def styled(
    element: ElementTree.Element, tag: str, above: dict[str, str], rules: Rules
) -> tuple[dict[str, str], Mapping[str, str]]:
    """Give what an element hands down, where `above` is handed down to it, and what it says itself.

    That is its attributes, with what style sheets and its style attribute set in their places, what is handed down left
    aside. Elements that say the same below the same one share the object that they hand down.
    """
    said = element.attrib
    text = said.get("style")
    ruled = rules.of(element, tag) if rules else None
    changes = [item for item in said.items() if item[0] in INHERITED]
    if not text and not ruled and not changes:
        return above, said
    key = id(above), id(ruled), text, *changes
    found = rules.known.get(key)
    if found is None or found.of[0] is not above or found.of[1] is not ruled:  # type: ignore[index]
        found = rules.known[key] = _known(dict(changes), text or "", ruled or {}, above)._replace(of=(above, ruled))
    if not found.instead:
        return found.style, said
    own = dict(said)
    for name, value in found.instead.items():
        if value is None:
            own.pop(name, None)
        else:
            own[name] = value
    return found.style, own


def _known(changes: dict[str, str], text: str, ruled: _Values, above: dict[str, str]) -> _Known:
    values = {name: (new.weight[0], new.value) for name, new in ruled.items()}
    for name, value, loud in _read(text):
        if loud or not values.get(name, (False,))[0]:
            values[name] = loud, value
    instead: dict[str, str | None] = {}
    for name, (_, value) in values.items():
        if name.startswith("--") or name in INHERITED:
            changes[name] = value
            continue
        instead[f":{name}" if name in ONLY_CSS else name] = None if value.lower() in WIDE else value
        if name == "transform":
            instead["transform"] = None
    style = above | dict(_settled(changes, above)) if changes else above
    for name, given in instead.items():
        if given and "var(" in given:
            instead[name] = _with_variables(given, style) or None
    return _Known(style, instead, None)


def _settled(changes: dict[str, str], above: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Give what an element changes of what is handed down to it, in values that mean the same for all below it."""
    custom = {name: value for name, value in changes.items() if name.startswith("--")}
    yield from custom.items()
    size = float(above.get("font-size", "16"))
    if "font-size" in changes:
        size = _font_size(changes["font-size"], size)
        yield "font-size", f"{size:g}"
    for name, value in changes.items():
        if name in custom or name == "font-size":
            continue
        if "var(" in value:
            value = _with_variables(value, above | custom)
        word = value.strip().lower()
        if word in ("inherit", "unset", "revert", "revert-layer"):
            continue
        if word == "initial":
            yield name, INITIAL.get(name, "")
        elif name == "color" and word == "currentcolor":
            continue
        elif _is_valid(name, value):
            yield name, in_pixels(value, size) if name in _LENGTHS else value


INITIAL = {"stroke": "none", "fill": "black", "stroke-width": "1", "visibility": "visible", "color": "black"}

_LENGTHS = {"stroke-width", "stroke-dasharray", "stroke-dashoffset"}


def _font_size(text: str, above: float) -> float:
    sizes = {"xx-small": 9.0, "x-small": 10.0, "small": 13.0, "medium": 16.0, "large": 18.0, "x-large": 24.0}
    sizes |= {"xx-large": 32.0, "smaller": above / 1.2, "larger": above * 1.2}
    word = text.strip().lower()
    try:
        return sizes[word] if word in sizes else max(length(in_pixels(word, above), above), 0.0)
    except BadNumber:
        return above


def _read(text: str) -> Iterator[tuple[str, str, bool]]:
    """Give the declarations of a text that are read, and valid."""
    for name, value, loud in declared(text):
        if name.startswith("--"):
            yield name, value, loud
        elif name not in READ or not ("var(" in value or value.lower() in WIDE or _is_valid(name, value, True)):
            continue
        elif name == "marker":
            for end in ("start", "mid", "end"):
                yield f"marker-{end}", value, loud
        elif name == "font":
            if found := re.search(r"(?<![\w.])([0-9.]+(?:px|pt|mm|cm|in|pc|q|em|rem|%))", value, re.I):
                yield "font-size", found[1], loud
        else:
            yield name, value, loud


WIDE = ("inherit", "initial", "unset", "revert", "revert-layer")
"""Values that every property may have."""


@lru_cache(maxsize=4096)
def _is_valid(name: str, value: str, css: bool = False) -> bool:
    """Tell whether a browser takes a value for a property; those that are not known here are taken."""
    word = value.strip().lower()
    if name in ("stroke", "fill"):
        return word in _PAINTS or word.startswith("url(") or is_color(word)
    if name in ("color", "stop-color"):
        return word == "currentcolor" or is_color(word)
    if name == "visibility":
        return word in ("visible", "hidden", "collapse")
    if name.endswith("opacity"):
        return _is_length(word, units=False)
    if name == "stroke-width":
        return not word.startswith("-") and _is_length(word)
    if css and name in ("transform", "translate", "rotate", "scale"):
        text = in_pixels(value, 16.0)
        return word == "none" or is_css_transform(text if name == "transform" else f"{name}3({text})")
    if css and name in ("width", "height"):
        bare = re.fullmatch(r"[+-]?[0-9.]+", word) and not re.fullmatch(r"[+-]?[0.]+", word)
        return word in ("auto", "none") or not bare
    return bool(word)


_PAINTS = {"none", "currentcolor", "context-fill", "context-stroke"}
_MIXED = re.compile(r"(?:color-mix|light-dark|contrast-color|device-cmyk)\(|[a-z]{3,5}\((?:from |.*calc\()")


def is_color(text: str) -> bool:
    """Tell whether a browser takes a text for a color, understood here or not."""
    return css_color(text) is not None or bool(_MIXED.match(text[:200]))


def _is_length(text: str, units: bool = True) -> bool:
    if "(" in text:
        return True  # calc() and its like: left to who reads the number
    try:
        length(in_pixels(text, 16.0), 1.0)
    except BadNumber:
        return False
    return units or not re.search("[a-df-z]", text)


def _with_variables(value: str, known: Mapping[str, str]) -> str:
    """Put the values of custom properties in their places; '' where there is none, as for a value that is invalid."""
    for _ in range(20):
        found = re.search(r"var\(\s*(--[^\s,()]+)\s*(?:,([^()]*(?:\([^()]*\)[^()]*)*))?\)", value)
        if not found or len(value) > 2_000:
            break
        instead = known.get(found[1], found[2])
        if instead is None:
            return ""
        value = value[: found.start()] + instead.strip() + value[found.end() :]
    return "" if "var(" in value else value
