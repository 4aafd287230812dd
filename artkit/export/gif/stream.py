"""Animations as GIF frame by frame: of one that resembles the frame before, only what differs is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from artkit.artwork.animation import Animation, Colors
from artkit.artwork.image import Image
from artkit.color.distinct import IndexedColors
from artkit.export.frames import HoleFound, check_same, check_size
from artkit.export.gif import lzw
from artkit.export.gif.blocks import LARGEST, control, header, place
from artkit.export.gif.dither import Indices, is_mixed
from artkit.export.gif.palette import NOTHING, Indexed, Palette, Slack, exchangeable, painted, samples, squares

_ALIKE = 0.55
"""Share of pixels that stay, of those in the part that changes: above, what stays is left out. On blurs and photos
that move the whole part compresses better up to a half, and what is left of it from six tenths on."""


class _Written(NamedTuple):
    """Where in the file a frame's block stands, and what its control block says."""

    start: int
    length: int
    disposal: int
    clear: int | None


class Frames:
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
                self._append(wait, 1, 0, NOTHING)
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
                header(self.file, *self.size, self.animation.loop, self.metadata, table)
            whole = self._put(frame, wait, masked)
            if whole is not None and key is not None:
                written[key] = whole

    def _repeat(self, wait: int, frame: _Written) -> None:
        """Write once more what stands in the file already."""
        self.file.seek(frame.start)
        block = self.file.read(frame.length)
        self.file.seek(0, 2)
        self.file.write(control(wait, frame.disposal, frame.clear) + block)
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
        where = None if palette.exact else is_mixed(frame.pixels, self.indexing.dither)
        indexed = palette.index(picture, weights, self.indexing, where)
        indices, slack = indexed.indices, indexed.slack
        clear, table = palette.clear, None if palette is self.palette else palette.table
        if masked:
            if solid is not None and clear is not None:
                indices = np.where(solid, indices, np.uint8(clear))
            if slack is not None and solid is not None:
                slack.cells[~solid] = len(slack.near) - 1
            block, _ = self._block(indices, slack, palette, table, (0, 0))
            return self._append(wait, 2, clear, block)
        box, stays = self._changes(frame, palette, indexed)
        cut = indices[box]
        share = 0.0 if stays is None else float(stays.mean())
        corner = box[1].start, box[0].start
        holed = clear is not None and share >= _ALIKE
        if stays is not None and clear is not None and holed:
            cut = np.where(stays, np.uint8(clear), cut)
        if slack is not None:
            cells = slack.cells[box]
            if stays is not None and holed:
                cells = np.where(stays, np.uint16(len(slack.near) - 1), cells)
            slack = slack._replace(cells=cells)
        block, taken = self._block(cut, slack, palette, table, corner)
        colors = painted(palette.table, taken)
        if self.shown is None or (not holed and cut.shape == indices.shape):
            self.shown = colors
        else:
            np.copyto(self.shown[box], colors, where=(taken != clear)[..., None] if holed else True)
        self.before = frame.pixels
        whole = self._append(wait, 1, clear if holed else None, block)
        return None if holed or cut.shape != indices.shape else whole

    def _changes(
        self, frame: Image, palette: Palette, indexed: Indexed
    ) -> tuple[tuple[slice, slice], NDArray[np.bool_] | None]:
        """Give the part of the frame that changes, and which of its pixels stay: those no worse as they are shown."""
        everything = slice(0, self.size[1]), slice(0, self.size[0])
        if self.shown is None:
            return everything, None
        assert self.before is not None
        own = squares(painted(palette.colors, indexed.indices), frame.pixels)
        stays = squares(self.shown, frame.pixels) <= own + int(3 * indexed.allowed)
        if indexed.mixed is not None:  # there the color that shows is nearer, and yet not the one that is wanted
            stays &= ~indexed.mixed
        # What has not changed stays as it is, though this frame's palette may have a slightly better color for it.
        stays |= squares(self.before, frame.pixels) == 0
        rows, columns = np.flatnonzero(~stays.all(axis=1)), np.flatnonzero(~stays.all(axis=0))
        if not len(rows):
            return (slice(0, 1), slice(0, 1)), stays[:1, :1]
        box = slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)
        return box, stays[box]

    def _block(
        self, indices: Indices, slack: Slack | None, palette: Palette, table: Colors | None, corner: tuple[int, int]
    ) -> tuple[bytes, Indices]:
        """Give a frame's descriptor, table and data, and the indices that the data hold."""
        count = len(palette.table)
        data, taken = lzw.encode(indices, count, *exchangeable(slack))
        height, width = indices.shape
        return place(*corner, width, height, table, count) + data, taken

    def _append(self, wait: int, disposal: int, clear: int | None, block: bytes) -> _Written:
        self.file.write(control(wait, disposal, clear))
        start = self.file.tell()
        self.file.write(block)
        return _Written(start, len(block), disposal, clear)
