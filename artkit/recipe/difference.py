"""A recipe and the preset it comes from in, what differs out: STEP.PARAMs, a command line, a call of Python."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from artkit.recipe.address import locate
from artkit.recipe.change import ANIMATE, FOOTAGE, settings_of, with_options
from artkit.recipe.check import check, plain_name
from artkit.recipe.choices import chosen as choice_of
from artkit.recipe.files import TRACE, preset_of, read, shape_of
from artkit.recipe.listing import path_of
from artkit.recipe.model import RecipeData, Step
from artkit.recipe.values import convert, to_toml
from artkit.recipe.write import full_animate, full_footage
from artkit.registry.toml import write_value

if TYPE_CHECKING:
    from artkit.recipe.check import Checked

__all__ = ["call", "command", "differences", "preset_of"]

_HEAD = ("seed", "size", "crop", "caption", "creator", "rights", "source_type")


def differences(checked: Checked, preset: str) -> dict[str, Any]:
    """Give what is not as the preset has it: seed, size and so on, and STEP.PARAMs; None is what has been taken away.

    A ValueError says that the steps are others.
    """
    return dict(_differing(_base(checked, preset), checked))


def command(checked: Checked, preset: str, photo: str, artwork: str = "") -> str:
    """Give the command that makes the artwork again; it names the artwork where there is no such preset."""
    if not preset:
        return shlex.join(["artkit", "apply", artwork, photo])
    words = ["artkit", TRACE] if preset == TRACE else ["artkit", "apply", preset]
    base = _base(checked, preset)
    chosen = _chosen(base, checked)
    words += [photo, *(word for option, choice in chosen.items() for word in (f"--{_spelled(option)}", str(choice)))]
    given = _differing(with_options(base, chosen), checked)
    return shlex.join([*words, *(word for each in given for word in _option(checked, preset, *each))])


def call(checked: Checked, preset: str, photo: str, artwork: str = "") -> str:
    """Give the call of Python that makes the artwork again."""
    if not preset or preset == TRACE:
        return f"artkit.apply({artwork!r}, {photo!r})"
    base = _base(checked, preset)
    chosen = _chosen(base, checked)
    options, values = _exposed(checked), {}
    words = [repr(preset), repr(photo), *(f"{plain_name(option)}={choice!r}" for option, choice in chosen.items())]
    for target, value in _differing(with_options(base, chosen), checked):
        if target in ("seed", "size", "crop"):
            words.append(f"{target}={value!r}")
        elif target in options:
            words.append(f"{plain_name(options[target])}={value!r}")
        elif target not in _HEAD:
            values[target] = value
    return f"artkit.apply({', '.join([*words, *([f'values={values!r}'] if values else [])])})"


def _base(checked: Checked, preset: str) -> Checked:
    base = _tracing() if preset == TRACE else read(path_of(preset))
    if shape_of(base) != shape_of(checked):
        raise ValueError(f"{preset} has other steps")
    return base


def _chosen(base: Checked, checked: Checked) -> dict[str, object]:
    """Give what has been chosen otherwise than the preset has it, by option."""
    found = {option: choice_of(checked, option) for option in checked.data.choose if option in base.data.choose}
    return {option: choice for option, choice in found.items() if choice not in (None, choice_of(base, option))}


def _tracing() -> Checked:
    return check(RecipeData(steps=(Step(TRACE),), name=TRACE))


def _differing(base: Checked, checked: Checked) -> Iterator[tuple[str, Any]]:
    for key in _HEAD:
        if getattr(checked.data, key) != getattr(base.data, key):
            yield key, getattr(checked.data, key)
    for index, (was, now) in enumerate(zip(base.steps, checked.steps, strict=True)):
        for name in now.op.parameters:
            if was.values.get(name) != now.values.get(name):
                yield f"{_address(checked, index)}.{name}", now.values.get(name)
    before, after = full_animate(base.data.animate or {}), full_animate(checked.data.animate or {})
    for name in dict.fromkeys((*before, *after)):
        if before.get(name) != after.get(name):
            yield f"{ANIMATE}.{name}", after.get(name)
    before, after = (full_footage(each.data.footage or {}) for each in (base, checked))
    for name in after:
        if before.get(name) != after.get(name):
            yield f"{FOOTAGE}.{name}", after.get(name)


def _address(checked: Checked, index: int) -> str:
    """Give a step's name where it is used once, else its number."""
    step = checked.data.steps[index]
    once = sum(other.op == step.op for other in checked.data.steps) == 1
    return step.id or (step.op if once else str(index + 1))


def _exposed(checked: Checked) -> dict[str, str]:
    """Give the options by the STEP.PARAMs that they set, addressed as here."""
    places = {option: locate(target, checked.data.steps) for option, target in checked.data.expose.items()}
    return {f"{_address(checked, index)}.{name}": option for option, (index, name) in places.items()}


def _option(checked: Checked, preset: str, target: str, value: Any) -> list[str]:
    option = target.partition(".")[2] if preset == TRACE else _exposed(checked).get(target, "")
    if target in _HEAD:
        text = "none" if value is None else ",".join(map(str, value)) if target == "crop" else str(value)
        return [f"--{'title' if target == 'caption' else _spelled(target)}", text]
    if option and isinstance(value, bool):
        return [f"--{'' if value else 'no-'}{_spelled(option)}"]
    text = _text(checked, target, value)
    return [f"--{_spelled(option)}", text] if option else ["--set", f"{target}={text}"]


def _spelled(name: str) -> str:
    return name.replace("_", "-")


def _text(checked: Checked, target: str, value: Any) -> str:
    """Give a value as a command line takes it: plain where that is read as the same, else as TOML."""
    if value is None:
        return "none"
    plain = ",".join(map(str, value)) if isinstance(value, list) else str(value)
    table = target.partition(".")[0]
    if table in (ANIMATE, FOOTAGE):
        op: Any = settings_of(table)
    else:
        op = checked.steps[locate(target, checked.data.steps)[0]].op
    read, fault = convert(op, target.rpartition(".")[2], plain)
    return plain if not fault and to_toml(read) == value and not isinstance(value, bool) else write_value(value)
