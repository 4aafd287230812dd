"""What every op promises, tested for each one merely because it is registered.

Each op runs on what it accepts: small pictures with and without transparency, a pixel, a row, a column, a single color,
and the same as labels. It may refuse one with one clear line, but not the ordinary picture.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Annotated, Any

import numpy as np
import pytest
from pydantic import Field

from artkit import registry
from artkit.arrays import TRANSPARENT
from artkit.artwork.animation import Animation
from artkit.artwork.drawing import Drawing, Gradient
from artkit.artwork.image import Image
from artkit.artwork.labels import Labels
from artkit.errors import ArtkitError, UsageError
from artkit.recipe import KEYS
from artkit.recipe.values import validate
from artkit.registry import Op
from artkit.run import run

pytestmark = pytest.mark.usefixtures("short_tours")

OPS = registry.all_ops()


def _photo(height: int = 16, width: int = 20) -> Image:
    y, x = np.mgrid[:height, :width]
    disk = (x - width / 2) ** 2 + (y - height / 2) ** 2 < (height / 3) ** 2
    pixels = np.dstack([12 * x % 256, 15 * y % 256, np.where(disk, 220, 40)])
    return Image((pixels + np.random.default_rng(2).integers(0, 8, pixels.shape)).clip(0, 255).astype(np.uint8))


def _masked(image: Image) -> Image:
    y, x = np.mgrid[: image.height, : image.width]
    return Image(image.pixels, np.where(x < image.width / 3, 0, np.where(y % 2, 255, 200)).astype(np.uint8))


PICTURES = {
    "photo": _photo(),
    "alpha": _masked(_photo()),
    "transparent": Image(_photo().pixels, np.zeros((16, 20), np.uint8)),
    "pixel": _photo(1, 1),
    "row": _photo(1, 12),
    "column": _photo(12, 1),
    "constant": Image(np.full((9, 7, 3), 130, np.uint8)),
    "black": Image(np.zeros((6, 6, 3), np.uint8)),
    "white": Image(np.full((6, 6, 3), 255, np.uint8)),
}


def _labels(image: Image) -> Labels:
    """Four labels by brightness, of which the last has no pixel; transparent pixels have none."""
    ids = (image.pixels.mean(axis=2) // 86).astype(np.int32)
    ids[~(image.alpha > 127) if image.alpha is not None else np.zeros(ids.shape, bool)] = TRANSPARENT
    return Labels(ids, np.array([[20, 20, 30], [200, 60, 40], [240, 230, 210], [0, 0, 255]], np.uint8), image)


SOURCES: dict[type, Callable[[Image], Any]] = {
    Image: lambda image: image,
    Labels: _labels,
    Drawing: OPS["trace"],
    Animation: lambda image: Animation(2, lambda i: image),
}

CASES = [
    pytest.param(op, kind, picture, id=f"{name}-{kind.__name__}-{picture}")
    for name, op in OPS.items()
    for kind in op.accepts
    for picture in PICTURES
]
ALL = pytest.mark.parametrize("op", OPS.values(), ids=list(OPS))


def call(op: Op[..., Any], source: Any, seed: int = 0, **values: object) -> Any:
    injected = {"rng": np.random.default_rng(seed)} if "rng" in op.injected else {}
    return op(source, **(needed(op) | small(op) | values), **injected)


def small(op: Op[..., Any]) -> dict[str, Any]:
    """Values that make an op quick: little paper, and few points on it."""
    values: dict[str, object] = {"triangles": 60, "pieces": 20, "cells": 40, "washes": 12, "stitches": 12, "studs": 9}
    values |= {
        "primitives": {"shapes": 12},
        "circle-packing": {"smallest": 0.02},
        "ascii": {"columns": 9},
        "type-portrait": {"columns": 9},
    }.get(op.name, {})
    if "page" in op.parameters:
        values |= {"page": "20x15mm", "margin": 1.0, "points": 60, "nails": 24, "lines": 20}
    return {name: value for name, value in values.items() if name in op.parameters}


def needed(op: Op[..., Any]) -> dict[str, Any]:
    """Values for the parameters that have no default: the least there is, or the first choice."""
    made = op.model.model_json_schema()["properties"]
    return {
        name: made[name].get("minimum", (made[name].get("enum") or [made[name].get("examples", [1])[0]])[0])
        for name, parameter in op.parameters.items()
        if parameter.required
    }


def content(artwork: Any) -> list[Any]:
    """Everything in an artwork, as things that can be compared."""
    if isinstance(artwork, Image):
        return [
            artwork.pixels.shape,
            artwork.pixels.tobytes(),
            None if artwork.alpha is None else artwork.alpha.tobytes(),
        ]
    if isinstance(artwork, Labels):
        return [artwork.ids.shape, artwork.ids.tobytes(), artwork.palette.tobytes()]
    if isinstance(artwork, Animation):
        return [len(artwork), artwork.delay, artwork.loop, *(content(artwork.frame(i)) for i in _some_frames(artwork))]
    paths = [
        (
            shape.fill,
            shape.stroke,
            [(p.points.tobytes(), None if p.kinds is None else p.kinds.tobytes()) for p in shape.paths],
        )
        for shape in artwork.shapes
    ]
    return [artwork.width, artwork.height, artwork.background, paths]


def _some_frames(animation: Animation) -> list[int]:
    return sorted({0, 1 % len(animation), len(animation) // 2, len(animation) - 1})


def freeze(source: Any) -> list[np.ndarray]:
    """Make a source's arrays read-only, so that writing to one fails where it happens."""
    image = source.source if isinstance(source, Labels) else source
    arrays = [source.ids, source.palette] if isinstance(source, Labels) else []
    if isinstance(image, Image):
        arrays += [image.pixels] + ([image.alpha] if image.alpha is not None else [])
    for array in arrays:
        array.flags.writeable = False
    return arrays


