"""Pictures on a grid of things that come in given colors: cells in, the number of a color for each out.

Colors are compared in OKLab, as whole numbers, so that equal pictures give equal patterns everywhere. Of a long list
those colors are dropped that are missed the least, until there are as few as wanted. Single cells that differ little
from those around them are given to these, as in iterated conditional modes (Besag 1986): they are slow to make, and not
seen from afar.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Pixels
from artkit.color.palette import Palette
from artkit.color.spaces import srgb_to_oklab

BARE = -1
"""Cells that nothing is on."""

UNIT = 1000
"""What 1 is in OKLab, in whole numbers."""

ROUNDS = 4
"""Rounds in which cells take the color of those around them."""

VIVID = 250
"""Chroma, in `UNIT`, at which a color counts twice, so that a few cells of one that is seen are kept beside grays."""

TINT = 1.5
"""How many times as far as in OKLab tints lie apart, beside lightness: skin is no green of its lightness."""


def pattern(cells: Pixels, inside: Bools | None, palette: Palette, most: int, calm: float) -> NDArray[np.int32]:
    """Give the number (H, W) of the color in `palette` (K, 3) that each cell (H, W, 3) has, BARE where not `inside`.

    There are `most` colors at most. `calm` is how unlike, in OKLab, a color may be that a cell takes since all around
    it have it.
    """
    lab, colors = _whole(cells), _whole(palette)
    unlike = ((lab[:, :, None] - colors) ** 2).sum(-1)
    open_ = np.ones(cells.shape[:2], bool) if inside is None else inside
    if not open_.any():
        return np.full(cells.shape[:2], BARE, np.int32)
    weight = 16 + 16 * np.sqrt((lab[..., 1:] ** 2).sum(-1)).astype(np.int64) // VIVID
    kept = fewest_missed(unlike[open_], weight[open_], most)
    unlike = unlike[:, :, kept]
    labels = np.where(open_, unlike.argmin(-1), BARE)
    labels = _calmed(labels, unlike, round((calm * UNIT) ** 2 / 8))
    return np.append(kept, BARE)[labels].astype(np.int32)


def _whole(colors: Pixels) -> NDArray[np.int64]:
    whole: NDArray[np.int64] = np.rint(UNIT * srgb_to_oklab(colors) * (1, TINT, TINT)).astype(np.int64)
    return whole


def fewest_missed(unlike: NDArray[np.int64], weight: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """Give the numbers of `most` colors at most, by how unlike (N, K) each is to N cells that count by weight (N,).

    Of all colors that are nearest to some cell, the one is dropped without which the sum rises the least, again and
    again.
    """
    kept = np.unique(unlike.argmin(1))
    while len(kept) > most:
        part = unlike[:, kept]
        nearest, next_ = np.partition(part, 1, axis=1)[:, :2].T
        first, rises = part.argmin(1), (next_ - nearest) * weight
        missed = np.zeros(len(kept), np.int64)
        np.add.at(missed, first, rises)
        # Several at a time while there are many: those at the foot do not stand in for each other often.
        count = max((len(kept) - most) // 4, 1)
        kept = np.sort(np.delete(kept, np.argsort(missed, kind="stable")[:count]))
    return kept.astype(np.int64)


def _calmed(labels: NDArray[np.int64], unlike: NDArray[np.int64], worth: int) -> NDArray[np.int64]:
    """Give cells the color that is least unlike, each of their eight neighbors of that color being worth as much."""
    height, width, count = unlike.shape
    for _ in range(ROUNDS if worth else 0):
        for top, left in ((0, 0), (1, 1), (0, 1), (1, 0)):
            same = np.zeros((height + 2, width + 2, count), np.int64)
            inner = same[1:-1, 1:-1]
            y, x = np.nonzero(labels >= 0)
            inner[y, x, labels[y, x]] = 1
            around = sum(
                same[1 + dy : height + 1 + dy, 1 + dx : width + 1 + dx]
                for dy in (-1, 0, 1)
                for dx in (-1, 0, 1)
                if (dy, dx) != (0, 0)
            )
            better = (unlike - worth * around).argmin(-1)
            here = np.s_[top::2, left::2]
            labels[here] = np.where(labels[here] >= 0, better[here], labels[here])
    return labels
