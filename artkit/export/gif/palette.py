"""Pictures in few colors: a table of up to 256 of them, and for each pixel the index of the nearest one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from artkit.algebra import inner
from artkit.arrays import Bools
from artkit.artwork.animation import Colors, Indexing
from artkit.color.choose import chosen
from artkit.color.distinct import IndexedColors
from artkit.color.kmeans import lloyd
from artkit.color.means import means_by_label
from artkit.color.nearest import nearest
from artkit.color.notice import Noticed, noticed
from artkit.color.quantize import SCALE, Weights, divided, exchanges, opponent
from artkit.export.gif import lzw
from artkit.export.gif.blocks import place
from artkit.export.gif.dither import Indices, dithered, is_coarse, mixed

FRAME_CLUSTERED = 8192
"""The same for the colors of a single frame, where boxes are harmless."""

FEW = 32
"""Colors up to which those are chosen that are noticed; of more, those that are closest to the pixels."""

SAMPLES = 9
"""Frames by whose colors a palette for all of them is made."""

ROUNDS = 3
"""Rounds of k-means; ten more would win 0.03 dB."""


NOTHING = place(0, 0, 1, 1, np.zeros((2, 3), np.uint8)) + lzw.encode(np.zeros((1, 1), np.uint8), 2)[0]
"""A frame's block that changes nothing where index 0 is transparent."""


class Slack(NamedTuple):
    """Which colors may stand for which pixels; see `lzw.encode`."""

    cells: NDArray[np.uint16]
    near: list[list[int]]


class Indexed(NamedTuple):
    """A frame in the colors of a palette, and what of it may be otherwise.

    `mixed` (H, W) are the pixels that have not the nearest color; None is nowhere. `allowed` is the mean square by
    which pixels may go off, 0 where indexing is not lossy.
    """

    indices: Indices
    mixed: Bools | None
    slack: Slack | None
    allowed: float


def exchangeable(slack: Slack | None) -> tuple[list[list[int]] | None, NDArray[np.uint16] | None]:
    """Give what `lzw.encode` asks for."""
    return (None, None) if slack is None else (slack.near, slack.cells)


class Palette:
    """Up to 256 colors, and the index of the nearest one for each pixel of a frame."""

    def __init__(self, colors: Colors, exact: bool) -> None:
        self.colors, self.exact = colors, exact
        self.clear = len(colors) if len(colors) < 256 else None
        """The index of what is transparent, None where no index is left for it."""
        self.table = colors if self.clear is None else np.vstack([colors, np.zeros((1, 3), np.uint8)])
        self.points = opponent(colors)

    @classmethod
    def of(cls, pictures: Sequence[IndexedColors], weights: Sequence[NDArray[Any]], most: int, exact: int) -> Palette:
        """Make the palette of one or more pictures, of up to `most` colors, or of up to `exact` if those are all."""
        colors = np.concatenate([picture.colors[w > 0] for picture, w in zip(pictures, weights, strict=True)])
        heavy = np.concatenate([w[w > 0] for w in weights]).astype(np.float64)
        if len(pictures) > 1:
            colors, place = np.unique(colors, axis=0, return_inverse=True)
            heavy = np.bincount(place.reshape(-1), heavy).astype(np.float64)
        if len(colors) <= exact:
            return cls(colors if len(colors) else np.zeros((1, 3), np.uint8), True)
        if most <= FEW:
            return cls(chosen([_noticed(*each) for each in zip(pictures, weights, strict=True)], most), False)
        levels, heavy = _boxed(colors, heavy)
        points = opponent(levels)
        centers = lloyd(points, heavy, divided(points, heavy, most), ROUNDS)
        own = nearest(points, centers)
        return cls(np.rint(means_by_label(own, levels, len(centers), heavy)).astype(np.uint8), False)

    def index(self, picture: IndexedColors, weights: NDArray[Any], indexing: Indexing, where: Bools | None) -> Indexed:
        """Give the nearest color's index for each pixel or, where colors may be mixed, dither between two."""
        points = opponent(picture.colors)
        own = nearest(points, self.points)
        slack, allowed = None, 0.0
        if indexing.lossy:
            gaps = squares(picture.colors, painted(self.colors, own)).astype(np.float64) / 3
            allowed = tolerance(indexing.lossy, inner(weights, gaps) / max(float(weights.sum()), 1e-9))
            cell, near = exchanges(points, weights.astype(np.float64), self.points, own, allowed * SCALE)
            slack = Slack(cell[picture.index], [*near, []])
        if self.exact or where is None:
            return Indexed(own[picture.index], None, slack, allowed)
        some = np.bincount(picture.index[where], minlength=len(own)) > 0
        if not indexing.dither:
            some &= is_coarse(self.points, 1)[own]
        partner, share = own.copy(), np.zeros(len(own), np.uint8)
        partner[some], share[some] = mixed(points[some], self.points, own[some])
        indices = dithered(picture.index, own, partner, share, where)
        return Indexed(indices, indices != own[picture.index], slack, allowed)

    def holds(self, picture: IndexedColors, weights: NDArray[Any]) -> bool:
        """Whether every color of the picture that counts is in an exact palette."""
        place = np.array([65536, 256, 1], np.int32)
        return bool(self.exact and np.isin(picture.colors[weights > 0] @ place, self.colors @ place).all())


