"""`@op`: what one declaration says, and how an op is called as a function."""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Annotated, Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field
from tiny_ops import grain, ink, rim, split, tiny_ops

from artkit import registry
from artkit.artwork.drawing import Drawing
from artkit.artwork.image import Image
from artkit.artwork.labels import Labels
from artkit.errors import UsageError
from artkit.registry import Op

PHOTO = Image(np.full((4, 6, 3), 100, np.uint8))


def test_a_declaration_says_everything():
    op = Op(grain)
    assert (op.name, op.accepts, op.gives, op.summary) == ("grain", (Image,), Image, "Add noise to one channel.")
    assert list(op.parameters) == ["amount", "size", "channel", "bold"]  # in order, and without `rng`
    assert op.injected == {"rng": "rng"}
    assert op.parameters["size"].default == 3 and op.parameters["size"].description == "Window side, odd."
    assert Op(rim).accepts == (Labels, Image)
    assert Op(rim).gives is Drawing


def test_underscores_in_a_functions_name_become_hyphens():
    def channel_blur_(image: Image) -> Image:
        """Blur."""
        return image

    assert Op(channel_blur_).name == "channel-blur"


def test_an_op_without_a_docstring_is_refused():
    def silent(image: Image) -> Image:
        return image

    with pytest.raises(TypeError, match="op silent has no docstring"):
        Op(silent)


def test_two_modules_cannot_declare_one_op():
    def median(image: Image) -> Image:
        """Mine."""
        return image

    with tiny_ops():
        registry.op(median)
        registry.op(median)  # the same module may, when it is loaded again
        other = FunctionType(median.__code__, median.__globals__, "median")
        other.__doc__, other.__module__ = "Other.", "elsewhere"
        with pytest.raises(TypeError, match="op median is declared in test_registry already"):
            registry.op(other)


@pytest.mark.parametrize("source", [PHOTO, PHOTO.pixels, PHOTO.pixels[..., 0], PHOTO.pixels / 255.0])
def test_an_op_takes_pictures_and_arrays(source):
    made = Op(rim)(source)
    assert (made.width, made.height) == (6, 4)


def test_labels_are_painted_for_an_op_on_pictures_and_left_alone_for_one_on_labels():
    labels = Op(split)(PHOTO)
    assert isinstance(Op(split)(labels).source, Image)
    assert np.array_equal(Op(ink)(labels).palette, 255 - labels.palette)
    with pytest.raises(UsageError, match="ink works on Labels, not on Image"):
        Op(ink)(PHOTO)


@pytest.mark.parametrize("size", [5, np.int64(5), np.uint8(5)])
def test_whole_numbers_of_numpy_are_whole_numbers(size):
    assert Op(grain).check({"size": size})["size"] == 5


def test_all_faults_of_a_call_are_told():
    with pytest.raises(UsageError) as caught:
        Op(grain).check({"size": 8, "channel": "rad", "nonsense": 1})
    assert str(caught.value) == (
        "grain: size: 8 is even; use 7 or 9; "
        'grain: channel: "rad" is not one of "red" or "green"; did you mean red?; '
        "grain: no parameter 'nonsense'; known: amount, bold, channel, size"
    )


def _mixed(
    image: Image,
    *,
    many: Annotated[int | Literal["auto"], Field(description="x")] = "auto",
    limited: Annotated[int | None, Field(ge=3, description="x")] = None,
    word: Annotated[str, Field(pattern="^[a-z]+$", min_length=2, max_length=4, description="x")] = "ab",
    step: Annotated[int, Field(multiple_of=4, description="x")] = 4,
    pairs: Annotated[list[tuple[int, int]], Field(max_length=2, description="x")] = [],  # noqa: B006
    must: Annotated[int, Field(description="x")],
) -> Image:
    """Take all kinds of values."""
    return image


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({}, "must: a value is needed"),
        ({"many": "atuo"}, 'many: "atuo" is not a whole number and not "auto"; did you mean auto?'),
        ({"many": 1.5}, 'many: 1.5 is not a whole number and not "auto"'),
        ({"limited": 2}, "limited: 2 is too small; use 3 or more"),
        ({"limited": "x"}, 'limited: "x" is not a whole number'),
        ({"word": "AB"}, 'word: "AB" does not match the pattern ^[a-z]+$'),
        ({"word": "a"}, 'word: "a" is too short; give 2 characters or more'),
        ({"word": "abcde"}, 'word: "abcde" is too long; give 4 characters or fewer'),
        ({"word": 12}, 'word: 12 is not a string; put it in quotes: "12"'),
        ({"step": 6}, "step: 6 is not a multiple of 4"),
        ({"pairs": [[1, 2], [3, "4"]]}, 'pairs: item 2: item 2: "4" is not a whole number; leave out the quotes: 4'),
        ({"pairs": [[1, 2]] * 3}, "pairs: [[1, 2], [1, 2], [1, 2]] is too long; give 2 items or fewer"),
        ({"pairs": list(range(100))}, None),
    ],
)
def test_complaints_read_naturally(values, complaint):
    with pytest.raises(UsageError) as caught:
        Op(_mixed).check(values if complaint and "needed" in complaint else {"must": 1} | values)
    if complaint:
        assert str(caught.value) == f"mixed: {complaint}"
    assert "\n" not in str(caught.value)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists))
@pytest.mark.slow
def test_any_value_is_taken_or_refused_in_one_line(value):
    for op in map(Op, (grain, split, ink, _mixed)):
        for name in op.parameters:
            try:
                op.check({"must": 1, name: value} if op.name == "mixed" else {name: value})
            except UsageError as error:
                assert str(error).startswith(f"{op.name}: {name}: ") and "\n" not in str(error)
                assert "Input should" not in str(error) and "is not valid" not in str(error)


def test_the_earlier_names_of_report_and_progress_still_work_in_declarations_and_in_calls():
    def old(image: Image, *, note: Callable[[str], None], advance: Callable[[float], None] | None = None) -> Image:
        """Tell."""
        note("told")
        if advance:
            advance(0.5)
        return image

    def new(image: Image, *, report: Callable[[str], None], progress: Callable[[float], None] | None = None) -> Image:
        """Tell."""
        return old(image, note=report, advance=progress)

    picture = np.zeros((2, 2, 3), np.uint8)
    for function in (old, new):
        made = Op(function)
        assert not made.parameters and list(made.injected.values()) == ["report", "progress"]
        made(picture)  # with nobody to tell
        for names in (("report", "progress"), ("note", "advance")):
            told: list[object] = []
            made(picture, **dict.fromkeys(names, told.append))
            assert told == ["told", 0.5]
