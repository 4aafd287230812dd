"""Regions of many colors in, the ink of each out: the nearest of a palette."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Floats
from artkit.color.nearest import nearest
from artkit.color.palette import Palette
from artkit.color.spaces import srgb_to_oklab

_SCALE = 255 * np.sqrt(3) * np.array([1.0, 1.5, 1.5])
"""From OKLab to the scale of RGB distances: black to white is as far in both. Tints count more than OKLab has it, or
a green house turns gray."""


def inks(colors: Floats, palette: Palette, *, used: bool) -> NDArray[np.intp]:
    """Give the ink (N,), a row of the palette (K, 3), of each of (N, 3) colors: the nearest.

    If all are to be `used`, an ink that is nearest to none takes the nearest of the colors that share theirs.
    """
    points, centers = to_lab(np.clip(np.rint(colors), 0, 255).astype(np.uint8)), to_lab(palette)
    ink = nearest(points, centers).astype(np.intp)
    if not used:
        return ink
    count = np.bincount(ink, minlength=len(palette))
    for unused in np.flatnonzero(count == 0):
        far = np.where(count[ink] > 1, ((points - centers[unused]) ** 2).sum(1), np.inf)
        taken = int(np.argmin(far)) if len(far) else 0
        if len(far) and np.isfinite(far[taken]):
            count[ink[taken]] -= 1
            ink[taken], count[unused] = unused, 1
    return ink


def to_lab(colors: NDArray[np.uint8]) -> Floats:
    """Give colors (N, 3) in OKLab, on the scale of RGB distances; see `_SCALE`."""
    lab: Floats = srgb_to_oklab(colors) * _SCALE
    return lab
