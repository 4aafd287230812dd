"""Artworks into a gallery's folder, each with its record and thumbnail; and the page that shows them all."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Callable, Mapping
from dataclasses import replace
from hashlib import file_digest, sha256
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, BinaryIO, TypeAlias

import artkit
from artkit.gallery.origin import Provenance, measurements, versions
from artkit.gallery.record import (
    RECORDS,
    THUMBNAILS,
    NoRecordError,
    Record,
    digest_of,
    opened,
    read,
    to_json,
)

if TYPE_CHECKING:
    from artkit.artwork.image import Image
    from artkit.export import Artwork

PAGE = "index.html"

Note: TypeAlias = "Callable[[str], None]"
"""Takes a line that is worth telling."""


def add(
    folder: str | os.PathLike[str],
    artwork: Artwork,
    *,
    origin: Provenance,
    photo: Image,
    photo_name: str,
    photo_sha256: str,
    seconds: float,
    suffix: str | None = None,
    note: Note | None = None,
) -> Record:
    """Write the artwork, its thumbnail and its record into the folder, which is made if need be, and give the record.

    All three come into the folder together or not at all. Where the same is there already, nothing is written.
    `origin` is what the artwork was made with, `photo` the picture that the recipe ran on, `photo_sha256` the digest of
    the file it came from. The page is not touched: call `page` when all artworks are there. `note` takes what is worth
    telling. An ArtkitError says why something could not be written.
    """
    from artkit import export
    from artkit.gallery.thumbnail import thumbnail

    folder = Path(folder)
    stem = "-".join(
        (
            _plain(Path(photo_name).stem, "photo"),
            _plain(origin.preset, "recipe"),
            _digest(photo, photo_sha256, origin.recipe),
        )
    )
    ending, name = suffix or export.suffix(artwork), Path(photo_name).name.encode(errors="replace").decode()
    with TemporaryFile() as scratch:
        export.write(artwork, scratch, ending, metadata=origin.metadata, note=note)
        small, small_ending = thumbnail(artwork)
        size = scratch.tell()
        scratch.seek(0)
        digest = file_digest(scratch, "sha256").hexdigest()
        record = Record(
            path=folder / (stem + ending),
            bytes=size,
            sha256=digest,
            width=photo.width,
            height=photo.height,
            seconds=round(seconds, 3),
            title=origin.title or origin.preset,
            preset=origin.preset,
            seed=origin.seed,
            recipe=origin.recipe,
            photo=name,
            photo_sha256=photo_sha256,
            thumbnail=f"{THUMBNAILS}/{stem}{small_ending}",
            versions=versions(),
            changes=dict(origin.changes),
            command=origin.command or shlex.join(("artkit", "apply", stem + ending, name)),
            python=origin.python or f"artkit.apply({stem + ending!r}, {name!r})",
            measurements=measurements(artwork),
        )
        return _same(folder, record, small) or _put(folder, record, scratch, small)


def _put(folder: Path, record: Record, artwork: BinaryIO, small: bytes) -> Record:
    from artkit.export import files
    from artkit.gallery.staging import ARTWORK, RECORD, THUMBNAIL, commit, staged

    with staged(folder) as place:
        with files.writing(place / ARTWORK) as file:
            artwork.seek(0)
            copyfileobj(artwork, file)
        files.write(place / THUMBNAIL, small)
        files.write(place / RECORD, to_json(record))
        commit(place, folder, record)
    return record


def page(folder: str | os.PathLike[str], note: Note | None = None) -> Path:
    """Make the folder's page from the records in it, and give its path; `note` takes a line about what is left out.

    One process at a time reads the records and writes the page, so that the last one written shows all.
    """
    from artkit.export import files
    from artkit.gallery.layout import html
    from artkit.gallery.staging import finish, locked, make

    folder = Path(folder)
    make(folder, within=False)
    finish(folder)
    with locked(folder):
        return files.write(folder / PAGE, html(records(folder, note)).encode(), follow=False)


def records(folder: str | os.PathLike[str], note: Note | None = None) -> list[Record]:
    """Give the records of the artworks that are there, by name.

    Files that are no records are left out, and `note` takes one line about them; artworks that are gone are left out.
    """
    folder = Path(folder)
    found, odd = [], {}
    for path in sorted((folder / RECORDS).glob("*.json")):
        try:
            record = read(path, folder)
            _check(record, path)
        except NoRecordError as error:
            odd[path.name] = str(error)
            continue
        if record.path.is_file():
            found.append(record)
    if odd and note:
        note(f"{folder / RECORDS}: left out {_listed(odd)}")
    return found


_NAMED = 3
"""Odd files that are named in a line; the others are counted."""


def _listed(odd: Mapping[str, str]) -> str:
    named = [f"{ascii(name)[1:-1]} ({reason})" for name, reason in odd.items()]
    return ", ".join(named[:_NAMED]) + (f" and {len(named) - _NAMED} more" if len(named) > _NAMED else "")


def _check(record: Record, path: Path) -> None:
    """Refuse a record under another name than its artwork's, and one of an artwork that is elsewhere."""
    if record.name != path.stem:
        raise NoRecordError(f"is of {record.path.name}, and has another name")
    if record.path.is_symlink():
        raise NoRecordError(f"is of {record.path.name}, which is a link")


def _same(folder: Path, record: Record, small: bytes) -> Record | None:
    """Give the record that is there where all is there that would be written, and only the seconds may differ."""
    try:
        before = read(folder / RECORDS / f"{record.name}.json", folder)
        if replace(before, seconds=record.seconds) != record:
            return None
        with opened(folder / before.thumbnail) as file:
            same = file.read() == small
        same &= digest_of(before.path) == record.sha256
    except (OSError, NoRecordError):
        return None
    return before if same else None


_NAME_BYTES = 100
"""Of the photo's name and of the preset's, at most: file systems take 255 of them all."""


def _plain(name: str, otherwise: str) -> str:
    """Give a name that is safe in every file system and in a shell."""
    short = re.sub(r"[^\w.]+", "-", name)[:60].encode()[:_NAME_BYTES].decode(errors="ignore")
    return short.strip("-.") or otherwise


def _digest(photo: Image, photo_sha256: str, recipe: str) -> str:
    digest = sha256(f"{artkit.__version__}\n{photo_sha256}\n{photo.width} {photo.height}\n{recipe}\n".encode())
    digest.update(photo.pixels.tobytes())
    if photo.alpha is not None:
        digest.update(photo.alpha.tobytes())
    return digest.hexdigest()[:6]
