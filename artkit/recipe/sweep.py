"""A recipe and what is to be varied in, the recipes of a sweep out: every combination, checked before any work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple

from artkit.errors import UsageError, did_you_mean
from artkit.recipe.address import locate
from artkit.recipe.change import ANIMATE, with_head, with_values
from artkit.recipe.check import plain_name
from artkit.recipe.choices import values_of
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
    """What is varied: its name as given, the STEP.PARAM it stands for, its values; a moving one has ways as values.

    One that is chosen from `choices` has what they set as values, and neither a STEP.PARAM nor an op.
    """

    name: str
    target: str
    op: Op[..., Any] | None
    items: Items
    moving: bool = False
    choices: Mapping[str, Mapping[str, object]] | None = None

    @property
    def values(self) -> tuple[_Value, ...]:
        """The values, checked alone; those that were there before are left out."""
        where, parameter = f"--vary {self.name}", self.target.rpartition(".")[2].replace("-", "_")
        if self.choices is not None:
            found = [_Value(text, _choice(self.choices, text, where)) for text in texts_of(self.items)]
        elif self.moving:
            found = [_Value(text, way_of(text, where)) for text in texts_of(self.items)]
        else:
            assert self.op is not None
            found = [_value(self.op, parameter, text, where) for text in texts_of(self.items)]
        return tuple({repr(each.value): each for each in found}.values())


@dataclass(frozen=True)
class Sweep:
    """A recipe, and what is varied in it; nothing is worked out before it is asked for."""

    checked: Checked
    axes: tuple[_Axis, ...]
    seeds: Items | None = None

    @property
    def count(self) -> int:
        """How many combinations there are, at most."""
        seeds = 1 if self.seeds is None else count_of(self.seeds)
        return prod(count_of(axis.items) for axis in self.axes) * seeds

    def variants(self) -> list[Variant]:
        """Give the recipes of all combinations, seeds changing first, then the last of what is varied.

        A UsageError is about a value, or about a combination, which it names.
        """
        found = []
        for chosen in product(*(axis.values for axis in self.axes)):
            changes = {axis.name: value.text for axis, value in zip(self.axes, chosen, strict=True)}
            try:
                recipe = with_values(self.checked, _values(self.checked, self.axes, chosen))
            except UsageError as error:
                told = ", ".join(f"{name} {text}" for name, text in changes.items())
                raise UsageError(f"{told}: {str(error).splitlines()[0]}") from None
            found.append(Variant(recipe, changes))
        if self.seeds is None:
            return found
        numbers = _seeds(self.seeds)
        return [
            Variant(with_head(each.recipe, seed=int(seed)), {**each.changes, SEED: seed})
            for each in found
            for seed in numbers
        ]


def sweep(checked: Checked, vary: Sequence[str], seeds: str | None = None, given: Sequence[str] = ()) -> Sweep:
    """Read what is to be varied: texts STEP.PARAM=VALUES or OPTION=VALUES and, of seeds, VALUES.

    See `artkit.recipe.variations` for VALUES. `given` are STEP.PARAMs that are set already. A UsageError says what
    cannot be.
    """
    axes = tuple(_axes(checked, vary, given))
    return Sweep(checked, axes, None if seeds is None else items_of(seeds, f"--seeds {seeds}"))


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
    options = {plain_name(option): option for option in checked.data.choose}
    axes: list[_Axis] = []
    for name, values in map(_assignment, vary):
        where = f"--vary {name}"
        if option := options.get(plain_name(name)):
            if (place := (-1, option)) in places:
                raise UsageError(f"{where}: is given twice; write all its values in one: --vary {name}=A,B")
            places[place] = where
            items = items_of(values, where, ranges=False)
            axes.append(_Axis(name, "", None, items, choices=checked.data.choose[option]))
            continue
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
    hint = did_you_mean(name, [*checked.data.choose, *checked.data.expose])
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
    return _Axis(name, target, op, items_of(text, where, ranges=not moving and is_number(op, parameter)), moving)


def _choice(choices: Mapping[str, Mapping[str, object]], text: str, where: str) -> Mapping[str, object]:
    try:
        return values_of(choices, text)
    except UsageError as error:
        raise UsageError(f"{where}: {error}") from None


def _value(op: Op[..., Any], name: str, text: str, where: str) -> _Value:
    value, complaint = convert(op, name, text)
    if complaint and text.startswith("[") and text.endswith("]"):
        value, inner = convert(op, name, text[1:-1])
        complaint = complaint if inner else ""
    if complaint:
        raise UsageError(f"{where}: {complaint.removeprefix(f'{name}: ')}")
    return _Value(text, value)


def _moves(checked: Checked, index: int, name: str) -> bool:
    tracks = checked.motion.tracks if checked.motion else ()
    return any((track.step, track.name) == (index, name) for track in tracks)


def _values(checked: Checked, axes: Sequence[_Axis], chosen: Sequence[_Value]) -> dict[str, object]:
    """Give what a combination sets, by STEP.PARAM; ways become one new table of what is animated."""
    pairs = list(zip(axes, chosen, strict=True))
    found: dict[str, object] = {}
    for axis, value in pairs:  # what is chosen first, so that what is varied beside it counts more
        found |= value.value if axis.choices is not None else {}
    found |= {axis.target: value.value for axis, value in pairs if axis.target and not axis.moving}
    ways = {_place(checked, axis.target): value.value for axis, value in pairs if axis.moving}
    if ways:
        known: Any = (checked.data.animate or {})["vary"]
        found[f"{ANIMATE}.vary"] = {name: ways.get(_place(checked, name), way) for name, way in known.items()}
    return found


def _seeds(items: Items) -> list[str]:
    found = dict.fromkeys(texts_of(items))
    for seed in found:
        if not seed.isdecimal() or not seed.isascii():
            raise UsageError(f"--seeds: {seed} is not a seed; use whole numbers from 0 up, as in 1:4 or 3,5,8")
    return list(found)
