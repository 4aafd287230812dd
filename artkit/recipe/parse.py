"""A recipe's text in, what it says out, with every fault of its form; ops and values are left to `check`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from artkit.errors import RecipeError, did_you_mean
from artkit.recipe.faults import Faults
from artkit.recipe.model import KEYS, MAX_SEED, RecipeData, Step
from artkit.registry.toml import lines_of, syntax_fault, write_value

_WHOLE = "use a whole number from 0 up, below 2**63"


def parse(text: str, where: str) -> tuple[RecipeData, Faults]:
    """Give the recipe and the faults found so far, which know the lines of the text; `where` is the file's name.

    Text that is no TOML is a RecipeError at once.
    """
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise RecipeError(f"{where}:{syntax_fault(error, text)}") from None
    faults = Faults(where, lines_of(text))
    return _shape(data, Path(where).stem, faults), faults


def _shape(data: Mapping[str, Any], name: str, faults: Faults) -> RecipeData:
    """Turn parsed TOML into a recipe, noting what has the wrong form; ops and parameters are not looked at."""
    for key in data.keys() - set(KEYS):
        faults.add(f"no key {key!r} in a recipe{did_you_mean(key, KEYS)}", key)
    for key in ("title", "description"):
        if not isinstance(data.get(key, ""), str):
            faults.add(f"{key}: {write_value(data[key])} is not a string; put it in quotes", key)
    return RecipeData(
        title=str(data.get("title", "")),
        description=str(data.get("description", "")),
        seed=seed_of(data.get("seed", 0), faults),
        steps=tuple(_steps(data, faults)),
        expose=_expose(data.get("expose", {}), faults),
        name=name,
        animate=_animate(data.get("animate"), faults),
    )


def seed_of(seed: Any, faults: Faults) -> int:
    """Give a seed that is one, else 0 and a fault."""
    if type(seed) is not int or not 0 <= seed <= MAX_SEED:
        faults.add(f"seed: {write_value(seed)} is not a seed; {_WHOLE}", "seed")
        return 0
    return seed


def _steps(data: Mapping[str, Any], faults: Faults) -> Iterator[Step]:
    steps = data.get("steps", [])
    if not isinstance(steps, list):
        faults.add("steps: write [[steps]], in two brackets, above each step", "steps")
        return
    if not steps and not any("steps" in did_you_mean(key, KEYS) for key in data.keys() - set(KEYS)):
        faults.add('no steps; a recipe has at least one: [[steps]] and below it op = "..."', "steps")
    for index, step in enumerate(steps):
        if not isinstance(step, dict):
            faults.add_step(index, "", f'{write_value(step)} is not a step; write [[steps]] and below it op = "..."')
            yield Step("")
            continue
        values = dict(step)
        op, own_id = values.pop("op", None), values.pop("id", "")
        if not isinstance(op, str):
            text = "no op" if op is None else f"op: {write_value(op)} is not a string"
            faults.add_step(index, "", f'{text}; write op = "..." with the name of an operation', "op")
            op = ""
        if not isinstance(own_id, str):
            faults.add_step(index, op, f"id: {write_value(own_id)} is not a string; put it in quotes", "id")
            own_id = ""
        yield Step(op, values, own_id)


def _expose(expose: Any, faults: Faults) -> dict[str, str]:
    if not isinstance(expose, dict):
        faults.add(
            f'expose: {write_value(expose)} is not a table; write [expose] and below it OPTION = "STEP.PARAM"', "expose"
        )
        return {}
    for option, target in expose.items():
        if not isinstance(target, str):
            faults.add(f'expose: {option} = {write_value(target)}: not "STEP.PARAM"', "expose", option)
    return {option: target for option, target in expose.items() if isinstance(target, str)}


def _animate(animate: Any, faults: Faults) -> dict[str, object] | None:
    if animate is None or isinstance(animate, dict):
        return animate
    faults.add(
        f"animate: {write_value(animate)} is not a table; write [animate] and below it vary = {{ ... }}", "animate"
    )
    return None
