"""What is to be done: recipes for every photo, less what the gallery has."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import file_digest
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from artkit.batch.making import PHOTO, titled
from artkit.batch.work import Task, mark
from artkit.remote.address import address_of, is_web, name_of
from artkit.spans import is_recording

if TYPE_CHECKING:
    from artkit.recipe import Checked

SPREAD = 3
"""Tasks for each worker, at the least, where there are recipes enough: those of few photos are shared out."""

BASE, PER_PIXEL, DECODED = 250e6, 120, 12
"""Bytes that a worker takes before any photo, for each pixel that is worked on, and for each that is decoded."""

HEAD = 1 << 18
"""Bytes of a photo elsewhere in which its size is looked for."""


@dataclass(frozen=True)
class Batch:
    """Recipes for photos, and what is to be said and kept of what they make.

    `force` makes anew what the gallery has; a `silent` artwork says nothing of itself; with `keep_photo` reduced copies
    of the photos come into the gallery, which may be an address in a store.
    """

    recipes: Sequence[Checked]
    gallery: Path
    force: bool = False
    silent: bool = False
    keep_photo: bool = True

    def tasks(self, photos: Sequence[str], workers: int, *, all_new: bool = False) -> Iterator[Task]:
        """Give the tasks of these photos in their order, without recipes whose artworks the gallery has.

        Photos that are `all_new` are not looked for there, which takes time where there are many artworks.
        """
        usual = None if any(PHOTO in recipe.data.caption for recipe in self.recipes) else self._texts("")
        parts = -(-SPREAD * workers // max(len(photos), 1))
        known = {} if self.force or all_new else _known(self.gallery)
        made = frozenset[bytes]().union(*known.values())
        gallery = address_of(self.gallery) or str(self.gallery)
        for photo in photos:
            far = bool(address_of(photo))  # whoever works on it reads it, and sees whether it is one that was
            digest = _digest_of_file(photo) if made and not far else ""
            wanted = [recipe for recipe in usual or self._texts(name_of(photo)) if mark(digest, recipe[1]) not in made]
            task = Task(photo, (), gallery, self.force, self.silent, self.keep_photo, is_recording())
            task = replace(task, known=known.get(name_of(photo), frozenset())) if far else task
            yield from (replace(task, recipes=tuple(wanted[part::parts])) for part in range(min(parts, len(wanted))))

    def _texts(self, photo: str) -> list[tuple[str, str]]:
        """Give names and texts of the recipes for a photo, which may be named in titles."""
        return list(dict.fromkeys((recipe.data.name, _text(titled(recipe, photo))) for recipe in self.recipes))

    def memory_of(self, photo: str) -> float:
        """Bytes that the work on a photo takes, about; the least where the file tells no size, or is of the web."""
        from PIL import Image as Pillow

        from artkit.artwork.large import unlimited
        from artkit.artwork.photo import FORMATS
        from artkit.remote import store

        Pillow.init()
        known = [name for name in FORMATS if name in Pillow.OPEN]
        address = address_of(photo)
        if is_web(address):
            return BASE
        try:
            file: str | BytesIO = BytesIO(store.head(address, HEAD)) if address else photo
            with warnings.catch_warnings(action="ignore"), unlimited(), Pillow.open(file, formats=known) as picture:
                width, height = picture.size
        except store.NoAnswerError:
            raise
        except Exception:
            return BASE
        sizes = [recipe.data.size for recipe in self.recipes]
        largest = None if None in sizes else max(size for size in sizes if size is not None)
        share = 1.0 if largest is None else min(largest / max(width, height), 1.0)
        return BASE + DECODED * width * height + PER_PIXEL * width * height * share**2


def _text(recipe: Checked) -> str:
    """Give the recipe as records have it."""
    from artkit.recipe.write import dump

    return dump(replace(recipe, data=replace(recipe.data, made={})))


def _known(folder: Path) -> dict[str, frozenset[bytes]]:
    """Give the marks of the artworks that a gallery has, of this version of artkit, by the names of their photos."""
    import artkit
    from artkit.gallery import records

    found: dict[str, set[bytes]] = {}
    for record in records(folder):
        if record.versions.get("artkit") == artkit.__version__:
            found.setdefault(record.photo, set()).add(mark(record.photo_sha256, record.recipe))
    return {name: frozenset(marks) for name, marks in found.items()}


def _digest_of_file(photo: str) -> str:
    try:
        with Path(photo).open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""  # the worker tells what is wrong with it
