"""Animations to WebP: small, for screens (WebP container specification).

The file is put together here from frames that Pillow codes one at a time: libwebp's own writer drops frames that are
equal to the one before. A frame holds the smallest part that differs from what the screen shows, and what stays inside
of it is left transparent where that takes fewer bytes. Each frame is lossy or exact, whichever is shorter: photos are
smaller as the one, screens, flat colors and lines as the other.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from artkit.artwork.animation import Animation
from artkit.artwork.formats import Note
from artkit.errors import UsageError
from artkit.export.frames import delays
from artkit.export.reel import ALPHA, OPAQUE, Box, Codes, box_of, bytes_of, frames_of
from artkit.metadata.xmp import packet

EXACT = 100
"""The quality at which no frame is lossy."""

_LARGEST = 16_383
_LONGEST = 2**32 - 10
_ALPHA, _ANIMATION, _XMP = 0x10, 0x02, 0x04

_CLEARED, _REPLACED = 1, 2
"""Flags of a frame: its part is made transparent afterwards; it is not blended with what is there."""

_BLOCK = 8
"""Pixels to a side of what a lossy frame leaves out as a whole: borders of smaller holes cost more than they save."""

_AROUND = 16
"""Pixels around what changes in which what stays is given anew where it is off: a lossy frame blurs what moves into
what it moves over, and the trail of that is gone one frame later."""

_OFF = 4
"""Levels of a channel that a pixel near what changes may be off, at a quality of 90; more at lower ones."""

_STAYING = 0.05
"""Share of a part's pixels that stay, above which it is worth trying to leave them out."""

_SPARSE = 0.9
"""The same, above which nothing else is."""

_FLAT = 256
"""Colors of what changes up to which exact frames are the shorter ones beyond doubt."""

_MANY = 4096
"""Colors from which on, where most pixels have one of their own, lossy frames are."""

_PALTRY = 0.5
"""Bits for a pixel below which an exact frame is not beaten by a lossy one."""

_SMALL = 1 << 14
"""Pixels of a part up to which the last two per cent of an exact frame's bytes are worth six times the time."""


