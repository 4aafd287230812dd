"""Whether a straight path stays hidden beneath upper faces, and the farthest stop of a path that does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Floats, Ints, starts_of
from artkit.planar.map import PlanarMap
from artkit.planar.runs import LabelRuns, RunMap
from artkit.planar.segments import cross
from artkit.workers import mapped

Heights: TypeAlias = "NDArray[np.int32] | LabelRuns"
"""The z-order of the face at each pixel, (H, W), -1 where there is none: in an array, or in runs."""

LOOKS = 20
"""How many points of the hidden border are tried as the next stop of a path; more: fewer stops, and slower."""

MANY_LOOKS = 150
"""`LOOKS` for the many paths of a mosaic, a tenth of which is hidden lines."""

AT_ONCE = 1 << 13
"""Paths that are looked along at a time: their looks stay in the cache."""

MANY = 3000
"""With more paths than this, fewer points are tried, and no margin is kept; more: tidier large drawings, slower."""


@dataclass(frozen=True, eq=False)
class Border:
    """Hidden border, crack by crack in walking order, the upper face on the left.

    `beneath` is (N, D, 2): points beneath the upper face, from one close to the border to one as deep as there is room
    for; `start` and `end` are the ends of the crack, `swept` (N + 1,) twice the shoelace area before each.
    """

    beneath: Floats
    start: Floats
    end: Floats
    swept: Floats

    def loop(self, low: Ints, high: Ints, here: Floats, there: Floats) -> Floats:
        """Area inside cracks low..high, walked, and the path back from `there` to `here`; negative on the left side."""
        a, b = self.start[low], self.end[high]
        area: Floats = self.swept[high + 1] - self.swept[low] + cross(b, there) + cross(there, here) + cross(here, a)
        return area * 0.5


class _Straight(NamedTuple):
    """Straight paths from `a` to `b` (N, 2) beneath faces above `own` (N,), in the z-orders of an (H, W) picture.

    They keep `margin` from faces below. Where an end is exempt, it is the end of a visible chain, and the margin is
    not asked for nearer to it than `near`.
    """

    above: Heights
    own: Ints
    a: Floats
    b: Floats
    exempt_a: Bools
    exempt_b: Bools
    margin: float
    near: float

    def stay_hidden(self, some: Ints, spacing: float) -> Bools:
        """Whether some of them stay hidden, by looks so far apart; the margin is asked for where that is under 1."""
        if len(some) <= AT_ONCE:
            return self._stay_hidden(some, spacing)
        starts = range(0, len(some), AT_ONCE)
        parts = mapped(lambda k: self._stay_hidden(some[k : k + AT_ONCE], spacing), starts)
        return np.concatenate([np.zeros(0, bool), *parts])

    def _stay_hidden(self, some: Ints, spacing: float) -> Bools:
        a, way = self.a[some], self.b[some] - self.a[some]
        length = np.linalg.norm(way, axis=1)
        steps = np.maximum(np.ceil(length / spacing).astype(np.int64), 1) + 1
        begin = starts_of(steps)
        path = np.repeat(np.arange(len(some)), steps)
        t = (np.arange(len(path)) - begin.take(path)) / (steps - 1).take(path)
        x, y = (a[:, axis].take(path) + t * way[:, axis].take(path) for axis in (0, 1))
        z = self.own[some].take(path)
        looks = _Looks(path, t, length, self.exempt_a[some], self.exempt_b[some])
        fine = _z_at(self.above, x, y) > z
        shown = np.flatnonzero(~fine)
        fine[shown] = looks.from_end(shown) < min(0.6, self.near)
        if spacing < 1:
            away = np.flatnonzero(np.logical_and.reduceat(fine, begin)[path])
            away = away[looks.from_end(away) > self.near]
            x, y, z = x[away], y[away], z[away]
            for dx, dy in ((self.margin, 0), (-self.margin, 0), (0, self.margin), (0, -self.margin)):
                fine[away] &= _z_at(self.above, x + dx, y + dy) > z
        return np.asarray(np.logical_and.reduceat(fine, begin))

    def first_hidden(self, tried: Bools, spacing: float) -> Ints:
        """The first column of each row of `tried` (R, C) whose path stays hidden, of R * C paths; -1 without one."""
        tried = tried.copy()
        k = np.flatnonzero(tried)
        if len(k):
            tried.reshape(-1)[k] = self.stay_hidden(k, 4.0)  # a few looks tell most of those that show
        rank = np.cumsum(tried, axis=1, dtype=np.int32)
        first = np.full(len(tried), -1)
        begin, end = 0, 1
        while len(k := np.flatnonzero(tried & (rank > begin) & (rank <= end) & (first < 0)[:, None])):
            k = k[self.stay_hidden(k, spacing)][::-1]
            first[k // tried.shape[1]] = k % tried.shape[1]
            begin, end = end, 3 * end
        return first


class _Looks(NamedTuple):
    """Where straight paths are looked at: at the share `t` (N,) of the way along `path` (N,), of `length` (P,)."""

    path: Ints
    t: Floats
    length: Floats
    exempt_a: Bools
    exempt_b: Bools

    def from_end(self, some: Ints) -> Floats:
        """How far some looks are from the nearer end that is exempt; inf where neither is."""
        path, t = self.path[some], self.t[some]
        length = self.length[path]
        from_a = np.where(self.exempt_a[path], t * length, np.inf)
        return np.where(self.exempt_b[path], np.minimum(from_a, (1 - t) * length), from_a)


def pull(
    above: Heights,
    own: Ints,
    tail: Floats,
    head: Floats,
    border: Border,
    low: Ints,
    high: Ints,
    limit: Ints,
    exact: bool,
    margin: float,
    near: float = 1.6,
    *,
    many: bool = False,
    quick: bool = False,
) -> list[Floats | None]:
    """Pull the hidden borders low..high tight: from tail to head, always to the farthest stop in sight.

    It must keep to the left of the border, or it would cut the face off; and it may not enclose, together with the
    border, more than `limit`, or it would cover a face below, whose outline is larger. None where there is no such path
    and it must be `exact`; else the first step of a path may cut a corner of a pixel. No `margin` is kept
    nearer to its ends than `near`, and with `many` none at all. What is `quick` tries fewer stops.
    """
    count = len(low)
    here, at = tail.copy(), low - 1  # where each path has come to, and the last crack it has passed
    stops: list[list[Floats]] = [[] for _ in range(count)]
    holes = _holes(above)
    depths = border.beneath.shape[1]
    most_looks = MANY_LOOKS if many and not quick else LOOKS if many or (count < MANY and not quick) else LOOKS // 3
    spread = np.linspace(1, 0, most_looks)[None]

    def few(spots: Floats) -> bool:
        return len(spots) < MANY and not quick and not many

    def in_sight(active: Ints, stop: Ints, target: Floats, final: bool) -> Ints:
        looks = stop.shape[1]
        flat, origin = target.reshape(-1, 2), np.repeat(here[active], looks, axis=0)
        begin = np.repeat(np.maximum(at[active], low[active]), looks)
        loop = border.loop(begin, stop.ravel(), origin, flat)
        most = np.repeat(limit[active], looks).astype(float)
        most[_may_hold_holes(holes, origin, flat, stop.ravel() - begin + 1)] = 0.3  # far less than a pixel
        owner, first = np.repeat(own[active], looks), np.repeat(at[active] < low[active], looks)
        last = np.full(len(flat), final)
        straight = _Straight(above, owner, origin, flat, first, last, margin, near)
        legal = ((loop < 1.5) & (-loop < most)).reshape(stop.shape)
        return straight.first_hidden(legal, 0.6 if few(flat) else 1.0)

    active, close = np.arange(count), np.full(count, not exact)
    lost = np.zeros(count, bool)
    while len(active):
        arrived = in_sight(active, high[active][:, None] - 1, head[active][:, None], True) == 0
        ended = at[active] >= high[active] - 1
        lost[active] = ~arrived & ended & exact
        active = active[~arrived & ~ended]
        if not len(active):
            break
        # Stops from deep to close, spread along what is left of the border, the farthest first.
        left = high[active] - 1 - at[active]
        stop = at[active][:, None] + np.ceil(left[:, None] ** spread).astype(np.int64)  # closer to each other near by
        target = border.beneath[stop][:, :, ::-1].reshape(len(active), -1, 2)
        stop = np.repeat(stop, depths, axis=1)
        best = in_sight(active, stop, target, False)
        # From a stop close to the border the next one close to it can be reached in any case.
        blind = best < 0
        lost[active] = blind & ~close[active] & exact
        rows = np.arange(len(active))
        best[blind] = stop.shape[1] - 1
        here[active], at[active], close[active] = target[rows, best], stop[rows, best], best % depths == depths - 1
        for path, point in zip(active.tolist(), target[rows, best], strict=True):
            stops[path].append(point)
        active = active[~lost[active]]
    return [None if gone else np.array(path).reshape(-1, 2) for path, gone in zip(stops, lost.tolist(), strict=True)]


def _holes(above: Heights) -> Ints | None:
    """Number of transparent pixels above and to the left of each lattice corner; None if there are none at all."""
    if isinstance(above, LabelRuns):
        above = above.rows(0, above.height) if (above.labels < 0).any() else np.zeros((0, 0), np.int32)
    transparent = above < 0
    if not transparent.any():
        return None
    count = np.zeros((above.shape[0] + 1, above.shape[1] + 1), np.int64)
    count[1:, 1:] = transparent.cumsum(0).cumsum(1)
    return count


def _may_hold_holes(holes: Ints | None, here: Floats, there: Floats, cracks: Ints) -> Bools:
    """Whether a loop of a straight path and so many cracks may lie around a transparent pixel."""
    if holes is None:
        return np.zeros(len(here), bool)
    reach = (cracks / 2 + 13)[:, None]
    most = (holes.shape[1] - 1, holes.shape[0] - 1)
    x1, y1 = np.clip(np.minimum(here, there) - reach, 0, most).astype(np.int64).T
    x2, y2 = np.clip(np.ceil(np.maximum(here, there) + reach), 0, most).astype(np.int64).T
    return np.asarray(holes[y2, x2] - holes[y1, x2] - holes[y2, x1] + holes[y1, x1] > 0)


def z_image(planar: PlanarMap, z: Ints) -> Heights:
    """The z-order of the face at each pixel, (H, W); -1 where there is none."""
    ordered = np.append(z, -1).astype(np.int32)  # OUTSIDE, which is -1, takes the last
    if isinstance(planar, RunMap):
        return planar.face_runs.relabeled(ordered[planar.face_runs.labels])
    image: NDArray[np.int32] = ordered[planar.faces]
    return image


def z_at(above: Heights, spot: Floats) -> Ints:
    """Z-order of the face at each spot (N, 2) by the (H, W) image of z-orders; -1 outside the sheet."""
    return _z_at(above, spot[:, 0], spot[:, 1])


def _z_at(above: Heights, x: Floats, y: Floats) -> Ints:
    height, width = above.shape
    column, row = np.floor(x).astype(np.int64), np.floor(y).astype(np.int64)
    pixel = row * width + column
    if isinstance(above, LabelRuns):
        z: Ints = above.at(np.clip(pixel, 0, height * width - 1)).astype(np.int64)
    else:
        z = above.ravel().take(pixel, mode="clip").astype(np.int64)
    outside = (column.view(np.uint64) >= width) | (row.view(np.uint64) >= height)  # numbers below 0 are large there
    z[outside] = -1
    return z
