"""Cells of a drawing of gradients: where the color changes smoothly, and which of them each pixel of an edge mixes.

Calm pixels that hang together are a cell. Every other pixel is a mixture of two cells close by, whose colors are
carried on from their nearest calm pixels, as the color changes there. What no two explain is a thin part of a color of
its own: the most extreme one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Floats, Ints, Pixels
from artkit.raster.masks import spread
from artkit.tracer.gradients.look import SOFT, is_calm
from artkit.tracer.gradients.mixing import FARTHEST, Colors, explained
from artkit.tracer.gradients.seeds import seeds
from artkit.tracer.gradients.settling import Explained, settled
from artkit.tracer.regions.flat import Mixtures

REACH = 4
"""How far from an edge's pixel the cells are that it mixes, in pixels."""

WINDOW = 7
"""Side of the square in which the change of a color is measured, in pixels."""

EXPLAINED = 7.0
"""A pixel this close to a mixture (RGB distance) is explained by it."""

LEAST = 3
"""Pixels that none explain make a cell of their own, if they are so many."""

ROUNDS = 3
"""How often thin parts are looked for."""

SUDDEN, FAINT = 0.42, 5.0
"""An edge changes by this part of its contrast from one pixel to the next, and by so many levels (RGB distance)."""


@dataclass(frozen=True, eq=False)
class Cells:
    """Mixtures of cells; `inner` (H, W) are the pixels that tell a cell's colors, `count` the number of cells.

    `step` (H, W) is how far apart the two colors of a mixture are there, or a pixel's color and one beside it; where
    what lies between their nearest calm pixels is no sudden change, it is 0.
    """

    mixed: Mixtures
    step: Floats
    inner: Bools
    count: int


def found_cells(pixels: Pixels, opaque: Bools | None) -> Cells:
    """Find the cells of an (H, W, 3) picture, and explain every pixel that is `opaque` as one or a mixture of two."""
    painted = np.ones(pixels.shape[:2], bool) if opaque is None else opaque
    calm = is_calm(pixels, SOFT) & painted
    seed, count = seeds(calm)
    colors = _changing(pixels.astype(np.float32), seed)
    owner = _grown(seed, calm)
    other, coverage = owner.copy(), np.ones(owner.shape, np.float32)
    y, x = np.nonzero(painted & (owner < 0))
    for turn in range(ROUNDS + 1):
        found = explained(pixels, seed, colors, y, x, REACH)
        lost = np.flatnonzero(found.distance > EXPLAINED)
        if len(lost):
            found.improve(lost, explained(pixels, seed, colors, y[lost], x[lost], FARTHEST))
            lost = lost[found.distance[lost] > EXPLAINED]
        if turn == ROUNDS or not len(lost):
            break
        more = _thin_seeds(pixels, seed, colors, y[lost], x[lost], found.ground[lost], count)
        if more == count:
            break
        count = more
    owner[y, x], other[y, x], coverage[y, x] = found.owner, found.other, found.coverage
    if (owner < 0)[painted].any():
        count = _given_to_nearest(owner, painted, count)
        other = np.where(other < 0, owner, other)
    contrast, apart, distance = np.zeros((3, *owner.shape))
    contrast[y, x], apart[y, x], distance[y, x] = found.contrast, found.apart, found.distance
    known = Explained(owner, other, coverage, contrast, apart, distance)
    mixed = settled(pixels, known, seed, colors)
    steps = _steps(pixels)
    sudden = ~calm & (steps > np.maximum(FAINT, SUDDEN * known.apart))
    # An edge between two rows of pixels leaves none that mix both its colors.
    step = np.where(sudden, np.where(owner == other, steps, known.contrast), 0)
    return Cells(mixed, step, (seed >= 0) & (seed == owner), count)


