"""Samples along borders -> lines and cubic Béziers, all borders at once.

A strand is a run of points, open or closed, sampled about a pixel apart with small noise. It is split at its corners
into stretches; each stretch is cut into short pieces, which are then merged pairwise as long as one line or one cubic
fits all their samples to the tolerance, always where the merged piece fits best. Pieces meet with a common tangent
(G1), except at corners. Every step works on all strands together: sums over pieces are `np.add.reduceat`.

The cubics are fitted by least squares on their two controls with Gauss-Newton reparametrisation (Schneider 1990,
Graphics Gems, with both controls free at corners); tangents are derivatives of local quadratics (Savitzky and Golay
1964).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from artkit.planar.chain import Ints

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Quality:
    """How closely curves follow the samples. Lengths are pixels, angles degrees.

    `tolerance` is the largest distance of a sample from its curve; `line` the same for straight pieces; `corner` the
    smallest turn that is kept sharp, `sharp` the smallest that shows within three pixels; `reach` how many samples on
    either side tell it; `blur` how many samples next to a corner are not trusted, because antialiasing or the pixel
    grid rounds them off. `piece` is the number of samples that merging starts from, `degree` that of the polynomials
    that tell tangents at blunt corners, `rounds` how often a cubic is fitted and its samples placed anew. `thin`
    samples in a row are first averaged into one; `bends` tells whether doubtful corners are tried as smooth bends,
    `level` whether samples of cracks that lie across the border are left out.
    """

    tolerance: float = 0.2
    line: float = 0.12
    corner: float = 28.0
    sharp: float = 62.0
    reach: int = 6
    blur: int = 1
    piece: int = 4
    degree: int = 2
    rounds: int = 4
    thin: int = 1
    bends: bool = True
    level: bool = False


@dataclass(frozen=True, eq=False)
class Curves:
    """Strand k is segments `offsets[k]:offsets[k + 1]`, each from `start` by `first` and `second` control to `end`.

    All are (S, 2). Straight segments have `line` set (their controls lie at thirds). `corner_start` tells whether a
    segment starts at a corner or at the end of an open strand.
    """

    start: Floats
    first: Floats
    second: Floats
    end: Floats
    line: Flags
    corner_start: Flags
    offsets: Ints


def fit(points: Floats, offsets: Ints, closed: Flags, quality: Quality, hard: Flags | None = None) -> Curves:
    """Fit strands: strand k is `points[offsets[k]:offsets[k + 1]]`, in a ring without a repeated point where closed.

    `hard` marks samples that are exact corners, (N,), True or False. Ends of open strands stay where they are.
    """
    if hard is None:
        hard = np.zeros(len(points), bool)
    if quality.thin > 1:
        points, offsets, hard = _thinned(points, offsets, closed, hard, quality.thin)
    strand = np.repeat(np.arange(len(closed)), np.diff(offsets))
    bent = np.bincount(strand, weights=hard, minlength=len(closed)) > 0
    oval, ovals = _ellipses(points, offsets, closed & ~bent, quality.tolerance)
    other = ~oval[strand]
    rest_offsets = np.concatenate([[0], np.cumsum(np.diff(offsets)[~oval])])
    rest = _fit(points[other], rest_offsets, closed[~oval], hard[other], quality)
    if not oval.any():
        return rest
    # Strands in their old order: those of `rest` first in the pool, then four segments for each ellipse.
    pool = [np.concatenate([getattr(rest, name), getattr(ovals, name)]) for name in _SEGMENT_FIELDS]
    count, begin = np.empty(len(closed), np.int64), np.empty(len(closed), np.int64)
    count[oval], count[~oval] = 4, np.diff(rest.offsets)
    begin[oval], begin[~oval] = len(rest.line) + 4 * np.arange(oval.sum()), rest.offsets[:-1]
    bounds = np.concatenate([[0], np.cumsum(count)])
    pick = np.arange(bounds[-1]) + np.repeat(begin - bounds[:-1], count)
    start, first, second, end, line, corner_start = (field[pick] for field in pool)
    return Curves(start, first, second, end, line, corner_start, bounds)


def _thinned(points: Floats, offsets: Ints, closed: Flags, hard: Flags, thin: int) -> tuple[Floats, Ints, Flags]:
    """Average samples, `thin` in a row, into one; strands too short for that, hard samples and open ends stay."""
    count = np.diff(offsets)
    strand = np.repeat(np.arange(len(count)), count)
    place = np.arange(len(points)) - offsets[strand]
    alone = hard | (count[strand] < 8 * thin)
    alone |= ~closed[strand] & ((place == 0) | (place == count[strand] - 1))
    # Runs of samples that may be averaged start after each one that stays.
    starts = alone.copy()
    starts[1:] |= alone[:-1]
    starts[offsets[:-1]] = True
    begin = np.maximum.accumulate(np.where(starts, np.arange(len(points)), 0))
    group = starts | ((np.arange(len(points)) - begin) % thin == 0)
    first = np.flatnonzero(group)
    size = np.diff(np.append(first, len(points)))
    means = np.add.reduceat(points, first, axis=0) / size[:, None]
    grown = np.concatenate([[0], np.cumsum(np.bincount(strand[first], minlength=len(count)))])
    return means, grown, hard[first]


_SEGMENT_FIELDS = ("start", "first", "second", "end", "line", "corner_start")


def _fit(points: Floats, offsets: Ints, closed: Flags, hard: Flags, quality: Quality) -> Curves:
    if not len(points):
        return _quarters(np.empty((0, 2)), np.empty((0, 2)), np.empty((0, 2)))
    corner = find_corners(points, offsets, closed, quality, hard)
    layout = _stretches(points, offsets, closed, corner, hard, quality)
    pieces = _merge(layout, quality)
    return _finish(layout, pieces, quality, len(offsets) - 1)


# ------------------------------------------------------------------ circles and ellipses

KAPPA = 4 / 3 * (np.sqrt(2) - 1)
"""Length of a control of a quarter circle of radius 1: off by 0.03% at most."""


def _ellipses(points: Floats, offsets: Ints, closed: Flags, tolerance: float) -> tuple[Flags, Curves]:
    """Tell the closed strands that are ellipses, to within the tolerance, and give them as four cubics each.

    The conic comes from least squares on its equation. Circles and upright ellipses are taken where they do as well.
    """
    count = np.diff(offsets)
    oval = closed & (count >= 8)
    which = np.flatnonzero(oval)
    size = count[which]
    begin = np.cumsum(size) - size
    index = np.arange(int(size.sum())) + np.repeat(offsets[:-1][which] - begin, size)
    if not len(which):
        return oval, _quarters(np.empty((0, 2)), np.empty((0, 2)), np.empty((0, 2)))
    samples = points[index]
    center = np.add.reduceat(samples, begin) / size[:, None]
    local = samples - np.repeat(center, size, axis=0)
    scale = np.sqrt(np.add.reduceat((local**2).sum(1), begin) / size)
    local /= np.repeat(scale, size)[:, None]
    x, y = local.T
    terms = np.stack([x * x, x * y, y * y, x, y])
    normal = np.add.reduceat(terms[:, None] * terms[None], begin, axis=2).transpose(2, 0, 1)
    right = np.add.reduceat(terms, begin, axis=1).T
    a, b, c, d, e = np.linalg.solve(normal + 1e-9 * np.eye(5), right[:, :, None])[:, :, 0].T
    sound = 4 * a * c - b * b > 1e-6
    down = np.where(sound, 4 * a * c - b * b, 1)
    mid = np.column_stack([(b * e - 2 * c * d) / down, (b * d - 2 * a * e) / down])
    level = 1 + a * mid[:, 0] ** 2 + b * mid[:, 0] * mid[:, 1] + c * mid[:, 1] ** 2
    half = np.stack([np.stack([a, b / 2], 1), np.stack([b / 2, c], 1)], 1) / np.where(sound, level, 1)[:, None, None]
    values, axes = np.linalg.eigh(np.where(sound[:, None, None], half, np.eye(2)))
    sound &= (values > 1e-4).all(1)
    radii = 1 / np.sqrt(np.maximum(values, 1e-4))
    center += scale[:, None] * mid
    radii *= scale[:, None]
    first = axes[:, :, 0] * np.where(np.abs(axes[:, 0, 0]) >= np.abs(axes[:, 1, 0]), np.sign(axes[:, 0, 0]), 1)[:, None]

    upright = np.abs(first[:, 0]) >= np.abs(first[:, 1])
    straight = np.where(upright[:, None], radii, radii[:, ::-1])
    mean = np.repeat(radii.mean(1)[:, None], 2, 1)
    along = np.zeros_like(first)
    along[:, 0] = 1
    found = np.zeros(len(which), bool)
    best_radii, best_way = radii.copy(), first.copy()
    for trial, way in ((mean, along), (straight, along), (radii, first)):
        off = _off_ellipse(samples, np.repeat(center, size, 0), np.repeat(trial, size, 0), np.repeat(way, size, 0))
        good = ~found & sound & (np.maximum.reduceat(off, begin) <= ROUND * tolerance)
        good &= _all_around(samples, center, trial, way, begin, size, ROUND * tolerance)
        best_radii[good], best_way[good] = trial[good], way[good]
        found |= good
    oval[which] = found
    turn = np.sign(_shoelace(samples, begin, size))[found]
    return oval, _quarters(
        center[found], best_radii[found] * np.column_stack([np.ones_like(turn), turn]), best_way[found]
    )


ROUND = 0.8
"""A ring is an ellipse if all of its samples lie within this share of the tolerance of it."""


def _off_ellipse(samples: Floats, center: Floats, radii: Floats, way: Floats) -> Floats:
    """Distance from an ellipse, to first order: value of its equation over the length of the gradient."""
    local = samples - center
    u = np.column_stack([(local * way).sum(1), _cross(way, local)]) / radii
    length = np.linalg.norm(u, axis=1)
    off: Floats = np.abs(length - 1) * length / np.maximum(np.linalg.norm(u / radii, axis=1), 1e-9)
    return off


def _all_around(
    samples: Floats, center: Floats, radii: Floats, way: Floats, begin: Ints, size: Ints, slack: float
) -> Flags:
    """Whether samples come close to all four ends of the axes: a long stroke lies on an ellipse with its sides only."""
    local = samples - np.repeat(center, size, 0)
    along = np.repeat(way, size, 0)
    places = np.column_stack([(local * along).sum(1), _cross(along, local)])
    ends = radii - slack
    near_all = (np.maximum.reduceat(places, begin) >= ends) & (np.minimum.reduceat(places, begin) <= -ends)
    return np.asarray(near_all.all(1))


def _shoelace(samples: Floats, begin: Ints, size: Ints) -> Floats:
    after = np.arange(len(samples)) + 1
    after[begin + size - 1] = begin
    areas: Floats = np.add.reduceat(_cross(samples, samples[after]), begin)
    return areas


def _quarters(center: Floats, radii: Floats, way: Floats) -> Curves:
    """Four cubics for each ellipse; a negative second radius turns the other way around."""
    side = np.column_stack([-way[:, 1], way[:, 0]])
    u, v = way * radii[:, :1], side * radii[:, 1:]
    corners = [u, v, -u, -v]
    start = np.stack([center + p for p in corners], 1)
    end = np.roll(start, -1, axis=1)
    first = np.stack([center + p + KAPPA * q for p, q in zip(corners, corners[1:] + corners[:1], strict=True)], 1)
    second = np.stack([center + q + KAPPA * p for p, q in zip(corners, corners[1:] + corners[:1], strict=True)], 1)
    flags = np.zeros(4 * len(center), bool)
    bounds = np.arange(len(center) + 1) * 4
    a, b, c, d = (x.reshape(-1, 2) for x in (start, first, second, end))
    return Curves(a, b, c, d, flags, flags, bounds)


# ------------------------------------------------------------------ local quadratics


@cache
def _taps(low: int, high: int, degree: int) -> tuple[Floats, Floats]:
    """Weights that give value and slope at 0 of the least-squares polynomial through samples low..high."""
    at = np.arange(low, high + 1, dtype=float)
    inverse = np.linalg.pinv(np.vander(at, degree + 1, increasing=True))
    return inverse[0], inverse[1] if degree else np.zeros(len(at))


class _Extension:
    """Every strand continued by some samples at both ends: around where closed, else by point reflection at the end.

    `at` is the place of each sample of the strands among the extended ones.
    """

    def __init__(self, offsets: Ints, closed: Flags, by: int) -> None:
        count = np.diff(offsets)
        size = count + 2 * by
        begin = np.cumsum(size) - size
        place = np.arange(int(size.sum())) - np.repeat(begin + by, size)
        n, base = np.repeat(count, size), np.repeat(offsets[:-1], size)
        out = np.flatnonzero((place < 0) | (place >= n))
        ring = closed[np.searchsorted(begin, out, "right") - 1]
        around, beyond = out[ring], out[~ring]
        place[around] %= n[around]
        far = place[beyond]
        last = n[beyond] - 1
        end = np.clip(far, 0, last)
        place[beyond] = end
        self.source = base + place
        self.beyond = beyond
        self.mirror = base[beyond] + np.clip(2 * end - far, 0, last)
        self.at = np.arange(int(count.sum())) + np.repeat(begin + by - offsets[:-1], count)

    def of(self, points: Floats) -> Floats:
        """Extend points (N, 2); gives x and y as rows, (2, M)."""
        extended = points.T[:, self.source]
        extended[:, self.beyond] = 2 * extended[:, self.beyond] - points.T[:, self.mirror]
        return extended

    def filtered(self, extended: Floats, low: int, taps: Floats) -> Floats:
        """Sum of taps times the samples low, low + 1, ... steps on from each one, (N, 2)."""
        total = np.zeros((2, extended.shape[1] - len(taps) + 1))
        for j, tap in enumerate(taps):
            total += tap * extended[:, j : j + total.shape[1]]
        return total[:, self.at + low].T


def _unit(vectors: Floats) -> Floats:
    units: Floats = vectors / np.maximum(np.linalg.norm(vectors, axis=1), 1e-12)[:, None]
    return units


def _cross(a: Floats, b: Floats) -> Floats:
    return a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]


# ------------------------------------------------------------------ corners


def find_corners(points: Floats, offsets: Ints, closed: Flags, quality: Quality, hard: Flags) -> Flags:
    """Tell the samples where the border turns at once.

    Sharp corners show in straight lines through the few samples on either side, however close the next corner is; blunt
    ones in quadratics through more of them, continued to the corner, so that a small circle has none.
    """
    strand = np.repeat(np.arange(len(closed)), np.diff(offsets))
    place = np.arange(len(points)) - offsets[strand]
    room = np.where(closed[strand], len(points), np.minimum(place, np.diff(offsets)[strand] - 1 - place))
    long_enough = np.diff(offsets)[strand] > np.where(closed[strand], 5, 2)
    corner = hard.copy()
    extension = _Extension(offsets, closed, quality.reach)
    extended = extension.of(points)
    for reach, degree, least, radius in (
        (max(quality.reach // 2, 2), 1, quality.sharp, 2),
        (quality.reach, quality.degree, quality.corner, quality.reach - 2),
    ):
        turn = _turns(extension, extended, quality.blur, reach, degree)
        turn[(room < 2) | ~long_enough | (turn < np.radians(least))] = 0
        clear = reach if radius > 2 else 1
        taken = np.flatnonzero(corner)
        for step in range(-clear, clear + 1):
            turn[extension.source[extension.at[taken] + step]] = 0
        spots = np.flatnonzero(turn)
        peak = np.ones(len(spots), bool)
        for step in range(1, radius + 1):
            peak &= turn[spots] > turn[extension.source[extension.at[spots] - step]]
            peak &= turn[spots] >= turn[extension.source[extension.at[spots] + step]]
        corner[spots[peak]] = True
    return corner & (hard | ~_bends(points, offsets, closed, corner, quality)) if quality.bends else corner


def _bends(points: Floats, offsets: Ints, closed: Flags, corner: Flags, quality: Quality) -> Flags:
    """Corners that are only bends: one cubic follows the samples on both sides, as far as the next corners."""
    bends = np.zeros(len(points), bool)
    side = quality.reach + 2
    spots = np.flatnonzero(corner)
    strand = np.searchsorted(offsets, spots, "right") - 1
    extension = _Extension(offsets, closed, side)
    room = np.full((2, len(spots)), side)
    for way, sign in enumerate((-1, 1)):
        for step in range(side, 0, -1):
            room[way, corner[extension.source[extension.at[spots] + sign * step]]] = step
    place = spots - offsets[strand]
    count = np.diff(offsets)[strand]
    back = np.where(closed[strand], np.minimum(room[0], (count - 1) // 2), np.minimum(room[0], place))
    ahead = np.where(closed[strand], np.minimum(room[1], (count - 1) // 2), np.minimum(room[1], count - 1 - place))
    fair = (back >= 3) & (ahead >= 3)
    spots, strand, back, ahead, place, count = (x[fair] for x in (spots, strand, back, ahead, place, count))
    if not len(spots):
        return bends
    size = back + ahead + 1
    bounds = np.concatenate([[0], np.cumsum(size)])
    window = np.repeat(np.arange(len(spots)), size)
    step = np.arange(bounds[-1]) - bounds[window] - back[window]
    source = offsets[strand][window] + (place[window] + step) % count[window]
    laid = points[source]
    layout = _Layout(laid, np.ones(len(laid)), laid, np.zeros_like(laid), bounds, strand, np.zeros(len(spots), bool))
    a, b = bounds[:-1], bounds[1:] - 1
    ahead_of, behind = _unit(laid[a + 2] - laid[a]), _unit(laid[b] - laid[b - 2])
    fits = _fit_pieces(layout, a, b, ahead_of, behind, 6)
    # Around the end of a stroke no wider than the tolerance a cubic would fit, and leave nothing of it.
    back = (ahead_of * behind).sum(1) < BACK
    bends[spots[(fits.error <= BEND * quality.tolerance) & ~back]] = True
    return bends


BEND = 0.75
"""A corner is a bend if one cubic passes it within this share of the tolerance."""

BACK = -0.5
"""A border that turns by more than 120 degrees (the cosine) within a few samples has a corner there."""


def _turns(extension: _Extension, extended: Floats, skip: int, reach: int, degree: int) -> Floats:
    """Angle between the tangents of the samples before and after each one, in radians."""
    slope = _taps(skip, reach, degree)[1]
    ahead = extension.filtered(extended, skip, slope)
    behind = -extension.filtered(extended, -reach, slope[::-1])
    turns: Floats = np.abs(np.arctan2(_cross(behind, ahead), (behind * ahead).sum(1)))
    return turns


@dataclass(frozen=True, eq=False)
class _Split:
    """Stretches from corner to corner: stretch k is the samples `source[offsets[k]:offsets[k + 1]]`, corners included.

    A closed strand without corners is one stretch, a `ring`.
    """

    source: Ints
    offsets: Ints
    strand: Ints
    ring: Flags


def _split(offsets: Ints, closed: Flags, corner: Flags) -> _Split:
    count = np.diff(offsets)
    strand = np.repeat(np.arange(len(closed)), count)
    spots = np.flatnonzero(corner)
    first = np.full(len(closed), -1, np.int64)
    first[strand[spots][::-1]] = (spots - offsets[strand[spots]])[::-1]  # the first corner of each strand
    turned = closed & (first >= 0)
    size = count + turned  # a closed strand starts at its first corner and repeats it at the end
    begin = np.concatenate([[0], np.cumsum(size)])
    owner = np.repeat(np.arange(len(closed)), size)
    place = np.arange(begin[-1]) - begin[owner]
    source = offsets[owner] + (place + np.where(turned, first, 0)[owner]) % count[owner]
    double = corner[source] & (place > 0) & (place < size[owner] - 1)  # ends one stretch and starts the next
    copies = np.repeat(np.arange(len(source)), 1 + double)
    starts = np.zeros(len(copies), bool)
    starts[1:] = copies[1:] == copies[:-1]
    starts |= place[copies] == 0
    stretches = np.flatnonzero(starts)
    of = owner[copies[stretches]]
    return _Split(source[copies], np.append(stretches, len(copies)), of, closed[of] & (first[of] < 0))


# ------------------------------------------------------------------ stretches


@dataclass(frozen=True, eq=False)
class _Layout:
    """Stretches laid end to end, with the weights, smoothed places and tangents of their samples."""

    points: Floats
    weight: Floats
    smooth: Floats
    tangent: Floats
    offsets: Ints
    strand: Ints
    ring: Flags  # a closed stretch without a corner: its last sample repeats its first, and the tangent there is one


def _stretches(points: Floats, offsets: Ints, closed: Flags, corner: Flags, hard: Flags, quality: Quality) -> _Layout:
    """Cut strands at their corners, and move each corner to where the borders on its two sides meet."""
    cut = _split(offsets, closed, corner)
    place = points.copy()
    _place_corners(points, place, cut, corner & ~hard, closed, quality)

    size = np.diff(cut.offsets) + cut.ring  # rings repeat their first sample
    laid_offsets = np.concatenate([[0], np.cumsum(size)])
    stretch = np.repeat(np.arange(len(size)), size)
    index = np.arange(laid_offsets[-1]) - laid_offsets[stretch]
    source = cut.source[cut.offsets[stretch] + index % np.diff(cut.offsets)[stretch]]
    laid = place[source]

    n, ring = size[stretch], cut.ring[stretch]
    from_end = np.minimum(index, n - 1 - index)
    trusted = ring | (from_end > np.where(n > 2 * quality.blur + 3, quality.blur, 0))
    at_end = ~ring & (from_end == 0)
    smooth, tangent = _smoothed(laid, laid_offsets, cut.ring)
    smooth[at_end] = laid[at_end]
    return _Layout(laid, trusted.astype(float), smooth, tangent, laid_offsets, cut.strand, cut.ring)


def _place_corners(points: Floats, place: Floats, cut: _Split, movable: Flags, closed: Flags, quality: Quality) -> None:
    """Put each corner where the tangents of the stretches that end and start there meet."""
    count = np.diff(cut.offsets)
    after, ahead = _end_tangents(points, cut, count, quality, 1)
    before, behind = _end_tangents(points, cut, count, quality, -1)
    follows = np.arange(len(count)) + 1
    last = np.append(cut.strand[1:] != cut.strand[:-1], True)
    begins = np.flatnonzero(np.append(True, cut.strand[1:] != cut.strand[:-1]))
    follows[last] = begins
    spot = cut.source[cut.offsets[1:] - 1]
    real = (~last | closed[cut.strand]) & ~cut.ring & movable[spot]
    k = np.flatnonzero(real)
    here, p, d, q, e = spot[k], before[k], behind[k], after[follows[k]], ahead[follows[k]]
    # A stretch too short to have a direction stands square on its neighbor.
    unknown = np.isnan(e[:, 0])
    e[unknown] = np.column_stack([-d[unknown, 1], d[unknown, 0]])
    unknown = np.isnan(d[:, 0])
    d[unknown] = np.column_stack([-e[unknown, 1], e[unknown, 0]])
    lost = np.isnan(d[:, 0])
    sine = _cross(d, e)
    flat = np.abs(sine) < 0.1
    meet = p + (_cross(q - p, e) / np.where(flat, 1, sine))[:, None] * d
    away = flat | lost | (np.linalg.norm(meet - points[here], axis=1) > 1.6)
    meet[away] = points[here][away]
    place[here] = meet


def _end_tangents(points: Floats, cut: _Split, count: Ints, quality: Quality, way: int) -> tuple[Floats, Floats]:
    """Point and direction, both in walking order, of each stretch at its start (way 1) or its end (way -1)."""
    end = cut.offsets[:-1] if way == 1 else cut.offsets[1:] - 1
    value, direction = np.full((len(count), 2), np.nan), np.full((len(count), 2), np.nan)
    skip = np.where(count > 2 * quality.blur + 3, quality.blur, 0)
    usable = np.minimum(count - 2 * skip - 1, quality.reach)
    usable = np.maximum(np.minimum(usable, count - 2), 0)
    for n in range(1, quality.reach + 1):
        for s in np.unique(skip):
            chosen = np.flatnonzero((usable == n) & (skip == s))
            if not len(chosen):
                continue
            low, high = int(s) + 1, int(s) + n
            taps, slope = _taps(low, high, min(quality.degree if n >= 5 else 1, n - 1))
            window = points[cut.source[end[chosen][:, None] + way * np.arange(low, high + 1)]]
            value[chosen] = (taps[:, None] * window).sum(1)
            if n > 1:
                direction[chosen] = _unit(way * (slope[:, None] * window).sum(1))
    return value, direction


def _smoothed(points: Floats, offsets: Ints, ring: Flags) -> tuple[Floats, Floats]:
    """Places and unit tangents by quadratics through seven samples; a ring's last sample repeats its first."""
    keep = np.ones(len(points), bool)
    keep[offsets[1:][ring] - 1] = False
    extension = _Extension(np.concatenate([[0], np.cumsum(np.diff(offsets) - ring)]), ring, 3)
    extended = extension.of(points[keep])
    full = np.cumsum(keep) - 1
    full[offsets[1:][ring] - 1] = full[offsets[:-1][ring]]
    value, slope = _taps(-3, 3, 2)
    return extension.filtered(extended, -3, value)[full], _unit(extension.filtered(extended, -3, slope))[full]


