"""Coverage in, edges out: the outline whose ink covers each pixel as much as the picture says.

A stroke thinner than a pixel is nowhere as dark as its ink, and where it lies between two pixels neither is half
covered, so no threshold finds it. Here a function on a grid `FINE` times as fine is smoothed and corrected by what the
ink above zero fails to cover, in turns, while the step from paper to ink is made steeper: the motion of a front by
smoothing and threshold (Merriman, Bence, Osher 1992) with iterative back projection (Irani, Peleg 1991) as its force.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.float32]

FINE = 3
"""How many times as fine the grid is: a third of a pixel is what ClearType tells."""

ROUNDS = 16
"""Turns of smoothing and correction."""

SMOOTH = 0.6
"""Standard deviation of the smoothing, in pixels of the fine grid; more: rounder ends, blunter corners."""

STEEP = 4.0
"""How steep the step from paper to ink is at the end, in shares of coverage by unit."""

FORCE = 2.0
"""How much of what is missing is added in a turn; more: faster, and swinging."""

FIR = (1 / 9, 2 / 9, 3 / 9, 2 / 9, 1 / 9)
"""How much of its neighbors each third of a pixel shows of subpixel-rendered text, as Windows and older FreeType filter
it: newer FreeType, which takes the mean of three, reads well with it, too."""


def sharpened(coverage: Field) -> Field:
    """Give the function, (3 H, 3 W), that is above zero where ink is, of its coverage (H, W), 0 to 1, of pixels."""
    import cv2

    height, width = coverage.shape
    fine = (width * FINE, height * FINE)

    def missing(ink: Field) -> Field:
        rest = coverage - cv2.resize(ink, (width, height), interpolation=cv2.INTER_AREA)
        return np.asarray(cv2.resize(rest, fine, interpolation=cv2.INTER_LINEAR))

    return _settled(np.asarray(cv2.resize(coverage, fine, interpolation=cv2.INTER_CUBIC)), missing)


def sharpened_thirds(coverage: Field, taps: tuple[float, ...]) -> Field:
    """Like `sharpened`, of the coverage (H, 3 W) of thirds of pixels, each filtered along its row by `taps`."""
    import cv2

    height, width = coverage.shape
    fine = (width, height * FINE)
    kernel = np.array([taps], np.float32)

    def missing(ink: Field) -> Field:
        rows = cv2.resize(ink, (width, height), interpolation=cv2.INTER_AREA)
        rest = coverage - cv2.filter2D(rows, -1, kernel)
        return np.asarray(cv2.resize(rest, fine, interpolation=cv2.INTER_LINEAR))

    return _settled(np.asarray(cv2.resize(coverage, fine, interpolation=cv2.INTER_CUBIC)), missing)


def _settled(start: Field, missing: Callable[[Field], Field]) -> Field:
    """Move the edges of what starts as coverage until nothing is `missing` from what the ink covers."""
    import cv2

    inside = start - np.float32(0.5)
    for turn in range(ROUNDS):
        steep = np.float32(STEEP ** (turn / (ROUNDS - 1)))
        ink = np.clip(steep * inside + np.float32(0.5), 0, 1)
        inside += np.float32(FORCE) / steep * missing(ink)
        inside = np.clip(cv2.GaussianBlur(inside, (0, 0), SMOOTH), -1, 1)
    return inside