def write(animation: Animation, file: BinaryIO, metadata: Mapping[str, str], note: Note | None = None) -> None:
    """Write the file. Delays are whole milliseconds, rounded so that the total time is right."""
    waits = delays(animation, 0.001)
    if max(waits) >= 1 << 24:
        raise UsageError(f"a delay of {max(animation.waits):g} s: WebP ends at 16,777 s; use a shorter one")
    flags, size = _ANIMATION, b""
    start = file.tell()
    loop = b"\0\0\0\0" + struct.pack("<H", min(animation.loop, 65_535))
    file.write(_head(0, 0, bytes(6)) + _chunk(b"ANIM", loop))  # what the head says is known at the end
    frames = frames_of(animation, "WebP", _LARGEST, kept=False)
    for wait, part in zip(waits, _parts(frames, animation.indexing.quality), strict=True):
        rows, columns = part.box
        place = (columns.start // 2, rows.start // 2, columns.stop - columns.start - 1, rows.stop - rows.start - 1)
        size = size or b"".join(map(_three, place[2:]))
        flags |= _ALPHA if part.has_alpha else 0
        head = b"".join(map(_three, (*place, wait))) + bytes([part.flags])
        file.write(_chunk(b"ANMF", head + part.data))
    said = packet(metadata)
    file.write(_chunk(b"XMP ", said) if said else b"")
    end = file.tell()
    if end - start - 8 > _LONGEST:
        raise UsageError(f"{end - start:,} bytes: WebP ends at 4 GB; use fewer frames, a smaller size, or .mp4")
    file.seek(start)
    file.write(_head(end - start - 8, flags | (_XMP if said else 0), size))
    file.seek(end)


class _Part(NamedTuple):
    """A frame as it is written."""

    box: Box
    flags: int
    has_alpha: bool
    data: bytes


class _Try(NamedTuple):
    """A frame as it might be written: its pixels with what is left out, on what is beneath it, and its data."""

    cleared: bool
    beneath: Codes
    box: Box
    replaced: bool
    exact: bool
    pixels: Codes
    data: bytes

    def shown(self) -> Codes:
        """Give what the screen shows with it."""
        pixels = self.pixels if self.exact else _decoded(self.data)
        result = self.beneath.copy()
        np.copyto(result[self.box], pixels, where=True if self.replaced else pixels >= OPAQUE)
        return result


def _parts(frames: Iterator[Codes], quality: int) -> Iterator[_Part]:
    """Give the frames: what becomes of each is known when the next one is."""
    before = next(frames)
    box: Box = slice(0, before.shape[0]), slice(0, before.shape[1])
    best = min(_coded(before, quality, _Try(False, np.zeros_like(before), box, True, True, before, b"")), key=_length)
    shown = best.shown()
    for frame in frames:
        tries = [
            one
            for cleared, left in _left(shown, frame, best.box)
            for one in _tries(frame, left, before if not cleared else left, cleared, quality)
        ]
        found = min(tries, key=_length)
        yield _part(best, found.cleared)
        best, before, shown = found, frame, found.shown()
    yield _part(best, False)


def _part(made: _Try, cleared: bool) -> _Part:
    flags = (_CLEARED if cleared else 0) | (_REPLACED if made.replaced else 0)
    wanted = (b"ALPH", b"VP8 ", b"VP8L")
    chunks = b"".join(_chunk(name, data) for name, data in _chunks(made.data) if name in wanted)
    return _Part(made.box, flags, bool((made.pixels < OPAQUE).any()), chunks)


def _length(made: _Try) -> int:
    return len(made.data)


def _left(shown: Codes, frame: Codes, box: Box) -> Iterator[tuple[bool, Codes]]:
    """Give what the frame before leaves when it stays, and when it is taken away where less is to change then."""
    yield False, shown
    if (frame < OPAQUE).any():
        cleared = shown.copy()
        cleared[box] = 0
        if np.count_nonzero(cleared != frame) < np.count_nonzero(shown != frame):
            yield True, cleared


def _tries(frame: Codes, beneath: Codes, before: Codes, cleared: bool, quality: int) -> Iterator[_Try]:
    """Give the frame as it is where something changes, and with what stays left out where that can be told."""
    stays = _stays(frame, beneath, before, quality)
    box = box_of(~stays, 2)
    pixels, holes = frame[box], stays[box]
    covers = bool((pixels[~holes] >= OPAQUE).all())
    share = holes.mean()
    if not covers or share < _SPARSE:
        yield from _coded(pixels, quality, _Try(cleared, beneath, box, True, True, pixels, b""))
    if covers and share >= _STAYING:
        yield from _coded(pixels, quality, _Try(cleared, beneath, box, False, True, pixels, b""), holes)


def _stays(frame: Codes, beneath: Codes, before: Codes, quality: int) -> NDArray[np.bool_]:
    """(H, W) whether a pixel is good as it is shown: exact, or unchanged and no worse than lossy frames leave it."""
    import cv2

    exact: NDArray[np.bool_] = frame == beneath
    same = (frame == before) & ((frame ^ beneath) < ALPHA)
    if not (same & ~exact).any():
        return exact
    side = 2 * _AROUND + 1
    calm = cv2.dilate((frame != before).astype(np.uint8), np.ones((side, side), np.uint8)) == 0
    off = cv2.absdiff(bytes_of(frame), bytes_of(beneath)).max(axis=2)
    stays: NDArray[np.bool_] = exact | (same & (calm | (off <= _OFF + (90 - min(quality, 90)) // 4)))
    return stays


def _coded(pixels: Codes, quality: int, form: _Try, holes: NDArray[np.bool_] | None = None) -> Iterator[_Try]:
    """Give the form with data: exact, lossy, or both, by the colors of what is to be shown and the bytes that takes."""
    shown = pixels if holes is None else pixels[~holes]
    colors = len(np.unique(shown))
    busy = colors > _MANY and colors * 4 > shown.size
    bits = 0.0
    if quality == EXACT or not busy:
        exact = pixels if holes is None else np.where(holes, np.uint32(0), pixels)
        effort = {"quality": 100, "method": 5} if pixels.size <= _SMALL else {"quality": 75, "method": 3}
        data = _encoded(exact, lossless=True, **effort)
        bits = 8 * len(data) / pixels.size
        yield form._replace(pixels=exact, data=data)
    if quality < EXACT and (busy or (colors > _FLAT and bits > _PALTRY)):
        lossy = pixels if holes is None else np.where(_blocks(holes), np.uint32(0), pixels)
        if 2 * shown.size >= np.count_nonzero(lossy):  # else lines, most of whose blocks would be there in vain
            yield form._replace(pixels=lossy, exact=False, data=_encoded(lossy, quality=quality, method=5))


def _blocks(holes: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(H, W) the blocks that are holes from side to side."""
    height, width = holes.shape
    down, across = -height % _BLOCK, -width % _BLOCK
    whole: NDArray[np.bool_] = np.pad(holes, ((0, down), (0, across)), constant_values=True)
    rows = (height + down) // _BLOCK
    some = np.asarray(whole.reshape(rows, _BLOCK, -1, _BLOCK).all(axis=(1, 3)))
    return some.repeat(_BLOCK, axis=0).repeat(_BLOCK, axis=1)[:height, :width]


def _encoded(codes: Codes, **options: Any) -> bytes:
    """Give a picture's file."""
    from PIL import Image as Pillow

    levels = bytes_of(codes)
    if (codes >= OPAQUE).all():
        levels = np.ascontiguousarray(levels[..., :3])
    file = io.BytesIO()
    Pillow.fromarray(levels).save(file, "WEBP", **options)
    return file.getvalue()


def _decoded(data: bytes) -> Codes:
    """Give the pixels of a picture's file."""
    from PIL import Image as Pillow

    with Pillow.open(io.BytesIO(data)) as picture:
        codes = np.asarray(picture.convert("RGBA")).view("<u4")[..., 0]
    return np.where(codes < ALPHA, np.uint32(0), codes)


def _head(length: int, flags: int, size: bytes) -> bytes:
    return b"RIFF" + struct.pack("<I", length) + b"WEBP" + _chunk(b"VP8X", bytes([flags, 0, 0, 0]) + size)


def _chunks(webp: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 12
    while at < len(webp):
        name, length = struct.unpack_from("<4sI", webp, at)
        yield name, webp[at + 8 : at + 8 + length]
        at += 8 + length + length % 2


def _chunk(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def _three(number: int) -> bytes:
    return number.to_bytes(3, "little")
