"""A zip of artworks in, all of them in the gallery out, or none: everything is checked before anything is written.

Taken from the zip are artworks, records, thumbnails and copies of photos, by the names that records give them. Its
page and scripts are not: they are made anew from the records.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO
from zipfile import ZipFile, ZipInfo

from artkit.artwork.formats import all_suffixes
from artkit.errors import ArtkitError
from artkit.export import files, parts
from artkit.gallery.dates import time_of
from artkit.gallery.passive import fault_of
from artkit.gallery.pending import OURS, PHOTO, PLAN, files_of, moves_of
from artkit.gallery.record import LARGEST, RECORDS, NoRecordError, Record, digest_of, read
from artkit.gallery.staging import finish, locked, make, staged
from artkit.gallery.zips import chunks, reading

_RECORD = re.compile(rf"((?:[^/]+/)*){RECORDS}/([^/]+)\.json")
_PICTURES = {
    ".jpg": rb"\xff\xd8\xff",
    ".png": rb"\x89PNG\r\n\x1a\n",
    ".webp": rb"RIFF....WEBP",
}
"""How the bytes of thumbnails and photos begin, by their suffix."""


@dataclass(frozen=True)
class Arrival:
    """An artwork in a zip: its record as bytes, that one's time (ns), and its files by their paths in a gallery."""

    record: Record
    text: bytes
    time: int
    files: dict[str, ZipInfo] = field(default_factory=dict)


@dataclass(frozen=True)
class Imported:
    """Names of artworks that were new, that were there already as they are, and that were replaced."""

    new: list[str]
    same: list[str]
    replaced: list[str]


def unpack(file: BinaryIO, where: str, folder: Path, replace: bool = False, dry_run: bool = False) -> Imported:
    """Bring the artworks of a zip, called `where`, into a gallery, which is made if need be; all of them or none.

    Those that are there already are left as they are. An ArtkitError says what is wrong with the zip, or which
    artworks are there with other bytes, unless they are to be replaced. The page is not touched: call `page` later.
    """
    with reading(file, where) as (archive, members):
        arrivals = list(_arrivals(archive, members, where, folder))
        for arrival in arrivals:
            _check(archive, arrival, where)
        finish(folder)
        told, wanted = _planned(arrivals, folder, where, replace)
        if wanted and not dry_run:
            with staged(folder) as place:
                moves = _stage(archive, wanted, place, where)
                moves = _with_plan(moves, place, folder)
                with locked(folder / RECORDS), parts.kept(place) as mine:
                    told, still = _planned(arrivals, folder, where, replace)
                    if {each.record.name for each in still} != {each.record.name for each in wanted}:
                        raise ArtkitError(f"{folder}: was changed meanwhile; nothing was imported, try again")
                    _commit(moves, mine, folder)
    return told


def _arrivals(archive: ZipFile, members: dict[str, ZipInfo], where: str, folder: Path) -> Iterator[Arrival]:
    """Give the artworks in a zip; all that their records name is there."""
    found = {name: match for name in members if (match := _RECORD.fullmatch(name))}
    tops = sorted({match[1] for match in found.values()})
    if not tops:
        raise ArtkitError(f"{where}: holds no records of artworks; artkit gallery export makes such a zip")
    if len(tops) > 1:
        raise ArtkitError(f"{where}: holds several galleries, {tops[0] or '.'} and {tops[1]}; import one at a time")
    for name, match in sorted(found.items()):
        if members[name].file_size > LARGEST:
            raise ArtkitError(f"{where}: {name} has more than {LARGEST >> 20} MB, as no record has")
        text = b"".join(chunks(archive, members[name], where))
        try:
            record = _record(text, match[2], folder)
        except NoRecordError as error:
            raise ArtkitError(f"{where}: {name} {error}; nothing was imported") from None
        wanted = {path: members.get(tops[0] + path) for path in files_of(record)}
        photo = record.look.photo
        missing = [path for path, info in wanted.items() if info is None]
        if missing:
            raise ArtkitError(f"{where}: {missing[0]} is missing in it; nothing was imported")
        there = {path: info for path, info in wanted.items() if info}
        if photo and tops[0] + photo in members:
            there[photo] = members[tops[0] + photo]
        yield Arrival(record, text, time_of(members[name]), there)


def _record(text: bytes, name: str, folder: Path) -> Record:
    record = read(text, folder)
    if record.name != name:
        raise NoRecordError(f"is of {record.path.name}, and has another name")
    if not OURS.fullmatch(name) or record.path.suffix not in all_suffixes():
        raise NoRecordError(f"is of {record.path.name}, which is no name that artkit gives")
    others = files_of(record)[: -len(record.tiles) or None]  # tiles are called by the name of the record
    if not all(Path(path).name.startswith(f"{name}.") for path in others):
        raise NoRecordError("names files of another artwork")
    if record.look.photo and not PHOTO.fullmatch(record.look.photo):
        raise NoRecordError(f"names {record.look.photo} as its photo")
    return record


