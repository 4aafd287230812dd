"""A gallery's folder in, what is wrong in it out: files that are missing, changed, orphaned or half written."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from artkit.errors import ArtkitError, UsageError
from artkit.export.parts import left
from artkit.gallery.record import RECORDS, STAGING, THUMBNAILS, NoRecordError, read

if TYPE_CHECKING:
    from artkit.gallery.record import Record

State = Literal["sound", "missing", "changed", "orphaned", "half written"]

_OURS = re.compile(r".+-[0-9a-f]{6}\.[a-z0-9]+")
"""Names that `add` gives: other files in the folder are somebody else's, and no business of ours."""


class Finding(NamedTuple):
    """What is found of a file: its path, its state, and what there is to say of that."""

    file: Path
    state: State
    about: str = ""


def verify(path: Path) -> list[Finding]:
    """Give what is found of every file of a gallery, or of one artwork; a UsageError says that it is neither."""
    if path.is_dir():
        if not (path / RECORDS).is_dir():
            raise UsageError(f"{path}: is no gallery; it has no folder {RECORDS}")
        return sorted(_gallery(path))
    if not path.exists():
        raise UsageError(f"{path}: no such file")
    return list(_artwork(path))


def _gallery(folder: Path) -> Iterator[Finding]:
    known: set[str] = set()
    for path in sorted((folder / RECORDS).glob("*.json")):
        try:
            record = _record(path, folder)
        except NoRecordError as error:
            yield Finding(path, "half written", str(error))
            stem = _literal(path.stem)  # what may be its artwork is no orphan
            known |= {each.name for place in (folder, folder / THUMBNAILS) for each in place.glob(f"{stem}.*")}
            continue
        known |= {record.path.name, Path(record.thumbnail).name}
        yield from _recorded(folder, record)
    for place in (folder, folder / THUMBNAILS):
        orphans = (path for path in place.glob("*") if _OURS.fullmatch(path.name) and path.name not in known)
        yield from (Finding(path, "orphaned", "no record speaks of it") for path in sorted(orphans))
    for place in (folder, folder / RECORDS, folder / THUMBNAILS, folder / STAGING):
        for path in left(place):
            yield Finding(path, "half written", "left by a run that did not end; the next run clears it")


def _literal(name: str) -> str:
    return re.sub(r"([\[\]*?])", r"[\1]", name)


def _recorded(folder: Path, record: Record) -> Iterator[Finding]:
    """Compare an artwork and its thumbnail with what the record says of them."""
    thumbnail = folder / record.thumbnail
    yield _compared(record)
    if not thumbnail.is_file():
        yield Finding(thumbnail, "missing", f"the thumbnail of {record.path.name}")


def _compared(record: Record) -> Finding:
    """Compare an artwork's file with the size and the digest in its record."""
    artwork = record.path
    try:
        known = artwork.lstat()
        if not stat.S_ISREG(known.st_mode):
            return Finding(artwork, "changed", "is no file but a link, a folder or a device")
        if known.st_size != record.bytes:
            return Finding(artwork, "changed", f"{known.st_size:,} bytes, its record says {record.bytes:,}")
        with artwork.open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return Finding(artwork, "missing", "its record is there")
    except OSError as error:
        raise ArtkitError(f"{artwork}: {error.strerror or error}") from None
    if digest != record.sha256:
        return Finding(artwork, "changed", f"its digest is {digest[:12]}, its record says {record.sha256[:12]}")
    return Finding(artwork, "sound")


def _artwork(path: Path) -> Iterator[Finding]:
    """Compare one artwork with its record or, where it lies in no gallery, see whether it carries a recipe."""
    from artkit.recipe import read as read_recipe

    try:
        record = record_of(path)
    except NoRecordError as error:
        yield Finding(path.parent / RECORDS / f"{path.stem}.json", "half written", str(error))
        return
    if record is not None:
        yield from _recorded(path.parent, record)
    else:
        try:
            read_recipe(path)
        except UsageError as error:
            about = str(error).splitlines()[0].removeprefix(f"{path}: ")
            yield Finding(path, "orphaned", f"it has no record, and {about}")
        else:
            yield Finding(path, "sound", "it has no record but carries its recipe")


def record_of(artwork: Path) -> Record | None:
    """Give the record of an artwork, None where there is none; a NoRecordError says what is wrong with it."""
    path = artwork.parent / RECORDS / f"{artwork.stem}.json"
    if not os.path.lexists(path):
        return None
    record = _record(path, artwork.parent)
    return record if record.path.name == artwork.name else None


def _record(path: Path, folder: Path) -> Record:
    record = read(path, folder)
    if record.name != path.stem:
        raise NoRecordError(f"is of {record.path.name}, and has another name")
    return record
