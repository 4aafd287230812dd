"""Few colors for many: clusters of weighted points, found by division, and what pixels may be exchanged or mixed.

A point is a color, or a color's levels in several frames of an animation, side by side, so that one set of clusters
serves all frames. Distances are measured in luma and two color differences (Rec. 601) of sRGB levels, in which equal
steps look about equal; luma counts half as much again. scikit-learn's k-means, with its several starts and its rule for
stopping, takes twenty times as long.
"""

from __future__ import annotations

import heapq
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artkit.algebra import eigen, product
from artkit.color.means import means_by_label

Points = NDArray[np.float32]
"""(N, D)."""

Weights = NDArray[np.float64]
"""(N,)."""

_OPPONENT = np.array(
    [[0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]], np.float32
) * np.array([[1.5], [1.0], [1.0]], np.float32)

_BLOCK = 256
"""Points compared with all centers at a time, so that the products stay in the processor's cache."""

SCALE = 1.5
"""Square of the distance of two colors' points to the mean square of their difference in levels: 2.25 for grays, and
1.2 to 1.8 in the mean over the errors of photos."""

_SHORT = 8
"""Numbers from which on numpy adds in another order than one after the other."""

_FEW = 16
"""Points up to which a part's numbers are added one after the other."""

_KEPT = 0.9997
"""Share of the points' spread that the axes they are reduced to must hold."""

_AXES = 16


def opponent(levels: NDArray[Any]) -> Points:
    """Give (N, 3 F) levels of F frames as points (N, 3 F) between which distances are about those that are seen."""
    frames = product(levels.reshape(-1, 3).astype(np.float32), _OPPONENT.T)
    return frames.reshape(len(levels), -1)


class Axes:
    """The few directions in which points spread: courses of colors are smooth, and most of their numbers redundant."""

    def __init__(self, points: Points, weights: Weights) -> None:
        total = weights.sum()
        self.middle = (product(weights, points) / total).astype(np.float32)
        apart = points - self.middle
        spread = product((apart * weights[:, None]).T, apart) / total
        values, vectors = eigen(spread)
        shares = np.cumsum(values[::-1]) / max(values.sum(), 1e-12)
        count = min(int(np.searchsorted(shares, _KEPT)) + 1, _AXES, len(values))
        self.vectors = np.ascontiguousarray(vectors[:, ::-1][:, :count], np.float32)

    def __call__(self, points: Points) -> Points:
        """Give the points (N, D) on these axes."""
        on_axes: Points = product(points - self.middle, self.vectors)
        return on_axes


def divided(points: Points, weights: Weights, count: int) -> Points:
    """Give up to `count` centers: always the part that spreads most along an axis is cut there, at its mean.

    After Wan, Wong and Prusinkiewicz, "An algorithm for multidimensional data clustering" (1988).
    """

    def part(mine: NDArray[Any], heavy: Weights, serial: int) -> tuple[float, int, NDArray[Any], Weights, Points, int]:
        add = _added if len(heavy) > _FEW else _added_in_turn
        middle = add(heavy * mine) / heavy.sum()
        spread = add(heavy * (mine - middle[:, None]) ** 2)
        axis = int(spread.argmax())
        return -float(spread[axis]), serial, mine, heavy, middle, axis

    heap = [part(np.ascontiguousarray(points.T), weights, 0)]
    while len(heap) < count and heap[0][0] < -1e-9:
        _, _, mine, heavy, middle, axis = heapq.heappop(heap)
        low = mine[axis] <= middle[axis]
        if low.all():  # a spread of rounding errors alone
            heapq.heappush(heap, (0.0, len(heap) * 2 + 1, mine, heavy, middle, axis))
            continue
        for i, half in enumerate((low, ~low)):
            heapq.heappush(heap, part(mine.compress(half, axis=1), heavy[half], 2 * len(heap) + i))
    return np.array([each[4] for each in heap], np.float32)


