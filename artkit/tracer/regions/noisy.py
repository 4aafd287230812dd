"""Regions of flat art under noise, JPEG and blur: inks, and what each pixel is a mixture of."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools
from artkit.planar.map import find_faces

from artkit.tracer.regions.flat import Mixtures
from artkit.tracer.regions.calm import Colors, calm_inks, levels, opponent, smoothed, spread

TINT = 1 / 3
"""What a difference of tint counts beside one of lightness, near edges."""


def noisy_mixtures(pixels, noise: float, blur: float, alpha=None) -> Mixtures:
    opaque = None if alpha is None else alpha >= 128
    colors = opponent(pixels)
    even = smoothed(colors, noise)
    found, calm = calm_inks(even, noise, opaque)
    found = pure_inks(found, even, calm, noise, blur)
    owner, other, coverage, found = explained(colors, even, calm, found, noise, blur)
    found = medians(pixels, owner, coverage, found)
    if opaque is not None:
        owner[~opaque] = other[~opaque] = -1
    veil = None if alpha is None else (alpha / np.float32(255)).astype(np.float32)
    return Mixtures(owner, other, coverage, found, veil)


def nearest(colors: Colors, inks: Colors) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """(H, W) the nearest ink of each color, and how far it is."""
    gaps = distances(colors, inks)
    return gaps.argmin(2), gaps.min(2)


def pure_inks(found: Colors, even: Colors, calm: Bools, noise: float, blur: float) -> Colors:
    """Leave out inks that only stand where two others mix or ring, the rarest first.

    Such an ink lies in narrow strips, and within a few pixels of the two others nearly everywhere. So does one that
    differs from a common one close by in little but tint: JPEG smears tints as far as its blocks reach.
    """
    import cv2

    reach = int(np.ceil(4 + 2 * blur))
    window = np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)
    thick = 3.2 + 0.3 * noise + 1.5 * blur
    limit = 5 + 1.5 * (noise + blur)
    weighed = found * np.array([1, TINT, TINT], np.float32)
    gaps = distances(even, found)
    label = gaps.argmin(2)
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
        if len(y) < LEAST or served.mean() >= 0.7:
            alive[k] = False
            gaps[:, :, k] = np.inf
            label[own] = gaps[own].argmin(1)
    return found[alive]


def depth(mask: Bools) -> float:
    """How far the innermost pixel of a mask (H, W) is from its border; the picture's edge is none."""
    import cv2

    padded = np.pad(mask.view(np.uint8), 1, mode="edge")
    return float(cv2.distanceTransform(padded, cv2.DIST_L2, 3)[1:-1, 1:-1].max())


def distances(colors: Colors, inks: Colors) -> NDArray[np.float32]:
    """(H, W, K): the distance of each color from each ink."""
    return np.sqrt(np.stack([((colors - ink) ** 2).sum(2) for ink in inks], axis=2))


def _mixers(weighed: Colors, k: int, alive: Bools, limit: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
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


LEAST = 8
"""Calm pixels that an ink of narrow strips has."""

RINGS = 0.15
"""How far beyond an ink the ringing beside an edge goes, as a part of the step."""


def explained(colors, even, calm, inks, noise, blur):
    import cv2

    height, width = calm.shape
    count = len(inks)
    label, gap = nearest(even, inks)
    off = (even - inks[label]) * np.array([1, 0.5, 0.5], np.float32)
    sure = calm & ((off * off).sum(2) <= (5 + 1.6 * noise) ** 2)
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
        extra, extra2 = (np.full((len(lost), count), np.inf, np.float32) for _ in range(2))
        far = 4 * reach + 1
        area = np.ones((far, far), np.uint8)
        some = np.stack([cv2.dilate((sure & (label == k)).astype(np.uint8), area)[y[lost], x[lost]] > 0 for k in range(count)], 1)
        _pairs(extra, values[lost], ink, here[lost], some)
        _pairs(extra2, values[lost], ink, here[lost], np.ones((len(lost), count), bool))
        extra = np.minimum(extra + (4 + noise) ** 2, extra2 + 4 * (4 + noise) ** 2)
        cost[lost] = np.minimum(cost[lost], extra)
    sigma = 3 + 1.5 * noise
    cost = np.minimum(cost, (10 * sigma) ** 2) / (2 * sigma**2)
    label = label.copy()
    label[y, x] = cost.argmin(1)
    label = potts(label, y, x, cost, PRICE)
    label = without_scraps(label, sure, y, x, cost)
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


PRICE = 1.0
"""What a unit of border costs, in squared standard deviations of a pixel's color, halved."""

ALL_WAYS = 2.0
"""Neighbors that a unit of border parts, diagonal ones counted by their share."""

LARGEST = 100
"""Pixels of a scrap, at the most."""


def without_scraps(label, sure, y, x, cost):
    """Give faces that hold no sure pixel to the neighbor they touch most, where that costs less than their border."""
    for _ in range(3):
        faces, of, area = find_faces(label.astype(np.int32))
        held = np.zeros(len(area), bool)
        held[faces[sure]] = True
        scrap = ~held & (area <= LARGEST)
        if not scrap.any():
            break
        pairs = np.concatenate(
            [
                np.column_stack([faces[:, :-1].ravel(), faces[:, 1:].ravel()]),
                np.column_stack([faces[:-1].ravel(), faces[1:].ravel()]),
            ]
        )
        pairs = pairs[pairs[:, 0] != pairs[:, 1]]
        pairs = np.concatenate([pairs, pairs[:, ::-1]])
        pairs = pairs[scrap[pairs[:, 0]]]
        key, shared = np.unique(pairs[:, 0] * np.int64(cost.shape[1]) + of[pairs[:, 1]], return_counts=True)
        face, to = np.divmod(key, cost.shape[1])
        # What each scrap would cost in each of its neighbors' inks.
        rows = np.flatnonzero(scrap[faces[y, x]])
        mine = faces[y[rows], x[rows]]
        own = np.bincount(mine, weights=cost[rows, of[mine]], minlength=len(area))
        there = np.stack([np.bincount(mine, weights=cost[rows, k], minlength=len(area)) for k in range(cost.shape[1])], 1)
        gain = PRICE * ALL_WAYS * shared - (there[face, to] - own[face])
        order = np.lexsort((to, -gain, face))
        first = order[np.append(True, face[order][1:] != face[order][:-1])] if len(order) else order
        first = first[gain[first] > 0]
        # Of two scraps side by side only the smaller goes at once.
        target = of.copy()
        target[face[first]] = to[first]
        new = target[faces]
        if (new == label).all():
            break
        label = new
    return label


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


def noisy_offsets(planar, mixed: Mixtures, pixels, blur: float):
    """How far the border stands from each crack; see `edge_offsets`."""
    from artkit.tracer.regions.edges import edge_offsets
    from artkit.tracer.regions.synthesis import settled

    offset = edge_offsets(planar, mixed)
    if blur == 0:
        return offset
    weight = np.array([1, TINT, TINT])
    inks = opponent(mixed.palette) * weight
    still = None if mixed.alpha is None else mixed.alpha < 1
    return settled(planar, offset, opponent(pixels) * weight, inks, blur, still)
