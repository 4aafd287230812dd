"""Shards in, pages out: the page of the newest artworks, and plain pages of all for those without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from artkit.export import files
from artkit.gallery import entries, shards
from artkit.gallery.record import DATA, DETAILS, LARGEST, TILES, NoRecordError, Record, opened

PAGE = "index.html"

SHOWN = 60
"""Artworks in the page itself; of the others it loads what it needs, and links to the plain pages."""


def all_anew(folder: Path, records: Sequence[Record], sure: bool = True) -> Path:
    """Make all that the page loads anew from the records, and the page; give its path.

    Where it is not `sure` that these are all records, the next to come makes all anew again.
    """
    index = shards.rebuild(folder, records)
    for record in records:
        write_scripts(folder, record)
    return newest_anew(folder, index, sure)


def newest_anew(folder: Path, index: shards.Index, sure: bool = True) -> Path:
    """Make the page anew, and the plain pages of shards that have changed; give the page's path."""
    from artkit.gallery import layout

    if index.count > SHOWN:
        for number in index.stale:
            shown = reversed(shards.read(folder, number))
            _write(folder / shards.name_of(number, ".html"), layout.plain(list(shown), number, index.shards))
        index = replace(index, stale=())
    else:
        for path in (folder / DATA).glob("*.html"):
            if re.fullmatch("[0-9]{5}", path.stem):
                path.unlink()
        index = replace(index, stale=tuple(range(1, index.shards + 1)))
    page = _write(folder / PAGE, layout.html(shards.newest(folder, index, SHOWN), index, (folder / TILES).is_dir()))
    shards.save(folder, index, sure)
    return page


def write_scripts(folder: Path, record: Record) -> None:
    """Write the scripts of an artwork's details and drawing, where they are not there as they should be."""
    if not has_details(folder, record):
        files.write(folder / DETAILS / f"{record.name}.js", entries.details(record), follow=False)
    if record.is_svg and not has_drawing(folder, record):
        with suppress(OSError, NoRecordError):
            path = folder / DETAILS / f"{record.name}.drawing.js"
            files.write(path, entries.drawing_of(record), follow=False)


def has_details(folder: Path, record: Record) -> bool:
    """Whether the script of an artwork's details says what its record says."""
    return _bytes_of(folder / DETAILS / f"{record.name}.js") == entries.details(record)


def has_drawing(folder: Path, record: Record) -> bool:
    """Whether the script of an artwork's drawing does nothing but hand over a packed drawing of that name."""
    script = _bytes_of(folder / DETAILS / f"{record.name}.drawing.js", 1 << 30)
    start, end = entries.called(record.name, "").removesuffix(b'");\n'), b'");\n'
    inner = script[len(start) : -len(end)]
    sound = script.startswith(start) and script.endswith(end)
    return sound and re.fullmatch(rb"[A-Za-z0-9+/]+=*", inner) is not None


def _bytes_of(path: Path, most: int = 2 * LARGEST) -> bytes:
    with suppress(OSError, NoRecordError), opened(path) as file:
        return file.read(most)
    return b""


def _write(path: Path, text: str) -> Path:
    return files.write(path, text.encode(), follow=False)
