"""No line is drawn twice: where segments lie on each other, one of them stays.

Segments with the same ends are found by sorting. Of others that lie on each other for some length, both cross the
same lines of a fixed grid at the same places: these crossings are sorted too, and neighbors among them compared. What
lies on one straight line is laid out along it, and of each segment only what reaches beyond those before it is kept.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from artkit.arrays import Bools, Floats, Ints, counted, offsets_of, ranges
from artkit.pens.lines import Lines
from artkit.spans import spanned

SPACING = 0.25
"""Millimetres between the lines of the grid: what lies on each other for less than that is found by its ends alone."""

CROSSINGS = 4_000_000
"""Crossings to sort at most, about: longer drawings get a wider grid."""

ROUNDS = 6
"""Segments that follow each other around a bend, doubled, take more than one round."""

LEAN = 0.02
"""Of two short segments that run side by side by chance, how much one may lean to pass for the other's double."""

ROUNDING = 3e-3
"""Millimetres that doubles may be apart however short they are: files round."""

BRIDGE = 6.0
"""Millimetres that a pen may draw twice rather than be lifted: half of what it draws in the time that takes."""

BRIDGES = 5e-4
"""The greatest part of a drawing's length to be drawn twice for that."""

STEP = 1e-3
"""Millimetres within which ends are the same."""


@spanned("dedupe lines")
def without_doubles(lines: Lines, tolerance: float = 0.02, *, bridge: bool = True) -> Lines:
    """Drop what lies within `tolerance` mm of a segment that is drawn already, parts of segments too.

    Lines are cut where parts of them go. Segments without length go as well, unless a line is nothing else: it is a
    dot. With `bridge` a few short doubles stay, where the pen would have to be lifted for them: see `BRIDGES`.
    """
    if not len(lines):
        return lines
    parts = Parts.of(lines)
    parts = parts.kept(_distinct(parts))
    for _ in range(ROUNDS):
        pairs = _overlapping(parts, tolerance)
        if not len(pairs):
            break
        parts = _cut(parts, pairs, tolerance)
    return (_bridged(parts, lines) if bridge else parts).lines(lines)


class Parts(NamedTuple):
    """Parts of segments, in order: `number` of the segment, and from where to where it is left, (M, 2) each."""

    number: Ints
    begin: Floats
    end: Floats

    @classmethod
    def of(cls, lines: Lines) -> Parts:
        """Take all segments that have a length."""
        first = lines.segments
        begin, end = lines.points[first], lines.points[first + 1]
        moved = (begin != end).any(axis=1)
        return cls(first[moved], begin[moved], end[moved])

    def kept(self, which: Bools) -> Parts:
        """Give some of the parts."""
        return self if which.all() else Parts(self.number[which], self.begin[which], self.end[which])

    def lines(self, source: Lines) -> Lines:
        """Put parts that still follow each other together again, and add the lines that are dots."""
        whole = len(self.number) == len(source.segments) and (self.begin == source.points[self.number]).all()
        if whole and (self.end == source.points[self.number + 1]).all():
            return source
        follows = np.zeros(len(self.number), bool)
        line = source.line_of[self.number]
        follows[1:] = (line[1:] == line[:-1]) & (self.begin[1:] == self.end[:-1]).all(axis=1)
        heads = np.flatnonzero(~follows)
        counts = np.diff(np.append(heads, len(follows)))
        offsets = offsets_of(counts + 1)
        points = np.empty((offsets[-1], 2))
        place = np.arange(len(follows)) + np.repeat(np.arange(len(heads)), counts)
        points[place] = self.begin
        points[offsets[1:] - 1] = self.end[heads + counts - 1]
        dots = np.ones(len(source), bool)
        first = source.segments
        moved = (source.points[first] != source.points[first + 1]).any(axis=1)
        dots[source.line_of[first[moved]]] = False
        drawn = Lines(points, offsets)
        return Lines.joined([drawn, _once(source.take(dots))]) if dots.any() else drawn


def _once(dots: Lines) -> Lines:
    _, first = np.unique(_numbers(dots.starts), return_index=True)
    places = np.repeat(dots.starts[np.sort(first)], 2, axis=0)
    return Lines(places, np.arange(0, len(places) + 1, 2))


