"""Tracks to lines: of what color each is, how much it explains; and the picture as it is without them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from artkit.arrays import Bools, Floats, Ints, Pixels, offsets_of, rows_of
from artkit.tracer.lines.profiles import Bands, ways
from artkit.tracer.lines.tracks import Tracks

RIM = 0.75
"""Pixels beyond a line's edge that may hold some of it."""

NEAR = (3, 8)
"""Pixels around one that is filled whose mean it gets, where some are known; else those of the next."""


@dataclass(frozen=True, eq=False)
class Lines:
    """Line k runs along `points[offsets[k]:offsets[k + 1]]`, (N, 2), and is `width[k]` pixels wide, all in `color[k]`.

    `saving` (K,) is the squared error that it takes away from the picture without lines, `share` the part that this is
    of all but grain, `rest` what is left of that.
    """

    points: Floats
    offsets: Ints
    width: Floats
    color: Floats
    saving: Floats
    share: Floats
    rest: Floats

    def best(self, most: int) -> Lines | None:
        """Give the lines that save the most, at most so many; None where there may be none."""
        keep = np.argsort(np.argsort(-self.saving, kind="stable"), kind="stable") < most
        return self._some(keep) if keep.any() else None

    def _some(self, keep: Bools) -> Lines:
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
    def of(cls, found: Bands, shape: tuple[int, ...]) -> Cover:
        """Look in a picture of `shape` for the pixels of bands."""
        reach = float(found.width.max(initial=1.0)) / 2 + RIM
        pixel, point, distance = _nearest(found.tracks, shape, reach)
        track = rows_of(found.tracks.offsets)[point]
        on = distance < found.width[track] / 2 + RIM
        return cls(pixel[on], track[on], distance[on])


def fitted(found: Bands, cover: Cover, pixels: Pixels, calm: Pixels) -> Lines:
    """Fit colors to bands, given the picture (H, W, 3) without them."""
    tracks, width = found.tracks, found.width
    count, track, pixel = len(width), cover.track, cover.pixel
    covered = np.clip(width[track] / 2 + 0.5 - cover.distance, 0, np.minimum(width[track], 1))
    seen, ground = (each.reshape(-1, 3)[pixel].astype(np.float64) for each in (pixels, calm))
    before = seen - ground
    # A line's color is what pixels show of it, over the squares of how much of them it covers.
    square = np.bincount(track, covered * covered, count)
    own = covered[:, None] * (before + covered[:, None] * ground)
    sums = np.stack([np.bincount(track, channel, count) for channel in own.T], axis=1)
    color = np.clip(sums / np.maximum(square, 1e-9)[:, None], 0, 255)
    after = before - covered[:, None] * (color[track] - ground)
    errors = [np.bincount(track, (each * each).sum(1), count) for each in (before, after)]
    without, left = np.array(errors, np.float64)
    area = np.bincount(track, minlength=count)
    grain = np.minimum(area * 3 * found.grain, left)
    share = (without - left) / np.maximum(without - grain, 1e-9)
    return Lines(tracks.points, tracks.offsets, width, color, without - left, share, left - grain)


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
    far = off_x[point, spot] ** 2 + off_y[point, spot] ** 2
    order = np.argsort((pixel << 16) + np.rint(1000 * far).astype(np.int64), kind="stable")
    first = order[np.append(True, pixel[order][1:] != pixel[order][:-1])[: len(order)]]
    return pixel[first], point[first], across[point, spot][first]


def filled(pixels: Pixels, holes: Ints) -> Pixels:
    """Fill some pixels of a picture, flat, with the mean of those around that are none."""
    height, width = pixels.shape[:2]
    around = NEAR[-1]
    wide = width + 2 * around
    framed = np.zeros((4, height + 2 * around, wide), np.uint8)
    inner = framed[:, around:-around, around:-around]
    inner[:3], inner[3] = np.moveaxis(pixels, -1, 0), 1
    inner[:, holes // width, holes % width] = 0
    planes = framed.reshape(4, -1)
    calm = pixels.copy()
    left = holes
    for reach in NEAR:
        at = (left // width + around) * wide + left % width + around
        total = np.zeros((4, len(left)), np.int64)
        for dy in range(-reach, reach + 1):
            for dx in range(-reach, reach + 1):
                near = at + (dy * wide + dx)
                for row, plane in zip(total, planes, strict=True):
                    row += plane[near]
        fair = total[3] > 0
        calm.reshape(-1, 3)[left[fair]] = np.rint(total[:3, fair] / total[3, fair]).astype(np.uint8).T
        left = left[~fair]
        if not len(left):
            break
    return calm
