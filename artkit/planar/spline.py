"""Samples along borders -> smooth polygons: quadratic B-splines with as few controls as follow them to the tolerance.

A polygon's vertices are taken for the controls of a uniform quadratic B-spline: the curve touches the middle of every
edge and bends towards every vertex (Riesenfeld 1975, "On Chaikin's algorithm"). It is smooth, and a file can tell it in
as many numbers as the polygon: SVG's command T mirrors the last control about the last joint, and the joints are the
middles of the edges, so that a segment is told by its end alone. That takes controls on whole steps of the grid, joints
on halves.

Controls start at the corners of a coarse polygon (Ramer 1972; Douglas and Peucker 1973), move to where the curve is
closest to the samples by least squares, and are joined by others where the curve strays farthest, until it is close
enough. All chains are worked on together.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from artkit.algebra import rounded
from artkit.arrays import Bools, Floats, Ints, offsets_of, rows_of, starts_of
from artkit.artwork.bezier import on_curve
from artkit.planar.segments import Curves

ROUNDS = 6
"""How often controls are added where a curve strays; more: closer to the tolerance, and slower."""

COARSE = 1.2
"""Tolerance of the first polygon, as a multiple of that of the curves; more: fewer controls to begin with."""

RIDGE = 0.5
"""Pull of each control towards where it was, in samples: along straight borders samples do not tell its place;
more: steadier controls, less exact curves."""


def fit_splines(points: Floats, offsets: Ints, closed: Bools, tolerance: Floats, hard: Bools, step: float) -> Curves:
    """Fit chains: chain k is `points[offsets[k]:offsets[k + 1]]`, (N, 2), closed ones without a repeated point.

    `tolerance` (N,) is how far the curve may stray from each sample, in pixels. Samples that are `hard` (N,) are exact
    corners. Ends of open chains stay where they are, but for rounding. Ends and joints come out on multiples of
    `step`, controls on multiples of twice that. Pieces that are straight are lines.
    """
    laid = _laid(points, offsets, closed, tolerance, hard)
    sites = _polygon(laid)
    some, index = laid, np.arange(len(laid.points))
    for _ in range(ROUNDS):
        controls = _Controls(some, sites[index])
        strays = controls.strays(controls.solved()[1])
        if not len(strays):
            break
        sites[index[strays]] = True
        # Pieces that are close enough are done with.
        some, kept = _some(some, np.unique(np.searchsorted(some.offsets, strays, "right") - 1))
        index = index[kept]
    controls = _Controls(laid, sites)
    return _curves(laid, controls, controls.solved()[0], step, len(closed))


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


def _polygon(laid: _Laid) -> Bools:
    """Tell the samples that are vertices of a coarse polygon, ends of pieces left out; a ring has three or more."""
    sites = np.zeros(len(laid.points), bool)
    low, high = laid.offsets[:-1], laid.offsets[1:] - 1
    size = high - low
    thirds = laid.ring & (size >= 3)
    for part in (1, 3, 5):  # a ring starts halfway between two of its vertices
        sites[(low + (part * size) // 6)[thirds]] = True
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
    return sites


def _off_chord(points: Floats, begin: Floats, end: Floats) -> Floats:
    """Distance of points from the straight segments from begin to end."""
    chord, seen = end - begin, points - begin
    length = np.maximum((chord * chord).sum(1), 1e-12)
    along = np.clip((seen * chord).sum(1) / length, 0, 1)
    away = seen - along[:, None] * chord
    distance: Floats = np.hypot(away[:, 0], away[:, 1])
    return distance


class _Controls:
    """The controls at the sites of pieces, and what each sample asks of them.

    Control s bends segment s, from the middle between it and the control before (or the piece's start) to the middle
    between it and the one after (or the end). `before` and `after` are -1 where there is an end instead.
    """

    def __init__(self, laid: _Laid, sites: Bools) -> None:
        self.laid = laid
        self.sites = sites
        self.site = np.flatnonzero(sites)
        self.piece = np.searchsorted(laid.offsets, self.site, "right") - 1
        count = len(self.site)
        self.number = np.bincount(self.piece, minlength=len(laid.ring))
        self.first = starts_of(self.number)
        opens = np.ones(count, bool)
        opens[1:] = self.piece[1:] != self.piece[:-1]
        closes = np.append(opens[1:], True)[:count]
        ring = laid.ring[self.piece]
        last = (self.first + self.number - 1)[self.piece]
        index = np.arange(count)
        self.before = np.where(opens, np.where(ring, last, -1), index - 1)
        self.after = np.where(closes, np.where(ring, self.first[self.piece], -1), index + 1)
        self.start, self.end = laid.points[laid.offsets[:-1]], laid.points[laid.offsets[1:] - 1]

        # Segments of samples: from joint to joint, by length of the way.
        at = laid.arc[self.site]
        low, high = laid.arc[laid.offsets[:-1]][self.piece], laid.arc[laid.offsets[1:] - 1][self.piece]
        from_ = np.where(opens, low, (at + np.append(0, at)[:count]) / 2)
        to = np.where(closes, high, (at + np.append(at[1:], 0)[:count]) / 2)
        # The start of a piece belongs to its first segment, and so on: by the last joint not after the sample.
        self.sample = np.flatnonzero(self.number[rows_of(laid.offsets)] > 0)
        where = laid.arc[self.sample]
        self.segment = np.clip(np.searchsorted(from_, where + 1e-9, "right") - 1, 0, max(count - 1, 0))
        span = np.maximum((to - from_)[self.segment], 1e-9)
        self.t = np.clip((where - from_[self.segment]) / span, 0, 1)
        # Two neighboring pieces touch at one length of the way: keep samples in their own.
        own = np.searchsorted(laid.offsets, self.sample, "right") - 1
        wrong = self.piece[self.segment] != own
        self.segment[wrong], self.t[wrong] = self.first[own[wrong]], 0.0

    def solved(self) -> tuple[Floats, Floats]:
        """Places of the controls, (S, 2), and how far each sample is from the curve, as a multiple of its tolerance."""
        laid = self.laid
        places = laid.points[self.site]
        error = np.zeros(len(laid.points))
        if len(self.site):
            for _ in range(2):
                places = self._least_squares(places)
                gap = self._slide(places)
            error[self.sample] = gap / laid.tolerance[self.sample]
        self._lines(error)
        return places, error

    def _weights(self) -> tuple[Floats, Floats, Floats, Floats, Floats]:
        """Shares of the control before, its own, the one after, the piece's start and its end in each sample."""
        t = self.t
        a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t * t
        headless, tailless = self.before[self.segment] < 0, self.after[self.segment] < 0
        before, after = np.where(headless, 0, a / 2), np.where(tailless, 0, c / 2)
        return before, b + before + after, after, np.where(headless, a, 0), np.where(tailless, c, 0)

    def _least_squares(self, places: Floats) -> Floats:
        from scipy.linalg import solveh_banded

        count = len(self.site)
        segment, before, after = self.segment, self.before[self.segment], self.after[self.segment]
        wb, wo, wa, ws, we = self._weights()
        weight = 1 / self.laid.tolerance[self.sample] ** 2
        piece = self.piece[segment]
        target = self.laid.points[self.sample] - ws[:, None] * self.start[piece] - we[:, None] * self.end[piece]
        order = self._order()
        band = np.zeros((5, count))
        right = np.zeros((count, 2))

        def add(i: Ints, j: Ints, value: Floats) -> None:
            real = (i >= 0) & (j >= 0)
            p, q = order[i[real]], order[j[real]]
            low, far = np.minimum(p, q), np.abs(p - q)
            band.ravel()[:] += np.bincount(far * count + low, value[real], 5 * count)

        parts = ((segment, wo), (before, wb), (after, wa))
        for k, (i, wi) in enumerate(parts):
            for j, wj in parts[k:]:
                add(i, j, weight * wi * wj)
            real = i >= 0
            for axis in (0, 1):
                right[:, axis] += np.bincount(order[i[real]], (weight * wi * target[:, axis])[real], count)
        pull = RIDGE / np.maximum(self.laid.tolerance[self.site] ** 2, 1e-9)
        band[0, order] += pull
        right[order] += pull[:, None] * places
        # LAPACK's last bits are the processor's; controls are written in quarters of a pixel.
        solved = solveh_banded(band, right, lower=True, overwrite_ab=True, check_finite=False)
        found: Floats = rounded(solved[order])
        return found

    def _order(self) -> Ints:
        """Number the controls so that neighbors are at most four apart: rings are folded flat."""
        index = np.arange(len(self.site)) - self.first[self.piece]
        count = self.number[self.piece]
        folded = np.where(2 * index < count, 2 * index, 2 * (count - index) - 1)
        return self.first[self.piece] + np.where(self.laid.ring[self.piece], folded, index)

    def segments(self, places: Floats) -> tuple[Floats, Floats]:
        """Where each control's segment starts and ends, (S, 2)."""
        before, after = places[self.before], places[self.after]
        start = np.where(self.before[:, None] < 0, self.start[self.piece], (before + places) / 2)
        end = np.where(self.after[:, None] < 0, self.end[self.piece], (after + places) / 2)
        return start, end

    def _slide(self, places: Floats) -> Floats:
        """Move each sample to the nearest point of its segment, by a step of Newton's method; give the distances."""
        start, end = self.segments(places)
        a, b, c = start[self.segment], places[self.segment], end[self.segment]
        points = self.laid.points[self.sample]

        def gap() -> Floats:
            t = self.t[:, None]
            off: Floats = on_curve((a, b, c), t) - points
            return off

        away, t = gap(), self.t[:, None]
        speed = 2 * ((1 - t) * (b - a) + t * (c - b))
        bend = 2 * (a - 2 * b + c)
        slope = np.maximum((speed * speed + away * bend).sum(1), 0.25 * (speed * speed).sum(1)) + 1e-9
        self.t = np.clip(self.t - (away * speed).sum(1) / slope, 0, 1)
        away = gap()
        return np.hypot(away[:, 0], away[:, 1])

    def _lines(self, error: Floats) -> None:
        """Errors of the samples of pieces without controls: they are straight."""
        piece = rows_of(self.laid.offsets)
        some = np.flatnonzero(self.number[piece] == 0)
        if len(some):
            of = piece[some]
            off = _off_chord(self.laid.points[some], self.start[of], self.end[of])
            error[some] = off / self.laid.tolerance[some]

    def strays(self, error: Floats) -> Ints:
        """Give the worst sample of each segment that strays too far, where a control can be added."""
        laid = self.laid
        piece = rows_of(laid.offsets)
        segment = len(self.site) + piece
        segment[self.sample] = self.segment
        able = (error > 1) & ~self.sites
        able[laid.offsets[:-1]] = able[laid.offsets[1:] - 1] = False
        some = np.flatnonzero(able)
        worst = np.zeros(len(self.site) + len(laid.ring))
        np.maximum.at(worst, segment[some], error[some])
        hits = some[error[some] == worst[segment[some]]]
        _, one = np.unique(segment[hits], return_index=True)
        found: Ints = hits[one]
        return found


def _curves(laid: _Laid, controls: _Controls, places: Floats, step: float, chains: int) -> Curves:
    """Round controls, ends and joints to their grids, and put the segments of each chain in order."""
    places = np.rint(places / (2 * step)) * (2 * step)
    controls.start, controls.end = (np.rint(p / step) * step for p in (controls.start, controls.end))
    start, end = controls.segments(places) if len(places) else (places, places)
    bare = np.flatnonzero(controls.number == 0)
    a, b = controls.start[bare], controls.end[bare]
    piece = np.concatenate([controls.piece, bare])
    order = np.argsort(piece, kind="stable")
    line = np.concatenate([np.zeros(len(places), bool), np.ones(len(bare), bool)])[order]
    first = np.concatenate([places, a + (b - a) / 3])[order]
    second = np.concatenate([places, b - (b - a) / 3])[order]
    owner = laid.chain[piece[order]]
    offsets = offsets_of(np.bincount(owner, minlength=chains))
    corner = np.append(True, piece[order][1:] != piece[order][:-1])
    return Curves(
        np.concatenate([start, a])[order], first, second, np.concatenate([end, b])[order], line, corner, offsets, ~line
    )
