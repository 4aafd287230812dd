"""An animation's frames on a reel: made once, kept on the disk, and shown as often as a writer asks for them.

Writers that hold what changes have to know all frames before they write the first: how many colors there are, whether
anything is transparent. A frame is kept as what differs from the one before, lightly compressed.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from tempfile import TemporaryFile
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from artkit.artwork.animation import Animation
from artkit.artwork.image import Image
from artkit.export.frames import check_same, check_size

Codes = NDArray[np.uint32]
"""(H, W) pixels as red + 256 green + 65,536 blue + 2**24 alpha."""

Box = tuple[slice, slice]
"""Rows and columns of a part of a picture."""

ALPHA = np.uint32(1 << 24)
"""Codes below are wholly transparent."""

OPAQUE = np.uint32(255 << 24)
"""Codes from here on are wholly opaque."""


class Reel:
    """All frames of an animation, as `Codes`, in order; to be used in a `with` statement, which removes them."""

    def __init__(self, animation: Animation, format_name: str, largest: int, kept: bool = True) -> None:
        """Make the frames. `kept` tells whether the colors of what is wholly transparent count."""
        self.count = animation.count
        self.masked = False
        self.size = 0, 0
        self._starts: list[int] = []
        self._file = TemporaryFile()  # noqa: SIM115 - closed by __exit__
        try:
            self._fill(animation, format_name, largest, kept)
        except BaseException:
            self._file.close()
            raise

    def _fill(self, animation: Animation, format_name: str, largest: int, kept: bool) -> None:
        before: Codes | None = None
        for codes in frames_of(animation, format_name, largest, kept):
            self.masked |= bool((codes < OPAQUE).any())
            self._put(codes if before is None else codes ^ before)
            before = codes
        assert before is not None
        self.size = before.shape[1], before.shape[0]

    def _put(self, codes: Codes) -> None:
        data = zlib.compress(codes.tobytes(), 1)
        self._starts.append(len(data))
        self._file.write(data)

    def __iter__(self) -> Iterator[Codes]:
        """Give the frames, each an array of its own that must not be changed."""
        width, height = self.size
        shown = np.zeros((height, width), np.uint32)
        at = 0
        for length in self._starts:
            self._file.seek(at)
            at += length
            stored = np.frombuffer(zlib.decompress(self._file.read(length)), np.uint32).reshape(height, width)
            shown = shown ^ stored
            yield shown

    def __enter__(self) -> Reel:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()


def frames_of(animation: Animation, format_name: str, largest: int, kept: bool = True) -> Iterator[Codes]:
    """Give the frames in order, those that are equal by their keys made once; a UsageError says what is wrong with one.

    Unless `kept`, what is wholly transparent is black: for formats that do not keep its colors.
    """
    codes: Codes | None = None
    last: object = None
    size = 0, 0
    for i in range(animation.count):
        key = animation.key(i) if animation.key else None
        if codes is None or key is None or key != last:
            frame = animation.frame(i)
            if i == 0:
                size = frame.width, frame.height
                check_size(*size, format_name, largest)
            check_same(frame, i, size)
            codes = codes_of(frame)
            if not kept and frame.alpha is not None:
                codes[frame.alpha == 0] = 0
        last = key
        yield codes


def codes_of(frame: Image) -> Codes:
    """Give a picture's pixels as codes."""
    import cv2

    words = np.asarray(cv2.cvtColor(np.ascontiguousarray(frame.pixels), cv2.COLOR_RGB2RGBA), np.uint8)
    if frame.alpha is not None:
        words[..., 3] = frame.alpha
    return words.view("<u4")[..., 0]


def bytes_of(codes: Codes) -> NDArray[np.uint8]:
    """Give codes as (H, W, 4) levels."""
    return np.ascontiguousarray(codes).astype("<u4", copy=False).view(np.uint8).reshape(*codes.shape, 4)


def box_of(changed: NDArray[np.bool_], step: int = 1) -> Box:
    """Give the smallest part that holds what changed, begun at multiples of `step`; one pixel where nothing did."""
    rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
    if not len(rows):
        return slice(0, 1), slice(0, 1)
    top, left = int(rows[0]) // step * step, int(columns[0]) // step * step
    return slice(top, int(rows[-1]) + 1), slice(left, int(columns[-1]) + 1)
