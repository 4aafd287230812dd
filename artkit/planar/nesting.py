"""Hole subsumption: which ring lies directly inside which, to any depth, for rings from anywhere.

Each ring looks up (towards smaller y) from its leftmost point. The first edge it sees tells where it is: inside that
edge's ring, when the ring's interior lies on this side of the edge; else beside it, in whatever that ring is in.
Leftmost means first by x, then by y, so that the edge seen always belongs to a ring that begins further left, and the
answers chain up to a root.

All rings look up at once. Edges are hung into a segment tree over the x of the rings that look (Bentley 1977): within
a node, edges that do not cross are ordered from top to bottom, and a binary search per level finds the nearest one.
With n points in all it takes O(n log n), the sorting; nothing loops over points or rings in Python but the reading.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from artkit.arrays import Bools, Floats, Ints
from artkit.errors import UsageError
from artkit.planar.crossings import Meeting, both, meeting, near_pairs, turn


@dataclass(frozen=True, eq=False)
class Contacts:
    """Places where rings meet: `rings` (C, 2), the smaller index first, and `points` (C, 2).

    A ring that meets itself is there twice. Iterating gives (ring, other ring, (x, y)).
    """

    rings: Ints
    points: Floats

    def __len__(self) -> int:
        return len(self.rings)

    def __iter__(self) -> Iterator[tuple[int, int, tuple[float, float]]]:
        for (one, other), (x, y) in zip(self.rings.tolist(), self.points.tolist(), strict=True):
            yield one, other, (x, y)


@dataclass(frozen=True, eq=False)
class Nesting:
    """What `subsume` found. Rings are named by their index in its input.

    `parents` (R,): the ring directly around each ring, -1 for roots. `depths` (R,): 0 for roots, 1 for their holes, 2
    for islands in those, and so on. Rings that no tree can hold are left out of it, with parent and depth -1: those in
    `crossings`, which cross another ring or themselves, and the `degenerate` ones, with fewer than 3 distinct points or
    without area. `touches` lists where rings (or parts of one ring) share a point or a stretch without crossing; these
    are in the tree.
    """

    parents: Ints
    depths: Ints
    crossings: Contacts
    touches: Contacts
    degenerate: Ints

    @cached_property
    def roots(self) -> list[int]:
        """The rings that lie in no other."""
        found: list[int] = np.flatnonzero(self.depths == 0).tolist()
        return found

    @cached_property
    def children(self) -> list[list[int]]:
        """For each ring, the rings directly inside it."""
        found: list[list[int]] = [[] for _ in range(len(self.parents))]
        for ring in np.flatnonzero(self.parents >= 0).tolist():
            found[self.parents[ring]].append(ring)
        return found

    @cached_property
    def left_out(self) -> list[int]:
        """The rings that are not in the tree because they cross or are degenerate."""
        found: list[int] = np.flatnonzero(self.depths < 0).tolist()
        return found

    @property
    def shapes(self) -> list[list[int]]:
        """What to fill: each outer ring with its direct holes, outer ring first. An island in a hole is one of its own.

        A shape comes after the shape it lies in, and else in the order of the outer rings.
        """
        outer = np.flatnonzero((self.depths >= 0) & (self.depths % 2 == 0))
        outer = outer[np.argsort(self.depths[outer], kind="stable")]
        return [[ring, *self.children[ring]] for ring in outer.tolist()]


def subsume(rings: Sequence[ArrayLike], *, strict: bool = False) -> Nesting:
    """Find out which ring lies in which: outer rings, their holes, islands in the holes, and so on to any depth.

    Each ring is an (N, 2) array of points, x then y, and is closed with or without its first point repeated; it may
    turn either way. Rings that cross are reported in `crossings` and left out rather than filled wrongly, rings that
    touch are reported in `touches` and nested; with `strict` either one, or a degenerate ring, is a UsageError that
    names rings and place. Meeting is decided in floating point, exactly so for coordinates that are multiples of
    1/1024 below 32,768.
    """
    soup = _Soup.of(rings)
    degenerate = _degenerate(soup)
    sound = np.ones(soup.rings, bool)
    sound[degenerate] = False
    crossings, touches = _contacts(soup.only(sound))
    if strict:
        _refuse(degenerate, crossings, touches)
    sound[crossings.rings] = False
    parents, depths = np.full(soup.rings, -1), np.full(soup.rings, -1)
    parents[sound] = _parents(soup.only(sound))[sound]
    depths[sound] = _depths(parents)[sound]
    return Nesting(parents, depths, crossings, touches, degenerate)


class _Soup(NamedTuple):
    """The edges of all rings, from `start` to `end`; `ring` tells whose, `after` which edge follows."""

    start: Floats
    end: Floats
    ring: Ints
    after: Ints
    rings: int

    @classmethod
    def of(cls, rings: Sequence[ArrayLike]) -> _Soup:
        arrays = [_ring(ring, index) for index, ring in enumerate(rings)]
        ring = np.repeat(np.arange(len(arrays)), [len(array) for array in arrays])
        points = np.concatenate(arrays) if arrays else np.empty((0, 2))
        # Zero-length edges, the repeated first point among them, have no direction: drop them.
        following = points[_after(ring)]
        real = ~both(points == following)
        return cls(points[real], following[real], ring[real], _after(ring[real]), len(arrays))

    def only(self, wanted: Bools) -> _Soup:
        """Give the edges of some of the rings, under their old numbers."""
        ours = wanted[self.ring]
        if ours.all():
            return self
        return _Soup(self.start[ours], self.end[ours], self.ring[ours], _after(self.ring[ours]), self.rings)

    @property
    def before(self) -> Ints:
        before = np.empty_like(self.after)
        before[self.after] = np.arange(len(self.after))
        return before


def _ring(ring: ArrayLike, index: int) -> Floats:
    points = np.asarray(ring, dtype=np.float64)
    if points.size == 0:
        return np.empty((0, 2))
    if points.ndim != 2 or points.shape[1] != 2:
        raise UsageError(f"ring {index} has shape {points.shape}; a ring is (N, 2), x and y of each point")
    if not np.isfinite(points).all():
        raise UsageError(f"ring {index} has a coordinate that is not finite; leave such points out")
    return points


def _after(ring: Ints) -> Ints:
    """For each point its successor: the next one, or the first of the ring after the last."""
    after = np.arange(1, len(ring) + 1)
    if len(ring):
        first = np.flatnonzero(np.concatenate([[True], ring[1:] != ring[:-1]]))
        after[np.concatenate([first[1:], [len(ring)]]) - 1] = first
    return after


def _areas(soup: _Soup) -> Floats:
    """(R,) signed areas, positive for rings that turn clockwise as seen on screen."""
    anchor = np.zeros((soup.rings, 2))
    anchor[soup.ring[::-1]] = soup.start[::-1]  # the ring's own first point: far from the origin nothing cancels
    doubled = turn(anchor[soup.ring], soup.start, soup.end)
    return np.bincount(soup.ring, doubled, soup.rings) / 2


def _degenerate(soup: _Soup) -> Ints:
    few = np.bincount(soup.ring, minlength=soup.rings) < 3
    return np.flatnonzero(few | (_areas(soup) == 0))


def _contacts(soup: _Soup) -> tuple[Contacts, Contacts]:
    """Give the places where rings cross and those where they only touch."""
    if not len(soup.ring):
        empty = Contacts(np.empty((0, 2), np.int64), np.empty((0, 2)))
        return empty, empty
    one, other = near_pairs(soup.start, soup.end)
    one, other = np.minimum(one, other), np.maximum(one, other)
    a, b, c, d = soup.start[one], soup.end[one], soup.start[other], soup.end[other]
    met = meeting(a, b, c, d)
    # Neighbours along a ring share a point by right; all else they have in common is a fault.
    ahead, behind = soup.after[one] == other, soup.after[other] == one
    met = Meeting(met.crosses, met.c_on & ~ahead, met.d_on & ~behind, met.a_on & ~behind, met.b_on & ~ahead)

    proper = met.crosses
    crossing = [(soup.ring[one[proper]], soup.ring[other[proper]], _intersection(a, b, c, d, proper))]
    ends = [(met.c_on, c), (met.d_on, d), (met.a_on, a), (met.b_on, b)]
    first, second = (np.concatenate([edge[on] for on, _ in ends]) for edge in (one, other))
    point = np.concatenate([end[on] for on, end in ends])
    goes_in, goes_out = _sides(soup, first, second, point)
    here_in, here_out = _sides(soup, second, first, point)

    ring, rival = soup.ring[first], soup.ring[second]
    alone = ring == rival
    # One ring goes both inside and outside of the other: they cross, if not here then where a shared stretch ends.
    pair = np.unique(ring * soup.rings + rival, return_inverse=True)[1]
    crosses = _any(pair, goes_in) & _any(pair, goes_out) | _any(pair, here_in) & _any(pair, here_out)
    crosses = np.where(alone, goes_in & goes_out & here_in & here_out, crosses)
    crossing.append((ring[crosses], rival[crosses], point[crosses]))
    return _listed(crossing), _listed([(ring[~crosses], rival[~crosses], point[~crosses])])


def _sides(soup: _Soup, edge: Ints, rival: Ints, point: Floats) -> tuple[Bools, Bools]:
    """Tell whether the ring of `rival` leaves `point`, on both edges, to the right or left of the one of `edge`.

    A way that runs along that ring is on neither side.
    """
    back, on = _ways(soup, edge, point)
    right, left = np.zeros(len(edge), bool), np.zeros(len(edge), bool)
    for way in _ways(soup, rival, point):
        side = _side(back, on, way)
        right |= side > 0
        left |= side < 0
    return right, left


def _ways(soup: _Soup, edge: Ints, point: Floats) -> tuple[Floats, Floats]:
    """Directions in which a ring leaves a point on one of its edges: backwards and onwards."""
    at_start = both(soup.start[edge] == point)
    at_end = both(soup.end[edge] == point)
    behind = np.where(at_start, soup.before[edge], edge)
    ahead = np.where(at_end, soup.after[edge], edge)
    return soup.start[behind] - soup.end[behind], soup.end[ahead] - soup.start[ahead]


def _side(back: Floats, on: Floats, way: Floats) -> Ints:
    """1 where `way` points to the right of a line that comes from `back` and goes `on`, -1 left, 0 along it."""

    def cross(u: Floats, v: Floats) -> Floats:
        product: Floats = u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]
        return product

    def along(u: Floats, v: Floats) -> Bools:
        same: Bools = (cross(u, v) == 0) & ((u * v).sum(axis=1) > 0)
        return same

    # Turning clockwise (on screen) from `on`, the right-hand side lasts until `back` comes.
    after_on, before_back, narrow = cross(on, way) > 0, cross(way, back) > 0, cross(on, back)
    straight = (narrow == 0) & ((on * back).sum(axis=1) < 0)
    right = np.where(narrow > 0, after_on & before_back, np.where(straight, after_on, after_on | before_back))
    retraced = along(on, back)  # a spike has no right-hand side
    side = np.where(right & ~retraced, 1, -1)
    side[along(on, way) | along(back, way)] = 0
    return side


def _any(group: Ints, flags: Bools) -> Bools:
    """For each row, whether any row of its group is set."""
    found: Bools = (np.bincount(group, flags) > 0)[group]
    return found


def _intersection(a: Floats, b: Floats, c: Floats, d: Floats, rows: Bools) -> Floats:
    a, b, c, d = a[rows], b[rows], c[rows], d[rows]
    share = turn(c, d, a) / (turn(c, d, a) - turn(c, d, b))
    point: Floats = a + share[:, None] * (b - a)
    return point


def _listed(found: list[tuple[Ints, Ints, Floats]]) -> Contacts:
    """Sort contacts by ring and place; one place found on several edges is one contact."""
    rows = np.concatenate([np.column_stack([np.minimum(one, two), np.maximum(one, two), at]) for one, two, at in found])
    rows = np.unique(rows, axis=0)
    return Contacts(rows[:, :2].astype(np.int64), rows[:, 2:])


def _refuse(degenerate: Ints, crossings: Contacts, touches: Contacts) -> None:
    for contacts, verb in ((crossings, "crosses"), (touches, "touches")):
        for one, other, (x, y) in contacts:
            whom = "itself" if one == other else f"ring {other}"
            more = f" (and {len(contacts) - 1} more)" if len(contacts) > 1 else ""
            raise UsageError(f"ring {one} {verb} {whom} at ({x:g}, {y:g}){more}; rings to nest keep apart")
    if len(degenerate):
        raise UsageError(f"ring {degenerate[0]} has no area; a ring has 3 or more points that are not on one line")


def _parents(soup: _Soup) -> Ints:
    """(R,) the ring directly around each ring, -1 where there is none (or the ring is not in the soup)."""
    areas = _areas(soup)
    clockwise = areas[soup.ring] > 0
    rightward = soup.end[:, 0] > soup.start[:, 0]
    interior_below = rightward == clockwise
    # Where edges of several rings lie on each other, down across them one leaves the smallest ring first, and enters
    # the largest first. Its own upper edge is the last one that a ring may not see.
    size_rank = np.empty(soup.rings, np.int64)
    size_rank[np.argsort(-np.abs(areas), kind="stable")] = np.arange(soup.rings)
    layer = np.where(interior_below, soup.rings + size_rank[soup.ring], soup.rings - 1 - size_rank[soup.ring])

    looking, at, slope = _lookouts(soup)
    seen = _first_edge_above(soup, layer, at, slope, soup.rings + size_rank[looking])
    found = seen >= 0
    link = np.full(soup.rings + 1, soup.rings)  # one more, that nothing is in: the end of every chain
    link[looking[found]] = soup.ring[seen[found]]
    settled = np.ones(soup.rings + 1, bool)
    settled[looking[found]] = interior_below[seen[found]]
    # A ring beside another is where that one is: follow the links, twice as far each time.
    for _ in range(soup.rings.bit_length()):
        beside = np.flatnonzero(~settled)
        link[beside], settled[beside] = link[link[beside]], settled[link[beside]]
    parents = link[:-1]
    return np.where(parents < soup.rings, parents, -1)


def _lookouts(soup: _Soup) -> tuple[Ints, Floats, Floats]:
    """For each ring in the soup: its number, its leftmost point, and the direction of its upper edge from there."""
    leftmost = np.full(soup.rings, np.inf)
    np.minimum.at(leftmost, soup.ring, soup.start[:, 0])
    edge = np.flatnonzero(soup.start[:, 0] == leftmost[soup.ring])
    at, ring = soup.start[edge], soup.ring[edge]
    ways = soup.end[edge] - at, soup.start[soup.before[edge]] - at
    upward = turn(np.zeros_like(at), *ways)[:, None] < 0
    upper = np.where(upward, ways[1], ways[0])
    with np.errstate(divide="ignore", invalid="ignore"):
        steepness = np.nan_to_num(upper[:, 1] / upper[:, 0])
    # Where a ring passes its leftmost point more than once, the uppermost passage looks.
    order = np.lexsort((steepness, at[:, 1], ring))
    first = order[np.diff(ring[order], prepend=-1) > 0]
    return ring[first], at[first], upper[first]


def _first_edge_above(soup: _Soup, layer: Ints, at: Floats, slope: Floats, ceiling: Ints) -> Ints:
    """For each point the edge directly above it, -1 where there is none.

    Above means just to the right of the point: an edge through the point itself counts when it rises further than the
    point's `slope` (a direction), and one along the slope when its `layer` is below the point's `ceiling`. An edge
    holds its left end but not its right one, so that a vertex counts once.
    """
    if not len(at):
        return np.empty(0, np.int64)
    leftward = soup.end[:, 0] < soup.start[:, 0]
    left = np.where(leftward[:, None], soup.end, soup.start)
    right = np.where(leftward[:, None], soup.start, soup.end)
    columns = np.unique(at[:, 0])
    leaves = 1 << (len(columns) - 1).bit_length()
    edge, node = _hang(np.searchsorted(columns, left[:, 0]), np.searchsorted(columns, right[:, 0]), leaves)

    def height(edge: Ints, x: Floats) -> Floats:
        (x1, y1), (x2, y2) = left[edge].T, right[edge].T
        y: Floats = y1 + (y2 - y1) * ((x - x1) / (x2 - x1))
        return y

    def steepness(edge: Ints) -> Floats:
        rise: Floats = (right[edge, 1] - left[edge, 1]) / (right[edge, 0] - left[edge, 0])
        return rise

    # A node covers columns first to last; its edges all span them, so that in the middle none of them meet.
    shift = leaves.bit_length() - np.frexp(node)[1].astype(np.int64)
    first = (node << shift) - leaves
    last = np.minimum(first + (1 << shift), len(columns)) - 1
    middle = (columns[first] + columns[last]) / 2
    order = np.lexsort((layer[edge], steepness(edge), height(edge, middle), node))
    edge, node = edge[order], node[order]

    best = np.full(len(at), -1)
    place = np.searchsorted(columns, at[:, 0]) + leaves
    while place[0] > 0:
        low, end = np.searchsorted(node, place, "left"), np.searchsorted(node, place, "right")
        begin = low.copy()
        while (todo := np.flatnonzero(low < end)).size:
            half = (low[todo] + end[todo]) // 2
            tried = edge[half]
            above = _above(left[tried], right[tried], at[todo], slope[todo], layer[tried] < ceiling[todo])
            low[todo], end[todo] = np.where(above, half + 1, low[todo]), np.where(above, end[todo], half)
        hit = np.flatnonzero(low > begin)
        rival = edge[low[hit] - 1]
        held = np.where(best[hit] < 0, rival, best[hit])
        x = at[hit, 0]
        keys = zip(*((height(which, x), steepness(which), layer[which]) for which in (rival, held)), strict=True)
        lower = best[hit] < 0
        tied = ~lower
        for mine, its in keys:
            lower |= tied & (mine > its)
            tied &= mine == its
        best[hit[lower]] = rival[lower]
        place >>= 1
    return best


def _hang(first: Ints, stop: Ints, leaves: int) -> tuple[Ints, Ints]:
    """Hang the ranges of leaves from `first` up to `stop` into a segment tree: (range, node), node 1 is the root."""
    index = np.flatnonzero(first < stop)
    low, high = first[index] + leaves, stop[index] + leaves
    hung: list[tuple[Ints, Ints]] = [(index[:0], low[:0])]
    while len(index):
        odd = low % 2 == 1
        hung.append((index[odd], low[odd]))
        odd_end = high % 2 == 1
        hung.append((index[odd_end], high[odd_end] - 1))
        low, high = (low + 1) // 2, high // 2
        left = low < high
        index, low, high = index[left], low[left], high[left]
    return np.concatenate([pair[0] for pair in hung]), np.concatenate([pair[1] for pair in hung])


def _above(left: Floats, right: Floats, at: Floats, slope: Floats, layered: Bools) -> Bools:
    side = turn(left, right, at)
    (run, rise), (x, y) = (right - left).T, slope.T
    steeper = run * y - rise * x
    above: Bools = (side > 0) | ((side == 0) & ((steeper > 0) | ((steeper == 0) & layered)))
    return above


def _depths(parents: Ints) -> Ints:
    """(R,) the number of rings around each, by following parents twice as far each time."""
    beyond = np.append(np.where(parents < 0, len(parents), parents), len(parents))
    depths = (beyond < len(parents)).astype(np.int64)
    while (beyond[:-1] < len(parents)).any():
        depths, beyond = depths + depths[beyond], beyond[beyond]
    found: Ints = depths[:-1]
    return found
