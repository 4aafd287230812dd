"""Gaussian means of fields of numbers: scipy's, with weights that are the same on every processor.

`scipy.ndimage.gaussian_filter` takes its weights from the exponential function, whose last bit is the processor's.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from artkit.algebra import rounded
from artkit.arrays import Floats

CUT = 4.0
"""Standard deviations after which weights are left out, as in scipy."""


def gaussian(values: Any, sigma: float | Iterable[float], mode: str = "reflect") -> Any:
    """Average an array along all of its axes, each with its standard deviation `sigma`; float types stay.

    `mode` says what lies beyond the edge, in scipy's words.
    """
    found = np.asarray(values)
    sigmas = [float(sigma)] * found.ndim if isinstance(sigma, (int, float)) else [float(each) for each in sigma]
    for axis, each in enumerate(sigmas):
        found = gaussian_along(found, each, axis, mode)
    return found


def gaussian_along(values: Any, sigma: float, axis: int, mode: str = "reflect") -> Any:
    """Average an array along one axis."""
    from scipy.ndimage import correlate1d

    return correlate1d(values, weights_of(sigma), axis=axis, mode=mode) if sigma > 1e-15 else np.asarray(values)


def weights_of(sigma: float, reach: int | None = None) -> Floats:
    """Weights of `reach` places either side, and the one in the middle, which sum to 1 but for rounding."""
    reach = int(CUT * sigma + 0.5) if reach is None else reach
    places = np.arange(-reach, reach + 1)
    weights = rounded(np.exp(-0.5 / (sigma * sigma) * places**2), 40)
    shares: Floats = rounded(weights / weights.sum(), 40)
    return shares
