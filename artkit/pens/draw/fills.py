"""Filled shapes to hatching: what is seen of each, cut exactly at its border.

Shapes lie on each other, the first one lowest. Along every tooth of a comb, their borders are found (even-odd), and
each stretch between two of them belongs to the uppermost shape there. Whether it is drawn tells the tooth's threshold,
as with pictures; stretches beside each other that are both drawn make one line.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from artkit.pens.draw.field import SHORTEST, thresholds
from artkit.pens.draw.hatching import Comb
from artkit.pens.lines import Bools, Floats, Ints, Lines, offsets_of


@dataclass(frozen=True, eq=False)
class Edges:
    """Sides of polygons: `start` and `end` (E, 2) in mm, and the `shape` (E,) each belongs to."""

    start: Floats
    end: Floats
    shape: Ints

    @classmethod
    def of(cls, shapes: Sequence[Sequence[Floats]]) -> Edges:
        """Take shapes as lists of rings (N, 2); the last point of a ring is joined to its first."""
        starts, ends, owner = [], [], []
        for number, rings in enumerate(shapes):
            for ring in rings:
                if len(ring) >= 3:
                    starts.append(ring)
                    ends.append(np.roll(ring, -1, axis=0))
                    owner.append(np.full(len(ring), number))
        if not starts:
            return cls(np.empty((0, 2)), np.empty((0, 2)), np.empty(0, np.int64))
        return cls(np.concatenate(starts), np.concatenate(ends), np.concatenate(owner))


@dataclass(frozen=True, eq=False)
class Stretches:
    """Parts of teeth, in order: `tooth`, from `begin` to `end` mm along it, and the `shape` seen there, -1 for none."""

    tooth: Ints
    begin: Floats
    end: Floats
    shape: Ints


def seen(edges: Edges, comb: Comb) -> Stretches:
    """Cut the teeth of a comb at all borders that are crossed, and tell the uppermost shape of each part."""
    tooth, along, shape = _crossings(edges, comb)
    order = np.lexsort((along, tooth))
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    owner = np.full(max(len(order) - 1, 0), -1, np.int64)
    # Crossings of one shape with one tooth, in order, are where it begins and ends by turns.
    paired = np.lexsort((along, shape, tooth))
    first, last = rank[paired[0::2]], rank[paired[1::2]]
    upwards = np.argsort(shape[paired[0::2]], kind="stable")
    for low, high, number in zip(
        first[upwards].tolist(), last[upwards].tolist(), shape[paired[0::2]][upwards].tolist(), strict=True
    ):
        owner[low:high] = number
    tooth, along = tooth[order], along[order]
    within = tooth[1:] == tooth[:-1]
    begin, end = along[:-1][within], along[1:][within]
    row, owner = tooth[:-1][within], owner[within]
    begin, end = np.clip(begin, comb.low[row], comb.high[row]), np.clip(end, comb.low[row], comb.high[row])
    kept = end > begin
    return Stretches(row[kept], begin[kept], end[kept], owner[kept])


def _crossings(edges: Edges, comb: Comb) -> tuple[Ints, Floats, Ints]:
    """Where edges cross teeth: tooth, place along it, shape. An end on a tooth belongs to the edge below it alone."""
    pitch = float(comb.offset[1] - comb.offset[0]) if len(comb.offset) > 1 else 1.0
    a, b = edges.start @ comb.normal, edges.end @ comb.normal
    u, v = edges.start @ comb.way, edges.end @ comb.way
    low = np.ceil((np.minimum(a, b) - comb.offset[0]) / pitch).astype(np.int64).clip(0)
    high = np.ceil((np.maximum(a, b) - comb.offset[0]) / pitch).astype(np.int64).clip(0, len(comb.offset))
    counts = np.maximum(high - low, 0)
    offsets = offsets_of(counts)
    edge = np.repeat(np.arange(len(counts)), counts)
    tooth = low[edge] + np.arange(offsets[-1]) - offsets[edge]
    share = (comb.offset[0] + tooth * pitch - a[edge]) / np.where(a == b, 1, b - a)[edge]
    return tooth, u[edge] + np.clip(share, 0, 1) * (v - u)[edge], edges.shape[edge]


def filled(
    edges: Edges,
    comb: Comb,
    pen: float,
    chosen: Bools,
    darkness: Callable[[Ints, Floats], Floats] | None = None,
    fine: Bools | None = None,
) -> Lines:
    """Hatch what is seen of the `chosen` shapes, (shapes,) flags, with every tooth of a comb, or those that are wanted.

    `darkness` tells for stretches, by their shape and their middle (N, 2), how much of the teeth is to be drawn.
    Stretches of shapes that are `fine` are looked at piece by piece, because they change within. Lines end half a pen
    inside their region, so that no ink leaves it.
    """
    part = seen(edges, comb)
    if fine is not None:
        part = _cut(part, np.append(fine, False)[part.shape], max(1.0, 2 * pen))
    drawn = np.append(chosen, False)[part.shape] & (part.shape >= 0)
    if darkness is not None:
        own = np.flatnonzero(drawn)
        middle = comb.at(part.tooth[own], (part.begin[own] + part.end[own]) / 2)
        limit = thresholds(len(comb.offset))[part.tooth[own]]
        drawn[own] = darkness(part.shape[own], middle) > limit
    joined = (part.tooth[1:] == part.tooth[:-1]) & (part.begin[1:] <= part.end[:-1] + 1e-9)
    begins = drawn & np.append(True, ~(drawn[:-1] & joined))
    ends = drawn & np.append(~(drawn[1:] & joined), True)
    tooth, begin, end = part.tooth[begins], part.begin[begins], part.end[ends]
    low, high = comb.low[tooth], comb.high[tooth]
    begin = np.where(begin > low + 1e-9, begin + pen / 2, low)
    end = np.where(end < high - 1e-9, end - pen / 2, high)
    kept = end - begin >= SHORTEST + 1e-3
    tooth, begin, end = tooth[kept], begin[kept], end[kept]
    points = np.stack([comb.at(tooth, begin), comb.at(tooth, end)], axis=1)
    flip = tooth % 2 == 1
    points[flip] = points[flip, ::-1]
    return Lines(points.reshape(-1, 2), 2 * np.arange(len(tooth) + 1, dtype=np.int64))


def _cut(part: Stretches, which: Bools, length: float) -> Stretches:
    """Cut some of the stretches into pieces of about a length."""
    counts = np.where(which, np.ceil((part.end - part.begin) / length), 1).astype(np.int64).clip(1)
    index = np.repeat(np.arange(len(counts)), counts)
    step = np.arange(len(index)) - offsets_of(counts)[index]
    size = ((part.end - part.begin) / counts)[index]
    begin = part.begin[index] + step * size
    end = np.where(step == counts[index] - 1, part.end[index], begin + size)
    return Stretches(part.tooth[index], begin, end, part.shape[index])
