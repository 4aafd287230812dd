"""Middle lines moved to where the border says they run: half a width from the samples on either side."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from artkit.algebra import inner, least_squares, product
from artkit.arrays import Bools, Floats, Ints, distinct, median
from artkit.planar.segments import dot, unit

TILE = 48
"""Side in pixels of the squares by which near stations are looked for."""

FREE, JOINED = 0, 1
"""How an open line ends: with a cap of its own, or beneath another line."""


@dataclass(frozen=True, eq=False)
class Track:
    """A middle line as stations about `STEP` pixels apart, (N, 2); a closed one does not repeat its first.

    `corner` marks stations where it turns at once. `ends` are FREE or JOINED.
    """

    points: Floats
    closed: bool = False
    corner: Bools = field(default_factory=lambda: np.zeros(0, bool))
    ends: tuple[int, int] = (FREE, FREE)

    def __post_init__(self) -> None:
        if len(self.corner) != len(self.points):
            object.__setattr__(self, "corner", np.zeros(len(self.points), bool))

    @property
    def length(self) -> float:
        """Its length in pixels."""
        line = np.vstack([self.points, self.points[:1]]) if self.closed else self.points
        return float(np.hypot(*np.diff(line, axis=0).T).sum())


STEP = 1.5
"""Distance of stations in pixels."""


def resampled(track: Track, step: float = STEP) -> Track:
    """Space stations evenly between corners."""
    points, corner = track.points, track.corner
    if track.closed:
        first = int(np.argmax(corner)) if corner.any() else 0
        order = (np.arange(len(points) + 1) + first) % len(points)
        points, corner = points[order], corner[order]
    cuts = distinct(np.concatenate([[0], np.flatnonzero(corner), [len(points) - 1]]))
    made, marks = [points[:1]], [corner[:1]]
    for a, b in zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True):
        part = points[a : b + 1]
        at = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(part, axis=0).T))])
        count = max(int(np.rint(at[-1] / step)), 1)
        where = np.linspace(0, at[-1], count + 1)[1:]
        made.append(np.column_stack([np.interp(where, at, part[:, 0]), np.interp(where, at, part[:, 1])]))
        marks.append(np.append(np.zeros(count - 1, bool), corner[b]))
    points, corner = np.vstack(made), np.concatenate(marks)
    if track.closed:
        points, corner = points[:-1], corner[:-1]
    return replace(track, points=points, corner=corner)


class Border(NamedTuple):
    """Samples of a face's border: places (M, 2) and the direction of the border at each, (M, 2) of length 1."""

    points: Floats
    ways: Floats

    @classmethod
    def of(cls, rings: list[Floats]) -> Border:
        """Take the samples of closed rings in order."""
        turned = [[np.roll(ring, -k, 0) - np.roll(ring, k, 0) for k in (1, 2)] for ring in rings]
        ways = [unit(one + other) for one, other in turned]
        return cls(np.vstack(rings), np.vstack(ways))


@dataclass(frozen=True, eq=False)
class Feet:
    """Where samples (M,) stand beside tracks: the nearest station, the foot's place between stations, and offsets.

    `place` (M,) counts stations over all tracks, with a fraction; `after` is the station that follows. `offset` (M,) is
    the signed distance, positive to the right of the line as seen on the screen; `inner` tells feet that are neither at
    an end nor at a corner, `way` (M, 2) is the direction of the line.
    """

    track: Ints
    station: Ints
    after: Ints
    share: Floats
    offset: Floats
    distance: Floats
    inner: Bools
    way: Floats


def feet_of(samples: Floats, tracks: list[Track]) -> Feet:
    """Find the nearest place on tracks for each sample (M, 2)."""
    points = np.vstack([track.points for track in tracks])
    size = np.array([len(track.points) for track in tracks])
    first = np.cumsum(size) - size
    owner = np.repeat(np.arange(len(tracks)), size)
    closed = np.array([track.closed for track in tracks])[owner]
    corner = np.concatenate([track.corner for track in tracks])
    index = np.arange(len(points))
    last = index == (first + size - 1)[owner]
    head = index == first[owner]
    after = np.where(last, np.where(closed, first[owner], index), index + 1)
    before = np.where(head, np.where(closed, (first + size - 1)[owner], index), index - 1)

    near = _nearest(samples, points)
    best = np.full(len(samples), np.inf)
    start, share = near.copy(), np.zeros(len(samples))
    for a in (before[near], near):
        b = after[a]
        way = points[b] - points[a]
        length = np.maximum(dot(way, way), 1e-12)
        gap = samples - points[a]
        t = np.clip(dot(gap, way) / length, 0, 1)
        gap = gap - t[:, None] * way
        square = dot(gap, gap)
        better = (square < best) & (a != b)
        best[better], start[better], share[better] = square[better], a[better], t[better]
    a, b = start, after[start]
    way = points[b] - points[a]
    gap = samples - points[a]
    side = np.sign(way[:, 0] * gap[:, 1] - way[:, 1] * gap[:, 0])
    distance = np.sqrt(np.where(np.isfinite(best), best, dot(samples - points[near], samples - points[near])))
    end = ~closed[a] & ((head[a] & (share <= 0)) | (last[b] & (share >= 1)))
    inner = ~end & ~(corner[a] & (share <= 0)) & ~(corner[b] & (share >= 1)) & np.isfinite(best)
    return Feet(owner[a], a, b, share, side * distance, distance, inner, unit(way))


