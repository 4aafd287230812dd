"""What a mixed pixel is a mixture of: colors close by, or any of the picture; and which colors the picture has."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Ints, channel_sum
from artkit.color.nearest import nearest

REACH = 3
"""How far from a mixed pixel the colors are that it mixes, in pixels."""

EXPLAINED = 6.0
"""A pixel this close to a mixture (RGB distance) is explained by it: two roundings and a renderer's coarse coverage."""

SAME = 3.0
"""Flat colors closer than this (RGB distance) are one color."""

MOST = 256
"""Flat art has no more colors than this."""


@dataclass(eq=False)
class Explained:
    """What values are mixtures of: `owner` covers `coverage` of each, `other` the rest, at a `distance` from it."""

    owner: NDArray[np.int32]
    other: NDArray[np.int32]
    coverage: NDArray[np.float64]
    distance: NDArray[np.float64]

    def update(self, where: NDArray[np.int64], by: Explained) -> None:
        """Explain some of the values otherwise, in place."""
        for name in ("owner", "other", "coverage", "distance"):
            getattr(self, name)[where] = getattr(by, name)


def merge_near(colors: NDArray[np.float64], counts: NDArray[np.int64]) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Give each color the commonest one within SAME of it: (index of each, palette by falling count).

    After MOST colors, those that are left go to the nearest.
    """
    target = np.full(len(colors), -1, np.int32)
    kept: list[int] = []
    order = np.argsort(-counts, kind="stable")
    while len(order) and len(kept) < MOST:
        distance = np.linalg.norm(colors[order] - colors[order[0]], axis=1)
        kept.append(int(order[0]))
        target[order[distance < SAME]] = len(kept) - 1
        order = order[distance >= SAME]
    palette = colors[kept]
    target[order] = nearest(colors[order], palette)
    return target, palette


def near_colors(owner: NDArray[np.int32], y: NDArray[np.int64], x: NDArray[np.int64]) -> NDArray[np.int32]:
    """(M, 4): up to four different flat colors within REACH of each pixel, nearest first; -1 where there are fewer."""
    steps = [(dy, dx) for dy in range(-REACH, REACH + 1) for dx in range(-REACH, REACH + 1) if dy or dx]
    steps.sort(key=lambda step: (step[0] ** 2 + step[1] ** 2, step))
    near = np.full((len(y), 4), -1, np.int32)
    number = np.zeros(len(y), np.int64)
    rows = np.arange(len(y))
    for dy, dx in steps:
        color = owner_at(owner, y + dy, x + dx)
        new = (color >= 0) & (number < 4) & (near != color[:, None]).all(1)
        near[rows[new], number[new]] = color[new]
        number[new] += 1
    return near


def _mix(
    values: NDArray[np.float64], a: NDArray[np.float64], b: NDArray[np.float64]
) -> tuple[NDArray[np.float64], ...]:
    """Coverage of a (0..1) and distance of each value from the line between colors a and b."""
    along = a - b
    length = np.maximum(channel_sum(along**2), 1e-9)
    coverage = np.clip(channel_sum((values - b) * along) / length, 0, 1)
    return coverage, np.sqrt(channel_sum((values - b - coverage[..., None] * along) ** 2))


def explain_pairs(values: NDArray[np.float64], near: NDArray[np.int32], palette: NDArray[np.float64]) -> Explained:
    """Mix each value of two colors close by; of pairs that explain it equally well, the nearer ones."""
    best = np.full(len(values), np.inf)
    found = Explained(near[:, 0].copy(), near[:, 0].copy(), np.ones(len(values)), best)
    padded = np.vstack([palette, np.full((1, palette.shape[1]), 1e4)])  # color -1: too far from anything
    pairs = [(0, 1), (0, 2), (1, 2), (0, 3), (1, 3), (2, 3)]
    for price, (i, j) in enumerate(pairs):
        a, b = near[:, i], near[:, j]
        coverage, distance = _mix(values, padded[a], padded[b])
        distance = distance + price * 0.5
        better = (distance < best) & (a >= 0) & ((b >= 0) | (i == 0))
        take = np.flatnonzero(better & (b >= 0))
        best[take] = distance[take]
        swap = coverage[take] < 0.5
        found.owner[take] = np.where(swap, b[take], a[take])
        found.other[take] = np.where(swap, a[take], b[take])
        found.coverage[take] = np.where(swap, 1 - coverage[take], coverage[take])
    alone = np.sqrt(((values - padded[near[:, 0]]) ** 2).sum(1))
    pure = alone <= np.minimum(best, SAME)
    found.owner[pure] = found.other[pure] = near[pure, 0]
    found.coverage[pure] = 1
    found.distance = np.minimum(best, alone)
    return found


def explain_any(values: NDArray[np.float64], near: NDArray[np.int32], palette: NDArray[np.float64]) -> Explained:
    """Mix each value of a color close by and any color at all: the pixels of thin strokes."""
    step = max(AT_ONCE // len(palette), 1)
    parts = [
        _explain_any(values[low : low + step], near[low : low + step], palette)
        for low in range(0, max(len(values), 1), step)
    ]
    names = ("owner", "other", "coverage", "distance")
    return Explained(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


AT_ONCE = 1 << 19
"""Pairs of values and colors that are mixed at a time: what they take of memory is bounded."""


def _explain_any(values: NDArray[np.float64], near: NDArray[np.int32], palette: NDArray[np.float64]) -> Explained:
    count = len(values)
    base = np.where(near[:, 0] >= 0, near[:, 0], 0)
    best = np.full(count, np.inf)
    owner = np.zeros(count, np.int32)
    other = base.astype(np.int32)
    cover = np.zeros(count)
    rows = np.arange(count)
    for column in range(near.shape[1]):
        ground = np.where(near[:, column] >= 0, near[:, column], base)
        coverage, distance = _mix(values[:, None], palette[None], palette[ground][:, None])
        # A stroke of a color that covers little could be of many colors: prefer the one that covers most.
        cost = distance + 3.0 * (1 - coverage) + 0.5 * column
        cost[rows, ground] = np.inf
        pick = cost.argmin(1)
        better = cost[rows, pick] < best
        best[better] = cost[rows, pick][better]
        owner[better], other[better], cover[better] = pick[better], ground[better], coverage[rows, pick][better]
    swap = cover < 0.5
    return Explained(
        np.where(swap, other, owner).astype(np.int32),
        np.where(swap, owner, other).astype(np.int32),
        np.where(swap, 1 - cover, cover),
        np.zeros(count),
    )


def extend(palette: NDArray[np.float64], values: NDArray[np.float64], near: NDArray[np.int32]) -> NDArray[np.float64]:
    """Add the colors of strokes too thin to have a flat inside: the most extreme pixel of each."""
    base = palette[np.maximum(near[:, 0], 0)]
    left = np.arange(len(values))
    for _ in range(8):
        found = explain_any(values[left], near[left], palette)
        mixed = found.coverage[:, None] * palette[found.owner] + (1 - found.coverage[:, None]) * palette[found.other]
        off = np.sqrt(((values[left] - mixed) ** 2).sum(1))
        left = left[off > 2 * EXPLAINED]
        if len(left) < 3:
            return palette
        # The pixel farthest from its ground speaks for the stroke; it must explain a few of the others.
        extreme = values[left[np.linalg.norm(values[left] - base[left], axis=1).argmax()]]
        _, distance = _mix(values[left], extreme[None], base[left])
        served = distance <= EXPLAINED
        if served.sum() < 3:
            left = left[~served]
            continue
        palette = np.vstack([palette, extreme])
    return palette


def owner_at(owner: NDArray[np.int32], y: Ints, x: Ints) -> NDArray[np.int32]:
    """The owners of places (N,), -1 beyond the picture."""
    height, width = owner.shape
    inside = (y >= 0) & (y < height) & (x >= 0) & (x < width)
    return np.where(inside, owner[np.clip(y, 0, height - 1), np.clip(x, 0, width - 1)], np.int32(-1))
