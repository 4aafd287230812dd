"""What steps have made of a picture, kept for the next recipe that begins with the same steps.

Recipes are taken in the order of `in_order`, so that of those that begin alike none comes later: then what the present
one shares with the next is all that has to be kept.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from artkit.recipe.check import Bound, Checked

Key = tuple[str, ...]


class Asked(Mapping[str, str]):
    """A mapping that knows whether anything of what it holds was asked for."""

    def __init__(self, held: Mapping[str, str]) -> None:
        self._held = held
        self.asked = False

    def __getitem__(self, name: str) -> str:
        self.asked = True
        return self._held[name]

    def __iter__(self) -> Iterator[str]:
        self.asked = True
        return iter(self._held)

    def __len__(self) -> int:
        self.asked = True
        return len(self._held)

    def __bool__(self) -> bool:
        return True  # so that `metadata or {}` asks for nothing


class Shared:
    """Keeps what the steps of one recipe made of one picture: after each of the `numbers`, from 1, of its steps.

    What a step has made with a file's metadata, which differ, is not kept, nor what follows it.
    """

    def __init__(self, numbers: Collection[int]) -> None:
        self._numbers = frozenset(numbers)
        self._keys: list[str] = []
        self._made: dict[int, tuple[Key, Any]] = {}
        self._alone = False

    def made(self, number: int, step: Bound, seed: int, asked: Asked, make: Callable[[], Any]) -> Any:
        """Give what step `number` makes, which is made unless it is known; steps come in their order."""
        if number == 1:
            self._keys, self._alone = [], False
        self._keys.append(key_of(step, seed))
        key = tuple(self._keys)
        known = self._made.get(number)
        if not self._alone and known and known[0] == key:
            return known[1]
        artwork = make()
        self._alone = self._alone or asked.asked
        if number in self._numbers and not self._alone:
            self._made = {n: each for n, each in self._made.items() if n < number} | {number: (key, artwork)}
        return artwork


def key_of(step: Bound, seed: int) -> str:
    """Give what decides what a step makes of the same artwork; the seed only where it uses chance."""
    chance = seed if "rng" in step.op.injected.values() else None
    return repr((step.op.name, sorted(step.values.items()), step.lifted, chance))


def in_order(recipes: Sequence[Checked]) -> tuple[list[int], set[int]]:
    """Give the order in which those that begin alike follow each other, and after which steps they part, from 1."""
    keys = [tuple(key_of(step, recipe.data.seed) for step in _still(recipe)) for recipe in recipes]
    first: dict[Key, int] = {}
    for i, key in enumerate(keys):
        for n in range(len(key) + 1):
            first.setdefault(key[:n], i)
    order = sorted(range(len(keys)), key=lambda i: [first[keys[i][:n]] for n in range(len(keys[i]) + 1)])
    return order, {_alike(keys[i], keys[j]) for i, j in pairwise(order)} - {0}


def _still(recipe: Checked) -> Sequence[Bound]:
    """Give the steps that are run once, and not for each frame of an animation."""
    tracks = recipe.motion.tracks if recipe.motion else ()
    return recipe.steps[: min((track.step for track in tracks), default=len(recipe.steps))]


def _alike(one: Key, other: Key) -> int:
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
