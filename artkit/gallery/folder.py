"""Artworks into a gallery's folder, each with its record and thumbnail; and the page that shows them all."""

from __future__ import annotations

import os
import re
import shlex
import stat
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from hashlib import file_digest, sha256
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, BinaryIO, TypeAlias, TypeVar

import artkit
from artkit.gallery.origin import Provenance, measurements, time_to_plot, versions
from artkit.gallery.record import (
    PHOTOS,
    RECORDS,
    THUMBNAILS,
    UNREADABLE,
    NoRecordError,
    Record,
    digest_of,
    opened,
    read,
    to_json,
)
from artkit.remote.address import address_of, joined
from artkit.spans import spanned

if TYPE_CHECKING:
    from artkit.artwork.image import Image
    from artkit.export import Artwork

T = TypeVar("T")

Note: TypeAlias = "Callable[[str], None]"
"""Takes a line that is worth telling."""


@spanned("add to the gallery")
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
    keep_photo: bool = True,
    note: Note | None = None,
) -> Record:
    """Write the artwork, its record and what the page needs of it into the folder, which is made if need be.

    All comes into the folder together or not at all; the record is given. Where the same is there already, nothing is
    written. `origin` is what the artwork was made with, `photo` the picture that the recipe ran on, of which a reduced
    copy without any metadata is kept beside it if `keep_photo`; `photo_sha256` the digest of the file it came from. The
    page is not touched: call `refresh` when all artworks are there. `note` takes what is worth telling. The folder may
    be the address of one in a store: see `artkit.gallery.elsewhere`. An ArtkitError says why something could not be
    written.
    """
    from artkit import export
    from artkit.gallery import elsewhere, entries
    from artkit.gallery.look import look_of
    from artkit.gallery.pyramid import tiles_of
    from artkit.gallery.staging import DETAILS_SCRIPT, DRAWING_SCRIPT, SMALL, THUMBNAIL
    from artkit.gallery.thumbnail import thumbnails

    address, folder = address_of(folder), Path(folder)
    stem = _stem(origin, photo, photo_name, photo_sha256)
    ending, name = suffix or export.suffix(artwork), Path(photo_name).name.encode(errors="replace").decode()
    with TemporaryFile() as scratch:
        export.write(artwork, scratch, ending, metadata=origin.metadata, note=note)
        size = scratch.tell()
        scratch.seek(0)
        digest = file_digest(scratch, "sha256").hexdigest()
        made = thumbnails(artwork)
        copy = _photo_path(photo, photo_sha256) if keep_photo else ""
        tiling, tiles = tiles_of(artwork, ending)
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
            thumbnail=f"{THUMBNAILS}/{stem}.webp",
            versions=_sorted(versions()),
            changes=_sorted(origin.changes),
            command=origin.command or shlex.join(("artkit", "apply", stem + ending, name)),
            python=origin.python or f"artkit.apply({stem + ending!r}, {name!r})",
            measurements=_sorted(measurements(artwork) | time_to_plot(artwork)),
            look=look_of(artwork, made.image, origin.recipe, f"{THUMBNAILS}/{stem}.small.webp", copy, tiling),
        )
        parts = {THUMBNAIL: made.large, SMALL: made.small, DETAILS_SCRIPT: entries.details(record)}
        if record.is_svg:
            scratch.seek(0)
            parts[DRAWING_SCRIPT] = entries.drawing(stem, scratch.read())
        if address:
            scratch.seek(0)
            return elsewhere.put(address, record, scratch.read(), parts, tiles, lambda: _photo_copy(photo))
        return _same(folder, record, parts, tiles) or _put(folder, record, scratch, parts, tiles, photo)


def _stem(origin: Provenance, photo: Image, photo_name: str, photo_sha256: str) -> str:
    """Give what the artwork's name will be without its suffix."""
    digest = _digest(photo, photo_sha256, origin.recipe)
    return f"{_plain(Path(photo_name).stem, 'photo')}-{_plain(origin.preset, 'recipe')}-{digest}"


def has(
    folder: str | os.PathLike[str], *, origin: Provenance, photo: Image, photo_name: str, photo_sha256: str
) -> bool:
    """Whether the folder has what `add` would write, as far as its record tells."""
    stem = _stem(origin, photo, photo_name, photo_sha256)
    if address_of(folder):
        return False  # a batch asks for all records at once, and `add` sees what is the same
    try:
        record = read(Path(folder, RECORDS, f"{stem}.json"), Path(folder))
    except (OSError, NoRecordError):
        return False
    same = (record.recipe, record.photo_sha256) == (origin.recipe, photo_sha256)
    return same and record.name == stem and _is_own(record.path)


def _sorted(known: Mapping[str, T]) -> dict[str, T]:
    """Give what is known in the order in which it will be read again, since scripts of the page are made of both."""
    return dict(sorted(known.items()))


def _put(
    folder: Path,
    record: Record,
    artwork: BinaryIO,
    parts: Mapping[str, bytes],
    tiles: Mapping[str, bytes],
    photo: Image,
) -> Record:
    from artkit.export import files
    from artkit.gallery.staging import ARTWORK, PHOTO, RECORD, commit, put_tiles, staged

    with staged(folder) as place:
        with files.writing(place / ARTWORK) as file:
            artwork.seek(0)
            copyfileobj(artwork, file)
        for name, data in parts.items():
            files.write(place / name, data)
        if tiles:
            put_tiles(place, folder, tiles)
        if record.look.photo and not _is_own(folder / record.look.photo):
            files.write(place / PHOTO, _photo_copy(photo))
        files.write(place / RECORD, to_json(record))
        commit(place, folder, record)
    return record