# Declarations


@ALL
def test_an_op_and_its_parameters_are_described(op):
    first = inspect.cleandoc(op.function.__doc__ or "").partition("\n")[0]
    assert op.summary == first and first.endswith(".") and len(first) <= 100, first
    for parameter in op.parameters.values():
        assert parameter.description.endswith((".", "?")) and "\n" not in parameter.description, parameter.name
        assert parameter.name not in {"op", "id", *KEYS} - {"steps", "size", "crop"}, (
            "a step has keys of that name, or a recipe has"
        )


@ALL
def test_an_op_declares_types_that_steps_can_pass_on(op):
    kinds = {Image, Labels, Drawing, Animation}
    assert set(op.accepts) <= kinds
    assert issubclass(op.gives, tuple(kinds))
    for parameter in inspect.signature(op.function).parameters.values():
        if parameter.name in op.injected:  # so that the op can be called as a function
            assert parameter.default is None, parameter.name


@ALL
def test_defaults_are_within_their_own_bounds(op):
    checked = op.model.model_validate(needed(op))
    for name, parameter in op.parameters.items():
        if not parameter.required:
            value = getattr(checked, name)
            assert (value, type(value)) == (parameter.default, type(parameter.default)), name


@ALL
def test_defaults_need_no_check_and_are_what_the_check_gives(op):
    valid = op.model.model_validate(needed(op))
    checked = {name: getattr(valid, name) for name in op.parameters}
    assert op.check(needed(op)) == checked
    kept = {name: value for name, value in valid.model_dump(mode="json").items() if value is not None}
    assert validate(op, needed(op)) == (kept, [])
    assert op.check(kept) == checked


@ALL
def test_only_none_by_default_may_be_none(op):
    """TOML has no null: what is left out of a recipe has to mean the default."""
    for name, parameter in op.parameters.items():
        if parameter.required or parameter.default is not None:
            with pytest.raises(UsageError):
                op.check(needed(op) | {name: None})


