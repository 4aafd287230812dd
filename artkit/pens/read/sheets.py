"""The text of style sheets and of style attributes in, rules and declarations out (CSS Syntax 3, Media Queries 4).

The scanner goes through a sheet once, however it is made.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple


class Block(NamedTuple):
    """Selectors and what they declare; the name of the @layer around them, which counts less than what has none."""

    selectors: str
    body: str
    layer: str = ""


def declared(text: str) -> Iterator[tuple[str, str, bool]]:
    """Give each declaration's name and value, and whether it is important."""
    for part in split(without_comments(text), ";"):
        name, colon, value = part.partition(":")
        if colon:
            name, (value, mark, loud) = name.strip(), value.partition("!")
            if not mark or loud.strip().lower() == "important":
                yield name if name.startswith("--") else name.lower(), value.strip(), bool(mark)


def split(text: str, separator: str) -> list[str]:
    """Split a text at a sign outside of parentheses, brackets and quotes."""
    if not _QUOTED(text):
        return text.split(separator)
    parts, start, deep, quote = [], 0, 0, ""
    for mark in re.finditer(r"[\"'()\[\]" + re.escape(separator) + "]", text):
        sign = mark[0]
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        elif sign in "([":
            deep += 1
        elif sign in ")]":
            deep = max(deep - 1, 0)
        elif not deep:
            parts.append(text[start : mark.start()])
            start = mark.end()
    return [*parts, text[start:]]


_QUOTED = re.compile(r"[\"'()\[\]]").search


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


class Sheet:
    """The rules of a sheet that hold on a screen; `told` has what is not read, in words, and `layers` their order."""

    def __init__(self, text: str, layers: dict[str, int]) -> None:
        self.text, self.layers = without_comments(text), layers
        self.told: list[str] = []

    def blocks(self) -> Iterator[Block]:
        """Give each rule that holds."""
        text = self.text
        around: list[tuple[bool, str]] = [(True, "")]  # whether what stands here holds, and its layer
        start, selectors, begin, inner = 0, "", 0, 0
        for mark in _MARKS(text):
            at, sign = mark.start(), mark[0]
            if selectors:
                inner += (sign == "{") - (sign == "}")
                if inner >= 0:
                    continue
                if around[-1][0]:
                    yield Block(selectors, self._flat(text[begin:at]), around[-1][1])
                selectors = ""
            elif sign == "{":
                before = text[start:at].strip()
                if before.startswith("@") or not before:
                    around.append(self._within(before, *around[-1]))
                else:
                    selectors, begin, inner = before, at + 1, 0
            elif sign == "}" and len(around) > 1:
                around.pop()
            elif sign == ";" and around[-1][0]:
                self._stated(text[start:at].strip())
            start = at + 1

    def _flat(self, body: str) -> str:
        """Leave rules out that stand in a rule."""
        if "{" not in body:
            return body
        self.told.append("rule within a rule of a style sheet (not read)")
        kept, start, deep = [], 0, 0
        for mark in _MARKS(body):
            sign = mark[0]
            if sign == "{":
                if not deep:
                    kept.append(body[start : mark.start()].rpartition(";")[0] + ";")
                deep += 1
            elif sign == "}" and deep:
                deep -= 1
                start = mark.end()
        return "".join([*kept, "" if deep else body[start:]])

    def _stated(self, statement: str) -> None:
        name, _, rest = statement.partition(" ")
        if name.lower() == "@import":
            self.told.append("style sheet that is elsewhere (not read)")
        elif name.lower() == "@layer":
            for layer in rest.split(","):
                self.layers.setdefault(layer.strip(), len(self.layers))

    def _within(self, rule: str, holds: bool, layer: str) -> tuple[bool, str]:
        """Tell whether what an at-rule encloses holds on a screen, and the layer that it is in."""
        name, _, query = re.sub(r"\(", " (", rule[1:], count=1).strip().partition(" ")
        name, query = name.lower(), query.strip()
        if not name:
            return False, layer
        if name == "layer":
            layer = f"{layer}.{query}" if layer else query or f" {len(self.layers)}"
            self.layers.setdefault(layer, len(self.layers))
            return holds, layer
        answer: bool | None = False
        if name == "supports":
            answer = not query.lower().startswith("not")
        elif name == "media":
            answer = on_screen(query)
        elif name in ("container", "scope", "starting-style"):
            answer = None
        if holds and answer is None:
            self.told.append(f"@{name} of a style sheet that depends on the window (not read)")
        return holds and bool(answer), layer


_MARKS = re.compile("[{};]").finditer


def on_screen(query: str) -> bool | None:
    """Tell whether a list of media queries holds on a screen; None where that depends on its size or its user."""
    answers = [_one_query(one.strip().lower()) for one in query.split(",")]
    return True if True in answers else None if None in answers else False


def _one_query(query: str) -> bool | None:
    turned = query.startswith("not ")
    parts = re.split(r"\s+and\s+", query.removeprefix("not ").removeprefix("only ").strip())
    answers = [_FEATURES.get(re.sub(r"\s+", "", part)) for part in parts]
    answer = False if False in answers else None if None in answers else True
    return answer if answer is None else answer != turned


_FEATURES = {
    **dict.fromkeys(("", "all", "screen", "(color)", "(hover)", "(hover:hover)", "(pointer:fine)"), True),
    **dict.fromkeys(("print", "speech", "tty", "tv", "projection", "handheld", "braille", "embossed", "aural"), False),
    **dict.fromkeys(("(prefers-color-scheme:light)", "(prefers-reduced-motion:no-preference)"), True),
    **dict.fromkeys(("(prefers-color-scheme:dark)", "(prefers-reduced-motion:reduce)", "(monochrome)"), False),
    **dict.fromkeys(("(prefers-contrast:more)", "(forced-colors:active)", "(inverted-colors:inverted)"), False),
}
