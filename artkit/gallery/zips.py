"""A zip of a stranger in, its files out: nothing that leads out of a folder, is no plain file, or unpacks without end.

All of it is told by the zip's directory, before anything is unpacked. What is read is compared with its checksum.
"""

from __future__ import annotations

import re
import stat
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from artkit import limits
from artkit.errors import ArtkitError

RATIO, _SMALL = 150, 10_000_000
"""How many times larger than the zip its files may be, where they have more bytes than the second."""

_ENCRYPTED = 0x1
_CHUNK = 1 << 20
_FAULTS = (
    *(BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError),
    *(RuntimeError, OSError, ValueError, OverflowError, LookupError),
)
"""What Python's reader of zips raises for damaged ones."""


@contextmanager
def reading(file: BinaryIO, where: str) -> Iterator[tuple[ZipFile, dict[str, ZipInfo]]]:
    """Give a zip and its files by their names; an ArtkitError says what is wrong with it."""
    size = file.seek(0, 2)
    _count(file, size, where)
    try:
        archive = ZipFile(file)
    except _FAULTS:
        raise ArtkitError(f"{where}: is no zip, or is damaged; export the gallery again") from None
    with archive:
        yield archive, _files(archive, size, where)


def chunks(archive: ZipFile, info: ZipInfo, where: str) -> Iterator[bytes]:
    """Give the bytes of a file in a zip, piece by piece; an ArtkitError where they are damaged."""
    try:
        with archive.open(info) as file:
            while data := file.read(_CHUNK):
                yield data
    except _FAULTS:
        raise ArtkitError(f"{where}: {info.filename} is damaged in it; export the gallery again") from None


def _count(file: BinaryIO, size: int, where: str) -> None:
    """Refuse a zip whose directory has too many entries, before it is read: each takes a kilobyte of memory."""
    tail_size = min(size, 65_557)
    file.seek(size - tail_size)
    tail = file.read()
    end = tail.rfind(b"PK\5\6")
    length = int.from_bytes(tail[end + 12 : end + 16], "little") if end >= 0 else 0
    start = max(size - tail_size + max(end, 0) - length - 76, 0) if length < 0xFFFFFFFF else 0
    file.seek(start)
    count, last = 0, b""
    while data := file.read(_CHUNK):
        count += (last + data).count(b"PK\1\2")
        last = data[-3:]
        limits.within("members", count, f"{where}: has")
    file.seek(0)


def _files(archive: ZipFile, size: int, where: str) -> dict[str, ZipInfo]:
    """Give the files of a zip by their names, with all of them checked."""
    found: dict[str, ZipInfo] = {}
    folded: set[str] = set()
    for info in archive.infolist():
        if fault := _fault(info):
            raise ArtkitError(f"{where}: {info.orig_filename[:200]!r} {fault}; nothing was imported")
        if info.is_dir():
            continue
        if info.filename.casefold() in folded:
            raise ArtkitError(f"{where}: {info.filename[:200]!r} is in it twice; nothing was imported")
        folded.add(info.filename.casefold())
        found[info.filename] = info
    total = sum(info.file_size for info in found.values())
    limits.within("archive", total, f"{where}: unpacks to", "import fewer artworks at once")
    packed = sum(info.compress_size for info in found.values())
    if packed > size or (total > _SMALL and total > RATIO * size):
        times = f"{total / max(size, 1):,.0f} times its size"
        raise ArtkitError(f"{where}: unpacks to {times}, as no gallery does; nothing was imported")
    return found


def _fault(info: ZipInfo) -> str:
    """Say what is wrong with an entry; nothing where all is well."""
    name, mode = info.orig_filename, info.external_attr >> 16
    if not name or name != info.filename or re.search(r"[\x00-\x1f\x7f\\:]", name):
        return "is no name for a file"
    if name.startswith("/") or ".." in name.split("/"):
        return "leads out of the folder"
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "is a link" if stat.S_ISLNK(mode) else "is no plain file"
    if info.flag_bits & _ENCRYPTED:
        return "is encrypted"
    if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        return "is compressed in a way that artkit does not read"
    return ""
