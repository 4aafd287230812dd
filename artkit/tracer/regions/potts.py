"""Labels that agree with their neighbors: a Potts model, by iterated conditional modes (Besag 1986) and whole faces."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Ints
from artkit.planar.map import find_faces

PRICE = 1.0
"""What it costs that two neighbors differ: as much as a pixel that is off by 1.4 standard deviations."""

DIAGONAL = 0.7
"""What a neighbor across a corner counts."""

ROUNDS = 6
"""Times that each pixel is looked at, at the most."""

PARTED = 2.0
"""Neighbors that one crack parts, those across corners included by what they count."""

LARGEST = 100
"""Pixels of a scrap, at the most."""

_STEPS = [(dy, dx, DIAGONAL if dy and dx else 1.0) for dy in (-1, 0, 1) for dx in (-1, 0, 1) if dy or dx]


def agreed(label: Ints, y: Ints, x: Ints, cost: NDArray[np.float32]) -> Ints:
    """Choose the labels of the pixels (y, x), so that what they cost (N, K) and borders cost little together.

    `label` (H, W) is what all others have. Pixels move in four interleaved sets, so that no two neighbors move at once.
    """
    padded = np.pad(label, 1, constant_values=-1)
    padded[y + 1, x + 1] = cost.argmin(1)
    sets = [np.flatnonzero((y % 2 == i) & (x % 2 == j)) for i in (0, 1) for j in (0, 1)]
    for _ in range(ROUNDS):
        moved = False
        for rows in sets:
            total = cost[rows].copy()
            top, left = y[rows] + 1, x[rows] + 1
            at = np.arange(len(rows))
            for dy, dx, share in _STEPS:
                beside = padded[top + dy, left + dx]
                there = beside >= 0
                total[at[there], beside[there]] -= PRICE * share
            new = total.argmin(1)
            moved |= bool((new != padded[top, left]).any())
            padded[top, left] = new
        if not moved:
            break
    return padded[1:-1, 1:-1]


def without_scraps(label: Ints, sure: Bools, y: Ints, x: Ints, cost: NDArray[np.float32]) -> Ints:
    """Give faces that hold no sure pixel to a neighbor where its ink costs them less than the border that goes."""
    count = cost.shape[1]
    for _ in range(3):
        faces, of, area = find_faces(label.astype(np.int32))
        scrap = area <= LARGEST
        scrap[faces[sure]] = False
        beside = np.concatenate(
            [
                np.column_stack([faces[:, :-1].ravel(), faces[:, 1:].ravel()]),
                np.column_stack([faces[:-1].ravel(), faces[1:].ravel()]),
            ]
        )
        beside = beside[beside[:, 0] != beside[:, 1]]
        beside = np.concatenate([beside, beside[:, ::-1]])
        beside = beside[scrap[beside[:, 0]]]
        if not len(beside):
            break
        key, shared = np.unique(beside[:, 0] * np.int64(count) + of[beside[:, 1]], return_counts=True)
        face, to = np.divmod(key, count)
        rows = np.flatnonzero(scrap[faces[y, x]])
        mine = faces[y[rows], x[rows]]
        there = np.stack([np.bincount(mine, cost[rows, k], len(area)) for k in range(count)], axis=1)
        gain = PRICE * PARTED * shared - (there[face, to] - there[face, of[face]])
        order = np.lexsort((to, -gain, face))
        best = order[np.append(True, face[order][1:] != face[order][:-1])]
        best = best[gain[best] > 0]
        if not len(best):
            break
        target = of.astype(label.dtype)
        target[face[best]] = to[best]
        label = target[faces]
    return label
