"""Recipes: read, checked, changed, written."""

from __future__ import annotations

import json
import string
import tomllib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_ops import tiny_ops

from artkit import recipe as recipes
from artkit import registry
from artkit.artwork.animation import Animation
from artkit.artwork.drawing import Drawing
from artkit.artwork.image import Image
from artkit.artwork.labels import Labels
from artkit.errors import RecipeError, UsageError
from artkit.recipe import Recipe, Step
from artkit.registry.toml import lines_of, write_value

POSTER = """
title = "Poster"
description = "A few flat colors."
seed = 7

[[steps]]
op = "grain"
size = 9

[[steps]]
op = "split"
colors = 6

[[steps]]
op = "ink"
palette = ["red", "#00ff00"]

[[steps]]
op = "outline"

[expose]
colors = "split.colors"
grain-size = "1.size"
"""


@pytest.fixture(autouse=True, scope="module")
def _only_tiny_ops():
    with tiny_ops():
        yield


def faults(text: str) -> list[str]:
    with pytest.raises(RecipeError) as caught:
        Recipe.parse(text, "x.toml")
    return caught.value.faults


# Reading


def test_a_recipe_is_read_as_it_is_written():
    recipe = Recipe.parse(POSTER, "folder/poster.toml")
    assert (recipe.name, recipe.title, recipe.description, recipe.seed) == ("poster", "Poster", "A few flat colors.", 7)
    assert [step.op for step in recipe.steps] == ["grain", "split", "ink", "outline"]
    assert recipe.steps[0].values == {"size": 9}  # defaults are not filled in
    assert recipe.expose == {"colors": "split.colors", "grain-size": "1.size"}


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(tmp_path):
    path = tmp_path / "poster.toml"
    path.write_bytes(b"\xef\xbb\xbf" + POSTER.replace("\n", "\r\n").encode())
    assert Recipe.read(path) == Recipe.parse(POSTER, "poster.toml")
    assert faults(POSTER.replace("9", "8").replace("\n", "\r\n"))[0].startswith("x.toml:8:")


def test_a_file_that_is_not_text_is_refused_with_the_line(tmp_path):
    path = tmp_path / "x.toml"
    path.write_bytes(b'title = "x"\n\n# caf\xe9\n')
    with pytest.raises(RecipeError, match=r"x\.toml:3: byte 0xe9 is not UTF-8 text"):
        Recipe.read(path)


@pytest.mark.parametrize("name", ["missing.toml", "."])
def test_a_file_that_cannot_be_opened_is_a_usage_error(name, tmp_path):
    with pytest.raises(UsageError) as caught:
        Recipe.read(tmp_path / name)
    assert str(caught.value).startswith(str(tmp_path / name)) and "\n" not in str(caught.value)


def test_all_faults_are_named_at_once_in_the_order_of_their_lines():
    assert faults(
        """
        sead = 3
        [[steps]]
        op = "grain"
        size = 8
        amount = 100
        [[steps]]
        op = "spilt"
        [[steps]]
        op = "outline"
        tolerance = inf
        [[steps]]
        op = "spin"
        """
    ) == [
        "x.toml:2: no key 'sead' in a recipe; did you mean seed?",
        "x.toml:5: step 1 (grain): size: 8 is even; use 7 or 9",
        "x.toml:6: step 1 (grain): amount: 100 is too large; use less than 100.0",
        "x.toml:8: step 2: no op 'spilt'; did you mean split?",
        "x.toml:11: step 3 (outline): tolerance: inf is not a finite number",
        "x.toml:13: step 4 (spin): works on Image, but step 3 (outline) gives Drawing; put it before step 3 (outline)",
    ]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("size = 9.0", "size: 9.0 is not a whole number; use 9"),
        ('size = "9"', 'size: "9" is not a whole number; leave out the quotes: 9'),
        ("size = true", "size: true is not a whole number"),
        ("size = -3", "size: -3 is too small; use 1 or more"),
        ("amount = false", "amount: false is not a number"),
        ("amount = nan", "amount: nan is not a finite number"),
        ('amount = "1e2"', 'amount: "1e2" is not a number; leave out the quotes: 1e2'),
        ("bold = 1", "bold: 1 is not true or false"),
        ('bold = "true"', 'bold: "true" is not true or false'),
        ('channel = "gren"', 'channel: "gren" is not one of "red" or "green"; did you mean green?'),
        ("channel = 2024-01-01", "channel: 2024-01-01 is a date; use a number, a string, true, false or a list"),
        ("rng = 3", "no parameter 'rng'; known: amount, bold, channel, size"),
    ],
)
def test_a_value_of_the_wrong_kind_is_named_with_the_way_out(line, complaint):
    assert faults(f'[[steps]]\nop = "grain"\n{line}\n') == [f"x.toml:3: step 1 (grain): {complaint}"]


