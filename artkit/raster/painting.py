"""Pictures painted in dabs and blocks: pixels (H, W, 3) in, pixels of the same shape out.

Borders mirror, windows are odd, and results are rounded to nearest, as with the filters.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from artkit.arrays import Pixels
from artkit.color.gray import gray_of
from artkit.color.levels import to_uint8
from artkit.raster.bands import Advance, in_bands, spans


def brushed(pixels: Pixels, size: int, shades: int, advance: Advance | None = None) -> Pixels:
    """Give each pixel the mean of those in its window of `size` pixels that have the most common shade of gray.

    `shades` is into how many equal parts the grays are divided; of two that are as common, the darker one counts.
    """
    return in_bands(pixels, lambda band: _most_common(band, size, shades), margin=size // 2, advance=advance)


def dabbed(pixels: Pixels, size: int, advance: Advance | None = None) -> Pixels:
    """Give each pixel the mean of the calmest corner of its window of `size` pixels (Kuwahara 1976).

    The four corners overlap in the pixel; the calmest has the least variance of gray, of equals the first, row by row.
    """
    return in_bands(pixels, lambda band: _calmest_corner(band, size // 2), margin=size // 2, advance=advance)


def blocks(source: Pixels, size: int) -> Pixels:
    """Give each block of `size` x `size` pixels its mean; the right and lower border may cut off the last."""
    height, width = source.shape[:2]
    pixels = np.empty_like(source)
    starts = np.arange(0, width, size)
    widths = np.diff(starts, append=width)
    for top, bottom in spans(height, size):
        sums = np.add.reduceat(source[top:bottom].sum(axis=0, dtype=np.uint64), starts, axis=0)
        areas = (widths * (bottom - top)).astype(np.uint64)[:, None]
        pixels[top:bottom] = np.repeat(((2 * sums + areas) // (2 * areas)).astype(np.uint8), widths, axis=0)
    return pixels


def _most_common(band: Pixels, size: int, shades: int) -> Pixels:
    import cv2

    shade = (np.arange(256) * shades // 256).astype(np.uint8)[gray_of(band)]
    most = np.zeros(shade.shape, np.uint16)
    sums = np.zeros(band.shape, np.float32)  # holds all whole numbers to 2 ** 24, which 255 x 255 bytes do not reach
    for k in np.flatnonzero(np.bincount(shade.reshape(-1))):
        inside = (shade == k).view(np.uint8)
        count = cv2.boxFilter(inside, cv2.CV_16U, (size, size), normalize=False)
        more = cv2.compare(count, most, cv2.CMP_GT)
        cv2.copyTo(count, more, most)
        of_shade = cv2.bitwise_and(band, band, mask=inside)
        cv2.copyTo(cv2.boxFilter(of_shade, cv2.CV_32F, (size, size), normalize=False), more, sums)
    inner = np.s_[size // 2 : len(band) - size // 2]
    values = sums[inner] / most[inner].astype(np.float64)[..., None]
    return to_uint8(values, out=values)


def _calmest_corner(band: Pixels, reach: int) -> Pixels:
    """Give the middle of a band, without its margin of `reach` pixels."""
    import cv2

    side = reach + 1
    at: Any = {"ksize": (side, side), "anchor": (0, 0)}  # the square to the right of a pixel and below
    gray = gray_of(band)
    sums = cv2.boxFilter(gray, cv2.CV_32F, normalize=False, **at).astype(np.float64)
    squares = np.asarray(cv2.sqrBoxFilter(gray, cv2.CV_64F, normalize=False, **at))
    squares *= side**2  # whole numbers below 2 ** 53: exact, so that equals are equal
    sums *= sums
    spreads = np.subtract(squares, sums, out=squares)
    # Not cv2.blur, which rounds one above the nearest where the window's area is even.
    totals = cv2.boxFilter(band, cv2.CV_32F, normalize=False, **at)
    height, width = band.shape[0] - 2 * reach, band.shape[1] - 2 * reach
    least = np.full((height, width), np.inf)
    calmest = np.empty((height, width, 3), np.float32)
    for y in (0, reach):
        for x in (0, reach):
            here = np.s_[y : y + height, x : x + width]
            calmer = spreads[here] < least
            np.copyto(least, spreads[here], where=calmer)
            np.copyto(calmest, totals[here], where=calmer[..., None])
    values = calmest / side**2
    return to_uint8(values, out=values)
