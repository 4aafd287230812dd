"""A recipe and what is to be varied in, the recipes of a sweep out: every combination, checked before any work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple

from artkit.errors import UsageError, did_you_mean
from artkit.recipe.address import locate
from artkit.recipe.change import ANIMATE, with_head, with_values
from artkit.recipe.check import plain_name
from artkit.recipe.tracks import is_number
from artkit.recipe.values import convert
from artkit.recipe.variations import Items, count_of, items_of, texts_of, way_of

if TYPE_CHECKING:
    from artkit.recipe.check import Checked
    from artkit.registry import Op

SEED = "seed"


@dataclass(frozen=True)
class Variant:
    """A recipe of a sweep, and the texts of what differs in it, by the names that were given."""

    recipe: Checked
    changes: Mapping[str, str] = field(default_factory=dict)


class _Value(NamedTuple):
    """A value of what is varied: how it is written, and what it sets."""

    text: str
    value: Any


class _Axis(NamedTuple):
    """What is varied: its name as given, the STEP.PARAM it stands for, its values; a moving one has ways as values."""

    name: str
    target: str
    values: tuple[_Value, ...]
    moving: bool = False


def variants(checked: Checked, vary: Sequence[str], seeds: str | None = None, given: Sequence[str] = ()) -> list[Variant]:
    """Give the recipes of all combinations, seeds changing first, then the last of what is varied.

    `vary` are texts STEP.PARAM=VALUES or OPTION=VALUES, `seeds` is VALUES, see `artkit.recipe.variations`. `given` are
    STEP.PARAMs that are set already. A UsageError is about one of them, or about a combination, which it numbers.
    """
    axes = _axes(checked, vary, given)
    numbers = _seeds(seeds) if seeds is not None else [None]
    found = []
    for number, (*chosen, seed) in enumerate(product(*(axis.values for axis in axes), numbers), start=1):
        changes = {axis.name: value.text for axis, value in zip(axes, chosen, strict=True)}
        try:
            recipe = with_values(checked, _values(checked, axes, chosen))
        except UsageError as error:
            told = ", ".join(f"{name} {text}" for name, text in changes.items())
            raise UsageError(f"combination {number} ({told}): {str(error).splitlines()[0]}") from None
        if seed is not None:
            recipe, changes = with_head(recipe, seed=int(seed)), changes | {SEED: seed}
        found.append(Variant(recipe, changes))
    return found


def count(vary: Sequence[str], seeds: str | None = None) -> int:
    """Give how many combinations there are, at most, without making them."""
    lists = [items_of(values, f"--vary {name}") for name, values in map(_assignment, vary)]
    return prod(map(count_of, lists)) * (1 if seeds is None else count_of(items_of(seeds, f"--seeds {seeds}")))


def uses_chance(checked: Checked) -> bool:
    """Whether the seed changes anything of what a recipe makes."""
    return any("rng" in step.op.injected.values() for step in checked.steps)


def _assignment(text: str) -> tuple[str, str]:
    name, equals, values = text.partition("=")
    if not equals or not name.strip():
        raise UsageError(f"--vary {text}: takes STEP.PARAM=VALUES, such as trace.colors=4,8,12 or blur.size=3:15:4")
    return name.strip(), values


def _axes(checked: Checked, vary: Sequence[str], given: Sequence[str]) -> list[_Axis]:
    places = {_place(checked, target): "--set" for target in given}
    axes: list[_Axis] = []
    for name, values in map(_assignment, vary):
        where = f"--vary {name}"
        try:
            target = _target(checked, name)
            place = _place(checked, target)
        except UsageError as error:
            raise UsageError(f"{where}: {checked.data.name}: {error}") from None
        if place in places:
            twin = places[place]
            raise UsageError(f"{where}: the same is given by {twin}; write all its values in one: --vary {name}=3,5,8")
        places[place] = where
        axes.append(_axis(checked, name, target, values, where))
    return axes


def _target(checked: Checked, name: str) -> str:
    """Give the STEP.PARAM that a name means, which may be an option of the preset's."""
    if "." in name:
        return name
    options = {plain_name(option): target for option, target in checked.data.expose.items()}
    if plain_name(name) in options:
        return options[plain_name(name)]
    if name in (SEED, "seeds"):
        raise UsageError("seeds have an option of their own: --seeds 1:4")
    hint = did_you_mean(name, checked.data.expose)
    raise UsageError(f"no option {name!r}{hint or '; any parameter is named STEP.PARAM, as in --set'}")


def _place(checked: Checked, target: str) -> tuple[int, str]:
    if target.startswith(f"{ANIMATE}."):
        return -1, target
    return locate(target, checked.data.steps)


def _axis(checked: Checked, name: str, target: str, text: str, where: str) -> _Axis:
    from artkit.recipe.motion import SETTINGS

    index, parameter = _place(checked, target)
    if index < 0:
        op: Op[..., Any] = SETTINGS
        parameter = parameter.removeprefix(f"{ANIMATE}.").replace("-", "_")
        if parameter not in op.parameters:
            raise UsageError(f"{where}: [animate] has no setting {parameter!r}{did_you_mean(parameter, op.parameters)}")
    else:
        op = checked.steps[index].op
    moving = _moves(checked, index, parameter)
    items = items_of(text, where, ranges=not moving and is_number(op, parameter))
    if moving:
        return _Axis(name, target, _once(_Value(item, way_of(item, where)) for item in texts_of(items)), True)
    return _Axis(name, target, _once(_value(op, parameter, item, where) for item in texts_of(items)))


def _value(op: Op[..., Any], name: str, text: str, where: str) -> _Value:
    value, complaint = convert(op, name, text)
    if complaint and text.startswith("[") and text.endswith("]"):
        value, inner = convert(op, name, text[1:-1])
        complaint = complaint if inner else ""
    if complaint:
        raise UsageError(f"{where}: {complaint.removeprefix(f'{name}: ')}")
    return _Value(text, value)


def _once(values: Iterator[_Value]) -> tuple[_Value, ...]:
    """Leave out values that were there before."""
    return tuple({repr(each.value): each for each in values}.values())


def _moves(checked: Checked, index: int, name: str) -> bool:
    tracks = checked.motion.tracks if checked.motion else ()
    return any((track.step, track.name) == (index, name) for track in tracks)


def _values(checked: Checked, axes: Sequence[_Axis], chosen: Sequence[_Value]) -> dict[str, object]:
    """Give what a combination sets, by STEP.PARAM; ways become one new table of what is animated."""
    pairs = list(zip(axes, chosen, strict=True))
    found = {axis.target: value.value for axis, value in pairs if not axis.moving}
    ways = {_place(checked, axis.target): value.value for axis, value in pairs if axis.moving}
    if ways:
        known: Any = (checked.data.animate or {})["vary"]
        found[f"{ANIMATE}.vary"] = {name: ways.get(_place(checked, name), way) for name, way in known.items()}
    return found


def _seeds(text: str) -> list[str]:
    where = f"--seeds {text}"
    found = dict.fromkeys(texts_of(items_of(text, where)))
    for seed in found:
        if not seed.isdecimal() or not seed.isascii():
            raise UsageError(f"{where}: {seed} is not a seed; use whole numbers from 0 up, as in 1:4 or 3,5,8")
    return list(found)
