"""One index for a whole palette animation: pixels whose colors stay close in all frames share a place in the tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artkit.algebra import inner, product
from artkit.artwork.animation import Colors, PaletteAnimation
from artkit.artwork.image import OPAQUE
from artkit.color.kmeans import lloyd
from artkit.color.means import means_by_label
from artkit.color.nearest import nearest
from artkit.color.quantize import SCALE, Axes, Points, Weights, divided, exchanges, opponent
from artkit.export.gif.dither import Indices, dithered, is_coarse, is_mixed, mixed
from artkit.export.gif.palette import ROUNDS, Slack, samples

CLUSTERED = 1 << 16
"""Colors that clusters are made of; where there are more, those of a box stand together. In frames where contrasts
are stronger than in the base (whites, in the sigmoid-stretched turn), colors of the smallest box may fly apart."""


_BLOCK = 1 << 16
"""Colors whose courses over the sampled frames are in memory at a time."""


@dataclass(frozen=True, eq=False)
class OneIndex:
    """A whole animation as one index (H, W) and a table of colors, (K, 3), for each frame.

    `clear` is the index of what is transparent, None where there is none; tables have no color for it. `cell_table(i)`
    gives the mean colors of the cells of `slack`, where there is some: tables for exchanged indices are made of them.
    `allowed` is the mean square, in levels, by which a pixel may be off for a smaller file.
    """

    indices: Indices
    count: int
    table: Callable[[int], Colors]
    clear: int | None
    slack: Slack | None = None
    allowed: float = 0.0
    cell_table: Callable[[int], NDArray[np.float64]] | None = None


def one_index(animation: PaletteAnimation) -> OneIndex:
    """Index a palette animation: exactly where it has few colors, else by clusters of their courses over the frames."""
    base, alpha, indexing = animation.base, animation.alpha, animation.indexing
    solid = None if alpha is None else alpha >= OPAQUE
    weights = base.counts(solid).astype(np.float64)
    used = np.flatnonzero(weights) if weights.any() else np.zeros(1, np.intp)
    # Where the file may be lossy, what changes slowly is left out of some frames.
    holed = (solid is not None and not solid.all()) or indexing.lossy > 0
    sampled = samples(animation.count)
    if len(used) <= indexing.colors - holed:
        return _exact_index(animation, used, solid, holed, sampled)
    chosen, heavy, place = representatives(base.colors, used, weights, CLUSTERED)
    courses = _courses(animation, sampled, chosen)
    points = opponent(courses)
    axes = Axes(points, heavy)
    points = axes(points)
    centers = lloyd(points, heavy, divided(points, heavy, indexing.colors - holed), ROUNDS)
    own = nearest(points, centers)
    indices = _indices(animation, sampled, used, axes, centers, own if chosen is used else None)
    clear = len(centers) if holed else None

    def colors(i: int) -> Colors:
        if i in sampled:  # what is known already need not be turned again
            at = 3 * sampled.index(i)
            return courses[:, at : at + 3]
        return animation.table(i, chosen)

    def table(i: int) -> Colors:
        return np.rint(means_by_label(own, colors(i), len(centers), heavy)).astype(np.uint8)

    slack = cell_table = None
    allowed = 0.0
    if indexing.lossy:
        scale = SCALE * len(sampled)
        error = inner(heavy, ((points - centers[own]) ** 2).sum(axis=1)) / float(heavy.sum()) / scale
        allowed = _tolerance(indexing.lossy, error)
        cell, near = exchanges(points, heavy, centers, own, allowed * scale)
        of_color = np.zeros(len(base.colors), np.uint16)
        of_color[used] = cell[place]
        cells = of_color[base.index]
        if holed and solid is not None:
            cells[~solid] = len(near)  # nothing stands for what is not there
        slack = Slack(cells, [*near, []])

        def cell_table(i: int) -> NDArray[np.float64]:
            return means_by_label(cell, colors(i), len(near), heavy)

    return OneIndex(_cleared(indices, solid, clear), len(centers), table, clear, slack, allowed, cell_table)


def _exact_index(
    animation: PaletteAnimation,
    used: NDArray[np.intp],
    solid: NDArray[np.bool_] | None,
    holed: bool,
    sampled: Sequence[int],
) -> OneIndex:
    """Index an animation of few colors; where it may be lossy, those that are always close stand for each other."""
    rank = np.zeros(len(animation.base.colors), np.uint8)
    rank[used] = np.arange(len(used))
    clear = len(used) if holed else None
    indices = _cleared(rank[animation.base.index], solid, clear)
    slack, allowed = None, 0.0
    if animation.indexing.lossy:
        allowed = _tolerance(animation.indexing.lossy, 0.0)
        courses = _courses(animation, sampled, used).astype(np.float32)
        near = neighbors(courses, allowed)
        slack = Slack(indices.astype(np.uint16), [*near, []])
    return OneIndex(indices, len(used), lambda i: animation.table(i, used), clear, slack, allowed)


def _tolerance(lossy: float, error: float) -> float:
    """Give the mean square, in levels, by which a pixel may be off, where clusters are off by `error` already.

    What is off by more already may go off by less, until there are so few colors that less would be of no use. With
    lossy = 5, hue turns of photos are closer to them than gifski's at quality 90, and smaller.
    """
    return lossy * lossy * max(1.3 - 0.05 * error, 0.06 * error)


def representatives(
    colors: Colors, used: NDArray[np.intp], weights: Weights, most: int
) -> tuple[NDArray[np.intp], Weights, NDArray[np.intp]]:
    """Choose colors that stand for all those used: of each small box the middle one.

    Gives them, their weights together, and for each color used which of them stands for it.
    """
    if len(used) <= most:
        return used, weights[used], np.arange(len(used))
    shares = colors[used].astype(np.int32)
    for shift in (1, 2, 3):
        box = (shares >> shift) @ np.array([1 << 16, 1 << 8, 1], np.int32)
        kinds, own = np.unique(box, return_inverse=True)
        if len(kinds) <= most:
            break
    heavy = weights[used]
    total: NDArray[Any] = np.bincount(own, heavy)
    middle = means_by_label(own, shares, len(total), heavy)
    off = ((shares - middle[own]) ** 2).sum(axis=1)
    order = np.lexsort((off, own))
    first = np.searchsorted(own[order], np.arange(len(kinds)))
    return used[order[first]], total, own


def _courses(animation: PaletteAnimation, sampled: Sequence[int], which: Any) -> NDArray[np.uint8]:
    return np.concatenate([animation.table(i, which) for i in sampled], axis=1)


def _indices(
    animation: PaletteAnimation,
    sampled: Sequence[int],
    used: NDArray[np.intp],
    axes: Axes,
    centers: Points,
    known: Indices | None,
) -> Indices:
    """Give each pixel the center nearest to its color's course, or one of two that mix to it.

    `known` is the center of each color used, if it has been found already.
    """
    base, dither = animation.base, animation.indexing.dither
    own, partner, share = (np.zeros(len(base.colors), np.uint8) for _ in range(3))
    if known is not None:
        own[used] = known
    where = None if dither is False else is_mixed(base.painted(base.colors), dither)
    coarse = None if where is None else is_coarse(centers, len(sampled)) | bool(dither)
    in_fields = None if where is None else np.bincount(base.index[where], minlength=len(own))[used] > 0
    for start in range(0, len(used) if known is None or where is not None else 0, _BLOCK):
        block = used[start : start + _BLOCK]
        if known is not None and in_fields is not None and coarse is not None:
            block = block[in_fields[start : start + _BLOCK] & coarse[own[block]]]
            if not len(block):
                continue
        points = axes(opponent(_courses(animation, sampled, block)))
        own[block] = nearest(points, centers)
        if coarse is not None:
            some = coarse[own[block]]
            partner[block[some]], share[block[some]] = mixed(points[some], centers, own[block[some]])
    return own[base.index] if where is None else dithered(base.index, own, partner, share, where)


def _cleared(indices: Indices, opaque: NDArray[np.bool_] | None, clear: int | None) -> Indices:
    return indices if clear is None or opaque is None else np.where(opaque, indices, np.uint8(clear))


def neighbors(courses: NDArray[np.float32], allowed: float) -> list[list[int]]:
    """Give, for each of (K, F) courses of levels, the others within a mean square of it, the nearest first."""
    wide = courses.astype(np.float64)
    squares = (wide * wide).sum(axis=1)
    gaps = np.maximum(squares[:, None] + squares - 2 * product(wide, wide.T), 0) / courses.shape[1]
    order = np.argsort(gaps, axis=1, kind="stable")
    return [[j for j in row[gaps[i, row] <= allowed].tolist() if j != i] for i, row in enumerate(order)]
