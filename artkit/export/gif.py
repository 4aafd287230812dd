"""Animations to GIF (GIF89a specification, CompuServe 1990): every frame kept, the time exact to a hundredth second.

A `PaletteAnimation` has its indices compressed once; each frame is a table of colors and a copy of them. Other
animations are indexed frame by frame; of a frame that resembles the one before, only what differs is written.
Pillow's own writer merges equal frames, so that an animation would not have the frames it says it has.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from artkit.artwork.animation import Animation, Colors, PaletteAnimation
from artkit.artwork.image import Image
from artkit.color.distinct import IndexedColors
from artkit.color.means import means_by_label
from artkit.errors import UsageError
from artkit.export import lzw
from artkit.export.indexed import Indices, Palette, Slack, one_index, samples
from artkit.export.raster import as_text

LARGEST = 65_535
"""Pixels of a side that the format can hold."""

SHORTEST = 0.02
"""Seconds. Browsers show a frame that is to last less for a tenth of a second."""

_ALIKE = 0.55
"""Share of pixels that stay, of those in the part that changes: above, what stays is left out. On blurs and photos
that move the whole part compresses better up to a half, and what is left of it from six tenths on."""


def write(animation: Animation, file: BinaryIO, metadata: Mapping[str, str]) -> None:
    """Write the GIF. Pixels less than half opaque become transparent.

    A few frames are in memory at a time. A delay below 0.02 s becomes that.
    """
    waits = delays(replace(animation, delay=max(animation.delay, SHORTEST)), 0.01)
    if max(waits) > LARGEST:
        raise UsageError(f"a delay of {animation.delay:g} s: GIF ends at 655 s; use a shorter one")
    if isinstance(animation, PaletteAnimation):
        _write_palettes(animation, waits, file, metadata)
    else:
        _Frames(animation, waits, file, metadata).write()
    file.write(b"\x3b")


def delays(animation: Animation, unit: float) -> list[int]:
    """Give each frame's delay in whole units of `unit` seconds, such that no frame starts half a unit off its time."""
    starts = [int(i * animation.delay / unit + 0.5) for i in range(animation.count + 1)]
    return [end - start for start, end in pairwise(starts)]


def check_sizes(animation: Animation, format_name: str, largest: int) -> Iterator[Image]:
    """Give the frames in order; a UsageError when one is too large for the format or not of the first one's size."""
    size = None
    for i, frame in enumerate(animation):
        if size is None:
            size = (frame.width, frame.height)
            check_size(*size, format_name, largest)
        check_same(frame, i, size)
        yield frame


def check_size(width: int, height: int, format_name: str, largest: int) -> None:
    """Raise a UsageError for frames that are too large for the format."""
    if max(width, height) > largest:
        shown = f"{width} x {height} pixels"
        raise UsageError(f"{shown}: {format_name} ends at {largest} to a side; make it smaller")


def check_same(frame: Image, number: int, size: tuple[int, int]) -> None:
    """Raise a UsageError for a frame that is not of the first one's size."""
    if size != (frame.width, frame.height):
        raise UsageError(
            f"frame {number + 1} is {frame.width} x {frame.height} pixels, the first is {size[0]} x {size[1]}; "
            "all frames of an animation are of one size"
        )


def _write_palettes(animation: PaletteAnimation, waits: list[int], file: BinaryIO, metadata: Mapping[str, str]) -> None:
    height, width = animation.base.index.shape
    check_size(width, height, "GIF", LARGEST)
    one = one_index(animation)
    count = one.count + (one.clear is not None)
    data, taken = lzw.encode(one.indices, count, *_slack(one.slack))
    shares = None if one.slack is None or one.cell_table is None else _Shares.of(one.slack, taken)
    _header(file, width, height, animation.loop, metadata)
    for i, wait in enumerate(waits):
        if shares is not None and one.cell_table is not None:
            table = shares.table(one.cell_table(i), one.count)
        else:
            table = one.table(i)
        file.write(_control(wait, 1, one.clear) + _place(0, 0, width, height, table, count) + data)


def _slack(slack: Slack | None) -> tuple[list[list[int]] | None, NDArray[np.uint16] | None]:
    return (None, None) if slack is None else (slack.near, slack.cells)


class _Shares(NamedTuple):
    """How many pixels of which cells have which index."""

    cells: NDArray[np.intp]
    indices: NDArray[np.intp]
    pixels: NDArray[np.intp]

    @classmethod
    def of(cls, slack: Slack, taken: Indices) -> _Shares:
        kinds = len(slack.near) - 1  # the last is that of what is transparent
        pairs = slack.cells.reshape(-1).astype(np.intp) * 256 + taken.reshape(-1)
        found = np.bincount(pairs, minlength=kinds * 256)[: kinds * 256]
        there = np.flatnonzero(found)
        return cls(there >> 8, there & 255, found[there])

    def table(self, cells: NDArray[np.float64], count: int) -> Colors:
        """Give each of `count` colors the mean of the pixels that have it now, of the cells' means (C, 3)."""
        return np.rint(means_by_label(self.indices, cells[self.cells], count, self.pixels)).astype(np.uint8)


