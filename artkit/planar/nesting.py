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

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from artkit.arrays import Bools, Floats, Ints
from artkit.errors import UsageError
from artkit.planar.contacts import Contacts, find_contacts
from artkit.planar.crossings import turn
from artkit.planar.edgelist import EdgeList, degenerate_rings, ring_areas


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
    edges = EdgeList.of(rings)
    degenerate = degenerate_rings(edges)
    sound = np.ones(edges.rings, bool)
    sound[degenerate] = False
    crossings, touches = find_contacts(edges.only(sound))
    if strict:
        _refuse(degenerate, crossings, touches)
    sound[crossings.rings] = False
    parents, depths = np.full(edges.rings, -1), np.full(edges.rings, -1)
    parents[sound] = _parents(edges.only(sound))[sound]
    depths[sound] = _depths(parents)[sound]
    return Nesting(parents, depths, crossings, touches, degenerate)


def _refuse(degenerate: Ints, crossings: Contacts, touches: Contacts) -> None:
    for contacts, verb in ((crossings, "crosses"), (touches, "touches")):
        for one, other, (x, y) in contacts:
            whom = "itself" if one == other else f"ring {other}"
            more = f" (and {len(contacts) - 1} more)" if len(contacts) > 1 else ""
            raise UsageError(f"ring {one} {verb} {whom} at ({x:g}, {y:g}){more}; rings to nest keep apart")
    if len(degenerate):
        raise UsageError(f"ring {degenerate[0]} has no area; a ring has 3 or more points that are not on one line")


def _parents(edges: EdgeList) -> Ints:
    """(R,) the ring directly around each ring, -1 where there is none (or the ring is not in the edges)."""
    areas = ring_areas(edges)
    clockwise = areas[edges.ring] > 0
    rightward = edges.end[:, 0] > edges.start[:, 0]
    interior_below = rightward == clockwise
    # Where edges of several rings lie on each other, down across them one leaves the smallest ring first, and enters
    # the largest first. Its own upper edge is the last one that a ring may not see.
    size_rank = np.empty(edges.rings, np.int64)
    size_rank[np.argsort(-np.abs(areas), kind="stable")] = np.arange(edges.rings)
    layer = np.where(interior_below, edges.rings + size_rank[edges.ring], edges.rings - 1 - size_rank[edges.ring])

    looking, at, slope = _lookouts(edges)
    seen = _first_edge_above(edges, layer, at, slope, edges.rings + size_rank[looking])
    found = seen >= 0
    link = np.full(edges.rings + 1, edges.rings)  # one more, that nothing is in: the end of every chain
    link[looking[found]] = edges.ring[seen[found]]
    settled = np.ones(edges.rings + 1, bool)
    settled[looking[found]] = interior_below[seen[found]]
    # A ring beside another is where that one is: follow the links, twice as far each time.
    for _ in range(edges.rings.bit_length()):
        beside = np.flatnonzero(~settled)
        link[beside], settled[beside] = link[link[beside]], settled[link[beside]]
    parents = link[:-1]
    return np.where(parents < edges.rings, parents, -1)


def _lookouts(edges: EdgeList) -> tuple[Ints, Floats, Floats]:
    """For each ring in the edges: its number, its leftmost point, and the direction of its upper edge from there."""
    leftmost = np.full(edges.rings, np.inf)
    np.minimum.at(leftmost, edges.ring, edges.start[:, 0])
    edge = np.flatnonzero(edges.start[:, 0] == leftmost[edges.ring])
    at, ring = edges.start[edge], edges.ring[edge]
    ways = edges.end[edge] - at, edges.start[edges.before[edge]] - at
    upward = turn(np.zeros_like(at), *ways)[:, None] < 0
    upper = np.where(upward, ways[1], ways[0])
    with np.errstate(divide="ignore", invalid="ignore"):
        steepness = np.nan_to_num(upper[:, 1] / upper[:, 0])
    # Where a ring passes its leftmost point more than once, the uppermost passage looks.
    order = np.lexsort((steepness, at[:, 1], ring))
    first = order[np.diff(ring[order], prepend=-1) > 0]
    return ring[first], at[first], upper[first]


def _first_edge_above(edges: EdgeList, layer: Ints, at: Floats, slope: Floats, ceiling: Ints) -> Ints:
    """For each point the edge directly above it, -1 where there is none.

    Above means just to the right of the point: an edge through the point itself counts when it rises further than the
    point's `slope` (a direction), and one along the slope when its `layer` is below the point's `ceiling`. An edge
    holds its left end but not its right one, so that a vertex counts once.
    """
    if not len(at):
        return np.empty(0, np.int64)
    leftward = edges.end[:, 0] < edges.start[:, 0]
    left = np.where(leftward[:, None], edges.end, edges.start)
    right = np.where(leftward[:, None], edges.start, edges.end)
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
