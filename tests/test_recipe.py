"""Recipes: read and checked."""

from __future__ import annotations

import tomllib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_ops import POSTER, tiny_ops

from artkit.artwork.animation import Animation
from artkit.artwork.drawing import Drawing
from artkit.artwork.image import Image
from artkit.artwork.labels import Labels
from artkit.errors import RecipeError, UsageError
from artkit.recipe import Recipe, RecipeData, Step, check
from artkit.recipe.parse import parse
from artkit.registry.toml import lines_of
from artkit.run import run
from artkit.run.library import apply


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
    assert [step.op for step in recipe.steps] == ["grain", "split", "ink", "rim"]
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
        op = "rim"
        tolerance = inf
        [[steps]]
        op = "spin"
        """
    ) == [
        "x.toml:2: no key 'sead' in a recipe of schema 1; did you mean seed?",
        "x.toml:5: step 1 (grain): size: 8 is even; use 7 or 9",
        "x.toml:6: step 1 (grain): amount: 100 is too large; use less than 100",
        "x.toml:8: step 2: no op 'spilt'; did you mean split?",
        "x.toml:11: step 3 (rim): tolerance: inf is not a finite number",
        "x.toml:13: step 4 (spin): works on Image, but step 3 (rim) gives Drawing; put it before step 3 (rim)",
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
        ("split ink rim", Drawing),
        ("rim", Drawing),
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
            "spin rim",
            "step 2 (rim): works on Labels or Image, but step 1 (spin) gives Animation; put it before step 1 (spin)",
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


@pytest.fixture
def checks(monkeypatch) -> list[int]:
    """Grows by one whenever the steps of a recipe are bound to their ops."""
    counted: list[int] = []
    bind = check._bind
    monkeypatch.setattr(check, "_bind", lambda *given: counted.append(1) or bind(*given))
    return counted


def test_a_recipe_is_checked_once_whatever_it_is_asked(checks):
    recipe = Recipe.parse(POSTER)
    _ = recipe.gives, recipe.bound, recipe.settings, recipe.motion, recipe.full, recipe.options(), recipe.dump()
    assert len(checks) == 1
    run(recipe.with_options({}).with_values({}).checked, Image(np.zeros((4, 6, 3), np.uint8)))
    assert len(checks) == 1
    _ = recipe.with_values({"grain.size": 5}).gives  # another recipe
    assert len(checks) == 2


def test_a_preset_is_checked_once_on_its_way_to_an_artwork(checks, tmp_path):
    (tmp_path / "x.toml").write_text(POSTER, "utf-8")
    apply(tmp_path / "x.toml", np.zeros((4, 6, 3), np.uint8))
    assert len(checks) == 1


def test_a_recipe_is_only_data_until_it_is_checked():
    data, found = parse(POSTER.replace("grain", "grian").replace("colors = 6", "colors = 99"), "x.toml")
    assert isinstance(data, RecipeData) and found.found == []
    with pytest.raises(RecipeError) as caught:
        check.check(data, found)
    assert len(caught.value.faults) == 2 and isinstance(check.check(parse(POSTER, "x.toml")[0]), check.Checked)
