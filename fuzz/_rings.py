"""What must hold of rings, told by plain means: whole numbers, every pair of edges, every row between ends."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from artkit.artwork.bezier import on_curve
from artkit.artwork.drawing import Drawing, Path

STEPS = 10_000
"""Steps to a pixel of the whole numbers that edges are told in; curves are rounded to them."""

PIECES = 24
"""Straight pieces that stand for a curve."""

Edges = tuple[NDArray[np.int64], NDArray[np.int64]]


def ring_of(path: Path, grid: int) -> NDArray[np.int64]:
    """Give the corners, (N, 2) in STEPS, of a path as a file says it: on its grid; curves as straight pieces."""
    points = np.rint(np.asarray(path.points) * grid) / grid
    if path.kinds is None:
        found = points
    else:
        parts, at = [points[:1]], 0
        for degree in path.kinds.tolist():
            controls = points[at : at + degree + 1]
            if degree == 1:
                parts.append(controls[1:])
            else:
                t = np.arange(1, PIECES + 1)[:, None] / PIECES
                parts.append(on_curve(controls[:, None], t))
            at += degree
        found = np.concatenate(parts)
    steps = np.rint(found * STEPS).astype(np.int64)
    return steps[(steps != np.roll(steps, 1, axis=0)).any(axis=1)]


def edges_of(ring: NDArray[np.int64]) -> Edges:
    """Give where the edges of a ring begin and end."""
    return ring, np.roll(ring, -1, axis=0)


def doubled_area(ring: NDArray[np.int64]) -> int:
    """Twice the area of a ring in steps squared, negative where it turns the other way."""
    (x, y), (x2, y2) = (ends.T for ends in edges_of(ring))
    return int((x * y2 - x2 * y).sum())


def crossings(ring: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give the pairs of edges, (K, 2), whose insides cross."""
    begin, end = edges_of(ring)
    found = []
    for low in range(0, len(ring), 512):
        one = np.arange(low, min(low + 512, len(ring)))[:, None]
        other = np.arange(len(ring))[None]
        a, b, c, d = begin[one], end[one], begin[other], end[other]
        opposed = (_side(a, b, c) * _side(a, b, d) < 0) & (_side(c, d, a) * _side(c, d, b) < 0) & (one < other)
        found.append(np.argwhere(opposed) + np.array([low, 0]))
    return np.concatenate([*found, np.empty((0, 2), np.int64)])


def _side(a: NDArray[np.int64], b: NDArray[np.int64], c: NDArray[np.int64]) -> NDArray[np.int64]:
    turn = (b[..., 0] - a[..., 0]) * (c[..., 1] - a[..., 1]) - (b[..., 1] - a[..., 1]) * (c[..., 0] - a[..., 0])
    return np.sign(turn)


def tangled(ring: NDArray[np.int64]) -> float:
    """Area in square pixels around which the ring turns twice, or backwards: 0 where it never crosses itself.

    Where two strands cross, the four places around have three different numbers of turns. Touching has no more than
    two. Rows between the ends of all edges are cut into parts by the edges; it is exact where no insides cross.
    """
    begin, end = edges_of(ring)
    sense = 1 if doubled_area(ring) > 0 else -1
    (x1, y1), (x2, y2) = begin.T.astype(float), end.T.astype(float)
    rows = np.unique(ring[:, 1])
    total = 0.0
    for top, bottom in zip(rows[:-1].tolist(), rows[1:].tolist(), strict=True):
        middle = (top + bottom) / 2
        across = np.flatnonzero((y1 < middle) != (y2 < middle))
        x = x1[across] + (x2 - x1)[across] * (middle - y1[across]) / (y2 - y1)[across]
        order = np.argsort(x, kind="stable")
        turns = np.cumsum(np.where(y2[across] < y1[across], 1, -1)[order])[:-1]
        width = np.diff(x[order])
        total += float(width[(turns != 0) & (turns != sense)].sum()) * (bottom - top)
    return total / STEPS**2


def colors_at_centers(drawing: Drawing, palette: list[str], shift: tuple[float, float] = (0, 0)) -> NDArray[np.int64]:
    """Give the color, as its place in the palette, at the center of each pixel, -1 where nothing is painted.

    Or at a `shift`, x and y in pixels, from it.
    """
    away = np.rint(np.array(shift) * STEPS).astype(np.int64)
    height, width = int(drawing.height), int(drawing.width)
    seen = np.full((height, width), -1)
    if drawing.background is not None:
        seen[:] = palette.index(drawing.background)
    for shape in drawing.shapes:
        inside = np.zeros((height, width), bool)
        for path in shape.paths:
            inside ^= _holds_centers(ring_of(path, drawing.grid) - away, height, width)
        seen[inside] = palette.index(str(shape.fill))
    return seen


def _holds_centers(ring: NDArray[np.int64], height: int, width: int) -> NDArray[np.bool_]:
    """Tell the pixels, (H, W), whose center is inside a ring, by the even-odd rule."""
    begin, end = edges_of(ring)
    parity = np.zeros((height, width + 1), np.int64)
    for row in range(height):
        y = row * STEPS + STEPS // 2
        some = (begin[:, 1] <= y) != (end[:, 1] <= y)
        a, b = begin[some].astype(float), end[some].astype(float)
        x = (a[:, 0] + (b[:, 0] - a[:, 0]) * (y - a[:, 1]) / (b[:, 1] - a[:, 1])) / STEPS
        np.add.at(parity[row], np.clip(np.ceil(x - 0.5), 0, width).astype(int), 1)
    return (np.cumsum(parity[:, :width], axis=1) % 2).astype(bool)
