"""What needs no conversion is left as it is: to convert a value Typer loads pydantic, and makes a model of each option.

That are options that nobody gave, and text where text is asked for.
"""

from __future__ import annotations

from typing import Any


def spare_unset(command: Any) -> None:
    """Have a command, and those below it, convert the values of those options alone that have one."""
    for each in getattr(command, "commands", {}).values():
        spare_unset(each)
    listed = command.get_params

    def get_params(ctx: Any) -> list[Any]:
        return [spared(option) for option in listed(ctx)]

    command.get_params = get_params


def spared(option: Any) -> Any:
    """Give an option that converts only what has to be converted; what it calls then, it calls as before."""
    if "process_value" in vars(option):
        return option
    convert, none = option.process_value, () if option.multiple or option.nargs == -1 else None
    kind = getattr(getattr(option, "type_descriptor", None), "annotation", None)

    def process_value(ctx: Any, value: Any) -> Any:
        if kind is str and _is_text(value):
            found = value
        elif kind == list[str] and isinstance(value, (list, tuple)) and value and all(map(_is_text, value)):
            found = list(value)
        elif value is None and not option.required:
            found = none
        else:
            return convert(ctx, value)
        return found if option.callback is None else option.callback(ctx, option, found)

    option.process_value = process_value
    return option


def _is_text(value: Any) -> bool:
    """Whether it is text, without bytes that are none, as names of files may have."""
    return isinstance(value, str) and value.isprintable()
