"""Ink on paper, photographed or scanned: a picture in, the ink alone out, as regions to trace.

The paper's own brightness is found from place to place and divided out, so that shading, tone and a lamp's shine are
gone. What is left darker is ink, and how much darker tells how much of a pixel it covers. A line thinner than the blur
of the camera is nowhere as dark as its ink; its edges are taken where a blurred line of its peak has its true width.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import TRANSPARENT, Bools, Floats, Pixels, median
from artkit.planar.map import PlanarMap
from artkit.raster.masks import grown
from artkit.tracer.regions.edges import inner_sides

CELLS = 24
"""Cells along the shorter side in which the paper's brightness is looked for: more follow sharper shadows."""

BRIGHT = 0.75
"""The share of a cell's pixels that may be darker than its paper."""

PAPER = 0.6
"""The least share of a picture of ink that is paper."""

DARK, CLEAR = 0.22, 6.0
"""How much darker than its paper ink is at least, as a share, and as a multiple of the paper's noise."""

STRAY = 0.01
"""The most of the paper that may be neither paper nor close to ink: more of it, and this is a picture of something."""

ONE_HUE = 0.16
"""How far ink's colors may lie apart, as shares of the paper's, for it to be one ink."""

ONE_TINT = 0.12
"""How far the paper's tint may change over the picture, as a share of its brightness, for it to be one paper."""

UNEVEN, NOISY = 6.0, 0.7
"""Paper varies by more than the first, and is noisier than the second, in levels of 255; a screen's is even."""

GLANCE = 320
"""The longer side, in pixels, of the copy that is looked at first."""

WHITE = 251.0
"""Paper as bright as this is a screen's, or needs no taking away."""

FAINTEST = 0.3
"""The least share of ink at the darkest place of a stroke."""

SPECK = 6.0
"""Smaller dots, in square pixels, are dirt."""


@dataclass(frozen=True, eq=False)
class Ink:
    """How much of each pixel ink covers, (H, W) from 0 to 1, and its color on white paper, (3,) sRGB."""

    coverage: Floats
    color: NDArray[np.uint8]


def ink_on_paper(pixels: Pixels) -> Ink | None:
    """Tell the ink from its paper, or give None where this is no ink, or its paper is as even as a screen's."""
    if min(pixels.shape[:2]) < 2 * CELLS or _is_even(pixels):
        return None
    if max(pixels.shape[:2]) > 2 * GLANCE and _glance(pixels) is None:
        return None
    return _told_apart(pixels, NOISY)


def _is_even(pixels: Pixels) -> bool:
    """Whether most pixels equal the one beside them: a camera's never do."""
    return bool(median(np.abs(np.diff(pixels[::3, :, 1].astype(np.int16), axis=1))) == 0)


def _glance(pixels: Pixels) -> Ink | None:
    """Look at a small copy, which tells photos of other things at once; means of pixels have less noise."""
    import cv2

    share = GLANCE / max(pixels.shape[:2])
    height, width = (max(round(side * share), 2 * CELLS) for side in pixels.shape[:2])
    return _told_apart(np.asarray(cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA)), 0.0)


def _told_apart(pixels: Pixels, noisy: float) -> Ink | None:
    paper = paper_of(pixels)
    ratio = pixels / np.maximum(paper, 1.0)
    dark = 1 - ratio.mean(axis=2)
    noise = 1.4826 * float(median(np.abs(dark - median(dark))))
    limit = max(DARK / 2, CLEAR * noise / 2)
    core = dark > 2 * limit
    if not core.any() or float((dark < limit).mean()) < PAPER:
        return None
    depth = float(np.percentile(dark[core], 97))
    bare = dark < limit
    tint = paper / np.maximum(paper.mean(axis=2, keepdims=True), 1.0)
    if float(np.ptp(np.percentile(tint, (2, 98), axis=(0, 1)), axis=0).max()) > ONE_TINT:
        return None
    low, middle, high = np.percentile(pixels.mean(axis=2)[bare], (3, 50, 97))
    uneven = float(high - low) if middle < WHITE else 0.0
    if depth < max(DARK, CLEAR * noise) or uneven < UNEVEN or noise * 255 < noisy:
        return None
    if _is_stray(dark, core, limit).mean() > STRAY:
        return None
    solid = ratio[dark > 0.9 * depth]
    color = median(solid, axis=0)
    if float(np.percentile(np.abs(solid - color).max(axis=1), 90)) > ONE_HUE:
        return None
    return Ink(np.clip(dark / depth, 0, 1), np.clip(np.rint(color * 255), 0, 255).astype(np.uint8))


