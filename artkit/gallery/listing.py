"""A gallery's records in, the artworks that are looked for out: by preset, photo, kind and words; in some order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from artkit.artwork.formats import all_suffixes
from artkit.errors import UsageError, did_you_mean
from artkit.gallery.entries import changes
from artkit.gallery.folder import records
from artkit.gallery.look import KINDS, kind_by
from artkit.gallery.record import RECORDS

if TYPE_CHECKING:
    from artkit.gallery.record import Record

Note = Callable[[str], None]


class Entry(NamedTuple):
    """An artwork in a list: its record, its kind, and when it came into the gallery, in seconds since 1970."""

    record: Record
    kind: str
    time: float

    @property
    def date(self) -> str:
        """The day and minute, in local time."""
        return datetime.fromtimestamp(self.time).strftime("%Y-%m-%d %H:%M")


ORDERS: Mapping[str, Callable[[Entry], Any]] = {
    "name": lambda entry: entry.record.name,
    "date": lambda entry: entry.time,
    "bytes": lambda entry: entry.record.bytes,
    "preset": lambda entry: entry.record.preset,
    "photo": lambda entry: entry.record.photo.casefold(),
    "kind": lambda entry: entry.kind,
}
"""What artworks are sorted by; those that are alike stay sorted by name."""


def listed(
    folder: Path,
    *,
    words: Sequence[str] = (),
    presets: Iterable[str] = (),
    photos: Iterable[str] = (),
    kinds: Iterable[str] = (),
    sort: str = "name",
    reverse: bool = False,
    note: Note | None = None,
) -> list[Entry]:
    """Give the artworks that have all words and, where some are given, one of the presets, photos and kinds.

    A word is part of the name, title, preset, photo or of what differs from the preset, small letters or capitals; a
    photo is part of its file's name; a kind is one of KINDS or a suffix such as svg. `note` takes a line about records
    that are left out.
    """
    if sort not in ORDERS:
        raise UsageError(f"--sort {sort}: is none{did_you_mean(sort, ORDERS)}")
    wanted = {_kind(kind) for kind in kinds}
    presets, photos = set(presets), [photo.casefold() for photo in photos]
    found = [
        entry
        for entry in (entry_of(record) for record in records(folder, note))
        if (not presets or entry.record.preset in presets)
        and (not photos or any(photo in entry.record.photo.casefold() for photo in photos))
        and (not wanted or wanted & {entry.kind, entry.record.path.suffix.lower()})
        and _has(entry.record, words)
    ]
    return sorted(found, key=ORDERS[sort], reverse=reverse)


def entry_of(record: Record) -> Entry:
    """Give the artwork of a record as it stands in a list."""
    time = (record.path.parent / RECORDS / f"{record.name}.json").lstat().st_mtime
    return Entry(record, record.look.kind or kind_by(record.path.suffix), time)


def _kind(text: str) -> str:
    suffix = f".{text.lower().removeprefix('.')}"
    if text in KINDS:
        return text
    if suffix not in all_suffixes():
        raise UsageError(f"--kind {text}: is none; use {', '.join(KINDS)}, or a suffix such as svg")
    return suffix


def _has(record: Record, words: Sequence[str]) -> bool:
    if not words:
        return True
    text = "\n".join((record.name, record.title, record.preset, record.photo, changes(record.changes))).casefold()
    return all(word.casefold() in text for word in words)
