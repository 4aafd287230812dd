"""Hatch lines joined at their ends, there and back without a lift, where the way between stays inside their region."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from artkit.arrays import Bools, Floats, Ints, offsets_of
from artkit.pens.lines import Lines

REACH = 2.5
"""Pen widths from one end to the next that are drawn at most: lines further apart stay lines to the eye."""

BESIDE = 4
"""Ends that each is joined to one of, at most: those of the lines on both sides, and a few for chance."""


def there_and_back(
    line: Ints, begin: Floats, end: Floats, reach: float, is_clear: Callable[[Ints, Ints, Floats, Floats], Bools]
) -> Lines:
    """Give hatch lines, from `begin` to `end` (N, 2) each, joined at ends that are no further apart than `reach`.

    Lines come in the order of the sheet, `line` tells which of its parallels each is on. `is_clear` is asked of ways
    between lines, by their indices and the places (M, 2) from where to where: whether a pen may go there.
    """
    count = len(line)
    flip = line % 2 == 1  # there and back, as a hand would
    link = np.full(2 * count, -1, np.int64)
    if count > 1 and reach > 0:
        ends = np.stack([begin, end], axis=1).reshape(-1, 2)
        one, other = _close(ends, line, reach)
        clear = is_clear(one // 2, other // 2, ends[one], ends[other])
        _link(one[clear], other[clear], link)
    which, heads = _followed(link, flip)
    first, last = which, which ^ 1
    both = np.stack([begin, end], axis=1).reshape(-1, 2)
    points = np.stack([both[first], both[last]], axis=1).reshape(-1, 2)
    return Lines(points, offsets_of(2 * np.diff(np.append(heads, len(which)))))


def _close(ends: Floats, line: Ints, reach: float) -> tuple[Ints, Ints]:
    """Give pairs of ends of lines that are beside each other: neighbors first, in the order of the lines."""
    from scipy.spatial import cKDTree

    away, near = cKDTree(ends).query(ends, k=min(2 * BESIDE, len(ends)), distance_upper_bound=reach)
    one, column = np.nonzero(np.isfinite(away) & (near != np.arange(len(ends))[:, None]))
    other, away = near[one, column], away[one, column]
    forward = line[one // 2] < line[other // 2]
    one, other, away = one[forward], other[forward], away[forward]
    between = line[other // 2] - line[one // 2]
    order = np.lexsort((other, one, np.round(away, 6), line[one // 2], between))
    return one[order], other[order]


def _link(one: Ints, other: Ints, link: Ints) -> None:
    """Join ends pair by pair, each once, and never the two ends of what is joined already."""
    mate = np.arange(len(link)) ^ 1  # of the free end of a chain, the end at its other side
    mates, links = mate.tolist(), link.tolist()
    for a, b in zip(one.tolist(), other.tolist(), strict=True):
        if links[a] < 0 and links[b] < 0 and mates[a] != b:
            links[a], links[b] = b, a
            far, back = mates[a], mates[b]
            mates[far], mates[back] = back, far
    link[:] = links


def _followed(link: Ints, flip: Bools) -> tuple[Ints, Ints]:
    """Give the ends at which lines are entered, chain by chain, and where in these each chain begins."""
    links = link.tolist()
    done = bytearray(len(flip))
    which: list[int] = []
    heads: list[int] = []
    for number, backwards in enumerate(flip.tolist()):
        if done[number]:
            continue
        end = 2 * number + backwards
        while links[end] >= 0:  # to the free end of the chain
            end = links[end] ^ 1
        heads.append(len(which))
        while end >= 0:
            which.append(end)
            done[end // 2] = 1
            end = links[end ^ 1]
    return np.array(which, np.int64), np.array(heads, np.int64)
