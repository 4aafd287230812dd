"""The arrays that everything passes on: their shapes, types and units, said once."""

from __future__ import annotations

from functools import reduce
from typing import Any, NewType, TypeVar

import numpy as np
from numpy.typing import NDArray

Kind = TypeVar("Kind", bound=np.generic)

Pixels = NDArray[np.uint8]
"""(H, W, 3) sRGB."""

Mask = NDArray[np.uint8]
"""(H, W), 0 is transparent, 255 opaque."""

Floats = NDArray[np.float64]
"""Numbers of any shape."""

TRANSPARENT = -1
"""The label of a pixel that belongs to no region."""

Ints = NDArray[np.int64]
"""Whole numbers of any shape: counts, and indices into other arrays."""

Bools = NDArray[np.bool_]
"""Truth values of any shape."""

# Numbers of things, (N,) or of any shape. All are whole numbers, but those of one kind look up nothing of another's:
# functions that take one of these types let mypy refuse the rest. A choice of some of them (`arcs[mask]`) is plain.

LabelIds = NewType("LabelIds", NDArray[np.integer])
"""Labels of a label image, and so rows of its palette; TRANSPARENT where there is none."""

Faces = NewType("Faces", Ints)
"""Faces of a planar map: the connected parts of a label image. -1 is what lies outside."""

Arcs = NewType("Arcs", Ints)
"""Arcs of a planar map: borders between two faces, from node to node."""

HalfEdges = NewType("HalfEdges", Ints)
"""Half-edges of a planar map: 2 * arc, plus 1 for the twin that runs backwards."""


def median(values: Any, axis: int | None = None) -> Any:
    """The median of numbers that are all numbers, as `np.median` has it, which loads masked arrays to ask for them."""
    found = np.asarray(values)
    if axis is None:
        found, axis = found.ravel(), 0
    low, high = (found.shape[axis] - 1) // 2, found.shape[axis] // 2
    middle = np.partition(found, (low, high), axis=axis).take(range(low, high + 1), axis=axis)
    return middle.mean(axis=axis)


def percentile(values: Any, share: float) -> Any:
    """The number below which `share` percent of some numbers lie, as `np.percentile` has it; see `median`."""
    found = np.asarray(values).ravel()
    found = found if found.dtype.kind == "f" else found.astype(np.float64)
    place = (len(found) - 1) * (share / 100)
    before = int(place)
    after, part = min(before + 1, len(found) - 1), place - before
    low, high = np.partition(found, (before, after))[[before, after]]
    return high - (high - low) * (1 - part) if part >= 0.5 else low + (high - low) * part


# Ragged arrays: rows of unlike lengths, end to end in one array. Row k is `items[offsets[k]:offsets[k + 1]]`.


def offsets_of(lengths: NDArray[np.integer] | Bools) -> Ints:
    """(N + 1,): where each of N rows of these lengths begins, and at the end how many items there are in all."""
    offsets = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=offsets[1:])
    return offsets


def starts_of(lengths: NDArray[np.integer] | Bools) -> Ints:
    """(N,): where each of N rows of these lengths begins."""
    return offsets_of(lengths)[:-1]


def rows_of(offsets: Ints) -> Ints:
    """(M,): the row of each of the M items."""
    return np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))


def counted(lengths: Ints) -> tuple[Ints, Ints]:
    """Give each of the `lengths.sum()` items of rows its row and its place in it, from 0: (row, place)."""
    row = np.repeat(np.arange(len(lengths)), lengths)
    return row, np.arange(len(row)) - starts_of(lengths)[row]


def ranges(starts: Ints, lengths: Ints) -> Ints:
    """`starts[k], starts[k] + 1, ...`, `lengths[k]` numbers of each, one after the other."""
    row, place = counted(lengths)
    numbers: Ints = starts[row] + place
    return numbers


def row_sums(items: NDArray[Any], offsets: Ints) -> NDArray[Any]:
    """(N, ...): the sum of each row of numbers; 0 of an empty one, where `np.add.reduceat` would take what follows."""
    sums = np.zeros((len(offsets) - 1, *items.shape[1:]), items.dtype)
    filled = np.flatnonzero(np.diff(offsets))
    if len(filled):
        sums[filled] = np.add.reduceat(items, offsets[filled])
    return sums


def distinct(values: NDArray[Kind]) -> NDArray[Kind]:
    """The different values of an array, in order; `np.unique` loads numpy.ma for as much, and hashes."""
    ordered = np.sort(values, axis=None)
    first = np.ones(len(ordered), bool)
    first[1:] = ordered[1:] != ordered[:-1]
    return ordered[first]


# Over so short an axis as that of the channels numpy takes longer than for whole arrays, one by one.


def channel_sum(values: NDArray[Any]) -> NDArray[Any]:
    """The sum over a short last axis, whose type holds it."""
    return reduce(np.add, np.moveaxis(values, -1, 0))


def channel_max(values: NDArray[Any]) -> NDArray[Any]:
    """The largest along a short last axis."""
    return reduce(np.maximum, np.moveaxis(values, -1, 0))


def all_channels(told: Bools) -> Bools:
    """Where all are true along a short last axis."""
    return reduce(np.logical_and, np.moveaxis(told, -1, 0))
