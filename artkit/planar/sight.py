"""Whether a straight path stays hidden beneath upper faces, and the farthest stop of a path that does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Floats, Ints, starts_of
from artkit.planar.map import PlanarMap
from artkit.planar.segments import cross

LOOKS = 20
"""How many points of the hidden border are tried as the next stop of a path; more: fewer stops, and slower."""

MANY_LOOKS = 150
"""`LOOKS` for the many paths of a mosaic, a tenth of which is hidden lines."""

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


def _stays_hidden(
    above: NDArray[np.int32],
    own: Ints,
    a: Floats,
    b: Floats,
    exempt_a: Bools,
    exempt_b: Bools,
    margin: float,
    near: float,
    careful: bool,
) -> Bools:
    """Whether the straight path from a to b lies beneath faces above `own`, with a margin towards those below.

    Where an end is exempt, it is the end of a visible chain, and the margin is not asked for nearer to it than `near`.
    """
    hidden = np.ones(len(a), bool)
    length = np.linalg.norm(b - a, axis=1)
    for spacing in (4.0, 0.6 if careful else 1.0):  # a few looks tell most of those that show
        k = np.flatnonzero(hidden)
        steps = np.maximum(np.ceil(length[k] / spacing).astype(np.int64), 1) + 1
        begin = starts_of(steps)
        t = (np.arange(int(steps.sum())) - np.repeat(begin, steps)) / np.repeat(steps - 1, steps)
        far = np.repeat(length[k], steps)
        from_end = np.full(len(t), np.inf)
        from_end = np.where(np.repeat(exempt_a[k], steps), t * far, from_end)
        from_end = np.where(np.repeat(exempt_b[k], steps), np.minimum(from_end, (1 - t) * far), from_end)
        spot = np.repeat(a[k], steps, axis=0) + t[:, None] * np.repeat((b - a)[k], steps, axis=0)
        z = np.repeat(own[k], steps)
        fine = (z_at(above, spot) > z) | (from_end < min(0.6, near))
        if spacing < 1:
            away = np.flatnonzero(np.repeat(np.logical_and.reduceat(fine, begin), steps) & (from_end > near))
            for dx, dy in ((margin, 0), (-margin, 0), (0, margin), (0, -margin)):
                fine[away] &= z_at(above, spot[away] + (dx, dy)) > z[away]
        hidden[k] = np.logical_and.reduceat(fine, begin) if len(k) else hidden[k]
    return hidden


def pull(
    above: NDArray[np.int32],
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

    def in_sight(active: Ints, stop: Ints, target: Floats, final: bool) -> Bools:
        looks = stop.shape[1]
        flat, origin = target.reshape(-1, 2), np.repeat(here[active], looks, axis=0)
        first = np.repeat(at[active] < low[active], looks)
        owner = np.repeat(own[active], looks)
        seen = _stays_hidden(above, owner, origin, flat, first, np.full(len(flat), final), margin, near, few(flat))
        begin = np.repeat(np.maximum(at[active], low[active]), looks)
        loop = border.loop(begin, stop.ravel(), origin, flat)
        most = np.repeat(limit[active], looks).astype(float)
        most[_may_hold_holes(holes, origin, flat, stop.ravel() - begin + 1)] = 0.3  # far less than a pixel
        return (seen & (loop < 1.5) & (-loop < most)).reshape(stop.shape)

    active, close = np.arange(count), np.full(count, not exact)
    lost = np.zeros(count, bool)
    while len(active):
        arrived = in_sight(active, high[active][:, None] - 1, head[active][:, None], True)[:, 0]
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
        seen = in_sight(active, stop, target, False)
        # From a stop close to the border the next one close to it can be reached in any case.
        blind = ~seen.any(1)
        lost[active] = blind & ~close[active] & exact
        rows = np.arange(len(active))
        best = np.where(blind, stop.shape[1] - 1, seen.argmax(1))
        here[active], at[active], close[active] = target[rows, best], stop[rows, best], best % depths == depths - 1
        for path, point in zip(active.tolist(), target[rows, best], strict=True):
            stops[path].append(point)
        active = active[~lost[active]]
    return [None if gone else np.array(path).reshape(-1, 2) for path, gone in zip(stops, lost.tolist(), strict=True)]


def _holes(above: NDArray[np.int32]) -> Ints | None:
    """Number of transparent pixels above and to the left of each lattice corner; None if there are none at all."""
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


def z_image(planar: PlanarMap, z: Ints) -> NDArray[np.int32]:
    """The z-order of the face at each pixel, (H, W); -1 where there is none."""
    ordered = np.append(z, -1).astype(np.int32)  # OUTSIDE, which is -1, takes the last
    image: NDArray[np.int32] = ordered[planar.faces]
    return image


def z_at(above: NDArray[np.int32], spot: Floats) -> Ints:
    """Z-order of the face at each spot (N, 2) by the (H, W) image of z-orders; -1 outside the sheet."""
    height, width = above.shape
    x, y = np.floor(spot[:, 0]).astype(np.int64), np.floor(spot[:, 1]).astype(np.int64)
    inside = (x >= 0) & (y >= 0) & (x < width) & (y < height)
    return np.where(inside, above[np.clip(y, 0, height - 1), np.clip(x, 0, width - 1)], -1)
