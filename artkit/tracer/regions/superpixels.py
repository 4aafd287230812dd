"""Pixels to superpixels: about as many regions of one color as are asked for, by the merging of `tree`.

All pairs that are each other's cheapest neighbor merge at once, in whole arrays, band by band of rows.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Floats, Ints
from artkit.artwork.remembered import remembered
from artkit.spans import spanned
from artkit.tracer.regions.graph import RegionGraph, adjacency
from artkit.tracer.regions.labels import relabeled
from artkit.workers import mapped

BAND = 1 << 19
"""Pixels of a band of rows: bands are merged each by itself, in the cache."""

FINE = 16
"""Pixels of a superpixel where bands are put together, on the average: so few that no band has lost what shows."""

LARGE = 1 << 20
"""In pictures of more pixels than this, even blocks are whole from the start."""

LEAST = 40
"""Pixels of a superpixel then, on the average, at the least."""

EVEN = 0.75
"""Share of the blocks of two by two pixels that are even; more: faster, and coarser borders where little changes."""

APART = 4
"""Every so many pairs of rows are looked at to tell what is even."""


@remembered
@spanned("superpixels")
def superpixels(
    colors: NDArray[np.float32], weight: NDArray[np.float32] | None, opaque: Bools | None, count: int
) -> NDArray[np.int32]:
    """Merge pixels to about `count` regions or a few more, each of one color: a label image (H, W), -1 not opaque."""
    height, width = colors.shape[:2]
    rows = max(16, BAND // width)
    tops = list(range(0, max(height - 15, 1), rows))
    labels = np.empty((height, width), np.int32)
    found = 0
    large = height * width > max(LARGE, LEAST * count) and min(height, width) >= 2 * APART
    even = _evenness(colors, weight) if large and opaque is None else None

    def merged(band: slice) -> NDArray[np.int32]:
        return _band_of_superpixels(
            colors[band],
            None if weight is None else weight[band],
            None if opaque is None else opaque[band],
            count if len(tops) == 1 else max(count // len(tops), (band.stop - band.start) * width // FINE),
            even,
        )

    bands = [slice(*rows_) for rows_ in pairwise([*tops, height])]
    for band, part in zip(bands, mapped(merged, bands), strict=True):
        labels[band] = np.where(part >= 0, part + found, -1)
        found += int(part.max(initial=-1)) + 1
    if len(tops) == 1 or found <= count:
        return labels
    graph = RegionGraph(_sums(labels, colors, weight, found), *adjacency(labels, found), None)
    return relabeled(labels, _until(graph, count))


def _band_of_superpixels(
    colors: NDArray[np.float32],
    weight: NDArray[np.float32] | None,
    opaque: Bools | None,
    count: int,
    even: float | None,
) -> NDArray[np.int32]:
    """Superpixels of a band of rows; blocks that are `even` enough are whole from the start."""
    height, width = colors.shape[:2]
    heavy = np.ones(height * width) if weight is None else weight.ravel().astype(np.float64)
    sums = np.concatenate([heavy[None], colors.reshape(-1, 3).T * heavy])
    index = np.arange(height * width, dtype=np.int64).reshape(height, width)
    if even is not None:
        index, sums = _with_blocks(sums, index, even)
    a = np.concatenate([index[:, :-1].ravel(), index[:-1].ravel()])
    b = np.concatenate([index[:, 1:].ravel(), index[1:].ravel()])
    if opaque is not None:
        inside = opaque.ravel()
        a, b = (side[inside[a] & inside[b]] for side in (a, b))
    if even is not None:
        a, b = (side[a != b] for side in (a, b))
    graph = RegionGraph(sums, a, b, np.ones(len(a)), None)
    owner = _until(graph, count if opaque is None else count + int((~opaque).sum()))
    labels = owner[index.ravel()].astype(np.int32)
    if opaque is not None:
        found = np.unique(np.where(opaque.ravel(), labels, -1), return_inverse=True)[1].ravel()
        labels = (found - int(not opaque.all())).astype(np.int32)
    return labels.reshape(height, width)


def _evenness(colors: NDArray[np.float32], weight: NDArray[np.float32] | None) -> float:
    """Squared error up to which blocks of two by two pixels are even: `EVEN` of them are, by some pairs of rows."""
    rows = np.arange(len(colors) // (2 * APART))[:, None] * 2 * APART + (0, 1)
    some = colors[rows.ravel()].reshape(-1, 3)
    heavy = np.ones(len(some)) if weight is None else weight[rows.ravel()].ravel().astype(np.float64)
    planes = np.concatenate([heavy[None], some.T * heavy]).reshape(4, -1, colors.shape[1])
    blocks = _halved(planes)
    energy = (_halved(_energy(planes)[None])[0] - _energy(blocks)).ravel()
    place = int(EVEN * (len(energy) - 1))
    return float(np.partition(energy, place)[place])


def _with_blocks(sums: Floats, index: NDArray[np.int64], even: float) -> tuple[NDArray[np.int64], Floats]:
    """Unite the pixels (H, W) of even blocks of two by two, and these to blocks of four by four where it adds no more.

    Gives the number of each pixel's part, and the sums (4, n) of these.
    """
    planes, root = sums.reshape(4, *index.shape), index.copy()
    total, is_whole = planes, np.ones(index.shape, bool)
    for side in (2, 4):
        blocks = _halved(total)
        energy = _halved(_energy(total)[None])[0] - _energy(blocks)
        whole = (energy <= even * (side // 2) ** 2) & (_halved(is_whole[None].astype(np.uint8))[0] == 4)
        heads = index[::side, ::side][: whole.shape[0], : whole.shape[1]]
        block = np.s_[: whole.shape[0] * side, : whole.shape[1] * side]
        larger = whole.repeat(side, 0).repeat(side, 1)
        root[block] = np.where(larger, heads.repeat(side, 0).repeat(side, 1), root[block])
        sums[:, heads[whole]] = blocks[:, whole]
        total, is_whole = blocks, whole
    kept = root == index
    number = (np.cumsum(kept.ravel()) - 1)[root]
    return number, sums[:, kept.ravel()]


def _halved(planes: NDArray[Any]) -> NDArray[Any]:
    """Sum blocks of two by two of planes (K, H, W); a last row or column of its own is left out."""
    height, width = planes.shape[1] // 2 * 2, planes.shape[2] // 2 * 2
    rows = planes[:, 0:height:2, :width] + planes[:, 1:height:2, :width]
    total: NDArray[Any] = rows[:, :, ::2] + rows[:, :, 1::2]
    return total


def _energy(planes: Floats) -> Floats:
    """Squared sums of colors over their weight, (4, H, W)."""
    energy: Floats = (planes[1] ** 2 + planes[2] ** 2 + planes[3] ** 2) / np.maximum(planes[0], 1e-12)
    return energy


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

    def summed(top: int) -> Floats:
        flat = labels[top : top + rows].ravel().astype(np.intp)
        heavy = np.ones(len(flat)) if weight is None else weight[top : top + rows].ravel()
        color = colors[top : top + rows].reshape(-1, 3)
        if int(flat.min(initial=0)) < 0:
            inside = np.flatnonzero(flat >= 0)
            flat, heavy, color = flat[inside], heavy[inside], color[inside]
        return np.stack([np.bincount(flat, part, count) for part in (heavy, *(color.T * heavy))])

    for part in mapped(summed, range(0, len(labels), rows)):
        total += part
    return total
