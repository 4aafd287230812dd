"""PNG from top to bottom as it is inflated: some rows at a time are made a small PNG, which undoes their filters.

Rows are filtered by the row above (PNG specification, 9): each small file begins with the last row of the one before.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Pixels
from artkit.artwork.larger.piece import piece
from artkit.errors import PhotoError

if TYPE_CHECKING:
    from PIL import Image as Pillow

MARK = b"\x89PNG\r\n\x1a\n"

_MEANING = (b"PLTE", b"tRNS", b"iCCP", b"sRGB", b"gAMA", b"cHRM", b"sBIT")
"""Chunks that tell what colors mean."""

_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_LIKE = {1: 0, 2: 4, 3: 2, 4: 6}
"""The kind of 8-bit PNG in which a pixel has so many bytes."""

PIECE = 1 << 24
"""Bytes that are unfiltered at a time, about."""


class _Header(NamedTuple):
    width: int
    height: int
    depth: int
    color: int
    interlaced: int

    @property
    def row(self) -> int:
        """Bytes of a row, without that of its filter."""
        return -(-self.width * self.depth * _CHANNELS[self.color] // 8)

    @property
    def step(self) -> int:
        """Bytes from a byte to the one that it is filtered by: those of a pixel, at least one."""
        return max(self.depth * _CHANNELS[self.color] // 8, 1)


def pieces(picture: Pillow.Image, path: Path) -> Callable[[Callable[[str], None]], Iterator[Pixels]] | None:
    """Give what reads a PNG from top to bottom; None where it cannot be read so: interlaced, or of 16-bit colors."""
    with path.open("rb") as file:
        header, told = _head(file)
    exif = dict(told).get(b"eXIf", b"")
    if header.interlaced or header.step not in _LIKE or (exif and _is_turned(exif)):
        return None
    return lambda report: _read(path, report)


def _is_turned(exif: bytes) -> bool:
    """Whether EXIF says that the picture does not stand upright."""
    from PIL import Image as Pillow

    tags = Pillow.Exif()
    try:
        tags.load(exif)
        return bool(tags.get(_ORIENTATION, 1) != 1)
    except Exception:  # a picture with broken EXIF data is still a picture
        return False


_ORIENTATION = 0x0112


def _head(file: BinaryIO) -> tuple[_Header, list[tuple[bytes, bytes]]]:
    """Read up to the first data: the header, and the chunks that tell what colors mean."""
    file.seek(8)
    told: list[tuple[bytes, bytes]] = []
    header = None
    while True:
        size, kind = _chunk(file)
        if kind == b"IDAT" and header is not None:
            file.seek(-8, 1)
            return header, told
        if kind == b"IHDR":
            width, height, depth, color, _, _, interlaced = struct.unpack(">IIBBBBB", file.read(13))
            header = _Header(width, height, depth, color, interlaced)
        elif kind in (*_MEANING, b"eXIf"):
            told.append((kind, file.read(size)))
        else:
            file.seek(size, 1)
        file.seek(4, 1)


def _chunk(file: BinaryIO) -> tuple[int, bytes]:
    start = file.read(8)
    if len(start) < 8:
        raise PhotoError("cut short; copy the file again")
    size, kind = struct.unpack(">I4s", start)
    return size, kind


def _read(path: Path, report: Callable[[str], None]) -> Iterator[Pixels]:
    with path.open("rb") as file:
        header, told = _head(file)
        rows = max(PIECE // (header.row + 1), 1)
        above = np.zeros(header.row, np.uint8)
        top = 0
        for data in _inflated(file, header, rows):
            lines = np.frombuffer(data, np.uint8).reshape(-1, header.row + 1)
            plain = _unfiltered(lines, above, header)
            above = plain[-1]
            whole = np.zeros((len(plain), header.row + 1), np.uint8)
            whole[:, 1:] = plain
            own = header._replace(height=len(plain))
            yield piece(_file(own, whole, told), report, f"rows {top} to {top + len(plain)}")
            top += len(plain)


def _inflated(file: BinaryIO, header: _Header, rows: int) -> Iterator[bytes]:
    """Give the filtered bytes of so many rows at a time."""
    engine, left, held = zlib.decompressobj(), header.height, bytearray()
    for source in _data(file):
        while True:
            wanted = min(rows, left) * (header.row + 1)
            try:
                held += engine.decompress(source, wanted - len(held))
            except zlib.error as error:
                raise PhotoError(f"damaged in row {header.height - left} ({error}); copy the file again") from None
            source = engine.unconsumed_tail
            if len(held) == wanted:
                yield bytes(held)
                held.clear()
                left -= wanted // (header.row + 1)
                if not left:
                    return
            elif not source:
                break
    raise PhotoError(f"cut short in row {header.height - left} of {header.height}; copy the file again")


def _data(file: BinaryIO) -> Iterator[bytes]:
    """Give the compressed bytes, a piece at a time."""
    while True:
        start = file.read(8)
        if len(start) < 8:
            return
        size, kind = struct.unpack(">I4s", start)
        if kind != b"IDAT":
            return
        while size:
            data = file.read(min(size, 1 << 20))
            if not data:
                return
            size -= len(data)
            yield data
        file.seek(4, 1)


def _unfiltered(lines: NDArray[np.uint8], above: NDArray[np.uint8], header: _Header) -> NDArray[np.uint8]:
    """Undo the filters of rows, (N, 1 + bytes), by having them decoded as if they were of 8 bits a channel."""
    if not lines[:, 0].any():
        return lines[:, 1:]
    from PIL import Image as Pillow

    channels = header.step
    like = _Header(header.row // channels, len(lines) + 1, 8, _LIKE[channels], 0)
    first = np.concatenate([np.zeros(1, np.uint8), above])
    data = _file(like, np.concatenate([first[None], lines]), [])
    try:
        with Pillow.open(io.BytesIO(data), formats=["PNG"]) as picture:
            found = np.asarray(picture)
    except Exception as error:
        raise PhotoError(f"damaged ({' '.join(str(error).split())[:80]}); copy the file again") from None
    return found.reshape(len(lines) + 1, header.row)[1:]


def _file(header: _Header, lines: NDArray[np.uint8], told: list[tuple[bytes, bytes]]) -> bytes:
    """Write a PNG of filtered rows, not compressed."""
    start = struct.pack(">IIBBBBB", header.width, header.height, header.depth, header.color, 0, 0, 0)
    chunks = [(b"IHDR", start), *told, (b"IDAT", zlib.compress(lines.tobytes(), 0)), (b"IEND", b"")]
    return MARK + b"".join(
        struct.pack(">I4s", len(data), kind) + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
