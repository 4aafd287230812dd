"""Writes `docs/reference.md` (every op and its parameters) and `docs/recipe.schema.json`, from the ops' declarations.

Without a folder it writes `artkit/ops/__init__.pyi` beside them; see `stubs.py`.

    python docs/reference.py [FOLDER]

The folder is the checkout's `docs` unless it is given. Only artkit's own ops are described, so that the pages do not
depend on what else is installed.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import stubs

from artkit import registry
from artkit.recipe import schema
from artkit.registry import Op, Parameter
from artkit.registry.toml import write_value


def pages() -> dict[str, str]:
    """Give every generated page's text by its file's name."""
    own = json.dumps(schema(_is_own), indent=2, ensure_ascii=False)
    return {"reference.md": markdown(), "recipe.schema.json": own + "\n"}


def write(folder: Path) -> list[Path]:
    """Write the pages into a folder and give their paths."""
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    return [folder / name for name in pages()]


def markdown() -> str:
    """Describe all of artkit's own ops, family by family."""
    ops = [op for op in registry.all_ops().values() if _is_own(op)]
    parts = [_INTRODUCTION]
    for family in sorted({op.family for op in ops}):  # in the order of `artkit ops`
        members = [op for op in ops if op.family == family]
        listed = "\n".join(f"- [{op.name}](#{op.name}): {op.summary}" for op in members)
        name, about = registry.heading(family)
        parts += [
            f"## {name}",
            *([f"{about[:1].upper()}{about[1:]}"] if about else []),
            listed,
            *map(describe, members),
        ]
    from artkit.recipe.clip import CLIP
    from artkit.recipe.motion import SETTINGS

    parts += ["## Settings of `[animate]`", _ANIMATE, table(SETTINGS)]
    parts += ["## Settings of `[footage]`", _FOOTAGE, table(CLIP)]
    return "\n\n".join(parts) + "\n"


def describe(op: Op[Any, Any]) -> str:
    """Describe one op in Markdown: docstring, types, a table of parameters."""
    accepts = " or ".join(kind.__name__ for kind in op.accepts)
    lines = [f"### {op.name}", op.summary, f"{accepts} → {op.gives.__name__}"]
    if op.details:
        lines.append(op.details)
    if op.parameters:
        lines.append(table(op))
    return "\n\n".join(lines)


def table(op: Op[Any, Any]) -> str:
    """Give the table of an op's parameters."""
    rows = ["| parameter | value | default | description |", "| --- | --- | --- | --- |"]
    for parameter in op.parameters.values():
        cells = (f"`{parameter.name}`", values(op, parameter), default(op, parameter), parameter.description)
        rows.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    return "\n".join(rows)


def values(op: Op[Any, Any], parameter: Parameter) -> str:
    """Say in words which values a parameter takes, as in 'whole number, 1 to 999'."""
    made = op.model.model_json_schema()
    return _in_words(made["properties"][parameter.name], made.get("$defs", {}))


def default(op: Op[Any, Any], parameter: Parameter) -> str:
    """Give a parameter's default as TOML, 'needed' where there is none and nothing where it is None."""
    if parameter.required:
        return "needed"
    value = op.model.model_json_schema()["properties"][parameter.name].get("default")
    return "" if value is None else f"`{write_value(value)}`"


_INTRODUCTION = """\
# Reference of operations

<!-- Written by `python docs/reference.py` from the ops' declarations; edit those instead. -->

Every operation that a step of a [recipe](recipes.md) can name. `Image → Labels` says what it works on and what it
gives. Where an Image is wanted, Labels are painted first. An op from Image to Image that follows an Animation is
applied to each of its frames. In Python they are functions, with underscores for the hyphens:
`artkit.ops.median("cat.jpg", size=9)`."""


_FOOTAGE = """\
What a recipe may say in `[footage]` of a photo that moves; see [animations](animation.md#moving-pictures-in)."""

_ANIMATE = """\
What a recipe may say in `[animate]`, besides `vary`; see [animations](animation.md)."""


def _is_own(op: Op[Any, Any]) -> bool:
    return op.function.__module__.startswith("artkit.")


def _in_words(made: dict[str, Any], defs: dict[str, Any]) -> str:
    if "$ref" in made:
        return _in_words(defs[made["$ref"].rpartition("/")[2]], defs)
    if "anyOf" in made:
        members = [member for member in made["anyOf"] if member.get("type") != "null"]
        return " or ".join(dict.fromkeys(_in_words(member, defs) for member in members))
    if "allOf" in made:
        return _in_words(made["allOf"][0], defs)
    if "enum" in made or "const" in made:
        return ", ".join(f"`{write_value(value)}`" for value in made.get("enum", [made.get("const")]))
    match made.get("type"):
        case "array" if "prefixItems" in made:
            return f"list of {', '.join(_in_words(item, defs) for item in made['prefixItems'])}"
        case "array":
            item, comma, limits = _in_words(made.get("items", {}), defs).partition(",")
            return f"list of {item}{'s' * item[-1].isalpha()}{comma}{limits}{_counted(made)}"
        case "integer":
            return "whole number" + (", odd" if made.get("not") == {"multipleOf": 2} else "") + _range(made)
        case "number":
            return "number" + _range(made)
        case "boolean":
            return "`true` or `false`"
        case "string":
            return "string"
        case kind:
            return str(kind or "any value")


def _range(made: dict[str, Any]) -> str:
    def limit(*keys: str) -> Any:
        found = next((made[key] for key in keys if key in made), None)
        return round(found) if isinstance(found, float) and found.is_integer() else found

    low, high = limit("minimum", "exclusiveMinimum"), limit("maximum", "exclusiveMaximum")
    if "minimum" in made and "maximum" in made:
        return f", {low} to {high}"
    least = "" if low is None else f", {low} or more" if "minimum" in made else f", above {low}"
    most = "" if high is None else f", at most {high}" if "maximum" in made else f", below {high}"
    return least + most


def _counted(made: dict[str, Any]) -> str:
    low, high = made.get("minItems"), made.get("maxItems")
    if low and high:
        return f", {low} of them" if low == high else f", {low} to {high} of them"
    return f", {low} or more" if low else f", at most {high}" if high else ""


if __name__ == "__main__":
    checkout = Path(__file__).parent
    for path in write(Path(sys.argv[1]) if len(sys.argv) > 1 else checkout):
        sys.stdout.write(f"{path}\n")
    if len(sys.argv) == 1:
        sys.stdout.write(f"{stubs.write()}\n")
