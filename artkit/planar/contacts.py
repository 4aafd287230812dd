"""Where rings cross or touch each other or themselves: edge list in, pairs of rings and places out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from artkit.arrays import Bools, Floats, Ints
from artkit.planar.crossings import Meeting, both, meeting, near_pairs, turn
from artkit.planar.edgelist import EdgeList, any_of_group


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


def find_contacts(edges: EdgeList) -> tuple[Contacts, Contacts]:
    """Give the places where rings cross and those where they only touch."""
    if not len(edges.ring):
        empty = Contacts(np.empty((0, 2), np.int64), np.empty((0, 2)))
        return empty, empty
    one, other = near_pairs(edges.start, edges.end)
    one, other = np.minimum(one, other), np.maximum(one, other)
    a, b, c, d = edges.start[one], edges.end[one], edges.start[other], edges.end[other]
    met = meeting(a, b, c, d)
    # Neighbours along a ring share a point by right; all else they have in common is a fault.
    ahead, behind = edges.after[one] == other, edges.after[other] == one
    met = Meeting(met.crosses, met.c_on & ~ahead, met.d_on & ~behind, met.a_on & ~behind, met.b_on & ~ahead)

    proper = met.crosses
    crossing = [(edges.ring[one[proper]], edges.ring[other[proper]], _intersection(a, b, c, d, proper))]
    ends = [(met.c_on, c), (met.d_on, d), (met.a_on, a), (met.b_on, b)]
    first, second = (np.concatenate([edge[on] for on, _ in ends]) for edge in (one, other))
    point = np.concatenate([end[on] for on, end in ends])
    goes_in, goes_out = _sides(edges, first, second, point)
    here_in, here_out = _sides(edges, second, first, point)

    ring, rival = edges.ring[first], edges.ring[second]
    alone = ring == rival
    # One ring goes both inside and outside of the other: they cross, if not here then where a shared stretch ends.
    pair = np.unique(ring * edges.rings + rival, return_inverse=True)[1]
    crosses = any_of_group(pair, goes_in) & any_of_group(pair, goes_out) | any_of_group(pair, here_in) & any_of_group(
        pair, here_out
    )
    crosses = np.where(alone, goes_in & goes_out & here_in & here_out, crosses)
    crossing.append((ring[crosses], rival[crosses], point[crosses]))
    return _listed(crossing), _listed([(ring[~crosses], rival[~crosses], point[~crosses])])


def _sides(edges: EdgeList, edge: Ints, rival: Ints, point: Floats) -> tuple[Bools, Bools]:
    """Tell whether the ring of `rival` leaves `point`, on both edges, to the right or left of the one of `edge`.

    A way that runs along that ring is on neither side.
    """
    back, on = _ways(edges, edge, point)
    right, left = np.zeros(len(edge), bool), np.zeros(len(edge), bool)
    for way in _ways(edges, rival, point):
        side = _side(back, on, way)
        right |= side > 0
        left |= side < 0
    return right, left


def _ways(edges: EdgeList, edge: Ints, point: Floats) -> tuple[Floats, Floats]:
    """Directions in which a ring leaves a point on one of its edges: backwards and onwards."""
    at_start = both(edges.start[edge] == point)
    at_end = both(edges.end[edge] == point)
    behind = np.where(at_start, edges.before[edge], edge)
    ahead = np.where(at_end, edges.after[edge], edge)
    return edges.start[behind] - edges.end[behind], edges.end[ahead] - edges.start[ahead]


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