def _added(rows: NDArray[Any]) -> NDArray[Any]:
    """Add up each of (D, N) rows."""
    total: NDArray[Any] = rows.sum(axis=1)
    return total


def _added_in_turn(rows: NDArray[Any]) -> NDArray[Any]:
    """Add up each of (D, N) rows of few numbers, one after the other, as `artkit.algebra.product` does."""
    total: NDArray[Any] = rows.cumsum(axis=1)[:, -1]
    return total


def exchanges(
    points: Points, weights: Weights, centers: Points, own: NDArray[np.uint8], allowed: float
) -> tuple[NDArray[np.uint16], list[list[int]]]:
    """Give which other centers may replace a point's own: a cell for each point, (N,), and for each cell its centers.

    A cell holds the points of one center that lie on the same side of it in each of the first three axes. Replacing
    their center by one of the cell's list, in which the nearest come first, raises the square distance by no more than
    `allowed`, in the mean over the cell's points. On the side that faces another center the rise is small, so eight
    cells around each center gain nearly as much as a list for each single point would.
    """
    cells = own.astype(np.intp) << 3
    for axis in range(min(points.shape[1], 3)):
        cells |= (points[:, axis] > centers[:, axis][own]).astype(np.intp) << axis
    there = np.bincount(cells, minlength=len(centers) << 3) > 0
    kinds, cell = np.flatnonzero(there), (np.cumsum(there) - 1)[cells]
    middles = means_by_label(cell, points, len(kinds), weights)
    closeness = product(middles, centers.T.astype(np.float64)) - (centers * centers).sum(axis=1) / 2
    mine = kinds >> 3
    rows, others = np.nonzero(closeness >= (closeness[np.arange(len(kinds)), mine] - allowed / 2)[:, None])
    rows, others = rows[others != mine[rows]], others[others != mine[rows]]
    others = others[np.lexsort((-closeness[rows, others], rows))]
    ends = np.searchsorted(rows, np.arange(len(kinds) + 1)).tolist()
    listed = others.tolist()
    return cell.astype(np.uint16), [listed[start:end] for start, end in pairwise(ends)]


def mixtures(
    points: Points, centers: Points, own: NDArray[np.uint8], noise: float = 0.2
) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Give for each point the other center (N,) that its own is best mixed with, and its share (N,), 0 to 1/2.

    Of the sixteen centers around its own the one is taken whose mixture is nearest to the point, where two centers
    far apart, whose mixture is coarse, count as if they were off by the share `noise` of the mixture's variance.
    """
    count = min(17, len(centers))
    around = np.argsort(squares_between(centers), axis=1, kind="stable")[:, 1:count]
    partner, share = own.copy(), np.zeros(len(points), np.float32)
    for start in range(0, len(points) if count > 1 else 0, _BLOCK):
        block = slice(start, start + _BLOCK)
        mine = own[block]
        apart = points[block] - centers[mine]
        other = around[mine]
        lines = centers[other] - centers[mine][:, None]
        length = np.maximum(_summed(lines * lines), 1e-9)
        part = np.clip(_summed(lines * apart[:, None]) / length, 0, 0.5)
        off = _summed((apart[:, None] - part[..., None] * lines) ** 2) + noise * part * (1 - part) * length
        best = off.argmin(axis=1)[:, None]
        partner[block] = np.take_along_axis(other, best, axis=1)[:, 0]
        share[block] = np.take_along_axis(part, best, axis=1)[:, 0]
    return partner, share


def squares_between(centers: Points) -> Points:
    """Give the squares of the distances, (K, K), of (K, D) centers from each other."""
    return _summed((centers[:, None] - centers[None]) ** 2)


def _summed(values: NDArray[Any]) -> NDArray[Any]:
    """Add up the last axis. numpy adds few numbers one after the other as well, and takes several times as long."""
    if values.shape[-1] >= _SHORT:
        total: NDArray[Any] = values.sum(axis=-1)
        return total
    total = values[..., 0].copy()
    for axis in range(1, values.shape[-1]):
        total += values[..., axis]
    return total
