"""Cells united whose common border is soft: there the color goes on evenly, or changes over several pixels."""

from __future__ import annotations

import numpy as np

from artkit.arrays import Floats, Ints
from artkit.raster.masks import grown
from artkit.tracer.regions.flat import Mixtures

STEP = 5.0
"""Colors closer than this are one where they meet (RGB distance)."""

SOFT = 0.6
"""The part of the border of two cells that is soft if they are one."""


def joined(mixed: Mixtures, step: Floats, count: int) -> Ints:
    """(count,): the cell that each one belongs to, numbered anew from 0 on.

    `step` (H, W) is how far apart the colors are that pixels mix, 0 where there is no sudden change.
    """
    keys, soft, crisp = _borders(mixed, step, count)
    share = {(int(k) // count, int(k) % count): [float(s), float(c)] for k, s, c in zip(keys, soft, crisp, strict=True)}
    near: list[set[int]] = [set() for _ in range(count)]
    for a, b in share:
        near[a].add(b)
        near[b].add(a)
    root = np.arange(count)
    order = sorted((pair for pair in share if _softness(share[pair]) >= SOFT), key=lambda p: _rank(share[p], p))
    while order:
        a, b = order[0]
        root[root == b] = a
        near[a].discard(b)
        for other in sorted(near[b] - {a}):
            found = share.pop((min(b, other), max(b, other)))
            known = share.setdefault((min(a, other), max(a, other)), [0.0, 0.0])
            known[0], known[1] = known[0] + found[0], known[1] + found[1]
            near[other].discard(b)
            near[other].add(a)
            near[a].add(other)
        del share[a, b]
        near[b] = set()
        order = sorted((pair for pair in share if _softness(share[pair]) >= SOFT), key=lambda p: _rank(share[p], p))
    used = np.unique(root[np.unique(mixed.owner[mixed.owner >= 0])])
    number = np.zeros(count, np.int64)
    number[used] = np.arange(len(used))
    return number[root]


def _softness(border: list[float]) -> float:
    return border[0] / max(border[0] + border[1], 1e-9)


def _rank(border: list[float], pair: tuple[int, int]) -> tuple[float, float, tuple[int, int]]:
    """What is united first: the softest border, the longest."""
    return -_softness(border), -border[0], pair


def _borders(mixed: Mixtures, step: Floats, count: int) -> tuple[Ints, Floats, Floats]:
    """Pairs of cells, the lower number times `count` plus the higher; how many pixels of border are soft and crisp."""
    owner, other = mixed.owner.astype(np.int64), mixed.other.astype(np.int64)
    is_crisp = step >= STEP
    beside = grown(is_crisp, 1)
    edge = (owner != other) & (owner >= 0) & (other >= 0)
    keys, crisp, doubtful = [_keys(owner[edge], other[edge], count)], [is_crisp[edge]], [beside[edge]]
    pure = np.where(owner == other, owner, -1)
    for ahead, back in ((np.s_[1:], np.s_[:-1]), (np.s_[:, 1:], np.s_[:, :-1])):
        a, b = pure[ahead], pure[back]
        touching = (a != b) & (a >= 0) & (b >= 0)
        keys.append(_keys(a[touching], b[touching], count))
        crisp.append((is_crisp[ahead] | is_crisp[back])[touching])
        doubtful.append((beside[ahead] | beside[back])[touching])
    found, of = np.unique(np.concatenate(keys), return_inverse=True)
    sharp, near = np.concatenate(crisp), np.concatenate(doubtful)
    soft, hard = (np.bincount(of, weight, len(found)).astype(np.float64) for weight in (~sharp & ~near, sharp))
    return found, soft, hard


def _keys(a: Ints, b: Ints, count: int) -> Ints:
    keys: Ints = np.minimum(a, b) * count + np.maximum(a, b)
    return keys
