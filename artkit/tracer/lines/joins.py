"""Tracks that go on beyond a gap, as where others cross them or the ground is as light as they are, joined to one."""

from __future__ import annotations

import numpy as np

from artkit.arrays import Bools, Floats, Ints, offsets_of, row_sums
from artkit.planar.chain import chains
from artkit.tracer.lines.tracks import Tracks

GAPS = (6.0, 14.0, 32.0)
"""How far a track may go on beyond a gap, in pixels, round after round."""

OF_LENGTH = 0.5
"""The longest gap, as a multiple of the length of either track, or as long as the first of `GAPS`."""

STRAY = 0.36
"""How far it may turn there, at either side: the tangent of the angle."""

TURN = 0.76
"""Cosine of the largest turn from one side of a gap to the other."""

ASIDE = 0.8
"""How far it may be moved sideways there, in pixels."""

BACK = 2.5
"""How far two ends may pass each other, in pixels."""

REACH = 8
"""Points from a track's end that tell where it points."""

STEP = 1.5
"""The largest distance of points, in pixels: gaps are filled with some."""


def joined(found: Tracks) -> Tracks:
    """Join tracks, nearest ends first; points are no more than `STEP` apart then."""
    for gap, least in zip(GAPS, (0, *GAPS), strict=False):
        found = _round(found.some(np.diff(found.offsets) >= least), gap)
    return _dense(found)


def _round(found: Tracks, gap: float) -> Tracks:
    """Join the ends of tracks that are within a gap of each other, each with the best there is if that agrees."""
    count = len(found.sign)
    if count < 2:
        return found
    partner = _partners(*_pairs(found, gap), 2 * count)
    if (partner < 0).all():
        return found
    # A walk through a track comes in at one end and leaves by the other: step 2 * track + the end that it leaves by.
    order = chains(partner[np.arange(2 * count) ^ 1])
    heads, tails = order.items[order.offsets[:-1]] ^ 1, order.items[order.offsets[1:] - 1]
    number = np.diff(order.offsets)
    keep = np.where(order.closed, heads % 2 == 1, heads < tails)
    walked = order.items[np.repeat(keep, number)]
    parts = []
    for item in walked.tolist():
        part = found.points[found.offsets[item // 2] : found.offsets[item // 2 + 1]]
        parts.append(part if item % 2 else part[::-1])
    size = row_sums(np.diff(found.offsets)[walked // 2], offsets_of(number[keep]))
    return Tracks(np.concatenate(parts), offsets_of(size), found.sign[heads[keep] // 2])


def _pairs(found: Tracks, gap: float) -> tuple[Ints, Ints, Floats]:
    """Pairs of ends, 2 * track + which end, that point at each other, and how badly they do."""
    from scipy.spatial import cKDTree

    size = np.diff(found.offsets)
    first, last = found.offsets[:-1], found.offsets[1:] - 1
    reach = np.minimum(size - 1, REACH)
    ends = found.points[np.stack([first, last], axis=1).ravel()]
    way = ends - found.points[np.stack([first + reach, last - reach], axis=1).ravel()]
    way /= np.maximum(np.hypot(way[:, 0], way[:, 1]), 1e-9)[:, None]
    long_ = np.maximum(OF_LENGTH * size, GAPS[0])
    a, b = np.sort(cKDTree(ends).query_pairs(gap, output_type="ndarray").reshape(-1, 2), axis=1).T.astype(np.int64)
    off = ends[b] - ends[a]
    away = np.hypot(off[:, 0], off[:, 1])
    straight = -(way[a] * way[b]).sum(1)
    fits = (a // 2 != b // 2) & (found.sign[a // 2] == found.sign[b // 2]) & (straight > TURN)
    fits &= away <= np.minimum(long_[a // 2], long_[b // 2])
    aside = np.zeros(len(a))
    for end, sign in ((a, 1.0), (b, -1.0)):
        ahead = sign * (off * way[end]).sum(1)
        across = np.abs(off[:, 0] * way[end, 1] - off[:, 1] * way[end, 0])
        fits &= (ahead > -BACK) & (across < ASIDE + STRAY * np.maximum(ahead, 0))
        aside += across
    return a[fits], b[fits], (away + 2 * aside + 4 * (1 - straight))[fits]


def _partners(a: Ints, b: Ints, cost: Floats, ends: int) -> Ints:
    """Give each end the one that it is joined to, which is the best for both; -1 where there is none."""
    order = np.lexsort((b, a, cost))
    partner = np.full(ends, -1, np.int64)
    best = np.full(ends, len(order))
    for side in (a, b):
        np.minimum.at(best, side[order], np.arange(len(order)))
    agreed: Bools = (best[a[order]] == np.arange(len(order))) & (best[b[order]] == np.arange(len(order)))
    a, b = a[order][agreed], b[order][agreed]
    partner[a], partner[b] = b, a
    return partner


def _dense(found: Tracks) -> Tracks:
    """Set points in gaps."""
    if not len(found.points):
        return found
    step = np.append(np.hypot(*np.diff(found.points, axis=0).T), 0.0)
    step[found.offsets[1:] - 1] = 0
    parts = np.maximum(np.ceil(step / STEP).astype(np.int64), 1)
    item = np.repeat(np.arange(len(parts)), parts)
    share = (np.arange(len(item)) - offsets_of(parts)[item]) / parts[item]
    after = np.minimum(item + 1, len(found.points) - 1)
    points = found.points[item] + share[:, None] * (found.points[after] - found.points[item])
    return Tracks(points, offsets_of(row_sums(parts, found.offsets)), found.sign)
