"""Options that set several parameters at once, and presets that went into others."""

from __future__ import annotations

import json

import numpy as np
import pytest
from typer.testing import CliRunner

import artkit
from artkit.cli import app
from artkit.errors import RecipeError, Retired, UsageError
from artkit.recipe import Recipe, presets, retired
from artkit.recipe.difference import call, command
from artkit.recipe.former import NOW
from artkit.recipe.sweep import sweep

MEDIUM = """\
title = "Medium"
[[steps]]
op = "median"
size = 3
[[steps]]
op = "posterize"
steps = 4
[choose.medium.soft]
"median.size" = 3
"posterize.steps" = 4
[choose.medium.hard]
"median.size" = 5
"posterize.steps" = 2
[expose]
window = "median.size"
"""


def values(recipe: Recipe) -> tuple[object, object]:
    return recipe.bound[0].values["size"], recipe.bound[1].values["steps"]


def test_a_choice_sets_all_of_its_parameters_and_what_is_given_beside_it_counts_more():
    recipe = Recipe.parse(MEDIUM)
    assert recipe.options()["medium"].default == "soft"
    hard = recipe.with_options({"medium": "hard"})
    assert values(hard) == (5, 2)
    assert hard.options()["medium"].default == "hard"
    assert hard.with_options({"medium": "soft"}) == recipe, "another choice undoes it"
    for given in ({"window": 9, "medium": "hard"}, {"medium": "hard", "window": 9}):
        mixed = recipe.with_options(given)
        assert values(mixed) == (9, 2)
        assert mixed.options()["medium"].default is None
    assert Recipe.parse(hard.dump()).dump() == hard.dump()
    assert [values(Recipe.of(each.recipe)) for each in sweep(recipe.checked, ["medium=soft,hard"]).variants()] == [
        values(recipe),
        values(hard),
    ]


def test_a_choice_that_there_is_not_is_told():
    with pytest.raises(RecipeError, match=r'medium: "hart" is not one of "soft" or "hard"; did you mean hard\?'):
        Recipe.parse(MEDIUM).with_options({"medium": "hart"})
    with pytest.raises(UsageError, match=r'^--vary medium: "hart" is not one of'):
        sweep(Recipe.parse(MEDIUM).checked, ["medium=hart"]).variants()


def test_the_command_that_makes_it_again_says_the_choice():
    chalk = Recipe.find("charcoal").with_options({"medium": "chalk", "width": 3})
    told = command(chalk.checked, "charcoal", "cat.jpg")
    assert told == "artkit apply charcoal cat.jpg --medium chalk --width 3.0"
    assert call(chalk.checked, "charcoal", "cat.jpg") == (
        "artkit.apply('charcoal', 'cat.jpg', medium='chalk', width=3.0)"
    )


def test_every_old_name_is_told_once_and_names_a_preset_with_its_options(tmp_path):
    assert NOW.keys() == retired().keys()
    assert not NOW.keys() & presets().keys()
    for old, new in NOW.items():
        name, *words = new.split()
        given = dict(zip((word.lstrip("-") for word in words[::2]), words[1::2], strict=True))
        Recipe.find(name).with_options(given)
        with pytest.warns(Retired, match=f"^{old} is now {new}; by its old name it makes what it made$"):
            assert Recipe.find(old).family
    artkit.Image(np.zeros((6, 8, 3), np.uint8)).save(tmp_path / "a.png")
    for quiet in ("", "-q"):
        words = ["apply", "contours", str(tmp_path / "a.png"), "-o", str(tmp_path / f"b{quiet}.svg")]
        ran = CliRunner().invoke(app, [*words, *([quiet] if quiet else [])])
        assert (ran.exit_code, ran.stderr.count("contours is now")) == (0, 0 if quiet else 1), ran.output
    shown = CliRunner().invoke(app, ["presets", "show", "chalkboard", "--json"])
    assert json.loads(shown.stdout)["title"] == "Chalkboard"


@pytest.mark.parametrize(("old", "name"), [("chalkboard", "charcoal"), ("gouache", "oil-painting")])
def test_a_preset_that_became_a_choice_is_what_it_was(old, name):
    (option, choice) = NOW[old].split()[1:]
    now = Recipe.find(name).with_options({option.lstrip("-"): choice})
    was = Recipe.read(retired()[old])
    assert now.full.steps == was.full.steps
