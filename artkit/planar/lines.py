"""Polylines of chains: points in one array, and curves as points and back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from artkit.arrays import Bools, Floats, Ints, counted, offsets_of, ranges, rows_of
from artkit.artwork.bezier import on_curve, pieces_within
from artkit.planar.segments import Curves

GRID = 100
"""Steps per pixel to which coordinates are rounded: what an SVG of two decimals can say."""


@dataclass(frozen=True, eq=False)
class Lines:
    """Arcs as polylines from node to node: arc k is `points[offsets[k]:offsets[k + 1]]`, (N, 2).

    A closed one repeats its first point as its last. `hard` points (N,) are the sheet's corners, and where a border
    leaves the sheet's edge: they stay where they are.
    """

    points: Floats
    offsets: Ints
    hard: Bools

    @property
    def segments(self) -> tuple[Floats, Floats, Ints]:
        """Begin and end of all pieces, and their arcs."""
        arc = rows_of(self.offsets)
        joined = np.flatnonzero(arc[1:] == arc[:-1])
        return self.points[joined], self.points[joined + 1], arc[joined]

    def only(self, arcs: Ints) -> Lines:
        """Give some of the arcs."""
        size = np.diff(self.offsets)[arcs]
        index = ranges(self.offsets[:-1][arcs], size)
        return Lines(self.points[index], offsets_of(size), self.hard[index])


FLAT = 0.01
"""How far straight pieces may lie from the cubics they stand for, in pixels, to tell whether these cross."""


def flattened(curves: Curves) -> Lines:
    """Arcs of curves as polylines."""
    a, b, c, d = curves.start, curves.first, curves.second, curves.end
    bow = np.maximum(np.abs(a - 2 * b + c).max(axis=1), np.abs(b - 2 * c + d).max(axis=1))
    pieces = np.where(curves.line, 1, np.clip(np.ceil(pieces_within(bow, 3, FLAT)), 2, 64)).astype(np.int64)
    segment, step = counted(pieces)
    points = on_curve([side[segment] for side in (a, b, c, d)], (step / pieces[segment])[:, None])
    first = step == 0
    points[first] = a
    begin = offsets_of(pieces)[curves.offsets]
    filled = np.flatnonzero(np.diff(curves.offsets))
    points = np.insert(points, begin[filled + 1], d[curves.offsets[filled + 1] - 1], axis=0)
    offsets = begin + offsets_of(np.diff(curves.offsets) > 0)
    return Lines(points, offsets, np.zeros(len(points), bool))


def polylines(lines: Lines, keep: Bools) -> Curves:
    """Straight segments through the points to keep, in the form of Curves."""
    group = rows_of(lines.offsets)[keep]
    kept = lines.points[keep]
    joined = np.flatnonzero(group[1:] == group[:-1])
    start, end = kept[joined], kept[joined + 1]
    third = (end - start) / 3
    count = np.bincount(group[joined], minlength=len(lines.offsets) - 1)
    flags = np.ones(len(joined), bool)
    return Curves(start, start + third, end - third, end, flags, flags, offsets_of(count))


def without_repeats(points: Floats) -> Floats:
    """Leave out points that are where the one before them is."""
    kept: Floats = points[np.append(True, (np.diff(points, axis=0) != 0).any(axis=1))]
    return kept
