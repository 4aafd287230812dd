"""What each ink costs at each unsure pixel: how far its color is from the best mixture of that ink with another.

A pixel near no ink mixes two inks that are sure within a few pixels. Thin shapes have no sure pixel close by: theirs
mix inks from farther off, or from anywhere at a price, or have an ink of their own, the extreme of what nothing
explains. Differences of lightness count most, see `TINT`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Ints
from artkit.tracer.noise import Damage
from artkit.tracer.regions.calm import TINT, Colors, apart, modes, nearest

WEIGHT = np.array([1, TINT, TINT], np.float32)

WORST = 50.0
"""The most that an ink costs at a pixel, in squared standard deviations, halved."""

UNLIKE = 3.0
"""How much farther a pixel is off than one that mixes inks from farther away, squared, to have an ink of its own."""

FEWEST = 10
"""Pixels that make an ink of thin shapes."""

THIN_INKS = 8
"""Inks of thin shapes, at the most."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """`sure` pixels (H, W) have the ink `label` (H, W); `cost` (N, K) is what each ink costs at the pixels (y, x).

    `inks` (K, 3) are the calm ones first, then those of thin shapes.
    """

    label: Ints
    sure: Bools
    y: Ints
    x: Ints
    cost: NDArray[np.float32]
    inks: Colors


def evidence(colors: Colors, even: Colors, calm: Bools, inks: Colors, damage: Damage) -> Evidence:
    """Find the pixels that are surely of one of the inks (K, 3), and what each ink costs at the others.

    `colors` (H, W, 3) is the picture, `even` the same with its noise evened out, `calm` where that has no edges.
    """
    label = nearest(even, inks)
    sure = _sure(label, even, calm, inks, damage.noise)
    y, x = np.nonzero(~sure)
    reach = int(np.ceil(3 + 2 * damage.blur))
    near, far = (_within(label, sure, y, x, len(inks), r) for r in (reach, 2 * reach))
    values = colors[y, x] * WEIGHT
    cost = _pair_costs(values, inks * WEIGHT, near, near)
    limit = (8 + 2 * damage.noise) ** 2
    lost = np.flatnonzero(cost.min(1) > limit)
    if len(lost):
        price = (4 + damage.noise) ** 2
        beyond, ever = far[lost], np.ones((len(lost), len(inks)), bool)
        other = np.minimum(
            _pair_costs(values[lost], inks * WEIGHT, beyond, beyond) + price,
            _pair_costs(values[lost], inks * WEIGHT, beyond, ever) + 4 * price,
        )
        cost[lost] = np.minimum(cost[lost], other)
        unlike = lost[cost[lost].min(1) > UNLIKE * limit]
        thin = _thin_inks(colors, label.shape, y[unlike], x[unlike], inks, damage.noise)
        if len(thin):
            inks = np.concatenate([inks, thin])
            cost = np.pad(cost, ((0, 0), (0, len(thin))), constant_values=np.inf)
            own = np.pad(np.zeros_like(near[unlike]), ((0, 0), (0, len(thin))), constant_values=True)
            ground = np.pad(far[unlike], ((0, 0), (0, len(thin))))
            cost[unlike] = np.minimum(cost[unlike], _pair_costs(values[unlike], inks * WEIGHT, own, ground) + price)
    sigma = 3 + 1.5 * damage.noise
    return Evidence(label, sure, y, x, np.minimum(cost / np.float32(2 * sigma**2), np.float32(WORST)), inks)


def _sure(label: Ints, even: Colors, calm: Bools, inks: Colors, noise: float) -> Bools:
    """Calm pixels of the color of an ink, among their like; tints count half: JPEG smears them into calm places."""
    import cv2

    off = (even - inks[label]) * np.array([1, 0.5, 0.5], np.float32)
    window = np.ones((3, 3), np.uint8)
    lone = label.astype(np.float32)
    alike = np.asarray(cv2.erode(lone, window)) == np.asarray(cv2.dilate(lone, window))
    sure: Bools = calm & ((off * off).sum(2) <= apart(noise) ** 2) & alike
    return sure


def _within(label: Ints, sure: Bools, y: Ints, x: Ints, count: int, reach: int) -> Bools:
    """(N, K): whether each ink is sure within `reach` of the pixels (y, x)."""
    import cv2

    window = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    found = [np.asarray(cv2.dilate((sure & (label == k)).view(np.uint8), window))[y, x] > 0 for k in range(count)]
    return np.stack(found, axis=1)


def _pair_costs(values: Colors, inks: Colors, first: Bools, second: Bools) -> NDArray[np.float32]:
    """(N, K): squared distance of each value from the best mixture mostly of ink k.

    Mixtures are of an ink that is `first` (N, K) and another that is `second`; an ink that is first may stand alone.
    """
    cost = np.full(first.shape, np.inf, np.float32)
    one_way = first is second
    for i in range(len(inks)):
        rows = np.flatnonzero(first[:, i])
        cost[rows, i] = ((values[rows] - inks[i]) ** 2).sum(1)
    for i in range(len(inks)):
        for j in np.flatnonzero((first[:, i : i + 1] & second).any(0)).tolist():
            if j == i or (one_way and j < i):
                continue
            both = np.flatnonzero(first[:, i] & second[:, j])
            along = inks[i] - inks[j]
            part = values[both] - inks[j]
            share = (part @ along) / max(float(along @ along), 1e-6)
            for k, covers in ((i, np.clip(share, 0.5, 1)), (j, np.clip(share, 0, 0.5))):
                off = part - covers[:, None] * along
                cost[both, k] = np.minimum(cost[both, k], (off * off).sum(1))
    return cost


def _thin_inks(colors: Colors, shape: tuple[int, ...], y: Ints, x: Ints, inks: Colors, noise: float) -> Colors:
    """Inks (M, 3) of shapes that no mixture of known inks explains, pixels (y, x): the extreme color of each shape."""
    import cv2

    mask = np.zeros(shape, np.uint8)
    mask[y, x] = 1
    number, parts = cv2.connectedComponents(mask)
    if number < 2:
        return np.empty((0, 3), np.float32)
    part = parts[y, x] - 1
    values = colors[y, x]
    away = np.sqrt((((values[:, None] - inks) * WEIGHT) ** 2).sum(2).min(1))
    order = np.lexsort((-away, part))
    size = np.bincount(part)
    rank = np.arange(len(order)) - np.repeat(np.cumsum(size) - size, size)
    extreme = order[rank < np.maximum(size[part[order]] // 4, 2)]
    count = np.bincount(part[extreme], minlength=len(size))
    tone = np.column_stack([np.bincount(part[extreme], values[extreme, c], len(size)) / count for c in range(3)])
    found, pixels = modes(np.repeat(tone, size, axis=0).astype(np.float32), 2 * apart(noise), FEWEST)
    return found[np.argsort(-pixels, kind="stable")[:THIN_INKS]]
