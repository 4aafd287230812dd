"""Bézier curves as arrays: points on them, polylines in their place, and what they reach.

A path of S segments is (N, 2) points and the degree of each segment, (S,): each begins where the one before it ends,
and takes as many points as is its degree: its controls, and its end. None for the degrees is a polyline.
Known to no type, so that geometry may use it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Floats, Ints, counted

Degrees = NDArray[np.uint8]

KAPPA = 4 / 3 * (2**0.5 - 1)
"""Controls of a quarter circle lie this far along its tangents, in radii: off by 0.03% at most."""

CHORDS = 8
"""Chords by which the length of a curve is measured: a thousandth too short at worst."""


def on_curve(controls: Sequence[Floats] | Floats, t: Floats) -> Floats:
    """Give the points of quadratic or cubic curves at t, from 0 to 1, by Bernstein's polynomials.

    `controls` are the start, the controls and the end, for any number of curves; t fits them by broadcasting.
    """
    s = 1 - t
    if len(controls) == 3:
        a, b, c = controls
        quadratic: Floats = s * s * a + 2 * s * t * b + t * t * c
        return quadratic
    a, b, c, d = controls
    cubic: Floats = s**3 * a + 3 * s * s * t * b + 3 * s * t * t * c + t**3 * d
    return cubic


def flattened(points: Floats, degrees: Degrees | None, pieces: Ints) -> Floats:
    """Give a path as a polyline: each curve as that many pieces, (S,), of even steps of t, each line as one."""
    if degrees is None or not len(degrees):
        return points
    segment, step = counted(np.where(degrees == 1, 1, pieces))
    start, end = _ends(degrees)
    found = points[end][segment]
    for degree in (2, 3):
        own = np.flatnonzero(degrees[segment] == degree)
        curve = segment[own]
        t = (step[own] + 1) / pieces[curve]
        found[own] = on_curve([points[start[curve] + k] for k in range(degree + 1)], t[:, None])
    return np.concatenate([points[:1], found])


def pieces_within(bends: Floats, degrees: Degrees | Ints | int, tolerance: float) -> Floats:
    """Give how many pieces of even steps keep within the tolerance of curves; not yet rounded up.

    `bends` are the largest second differences of neighboring controls. (The second derivative is at most degree *
    (degree - 1) times as large, and a chord over a step h strays by at most an eighth of it times h squared.)
    """
    found: Floats = np.sqrt(degrees * (degrees - 1) / 8 * bends / tolerance)
    return found


def bends_of(points: Floats, degrees: Degrees, norm: float = 2) -> Floats:
    """Give the length, (S,), of the largest second difference of each segment's points, 0 for lines.

    `norm` 2 is the usual length, infinity the larger of x and y, which needs no roots.
    """
    found = np.zeros(len(degrees))
    for own, controls in _curves(points, degrees):
        found[own] = np.linalg.norm(np.diff(controls, 2, axis=0), norm, axis=-1).max(axis=0)
    return found


def bounds_of(points: Floats, degrees: Degrees | None) -> tuple[Floats, Floats]:
    """Give the least and the largest x and y, (2,) each, that a path reaches; infinite where it has no points."""
    reached = points
    if degrees is not None:
        ends = [points[:1], points[_ends(degrees)[1]]]
        reached = np.concatenate([*ends, *(_turns(controls) for _, controls in _curves(points, degrees))])
    if not len(reached):
        return np.full(2, np.inf), np.full(2, -np.inf)
    return reached.min(0), reached.max(0)


def boxes_of(paths: Sequence[tuple[Floats, Degrees | None]], owners: Ints, count: int) -> tuple[Floats, Floats]:
    """Give `bounds_of` of many paths together, (count, 2) each: path k belongs to the box `owners[k]`."""
    low, high = np.full((count, 2), np.inf), np.full((count, 2), -np.inf)
    filled = [k for k, (points, _) in enumerate(paths) if len(points)]
    if filled:
        points = np.concatenate([paths[k][0] for k in filled])
        degrees, segments = _degrees([paths[k] for k in filled])
        path = np.repeat(np.arange(len(filled)), segments)
        # Each path takes one point, its first, before those of its segments.
        end = np.cumsum(degrees, dtype=np.int64) + path
        start = end - degrees
        first = np.concatenate([[0], np.cumsum([len(paths[k][0]) for k in filled])[:-1]]).astype(np.int64)
        reached, by = [points[first], points[end]], [np.arange(len(filled)), path]
        for degree in (2, 3):
            own = np.flatnonzero(degrees == degree)
            if len(own):
                turns = _turns(np.stack([points[start[own] + k] for k in range(degree + 1)]))
                reached.append(turns)
                by.append(np.tile(path[own], len(turns) // len(own)))
        box = owners[filled][np.concatenate(by)]
        np.minimum.at(low, box, np.concatenate(reached))
        np.maximum.at(high, box, np.concatenate(reached))
    return low, high


def _degrees(paths: Sequence[tuple[Floats, Degrees | None]]) -> tuple[Ints, Ints]:
    """Give the degrees of all segments of paths in order, and how many segments each path has."""
    each = [np.ones(len(points) - 1, np.uint8) if degrees is None else degrees for points, degrees in paths]
    return np.concatenate(each).astype(np.int64), np.array([len(degrees) for degrees in each])


def length_of(points: Floats, degrees: Degrees | None) -> float:
    """Give the length of a path, curves by `CHORDS` chords each."""
    count = 0 if degrees is None else len(degrees)
    steps = np.diff(flattened(points, degrees, np.full(count, CHORDS)), axis=0)
    return float(np.hypot(*steps.T).sum())


def _ends(degrees: Degrees) -> tuple[Ints, Ints]:
    """Give the places among the points, (S,) each, where segments start and end."""
    end = np.cumsum(degrees, dtype=np.int64)
    return end - degrees, end


def _curves(points: Floats, degrees: Degrees) -> Iterator[tuple[Bools, Floats]]:
    """Give, for each degree that there is, which segments have it, and their controls (degree + 1, N, 2)."""
    start, _ = _ends(degrees)
    for degree in (2, 3):
        own = degrees == degree
        if own.any():
            yield own, np.stack([points[start[own] + k] for k in range(degree + 1)])


def _turns(controls: Floats) -> Floats:
    """Where x or y of curves, (degree + 1, N, 2), turns around: (M, 2), each axis on its own."""
    steps = np.diff(controls, axis=0)
    a = steps[0]
    if len(steps) == 2:
        b = steps[1] - steps[0]
        times = [np.divide(-a, b, out=np.zeros_like(a), where=b != 0)]
    else:
        c = steps[0] - 2 * steps[1] + steps[2]
        b = 2 * (steps[1] - steps[0])
        root = np.sqrt(np.maximum(b * b - 4 * a * c, 0))
        straight = np.abs(c) < 1e-12
        times = [np.divide(-b + sign * root, 2 * c, out=np.zeros_like(a), where=~straight) for sign in (-1, 1)] + [
            np.divide(-a, b, out=np.zeros_like(a), where=straight & (b != 0))
        ]
    return np.concatenate([on_curve(controls, np.clip(time, 0, 1)) for time in times])
