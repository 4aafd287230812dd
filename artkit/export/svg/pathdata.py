"""Paths to path data (SVG 1.1, 8.3): the shortest commands that draw the same on the grid.

All numbers of many shapes become text in a few passes over arrays: a table holds the text of every small number, rows
of it are gathered, and the bytes that are unused are squeezed out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Ints, offsets_of, starts_of
from artkit.artwork.drawing import CUBIC, QUADRATIC, Path, Shape
from artkit.errors import UsageError
from artkit.export.svg.grid import Grid
from artkit.export.svg.numbers import SMALL, in_steps, table

# Kinds of path command, their letters, and how many numbers each takes.
_M, _H, _V, _L, _C, _S, _Q, _T, _Z = range(9)
_LETTERS = np.frombuffer(b"mhvlcsqtz", np.uint8)
_NUMBERS = np.array([2, 1, 1, 2, 6, 4, 4, 2, 0])

BATCH = 1 << 17
"""Points written at a time; enough to keep numpy busy, few enough to stay in the cache."""


def path_data(shapes: Sequence[Shape], grid: Grid) -> list[str]:
    """Give each shape's path data, empty where it draws nothing.

    A UsageError names coordinates that are not finite or too large for any renderer.
    """
    return [text for batch in batches(shapes) for text in _data_of(batch, grid)]


def batches(shapes: Sequence[Shape]) -> Iterator[list[Shape]]:
    """Give shapes in runs of about BATCH points."""
    batch: list[Shape] = []
    points = 0
    for shape in shapes:
        batch.append(shape)
        points += sum(len(path.points) for path in shape.paths)
        if points > BATCH:
            yield batch
            batch, points = [], 0
    yield batch


def _data_of(shapes: Sequence[Shape], grid: Grid) -> list[str]:
    paths = [path for shape in shapes for path in shape.paths if len(path.points)]
    if not paths:
        return [""] * len(shapes)
    shape_of = np.repeat(
        np.arange(len(shapes)), [sum(len(path.points) > 0 for path in shape.paths) for shape in shapes]
    )
    stroked = np.array([shape.stroke is not None for shape in shapes])[shape_of]
    commands = _commands(paths, shape_of, stroked, grid)
    return _text(commands, len(shapes), grid.decimals)


class _Commands(NamedTuple):
    """Path commands in order: the kind of each, the shape it belongs to, and (C, 6) numbers, of which it uses some."""

    kinds: Ints
    shapes: Ints
    numbers: Ints


def _commands(paths: Sequence[Path], shape_of: Ints, stroked: NDArray[np.bool_], grid: Grid) -> _Commands:
    """Turn paths into the shortest commands that draw the same on the grid."""
    points, kinds, first, path_of = _flat(paths, grid)
    end = np.cumsum(kinds) + path_of
    start = end - kinds
    step = points[end] - points[start]
    cubic, quadratic = kinds == CUBIC, kinds == QUADRATIC
    control = np.zeros((len(kinds), 4), np.int64)
    for curve, second in ((cubic, 2), (quadratic, 1)):
        control[curve, :2] = points[start[curve] + 1] - points[start[curve]]
        control[curve, 2:] = points[start[curve] + second] - points[start[curve]]
    straight = _straight(step, control)
    cubic &= ~straight

    moved = step.any(axis=1) | ((cubic | quadratic) & control.any(axis=1))
    closed = np.array([path.closed for path in paths])
    kept = np.flatnonzero(moved)
    last = np.append(np.diff(path_of[kept]) != 0, True)[: len(kept)]
    back = (points[end[kept]] == points[first[path_of[kept]]]).all(axis=1)
    bare = ~cubic[kept] & (straight[kept] | ~quadratic[kept])
    kept = kept[~(last & back & closed[path_of[kept]] & bare)]  # the z that closes the path draws that line

    path_of, step, control, cubic = path_of[kept], step[kept], control[kept], cubic[kept]
    quadratic, straight = quadratic[kept], straight[kept]
    mirrored = quadratic & _mirrored(step, control, quadratic, path_of)
    # A straight one is a line, unless that costs a neighbor its mirror.
    quadratic &= ~straight | mirrored | np.append(mirrored[1:], False)[: len(mirrored)]
    counts = np.bincount(path_of, minlength=len(paths))
    drawn = (counts > 0) | stroked
    dot = drawn & (counts == 0)
    tail = drawn & (closed | dot)

    # Each path is a move, its segments, and a tail: z where it is closed, a line of no length where it is a dot.
    begin = starts_of(drawn + counts + tail)
    place = np.arange(len(kept)) + (begin + drawn - starts_of(counts))[path_of]
    total = int((drawn + counts + tail).sum())
    command, numbers = np.empty(total, np.int64), np.zeros((total, 6), np.int64)
    command[place] = np.where(step[:, 1] == 0, _H, np.where(step[:, 0] == 0, _V, _L))
    numbers[place, :2] = step
    numbers[place[command[place] == _V], 0] = step[command[place] == _V, 1]
    smooth = cubic & _smooth(step, control, cubic, path_of)
    command[place[cubic]] = _C
    numbers[place[cubic]] = np.hstack([control[cubic], step[cubic]])
    command[place[smooth]] = _S
    numbers[place[smooth], :4] = np.hstack([control[smooth, 2:], step[smooth]])
    command[place[quadratic]] = np.where(mirrored[quadratic], _T, _Q)
    told = quadratic & ~mirrored
    numbers[place[told], :4] = np.hstack([control[told, :2], step[told]])
    numbers[place[mirrored], :2] = step[mirrored]
    command[(begin + drawn + counts)[tail]] = np.where(dot[tail], _H, _Z)

    command[begin[drawn]] = _M
    stop = np.append(first[1:], len(points)) - 1
    numbers[begin[drawn], :2] = _moves(points, first[drawn], stop[drawn], closed[drawn], shape_of[drawn])
    return _Commands(command, np.repeat(shape_of, drawn + counts + tail), numbers)


def _flat(paths: Sequence[Path], grid: Grid) -> tuple[Ints, Ints, Ints, Ints]:
    """Give all points on the grid, the kinds of all segments, each path's first point and each segment's path."""
    exact = np.concatenate([path.points for path in paths]) * grid.scale + grid.offset
    if not np.abs(exact).max() < 2.0**52:  # NaN fails too
        raise UsageError("a drawing has coordinates that are not finite, or larger than 10^15 grid steps")
    points = np.rint(exact).astype(np.int64)
    lengths = np.array([len(path.points) for path in paths])
    lines = np.ones(lengths.max(), np.uint8)
    each = [lines[: len(path.points) - 1] if path.kinds is None else path.kinds for path in paths]
    kinds = np.concatenate(each).astype(np.int64)
    path_of = np.repeat(np.arange(len(paths)), [len(one) for one in each])
    taken = np.bincount(path_of, kinds, len(paths)).astype(np.int64) + 1
    if not np.array_equal(taken, lengths):
        worst = int(np.argmax(taken != lengths))
        raise UsageError(f"a path has {lengths[worst]} points, but its segments take {taken[worst]}")
    return points, kinds, starts_of(lengths), path_of


def _straight(step: Ints, control: Ints) -> NDArray[np.bool_]:
    """Tell the curves that are straight lines: both controls lie on the chord, which makes them run along it once."""
    x, y = step.T
    small = np.maximum(np.abs(step).max(axis=1, initial=0), np.abs(control).max(axis=1, initial=0)) < 1 << 30
    straight: NDArray[np.bool_] = small & ((x != 0) | (y != 0))  # of larger numbers the products would not fit
    for cx, cy in (control[:, :2].T, control[:, 2:].T):
        along = cx * x + cy * y
        straight &= (cx * y == cy * x) & (along >= 0) & (along <= x * x + y * y)
    return straight


def _smooth(step: Ints, control: Ints, cubic: NDArray[np.bool_], path_of: Ints) -> NDArray[np.bool_]:
    """Tell the curves whose first control the command s implies: the last one mirrored, or none after a line."""
    mirror = np.zeros((len(step), 2), np.int64)
    mirror[1:] = np.where((cubic[:-1] & (path_of[1:] == path_of[:-1]))[:, None], step[:-1] - control[:-1, 2:], 0)
    smooth: NDArray[np.bool_] = (control[:, :2] == mirror).all(axis=1)
    return smooth


def _mirrored(step: Ints, control: Ints, quadratic: NDArray[np.bool_], path_of: Ints) -> NDArray[np.bool_]:
    """Tell the quadratics whose control the command t implies: the last one's, mirrored."""
    mirrored = np.zeros(len(step), bool)
    follows = quadratic[1:] & quadratic[:-1] & (path_of[1:] == path_of[:-1])
    mirrored[1:] = follows & (control[1:, :2] == step[:-1] - control[:-1, :2]).all(axis=1)
    return mirrored


