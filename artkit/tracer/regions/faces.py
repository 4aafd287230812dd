"""Labels in, labels that are worth their borders out: a face takes a neighbor's where that gives more than it costs.

A face that takes the color of a neighbor costs squared error, its area times the change of the squared distance of its
mean color, and gives the length of the borders that vanish, times a price that rises from round to round. That is the
energy of Mumford and Shah (1989) for fixed colors, lowered greedily on the graph of neighbors, whole arrays at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count as count_from
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Floats, Ints, LabelIds
from artkit.color.apart import apart
from artkit.color.means import sums_by_label
from artkit.planar.chain import components
from artkit.planar.map import find_faces
from artkit.planar.runs import LabelRuns, faces_of
from artkit.tracer.regions.graph import adjacency, packed, summed

MIN_AREA = 12.0
"""Regions smaller than this, in square pixels, stay only where they stand out."""

SMALL = 6.0
"""How many times the price a border of a region below the least area must be worth."""

_STEPS = (0.05, 0.1, 0.2, 0.4, 0.7, 1.0)
"""The price round after round: cheap regions go first, as in a merge tree."""

_ROUNDS = 5
"""How often the full price is asked. Where a least area is, rounds go on until nothing moves."""


def settled(
    labels: NDArray[np.int32],
    pixels: NDArray[np.uint8],
    count: int,
    fixed: NDArray[np.uint8] | None,
    min_area: float | None,
    price: float,
    *,
    keep: bool = False,
) -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
    """Merge faces of a label image (H, W) with `count` labels until none gains by it: (labels, colors (K, 3)).

    A pixel of border is worth `price` of squared error; a face below `min_area` square pixels goes whatever it costs.
    Colors are the means of `pixels` (H, W, 3), all different, or as they are `fixed`; with `keep`
    none of these is lost.
    """
    labels, found = _merged(labels, pixels, count, fixed, min_area, price, keep)
    for _ in range(8 if min_area is not None else 0):
        # Whether pixels that touch at a corner are one region hangs on what is around them: merging can cut some off.
        again, found = _merged(labels, pixels, count, fixed, min_area, price, keep)
        if np.array_equal(again, labels):
            break
        labels = again
    return labels, found


def without_small(labels: NDArray[np.int32], palette: NDArray[np.uint8], min_area: float) -> NDArray[np.int32]:
    """Give regions below `min_area` square pixels of a label image (H, W) to the neighbors nearest in color."""
    painted = np.vstack([palette, np.zeros((1, 3), np.uint8)])[labels]
    return settled(labels, painted, len(palette), palette, min_area, 0.0)[0]


def runs_without_small(runs: LabelRuns, palette: NDArray[np.uint8], min_area: float) -> LabelRuns:
    """Do the same to a label image in runs."""
    for _ in range(9):
        number, label, area = faces_of(runs)
        pixels: Floats = area.astype(np.float64)
        sums: Floats = pixels[:, None] * palette[label].astype(np.float64)
        graph = _Graph(label.astype(np.intp), pixels, sums, *_neighbors(runs.relabeled(number), len(label)))
        final, _ = _united(graph, len(palette), palette, min_area, 0.0, False)
        same = np.array_equal(final[number], runs.labels)
        runs = runs.joined(final[number])
        if same:
            break
    return runs


def _neighbors(faces: LabelRuns, count: int) -> tuple[Ints, Ints, Floats]:
    """What `graph.adjacency` gives, of faces in runs."""
    parts = []
    for one, other, pixels in faces.borders():
        inside = (one >= 0) & (other >= 0)
        p, q = one[inside].astype(np.int64), other[inside].astype(np.int64)
        own: Floats = pixels[inside].astype(np.float64)
        parts.append(summed(packed(np.minimum(p, q), np.maximum(p, q), count), own, count))
    a, b, length = (np.concatenate(column) for column in zip(*parts, strict=True))
    return summed(packed(a, b, count), length, count)


@dataclass(eq=False)
class _Graph:
    """Faces and their neighbors: `border[e]` pixels of border between faces `a[e]` and `b[e]`, a below b."""

    label: NDArray[np.intp]
    area: NDArray[Any]
    sums: Floats
    a: Ints
    b: Ints
    border: NDArray[Any]


def _merged(
    labels: NDArray[np.int32],
    pixels: NDArray[np.uint8],
    count: int,
    fixed: NDArray[np.uint8] | None,
    min_area: float | None,
    price: float,
    keep: bool,
) -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
    """Merge regions round after round; the labels and their colors at the end."""
    faces, face_label, _ = find_faces(labels)
    final, colors = _united(_graph(faces, face_label, pixels), count, fixed, min_area, price, keep)
    return final[faces], colors


def _united(
    graph: _Graph,
    count: int,
    fixed: NDArray[np.uint8] | None,
    min_area: float | None,
    price: float,
    keep: bool,
) -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
    """Merge the faces of a graph round after round: the label of each at the end, -1 behind them, and the colors."""
    node = np.arange(len(graph.label))
    palette = fixed.astype(np.float64) if fixed is not None else _label_means(graph, count)
    for turn in count_from(0):
        full = turn >= len(_STEPS) - 1
        least = min_area if full and min_area is not None else 0.0
        target, moved = _moves(graph, palette, keep or fixed is None, least, price * (1.0 if full else _STEPS[turn]))
        if (full and not moved) or (min_area is None and turn == len(_STEPS) + _ROUNDS - 1):
            break
        graph.label = target
        graph, merged = _contracted(graph)
        node = merged[node]
        if fixed is None:
            palette = _label_means(graph, count)
    final = np.append(graph.label[node], -1).astype(np.int32)
    colors = fixed if fixed is not None else apart(np.clip(np.rint(palette), 0, 255).astype(np.uint8))
    return final, colors


def _graph(faces: NDArray[np.int32], face_label: LabelIds, pixels: NDArray[np.uint8]) -> _Graph:
    count = len(face_label)
    a, b, border = adjacency(faces, count)
    sums = np.zeros((count, 3))
    # Sum over runs of one face first: they are several times fewer than pixels.
    flat = np.ascontiguousarray(faces).ravel()
    starts = np.flatnonzero(np.append(True, flat[1:] != flat[:-1]))
    owner = flat[starts]
    inside = owner >= 0
    lengths = np.diff(np.append(starts, len(flat)))
    area: NDArray[Any] = np.bincount(owner[inside], lengths[inside], count)
    for i in range(3):
        run = np.add.reduceat(pixels[..., i].ravel(), starts, dtype=np.uint32)
        sums[:, i] = np.bincount(owner[inside], run[inside], count)
    return _Graph(face_label.astype(np.intp), area, sums, a, b, border)


def _label_means(graph: _Graph, count: int) -> Floats:
    area = np.bincount(graph.label, graph.area, count)
    return sums_by_label(graph.label, graph.sums.T, count) / np.maximum(area, 1)[:, None]


def _moves(
    graph: _Graph, palette: Floats, keep: bool, least_area: float, price: float
) -> tuple[NDArray[np.intp], bool]:
    """The label of each face after a round in which those that gain by it, or are too small, take a neighbor's."""
    count, label = len(graph.label), graph.label
    if not len(graph.a):
        return label, False
    source = np.concatenate([graph.a, graph.b])
    ahead = label[np.concatenate([graph.b, graph.a])]
    keys = packed(source, ahead, len(palette))
    face, to, border = summed(keys, np.concatenate([graph.border, graph.border]), len(palette))
    mean = graph.sums / graph.area[:, None]
    own = ((mean - palette[label]) ** 2).sum(1)
    dear = np.where(graph.area < MIN_AREA, price * SMALL, price)
    cost = graph.area[face] * (((mean[face] - palette[to]) ** 2).sum(1) - own[face]) - dear[face] * border
    begin = np.flatnonzero(np.append(True, face[1:] != face[:-1]))
    least = np.minimum.reduceat(cost, begin)
    best = np.flatnonzero(cost == np.repeat(least, np.diff(np.append(begin, len(face)))))
    best = best[np.append(True, face[best[1:]] != face[best[:-1]])]
    gain, target = np.zeros(count), label.copy()
    gain[face[best]], target[face[best]] = -cost[best], to[best]
    gain = np.maximum(gain, np.where((graph.area < least_area) & (target != label), 1e-6, 0.0))
    if keep:  # every color keeps its largest face, so that none is lost
        most = np.zeros(len(palette))
        np.maximum.at(most, label, graph.area)
        largest = np.flatnonzero(graph.area == most[label])
        _, one = np.unique(label[largest], return_index=True)
        gain[largest[one]] = 0
    # Of two neighbors one of which would take the other's color, the one with less to gain waits.
    a, b = graph.a, graph.b
    clash = (gain[a] > 0) & (gain[b] > 0) & ((target[a] == label[b]) | (target[b] == label[a]))
    a, b = a[clash], b[clash]
    waits = np.where(gain[a] >= gain[b], b, a)
    gain[waits] = 0
    goes = gain > 0
    return np.where(goes, target, label), bool(goes.any())


def _contracted(graph: _Graph) -> tuple[_Graph, Ints]:
    """Unite neighbors of one label; (the new graph, the new number of each face)."""
    same = graph.label[graph.a] == graph.label[graph.b]
    root = components(len(graph.label), graph.a[same], graph.b[same])
    roots = np.flatnonzero(root == np.arange(len(root)))
    number = np.empty(len(root), np.int64)
    number[roots] = np.arange(len(roots))
    merged = number[root]
    count = len(roots)
    a, b = merged[graph.a[~same]], merged[graph.b[~same]]
    keys = packed(np.minimum(a, b), np.maximum(a, b), count)
    a, b, border = summed(keys, graph.border[~same], count)
    area: NDArray[Any] = np.bincount(merged, graph.area, count)
    sums = sums_by_label(merged, graph.sums.T, count)
    return _Graph(graph.label[roots], area, sums, a, b, border), merged
