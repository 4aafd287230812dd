"""A picture by its distinct colors, and color functions that run once for each of them, not once per pixel."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Pixels

_COLORS = 1 << 24
"""Colors that 8 bits a channel can tell apart."""

_BLOCK = 1 << 18
"""Pixels worked on at a time, so that 64-bit indices of a whole photo are never in memory at once."""

_LARGE = 1 << 21
"""Pixels from which on a table of all colors there could be is faster than one of those that occur."""

_FEW = 1 << 15
"""Colors that a color function works on at a time: what it computes on the way stays in the processor's cache."""


@dataclass(frozen=True, eq=False)
class IndexedColors:
    """A picture by its distinct colors: `colors` (N, 3) uint8 in a fixed order and `index` (H, W) int32 into them."""

    colors: NDArray[np.uint8]
    index: NDArray[np.int32]

    @classmethod
    def of(cls, pixels: Pixels) -> IndexedColors:
        """Index a picture."""
        slots, occupied, colors = _slotted(pixels)
        rank = np.empty(int(occupied[-1]) + 1 if len(occupied) else 0, np.int32)
        rank[occupied] = np.arange(len(occupied), dtype=np.int32)
        index = slots.view(np.int32)  # in place: the slots are not needed again
        for block in _blocks(slots):
            index.reshape(-1)[block] = rank.take(slots.reshape(-1)[block].astype(np.intp))
        return cls(colors, index)

    def painted(self, colors: NDArray[np.uint8]) -> Pixels:
        """Give the picture with other colors, (N, 3)."""
        return _gathered(self.index, _packed(colors))

    def recolored(self, change: Callable[[NDArray[np.uint8]], NDArray[np.uint8]]) -> Pixels:
        """Give the picture with a color function applied to it; see the function of that name."""
        words = np.empty(len(self.colors), "<u4")
        for block in _blocks(words, _FEW):
            words[block] = _packed(change(self.colors[block]))
        return _gathered(self.index, words)

    def counts(self, where: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
        """(N,) pixels of each color, those of an (H, W) mask alone where one is given."""
        index = (self.index if where is None else self.index[where]).reshape(-1)
        total = np.zeros(len(self.colors), np.int64)
        for block in _blocks(index):  # bincount wants 64-bit numbers
            np.add.at(total, index[block], 1)
        return total


def recolored(pixels: Pixels, change: Callable[[NDArray[np.uint8]], NDArray[np.uint8]]) -> Pixels:
    """Apply a color function to a picture: exactly, and once per distinct color.

    `change` takes and gives (N, 3) uint8; it is called with blocks of colors, and must treat each color alone.
    """
    if pixels.size <= 6 * _FEW:  # finding the distinct ones of few colors takes longer than what it saves
        flat = pixels.reshape(-1, 3)
        changed = np.empty_like(flat)
        for block in (slice(start, start + _FEW) for start in range(0, len(flat), _FEW)):
            changed[block] = change(flat[block])
        return changed.reshape(pixels.shape)
    slots, occupied, colors = _slotted(pixels)
    table = np.empty(int(occupied[-1]) + 1 if len(occupied) else 0, "<u4")
    for block in _blocks(occupied, _FEW):
        table[occupied[block]] = _packed(change(colors[block]))
    return _gathered(slots, table)


def _slotted(pixels: Pixels) -> tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint8]]:
    """Give each pixel a place in a table, (H, W), the places that are taken, in order, and their colors (N, 3).

    The table has 256 places, one for each red, for each pair of a green and a blue that occurs. One of all 16.7 million
    colors takes three times as long: its memory is fresh for each picture. For large pictures it is the faster one.
    """
    slots = _codes(pixels)
    flat = slots.reshape(-1)
    pairs = np.arange(_COLORS >> 8, dtype=np.uint32)
    if large := flat.size > _LARGE:
        taken = np.zeros(_COLORS, np.bool_)
    else:
        pairs, start = _pairs(flat)
        taken = np.zeros(len(pairs) << 8, np.bool_)
    for block in _blocks(flat):
        if not large:
            flat[block] = start.take((flat[block] >> 8).astype(np.intp)) | flat[block] & 255
        taken[flat[block].astype(np.intp)] = True
    occupied = np.flatnonzero(taken).astype(np.uint32)
    return slots, occupied, _unpacked(occupied if large else pairs[occupied >> 8] << 8 | occupied & 255)


def _pairs(codes: NDArray[np.uint32]) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Give the pairs of green and blue of (N,) codes, in order, and where the reds of each one there could be start."""
    seen = np.zeros(_COLORS >> 8, np.bool_)
    for block in _blocks(codes):
        seen[(codes[block] >> 8).astype(np.intp)] = True
    pairs = np.flatnonzero(seen).astype(np.uint32)
    start = np.zeros(_COLORS >> 8, np.uint32)
    start[pairs] = np.arange(len(pairs), dtype=np.uint32) << 8
    return pairs, start


def _codes(pixels: Pixels) -> NDArray[np.uint32]:
    """(H, W) red + 256 green + 65536 blue."""
    import cv2

    words = np.asarray(cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2RGBA), np.uint8)
    codes: NDArray[np.uint32] = words.view("<u4")[..., 0]
    codes &= _COLORS - 1
    return codes


def _unpacked(codes: NDArray[np.uint32]) -> NDArray[np.uint8]:
    return np.ascontiguousarray(codes.astype("<u4").view(np.uint8).reshape(-1, 4)[:, :3])


def _packed(colors: NDArray[np.uint8]) -> NDArray[Any]:
    """Pack (N, 3) colors into (N,) words, the inverse of `_unpacked`."""
    words = np.zeros((len(colors), 4), np.uint8)
    words[:, :3] = colors
    return words.view("<u4").reshape(-1)


def _gathered(index: NDArray[Any], words: NDArray[Any]) -> Pixels:
    """Look up `words[index]`, (H, W), and give the colors, (H, W, 3)."""
    import cv2

    pixels = np.empty((1, index.size, 3), np.uint8)
    for block in _blocks(index):
        # Not `words[index]`: take with 64-bit indices, and OpenCV to drop the fourth byte, are five times faster.
        found = np.take(words, index.reshape(-1)[block].astype(np.intp), mode="clip")
        cv2.cvtColor(found.view(np.uint8).reshape(1, -1, 4), cv2.COLOR_RGBA2RGB, dst=pixels[:, block])
    return pixels.reshape(*index.shape, 3)


def _blocks(array: NDArray[Any], size: int = _BLOCK) -> Iterator[slice]:
    return (slice(start, start + size) for start in range(0, array.size, size))
