"""Large pictures of many colors to PNG by OpenCV, several times as fast as by Pillow; and the chunks PNGs are made of.

In photos and what filters make of them the search for repetitions takes seconds and finds next to nothing. One filter
for all rows and Huffman codes with runs (zlib's Z_RLE) do the work. Flat colors and line art do repeat, and are coded
quickly as it is: they are not for this file.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from artkit.errors import ArtkitError

if TYPE_CHECKING:
    from artkit.color.distinct import IndexedColors

SIGNATURE = b"\x89PNG\r\n\x1a\n"

_LARGE = 1 << 21
"""Pixels from which on the time counts more than the last few per cent of the bytes."""

_PALETTE = 256
"""Colors that a palette holds (PNG specification, 11.2.2)."""

_HEADER = len(SIGNATURE) + 25
"""Bytes of the signature and the header, which is always the first chunk (PNG specification, 5.6)."""


def is_for(pixels: NDArray[np.uint8]) -> bool:
    """Whether an (H, W, 3) picture is so large, and has so many colors, that it is better off here."""
    return pixels.shape[0] * pixels.shape[1] >= _LARGE and _has_many_colors(pixels)


def indexed(pixels: NDArray[np.uint8]) -> IndexedColors | None:
    """Give an (H, W, 3) picture by its colors where they fit into a palette: half as many bytes; else None."""
    from artkit.color.distinct import IndexedColors

    if _has_many_colors(pixels):
        return None
    found = IndexedColors.of(pixels)
    return found if len(found.colors) <= _PALETTE else None


def _has_many_colors(pixels: NDArray[np.uint8]) -> bool:
    """Whether some rows alone have more colors than a palette holds."""
    some = pixels[:: pixels.shape[0] // 64 + 1].astype(np.uint32)
    return len(np.unique(some[..., 0] << 16 | some[..., 1] << 8 | some[..., 2])) > _PALETTE


def encode(pixels: NDArray[np.uint8], texts: Sequence[tuple[bytes, bytes]]) -> bytes:
    """Give the file's bytes of an (H, W, 3) or (H, W, 4) picture; `texts` are chunks that go before the pixels."""
    import cv2

    order = cv2.COLOR_RGB2BGR if pixels.shape[2] == 3 else cv2.COLOR_RGBA2BGRA
    # Of all filters the average of beside and above costs the least time; Paeth's takes a third more, and of some
    # pictures 4% fewer bytes, of others 5% more.
    options = [
        *(cv2.IMWRITE_PNG_COMPRESSION, 1),
        *(cv2.IMWRITE_PNG_STRATEGY, cv2.IMWRITE_PNG_STRATEGY_RLE),
        *(cv2.IMWRITE_PNG_FILTER, cv2.IMWRITE_PNG_FILTER_AVG),
    ]
    done, data = cv2.imencode(".png", cv2.cvtColor(pixels, order), options)
    if not done:
        raise ArtkitError(f"{pixels.shape[1]} x {pixels.shape[0]} pixels cannot be written as PNG; use .tiff")
    return b"".join([data[:_HEADER].data, *(chunk(*text) for text in texts), data[_HEADER:].data])


def encode_indexed(picture: IndexedColors, texts: Sequence[tuple[bytes, bytes]]) -> bytes:
    """Give the file's bytes of a picture of up to 256 colors: a palette, and as many bits for a pixel as that takes.

    Pillow's choice of filters is another one from version to version.
    """
    from artkit.export.png_data import coded

    height, width = picture.index.shape
    bits = next(bits for bits in (1, 2, 4, 8) if len(picture.colors) <= 1 << bits)
    share = 8 // bits
    index = np.zeros((height, -(-width // share), share), np.uint8)
    index.reshape(height, -1)[:, :width] = picture.index
    rows = np.bitwise_or.reduce(index << np.arange(8 - bits, -1, -bits, dtype=np.uint8), axis=2)
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, bits, 3, 0, 0, 0)), *texts,
        (b"PLTE", picture.colors.tobytes()), (b"IDAT", coded(rows, 1).deflated()), (b"IEND", b""),
    ]  # fmt: skip
    return SIGNATURE + b"".join(chunk(*part) for part in parts)


def chunk(name: bytes, data: bytes) -> bytes:
    """Give a chunk: length, name, data and checksum (PNG specification, 5.3)."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def with_chunk(png: bytes, name: bytes, data: bytes) -> bytes:
    """Give a file with one more chunk, behind its header."""
    return png[:_HEADER] + chunk(name, data) + png[_HEADER:]


def chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Give the name and the data of each chunk of a file."""
    at = len(SIGNATURE)
    while at < len(png):
        length, name = struct.unpack_from(">I4s", png, at)
        yield name, png[at + 8 : at + 8 + length]
        at += 12 + length
