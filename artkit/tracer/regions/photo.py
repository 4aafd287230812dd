"""Regions of a photo: few colors, and faces that are worth their borders.

Each pixel gets the nearest of a few colors, chosen for the picture or given. Then regions are merged by what they cost
and what they give: a region that takes the color of a neighbor costs squared error, its area times the change of the
squared distance of its mean color, and gives the length of the borders that vanish, times a price that rises from round
to round. That is the energy of Mumford and Shah (1989) for fixed colors, lowered greedily on the graph of neighbors,
whole arrays at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count as count_from
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Floats, Ints, LabelIds
from artkit.color.means import means_by_label, sums_by_label
from artkit.color.nearest import nearest
from artkit.planar.chain import components
from artkit.planar.map import find_faces

MIN_AREA = 12.0
"""Regions smaller than this, in square pixels, stay only where they stand out."""

PRICE = 1000.0
"""Squared error (of three channels of 8 bits) that a pixel of border must save, at detail 0.5."""

SMALL = 6.0
"""How many times the price a border of a region below the least area must be worth."""

FEWEST, MOST = 12, 48
"""Bounds of the automatic number of colors; a picture with fewer distinct ones gets these."""

_STEPS = (0.05, 0.1, 0.2, 0.4, 0.7, 1.0)
"""The price round after round: cheap regions go first, as in a merge tree."""

_ROUNDS = 5
"""How often the full price is asked. Where a least area is, rounds go on until nothing moves."""

_SCALE = 255 * np.sqrt(3) * np.array([1.0, 1.5, 1.5])
"""From OKLab to the scale of RGB distances: black to white is as far in both. Tints count more than OKLab has it, or
sixteen colors are all spent on lightness, and a green house turns gray."""


def regions(
    pixels: NDArray[np.uint8],
    opaque: NDArray[np.bool_] | None = None,
    *,
    colors: int | None = None,
    palette: NDArray[np.uint8] | None = None,
    min_area: float | None = None,
    detail: float = 0.5,
) -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
    """Divide an (H, W, 3) picture into regions of few colors: labels (H, W), -1 where not opaque, and colors (K, 3).

    `colors` gives exactly that many, or as many as the picture has; None as many as it needs. They are the means of
    their pixels. `palette` (K, 3) fixes the colors instead; it is given back as it is, used or not. Regions below
    `min_area` square pixels go, all but the largest of each color; None lets small ones stay where they stand out. A
    region with nothing but transparent pixels around it stays. `detail` runs from 0 to 1: each tenth above 0.5 halves
    the price of borders, each below doubles it.
    """
    if opaque is not None and not opaque.any():
        empty = np.empty((0, 3), np.uint8) if palette is None else palette
        return np.full(opaque.shape, -1, np.int32), empty
    if opaque is not None and opaque.all():
        opaque = None
    calm = _calmed(pixels, opaque)
    if palette is not None:
        codes, used, _ = _distinct(calm, opaque)
        lab = _lab(palette)
    else:
        codes, used, counts = _cells(calm, opaque)
        if len(used.code) < 4 * (colors or FEWEST):
            codes, used, counts = _distinct(pixels, opaque)
        lab = _centers(_lab(used.color), counts.astype(np.float64), colors)
    table = np.zeros(int(used.code[-1]) + 1, np.int32)
    table[used.code] = nearest(_lab(used.color), lab)
    labels = codes
    for band in _bands(codes):
        labels[band] = np.take(table, codes[band], mode="clip")
    if opaque is not None:
        labels[~opaque] = -1
    price = PRICE * 2 ** (10 * (0.5 - detail))
    return _settled(labels, pixels, len(lab), palette, min_area, price)


def without_small(labels: NDArray[np.int32], palette: NDArray[np.uint8], min_area: float) -> NDArray[np.int32]:
    """Give regions below `min_area` square pixels of a label image (H, W) to the neighbors nearest in color."""
    painted = np.vstack([palette, np.zeros((1, 3), np.uint8)])[labels]
    return _settled(labels, painted, len(palette), palette, min_area, 0.0)[0]


def inks(colors: Floats, areas: Floats, count: int) -> tuple[Floats, NDArray[np.intp]]:
    """Choose `count` inks (K, 3), whole levels, for regions of some colors (N, 3) and areas; which one is each one's.

    Fewer only where the regions have fewer colors. Every ink is the mean of what it is used for, and all differ.
    """
    whole = np.clip(np.rint(colors), 0, 255).astype(np.uint8)
    lab = _lab(whole)
    centers = _centers(lab, areas, count)
    used, ink = np.unique(nearest(lab, centers), return_inverse=True)
    means = means_by_label(ink, colors, len(used), areas)
    return _apart(np.clip(np.rint(means), 0, 255).astype(np.uint8)).astype(np.float64), ink


def _settled(
    labels: NDArray[np.int32],
    pixels: NDArray[np.uint8],
    count: int,
    fixed: NDArray[np.uint8] | None,
    min_area: float | None,
    price: float,
) -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
    labels, found = _merged(labels, pixels, count, fixed, min_area, price)
    for _ in range(8 if min_area is not None else 0):
        # Whether pixels that touch at a corner are one region hangs on what is around them: merging can cut some off.
        again, found = _merged(labels, pixels, count, fixed, min_area, price)
        if np.array_equal(again, labels):
            break
        labels = again
    return labels, found


def _calmed(pixels: NDArray[np.uint8], opaque: NDArray[np.bool_] | None) -> NDArray[np.uint8]:
    """Take the noise out, so that regions are not specks; edges stay.

    A light bilateral filter makes borders shorter by a tenth. A median would take fine detail with it, 0.6 dB.
    """
    import cv2

    calm = np.asarray(cv2.bilateralFilter(np.ascontiguousarray(pixels), 5, 45, 2), np.uint8)
    if opaque is not None:  # what lies beneath transparent parts must not bleed into the others
        inner = cv2.erode(opaque.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
        calm[~inner] = pixels[~inner]
    return calm


def _lab(colors: NDArray[np.uint8]) -> Floats:
    from artkit.color.spaces import srgb_to_oklab

    lab: Floats = srgb_to_oklab(colors) * _SCALE
    return lab


class _Used(NamedTuple):
    """The codes that occur, in rising order, and the color (N, 3) of each."""

    code: NDArray[Any]
    color: NDArray[np.uint8]


_Coded = tuple[NDArray[np.int32], _Used, Ints]
"""(H, W) code of each pixel, the codes that occur, and how many pixels have each."""


def _cells(pixels: NDArray[np.uint8], opaque: NDArray[np.bool_] | None) -> _Coded:
    """Code colors by six bits a channel, each cell by its middle."""
    codes = np.empty(pixels.shape[:2], np.int32)
    counts = np.zeros(1 << 18, np.int64)
    for band in _bands(codes):
        word = _words(pixels[band])
        code = (word >> 2 & 0x3F) | (word >> 4 & 0xFC0) | (word >> 6 & 0x3F000)
        codes[band] = code
        counts += np.bincount((code if opaque is None else code[opaque[band]]).ravel(), minlength=len(counts))
    used = np.flatnonzero(counts)
    middle = np.column_stack([used & 63, used >> 6 & 63, used >> 12]) * 4 + 2
    return codes, _Used(used, middle.astype(np.uint8)), counts[used]


def _distinct(pixels: NDArray[np.uint8], opaque: NDArray[np.bool_] | None) -> _Coded:
    """Code all distinct colors."""
    codes = _words(pixels)
    used, counts = np.unique(codes if opaque is None else codes[opaque], return_counts=True)
    return codes, _Used(used, np.column_stack([used & 255, used >> 8 & 255, used >> 16]).astype(np.uint8)), counts


def _words(pixels: NDArray[np.uint8]) -> NDArray[np.int32]:
    """(H, W) red + 256 green + 65536 blue."""
    import cv2

    four = np.asarray(cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2RGBA), np.uint8)
    words: NDArray[np.int32] = four.view("<i4")[..., 0] & np.int32(0xFFFFFF)
    return words


def _bands(picture: NDArray[Any]) -> Iterator[slice]:
    """Rows of about 2 ** 17 pixels at a time: what is made of them stays in the cache, and memory small."""
    rows = max(1, (1 << 17) // picture.shape[1])
    return (slice(top, top + rows) for top in range(0, len(picture), rows))


# ------------------------------------------------------------------ colors


def _centers(points: Floats, weights: Floats, count: int | None) -> Floats:
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


# ------------------------------------------------------------------ merging


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
) -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
    """Merge regions round after round; the labels and their colors at the end."""
    faces, face_label, _ = find_faces(labels)
    graph = _graph(faces, face_label, pixels)
    node = np.arange(len(face_label))
    palette = fixed.astype(np.float64) if fixed is not None else _label_means(graph, count)
    for turn in count_from(0):
        full = turn >= len(_STEPS) - 1
        least = min_area if full and min_area is not None else 0.0
        target, moved = _moves(graph, palette, fixed is None, least, price * (1.0 if full else _STEPS[turn]))
        if (full and not moved) or (min_area is None and turn == len(_STEPS) + _ROUNDS - 1):
            break
        graph.label = target
        graph, merged = _contracted(graph)
        node = merged[node]
        if fixed is None:
            palette = _label_means(graph, count)
    final = np.append(graph.label[node], -1).astype(np.int32)
    colors = fixed if fixed is not None else _apart(np.clip(np.rint(palette), 0, 255).astype(np.uint8))
    return final[faces], colors


def _graph(faces: NDArray[np.int32], face_label: LabelIds, pixels: NDArray[np.uint8]) -> _Graph:
    count = len(face_label)
    pairs = []
    for one, other in ((faces[:, :-1], faces[:, 1:]), (faces[:-1], faces[1:])):
        differ = (one != other) & (one >= 0) & (other >= 0)
        p, q = one[differ].astype(np.int64), other[differ]
        pairs.append(np.minimum(p, q) * count + np.maximum(p, q))
    a, b, border = _summed(np.concatenate(pairs), None, count)
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


def _summed(keys: Ints, weights: NDArray[Any] | None, count: int) -> tuple[Ints, Ints, Floats]:
    """Sum weights, or ones, of equal keys `a * count + b`: (a, b, sum), in order."""
    if not len(keys):
        return keys, keys, np.zeros(0)
    if weights is None:
        keys = np.sort(keys)
    else:
        order = np.argsort(keys, kind="stable")
        keys, weights = keys[order], weights[order]
    first = np.flatnonzero(np.append(True, keys[1:] != keys[:-1]))
    total: NDArray[Any] = np.diff(np.append(first, len(keys))) if weights is None else np.add.reduceat(weights, first)
    a, b = np.divmod(keys[first], count)
    return a, b, total.astype(np.float64)


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
    face, to, border = _summed(
        source * len(palette) + ahead, np.concatenate([graph.border, graph.border]), len(palette)
    )
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
    keys = np.minimum(a, b) * count + np.maximum(a, b)
    a, b, border = _summed(keys, graph.border[~same], count)
    area: NDArray[Any] = np.bincount(merged, graph.area, count)
    sums = sums_by_label(merged, graph.sums.T, count)
    return _Graph(graph.label[roots], area, sums, a, b, border), merged


def _apart(palette: NDArray[np.uint8]) -> NDArray[np.uint8]:
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
