"""The path of a request in, a file of the gallery out: one that belongs to it, and no other.

Served are the page, artworks that have a record, and what lies in the gallery's own folders under names and suffixes
that artkit gives. Whatever else lies in the folder, hidden files, links and what they lead to, is not there.
"""

from __future__ import annotations

import os
import re
import stat
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote_to_bytes

from artkit.gallery.record import DATA, DETAILS, PHOTOS, RECORDS, THUMBNAILS, TILES, NoRecordError, read

PAGES = (".html",)
PICTURES = (".jpg", ".jpeg", ".png", ".webp")
FOLDERS = {
    RECORDS: (".json",),
    THUMBNAILS: PICTURES,
    PHOTOS: PICTURES,
    DETAILS: (".js",),
    DATA: (".js", ".json"),
}
"""Folders of a gallery, and the suffixes of what is served from them."""

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".svgz": "image/svg+xml",
    ".png": "image/png",
    ".apng": "image/apng",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".gif": "image/gif",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".bmp": "image/bmp",
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".pdf": "application/pdf",
}
"""Content types by suffix; others are for downloading."""

_PLAIN = re.compile(r"[0-9]{5}\.html")
"""Plain pages, for those without JavaScript."""

_TILE = re.compile(r"[0-9]{1,2}/[0-9]{1,7}-[0-9]{1,7}\.webp")

_NAME = re.compile(r"\w[\w.-]{0,250}")


def steps(target: str, page: str) -> list[str] | None:
    """Give the folder, if any, and the name of the file that the target of a request names; None where it names none.

    Each step of the path is decoded once, after the path was split: an encoded slash is part of a name, and no name.
    """
    path = target.partition("?")[0].partition("#")[0]
    if not path.startswith("/"):
        return None
    try:
        names = [unquote_to_bytes(step).decode() for step in path[1:].split("/")]
    except UnicodeDecodeError:
        return None
    if names == [""]:
        return [page]
    return names if len(names) <= 4 and all(map(_NAME.fullmatch, names)) else None


def open_file(folder: Path, names: list[str], page: str) -> BinaryIO | None:
    """Open a file of a gallery, by the steps that lead to it; None where there is none that belongs to the gallery."""
    *inner, name = names
    suffix = Path(name).suffix.lower()
    if len(inner) > 1:
        if inner[0] != TILES or len(inner) != 3 or not _TILE.fullmatch(f"{inner[2]}/{name}"):
            return None
    elif inner:
        if suffix not in FOLDERS.get(inner[0], ()) and not (inner == [DATA] and _PLAIN.fullmatch(name)):
            return None
    elif name != page and not _is_artwork(folder, name):
        return None
    with suppress(OSError, ValueError):
        return _opened(folder, names)
    return None


def _is_artwork(folder: Path, name: str) -> bool:
    """Whether a name is that of an artwork's file, as its record says."""
    if Path(name).suffix.lower() in (*PAGES, ".js", ".css"):
        return False
    with suppress(OSError, NoRecordError):
        return read(folder / RECORDS / f"{Path(name).stem}.json", folder).path.name == name
    return False


def _opened(folder: Path, names: list[str]) -> BinaryIO | None:
    """Open a regular file below a folder, step by step, following no link."""
    if os.open not in os.supports_dir_fd:
        path = folder.joinpath(*names)
        reached = [folder.joinpath(*names[: i + 1]) for i in range(len(names))]
        if any(each.is_symlink() for each in reached) or not path.is_file():
            return None
        return path.open("rb")
    place = os.open(folder, os.O_RDONLY)
    try:
        for name in names[:-1]:
            inner = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=place)
            os.close(place)
            place = inner
        descriptor = os.open(names[-1], os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW, dir_fd=place)
    finally:
        os.close(place)
    file = os.fdopen(descriptor, "rb")
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        file.close()
        return None
    return file
