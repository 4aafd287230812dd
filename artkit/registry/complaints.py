"""A pydantic ValidationError in, what is wrong with each parameter in the user's words out."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from artkit.errors import did_you_mean, number
from artkit.registry.toml import write_value

if TYPE_CHECKING:
    from pydantic import ValidationError


def complaints(
    error: ValidationError, parameters: Collection[str], noun: str = "parameter"
) -> Iterator[tuple[str, str]]:
    """Give (parameter, line) for each parameter that is complained of; `parameters` are the ones that there are."""
    by_name: dict[str, list[Any]] = {}
    for fault in error.errors(include_url=False):
        by_name.setdefault(str(fault["loc"][0]) if fault["loc"] else "", []).append(fault)
    for name, faults in by_name.items():
        if name not in parameters:
            hint = did_you_mean(name, parameters) if parameters else "; it takes none"
            yield name, f"no {noun} {name!r}{hint}"
        elif faults[0]["type"] == "missing" and len(faults[0]["loc"]) == 1:
            yield name, f"{name}: a value is needed"
        else:
            yield name, f"{name}: {_complaint(faults)}"


def of_text(error: ValidationError) -> str:
    """Say in one phrase what is wrong with a value of the command line; numbers are shown without quotes."""
    faults: list[Any] = [dict(fault) for fault in error.errors(include_url=False)]
    for fault in faults:
        if fault["type"] in _OF_RANGE and isinstance(fault["input"], str) and _is_number(fault["input"]):
            value = float(fault["input"])
            fault["input"] = int(value) if value.is_integer() else value
    return _complaint(faults)


def _complaint(faults: list[Any]) -> str:
    """Say in one phrase what is wrong with a parameter. For a union of types pydantic gives a fault for each member."""
    # Items that are wrong are not counted, and the list is called too short besides.
    deepest = max(len(fault["loc"]) for fault in faults)
    faults = [fault for fault in faults if fault["type"] != "too_short" or len(fault["loc"]) == deepest]
    if len(faults) > 1 and any(isinstance(part, str) for fault in faults for part in fault["loc"][1:]):
        # The member that was meant takes the value's type, and finds it out of range or one of its items wrong.
        other = {*_OF_TYPE, "literal_error", "enum"}
        meant = [fault for fault in faults if fault["type"] not in other or isinstance(fault["loc"][-1], int)]
        if not meant:
            faults = [fault for fault in faults if fault["type"] != "none_required"]
            kinds = dict.fromkeys(_OF_TYPE.get(fault["type"]) or _reason(fault) for fault in faults)
            return f"{_shown(faults[0]['input'])} {' and '.join(kinds).replace('and is not', 'and not')}"
        faults = meant[:1]
    return "; ".join(map(_phrase, faults))


def _phrase(fault: Mapping[str, Any]) -> str:
    place = "".join(f"item {part + 1}: " for part in fault["loc"][1:] if isinstance(part, int))
    if fault["type"] in ("value_error", "assertion_error"):  # in the words of the op's author
        text = str(fault["ctx"]["error"])
        named = str(fault["input"]) in text
        return f"{place}{text}" if named else f"{place}{_shown(fault['input'])}: {text}"
    return f"{place}{_shown(fault['input'])} {_reason(fault)}"


_OF_TYPE = {
    "bool_parsing": "is not true or false",
    "bool_type": "is not true or false",
    "dict_type": "is not a table",
    "float_parsing": "is not a number",
    "float_type": "is not a number",
    "int_from_float": "is not a whole number",
    "int_parsing": "is not a whole number",
    "int_type": "is not a whole number",
    "list_type": "is not a list",
    "none_required": "is not none",
    "string_type": "is not a string",
    "tuple_type": "is not a list",
}
"""Ends of the sentence where a value has the wrong type, by pydantic's name of the error."""

_OF_RANGE = {
    "finite_number": "is not a finite number",
    "greater_than": "is too small; use more than {gt}",
    "greater_than_equal": "is too small; use {ge} or more",
    "less_than": "is too large; use less than {lt}",
    "less_than_equal": "is too large; use {le} or less",
    "missing": "is too short; it needs this item",
    "multiple_of": "is not a multiple of {multiple_of}",
    "string_pattern_mismatch": "does not match the pattern {pattern}",
    "string_too_long": "is too long; give {max_length} characters or fewer",
    "string_too_short": "is too short; give {min_length} characters or more",
    "too_long": "is too long; give {max_length} items or fewer",
    "too_short": "is too short; give {min_length} items or more",
}
"""Ends of the sentence where it has the right type and will not do; in braces are pydantic's own figures."""


def _reason(fault: Mapping[str, Any]) -> str:
    """Finish the sentence that starts with the value."""
    kind, value, context = fault["type"], fault["input"], fault.get("ctx", {})
    if kind in _OF_TYPE:
        return _OF_TYPE[kind] + _other_form(kind, value)
    if kind in _OF_RANGE:
        return _OF_RANGE[kind].format(**{name: number(bound) for name, bound in context.items()})
    if kind in ("literal_error", "enum"):
        expected = context["expected"].replace("'", '"')
        one_of = "one of " if " or " in expected else ""
        return f"is not {one_of}{expected}{_nearest_of(value, expected)}"
    return f"is not valid: {str(fault['msg'])[:1].lower()}{str(fault['msg'])[1:]}"


def _other_form(kind: str, value: Any) -> str:
    """Say how to write the same value so that it has the right type."""
    if kind.startswith("int") and isinstance(value, float) and value.is_integer():
        return f"; use {int(value)}"
    if kind == "string_type" and isinstance(value, (int, float)):
        return f"; put it in quotes: {_shown(_shown(value))}"
    if kind in ("int_type", "float_type") and isinstance(value, str) and _is_number(value):
        return f"; leave out the quotes: {value}"
    if kind.startswith(("int_", "float_")) and isinstance(value, str):
        return _as_a_number(value)
    if kind in ("list_type", "tuple_type"):
        return f"; put it in brackets: [{_shown(value)}]"
    return ""


def _as_a_number(text: str) -> str:
    """Say how to write a number that has a unit, or commas."""
    if re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+", text):
        return f"; write it without commas: {text.replace(',', '')}"
    if re.fullmatch(r"[-+]?\d+,\d+", text):
        return f"; write a point, not a comma: {text.replace(',', '.')}"
    unit = re.fullmatch(r"[-+]?\d[\d.]* ?[^\d\s.,:]{1,8}", text)
    return "; write the number alone" if unit and not _is_number(text) else ""


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _nearest_of(value: Any, expected: str) -> str:
    """Suggest the nearest of pydantic's quoted list of literals."""
    names = [part.strip(' "') for part in expected.replace(" or ", ",").split(",")]
    hint = did_you_mean(value, names) if isinstance(value, str) else ""
    return hint if hint.startswith("; did") else ""


def _shown(value: Any) -> str:
    """Write a value as TOML would, shortened."""
    text = "none" if value is None else write_value(value)
    return text if len(text) <= 60 else text[:57] + "..."
