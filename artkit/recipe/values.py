"""Values of parameters as a recipe keeps them: checked by the op, in the types of TOML, read from text if need be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from os import PathLike, fspath
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from artkit.registry import Op

_WORDS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


def validate(op: Op[Any, Any], values: Mapping[str, object]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """Check values; give them in full as TOML values, or the faults as (parameter, line)."""
    if not values and op.usual:
        return {name: to_toml(default) for name, default in op.usual.items() if default is not None}, []
    from pydantic import ValidationError

    plain: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for name, value in values.items():
        try:
            plain[name] = to_toml(value)
        except TypeError as error:
            faults[name] = f"{name}: {error}"
    try:
        valid = op.model.model_validate(plain)
    except ValidationError as error:
        return {}, list((dict(op.faults(error)) | faults).items())
    full = valid.model_dump(mode="json")
    return {name: full[name] for name in op.parameters if full[name] is not None}, list(faults.items())


def to_toml(value: object) -> Any:
    """Turn what Python has (tuples, numpy numbers and arrays, paths, enums) into what TOML has."""
    if isinstance(value, Enum):
        return to_toml(value.value)
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, Mapping):
        return {str(key): to_toml(item) for key, item in value.items()}
    if hasattr(value, "tolist"):
        return to_toml(value.tolist())
    if isinstance(value, (Sequence, set, frozenset)) and not isinstance(value, (bytes, bytearray)):
        return [to_toml(item) for item in value]
    if isinstance(value, PathLike):
        return fspath(value)
    raise TypeError(f"{value} is a {type(value).__name__}; use a number, a string, true, false or a list")


def convert(op: Op[Any, Any], name: str, given: object) -> tuple[Any, str]:
    """Check one value; text is read as what the parameter's type takes. Gives (value, "") or (None, complaint)."""
    complaints: list[tuple[int, str]] = []
    for value in readings(given) if isinstance(given, str) else [given]:
        checked, faults = validate(op, {name: value})
        mine = [text for parameter, text in faults if parameter in (name, "")]
        if not mine:
            return checked.get(name, to_toml(value)), ""
        # Of the wrong type: some other reading says more. A list of what takes none was meant for a number: 0,5.
        stray = isinstance(value, list) and "item " not in mine[0]
        complaints.append((2 * (" is not a" in mine[0]) + stray, mine[0]))
    return None, min(complaints, key=lambda complaint: complaint[0])[1]


def readings(text: str) -> Iterator[Any]:
    """Give what a text may mean: a TOML value, nothing, a list without brackets, itself, yes or no, in this order."""
    import tomllib

    text = text.strip()
    lowered = text.lower()
    try:
        table = tomllib.loads(f"value = {text}")
        if len(table) == 1:  # a text of several lines may be several statements
            yield table["value"]
    except (ValueError, RecursionError):
        pass
    if lowered == "none":
        yield None
    if "," in text:
        yield [next(readings(item)) for item in text.split(",")]
        yield [item.strip() for item in text.split(",")]
    yield text
    if lowered in _WORDS:
        yield _WORDS[lowered]
