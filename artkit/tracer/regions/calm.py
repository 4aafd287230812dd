"""The inks of flat art that noise, JPEG or blur has been at: the colors of calm places.

Colors are (Y, Cb, Cr): JPEG keeps lightness better than tint.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Ints, channel_max, channel_sum
from artkit.color.nearest import nearest
from artkit.color.ycc import Colors

MOST = 48
"""A picture of more inks is no flat art."""

LEAST = 5
"""Calm pixels that make an ink."""

NARROW = 8
"""Calm pixels that an ink of narrow strips has."""

TINT = 1 / 3
"""What a difference of tint counts beside one of lightness near edges: JPEG keeps tints at half the size."""

RINGS = 0.15
"""How far beyond an ink the ringing beside an edge goes, as a part of the step."""


def smoothed(colors: Colors, noise: float) -> Colors:
    """Even out noise of about so many levels within areas, not across edges."""
    import cv2

    even = colors
    for _ in range(2):
        even = np.asarray(cv2.bilateralFilter(even, 7, 6 + 3.5 * noise, 2.0), np.float32)
    return even


def spread(colors: Colors, size: int = 3) -> NDArray[np.float32]:
    """(H, W): the largest range of a channel around each pixel, tints counting half."""
    import cv2

    window = np.ones((size, size), np.uint8)
    ranged = np.asarray(cv2.dilate(colors, window)) - np.asarray(cv2.erode(colors, window))
    reach: NDArray[np.float32] = channel_max(ranged * np.array([1, 0.5, 0.5], np.float32))
    return reach


def modes(values: Colors, apart: float, least: int, most: int) -> Colors:
    """The densest colors (K, 3) of (N, 3), each farther than `apart` from those before it.

    Bins of two levels are smoothed over their neighbors, and the fullest is taken with all that lies near it, until
    none holds `least`, or `most` are found.
    """
    bins, inverse, counts = _binned(values)
    centers = np.zeros((len(bins), 3), np.float64)
    for c in range(3):
        centers[:, c] = np.bincount(inverse, weights=values[:, c], minlength=len(bins)) / counts
    alive = np.ones(len(bins), bool)
    found: list[NDArray[np.float64]] = []
    near = _near_sums(centers, counts, apart / 2)
    while len(found) < most:
        k = int(np.argmax(np.where(alive, near, -1)))
        if not alive[k]:
            break
        center = centers[k]
        for _ in range(3):
            inside = alive & (channel_sum((centers - center) ** 2) <= (apart / 2) ** 2)
            if inside.any():
                center = (centers[inside] * counts[inside, None]).sum(0) / counts[inside].sum()
        close = alive & (channel_sum((centers - center) ** 2) <= apart**2)
        close[k] = True
        if near[k] < least:
            break
        found.append(center)
        alive &= ~close
    return np.array(found, np.float32).reshape(-1, 3)


def _binned(values: Colors) -> tuple[Ints, Ints, Ints]:
    cell = np.floor(values / 2).astype(np.int64) + 256
    packed = (cell[:, 0] << 20) | (cell[:, 1] << 10) | cell[:, 2]
    return np.unique(packed, return_inverse=True, return_counts=True)


FULLEST = 800
"""Bins, the fullest first, whose neighbors are added to them."""


def _near_sums(centers: NDArray[np.float64], counts: Ints, reach: float) -> NDArray[np.float64]:
    """How many pixels lie within `reach` of each bin; bins of few pixels beyond the commonest count for themselves."""
    near = counts.astype(np.float64)
    top = np.argsort(-counts, kind="stable")[:FULLEST]
    gap = channel_sum((centers[top, None] - centers[None, top]) ** 2)
    near[top] = ((gap <= reach * reach) * counts[top][None]).sum(1)
    return near


def apart(noise: float) -> float:
    """How far apart two colors must be to be two inks, under so much noise."""
    return 5 + 1.6 * noise


def is_calm(even: Colors, noise: float, opaque: Bools | None) -> Bools:
    """(H, W): where a picture whose noise is evened out has no edges."""
    calm = spread(even) <= 4 + 1.2 * noise
    return calm if opaque is None else calm & opaque


def calm_inks(even: Colors, calm: Bools, noise: float, most: int = MOST) -> Colors:
    """Inks of calm places, (K, 3), the commonest first, at most so many."""
    if not calm.any():
        return np.empty((0, 3), np.float32)
    return modes(even[calm], apart(noise), LEAST, most)


def nearest_ink(colors: Colors, inks: Colors) -> Ints:
    """The number of the ink (K, 3) nearest to each of the colors (..., 3)."""
    return nearest(colors.reshape(-1, 3), inks).astype(np.int64).reshape(colors.shape[:-1])


def pure_inks(found: Colors, even: Colors, calm: Bools, noise: float, blur: float, tint: float) -> Colors:
    """Leave out inks that only stand where two others mix or ring, the rarest first.

    Such an ink lies in narrow strips, and within a few pixels of the two others nearly everywhere. So does one that
    differs from a common one close by in little but tint: JPEG smears tints as far as its blocks reach.
    """
    import cv2

    reach = int(np.ceil(5 + 2 * blur))
    window = np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)
    thick = 3.2 + 0.3 * noise + 1.5 * blur
    limit = 5 + 1.7 * (noise + blur)
    weighed = found * np.array([1, tint, tint], np.float32)
    label = nearest_ink(even, found)
    deep = [depth(label == k) for k in range(len(found))]  # before those that go are given to others
    alive = np.ones(len(found), bool)
    for k in np.arange(len(found))[::-1]:
        if alive.sum() < 2:
            break
        own = label == k
        y, x = np.nonzero(own & calm)
        if deep[k] > thick:
            continue
        served = np.zeros(len(y), bool)
        pairs, single = _mixers(weighed, k, alive, limit)
        near = {
            int(j): np.asarray(cv2.dilate(((label == j) & calm).view(np.uint8), window))[y, x] > 0
            for j in np.unique(np.concatenate([pairs.ravel(), single]))
        }
        for j in single:
            served |= near[int(j)]
        for i, j in pairs:
            served |= near[int(i)] & near[int(j)]
        if len(y) < NARROW or served.mean() >= 0.7:
            alive[k] = False
            label[own] = np.flatnonzero(alive)[nearest_ink(even[own], found[alive])]
    return found[alive]


def depth(mask: Bools) -> float:
    """How far the innermost pixel of a mask (H, W) is from its border; the picture's edge is none."""
    import cv2

    padded = np.pad(mask.view(np.uint8), 1, mode="edge")
    return float(cv2.distanceTransform(padded, cv2.DIST_L2, 3)[1:-1, 1:-1].max())


def _mixers(weighed: Colors, k: int, alive: Bools, limit: float) -> tuple[Ints, Ints]:
    """Pairs (N, 2) of other inks that ink k may be a mixture of, or ring beside; and inks it hardly differs from."""
    others = np.flatnonzero(alive)
    others = others[others != k]
    off = weighed[k] - weighed[others]
    single = others[(off * off).sum(1) <= limit * limit]
    a, b = (x[np.triu_indices(len(others), 1)] for x in np.meshgrid(others, others, indexing="ij"))
    along = weighed[a] - weighed[b]
    v = weighed[k] - weighed[b]
    t = (v * along).sum(1) / np.maximum((along * along).sum(1), 1e-6)
    gap = v - np.clip(t, -RINGS, 1 + RINGS)[:, None] * along
    fits = ((gap * gap).sum(1) <= limit * limit) & (t >= -RINGS) & (t <= 1 + RINGS)
    return np.column_stack([a, b])[fits], single