def _nearest(samples: Floats, points: Floats) -> Ints:
    """Give the nearest of the points for each sample, of many square by square."""
    if len(samples) * len(points) <= PAIRS:
        x = samples[:, :1] - points[:, 0]
        y = samples[:, 1:] - points[:, 1]
        nearest: Ints = np.argmin(x * x + y * y, axis=1)
        return nearest
    found = np.zeros(len(samples), np.int64)
    tile = np.floor(samples / TILE).astype(np.int64)
    keys = tile[:, 1] * (1 << 20) + tile[:, 0]
    order = np.argsort(keys, kind="stable")
    starts = np.flatnonzero(np.append(True, np.diff(keys[order]) != 0)) if len(order) else order
    for low, high in zip(starts.tolist(), [*starts[1:].tolist(), len(order)], strict=True):
        which = order[low:high]
        own = samples[which]
        middle, room = (own.min(0) + own.max(0)) / 2, np.hypot(*(own.max(0) - own.min(0))) / 2
        away = np.hypot(*(points - middle).T)
        close = np.flatnonzero(away <= float(away.min()) + 2 * room + 1e-9)
        x = own[:, :1] - points[close, 0]
        y = own[:, 1:] - points[close, 1]
        found[which] = close[np.argmin(x * x + y * y, axis=1)]
    return found


PAIRS = 1 << 16
"""Pairs of samples and points up to which all distances are measured at once."""

AGREED = 0.4
"""Pixels by which the width may differ from place to place."""

ALONG = 0.9
"""The least cosine of the angle between a line and the border beside it."""


def eased(points: Floats, closed: bool, still: Bools | None = None, times: int = 2) -> Floats:
    """Average points with those before and after, 1 : 2 : 1, a few times; ends and `still` ones stay."""
    fixed = np.zeros(len(points), bool) if still is None else still.copy()
    if not closed:
        fixed[[0, -1]] = True
    for _ in range(times):
        mean = (np.roll(points, 1, 0) + 2 * points + np.roll(points, -1, 0)) / 4
        points = np.where(fixed[:, None], points, mean)
    return points


def settled(tracks: list[Track], border: Border, width: float, slacks: tuple[float, ...]) -> tuple[list[Track], float]:
    """Move tracks to half a width from the border on both sides, and give the width that fits best.

    A round for each slack: samples that are more than so many pixels off, or where the border runs otherwise, belong to
    no side. Where there is nothing on either side, as in crossings, moves are those of the stations before and after.
    """
    for slack in slacks:
        tracks = [replace(track, points=eased(track.points, track.closed, track.corner)) for track in tracks]
        feet = feet_of(border.points, tracks)
        fair = feet.inner & (np.abs(feet.distance - width / 2) <= slack)
        fair &= np.abs(dot(feet.way, border.ways)) >= ALONG
        count = sum(len(track.points) for track in tracks)
        sums, weights = np.zeros((2, count)), np.zeros((2, count))
        for side, sign in ((0, 1), (1, -1)):
            own = fair & (np.sign(feet.offset) == sign)
            for spot, weight in ((feet.station, 1 - feet.share), (feet.after, feet.share)):
                sums[side] += np.bincount(spot[own], weight[own] * feet.offset[own], count)
                weights[side] += np.bincount(spot[own], weight[own], count)
        told = np.greater(weights, 0.2)
        mean = sums / np.maximum(weights, 1e-9)
        both = told.all(0)
        if both.sum() >= 3:
            width = float(median((mean[0] - mean[1])[both]))
        moves = np.where(told, mean - np.array([[width / 2], [-width / 2]]), 0)
        # Where the sides disagree, one of them is another stroke's: the one that is farther off.
        apart = both & (np.abs(moves[0] - moves[1]) > AGREED)
        told = np.logical_and(told, ~(apart & (np.abs(moves) > np.abs(moves).min(0))))
        moves = np.where(told, moves, 0)
        total = moves.sum(0) / np.maximum(told.sum(0), 1)
        first = 0
        moved = []
        for track in tracks:
            n = len(track.points)
            moved.append(_moved(track, total[first : first + n], told.any(0)[first : first + n]))
            first += n
        tracks = moved
    return tracks, width


