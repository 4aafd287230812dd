"""A gallery's folder in, what is wrong in it out: files that are missing, changed, orphaned or half written."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from hashlib import file_digest
from pathlib import Path
from typing import Any, Literal, NamedTuple

from artkit.errors import ArtkitError, UsageError
from artkit.gallery.record import RECORDS, STAGING, THUMBNAILS, NoRecordError, document

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
    for record in sorted((folder / RECORDS).glob("*.json")):
        found = read(record)
        if isinstance(found, str):
            yield Finding(record, "half written", found)
            known |= {path.name for path in folder.glob(f"{_literal(record.stem)}.*")}
            known |= {path.name for path in (folder / THUMBNAILS).glob(f"{_literal(record.stem)}.*")}
            continue
        known |= {found["file"], Path(found["thumbnail"]).name}
        yield from _recorded(folder, found)
    for place in (folder, folder / RECORDS, folder / THUMBNAILS, folder / STAGING):
        for path in sorted(place.glob("*")):
            if path.name.startswith(".artkit-") and path.name.endswith(".part"):
                yield Finding(
                    path,
                    "half written",
                    "under way, or left by a run that did not end; the next run into this gallery clears it",
                )
            elif place.name != RECORDS and _OURS.fullmatch(path.name) and path.name not in known:
                yield Finding(path, "orphaned", "no record speaks of it")


def _literal(name: str) -> str:
    return re.sub(r"([\[\]*?])", r"[\1]", name)


def _recorded(folder: Path, record: dict[str, Any]) -> Iterator[Finding]:
    """Compare an artwork and its thumbnail with what the record says of them."""
    artwork, thumbnail = folder / record["file"], folder / record["thumbnail"]
    yield compared(artwork, record)
    if not thumbnail.is_file():
        yield Finding(thumbnail, "missing", f"the thumbnail of {artwork.name}")


def compared(artwork: Path, record: dict[str, Any]) -> Finding:
    """Compare an artwork's file with the size and the digest in its record."""
    try:
        known = artwork.lstat()
        if not stat.S_ISREG(known.st_mode):
            return Finding(artwork, "changed", "is no file but a link, a folder or a device")
        if known.st_size != record["bytes"]:
            return Finding(artwork, "changed", f"{known.st_size:,} bytes, its record says {record['bytes']:,}")
        with artwork.open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return Finding(artwork, "missing", "its record is there")
    except OSError as error:
        raise ArtkitError(f"{artwork}: {error.strerror or error}") from None
    if digest != record["sha256"]:
        return Finding(artwork, "changed", f"its digest is {digest[:12]}, its record says {record['sha256'][:12]}")
    return Finding(artwork, "sound")


def _artwork(path: Path) -> Iterator[Finding]:
    """Compare one artwork with its record or, where it lies in no gallery, see whether it carries a recipe."""
    from artkit.recipe import read as read_recipe

    record = record_of(path)
    if isinstance(record, str):
        yield Finding(path.parent / RECORDS / f"{path.stem}.json", "half written", record)
    elif record is not None:
        yield from _recorded(path.parent, record)
    else:
        try:
            read_recipe(path)
        except UsageError as error:
            about = str(error).splitlines()[0].removeprefix(f"{path}: ")
            yield Finding(path, "orphaned", f"it has no record, and {about}")
        else:
            yield Finding(path, "sound", "it has no record but carries its recipe")


def record_of(artwork: Path) -> dict[str, Any] | str | None:
    """Give the record of an artwork; a text says what is wrong with it, None that there is none."""
    path = artwork.parent / RECORDS / f"{artwork.stem}.json"
    if not path.exists():
        return None
    record = read(path)
    return None if isinstance(record, dict) and record["file"] != artwork.name else record


def read(path: Path) -> dict[str, Any] | str:
    """Give what a record's file says, or in words why it is none."""
    try:
        known = document(path)
    except NoRecordError as error:
        return str(error)
    return known if Path(known["file"]).stem == path.stem else f"is of {known['file']}, and has another name"
