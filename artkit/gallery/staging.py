"""An artwork, its record and what the page needs of it come into a gallery together, whatever happens on the way.

They are written into a folder under way in `.artkit`, the record last and in one step: from then on all that is left is
to give names. When that fails the names are taken back; when the process is killed meanwhile the next one that writes
into the gallery gives the rest of the names. What is there without a record was not made in full, and is removed.

Nothing outside the gallery is written or removed: a file that is a link is replaced, a folder that is one is refused.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from artkit.errors import ArtkitError
from artkit.export import files, parts
from artkit.gallery import shards
from artkit.gallery.pending import complete, give_name, moves_of
from artkit.gallery.record import (
    DATA,
    DETAILS,
    PHOTOS,
    RECORDS,
    STAGING,
    THUMBNAILS,
    TILES,
    NoRecordError,
    digest_of,
    read,
)
from artkit.interrupts import undoing, uninterrupted

if os.name != "nt":
    import fcntl

if TYPE_CHECKING:
    from artkit.gallery.record import Record

ARTWORK, THUMBNAIL, SMALL, PHOTO = "artwork", "thumbnail", "small", "photo"
DETAILS_SCRIPT, DRAWING_SCRIPT, RECORD = "details", "drawing", "record.json"
"""Names in a folder under way. Scripts are not taken over from a process that was killed, but made from the record."""

_OURS = re.compile(r"\w.*-[0-9a-f]{6}(\.small)?")

PATIENCE = 10.0
"""Seconds to wait for another process, which should need a few hundredths; a stopped one must not stop all."""


@contextmanager
def staged(gallery: Path) -> Iterator[Path]:
    """Give a new folder under way for one artwork; the gallery's folders are made if need be."""
    prepare(gallery)

    def remove() -> None:
        remove_staging(gallery)

    with ExitStack() as stack:
        stack.enter_context(undoing(remove))
        stack.callback(remove)
        try:
            place = _enter(stack, gallery / STAGING)
        except OSError as error:
            raise ArtkitError(files.explain(gallery / STAGING, error)) from error
        yield place


ROOM = 1 << 20
"""Bytes that there should be room for."""


def check_room(gallery: Path) -> None:
    """Raise an ArtkitError where nothing can be written into a gallery, whose folders are made if need be."""
    with staged(gallery) as place:
        files.write(place / ARTWORK, bytes(ROOM))


def prepare(gallery: Path) -> None:
    """Make a gallery's folders if need be, and finish or clear what ended processes have left under way."""
    make(gallery, within=False)
    for folder in (RECORDS, THUMBNAILS, PHOTOS, DETAILS, DATA):
        make(gallery / folder, within=True)
    finish(gallery)


def put_tiles(place: Path, gallery: Path, tiles: Mapping[str, bytes]) -> None:
    """Write tiles by their names, LEVEL/FILE, into a folder under way, and make the gallery's folder for them."""
    make(gallery / TILES, within=True)
    make(place / TILES, within=True)
    for level, named in groupby(tiles, lambda name: name.partition("/")[0]):
        files.write_all(place / TILES / level, {name.partition("/")[2]: tiles[name] for name in named})


def commit(place: Path, gallery: Path, record: Record) -> None:
    """Give what a folder under way holds its names in the gallery: all of them or, with an ArtkitError, none.

    Then the artwork is put into the page's data.
    """
    with locked(gallery / RECORDS):
        index = shards.load(gallery)
        known = os.path.lexists(gallery / RECORDS / f"{record.name}.json")
        _give_names(place, gallery, record)
        if index is not None:
            with suppress(NoRecordError):  # a shard is none of ours: all is made anew with the page
                (shards.renew if known else shards.append)(gallery, index, record)
    for folder in (gallery, gallery / THUMBNAILS, gallery / TILES, gallery / RECORDS):
        files.flush_folder(folder)


def _give_names(place: Path, gallery: Path, record: Record) -> None:
    names = [(staged, target) for staged, target in named(place, gallery, record) if staged.exists()]
    with uninterrupted:
        try:
            files.rename_all([move for name in names for move in moves_of(*name)], place)
        except OSError as error:
            (place / RECORD).unlink()  # nobody is to finish this
            raise ArtkitError(files.explain(Path(error.filename2 or error.filename or gallery), error)) from error


def finish(gallery: Path) -> None:
    """Finish or clear what processes that have ended have left under way in a gallery."""
    if not (gallery / STAGING).is_dir():
        return
    make(gallery / STAGING, within=True)

    parts.clear(gallery / STAGING, lambda place: _complete(place, gallery))
    remove_staging(gallery)


def _complete(place: Path, gallery: Path) -> None:
    """Give what is left under way its names, where the record says what is there and the names are as artkit gives."""
    with suppress(NoRecordError), locked(gallery / RECORDS):
        complete(place, gallery)
        record = read(place / RECORD, gallery)
        names = [each for each in named(place, gallery, record) if each[0].name not in _SCRIPTS]
        whole = digest_of(next(path for path in names[0] if os.path.lexists(path))) == record.sha256
        if not whole or not all(_OURS.fullmatch(target.stem) for staged, target in names if staged.name != TILES):
            return
        for staged, target in names:
            if staged.name == PHOTO and target.exists():
                continue
            with suppress(FileNotFoundError):
                give_name(staged, target)


_SCRIPTS = (DETAILS_SCRIPT, DRAWING_SCRIPT)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Let one process at a time do what follows with a folder, where the file system can do that."""
    if os.name == "nt":
        yield
        return
    with ExitStack() as stack:
        with suppress(OSError):  # a file system without locks, a folder that may not be read
            descriptor = os.open(folder, os.O_RDONLY)
            stack.callback(os.close, descriptor)
            _wait_for(descriptor)
        yield


def _wait_for(descriptor: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            time.sleep(0.005)


def make(folder: Path, *, within: bool) -> None:
    """Make a folder if need be; one within a gallery is no link, since what is written there would be elsewhere."""
    if within and folder.is_symlink():
        raise ArtkitError(f"{folder}: is a link, and a gallery keeps its files within; put a folder in its place")
    try:
        folder.mkdir(parents=not within, exist_ok=True)
    except FileExistsError:
        raise ArtkitError(f"{folder}: is a file, not a folder; name another place for the gallery") from None
    except OSError as error:
        raise ArtkitError(files.explain(folder, error)) from error


def _enter(stack: ExitStack, staging: Path) -> Path:
    while True:
        make(staging, within=True)
        with suppress(FileNotFoundError):  # another process has removed the folder: it was empty for a moment
            return stack.enter_context(parts.folder_part(staging))


def remove_staging(gallery: Path) -> None:
    """Remove the folder of what is under way, if nothing is."""
    with suppress(OSError):  # others are at work in it
        (gallery / STAGING).rmdir()


def named(place: Path, gallery: Path, record: Record) -> Sequence[tuple[Path, Path]]:
    """Give what may be under way and its name in the gallery, the record last: what has one is there in full."""
    look, details = record.look, gallery / DETAILS
    optional = [(name, gallery / path) for name, path in ((SMALL, look.small), (PHOTO, look.photo)) if path]
    names = [
        (ARTWORK, record.path),
        (THUMBNAIL, gallery / record.thumbnail),
        *optional,
        *([(TILES, gallery / record.pyramid)] if record.pyramid else []),
        (DETAILS_SCRIPT, details / f"{record.name}.js"),
        (DRAWING_SCRIPT, details / f"{record.name}.drawing.js"),
        (RECORD, gallery / RECORDS / f"{record.name}.json"),
    ]
    return [(place / name, target) for name, target in names]
