"""TIFF by its strips or tiles: each made a small TIFF of one strip, with the tags that say what its bytes mean."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from artkit.arrays import Pixels
from artkit.artwork.larger.piece import piece
from artkit.errors import PhotoError

if TYPE_CHECKING:
    from PIL import Image as Pillow

_WIDTH, _HEIGHT, _COMPRESSION, _ORIENTATION, _PLANES = 256, 257, 259, 274, 284
_OFFSETS, _ROWS, _COUNTS = 273, 278, 279
_TILE_WIDTH, _TILE_HEIGHT, _TILE_OFFSETS, _TILE_COUNTS = 322, 323, 324, 325

# What tells the meaning of bytes: bits, compression, colors, predictor, palette, extra channels, sample format, JPEG's
# tables and sampling, white and black, ICC profile (TIFF 6.0; 34675 is ICC.1).
_KEPT = (258, 259, 262, 266, 277, 284, 292, 293, 317, 320, 332, 338, 339, 347, 529, 530, 531, 532, 34675)

NONE, OLD_JPEG = 1, 6

MOST = 1 << 27
"""Pixels of the largest strip or tile that is decoded; more: as a whole picture would take."""


@dataclass(frozen=True)
class _Layout:
    """Pieces of `width` x `height` pixels, `across` of them side by side: where each begins, and its bytes."""

    width: int
    height: int
    across: int
    offsets: list[int]
    counts: list[int]
    tags: dict[int, tuple[int, Any]]
    order: str


def pieces(picture: Pillow.Image, path: Path) -> Callable[[Callable[[str], None]], Iterator[Pixels]] | None:
    """Give what reads a TIFF from top to bottom; None where it cannot be read in pieces."""
    layout = _layout(picture)
    if layout is None:
        return None
    size = path.stat().st_size
    ends = max((offset + count for offset, count in zip(layout.offsets, layout.counts, strict=True)), default=0)
    if ends > size:
        raise PhotoError(f"cut short: it has {size:,} bytes, and says that it has {ends:,}; copy the file again")
    width, height = picture.size
    return lambda report: _read(path, layout, width, height, report)


def _layout(picture: Pillow.Image) -> _Layout | None:
    tags: Any = getattr(picture, "tag_v2", None)
    if tags is None or tags.get(_ORIENTATION, 1) != 1 or tags.get(_COMPRESSION, 1) == OLD_JPEG:
        return None
    if tags.get(_PLANES, 1) != 1 and tags.get(277, 1) > 1:
        return None
    width, height = picture.size
    tiled = _TILE_OFFSETS in tags
    offsets, counts = (
        _numbers(tags.get(tag)) for tag in ((_TILE_OFFSETS, _TILE_COUNTS) if tiled else (_OFFSETS, _COUNTS))
    )
    wide = int(tags[_TILE_WIDTH]) if tiled else width
    high = int(tags[_TILE_HEIGHT]) if tiled else min(int(tags.get(_ROWS, height)), height)
    across = -(-width // wide)
    if len(offsets) != across * -(-height // high) or len(counts) != len(offsets):
        return None
    kept = {tag: (tags.tagtype.get(tag, 3), tags[tag]) for tag in _KEPT if tag in tags}
    layout = _Layout(wide, high, across, offsets, counts, kept, "<" if tags.prefix[:2] == b"II" else ">")
    if wide * high <= MOST // 8:
        return layout
    return _cut(layout, height) if tags.get(_COMPRESSION, 1) == NONE and not tiled else None


def _numbers(value: Any) -> list[int]:
    return [] if value is None else [int(value)] if isinstance(value, int) else [int(each) for each in value]


def _cut(layout: _Layout, height: int) -> _Layout | None:
    """Cut long strips that are not compressed into short ones."""
    row = layout.counts[0] // min(layout.height, height)
    if row * min(layout.height, height) != layout.counts[0]:
        return None
    rows = max((MOST // 64) // layout.width, 1)
    starts = range(0, height, rows)
    if len(layout.offsets) > 1:
        return None
    offsets = [layout.offsets[0] + top * row for top in starts]
    counts = [min(rows, height - top) * row for top in starts]
    return _Layout(layout.width, rows, 1, offsets, counts, layout.tags, layout.order)


def _read(path: Path, layout: _Layout, width: int, height: int, report: Callable[[str], None]) -> Iterator[Pixels]:
    tiled = layout.across > 1 or layout.width != width
    with path.open("rb") as file:
        for top in range(0, height, layout.height):
            rows = min(layout.height, height - top)
            first = top // layout.height * layout.across
            strip = np.empty((rows, width, 3), np.uint8)
            for k in range(layout.across):
                number = first + k
                file.seek(layout.offsets[number])
                data = file.read(layout.counts[number])
                left = k * layout.width
                high = layout.height if tiled else rows
                part = _pixels(data, layout, high, f"piece {number + 1} of {len(layout.offsets)}", report)
                strip[:, left : left + layout.width] = part[:rows, : width - left]
            yield strip


def _pixels(data: bytes, layout: _Layout, height: int, name: str, report: Callable[[str], None]) -> Pixels:
    if not data:
        raise PhotoError(f"{name} is missing; copy the file again")
    own = {
        _WIDTH: (4, layout.width),
        _HEIGHT: (4, height),
        _ROWS: (4, height),
        _COUNTS: (4, len(data)),
        _OFFSETS: (4, 8),
    }
    found = piece(_file(data, layout.tags | own, layout.order), report, name)
    if found.shape[:2] != (height, layout.width):
        raise PhotoError(f"{name} is damaged; copy the file again")
    return found


_CODES = {1: "B", 2: "s", 3: "H", 4: "I", 6: "b", 7: "s", 8: "h", 9: "i", 11: "f", 12: "d"}


def _file(data: bytes, tags: dict[int, tuple[int, Any]], order: str) -> bytes:
    """Write a TIFF of one strip, its bytes first, its directory after them."""
    data += b"\0" * (len(data) % 2)
    directory = 8 + len(data)
    entries, beyond = b"", b""
    free = directory + 2 + 12 * len(tags) + 4
    for tag, (kind, value) in sorted(tags.items()):
        count, packed = _packed(kind, value, order)
        if len(packed) > 4:
            place = struct.pack(f"{order}I", free + len(beyond))
            beyond += packed + b"\0" * (len(packed) % 2)
        else:
            place = packed.ljust(4, b"\0")
        entries += struct.pack(f"{order}HHI", tag, kind, count) + place
    head = (b"II" if order == "<" else b"MM") + struct.pack(f"{order}HI", 42, directory)
    return head + data + struct.pack(f"{order}H", len(tags)) + entries + b"\0\0\0\0" + beyond


def _packed(kind: int, value: Any, order: str) -> tuple[int, bytes]:
    if isinstance(value, (bytes, str)):
        data = value.encode("latin-1", "replace") + b"\0" if isinstance(value, str) else value
        return len(data), data
    values = list(value) if isinstance(value, (tuple, list)) else [value]
    if kind in (5, 10):
        pairs = [(int(each.numerator), int(each.denominator)) for each in values]
        return len(pairs), struct.pack(f"{order}{2 * len(pairs)}{'I' if kind == 5 else 'i'}", *sum(pairs, ()))
    return len(values), struct.pack(f"{order}{len(values)}{_CODES.get(kind, 'I')}", *values)
