"""Shapes in, the pixels that each may touch out; and which of them lie on one another, or within.

Footprints are a little larger than what is painted: shapes whose footprints share no pixel may be drawn in any order,
at any size, and no pixel changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Ints, offsets_of
from artkit.artwork.bezier import bends_of, flattened, pieces_within
from artkit.artwork.drawing import LineStyle, Path, Shape

AREA = 1_000_000
"""Pixels of the largest raster; footprints on a coarser one are larger, and fewer shapes may change places."""

MARGIN = 1
"""Pixels by which footprints reach beyond the pixels that are painted: at half the size, two pixels are one."""

_CLOSE = 0.25
"""How far polylines may stray from curves, in pixels."""

_SHIFT = 4
"""Bits behind the point of OpenCV's coordinates."""


@dataclass(frozen=True, eq=False)
class Footprints:
    """The pixels of N shapes on a raster of `size` (width, height): those of shape k are `pixels[offsets[k:k + 2]]`.

    `boxes` (N, 4) are left, top, right and bottom of each, the right and bottom not within. `scale` is the pixels to
    a unit of the drawing.
    """

    pixels: Ints
    offsets: Ints
    boxes: Ints
    size: tuple[int, int]
    scale: float

    @classmethod
    def of(cls, shapes: Sequence[Shape], width: float, height: float) -> Footprints:
        """Find the footprints of shapes, each with a style of its own for its stroke, on a sheet of a size."""
        scale = min(1.0, (AREA / (width * height)) ** 0.5)
        size = max(int(np.ceil(width * scale)), 1), max(int(np.ceil(height * scale)), 1)
        found, boxes = [np.empty(0, np.int64)], np.zeros((len(shapes), 4), np.int64)
        for number, shape in enumerate(shapes):
            mask, left, top = painted(shape, size, scale)
            row, column = np.nonzero(mask)
            boxes[number] = left, top, left + mask.shape[1], top + mask.shape[0]
            found.append((row + top) * size[0] + column + left)
        return cls(
            np.concatenate(found), offsets_of(np.array([len(part) for part in found[1:]], np.int64)), boxes, size, scale
        )

    @property
    def overlaps(self) -> tuple[Ints, Ints]:
        """Pairs (E,) of shapes, the lower and the upper one; each two that share a pixel are joined by a chain of such.

        Within a pixel, each shape goes with the next one above it.
        """
        count = len(self.offsets) - 1
        shape = np.repeat(np.arange(count), np.diff(self.offsets))
        order = np.argsort(self.pixels, kind="stable")
        pixel, shape = self.pixels[order], shape[order]
        same = pixel[1:] == pixel[:-1]
        keys = np.unique(shape[:-1][same] * count + shape[1:][same])
        return keys // max(count, 1), keys % max(count, 1)

    def nested(self, shapes: Sequence[Shape]) -> tuple[Ints, Ints]:
        """Pairs (E,) of shapes, an upper one and one below it, within whose outer outline all of it lies."""
        inner, outer = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
        left, top, right, bottom = self.boxes.T
        room = (right - left) * (bottom - top)
        for number, shape in enumerate(shapes):
            a, b, c, d = self.boxes[number].tolist()
            above = np.arange(number + 1, len(shapes))
            above = above[(left[above] >= a) & (top[above] >= b) & (right[above] <= c) & (bottom[above] <= d)]
            above = above[(room[above] > 0) & (np.diff(self.offsets)[above] > 0)]
            if not len(above):
                continue
            mask, x, y = painted(_without_holes(shape), self.size, self.scale)
            inside = [bool(self._of(k, mask, x, y).all()) for k in above.tolist()]
            inner.append(above[inside])
            outer.append(np.full(sum(inside), number))
        return np.concatenate(inner), np.concatenate(outer)

    def _of(self, number: int, mask: Bools, left: int, top: int) -> Bools:
        """Which pixels of a shape, all of them within its box, lie in a mask."""
        row, column = np.divmod(self.pixels[self.offsets[number] : self.offsets[number + 1]], self.size[0])
        found: Bools = mask[row - top, column - left]
        return found


def painted(shape: Shape, size: tuple[int, int], scale: float) -> tuple[Bools, int, int]:
    """What a shape may paint on a raster of `size`, and `MARGIN` pixels around, cut out of it; its left and top."""
    import cv2

    lines = [_polyline(path, scale) for path in shape.paths if len(path.points)]
    reach = _reach(shape, scale)
    if not lines:
        return np.zeros((0, 0), bool), 0, 0
    low = np.min([line.min(0) for line in lines], axis=0) - reach
    high = np.max([line.max(0) for line in lines], axis=0) + reach
    left, top = (int(max(np.floor(side) - MARGIN - 1, 0)) for side in low)
    right, bottom = (int(min(np.ceil(side) + MARGIN + 1, most)) for side, most in zip(high, size, strict=True))
    if right <= left or bottom <= top:
        return np.zeros((0, 0), bool), 0, 0
    mask = np.zeros((bottom - top, right - left), np.uint8)
    # OpenCV has the middle of a pixel at whole numbers.
    steps = [np.rint((line - (left + 0.5, top + 0.5)) * 2**_SHIFT).astype(np.int32) for line in lines]
    if shape.fill is not None:
        cv2.fillPoly(mask, steps, [1], shift=_SHIFT)
    for path, line in zip([path for path in shape.paths if len(path.points)], steps, strict=True):
        closed = path.closed or shape.fill is not None
        cv2.polylines(mask, [line], closed, [1], max(int(np.ceil(2 * reach)), 1), shift=_SHIFT)
    wide = cv2.dilate(mask, np.ones((2 * MARGIN + 1, 2 * MARGIN + 1), np.uint8))
    return np.asarray(wide) > 0, left, top


def _reach(shape: Shape, scale: float) -> float:
    """How far a shape's stroke reaches from its middle line, in pixels: to the tips of its miters and square caps."""
    if shape.stroke is None:
        return 0.0
    line = shape.line or LineStyle(1.0)
    wide = 2.0 if line.join == "miter" else 1.5 if line.cap == "square" else 1.0
    return wide * line.width * scale / 2


def _polyline(path: Path, scale: float) -> NDArray[np.float64]:
    points = np.asarray(path.points, np.float64) * scale
    if path.kinds is None:
        return points
    pieces = np.ceil(pieces_within(bends_of(points, path.kinds), path.kinds, _CLOSE)).astype(np.int64)
    return flattened(points, path.kinds, np.maximum(pieces, 1))


def _without_holes(shape: Shape) -> Shape:
    """A shape with all that its outermost outlines enclose: rings within others are left out."""
    if len(shape.paths) == 1:
        return shape
    low = np.array([np.min(path.points, axis=0) for path in shape.paths])
    high = np.array([np.max(path.points, axis=0) for path in shape.paths])
    within = np.all((low[:, None] > low[None]) & (high[:, None] < high[None]), axis=2)
    return shape._replace(paths=[shape.paths[k] for k in np.flatnonzero(~np.any(within, axis=1)).tolist()])