# ------------------------------------------------------------------ pieces


@dataclass(frozen=True, eq=False)
class _Fits:
    first: Floats
    second: Floats
    error: Floats
    straight: Floats  # largest distance from the chord


def _fit_pieces(layout: _Layout, a: Ints, b: Ints, t0: Floats, t1: Floats, rounds: int) -> _Fits:
    """Fit one cubic to samples a..b of each piece; its ends stay, its end tangents are t0 and t1 but at corners."""
    size = b - a + 1
    begin = np.cumsum(size) - size
    index = np.arange(int(size.sum())) + np.repeat(a - begin, size)
    p0, p3 = layout.smooth[a], layout.smooth[b]
    chord = p3 - p0
    length = np.maximum(np.linalg.norm(chord, axis=1), 1e-9)
    # From here on, x and y are rows, so that every step runs along memory.
    origin, chords = np.repeat(p0.T, size, axis=1), np.repeat(chord.T, size, axis=1)
    samples = layout.points[index].T - origin
    inner = layout.weight[index]
    inner[begin] = 0
    inner[begin + size - 1] = 0
    off_chord = np.abs(chords[0] * samples[1] - chords[1] * samples[0]) * inner
    straight = np.maximum.reduceat(off_chord, begin) / length
    # A ring with one corner ends where it starts: what lies beyond the chord's end is off it as well.
    farthest = np.sqrt(np.maximum.reduceat((samples * samples).sum(0) * inner, begin))
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
        r1, r2 = np.repeat(d1.T, size, axis=1), np.repeat(d2.T, size, axis=1)
        # Gauss-Newton: each sample to the nearest point of its cubic.
        gap = b1 * r1 + b2 * r2 - rest
        middle = chords + r2 - r1
        speed = 3 * (v * v * r1 + 2 * v * u * middle - u * u * r2)
        bend = 6 * (v * (middle - r1) - u * (middle + r2))
        slope = (speed * speed).sum(0) + np.maximum((gap * bend).sum(0), 0)
        u = np.clip(u - (gap * speed).sum(0) / np.maximum(slope, 1e-9), 0, 1)
    v = 1 - u
    gap = 3 * v * v * u * r1 + 3 * v * u * u * r2 + (3 - 2 * u) * u * u * chords - samples
    error = np.maximum.reduceat(np.sqrt((gap * gap).sum(0)) * (inner > 0), begin)
    return _Fits(p0 + d1, p3 + d2, error, straight)