@ALL
def test_an_unknown_parameter_gets_one_clear_line(op):
    with pytest.raises(UsageError) as caught:
        op.check(needed(op) | {"nonsense": 1})
    text = str(caught.value)
    assert text.startswith(f"{op.name}: no parameter 'nonsense'") and "\n" not in text


@ALL
def test_values_of_a_wrong_kind_get_one_clear_line(op):
    for name in op.parameters:
        for value in (object(), {"a": 1}, -(10**30), float("nan"), "\n", ["\n"]):
            try:
                op.check(needed(op) | {name: value})
            except UsageError as error:
                assert str(error).startswith(f"{op.name}: {name}: ") and "\n" not in str(error)
                assert "Input should" not in str(error), error


@ALL
def test_what_it_does_not_work_on_is_refused_in_one_line(op):
    for source in (3, "no-such-file.png", np.zeros((2, 2, 7), np.uint8), np.full((2, 2), np.nan)):
        with pytest.raises(ArtkitError) as caught:
            call(op, source)
        assert "\n" not in str(caught.value)


# Runs


@pytest.mark.parametrize(("op", "kind", "picture"), CASES)
@pytest.mark.sample(300)
def test_an_op_leaves_its_input_alone_and_gives_what_it_declares(op, kind, picture):
    source = SOURCES[kind](PICTURES[picture])
    arrays = freeze(source)
    before = [array.tobytes() for array in arrays]
    try:
        artwork = call(op, source)
    except ArtkitError as error:
        assert picture not in ("photo", "alpha"), error
        assert "\n" not in str(error) and len(str(error)) > len(op.name)
        return
    assert isinstance(artwork, op.gives)
    assert [array.tobytes() for array in arrays] == before
    check(artwork)


def check(artwork: Any) -> None:
    """Image and Labels check shapes and ranges when they are made; this is what they do not look at."""
    if isinstance(artwork, Labels) and artwork.source is not None:
        assert (artwork.source.width, artwork.source.height) == (artwork.width, artwork.height)
    if isinstance(artwork, Animation):
        frames = [artwork.frame(i) for i in _some_frames(artwork)]
        assert all(type(frame) is Image for frame in frames)
        assert len({frame.pixels.shape for frame in frames}) == 1
    if isinstance(artwork, Drawing):
        assert artwork.width > 0 and artwork.height > 0
        for shape in artwork.shapes:
            assert shape.fill or shape.stroke
            fills = shape.fill.colors if isinstance(shape.fill, Gradient) else (shape.fill,)
            for color in filter(None, (*fills, shape.stroke)):
                assert len(color) == 7 and int(color[1:], 16) >= 0, color
            for path in shape.paths:
                assert path.points.dtype == np.float64 and path.points.shape[1:] == (2,)
                assert np.isfinite(path.points).all()
                assert path.kinds is None or 1 + int(path.kinds.sum()) == len(path.points)
                assert path.closed or shape.fill is None


@ALL
@pytest.mark.sample(40)
def test_the_same_seed_gives_the_same_artwork(op):
    source = SOURCES[op.accepts[0]](PICTURES["photo"])
    assert content(call(op, source, seed=7)) == content(call(op, source, seed=7))


@ALL
@pytest.mark.sample(40)
def test_an_op_runs_without_a_source_of_chance(op):
    source = SOURCES[op.accepts[0]](PICTURES["photo"])
    assert content(op(source, **(needed(op) | small(op)))) == content(op(source, **(needed(op) | small(op))))


@ALL
@pytest.mark.sample(40)
def test_an_op_has_no_hold_on_the_global_source_of_chance(op):
    source = SOURCES[op.accepts[0]](PICTURES["photo"])
    before = np.random.get_state()[1].tobytes()  # noqa: NPY002
    content(call(op, source))
    assert np.random.get_state()[1].tobytes() == before  # noqa: NPY002


