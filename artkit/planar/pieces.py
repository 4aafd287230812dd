"""Pieces of samples between corners -> as few lines and cubics as follow them to the tolerance.

Each piece is cut into short segments, which are merged pairwise as long as one line or one cubic fits all their
samples, always where the merged segment fits best. Cubics are fitted by least squares on their two controls with
Gauss-Newton reparametrisation (Schneider 1990, Graphics Gems, with both controls free at corners).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from artkit.algebra import solve
from artkit.arrays import Bools, Floats, Ints, offsets_of, starts_of
from artkit.planar.fillets import rounded_corners
from artkit.planar.layout import Layout, Segments
from artkit.planar.refine import Ends, Samples, refined
from artkit.planar.segments import Curves, Quality, dot, unit
from artkit.planar.straights import STRAY, Runs


@dataclass(frozen=True, eq=False)
class Fits:
    """The controls of each segment's cubic, the largest distance of its samples from it, and that from its chord."""

    first: Floats
    second: Floats
    error: Floats
    straight: Floats


def fit_segments(layout: Layout, a: Ints, b: Ints, t0: Floats, t1: Floats, rounds: int) -> Fits:
    """Fit one cubic to samples a..b of each segment; its ends stay, its end tangents are t0 and t1 but at corners."""
    size = b - a + 1
    begin = starts_of(size)
    index = np.arange(int(size.sum())) + np.repeat(a - begin, size)
    p0, p3 = layout.smooth[a], layout.smooth[b]
    chord = p3 - p0
    length = np.maximum(np.sqrt(dot(chord, chord)), 1e-9)
    # From here on, x and y are rows, so that every step runs along memory.
    origin, chords = np.repeat(p0.T, size, axis=1), np.repeat(chord.T, size, axis=1)
    samples = layout.points[index].T - origin
    inner = layout.weight[index]
    inner[begin] = 0
    inner[begin + size - 1] = 0
    off_chord = np.abs(chords[0] * samples[1] - chords[1] * samples[0]) * inner
    straight = np.maximum.reduceat(off_chord, begin) / length
    # A ring with one corner ends where it starts: what lies beyond the chord's end is off it as well.
    farthest = np.sqrt(np.maximum.reduceat(_dot(samples, samples) * inner, begin))
    straight = np.maximum(straight, farthest - length)

    step = np.zeros(len(index))
    step[1:] = np.hypot(np.diff(samples[0] + origin[0]), np.diff(samples[1] + origin[1]))
    step[begin] = 0
    total = np.maximum(np.add.reduceat(step, begin), 1e-9)
    u = np.cumsum(step)
    u = (u - np.repeat(u[begin], size)) / np.repeat(total, size)
    solve = _Solver(layout, a, b, t0, t1, np.add.reduceat(inner, begin), total / 3)
    for _ in range(rounds):
        v = 1 - u
        b1, b2, b3 = 3 * v * v * u, 3 * v * u * u, (3 - 2 * u) * u * u
        rest = samples - b3 * chords
        w1, w2 = b1 * inner, b2 * inner
        terms = (w1 * b1, w1 * b2, w2 * b2, *(w1 * rest), *(w2 * rest))
        d1, d2 = solve([np.add.reduceat(term, begin) for term in terms])
        r1, r2 = np.repeat(d1, size, axis=1), np.repeat(d2, size, axis=1)
        # Gauss-Newton: each sample to the nearest point of its cubic.
        gap = b1 * r1 + b2 * r2 - rest
        middle = chords + r2 - r1
        speed = 3 * (v * v * r1 + 2 * v * u * middle - u * u * r2)
        bend = 6 * (v * (middle - r1) - u * (middle + r2))
        slope = _dot(speed, speed) + np.maximum(_dot(gap, bend), 0)
        u = np.minimum(np.maximum(u - _dot(gap, speed) / np.maximum(slope, 1e-9), 0), 1)
    v = 1 - u
    gap = 3 * v * v * u * r1 + 3 * v * u * u * r2 + (3 - 2 * u) * u * u * chords - samples
    error = np.maximum.reduceat(np.sqrt(_dot(gap, gap)) * (inner > 0), begin)
    return Fits(p0 + d1.T, p3 + d2.T, error, straight)


