"""The edges of many rings in arrays, read from points in any form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from artkit.arrays import Bools, Floats, Ints
from artkit.errors import UsageError
from artkit.planar.crossings import both, turn


class EdgeList(NamedTuple):
    """The edges of all rings, from `start` to `end`; `ring` tells whose, `after` which edge follows."""

    start: Floats
    end: Floats
    ring: Ints
    after: Ints
    rings: int

    @classmethod
    def of(cls, rings: Sequence[ArrayLike]) -> EdgeList:
        """Read rings, each (N, 2) points; edges without length are left out."""
        arrays = [_ring(ring, index) for index, ring in enumerate(rings)]
        ring = np.repeat(np.arange(len(arrays)), [len(array) for array in arrays])
        points = np.concatenate(arrays) if arrays else np.empty((0, 2))
        # Zero-length edges, the repeated first point among them, have no direction: drop them.
        following = points[_after(ring)]
        real = ~both(points == following)
        return cls(points[real], following[real], ring[real], _after(ring[real]), len(arrays))

    def only(self, wanted: Bools) -> EdgeList:
        """Give the edges of some of the rings, under their old numbers."""
        ours = wanted[self.ring]
        if ours.all():
            return self
        return EdgeList(self.start[ours], self.end[ours], self.ring[ours], _after(self.ring[ours]), self.rings)

    @property
    def before(self) -> Ints:
        """Which edge comes before each one."""
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


def ring_areas(edges: EdgeList) -> Floats:
    """(R,) signed areas, positive for rings that turn clockwise as seen on screen."""
    anchor = np.zeros((edges.rings, 2))
    anchor[edges.ring[::-1]] = edges.start[::-1]  # the ring's own first point: far from the origin nothing cancels
    doubled = turn(anchor[edges.ring], edges.start, edges.end)
    return np.bincount(edges.ring, doubled, edges.rings) / 2


def degenerate_rings(edges: EdgeList) -> Ints:
    """Rings of fewer than three points, or without area."""
    few = np.bincount(edges.ring, minlength=edges.rings) < 3
    return np.flatnonzero(few | (ring_areas(edges) == 0))


def any_of_group(group: Ints, flags: Bools) -> Bools:
    """For each row, whether any row of its group is set."""
    found: Bools = (np.bincount(group, flags) > 0)[group]
    return found
