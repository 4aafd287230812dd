"""Clusters of weighted points, without chance: divided where they vary most, then moved to means."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from artkit.algebra import eigen, inner, product
from artkit.arrays import Floats, distinct
from artkit.color.means import means_by_label
from artkit.color.nearest import nearest


def centers_of(points: Floats, weights: Floats, count: int) -> Floats:
    """(K, 3) centers of weighted points: clusters split where they vary most, then Lloyd's rounds."""
    if len(points) <= count:
        return points
    cluster = np.zeros(len(points), np.intp)
    members = [np.arange(len(points))]
    errors = [_spread(points, weights)]
    while len(members) < count:
        worst = int(np.argmax(errors))
        if errors[worst] <= 0:
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
        if np.array_equal(new, cluster) or len(distinct(new)) < len(centers):
            break
        cluster = new
        centers = means_by_label(cluster, points, len(centers), weights)
    return centers


def _spread(points: Floats, weights: Floats) -> float:
    """Weighted squared distance of points from their mean."""
    if len(points) < 2:
        return 0.0
    mean = product(weights, points) / weights.sum()
    return inner(weights, ((points - mean) ** 2).sum(1))


def _split(points: Floats, weights: Floats) -> NDArray[np.bool_]:
    """Cut a cluster in two across its longest axis, where the squared error falls most (Wu 1992): which half."""
    mean = product(weights, points) / weights.sum()
    off = points - mean
    axis = eigen(product((off * weights[:, None]).T, off))[1][:, -1]
    along = product(off, axis)
    order = np.argsort(along, kind="stable")
    weight, moment = np.cumsum(weights[order]), np.cumsum(weights[order] * along[order])
    gain = moment[:-1] ** 2 / weight[:-1] + (moment[-1] - moment[:-1]) ** 2 / (weight[-1] - weight[:-1])
    upper = np.zeros(len(points), bool)
    upper[order[int(np.argmax(gain)) + 1 :]] = True
    return upper
