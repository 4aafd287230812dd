"""Recipes by name or path, read and checked: presets, files of one's own, and artworks, which carry theirs."""

from __future__ import annotations

import warnings
from contextlib import suppress
from dataclasses import replace
from os import PathLike, fspath

from artkit.errors import Retired, UsageError
from artkit.recipe.check import Checked, check
from artkit.recipe.former import NOW
from artkit.recipe.listing import path_of, presets, retired, summary, text_of, user_presets
from artkit.recipe.parse import parse


def find(name_or_path: str | PathLike[str]) -> Checked:
    """Give the preset of that name or the recipe at that path; a UsageError suggests the nearest preset.

    A preset that went into another is found as well, with a warning, `Retired`, of what it is now.
    """
    wanted = fspath(name_or_path)
    place = path_of(wanted)
    if wanted in NOW and place == retired().get(wanted):
        warnings.warn(f"{wanted} is now {NOW[wanted]}; by its old name it makes what it made", Retired, stacklevel=2)
    return read(place)


def read(path: str | PathLike[str]) -> Checked:
    """Read and check a recipe file, or the recipe in an artwork; a RecipeError names every fault.

    A recipe is called as its file is, an artwork's as the preset that it is of.
    """
    checked = check(*parse(text_of(path), fspath(path)))
    if checked.data.made and (preset := preset_of(checked)):
        return replace(checked, data=replace(checked.data, name=preset))
    return checked


TRACE = "trace"
"""The recipe of `artkit trace`, which is no file."""


def preset_of(checked: Checked) -> str:
    """Give the name of the preset that a recipe has its title and its steps from; "" where there is none.

    Of several, as copies have the same title, the one that differs from it in the fewest values; artkit's own first.
    """
    steps = shape_of(checked)
    if not checked.data.title:
        return TRACE if steps == ((TRACE, ""),) else ""
    found = []
    for name, path in (retired() | presets()).items():
        with suppress(UsageError):  # one of the user's own may be broken
            if summary(path)[0] == checked.data.title and shape_of(preset := read(path)) == steps:
                pairs = zip(preset.steps, checked.steps, strict=True)
                differing = sum(one.values.get(key) != two.values.get(key) for one, two in pairs
                                for key in one.values.keys() | two.values.keys())  # fmt: skip
                found.append((differing, path.is_relative_to(user_presets()), name))
    return min(found)[2] if found else ""


def shape_of(checked: Checked) -> tuple[tuple[str, str], ...]:
    """Give operation and id of each step, which are the same in all that is made with a preset."""
    return tuple((step.op, step.id) for step in checked.data.steps)
