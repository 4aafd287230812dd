"""Entries in files of a fixed number, and what is known of them all: adding an artwork rewrites one, however many are.

    data/index.json     how many artworks and shards there are, and as of when
    data/00001.js       the oldest artworks, as a script that the page loads when it needs it
    data/00001.html     the same as a plain page, for those without JavaScript

Whoever changes records holds the lock of their folder until the shards are right, and notes the folder's time of
modification. Where that is another, somebody changed records in another way, and all is made anew from them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from artkit.export import files
from artkit.gallery.entries import Entry, entry_of, is_entry
from artkit.gallery.record import DATA, RECORDS, NoRecordError, Record, opened

SIZE = 200
"""Entries of a shard."""

_LARGEST = 4 << 20
"""Bytes of a shard's file; one of artkit's has a few hundred thousand at most."""

INDEX = f"{DATA}/index.json"
"""The path of the index in the gallery."""

_OURS = re.compile(r"[0-9]{5}\.(js|html)")


@dataclass(frozen=True)
class Index:
    """What is known of all shards.

    `count` artworks are in `shards` files, as of `time`, when records were last changed (nanoseconds since 1970);
    `stale` are the numbers of the shards whose plain pages are older than they.
    """

    count: int = 0
    shards: int = 0
    time: int = 0
    stale: tuple[int, ...] = ()


def name_of(number: int, suffix: str = ".js") -> str:
    """Give the path of a shard's file, or of its plain page, in the gallery."""
    return f"{DATA}/{number:05}{suffix}"


def load(folder: Path) -> Index | None:
    """Give the index of a gallery; None where there is none that holds, and all is to be made anew."""
    try:
        known = json.loads(_text(folder / INDEX))
        index = Index(**known | {"stale": tuple(known["stale"])})
        numbers = (index.count, index.shards, index.time, *index.stale)
        sound = all(type(number) is int and 0 <= number < 1 << 63 for number in numbers)
        return index if sound and index.time == _time(folder) else None
    except (OSError, NoRecordError, ValueError, TypeError, KeyError, RecursionError):
        return None


def save(folder: Path, index: Index, sure: bool = True) -> Index:
    """Write the index as of now; to be called with the lock of the records held, when all else is written.

    One that is not `sure` is of no time, and does not hold.
    """
    index = replace(index, time=_time(folder) if sure else 0)
    _write(folder / INDEX, (json.dumps(asdict(index)) + "\n").encode())
    return index


def append(folder: Path, before: Index, record: Record) -> None:
    """Add an artwork, whose record has just been written, to the last shard; `before` is the index until then."""
    entry = entry_of(record, date_of(folder, record.name))
    number = max(before.shards, 1)
    entries = read(folder, number) if before.shards else []
    if len(entries) >= SIZE:
        number, entries = number + 1, []
    write(folder, number, [*entries, entry])
    stale = {*before.stale, number, max(number - 1, 1)} if not entries else {*before.stale, number}
    save(folder, replace(before, count=before.count + 1, shards=number, stale=tuple(sorted(stale))))


def renew(folder: Path, before: Index, record: Record) -> None:
    """Put the entry of an artwork that was made anew in the place of its earlier one."""
    entry = entry_of(record, date_of(folder, record.name))
    for number in range(before.shards, 0, -1):
        entries = read(folder, number)
        if any(each["id"] == record.name for each in entries):
            write(folder, number, [entry if each["id"] == record.name else each for each in entries])
            save(folder, replace(before, stale=tuple(sorted({*before.stale, number}))))
            return
    append(folder, before, record)


def drop(folder: Path, before: Index, names: Sequence[str]) -> None:
    """Take the entries of artworks out of their shards."""
    gone, stale, left = set(names), set(before.stale), before.count
    for number in range(before.shards, 0, -1):
        entries = read(folder, number)
        kept = [entry for entry in entries if entry["id"] not in gone]
        if len(kept) < len(entries):
            write(folder, number, kept)
            stale.add(number)
            left -= len(entries) - len(kept)
    save(folder, replace(before, count=left, stale=tuple(sorted(stale))))


def rebuild(folder: Path, records: Sequence[Record]) -> Index:
    """Make all shards anew from the records, the oldest first, and give their index, which is not saved."""
    dated = sorted(records, key=lambda record: (_changed(folder, record.name), record.name))
    number = 0
    for number, first in enumerate(range(0, len(dated), SIZE), start=1):
        part = dated[first : first + SIZE]
        write(folder, number, [entry_of(record, date_of(folder, record.name)) for record in part])
    for path in (folder / DATA).iterdir():
        if _OURS.fullmatch(path.name) and int(path.name[:5]) > number:
            path.unlink()
    return Index(len(dated), number, 0, tuple(range(1, number + 1)))


def newest(folder: Path, index: Index, count: int) -> list[Entry]:
    """Give the entries of the newest artworks, the newest first."""
    found: list[Entry] = []
    for number in range(index.shards, 0, -1):
        found += reversed(read(folder, number))
        if len(found) >= count:
            break
    return found[:count]


def read(folder: Path, number: int) -> list[Entry]:
    """Give the entries of a shard; a NoRecordError says that it is none of ours."""
    return parsed(_text(folder / name_of(number)), number)


def parsed(text: str, number: int) -> list[Entry]:
    """Give the entries in the text of a shard; a NoRecordError where it is anything but one."""
    start, end = f"artkit({number},[\n", "\n]);\n"
    if not text.startswith(start) or not text.endswith(end):
        raise NoRecordError("is no shard")
    try:
        entries = json.loads(f"[{text[len(start) : -len(end)]}]")
    except (ValueError, RecursionError):
        raise NoRecordError("is no shard") from None
    if not all(map(is_entry, entries)) or len(entries) > SIZE:
        raise NoRecordError("is no shard")
    return list(entries)


def write(folder: Path, number: int, entries: Sequence[Entry]) -> None:
    """Write a shard."""
    lines = ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in entries)
    _write(folder / name_of(number), f"artkit({number},[\n{lines}\n]);\n".encode())


def date_of(folder: Path, name: str) -> int:
    """Give when an artwork came into the gallery, in seconds since 1970."""
    return _changed(folder, name) // 10**9


def _changed(folder: Path, name: str) -> int:
    with suppress(OSError):
        return (folder / RECORDS / f"{name}.json").lstat().st_mtime_ns
    return 0


def _time(folder: Path) -> int:
    return (folder / RECORDS).stat().st_mtime_ns


def _text(path: Path) -> str:
    with opened(path) as file:
        data = file.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise NoRecordError("is too long")
    try:
        return data.decode("ascii")
    except UnicodeDecodeError:
        raise NoRecordError("is no text of ours") from None


def _write(path: Path, data: bytes) -> None:
    files.write(path, data, follow=False)


def extra(folder: Path, index: Index) -> Iterator[Path]:
    """Give the files of shards and plain pages that are beyond the last shard."""
    for path in sorted((folder / DATA).glob("*")):
        if _OURS.fullmatch(path.name) and not 1 <= int(path.name[:5]) <= index.shards:
            yield path
