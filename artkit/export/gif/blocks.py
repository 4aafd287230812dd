"""The blocks of a GIF (GIF89a specification, 17 to 26), all but the pixels."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import BinaryIO

from artkit.artwork.animation import Colors
from artkit.metadata.xmp import packet

LARGEST = 65_535
"""Pixels of a side that the format can hold, and hundredths of a second that a frame can last."""


def header(
    file: BinaryIO, width: int, height: int, loop: int, metadata: Mapping[str, str], table: Colors | None = None
) -> None:
    """Write what comes before the first frame: size, the table of all frames where there is one, loop and metadata."""
    bits = 0 if table is None else _bits(len(table))
    flags = 0x70 if table is None else 0x70 | 0x80 | bits - 1
    file.write(b"GIF89a" + struct.pack("<HHBBB", width, height, flags, 0, 0))
    file.write(b"" if table is None else _colors(table, bits))
    file.write(_loop(loop))
    file.write(_packet(metadata))


def _loop(loop: int) -> bytes:
    """Give Netscape's extension. Its number counts the repeats after the first playing; without it there is one."""
    if loop == 1:
        return b""
    return b"\x21\xff\x0bNETSCAPE2.0\x03\x01" + struct.pack("<H", min(max(loop - 1, 0), 65_535)) + b"\0"


def _packet(metadata: Mapping[str, str]) -> bytes:
    """Give the extension of XMP: the packet as it is, and behind it what leads those who take it for blocks to its end.

    Any byte of it sends them on by its own number, into a row of numbers that all lead to the same place (XMP
    specification, part 3, 1.1.2).
    """
    data = packet(metadata)
    return b"\x21\xff\x0bXMP DataXMP" + data + b"\x01" + bytes(range(255, -1, -1)) + b"\0" if data else b""


def control(wait: int, disposal: int, clear: int | None) -> bytes:
    """Give a frame's delay, what becomes of it (1: it stays, 2: it is taken away), and what is transparent in it."""
    return struct.pack("<BBBBHBB", 0x21, 0xF9, 4, disposal << 2 | (clear is not None), wait, clear or 0, 0)


def place(left: int, top: int, width: int, height: int, table: Colors | None = None, count: int = 0) -> bytes:
    """Give a frame's place and, where it has a table of its own, the table, with room for `count` indices."""
    at = struct.pack("<BHHHH", 0x2C, left, top, width, height)
    if table is None:
        return at + b"\0"
    bits = _bits(max(count, len(table)))
    return at + bytes([0x80 | bits - 1]) + _colors(table, bits)


def _bits(count: int) -> int:
    return max((count - 1).bit_length(), 1)


def _colors(table: Colors, bits: int) -> bytes:
    return table.tobytes().ljust(3 << bits, b"\0")
