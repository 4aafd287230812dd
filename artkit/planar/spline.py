"""Samples along borders -> smooth curves: cubics that share a tangent at each joint, as few as stay in the tolerance.

A joint has a place and a tangent, which ends one cubic and begins the next (Hermite's interpolation; Farin, "Curves and
Surfaces for CAGD", 7). Controls mirror each other about joints, so SVG's command S tells a cubic in four numbers: as
many as two mirrored quadratics take, which follow a border no closer and have twice the joints.

Joints start at the corners of a coarse polygon (Ramer 1972; Douglas and Peucker 1973). Places and tangents move to
where the curve is closest to the samples by least squares, and segments are divided where the curve strays farthest,
until it is close enough. All chains are worked on together.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np

from artkit.arrays import Bools, Floats, Ints, distinct, offsets_of, rows_of, starts_of
from artkit.planar.blocks import solve_chains
from artkit.planar.segments import Curves
from artkit.spans import spanned
from artkit.workers import mapped, threads

ROUNDS = 8
"""How often joints are added where a curve strays; more: closer to the tolerance, and slower."""

COARSE = 5.0
"""Tolerance of the first polygon, as a multiple of that of the curves; more: fewer joints to begin with."""

FITS = 3
"""How often places and tangents are fitted, and samples placed anew, before it is seen how far the curve strays."""

RIDGE = 0.3
"""Pull of each joint and tangent towards where it was, in samples: along straight borders samples do not tell them;
more: steadier joints, less exact curves."""

MIDDLE = 0.3
"""A segment is divided no nearer to its ends than this share of its length: tangents suit both sides of a joint best
where these are about as long."""


@spanned("fit curves")
def fit_splines(points: Floats, offsets: Ints, closed: Bools, tolerance: Floats, hard: Bools, step: float) -> Curves:
    """Fit chains: chain k is `points[offsets[k]:offsets[k + 1]]`, (N, 2), closed ones without a repeated point.

    `tolerance` (N,) is how far the curve may stray from each sample, in pixels. Samples that are `hard` (N,) are exact
    corners. Ends of open chains stay where they are, but for rounding. Joints and controls come out on multiples of
    `step`. Pieces that are straight are lines.
    """
    laid = _laid(points, offsets, closed, tolerance, hard)
    bent = np.flatnonzero(~_straight(laid))

    def fitted(pieces: Ints) -> _Part:
        return _joints(_some(laid, pieces)[0]).curves(pieces, step)

    parts = list(mapped(fitted, _groups(laid, bent)))
    return _curves(laid, bent, parts, step, len(closed))


GROUP = 1 << 17
"""Samples of pieces that are fitted together, about; more: out of the processor's cache, fewer: more calls. Down to a
quarter of it, so that all threads have some."""


def _groups(laid: _Laid, pieces: Ints) -> list[Ints]:
    """Cut pieces, in order, into groups of about as many samples: what comes of a piece depends on no other one."""
    size = np.diff(laid.offsets)[pieces]
    each = max(int(size.sum()) // (2 * threads()), GROUP // 4) if threads() > 1 else GROUP
    group = (np.cumsum(size) - size) // min(each, GROUP)
    return np.split(pieces, np.flatnonzero(np.diff(group)) + 1)


def _joints(laid: _Laid) -> _Joints:
    """Fit pieces, with joints added where they stray."""
    sites = _polygon(laid)
    places, tangents = np.zeros((2, 2, len(laid.points)))
    some, index = laid, np.arange(len(laid.points))
    for turn in range(ROUNDS + 1):
        joints = _Joints(some, sites[index])
        error = joints.fitted()
        at = index[joints.site]
        places[:, at], tangents[:, at] = joints.places, joints.tangents
        added = joints.divided(error) if turn < ROUNDS else np.zeros(0, np.int64)
        if not len(added):
            break
        sites[index[added]] = True
        # Pieces that are close enough are done with.
        some, kept = _some(some, distinct(np.searchsorted(some.offsets, added, "right") - 1))
        index = index[kept]
    joints = _Joints(laid, sites)
    joints.places, joints.tangents = places[:, joints.site], tangents[:, joints.site]
    return joints


_Part: TypeAlias = tuple[Ints, list[Floats]]
"""Segments of curves: the piece of each (S,), and its start, first and second control and end, (S, 2) each."""


class _Laid(NamedTuple):
    """Pieces from corner to corner, end to end: piece k is samples `offsets[k]:offsets[k + 1]`, with its ends.

    A ring's last sample repeats its first. `arc` is the length of the way to each sample.
    """

    points: Floats
    tolerance: Floats
    arc: Floats
    offsets: Ints
    chain: Ints
    ring: Bools


def _laid(points: Floats, offsets: Ints, closed: Bools, tolerance: Floats, hard: Bools) -> _Laid:
    count = np.diff(offsets)
    chain = np.repeat(np.arange(len(closed)), count)
    spots = np.flatnonzero(hard)
    first = np.zeros(len(closed), np.int64)
    first[chain[spots][::-1]] = (spots - offsets[chain[spots]])[::-1]  # rings with corners start at one
    size = count + closed
    begin = offsets_of(size)
    owner = np.repeat(np.arange(len(closed)), size)
    place = np.arange(begin[-1]) - begin[owner]
    source = offsets[owner] + (place + np.where(closed, first, 0)[owner]) % np.maximum(count, 1)[owner]
    double = hard[source] & (place > 0) & (place < size[owner] - 1)  # ends one piece and starts the next
    copies = np.repeat(np.arange(len(source)), 1 + double)
    starts = place[copies] == 0
    starts[1:] |= copies[1:] == copies[:-1]
    pieces = np.flatnonzero(starts)
    of = owner[copies[pieces]]
    bent = np.bincount(chain[spots], minlength=len(closed)) > 0
    laid = points[source[copies]]
    length = np.hypot(*np.diff(laid, axis=0).T) if len(laid) else np.zeros(0)
    arc = np.concatenate([[0.0], np.cumsum(np.maximum(length, 1e-6))])[: len(laid)]
    return _Laid(laid, tolerance[source[copies]], arc, np.append(pieces, len(copies)), of, closed[of] & ~bent[of])


def _some(laid: _Laid, pieces: Ints) -> tuple[_Laid, Ints]:
    """Some of the pieces, and which samples are theirs."""
    size = np.diff(laid.offsets)[pieces]
    offsets = offsets_of(size)
    index = np.arange(offsets[-1]) + np.repeat(laid.offsets[pieces] - offsets[:-1], size)
    return _Laid(
        laid.points[index], laid.tolerance[index], laid.arc[index], offsets, laid.chain[pieces],
        laid.ring[pieces],
    ), index  # fmt: skip


def _straight(laid: _Laid) -> Bools:
    """Tell the pieces that are straight lines from end to end, or too short to be anything else."""
    piece = rows_of(laid.offsets)
    low, high = laid.offsets[:-1], laid.offsets[1:] - 1
    off = _off_chord(laid.points, laid.points[low][piece], laid.points[high][piece])
    worst = np.maximum.reduceat(off / laid.tolerance, low) if len(low) else np.zeros(0)
    straight: Bools = np.where(laid.ring, high - low < 3, worst <= 1)
    return straight


def _polygon(laid: _Laid) -> Bools:
    """Tell the samples that are vertices of a coarse polygon, ends of open pieces included; a ring has two or more."""
    sites = np.zeros(len(laid.points), bool)
    low, high = laid.offsets[:-1], laid.offsets[1:] - 1
    for half in (low, (low + high) // 2):
        sites[half[laid.ring]] = True
    kept = np.flatnonzero(sites | np.isin(np.arange(len(sites)), np.concatenate([low, high])))
    of = np.searchsorted(laid.offsets, kept, "right") - 1
    joined = np.flatnonzero(of[1:] == of[:-1])
    low, high = kept[joined], kept[joined + 1]
    while len(low):
        wide = high - low > 1
        low, high = low[wide], high[wide]
        if not len(low):
            break
        count = high - low - 1
        begin = starts_of(count)
        span = np.repeat(np.arange(len(low)), count)
        index = np.arange(len(span)) + (low + 1 - begin)[span]
        off = _off_chord(laid.points[index], laid.points[low][span], laid.points[high][span])
        off /= COARSE * laid.tolerance[index]
        worst = np.maximum.reduceat(off, begin)
        hits = np.flatnonzero(off == worst[span])
        farthest = np.empty(len(low), np.int64)
        farthest[span[hits[::-1]]] = index[hits[::-1]]
        split = worst > 1
        sites[farthest[split]] = True
        low, high, middle = low[split], high[split], farthest[split]
        low, high = np.concatenate([low, middle]), np.concatenate([middle, high])
    sites[laid.offsets[:-1]] = True
    sites[(laid.offsets[1:] - 1)[~laid.ring]] = True
    return sites


def _off_chord(points: Floats, begin: Floats, end: Floats) -> Floats:
    """Distance of points from the straight segments from begin to end."""
    chord, seen = end - begin, points - begin
    length = np.maximum((chord * chord).sum(1), 1e-12)
    along = np.clip((seen * chord).sum(1) / length, 0, 1)
    away = seen - along[:, None] * chord
    distance: Floats = np.hypot(away[:, 0], away[:, 1])
    return distance


class _Joints:
    """The joints at the sites of pieces, their places and tangents, and the segment of each sample.

    A segment has the number of the joint that it starts from; the last joint of an open piece starts none.
    """

    def __init__(self, laid: _Laid, sites: Bools) -> None:
        self.laid = laid
        self.sites = sites
        self.site = np.flatnonzero(sites)
        self.piece = np.searchsorted(laid.offsets, self.site, "right") - 1
        number = np.bincount(self.piece, minlength=len(laid.ring))
        self.offsets = offsets_of(number)
        index = np.arange(len(self.site))
        first, last = self.offsets[:-1][self.piece], self.offsets[1:][self.piece] - 1
        ring = laid.ring[self.piece]
        self.fixed = ~ring & ((index == first) | (index == last))
        self.starts = ring | (index < last)
        self.next = np.where(index < last, index + 1, first)
        self.points = np.ascontiguousarray(laid.points.T)
        self.places = self.points[:, self.site]

        round_ = laid.arc[laid.offsets[1:] - 1] - laid.arc[laid.offsets[:-1]]
        self.round = round_[self.piece]
        self.low = laid.arc[self.site]
        self.length = self.low[self.next] - self.low + np.where(index == last, self.round, 0.0)
        chord = np.where(self.starts, self.places[:, self.next] - self.places, 0.0)
        both, ways = chord.copy(), self.starts.astype(float)
        after = self.next[self.starts]  # no two segments end at one joint
        both[:, after] += chord[:, self.starts]
        ways[after] += 1.0
        self.tangents = both / (3 * ways)

        # A sample is of the segment of the last joint before it; in a ring the last one goes on over its start.
        owner = rows_of(laid.offsets)
        before = np.cumsum(sites) - 1
        self.segment = before - (~laid.ring[owner] & (before == self.offsets[1:][owner] - 1))
        self.t = np.clip((laid.arc - self.low[self.segment]) / np.maximum(self.length[self.segment], 1e-9), 0, 1)

    def fitted(self) -> Floats:
        """Fit places and tangents; give how far each sample is from the curve, as a multiple of its tolerance."""
        gap = np.zeros(len(self.laid.points))
        if len(self.site):
            for _ in range(FITS):
                self._least_squares()
                gap = self._slide()
        return gap / self.laid.tolerance

    def controls(self) -> tuple[Floats, Floats, Floats, Floats]:
        """Start, first and second control and end of each segment, (2, J)."""
        start, end = self.places, self.places[:, self.next]
        return start, start + self.tangents, end - self.tangents[:, self.next], end

    def curves(self, pieces: Ints, step: float) -> _Part:
        """Round joints and tangents to the grid; give the piece of each segment, and its corners, (S, 2) each."""
        self.places, self.tangents = (np.rint(each / step) * step for each in (self.places, self.tangents))
        return pieces[self.piece[self.starts]], [corner.T[self.starts] for corner in self.controls()]

    def _least_squares(self) -> None:
        count = len(self.site)
        tail, head = self.segment, self.next[self.segment]
        t, u = self.t, 1 - self.t
        weight = 1 / (self.laid.tolerance * self.laid.tolerance)
        target = self.points.copy()
        shares = []
        for joint, place, tangent in (
            (tail, u * u * (u + 3 * t), 3 * u * u * t),
            (head, t * t * (t + 3 * u), -3 * u * t * t),
        ):
            known = np.flatnonzero(self.fixed[joint])
            target[:, known] -= place[known] * self.places[:, joint[known]]
            place[known] = 0.0
            shares.append((place, tangent))
        pull = RIDGE / (self.laid.tolerance[self.site] * self.laid.tolerance[self.site])
        block, tie, right = np.zeros((2, 2, count)), np.zeros((2, 2, count)), np.zeros((2, 2, count))
        for joint, share in ((tail, shares[0]), (head, shares[1])):
            for i in (0, 1):
                heavy = weight * share[i]
                for j in range(i, 2):
                    block[i, j] += np.bincount(joint, heavy * share[j], count)
                for axis in (0, 1):
                    right[i, axis] += np.bincount(joint, heavy * target[axis], count)
                if joint is tail:
                    for j in (0, 1):
                        tie[i, j] = np.bincount(tail, heavy * shares[1][j], count)
        block[1, 0] = block[0, 1]
        for i, was in ((0, self.places), (1, self.tangents)):
            block[i, i] += pull
            right[i] += pull * was
        found = solve_chains(block, tie, right, self.offsets, self.laid.ring)
        self.places = np.where(self.fixed, self.places, found[0])
        self.tangents = found[1]

    def _slide(self) -> Floats:
        """Move each sample to the nearest point of its segment, by a step of Newton's method; give the distances."""
        a, b, c, d = (np.take(corner, self.segment, axis=1) for corner in self.controls())
        points = self.points

        def gap() -> Floats:
            t, u = self.t, 1 - self.t
            off: Floats = u * u * (u * a + 3 * t * b) + t * t * (3 * u * c + t * d) - points
            return off

        away, t, u = gap(), self.t, 1 - self.t
        speed = 3 * (u * u * (b - a) + 2 * u * t * (c - b) + t * t * (d - c))
        bend = 6 * (u * (a - 2 * b + c) + t * (b - 2 * c + d))
        pace = speed[0] * speed[0] + speed[1] * speed[1]
        slope = np.maximum(pace + (away[0] * bend[0] + away[1] * bend[1]), 0.25 * pace) + 1e-9
        self.t = np.clip(self.t - (away[0] * speed[0] + away[1] * speed[1]) / slope, 0, 1)
        away = gap()
        distance: Floats = np.hypot(away[0], away[1])
        return distance

    def divided(self, error: Floats) -> Ints:
        """Give a sample in the middle part of each segment that strays too far, as near as can be to where it does."""
        laid = self.laid
        able = ~self.sites
        able[(laid.offsets[1:] - 1)[laid.ring]] = False  # the same as the first one
        some = np.flatnonzero(error > 1)
        worst = np.zeros(len(self.site))
        np.maximum.at(worst, self.segment[some], error[some])
        hits = some[error[some] == worst[self.segment[some]]]
        segment, one = np.unique(self.segment[hits], return_index=True)
        stray = hits[one]
        low, length = self.low[segment], self.length[segment]
        want = np.clip(laid.arc[stray], low + MIDDLE * length, low + (1 - MIDDLE) * length)
        after = np.minimum(np.searchsorted(laid.arc, want), len(laid.arc) - 1)
        near = np.where(laid.arc[after] - want > want - laid.arc[after - 1], after - 1, after)
        fine = able[near] & (self.segment[near] == segment)
        spot = np.where(fine, near, stray)
        found: Ints = distinct(spot[able[spot]])
        return found


def _curves(laid: _Laid, bent: Ints, parts: list[_Part], step: float, chains: int) -> Curves:
    """Put the segments of each chain in order: those of bent pieces, in `parts`, and straight pieces as lines."""
    of = np.concatenate([part[0] for part in parts])
    curves = [np.concatenate(corners) for corners in zip(*(part[1] for part in parts), strict=True)]
    is_straight = np.ones(len(laid.ring), bool)
    is_straight[bent] = False
    straight = np.flatnonzero(is_straight)
    a, b = (np.rint(laid.points[end[straight]] / step) * step for end in (laid.offsets[:-1], laid.offsets[1:] - 1))
    piece = np.concatenate([of, straight])
    order = np.argsort(piece, kind="stable")
    lines = (a, a + (b - a) / 3, b - (b - a) / 3, b)
    start, first, second, end = (np.concatenate(pair)[order] for pair in zip(curves, lines, strict=True))
    line = np.concatenate([np.zeros(len(of), bool), np.ones(len(straight), bool)])[order]
    corner = np.append(True, piece[order][1:] != piece[order][:-1])[: len(order)]
    offsets = offsets_of(np.bincount(laid.chain[piece[order]], minlength=chains))
    return Curves(start, first, second, end, line, corner, offsets)