def _numbers(points: Floats) -> Ints:
    """Number places so that the same place has the same number."""
    # A crooked origin: coordinates are often multiples of the step, and rounding would tear equal ones apart.
    x, y = np.floor(points.T / STEP + 0.3819660113).astype(np.int64)
    numbers: Ints = (x << 32) + y
    return numbers


def _distinct(parts: Parts) -> Bools:
    """Tell the first of all segments with the same two ends."""
    a, b = _numbers(parts.begin), _numbers(parts.end)
    low, high = np.minimum(a, b), np.maximum(a, b)
    order = np.lexsort((high, low))
    same = np.zeros(len(order), bool)
    same[1:] = (low[order][1:] == low[order][:-1]) & (high[order][1:] == high[order][:-1])
    distinct = np.ones(len(order), bool)
    distinct[order[same]] = False  # the sort is stable: the first of them comes first
    return distinct


def _overlapping(parts: Parts, tolerance: float) -> Ints:
    """Give pairs of parts, (P, 2), that lie on each other for more than twice the tolerance."""
    step = parts.end - parts.begin
    length = np.hypot(*step.T)
    spacing = max(SPACING, float(length.sum()) / CROSSINGS)
    flat = np.abs(step[:, 0]) >= np.abs(step[:, 1])
    found = []
    for which, (along, across) in ((flat, (0, 1)), (~flat, (1, 0))):
        index = np.flatnonzero(which)
        p, d = parts.begin[index], step[index]
        ends = np.sort([p[:, along], p[:, along] + d[:, along]], axis=0) / spacing
        first, last = np.ceil(ends[0]).astype(np.int64), np.floor(ends[1]).astype(np.int64)
        counts = np.maximum(last - first + 1, 0)
        segment, place = counted(counts)
        column = first[segment] + place
        slope = d[:, across] / np.where(d[:, along] == 0, 1, d[:, along])
        place = p[:, across][segment] + (column * spacing - p[:, along][segment]) * slope[segment]
        if not len(place):
            continue
        order = np.argsort((column - column.min()) * (np.ptp(place) + 1.0) + (place - place.min()), kind="stable")
        segment, column, place, rate = segment[order], column[order], place[order], slope[segment[order]]
        for lag in range(1, 4):
            near = np.flatnonzero(
                (place[lag:] - place[:-lag] <= 1.5 * tolerance)
                & (column[lag:] == column[:-lag])
                & (np.abs(rate[lag:] - rate[:-lag]) * spacing <= 2 * tolerance + 1e-9)
            )
            if not len(near):
                break
            found.append(np.column_stack([index[segment[near]], index[segment[near + lag]]]))
    # Diagonals may count as flat or as steep by a hair: they cross both kinds of lines, and are compared by direction.
    if not found:
        return np.empty((0, 2), np.int64)
    pairs = np.concatenate(found)
    long = length[pairs[:, 0]] >= length[pairs[:, 1]]
    pairs = np.where(long[:, None], pairs, pairs[:, ::-1])
    code = np.unique(pairs[:, 0] * len(length) + pairs[:, 1])
    pairs = np.column_stack(np.divmod(code, len(length)))
    pairs = pairs[_in_line(parts, pairs[:, 0], pairs[:, 1], tolerance)]
    t = _along(parts, pairs[:, 0], pairs[:, 1])
    shared = np.minimum(t.max(axis=0), length[pairs[:, 0]]) - np.maximum(t.min(axis=0), 0)
    result: Ints = pairs[shared > 2 * tolerance]
    return result


def _in_line(parts: Parts, base: Ints, other: Ints, tolerance: float) -> Bools:
    """Tell whether both ends of the other part are within the tolerance of the straight line through the base."""
    step = parts.end[base] - parts.begin[base]
    length = np.hypot(*step.T)
    gaps = []
    for end in (parts.begin, parts.end):
        d = end[other] - parts.begin[base]
        gaps.append(np.abs(step[:, 0] * d[:, 1] - step[:, 1] * d[:, 0]) / length)
    short = np.hypot(*(parts.end[other] - parts.begin[other]).T)
    result: Bools = np.maximum(*gaps) <= np.clip(LEAN * short, min(ROUNDING, tolerance), tolerance)
    return result


def _along(parts: Parts, base: Ints, other: Ints) -> Floats:
    """Give where the other part begins and ends, (2, P), in mm along the base from its beginning."""
    step = parts.end[base] - parts.begin[base]
    step /= np.hypot(*step.T)[:, None]
    return np.stack([((end[other] - parts.begin[base]) * step).sum(axis=1) for end in (parts.begin, parts.end)])


