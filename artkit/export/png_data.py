"""The pixels of PNGs: rows of samples filtered and compressed (PNG specification, third edition, 9 and 10)."""

from __future__ import annotations

import zlib
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Ints

Rows = NDArray[np.uint8]
"""(H, B) samples as bytes."""

_BAND = 64
"""Rows filtered at a time."""

_ALIKE = (1, 2, 4)
"""Filters that are tried for all rows: sub, up and Paeth."""

_QUICK = 2
"""Zlib's level by which ways to code are compared."""


_THOROUGH = 1 << 19
"""Bytes up to which zlib searches as far as it can; beyond, the last few per cent take three times as long."""


class Coded(NamedTuple):
    """Filtered rows, zlib's strategy for them, and how many bytes they take when they are compressed quickly."""

    rows: bytes
    strategy: int
    length: int

    @classmethod
    def of(cls, rows: bytes, strategy: int) -> Coded:
        """Try what the rows take."""
        return cls(rows, strategy, len(_deflate(rows, _QUICK, strategy)))

    def deflated(self) -> bytes:
        """Give the data of a frame, as small as zlib makes them."""
        return _deflate(self.rows, 9 if len(self.rows) <= _THOROUGH else 7, self.strategy)


def coded(rows: Rows, pixel: int) -> Coded:
    """Give the rows as they are, each by the filter that suits it, or all by one, whichever takes fewest bytes.

    `pixel` is how many bytes a pixel has. Lines and flat colors are best left as they are; filters win on photos, and
    one for all rows where these are alike.
    """
    plain = np.zeros((rows.shape[0], rows.shape[1] + 1), np.uint8)
    plain[:, 1:] = rows
    one = Coded.of(plain.tobytes(), zlib.Z_DEFAULT_STRATEGY)
    other = Coded.of(filtered(rows, pixel).tobytes(), zlib.Z_FILTERED)
    if one.length <= other.length:
        return one
    alike = [Coded.of(filtered(rows, pixel, number).tobytes(), zlib.Z_DEFAULT_STRATEGY) for number in _ALIKE]
    return min(other, *alike, key=lambda way: way.length)


def _deflate(data: bytes, level: int, strategy: int) -> bytes:
    packer = zlib.compressobj(level, zlib.DEFLATED, 15, 9, strategy)
    return packer.compress(data) + packer.flush()


def filtered(rows: Rows, pixel: int, only: int | None = None) -> Rows:
    """Give each row, behind its filter's number, by the `only` one, or that whose bytes are nearest to 0 (12.7)."""
    height, width = rows.shape
    result = np.empty((height, width + 1), np.uint8)
    above = np.zeros((1, width), np.uint8)
    for start in range(0, height, _BAND):
        band = rows[start : start + _BAND]
        tries = _tries(band, np.vstack([above, band[:-1]]), pixel)
        best = _nearest_to_zero(tries) if only is None else np.full(len(band), only)
        result[start : start + _BAND, 0] = best
        result[start : start + _BAND, 1:] = tries[best, np.arange(len(band))]
        above = band[-1:]
    return result


def _nearest_to_zero(tries: NDArray[np.uint8]) -> Ints:
    """Give the filter of each row, (H,), of rows by each filter, (5, H, B)."""
    sums = np.abs(tries.view(np.int8).astype(np.int16)).sum(axis=2, dtype=np.int64)
    nearest: Ints = sums.argmin(axis=0)
    return nearest


def _tries(band: Rows, above: Rows, pixel: int) -> NDArray[np.uint8]:
    """(5, H, B) the rows by each filter: none, sub, up, average and Paeth (9.2)."""
    left, corner = np.zeros_like(band), np.zeros_like(band)
    left[:, pixel:], corner[:, pixel:] = band[:, :-pixel], above[:, :-pixel]
    a, b, c = (part.astype(np.int16) for part in (left, above, corner))
    to_a, to_b, to_c = np.abs(b - c), np.abs(a - c), np.abs(a + b - 2 * c)
    paeth = np.where((to_a <= to_b) & (to_a <= to_c), left, np.where(to_b <= to_c, above, corner))
    mean = ((a + b) >> 1).astype(np.uint8)
    return np.stack([band, band - left, band - above, band - mean, band - paeth])