@ALL
def test_alpha_is_kept_or_used(op):
    """A picture keeps its mask, or the op says what is there; in labels and drawings, it is in no region."""
    if op.accepts[0] is not Image:
        pytest.skip("works on what has no mask of its own")
    image = PICTURES["alpha"]
    artwork = call(op, image)
    if isinstance(artwork, Animation):
        artwork = artwork.frame(0)
    if isinstance(artwork, Image):
        assert artwork.alpha is not None or "Transparent parts are white." in " ".join(op.details.split())
    if isinstance(artwork, Labels):
        assert (artwork.ids[image.alpha == 0] == TRANSPARENT).all() and (artwork.ids[image.alpha == 255] >= 0).all()
    if isinstance(artwork, Drawing):
        opaque = Image(image.pixels)
        assert content(artwork) != content(call(op, opaque))


@ALL
def test_a_recipe_of_the_op_alone_gives_what_the_function_gives(op):
    """The recipe's door and the function's lead to the same place."""
    from artkit.recipe import Recipe, Step

    if Image not in op.accepts:
        pytest.skip("no recipe starts with it")
    recipe = Recipe(steps=(Step(op.name, needed(op) | small(op)),), seed=5)
    assert recipe.gives is op.gives
    injected = {"rng": np.random.default_rng([5, 1])} if "rng" in op.injected else {}
    direct = op(PICTURES["photo"], **(needed(op) | small(op)), **injected)
    assert content(run(Recipe.parse(recipe.dump()).checked, PICTURES["photo"])) == content(direct)


# The promises can be broken: each of these ops breaks one, and its test says so.


def _writes(image: Image) -> Image:
    """Write into its input."""
    image.pixels[0, 0] = 0
    return image


def _lies(image: Image) -> Labels:
    """Give another type than it declares."""
    return image  # type: ignore[return-value]


def _gambles(image: Image) -> Image:
    """Use the global source of chance."""
    return image.with_pixels(np.random.randint(0, 256, image.pixels.shape).astype(np.uint8))  # noqa: NPY002


def _forgets(image: Image) -> Image:
    """Drop the mask."""
    return Image(image.pixels)


def _whispers(image: Image, *, size: int = 3) -> Image:
    """Describe no parameter."""
    return image


def _overreaches(image: Image, *, size: Annotated[int, Field(le=2, description="Small.")] = 3) -> Image:
    """Have a default out of its bounds."""
    return image


def _offers(image: Image, *, size: Annotated[int | None, Field(description="Any.")] = 3) -> Image:
    """Take a None that no recipe can say."""
    return image


def _rambles(image: Image) -> Image:
    """Say in its first line so much that no list of operations has room for it, and go on until the line has no end."""
    return image


@pytest.mark.parametrize(
    ("function", "promise"),
    [
        (_writes, lambda op: test_an_op_leaves_its_input_alone_and_gives_what_it_declares(op, Image, "photo")),
        (_lies, lambda op: test_an_op_leaves_its_input_alone_and_gives_what_it_declares(op, Image, "photo")),
        (_gambles, test_the_same_seed_gives_the_same_artwork),
        (_gambles, test_an_op_has_no_hold_on_the_global_source_of_chance),
        (_forgets, test_alpha_is_kept_or_used),
        (_whispers, test_an_op_and_its_parameters_are_described),
        (_overreaches, test_defaults_are_within_their_own_bounds),
        (_offers, test_only_none_by_default_may_be_none),
        (_rambles, test_an_op_and_its_parameters_are_described),
    ],
)
def test_a_broken_promise_is_noticed(function, promise):
    PICTURES["photo"].pixels.flags.writeable = True  # other tests have frozen it
    with pytest.raises((AssertionError, ValueError, UsageError, pytest.fail.Exception)):
        promise(Op(function))
