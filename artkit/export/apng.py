"""Animations to APNG: lossless, every color and every degree of transparency (PNG specification, third edition).

A frame holds the smallest part of the picture that differs from what the screen shows. What shows is the frame before,
what it was drawn on, or what is left when its part is made transparent, whichever has less to change. Pixels of the
part that stay are written as they are, or as transparent over what is there, whichever takes fewer bytes. All frames
share one form of pixels: indices of one palette where there are no more than 256 colors in all, else colors, with masks
where there are any.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from artkit.artwork.animation import Animation
from artkit.artwork.drawing import AnimatedDrawing
from artkit.artwork.formats import Note
from artkit.errors import UsageError
from artkit.export import raster
from artkit.export.frames import filmed
from artkit.export.png import SIGNATURE, chunk
from artkit.export.png_data import Coded, Rows, coded
from artkit.export.reel import OPAQUE, Box, Codes, Reel, box_of, bytes_of

_LARGEST = 2**31 - 1

_STAYS, _CLEARED, _RESTORED = 0, 1, 2
"""What becomes of a frame before the next is drawn (dispose_op)."""

_REPLACED, _OVER = 0, 1
"""How a frame is drawn (blend_op)."""

_COLORS = 1 << 24


def write_drawn(
    drawing: AnimatedDrawing, file: BinaryIO, metadata: Mapping[str, str], note: Note | None = None
) -> None:
    """Write the frames of a drawing that is drawn."""
    write(filmed(drawing), file, metadata, note)


def write(animation: Animation, file: BinaryIO, metadata: Mapping[str, str], note: Note | None = None) -> None:
    """Write the file. Delays are exact to one part in 65,535."""
    waits = [_fraction(seconds) for seconds in animation.waits]
    with Reel(animation, "PNG", _LARGEST) as reel:
        form = _form(reel)
        width, height = reel.size
        file.write(SIGNATURE + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, form.kind, 0, 0, 0)))
        file.writelines(chunk(*text[:2]) for text in raster.png_text(metadata).chunks)
        file.write(chunk(b"acTL", struct.pack(">II", reel.count, animation.loop)))
        file.writelines(chunk(name, data) for name, data in form.tables)
        number = 0
        for i, part in enumerate(_parts(reel, form)):
            rows, columns = part.box
            place = (columns.stop - columns.start, rows.stop - rows.start, columns.start, rows.start)
            pace = (waits[i].numerator, waits[i].denominator, part.disposal, part.blend)
            file.write(chunk(b"fcTL", struct.pack(">IIIIIHHBB", number, *place, *pace)))
            file.write(chunk(b"fdAT", struct.pack(">I", number + 1) + part.data) if i else chunk(b"IDAT", part.data))
            number += 2 if i else 1
        file.write(chunk(b"IEND", b""))


def _fraction(seconds: float) -> Fraction:
    delay = Fraction(seconds).limit_denominator(65_535 if seconds < 1 else 100)
    if delay.numerator > 65_535:
        raise UsageError(f"a delay of {seconds:g} s: APNG ends at 655 s; use a shorter one")
    return delay


class _Form(NamedTuple):
    """How pixels are written: color type, the chunks that say so, and what is transparent.

    A sample has 8 bits. Indices could have fewer, but ffmpeg cannot read parts of pictures that have.
    """

    kind: int
    tables: tuple[tuple[bytes, bytes], ...]
    palette: Codes | None
    clear: int | None
    """The code of a pixel that shows what is beneath, None where there is none to spare."""

    def rows(self, codes: Codes) -> tuple[Rows, int]:
        """Give the samples of a part row by row, and the bytes of a pixel."""
        if self.palette is None:
            channels = 4 if self.kind == 6 else 3
            return np.ascontiguousarray(bytes_of(codes)[..., :channels]).reshape(len(codes), -1), channels
        order = np.argsort(self.palette, kind="stable")
        return order[np.searchsorted(self.palette, codes, sorter=order)].astype(np.uint8), 1

    def coded(self, codes: Codes) -> Coded:
        """Give the data of a part, to be compressed."""
        return coded(*self.rows(codes))


def _form(reel: Reel) -> _Form:
    """Choose the form: by all colors there are, and whether one is left for what is transparent."""
    few: Codes | None = np.zeros(0, np.uint32)
    seen = np.zeros(_COLORS, np.bool_)
    before: Codes | None = None
    for codes in reel:
        fresh = codes if before is None else codes[codes != before]
        before = codes
        if few is not None:
            few = np.union1d(few, np.unique(fresh))
            few = few if len(few) <= 256 else None
        if not reel.masked:
            seen[fresh & np.uint32(_COLORS - 1)] = True
    if few is not None:
        return _indexed(few)
    if reel.masked:
        return _Form(6, (), None, 0)
    unused = np.flatnonzero(~seen)
    if not len(unused):
        return _Form(2, (), None, None)
    red, green, blue, _ = bytes_of(unused[:1].astype(np.uint32))[0]
    key = (b"tRNS", struct.pack(">HHH", red, green, blue))
    return _Form(2, (key,), None, int(unused[0]) | int(OPAQUE))


def _indexed(colors: Codes) -> _Form:
    """Give the form of up to 256 colors: transparent ones first, which keeps their table short, then dark to light."""
    colors = colors if len(colors) == 256 else np.union1d(colors, np.zeros(1, np.uint32))
    levels = bytes_of(colors).astype(np.int64)
    luma = (levels * [299, 587, 114, 0]).sum(1)
    palette = colors[np.lexsort((colors, luma, levels[:, 3]))]
    table = bytes_of(palette)
    masks = table[table[:, 3] < 255, 3].tobytes()
    tables = ((b"PLTE", table[:, :3].tobytes()), *(((b"tRNS", masks),) if masks else ()))
    return _Form(3, tables, palette, 0 if 0 in palette else None)


class _Part(NamedTuple):
    """A frame as it is written."""

    box: Box
    disposal: int
    blend: int
    data: bytes


class _Try(NamedTuple):
    """A frame as it might be written, on what the disposal of the frame before leaves."""

    disposal: int
    beneath: Codes
    box: Box
    blend: int
    coded: Coded


def _parts(reel: Reel, form: _Form) -> Iterator[_Part]:
    """Give the frames: what becomes of each is known when the next one is."""
    frames = iter(reel)
    shown = next(frames)
    beneath = np.zeros_like(shown)
    box: Box = slice(0, shown.shape[0]), slice(0, shown.shape[1])
    blend, data = _REPLACED, form.coded(shown).deflated()
    for i, frame in enumerate(frames, 1):
        tries = [
            one
            for disposal, left in _left(shown, beneath, frame, box, i > 1 and blend == _REPLACED, reel.masked)
            for one in _tries(frame, left, disposal, form)
        ]
        best = min(tries, key=lambda one: one.coded.length)
        yield _Part(box, best.disposal, blend, data)
        shown, beneath, box, blend, data = frame, best.beneath, best.box, best.blend, best.coded.deflated()
    yield _Part(box, _STAYS, blend, data)


def _left(
    shown: Codes, beneath: Codes, frame: Codes, box: Box, restores: bool, masked: bool
) -> Iterator[tuple[int, Codes]]:
    """Give what each disposal of the frame before leaves: that it stays, and what has less to change than that.

    What was beneath the first frame is nothing. Pillow cannot take back a frame that was drawn over another.
    """
    yield _STAYS, shown
    least = np.count_nonzero(shown != frame)
    if restores and np.count_nonzero(beneath != frame) < least:
        yield _RESTORED, beneath
    if masked:
        cleared = shown.copy()
        cleared[box] = 0
        if np.count_nonzero(cleared != frame) < least:
            yield _CLEARED, cleared


def _tries(frame: Codes, beneath: Codes, disposal: int, form: _Form) -> Iterator[_Try]:
    """Give the frame as it is where something changes, and with what stays left out where that can be told."""
    changed = frame != beneath
    box = box_of(changed)
    whole, changes = frame[box], changed[box]
    yield _Try(disposal, beneath, box, _REPLACED, form.coded(whole))
    if form.clear is not None and _can_cover(whole, changes):
        yield _Try(disposal, beneath, box, _OVER, form.coded(np.where(changes, whole, np.uint32(form.clear))))


def _can_cover(codes: Codes, changes: NDArray[np.bool_]) -> bool:
    """Whether what is beneath is seen nowhere that changes, and something stays."""
    return bool(not changes.all() and changes.any() and (codes[changes] >= OPAQUE).all())
