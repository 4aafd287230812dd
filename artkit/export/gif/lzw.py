"""LZW as GIF has it (GIF89a specification, appendix F): exact, or with pixels changed so that longer runs are found.

Pixels are read once, in Python, one dictionary look-up each; codes become bytes with whole arrays. Two things make the
data smaller than usual encoders do. A full table is kept for some time before it is cleared, as the specification
allows, because new phrases are dear to learn. And with a tolerance, where the phrase so far and the pixel are not in
the table, but the phrase and a color near the pixel's are, that color is taken.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import offsets_of, starts_of

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
        codes, lives = _exact(pixels, bits)
        taken = indices
    else:
        kinds = pixels if cells is None else np.ascontiguousarray(cells).reshape(-1).data
        codes, lives, changed = _lossy(pixels, kinds, bits, near)
        taken = np.frombuffer(changed, np.uint8).reshape(indices.shape)
    return bytes([bits]) + _blocks(_packed(codes, lives, bits)), taken


def _exact(pixels: bytes, bits: int) -> tuple[array[int], list[int]]:
    """Give the codes, without clears, and how many of them each table lived."""
    table: dict[int, int] = {}
    first = (1 << bits) + 2
    codes = array("H")
    emit = codes.append
    lives: list[int] = []
    fresh, begun, full = first, 0, _FULL - first + _KEPT
    phrase = pixels[0]
    for pixel in pixels[1:]:
        key = phrase << 8 | pixel
        if key in table:
            phrase = table[key]
            continue
        emit(phrase)
        phrase = pixel
        if fresh < _FULL:
            table[key] = fresh
            fresh += 1
        elif len(codes) - begun >= full:
            lives.append(len(codes) - begun)
            begun, fresh = len(codes), first
            table.clear()
    emit(phrase)
    lives.append(len(codes) - begun)
    return codes, lives


def _lossy(
    pixels: bytes, cells: Iterable[int], bits: int, near: Sequence[Sequence[int]]
) -> tuple[array[int], list[int], bytearray]:
    """Do as `_exact`, but go on with a near color where the pixel's own does not; give the colors taken as well."""
    table: dict[int, int] = {}
    first = (1 << bits) + 2
    codes = array("H")
    emit = codes.append
    taken = bytearray(pixels[:1])
    take = taken.append
    lives: list[int] = []
    fresh, begun, full = first, 0, _FULL - first + _KEPT
    phrase = pixels[0]
    stream = zip(pixels, cells, strict=True)
    next(stream)
    for pixel, cell in stream:
        start = phrase << 8
        key = start | pixel
        if key in table:
            phrase = table[key]
            take(pixel)
            continue
        for other in near[cell]:
            longer = start | other
            if longer in table:
                phrase = table[longer]
                take(other)
                break
        else:
            emit(phrase)
            phrase = pixel
            take(pixel)
            if fresh < _FULL:
                table[key] = fresh
                fresh += 1
            elif len(codes) - begun >= full:
                lives.append(len(codes) - begun)
                begun, fresh = len(codes), first
                table.clear()
    emit(phrase)
    lives.append(len(codes) - begun)
    return codes, lives, taken


def _packed(codes: array[int], lives: list[int], bits: int) -> bytes:
    """Write codes with a clear before each table's life and an end, least bit first."""
    clear = 1 << bits
    numbers = np.frombuffer(codes, np.uint16)
    starts = starts_of(np.array(lives))
    numbers = np.append(np.insert(numbers, starts, clear), np.uint16(clear + 1))
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
    offsets = offsets_of(widths)
    stream = np.zeros(int(offsets[-1]), np.uint8)
    for bit in range(12):
        wide = widths > bit
        stream[offsets[:-1][wide] + bit] = numbers[wide] >> bit & 1
    return np.packbits(stream, bitorder="little").tobytes()


def _blocks(data: bytes) -> bytes:
    """Cut data into sub-blocks of up to 255 bytes, each after its length, and end them."""
    whole = len(data) // 255
    rows = np.empty((whole, 256), np.uint8)
    rows[:, 0] = 255
    rows[:, 1:] = np.frombuffer(data, np.uint8, whole * 255).reshape(whole, 255)
    rest = data[whole * 255 :]
    return rows.tobytes() + (bytes([len(rest)]) + rest if rest else b"") + b"\0"
