"""Where three faces meet, a pixel is a mixture of three colors, and its samples tell little of the border of two.

They go where the samples farther from the junction lead.
"""

from __future__ import annotations

import numpy as np

from artkit.arrays import Bools, Floats, Ints, offsets_of, rows_of
from artkit.planar.map import PlanarMap, arc_of
from artkit.planar.segments import taps_of
from artkit.planar.zorder import VisibleChains

LEAD, ASTRAY = 7, 0.8
"""So many samples lead to the end of a chain; farther away than this, in pixels, the border has a corner there."""

BESIDE, EVEN = 4, 0.08
"""So many samples on either side of a junction tell whether a border goes on evenly: as near as this to a parabola."""


def continue_ends(points: Floats, offsets: Ints, closed: Bools, hard: Bools) -> None:
    """Put the last two samples of open chains, in place, to where those before them lead.

    Where three faces meet, a pixel is a mixture of three colors, which tells little of the border of two.
    """
    count = np.diff(offsets)
    corners = np.concatenate([[0], np.cumsum(hard)])
    for way, end in ((1, offsets[:-1]), (-1, offsets[1:] - 1)):
        far = end + way * (LEAD + 1)
        k = np.flatnonzero(~closed & (count >= 2 * LEAD + 4))
        low, high = np.minimum(end[k], far[k]), np.maximum(end[k], far[k])
        k = k[corners[high + 1] == corners[low]]
        for step in (1, 0):
            taps = taps_of(2 - step, LEAD + 1 - step, 2)[0]
            window = points[end[k][:, None] + way * np.arange(2, LEAD + 2)]
            led = (taps[:, None] * window).sum(1)
            here = end[k] + way * step
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
    chain = np.searchsorted(offsets, spots, "right") - 1
    count = np.diff(offsets)[chain]
    place = spots - offsets[chain]
    fair = count >= 4 * BESIDE
    fair &= visible.closed[chain] | ((place > BESIDE) & (place < count - 1 - BESIDE))
    chain, count, place = chain[fair], count[fair], place[fair]
    step = np.arange(-BESIDE - 1, BESIDE + 1)
    near = (step == -1) | (step == 0)
    index = offsets[chain][:, None] + (place[:, None] + step) % count[:, None]
    window = points[index]
    at = np.vander(step + 0.5, 3)
    onto = at @ np.linalg.pinv(at[~near])
    course = np.einsum("ij,kjc->kic", onto, window[:, ~near])
    off = np.linalg.norm(course - window, axis=2)
    even = (off[:, ~near].max(1) <= EVEN) & (off[:, near].max(1) <= ASTRAY) & ~edge[index].any(1)
    points[index[even][:, near]] = course[even][:, near]
