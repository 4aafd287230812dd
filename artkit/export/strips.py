"""Pictures larger than memory to PNG and TIFF, strip by strip as they are made."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping
from typing import BinaryIO

import numpy as np

from artkit.arrays import Pixels
from artkit.artwork.formats import Note
from artkit.artwork.strips import Strips
from artkit.export import png
from artkit.export.raster import png_text
from artkit.metadata.xmp import packet

UP = 2
"""The filter of every row: what it has more than the one above (PNG specification, 9.2)."""

LEVEL = 4
"""Zlib's level: more takes several times as long for a few per cent."""


def write_png(picture: Strips, file: BinaryIO, metadata: Mapping[str, str], note: Note | None = None) -> None:
    """Write the picture as PNG; memory does not grow with it."""
    head = struct.pack(">IIBBBBB", picture.width, picture.height, 8, 2, 0, 0, 0)
    file.write(png.SIGNATURE + png.chunk(b"IHDR", head))
    for part in png_text(metadata).chunks:
        file.write(png.chunk(*part[:2]))
    packer = zlib.compressobj(LEVEL)
    above = np.zeros((1, 3 * picture.width), np.uint8)
    for strip in picture.read():
        rows = strip.reshape(len(strip), -1)
        lines = np.empty((len(rows), rows.shape[1] + 1), np.uint8)
        lines[:, 0] = UP
        np.subtract(rows, np.concatenate([above, rows[:-1]]), out=lines[:, 1:])
        above = rows[-1:].copy()
        if data := packer.compress(lines.tobytes()):
            file.write(png.chunk(b"IDAT", data))
    file.write(png.chunk(b"IDAT", packer.flush()) + png.chunk(b"IEND", b""))


XMP = 700
"""The tag of TIFF for metadata (XMP specification, part 3, 1.1.4)."""

CLASSIC = 4e9
"""Bytes of pixels up to which a TIFF is one of 32 bits; larger ones are BigTIFF."""

STRIP = 1 << 20
"""Bytes of pixels in a strip of a TIFF, about."""


def write_tiff(picture: Strips, file: BinaryIO, metadata: Mapping[str, str], note: Note | None = None) -> None:
    """Write the picture as TIFF, BigTIFF where it is too large for that; memory does not grow with it."""
    import tifffile

    data = packet(metadata)
    rows = min(max(STRIP // (3 * picture.width), 1), picture.height)
    with tifffile.TiffWriter(file, bigtiff=3 * picture.width * picture.height > CLASSIC) as tiff:
        tiff.write(
            map(_packed, _of_rows(picture, rows)),
            shape=(picture.height, picture.width, 3),
            dtype=np.uint8,
            photometric="rgb",
            compression="zlib",
            predictor=2,
            rowsperstrip=rows,
            software=False,
            metadata=None,
            extratags=[(XMP, 1, len(data), data, True)] if data else [],
        )


def _of_rows(picture: Strips, rows: int) -> Iterator[Pixels]:
    """The picture in strips of exactly so many rows, but for the last."""
    rest = np.zeros((0, picture.width, 3), np.uint8)
    for strip in picture.read():
        rest = np.concatenate([rest, strip])
        whole = len(rest) // rows * rows
        for top in range(0, whole, rows):
            yield rest[top : top + rows]
        rest = rest[whole:]
    if len(rest):
        yield rest


def _packed(strip: Pixels) -> bytes:
    """What each pixel has more than the one to its left (TIFF 6.0, section 14), compressed."""
    lines = strip.copy()
    np.subtract(strip[:, 1:], strip[:, :-1], out=lines[:, 1:])
    return zlib.compress(lines.tobytes(), LEVEL)
