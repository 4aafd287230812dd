"""Many colors to few: those that stand for a picture's pixels, or for its regions, with the least squared error."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Floats
from artkit.color.means import means_by_label
from artkit.color.nearest import nearest

FEWEST, MOST = 12, 48
"""Bounds of the automatic number of colors; a picture with fewer distinct ones gets these."""

_SCALE = 255 * np.sqrt(3) * np.array([1.0, 1.5, 1.5])
"""From OKLab to the scale of RGB distances: black to white is as far in both. Tints count more than OKLab has it, or
sixteen colors are all spent on lightness, and a green house turns gray."""


def inks(colors: Floats, areas: Floats, count: int) -> tuple[Floats, NDArray[np.intp]]:
    """Choose `count` inks (K, 3), whole levels, for regions of some colors (N, 3) and areas; which one is each one's.

    Fewer only where the regions have fewer colors. Every ink is the mean of what it is used for, and all differ.
    """
    whole = np.clip(np.rint(colors), 0, 255).astype(np.uint8)
    lab = to_lab(whole)
    centers = centers_of(lab, areas, count)
    used, ink = np.unique(nearest(lab, centers), return_inverse=True)
    means = means_by_label(ink, colors, len(used), areas)
    return apart(np.clip(np.rint(means), 0, 255).astype(np.uint8)).astype(np.float64), ink


def to_lab(colors: NDArray[np.uint8]) -> Floats:
    """Give colors (N, 3) in OKLab, on the scale of RGB distances; see `_SCALE`."""
    from artkit.color.spaces import srgb_to_oklab

    lab: Floats = srgb_to_oklab(colors) * _SCALE
    return lab


def centers_of(points: Floats, weights: Floats, count: int | None) -> Floats:
    """(K, 3) centers of weighted points: clusters split where they vary most, then Lloyd's rounds."""
    most = MOST if count is None else count
    if len(points) <= (FEWEST if count is None else count):
        return points
    cluster = np.zeros(len(points), np.intp)
    members = [np.arange(len(points))]
    errors = [_spread(points, weights)]
    whole = errors[0]
    while len(members) < most:
        worst = int(np.argmax(errors))
        if errors[worst] <= 0:
            break
        if count is None and len(members) >= FEWEST and sum(errors) < 0.02 * whole:
            break
        inside = members[worst]
        upper = _split(points[inside], weights[inside])
        for place, part in ((worst, inside[~upper]), (len(members), inside[upper])):
            error = _spread(points[part], weights[part])
            if place == worst:
                members[worst], errors[worst] = part, error
            else:
                members.append(part)
                errors.append(error)
    for number, inside in enumerate(members):
        cluster[inside] = number
    centers = means_by_label(cluster, points, len(members), weights)
    for _ in range(12):
        new = nearest(points, centers)
        if np.array_equal(new, cluster) or len(np.unique(new)) < len(centers):
            break
        cluster = new
        centers = means_by_label(cluster, points, len(centers), weights)
    return centers


def _spread(points: Floats, weights: Floats) -> float:
    """Weighted squared distance of points from their mean."""
    if len(points) < 2:
        return 0.0
    mean = weights @ points / weights.sum()
    return float(weights @ ((points - mean) ** 2).sum(1))


def _split(points: Floats, weights: Floats) -> NDArray[np.bool_]:
    """Cut a cluster in two across its longest axis, where the squared error falls most (Wu 1992): which half."""
    mean = weights @ points / weights.sum()
    off = points - mean
    axis = np.linalg.eigh((off * weights[:, None]).T @ off)[1][:, -1]
    along = off @ axis
    order = np.argsort(along, kind="stable")
    weight, moment = np.cumsum(weights[order]), np.cumsum(weights[order] * along[order])
    gain = moment[:-1] ** 2 / weight[:-1] + (moment[-1] - moment[:-1]) ** 2 / (weight[-1] - weight[:-1])
    upper = np.zeros(len(points), bool)
    upper[order[int(np.argmax(gain)) + 1 :]] = True
    return upper


def apart(palette: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Move colors that rounding has made equal to the nearest free ones."""
    taken: set[tuple[int, ...]] = set()
    result = palette.copy()
    for i, color in enumerate(palette.astype(int)):
        reach = 0
        while (name := tuple(result[i].tolist())) in taken:
            reach += 1
            near = np.indices((2 * reach + 1,) * 3).reshape(3, -1).T - reach
            near = near[np.lexsort((*near.T, (near**2).sum(1)))] + color
            near = near[((near >= 0) & (near <= 255)).all(1)]
            free = [c for c in map(tuple, near.tolist()) if c not in taken]
            if free:
                result[i] = free[0]
        taken.add(name)
    return result
