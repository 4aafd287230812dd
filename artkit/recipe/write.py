"""A checked recipe in, canonical TOML out: the same recipe always in the same text, in full or short."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from artkit.recipe.migrate import SCHEMA
from artkit.recipe.values import to_toml, validate
from artkit.registry.toml import write_key, write_value

if TYPE_CHECKING:
    from artkit.recipe.check import Bound, Checked
    from artkit.recipe.model import RecipeData
    from artkit.registry import Op

_ALWAYS = ("schema", "title", "description", "seed")
_HEAD = (
    "schema",
    "title",
    "description",
    "family",
    "caption",
    "creator",
    "rights",
    "source_type",
    "seed",
    "size",
    "crop",
)


def dump(checked: Checked, *, short: bool = False) -> str:
    """Give the recipe's text. Parameters that are None are left out, since TOML has no null; their default is None.

    `short` leaves out what is as the schema has it by default. Parameters of other packages' operations, which no
    schema of ours speaks of, stand there in full.
    """
    recipe = shortened(checked) if short else full(checked)
    said = {"schema": SCHEMA} | {key: getattr(recipe, key) for key in _HEAD[1:]}
    kept = {key: value for key, value in said.items() if value or (key in _ALWAYS and not short)}
    blocks = ["\n".join(_lines(kept))]
    for step in recipe.steps:
        head = {"op": step.op} | ({"id": step.id} if step.id else {})
        blocks.append("\n".join(["[[steps]]", *_lines(head | step.values)]))
    if recipe.animate is not None:
        blocks.append("\n".join(["[animate]", *_lines(full_animate(recipe.animate, short))]))
    if recipe.export:
        blocks.append("\n".join(["[export]", *_lines(recipe.export)]))
    if recipe.footage is not None:
        blocks.append("\n".join(["[footage]", *_lines(full_footage(recipe.footage, short))]))
    for option, choices in recipe.choose.items():
        for choice, values in choices.items():
            blocks.append("\n".join([f"[choose.{write_key(option)}.{write_key(choice)}]", *_lines(values)]))
    if recipe.expose:
        blocks.append("\n".join(["[expose]", *_lines(recipe.expose)]))
    if recipe.made:
        blocks.append("\n".join(["[made]", *_lines(recipe.made)]))
    return "\n\n".join(blocks) + "\n"


def full(checked: Checked) -> RecipeData:
    """Give the recipe with every default of its steps filled in."""
    steps = zip(checked.data.steps, checked.steps, strict=True)
    return replace(checked.data, steps=tuple(replace(step, values=bound.values) for step, bound in steps))


def shortened(checked: Checked) -> RecipeData:
    """Give the recipe without what its steps have by default."""
    steps = zip(checked.data.steps, checked.steps, strict=True)
    return replace(checked.data, steps=tuple(replace(step, values=_changed(bound)) for step, bound in steps))


def _changed(bound: Bound) -> dict[str, Any]:
    """Give the parameters that are not as the operation declares them; all, where it is not one of artkit's own."""
    if not bound.op.function.__module__.startswith("artkit."):
        return bound.values
    parameters = bound.op.parameters
    return {name: value for name, value in bound.values.items() if not _is_default(value, parameters[name])}


def _is_default(value: Any, parameter: Any) -> bool:
    if parameter.required:
        return False
    default = to_toml(parameter.default)
    return type(value) is type(default) and bool(value == default)


def _lines(table: Mapping[str, Any]) -> list[str]:
    return [f"{write_key(key)} = {write_value(value)}" for key, value in table.items()]


def full_animate(given: Mapping[str, object], short: bool = False) -> dict[str, Any]:
    """Give the table `[animate]` with every default filled in, or without any.

    Where nothing varies a step makes the animation, and what is of motion is left out.
    """
    from artkit.recipe.motion import OF_MOTION, SETTINGS

    vary: Any = given.get("vary")
    settings = _filled(SETTINGS, {name: value for name, value in given.items() if name != "vary"}, short)
    if not vary:
        settings = {name: value for name, value in settings.items() if name not in OF_MOTION or name in given}
    tracks = {target: to_toml(keyframes) for target, keyframes in vary.items()} if vary else {}
    return settings | ({"vary": tracks} if tracks else {})


def full_footage(given: Mapping[str, object], short: bool = False) -> dict[str, Any]:
    """Give the table `[footage]` with every default filled in, or without any."""
    from artkit.recipe.clip import CLIP

    return _filled(CLIP, given, short)


def _filled(op: Op[Any, Any], given: Mapping[str, object], short: bool) -> dict[str, Any]:
    settings, _ = validate(op, given)
    if short:
        return {key: value for key, value in settings.items() if not _is_default(value, op.parameters[key])}
    return settings