@pytest.mark.parametrize(
    ("op", "line", "complaint"),
    [
        ("split", "weights = [1]", "weights: item 2: [1] is too short; it needs this item"),
        ("split", "weights = [1, 2, 3]", "weights: [1, 2, 3] is too long; give 2 items or fewer"),
        ("split", 'weights = [1, "2"]', 'weights: item 2: "2" is not a number; leave out the quotes: 2'),
        ("split", "weights = 1", "weights: 1 is not a list; put it in brackets: [1]"),
        ("ink", "palette = 3", "palette: 3 is not a string and not a list"),
        ("ink", 'palette = ["red", 3]', 'palette: item 2: 3 is not a string; put it in quotes: "3"'),
        ("ink", "only = -1", "only: -1 is too small; use 0 or more"),
        ("ink", 'only = "all"', 'only: "all" is not a whole number'),
    ],
)
def test_lists_and_alternatives_have_clear_complaints(op, line, complaint):
    split = '[[steps]]\nop = "split"\n'
    assert faults(f'{split}[[steps]]\nop = "{op}"\n{line}\n') == [f"x.toml:5: step 2 ({op}): {complaint}"]


def test_a_whole_number_does_where_decimals_are_wanted():
    assert Recipe.parse('[[steps]]\nop = "grain"\namount = 9').full.steps[0].values["amount"] == 9.0


def test_lines_are_found_past_strings_comments_and_lists_that_look_like_tables():
    text = '''
description = """
[[steps]]
op = "no" # not a step
""" # """
[[ "steps" ]] # [[steps]]
'op' = 'split'
weights = [ # a list, [ and { in a comment
    0.5, # 'half'
    0.5,
]
"colors" = 99
[[steps]]
op = "ink"
palette = ["]", '[[steps]]', """
[expose]""", "a\\"b#"]
only = -1
[expose]
x."y" = 3
'''
    lines = lines_of(text)
    assert lines.steps == [
        {"": 6, "op": 7, "weights": 8, "colors": 12},
        {"": 13, "op": 14, "palette": 15, "only": 17},
    ]
    assert (lines.key("description"), lines.key("expose"), lines.key("expose", "x"), lines.key("?")) == (2, 18, 19, 1)


@given(
    st.lists(st.sampled_from(["# [[steps]]\n", "\n", 'x = """\n\n"""\n', "y = [\n1,\n]\n", "z = '[['\n"]), max_size=5)
)
def test_every_step_is_found_on_its_line_whatever_stands_between(fillers):
    text, wanted = "", []
    for filler in [*fillers, ""]:
        wanted.append(text.count("\n") + 1)
        text += '[[steps]]\nop = "grain"\n' + filler
    tomllib.loads(text)
    assert [step[""] for step in lines_of(text).steps] == wanted


@settings(max_examples=200)
@given(st.text(st.sampled_from("[]{}=\"'#\n\\., 1-atsepo\r\t\x00é"), max_size=40))
def test_any_text_is_a_recipe_or_has_faults_of_one_line(text):
    for source in (text, f'[[steps]]\nop = "grain"\n{text}', f"[expose]\n{text}", f"steps = {text}"):
        try:
            Recipe.parse(source, "x.toml")
        except RecipeError as error:
            assert error.faults
            for fault in error.faults:
                where, line, what = fault.split(":", 2)
                assert where == "x.toml" and 1 <= int(line) <= source.count("\n") + 1 and what.strip()
                assert "\n" not in fault


def test_brackets_without_end_are_a_fault_not_a_crash():
    assert "not TOML" in faults("x = " + "[" * 100_000)[0]


# Types


@pytest.mark.parametrize(
    ("ops", "gives"),
    [
        ("grain", Image),
        ("split", Labels),
        ("split ink outline", Drawing),
        ("outline", Drawing),
        ("split grain", Image),  # labels are painted
        ("split spin", Animation),
        ("spin grain grain", Animation),  # frame by frame
    ],
)
def test_steps_that_fit_give_the_type_of_the_last(ops, gives):
    assert Recipe(steps=tuple(map(Step, ops.split()))).gives is gives


