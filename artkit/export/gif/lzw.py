"""LZW as GIF has it (GIF89a specification, appendix F): exact, or with pixels changed so that longer runs are found.

Pixels are read once, in Python, one dictionary look-up each; codes become bytes with whole arrays. Two things make the
data smaller than usual encoders do. A full table is kept for some time before it is cleared, as the specification
allows, because new phrases are dear to learn. And with a tolerance, where the phrase so far and the pixel are not in
the table, but the phrase and a color near the pixel's are, that color is taken.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import starts_of

_FULL = 4096
"""Entries of a table: codes have up to 12 bits."""

_KEPT = 2000
"""Codes that are written with a full table before it is cleared; on photos 1000 to 4000 are within a percent."""


def encode(
    indices: NDArray[np.uint8],
    colors: int = 256,
    near: Sequence[Sequence[int]] | None = None,
    cells: NDArray[np.uint16] | None = None,
) -> tuple[bytes, NDArray[np.uint8]]:
    """Give the image data, code size and sub-blocks with their end, and the indices that they hold.

    `indices` (H, W) are below `colors`. `near[c]` are the colors that may stand for a pixel of cell c, the best first;
    `cells` (H, W) are the indices themselves where they are not given. Without `near` the indices are kept.
    """
    bits = max((colors - 1).bit_length(), 2)
    pixels = np.ascontiguousarray(indices).tobytes()
    if near is None or not any(near):
        phrases, lives = _exact(pixels, bits)
        taken = indices
    else:
        kinds = pixels if cells is None else array("H", np.ascontiguousarray(cells).tobytes())
        phrases, lives, changed = _lossy(pixels, kinds, bits, near)
        taken = np.frombuffer(changed, np.uint8).reshape(indices.shape)
    return bytes([bits]) + _blocks(_packed(phrases, lives, bits)), taken


def _exact(pixels: bytes, bits: int) -> tuple[array[int], list[int]]:
    """Give the codes, without clears, and how many of them each table lived.

    A phrase is 256 times its code, so that with a pixel added it is the key of the phrase that is longer by that.
    """
    table: dict[int, int] = {}
    look = table.get
    first = (1 << bits) + 2
    phrases = array("I")
    emit = phrases.append
    lives: list[int] = []
    fresh, end, begun, full = first << 8, _FULL << 8, 0, _FULL - first + _KEPT
    phrase = pixels[0] << 8
    for pixel in pixels[1:]:
        if longer := look(key := phrase + pixel):
            phrase = longer
            continue
        emit(phrase)
        phrase = pixel << 8
        if fresh < end:
            table[key] = fresh
            fresh += 256
        elif len(phrases) - begun >= full:
            lives.append(len(phrases) - begun)
            begun, fresh = len(phrases), first << 8
            table.clear()
    emit(phrase)
    lives.append(len(phrases) - begun)
    return phrases, lives


def _lossy(
    pixels: bytes, cells: Sequence[int], bits: int, near: Sequence[Sequence[int]]
) -> tuple[array[int], list[int], bytearray]:
    """Do as `_exact`, but go on with a near color where the pixel's own does not; give the colors taken as well."""
    table: dict[int, int] = {}
    look = table.get
    first = (1 << bits) + 2
    phrases = array("I")
    emit = phrases.append
    taken = bytearray(pixels)
    lives: list[int] = []
    fresh, end, begun, full = first << 8, _FULL << 8, 0, _FULL - first + _KEPT
    phrase = pixels[0] << 8
    for i, pixel in enumerate(pixels[1:], 1):
        if longer := look(key := phrase + pixel):
            phrase = longer
            continue
        for other in near[cells[i]]:
            if longer := look(phrase + other):
                phrase = longer
                taken[i] = other
                break
        else:
            emit(phrase)
            phrase = pixel << 8
            if fresh < end:
                table[key] = fresh
                fresh += 256
            elif len(phrases) - begun >= full:
                lives.append(len(phrases) - begun)
                begun, fresh = len(phrases), first << 8
                table.clear()
    emit(phrase)
    lives.append(len(phrases) - begun)
    return phrases, lives, taken


def _packed(phrases: array[int], lives: list[int], bits: int) -> bytes:
    """Write codes with a clear before each table's life and an end, least bit first."""
    clear = 1 << bits
    numbers = (np.frombuffer(phrases, np.uint32) >> 8).astype("<u2")
    starts = starts_of(np.array(lives))
    numbers = np.append(np.insert(numbers, starts, clear), np.array(clear + 1, "<u2"))
    widths = np.empty(len(numbers), np.int64)
    at = 0
    width = bits + 1  # of the clear that comes first
    for life in lives:
        widths[at] = width
        # A reader knows first + i - 1 entries when it comes to code i, and reads as many bits as that takes.
        known = np.minimum(clear + 1 + np.arange(life + 1), _FULL - 1)
        after = np.maximum(np.frexp(known)[1], bits + 1)
        widths[at + 1 : at + 1 + life] = after[:-1]
        at, width = at + 1 + life, int(after[-1])
    widths[at] = width
    bits_of = np.unpackbits(numbers.view(np.uint8).reshape(-1, 2), axis=1, bitorder="little")[:, :12]
    return np.packbits(bits_of[np.arange(12) < widths[:, None]], bitorder="little").tobytes()


def _blocks(data: bytes) -> bytes:
    """Cut data into sub-blocks of up to 255 bytes, each after its length, and end them."""
    whole = len(data) // 255
    rows = np.empty((whole, 256), np.uint8)
    rows[:, 0] = 255
    rows[:, 1:] = np.frombuffer(data, np.uint8, whole * 255).reshape(whole, 255)
    rest = data[whole * 255 :]
    return rows.tobytes() + (bytes([len(rest)]) + rest if rest else b"") + b"\0"
