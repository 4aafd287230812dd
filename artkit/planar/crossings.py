"""Which of many segments meet. Nothing here knows of rings or arcs: `nesting` and `simplify` ask, and judge the answer.

A grid of squares about as wide as a segment is long brings together the segments that could meet (`cells`,
`pairs_in_cells`); where a cell is crowded, because tiny segments cluster beside long ones, `near_pairs` quarters it
until it is not. That takes O(n log n) for any input in which only few segments lie close to any one point.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from artkit.arrays import Bools, Floats, Ints, counted, distinct

CROWDED = 24
"""Segments in a cell from which on it pays to quarter the cell."""

QUARTERINGS = 16
"""How often at most: segments that share both ends stay together however small the cell."""


class Grid(NamedTuple):
    """Square cells; cell (column, row) has the number `row * columns + column`."""

    origin: Floats
    size: float
    columns: int

    @classmethod
    def over(cls, starts: Floats, ends: Floats, reach: Floats) -> Grid:
        """Lay a grid over segments that stretch `reach` further than they are."""
        low = np.minimum(starts, ends).min(axis=0) - reach.max()
        high = np.maximum(starts, ends).max(axis=0) + reach.max()
        extent = float((high - low).max())
        length = float(np.maximum(*np.abs(ends - starts).T).mean() + 2 * reach.mean())
        # 2**18 cells a side leave 27 bits of an int64 for the number of the segment.
        size = max(1.5 * length, extent / (2**18 - 4), np.finfo(float).tiny)
        # Coordinates are often whole; a crooked origin keeps them off the cells' borders.
        origin = low - size * np.array([0.6180339887, 0.7548776662])
        return cls(origin, size, int((high[0] - origin[0]) / size) + 2)


def cells(grid: Grid, starts: Floats, ends: Floats, reach: Floats) -> tuple[Ints, Ints]:
    """Give (cell, segment) for all cells that a segment comes within `reach` of, and some more; may repeat itself."""
    steps = ends - starts
    pieces = np.maximum(1, np.ceil(np.maximum(*np.abs(steps.T)) / grid.size)).astype(np.int64)
    segment, piece = counted(pieces)
    step = steps[segment] / pieces[segment, None]
    begin = starts[segment] + step * piece[:, None]
    end = begin + step
    margin = (reach[segment] + 1e-6 * grid.size)[:, None]  # far above rounding: segments that touch share a cell
    low = ((np.minimum(begin, end) - margin - grid.origin) / grid.size).astype(np.int64)
    high = ((np.maximum(begin, end) + margin - grid.origin) / grid.size).astype(np.int64)
    span = high - low + 1
    covered, number = counted(span[:, 0] * span[:, 1])
    row, column = np.divmod(number, span[covered, 0])
    return (low[covered, 1] + row) * grid.columns + low[covered, 0] + column, segment[covered]


def pairs_in_cells(cell: Ints, segment: Ints) -> tuple[Ints, Ints]:
    """Give all pairs of segments that share a cell; `cell` is sorted and no row is there twice."""
    last = np.searchsorted(cell, cell, side="right")
    first, ahead = counted(last - np.arange(len(cell)) - 1)
    return segment[first], segment[first + 1 + ahead]


def near_pairs(starts: Floats, ends: Floats) -> tuple[Ints, Ints]:
    """Give pairs of segments whose boxes meet, among them all that meet; a pair may be there more than once."""
    one, other = (np.concatenate(column) for column in zip(*pairs_in_bands(starts, ends), strict=True))
    return one, other


def pairs_in_bands(starts: Floats, ends: Floats) -> Iterator[tuple[Ints, Ints]]:
    """Give the pairs of `near_pairs`, of many segments some at a time."""
    if len(starts) <= MANY:
        yield _near_pairs(starts, ends)
        return
    for some in _bands(starts, ends):
        one, other = _near_pairs(starts[some], ends[some])
        yield some[one], some[other]


MANY = 1 << 18
"""Segments that are compared at a time: more are in bands, so that memory does not grow with them."""


def _bands(starts: Floats, ends: Floats) -> Iterator[Ints]:
    """Segments that reach into each of several bands, level ones, of about MANY segments."""
    low, high = np.minimum(starts[:, 1], ends[:, 1]), np.maximum(starts[:, 1], ends[:, 1])
    order = np.argsort(low, kind="stable")
    held = order[:0]
    for first in range(0, len(order), MANY):
        own = order[first : first + MANY]
        held = np.concatenate([held[high[held] >= low[own[0]]], own])
        yield np.sort(held)


def _near_pairs(starts: Floats, ends: Floats) -> tuple[Ints, Ints]:
    reach = np.zeros(len(starts))
    grid = Grid.over(starts, ends, reach)
    cell, segment = sorted_cells(*cells(grid, starts, ends, reach), len(starts))
    corner = np.stack([cell % grid.columns, cell // grid.columns], axis=1) * grid.size + grid.origin
    size = grid.size
    found: list[tuple[Ints, Ints]] = []
    for _ in range(QUARTERINGS):
        crowd = np.searchsorted(cell, cell, side="right") - np.searchsorted(cell, cell, side="left")
        crowded = crowd > CROWDED
        found.append(pairs_in_cells(cell[~crowded], segment[~crowded]))
        cell, segment, corner = np.unique(cell[crowded], return_inverse=True)[1], segment[crowded], corner[crowded]
        if not len(cell):
            break
        size /= 2
        row, quarter = np.divmod(np.arange(4 * len(cell)), 4)
        corners = corner[row] + size * np.stack([quarter % 2, quarter // 2], axis=1)
        inside = _enters(corners - 1e-6 * size, 1.000002 * size, starts[segment[row]], ends[segment[row]])
        row, quarter, corners = row[inside], quarter[inside], corners[inside]
        # Where most segments run through several quarters, as in a bundle or a star, quartering gains nothing.
        useless = np.bincount(cell[row]) > 1.75 * np.bincount(cell)
        found.append(pairs_in_cells(cell[useless[cell]], segment[useless[cell]]))
        useful = ~useless[cell[row]]
        row, quarter, corners = row[useful], quarter[useful], corners[useful]
        order = np.argsort(4 * cell[row] + quarter, kind="stable")
        cell, segment, corner = (4 * cell[row] + quarter)[order], segment[row][order], corners[order]
    found.append(pairs_in_cells(cell, segment))
    one, other = (np.concatenate(column) for column in zip(*found, strict=True))
    close = np.ones(len(one), bool)
    for x1, x2 in zip(starts.T, ends.T, strict=True):
        low, high = np.minimum(x1, x2), np.maximum(x1, x2)
        close &= (low[one] <= high[other]) & (low[other] <= high[one])
    return one[close], other[close]


def sorted_cells(cell: Ints, segment: Ints, segments: int) -> tuple[Ints, Ints]:
    """Sort the rows by cell, then by segment, and drop repetitions."""
    return np.divmod(distinct(cell * segments + segment), segments)


def _enters(corner: Floats, size: float, start: Floats, end: Floats) -> Bools:
    """Tell which segments have a point in their square, the border included (separating axes)."""
    center, half = corner + size / 2, size / 2
    direction, middle = end - start, (start + end) / 2 - center
    apart = np.abs(middle) > half + np.abs(direction) / 2
    across = np.abs(direction[:, 0] * middle[:, 1] - direction[:, 1] * middle[:, 0])
    return both(~apart) & (across <= half * (np.abs(direction[:, 0]) + np.abs(direction[:, 1])) * (1 + 1e-9))


def turn(a: Floats, b: Floats, c: Floats) -> Floats:
    """Twice the signed area of the triangles a, b, c; positive where c lies right of a -> b as seen on screen.

    Exact where coordinates are multiples of 2**-k below 2**(25 - k), such as those of pixel corners and edges.
    """
    result: Floats = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    return result


class Meeting(NamedTuple):
    """How segments a-b and c-d meet: crossing in the inside of both, and which end lies on the other segment."""

    crosses: Bools
    c_on: Bools
    d_on: Bools
    a_on: Bools
    b_on: Bools


def meeting(a: Floats, b: Floats, c: Floats, d: Floats, slack: float = 0.0) -> Meeting:
    """Compare segments a-b with c-d, row by row. An end no further than `slack` from a segment is on it."""
    ab, cd = slack * np.maximum(*np.abs(b - a).T), slack * np.maximum(*np.abs(d - c).T)
    turns = (turn(a, b, c), ab), (turn(a, b, d), ab), (turn(c, d, a), cd), (turn(c, d, b), cd)
    turn_c, turn_d, turn_a, turn_b = (np.where(np.abs(area) <= width, 0, np.sign(area)) for area, width in turns)
    return Meeting(
        (turn_c * turn_d < 0) & (turn_a * turn_b < 0),
        (turn_c == 0) & _in_box(c, a, b, slack),
        (turn_d == 0) & _in_box(d, a, b, slack),
        (turn_a == 0) & _in_box(a, c, d, slack),
        (turn_b == 0) & _in_box(b, c, d, slack),
    )


def overlap(a: Floats, b: Floats, c: Floats, d: Floats, slack: float = 0.0) -> Bools:
    """Tell, row by row, whether segments a-b and c-d share more than ends."""
    met = meeting(a, b, c, d, slack)
    ac, ad, bc, bd = both(a == c), both(a == d), both(b == c), both(b == d)
    touch = met.c_on & ~ac & ~bc | met.d_on & ~ad & ~bd | met.a_on & ~ac & ~ad | met.b_on & ~bc & ~bd
    meets: Bools = met.crosses | touch | ac & bd | ad & bc
    return meets


def _in_box(point: Floats, a: Floats, b: Floats, slack: float) -> Bools:
    return both((point >= np.minimum(a, b) - slack) & (point <= np.maximum(a, b) + slack))


def both(flags: Bools) -> Bools:
    """Where x and y are both set; many times faster than `all` along rows of two."""
    set_both: Bools = flags[:, 0] & flags[:, 1]
    return set_both
