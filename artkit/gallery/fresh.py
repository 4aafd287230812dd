"""Whether a gallery's page shows what is in the gallery, and the page made anew where it does not."""

from __future__ import annotations

import html
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from artkit.errors import ArtkitError
from artkit.gallery.building import PAGE
from artkit.gallery.folder import page, refresh
from artkit.gallery.layout import own_script
from artkit.gallery.record import RECORDS, NoRecordError, opened

_HEAD = 4096
"""Bytes of a page in which its policy stands."""


class State(NamedTuple):
    """How the records are: when the folder changed, how many there are, when the last one changed; in nanoseconds."""

    folder: int
    records: int
    last: int


def state(folder: Path) -> State:
    """Give how a gallery's records are; nothing of them is read."""
    times = []
    with suppress(OSError), os.scandir(folder / RECORDS) as entries:
        for entry in entries:
            if entry.name.endswith(".json"):
                with suppress(OSError):
                    times.append(entry.stat(follow_symlinks=False).st_mtime_ns)
    try:
        changed = (folder / RECORDS).stat().st_mtime_ns
    except OSError:
        changed = 0
    return State(changed, len(times), max(times, default=0))


def is_stale(folder: Path, now: State) -> bool:
    """Whether the page is missing, older than a change of the records, or written by another artkit."""
    try:
        with opened(folder / PAGE) as file:
            written = os.fstat(file.fileno()).st_mtime_ns
            other = html.escape(own_script()).encode() not in file.read(_HEAD)
    except (OSError, NoRecordError):
        return True
    return other or max(now.folder, now.last) >= written


def update(folder: Path, note: Callable[[str], None]) -> None:
    """Finish what a killed process has left under way, and make the page anew; nothing where there is no gallery."""
    if (folder / RECORDS).is_dir():
        refresh(folder, note)


class Keeper:
    """Keeps a gallery's page up to date: `refresh` makes it anew where records have changed since it was made.

    `note` takes a line where that fails, once; the page stays as it was.
    """

    def __init__(self, folder: Path, note: Callable[[str], None]) -> None:
        self.folder = folder
        self._note = note
        self._known: State | None = None
        self._failed = False
        self._lock = Lock()

    def refresh(self) -> None:
        """Make the page anew if need be."""
        with self._lock:
            now = state(self.folder)
            if now == self._known or (self._known is None and not is_stale(self.folder, now)):
                self._known = now
                return
            added = self._known is not None and now.folder != self._known.folder
            self._known = now
            try:
                (refresh if added else page)(self.folder, self._note)
            except ArtkitError as error:
                if not self._failed:
                    self._note(f"{error}; the page stays as it was")
                self._failed = True
