"""Filters in bands of rows: a large picture costs little memory, and work can be stopped several times a second.

A call into OpenCV cannot be interrupted. Between two bands Ctrl-C is noticed and the progress is told. The bands
overlap by the reach of the filter, so that the result is that of the whole picture, bit for bit. Several threads work
on them (`artkit.workers`): what changes a band must depend on nothing else.

Beyond its border a picture is mirrored about its outermost pixels, which are not repeated: `c b | a b c d | c b` (numpy
calls it "reflect", scipy "mirror"), as often as the filter reaches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artkit.workers import mapped, threads

Advance = Callable[[float], None]
"""Takes the share of an op's work that is done, from 0 to 1; it may raise Cancelled."""

WIDE = 1 << 20
"""Pixels of a band where a filter needs numbers wider than a byte."""

SMALL = 1 << 17
"""Pixels of a band where several arrays of them are to stay in the processor's cache."""

LONG = 3 << 20
"""Pixels of a band where bytes are enough and the overlap costs time: a quarter of a second of a large median."""


def in_bands(
    levels: NDArray[Any],
    change: Callable[[NDArray[Any]], NDArray[Any]],
    *,
    margin: int = 0,
    pixels: int | None = None,
    advance: Advance | None = None,
) -> NDArray[Any]:
    """Apply a filter to an (H, W) or (H, W, C) picture band by band, of about so many pixels or of `few_rows`.

    `change` gets a band with `margin` more pixels on each of the four sides, those of the picture where it goes on and
    mirrored ones beyond its border. It gives as many back, of which the margin is cut off, or the middle alone.
    """
    height, width = levels.shape[:2]

    def changed(rows: tuple[int, int]) -> NDArray[Any]:
        top, bottom = rows
        return _middle(change(_across(_rows(levels, top, bottom, margin), margin)), bottom - top, width)

    # Bands are the smaller the more threads work on them; of those that cannot be there are few at a time.
    step = max((pixels // width if pixels else few_rows(height, width)) // threads(), 4 * margin)
    spans_ = list(spans(height, step))
    most = max(height // (2 * max(step, 1)), 1)
    for (top, bottom), part in zip(spans_, mapped(changed, spans_, most=most), strict=True):
        if top == 0:
            result = np.empty((height, *part.shape[1:]), part.dtype)
        result[top:bottom] = part
        if advance:
            advance(bottom / height)
    return result


def bands(
    levels: NDArray[Any], *, margin: int = 0, pixels: int | None = None, advance: Advance | None = None
) -> Iterator[tuple[int, int, NDArray[Any]]]:
    """Give the bands that `in_bands` works on, each with its first row in the picture and the one after its last."""
    height, width = levels.shape[:2]
    for top, bottom in spans(height, _step(height, width, margin, pixels), advance):
        yield top, bottom, _across(_rows(levels, top, bottom, margin), margin)


def _step(height: int, width: int, margin: int, pixels: int | None) -> int:
    """Give the height of bands: at least four margins, as bands of a window's height do most of the work twice."""
    return max(pixels // width if pixels else few_rows(height, width), 4 * margin)


def few_rows(height: int, width: int) -> int:
    """Give the height of bands for numbers wider than a byte: a quarter of a small picture, less of a large one."""
    return max(min(WIDE, height * width // 4) // width, 1)


def spans(height: int, step: int, advance: Advance | None = None) -> Iterator[tuple[int, int]]:
    """Give the first row of each band and the one after its last, and tell how far that is when it is done."""
    step = max(step, 1)
    for top in range(0, height, step):
        bottom = min(top + step, height)
        yield top, bottom
        if advance:
            advance(bottom / height)


def leg(advance: Advance | None, start: float, end: float) -> Advance | None:
    """Give what tells the progress of a part of the work, from one share of it to another."""
    return (lambda share: advance(start + share * (end - start))) if advance else None


def mirrored(length: int, margin: int) -> NDArray[np.intp]:
    """Give the indices of a line of `length` pixels with `margin` mirrored ones at each end, however many."""
    period = max(2 * (length - 1), 1)
    place = np.abs(np.arange(-margin, length + margin)) % period
    return np.minimum(place, period - place) if length > 1 else np.zeros_like(place)


def _rows(levels: NDArray[Any], top: int, bottom: int, margin: int) -> NDArray[Any]:
    if margin <= top and bottom + margin <= len(levels):
        return levels[top - margin : bottom + margin]
    return levels[mirrored(len(levels), margin)[top : bottom + 2 * margin]]


def _across(levels: NDArray[Any], margin: int) -> NDArray[Any]:
    import cv2

    bordered = cv2.copyMakeBorder(levels, 0, 0, margin, margin, cv2.BORDER_REFLECT_101) if margin else levels
    return np.asarray(bordered)


def _middle(levels: NDArray[Any], height: int, width: int) -> NDArray[Any]:
    top, left = (levels.shape[0] - height) // 2, (levels.shape[1] - width) // 2
    return levels[top : top + height, left : left + width]
