"""Label image in runs -> planar map: the same map as `map` makes, of pictures of which no array of pixels is held.

A run is a row's stretch of equal labels, as long as it can be. Faces, cracks and corners follow from where runs begin,
in arrays as long as there are runs and borders: a gigapixel of flat areas takes no more than its borders do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Faces, Ints, LabelIds, distinct
from artkit.planar.chain import components
from artkit.planar.map import OUTSIDE, PlanarMap, ends_of, link_joined, map_of_cracks, numbered
from artkit.spans import spanned


@dataclass(frozen=True, eq=False)
class LabelRuns:
    """A label image of `height` x `width` pixels as runs: run i has `labels[i]` (int32) from pixel `starts[i]` on.

    A pixel is y * width + x. Each row begins a run; neighbors in a row have different labels.
    """

    height: int
    width: int
    starts: Ints
    labels: NDArray[np.int32]

    @classmethod
    def of(cls, strips: Iterable[NDArray[np.integer]], width: int) -> LabelRuns:
        """Take label images, (rows, width) each, one below the other."""
        starts, labels, height = [np.zeros(0, np.int64)], [np.zeros(0, np.int32)], 0
        for strip in strips:
            begins = np.ones(strip.shape, bool)
            np.not_equal(strip[:, 1:], strip[:, :-1], out=begins[:, 1:])
            found = np.flatnonzero(begins)
            starts.append(found + height * width)
            labels.append(strip.ravel()[found].astype(np.int32))
            height += len(strip)
        return cls(height, width, np.concatenate(starts), np.concatenate(labels))

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of pixels."""
        return self.height, self.width

    @cached_property
    def row(self) -> Ints:
        """(H + 1,): the first run of each row, and how many runs there are."""
        return np.searchsorted(self.starts, np.arange(self.height + 1) * self.width)

    def run_at(self, pixels: Ints) -> Ints:
        """The run that each of these pixels is in."""
        runs: Ints = np.searchsorted(self.starts, pixels, side="right") - 1
        return runs

    def at(self, pixels: Ints) -> NDArray[np.int32]:
        """The label of each of these pixels."""
        return self.labels[self.run_at(pixels)]

    def rows(self, top: int, bottom: int) -> NDArray[np.int32]:
        """Some rows as a label image."""
        low, high = self.row[top], self.row[bottom]
        lengths = np.diff(np.append(self.starts[low:high], bottom * self.width))
        return np.repeat(self.labels[low:high], lengths).reshape(bottom - top, self.width)

    def relabeled(self, labels: NDArray[np.int32]) -> LabelRuns:
        """Give the runs other labels, which differ wherever these do."""
        return LabelRuns(self.height, self.width, self.starts, labels)

    def joined(self, labels: NDArray[np.int32]) -> LabelRuns:
        """Give the runs other labels, and join those that have the same one then."""
        begins = np.append(True, labels[1:] != labels[:-1]) | (self.starts % self.width == 0)
        return LabelRuns(self.height, self.width, self.starts[begins], labels[begins])

    def borders(self) -> Iterator[tuple[NDArray[np.int32], NDArray[np.int32], Ints]]:
        """Labels of pixels that lie beside each other and differ, and how many pixels of border they have there."""
        beside = np.flatnonzero(self.starts[1:] % self.width > 0)
        yield self.labels[beside], self.labels[beside + 1], np.ones(len(beside), np.int64)
        for top, bottom in self.bands(max((1 << 22) // self.width, 1)):
            yield level_borders(self, top, bottom)[2:]

    @cached_property
    def lengths(self) -> Ints:
        """Pixels of each run."""
        return np.diff(np.append(self.starts, self.height * self.width))

    @cached_property
    def counts(self) -> Ints:
        """Pixels of each label, from OUTSIDE on."""
        return np.bincount(self.labels + 1, self.lengths).astype(np.int64)

    def bands(self, rows: int) -> Iterator[tuple[int, int]]:
        """The first row of each band of so many, and the one after its last."""
        for top in range(0, self.height, rows):
            yield top, min(top + rows, self.height)


@dataclass(frozen=True, eq=False)
class RunMap(PlanarMap):
    """A planar map without an array of pixels: its `faces` are empty, and `face_runs` tell the face of each pixel."""

    face_runs: LabelRuns

    @property
    def outside(self) -> Bools:
        """Where nothing is painted, (H, W); without pixels where all is painted."""
        if (self.face_runs.labels >= 0).all():
            return np.zeros((0, 0), bool)
        outside: Bools = self.face_runs.rows(0, self.height) == OUTSIDE
        return outside


@spanned("planar map of runs")
def map_of_runs(runs: LabelRuns) -> RunMap:
    """Build the planar map of a label image in runs: in all but `faces` what `planar_map` makes of its pixels."""
    joins = _Joins.of(runs)
    number, face_label, face_area = _faces(runs, joins)
    face_runs = runs.relabeled(number)
    first, direction = _cracks(runs)
    last = ends_of(first, direction, runs.width)
    previous = _previous(first, last, direction, joins)

    def beside(cracks: Ints) -> tuple[Faces, Faces]:
        y, x = np.divmod(first[cracks], runs.width + 1)
        turn = direction[cracks]
        left, right = (
            Faces(_label_at(face_runs, y + down[turn], x + across[turn]).astype(np.int64))
            for down, across in ((_LEFT_Y, _LEFT_X), (_RIGHT_Y, _RIGHT_X))
        )
        return left, right

    none = np.zeros((runs.height, 0), np.int32)
    planar = map_of_cracks(first, last, direction, previous, beside, runs.width, none, face_label, face_area)
    told: dict[str, Any] = {each.name: getattr(planar, each.name) for each in fields(PlanarMap)}
    return RunMap(**told, face_runs=face_runs)


def faces_of(runs: LabelRuns) -> tuple[NDArray[np.int32], LabelIds, Ints]:
    """Give the face of each run, and the label and area of each face, as `find_faces` numbers them."""
    return _faces(runs, _Joins.of(runs))


# The pixel on the left and on the right of a crack, from the corner it starts at (rows, columns), by direction.
_LEFT_Y, _LEFT_X = np.array([-1, 0, 0, -1]), np.array([0, 0, -1, -1])
_RIGHT_Y, _RIGHT_X = np.array([0, 0, -1, -1]), np.array([0, -1, -1, 0])


def _label_at(runs: LabelRuns, y: Ints, x: Ints) -> NDArray[np.int32]:
    """The labels of pixels, OUTSIDE beyond the picture."""
    inside = (y >= 0) & (y < runs.height) & (x >= 0) & (x < runs.width)
    labels = np.full(len(y), OUTSIDE, np.int32)
    labels[inside] = runs.at((y * runs.width + x)[inside])
    return labels


@dataclass(frozen=True, eq=False)
class _Joins:
    """Corners, in order, at which two pixels of one label touch and join, and which: 1 north-west and south-east.

    `one` and `other` are the runs of these pixels.
    """

    corner: Ints
    kind: NDArray[np.uint8]
    one: Ints
    other: Ints

    @classmethod
    def of(cls, runs: LabelRuns) -> _Joins:
        """Find the corners at which four runs meet, neighbors all different: two begin there, one above the other."""
        starts, labels, width = runs.starts, runs.labels, runs.width
        inner = np.flatnonzero(starts % width > 0)
        below = np.searchsorted(starts, starts[inner] + width)
        met = below < len(starts)
        met[met] = starts[below[met]] == starts[inner[met]] + width
        upper, lower = inner[met], below[met]
        a, b, c, d = labels[upper - 1], labels[upper], labels[lower - 1], labels[lower]
        falling, rising = (a == d), (b == c)
        touch = (a != c) & (b != d) & (falling | rising)
        upper, lower, a, b, falling, rising = (each[touch] for each in (upper, lower, a, b, falling, rising))
        rarity = runs.counts
        rarer = (rarity[a + 1] < rarity[b + 1]) | ((rarity[a + 1] == rarity[b + 1]) & (a < b))
        falls = np.where(falling & rising, rarer, falling)
        y, x = np.divmod(starts[lower], width)
        return cls(
            y * (width + 1) + x,
            np.where(falls, np.uint8(1), np.uint8(2)),
            np.where(falls, upper - 1, upper),
            np.where(falls, lower, lower - 1),
        )

    def at(self, corner: Ints) -> NDArray[np.uint8]:
        """Which pixels join at each of these corners, 0 for none."""
        found = np.zeros(len(corner), np.uint8)
        if len(self.corner):
            place = np.minimum(np.searchsorted(self.corner, corner), len(self.corner) - 1)
            found = np.where(self.corner[place] == corner, self.kind[place], np.uint8(0))
        return found


def _faces(runs: LabelRuns, joins: _Joins) -> tuple[NDArray[np.int32], LabelIds, Ints]:
    """Number the connected runs of equal label, from 0 in reading order: (face of each run, label, area)."""
    starts, labels, width = runs.starts, runs.labels, runs.width
    # Of two runs that overlap in neighboring rows, one begins inside the other: look only below and above beginnings.
    upper = np.arange(runs.row[-2])
    lower = np.arange(runs.row[1], len(starts))
    under, over = runs.run_at(starts[upper] + width), runs.run_at(starts[lower] - width)
    below, above = labels[upper] == labels[under], labels[lower] == labels[over]
    root = components(
        len(starts),
        np.concatenate([upper[below], over[above], joins.one]),
        np.concatenate([under[below], lower[above], joins.other]),
    )
    number, roots = numbered(root, labels)
    painted = labels != OUTSIDE
    area = np.bincount(number[painted], runs.lengths[painted], len(roots)).astype(np.int64)
    return number, LabelIds(labels[roots]), area


def _cracks(runs: LabelRuns) -> tuple[Ints, NDArray[np.uint8]]:
    """Every crack, level ones first, each in reading order: its first corner, and its direction."""
    level = [_level_cracks(runs, top, bottom) for top, bottom in runs.bands(max((1 << 22) // runs.width, 1))]
    starts, labels, width = runs.starts, runs.labels, runs.width
    y, x = np.divmod(starts, width)
    west = np.append(np.int32(OUTSIDE), labels[:-1])
    west[x == 0] = OUTSIDE
    edge = labels[runs.row[1:] - 1]  # at the right edge of each row
    corner = np.concatenate([y * (width + 1) + x, np.arange(1, runs.height + 1) * (width + 1) - 1])
    west, east = np.concatenate([west, edge]), np.concatenate([labels, np.full(len(edge), OUTSIDE, np.int32)])
    order = np.argsort(corner, kind="stable")
    order = order[west[order] != east[order]]
    south = east[order] < west[order]
    upright = corner[order] + np.where(south, 0, width + 1)
    turn = np.where(south, np.uint8(1), np.uint8(3))
    return (
        np.concatenate([*(first for first, _ in level), upright]),
        np.concatenate([*(direction for _, direction in level), turn]),
    )


def _level_cracks(runs: LabelRuns, top: int, bottom: int) -> tuple[Ints, NDArray[np.uint8]]:
    """The level cracks above rows top..bottom and, at the end of the picture, below them."""
    y, x, north, south, lengths = level_borders(runs, top, bottom)
    east = north < south
    run = np.repeat(np.arange(len(y)), lengths)
    place = np.arange(len(run)) - (np.cumsum(lengths) - lengths)[run]
    first = (y * (runs.width + 1) + x)[run] + place + ~east[run]
    return first, np.where(east[run], np.uint8(0), np.uint8(2))


def level_borders(
    runs: LabelRuns, top: int, bottom: int
) -> tuple[Ints, Ints, NDArray[np.int32], NDArray[np.int32], Ints]:
    """Level borders above rows top..bottom and, at the end of the picture, below them: row and column of the first
    pixel below each, the labels above and below it, and its length.
    """
    width, end = runs.width, runs.height
    last = bottom + (bottom == end)
    own = runs.starts[runs.row[top] : runs.row[bottom]]
    above = runs.starts[runs.row[max(top - 1, 0)] : runs.row[last - 1]] + width
    begin = distinct(np.concatenate([own, above]))
    lengths = np.diff(np.append(begin, last * width))
    y, x = np.divmod(begin, width)
    north, south = _label_at(runs, y - 1, x), _label_at(runs, y, x)
    differs: Bools = north != south
    return y[differs], x[differs], north[differs], south[differs], lengths[differs]


def _previous(first: Ints, last: Ints, direction: NDArray[np.uint8], joins: _Joins) -> Ints:
    """The crack before each one in its arc, -1 after a node: where two cracks meet, one comes and one leaves."""
    order = np.argsort(last, kind="stable")
    comes = last[order]
    place = np.searchsorted(comes, first)
    coming = np.searchsorted(comes, first, side="right") - place
    leaves = np.sort(first)
    leaving = np.searchsorted(leaves, first, side="right") - np.searchsorted(leaves, first)
    inner = (coming == 1) & (leaving == 1)
    previous = np.full(len(first), -1, np.int64)
    previous[inner] = order[place[inner]]
    link_joined(previous, first, last, direction, joins.at(first), joins.at(last))
    return previous
