"""Filled shapes to hatching: what is seen of each, cut exactly at its border.

Shapes lie on each other, the first one lowest. Along every hatch line, their borders are found, and each piece between
two of them belongs to the uppermost shape there. Whether it is drawn tells the line's threshold, as with pictures;
pieces beside each other that are both drawn make one line.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from artkit.algebra import product
from artkit.arrays import Bools, Floats, Ints, counted
from artkit.pens.draw.field import SHORTEST, thresholds
from artkit.pens.draw.hatching import HatchLines
from artkit.pens.draw.joins import REACH, there_and_back
from artkit.pens.lines import Lines
from artkit.pens.regions import crossings


@dataclass(frozen=True, eq=False)
class Edges:
    """Sides of polygons: `start` and `end` (E, 2) in mm, and the `shape` (E,) each belongs to.

    `nonzero`, (shapes,), tells which shapes are filled by that rule; by itself all are by even and odd.
    """

    start: Floats
    end: Floats
    shape: Ints
    nonzero: Bools | None = None

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
    line, along, shape, turn = _crossings(edges, hatch)
    order = np.lexsort((along, line))
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    owner = np.full(max(len(order) - 1, 0), -1, np.int64)
    # Crossings of one shape with one line, in order, are where it begins and ends by turns; or by how it winds.
    paired = np.lexsort((along, shape, line))
    if edges.nonzero is None:
        first, last = paired[0::2], paired[1::2]
    else:
        by_turn = edges.nonzero[shape[paired]]
        inside = np.where(by_turn, np.cumsum(np.where(by_turn, turn[paired], 0)), np.cumsum(~by_turn) % 2) != 0
        before = np.append(False, inside[:-1])
        first, last = paired[inside & ~before], paired[~inside & before]
    upwards = np.argsort(shape[first], kind="stable")
    for low, high, number in zip(
        rank[first][upwards].tolist(), rank[last][upwards].tolist(), shape[first][upwards].tolist(), strict=True
    ):
        owner[low:high] = number
    line, along = line[order], along[order]
    within = line[1:] == line[:-1]
    begin, end = along[:-1][within], along[1:][within]
    row, owner = line[:-1][within], owner[within]
    begin, end = np.clip(begin, hatch.low[row], hatch.high[row]), np.clip(end, hatch.low[row], hatch.high[row])
    kept = end > begin
    return Pieces(row[kept], begin[kept], end[kept], owner[kept])


def _crossings(edges: Edges, hatch: HatchLines) -> tuple[Ints, Floats, Ints, Ints]:
    """Where edges cross hatch lines: line, place along it, shape, and to which side (1 or -1).

    An end on a line is of the edge below it.
    """
    pitch = float(hatch.offset[1] - hatch.offset[0]) if len(hatch.offset) > 1 else 1.0
    a, b = product(edges.start, hatch.normal), product(edges.end, hatch.normal)
    u, v = product(edges.start, hatch.way), product(edges.end, hatch.way)
    low = np.ceil((np.minimum(a, b) - hatch.offset[0]) / pitch).astype(np.int64).clip(0)
    high = np.ceil((np.maximum(a, b) - hatch.offset[0]) / pitch).astype(np.int64).clip(0, len(hatch.offset))
    edge, place = counted(np.maximum(high - low, 0))
    line = low[edge] + place
    share = (hatch.offset[0] + line * pitch - a[edge]) / np.where(a == b, 1, b - a)[edge]
    return line, u[edge] + np.clip(share, 0, 1) * (v - u)[edge], edges.shape[edge], np.where(b > a, 1, -1)[edge]


def filled(
    edges: Edges,
    hatch: HatchLines,
    pen: float,
    chosen: Bools,
    darkness: Callable[[Ints, Floats], Floats] | None = None,
    fine: Bools | None = None,
    reach: float | None = None,
) -> Lines:
    """Hatch what is seen of the `chosen` shapes, (shapes,) flags, with every hatch line, or those that are wanted.

    `darkness` tells for pieces, by their shape and their middle (N, 2), how many of the lines are to be drawn.
    Pieces of shapes that are `fine` are looked at in parts, because they change within. Lines end half a pen
    inside their region, so that no ink leaves it, and are joined to those beside them that are no further
    than `reach` away, by itself a few pens.
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
    shapes = np.stack([part.shape[begins][kept], part.shape[ends][kept]], axis=1)

    def is_clear(one: Ints, other: Ints, start: Floats, goal: Floats) -> Bools:
        # Where a way from a shape crosses no side of it, nor any of those above it, it stays in what is seen of it.
        own = shapes[one].min(axis=1)
        clear = np.asarray((np.hstack([shapes[one], shapes[other]]) == own[:, None]).all(axis=1), bool)
        way, side, _ = crossings(start, goal, edges.start, edges.end)
        clear[way[edges.shape[side] >= own[way]]] = False
        return clear

    reach = REACH * pen if reach is None else reach
    return there_and_back(line, hatch.at(line, begin), hatch.at(line, end), reach, is_clear)


def _cut(part: Pieces, which: Bools, length: float) -> Pieces:
    """Cut some of the pieces into parts of about a length."""
    counts = np.where(which, np.ceil((part.end - part.begin) / length), 1).astype(np.int64).clip(1)
    index, step = counted(counts)
    size = ((part.end - part.begin) / counts)[index]
    begin = part.begin[index] + step * size
    end = np.where(step == counts[index] - 1, part.end[index], begin + size)
    return Pieces(part.line[index], begin, end, part.shape[index])
