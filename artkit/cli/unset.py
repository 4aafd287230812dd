"""Options that nobody gave are left as they are: to convert a value Typer loads pydantic, and makes a model of each."""

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
    """Give an option that converts a value only where there is one; what it calls then, it calls as before."""
    if "process_value" in vars(option) or option.required:
        return option
    convert, none = option.process_value, () if option.multiple or option.nargs == -1 else None

    def process_value(ctx: Any, value: Any) -> Any:
        if value is not None:
            return convert(ctx, value)
        return none if option.callback is None else option.callback(ctx, option, none)

    option.process_value = process_value
    return option
