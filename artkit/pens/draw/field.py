"""How dark a picture is, place by place, and the thresholds by which lines are left out where it is lighter.

Tone is coverage: where a picture asks for a darkness of 0.3, the pen is to cover three tenths of the paper.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Floats, Ints, offsets_of, ranges, rows_of
from artkit.pens.lines import Lines

CAP = np.pi / 8
"""The round end of a line covers as much as this many pen widths more of its length."""

SHORTEST = 0.1
"""Millimetres; a plotter makes nothing of shorter lines but a blot."""

FINE = 0.008
"""Millimetres that a point may lie off the line without which it is dropped."""


@dataclass(frozen=True, eq=False)
class Field:
    """Darkness, (H, W) from 0 (paper) to 1 (ink), stretched over `width` x `height` millimetres.

    `close` (H, W), from 0 to 1, is where it matters what is drawn; None is nowhere.
    """

    darkness: NDArray[np.float32]
    width: float
    height: float
    close: NDArray[np.float32] | None = None

    @cached_property
    def step(self) -> float:
        """Millimetres from one sample to the next, the lesser of both axes."""
        rows, columns = self.darkness.shape
        return float(min(self.width / columns, self.height / rows))

    def at(self, x: Floats, y: Floats) -> Floats:
        """Darkness at places in millimetres, interpolated between samples; beyond the edge, the edge's."""
        from scipy.ndimage import map_coordinates

        rows, columns = self.darkness.shape
        places = [np.ravel(y) * (rows / self.height) - 0.5, np.ravel(x) * (columns / self.width) - 0.5]
        found = map_coordinates(self.darkness, places, np.float32, order=1, mode="nearest")
        return np.asarray(found, np.float64).reshape(np.shape(x))

    def changed(self, darkness: NDArray[np.floating[Any]]) -> Field:
        """Give another darkness on the same paper."""
        return Field(darkness.astype(np.float32), self.width, self.height, self.close)


def thresholds(count: int) -> Floats:
    """(count,) values between 0 and 1 such that those below any height are spread evenly over the row.

    Van der Corput's sequence: of the values in order, every second is below a half, every fourth below a quarter.
    """
    bits = 12
    # Begun anywhere but at 0, whose threshold is the least of all: it would draw a frame along the border.
    number = (np.arange(count) + 1365) % (1 << bits)
    reversed_ = np.zeros(count, np.int64)
    for bit in range(bits):
        reversed_ |= ((number >> bit) & 1) << (bits - 1 - bit)
    return (reversed_ + 0.5) / (1 << bits)


@dataclass(frozen=True, eq=False)
class Runs:
    """Stretches of rows of samples: run i is row `row[i]` from `start[i]` to `end[i]`, in samples and parts of them.

    `cut_start` and `cut_end` tell whether an end lies between samples of the row, not at the row's own end.
    """

    row: Ints
    start: Floats
    end: Floats
    cut_start: Bools
    cut_end: Bools

    def take(self, which: Bools) -> Runs:
        """Give some of the runs."""
        return Runs(self.row[which], self.start[which], self.end[which], self.cut_start[which], self.cut_end[which])


def runs_above(values: Floats, height: Floats | float, least: float) -> Runs:
    """Find where rows of samples (R, M) reach a height (R, 1): runs and gaps shorter than `least` samples go.

    Ends are interpolated between samples. Samples that are NaN belong to no run, and no gap of them is closed.
    """
    valid = ~np.isnan(values)
    excess = np.where(valid, values - height, -1.0)
    inside = np.zeros((excess.shape[0], excess.shape[1] + 2), bool)
    inside[:, 1:-1] = (excess >= 0) & valid
    row, begin = np.nonzero(inside[:, 1:] & ~inside[:, :-1])
    _, stop = np.nonzero(inside[:, :-1] & ~inside[:, 1:])
    stop = stop - 1  # the last sample inside

    def crossing(row: Ints, within: Ints, beyond: Ints) -> tuple[Floats, Bools]:
        there = (beyond >= 0) & (beyond < values.shape[1])
        other = np.clip(beyond, 0, values.shape[1] - 1)
        there &= valid[row, other]
        above, below = excess[row, within], -excess[row, other]
        share = np.where(there, above / np.maximum(above + below, 1e-9), 0.0)
        return within + share * (beyond - within), there

    start, cut_start = crossing(row, begin, begin - 1)
    end, cut_end = crossing(row, stop, stop + 1)
    found = Runs(row, start, end, cut_start, cut_end)
    found = _closed(found, least)
    return found.take(found.end - found.start >= least)