def _changing(values: NDArray[np.float32], seed: NDArray[np.int32]) -> Colors:
    """Measure how the color changes between pixels of one cell, by means over a window."""
    import cv2

    def mean(axis: int) -> NDArray[np.float32]:
        change, known = np.zeros_like(values), np.zeros(seed.shape, np.float32)
        ahead = (slice(None), slice(1, None)) if axis else (slice(1, None), slice(None))
        back = (slice(None), slice(None, -1)) if axis else (slice(None, -1), slice(None))
        same = (seed[ahead] == seed[back]) & (seed[ahead] >= 0)
        change[ahead] = np.where(same[..., None], values[ahead] - values[back], 0)
        known[ahead] = same
        size = (WINDOW, WINDOW)
        total = np.asarray(cv2.boxFilter(change, -1, size, normalize=False, borderType=cv2.BORDER_CONSTANT))
        number = np.asarray(cv2.boxFilter(known, -1, size, normalize=False, borderType=cv2.BORDER_CONSTANT))
        return np.asarray(total / np.maximum(number, 1)[..., None], np.float32)

    return Colors(values.copy(), mean(1), mean(0))


def _grown(seed: NDArray[np.int32], calm: Bools) -> NDArray[np.int32]:
    """Give calm pixels beside a core its cell."""
    padded = np.pad(seed, 1, constant_values=-1)
    owner = seed.copy()
    height, width = seed.shape
    for dy, dx in ((0, 1), (1, 0), (0, -1), (-1, 0), (1, 1), (1, -1), (-1, -1), (-1, 1)):
        beside = padded[1 + dy : 1 + dy + height, 1 + dx : 1 + dx + width]
        owner = np.where((owner < 0) & calm, beside, owner)
    return owner


def _thin_seeds(
    pixels: Pixels, seed: NDArray[np.int32], colors: Colors, y: Ints, x: Ints, ground: Floats, count: int
) -> int:
    """Make cells, in place, of the extremes of what none explain; give the number of cells then."""
    import cv2

    mask = np.zeros(seed.shape, np.uint8)
    mask[y, x] = 1
    parts = cv2.connectedComponents(mask, connectivity=8)[1][y, x]
    away = ((pixels[y, x] - ground) ** 2).sum(1)
    order = np.lexsort((np.arange(len(y)), -away, parts))
    first = np.flatnonzero(np.append(True, np.diff(parts[order]) > 0))
    size = np.diff(np.append(first, len(order)))
    extreme = order[first]
    kept = size >= LEAST
    chosen = np.full(int(parts.max(initial=0)) + 1, -1, np.int64)
    chosen[parts[extreme[kept]]] = extreme[kept]
    mine = chosen[parts]
    some = np.flatnonzero(mine >= 0)
    like = np.sqrt(((pixels[y[some], x[some]].astype(float) - pixels[y[mine[some]], x[mine[some]]]) ** 2).sum(1))
    some = some[like <= 2 * EXPLAINED]
    number = np.full(len(chosen), -1, np.int64)
    number[parts[extreme[kept]]] = count + np.arange(int(kept.sum()))
    seed[y[some], x[some]] = number[parts[some]]
    colors.value[y[some], x[some]] = pixels[y[mine[some]], x[mine[some]]]
    colors.by_x[y[some], x[some]] = colors.by_y[y[some], x[some]] = 0
    return count + int(kept.sum())


def _given_to_nearest(owner: NDArray[np.int32], painted: Bools, count: int) -> int:
    """Give pixels without a cell that of the nearest pixel with one, in place; a cell for all where there is none."""
    if not (owner >= 0).any():
        owner[painted] = 0
        return 1
    lost = painted & (owner < 0)
    owner[lost] = spread(owner, owner >= 0)[0][lost]
    return count


def _steps(pixels: Pixels) -> Floats:
    """(H, W): RGB distance of each pixel from the one that differs most of the four beside it."""
    values = pixels.astype(np.float64)
    most = np.zeros(pixels.shape[:2])
    for axis in (0, 1):
        step = np.sqrt((np.diff(values, axis=axis) ** 2).sum(2))
        ahead, behind = [(0, 0), (0, 0)], [(0, 0), (0, 0)]
        ahead[axis], behind[axis] = (1, 0), (0, 1)
        most = np.maximum(most, np.maximum(np.pad(step, ahead), np.pad(step, behind)))
    return most
