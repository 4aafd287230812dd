"""Rows of equal strokes at equal distances, on a line or around a circle, as one dashed stroke."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from artkit.algebra import inner
from artkit.arrays import Bools, Floats
from artkit.artwork.bezier import flattened
from artkit.artwork.drawing import LINE, Path
from artkit.tracer.strokes.arcs import arc_controls, circle_through
from artkit.tracer.strokes.ruled import through

ROW = 3
"""The fewest strokes that make a row."""

EVEN = 0.12
"""How far lengths and distances in a row may differ, in pixels."""

BESIDE = 0.35
"""How far a stroke may lie off its row, in pixels."""

WIDEST = 6.0
"""The largest distance between strokes of a row, in their lengths and widths."""


class Dash(NamedTuple):
    """A stroke of a row: from where to where along a straight line or, with a `center`, around a circle.

    `inner` (N, 2) are places between.
    """

    start: Floats
    end: Floats
    center: Floats | None
    length: float
    inner: Floats


class Row(NamedTuple):
    """A row: which strokes are in it, its path, and the lengths of its dashes and of the gaps between them."""

    members: list[int]
    path: Path
    dashes: tuple[float, float]


def dash_of(path: Path) -> Dash | None:
    """Give a path as a dash, None where it is neither straight nor one arc."""
    if path.closed or path.kinds is None or len(path.points) < 2:
        return None
    points = np.asarray(path.points, np.float64)
    if path.kinds.tolist() == [LINE]:
        return Dash(points[0], points[1], None, float(np.hypot(*(points[1] - points[0]))), points[:0])
    if (path.kinds == LINE).any() or len(path.kinds) > 2:
        return None
    pieces = np.full(len(path.kinds), 4 // len(path.kinds))
    inner = flattened(points, path.kinds, pieces)[1:-1]
    middle = inner[1]
    found = through(points[0], middle, points[-1])
    if found is None:
        return None
    center, angle = found
    length = abs(angle) * float(np.hypot(*(points[0] - center)))
    start, end = (points[0], points[-1]) if angle > 0 else (points[-1], points[0])
    return Dash(start, end, center, length, inner)


def rows_of_dashes(paths: list[Path], width: float) -> list[Row]:
    """Find rows among strokes of one color and width; each stroke is in one row at most."""
    dashes = {k: dash for k, path in enumerate(paths) if (dash := dash_of(path)) is not None}
    rows, used = [], set[int]()
    for k, dash in dashes.items():
        if k in used:
            continue
        alike = [
            j
            for j, other in dashes.items()
            if j not in used and abs(other.length - dash.length) <= 2 * EVEN and _is_beside(dash, other)
        ]
        row = _straight_row(k, alike, dashes, width) if dash.center is None else _ring(alike, dashes)
        if row is not None:
            rows.append(row)
            used.update(row.members)
    return rows


def _is_beside(one: Dash, other: Dash) -> bool:
    """Whether two dashes lie on one line or circle."""
    if one.center is None or other.center is None:
        if one.center is not None or other.center is not None:
            return False
        way = (one.end - one.start) / max(one.length, 1e-9)
        gaps = np.array([other.start, other.end]) - one.start
        return bool(np.abs(way[0] * gaps[:, 1] - way[1] * gaps[:, 0]).max() <= BESIDE)
    radius = float(np.hypot(*(one.start - one.center)))
    ends = np.hypot(*(np.array([other.start, other.end]) - one.center).T)
    return bool(np.abs(ends - radius).max() <= CENTERED * BESIDE)


CENTERED = 6.0
"""A short arc tells its circle so many times worse than many together."""


def _straight_row(first: int, alike: list[int], dashes: dict[int, Dash], width: float) -> Row | None:
    """The longest even row along a line with the first one in it."""
    way = (dashes[first].end - dashes[first].start) / max(dashes[first].length, 1e-9)
    bounds = np.array([np.sort([inner(end - dashes[first].start, way) for end in dashes[k][:2]]) for k in alike])
    order = np.argsort(bounds[:, 0], kind="stable")
    bounds, members = bounds[order], [alike[k] for k in order]
    gaps = bounds[1:, 0] - bounds[:-1, 1]
    spot = members.index(first)
    best: tuple[int, int] = (spot, spot)
    for gap in gaps[max(spot - 1, 0) : spot + 1].tolist():
        if not 0.2 * width < gap <= WIDEST * (dashes[first].length + width):
            continue
        low, high = _even_run(np.abs(gaps - gap) <= EVEN, spot)
        if high - low > best[1] - best[0]:
            best = (low, high)
    low, high = best
    if high - low + 1 < ROW:
        return None
    bounds = bounds[low : high + 1]
    start, end = (dashes[first].start + way * at for at in (bounds[0, 0], bounds[-1, 1]))
    lengths = float((bounds[:, 1] - bounds[:, 0]).mean()), float((bounds[1:, 0] - bounds[:-1, 1]).mean())
    path = Path(np.array([start, end]), np.array([LINE], np.uint8), closed=False)
    return Row(members[low : high + 1], path, lengths)


def _even_run(fair: Bools, spot: int) -> tuple[int, int]:
    """First and last of the members around one between which all gaps are fair."""
    low = high = spot
    while low > 0 and fair[low - 1]:
        low -= 1
    while high < len(fair) and fair[high]:
        high += 1
    return low, high


def _ring(alike: list[int], dashes: dict[int, Dash]) -> Row | None:
    """Dashes at even distances all around a circle."""
    if len(alike) < ROW:
        return None
    some = [dashes[k] for k in alike]
    found = circle_through(np.vstack([dash.inner for dash in some]))
    if found is None or found[1] > BESIDE:
        return None
    center, radius = found[0]
    angles = np.array([np.arctan2(*(dash.start - center)[::-1]) for dash in some])
    order = np.argsort(angles, kind="stable")
    steps = np.diff(np.append(angles[order], angles[order[0]] + 2 * np.pi)) * radius
    length = float(np.mean([dash.length for dash in some]))
    period = 2 * np.pi * radius / len(some)
    shift = np.exp(1j * (angles[order] - 2 * np.pi * np.arange(len(some)) / len(some))).mean()
    begin = float(np.angle(shift))
    lengths = np.array([dash.length for dash in some])
    if np.abs(steps - period).max() > EVEN or np.abs(lengths - length).max() > EVEN:
        return None
    quarters = begin + np.pi / 4 * np.arange(9)
    spots = center + radius * np.column_stack([np.cos(quarters), np.sin(quarters)])
    body = [arc_controls(spots[k], spots[k + 1], spots[k + 2]) for k in (0, 2, 4, 6)]
    points = np.vstack([spots[:1], *body])
    kinds = np.full((len(points) - 1) // 3, 3, np.uint8)
    return Row([alike[k] for k in order], Path(points, kinds, closed=True), (length, period - length))
