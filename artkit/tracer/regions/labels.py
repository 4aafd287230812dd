"""New numbers for regions: of their label image, and of what was summed over them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Floats, Ints


def gathered(moments: Floats, number: Ints) -> Floats:
    """Give the moments, (16, m), of regions that each take in those of moments (16, n) that have their number."""
    return np.stack([np.bincount(number, row, int(number.max(initial=-1)) + 1) for row in moments])


def relabeled(labels: NDArray[np.int32], number: Ints) -> NDArray[np.int32]:
    """Give each label its new number; -1 stays."""
    table = np.append(number, -1).astype(np.int32)
    result: NDArray[np.int32] = table[labels]
    return result
