"""Shapes painted with exact coverage, each over those below it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Floats, Ints
from artkit.tracer.polish.curves import Curves

FINE = 8
"""Samples of a pixel along each side; each holds the mean of what covers it, shape over shape."""

Canvas = NDArray[np.float32]
"""(FINE * H, FINE * W, 3) sRGB."""


@dataclass(frozen=True, eq=False)
class Painting:
    """What shapes look like, `canvas`; and at places along their curves, `under` (N, 3), the color beneath the shape,
    and `through` (N,), how much of the place is not covered by the shapes above.
    """

    canvas: Canvas
    under: Floats
    through: Floats


def painted(curves: Curves, points: Floats, sheet: Canvas, places: Floats, shape: Ints) -> Painting:
    """Paint the shapes of `curves`, with their points at `points`, over a `sheet`; `places` (N, 2) on it, in pixels,
    are on the edge of `shape` (N,), in rising order.
    """
    canvas = sheet.copy()
    x, y = np.clip(np.floor(FINE * places).astype(np.int64), 0, [sheet.shape[1] - 1, sheet.shape[0] - 1]).T
    under, through = np.zeros((len(places), 3)), np.ones(len(places))
    start, end, segment = pieces(curves, points)
    numbers = np.arange(len(curves.inks) + 1)
    bounds, own = np.searchsorted(curves.shape[segment], numbers), np.searchsorted(shape, numbers)
    for k, ink in enumerate(curves.inks):
        here = slice(own[k], own[k + 1])
        under[here] = canvas[y[here], x[here]]
        left, top, cover = _cover(start[bounds[k] : bounds[k + 1]], end[bounds[k] : bounds[k + 1]], sheet.shape)
        tall, wide = cover.shape
        if not cover.size:
            continue
        box = canvas[top : top + tall, left : left + wide]
        box += cover[:, :, None] * (ink.astype(np.float32) - box)
        column, row = x[: own[k]] - left, y[: own[k]] - top
        some = np.flatnonzero((column >= 0) & (column < wide) & (row >= 0) & (row < tall))
        through[some] *= 1 - cover[row[some], column[some]]
    return Painting(canvas, under, through)


def pieces(curves: Curves, points: Floats) -> tuple[Floats, Floats, Ints]:
    """Cut curves into pieces no longer than a sample: (start, end, segment), in samples."""
    p = FINE * curves.controls(points)
    fastest = 3 * np.linalg.norm(np.diff(p, axis=1), axis=2).max(1)
    size = np.maximum(np.ceil(fastest).astype(np.int64), 1)
    segment = np.repeat(np.arange(len(size)), size)
    place = np.arange(len(segment)) - np.repeat(np.cumsum(size) - size, size)
    ends = []
    for u in (place / size[segment], (place + 1) / size[segment]):
        v = 1 - u
        weights = np.stack([v**3, 3 * u * v * v, 3 * u * u * v, u**3])
        ends.append(sum(weights[k][:, None] * p[segment, k] for k in range(4)))
    return ends[0], ends[1], segment


def _cover(start: Floats, end: Floats, size: tuple[int, ...]) -> tuple[int, int, NDArray[np.float32]]:
    """How much of each sample pieces enclose, in the box that they reach: its left and top, and the shares.

    Each adds what it rises to all that lies right of it in its row.
    """
    height, width = size[:2]
    low = np.floor(np.minimum(start, end).min(0)).astype(np.int64)
    high = np.ceil(np.maximum(start, end).max(0)).astype(np.int64)
    left, top = np.maximum(low, 0).tolist()
    right, bottom = np.minimum(high, [width, height]).tolist()
    if right <= left or bottom <= top:
        return left, top, np.zeros((0, 0), np.float32)
    wide, tall = right - left, bottom - top
    sums = np.zeros(tall * (wide + 2))
    row = np.floor(np.minimum(start[:, 1], end[:, 1]))
    rise = end[:, 1] - start[:, 1]
    steep = np.where(rise == 0, 1.0, rise)
    for step in (0, 1):  # a piece lies in two rows at most
        a, b = (np.clip(y, row + step, row + step + 1) for y in (start[:, 1], end[:, 1]))
        cover = b - a
        share = ((a + b) / 2 - start[:, 1]) / steep
        x = np.clip(start[:, 0] + share * (end[:, 0] - start[:, 0]) - left, 0, wide)
        y = row + step - top
        some = np.flatnonzero((cover != 0) & (y >= 0) & (y < tall))
        column = np.floor(x[some])
        part = x[some] - column
        at = (y[some] * (wide + 2) + column).astype(np.int64)
        sums += np.bincount(at, weights=cover[some] * (1 - part), minlength=len(sums))
        sums += np.bincount(at + 1, weights=cover[some] * part, minlength=len(sums))
    found = np.abs(np.cumsum(sums.reshape(tall, wide + 2), axis=1)[:, :wide])
    return left, top, np.minimum(found, 1).astype(np.float32)
