"""Pixels to superpixels: about as many regions of one color as are asked for, by the merging of `tree`.

All pairs that are each other's cheapest neighbor merge at once, in whole arrays, band after band of rows.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Floats, Ints
from artkit.artwork.remembered import remembered
from artkit.tracer.regions.graph import RegionGraph, adjacency
from artkit.tracer.regions.labels import relabeled

BAND = 1 << 19
"""Pixels of a band of rows: bands are merged one after the other, in the cache."""

FINE = 16
"""Pixels of a superpixel where bands are put together, on the average: so few that no band has lost what shows."""


@remembered
def superpixels(
    colors: NDArray[np.float32], weight: NDArray[np.float32] | None, opaque: Bools | None, count: int
) -> NDArray[np.int32]:
    """Merge pixels to about `count` regions or a few more, each of one color: a label image (H, W), -1 not opaque."""
    height, width = colors.shape[:2]
    rows = max(16, BAND // width)
    tops = list(range(0, max(height - 15, 1), rows))
    labels = np.empty((height, width), np.int32)
    found = 0
    for top, bottom in pairwise([*tops, height]):
        band = slice(top, bottom)
        part = _band_of_superpixels(
            colors[band],
            None if weight is None else weight[band],
            None if opaque is None else opaque[band],
            count if len(tops) == 1 else max(count // len(tops), (bottom - top) * width // FINE),
        )
        labels[band] = np.where(part >= 0, part + found, -1)
        found += int(part.max(initial=-1)) + 1
    if len(tops) == 1 or found <= count:
        return labels
    graph = RegionGraph(_sums(labels, colors, weight, found), *adjacency(labels, found), None)
    return relabeled(labels, _until(graph, count))


def _band_of_superpixels(
    colors: NDArray[np.float32], weight: NDArray[np.float32] | None, opaque: Bools | None, count: int
) -> NDArray[np.int32]:
    height, width = colors.shape[:2]
    index = np.arange(height * width, dtype=np.int64).reshape(height, width)
    a = np.concatenate([index[:, :-1].ravel(), index[:-1].ravel()])
    b = np.concatenate([index[:, 1:].ravel(), index[1:].ravel()])
    if opaque is not None:
        inside = opaque.ravel()
        a, b = (side[inside[a] & inside[b]] for side in (a, b))
    heavy = np.ones(height * width) if weight is None else weight.ravel().astype(np.float64)
    sums = np.concatenate([heavy[None], colors.reshape(-1, 3).T * heavy])
    graph = RegionGraph(sums, a, b, np.ones(len(a)), None)
    owner = _until(graph, count if opaque is None else count + int((~opaque).sum()))
    labels = owner.astype(np.int32)
    if opaque is not None:
        found = np.unique(np.where(opaque.ravel(), labels, -1), return_inverse=True)[1].ravel()
        labels = (found - int(not opaque.all())).astype(np.int32)
    return labels.reshape(height, width)


def _until(graph: RegionGraph, count: int) -> Ints:
    """Merge all pairs that can, round after round, until `count` regions are left; the new number of each old one."""
    owner = np.arange(graph.moments.shape[1])
    while len(graph.a) and (few := graph.moments.shape[1] - count) > 0:
        cost = graph.cost(None)
        pairs = graph.cheapest(cost)
        if len(pairs) > few:
            pairs = pairs[np.argsort(cost[pairs], kind="stable")[:few]]
        owner = graph.merge(pairs, cost).number[owner]
    return owner


def _sums(
    labels: NDArray[np.int32], colors: NDArray[np.float32], weight: NDArray[np.float32] | None, count: int
) -> Floats:
    """Weights and weighted colors of regions, (4, count); rows of pixels at a time."""
    total = np.zeros((4, count))
    rows = max(1, BAND // labels.shape[1])
    for top in range(0, len(labels), rows):
        flat = labels[top : top + rows].ravel()
        inside = flat >= 0
        heavy = np.ones(len(flat)) if weight is None else weight[top : top + rows].ravel()
        color = colors[top : top + rows].reshape(-1, 3)
        for row, part in zip(total, (heavy, *(color.T * heavy)), strict=True):
            row += np.bincount(flat[inside], part[inside], count)
    return total
