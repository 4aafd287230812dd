"""The bytes of an artwork or a photo in, what it says about itself out: the XMP packet, found in each format's place.

Artworks of version 0.1.0 have their recipe elsewhere: as a text of a PNG, a comment of a GIF or a JPEG, the EXIF
description of a WebP or a TIFF, in an element of its own of an SVG.
"""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from artkit.metadata import xmp

OF_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_PACKET, _DESCRIPTION = 700, 0x010E
_LARGEST = 1 << 24
"""Bytes of a text, once decompressed, and of a packet."""


def of(data: bytes) -> dict[str, str]:
    """Give what a file says, by the keys of `xmp`; nothing of a file of another kind, or one that says nothing."""
    if is_xml(data):
        return xmp.read(data if data[:2] != b"\x1f\x8b" else _unpacked(data))
    packets, recipes = _found(data)
    found: dict[str, str] = {}
    for packet in packets:
        found = xmp.read(packet) | found
    old = next((text for text in recipes if "[[steps]]" in text), "")
    return {"recipe": old} | found if old else found


def is_artwork(data: bytes) -> bool:
    """Whether a file is of a kind that artworks are written as, and so no recipe's text."""
    marks = (b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"%PDF-")
    return is_xml(data) or data.startswith(marks) or (data[:4], data[8:12]) == (b"RIFF", b"WEBP")


def is_xml(data: bytes) -> bool:
    """Whether it is an SVG, or compressed as one, by its first bytes."""
    return data[:2] == b"\x1f\x8b" or data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def _found(data: bytes) -> tuple[list[bytes], list[str]]:
    """Give the packets of a picture's file, and texts that may hold a recipe of version 0.1.0."""
    try:
        if data.startswith(b"\x89PNG\r\n\x1a\n"):
            texts = list(_png(data))
            return [text for key, text in texts if key == b"XML:com.adobe.xmp"], [
                text.decode("utf-8", "replace") for key, text in texts if key == b"Recipe"
            ]
        if data.startswith(b"GIF8"):
            blocks = list(_gif(data))
            return [block for label, block in blocks if label == 0xFF], [
                block.decode("utf-8", "replace") for label, block in blocks if label == 0xFE
            ]
        if data.startswith(b"\xff\xd8"):
            segments = list(_jpeg(data))
            begin = len(OF_XMP)
            return [part[begin:] for mark, part in segments if mark == 0xE1 and part.startswith(OF_XMP)], [
                part.decode("utf-8", "replace") for mark, part in segments if mark == 0xFE
            ]
        if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
            return [part for name, part in _webp(data) if name == b"XMP "], [_tag(data, _DESCRIPTION)]
        if data.startswith(b"%PDF-"):
            return list(_pdf(data)), []
        if data.startswith((b"II*\0", b"MM\0*")):
            return [_tag(data, _PACKET).encode("utf-8")], [_tag(data, _DESCRIPTION)]
    except (struct.error, IndexError, ValueError, zlib.error):  # a damaged file says nothing
        pass
    return [], []


def _unpacked(data: bytes) -> bytes:
    """Give the beginning of an SVGZ, where what it says stands; `_LARGEST` bytes at most."""
    try:
        return zlib.decompressobj(31).decompress(data, _LARGEST)
    except zlib.error:
        return b""


def _png(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Give keyword and text of each text chunk (PNG specification, 11.3.3)."""
    at = 8
    while at + 8 <= len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        part = data[at + 8 : at + 8 + length]
        at += 12 + length
        if name in (b"tEXt", b"zTXt", b"iTXt"):
            keyword, _, text = part.partition(b"\0")
            packed = name == b"zTXt"
            if name == b"tEXt":
                text = text.decode("latin-1").encode()
            elif name == b"iTXt":
                packed, text = text[:1] == b"\1", text[2:].split(b"\0", 2)[2]
            else:
                text = text[1:]
            yield keyword, zlib.decompressobj().decompress(text, _LARGEST) if packed else text


def _gif(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Give the packets (0xFF) and comments (0xFE) of a GIF.

    A packet is no sequence of blocks, but what follows it makes it look like one (XMP specification, part 3, 1.1.2).
    """
    at = 13 + (3 << (data[10] & 7) + 1 if data[10] & 0x80 else 0)
    while data[at] != 0x3B:
        label = data[at + 1] if data[at] == 0x21 else 0
        if data[at] == 0x2C:
            flags = data[at + 9]
            at += 11 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
        else:
            at += 2
            if label == 0xFF and data[at : at + 12] == b"\x0bXMP DataXMP":
                yield label, data[at + 12 : data.index(b"\x01\xff\xfe\xfd\xfc", at)]
        parts = []
        while size := data[at]:
            if label == 0xFE:
                parts.append(data[at + 1 : at + 1 + size])
            at += 1 + size
        at += 1
        if parts:
            yield label, b"".join(parts)


def _jpeg(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Give marker and contents of each segment before the picture (ISO 10918-1, B.1)."""
    at = 2
    while data[at] == 0xFF and data[at + 1] not in (0xDA, 0xD9):
        length = struct.unpack_from(">H", data, at + 2)[0]
        yield data[at + 1], data[at + 4 : at + 2 + length]
        at += 2 + length


def _webp(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 12
    while at + 8 <= len(data):
        name, length = struct.unpack_from("<4sI", data, at)
        yield name, data[at + 8 : at + 8 + length]
        at += 8 + length + length % 2


def _pdf(data: bytes) -> Iterator[bytes]:
    """Give the packets that lie open in a PDF, as those of whole documents do (XMP specification, part 3, 2.1)."""
    at = 0
    while (begin := data.find(b"<?xpacket begin", at)) >= 0 and (end := data.find(b"<?xpacket end", begin)) >= 0:
        yield data[begin : min(end, begin + _LARGEST)]
        at = end


def _tag(data: bytes, number: int) -> str:
    """Give a tag of EXIF, which are those of a TIFF; "" where it has none."""
    return as_text(opened(data, lambda picture: picture.getexif().get(number)))


def opened(data: bytes, ask: Callable[[Any], Any]) -> Any:
    """Give what is asked of the picture as Pillow opens it, its pixels not read; None where that cannot be told."""
    import logging

    from PIL import Image as Pillow

    from artkit.artwork.photo import load_decoder

    load_decoder(data)
    logger = logging.getLogger("PIL.TiffImagePlugin")
    silenced, logger.disabled = logger.disabled, True  # it would tell the user's screen of odd tags
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ask(Pillow.open(io.BytesIO(data)))
    except Exception:  # a damaged file can raise anything from within a decoder, and says nothing
        return None
    finally:
        logger.disabled = silenced


def as_text(value: Any) -> str:
    """Give a tag's value as text: UTF-8 or, where it is none, Latin-1, as which Pillow reads all; values are lines."""
    if isinstance(value, (list, tuple)):
        return "\n".join(filter(None, map(as_text, value)))
    text = value.decode("latin-1") if isinstance(value, bytes) else str(value or "")
    with suppress(UnicodeError):
        text = text.encode("latin-1").decode()
    return text.replace("\0", " ").strip()
