"""Where three faces meet, a pixel is a mixture of three colors, and its samples tell little of the border of two.

They go where the samples farther from the junction lead.
"""

from __future__ import annotations

import numpy as np

from artkit.algebra import product, pseudo_inverse
from artkit.arrays import Bools, Floats, Ints, offsets_of, rows_of
from artkit.planar.map import PlanarMap, arc_of
from artkit.planar.segments import taps_of
from artkit.planar.zorder import VisibleChains

LEAD, ASTRAY = 7, 0.8
"""So many samples lead to the end of a chain; farther away than this, in pixels, the border has a corner there."""

BESIDE, CLOSE, EVEN = 4, 2, 0.08
"""So many samples on either side of a junction tell whether a border goes on evenly, as near as this to a parabola; or
the fewer, to a line."""


def continue_ends(points: Floats, offsets: Ints, closed: Bools, hard: Bools) -> None:
    """Put the last two samples of open chains, in place, to where those before them lead."""
    corners = np.concatenate([[0], np.cumsum(hard)])
    for way, end in ((1, offsets[:-1]), (-1, offsets[1:] - 1)):
        k = np.flatnonzero(~closed & (np.diff(offsets) >= 2 * LEAD + 4))
        far = end[k] + way * (LEAD + 1)
        low, high = np.minimum(end[k], far), np.maximum(end[k], far)
        k = k[corners[high + 1] == corners[low]]
        _continue(points, end[k][:, None] + way * np.arange(LEAD + 2))


def meet_edge(
    points: Floats, offsets: Ints, closed: Bools, inner: Ints, way: Ints, edge: Bools, tip: Floats, upright: Bools
) -> Floats:
    """Where borders meet the edge of the sheet, (K, 2); moves their last two samples, in place, to where they lead.

    A border comes from sample `inner` (K,) of a chain, its others lie forwards or backwards (`way` 1 or -1). It meets
    the edge, `upright` or level, near `tip` (K, 2). `edge` tells the samples on the edge, (N,).
    """
    chain = np.searchsorted(offsets, inner, "right") - 1
    count, low = np.diff(offsets)[chain], offsets[:-1][chain]
    place = (inner - low)[:, None] + way[:, None] * np.arange(LEAD + 2)
    index = low[:, None] + place % np.maximum(count, 1)[:, None]
    fair = (count > 2 * LEAD + 4) & ~edge[index].any(1)
    fair &= closed[chain] | ((place[:, -1] >= 0) & (place[:, -1] < count))
    _continue(points, index[fair])
    first = points[inner]
    step = first - points[index[:, 3]]
    across, along = np.where(upright, step[:, 0], step[:, 1]), np.where(upright, step[:, 1], step[:, 0])
    steep = np.abs(across) < 0.5
    slope = np.where(fair & ~steep, along / np.where(steep, 1, across), 0)
    left = np.where(upright, tip[:, 0] - first[:, 0], tip[:, 1] - first[:, 1])
    shift = slope * left
    x = np.where(upright, tip[:, 0], first[:, 0] + shift)
    y = np.where(upright, first[:, 1] + shift, tip[:, 1])
    return np.column_stack([x, y])


def _continue(points: Floats, index: Ints) -> None:
    """Put the first two samples of each row of `index` (K, LEAD + 2), in place, to where the others lead."""
    window = points[index[:, 2:]]
    for step in (1, 0):
        taps = taps_of(2 - step, LEAD + 1 - step, 2)[0]
        led = product(taps, window)
        here = index[:, step]
        near = np.linalg.norm(led - points[here], axis=1) < ASTRAY
        points[here[near]] = led[near]


def pass_nodes(planar: PlanarMap, visible: VisibleChains, points: Floats, offsets: Ints, edge: Bools) -> None:
    """Put the samples on either side of a junction that a border goes through evenly, in place, to its course.

    `edge` tells the samples on the edge of the sheet, which stay.
    """
    sizes = np.diff(planar.offsets)[arc_of(visible.items)]
    chain = rows_of(visible.offsets)
    begin = offsets_of(sizes)[:-1]
    first = np.append(True, chain[1:] != chain[:-1])
    spots = begin[~first | visible.closed[chain]]
    for beside, degree in ((BESIDE, 2), (CLOSE, 1)):
        spots = spots[~_pass(points, offsets, visible.closed, spots, edge, beside, degree)]


def _pass(points: Floats, offsets: Ints, closed: Bools, spots: Ints, edge: Bools, beside: int, degree: int) -> Bools:
    """Which borders go evenly through the junctions before samples `spots`, moved in place to their course there."""
    chain = np.searchsorted(offsets, spots, "right") - 1
    count = np.diff(offsets)[chain]
    place = spots - offsets[chain]
    step = np.arange(-beside - 1, beside + 1)
    near = (step == -1) | (step == 0)
    index = offsets[chain][:, None] + (place[:, None] + step) % count[:, None]
    window = points[index]
    at = np.vander(step + 0.5, degree + 1)
    onto = product(at, pseudo_inverse(at[~near]))
    course = product(onto, window[:, ~near])
    off = np.linalg.norm(course - window, axis=2)
    even: Bools = (off[:, ~near].max(1) <= EVEN) & (off[:, near].max(1) <= ASTRAY) & ~edge[index].any(1)
    even &= (count >= 4 * beside) & (closed[chain] | ((place > beside) & (place < count - 1 - beside)))
    points[index[even][:, near]] = course[even][:, near]
    return even
