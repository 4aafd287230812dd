"""Regions of flat art under noise, JPEG and blur: inks, and what each pixel is a mixture of."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools
from artkit.tracer.regions.flat import Mixtures
from artkit.tracer.regions.calm import Colors, calm_inks, levels, opponent, smoothed, spread

TINT = 1 / 3
"""What a difference of tint counts beside one of lightness, near edges."""


def noisy_mixtures(pixels, noise: float, blur: float, alpha=None) -> Mixtures:
    opaque = None if alpha is None else alpha >= 128
    colors = opponent(pixels)
    even = smoothed(colors, noise)
    found, calm = calm_inks(colors, even, noise, opaque)
    found = pure_inks(found, even, calm, noise, blur)
    owner, other, coverage, found = explained(colors, even, calm, found, noise, blur)
    found = medians(pixels, owner, coverage, found)
    if opaque is not None:
        owner[~opaque] = other[~opaque] = -1
    veil = None if alpha is None else (alpha / np.float32(255)).astype(np.float32)
    return Mixtures(owner, other, coverage, found, veil)


def nearest(colors: Colors, inks: Colors):
    """(H, W) the nearest ink of each color, and how far it is."""
    best = np.full(colors.shape[:2], np.inf, np.float32)
    label = np.zeros(colors.shape[:2], np.int32)
    for k, ink in enumerate(inks):
        gap = ((colors - ink) ** 2).sum(2)
        closer = gap < best
        label[closer], best[closer] = k, gap[closer]
    return label, np.sqrt(best)


def pure_inks(found: Colors, even: Colors, calm: Bools, noise: float, blur: float) -> Colors:
    """Leave out inks that only stand where two others mix or ring."""
    import cv2

    reach = int(np.ceil(4 + 2 * blur))
    thick = 3.5 + 1.5 * blur
    weight = np.array([1, TINT, TINT], np.float32)
    limit = 5 + 1.5 * noise
    alive = np.ones(len(found), bool)
    order = np.arange(len(found))[::-1]
    for k in order:
        live = np.flatnonzero(alive)
        if len(live) < 3:
            break
        label, _ = nearest(even, found[live])
        mine = int(np.flatnonzero(live == k)[0])
        own = label == mine
        if not (own & calm).any():
            alive[k] = False
            continue
        deep = cv2.distanceTransform(np.pad(own.astype(np.uint8), 1, mode="edge"), cv2.DIST_L2, 3)[1:-1, 1:-1]
        # each part on its own: the largest counts
        if deep.max() > thick + 2:
            continue
        y, x = np.nonzero(own & calm)
        window = np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)
        here = np.stack([
            cv2.dilate(((label == j) & calm).astype(np.uint8), window)[y, x] > 0 for j in range(len(live))
        ])
        here[mine] = False
        served = np.zeros(len(y), bool)
        for i in range(len(live)):
            off = (found[live[i]] - found[k]) * weight
            if i != mine and np.sqrt((off * off).sum()) <= limit:
                served |= here[i]
        for i in range(len(live)):
            for j in range(len(live)):
                if i == j or mine in (i, j):
                    continue
                t, gap = along(found[k], found[live[i]], found[live[j]], weight)
                if gap <= limit and -0.15 <= t <= 1.15:
                    served |= here[i] & here[j]
        if served.mean() >= 0.7 and deep.max() <= thick:
            alive[k] = False
    return found[alive]


def along(color, a, b, weight):
    """Share of `a` in a color, not clipped, and how far it is from the mixture."""
    d = (a - b) * weight
    t = float((((color - b) * weight) * d).sum() / max((d * d).sum(), 1e-6))
    gap = (color - b) * weight - np.clip(t, 0, 1) * d
    return t, float(np.sqrt((gap * gap).sum()))


def explained(colors, even, calm, inks, noise, blur):
    import cv2

    height, width = calm.shape
    count = len(inks)
    near = 5 + 1.6 * noise
    label, gap = nearest(even, inks)
    sure = calm & (gap <= near)
    # a sure pixel stands among its like
    same = cv2.erode(label.astype(np.float32), np.ones((3, 3))) == cv2.dilate(label.astype(np.float32), np.ones((3, 3)))
    sure &= same
    reach = int(np.ceil(3 + 2 * blur))
    window = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    y, x = np.nonzero(~sure)
    here = np.stack([cv2.dilate((sure & (label == k)).astype(np.uint8), window)[y, x] > 0 for k in range(count)], 1)
    weight = np.array([1, TINT, TINT], np.float32)
    values = colors[y, x] * weight
    ink = inks * weight
    cost = np.full((len(y), count), np.inf, np.float32)
    _pairs(cost, values, ink, here, here)
    best = cost.min(1)
    # what no pair close by explains: one close by and any other
    lost = np.flatnonzero(best > (8 + 2 * noise) ** 2)
    if len(lost):
        extra = np.full((len(lost), count), np.inf, np.float32)
        _pairs(extra, values[lost], ink, here[lost], np.ones((len(lost), count), bool))
        cost[lost] = np.minimum(cost[lost], extra + (4 + noise) ** 2)
    sigma = 3 + 1.5 * noise
    cost = np.minimum(cost, (10 * sigma) ** 2) / (2 * sigma**2)
    label = label.copy()
    label[y, x] = cost.argmin(1)
    label = potts(label, y, x, cost, 1.0)
    owner = label.astype(np.int32)
    other, coverage = mixed(owner, colors, inks, weight, blur)
    return owner, other, coverage, inks


def _pairs(cost, values, ink, first, second):
    """Lower `cost` (N, K) to the squared distance of each value from a mixture mostly of ink k with another."""
    count = len(ink)
    for i in range(count):
        rows = np.flatnonzero(first[:, i])
        if not len(rows):
            continue
        alone = ((values[rows] - ink[i]) ** 2).sum(1)
        cost[rows, i] = np.minimum(cost[rows, i], alone)
        for j in range(count):
            if i == j:
                continue
            both = np.flatnonzero(first[:, i] & second[:, j])
            if not len(both):
                continue
            d = ink[i] - ink[j]
            v = values[both] - ink[j]
            t = (v @ d) / max(float(d @ d), 1e-6)
            for k, share in ((i, np.clip(t, 0.5, 1)), (j, np.clip(t, 0, 0.5))):
                off = v - share[:, None] * d
                cost[both, k] = np.minimum(cost[both, k], (off * off).sum(1))


def potts(label, y, x, cost, price, rounds=6):
    """Iterated conditional modes over the pixels (y, x), in four interleaved sets, so that no two neighbors move at once."""
    height, width = label.shape
    padded = np.pad(label, 1, constant_values=-1)
    count = cost.shape[1]
    steps = [(-1, 0, 1.0), (1, 0, 1.0), (0, -1, 1.0), (0, 1, 1.0), (-1, -1, 0.7), (-1, 1, 0.7), (1, -1, 0.7), (1, 1, 0.7)]
    sets = [np.flatnonzero((y % 2 == i) & (x % 2 == j)) for i in (0, 1) for j in (0, 1)]
    for _ in range(rounds):
        moved = 0
        for rows in sets:
            total = cost[rows].copy()
            at = np.arange(len(rows))
            for dy, dx, w in steps:
                beside = padded[y[rows] + 1 + dy, x[rows] + 1 + dx]
                ok = beside >= 0
                total[at[ok], beside[ok]] -= price * w
            new = total.argmin(1)
            old = padded[y[rows] + 1, x[rows] + 1]
            moved += int((new != old).sum())
            padded[y[rows] + 1, x[rows] + 1] = new
        if not moved:
            break
    return padded[1:-1, 1:-1]


def mixed(owner, colors, inks, weight, blur):
    """For each pixel near a border the other ink, and the share of its owner."""
    import cv2

    other = owner.copy()
    coverage = np.ones(owner.shape, np.float32)
    reach = 2
    padded = np.pad(owner, reach, mode="edge")
    low = cv2.erode(owner.astype(np.float32), np.ones((3, 3)))
    high = cv2.dilate(owner.astype(np.float32), np.ones((3, 3)))
    y, x = np.nonzero(low != high)
    own = owner[y, x]
    values = colors[y, x] * weight
    ink = inks * weight
    best = np.full(len(y), np.inf)
    for dy in range(-1, 2):
        for dx in range(-1, 2):
            far = padded[y + dy + reach, x + dx + reach]
            d = ink[own] - ink[far]
            v = values - ink[far]
            t = (v * d).sum(1) / np.maximum((d * d).sum(1), 1e-6)
            share = np.clip(t, 0.5, 1)
            off = ((v - share[:, None] * d) ** 2).sum(1) + (0.5 if dy and dx else 0)
            better = (far != own) & (off < best)
            best[better] = off[better]
            other[y[better], x[better]] = far[better]
            coverage[y[better], x[better]] = share[better]
    return other, coverage


def medians(pixels, owner, coverage, inks):
    """(K, 3) sRGB levels of the inks: medians of the source where it is deep inside, the ink as found where nothing is."""
    import cv2

    result = levels(inks)
    inner = cv2.erode(owner.astype(np.float32), np.ones((5, 5))) == cv2.dilate(owner.astype(np.float32), np.ones((5, 5)))
    for k in range(len(inks)):
        own = pixels[inner & (owner == k)]
        if len(own) >= 12:
            result[k] = np.median(own, axis=0)
    return result