def _header(
    file: BinaryIO, width: int, height: int, loop: int, metadata: Mapping[str, str], table: Colors | None = None
) -> None:
    bits = 0 if table is None else _bits(len(table))
    flags = 0x70 if table is None else 0x70 | 0x80 | bits - 1
    file.write(b"GIF89a" + struct.pack("<HHBBB", width, height, flags, 0, 0))
    file.write(b"" if table is None else _colors(table, bits))
    file.write(_loop(loop))
    file.write(_comment(as_text(metadata)))


def _loop(loop: int) -> bytes:
    """Give Netscape's extension. Its number counts the repeats after the first playing; without it there is one."""
    if loop == 1:
        return b""
    return b"\x21\xff\x0bNETSCAPE2.0\x03\x01" + struct.pack("<H", min(max(loop - 1, 0), 65_535)) + b"\0"


def _comment(text: str) -> bytes:
    data = text.encode()
    if not data:
        return b""
    parts = (data[at : at + 255] for at in range(0, len(data), 255))
    return b"\x21\xfe" + b"".join(bytes([len(part)]) + part for part in parts) + b"\0"


def _control(wait: int, disposal: int, clear: int | None) -> bytes:
    """Give a frame's delay, what becomes of it (1: it stays, 2: it is taken away), and what is transparent in it."""
    return struct.pack("<BBBBHBB", 0x21, 0xF9, 4, disposal << 2 | (clear is not None), wait, clear or 0, 0)


def _place(left: int, top: int, width: int, height: int, table: Colors | None = None, count: int = 0) -> bytes:
    """Give a frame's place and, where it has a table of its own, the table, with room for `count` indices."""
    place = struct.pack("<BHHHH", 0x2C, left, top, width, height)
    if table is None:
        return place + b"\0"
    bits = _bits(max(count, len(table)))
    return place + bytes([0x80 | bits - 1]) + _colors(table, bits)


def _bits(count: int) -> int:
    return max((count - 1).bit_length(), 1)


def _colors(table: Colors, bits: int) -> bytes:
    return table.tobytes().ljust(3 << bits, b"\0")


_NOTHING = lzw.encode(np.zeros((1, 1), np.uint8), 2)[0]
"""A pixel, of index 0: a frame that changes nothing where that is transparent."""


class _Written(NamedTuple):
    """Where in the file a frame's block stands, and what its control block says."""

    start: int
    length: int
    disposal: int
    clear: int | None


