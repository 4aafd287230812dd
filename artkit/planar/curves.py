"""Samples along borders -> lines, cubic Béziers and ellipses, all borders at once.

Chains are split at their corners into pieces, and these into segments that a line or a cubic fits (`pieces.py`);
rings that are ellipses come out as such (`ellipses.py`). Segments meet with a common tangent (G1), except at corners.
Every step works on all chains together: sums over parts are `np.add.reduceat`.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from artkit.algebra import rounded
from artkit.arrays import Bools, Floats, Ints, distinct, offsets_of, rows_of
from artkit.planar.ellipses import ellipses, quarters
from artkit.planar.layout import Layout
from artkit.planar.pieces import finish, fit_segments, merge, short_segments
from artkit.planar.segments import Curves, Extension, Quality, cross, taps_of, thinned, unit
from artkit.planar.straights import Runs, straight_runs, withdrawn


def fit(
    points: Floats, offsets: Ints, closed: Bools, quality: Quality, hard: Bools | None = None, loose: bool = False
) -> Curves:
    """Fit chains: chain k is `points[offsets[k]:offsets[k + 1]]`, in a ring without a repeated point where closed.

    `hard` marks samples that are exact corners, (N,), True or False. Ends of open chains stay where they are.
    """
    if hard is None:
        hard = np.zeros(len(points), bool)
    parts = []
    for low, high in _blocks(offsets):
        some = slice(offsets[low], offsets[high])
        parts.append(
            _fit_all(points[some], offsets[low : high + 1] - offsets[low], closed[low:high], quality, hard[some], loose)
        )
    return parts[0] if len(parts) == 1 else _joined(parts)


BLOCK = 1 << 18
"""Samples that are fitted at a time, or a few more: so memory does not grow with the picture."""


def _blocks(offsets: Ints) -> list[tuple[int, int]]:
    """The first chain of each block, and the one after its last: blocks of about as many samples each."""
    total = int(offsets[-1])
    count = max(-(-total // BLOCK), 1)
    inner = np.searchsorted(offsets, total * np.arange(1, count) // count)
    bounds = distinct(np.concatenate([[0], inner, [len(offsets) - 1]])).tolist()
    return list(pairwise(bounds)) or [(0, 0)]


def _joined(parts: list[Curves]) -> Curves:
    """Put the curves of blocks of chains together."""
    fields = [np.concatenate([getattr(part, name) for part in parts]) for name in _SEGMENT_FIELDS]
    count = np.concatenate([np.diff(part.offsets) for part in parts])
    start, first, second, end, line, corner_start = fields
    return Curves(start, first, second, end, line, corner_start, offsets_of(count))


def _fit_all(points: Floats, offsets: Ints, closed: Bools, quality: Quality, hard: Bools, loose: bool) -> Curves:
    if quality.thin > 1:
        points, offsets, hard = thinned(points, offsets, closed, hard, quality.thin)
    chain = rows_of(offsets)
    bent = np.bincount(chain, weights=hard, minlength=len(closed)) > 0
    oval, ovals = ellipses(points, offsets, closed & ~bent, quality.tolerance)
    other = ~oval[chain]
    rest_offsets = offsets_of(np.diff(offsets)[~oval])
    rest = _fit(points[other], rest_offsets, closed[~oval], hard[other], quality, loose)
    if not oval.any():
        return rest
    # Chains in their old order: those of `rest` first in the pool, then four segments for each ellipse.
    pool = [np.concatenate([getattr(rest, name), getattr(ovals, name)]) for name in _SEGMENT_FIELDS]
    count, begin = np.empty(len(closed), np.int64), np.empty(len(closed), np.int64)
    count[oval], count[~oval] = 4, np.diff(rest.offsets)
    begin[oval], begin[~oval] = len(rest.line) + 4 * np.arange(oval.sum()), rest.offsets[:-1]
    bounds = offsets_of(count)
    pick = np.arange(bounds[-1]) + np.repeat(begin - bounds[:-1], count)
    start, first, second, end, line, corner_start = (field[pick] for field in pool)
    return Curves(start, first, second, end, line, corner_start, bounds)


_SEGMENT_FIELDS = ("start", "first", "second", "end", "line", "corner_start")


def _fit(points: Floats, offsets: Ints, closed: Bools, hard: Bools, quality: Quality, loose: bool) -> Curves:
    if not len(points):
        return quarters(np.empty((0, 2)), np.empty((0, 2)), np.empty((0, 2)))
    corner = find_corners(points, offsets, closed, quality, hard)
    layout, straight = _pieces(points, offsets, closed, corner, hard, quality, loose)
    segments = merge(layout, short_segments(layout, straight, quality), quality)
    return finish(layout, segments, quality, len(offsets) - 1)


def find_corners(points: Floats, offsets: Ints, closed: Bools, quality: Quality, hard: Bools) -> Bools:
    """Tell the samples where the border turns at once.

    Sharp corners show in straight lines through the few samples on either side, however close the next corner is; blunt
    ones in quadratics through more of them, continued to the corner, so that a small circle has none.
    """
    chain = rows_of(offsets)
    place = np.arange(len(points)) - offsets[chain]
    room = np.where(closed[chain], len(points), np.minimum(place, np.diff(offsets)[chain] - 1 - place))
    long_enough = np.diff(offsets)[chain] > np.where(closed[chain], 5, 2)
    corner = hard.copy()
    extension = Extension(offsets, closed, quality.reach)
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


def _bends(points: Floats, offsets: Ints, closed: Bools, corner: Bools, quality: Quality) -> Bools:
    """Corners that are only bends: one cubic follows the samples on both sides, as far as the next corners."""
    bends = np.zeros(len(points), bool)
    side = quality.reach + 2
    spots = np.flatnonzero(corner)
    chain = np.searchsorted(offsets, spots, "right") - 1
    extension = Extension(offsets, closed, side)
    room = np.full((2, len(spots)), side)
    for way, sign in enumerate((-1, 1)):
        for step in range(side, 0, -1):
            room[way, corner[extension.source[extension.at[spots] + sign * step]]] = step
    place = spots - offsets[chain]
    count = np.diff(offsets)[chain]
    back = np.where(closed[chain], np.minimum(room[0], (count - 1) // 2), np.minimum(room[0], place))
    ahead = np.where(closed[chain], np.minimum(room[1], (count - 1) // 2), np.minimum(room[1], count - 1 - place))
    fair = (back >= 3) & (ahead >= 3)
    spots, chain, back, ahead, place, count = (x[fair] for x in (spots, chain, back, ahead, place, count))
    if not len(spots):
        return bends
    size = back + ahead + 1
    bounds = offsets_of(size)
    window = np.repeat(np.arange(len(spots)), size)
    step = np.arange(bounds[-1]) - bounds[window] - back[window]
    source = offsets[chain][window] + (place[window] + step) % count[window]
    laid = points[source]
    none = np.zeros(len(spots), bool)
    layout = Layout(laid, np.ones(len(laid)), laid, np.zeros_like(laid), bounds, chain, none, laid[:0], chain[:0])
    a, b = bounds[:-1], bounds[1:] - 1
    ahead_of, behind = unit(laid[a + 2] - laid[a]), unit(laid[b] - laid[b - 2])
    fits = fit_segments(layout, a, b, ahead_of, behind, 6)
    # Around the end of a stroke no wider than the tolerance a cubic would fit, and leave nothing of it.
    back = (ahead_of * behind).sum(1) < BACK
    bends[spots[(fits.error <= BEND * quality.tolerance) & ~back]] = True
    return bends


BEND = 0.75
"""A corner is a bend if one cubic passes it within this share of the tolerance."""

BACK = -0.5
"""A border that turns by more than 120 degrees (the cosine) within a few samples has a corner there."""


def _turns(extension: Extension, extended: Floats, skip: int, reach: int, degree: int) -> Floats:
    """Angle between the tangents of the samples before and after each one, in radians."""
    slope = taps_of(skip, reach, degree)[1]
    ahead = extension.filtered(extended, skip, slope)
    behind = -extension.filtered(extended, -reach, slope[::-1])
    turns: Floats = rounded(np.abs(np.arctan2(cross(behind, ahead), (behind * ahead).sum(1))))
    return turns


@dataclass(frozen=True, eq=False)
class _Split:
    """Pieces from corner to corner: piece k is the samples `source[offsets[k]:offsets[k + 1]]`, corners included.

    A closed chain without corners is one piece, a `ring`.
    """

    source: Ints
    offsets: Ints
    chain: Ints
    ring: Bools


def _split(offsets: Ints, closed: Bools, corner: Bools) -> _Split:
    count = np.diff(offsets)
    chain = np.repeat(np.arange(len(closed)), count)
    spots = np.flatnonzero(corner)
    first = np.full(len(closed), -1, np.int64)
    first[chain[spots][::-1]] = (spots - offsets[chain[spots]])[::-1]  # the first corner of each chain
    turned = closed & (first >= 0)
    size = count + turned  # a closed chain starts at its first corner and repeats it at the end
    begin = offsets_of(size)
    owner = np.repeat(np.arange(len(closed)), size)
    place = np.arange(begin[-1]) - begin[owner]
    source = offsets[owner] + (place + np.where(turned, first, 0)[owner]) % count[owner]
    double = corner[source] & (place > 0) & (place < size[owner] - 1)  # ends one piece and starts the next
    copies = np.repeat(np.arange(len(source)), 1 + double)
    starts = np.zeros(len(copies), bool)
    starts[1:] = copies[1:] == copies[:-1]
    starts |= place[copies] == 0
    pieces = np.flatnonzero(starts)
    of = owner[copies[pieces]]
    return _Split(source[copies], np.append(pieces, len(copies)), of, closed[of] & (first[of] < 0))


def _pieces(
    points: Floats, offsets: Ints, closed: Bools, corner: Bools, hard: Bools, quality: Quality, loose: bool
) -> tuple[Layout, Runs]:
    """Cut chains at their corners, and move each corner to where the borders on its two sides meet."""
    cut = _split(offsets, closed, corner)
    place = points.copy()
    _place_corners(points, place, cut, corner & ~hard, closed, quality)

    count = np.diff(cut.offsets)
    size = np.where(cut.ring, 2 * count + 1, count)  # twice, so that a segment may pass the first sample
    laid_offsets = offsets_of(size)
    piece = np.repeat(np.arange(len(size)), size)
    index = np.arange(laid_offsets[-1]) - laid_offsets[piece]
    within = cut.offsets[piece] + index % count[piece]
    source = cut.source[within]

    n, ring = size[piece], cut.ring[piece]
    from_end = np.minimum(index, n - 1 - index)
    trusted = ring | (from_end > np.where(n > 2 * quality.blur + 3, quality.blur, 0))
    at_end = ~ring & (from_end == 0)
    straight = straight_runs(place[source], trusted.astype(float), laid_offsets, cut.ring, quality.line)
    movable = (corner & ~hard)[cut.source]
    _sharpen(place, cut, straight, laid_offsets, closed, movable, loose)
    laid = place[source]
    straight = withdrawn(straight, laid, laid_offsets, cut.ring, quality.line)
    smooth, tangent = _smoothed(place[cut.source], cut.offsets, cut.ring)
    smooth, tangent = smooth[within], tangent[within]
    smooth[at_end] = laid[at_end]
    spot = cut.source[cut.offsets[1:] - 1]
    follows, _ = _next_pieces(cut, closed)
    follows = np.where(movable[cut.offsets[1:] - 1] & ~cut.ring, follows, -1)
    layout = Layout(
        laid, trusted.astype(float), smooth, tangent, laid_offsets, cut.chain, cut.ring, points[spot], follows
    )
    _straighten(layout, straight)
    return layout, straight


def _sharpen(
    place: Floats, cut: _Split, straight: Runs, laid_offsets: Ints, closed: Bools, movable: Bools, loose: bool
) -> None:
    """Put corners where straight runs end on both sides to where these meet."""
    first, last = laid_offsets[:-1][straight.piece], laid_offsets[1:][straight.piece] - 1
    whole = ~cut.ring[straight.piece]
    ends = np.full(len(cut.chain), -1)
    starts = ends.copy()
    k = np.flatnonzero(whole & (straight.b == last))
    ends[straight.piece[k]] = k
    k = np.flatnonzero(whole & (straight.a == first))
    starts[straight.piece[k]] = k
    last_one = np.append(cut.chain[1:] != cut.chain[:-1], True)
    begins = np.flatnonzero(np.append(True, cut.chain[1:] != cut.chain[:-1]))
    follows = np.arange(len(cut.chain)) + 1
    follows[last_one] = begins
    spot = cut.offsets[1:] - 1
    real = (ends >= 0) & (starts[follows] >= 0) & (~last_one | closed[cut.chain]) & movable[spot]
    k = np.flatnonzero(real)
    one, other = ends[k], starts[follows[k]]
    d, e = straight.along[one], straight.along[other]
    sine = cross(d, e)
    clear = np.abs(sine) > 0.1
    way = cross(straight.middle[other] - straight.middle[one], e) / np.where(clear, sine, 1)
    meet = straight.middle[one] + way[:, None] * d
    here = cut.source[spot[k]]
    near = clear & (np.linalg.norm(meet - place[here], axis=1) < FARTHEST)
    place[here[near]] = meet[near]
    k = np.flatnonzero(((ends >= 0) ^ (starts[follows] >= 0)) & (~last_one | closed[cut.chain]) & movable[spot])
    _onto(place, straight, np.where(ends[k] >= 0, ends[k], starts[follows[k]]), cut.source[spot[k]])
    if loose:
        k = np.flatnonzero((ends >= 0) & last_one & ~closed[cut.chain])
        _onto(place, straight, ends[k], cut.source[spot[k]])
        k = begins[(starts[begins] >= 0) & ~closed[cut.chain[begins]]]
        _onto(place, straight, starts[k], cut.source[cut.offsets[:-1][k]])


def _onto(place: Floats, straight: Runs, run: Ints, here: Ints) -> None:
    """Put samples that end one run alone on its line, in place, if they are near."""
    normal = np.column_stack([-straight.along[run, 1], straight.along[run, 0]])
    off = ((place[here] - straight.middle[run]) * normal).sum(1)
    near = np.abs(off) < ALONE
    place[here[near]] -= (off[:, None] * normal)[near]


FARTHEST, GUESSED = 1.6, 0.75
"""The farthest that a corner moves, in pixels; and if the direction of one of its sides is not known."""

ALONE = 0.5
"""A corner no farther than this from the line of a run that ends there is put on it, in pixels."""


def _next_pieces(cut: _Split, closed: Bools) -> tuple[Ints, Bools]:
    """The piece after each one, -1 at the end of an open chain; and which are the last of their chain."""
    last = np.append(cut.chain[1:] != cut.chain[:-1], True)
    begins = np.flatnonzero(np.append(True, cut.chain[1:] != cut.chain[:-1]))
    follows = np.arange(len(cut.chain)) + 1
    follows[last] = np.where(closed[cut.chain[last]], begins, -1)
    return follows, last


def _straighten(layout: Layout, straight: Runs) -> None:
    """Put the smoothed samples of straight runs on their lines, in place."""
    size = straight.b - straight.a + 1
    begin = np.cumsum(size) - size
    index = np.arange(int(size.sum())) + np.repeat(straight.a - begin, size)
    first, last = layout.offsets[:-1][straight.piece], layout.offsets[1:][straight.piece] - 1
    open_ = ~layout.ring[straight.piece]
    ends = []
    for end, fixed in ((straight.a, open_ & (straight.a == first)), (straight.b, open_ & (straight.b == last))):
        foot = ((layout.points[end] - straight.middle) * straight.along).sum(1)
        on = straight.middle + foot[:, None] * straight.along
        ends.append(np.where(fixed[:, None], layout.smooth[end], on))
    start, way = ends[0], unit(ends[1] - ends[0])
    along, origin = np.repeat(way, size, axis=0), np.repeat(start, size, axis=0)
    foot = ((layout.points[index] - origin) * along).sum(1)
    middle = origin + foot[:, None] * along
    middle[begin], middle[begin + size - 1] = ends
    period = np.where(layout.ring, np.diff(layout.offsets) // 2, 0)[np.repeat(straight.piece, size)]
    for shift in (0, period):  # both copies of a ring
        inside = index + shift < np.repeat(last + 1, size)
        layout.smooth[(index + shift)[inside]] = middle[inside]
        layout.tangent[(index + shift)[inside]] = along[inside]
    inside = (period > 0) & (index - period >= np.repeat(first, size))
    layout.smooth[(index - period)[inside]] = middle[inside]
    layout.tangent[(index - period)[inside]] = along[inside]


def _place_corners(points: Floats, place: Floats, cut: _Split, movable: Bools, closed: Bools, quality: Quality) -> None:
    """Put each corner where the tangents of the pieces that end and start there meet."""
    count = np.diff(cut.offsets)
    after, ahead = _end_tangents(points, cut, count, quality, 1)
    before, behind = _end_tangents(points, cut, count, quality, -1)
    follows = np.arange(len(count)) + 1
    last = np.append(cut.chain[1:] != cut.chain[:-1], True)
    begins = np.flatnonzero(np.append(True, cut.chain[1:] != cut.chain[:-1]))
    follows[last] = begins
    spot = cut.source[cut.offsets[1:] - 1]
    real = (~last | closed[cut.chain]) & ~cut.ring & movable[spot]
    k = np.flatnonzero(real)
    here, p, d, q, e = spot[k], before[k], behind[k], after[follows[k]], ahead[follows[k]]
    # A piece too short to have a direction stands square on its neighbor.
    guessed = np.isnan(e[:, 0]) | np.isnan(d[:, 0])
    unknown = np.isnan(e[:, 0])
    e[unknown] = np.column_stack([-d[unknown, 1], d[unknown, 0]])
    unknown = np.isnan(d[:, 0])
    d[unknown] = np.column_stack([-e[unknown, 1], e[unknown, 0]])
    lost = np.isnan(d[:, 0])
    sine = cross(d, e)
    flat = np.abs(sine) < 0.1
    meet = p + (cross(q - p, e) / np.where(flat, 1, sine))[:, None] * d
    away = flat | lost | (np.linalg.norm(meet - points[here], axis=1) > np.where(guessed, GUESSED, FARTHEST))
    meet[away] = points[here][away]
    place[here] = meet


def _end_tangents(points: Floats, cut: _Split, count: Ints, quality: Quality, way: int) -> tuple[Floats, Floats]:
    """Point and direction, both in walking order, of each piece at its start (way 1) or its end (way -1)."""
    end = cut.offsets[:-1] if way == 1 else cut.offsets[1:] - 1
    value, direction = np.full((len(count), 2), np.nan), np.full((len(count), 2), np.nan)
    skip = np.where(count > 2 * quality.blur + 3, quality.blur, 0)
    usable = np.minimum(count - 2 * skip - 1, quality.reach)
    usable = np.maximum(np.minimum(usable, count - 2), 0)
    for n in range(1, quality.reach + 1):
        for s in distinct(skip):
            chosen = np.flatnonzero((usable == n) & (skip == s))
            if not len(chosen):
                continue
            low, high = int(s) + 1, int(s) + n
            taps, slope = taps_of(low, high, min(quality.degree if n >= 5 else 1, n - 1))
            window = points[cut.source[end[chosen][:, None] + way * np.arange(low, high + 1)]]
            value[chosen] = (taps[:, None] * window).sum(1)
            if n > 1:
                direction[chosen] = unit(way * (slope[:, None] * window).sum(1))
    return value, direction


def _smoothed(points: Floats, offsets: Ints, ring: Bools) -> tuple[Floats, Floats]:
    """Places and unit tangents by quadratics through seven samples."""
    extension = Extension(offsets, ring, 3)
    extended = extension.of(points)
    value, slope = taps_of(-3, 3, 2)
    return extension.filtered(extended, -3, value), unit(extension.filtered(extended, -3, slope))
