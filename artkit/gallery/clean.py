"""A gallery in, what nobody needs in it out: left by processes that were killed, or by artworks that are gone.

Artworks without a record, and records without their artwork, are no leftovers: they are told by `verify`, and kept.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from artkit.errors import ArtkitError
from artkit.export import files, parts
from artkit.gallery import shards, tiles
from artkit.gallery.pending import OURS, PHOTO, is_file, is_used
from artkit.gallery.record import DATA, DETAILS, PHOTOS, RECORDS, STAGING, THUMBNAILS, TILES
from artkit.gallery.staging import finish, locked
from artkit.interrupts import uninterrupted

_SMALL = re.compile(rf"({OURS.pattern})\.(?:small\.|drawing\.)?[a-z0-9]+")
FOLDERS = ("", RECORDS, THUMBNAILS, PHOTOS, DETAILS, DATA, TILES, STAGING)
"""Folders in which something may be under way."""


class Leftover(NamedTuple):
    """A file or a folder that nobody needs, its bytes, and why."""

    path: Path
    bytes: int
    why: str


def leftovers(folder: Path) -> list[Leftover]:
    """Give what `clean` would remove."""
    return sorted([*_under_way(folder), *_without_artwork(folder)])


def clean(folder: Path) -> list[Leftover]:
    """Remove what nobody needs and give it; what had been made in full before a process was killed is finished."""
    found = list(_under_way(folder))
    finish(folder)
    for name in FOLDERS:
        parts.clear(folder / name)
    with locked(folder / RECORDS):
        for each in _without_artwork(folder):
            try:
                with uninterrupted:
                    _remove(each.path, folder)
            except OSError as error:
                raise ArtkitError(files.explain(each.path, error)) from error
            found.append(each)
    return sorted(found)


def _remove(path: Path, folder: Path) -> None:
    """Remove a file, or a folder of tiles: that gets the name of what is under way before, and is gone in one step."""
    if path.is_symlink() or not path.is_dir():
        path.unlink(missing_ok=True)
        return
    path.rename(next(parts.new_names(folder / TILES)))
    parts.clear(folder / TILES)


def _under_way(folder: Path) -> Iterator[Leftover]:
    for name in FOLDERS:
        if not (folder / name).is_symlink():
            for path in parts.left(folder / name):
                yield Leftover(path, _size(path), "left by a process that was killed")


def _without_artwork(folder: Path) -> Iterator[Leftover]:
    known = {path.stem for path in (folder / RECORDS).glob("*.json")}  # those that cannot be read are of something, too
    for name in (THUMBNAILS, DETAILS):
        for path in _files(folder / name):
            if (match := _SMALL.fullmatch(path.name)) and match[1] not in known:
                yield Leftover(path, _size(path), f"of {match[1]}, which is gone")
    for path in _files(folder / PHOTOS):
        if PHOTO.fullmatch(f"{PHOTOS}/{path.name}") and not is_used(path.name, folder):
            yield Leftover(path, _size(path), "a photo of no artwork")
    for path in tiles.without_record(folder):
        yield Leftover(path, _size(path), f"tiles of {path.name}, which has none or is gone")
    for path in tiles.beyond(folder):
        yield Leftover(path, _size(path), f"no tile of {path.parent.parent.name}")
    index = shards.load(folder)
    for path in shards.extra(folder, index) if index else ():
        yield Leftover(path, _size(path), "what the page does not load")


def _files(folder: Path) -> Iterator[Path]:
    if not folder.is_symlink():
        with suppress(OSError):
            yield from (path for path in sorted(folder.iterdir()) if is_file(path))


def _size(path: Path) -> int:
    """Give the bytes of a file, or of all files in a folder."""
    with suppress(OSError):
        if path.is_symlink() or not path.is_dir():
            return path.lstat().st_size
        return sum(_size(path / name) for name in os.listdir(path))  # noqa: PTH208 - the folder may go meanwhile
    return 0
