"""What stands out in a picture: colors and structure unlike those around them, what is sharp, what the border is not.

All is looked at in a small copy, as an eye does that has not moved yet. What differs from its surroundings at several
sizes stands out (Itti, Koch and Niebur 1998; Achanta et al. 2008), what can be reached from the border without passing
an edge does not (Wei et al. 2012), nor does what is out of focus beside what is sharp.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from artkit.algebra import product
from artkit.arrays import Floats, median, percentile
from artkit.color.spaces import srgb_to_oklab

AREA = 12_000
"""Pixels of the copy in which colors are compared."""

SHARES = (0.2, 0.1, 0.1, 0.6)
"""What contrast of color, contrast of structure, sharpness and distance from the border count for."""

MIDDLE = 0.45
"""Standard deviation of the bell around the middle, in half sides."""

FLAT = np.float32(8.0)
"""Square of the slope, in levels of gray, below which nothing tells how sharp a place is."""

SLACK = 0.012
"""Difference of neighbors, in OKLab, that is not an edge."""


def salience(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """How much each place of a picture (H, W, 3) stands out, from 0 to 1, in a small copy of it."""
    import cv2

    height, width = pixels.shape[:2]
    scale = min(1.0, (AREA / (height * width)) ** 0.5)
    size = max(round(width * scale), 1), max(round(height * scale), 1)
    small = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    lab = srgb_to_oklab(small).astype(np.float32)
    fine = _detail(pixels, size)
    parts = (
        _contrast(lab),
        _contrast(np.sqrt(fine)[..., None]) * (fine > median(fine)),
        fine,
        _from_border(lab),
    )
    total = np.zeros(size[::-1], np.float32)
    for share, part in zip(SHARES, parts, strict=True):
        total += share * evened(part)
    return evened(total * (0.35 + 0.65 * _middle(size)))


def sharpness(pixels: NDArray[np.uint8], size: tuple[int, int]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """How sharp edges are around each place, 0 where they are blurred to 1, in a copy of a `size`, (width, height).

    An edge is as steep in a picture that is blurred a little as in one that is blurred more, if it was blurred before.
    Where there are no edges, it is as in the whole picture; how much is known, 0 to 1, is given, too.
    """
    import cv2

    gray = product(pixels, np.array([0.299, 0.587, 0.114], np.float32))
    fine, coarse = (_slope(np.asarray(cv2.GaussianBlur(gray, (0, 0), sigma), np.float32)) for sigma in (0.8, 2.4))
    side = 0.05 * min(size)
    sums = []
    for plane in (fine * coarse, coarse * coarse):
        copy = cv2.resize(plane, size, interpolation=cv2.INTER_AREA)
        sums.append(np.asarray(cv2.GaussianBlur(copy, (0, 0), max(side, 0.5)), np.float32))
    usual = float(sums[0].sum(dtype=np.float64)) / max(float(sums[1].sum(dtype=np.float64)), 1e-6)
    ratio = (sums[0] + FLAT * np.float32(usual)) / (sums[1] + FLAT)
    sharp: NDArray[np.float32] = np.clip((ratio - 1) / 1.5, 0, 1)
    return sharp, sums[1] / (sums[1] + FLAT)


def _slope(gray: NDArray[np.float32]) -> NDArray[np.float32]:
    import cv2

    across, down = (cv2.Sobel(gray, cv2.CV_32F, *way, ksize=1) for way in ((1, 0), (0, 1)))
    return np.asarray(cv2.magnitude(across, down), np.float32)


def evened(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Stretch values to 0 to 1, of which a few are cut off at either end; 0 if there is nothing to tell apart."""
    low, high = (percentile(values.astype(np.float64), share) for share in (5, 98))
    if high - low < 1e-4:
        return np.zeros(values.shape, np.float32)
    stretched: NDArray[np.float32] = np.clip((values - low) / (high - low), 0, 1).astype(np.float32)
    return stretched


def _middle(size: tuple[int, int]) -> NDArray[np.float32]:
    x, y = (np.linspace(-1, 1, side) if side > 1 else np.zeros(1) for side in size)
    bell = np.exp(-0.5 * (y[:, None] ** 2 + x[None] ** 2) / MIDDLE**2)
    return bell.astype(np.float32)


