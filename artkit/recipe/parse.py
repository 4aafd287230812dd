"""A recipe's text in, what it says out, with every fault of its form; ops and values are left to `check`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from artkit.errors import RecipeError, did_you_mean
from artkit.recipe.choices import choose_of
from artkit.recipe.faults import Faults
from artkit.recipe.head import crop_of, family_of, made_of, seed_of, size_of, source_type_of, text_of
from artkit.recipe.migrate import migrated
from artkit.recipe.model import KEYS, RecipeData, Step
from artkit.recipe.on_paper import export_of
from artkit.registry.toml import lines_of, syntax_fault, write_value


def parse(text: str, where: str) -> tuple[RecipeData, Faults]:
    """Give the recipe and the faults found so far, which know the lines of the text; `where` is the file's name.

    Text that is no TOML is a RecipeError at once.
    """
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise RecipeError(f"{where}:{syntax_fault(error, text)}") from None
    faults = Faults(where, lines_of(text))
    try:
        document = migrated(data)
    except RecursionError as error:
        raise RecipeError(f"{where}:{syntax_fault(error, text)}") from None
    except ValueError as error:  # of a schema that is not known, nothing else can be judged
        faults.add(str(error), "schema")
        faults.raise_any()
        raise
    return _shape(document, Path(where).stem, faults, data.get("schema", 1)), faults


def _shape(data: Mapping[str, Any], name: str, faults: Faults, schema: int) -> RecipeData:
    """Turn parsed TOML into a recipe, noting what has the wrong form; ops and parameters are not looked at.

    `schema` is the one that its file names.
    """
    for key in data.keys() - set(KEYS):
        faults.add(f"no key {key!r} in a recipe of schema {schema}{did_you_mean(key, KEYS)}", key)
    return RecipeData(
        title=text_of("title", data.get("title", ""), faults),
        description=text_of("description", data.get("description", ""), faults),
        family=family_of(data.get("family", ""), faults),
        caption=text_of("caption", data.get("caption", ""), faults),
        creator=text_of("creator", data.get("creator", ""), faults),
        rights=text_of("rights", data.get("rights", ""), faults),
        source_type=source_type_of(data.get("source_type", ""), faults),
        seed=seed_of(data.get("seed", 0), faults),
        size=size_of(data.get("size"), faults),
        crop=crop_of(data.get("crop"), faults),
        made=made_of(data.get("made", {}), faults),
        steps=tuple(_steps(data, faults)),
        choose=choose_of(data.get("choose", {}), faults),
        expose=_expose(data.get("expose", {}), faults),
        name=name,
        animate=_table("animate", data.get("animate"), "vary = { ... }", faults),
        export=export_of(data.get("export"), faults),
        footage=_table("footage", data.get("footage"), "reverse = true", faults),
    )


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


def _table(name: str, given: Any, example: str, faults: Faults) -> dict[str, object] | None:
    if given is None or isinstance(given, dict):
        return given
    faults.add(f"{name}: {write_value(given)} is not a table; write [{name}] and below it {example}", name)
    return None
