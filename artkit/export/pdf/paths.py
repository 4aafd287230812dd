"""Paths to the operators that construct them (ISO 32000-1, 8.5.2), many shapes in a few passes over arrays.

Coordinates are steps of the grid, each rounded on its own. A table of digits, a row for each number, becomes text
by squeezing out what is unused.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Ints, offsets_of, starts_of
from artkit.artwork.drawing import CUBIC, LINE, QUADRATIC, Path, Shape
from artkit.errors import UsageError
from artkit.export.svg.pathdata import batches

FARTHEST = 2.0**31
"""Steps from the origin that a reader of PDF need not understand any more (ISO 32000-1, annex C)."""

_M, _L, _C, _V, _Y, _H = range(6)
_LETTERS = np.frombuffer(b"mlcvyh", np.uint8)
_NUMBERS = np.array([2, 2, 6, 4, 4, 0])


class Steps(NamedTuple):
    """Where a drawing's point goes: `point * scale + offset`, rounded to so many `decimals`."""

    scale: float
    offset: tuple[float, float] = (0.0, 0.0)
    decimals: int = 0


def path_texts(shapes: Sequence[Shape], steps: Steps) -> list[bytes]:
    """Give the operators that construct each shape's path, nothing where it draws nothing.

    A UsageError names coordinates that are not finite or too large.
    """
    return [text for batch in batches(shapes) for text in _texts(batch, steps)]


def _texts(shapes: Sequence[Shape], steps: Steps) -> list[bytes]:
    kept = [(k, path) for k, shape in enumerate(shapes) for path in shape.paths if len(path.points)]
    if not kept:
        return [b""] * len(shapes)
    shape_of = np.array([k for k, _ in kept])
    stroked = np.array([shape.stroke is not None for shape in shapes])[shape_of]
    commands = _commands([path for _, path in kept], shape_of, stroked, steps)
    return _written(commands, len(shapes), steps.decimals)


class _Commands(NamedTuple):
    """Operators in order: the kind of each, its shape, and (C, 6) operands, of which it uses the first."""

    kinds: Ints
    shapes: Ints
    operands: Ints


def _commands(paths: Sequence[Path], shape_of: Ints, stroked: Bools, steps: Steps) -> _Commands:
    points, kinds, first, path_of = _flat(paths, steps)
    end = np.cumsum(kinds) + path_of
    start = end - kinds
    closed = np.array([path.closed for path in paths])
    curve, bow = kinds == CUBIC, kinds == QUADRATIC
    controls = np.zeros((len(kinds), 6))
    controls[:, 4:] = points[end]
    for k in (1, 2):
        controls[curve, 2 * k - 2 : 2 * k] = points[start[curve] + k]
        # A quadratic is the cubic whose controls lie two thirds of the way to its own.
        tip = points[start[bow]] if k == 1 else points[end[bow]]
        controls[bow, 2 * k - 2 : 2 * k] = tip + (points[start[bow] + 1] - tip) * 2 / 3
    rounded = np.rint(controls).astype(np.int64)
    begin = np.rint(points[start]).astype(np.int64)
    head = np.rint(points[first]).astype(np.int64)
    curved = curve | bow
    moved = (rounded[:, 4:] != begin).any(1) | (curved & (rounded[:, :2] != begin).any(1))
    moved |= curved & (rounded[:, 2:4] != begin).any(1)
    kept = np.flatnonzero(moved)
    last = np.append(np.diff(path_of[kept]) != 0, True)[: len(kept)]
    back = (rounded[kept, 4:] == head[path_of[kept]]).all(1)
    kept = kept[~(last & back & closed[path_of[kept]] & ~curved[kept])]

    path_of, rounded, begin, curved = path_of[kept], rounded[kept], begin[kept], curved[kept]
    counts = np.bincount(path_of, minlength=len(paths))
    dot = stroked & (counts == 0)
    drawn = (counts > 0) | stroked
    tail = stroked & (closed | dot)  # a fill closes by itself; a dot is a line without length
    place_of = starts_of(drawn + counts + tail)
    total = int((drawn + counts + tail).sum())
    command, operands = np.full(total, _L), np.zeros((total, 6), np.int64)
    place = np.arange(len(kept)) + (place_of + drawn - starts_of(counts))[path_of]
    operands[place, :2] = rounded[:, 4:]
    early, late = (rounded[:, :2] == begin).all(1), (rounded[:, 2:4] == rounded[:, 4:]).all(1)
    for letter, own, columns in (
        (_C, curved & ~early & ~late, slice(0, 6)),
        (_V, curved & early, slice(2, 6)),
        (_Y, curved & late & ~early, [0, 1, 4, 5]),
    ):
        command[place[own]] = letter
        operands[place[own], : _NUMBERS[letter]] = rounded[own][:, columns]
    command[place_of[drawn]] = _M
    operands[place_of[drawn], :2] = head[drawn]
    ends = (place_of + drawn + counts)[tail]
    command[ends] = np.where(dot[tail], _L, _H)
    operands[ends, :2] = head[tail]
    return _Commands(command, np.repeat(shape_of, drawn + counts + tail), operands)


