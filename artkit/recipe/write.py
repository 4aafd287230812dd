"""A checked recipe in, canonical TOML out: every parameter in full, the same recipe always in the same text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from artkit.recipe.values import to_toml, validate
from artkit.registry.toml import write_key, write_value

if TYPE_CHECKING:
    from artkit.recipe.check import Checked
    from artkit.recipe.model import RecipeData


def dump(checked: Checked) -> str:
    """Give the recipe's text. Parameters that are None are left out, since TOML has no null; their default is None."""
    recipe = full(checked)
    blocks = ["\n".join(_lines({key: getattr(recipe, key) for key in ("title", "description", "seed")}))]
    for step in recipe.steps:
        head = {"op": step.op} | ({"id": step.id} if step.id else {})
        blocks.append("\n".join(["[[steps]]", *_lines(head | step.values)]))
    if recipe.animate is not None:
        blocks.append("\n".join(["[animate]", *_lines(_animate(recipe.animate))]))
    if recipe.expose:
        blocks.append("\n".join(["[expose]", *_lines(recipe.expose)]))
    return "\n\n".join(blocks) + "\n"


def full(checked: Checked) -> RecipeData:
    """Give the recipe with every default of its steps filled in."""
    steps = zip(checked.data.steps, checked.steps, strict=True)
    return replace(checked.data, steps=tuple(replace(step, values=bound.values) for step, bound in steps))


def _lines(table: Mapping[str, Any]) -> list[str]:
    return [f"{write_key(key)} = {write_value(value)}" for key, value in table.items()]


def _animate(given: Mapping[str, object]) -> dict[str, Any]:
    """Give the table `[animate]` with every default filled in."""
    from artkit.recipe.motion import SETTINGS

    vary: Any = given.get("vary")
    settings, _ = validate(SETTINGS, {name: value for name, value in given.items() if name != "vary"})
    tracks = {target: to_toml(keyframes) for target, keyframes in vary.items()} if vary else {}
    return settings | ({"vary": tracks} if tracks else {})
