"""Artworks into a gallery's folder, each with its record and thumbnail; and the page that shows them all."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from hashlib import file_digest, sha256
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

import artkit
from artkit.errors import ArtkitError
from artkit.gallery.origin import Provenance, measurements, versions
from artkit.gallery.record import RECORDS, THUMBNAILS, Record, from_json, to_json

if TYPE_CHECKING:
    from artkit.artwork.image import Image
    from artkit.export import Artwork

PAGE = "index.html"


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
    note: Callable[[str], None] | None = None,
) -> Record:
    """Write the artwork, its thumbnail and its record into the folder, which is made if need be, and give the record.

    `origin` is what the artwork was made with, `photo` the picture that the recipe ran on, `photo_sha256` the digest of
    the file it came from. The page is not touched: call `page` when all artworks are there. `note` takes what is worth
    telling. An ArtkitError says why something could not be written.
    """
    from artkit import export
    from artkit.export import files
    from artkit.gallery.thumbnail import thumbnail

    folder = Path(folder)
    stem = "-".join(
        (
            _plain(Path(photo_name).stem, "photo"),
            _plain(origin.preset, "recipe"),
            _digest(photo, photo_sha256, origin.recipe),
        )
    )
    ending = suffix or export.suffix(artwork)
    with TemporaryFile() as scratch:
        export.write(artwork, scratch, ending, metadata=origin.metadata, note=note)
        small, small_ending = thumbnail(artwork)
        for each in (folder, folder / RECORDS, folder / THUMBNAILS):  # not before all is made that may fail
            _make(each)
        with files.writing(folder / (stem + ending)) as file:
            size = scratch.tell()
            scratch.seek(0)
            copyfileobj(scratch, file)
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
        photo=Path(photo_name).name,
        photo_sha256=photo_sha256,
        thumbnail=f"{THUMBNAILS}/{stem}{small_ending}",
        versions=versions(),
        measurements=measurements(artwork),
    )
    files.write(folder / record.thumbnail, small)
    files.write(folder / RECORDS / f"{stem}.json", to_json(record))  # last: what has a record is there in full
    return record


def page(folder: str | os.PathLike[str]) -> Path:
    """Make the folder's page from the records in it, and give its path.

    When another process adds an artwork meanwhile, the page is made again, so that the last one written shows all.
    """
    from artkit.export import files
    from artkit.gallery.layout import html

    folder = Path(folder)
    _make(folder)
    while True:
        before = _stamp(folder)
        path = files.write(folder / PAGE, html(records(folder)).encode())
        if _stamp(folder) == before:
            return path


def records(folder: str | os.PathLike[str]) -> list[Record]:
    """Give the records of the artworks that are there, by name; files that are broken or no records are passed over."""
    found = (from_json(path) for path in sorted((Path(folder) / RECORDS).glob("*.json")))
    return [record for record in found if record is not None]


def _plain(name: str, otherwise: str) -> str:
    """Give a name that is safe in every file system and in a shell."""
    return re.sub(r"[^\w.]+", "-", name)[:60].strip("-.") or otherwise


def _digest(photo: Image, photo_sha256: str, recipe: str) -> str:
    digest = sha256(f"{artkit.__version__}\n{photo_sha256}\n{photo.width} {photo.height}\n{recipe}\n".encode())
    digest.update(photo.pixels.tobytes())
    if photo.alpha is not None:
        digest.update(photo.alpha.tobytes())
    return digest.hexdigest()[:6]


def _make(folder: Path) -> None:
    from artkit.export import files

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise ArtkitError(f"{folder}: is a file, not a folder; name another place for the gallery") from None
    except OSError as error:
        raise ArtkitError(files.explain(folder, error)) from error


def _stamp(folder: Path) -> list[tuple[str, int]]:
    return sorted((path.name, path.stat().st_mtime_ns) for path in (folder / RECORDS).glob("*.json"))
