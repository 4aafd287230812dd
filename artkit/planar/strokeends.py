"""The ends of strokes and the cracks across a border: where samples need help to keep corners and places."""

from __future__ import annotations

import numpy as np

from artkit.arrays import Bools, Floats, Ints, rows_of
from artkit.planar.map import PlanarMap

WIDEST = 3
"""The widest end of a stroke, in pixels, that is looked at for square corners."""


def stroke_ends(
    planar: PlanarMap, crack: Ints, back: Bools, offsets: Ints, closed: Bools, points: Floats
) -> tuple[Ints, Floats]:
    """Cracks after which an upright or level stroke of up to three pixels has a corner of its end.

    There the border runs straight for three cracks or more, turns, runs for at most three, and comes straight back;
    were the end round, the samples beside it would draw in. Gives the cracks, and for all of them, (N, 2), how far the
    corner after each is moved: as the sides that meet there are.
    """
    way = (planar.direction[crack] + 2 * back.astype(np.int64)) % 4
    chain = rows_of(offsets)
    place = np.arange(len(crack)) - offsets[chain]
    count = np.diff(offsets)[chain]
    before = offsets[chain] + (place - 1) % count
    shift = points - planar.middles[crack]
    starts = np.flatnonzero((way != way[before]) & ((place > 0) | closed[chain]))
    moved = np.zeros((len(crack), 2))
    moved[before[starts]] = shift[starts] + shift[before[starts]]
    # Straight runs: each from its start to the next one of the chain.
    owner = chain[starts]
    first = np.searchsorted(owner, owner)
    last = np.append(owner[1:] != owner[:-1], True)
    following = np.where(last, first, np.arange(len(starts)) + 1)
    length = (starts[following] - starts) % count[starts] if len(starts) else starts
    previous = np.empty_like(following)
    previous[following] = np.arange(len(starts))
    turns = (way[starts[previous]] + 2) % 4 == way[starts[following]]
    far = np.minimum(np.minimum(length[previous], length[following]), 3)
    end = turns & (length <= WIDEST) & (far >= 3) & closed[owner] & (following != previous)
    # The sides' shifts beside the end and further on: equal where the end is square.
    a, b = before[starts], starts[following]
    ahead = offsets[chain[b]] + (place[b] + 2) % count[b]
    behind = offsets[chain[a]] + (place[a] - 2) % count[a]
    steady = (np.abs(shift[a] - shift[behind]).max(1) < 0.2) & (np.abs(shift[b] - shift[ahead]).max(1) < 0.2)
    ends = np.flatnonzero(end & steady)
    return np.concatenate([before[starts[ends]], before[starts[following[ends]]]]), moved


ACROSS = 0.4
"""Cosine of the angle to the border above which a crack counts as lying along it."""


def is_across(middles: Floats, chain: Ints, place: Ints, count: Ints, closed: Bools, horizontal: Bools) -> Bools:
    """Cracks that lie across the border, which tell its place less exactly than those along it."""
    first = np.arange(len(chain)) - place
    ring = closed[chain]

    def beside(step: int) -> Floats:
        moved = place + step
        there: Floats = middles[first + np.where(ring, moved % count, np.clip(moved, 0, count - 1))]
        return there

    course = beside(3) - beside(-3)
    along = np.where(horizontal, np.abs(course[:, 0]), np.abs(course[:, 1]))
    length = np.linalg.norm(course, axis=1)
    inner = (count >= 12) & (ring | ((place > 0) & (place < count - 1)))
    straight: Bools = inner & (along < ACROSS * length)
    return straight
