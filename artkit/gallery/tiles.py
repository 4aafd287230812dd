"""The folder of tiles in, out what of it is not as the records say."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from artkit.gallery.pending import OURS, is_folder
from artkit.gallery.record import RECORDS, TILES, NoRecordError, Record, read

_TILE = re.compile(r"[0-9]{1,2}/[0-9]{1,7}-[0-9]{1,7}\.webp")
"""Names that tiles have in the folder of their artwork."""


def compared(folder: Path, record: Record) -> tuple[int, list[Path]]:
    """Give how many tiles of an artwork are missing, and the files among them that are called so and none of its."""
    there = {path.relative_to(folder).as_posix(): path for path in _files(folder / record.pyramid)}
    wanted = record.tiles
    missing = sum(name not in there or not there[name].lstat().st_size for name in wanted)
    odd = {path for path in there.values() if _TILE.fullmatch(f"{path.parent.name}/{path.name}")}
    return missing, sorted(odd - {there[name] for name in wanted if name in there})


def without_record(folder: Path) -> Iterator[Path]:
    """Give the folders of tiles of artworks that are gone or whose records speak of none, under names of artkit's."""
    for path in _folders(folder):
        record = _record(path.name, folder)
        if record is None or (isinstance(record, Record) and not record.look.tiles):
            yield path


def beyond(folder: Path) -> Iterator[Path]:
    """Give the files among the tiles of artworks that are called so and are none."""
    for path in _folders(folder):
        record = _record(path.name, folder)
        if isinstance(record, Record) and record.look.tiles:
            yield from compared(folder, record)[1]


def _record(name: str, folder: Path) -> Record | str | None:
    """Give the record of an artwork, why it cannot be read, or None where there is none."""
    path = folder / RECORDS / f"{name}.json"
    if not os.path.lexists(path):
        return None
    try:
        return read(path, folder)
    except NoRecordError as error:  # it may be of something, and that may have tiles
        return str(error)


def _folders(folder: Path) -> list[Path]:
    with suppress(OSError):
        return [path for path in sorted((folder / TILES).iterdir()) if OURS.fullmatch(path.name) and is_folder(path)]
    return []


def _files(folder: Path) -> Iterator[Path]:
    """Give all files below a folder; links are files, wherever they lead."""
    if is_folder(folder):
        for path, _, names in os.walk(folder):
            yield from (Path(path, name) for name in names)
