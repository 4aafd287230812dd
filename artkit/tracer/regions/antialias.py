"""Whether edges are antialiased, told where they turn: along rows and columns of pixels they may be exact anyway."""

from __future__ import annotations

import numpy as np

from artkit.arrays import Bools, Floats
from artkit.planar.map import OUTSIDE, PlanarMap

NEAR = 6
"""How many cracks on either side tell whether an edge is antialiased."""


SHARE, MANY = 0.2, 0.4
"""Where more borders pass through mixed pixels, there is antialiasing; where they turn, one counts so much."""


def antialiased(planar: PlanarMap, offset: Floats) -> tuple[Bools, bool]:
    """Tell the cracks where mixed pixels close by say where the border runs, and whether most do where it turns.

    Along the rows and columns of pixels an edge may be exact without any mixed pixel, so that is no sign of stairs.
    """
    mixed = np.abs(offset) > 0.02
    inner = ((planar.left != OUTSIDE) & (planar.right != OUTSIDE))[planar.arc_of]
    arc = planar.arc_of
    level = planar.direction % 2
    turn = np.append(False, (level[1:] != level[:-1]) & (arc[1:] == arc[:-1]))
    turn[:-1] |= turn[1:]
    told = _spread(mixed, planar)
    if not inner.any():
        return told, True
    share = mixed[inner].mean()
    if (near := turn & inner).any():
        share = max(share, MANY * mixed[near].mean())
    return told, bool(share > SHARE)


def _spread(flags: Bools, planar: PlanarMap) -> Bools:
    """Let flags reach NEAR cracks along their arcs."""
    place = np.arange(len(flags))
    first, last = planar.offsets[:-1][planar.arc_of], planar.offsets[1:][planar.arc_of] - 1
    number = np.concatenate([[0], np.cumsum(flags)])
    low, high = np.maximum(place - NEAR, first), np.minimum(place + NEAR, last)
    found = number[high + 1] - number[low]
    around = planar.closed[planar.arc_of]
    size = last - first + 1
    beyond = around & (place - NEAR < first)
    found += np.where(beyond, number[last + 1] - number[np.clip(place - NEAR + size, first, last + 1)], 0)
    beyond = around & (place + NEAR > last)
    found += np.where(beyond, number[np.clip(place + NEAR - size, first - 1, last) + 1] - number[first], 0)
    reached: Bools = found > 0
    return reached