def _flat(paths: Sequence[Path], steps: Steps) -> tuple[NDArray[np.float64], Ints, Ints, Ints]:
    """Give all points in steps, not rounded; the kinds of segments; each path's first point; each segment's path."""
    points = (np.concatenate([path.points for path in paths]) * steps.scale + steps.offset) * 10.0**steps.decimals
    if not np.abs(points).max() < FARTHEST:  # NaN fails too
        raise UsageError("a drawing has coordinates that are not finite, or too large for a PDF; use .svg")
    lengths = np.array([len(path.points) for path in paths])
    lines = np.full(lengths.max(), LINE, np.uint8)
    each = [lines[: len(path.points) - 1] if path.kinds is None else path.kinds for path in paths]
    kinds = np.concatenate(each).astype(np.int64)
    path_of = np.repeat(np.arange(len(paths)), [len(one) for one in each])
    taken = np.bincount(path_of, kinds, len(paths)).astype(np.int64) + 1
    if not np.array_equal(taken, lengths):
        worst = int(np.argmax(taken != lengths))
        raise UsageError(f"a path has {lengths[worst]} points, but its segments take {taken[worst]}")
    return points, kinds, starts_of(lengths), path_of


def _written(commands: _Commands, shapes: int, decimals: int) -> list[bytes]:
    """Write operands with a space behind each, and the operator on the end of the line."""
    kinds = commands.kinds
    uses = _NUMBERS[kinds]
    rows = np.maximum(uses, 1)  # h has a row to itself
    values = commands.operands[np.arange(6) < rows[:, None]]
    starts = offsets_of(rows)
    cells = np.concatenate([_digits(values, decimals), np.zeros((len(values), 3), np.uint8)], axis=1)
    cells[:, -3] = ord(" ")
    cells[starts[:-1][uses == 0]] = 0
    last = starts[1:] - 1
    cells[last, -2] = _LETTERS[kinds]
    cells[last, -1] = ord("\n")
    used = (cells != 0).sum(1)
    flat = cells.ravel()
    text = flat[flat != 0].tobytes()
    ends = offsets_of(np.bincount(np.repeat(commands.shapes, rows), used, shapes).astype(np.int64))
    return [text[a:b] for a, b in pairwise(ends.tolist())]


def _digits(values: Ints, decimals: int) -> NDArray[np.uint8]:
    """Give numbers in tenths to the power of `decimals` as ASCII, a row for each; 0 where nothing stands."""
    size = np.abs(values)
    places = max(len(str(int(size.max(initial=0)))), decimals + 1)
    cells = np.zeros((len(values), places + 2), np.uint8)
    cells[:, 0] = np.where(values < 0, np.uint8(ord("-")), np.uint8(0))
    whole = places - decimals
    rest, trailing = size, np.ones(len(values), bool)
    for place in range(places, 0, -1):
        rest, digit = np.divmod(rest, 10)
        if place > whole:  # behind the point; zeros at the end say nothing
            trailing &= digit == 0
            shown = ~trailing
        else:
            shown = (rest > 0) | (digit > 0) | ((place == whole) & (size == 0 if decimals else True))
        cells[:, place + (place > whole)] = np.where(shown, digit + ord("0"), 0)
        if place == whole + 1:
            cells[:, place] = np.where(trailing, np.uint8(0), np.uint8(ord(".")))
    return cells
