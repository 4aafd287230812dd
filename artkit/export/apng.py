"""Animations to APNG: lossless, every color and every degree of transparency (PNG specification, third edition).

The file is put together here from frames that Pillow codes one at a time: its own writer keeps all of them in memory
and merges equal ones.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import BinaryIO

from artkit.artwork.animation import Animation
from artkit.artwork.formats import Note
from artkit.artwork.image import Image
from artkit.errors import UsageError
from artkit.export import raster
from artkit.export.frames import HoleFound, check_sizes
from artkit.export.png import SIGNATURE, chunk, chunks


def write(animation: Animation, file: BinaryIO, metadata: Mapping[str, str], note: Note | None = None) -> None:
    """Write the file. The delay is exact to one part in 65,535.

    Frames have masks all or none: none, until one turns up that has, and then anew.
    """
    start = file.tell()
    try:
        file.writelines(_blocks(animation, metadata, masked=False))
    except HoleFound:
        file.seek(start)
        file.truncate()
        file.writelines(_blocks(animation, metadata, masked=True))


def _blocks(animation: Animation, metadata: Mapping[str, str], masked: bool) -> Iterator[bytes]:
    delay = Fraction(animation.delay).limit_denominator(65_535 if animation.delay < 1 else 100)
    if delay.numerator > 65_535:
        raise UsageError(f"a delay of {animation.delay:g} s: APNG ends at 655 s; use a shorter one")
    number = 0
    for i, frame in enumerate(check_sizes(animation, "PNG", 2**31 - 1)):
        if frame.alpha is not None and not masked:
            raise HoleFound
        parts = list(chunks(raster.encode(_of_kind(frame, masked), "PNG", metadata if i == 0 else {})))
        if i == 0:
            yield SIGNATURE
            yield from (chunk(name, data) for name, data in parts if name not in (b"IDAT", b"IEND"))
            yield chunk(b"acTL", struct.pack(">II", animation.count, animation.loop))
        place = (frame.width, frame.height, 0, 0, delay.numerator, delay.denominator, 0, 0)
        yield chunk(b"fcTL", struct.pack(">IIIIIHHBB", number, *place))
        number += 1
        pixels = b"".join(data for name, data in parts if name == b"IDAT")
        if i == 0:
            yield chunk(b"IDAT", pixels)
        else:
            yield chunk(b"fdAT", struct.pack(">I", number) + pixels)
            number += 1
    yield chunk(b"IEND", b"")


def _of_kind(frame: Image, masked: bool) -> Image:
    return Image.of(frame.rgba) if not masked else Image(frame.pixels, frame.rgba[..., 3].copy())