PHOTO_SIDE, _PHOTO_QUALITY = 1600, 80
"""Of the copy of a photo: pixels of the longer side at most, and the quality of WebP."""


def _photo_path(photo: Image, photo_sha256: str) -> str:
    """Give the path of the copy of a photo as it was worked on: the same photo may be cut in several ways."""
    digest = _pixels_digest(photo, b"")
    return f"{PHOTOS}/{photo_sha256[:16] or digest[6:22]}-{digest[:6]}.webp"


def _photo_copy(photo: Image) -> bytes:
    from artkit.gallery.thumbnail import reduced, webp

    return webp(reduced(photo, PHOTO_SIDE), _PHOTO_QUALITY)


def _is_own(path: Path) -> bool:
    """Whether a file is there that is no link to another, symbolic or hard."""
    try:
        known = path.lstat()
    except OSError:
        return False
    return stat.S_ISREG(known.st_mode) and known.st_nlink == 1 and known.st_size > 0


def check_room(folder: str | os.PathLike[str]) -> None:
    """Raise an ArtkitError where nothing can be written into a gallery; its folders are made if need be."""
    from artkit.gallery import elsewhere, staging

    if address := address_of(folder):
        elsewhere.check_room(address)
    else:
        staging.check_room(Path(folder))


def file_of(folder: str | os.PathLike[str], record: Record) -> str:
    """Give where an artwork's file is: its path, or its address."""
    address = address_of(folder)
    return joined(address, record.path.name) if address else str(record.path)


def page(folder: str | os.PathLike[str], note: Note | None = None) -> Path:
    """Make the folder's page and all that it loads anew from the records in it, and give the page's path.

    `note` takes a line about what is left out. One process at a time reads the records and writes the page, so that the
    last one written shows all.
    """
    from artkit.gallery import building
    from artkit.gallery.staging import locked, prepare

    if address_of(folder):
        return refresh(folder, note)
    folder = Path(folder)
    prepare(folder)
    with locked(folder / RECORDS):
        found, odd = _read_all(folder)
        _tell(folder, odd, note)
        sure = not any(reason.startswith(UNREADABLE) for reason in odd.values())
        return building.all_anew(folder, found, sure)


@spanned("list in the gallery")
def refresh(folder: str | os.PathLike[str], note: Note | None = None) -> Path:
    """Bring the folder's page up to date after artworks were added, and give its path.

    That takes the same time however many artworks there are, unless records were changed by something else than
    artkit, or left half done: then all is made anew, as by `page`.
    """
    from artkit.gallery import building, elsewhere, shards
    from artkit.gallery.staging import locked, prepare

    if address := address_of(folder):
        at, odd = elsewhere.refresh(address)
        _tell(Path(folder), odd, note)
        return Path(at)
    folder = Path(folder)
    prepare(folder)
    with locked(folder / RECORDS):
        index = shards.load(folder)
        if index is not None:
            with suppress(OSError, NoRecordError):
                return building.newest_anew(folder, index)
    return page(folder, note)


def records(folder: str | os.PathLike[str], note: Note | None = None) -> list[Record]:
    """Give the records of the artworks that are there, by name.

    Files that are no records are left out, and `note` takes one line about them; artworks that are gone are left out.
    """
    found, odd = _read_all(Path(folder))
    _tell(Path(folder), odd, note)
    return found


def _read_all(folder: Path) -> tuple[list[Record], dict[str, str]]:
    """Give the records of artworks that are there and, by their names, why other files are none."""
    if address := address_of(folder):
        from artkit.gallery import elsewhere

        return elsewhere.records(address)
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
    return found, odd


def _tell(folder: Path, odd: Mapping[str, str], note: Note | None) -> None:
    if odd and note:
        note(f"{joined(address_of(folder) or str(folder), RECORDS)}: left out {_listed(odd)}")


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


def _same(folder: Path, record: Record, parts: Mapping[str, bytes], tiles: Mapping[str, bytes]) -> Record | None:
    """Give the record that is there where all is there that would be written, and only the seconds may differ."""
    try:
        before = read(folder / RECORDS / f"{record.name}.json", folder)
        if replace(before, seconds=record.seconds) != record:
            return None
        for path, data in zip((*record.files[1:-1], *record.tiles), (*parts.values(), *tiles.values()), strict=True):
            with opened(folder / path) as file:
                if file.read() != data:
                    return None
        same = digest_of(before.path) == record.sha256
        same &= not record.look.photo or _is_own(folder / record.look.photo)
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
    head = f"{artkit.__version__}\n{photo_sha256}\n{photo.width} {photo.height}\n{recipe}\n"
    return _pixels_digest(photo, head.encode())[:6]


def _pixels_digest(photo: Image, head: bytes) -> str:
    digest = sha256(head)
    digest.update(photo.pixels.tobytes())
    if photo.alpha is not None:
        digest.update(photo.alpha.tobytes())
    return digest.hexdigest()
