"""Pictures larger than memory to PNG, strip by strip as they are made."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from typing import BinaryIO

import numpy as np

from artkit.artwork.formats import Note
from artkit.artwork.strips import Strips
from artkit.export import png
from artkit.export.raster import png_text

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