@pytest.mark.parametrize(
    ("ops", "fault"),
    [
        ("ink", "step 1 (ink): works on Labels, but a recipe starts with the photo, an Image; put split before it"),
        ("grain ink", "step 2 (ink): works on Labels, but step 1 (grain) gives Image; put split before it"),
        (
            "spin split",
            "step 2 (split): works on Image, but step 1 (spin) gives Animation; put it before step 1 (spin)",
        ),
        (
            "spin outline",
            "step 2 (outline): works on Labels or Image, but step 1 (spin) gives Animation; "
            "put it before step 1 (spin)",
        ),
    ],
)
def test_steps_that_do_not_fit_are_refused(ops, fault):
    with pytest.raises(RecipeError) as caught:
        _ = Recipe(steps=tuple(map(Step, ops.split()))).bound
    assert caught.value.faults == [f"recipe: {fault}"]


def test_a_recipe_made_in_python_is_checked_as_well():
    made = Recipe(steps=(Step("grain", {"size": 8}),), seed=-1, expose={"x": "2.size"})
    with pytest.raises(RecipeError) as caught:
        _ = made.gives
    assert [fault.split(": ")[1] for fault in caught.value.faults] == ["seed", "step 1 (grain)", "expose"]
    with pytest.raises(RecipeError, match="no steps"):
        _ = Recipe().gives


# Changing


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
        ("size", 9, "size: not STEP.PARAM, as in grain.amount"),
        ("", 9, ": not STEP.PARAM, as in grain.amount"),
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


# Writing

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
def test_what_is_dumped_parses_to_the_same_recipe_with_defaults_filled_in(recipe):
    text = recipe.dump()
    back = Recipe.parse(text, "any.toml")
    assert back == recipe.full
    assert back.dump() == text == recipe.full.dump()


@given(st.recursive(TEXT | st.integers() | st.floats(allow_nan=False) | st.booleans(), st.lists))
def test_a_written_value_is_read_back(value):
    assert tomllib.loads(f"x = {write_value(value)}")["x"] == value


def test_the_canonical_form_is_this():
    assert (
        Recipe.parse(POSTER).dump()
        == """\
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
op = "outline"
tolerance = 0.5

[expose]
colors = "split.colors"
grain-size = "1.size"
"""
    )


# Finding


@pytest.fixture
def mine(tmp_path, monkeypatch) -> Path:
    """The user's folder of presets."""
    folder = tmp_path / "mine"
    folder.mkdir()
    monkeypatch.setattr("artkit.recipe.files.user_presets", lambda: folder)
    return folder


def test_the_users_presets_come_before_artkits_own(mine):
    (mine / "my-poster.toml").write_text(POSTER, "utf-8")
    (mine / "a-poster.toml").write_text(POSTER, "utf-8")
    assert recipes.presets()["my-poster"] == mine / "my-poster.toml"
    assert list(recipes.presets()) == sorted(recipes.presets())
    assert Recipe.find("my-poster").title == "Poster"
    for name in list(recipes.presets()):
        (mine / f"{name}.toml").write_text(POSTER, "utf-8")
    assert {path.parent for path in recipes.presets().values()} == {mine}


def test_a_recipe_is_found_by_its_path(tmp_path, mine, monkeypatch):
    (tmp_path / "x.toml").write_text(POSTER, "utf-8")
    (tmp_path / "plain").write_text(POSTER, "utf-8")
    monkeypatch.chdir(tmp_path)
    for path in (tmp_path / "x.toml", "x.toml", "./x.toml", "plain"):
        assert Recipe.find(path).title == "Poster"


def test_the_nearest_preset_is_suggested(mine):
    (mine / "my-poster.toml").write_text(POSTER, "utf-8")
    with pytest.raises(UsageError, match=r"^no preset 'my-postr'; did you mean my-poster\?$"):
        Recipe.find("my-postr")


def test_a_summary_is_read_without_checking_and_never_fails(tmp_path):
    path = tmp_path / "x.toml"
    path.write_text('title = "T"\ndescription = "D"\nsteps = 3', "utf-8")
    assert recipes.summary(path) == ("T", "D")
    path.write_text('title = "T', "utf-8")
    assert recipes.summary(path)[0] == "" and "x.toml:1: not TOML" in recipes.summary(path)[1]
    assert recipes.summary(tmp_path / "none.toml")[0] == ""


def test_the_schema_knows_every_op_and_parameter_and_nothing_else():
    made = recipes.schema()
    json.dumps(made)
    assert set(made["$defs"]) == {"grain", "split", "ink", "outline", "spin"}
    grain = made["$defs"]["grain"]
    assert set(grain["properties"]) == {"op", "id", "amount", "size", "channel", "bold"}
    assert grain["additionalProperties"] is False and grain["required"] == ["op"]
    assert grain["properties"]["op"]["const"] == "grain"
    assert (grain["properties"]["size"]["minimum"], grain["properties"]["size"]["maximum"]) == (1, 99)
    assert grain["properties"]["channel"]["enum"] == ["red", "green"]
