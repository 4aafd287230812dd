"""A recipe and new values in, the changed recipe out, checked again: what is good alone may not be good together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from artkit import registry
from artkit.errors import UsageError, did_you_mean
from artkit.recipe.address import locate
from artkit.recipe.check import MOTION_OPTIONS, Checked, check, plain_name
from artkit.recipe.choices import offered, values_of
from artkit.recipe.faults import Faults
from artkit.recipe.head import crop_of, seed_of, size_of, source_type_of, text_of
from artkit.recipe.model import RecipeData
from artkit.recipe.values import convert, readings, to_toml
from artkit.registry import Op, Parameter

ANIMATE, FOOTAGE = "animate", "footage"
"""Stand for the step in STEP.PARAM where a setting of the animation, or of a photo that moves, is meant, as in
`--set animate.fps=12`."""


def options(checked: Checked) -> dict[str, Parameter]:
    """Give what can be chosen and the exposed parameters, by option; their default is the recipe's value."""
    found = offered(checked)
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


def clip_options(checked: Checked) -> dict[str, Parameter]:
    """Give what can be set of a photo that moves, by option, but for names that are options of the recipe itself."""
    settings = settings_of(FOOTAGE)
    given = checked.data.footage or {}
    taken = {plain_name(option) for option in (*checked.data.choose, *checked.data.expose, *motion_options(checked))}
    return {
        name: replace(parameter, default=given.get(name, parameter.default))
        for name, parameter in settings.parameters.items()
        if name not in taken
    }


def with_options(checked: Checked, given: Mapping[str, object]) -> Checked:
    """Set exposed parameters by their option's name; `-` and `_` in a name are the same.

    What an option chooses is set first, so that those beside it count more.
    """
    if not given:
        return checked
    choices = {plain_name(option): (option, table) for option, table in checked.data.choose.items()}
    settings, moving = settings_of(FOOTAGE), motion_options(checked)
    known: dict[str, tuple[str, tuple[str, ...]]] = {
        option: (option, (f"{FOOTAGE}.{option}",)) for option in clip_options(checked)
    }
    known |= {plain_name(option): (option, (target,)) for option, target in checked.data.expose.items()}
    for option in moving:  # what both have counts for the one where the photo moves, for the other where it does not
        tables = (ANIMATE, FOOTAGE) if option in settings.parameters else (ANIMATE,)
        known[option] = option, tuple(f"{table}.{option}" for table in tables)
    faults = Faults(checked.data.name)
    first: list[tuple[str, str, object]] = []
    changes: list[tuple[str, str, object]] = []
    for name, value in given.items():
        if plain_name(name) in choices:
            option, table = choices[plain_name(name)]
            try:
                first += [(option, target, chosen) for target, chosen in values_of(table, value).items()]
            except UsageError as error:
                faults.add(f"{option}: {error}")
        elif plain_name(name) in known:
            option, targets = known[plain_name(name)]
            changes += [(option, target, value) for target in targets]
        else:
            hint = did_you_mean(name, [*choices, *known]) if choices or known else "; the recipe exposes none"
            faults.add(f"no option {name!r}{hint}")
    return _checked(checked, _changed(checked.data, [*first, *changes], faults), [target for _, target, _ in changes])


def with_values(recipe: Checked | RecipeData, values: Mapping[str, object]) -> Checked:
    """Set parameters by STEP.PARAM, as in {"median.size": 9, "2.size": "9"}; text is converted to their type."""
    if isinstance(recipe, Checked) and not values:
        return recipe
    data = recipe.data if isinstance(recipe, Checked) else recipe
    changed = _changed(data, [("", target, value) for target, value in values.items()], Faults(data.name))
    return _checked(recipe if isinstance(recipe, Checked) else None, changed, values)


def _checked(before: Checked | None, changed: RecipeData, targets: Iterable[str]) -> Checked:
    """Check a changed recipe, which remembers the parameters that were set in it."""
    own = (target for target in targets if target.partition(".")[0] not in (ANIMATE, FOOTAGE))
    given = frozenset(locate(target, changed.steps) for target in own)
    return replace(check(changed), given=given | (before.given if before else frozenset()))


def with_seed(checked: Checked, seed: int) -> Checked:
    """Set the source of all chance."""
    return with_head(checked, seed=seed)


def with_head(checked: Checked, **given: object) -> Checked:
    """Set what stands at the top of the recipe: seed, size, crop, caption, creator, rights, source_type."""
    faults = Faults("")
    values: dict[str, Any] = {
        key: _HEAD[key](value, faults) if key in _HEAD else text_of(key, value, faults) for key, value in given.items()
    }
    if faults.found:
        raise UsageError("\n".join(text for _, text in faults.found))
    return replace(checked, data=replace(checked.data, **values))


def with_ids(checked: Checked, by: str) -> Checked:
    """Have the groups of the drawing named by color, by depth, or not at all."""
    export = {key: value for key, value in (checked.data.export or {}).items() if key != "ids"}
    if by != "none":
        export["ids"] = by
    return replace(checked, data=replace(checked.data, export=export or None))


_HEAD: dict[str, Callable[[Any, Faults], Any]] = {
    "seed": seed_of,
    "size": size_of,
    "crop": crop_of,
    "source_type": source_type_of,
}


def _changed(recipe: RecipeData, changes: Iterable[tuple[str, str, object]], faults: Faults) -> RecipeData:
    """Set targets to values. A change with an option's name is reported under it, else under its step."""
    steps = list(recipe.steps)
    tables = {ANIMATE: recipe.animate, FOOTAGE: recipe.footage}
    for option, target, given in changes:
        if (table := target.partition(".")[0]) in tables:
            tables[table] = _with_setting(table, tables[table] or {}, option, target, given, faults)
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
    return replace(recipe, steps=tuple(steps), animate=tables[ANIMATE], footage=tables[FOOTAGE])


def settings_of(table: str) -> Op[Any, Any]:
    """Give the declaration of `[animate]` or `[footage]`."""
    from artkit.recipe import clip, motion

    return motion.SETTINGS if table == ANIMATE else clip.CLIP


def _with_setting(
    table: str, said: dict[str, object], option: str, target: str, given: object, faults: Faults
) -> dict[str, object]:
    """Give the table with one setting changed; frames and seconds replace each other."""
    settings = settings_of(table)
    name = target.removeprefix(f"{table}.").replace("-", "_")
    if (table, name) == (ANIMATE, "vary"):  # what it says is checked with the whole
        return said | {name: next(readings(given)) if isinstance(given, str) else to_toml(given)}
    if name not in settings.parameters:
        faults.add(f"{target}: [{table}] has no setting {name!r}{did_you_mean(name, settings.parameters)}")
        return said
    value, complaint = convert(settings, name, given)
    if complaint:
        faults.add(option + complaint.removeprefix(name) if option else f"{table}: {complaint}")
        return said
    twin = {"frames": "seconds", "seconds": "frames"}.get(name)
    kept = {key: old for key, old in said.items() if key not in (name, twin)}
    return kept if value is None else kept | {name: value}
