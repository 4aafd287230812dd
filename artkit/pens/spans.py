"""Parts of lines, told by where along them they begin and end.

A place on lines is a number: the index of the first point of a segment, plus the share of the segment. So places of
one line grow along it, and those of the next line are larger.
"""

from __future__ import annotations

import numpy as np

from artkit.arrays import Floats, Ints, counted, offsets_of
from artkit.pens.lines import Lines


def between(lines: Lines, low: Floats, high: Floats) -> Lines:
    """Give the parts of lines from each place in `low` to that in `high`, which lies on the same line."""
    if not len(low):
        return Lines.of([])
    after = np.floor(low).astype(np.int64) + 1
    before = np.ceil(high).astype(np.int64) - 1
    inner = np.maximum(before - after + 1, 0)
    offsets = offsets_of(inner + 2)
    part, step = counted(inner + 2)
    points = lines.points[np.clip(after[part] + step - 1, 0, len(lines.points) - 1)]
    points[offsets[:-1]] = at(lines, low)
    points[offsets[1:] - 1] = at(lines, high)
    return Lines(points, offsets)


def at(lines: Lines, place: Floats) -> Floats:
    """Give the points (N, 2) at places."""
    first = np.minimum(np.floor(place).astype(np.int64), len(lines.points) - 1)
    share = (place - first)[:, None]
    begin = lines.points[first]
    points: Floats = begin + share * (lines.points[np.minimum(first + 1, len(lines.points) - 1)] - begin)
    return points


def ways(lines: Lines, place: Floats) -> Floats:
    """Give the direction, as a unit vector, of the segment that each place lies on; zero of one without length."""
    first = np.minimum(np.floor(place).astype(np.int64), len(lines.points) - 2)
    way = lines.points[first + 1] - lines.points[first]
    unit: Floats = way / np.maximum(np.hypot(*way.T), 1e-300)[:, None]
    return unit


def places_along(lines: Lines, lengths: Floats, line: Ints, along: Floats) -> Floats:
    """Give the place so far `along` each of the given lines, where `lengths` (points,) is that of what follows a point.

    What is beyond a line's end is its end. Lengths of the last points of lines are not looked at.
    """
    own = lengths.copy()
    own[lines.offsets[1:] - 1] = 0
    total = np.concatenate([[0.0], np.cumsum(own)])[:-1]
    head, tail = lines.offsets[:-1][line], lines.offsets[1:][line] - 1
    wanted = np.clip(along + total[head], total[head], total[tail])
    first = np.clip(np.searchsorted(total, wanted, side="right") - 1, head, tail - 1)
    length = own[first]
    share = np.where(length > 0, (wanted - total[first]) / np.where(length > 0, length, 1), 0.0)
    places: Floats = first + np.clip(share, 0, 1)
    return places
