"""How a parameter is set by hand: a switch, a menu, a slider or a field, read off its declaration."""

from __future__ import annotations

from dataclasses import dataclass
from math import log10
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from artkit.registry.annotations import Parameter


@dataclass(frozen=True)
class Control:
    """What a notebook or a dialog shows for a parameter.

    A "choice" has `choices`; a "whole" number and a "number" have `low`, `high` and `step`, within what the
    declaration takes; all else is "text", "" where there is none.
    """

    kind: Literal["switch", "choice", "whole", "number", "text"]
    default: Any
    choices: tuple[str, ...] = ()
    low: float = 0
    high: float = 1
    step: float = 1


def control_of(parameter: Parameter) -> Control:
    """Give a parameter's control; what takes several kinds of values, or may be None, is a field of text."""
    from pydantic import TypeAdapter

    schema, default = TypeAdapter(parameter.annotation).json_schema(), parameter.default
    kinds = [kind for kind in schema.get("anyOf", ()) if kind.get("type") != "null"]
    if len(kinds) == 1 and default is not None:
        (schema,) = kinds
    if "enum" in schema:
        return Control("choice", shown(default), tuple(map(shown, schema["enum"])))
    match schema.get("type"):
        case "boolean":
            return Control("switch", bool(default))
        case "integer" | "number" if isinstance(default, (int, float)):
            return _slider(schema, default)
    return Control("text", "" if default is None else shown(default))


def _slider(schema: dict[str, Any], default: float) -> Control:
    """Give a slider: limits that are far away are drawn in to four times the default."""
    whole = schema["type"] == "integer"
    least = schema.get("minimum", schema.get("exclusiveMinimum", 0))
    most = schema.get("maximum", schema.get("exclusiveMaximum", float("inf")))
    high = min(most, max(4 * abs(default), least + 10 if whole else least + 1, 1))
    low = max(least, -high)
    odd = schema.get("not") == {"multipleOf": 2}
    step = 2.0 if odd else 1.0 if whole else 10.0 ** round(log10((high - low) / 200))
    if "exclusiveMinimum" in schema and low == least:
        low += step
    if odd:
        low, high = low + (low % 2 == 0), high - (high % 2 == 0)
    if whole:
        return Control("whole", int(default), (), int(low), int(high), int(step))
    return Control("number", float(default), (), float(low), float(high), step)


def shown(value: object) -> str:
    """Write a value as text that is read as the same value again: yes, 3.5, "red,blue", none."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return ",".join(map(shown, value))
    return "none" if value is None else str(value)
