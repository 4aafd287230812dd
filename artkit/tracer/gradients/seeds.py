"""Seeds of cells: what is calm, cut where it is narrow beside how wide it is to either side.

Two cells whose colors are alike for a few pixels of their edge hang together there. Such a neck is narrow, so the calm
is numbered from its widest parts down, and each part is a seed of its own; what belongs together is united later, when
it is known how much of their border is an edge (`joins.py`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Ints
from artkit.raster.masks import spread

NARROWEST = 2
"""How deep what is numbered at last lies within the calm, in pixels, diagonals counted as one."""


def seeds(calm: Bools) -> tuple[NDArray[np.int32], int]:
    """Number the parts of what is calm (H, W), -1 where there is none, and give their number."""
    import cv2

    # The sheet's edge is no end of what is calm.
    wide = np.pad(calm.view(np.uint8), 1, mode="edge")
    depth = np.asarray(cv2.distanceTransform(wide, cv2.DIST_C, 3))[1:-1, 1:-1]
    label = np.zeros(calm.shape, np.int32)
    count = 0
    level = NARROWEST
    while level * 2 <= depth.max(initial=0):
        level *= 2
    while level >= NARROWEST:
        number, part = cv2.connectedComponents((depth >= level).view(np.uint8), connectivity=4)
        label, count = _named(part.astype(np.int64), number, label, count)
        level //= 2
    return label - 1, count


def _named(part: Ints, number: int, label: NDArray[np.int32], count: int) -> tuple[NDArray[np.int32], int]:
    """Give parts (H, W), 0 for none, the label that lies in each, a new one where none does; cut those of several."""
    inside = label > 0
    pairs = np.unique(part[inside] * (count + 1) + label[inside])
    owner, inner = np.divmod(pairs, count + 1)
    names = np.zeros(number, np.int32)
    names[owner] = inner
    amount = np.bincount(owner, minlength=number)
    new = np.flatnonzero(amount[1:] == 0) + 1
    names[new] = count + 1 + np.arange(len(new))
    grown = np.where(part > 0, names[part], 0).astype(np.int32)
    for several in np.flatnonzero(amount > 1).tolist():
        y, x = np.nonzero(part == several)
        box = np.s_[y.min() : y.max() + 1, x.min() : x.max() + 1]
        own = np.where(part[box] == several, label[box], 0)
        own = own.astype(np.int32)
        grown[box] = np.where(part[box] == several, spread(own, own > 0)[0], grown[box])
    return grown, count + len(new)
