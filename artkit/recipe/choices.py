"""Options that set several parameters at once: the tables `[choose.OPTION.CHOICE]` of a recipe, read, checked, offered.

    [choose.medium.chalk]
    "crayon.where" = "light"
    "crayon.paper" = "#22332c"

All choices of an option set the same parameters, so that one undoes another whatever was chosen before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from artkit import registry
from artkit.errors import UsageError, did_you_mean
from artkit.recipe.address import locate
from artkit.recipe.faults import Faults
from artkit.recipe.model import RecipeData, Step
from artkit.recipe.values import convert
from artkit.registry import Parameter
from artkit.registry.toml import write_value

if TYPE_CHECKING:
    from artkit.recipe.check import Checked

Choices = dict[str, dict[str, dict[str, object]]]
"""Values by STEP.PARAM, by choice, by option."""


def choose_of(given: Any, faults: Faults) -> Choices:
    """Give the tables that have the form of some; of the others a fault is noted."""
    if not isinstance(given, Mapping):
        faults.add(f"choose: {write_value(given)} is not a table; write [choose.OPTION.CHOICE]", "choose")
        return {}
    found: Choices = {}
    for option, choices in given.items():
        if not isinstance(choices, Mapping) or not all(isinstance(table, Mapping) for table in choices.values()):
            faults.add(f"choose: {option}: write [choose.{option}.CHOICE] above each choice", "choose", option)
        else:
            found[option] = {choice: dict(table) for choice, table in choices.items()}
    return found


def check_choices(recipe: RecipeData, faults: Faults) -> None:
    """Note every fault of what the choices set; the options' names are left to `check`."""
    for option, choices in recipe.choose.items():
        if len(choices) < 2:
            faults.add(f"choose: {option}: give it two choices or more", "choose", option)
        targets = dict.fromkeys(target for values in choices.values() for target in values)
        for choice, values in choices.items():
            where = f"choose: {option}: {choice}: "
            for target in targets:
                if target not in values:
                    faults.add(f"{where}does not set {target}, which another choice sets", "choose", option, choice)
                elif fault := _fault_of(recipe.steps, target, values[target]):
                    faults.add(where + fault, "choose", option, choice, target)


def _fault_of(steps: Sequence[Step], target: str, value: object) -> str:
    try:
        index, name = locate(target, steps)
        op = registry.find(steps[index].op)
    except UsageError as error:
        return f"{target}: {error}"
    return convert(op, name, value)[1]


def chosen(checked: Checked, option: str) -> str | None:
    """Give the choice that a recipe stands at; None where its values are those of none."""
    return next((choice for choice, values in checked.data.choose[option].items() if _is_at(checked, values)), None)


def _is_at(checked: Checked, values: Mapping[str, object]) -> bool:
    for target, value in values.items():
        index, name = locate(target, checked.data.steps)
        step = checked.steps[index]
        if step.values.get(name) != convert(step.op, name, value)[0]:
            return False
    return True


def offered(checked: Checked) -> dict[str, Parameter]:
    """Give the options; their default is the choice that the recipe stands at."""
    found = {}
    for option, choices in checked.data.choose.items():
        now = chosen(checked, option)
        kind: Any = Literal[tuple(choices)]
        about = "Sets several parameters at once; options that are given beside it count more."
        found[option] = Parameter(option, kind if now else kind | None, now, about)
    return found


def values_of(choices: Mapping[str, Mapping[str, object]], choice: object) -> Mapping[str, object]:
    """Give what a choice sets, by STEP.PARAM; a UsageError says which there are."""
    if isinstance(choice, str) and choice in choices:
        return choices[choice]
    ways = " or ".join(map(write_value, choices))
    raise UsageError(f"{write_value(choice)} is not one of {ways}{did_you_mean(str(choice), choices)}")
