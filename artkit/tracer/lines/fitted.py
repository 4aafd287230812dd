"""Tracks to lines: of what color each is, how much it explains; and the picture as it is without them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Floats, Ints, Pixels, offsets_of, rows_of
from artkit.tracer.lines.profiles import ways
from artkit.tracer.lines.tracks import Tracks

RIM = 0.75
"""Pixels beyond a line's edge that may hold some of it."""

NEAR = (3, 8)
"""Pixels around one that is filled whose mean it gets, where some are known; else those of the next."""


@dataclass(frozen=True, eq=False)
class Lines:
    """Line k runs along `points[offsets[k]:offsets[k + 1]]`, (N, 2), and is `width[k]` pixels wide, all in `color[k]`.

    `saving` (K,) is the squared error that it takes away from the picture without lines, `share` the part of it that
    this is, `rest` what is left in a pixel, on the average.
    """

    points: Floats
    offsets: Ints
    width: Floats
    color: Floats
    saving: Floats
    share: Floats
    rest: Floats

    def best(self, least: float, most: int) -> Lines | None:
        """Give the lines that save more than the least there may be, at most so many; None where there are none."""
        rank = np.argsort(np.argsort(-self.saving, kind="stable"), kind="stable")
        keep = (self.saving > least) & (rank < most)
        return self.some(keep) if keep.any() else None

    def some(self, keep: Bools) -> Lines:
        """Give some of the lines."""
        size = np.diff(self.offsets)
        each = (self.width, self.color, self.saving, self.share, self.rest)
        return Lines(self.points[np.repeat(keep, size)], offsets_of(size[keep]), *(values[keep] for values in each))


class Cover(NamedTuple):
    """The pixels of tracks in a picture: `pixel` (P,), flat, the `track` of each, and how far that one's middle is,
    `distance`.
    """

    pixel: Ints
    track: Ints
    distance: Floats

    @classmethod
    def of(cls, found: Tracks, width: Floats, shape: tuple[int, ...]) -> Cover:
        """Look in a picture of `shape` for pixels of tracks of some widths."""
        reach = float(width.max(initial=1.0)) / 2 + RIM
        pixel, point, distance = _nearest(found, shape, reach)
        track = rows_of(found.offsets)[point]
        on = distance < width[track] / 2 + RIM
        return cls(pixel[on], track[on], distance[on])

    def some(self, keep: Bools) -> Cover:
        """Give those of some tracks, numbered anew."""
        on = keep[self.track]
        return Cover(self.pixel[on], (np.cumsum(keep) - 1)[self.track[on]], self.distance[on])


def fitted(
    found: Tracks, width: Floats, cover: Cover, pixels: Pixels, calm: Pixels, weight: NDArray[np.float32] | None
) -> Lines:
    """Fit colors to tracks of known widths, given the picture (H, W, 3) without them."""
    count, track, pixel = len(width), cover.track, cover.pixel
    share = np.clip(width[track] / 2 + 0.5 - cover.distance, 0, np.minimum(width[track], 1))
    seen, ground = (each.reshape(-1, 3)[pixel].astype(np.float64) for each in (pixels, calm))
    before = seen - ground
    # A line's color is what pixels show of it, over the squares of how much of them it covers.
    square = np.bincount(track, share * share, count)
    own = share[:, None] * (before + share[:, None] * ground)
    sums = np.stack([np.bincount(track, channel, count) for channel in own.T], axis=1)
    color = np.clip(sums / np.maximum(square, 1e-9)[:, None], 0, 255)
    after = before - share[:, None] * (color[track] - ground)
    heavy = np.ones(len(pixel)) if weight is None else weight.ravel()[pixel].astype(np.float64)
    without, left = (np.bincount(track, heavy * (each * each).sum(1), count) for each in (before, after))
    part = (without - left) / np.maximum(without, 1e-9)
    rest = np.bincount(track, (after * after).sum(1), count) / np.maximum(np.bincount(track, minlength=count), 1)
    return Lines(found.points, found.offsets, width, color, without - left, part, rest)


def _nearest(found: Tracks, shape: tuple[int, ...], reach: float) -> tuple[Ints, Ints, Floats]:
    """Pixels within reach of tracks, in order: the nearest point of each, and how far the line through it is."""
    height, width = shape[:2]
    way = ways(found)
    around = int(np.ceil(reach))
    near = np.arange(-around, around + 1)
    dx, dy = (each.ravel() for each in np.meshgrid(near, near))
    fits = np.hypot(dx, dy) < reach + 0.75
    dx, dy = dx[fits], dy[fits]
    column, row = (np.floor(found.points[:, k]).astype(np.int64)[:, None] for k in (0, 1))
    x, y = column + dx, row + dy
    off_x, off_y = x + 0.5 - found.points[:, :1], y + 0.5 - found.points[:, 1:]
    across = np.abs(off_x * way[:, 1:] - off_y * way[:, :1])
    beyond = np.abs(off_x * way[:, :1] + off_y * way[:, 1:]) - 0.75  # of an end: all else is nearer to another point
    across += np.maximum(beyond, 0)
    point, spot = np.nonzero((x >= 0) & (x < width) & (y >= 0) & (y < height) & (across < reach))
    pixel = (y * width + x)[point, spot]
    far = np.hypot(off_x[point, spot], off_y[point, spot])
    order = np.lexsort((point, far, pixel))
    first = order[np.append(True, pixel[order][1:] != pixel[order][:-1])[: len(order)]]
    return pixel[first], point[first], across[point, spot][first]


def filled(pixels: Pixels, holes: Ints) -> Pixels:
    """Fill some pixels of a picture, flat, with the mean of those around that are none."""
    height, width = pixels.shape[:2]
    hole = np.zeros(height * width, bool)
    hole[holes] = True
    calm = pixels.copy()
    seen, left = pixels.reshape(-1, 3), holes
    for reach in NEAR:
        row, column = np.divmod(left, width)
        total, number = np.zeros((len(left), 3), np.int64), np.zeros(len(left), np.int64)
        for dy in range(-reach, reach + 1):
            for dx in range(-reach, reach + 1):
                y, x = row + dy, column + dx
                some = np.flatnonzero((y >= 0) & (y < height) & (x >= 0) & (x < width))
                near = left[some] + dy * width + dx
                known = ~hole[near]
                total[some[known]] += seen[near[known]]
                number[some[known]] += 1
        some = number > 0
        calm.reshape(-1, 3)[left[some]] = np.rint(total[some] / number[some, None]).astype(np.uint8)
        left = left[~some]
        if not len(left):
            break
    return calm
