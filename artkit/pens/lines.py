"""Many lines in two arrays.

`points` (N, 2) holds the lines one after the other, x to the right and y down, and `offsets` (L + 1,) where each
begins: line k is `points[offsets[k]:offsets[k + 1]]`, two points or more. A closed line repeats its first point as its
last, exactly; nothing else tells it from an open one. Functions give new lines and leave theirs alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from artkit.arrays import Bools, Floats, Ints, counted, offsets_of, rows_of
from artkit.errors import UsageError


@dataclass(frozen=True, eq=False)
class Lines:
    """See the module's text. `Lines.of` checks what it is given; the constructor trusts it."""

    points: Floats
    offsets: Ints

    @classmethod
    def of(cls, lines: Iterable[ArrayLike], closed: Iterable[bool] | None = None) -> Lines:
        """Put (N, 2) polylines together; of those that are `closed`, which need not repeat it, the first point is.

        A UsageError names one that is no array of two or more finite points.
        """
        arrays = [np.asarray(line, np.float64) for line in lines]
        if closed is not None:
            arrays = [
                np.concatenate([line, line[:1]]) if ring and len(line) and (line[0] != line[-1]).any() else line
                for line, ring in zip(arrays, closed, strict=True)
            ]
        for number, line in enumerate(arrays):
            if line.ndim != 2 or line.shape[1] != 2 or len(line) < 2 or not np.isfinite(line).all():
                raise UsageError(f"line {number} is {line.shape}; lines are (N, 2) finite numbers, N 2 or more")
        counts = np.array([len(line) for line in arrays], np.int64)
        return cls(np.concatenate(arrays) if arrays else np.empty((0, 2)), offsets_of(counts))

    @classmethod
    def joined(cls, parts: Iterable[Lines]) -> Lines:
        """Give the lines of all parts, in order."""
        parts = list(parts)
        if len(parts) == 1:
            return parts[0]
        points = np.concatenate([np.empty((0, 2)), *(part.points for part in parts)])
        counts = np.concatenate([np.empty(0, np.int64), *(part.counts for part in parts)])
        return cls(points, offsets_of(counts))

    def __len__(self) -> int:
        """Number of lines."""
        return len(self.offsets) - 1

    def __getitem__(self, number: int) -> Floats:
        """Give the points of one line."""
        number = range(len(self))[number]
        return self.points[self.offsets[number] : self.offsets[number + 1]]

    @cached_property
    def counts(self) -> Ints:
        """Number of points of each line."""
        counts: Ints = np.diff(self.offsets)
        return counts

    @cached_property
    def line_of(self) -> Ints:
        """The line that each point belongs to."""
        return rows_of(self.offsets)

    @cached_property
    def starts(self) -> Floats:
        """First point of each line, (L, 2)."""
        starts: Floats = self.points[self.offsets[:-1]]
        return starts

    @cached_property
    def ends(self) -> Floats:
        """Last point of each line, (L, 2)."""
        ends: Floats = self.points[self.offsets[1:] - 1]
        return ends

    @cached_property
    def closed(self) -> Bools:
        """Which lines end where they begin."""
        x, y = (self.starts == self.ends).T
        closed: Bools = x & y
        return closed

    @cached_property
    def segments(self) -> Ints:
        """Index of the first point of each segment; the second is the next."""
        inner = np.ones(len(self.points), bool)
        inner[self.offsets[1:] - 1] = False
        return np.flatnonzero(inner)

    @cached_property
    def lengths(self) -> Floats:
        """Length of each line."""
        x, y = np.ascontiguousarray(self.points.T)
        steps = np.hypot(np.diff(x), np.diff(y))
        if not len(self):
            return np.empty(0)
        steps = np.append(steps, 0.0)
        steps[self.offsets[1:] - 1] = 0.0
        lengths: Floats = np.add.reduceat(steps, self.offsets[:-1])
        return lengths

    @property
    def length(self) -> float:
        """Length of all of them."""
        return float(self.lengths.sum())

    @property
    def bounds(self) -> tuple[Floats, Floats]:
        """Least and largest x and y, (2,) each; infinite where there is no line."""
        if not len(self.points):
            return np.full(2, np.inf), np.full(2, -np.inf)
        columns = self.points.T
        return np.array([axis.min() for axis in columns]), np.array([axis.max() for axis in columns])

    def take(self, which: Ints | Bools, flip: Bools | None = None, first: Ints | None = None) -> Lines:
        """Give some of the lines in the order of `which`, indices or flags.

        Those with `flip` set run backwards. `first` makes closed lines begin at another of their points, counted from 0
        in their own direction, before they are flipped; it is 0 for open ones.
        """
        which = np.flatnonzero(which) if which.dtype == bool else np.asarray(which, np.int64)
        counts = self.counts[which]
        offsets = offsets_of(counts)
        _, place = counted(counts)
        if flip is not None and flip.any():
            backwards = np.repeat(flip, counts)
            place = np.where(backwards, np.repeat(counts - 1, counts) - place, place)
        if first is not None and first.any():
            turned = np.repeat(first, counts)
            place = np.where(turned > 0, (place + turned) % np.maximum(np.repeat(counts - 1, counts), 1), place)
        return Lines(self.points[np.repeat(self.offsets[:-1][which], counts) + place], offsets)

    def moved(self, scale: float, offset: ArrayLike) -> Lines:
        """Give the lines enlarged by `scale`, then moved by `offset`."""
        return Lines(self.points * scale + np.asarray(offset, np.float64), self.offsets)


def travel(lines: Lines, start: tuple[float, float] | None = (0.0, 0.0)) -> float:
    """Length of the travel, pen up, from line to line in their order.

    With `start` also from there to the first of them; the way back home is not counted.
    """
    if not len(lines):
        return 0.0
    begin, end = lines.starts, lines.ends
    if start is None:
        begin, end = begin[1:], end[:-1]
    else:
        end = np.concatenate([np.asarray([start], np.float64), end[:-1]])
    return float(np.hypot(*(begin - end).T).sum())
