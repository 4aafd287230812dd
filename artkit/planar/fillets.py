"""Corners that are round within a pixel or two: too small for curves, but the area they lack tells their radius.

Coverage keeps areas, so the polygon of samples around a corner has the area that the border has. A sharp corner is cut
off by its samples by `CUT` of a pixel; what is missing beyond that is missing from the drawing.
"""

from __future__ import annotations

import numpy as np

from artkit.arrays import Bools, Floats, Ints
from artkit.planar.layout import Layout, Segments
from artkit.planar.segments import cross, unit

REACH = 5
"""How many samples on either side of a corner are looked at."""

CUT = 0.25
"""What the samples of a sharp corner cut off, in square pixels, times the sine of its turn."""

LEAST, COMMON, DOUBTFUL = 0.45, 0.65, 0.95
"""The least radius that is told from a sharp corner, in pixels: where COMMON is that of most corners of a border, of
three or more; and in other borders."""

LARGEST = 4.0
"""The largest radius of a corner: larger ones are curves in any case."""


def rounded_corners(
    layout: Layout, segments: Segments, ends: tuple[Floats, Floats, Floats, Floats], line: Bools
) -> tuple[Floats, Floats, Floats, Floats, Bools, Ints, Bools]:
    """Put small arcs at corners of two lines that turn out to be round.

    Gives starts, controls and ends of segments, which are lines, their pieces, and which no longer start at corners.
    """
    start, first, second, end = ends
    a, b, piece = segments.a, segments.b, segments.piece
    begins = np.append(True, piece[1:] != piece[:-1])
    head = np.full(len(layout.chain), -1)
    head[piece[begins]] = np.flatnonzero(begins)
    last = np.append(begins[1:], True)
    follows = np.where(last & (layout.next[piece] >= 0), head[layout.next[piece]], -1)
    k = np.flatnonzero((follows >= 0) & line & line[follows] & (follows != np.arange(len(line))))
    n = follows[k]
    d, e = unit(end[k] - start[k]), unit(end[n] - start[n])
    room = np.stack([b[k] - a[k], b[n] - a[n]])
    room = np.where(room > 6, room - 1, (room - 1) // 2)
    radius = radii(layout.points, layout.corner[piece[k]], b[k], a[n], room, d, e)
    long = np.linalg.norm(end - start, axis=1)
    radius = _agreed(radius, layout.chain[piece[k]])
    fits, arc = fillets(end[k], d, e, radius, np.minimum(long[k], long[n]) / 2)
    k, n, arc = k[fits], n[fits], arc[fits]
    start, end = start.copy(), end.copy()
    end[k], start[n] = arc[:, 0], arc[:, 3]
    third = (end - start) / 3
    first = np.where(line[:, None], start + third, first)
    second = np.where(line[:, None], end - third, second)
    smooth = np.zeros(len(line), bool)
    smooth[n] = True
    at = k + 1
    start, first, second, end = (
        np.insert(old, at, new, axis=0)
        for old, new in zip((start, first, second, end), arc.transpose(1, 0, 2), strict=True)
    )
    smooth = np.insert(smooth, at, True)
    return start, first, second, end, np.insert(line, at, False), np.insert(piece, at, piece[k]), smooth


def radii(points: Floats, raw: Floats, end: Ints, start: Ints, room: Ints, d: Floats, e: Floats) -> Floats:
    """Tell the radius of each corner, (K,), nan where it cannot be told.

    The corner of two lines with directions d and e lies at sample `end`, where its own sample was at `raw`; after it
    the border goes on from sample `start`. Both lines have `room` samples for it, (2, K).
    """
    corner = points[end]
    turn = np.arctan2(cross(d, e), (d * e).sum(1))
    reach = np.minimum(room, REACH)
    twice = np.zeros(len(end))
    for way, first in ((-1, end), (1, start)):
        last = raw - corner
        for step in range(1, REACH + 1):
            inside = step <= reach[(way + 1) // 2]
            here = points[np.where(inside, first + way * step, first)] - corner
            twice += np.where(inside, way * cross(last, here), 0)
            last = np.where(inside[:, None], here, last)
    lacking = -np.sign(turn) * twice / 2 - CUT * np.abs(np.sin(turn))
    half = np.abs(turn) / 2
    squared = lacking / np.maximum(np.tan(np.minimum(half, 1.4)) - half, 1e-3)
    found = np.sqrt(np.maximum(squared, 0))
    clear = (half > 0.35) & (half < 0.95) & (reach.min(0) >= 1) & (found <= LARGEST)
    result: Floats = np.where(clear, found, np.nan)
    return result


def _agreed(radius: Floats, chain: Ints) -> Floats:
    """Let doubtful corners be as most corners of their border are: 0 where they are sharp."""
    known = np.flatnonzero(~np.isnan(radius))
    order = known[np.lexsort((radius[known], chain[known]))]
    first = np.flatnonzero(np.append(True, np.diff(chain[order]) != 0)) if len(order) else order
    size = np.diff(np.append(first, len(order)))
    least = np.where((radius[order[first + (size - 1) // 2]] >= COMMON) & (size >= 3), LEAST, DOUBTFUL)
    agreed = np.zeros(len(radius))
    round_ = radius[order] >= np.repeat(least, size)
    agreed[order[round_]] = radius[order[round_]]
    return agreed


def fillets(corner: Floats, d: Floats, e: Floats, radius: Floats, room: Floats) -> tuple[Bools, Floats]:
    """Round corners off: which there is room for, and the start, controls and end of each arc, (K, 4, 2)."""
    half = np.abs(np.arctan2(cross(d, e), (d * e).sum(1))) / 2
    back = radius * np.tan(half)
    fits = (radius > 0) & (back <= 1.15 * room)
    back = np.minimum(back, room)
    reach = 4 / 3 * np.tan(half / 2) * back / np.maximum(np.tan(half), 1e-9)
    start, end = corner - back[:, None] * d, corner + back[:, None] * e
    arc = np.stack([start, start + reach[:, None] * d, end - reach[:, None] * e, end], axis=1)
    return fits, arc