class _Solver:
    """Least squares for the two controls of each piece, relative to its ends: along the tangents, freely at corners."""

    def __init__(
        self, layout: _Layout, a: Ints, b: Ints, t0: Floats, t1: Floats, samples: Floats, third: Floats
    ) -> None:
        self.t0, self.t1, self.third = t0, t1, third
        self.n0, self.n1 = (np.column_stack([-t[:, 1], t[:, 0]]) for t in (t0, t1))
        starts, stops = np.zeros(len(layout.points), bool), np.zeros(len(layout.points), bool)
        starts[layout.offsets[:-1][~layout.ring]] = True
        stops[layout.offsets[1:][~layout.ring] - 1] = True
        enough = samples >= 3
        self.stiff0 = np.where(starts[a] & enough, 0.02, 1e6)
        self.stiff1 = np.where(stops[b] & enough, 0.02, 1e6)
        self.turns = [(m * n).sum(1) for m in (self.t0, self.n0) for n in (self.t1, self.n1)]

    def __call__(self, sums: list[Floats]) -> tuple[Floats, Floats]:
        s11, s12, s22 = sums[:3]
        r1, r2 = np.column_stack(sums[3:5]), np.column_stack(sums[5:7])
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
        right = np.stack(
            [
                (r1 * t0).sum(1) + ridge * third,
                (r1 * n0).sum(1),
                (r2 * t1).sum(1) - ridge * third,
                (r2 * n1).sum(1),
            ],
            axis=1,
        )
        found = np.linalg.solve(matrix, right[:, :, None])[:, :, 0]
        # A control behind its end makes a loop or a cusp: fall back to a third of the length.
        bad = (found[:, 0] < 0.05 * third) | (found[:, 2] > -0.05 * third) | (np.abs(found).max(1) > 6 * third)
        found[bad] = np.column_stack([third, 0 * third, -third, 0 * third])[bad]
        return found[:, :1] * t0 + found[:, 1:2] * n0, found[:, 2:3] * t1 + found[:, 3:] * n1


