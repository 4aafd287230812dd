"""What each ink costs at each unsure pixel: how far its color is from the best mixture of that ink with another.

A pixel near no ink mixes two inks that are sure within a few pixels. Thin shapes have no sure pixel close by: theirs
mix inks from farther off, or from anywhere at a price, or have an ink of their own, the extreme of what nothing
explains. Differences of lightness count most where JPEG has smeared the tints.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from artkit.algebra import inner, product
from artkit.arrays import Bools, Ints, channel_sum, median
from artkit.color.ycc import Colors
from artkit.tracer.noise import Damage
from artkit.tracer.regions.calm import apart, nearest_ink

WORST = 50.0
"""The most that an ink costs at a pixel, in squared standard deviations, halved."""

UNLIKE = 3.0
"""How much farther a pixel is off than one that mixes inks from farther away, squared, to have an ink of its own."""

FEWEST = 10
"""Pixels that make an ink of thin shapes."""

THIN_INKS = 8
"""Inks of thin shapes, at the most."""


def weights(damage: Damage) -> NDArray[np.float32]:
    """What differences of lightness and of the two tints count."""
    return np.array([1, damage.tint, damage.tint], np.float32)


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
    label = nearest_ink(even, inks)
    sure = _sure(label, even, calm, inks, damage.noise)
    y, x = np.nonzero(~sure)
    reach = int(np.ceil(3 + 2 * damage.blur))
    near, far = (_within(label, sure, y, x, len(inks), r) for r in (reach, 2 * reach))
    weight = weights(damage)
    values, inked = colors[y, x] * weight, inks * weight
    cost = _pair_costs(values, inked, near, near)
    limit = (8 + 2 * damage.noise) ** 2
    lost = np.flatnonzero(cost.min(1) > limit)
    if len(lost):
        price = (4 + damage.noise) ** 2
        beyond, ever = far[lost], np.ones((len(lost), len(inks)), bool)
        other = np.minimum(
            _pair_costs(values[lost], inked, beyond, beyond) + price,
            _pair_costs(values[lost], inked, beyond, ever) + 4 * price,
        )
        cost[lost] = np.minimum(cost[lost], other)
        for _ in range(THIN_INKS):
            unlike = lost[cost[lost].min(1) > UNLIKE * limit]
            unlike, part = _parts(label.shape, y, x, unlike, FEWEST * (1 + damage.blur))
            if not len(unlike):
                break
            thin = _extreme(values[unlike], part, inks * weight) / weight
            inks = np.concatenate([inks, thin[None].astype(np.float32)])
            cost = np.pad(cost, ((0, 0), (0, 1)), constant_values=np.inf)
            far = np.pad(far, ((0, 0), (0, 1)))
            around = np.zeros(label.shape, np.int64)
            around[y[unlike], x[unlike]] = 1
            rows = np.flatnonzero(_within(around - 1, around > 0, y, x, 1, reach)[:, 0])
            own = np.zeros((len(rows), len(inks)), bool)
            own[:, -1] = True
            cost[rows] = np.minimum(cost[rows], _pair_costs(values[rows], inks * weight, own, far[rows]))
    sigma = 3 + 1.5 * damage.noise
    return Evidence(label, sure, y, x, np.minimum(cost / np.float32(2 * sigma**2), np.float32(WORST)), inks)


def _sure(label: Ints, even: Colors, calm: Bools, inks: Colors, noise: float) -> Bools:
    """Calm pixels of the color of an ink, among their like; tints count half: JPEG smears them into calm places."""
    import cv2

    off = (even - inks[label]) * np.array([1, 0.5, 0.5], np.float32)
    window = np.ones((3, 3), np.uint8)
    lone = label.astype(np.float32)
    alike = np.asarray(cv2.erode(lone, window)) == np.asarray(cv2.dilate(lone, window))
    sure: Bools = calm & (channel_sum(off * off) <= apart(noise) ** 2) & alike
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
            share = product(part, along) / max(inner(along, along), 1e-6)
            for k, covers in ((i, np.clip(share, 0.5, 1)), (j, np.clip(share, 0, 0.5))):
                off = part - covers[:, None] * along
                cost[both, k] = np.minimum(cost[both, k], (off * off).sum(1))
    return cost


def _parts(shape: tuple[int, ...], y: Ints, x: Ints, some: Ints, least: float) -> tuple[Ints, Ints]:
    """Those of the pixels `some`, as indices into (y, x), in connected parts of at least so many; and their parts."""
    import cv2

    mask = np.zeros(shape, np.uint8)
    mask[y[some], x[some]] = 1
    part = cv2.connectedComponents(mask)[1][y[some], x[some]].astype(np.int64)
    large = np.bincount(part, minlength=1)[part] >= least
    return some[large], part[large]


def _extreme(values: Colors, part: Ints, inks: Colors) -> Colors:
    """The color (3,) of the part whose pixel is farthest from all inks: the median of its most extreme quarter."""
    away = ((values[:, None] - inks) ** 2).sum(2).min(1)
    mine = np.flatnonzero(part == part[away.argmax()])
    extreme = mine[np.argsort(-away[mine], kind="stable")[: max(len(mine) // 4, 2)]]
    color: Colors = median(values[extreme], axis=0)
    return color
