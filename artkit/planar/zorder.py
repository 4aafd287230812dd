"""Z-order: which face lies above which, and the chains of its outline that are seen."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from artkit.arrays import Bools, Floats, HalfEdges, Ints, offsets_of, ranges, row_sums, rows_of
from artkit.planar.map import OUTSIDE, PlanarMap, twin
from artkit.spans import spanned


@dataclass(frozen=True, eq=False)
class VisibleChains:
    """Visible chains of rings, in the order of the rings: half-edges `items[offsets[k]:offsets[k + 1]]`.

    `closed` ones are whole rings; after an open chain k the ring goes on, hidden, over `hidden[gaps[k]:gaps[k + 1]]`.
    """

    items: HalfEdges
    offsets: Ints
    ring: Ints
    closed: Bools
    hidden: HalfEdges
    gaps: Ints

    @cached_property
    def following(self) -> Ints:
        """The chain after each one in its ring, itself where it is alone."""
        last = np.append(self.ring[1:] != self.ring[:-1], True)[: len(self.ring)]
        return np.where(last, np.searchsorted(self.ring, self.ring), np.arange(len(self.ring)) + 1)

    def only(self, chains: Ints) -> VisibleChains:
        """Give some of the chains, all those of their rings."""
        size, gap = np.diff(self.offsets)[chains], np.diff(self.gaps)[chains]
        return VisibleChains(
            HalfEdges(self.items[ranges(self.offsets[:-1][chains], size)]),
            offsets_of(size),
            self.ring[chains],
            self.closed[chains],
            HalfEdges(self.hidden[ranges(self.gaps[:-1][chains], gap)]),
            offsets_of(gap),
        )


@spanned("z-order")
def z_order(planar: PlanarMap) -> Ints:
    """Z-order of each face, 0 painted first: larger outlines lie lower, so that what is inside a hole is above it."""
    outline = np.zeros(len(planar.face_area), np.int64)
    outer = planar.ring_area > 0
    outline[planar.ring_face[outer]] = planar.ring_area[outer]
    z = np.empty(len(outline), np.int64)
    z[np.lexsort((np.arange(len(outline)), -planar.face_area, -outline))] = np.arange(len(outline))
    return z


def visible_chains(planar: PlanarMap, z: Ints, skip: Ints | None) -> VisibleChains:
    """Cut the rings into what lies above its neighbor and is seen, and what is hidden; `skip` faces have none."""
    half, ring_offsets = planar.ring_edges, planar.ring_offsets
    ring = rows_of(ring_offsets)
    other = planar.face_of(twin(half))
    height = np.where(other == OUTSIDE, -1, z[other])
    visible = height < z[planar.ring_face[ring]]
    if skip is not None:
        visible &= ~np.isin(planar.ring_face[ring], skip)
    count = np.diff(ring_offsets)
    seen = row_sums(visible.astype(np.int64), ring_offsets)
    place = np.arange(len(ring)) - ring_offsets[ring]
    before = ring_offsets[ring] + (place - 1) % count[ring]
    starts = visible & ~visible[before]
    first = np.zeros(len(count), np.int64)
    spots = np.flatnonzero(starts)
    first[ring[spots][::-1]] = place[spots][::-1]
    turned = ring_offsets[ring] + (place + first[ring]) % count[ring]  # each ring from the start of a chain
    keep = seen[ring] > 0
    turned, ring = turned[keep], ring[keep]
    items, shown = half[turned], visible[turned]
    new_ring = np.append(True, ring[1:] != ring[:-1])
    chain_starts = np.flatnonzero(shown & (new_ring | starts[turned]))
    chain = np.cumsum(np.isin(np.arange(len(items)), chain_starts)) - 1
    lengths = np.bincount(chain[shown], minlength=len(chain_starts))
    gaps = np.bincount(chain[~shown], minlength=len(chain_starts))
    chain_ring = ring[chain_starts]
    return VisibleChains(
        HalfEdges(items[shown]),
        offsets_of(lengths),
        chain_ring,
        seen[chain_ring] == count[chain_ring],
        HalfEdges(items[~shown]),
        offsets_of(gaps),
    )


@dataclass(frozen=True, eq=False)
class Splines:
    """How splines follow borders: to `tolerance` (cracks,) pixels, on a grid of `step` pixels.

    Hidden paths are looked for `quick`, or until they are short.
    """

    tolerance: Floats
    step: float
    quick: bool = False