def _cut(parts: Parts, pairs: Ints, tolerance: float) -> Parts:
    """Keep of the parts in each straight line what reaches beyond those before it."""
    count = len(parts.number)
    graph = coo_array((np.ones(len(pairs), np.int8), tuple(pairs.T)), shape=(count, count))
    _, group = connected_components(graph, directed=False)
    member = np.unique(pairs)
    length = np.hypot(*(parts.end[member] - parts.begin[member]).T)
    order = np.lexsort((-length, group[member]))
    first = order[np.flatnonzero(np.diff(group[member][order], prepend=-1))]
    base = np.empty(group.max() + 1, np.int64)
    base[group[member[first]]] = member[first]
    member = member[_in_line(parts, base[group[member]], member, tolerance)]
    t = _along(parts, base[group[member]], member)
    low, high = t.min(axis=0), t.max(axis=0)

    order = np.lexsort((-high, low, group[member]))
    member, t, low, high = member[order], t[:, order], low[order], high[order]
    run = np.cumsum(np.diff(group[member], prepend=-1) != 0).astype(float)
    shift = run * (high.max(initial=0) - low.min(initial=0) + 1)
    reached = np.maximum.accumulate(high + shift) - shift
    before = np.concatenate([[-np.inf], reached[:-1]])
    before[np.flatnonzero(np.diff(run, prepend=0))] = -np.inf
    gone = high - before <= tolerance
    trimmed = ~gone & (before - low > tolerance)

    begin, end = parts.begin.copy(), parts.end.copy()
    which = np.flatnonzero(trimmed)
    share = ((before[which] - low[which]) / (high[which] - low[which]))[:, None]
    forward = (t[0] <= t[1])[which]
    ahead, back = which[forward], which[~forward]
    a, b = member[ahead], member[back]
    begin[a] += (parts.end[a] - parts.begin[a]) * share[forward]
    end[b] += (parts.begin[b] - parts.end[b]) * share[~forward]
    keep = np.ones(count, bool)
    keep[member[gone]] = False
    return Parts(parts.number, begin, end).kept(keep)


def _bridged(parts: Parts, source: Lines) -> Parts:
    """Put back short doubles that have left their line in two pieces, whose ends are nothing else's.

    Where lines run together by chance for a millimetre, lifting the pen costs more than drawing it twice.
    """
    line = source.line_of[parts.number]
    before = np.flatnonzero((line[1:] == line[:-1]) & (parts.end[:-1] != parts.begin[1:]).any(axis=1))
    if not len(before):
        return parts
    after = before + 1
    first, last = parts.number[before] + 1, parts.number[after]
    way = np.append(0.0, np.cumsum(np.hypot(*np.diff(source.points, axis=0).T)))
    gap = way[last] - way[first] + np.hypot(*(source.points[first] - parts.end[before]).T)
    gap += np.hypot(*(source.points[last] - parts.begin[after]).T)

    drawn = parts.lines(source)
    places, number = np.unique(_numbers(drawn.points), return_inverse=True)
    weight = np.full(len(number), 2)
    weight[drawn.offsets[:-1]] = weight[drawn.offsets[1:] - 1] = 1
    odd = np.bincount(number, weight).astype(np.int64) % 2 == 1
    loose = [odd[np.searchsorted(places, _numbers(ends))] for ends in (parts.end[before], parts.begin[after])]
    some = np.flatnonzero(loose[0] & loose[1] & (gap <= BRIDGE))
    some = some[np.argsort(gap[some], kind="stable")]
    some = np.sort(some[np.cumsum(gap[some]) <= BRIDGES * drawn.length])
    if not len(some):
        return parts

    before, after, first, last = before[some], after[some], first[some], last[some]
    whole = ranges(first, last - first)
    back = Parts(
        np.concatenate([parts.number, first - 1, whole, last]),
        np.concatenate([parts.begin, parts.end[before], source.points[whole], source.points[last]]),
        np.concatenate([parts.end, source.points[first], source.points[whole + 1], parts.begin[after]]),
    )
    back = back.kept((back.begin != back.end).any(axis=1))
    place = np.hypot(*(back.begin - source.points[back.number]).T)
    order = np.lexsort((place, back.number))
    return Parts(back.number[order], back.begin[order], back.end[order])
