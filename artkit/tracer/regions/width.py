"""Slivers: which regions are nowhere three pixels wide, kept up to date while regions unite."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Ints, offsets_of, ranges


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
        count = int(leaves.max(initial=-1)) + 1
        self.owner = np.arange(count)
        around = _around(leaves)
        core = is_core(leaves)
        wide = np.append(np.zeros(count, bool), True)  # the last one for -1
        wide[leaves[core]] = True
        spots = np.flatnonzero(~wide[leaves])
        spots = spots[np.argsort(leaves.ravel()[spots], kind="stable")]
        blocks = np.stack([shifted.ravel()[spots] if k == 4 else shifted[spots // width, spots % width]
                           for k, shifted in enumerate(around)])  # fmt: skip
        # The labels of blocks whose middle is of leaf k: blocks[:, offsets[k]:offsets[k + 1]].
        self.blocks = blocks[:, (blocks >= 0).all(0)]
        self.offsets = offsets_of(np.bincount(self.blocks[4], minlength=count))
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
        united = np.bincount(number, minlength=count) > 1
        self._look(united & ~wide)  # the others are what they were
        return ~self.wide

    def _look(self, regions: Bools) -> None:
        within = self._blocks_of(np.flatnonzero(regions[self.owner]))
        of = self.owner[self.blocks[4, within]]
        for k in (0, 8, 2, 6, 1, 3, 5, 7):
            same = self.owner[self.blocks[k, within]] == of
            within, of = within[same], of[same]
        self.wide[of] = True

    def _blocks_of(self, leaves: Ints) -> Ints:
        """Number the blocks in the middles of which these leaves are."""
        return ranges(self.offsets[leaves], np.diff(self.offsets)[leaves])

    def still_narrow(self, owner: Ints, region: int) -> bool:
        """Whether one region is, given the region that each one of the last look belongs to."""
        of = owner[self.owner]
        within = self._blocks_of(np.flatnonzero(of == region))
        return not bool((of[self.blocks[:, within]] == region).all(0).any())
