"""k-means: (N, 3) colors and how often each occurs in, the cluster of each and the clusters' means out.

Each color is weighted by the number of its pixels. That is exact, and the work grows with the number of colors, not
with the number of pixels.

The centers are found among the colors (`starts`) or, if there are many, among the weighted means of small boxes of
colors. The last rounds run on all colors, so that each center is the exact mean of its colors and each color is in the
cluster of its nearest center. Colors are converted to points block by block: a photo may have as many colors as pixels,
and three floats for each of them would take too much memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import TRANSPARENT, Floats, Pixels
from artkit.color.distinct import IndexedColors
from artkit.color.levels import to_uint8
from artkit.color.means import sums_by_label
from artkit.color.nearest import NearestColor, nearest
from artkit.color.palette import Palette, by_lightness
from artkit.color.starts import best_centers

Weights = NDArray[np.int64]

_BLOCK = 1 << 13
"""Colors that are worked on at a time."""

_MOST_POINTS = 12_000
"""Points that starts are tried on; more colors than that are first put into boxes."""

_ROUNDS = 3
"""Rounds on all colors. The first ones move the centers by what the boxes have lost, and that is little."""


def cluster(
    colors: Palette, weights: Weights, count: int, rng: np.random.Generator
) -> tuple[NDArray[np.uint8], Floats]:
    """Give the cluster (N,) of each of (N, 3) colors, N above `count`, and the centers (count, 3).

    `weights` (N,) says how often each color occurs. Centers are in levels. `rng`
    chooses twelve starts, the best of which counts.
    """
    some, heavy = _boxes(colors, weights, count)
    centers = best_centers(some, heavy, count, int(rng.integers(2**31)))
    for _ in range(_ROUNDS):
        clusters, centers = _round(colors, weights, centers)
    return clusters, centers


def color_clusters(
    pixels: Pixels, inside: NDArray[np.bool_] | None, count: int, rng: np.random.Generator
) -> tuple[NDArray[np.int32], Palette]:
    """Divide a picture into regions of similar color: labels (H, W), TRANSPARENT where not `inside`, and their colors.

    There are `count` regions, (K, 3) colors from dark to light, or as many as the picture has colors if those are
    fewer. `inside` (H, W) says which pixels count; None is all.
    """
    distinct = IndexedColors.of(pixels)
    weights = distinct.counts(inside)
    used = np.flatnonzero(weights)
    clusters: NDArray[Any]
    if len(used) <= count:
        clusters, palette = np.arange(len(used)), distinct.colors[used]
    else:
        clusters, centers = cluster(distinct.colors[used], weights[used], count, rng)
        palette = to_uint8(centers)
    order = by_lightness(palette)
    numbers = np.full(len(distinct.colors), TRANSPARENT, np.int32)
    numbers[used] = np.argsort(order, kind="stable")[clusters]
    labels = numbers[distinct.index]
    if inside is not None:
        labels[~inside] = TRANSPARENT
    return labels, palette[order]


def clusters_of(pixels: Pixels, inside: NDArray[np.bool_] | None, palette: Palette) -> NDArray[np.int32]:
    """Divide a picture by the nearest of given colors (K, 3): labels (H, W), TRANSPARENT where not `inside`."""
    distinct = IndexedColors.of(pixels)
    nearest_color = NearestColor(palette.astype(np.float64))
    number = np.empty(len(distinct.colors), np.int32)
    for block, points in _blocks(distinct.colors):
        number[block] = nearest_color(np.ascontiguousarray(points.T))
    labels = number[distinct.index]
    if inside is not None:
        labels[~inside] = TRANSPARENT
    return labels


def _points(colors: Palette) -> Floats:
    return colors.astype(np.float64)


def _blocks(colors: Palette) -> Iterator[tuple[slice, Floats]]:
    for start in range(0, len(colors), _BLOCK):
        block = slice(start, start + _BLOCK)
        yield block, _points(colors[block])


def _boxes(colors: Palette, weights: Weights, count: int) -> tuple[Floats, Floats]:
    """Weighted means of points that share a box, and their weights; boxes so fine that clusters do not notice."""
    if len(colors) <= max(_MOST_POINTS, 40 * count):
        return _points(colors), weights.astype(np.float64)
    ends = np.array([(points.min(axis=0), points.max(axis=0)) for _, points in _blocks(colors)])
    low = ends[:, 0].min(axis=0)
    span = float((ends[:, 1].max(axis=0) - low).max()) * (1 + 1e-9)
    for steps in (32, 64, 128):
        total, sums = np.zeros(steps**3), np.zeros((3, steps**3))
        for block, points in _blocks(colors):
            i = ((points - low) * (steps / span)).astype(np.intp)
            box = (i[:, 0] * steps + i[:, 1]) * steps + i[:, 2]
            np.add.at(total, box, weights[block])
            for axis in range(3):
                np.add.at(sums[axis], box, weights[block] * points[:, axis])
        used = np.flatnonzero(total)
        if len(used) >= 40 * count:
            break
    return (sums[:, used] / total[used]).T, total[used]


def _round(colors: Palette, weights: Weights, centers: Floats) -> tuple[NDArray[np.uint8], Floats]:
    """Give the nearest center of each color, the first of equals, and the means of the clusters so made."""
    nearest_center = NearestColor(centers)
    clusters = np.empty(len(colors), np.uint8)
    total, sums = np.zeros(len(centers)), np.zeros((len(centers), 3))
    for block, points in _blocks(colors):
        planes = np.ascontiguousarray(points.T)
        clusters[block] = own = nearest_center(planes)
        total += np.bincount(own, weights[block], len(centers))
        sums += sums_by_label(own, planes * weights[block], len(centers))
    return clusters, np.where(total[:, None] > 0, sums / np.maximum(total, 1)[:, None], centers)


def lloyd(points: NDArray[Any], weights: NDArray[Any], centers: NDArray[Any], rounds: int) -> NDArray[Any]:
    """Move (K, D) centers to the means of the (N, D) points that are nearest to them, `rounds` times.

    Points count by their (N,) weights; a center without a point stays (Lloyd, "Least squares quantization in PCM",
    1982). Centers keep the points' dtype.
    """
    heavy = (points * weights[:, None]).T.astype(np.float64)
    for _ in range(rounds):
        own = nearest(points, centers)
        total = np.bincount(own, weights, len(centers))[:, None]
        means = sums_by_label(own, heavy, len(centers)) / np.where(total > 0, total, 1)
        centers = np.where(total > 0, means, centers).astype(points.dtype)
    return centers