def _moves(points: Ints, first: Ints, stop: Ints, closed: NDArray[np.bool_], shape_of: Ints) -> Ints:
    """Give where each path starts, seen from where the one before it left the pen; from the origin in a new shape."""
    left = np.where(closed[:, None], points[first], points[stop])
    moves = points[first]
    same = shape_of[1:] == shape_of[:-1]
    moves[1:][same] -= left[:-1][same]
    return moves


def _text(commands: _Commands, shapes: int, decimals: int) -> list[str]:
    """Write the commands: a letter where the command changes, and no separator that a sign or a letter replaces."""
    kinds = commands.kinds
    if len(kinds) == 0:
        return [""] * shapes
    before = np.append(-1, kinds[:-1])
    spoken = (kinds != before) & ~((kinds == _L) & (before == _M)) | (kinds == _M)  # pairs after a move are lines
    uses = np.maximum(_NUMBERS[kinds], 1)  # z has a row to itself, with no number in it
    row = starts_of(uses)
    values = commands.numbers[np.arange(6) < uses[:, None]]

    prefix = np.where(values < 0, np.uint8(0), np.uint8(ord(" ")))
    prefix[row[spoken]] = _LETTERS[kinds[spoken]]
    texts_of, lengths = table(decimals)
    index = values + SMALL
    index[row[kinds == _Z]] = len(texts_of) - 1
    large = np.flatnonzero(np.abs(values) > SMALL)
    index[large] = len(texts_of) - 1
    texts = [in_steps(value, decimals) for value in values[large].tolist()]
    width = max(texts_of.shape[1], max(map(len, texts), default=0))

    cells = np.zeros((len(values), 1 + width), np.uint8)
    cells[:, 0] = prefix
    cells[:, 1 : 1 + texts_of.shape[1]] = texts_of[index]
    used = (prefix != 0) + lengths[index]
    if texts:
        cells[large, 1:] = np.array(texts, f"S{width}").view(np.uint8).reshape(-1, width)
        used[large] += [len(text) for text in texts]
    flat = cells.ravel()
    text = flat[flat != 0].tobytes().decode("ascii")
    ends = offsets_of(np.bincount(np.repeat(commands.shapes, uses), used, shapes).astype(np.int64))
    return [text[a:b] for a, b in pairwise(ends.tolist())]