def paper_of(pixels: Pixels) -> Floats:
    """(H, W, 3): what the paper's color is at each pixel, ink or not."""
    import cv2

    height, width = pixels.shape[:2]
    side = max(min(height, width) // CELLS, 4)
    rows, columns = -(-height // side), -(-width // side)
    padded = np.pad(pixels, ((0, rows * side - height), (0, columns * side - width), (0, 0)), mode="edge")
    cells = padded.reshape(rows, side, columns, side, 3).transpose(0, 2, 1, 3, 4).reshape(rows, columns, -1, 3)
    bright = np.percentile(cells, 100 * BRIGHT, axis=2).astype(np.float32)
    even = np.stack([cv2.medianBlur(np.ascontiguousarray(bright[..., c]), 5) for c in range(3)], axis=2)
    even = cv2.GaussianBlur(even, (0, 0), 1.0)
    smooth = cv2.resize(even, (columns * side, rows * side), interpolation=cv2.INTER_CUBIC)
    # The brightest quarter of noise lies above the paper's own brightness.
    found = smooth[:height, :width].astype(np.float64)
    near = np.abs(pixels - found).max(axis=2) < 24
    if near.any():
        found *= median(pixels[near] / np.maximum(found[near], 1), axis=0)
    return found


def _is_stray(dark: Floats, core: Bools, limit: float) -> Bools:
    """(H, W): what is darker than paper, or brighter, and not close to ink."""
    import cv2

    beside = grown(core, 4)
    calm = cv2.GaussianBlur(dark, (0, 0), 1.0)
    stray: Bools = (np.abs(calm) > limit) & ~beside
    return stray


@dataclass(frozen=True, eq=False)
class Strokes:
    """Ink as labels, 0 or TRANSPARENT, on a grid `scale` times as fine, and how far each place is inside, (H, W).

    `color` (3,) is the ink's on white paper.
    """

    ids: NDArray[np.int32]
    inside: Floats
    scale: int
    color: NDArray[np.uint8]

    def offsets(self, planar: PlanarMap) -> Floats:
        """How far the edge stands from each crack, in pixels of the fine grid: where `inside` passes zero."""
        crack, p, q = inner_sides(planar)
        offset, inside = np.zeros(len(planar.direction)), self.inside.ravel()
        a, b = inside[p], inside[q]
        passes = a * b < 0
        offset[crack[passes]] = a[passes] / (a[passes] - b[passes]) - 0.5
        return offset


def strokes(ink: Ink) -> Strokes:
    """Give the ink's outline on a grid fine enough for thin lines."""
    import cv2

    height, width = ink.coverage.shape
    scale = 3 if height * width <= 1 << 20 else 2 if height * width <= 1 << 22 else 1
    fine = cv2.resize(ink.coverage, (scale * width, scale * height), interpolation=cv2.INTER_CUBIC)
    fine = np.clip(cv2.GaussianBlur(fine, (0, 0), 0.6 * scale), 0, 1)
    reach = 2 * round(2.5 * scale) + 1
    peak = cv2.dilate(fine, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach)))
    peak = cv2.GaussianBlur(peak, (0, 0), scale)
    # A Gaussian line of peak p has its true width where it is p * exp(-pi / 4 * p ** 2); wide ones at one half.
    edge = np.where(peak < 0.9, peak * np.exp(-np.pi / 4 * peak**2), 0.48)
    inside = np.where(peak < FAINTEST, -1.0, fine - edge)
    inked = _without_specks(inside > 0, SPECK * scale**2)
    inked = ~_without_specks(~inked, SPECK * scale**2 / 2)
    inside = np.where(inked == (inside > 0), inside, np.where(inked, 1e-3, -1e-3))
    return Strokes(np.where(inked, np.int32(0), np.int32(TRANSPARENT)), inside, scale, ink.color)


def _without_specks(mask: Bools, least: float) -> Bools:
    import cv2

    _, parts, facts, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    large = facts[:, cv2.CC_STAT_AREA] >= least
    large[0] = False
    return np.asarray(large[parts])