def _moved(track: Track, moves: Floats, told: Bools) -> Track:
    """Move stations sideways; those that nothing is known of as their neighbors, and corners to where sides meet."""
    n = len(track.points)
    spots = np.flatnonzero(told & ~track.corner)
    if not len(spots):
        return track
    index = np.arange(n)
    period = n if track.closed else None
    by = np.interp(index, spots, moves[spots], period=period)
    normal = _normals(track)
    points = track.points + by[:, None] * normal
    placed = replace(track, points=points)
    for spot in np.flatnonzero(track.corner).tolist():
        place = _meeting(placed, spot)
        if place is not None:
            points[spot] = place
    return replace(track, points=points)


def _normals(track: Track) -> Floats:
    """Normals (N, 2) to the right, from the stations before and after; at corners and ends from one side."""
    points, n = track.points, len(track.points)
    if n < 2:
        return np.zeros((n, 2))
    after, before = np.roll(points, -1, 0), np.roll(points, 1, 0)
    if not track.closed:
        after[-1], before[0] = points[-1], points[0]
    way = after - before
    way /= np.maximum(np.hypot(*way.T), 1e-12)[:, None]
    return np.column_stack([-way[:, 1], way[:, 0]])


LEG = 6
"""Stations on either side that tell where a corner is."""


def legs(track: Track, spot: int) -> tuple[Floats, Floats]:
    """Stations before and after a corner, nearest first, up to the next corner or end."""
    n = len(track.points)
    sides = []
    for sign in (-1, 1):
        taken = []
        for k in range(1, LEG + 2):
            at = spot + sign * k
            if not track.closed and not 0 <= at < n:
                break
            at %= n
            if at == spot or track.corner[at]:
                break
            taken.append(at)
        sides.append(track.points[taken])
    return sides[0], sides[1]


def _meeting(track: Track, spot: int) -> Floats | None:
    """Where the lines through the stations before and after a corner meet; None where they hardly turn."""
    lines = []
    for side in legs(track, spot):
        if len(side) < 2:
            return None
        lines.append(line_through(side[1:] if len(side) > 3 else side))
    (p, d), (q, e) = lines
    sine = float(d[0] * e[1] - d[1] * e[0])
    if abs(sine) < 0.1:
        return None
    t = float((q - p)[0] * e[1] - (q - p)[1] * e[0]) / sine
    place = p + t * d
    return place if np.hypot(*(place - track.points[spot])) < 3 * STEP else None


def line_through(points: Floats) -> tuple[Floats, Floats]:
    """Give the middle of points (N, 2) and the direction from the last to the first of them, by least squares."""
    middle = points.mean(0)
    x, y = (points - middle).T
    angle = 0.5 * np.arctan2(2 * (x * y).sum(), (x * x).sum() - (y * y).sum())
    way = np.array([np.cos(angle), np.sin(angle)])
    if inner(way, points[0] - points[-1]) < 0:
        way = -way
    return middle, way


def end_of(points: Floats) -> tuple[Floats, Floats, float]:
    """Where a line of stations begins and how it goes on before that: its place, its way outwards, and its bend.

    The bend is in radians a pixel, 0 where a straight line explains the stations (N, 2) nearly as well as a parabola.
    """
    middle, way = line_through(points)
    normal = np.array([-way[1], way[0]])
    x, y = product(points - middle, way), product(points - middle, normal)
    place = middle + x[0] * way
    straight = float(np.sqrt((y * y).mean()))
    if len(points) < 5 or straight < STRAIGHT:
        return place, way, 0.0
    c, b, a = least_squares(np.column_stack([np.ones_like(x), x, x * x]), y)
    rest = y - (c + b * x + a * x * x)
    if np.sqrt((rest * rest).mean()) > 0.6 * straight:
        return place, way, 0.0
    slope = b + 2 * a * x[0]
    out = way + slope * normal
    place = middle + x[0] * way + (c + b * x[0] + a * x[0] ** 2) * normal
    return place, out / np.hypot(*out), float(2 * a / (1 + slope * slope) ** 1.5)


STRAIGHT = 0.02
"""Pixels, root mean square, that a straight line may be off its stations."""