def _contrast(planes: NDArray[np.float32]) -> NDArray[np.float32]:
    """Distance of each place from its surroundings, which are a sixth, a third and the whole of the shorter side."""
    import cv2

    side = min(planes.shape[:2])
    near = _blurred(planes, 1.0)
    total = np.linalg.norm(near - planes.mean((0, 1)), axis=2)
    for share in (0.08, 0.16):
        total = total + np.linalg.norm(near - _blurred(planes, share * side), axis=2)
    return np.asarray(cv2.GaussianBlur(total.astype(np.float32), (0, 0), max(0.02 * side, 0.5)), np.float32)


def _blurred(planes: NDArray[np.float32], sigma: float) -> NDArray[np.float32]:
    import cv2

    found = cv2.GaussianBlur(planes, (0, 0), max(sigma, 0.5), borderType=cv2.BORDER_REPLICATE)
    return np.asarray(found, np.float32).reshape(planes.shape)


def _detail(pixels: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.float32]:
    """Strength of the finest detail around each place of a copy of a `size`, noise, which is everywhere, left out."""
    import cv2

    gray = product(pixels, np.array([0.299, 0.587, 0.114], np.float32))
    fine: NDArray[np.float32] = np.abs(gray - np.asarray(cv2.GaussianBlur(gray, (0, 0), 1.5)))
    pooled = np.asarray(cv2.resize(fine, size, interpolation=cv2.INTER_AREA), np.float32)
    pooled = np.maximum(pooled - percentile(pooled, 20), 0)
    # Edges spread to what they enclose: the inside of a sharp thing is as sharp.
    side = max(min(size), 1)
    spread = cv2.GaussianBlur(np.minimum(pooled, 12), (0, 0), max(0.05 * side, 0.5))
    return np.asarray(spread, np.float32)


def _from_border(lab: NDArray[np.float32]) -> NDArray[np.float32]:
    """How much color changes at the least on the way from the border to each place."""
    calm = _blurred(lab, 0.7)
    across, down = (_steps(calm, axis) for axis in (1, 0))
    rim = np.ones(lab.shape[:2], bool)
    rim[1:-1, 1:-1] = False
    far = np.full(rim.shape, np.inf)
    far[rim] = _unlike(calm[rim]) + 1e-6
    return shortest(far, across, down).astype(np.float32)


def _steps(lab: NDArray[np.float32], axis: int) -> Floats:
    """How much color changes from each place to the next one along an axis."""
    near, next_ = (lab[:, :-1], lab[:, 1:]) if axis else (lab[:-1], lab[1:])
    gap = np.linalg.norm((near - next_).reshape(-1, 3), axis=1).reshape(near.shape[:2])
    steps: Floats = (np.maximum(gap - SLACK, 0) + 1e-6).astype(np.float64)
    return steps


def shortest(far: Floats, across: Floats, down: Floats) -> Floats:
    """The shortest ways to all places (H, W) of a grid from those that are so `far` to begin with, inf elsewhere.

    `across` (H, W - 1) and `down` (H - 1, W) is how far it is to the next place. All places look at their neighbors at
    once until none finds a shorter way (Bellman 1958): to load a graph's algorithms takes longer.
    """
    far = far.copy()
    while True:
        before = far.copy()
        for here, there, step in (
            (far[:, 1:], before[:, :-1], across),
            (far[:, :-1], before[:, 1:], across),
            (far[1:], before[:-1], down),
            (far[:-1], before[1:], down),
        ):
            np.minimum(here, there + step, out=here)
        if np.array_equal(far, before):
            return far


def _unlike(rim: NDArray[np.float32]) -> NDArray[np.float32]:
    """How unlike the rest of the border each place on it is: a subject may reach there, but has not most of it."""
    far = np.linalg.norm(rim[:, None] - rim[None], axis=2)
    typical = np.sort(far, axis=1)[:, max(len(rim) // 4 - 1, 0)]
    return np.maximum(typical - 0.02, 0).astype(np.float32)
