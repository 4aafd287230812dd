"""Pixels of edges as mixtures of two cells close by, whose colors are carried on from their nearest calm pixels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Floats, Ints, Pixels

FARTHEST = 8
"""How far from an edge's pixel a cell is looked for at the most, in pixels: the points of wedges are far from it."""

OWN = 3.0
"""A pixel this close to a cell's color is all of it."""

PRICES = 0.5
"""What a cell costs that is farther than another, in levels of RGB distance."""

PAIRS = ((0, 1), (0, 2), (1, 2), (0, 3), (1, 3), (2, 3))


@dataclass(eq=False)
class Colors:
    """What each pixel's color is, and how it changes from pixel to pixel, in x and in y: all (H, W, 3)."""

    value: NDArray[np.float32]
    by_x: NDArray[np.float32]
    by_y: NDArray[np.float32]


@dataclass(eq=False)
class Found:
    """How each of N pixels is explained; `ground` is the color of the nearest cell there, `contrast` how far apart the
    two colors of a mixture are, and `apart` those of the calm pixels that they are carried on from.
    """

    owner: NDArray[np.int32]
    other: NDArray[np.int32]
    coverage: Floats
    distance: Floats
    ground: Floats
    contrast: Floats
    apart: Floats

    def improve(self, where: Ints, by: Found) -> None:
        """Take other explanations of the pixels `where`, if they come closer by a level."""
        rows = np.flatnonzero(by.distance < self.distance[where] - 1)
        for name in ("owner", "other", "coverage", "distance", "ground", "contrast", "apart"):
            getattr(self, name)[where[rows]] = getattr(by, name)[rows]


def explained(pixels: Pixels, seed: NDArray[np.int32], colors: Colors, y: Ints, x: Ints, reach: int) -> Found:
    """Mix each pixel of two cells close by; of pairs that explain it equally well, the nearer ones."""
    near, place = near_cells(seed, y, x, reach)
    return mixed(pixels[y, x].astype(np.float64), near, *carried(colors, place, y, x))


def near_cells(seed: NDArray[np.int32], y: Ints, x: Ints, reach: int) -> tuple[NDArray[np.int32], Ints]:
    """(N, 4): up to four cells within reach of each pixel, nearest first, -1 where there are fewer; and the pixel of
    each that is nearest, by its number in reading order.
    """
    width = seed.shape[1]
    padded = np.pad(seed, reach, constant_values=-1)
    steps = [(dy, dx) for dy in range(-reach, reach + 1) for dx in range(-reach, reach + 1) if dy or dx]
    steps = [step for step in steps if step[0] ** 2 + step[1] ** 2 <= reach * reach + 1]
    steps.sort(key=lambda step: (step[0] ** 2 + step[1] ** 2, step))
    near = np.full((len(y), 4), -1, np.int32)
    place = np.zeros((len(y), 4), np.int64)
    number = np.zeros(len(y), np.int64)
    own = seed[y, x]
    near[:, 0], place[:, 0] = own, y * width + x
    number += own >= 0
    for dy, dx in steps:
        label = padded[y + dy + reach, x + dx + reach]
        new = np.flatnonzero((label >= 0) & (number < 4) & (near != label[:, None]).all(1))
        near[new, number[new]] = label[new]
        place[new, number[new]] = (y[new] + dy) * width + x[new] + dx
        number[new] += 1
    return near, place


def nearest_cells(seed: NDArray[np.int32], y: Ints, x: Ints, reach: int) -> tuple[NDArray[np.int32], Ints]:
    """Give what `_near` gives, by a look at each cell: for small pictures of few cells."""
    import cv2

    labels = np.unique(seed)
    labels = labels[labels >= 0]
    near, place = np.full((len(y), 4), -1, np.int32), np.zeros((len(y), 4), np.int64)
    if not len(labels):
        return near, place
    far, spot = np.empty((len(y), len(labels))), np.empty((len(y), len(labels)), np.int64)
    for k, label in enumerate(labels.tolist()):
        mask = (seed != label).view(np.uint8)
        away, number = cv2.distanceTransformWithLabels(mask, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
        pixel = np.zeros(int(number.max()) + 1, np.int64)
        pixel[number[mask == 0]] = np.flatnonzero(mask.ravel() == 0)
        far[:, k], spot[:, k] = away[y, x], pixel[number[y, x]]
    order = np.argsort(far, axis=1, kind="stable")[:, :4]
    close = np.take_along_axis(far, order, 1) <= reach + 0.5
    width = order.shape[1]
    near[:, :width] = np.where(close, labels[order], -1)
    place[:, :width] = np.take_along_axis(spot, order, 1)
    return near, place


def carried(colors: Colors, place: Ints, y: Ints, x: Ints) -> tuple[Floats, Floats]:
    """(N, K, 3): colors of the pixels `place` (N, K), carried on to the pixels (y, x), and as they are."""
    width = colors.value.shape[1]
    from_y, from_x = np.divmod(place, width)
    flat = [part.reshape(-1, 3) for part in (colors.value, colors.by_x, colors.by_y)]
    value, by_x, by_y = (part[place].astype(np.float64) for part in flat)
    moved = value + by_x * (x[:, None] - from_x)[..., None] + by_y * (y[:, None] - from_y)[..., None]
    return np.clip(moved, 0, 255), value


def mixed(values: Floats, near: NDArray[np.int32], tint: Floats, calm: Floats) -> Found:
    """Mix each value (N, 3) of two of its cells `near` (N, 4), whose colors are `tint` (N, 4, 3) there."""
    count = len(values)
    known = near >= 0
    away = np.sqrt(((values[:, None] - tint) ** 2).sum(2)) + PRICES * np.arange(4)
    away[~known] = np.inf
    alone = away.argmin(1) if count else np.zeros(0, np.int64)
    rows = np.arange(count)
    owner = near[rows, alone].copy()
    other, cover = owner.copy(), np.ones(count)
    distance = away[rows, alone] if count else np.zeros(0)
    pure = distance <= OWN
    best = np.where(pure, -1.0, distance)
    contrast, apart = np.zeros((2, count))
    for price, (i, j) in enumerate(PAIRS):
        both = np.flatnonzero(known[:, i] & known[:, j] & (best > 0))
        a, b = tint[both, i], tint[both, j]
        along = a - b
        share = np.clip(((values[both] - b) * along).sum(1) / np.maximum((along**2).sum(1), 1e-6), 0, 1)
        off = np.sqrt(((values[both] - b - share[:, None] * along) ** 2).sum(1)) + PRICES * price
        better = off < best[both]
        both, share, off = both[better], share[better], off[better]
        best[both] = distance[both] = off
        swap = share < 0.5
        owner[both] = np.where(swap, near[both, j], near[both, i])
        other[both] = np.where(swap, near[both, i], near[both, j])
        cover[both] = np.where(swap, 1 - share, share)
        contrast[both] = np.sqrt((along[better] ** 2).sum(1))
        apart[both] = np.sqrt(((calm[both, i] - calm[both, j]) ** 2).sum(1))
    return Found(owner, other, cover, np.where(np.isfinite(distance), distance, 1e3), tint[:, 0], contrast, apart)