def _closed(runs: Runs, least: float) -> Runs:
    """Join runs of a row between which there is less than `least`."""
    if not len(runs.row):
        return runs
    near = (runs.row[1:] == runs.row[:-1]) & (runs.start[1:] - runs.end[:-1] < least) & runs.cut_start[1:]
    near &= runs.cut_end[:-1]
    first, last = np.append(True, ~near), np.append(~near, True)
    return Runs(runs.row[first], runs.start[first], runs.end[last], runs.cut_start[first], runs.cut_end[last])


def within(points: Floats, low: Floats | float, high: Floats | float) -> Bools:
    """Tell which points (N, 2) lie in a box, its border included."""
    return np.asarray(((points >= low) & (points <= high)).all(axis=1), bool)


def split(points: Floats, keep: Bools, begins: Ints | None = None) -> Lines:
    """Cut one long line, (N, 2), into the runs of points to keep; those of a single point go.

    At the indices `begins` a new line starts in any case.
    """
    edge = np.diff(np.concatenate([[False], keep, [False]]).astype(np.int8))
    start, stop = np.flatnonzero(edge == 1), np.flatnonzero(edge == -1)
    if begins is not None and len(begins):
        inner = begins[(begins > 0) & (begins < len(keep))]
        inner = inner[keep[inner] & keep[inner - 1]]
        start, stop = np.sort(np.concatenate([start, inner])), np.sort(np.concatenate([stop, inner]))
    long = stop - start >= 2
    start, counts = start[long], (stop - start)[long]
    return Lines(points[ranges(start, counts)], offsets_of(counts))


def long_enough(lines: Lines, least: float = SHORTEST) -> Lines:
    """Leave out lines shorter than `least` millimetres."""
    return lines.take(lines.lengths >= least + 1e-3) if len(lines) else lines


def thinned(lines: Lines, tolerance: float) -> Lines:
    """Drop points that lie within `tolerance` of the chord of their neighbors, every second one at a time.

    What is dropped in one round is measured again in the next against the point that went before it, so that errors
    add up to twice the tolerance at most in practice; three rounds leave one point of eight on straight stretches.
    """
    points, offsets = lines.points, lines.offsets
    for round_ in range(4):
        if len(points) < 3:
            break
        keep = np.ones(len(points), bool)
        a, b, c = points[:-2], points[1:-1], points[2:]
        along = c - a
        across = np.abs(along[:, 0] * (b - a)[:, 1] - along[:, 1] * (b - a)[:, 0])
        length = np.hypot(along[:, 0], along[:, 1])
        onward = ((b - a) * along).sum(1)
        flat = (across <= tolerance / 2 * length) & (onward >= 0) & (onward <= length**2)
        index = np.arange(1, len(points) - 1)
        line = rows_of(offsets)
        inner = (line[:-2] == line[1:-1]) & (line[2:] == line[1:-1])
        keep[1:-1] = ~(flat & inner & ((index - offsets[line[1:-1]]) % 2 == 1))
        points, offsets = points[keep], offsets_of(keep)[offsets]
        if keep.all() and round_:
            break
    return Lines(points, offsets)


def without_repeats(lines: Lines, least: float = 1e-3) -> Lines:
    """Leave out points no further than `least` from the one before, and lines of which a single one is left."""
    if not len(lines):
        return lines
    points = lines.points
    first = np.zeros(len(points), bool)
    first[lines.offsets[:-1]] = True
    keep = np.append(True, np.abs(np.diff(points, axis=0)).max(1) > least) | first
    kept = Lines(points[keep], offsets_of(keep)[lines.offsets])
    return kept.take(kept.counts >= 2)
