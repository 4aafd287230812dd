"""Artworks of a gallery in, a zip out: a gallery of its own, with a page that opens when it is unpacked.

The same artworks give the same bytes: entries are sorted, those of an artwork have the time of its record, and nothing
says when or where the zip was made. What deflates is zlib, whose versions may differ.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from artkit.errors import ArtkitError
from artkit.gallery.dates import dated
from artkit.gallery.find import record_of
from artkit.gallery.folder import page
from artkit.gallery.pending import belongings, photo_of
from artkit.gallery.record import DETAILS, PHOTOS, RECORDS, THUMBNAILS, TILES, NoRecordError, digest_of, opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from artkit.gallery.record import Record

TOP = "artkit-gallery"
"""The folder in the zip that holds all."""

_PACKED = (".png", ".apng", ".jpg", ".jpeg", ".webp", ".gif", ".svgz", ".mp4", ".webm")
_CHUNK = 1 << 20


def pack(folder: Path, names: Sequence[str], file: BinaryIO, room: Path) -> int:
    """Write artworks of a gallery, by their names in full, into a zip; give how many files it has.

    `room` is an empty folder for a copy of the gallery meanwhile. An ArtkitError says what is missing or has changed
    since its record was written.
    """
    records = [record_of(name, folder) for name in sorted(set(names))]
    copy = room / TOP
    for name in ("", RECORDS, THUMBNAILS, PHOTOS, DETAILS):
        (copy / name).mkdir()
    for record in records:
        _copy(record, folder, copy)
    page(copy, _refuse)
    return _write(copy, file)


def _refuse(line: str) -> None:
    """Make nothing of which the page leaves something out."""
    raise ArtkitError(line)


def _copy(record: Record, folder: Path, copy: Path) -> None:
    """Copy what belongs to an artwork, and see that the artwork is as its record says."""
    photo = photo_of(record, folder)
    try:
        if digest_of(record.path) != record.sha256:
            raise ArtkitError(f"{record.path}: was changed since its record was written; artkit verify tells more")
        own = [name for name in belongings(record, folder) if name != record.pyramid]
        for name in [*own, *([photo] if photo else []), *record.tiles]:
            if record.pyramid and name.startswith(record.pyramid):
                (copy / name).parent.mkdir(parents=True, exist_ok=True)
            _copy_file(folder / name, copy / name)
    except FileNotFoundError:
        raise ArtkitError(f"{record.path}: is missing: only its record is there; artkit verify tells more") from None
    except NoRecordError as error:
        raise ArtkitError(f"{record.path}, or a file of it: {error}") from None
    time = (folder / RECORDS / f"{record.name}.json").stat().st_mtime_ns
    os.utime(copy / RECORDS / f"{record.name}.json", ns=(time, time))


def _copy_file(source: Path, target: Path) -> None:
    from shutil import copyfileobj

    with opened(source) as file, target.open("wb") as copied:
        copyfileobj(file, copied, _CHUNK)


def _write(copy: Path, file: BinaryIO) -> int:
    """Write all files of a gallery but those that are for artkit alone, which are of this place and time."""
    times = {path.stem: path.stat().st_mtime_ns for path in (copy / RECORDS).glob("*.json")}
    newest = max(times.values())
    paths = sorted(path.relative_to(copy).as_posix() for path in copy.rglob("*") if path.is_file())
    paths = [path for path in paths if not (path.startswith("data/") and path.endswith(".json"))]
    with ZipFile(file, "w") as archive:
        for path in paths:
            name = f"{path.split('/')[1]}." if path.startswith(f"{TILES}/") else path.rpartition("/")[2]
            info = dated(f"{TOP}/{path}", next((times[stem] for stem in _stems(name) if stem in times), newest))
            info.create_system, info.external_attr = 3, 0o100644 << 16
            info.compress_type = ZIP_STORED if path.lower().endswith(_PACKED) else ZIP_DEFLATED
            info.file_size = (copy / path).stat().st_size
            with (copy / path).open("rb") as source, archive.open(info, "w") as target:
                while data := source.read(_CHUNK):
                    target.write(data)
    return len(paths)


def _stems(name: str) -> Iterator[str]:
    while "." in name:
        name = name.rpartition(".")[0]
        yield name


@contextmanager
def room_beside(output: Path | None) -> Iterator[Path]:
    """Give an empty folder beside a file that is to be written, or where temporary files go; it is gone at the end."""
    from tempfile import gettempdir

    from artkit.export import files, parts

    place = output.parent if output else Path(gettempdir())
    parts.clear(place)
    try:
        with parts.folder_part(place) as room:
            yield room
    except OSError as error:
        raise ArtkitError(files.explain(output or place, error)) from error
    finally:
        parts.clear(place)  # should removing it have failed
