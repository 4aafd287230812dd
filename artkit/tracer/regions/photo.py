"""A photo in, a label image of few colors out: each pixel gets the nearest of them, then faces merge (see `faces`).

The colors are chosen for the picture (see `inks`) or given.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Ints
from artkit.color.choose import palette_of
from artkit.color.nearest import nearest
from artkit.tracer.regions.faces import settled
from artkit.tracer.regions.inks import to_lab

AUTOMATIC = 24
"""Colors of a photo where nobody asks for a number."""

PRICE = 1000.0
"""Squared error (of three channels of 8 bits) that a pixel of border must save, at detail 0.5."""


def regions(
    pixels: NDArray[np.uint8],
    opaque: NDArray[np.bool_] | None = None,
    *,
    colors: int | None = None,
    palette: NDArray[np.uint8] | None = None,
    keep: NDArray[np.uint8] | None = None,
    min_area: float | None = None,
    detail: float = 0.5,
) -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
    """Divide an (H, W, 3) picture into regions of few colors: labels (H, W), -1 where not opaque, and colors (K, 3).

    `colors` gives exactly that many, or as many as the picture has; None `AUTOMATIC`. Those to `keep` are among
    them. `palette` (K, 3) fixes the colors instead; it is given back as it is, used or not. Regions below
    `min_area` square pixels go, all but the largest of each color; None lets small ones stay where they stand out. A
    region with nothing but transparent pixels around it stays. `detail` runs from 0 to 1: each tenth above 0.5 halves
    the price of borders, each below doubles it.
    """
    if opaque is not None and not opaque.any():
        empty = np.empty((0, 3), np.uint8) if palette is None else palette
        return np.full(opaque.shape, -1, np.int32), empty
    if opaque is not None and opaque.all():
        opaque = None
    calm = _calmed(pixels, opaque)
    if palette is not None:
        codes, used, _ = _distinct(calm, opaque)
        lab = to_lab(palette)
    else:
        codes, used, _ = _cells(calm, opaque)
        if len(used.code) < 4 * (colors or AUTOMATIC):
            codes, used, _ = _distinct(pixels, opaque)
        lab = to_lab(palette_of(pixels, opaque, colors or AUTOMATIC, keep=keep))
    table = np.zeros(int(used.code[-1]) + 1, np.int32)
    table[used.code] = nearest(to_lab(used.color), lab)
    labels = codes
    for band in _bands(codes):
        labels[band] = np.take(table, codes[band], mode="clip")
    if opaque is not None:
        labels[~opaque] = -1
    price = PRICE * 2 ** (10 * (0.5 - detail))
    return settled(labels, pixels, len(lab), palette, min_area, price)


def without_small(labels: NDArray[np.int32], palette: NDArray[np.uint8], min_area: float) -> NDArray[np.int32]:
    """Give regions below `min_area` square pixels of a label image (H, W) to the neighbors nearest in color."""
    painted = np.vstack([palette, np.zeros((1, 3), np.uint8)])[labels]
    return settled(labels, painted, len(palette), palette, min_area, 0.0)[0]


def _calmed(pixels: NDArray[np.uint8], opaque: NDArray[np.bool_] | None) -> NDArray[np.uint8]:
    """Take the noise out, so that regions are not specks; edges stay.

    A light bilateral filter makes borders shorter by a tenth. A median would take fine detail with it, 0.6 dB.
    """
    import cv2

    calm = np.asarray(cv2.bilateralFilter(np.ascontiguousarray(pixels), 5, 45, 2), np.uint8)
    if opaque is not None:  # what lies beneath transparent parts must not bleed into the others
        inner = cv2.erode(opaque.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
        calm[~inner] = pixels[~inner]
    return calm


class _Used(NamedTuple):
    """The codes that occur, in rising order, and the color (N, 3) of each."""

    code: NDArray[Any]
    color: NDArray[np.uint8]


_Coded = tuple[NDArray[np.int32], _Used, Ints]
"""(H, W) code of each pixel, the codes that occur, and how many pixels have each."""


def _cells(pixels: NDArray[np.uint8], opaque: NDArray[np.bool_] | None) -> _Coded:
    """Code colors by six bits a channel, each cell by its middle."""
    codes = np.empty(pixels.shape[:2], np.int32)
    counts = np.zeros(1 << 18, np.int64)
    for band in _bands(codes):
        word = _words(pixels[band])
        code = (word >> 2 & 0x3F) | (word >> 4 & 0xFC0) | (word >> 6 & 0x3F000)
        codes[band] = code
        counts += np.bincount((code if opaque is None else code[opaque[band]]).ravel(), minlength=len(counts))
    used = np.flatnonzero(counts)
    middle = np.column_stack([used & 63, used >> 6 & 63, used >> 12]) * 4 + 2
    return codes, _Used(used, middle.astype(np.uint8)), counts[used]


def _distinct(pixels: NDArray[np.uint8], opaque: NDArray[np.bool_] | None) -> _Coded:
    """Code all distinct colors."""
    codes = _words(pixels)
    used, counts = np.unique(codes if opaque is None else codes[opaque], return_counts=True)
    return codes, _Used(used, np.column_stack([used & 255, used >> 8 & 255, used >> 16]).astype(np.uint8)), counts


def _words(pixels: NDArray[np.uint8]) -> NDArray[np.int32]:
    """(H, W) red + 256 green + 65536 blue."""
    import cv2

    four = np.asarray(cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2RGBA), np.uint8)
    words: NDArray[np.int32] = four.view("<i4")[..., 0] & np.int32(0xFFFFFF)
    return words


def _bands(picture: NDArray[Any]) -> Iterator[slice]:
    """Rows of about 2 ** 17 pixels at a time: what is made of them stays in the cache, and memory small."""
    rows = max(1, (1 << 17) // picture.shape[1])
    return (slice(top, top + rows) for top in range(0, len(picture), rows))
