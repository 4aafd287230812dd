"""The text of a recipe of any schema in, the same recipe in today's words out, its comments kept where that is easy."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from artkit.recipe.check import check
from artkit.recipe.migrate import Document, migrated
from artkit.recipe.parse import parse
from artkit.registry.toml import lines_of, write_key, write_value


def upgraded(text: str, where: str) -> tuple[str, bool]:
    """Give the text, and whether what was written around the recipe has been kept; a RecipeError names every fault."""
    check(*parse(text, where))
    old = tomllib.loads(text)
    new = migrated(old)
    edited = _edited(text, old, new)
    if _said(edited) == new:
        return edited, True
    return _written(new), False


def _said(text: str) -> Document | None:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):
        return None


def _edited(text: str, old: Document, new: Document) -> str:
    """Change single lines of the text: those of keys that have changed, and new ones below the step's operation.

    It does not understand all of TOML: the caller looks whether it says what it should.
    """
    end = "\r" if "\r\n" in text else ""
    lines = text.split("\n")
    known = lines_of(text)
    places: dict[int, list[str]] = {}
    for index, (before, after) in enumerate(_pairs(old, new)):
        for key in (key for key in before if before[key] != after.get(key)):
            places[known.step(index, key)] = [_statement(key, after[key]) + end] if key in after else []
        if added := [_statement(key, value) + end for key, value in after.items() if key not in before]:
            place = known.step(index, "op")
            places[place] = [*places.get(place, [lines[place - 1]]), *added]
    if "schema" in old:
        place = known.key("schema")
        places[place] = [re.sub(r"=\s*[+0-9_xob]+", f"= {new['schema']}", lines[place - 1], count=1)]
    else:
        first = min(known.keys.values(), default=1)
        places[first] = [f"schema = {new['schema']}{end}", *places.get(first, [lines[first - 1]])]
    return "\n".join(line for n, kept in enumerate(lines, 1) for line in places.get(n, [kept]))


def _pairs(old: Document, new: Document) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    yield from zip(old.get("steps", []), new.get("steps", []), strict=False)


def _statement(key: str, value: object) -> str:
    return f"{write_key(key)} = {write_value(value)}"


def _written(document: Document) -> str:
    """Write the document as it stands, without comments."""
    tables = {key: value for key, value in document.items() if isinstance(value, dict)}
    plain = {key: value for key, value in document.items() if key not in tables and key != "steps"}
    blocks = [[_statement(*item) for item in plain.items()]]
    blocks += [["[[steps]]", *(_statement(*item) for item in step.items())] for step in document["steps"]]
    blocks += [[f"[{key}]", *(_statement(*item) for item in table.items())] for key, table in tables.items()]
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"