@dataclass(frozen=True, eq=False)
class _Pieces:
    a: Ints
    b: Ints
    stretch: Ints


def _merge(layout: _Layout, quality: Quality) -> _Pieces:
    """Cut stretches into short pieces and merge neighbors while one line or cubic fits both, the best fits first."""
    n = np.diff(layout.offsets) - 1
    parts = np.maximum(n // quality.piece, np.where(layout.ring, 2, 1))
    parts = np.minimum(parts, np.maximum(n, 1))
    stretch = np.repeat(np.arange(len(n)), parts)
    k = np.arange(len(stretch)) - np.repeat(np.cumsum(parts) - parts, parts)
    a = layout.offsets[stretch] + k * n[stretch] // parts[stretch]
    b = layout.offsets[stretch] + (k + 1) * n[stretch] // parts[stretch]
    cost = np.full(len(a), np.nan)  # of merging a piece with the next one
    while True:
        last = np.append(stretch[1:] != stretch[:-1], True)
        cost[last] = np.inf
        todo = np.flatnonzero(np.isnan(cost))
        if len(todo):
            low, high = a[todo], b[todo + 1]
            fits = _fit_pieces(layout, low, high, layout.tangent[low], layout.tangent[high], quality.rounds)
            price = np.minimum(fits.error / quality.tolerance, fits.straight / quality.line)
            whole = layout.ring[stretch[todo]] & (high - low == n[stretch[todo]])  # a ring keeps two pieces
            cost[todo] = np.where((price <= 1) & ~whole, price, np.inf)
        before = np.concatenate([[np.inf], cost[:-1]])
        after = np.append(cost[1:], np.inf)
        chosen = np.flatnonzero((cost < before) & (cost <= after) & np.isfinite(cost))
        if not len(chosen):
            return _Pieces(a, b, stretch)
        b[chosen] = b[chosen + 1]
        cost[chosen] = np.nan
        back = chosen[chosen > 0] - 1
        cost[back] = np.nan
        keep = np.ones(len(a), bool)
        keep[chosen + 1] = False
        a, b, stretch, cost = a[keep], b[keep], stretch[keep], cost[keep]


def _finish(layout: _Layout, pieces: _Pieces, quality: Quality, strands: int) -> Curves:
    """Fit the pieces as they stand, straight ones first: a curve takes over the tangent of a line beside it."""
    a, b, stretch = pieces.a, pieces.b, pieces.stretch
    fits = _fit_pieces(layout, a, b, layout.tangent[a], layout.tangent[b], quality.rounds)
    line = (fits.straight <= quality.line) & (fits.straight <= np.maximum(2 * fits.error, 0.5 * quality.line))
    line |= b - a <= 1
    first, second, error = fits.first.copy(), fits.second.copy(), np.zeros(len(a))
    after = _after(layout, stretch)
    todo = np.arange(len(a))
    for _ in range(2):
        t0, t1 = _beside_lines(layout, pieces, line, after)
        final = _fit_pieces(layout, a[todo], b[todo], t0[todo], t1[todo], quality.rounds + 2)
        first[todo], second[todo], error[todo] = final.first, final.second, final.error
        # A line whose tangent its neighbor cannot take over is none: it becomes a flat curve.
        strays = ~line & (error > np.maximum(fits.error, quality.tolerance))
        beside = np.zeros(len(a), bool)
        beside[after[strays & (after >= 0)]] = beside[(after >= 0) & strays[after]] = True
        again = strays | beside
        again[after[again & (after >= 0)]] = again[(after >= 0) & again[after]] = True
        todo = np.flatnonzero(again)
        if not strays.any():
            break
        line[beside & (b - a > 1)] = False
    start, end = layout.smooth[a], layout.smooth[b]
    first[line] = start[line] + (end - start)[line] / 3
    second[line] = end[line] - (end - start)[line] / 3
    owner = layout.strand[stretch]
    offsets = np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=strands))])
    corner_start = np.append(True, stretch[1:] != stretch[:-1]) & ~layout.ring[stretch]
    return Curves(start, first, second, end, line, corner_start, offsets)


def _after(layout: _Layout, stretch: Ints) -> Ints:
    """The piece that each one goes over into without a corner, -1 where there is none."""
    count = len(stretch)
    first = np.searchsorted(stretch, stretch)
    last = np.append(stretch[1:] != stretch[:-1], True)
    return np.where(last, np.where(layout.ring[stretch], first, -1), np.arange(count) + 1)


def _beside_lines(layout: _Layout, pieces: _Pieces, line: Flags, after: Ints) -> tuple[Floats, Floats]:
    """Tangents at both ends of each piece: that of a line beside it, else that of the samples."""
    a, b = pieces.a, pieces.b
    t0, t1 = layout.tangent[a].copy(), layout.tangent[b].copy()
    along = _unit(layout.smooth[b] - layout.smooth[a])
    joined = after >= 0
    here = np.flatnonzero(joined & line & ~line[after])
    t0[after[here]] = along[here]
    there = np.flatnonzero(joined & ~line & line[after])
    t1[there] = along[after[there]]
    return t0, t1
