"""One photo and the recipes for it, in a process of its own: the artworks go into the gallery, a report comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from artkit.artwork.remembered import Kept, remembering
from artkit.batch.making import Lines, Photo, is_there, to_gallery
from artkit.errors import explained
from artkit.remote.address import name_of
from artkit.spans import Span, recording

if TYPE_CHECKING:
    from artkit.recipe import Checked
    from artkit.recipe.shared import Shared


@dataclass(frozen=True)
class Task:
    """A photo's path, and the recipes for it by name and text; all of it can go to another process.

    `known` are marks of what the gallery has of a photo of that name, where it is for the worker to see whether it is
    this one.
    """

    photo: str
    recipes: tuple[tuple[str, str], ...]
    gallery: str
    force: bool = False
    silent: bool = False
    keep_photo: bool = True
    timed: bool = False
    known: frozenset[bytes] = frozenset()


def mark(photo_sha256: str, recipe: str) -> bytes:
    """Give a few bytes that stand for a photo, by its digest, and a recipe, by its text."""
    return sha256(f"{photo_sha256}\n{recipe}".encode("utf-8", "surrogatepass")).digest()[:8]


class Failure(NamedTuple):
    """What failed: the photo, the recipe's name or nothing where all of them did, and why in one line."""

    photo: str
    preset: str
    reason: str


class Outcome(NamedTuple):
    """What came of a task: what there is to tell of each artwork, notes, failures, and how many were there already.

    `spans` say what took how long, where the task is to be `timed`.
    """

    made: tuple[dict[str, Any], ...]
    notes: tuple[str, ...]
    failures: tuple[Failure, ...]
    skipped: int
    spans: tuple[Span, ...] = ()


_one_at_a_time = Lock()
"""Workers of clusters may have several threads, and not all that artkit calls may be called by two at once."""


def work(task: Task) -> Outcome:
    """Do a task. What fails is told, whatever it is, and the rest is done."""
    with _one_at_a_time, recording(task.timed) as spans:
        outcome = _work(task)
    return outcome._replace(spans=tuple(spans))


def _work(task: Task) -> Outcome:
    made: list[dict[str, Any]] = []
    failures: list[Failure] = []
    folder, screen, skipped = Path(task.gallery), Lines(), 0
    try:
        photo = _Photo(task.photo, screen.say)
        wanted = [(name, text) for name, text in task.recipes if mark(photo.sha256, text) not in task.known]
        skipped, recipes = len(task.recipes) - len(wanted), [_checked(name, text) for name, text in wanted]
        for recipe, shared in _in_order(recipes):
            picture = photo.read_for(recipe)
            try:
                if not task.force and is_there(recipe, picture, folder, task.silent):
                    skipped += 1
                    continue
                with remembering(photo.kept):
                    told = to_gallery(
                        recipe, picture, folder, screen, task.silent, shared=shared, keep_photo=task.keep_photo
                    )
            except Exception as error:  # a fault in artkit fails this artwork, and no other
                failures.append(Failure(task.photo, recipe.data.name, _why(task.photo, error)))
                continue
            made.append(told | {"photo": task.photo})
    except Exception as error:
        failures.append(Failure(task.photo, "", _why(task.photo, error)))
    return Outcome(tuple(made), tuple(dict.fromkeys(screen.lines)), tuple(failures), skipped)


def _why(photo: str, error: Exception) -> str:
    return " ".join(explained(error).removeprefix(f"{photo}: ").split("\n")) or type(error).__name__


class _Photo:
    """A photo's file, and the picture of it that a recipe works on: decoded once for all that want it alike."""

    def __init__(self, path: str, say: Callable[[str], None]) -> None:
        from artkit.artwork.source import data_of
        from artkit.metadata.credits import credits_of

        self._path, self._data, self._say = path, data_of(path), say
        self.sha256, self._credits = sha256(self._data).hexdigest(), credits_of(self._data)
        self._read: tuple[object, Photo] | None = None
        self.kept: Kept = {}

    def read_for(self, recipe: Checked) -> Photo:
        """Give the photo as large, and cut, as the recipe wants it."""
        from artkit.artwork.photo import read
        from artkit.run import prepare

        wanted = recipe.data.size, recipe.data.crop
        if self._read is None or self._read[0] != wanted:
            name, size = name_of(self._path), None if recipe.data.crop else recipe.data.size
            picture = read(self._data, lambda line: self._say(f"{name}: {line}"), self._path, size)
            image = prepare(picture, size=recipe.data.size, crop=recipe.data.crop)
            self._read = wanted, Photo(name, self.sha256, image, self._credits)
            self.kept = {}
        return self._read[1]


def _in_order(recipes: Sequence[Checked]) -> Iterator[tuple[Checked, Shared]]:
    """Give recipes so that those for a picture alike, and of these those that begin alike, follow each other."""
    from artkit.recipe.shared import Shared, in_order

    groups: dict[object, list[Checked]] = {}
    for recipe in recipes:
        groups.setdefault((recipe.data.size, recipe.data.crop), []).append(recipe)
    for group in groups.values():
        order, numbers = in_order(group)
        shared = Shared(numbers)
        yield from ((group[i], shared) for i in order)


@lru_cache(maxsize=256)
def _checked(name: str, text: str) -> Checked:
    from artkit.recipe import Recipe

    return Recipe.parse(text, f"{name}.toml").checked
