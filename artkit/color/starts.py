"""k-means from several starts: weighted points in, the centers of the best start out.

Starts are chosen by k-means++, each center the best of a few drawn by their squared distance (Arthur and Vassilvitskii,
"k-means++: the advantages of careful seeding", 2007). Then come Lloyd's rounds. As scikit-learn does it, draw by draw,
but for sums whose last bits, on which the next draw hangs, are the same on every processor.
"""

from __future__ import annotations

import numpy as np

from artkit.algebra import inner
from artkit.arrays import Floats
from artkit.color.means import sums_by_label
from artkit.color.nearest import nearest

STARTS = 12
ROUNDS = 100

CLOSE = 1e-4
"""Centers are done where they move, all together, by less than this share of the points' mean variance."""


def best_centers(points: Floats, weights: Floats, count: int, seed: int) -> Floats:
    """Give the centers (count, D) of the points (N, D), N at least `count`, that leave the least squared error."""
    chance = np.random.RandomState(seed)  # its numbers are the same in every version of numpy
    middle = points.mean(0)
    points = points - middle
    close = CLOSE * float(points.var(0).mean())
    found = (_settled(points, weights, _start(points, weights, count, chance), close) for _ in range(STARTS))
    best: Floats = min((_error(points, weights, centers), k, centers) for k, centers in enumerate(found))[2] + middle
    return best


def _start(points: Floats, weights: Floats, count: int, chance: np.random.RandomState) -> Floats:
    """Draw centers among the points."""
    trials = 2 + int(np.log(count))
    chosen = [int(chance.choice(len(points), p=weights / weights.sum()))]
    gaps = _gaps(points, chosen[0])
    for _ in range(count - 1):
        errors = np.cumsum(weights * gaps)
        drawn = np.searchsorted(errors, chance.uniform(size=trials) * float((weights * gaps).sum()))
        tried = [(np.minimum(gaps, _gaps(points, k)), k) for k in np.minimum(drawn, len(points) - 1).tolist()]
        gaps, best = tried[int(np.argmin([inner(weights, left) for left, _ in tried]))]
        chosen.append(best)
    return points[chosen]


def _gaps(points: Floats, k: int) -> Floats:
    """Squared distances (N,) from point k."""
    gaps: Floats = np.square(points - points[k]).sum(1)
    return gaps


def _settled(points: Floats, weights: Floats, centers: Floats, close: float) -> Floats:
    """Move centers to the means of what is nearest to them until that moves them no more."""
    heavy = np.ascontiguousarray((points * weights[:, None]).T)
    before = None
    for _ in range(ROUNDS):
        own = nearest(points, centers)
        total = np.bincount(own, weights, len(centers)).astype(np.float64)
        sums = sums_by_label(own, heavy, len(centers))
        _refill(points, weights, centers, own, total, sums)
        moved = np.where(total[:, None] > 0, sums / np.where(total > 0, total, 1)[:, None], centers)
        far, centers = float(np.square(moved - centers).sum()), moved
        if far <= close or (before is not None and np.array_equal(own, before)):
            break
        before = own
    return centers


def _refill(points: Floats, weights: Floats, centers: Floats, own: Floats, total: Floats, sums: Floats) -> None:
    """Give each center without a point, in place, one of those farthest from their own."""
    empty = np.flatnonzero(total == 0)
    if not len(empty):
        return
    gaps = np.square(points - centers[own]).sum(1)
    if not gaps.any():
        return
    for center, k in zip(empty, np.argsort(-gaps, kind="stable")[: len(empty)], strict=True):
        share = points[k] * weights[k]
        sums[own[k]] -= share
        total[own[k]] -= weights[k]
        sums[center], total[center] = share, weights[k]


def _error(points: Floats, weights: Floats, centers: Floats) -> float:
    return inner(weights, np.square(points - centers[nearest(points, centers)]).sum(1))
