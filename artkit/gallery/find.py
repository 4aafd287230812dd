"""Parts of artworks' names in, the names out: any part does that no other artwork of the gallery has in its name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from pathlib import Path

from artkit.errors import ArtkitError, UsageError
from artkit.gallery.record import RECORDS, NoRecordError, Record, read

_NAMED = 20
"""Artworks that are named where several could be meant; the others are counted."""


def names(folder: Path) -> list[str]:
    """Give the names of all artworks that have a record, sorted; a UsageError says that the folder is no gallery."""
    if not (folder / RECORDS).is_dir():
        missing = f"has no folder {RECORDS}" if folder.is_dir() else "there is no such folder"
        raise UsageError(f"{folder}: is no gallery, {missing}; --gallery DIR names another")
    return sorted(path.stem for path in (folder / RECORDS).glob("*.json"))


def find(part: str, folder: Path) -> str:
    """Give the name of the artwork in a gallery that `part` is a part of; the name in full, or its file's, first.

    A UsageError names the nearest where there is none, and all where there are several.
    """
    return find_all([part], folder)[0]


def find_all(parts: Iterable[str], folder: Path) -> list[str]:
    """Give the name for each part, in their order, each once; see `find`."""
    known = names(folder)
    return list(dict.fromkeys(_chosen(part, known, folder) for part in parts))


def record_of(name: str, folder: Path) -> Record:
    """Give the record of an artwork by its name in full; an ArtkitError says what is wrong with it."""
    path = folder / RECORDS / f"{name}.json"
    try:
        record = read(path, folder)
        if record.name != name:
            raise NoRecordError(f"is of {record.path.name}, and has another name")
    except NoRecordError as error:
        raise ArtkitError(f"{path}: {error}") from None
    return record


def _chosen(part: str, known: Sequence[str], folder: Path) -> str:
    if not known:
        raise UsageError(f"{part}: {folder} holds no artworks yet")
    word = part.removeprefix("#")  # as in the address of the page
    exact = {word, Path(word).name, Path(word).stem}
    found = [name for name in known if name in exact]
    if not found and word:
        found = [name for name in known if word in name]
        found = found or [name for name in known if word.casefold() in name.casefold()]
    if len(found) > 1:
        more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
        named = ", ".join(found[:_NAMED])
        raise UsageError(f"{part}: {len(found)} artworks are called so: {named}{more}; write more of one")
    if not found:
        near = get_close_matches(word, known, n=1, cutoff=0.3)
        hint = f"did you mean {near[0]}?" if near else "artkit gallery list shows what there is"
        raise UsageError(f"{part}: no such artwork in {folder}; {hint}")
    return found[0]
