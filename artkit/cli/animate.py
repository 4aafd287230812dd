"""`artkit animate PHOTO --vary STEP.PARAM=A:B`: any number of any recipe, in motion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

import typer

from artkit.cli import completion, parameters
from artkit.cli.make import make_all
from artkit.cli.options import STREAM, Request, assignments
from artkit.errors import UsageError

Vary = Annotated[
    list[str] | None,
    typer.Option(
        "--vary",
        metavar="STEP.PARAM=A:B",
        autocompletion=completion.targets,
        help="Take a parameter from A to B, or through more numbers: blur.size=1:75:1. Can be repeated. Operations "
        "that the recipe lacks become its last steps.",
    ),
]
Source = Annotated[
    str | None,
    typer.Option(
        "--preset",
        metavar="PRESET",
        autocompletion=completion.presets,
        help="Begin with a preset or a recipe file.  [default: the photo alone]",
    ),
]


def command() -> Any:
    """Build the command; what can be set of the animation is read off its declaration."""
    from artkit.recipe.clip import CLIP
    from artkit.recipe.motion import SETTINGS

    text = "Set a photo in motion, or one that moves: numbers of a recipe's steps change from frame to frame."
    options = SETTINGS.parameters | _beside(CLIP, SETTINGS)
    return parameters.command(_animate, "animate", text, options, ("ids", "memory"))


def _beside(own: Any, other: Any) -> dict[str, Any]:
    return {name: parameter for name, parameter in own.parameters.items() if name not in other.parameters}


def _animate(request: Request, *, values: dict[str, object], vary: Vary = None, preset: Source = None) -> None:
    from artkit.footage import is_moving
    from artkit.recipe import RecipeData, Step, find
    from artkit.recipe.change import with_values

    base = find(preset).data if preset else RecipeData(title="Animation", name="animation")
    given = tracks(vary or [])
    known = {step.op for step in base.steps} | {step.id for step in base.steps}
    fresh = dict.fromkeys(target.rpartition(".")[0] for target in given)
    added = tuple(Step(name) for name in fresh if name not in known and not name.isdecimal())
    moves = all(photo != STREAM and is_moving(photo) for photo in request.photos)
    if not given and base.animate is None and not preset and not moves:
        raise UsageError("nothing moves; add --vary STEP.PARAM=A:B, such as --vary rotate-color.angle=0:360")
    animate = base.animate if moves and not given else base.animate or {}
    if given:
        animate = {**(animate or {}), "vary": given}
    steps = base.steps + added or (Step(UNCHANGED),)
    recipe = replace(base, steps=steps, animate=animate)
    make_all(with_values(recipe, assignments(request.set_) | _settings(values, moves, animate is None)), request)


UNCHANGED = "levels"
"""A step that changes nothing as it is."""


def _settings(values: Mapping[str, object], moves: bool, still: bool) -> dict[str, object]:
    """Give what is set of the animation and of a photo that moves; a `still` recipe has no animation of its own."""
    from artkit.recipe.clip import CLIP
    from artkit.recipe.motion import SETTINGS

    found: dict[str, object] = {}
    for name, value in values.items():
        if still and name not in CLIP.parameters:
            raise UsageError(f"--{name.replace('_', '-')}: goes with --vary STEP.PARAM=A:B")
        if name in SETTINGS.parameters and not still:
            found[f"animate.{name}"] = value
        if name in CLIP.parameters and (moves or name not in SETTINGS.parameters):
            found[f"footage.{name}"] = value
    return found


def tracks(given: list[str]) -> dict[str, list[float]]:
    """Read `STEP.PARAM=A:B:C` texts."""
    found: dict[str, list[float]] = {}
    for text in given:
        name, equals, keyframes = text.partition("=")
        target = name.strip()
        if not equals or "." not in target:
            raise UsageError(f"--vary {text}: takes STEP.PARAM=A:B, such as rotate-color.angle=0:360")
        if target in found:
            raise UsageError(f"--vary {text}: {target} is given twice; write all its numbers in one: {target}=1:75:1")
        try:
            found[target] = [float(number) for number in keyframes.split(":")]
        except ValueError:
            raise UsageError(f"--vary {text}: {keyframes!r} is no way from number to number, such as 0:360") from None
    return found
