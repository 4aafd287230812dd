"""The arrays that everything passes on: their shapes, types and units, said once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""(H, W, 3) sRGB."""

Mask = NDArray[np.uint8]
"""(H, W), 0 is transparent, 255 opaque."""

Floats = NDArray[np.float64]
"""Numbers of any shape."""

TRANSPARENT = -1
"""The label of a pixel that belongs to no region."""
