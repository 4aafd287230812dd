"""Filled shapes to hatching: what is seen of each, cut exactly at its border.

Shapes lie on each other, the first one lowest. Along every hatch line, their borders are found (even-odd), and
each piece between two of them belongs to the uppermost shape there. Whether it is drawn tells the line's threshold,
as with pictures; pieces beside each other that are both drawn make one line.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from artkit.algebra import product
from artkit.arrays import Bools, Floats, Ints, counted
from artkit.pens.draw.field import SHORTEST, thresholds
from artkit.pens.draw.hatching import HatchLines
from artkit.pens.lines import Lines


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
class Pieces:
    """Parts of hatch lines, in order: index of the `line`, `begin` and `end` in mm along it, `shape` seen, or -1."""

    line: Ints
    begin: Floats
    end: Floats
    shape: Ints


def seen(edges: Edges, hatch: HatchLines) -> Pieces:
    """Cut hatch lines at all borders that are crossed, and tell the uppermost shape of each part."""
    line, along, shape = _crossings(edges, hatch)
    order = np.lexsort((along, line))
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    owner = np.full(max(len(order) - 1, 0), -1, np.int64)
    # Crossings of one shape with one line, in order, are where it begins and ends by turns.
    paired = np.lexsort((along, shape, line))
    first, last = rank[paired[0::2]], rank[paired[1::2]]
    upwards = np.argsort(shape[paired[0::2]], kind="stable")
    for low, high, number in zip(
        first[upwards].tolist(), last[upwards].tolist(), shape[paired[0::2]][upwards].tolist(), strict=True
    ):
        owner[low:high] = number
    line, along = line[order], along[order]
    within = line[1:] == line[:-1]
    begin, end = along[:-1][within], along[1:][within]
    row, owner = line[:-1][within], owner[within]
    begin, end = np.clip(begin, hatch.low[row], hatch.high[row]), np.clip(end, hatch.low[row], hatch.high[row])
    kept = end > begin
    return Pieces(row[kept], begin[kept], end[kept], owner[kept])


def _crossings(edges: Edges, hatch: HatchLines) -> tuple[Ints, Floats, Ints]:
    """Where edges cross hatch lines: line, place along it, shape. An end on a line is of the edge below it."""
    pitch = float(hatch.offset[1] - hatch.offset[0]) if len(hatch.offset) > 1 else 1.0
    a, b = product(edges.start, hatch.normal), product(edges.end, hatch.normal)
    u, v = product(edges.start, hatch.way), product(edges.end, hatch.way)
    low = np.ceil((np.minimum(a, b) - hatch.offset[0]) / pitch).astype(np.int64).clip(0)
    high = np.ceil((np.maximum(a, b) - hatch.offset[0]) / pitch).astype(np.int64).clip(0, len(hatch.offset))
    edge, place = counted(np.maximum(high - low, 0))
    line = low[edge] + place
    share = (hatch.offset[0] + line * pitch - a[edge]) / np.where(a == b, 1, b - a)[edge]
    return line, u[edge] + np.clip(share, 0, 1) * (v - u)[edge], edges.shape[edge]


def filled(
    edges: Edges,
    hatch: HatchLines,
    pen: float,
    chosen: Bools,
    darkness: Callable[[Ints, Floats], Floats] | None = None,
    fine: Bools | None = None,
) -> Lines:
    """Hatch what is seen of the `chosen` shapes, (shapes,) flags, with every hatch line, or those that are wanted.

    `darkness` tells for pieces, by their shape and their middle (N, 2), how many of the lines are to be drawn.
    Pieces of shapes that are `fine` are looked at in parts, because they change within. Lines end half a pen
    inside their region, so that no ink leaves it.
    """
    part = seen(edges, hatch)
    if fine is not None:
        part = _cut(part, np.append(fine, False)[part.shape], max(1.0, 2 * pen))
    drawn = np.append(chosen, False)[part.shape] & (part.shape >= 0)
    if darkness is not None:
        own = np.flatnonzero(drawn)
        middle = hatch.at(part.line[own], (part.begin[own] + part.end[own]) / 2)
        limit = thresholds(len(hatch.offset))[part.line[own]]
        drawn[own] = darkness(part.shape[own], middle) > limit
    joined = (part.line[1:] == part.line[:-1]) & (part.begin[1:] <= part.end[:-1] + 1e-9)
    begins = drawn & np.append(True, ~(drawn[:-1] & joined))
    ends = drawn & np.append(~(drawn[1:] & joined), True)
    line, begin, end = part.line[begins], part.begin[begins], part.end[ends]
    low, high = hatch.low[line], hatch.high[line]
    begin = np.where(begin > low + 1e-9, begin + pen / 2, low)
    end = np.where(end < high - 1e-9, end - pen / 2, high)
    kept = end - begin >= SHORTEST + 1e-3
    line, begin, end = line[kept], begin[kept], end[kept]
    points = np.stack([hatch.at(line, begin), hatch.at(line, end)], axis=1)
    flip = line % 2 == 1
    points[flip] = points[flip, ::-1]
    return Lines(points.reshape(-1, 2), 2 * np.arange(len(line) + 1, dtype=np.int64))


def _cut(part: Pieces, which: Bools, length: float) -> Pieces:
    """Cut some of the pieces into parts of about a length."""
    counts = np.where(which, np.ceil((part.end - part.begin) / length), 1).astype(np.int64).clip(1)
    index, step = counted(counts)
    size = ((part.end - part.begin) / counts)[index]
    begin = part.begin[index] + step * size
    end = np.where(step == counts[index] - 1, part.end[index], begin + size)
    return Pieces(part.line[index], begin, end, part.shape[index])
