"""`artkit animate PHOTO --vary STEP.PARAM=A:B`: any number of any recipe, in motion."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

import typer

from artkit.cli import parameters
from artkit.cli.make import make_all
from artkit.cli.options import Request, assignments
from artkit.errors import UsageError

Vary = Annotated[
    list[str] | None,
    typer.Option(
        "--vary",
        metavar="STEP.PARAM=A:B",
        help="Take a parameter from A to B, or through more numbers: blur.size=1:75:1. Can be repeated. Operations "
        "that the recipe lacks become its last steps.",
    ),
]
Source = Annotated[
    str | None,
    typer.Option(
        "--preset", metavar="PRESET", help="Begin with a preset or a recipe file.  [default: the photo alone]"
    ),
]


def command() -> Any:
    """Build the command; what can be set of the animation is read off its declaration."""
    from artkit.recipe.motion import SETTINGS

    text = "Set a photo in motion: numbers of a recipe's steps change from frame to frame."
    return parameters.command(_animate, "animate", text, SETTINGS.parameters)


def _animate(request: Request, *, values: dict[str, object], vary: Vary = None, preset: Source = None) -> None:
    from artkit.recipe import RecipeData, Step, find
    from artkit.recipe.change import with_values

    base = find(preset).data if preset else RecipeData(title="Animation", name="animation")
    given = tracks(vary or [])
    known = {step.op for step in base.steps} | {step.id for step in base.steps}
    fresh = dict.fromkeys(target.rpartition(".")[0] for target in given)
    added = tuple(Step(name) for name in fresh if name not in known and not name.isdecimal())
    if not given and base.animate is None and not preset:
        raise UsageError("nothing moves; add --vary STEP.PARAM=A:B, such as --vary rotate-color.angle=0:360")
    animate = base.animate or {}
    if given:
        animate = {**animate, "vary": given}
    recipe = replace(base, steps=base.steps + added, animate=animate)
    settings = {f"animate.{name}": value for name, value in values.items()}
    make_all(with_values(recipe, assignments(request.set_) | settings), request)


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