def _dot(a: Floats, b: Floats) -> Floats:
    """The dot product of vectors in columns, (2, M)."""
    product: Floats = a[0] * b[0] + a[1] * b[1]
    return product


class _Solver:
    """Least squares for the two controls of each segment from its ends: along the tangents, freely at corners."""

    def __init__(
        self, layout: Layout, a: Ints, b: Ints, t0: Floats, t1: Floats, samples: Floats, third: Floats
    ) -> None:
        self.t0, self.t1, self.third = t0.T, t1.T, third
        self.n0, self.n1 = (np.stack([-t[1], t[0]]) for t in (self.t0, self.t1))
        starts, stops = np.zeros(len(layout.points), bool), np.zeros(len(layout.points), bool)
        starts[layout.offsets[:-1][~layout.ring]] = True
        stops[layout.offsets[1:][~layout.ring] - 1] = True
        enough = samples >= 3
        self.stiff0 = np.where(starts[a] & enough, 0.02, 1e6)
        self.stiff1 = np.where(stops[b] & enough, 0.02, 1e6)
        self.turns = [_dot(m, n) for m in (self.t0, self.n0) for n in (self.t1, self.n1)]

    def __call__(self, sums: list[Floats]) -> tuple[Floats, Floats]:
        """The way from its end to each control, x and y in rows, from sums over the samples of each segment."""
        s11, s12, s22, x1, y1, x2, y2 = sums
        ridge = 1e-3 * (s11 + s22) + 1e-3
        tt, tn, nt, nn = self.turns
        matrix = np.zeros((len(s11), 4, 4))
        matrix[:, 0, 0] = s11 + ridge
        matrix[:, 1, 1] = s11 + ridge + self.stiff0
        matrix[:, 2, 2] = s22 + ridge
        matrix[:, 3, 3] = s22 + ridge + self.stiff1
        matrix[:, 0, 2] = matrix[:, 2, 0] = s12 * tt
        matrix[:, 0, 3] = matrix[:, 3, 0] = s12 * tn
        matrix[:, 1, 2] = matrix[:, 2, 1] = s12 * nt
        matrix[:, 1, 3] = matrix[:, 3, 1] = s12 * nn
        t0, n0, t1, n1, third = self.t0, self.n0, self.t1, self.n1, self.third
        right = np.empty((len(s11), 4, 1))
        right[:, 0, 0] = x1 * t0[0] + y1 * t0[1] + ridge * third
        right[:, 1, 0] = x1 * n0[0] + y1 * n0[1]
        right[:, 2, 0] = x2 * t1[0] + y2 * t1[1] - ridge * third
        right[:, 3, 0] = x2 * n1[0] + y2 * n1[1]
        found = solve(matrix, right)[:, :, 0].T.copy()
        # A control behind its end makes a loop or a cusp: fall back to a third of the length.
        bad = (found[0] < 0.05 * third) | (found[2] > -0.05 * third) | (np.abs(found).max(0) > 6 * third)
        third = third[bad]
        found[:, bad] = third, 0 * third, -third, 0 * third
        return found[0] * t0 + found[1] * n0, found[2] * t1 + found[3] * n1


