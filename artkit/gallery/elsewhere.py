"""A gallery in an object store: the files that one on a disk has, under the same names and with the same bytes.

Each file comes there whole. Those of an artwork come first and its record last: what has no record was not made in
full, is not listed, and is made again. Nothing is locked. The page is made of the records in the end, and by whoever
adds to the gallery later: the last one to make it lists all.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import NamedTuple

from artkit.errors import ArtkitError, UsageError
from artkit.gallery import building, shards
from artkit.gallery.record import DATA, LARGEST, RECORDS, STAGING, TILES, NoRecordError, Record, read, to_json
from artkit.gallery.staging import ARTWORK, PHOTO, RECORD, named
from artkit.remote import store
from artkit.remote.address import is_web, joined

ROOM = 1 << 16
"""Bytes that are written into a gallery, and removed, to see whether it takes any."""

_AT_ONCE = 256
"""Records that are read in one go."""


class _Known(NamedTuple):
    """A record's file: a text that changes with it, when it was written, and what it holds or why it is none."""

    stamp: str
    time: float
    record: Record | str


_known: dict[str, dict[str, _Known]] = {}
_written: dict[str, dict[str, bytes]] = {}
"""Of each gallery, the records that were read, and digests of the page's files that were written, by this process."""


def check_room(gallery: str) -> None:
    """Raise an ArtkitError where nothing can be written into a gallery."""
    if is_web(gallery):
        raise UsageError(f"{gallery}: nothing is written there; name a folder, or a bucket as s3://BUCKET/FOLDER")
    probe = joined(gallery, f"{STAGING}/room")
    try:
        store.write(probe, bytes(ROOM))
        store.remove(probe)
    except ArtkitError as error:
        raise type(error)(str(error).replace(f"{probe}: ", f"{gallery}: ")) from error


def put(
    gallery: str,
    record: Record,
    artwork: bytes,
    parts: Mapping[str, bytes],
    tiles: Mapping[str, bytes],
    photo: Callable[[], bytes],
) -> Record:
    """Write an artwork, what the page needs of it, a copy of its photo where there is none yet, and last its record.

    Where the same is there already, nothing is written. An ArtkitError says why something could not be written; then
    there is no record.
    """
    targets = {place.name: target.as_posix() for place, target in named(Path(), Path(), record)}
    targets[ARTWORK] = record.path.name
    if (before := _before(joined(gallery, targets[RECORD]), record)) is not None:
        return before
    files = {targets[name]: data for name, data in {**parts, ARTWORK: artwork}.items() if name in targets}
    files |= {f"{record.pyramid}/{name}": data for name, data in tiles.items()}
    if PHOTO in targets and store.found(joined(gallery, targets[PHOTO]), 1) is None:
        files[targets[PHOTO]] = photo()
    store.write_all(gallery, files)
    store.write(joined(gallery, targets[RECORD]), to_json(record))
    return record


def _before(address: str, record: Record) -> Record | None:
    """Give the record that is there where only the seconds differ; one that says anything else is removed."""
    data = store.found(address, LARGEST)
    if data is None:
        return None
    try:
        before = read(data, record.path.parent)
    except NoRecordError:
        before = None
    if before is not None and replace(before, seconds=record.seconds) == record:
        return before
    store.remove(address)
    return None


def records(gallery: str) -> tuple[list[Record], dict[str, str]]:
    """Give the records of artworks that are there, by name, and by their names why other files are none."""
    known = _read_all(gallery)
    there = {PurePosixPath(address).name for address in store.listed(gallery, deep=False)}
    found = [each.record for _, each in sorted(known.items()) if isinstance(each.record, Record)]
    odd = {f"{name}.json": each.record for name, each in sorted(known.items()) if isinstance(each.record, str)}
    return [record for record in found if record.path.name in there], odd


def refresh(gallery: str) -> tuple[str, dict[str, str]]:
    """Make the gallery's page of the records that are there, and give its address, and why other files are none."""
    found, odd = records(gallery)
    known = _known[gallery]
    with TemporaryDirectory(prefix="artkit-") as name:
        folder = Path(name)
        tiled = any(record.look.tiles for record in found)
        for each in (RECORDS, DATA, *([TILES] if tiled else [])):
            (folder / each).mkdir()
        for record in found:  # the page has dates of them, and nothing else that is not in the records
            path = folder / RECORDS / f"{record.name}.json"
            path.touch()
            os.utime(path, (known[record.name].time,) * 2)
        building.newest_anew(folder, shards.rebuild(folder, found))
        made = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in [*sorted((folder / DATA).iterdir()), folder / building.PAGE]
            if path != folder / shards.INDEX  # it is of the folder's time, and would not hold
        }
    written, digests = _written.setdefault(gallery, {}), {each: sha256(data).digest() for each, data in made.items()}
    store.write_all(gallery, {each: data for each, data in made.items() if written.get(each) != digests[each]})
    written |= digests
    return joined(gallery, building.PAGE), odd


def _read_all(gallery: str) -> dict[str, _Known]:
    """Give what all records' files hold, by their names; those that are as they were are not read again."""
    listed = {
        PurePosixPath(address).stem: (address, entry)
        for address, entry in store.listed(joined(gallery, RECORDS), deep=False).items()
        if address.endswith(".json")
    }
    known = _known.setdefault(gallery, {})
    for name in known.keys() - listed.keys():
        del known[name]
    new = [name for name, (_, entry) in listed.items() if name not in known or known[name].stamp != entry.stamp]
    for first in range(0, len(new), _AT_ONCE):
        part = [name for name in new[first : first + _AT_ONCE] if 0 < listed[name][1].size <= LARGEST]
        data = store.read_all({listed[name][0]: listed[name][1].size for name in part})
        for name in part:
            address, entry = listed[name]
            known[name] = _Known(entry.stamp, entry.time, _record(data.get(address, b""), name, gallery))
    return known


def _record(data: bytes, name: str, gallery: str) -> Record | str:
    try:
        record = read(data, Path(gallery))
    except NoRecordError as error:
        return str(error)
    return record if record.name == name else f"is of {record.path.name}, and has another name"
