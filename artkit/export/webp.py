"""Animations to WebP: small, for screens (WebP container specification).

The file is put together here from frames that Pillow codes one at a time: libwebp's own writer drops frames that are
equal to the one before.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from artkit.artwork.animation import Animation
from artkit.artwork.formats import Note
from artkit.errors import UsageError
from artkit.export import raster
from artkit.export.frames import check_sizes, delays
from artkit.metadata.xmp import packet

_LARGEST = 16_383
_LONGEST = 2**32 - 10
_ALPHA, _ANIMATION, _XMP = 0x10, 0x02, 0x04


def write(animation: Animation, file: BinaryIO, metadata: Mapping[str, str], note: Note | None = None) -> None:
    """Write the file. Delays are whole milliseconds, rounded so that the total time is right."""
    waits = delays(animation, 0.001)
    if max(waits) >= 1 << 24:
        raise UsageError(f"a delay of {animation.delay:g} s: WebP ends at 16,777 s; use a shorter one")
    flags, size = _ANIMATION, b""
    start = file.tell()
    loop = b"\0\0\0\0" + struct.pack("<H", min(animation.loop, 65_535))
    file.write(_head(0, 0, bytes(6)) + _chunk(b"ANIM", loop))  # what the head says is known at the end
    for i, frame in enumerate(check_sizes(animation, "WebP", _LARGEST)):
        chunks = list(_chunks(raster.encode(frame, "WEBP", {})))
        flags |= _ALPHA if frame.alpha is not None else 0
        size = _three(frame.width - 1) + _three(frame.height - 1)
        # Disposed of to nothing (1) and not blended with what was there (2): each frame stands alone.
        place = _three(0) + _three(0) + size + _three(waits[i]) + b"\x03"
        pixels = (_chunk(name, data) for name, data in chunks if name in (b"ALPH", b"VP8 ", b"VP8L"))
        file.write(_chunk(b"ANMF", place + b"".join(pixels)))
    said = packet(metadata)
    file.write(_chunk(b"XMP ", said) if said else b"")
    end = file.tell()
    if end - start - 8 > _LONGEST:
        raise UsageError(f"{end - start:,} bytes: WebP ends at 4 GB; use fewer frames, a smaller size, or .mp4")
    file.seek(start)
    file.write(_head(end - start - 8, flags | (_XMP if said else 0), size))
    file.seek(end)


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
