"""Recipes: their values changed, and checked together."""

from __future__ import annotations

import numpy as np
import pytest
from tiny_ops import POSTER, tiny_ops

from artkit.errors import RecipeError
from artkit.recipe import Recipe, Step


@pytest.fixture(autouse=True, scope="module")
def _only_tiny_ops():
    with tiny_ops():
        yield


@pytest.mark.parametrize(
    ("target", "given", "value"),
    [
        ("grain.size", "11", 11),
        ("1.size", 11, 11),
        ("1.size", np.int64(11), 11),
        ("1.amount", "3", 3.0),
        ("1.amount", "1e1", 10.0),
        ("1.bold", "true", True),
        ("1.bold", "True", True),
        ("1.bold", "yes", True),
        ("1.bold", "off", False),
        ("3.palette", "yes", "yes"),
        ("1.channel", "green", "green"),
        ("1.channel", '"green"', "green"),
        ("2.weights", "1,2", [1.0, 2.0]),
        ("2.weights", "[1, 2]", [1.0, 2.0]),
        ("2.weights", (1, 2), [1.0, 2.0]),
        ("2.weights", np.array([1.0, 2.0]), [1.0, 2.0]),
        ("3.palette", "sunset", "sunset"),
        ("3.palette", "7", "7"),
        ("3.palette", "red, #0f0", ["red", "#0f0"]),
        ("3.palette", '["red"]', ["red"]),
        ("3.only", "2", 2),
    ],
)
def test_set_takes_text_and_values_for_any_parameter(target, given, value):
    changed = Recipe.parse(POSTER).with_values({target: given})
    index = {"grain": 1}.get(target.split(".")[0]) or int(target[0])
    assert changed.full.steps[index - 1].values[target.split(".")[1]] == value
    assert type(changed.full.steps[index - 1].values[target.split(".")[1]]) is type(value)


def test_none_takes_a_value_away():
    recipe = Recipe.parse(POSTER).with_values({"ink.only": 2})
    assert recipe.with_values({"ink.only": "none"}) == Recipe.parse(POSTER)


@pytest.mark.parametrize(
    ("target", "given", "complaint"),
    [
        ("1.size", "8", "step 1 (grain): size: 8 is even; use 7 or 9"),
        ("1.size", "many", 'step 1 (grain): size: "many" is not a whole number'),
        ("1.size", "9\ncolors = 3", 'step 1 (grain): size: "9\\ncolors = 3" is not a whole number'),
        ("1.size", "none", "step 1 (grain): size: none is not a whole number"),
        ("1.channel", "rad", 'step 1 (grain): channel: "rad" is not one of "red" or "green"; did you mean red?'),
        ("2.weights", "1,x", 'step 2 (split): weights: item 2: "x" is not a number'),
        (
            "3.only",
            object,
            "step 3 (ink): only: <class 'object'> is a type; use a number, a string, true, false or a list",
        ),
        ("5.size", 9, "5.size: no step 5; the recipe has 4 steps"),
        ("grian.size", 9, "grian.size: no step 'grian'; did you mean grain?"),
        ("grain.sise", 9, "grain.sise: step 1 (grain) has no parameter 'sise'; did you mean size?"),
        ("size", 9, "size: names no step; write STEP.PARAM, as in grain.amount"),
        ("", 9, ": names no step; write STEP.PARAM, as in grain.amount"),
    ],
)
def test_set_complains_in_one_line(target, given, complaint):
    with pytest.raises(RecipeError) as caught:
        Recipe.parse(POSTER, "poster.toml").with_values({target: given})
    assert caught.value.faults == [f"poster: {complaint}"]


def test_options_are_the_exposed_parameters_with_the_recipes_values():
    recipe = Recipe.parse(POSTER)
    options = recipe.options()
    assert {name: option.default for name, option in options.items()} == {"colors": 6, "grain-size": 9}
    assert options["colors"].description == "Number of colors."
    changed = recipe.with_options({"colors": "8", "grain_size": 11})
    assert {name: option.default for name, option in changed.options().items()} == {"colors": 8, "grain-size": 11}
    assert recipe == Recipe.parse(POSTER)  # values in, values out


def test_faults_of_options_name_the_option():
    with pytest.raises(RecipeError) as caught:
        Recipe.parse(POSTER, "poster.toml").with_options({"colors": 99, "grain-size": 8, "colrs": 1})
    assert caught.value.faults == [
        "poster: no option 'colrs'; did you mean colors?",
        "poster: colors: 99 is too large; use 9 or less",
        "poster: grain-size: 8 is even; use 7 or 9",
    ]


def test_a_step_is_addressed_by_number_id_or_an_ops_name_that_is_used_once():
    steps = (Step("grain", id="fine"), Step("grain"), Step("split"))
    recipe = Recipe(steps=steps)
    changed = recipe.with_values({"fine.size": 5, "2.size": 7, "split.colors": 3})
    assert [step.values for step in changed.steps] == [{"size": 5}, {"size": 7}, {"colors": 3}]
    with pytest.raises(RecipeError, match=r"'grain' is the op of steps 1 and 2; write 1\.size, or give it an id"):
        recipe.with_values({"grain.size": 5})