class _Frames:
    """Writes an animation frame by frame, and knows what is on the screen."""

    def __init__(self, animation: Animation, waits: list[int], file: BinaryIO, metadata: Mapping[str, str]) -> None:
        self.animation, self.waits, self.file, self.metadata = animation, waits, file, metadata
        self.indexing = animation.indexing
        self.start = file.tell()
        self.palette: Palette | None = None
        self.size = 0, 0

    def write(self) -> None:
        """Write all frames: as if none had holes, until one turns up that has, and then anew."""
        try:
            self._write(masked=False)
        except HoleFound:
            self.file.seek(self.start)
            self.file.truncate()
            self._write(masked=True)

    def _write(self, masked: bool) -> None:
        # One index is kept for what is transparent, but not where all colors there are would do without.
        self.most = self.indexing.colors - 1, self.indexing.colors - masked
        self.shown: Colors | None = None  # (H, W, 3) what is on the screen, None where it is bare or not known
        self.before: Colors | None = None  # (H, W, 3) what should be there
        written: dict[object, _Written] = {}
        before: object = None
        for i, wait in enumerate(self.waits):
            key = self.animation.key(i) if self.animation.key else None
            if key is not None and i and not masked and key == before:
                self._append(wait, 1, 0, _place(0, 0, 1, 1, np.zeros((2, 3), np.uint8)) + _NOTHING)
                continue
            before = key
            if key is not None and key in written:
                self._repeat(wait, written[key])
                continue
            frame = self._checked(i)
            if frame.alpha is not None and not masked:
                raise HoleFound
            if i == 0:
                self.palette = self._shared(frame)
                table = self.palette.table if self.palette else None
                _header(self.file, *self.size, self.animation.loop, self.metadata, table)
            whole = self._put(frame, wait, masked)
            if whole is not None and key is not None:
                written[key] = whole

    def _repeat(self, wait: int, frame: _Written) -> None:
        """Write once more what stands in the file already."""
        self.file.seek(frame.start)
        block = self.file.read(frame.length)
        self.file.seek(0, 2)
        self.file.write(_control(wait, frame.disposal, frame.clear) + block)
        self.shown = None

    def _checked(self, i: int) -> Image:
        frame = self.animation.frame(i)
        if i == 0:
            self.size = frame.width, frame.height
            check_size(*self.size, "GIF", LARGEST)
        check_same(frame, i, self.size)
        return frame

    def _shared(self, first: Image) -> Palette | None:
        """Give the palette of all frames, None where each has its own: by as many of them as it takes to know."""
        if self.indexing.palette == "each":
            return None
        pictures: list[IndexedColors] = []
        weights: list[NDArray[np.int64]] = []
        for i in sorted({0, *samples(self.animation.count)}):
            frame = first if i == 0 else self._checked(i)
            pictures.append(IndexedColors.of(frame.pixels))
            weights.append(pictures[-1].counts(frame.is_opaque))
            if self.indexing.palette == "auto":
                palette = Palette.of(pictures, weights, *self.most)
                if not palette.exact:
                    return None
        return Palette.of(pictures, weights, *self.most)

    def _put(self, frame: Image, wait: int, masked: bool) -> _Written | None:
        """Write a frame, whole or what differs; give the place in the file of what can be written again as it is."""
        solid = frame.is_opaque
        picture = IndexedColors.of(frame.pixels)
        weights = picture.counts(solid)
        palette = self.palette
        if palette is None or (self.indexing.palette == "auto" and not palette.holds(picture, weights)):
            palette = Palette.of([picture], [weights], *self.most)
        indices, slack, allowed = palette.index(picture, weights, self.indexing)
        clear, table = palette.clear, None if palette is self.palette else palette.table
        if masked:
            if solid is not None and clear is not None:
                indices = np.where(solid, indices, np.uint8(clear))
            if slack is not None and solid is not None:
                slack.cells[~solid] = len(slack.near) - 1
            block, _ = self._block(indices, slack, palette, table, (0, 0))
            return self._append(wait, 2, clear, block)
        box, stays = self._changes(frame, palette, indices, allowed)
        cut = indices[box]
        share = 0.0 if stays is None else float(stays.mean())
        place = box[1].start, box[0].start
        holed = clear is not None and share >= _ALIKE
        if stays is not None and clear is not None and holed:
            cut = np.where(stays, np.uint8(clear), cut)
        if slack is not None:
            cells = slack.cells[box]
            if stays is not None and holed:
                cells = np.where(stays, np.uint16(len(slack.near) - 1), cells)
            slack = slack._replace(cells=cells)
        block, taken = self._block(cut, slack, palette, table, place)
        colors = palette.table[taken]
        if self.shown is None or (not holed and cut.shape == indices.shape):
            self.shown = colors
        else:
            np.copyto(self.shown[box], colors, where=(taken != clear)[..., None] if holed else True)
        self.before = frame.pixels
        whole = self._append(wait, 1, clear if holed else None, block)
        return None if holed or cut.shape != indices.shape else whole

    def _changes(
        self, frame: Image, palette: Palette, indices: Indices, allowed: float
    ) -> tuple[tuple[slice, slice], NDArray[np.bool_] | None]:
        """Give the part of the frame that changes, and which of its pixels stay: those no worse as they are shown."""
        everything = slice(0, self.size[1]), slice(0, self.size[0])
        if self.shown is None:
            return everything, None
        assert self.before is not None
        stays = _off(self.shown, frame.pixels) <= _off(palette.colors[indices], frame.pixels) + int(3 * allowed)
        # What has not changed stays as it is, though this frame's palette may have a slightly better color for it.
        stays |= _off(self.before, frame.pixels) == 0
        rows, columns = np.flatnonzero(~stays.all(axis=1)), np.flatnonzero(~stays.all(axis=0))
        if not len(rows):
            return (slice(0, 1), slice(0, 1)), stays[:1, :1]
        box = slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)
        return box, stays[box]

    def _block(
        self, indices: Indices, slack: Slack | None, palette: Palette, table: Colors | None, place: tuple[int, int]
    ) -> tuple[bytes, Indices]:
        """Give a frame's descriptor, table and data, and the indices that the data hold."""
        count = len(palette.table)
        data, taken = lzw.encode(indices, count, *_slack(slack))
        height, width = indices.shape
        return _place(*place, width, height, table, count) + data, taken

    def _append(self, wait: int, disposal: int, clear: int | None, block: bytes) -> _Written:
        self.file.write(_control(wait, disposal, clear))
        start = self.file.tell()
        self.file.write(block)
        return _Written(start, len(block), disposal, clear)


class HoleFound(Exception):
    """A frame turned out to have a mask while the file was written as if none had."""


def _off(one: Colors, other: Colors) -> NDArray[np.int32]:
    """(H, W) square of the distance of two pictures, in levels."""
    import cv2

    gap = cv2.absdiff(one, other).astype(np.int32)
    result: NDArray[np.int32] = np.einsum("hwc,hwc->hw", gap, gap)
    return result
