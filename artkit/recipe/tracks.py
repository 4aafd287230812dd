"""`[animate]` and its `vary`, and `[footage]`, checked: settings, and a track of keyframes for each that changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import TYPE_CHECKING, Any, TypeVar

from artkit.errors import UsageError, did_you_mean
from artkit.recipe.address import example, locate
from artkit.recipe.values import validate
from artkit.registry.toml import write_value

if TYPE_CHECKING:
    from artkit.footage.clip import Clip
    from artkit.recipe.check import Bound
    from artkit.recipe.faults import Faults
    from artkit.recipe.model import RecipeData, Step
    from artkit.recipe.motion import Settings, Track
    from artkit.registry import Op

T = TypeVar("T")


def animation_of(
    recipe: RecipeData, bound: Sequence[Bound], givers: Sequence[tuple[str, type]], faults: Faults
) -> tuple[Settings | None, list[Track]]:
    """Give the settings of the animation that a recipe makes, None where it says nothing, and what changes in it.

    `givers` are the steps and the type that each gives. Both are complete only where no fault was noted.
    """
    from artkit.artwork.animation import Animation
    from artkit.recipe.motion import OF_MOTION

    if recipe.animate is None:
        return None, []
    before = len(faults.found)
    settings = _settings(recipe, faults)
    vary = recipe.animate.get("vary", {})
    if not isinstance(vary, Mapping):
        faults.add(
            f'animate: vary: {write_value(vary)} is not a table; write vary = {{ "STEP.PARAM" = [0, 1] }}',
            "animate",
            "vary",
        )
        return settings, []
    moving = next((name for name, gives in givers if gives is Animation), "")
    if not vary and not moving and len(bound) == len(recipe.steps):
        faults.add(f'animate: nothing changes; write vary = {{ "{example(recipe.steps)}" = [FROM, TO] }}', "animate")
    if not vary and moving:
        for name in sorted(OF_MOTION & recipe.animate.keys()):
            faults.add(f"animate: {name}: the frames are those of {moving}; set them there", "animate", name)
    if vary and moving:
        faults.add(f"animate: vary: {moving} makes an animation already; leave out one of the two", "animate", "vary")
    if len(bound) != len(recipe.steps) or len(faults.found) > before:
        return settings, []
    places: dict[tuple[int, str], str] = {}
    tracks = []
    for target, keyframes in vary.items():
        try:
            track = _track(target, keyframes, recipe.steps, bound)
            if (twin := places.setdefault((track.step, track.name), target)) != target:
                raise UsageError(f"{twin} is the same parameter; name it once")
            tracks.append(track)
        except UsageError as error:
            faults.add(f"animate: vary: {target}: {error}", "animate", "vary", target)
    return settings, tracks


def clip_of(recipe: RecipeData, faults: Faults) -> Clip | None:
    """Check what `[footage]` says; None where it says nothing."""
    if recipe.footage is None:
        return None
    from artkit.recipe.clip import CLIP

    return _made(CLIP, "footage", recipe.footage, (), faults)


def _settings(recipe: RecipeData, faults: Faults) -> Settings | None:
    """Check what `[animate]` says, `vary` apart."""
    from artkit.recipe.motion import SETTINGS

    given = {key: value for key, value in (recipe.animate or {}).items() if key != "vary"}
    return _made(SETTINGS, "animate", given, ("vary",), faults)


def _made(op: Op[..., T], table: str, given: Mapping[str, object], besides: Sequence[str], faults: Faults) -> T | None:
    """Give what a table's settings make; None, and faults, where they do not."""
    full, found = validate(op, given)
    for name, text in found:
        if text.startswith("no parameter"):
            text = f"no setting {name!r}{did_you_mean(name, [*op.parameters, *besides])}"
        faults.add(f"{table}: {text}", table, name)
    if found:
        return None
    try:
        return op.function(**op.check(full))
    except UsageError as error:
        faults.add(f"{table}: {error}", table)
        return None


def _track(target: str, keyframes: Any, steps: Sequence[Step], bound: Sequence[Bound]) -> Track:
    """Check one entry of `vary`; a UsageError says what is wrong with it."""
    from artkit.recipe.motion import Track

    index, name = locate(target, steps)
    op = bound[index].op
    kinds = _number_kinds(op, name)
    if not kinds:
        numeric = [other for other in op.parameters if _number_kinds(op, other)]
        raise UsageError(f"is no number, and only numbers have steps between them{did_you_mean(name, numeric)}")
    if isinstance(keyframes, str) or not isinstance(keyframes, Sequence) or len(keyframes) < 2:
        raise UsageError(f"{write_value(keyframes)} is no way to go; give two numbers or more: [FROM, TO]")
    numbers = []
    for number in keyframes:
        if isinstance(number, bool) or not isinstance(number, (int, float)) or not isfinite(number):
            raise UsageError(f"{write_value(number)} is no number")
        value_at(bound[index], name, float(number))
        numbers.append(float(number))
    schema = op.model.model_json_schema()["properties"][name]
    limits = [(part.get("minimum"), part.get("maximum")) for part in schema.get("anyOf", [schema])]
    return Track(index, name, tuple(numbers), 360.0 if (-360, 360) in limits else None)


def is_number(op: Op[Any, Any], name: str) -> bool:
    """Whether a parameter takes numbers."""
    return bool(_number_kinds(op, name))


def _number_kinds(op: Op[Any, Any], name: str) -> set[str]:
    """Give {"integer"}, {"number"}, both or neither: what of numbers a parameter takes."""
    schema = op.model.model_json_schema()["properties"][name]
    return {part.get("type") for part in schema.get("anyOf", [schema])} & {"integer", "number"}


def value_at(step: Bound, name: str, number: float) -> float | int:
    """Give the value of a step's parameter that is nearest to a number: whole, odd, or whatever it must be."""
    if "number" in _number_kinds(step.op, name):
        tries: list[float | int] = [number]
    else:
        whole = round(number)
        tries = sorted((whole + i for i in (0, -1, 1)), key=lambda value: abs(value - number))
    complaint = ""
    for value in tries:
        _, faults = validate(step.op, step.values | {name: value})
        if not faults:
            return value
        complaint = complaint or faults[0][1].removeprefix(f"{name}: ")
    raise UsageError(complaint)
