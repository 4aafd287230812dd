"""Any operation on anything that it accepts gives what it declares or one clear line, and so does all that comes after.

Operations are run as recipes, in all pairs of which the second accepts what the first gives, on small pictures. What
comes out goes through the writers, the renderer, the gallery's thumbnails, and drawings to a plotter's file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from strategies import animated_drawings, animations, drawings, labels, pictures
from test_promises import check, needed

from artkit import Animation, ArtkitError, Drawing, Image, Labels, Recipe, registry
from artkit.artwork.animation import PaletteAnimation
from artkit.artwork.drawing import AnimatedDrawing
from artkit.export import encode, suffixes
from artkit.gallery.thumbnail import thumbnails
from artkit.recipe import Step
from artkit.registry import Op
from artkit.run import run, still

pytestmark = pytest.mark.usefixtures("short_tours")

OPS = registry.all_ops()

# Little paper, a thick pen, few points and few frames: what takes long by default takes milliseconds.
SMALL: dict[str, object] = {
    "page": "14x12mm",
    "margin": 1,
    "pen_width": 0.7,
    "points": 40,
    "triangles": 40,
    "pieces": 12,
    "cells": 12,
    "stitches": 12,
    "studs": 9,
    "washes": 12,
    "nails": 24,
    "lines": 20,
    "count": 20,
    "frames": 2,
    "seconds": 0.5,
    "hold": 0.1,
    "fps": 6,
}
SUFFICES = {
    "ascii": {"columns": 8},
    "type-portrait": {"columns": 8},
    "primitives": {"shapes": 8},
    "circle-packing": {"smallest": 0.05},
    "resize": {"size": 12},
    "pad": {"margin": 2},
    "outline": {"shapes": 20},
    "papercut": {"detail": 30},
    "watercolor": {"margin": 0.1},
}

HEAVY = {name for name, op in OPS.items() if "page" in op.parameters}
HEAVY |= {"ascii", "circle-packing", "low-poly", "papercut", "parallax", "primitives", "stained-glass", "trace"}
HEAVY |= {"type-portrait", "watercolor"}
"""What takes 50 ms or more even so; one picture is to it like another."""


def _photo() -> Image:
    y, x = np.mgrid[:20, :24]
    disk = (x - 12) ** 2 + (y - 9) ** 2 < 40
    pixels = np.dstack([10 * x, 12 * y, np.where(disk, 220, 40)])
    return Image((pixels + np.random.default_rng(2).integers(0, 8, pixels.shape)).clip(0, 255).astype(np.uint8))


def _masked() -> Image:
    """Transparent on the left, and translucent in every other row."""
    y, x = np.mgrid[:20, :24]
    return Image(_photo().pixels, np.where(x < 8, 0, np.where(y % 2, 255, 200)).astype(np.uint8))


def _two_colors() -> Image:
    """Spots of one red and one blue, many of which touch at corners only."""
    y, x = np.mgrid[:20, :24]
    return Image(np.where(((x * y // 5 + x // 3) % 3 == 0)[..., None], [200, 40, 40], [20, 60, 160]).astype(np.uint8))


def _gray() -> Image:
    y, x = np.mgrid[:20, :24]
    return Image(np.repeat((5 * x + 6 * y)[..., None], 3, axis=2).clip(0, 255).astype(np.uint8))


PICTURES = {"photo": _photo(), "alpha": _masked(), "two-colors": _two_colors(), "gray": _gray()}


@cache
def quick(op: Op[..., Any]) -> dict[str, Any]:
    """Values that make an op quick."""
    known = {name: value for name, value in SMALL.items() if name in op.parameters}
    return needed(op) | known | SUFFICES.get(op.name, {})


def step(op: Op[..., Any], **values: object) -> Step:
    return Step(op.name, quick(op) | values)


def before(op: Op[..., Any]) -> tuple[Step, ...]:
    """The steps from a photo to something that the op works on."""
    if Image in op.accepts:
        return ()
    return (step(OPS["superpixels"]),) if Labels in op.accepts else (step(OPS["trace"]),)


def fits(op: Op[..., Any], given: type) -> bool:
    """Whether the op may follow one that gives that type; pictures of an animation are treated one by one."""
    if issubclass(given, op.accepts) or (given is Labels and Image in op.accepts):
        return True
    return given is Animation and Image in op.accepts and op.gives is Image


def outputs(artwork: Any) -> dict[str, Callable[[], object]]:
    """Everything that can be made of an artwork, by name; films apart, which need a program of others."""
    ways: dict[str, Callable[[], object]] = {
        suffix: lambda suffix=suffix: encode(artwork, suffix)
        for suffix in suffixes(artwork)
        if suffix not in (".mp4", ".webm")
    }
    ways["thumbnail"] = lambda: thumbnails(artwork)
    if isinstance(artwork, Drawing):
        ways |= {"renderer": lambda: still(artwork), "plot": lambda: plot(artwork)}
    return ways


def plot(drawing: Drawing) -> bytes:
    from artkit.export.plot import encode
    from artkit.pens.plotter import Plan, plotted
    from artkit.pens.prepare.tidy import Tidying
    from artkit.pens.strokes import from_drawing

    quick = Plan(page="60x50mm", margin=2, how=Tidying(order=False))
    return encode(plotted(from_drawing(drawing), quick)[1], ".hpgl")


def fault(make: Callable[[], object]) -> str:
    """Give what is wrong with the making of something: nothing, too, where it is refused in one clear line."""
    try:
        made = make()
        if not isinstance(made, bytes):
            check(made)
    except ArtkitError as error:
        return "" if str(error) and "\n" not in str(error) else f"refused without a clear line: {error!r}"
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


def faults(recipe: Recipe, picture: Image, which: slice, gives: type) -> Iterator[str]:
    """Give what is wrong with what the recipe makes of a picture, and with those of its outputs that `which` names."""
    made: list[Any] = []
    name = " -> ".join(each.op for each in recipe.steps)
    if found := fault(lambda: made.append(run(recipe.checked, picture)) or made[0]):
        yield f"{name}: {found}"
    elif made and not isinstance(made[0], gives):
        yield f"{name}: gives {type(made[0]).__name__}, not {gives.__name__}"
    if not found and made:
        ways = outputs(made[0])
        for way in list(ways)[which]:
            if found := fault(ways[way]):
                yield f"{name}: {way}: {found}"


def choices(op: Op[..., Any]) -> Iterator[dict[str, object]]:
    """Every choice of every parameter that has some."""
    for name, schema in op.model.model_json_schema()["properties"].items():
        for part in (schema, *schema.get("anyOf", ())):
            values = part.get("enum", [True, False] if part.get("type") == "boolean" else [])
            yield from ({name: value} for value in values if value != op.parameters[name].default)


def numbers(op: Op[..., Any]) -> Iterator[tuple[str, float, float]]:
    """Every parameter that can be animated, from its default, or the least that it may be, to something near."""
    for name, schema in op.model.model_json_schema()["properties"].items():
        limits = next((p for p in (schema, *schema.get("anyOf", ())) if p.get("type") in ("integer", "number")), None)
        if limits is None:
            continue
        start = step(op).values.get(name, op.parameters[name].default)
        least, most = limits.get("minimum", limits.get("exclusiveMinimum", 0) + 0.01), limits.get("maximum", 100)
        start = start if isinstance(start, (int, float)) else min(max(least, 1), most)
        near = start + 2 if start + 2 <= most else max(start - 2, least)
        yield name, float(start), float(near)


FIRST = pytest.mark.parametrize("first", OPS)


def seconds(first: str, fair: bool) -> Iterator[tuple[str, list[str], slice]]:
    """The ops that may follow, each with the names of pictures and the outputs to try it with: as a fair sample, one
    of each; else every twenty-fifth op, with all of them. What takes long then follows some of those that give
    pictures, and each of the others."""
    gives, names = OPS[first].gives, list(PICTURES)
    for number, second in enumerate(OPS, start=list(OPS).index(first)):
        if not fits(OPS[second], gives):
            continue
        if not fair or (gives is Labels and Labels in OPS[second].accepts):
            if fair or number % 25 == 0:
                yield second, names, slice(None)
        elif not (second in HEAVY and issubclass(gives, Image | Labels)) or number % 8 == 0:
            way = number // len(names) % 9
            yield second, [names[number % len(names)]], slice(way, way + 1)


def of_pairs(first: str, fair: bool) -> str:
    """Give what is wrong with pairs that begin with an op, a line for each fault."""
    op = OPS[first]
    found: list[str] = []
    for second, names, which in seconds(first, fair):
        recipe = Recipe(steps=(*before(op), step(op), step(OPS[second])))
        gives = Animation if op.gives is Animation else OPS[second].gives
        for picture in names:
            found += [f"{picture}: {text}" for text in faults(recipe, PICTURES[picture], which, gives)]
    return "\n".join(found)


@FIRST
@pytest.mark.sample(10)
def test_an_op_gives_what_every_output_takes(first):
    """Alone, on all pictures, or two of them, and all that can be made of it."""
    op = OPS[first]
    recipe = Recipe(steps=(*before(op), step(op)))
    some = list(PICTURES.values())[first in HEAVY :: 1 + (first in HEAVY)]
    found = [text for picture in some for text in faults(recipe, picture, slice(None), op.gives)]
    assert not found, "\n".join(found)


@FIRST
@pytest.mark.slow
def test_any_op_may_follow_any_op_that_gives_what_it_accepts(first):
    assert not (found := of_pairs(first, fair=True)), found


@pytest.mark.slow
@FIRST
def test_some_ops_follow_any_op_on_every_picture_and_in_every_output(first):
    assert not (found := of_pairs(first, fair=False)), found


@FIRST
@pytest.mark.slow
def test_every_choice_of_an_op_gives_what_those_that_follow_take(first):
    """Drawings differ most by how they were made: every kind of them is hatched, and draws itself."""
    op = OPS[first]
    found: list[str] = []
    for number, choice in enumerate(choices(op)):
        name, picture = list(PICTURES.items())[number % len(PICTURES)]
        thens = [(), (OPS["hatch-fill"],), (OPS["draw"],)] if issubclass(op.gives, Drawing) else [()]
        for then in thens:
            recipe = Recipe(steps=(*before(op), step(op, **choice), *map(step, then)))
            gives = then[0].gives if then else op.gives
            found += [f"{name}: {choice}: {text}" for text in faults(recipe, picture, slice(1), gives)]
    assert not found, "\n".join(found)


def in_motion(first: str, most: int | None) -> str:
    """Animate the first numbers of an op, two frames each, and give what is wrong, a line for each fault."""
    op = OPS[first]
    found: list[str] = []
    for name, start, near in [] if issubclass(op.gives, Animation | AnimatedDrawing) else list(numbers(op))[:most]:
        steps = (*before(op), step(op))
        animate = {"frames": 2, "vary": {f"{len(steps)}.{name}": [start, near]}}
        recipe = Recipe(steps=steps, animate=animate)
        if wrong := fault(lambda recipe=recipe: encode(run(recipe.checked, PICTURES["photo"]), ".gif")):
            found.append(f"{name}: {wrong}")
    return "\n".join(found)


@FIRST
@pytest.mark.sample(15)
def test_numbers_of_an_op_can_be_set_in_motion(first):
    assert not (found := in_motion(first, most=1 if first in HEAVY else 3)), found


@pytest.mark.slow
@FIRST
def test_every_number_of_an_op_can_be_set_in_motion(first):
    assert not (found := in_motion(first, most=None)), found


# What no picture leads to, and the types allow

OF_DRAWINGS = [name for name, op in OPS.items() if Drawing in op.accepts]
OF_LABELS = [name for name, op in OPS.items() if fits(op, Labels)]
LIFTED = [name for name, op in OPS.items() if fits(op, Animation)]


def after(name: str, source: Any) -> Any:
    op = OPS[name]
    injected = {"rng": np.random.default_rng(1)} if "rng" in op.injected else {}
    return op(source, **step(op).values, **injected)


def sound(make: Callable[[], Any]) -> None:
    """What is made, and one after the other all its outputs, are there or refused in one clear line."""
    made: list[Any] = []
    assert not (found := fault(lambda: made.append(make()) or made[0])), found
    for artwork in made:
        for way, output in outputs(artwork).items():
            assert not (found := fault(output)), f"{way}: {found}"


@settings(max_examples=10)
@given(drawings() | animated_drawings())
@pytest.mark.slow
def test_every_output_takes_any_drawing(drawing):
    sound(lambda: drawing)


@settings(max_examples=100)
@given(labels())
@pytest.mark.slow
def test_every_output_takes_any_labels(made):
    sound(lambda: made)


@settings(max_examples=60)
@given(animations())
@pytest.mark.slow
def test_every_output_takes_any_animation(animation):
    sound(lambda: animation)


@pytest.mark.parametrize("name", OF_DRAWINGS)
@settings(max_examples=12)
@given(drawing=drawings() | animated_drawings())
@pytest.mark.sample(4)
def test_an_op_takes_any_drawing(name, drawing):
    sound(lambda: after(name, drawing))


@pytest.mark.parametrize("name", OF_LABELS)
@settings(max_examples=4)
@given(made=labels())
@pytest.mark.sample(8)
def test_an_op_takes_any_labels(name, made):
    sound(lambda: after(name, made))


@pytest.mark.parametrize("name", LIFTED)
@settings(max_examples=8)
@given(animation=animations())
@pytest.mark.sample(8)
def test_an_op_on_pictures_takes_the_frames_of_any_animation(name, animation):
    op = OPS[name]

    def mapped() -> Animation:
        if isinstance(animation, PaletteAnimation) and op.per_color:
            return animation.recolored(lambda image: after(name, image))
        return animation.map(lambda image: after(name, image))

    assert not (found := fault(lambda: encode(mapped(), ".gif"))), found


@settings(max_examples=40)
@given(picture=pictures())
def test_pictures_of_every_size_make_all_outputs(picture):
    sound(lambda: picture)