def _check(archive: ZipFile, arrival: Arrival, where: str) -> None:
    """Compare an artwork with its record, and see that its pictures are pictures."""
    record = arrival.record
    for path, info in arrival.files.items():
        suffix = Path(path).suffix.lower()
        if path == record.path.name:
            digest = sha256()
            for data in chunks(archive, info, where):
                digest.update(data)
            if digest.hexdigest() != record.sha256 or info.file_size != record.bytes:
                raise ArtkitError(f"{where}: {path} is not what its record says; nothing was imported")
            if suffix in (".svg", ".svgz") and (fault := fault_of(chunks(archive, info, where), suffix == ".svgz")):
                raise ArtkitError(f"{where}: {path} {fault}, as no artwork of artkit does; nothing was imported")
        else:
            head = b"".join(chunks(archive, info, where))[:16]
            if suffix not in _PICTURES or not re.match(_PICTURES[suffix], head, re.S):
                raise ArtkitError(f"{where}: {path} is no picture; nothing was imported")


def _planned(arrivals: Sequence[Arrival], folder: Path, where: str, replace: bool) -> tuple[Imported, list[Arrival]]:
    """Say what becomes of each artwork, and give those that are to be written."""
    states = {arrival.record.name: _state(arrival.record, folder) for arrival in arrivals}
    others = [name for name, state in states.items() if state == "other"]
    if others and not replace:
        more = f" and {len(others) - 3} more" if len(others) > 3 else ""
        raise ArtkitError(
            f"{where}: {', '.join(others[:3])}{more}: there are such artworks in {folder} with other bytes; "
            "--replace takes those of the zip"
        )
    by = {state: [name for name, each in states.items() if each == state] for state in ("new", "same", "other")}
    return Imported(by["new"], by["same"], others), [each for each in arrivals if states[each.record.name] != "same"]


def _state(record: Record, folder: Path) -> str:
    """Say whether an artwork is "new" to a gallery, there as the "same" bytes, or with "other" ones."""
    path = folder / RECORDS / f"{record.name}.json"
    if not os.path.lexists(path):
        if os.path.lexists(record.path):
            raise ArtkitError(f"{record.path}: is there already and has no record; nothing was imported")
        return "new"
    try:
        before = read(path, folder)
    except NoRecordError as error:
        raise ArtkitError(f"{path}: {error}; nothing was imported") from None
    with suppress(OSError, NoRecordError):
        if before.path == record.path and digest_of(record.path) == record.sha256:
            return "same"
    return "other"


def _stage(archive: ZipFile, arrivals: Sequence[Arrival], place: Path, where: str) -> list[tuple[str, str]]:
    """Write artworks into a folder under way; give the names there, and their paths in the gallery."""
    names: dict[str, str] = {}  # by their paths
    seen: set[str] = set()
    now = time.time_ns()
    for arrival in arrivals:
        tiles = set(arrival.record.tiles)
        for path, info in arrival.files.items():
            if path in seen:
                continue  # a photo of several artworks
            seen.add(path)
            whole = arrival.record.pyramid if path in tiles else path
            target = place / (names.setdefault(whole, str(len(names))) + path.removeprefix(whole))
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
                with target.open("xb") as file:
                    for data in chunks(archive, info, where):
                        file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
            except OSError as error:
                raise ArtkitError(files.explain(target, error)) from error
        name = names.setdefault(f"{RECORDS}/{arrival.record.name}.json", str(len(names)))
        files.write(place / name, arrival.text)
        moment = min(arrival.time, now)
        os.utime(place / name, ns=(moment, moment))
    return [(name, path) for path, name in names.items()]


def _with_plan(moves: Sequence[tuple[str, str]], place: Path, folder: Path) -> list[tuple[str, str]]:
    """Write down what is to have which name, and give it: from now on the next run ends what this one cannot."""
    wanted = [(name, path) for name, path in moves if not PHOTO.fullmatch(path) or not (folder / path).is_file()]
    for parent in {(folder / path).parent for _, path in wanted} - {folder}:
        make(parent, within=True)
    files.write(place / PLAN, json.dumps(wanted).encode())
    return wanted


def _commit(moves: Sequence[tuple[str, str]], place: Path, folder: Path) -> None:
    """Give what is under way its names."""
    try:
        files.rename_all([each for name, path in moves for each in moves_of(place / name, folder / path)], place)
    except OSError as error:
        (place / PLAN).unlink()
        raise ArtkitError(files.explain(Path(error.filename or folder), error)) from error
    for parent in {(folder / path).parent for _, path in moves}:
        files.flush_folder(parent)
