"""A recipe and new values in, the changed recipe out, checked again: what is good alone may not be good together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from artkit import registry
from artkit.errors import UsageError, did_you_mean
from artkit.recipe.address import locate
from artkit.recipe.check import MOTION_OPTIONS, Checked, check, plain_name
from artkit.recipe.faults import Faults
from artkit.recipe.head import crop_of, seed_of, size_of, source_type_of, text_of
from artkit.recipe.model import RecipeData
from artkit.recipe.values import convert, readings, to_toml
from artkit.registry import Parameter

ANIMATE = "animate"
"""Stands for the step in STEP.PARAM where a setting of the animation is meant, as in `--set animate.fps=12`."""


def options(checked: Checked) -> dict[str, Parameter]:
    """Give the exposed parameters by option; their default is the recipe's value."""
    found: dict[str, Parameter] = {}
    for option, target in checked.data.expose.items():
        index, name = locate(target, checked.data.steps)
        step = checked.steps[index]
        found[option] = replace(step.op.parameters[name], name=option, default=step.values.get(name))
    return found


def motion_options(checked: Checked) -> dict[str, Parameter]:
    """Give what can be set of the animation that the recipe makes, by option; none where it makes no animation."""
    from artkit.artwork.animation import Animation
    from artkit.recipe.motion import SETTINGS

    if checked.gives is not Animation:
        return {}
    given = checked.data.animate or {}
    names = MOTION_OPTIONS if checked.motion else MOTION_OPTIONS - {"frames", "seconds"}
    return {
        name: replace(parameter, default=given.get(name, parameter.default))
        for name, parameter in SETTINGS.parameters.items()
        if name in names
    }


def with_options(checked: Checked, given: Mapping[str, object]) -> Checked:
    """Set exposed parameters by their option's name; `-` and `_` in a name are the same."""
    if not given:
        return checked
    known = {plain_name(option): (option, target) for option, target in checked.data.expose.items()}
    known |= {option: (option, f"{ANIMATE}.{option}") for option in motion_options(checked)}
    faults = Faults(checked.data.name)
    changes: list[tuple[str, str, object]] = []
    for name, value in given.items():
        if plain_name(name) in known:
            option, target = known[plain_name(name)]
            changes.append((option, target, value))
        else:
            hint = did_you_mean(name, known) if known else "; the recipe exposes none"
            faults.add(f"no option {name!r}{hint}")
    return check(_changed(checked.data, changes, faults))


def with_values(recipe: Checked | RecipeData, values: Mapping[str, object]) -> Checked:
    """Set parameters by STEP.PARAM, as in {"median.size": 9, "2.size": "9"}; text is converted to their type."""
    if isinstance(recipe, Checked) and not values:
        return recipe
    data = recipe.data if isinstance(recipe, Checked) else recipe
    return check(_changed(data, [("", target, value) for target, value in values.items()], Faults(data.name)))


def with_seed(checked: Checked, seed: int) -> Checked:
    """Set the source of all chance."""
    return with_head(checked, seed=seed)


def with_head(checked: Checked, **given: object) -> Checked:
    """Set what stands at the top of the recipe: seed, size, crop, creator, rights, source_type."""
    faults = Faults("")
    values: dict[str, Any] = {
        key: _HEAD[key](value, faults) if key in _HEAD else text_of(key, value, faults) for key, value in given.items()
    }
    if faults.found:
        raise UsageError("\n".join(text for _, text in faults.found))
    return replace(checked, data=replace(checked.data, **values))


_HEAD: dict[str, Callable[[Any, Faults], Any]] = {
    "seed": seed_of,
    "size": size_of,
    "crop": crop_of,
    "source_type": source_type_of,
}


def _changed(recipe: RecipeData, changes: Iterable[tuple[str, str, object]], faults: Faults) -> RecipeData:
    """Set targets to values. A change with an option's name is reported under it, else under its step."""
    steps = list(recipe.steps)
    animate = recipe.animate
    for option, target, given in changes:
        if target.startswith(f"{ANIMATE}."):
            animate = _animated(animate or {}, option, target, given, faults)
            continue
        try:
            index, name = locate(target, steps)
            op = registry.find(steps[index].op)
        except UsageError as error:
            faults.add(f"{target}: {error}")
            continue
        place = "" if option else f"step {index + 1} ({op.name}): "
        value, complaint = convert(op, name, given)
        if complaint:
            faults.add(place + (option + complaint.removeprefix(name) if option else complaint))
            continue
        values = {key: old for key, old in steps[index].values.items() if key != name or value is not None}
        if value is not None:  # TOML has no null: a parameter that is not given is None
            values[name] = value
        steps[index] = replace(steps[index], values=values)
    faults.raise_any()
    return replace(recipe, steps=tuple(steps), animate=animate)


def _animated(animate: dict[str, object], option: str, target: str, given: object, faults: Faults) -> dict[str, object]:
    """Give the table with one setting changed; frames and seconds replace each other."""
    from artkit.recipe.motion import SETTINGS

    name = target.removeprefix(f"{ANIMATE}.").replace("-", "_")
    if name == "vary":  # what it says is checked with the whole
        return animate | {name: next(readings(given)) if isinstance(given, str) else to_toml(given)}
    if name not in SETTINGS.parameters:
        faults.add(f"{target}: [animate] has no setting {name!r}{did_you_mean(name, SETTINGS.parameters)}")
        return animate
    value, complaint = convert(SETTINGS, name, given)
    if complaint:
        faults.add(option + complaint.removeprefix(name) if option else f"{ANIMATE}: {complaint}")
        return animate
    twin = {"frames": "seconds", "seconds": "frames"}.get(name)
    kept = {key: old for key, old in animate.items() if key not in (name, twin)}
    return kept if value is None else kept | {name: value}
