"""A recipe with values that were set in, those that change nothing out: each in a line that says why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from artkit.recipe.values import to_toml

if TYPE_CHECKING:
    from artkit.recipe.check import Checked


def idle(checked: Checked) -> Iterator[str]:
    """Say which parameters that were set have no effect, as the others are, and on what the step works on."""
    yield from _idle(checked).values()


def idle_in_all(recipes: Sequence[Checked]) -> Iterator[str]:
    """Say which parameters have no effect in any of some recipes alike, which differ in their values alone."""
    found = [_idle(recipe) for recipe in recipes]
    for place, line in found[0].items():
        if all(place in each for each in found):
            yield line


def _idle(checked: Checked) -> dict[tuple[int, str], str]:
    """Give what there is to say, by the step and the name of the parameter."""
    found = {}
    for index, name in sorted(checked.given):
        step = checked.steps[index]
        parameter = step.op.parameters[name]
        if step.values.get(name) != to_toml(None if parameter.required else parameter.default):
            reasons = [each.words for each in parameter.only if not each.holds(step.values)]
            if parameter.only_pictures and _is_regions(checked, index):
                maker = f"step {index} ({checked.steps[index - 1].op.name})"
                reasons.insert(0, f"it is for pictures, and {maker} gives regions")
            if reasons:
                found[index, name] = f"{step.op.name}.{name} changes nothing here: {reasons[0]}"
    return found


def _is_regions(checked: Checked, index: int) -> bool:
    from artkit.artwork.labels import Labels

    return index > 0 and checked.steps[index - 1].gives is Labels
