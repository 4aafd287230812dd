"""Slivers: which regions are nowhere three pixels wide, kept up to date while regions unite."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Ints


def is_core(labels: NDArray[np.int32]) -> Bools:
    """Tell which pixels are the middles of three by three of one region."""
    core: Bools = labels >= 0
    for shifted in _around(labels):
        core &= shifted == labels
    return core


def _around(labels: NDArray[np.int32]) -> list[NDArray[np.int32]]:
    """Give the labels of each pixel's three by three neighbors, row by row; beyond the picture they are -2."""
    height, width = labels.shape
    padded = np.pad(labels, 1, constant_values=-2)
    return [padded[dy : dy + height, dx : dx + width] for dy in range(3) for dx in range(3)]


class Widths:
    """Which regions are nowhere three pixels wide: no block of three by three pixels lies in them."""

    def __init__(self, leaves: NDArray[np.int32]) -> None:
        width = leaves.shape[1]
        self.owner = np.arange(int(leaves.max(initial=-1)) + 1)
        around = _around(leaves)
        core = is_core(leaves)
        wide = np.append(np.zeros(len(self.owner), bool), True)  # the last one for -1
        wide[leaves[core]] = True
        spots = np.flatnonzero(~wide[leaves])
        self.blocks = np.stack([shifted.ravel()[spots] if k == 4 else shifted[spots // width, spots % width]
                                for k, shifted in enumerate(around)])  # fmt: skip
        self.blocks = self.blocks[:, (self.blocks >= 0).all(0)]
        self.wide = wide[:-1]

    @property
    def narrow(self) -> Bools:
        """Which regions are, now."""
        return ~self.wide

    def merged(self, number: Ints, count: int) -> Bools:
        """Look again after unions, given the new number of each region: what is united with something wide is wide."""
        self.owner = number[self.owner]
        wide = np.zeros(count, bool)
        wide[number[self.wide]] = True
        self.wide = wide
        self._look()
        return ~self.wide

    def _look(self) -> None:
        of = self.owner[self.blocks[4]]
        self.blocks, of = self.blocks[:, ~self.wide[of]], of[~self.wide[of]]
        whole = np.arange(len(of))
        for k in (0, 8, 2, 6, 1, 3, 5, 7):
            whole = whole[self.owner[self.blocks[k, whole]] == of[whole]]
        self.wide[of[whole]] = True

    def still_narrow(self, owner: Ints, region: int) -> bool:
        """Whether one region is, given the region that each one of the last look belongs to."""
        of = owner[self.owner[self.blocks]]
        return not bool((of == region).all(0).any())