def merge(layout: Layout, segments: Segments, quality: Quality, slack: float = 1.0) -> Segments:
    """Merge neighbors while one line or cubic fits both to `slack` times the tolerance, the best fits first."""
    a, b, piece, line = segments.a.copy(), segments.b.copy(), segments.piece, segments.straight.copy()
    period = np.where(layout.ring, np.diff(layout.offsets) // 2, 0)
    close = LINEAR if quality.level else 1.0  # along stairs a straight run means less
    cost = np.full(len(a), np.nan)  # of merging a segment with the next one
    straightened = np.zeros(len(a), bool)
    while True:
        following = _after(layout, piece)
        cost[following < 0] = np.inf
        todo = np.flatnonzero(np.isnan(cost))
        if len(todo):
            after = following[todo]
            low, high = a[todo], b[after] + np.where(after <= todo, period[piece[todo]], 0)
            fits = fit_segments(layout, low, high, layout.tangent[low], layout.tangent[high], quality.rounds)
            # One cubic goes round half a circle, but not closely.
            around = (layout.tangent[low] * layout.tangent[high]).sum(1) < AROUND
            tolerance = np.where(around, CLOSER, 1.0) * quality.tolerance
            price = np.minimum(fits.error / (slack * tolerance), fits.straight / quality.line)
            # A line is given up only for a curve that follows it closely, and not for a bend at its end.
            size = b - a
            straight = np.maximum(np.where(line[todo], size[todo], 0), np.where(line[after], size[after], 0))
            tied = fits.error / (quality.tolerance * close)
            tied = np.where(straight > TIED * np.minimum(size[todo], size[after]), np.inf, tied)
            longer = fits.straight <= STRAY * quality.line  # a straight run goes on where one line serves
            price = np.where((line[todo] | line[after]) & ~longer, tied, price)
            straightened[todo] = longer & (line[todo] | line[after])
            whole = layout.ring[piece[todo]] & (high - low >= period[piece[todo]])  # a ring keeps two segments
            cost[todo] = np.where((price <= 1) & ~whole, price, np.inf)
        joined = np.flatnonzero(following >= 0)
        before = np.full(len(a), np.inf)
        before[following[joined]] = cost[joined]
        after = np.where(following >= 0, cost[following], np.inf)
        place = np.arange(len(a))
        # Of equal costs that with the lower number; a ring's last segment comes after its first.
        chosen = np.isfinite(cost) & ((cost < before) | ((cost == before) & (following < place)))
        chosen &= (cost < after) | ((cost == after) & (following > place))
        chosen = np.flatnonzero(chosen)
        if not len(chosen):
            return Segments(a, b, piece, line)
        taken = following[chosen]
        b[chosen] = b[taken] + np.where(taken <= chosen, period[piece[chosen]], 0)
        cost[chosen] = np.nan
        cost[np.isin(following, chosen)] = np.nan
        line[chosen] = straightened[chosen]
        keep = np.ones(len(a), bool)
        keep[taken] = False
        a, b, piece, line = a[keep], b[keep], piece[keep], line[keep]
        cost, straightened = cost[keep], straightened[keep]


LINEAR = 0.8
"""A straight run becomes part of a curve that follows it to this share of the tolerance."""


def short_segments(layout: Layout, straight: Runs, quality: Quality) -> Segments:
    """Straight runs as they are, and short segments of what lies between them."""
    period = np.where(layout.ring, np.diff(layout.offsets) // 2, 0)
    first = layout.offsets[:-1]
    end = np.where(layout.ring, first + period, layout.offsets[1:] - 1)
    runs = np.bincount(straight.piece, minlength=len(first))
    # What lies before each run, and after the last one: a ring without runs is cut open at its first sample.
    head = np.full(len(first), -1)
    order = np.arange(len(straight.a))
    head[straight.piece[::-1]] = order[::-1]
    begins = first.copy()
    turned = layout.ring & (runs > 0)
    begins[turned] = straight.a[head[turned]]
    end[turned] = begins[turned] + period[turned]
    is_first = head[straight.piece] == order
    low = np.where(is_first, begins[straight.piece], np.roll(straight.b, 1))
    tail = begins.copy()
    tail[straight.piece] = straight.b
    rest_a, rest_b = np.concatenate([low, tail]), np.concatenate([straight.a, end])
    rest_piece = np.concatenate([straight.piece, np.arange(len(first))])
    there = (rest_b > rest_a) | (np.concatenate([np.zeros(len(low), bool), (runs == 0)]))
    rest_a, rest_b, rest_piece = rest_a[there], rest_b[there], rest_piece[there]
    n = rest_b - rest_a
    parts = np.maximum(n // quality.segment, np.where(layout.ring & (runs == 0), 2, 1)[rest_piece])
    parts = np.minimum(parts, np.maximum(n, 1))
    owner = np.repeat(np.arange(len(n)), parts)
    k = np.arange(len(owner)) - np.repeat(np.cumsum(parts) - parts, parts)
    a = np.concatenate([straight.a, rest_a[owner] + k * n[owner] // parts[owner]])
    b = np.concatenate([straight.b, rest_a[owner] + (k + 1) * n[owner] // parts[owner]])
    piece = np.concatenate([straight.piece, rest_piece[owner]])
    line = np.arange(len(a)) < len(straight.a)
    back = np.where(layout.ring[piece] & (a - first[piece] >= period[piece]), period[piece], 0)
    a, b = a - back, b - back
    order = np.lexsort((a, piece))
    return Segments(a[order], b[order], piece[order], line[order])


def finish(layout: Layout, segments: Segments, quality: Quality, chains: int) -> Curves:
    """Fit the segments as they stand, straight ones first: a curve takes over the tangent of a line beside it.

    Segments that then stray from a sample by more than the tolerance are cut in two, and all is fitted again.
    """
    fitted = _fitted(layout, segments, quality)
    layout = _taught(layout, segments, fitted.ends)
    segments = merge(layout, segments, quality, AGAIN if quality.level else 1.0)
    while True:
        fitted = _fitted(layout, segments, quality)
        n = segments.b - segments.a
        poor = (fitted.error > quality.tolerance) & (n > 1)
        if not poor.any():
            break
        segments = _halved(segments, poor)
    piece = segments.piece
    start, end = fitted.ends.start, fitted.ends.end
    first, second, line = fitted.ends.first, fitted.ends.second, fitted.line
    first[line] = start[line] + (end - start)[line] / 3
    second[line] = end[line] - (end - start)[line] / 3
    round_off = np.zeros(len(line), bool)
    if quality.level:  # stairs tell no areas
        start, first, second, end, line, piece, round_off = rounded_corners(
            layout, segments, (start, first, second, end), line
        )
    owner = layout.chain[piece]
    offsets = offsets_of(np.bincount(owner, minlength=chains))
    corner_start = np.append(True, piece[1:] != piece[:-1]) & ~layout.ring[piece] & ~round_off
    return Curves(start, first, second, end, line, corner_start, offsets)


AROUND, CLOSER = -0.8, 0.48
"""Cubics that turn by more than 143 degrees (the cosine) keep to this share of the tolerance."""

TIED = 4.0
"""A straight run so many times longer than what comes before or after it is no part of a curve with it."""

AGAIN = 1.5
"""Segments are merged again to so many times the tolerance: moved to their samples, most then keep to it."""


def _taught(layout: Layout, segments: Segments, ends: Ends) -> Layout:
    """Give the samples where segments meet the places and tangents that fitting has found."""
    smooth, tangent = layout.smooth.copy(), layout.tangent.copy()
    period = np.where(layout.ring, np.diff(layout.offsets) // 2, 0)[segments.piece]
    first, last = layout.offsets[:-1][segments.piece], layout.offsets[1:][segments.piece] - 1
    for at, place, way in (
        (segments.b, ends.end, unit(ends.end - ends.second)),
        (segments.a, ends.start, unit(ends.first - ends.start)),
    ):
        for copy in (at - period, at, at + period):
            there = (copy >= first) & (copy <= last)
            smooth[copy[there]], tangent[copy[there]] = place[there], way[there]
    return replace(layout, smooth=smooth, tangent=tangent)


def _halved(segments: Segments, which: Bools) -> Segments:
    """Cut some of the segments in two."""
    copies = 1 + which
    k = np.repeat(np.arange(len(copies)), copies)
    second = np.append(False, k[1:] == k[:-1])
    first = np.append(second[1:], False)
    middle = (segments.a + segments.b) // 2
    a, b = np.where(second, middle[k], segments.a[k]), np.where(first, middle[k], segments.b[k])
    return Segments(a, b, segments.piece[k], segments.straight[k] & ~which[k])


MANY, ENOUGH = 1 << 16, 48
"""Where there are more samples than the first, as in pictures of several megapixels, about the second move a segment;
how far all of them lie from it is measured after that."""


class _Fitted(NamedTuple):
    """Ends and controls of segments, which of them are lines, and how far their samples lie from them."""

    ends: Ends
    line: Bools
    error: Floats


def _fitted(layout: Layout, segments: Segments, quality: Quality) -> _Fitted:
    a, b, piece = segments.a, segments.b, segments.piece
    fits = fit_segments(layout, a, b, layout.tangent[a], layout.tangent[b], quality.rounds)
    after = _after(layout, piece)
    alone = (np.bincount(piece)[piece] == 1) & ~layout.ring[piece]
    line = (fits.straight <= quality.line) & (fits.straight <= np.maximum(2 * fits.error, 0.5 * quality.line))
    line = (line | (b - a <= 1)) & alone
    line |= segments.straight & (fits.straight <= quality.tolerance)
    first, second, error = fits.first.copy(), fits.second.copy(), np.zeros(len(a))
    todo = np.arange(len(a))
    for _ in range(2):
        t0, t1 = _beside_lines(layout, segments, line, after)
        final = fit_segments(layout, a[todo], b[todo], t0[todo], t1[todo], quality.rounds + 2)
        first[todo], second[todo], error[todo] = final.first, final.second, final.error
        # A line whose tangent its neighbor cannot take over is none: it becomes a flat curve.
        strays = ~line & (error > quality.tolerance)
        beside = np.zeros(len(a), bool)
        beside[after[strays & (after >= 0)]] = beside[(after >= 0) & strays[after]] = True
        beside &= ~segments.straight & line & (b - a > 1)
        again = beside.copy()
        again[after[again & (after >= 0)]] = again[(after >= 0) & again[after]] = True
        todo = np.flatnonzero(again)
        if not len(todo):
            break
        line[beside] = False
    start, end = layout.smooth[a], layout.smooth[b]
    first[line] = start[line] + (end - start)[line] / 3
    second[line] = end[line] - (end - start)[line] / 3
    joint = np.zeros((2, len(a)), bool)
    joint[1] = after >= 0
    joint[0, after[joint[1]]] = True
    samples = Samples.of(layout.points, layout.weight, a, b, joint)
    many = len(samples.u) > MANY
    ends = refined(samples.coarse(ENOUGH) if many else samples, Ends(start, first, second, end), line, after, piece)
    return _Fitted(ends, line, samples.largest(samples.settle(ends, 6 if many else 2)))


def _after(layout: Layout, piece: Ints) -> Ints:
    """The segment that each one goes over into without a corner, -1 where there is none."""
    count = len(piece)
    first = np.searchsorted(piece, piece)
    last = np.append(piece[1:] != piece[:-1], True)
    return np.where(last, np.where(layout.ring[piece], first, -1), np.arange(count) + 1)


def _beside_lines(layout: Layout, segments: Segments, line: Bools, after: Ints) -> tuple[Floats, Floats]:
    """Tangents at both ends of each segment: that of a line beside it, else that of the samples."""
    a, b = segments.a, segments.b
    t0, t1 = layout.tangent[a].copy(), layout.tangent[b].copy()
    along = unit(layout.smooth[b] - layout.smooth[a])
    joined = after >= 0
    here = np.flatnonzero(joined & line & ~line[after])
    t0[after[here]] = along[here]
    there = np.flatnonzero(joined & ~line & line[after])
    t1[there] = along[after[there]]
    return t0, t1
