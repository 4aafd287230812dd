"""Selectors of style sheets: a text in, and whether an element of a tree is meant (Selectors 4).

Tags, classes, ids, attributes, all combinators, and the pseudo-classes that depend on nothing but the document.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property
from typing import NamedTuple
from xml.etree import ElementTree

from artkit.pens.read.elements import XLINK, local
from artkit.pens.read.sheets import split

Specificity = tuple[int, int, int]

LONGEST = 2_000
"""Characters of a selector that is understood; and compounds that it has at most."""

MOST = 12


class Strange(ValueError):
    """A selector that is not understood."""


class Tree:
    """Where elements stand: what they lie in, and between which others."""

    def __init__(self, root: ElementTree.Element) -> None:
        self.root = root

    @cached_property
    def parents(self) -> dict[ElementTree.Element, ElementTree.Element]:
        """What each element but the root lies in."""
        return {child: parent for parent in self.root.iter() for child in parent}

    @cached_property
    def places(self) -> dict[ElementTree.Element, int]:
        """Which child each element is, the first one is 0."""
        return {child: place for parent in self.root.iter() for place, child in enumerate(parent)}

    def siblings(self, element: ElementTree.Element) -> list[ElementTree.Element]:
        """Give the children of what an element lies in."""
        parent = self.parents.get(element)
        return [element] if parent is None else list(parent)

    @cached_property
    def _typed(self) -> dict[ElementTree.Element, tuple[int, int]]:
        found = {}
        for parent in self.root.iter():
            counts: dict[str, int] = {}
            ranks = []
            for child in parent:
                ranks.append(counts.get(child.tag, 0))
                counts[child.tag] = ranks[-1] + 1
            for rank, child in zip(ranks, parent, strict=True):
                found[child] = (rank, counts[child.tag])
        return found

    def rank(self, element: ElementTree.Element, alike: bool) -> tuple[int, int]:
        """Give which child an element is, counted from 0, and of how many: of all, or of those with its tag."""
        parent = self.parents.get(element)
        if parent is None:
            return 0, 1
        return self._typed[element] if alike else (self.places[element], len(parent))


Test = Callable[[Tree, ElementTree.Element], bool]


class Compound(NamedTuple):
    """What is asked of one element: a tag, an id, classes, and more; `before` is what leads to the one after it."""

    tag: str
    id: str
    classes: frozenset[str]
    tests: tuple[Test, ...]
    before: str = ""

    def holds(self, tree: Tree, element: ElementTree.Element) -> bool:
        """Tell whether an element is as asked."""
        if self.tag and local(element.tag) != self.tag:
            return False
        if self.id and element.get("id") != self.id:
            return False
        if self.classes and not self.classes <= set((element.get("class") or "").split()):
            return False
        return all(test(tree, element) for test in self.tests)


class Selector(NamedTuple):
    """Compounds from left to right, and how much the selector counts: its ids, classes and tags."""

    compounds: tuple[Compound, ...]
    specificity: Specificity

    @property
    def last(self) -> Compound:
        """What is asked of the element itself."""
        return self.compounds[-1]

    @property
    def is_simple(self) -> bool:
        """Whether tag, id and classes of the element alone decide."""
        return len(self.compounds) == 1 and not self.last.tests

    def holds(self, tree: Tree, element: ElementTree.Element) -> bool:
        """Tell whether an element is meant."""
        return self._holds(tree, element, len(self.compounds) - 1, {})

    def _holds(
        self,
        tree: Tree,
        element: ElementTree.Element,
        at: int,
        known: dict[tuple[ElementTree.Element, int], bool],
    ) -> bool:
        key = element, at
        if key not in known:
            known[key] = False
            known[key] = self.compounds[at].holds(tree, element) and self._led_to(tree, element, at, known)
        return known[key]

    def _led_to(
        self,
        tree: Tree,
        element: ElementTree.Element,
        at: int,
        known: dict[tuple[ElementTree.Element, int], bool],
    ) -> bool:
        if at == 0:
            return True
        way = self.compounds[at - 1].before
        if way in " >":
            parent = tree.parents.get(element)
            while parent is not None:
                if self._holds(tree, parent, at - 1, known):
                    return True
                parent = tree.parents.get(parent) if way == " " else None
            return False
        place, siblings = tree.rank(element, False)[0], tree.siblings(element)
        near = siblings[place - 1 : place] if way == "+" and place else siblings[:place] if way == "~" else []
        return any(self._holds(tree, one, at - 1, known) for one in reversed(near))


def selector_of(text: str) -> Selector:
    """Read one selector; a Strange tells of what is not understood."""
    if len(text) > LONGEST or text.count("(") > MOST:
        raise Strange(text[:40])
    compounds: list[Compound] = []
    counts = [0, 0, 0]
    at, text = 0, text.strip()
    while at < len(text):
        compound, at = _compound(text, at, counts)
        found = _COMBINATOR.match(text, at)
        assert found is not None
        way = found[0].strip() or (" " if found[0] else "")
        if (at < len(text)) != bool(way) or len(compounds) >= MOST:
            raise Strange(text)
        at = found.end()
        if way and at == len(text):
            raise Strange(text)
        compounds.append(compound._replace(before=way))
    if not compounds:
        raise Strange(text)
    return Selector(tuple(compounds), (counts[0], counts[1], counts[2]))


_COMBINATOR = re.compile(r"\s*[>+~]\s*|\s+|")
_NAME = r"(?:[\w-]|[^\x00-\x7f]|\\.)+"
_PART = re.compile(
    rf"(?P<tag>\*|{_NAME})|\#(?P<id>{_NAME})|\.(?P<cls>{_NAME})"
    rf"|\[\s*(?P<key>{_NAME})\s*(?:(?P<op>[~|^$*]?=)\s*(?P<value>\"[^\"]*\"|'[^']*'|{_NAME})\s*)?\]"
    rf"|::?(?P<pseudo>[\w-]+)(?P<open>\()?"
)


def _compound(text: str, at: int, counts: list[int]) -> tuple[Compound, int]:
    tag, own_id = "", ""
    classes: set[str] = set()
    tests: list[Test] = []
    begin = at
    while found := _PART.match(text, at):
        part = {name: value for name, value in found.groupdict().items() if value is not None}
        if "tag" in part:
            if at > begin:
                break
            tag = "" if part["tag"] == "*" else _plain(part["tag"])
            counts[2] += bool(tag)
        elif "id" in part:
            if own_id and own_id != _plain(part["id"]):
                tests.append(_never)
            own_id = _plain(part["id"])
            counts[0] += 1
        elif "cls" in part:
            classes.add(_plain(part["cls"]))
            counts[1] += 1
        elif "key" in part:
            tests.append(_attribute(part["key"], part.get("op", ""), part.get("value", "")))
            counts[1] += 1
        else:
            at = found.end()
            inside = ""
            if "open" in part:
                at, inside = _inside(text, at)
            tests.append(_pseudo(part["pseudo"].lower(), inside, found[0].startswith("::"), counts))
            continue
        at = found.end()
    if at == begin:
        raise Strange(text)
    return Compound(tag, own_id, frozenset(classes), tuple(tests)), at


def _plain(name: str) -> str:
    return re.sub(r"\\(.)", r"\1", name) if "\\" in name else name


def _inside(text: str, at: int) -> tuple[int, str]:
    """Give what stands in parentheses that were opened before `at`, and where they end."""
    deep = 1
    for mark in re.finditer("[()]", text[at:]):
        deep += 1 if mark[0] == "(" else -1
        if not deep:
            return at + mark.end(), text[at : at + mark.start()]
    raise Strange(text)


def _attribute(key: str, op: str, value: str) -> Test:
    wanted = value[1:-1] if value[:1] in "\"'" and value else _plain(value)

    def test(_: Tree, element: ElementTree.Element) -> bool:
        has = element.get(key)
        if has is None or not op:
            return has is not None
        if op == "=":
            return has == wanted
        if op == "~=":
            return wanted in has.split()
        if op == "|=":
            return has == wanted or has.startswith(wanted + "-")
        if not wanted:
            return False
        return {"^=": has.startswith(wanted), "$=": has.endswith(wanted), "*=": wanted in has}[op]

    return test


def _never(_: Tree, __: ElementTree.Element) -> bool:
    return False


_NEVER = {
    *("hover", "active", "focus", "focus-visible", "focus-within", "visited", "target", "checked", "disabled"),
    *("before", "after", "first-line", "first-letter", "selection", "placeholder", "marker", "backdrop"),
}


def _pseudo(name: str, inside: str, is_element: bool, counts: list[int]) -> Test:
    if name in _NEVER or is_element:
        counts[1] += 1
        return _never
    if name in ("not", "is", "where", "matches"):
        return _any_of(inside, name, counts)
    counts[1] += 1
    if name == "root":
        return lambda tree, element: element is tree.root
    if name == "empty":
        return lambda _, element: not len(element) and not element.text
    if name in ("link", "any-link"):
        return lambda _, element: local(element.tag) == "a" and ("href" in element.attrib or XLINK in element.attrib)
    short = {"first-child": "nth-child", "last-child": "nth-last-child"}
    short |= {"first-of-type": "nth-of-type", "last-of-type": "nth-last-of-type"}
    if name in ("only-child", "only-of-type"):
        return lambda tree, element: tree.rank(element, name == "only-of-type")[1] == 1
    step, first = (0, 1) if name in short else _steps(inside)
    name = short.get(name, name)
    if name not in short.values():
        raise Strange(name)
    alike, backward = name.endswith("type"), "last" in name

    def test(tree: Tree, element: ElementTree.Element) -> bool:
        place, of = tree.rank(element, alike)
        away = (of - place if backward else place + 1) - first
        return away == 0 if step == 0 else away % step == 0 and away // step >= 0

    return test


def _any_of(inside: str, name: str, counts: list[int]) -> Test:
    found = [selector_of(one) for one in split(inside, ",")]
    most = max(one.specificity for one in found)
    if name != "where":
        counts[:] = [a + b for a, b in zip(counts, most, strict=True)]
    return lambda tree, element: any(one.holds(tree, element) for one in found) != (name == "not")


def _steps(text: str) -> tuple[int, int]:
    """Read '2n+1', 'odd', '-n + 3' or '4'."""
    text = re.sub(r"\s+", "", text.lower())
    text = {"odd": "2n+1", "even": "2n"}.get(text, text)
    found = re.fullmatch(r"(?:([+-]?\d{0,6})n)?([+-]?\d{1,6})?", text)
    if not found or not text:
        raise Strange(text)
    step = {None: "0", "": "1", "+": "1", "-": "-1"}.get(found[1], found[1])
    return int(step or 0), int(found[2] or 0)
