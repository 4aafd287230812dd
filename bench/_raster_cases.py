"""What a row of `bench/raster.py` is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Case:
    """One row: what artkit does to (H, W, 3) uint8 pixels, and how the best library does the same, if one can."""

    name: str
    ours: Callable[[NDArray[np.uint8]], Any]
    theirs: Callable[[NDArray[np.uint8]], Any] | None
    library: str