def _noticed(picture: IndexedColors, weights: NDArray[Any]) -> Noticed:
    return noticed(picture.painted(picture.colors), (weights > 0)[picture.index] if (weights <= 0).any() else None)


def samples(count: int) -> list[int]:
    """Choose frames all over the animation, not at even steps: a cycle may show the same colors on its way back."""
    if count <= SAMPLES:
        return list(range(count))
    found: list[int] = []
    for j in range(SAMPLES):  # none twice, and room for those that follow
        place = int((j + j * 0.618034 % 1) * count / SAMPLES)
        found.append(min(max(place, found[-1] + 1 if found else 0), count - SAMPLES + j))
    return found


def _boxed(colors: Colors, heavy: Weights) -> tuple[NDArray[np.float32], Weights]:
    """Give means of boxes of four levels a side, and their weights, where there are more colors than need be."""
    if len(colors) <= FRAME_CLUSTERED:
        return colors.astype(np.float32), heavy
    side = 64
    red, green, blue = (colors[:, channel].astype(np.intp) >> 2 for channel in range(3))
    box = (red * side + green) * side + blue
    total: NDArray[Any] = np.bincount(box, heavy, side**3)
    there = total > 0
    used = np.flatnonzero(there)
    rank = np.cumsum(there) - 1
    return means_by_label(rank[box], colors, len(used), heavy).astype(np.float32), total[used]


def tolerance(lossy: float, error: float) -> float:
    """Give the mean square, in levels, by which a color may be exchanged, where pixels are off by `error` already.

    The noisier the picture, the farther apart its colors, and the less of it shows. With lossy = 5, files of photos are
    closer to them than gifski's at quality 90, and smaller; of the calmest by about as much as of the noisiest.
    """
    return lossy * lossy * (0.55 + 0.085 * error)


def painted(table: Colors, indices: NDArray[np.uint8]) -> Colors:
    """Give the colors, (..., 3), of indices (...) into a table of up to 256."""
    import cv2

    full = np.zeros((256, 1, 3), np.uint8)
    full[: len(table), 0] = table
    flat = indices.reshape(-1, indices.shape[-1])
    return np.asarray(cv2.applyColorMap(flat, full), np.uint8).reshape(*indices.shape, 3)


def squares(one: Colors, other: Colors) -> NDArray[np.float32]:
    """(...) square of the distance, in levels, of colors (..., 3) from others: whole numbers, so float32 is exact."""
    import cv2

    gap = np.square(cv2.absdiff(one, other), dtype=np.float32).reshape(1, -1, 3)
    return np.asarray(cv2.transform(gap, np.ones((1, 3), np.float32)), np.float32).reshape(one.shape[:-1])
