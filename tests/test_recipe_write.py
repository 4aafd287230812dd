"""Recipes: written as canonical TOML, and described as JSON Schema."""

from __future__ import annotations

import json
import string
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_ops import POSTER, tiny_ops

from artkit import recipe as recipes
from artkit import registry
from artkit.recipe import Recipe, Step
from artkit.recipe.write import dump
from artkit.registry.toml import write_value


@pytest.fixture(autouse=True, scope="module")
def _only_tiny_ops():
    with tiny_ops():
        yield


TEXT = st.text(max_size=8).filter(lambda text: text.encode("utf-8", "ignore").decode() == text)
STEPS = {
    "grain": st.fixed_dictionaries(
        {},
        optional={
            "amount": st.floats(0, 100, exclude_max=True) | st.integers(0, 99),
            "size": st.integers(0, 49).map(lambda n: 2 * n + 1),
            "channel": st.sampled_from(["red", "green"]),
            "bold": st.booleans(),
        },
    ),
    "split": st.fixed_dictionaries(
        {},
        optional={
            "colors": st.integers(2, 9),
            "weights": st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=2, max_size=2),
        },
    ),
    "ink": st.fixed_dictionaries({}, optional={"palette": TEXT | st.lists(TEXT), "only": st.integers(0, 2**70)}),
}


@st.composite
def any_recipe(draw: st.DrawFn) -> Recipe:
    names = draw(st.sampled_from([["grain"], ["split"], ["grain", "split", "ink"], ["grain", "grain", "split"]]))
    ids = draw(st.lists(st.text(string.ascii_lowercase, min_size=1), min_size=3, max_size=3, unique=True))
    marked = draw(st.lists(st.booleans(), min_size=3, max_size=3))
    steps = tuple(
        Step(name, draw(STEPS[name]), f"_{own}" if mark else "")
        for name, own, mark in zip(names, ids, marked, strict=False)
    )
    expose = draw(st.sampled_from([{}, {"a-b": f"{len(steps)}.{next(iter(registry.find(names[-1]).parameters))}"}]))
    return Recipe(draw(TEXT), draw(TEXT), draw(st.integers(0, 2**63 - 1)), steps, expose, "any")


@given(any_recipe())
@pytest.mark.slow
def test_what_is_dumped_parses_to_the_same_recipe_with_defaults_filled_in(recipe):
    text = recipe.dump()
    back = Recipe.parse(text, "any.toml")
    assert back == recipe.full
    assert back.dump() == text == recipe.full.dump()


@given(st.recursive(TEXT | st.integers() | st.floats(allow_nan=False) | st.booleans(), st.lists))
@pytest.mark.slow
def test_a_written_value_is_read_back(value):
    assert tomllib.loads(f"x = {write_value(value)}")["x"] == value


def test_the_canonical_form_is_this():
    assert (
        Recipe.parse(POSTER).dump()
        == """\
schema = 2
title = "Poster"
description = "A few flat colors."
seed = 7

[[steps]]
op = "grain"
amount = 8.0
size = 9
channel = "red"
bold = false

[[steps]]
op = "split"
colors = 6
weights = [0.5, 0.5]

[[steps]]
op = "ink"
palette = ["red", "#00ff00"]

[[steps]]
op = "rim"
tolerance = 0.5

[expose]
colors = "split.colors"
grain-size = "1.size"
"""
    )


def test_the_schema_knows_every_op_and_parameter_and_nothing_else():
    made = recipes.schema()
    json.dumps(made)
    assert set(made["$defs"]) == {"grain", "split", "ink", "rim", "spin"}
    grain = made["$defs"]["grain"]
    assert set(grain["properties"]) == {"op", "id", "amount", "size", "channel", "bold"}
    assert grain["additionalProperties"] is False and grain["required"] == ["op"]
    assert grain["properties"]["op"]["const"] == "grain"
    assert (grain["properties"]["size"]["minimum"], grain["properties"]["size"]["maximum"]) == (1, 99)
    assert grain["properties"]["channel"]["enum"] == ["red", "green"]


def test_a_short_recipe_has_other_packages_parameters_in_full_since_no_schema_of_ours_speaks_of_them():
    assert "amount = 8.0" in dump(Recipe.parse(POSTER).checked, short=True)
