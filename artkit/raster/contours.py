"""A gray picture in, its lines of equal brightness out, as a map has lines of equal height.

They come from marching squares (scikit-image's `find_contours`) on the smoothed picture. Nothing finer than the
smoothing is left in it, so one sample per standard deviation is read. Beyond the border the picture is mirrored for
smoothing; a line that meets the border ends exactly on it, one that meets transparency there.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Floats
from artkit.raster.gaussian import gaussian

FLAT = 2.0
"""Gray levels between darkest and brightest below which a picture has no lines: they would be those of noise."""

FINER = 0.5
"""Smoothing where it matters what lines show, as a share of the usual."""

TAILS = (0.5, 99.5)
"""Percentiles between which the levels are spread: a few glints do not stretch the scale."""


def equal_lines(
    gray: NDArray[np.uint8],
    opaque: Bools | None,
    levels: int,
    balance: float,
    smooth: float,
    close: NDArray[np.float32] | None = None,
) -> list[tuple[float, list[Floats]]]:
    """Give the brightnesses at which lines are drawn, darkest first, and the lines of each, (N, 2) pixels, x then y.

    `gray` is (H, W), and so is `opaque`, None where all is. There are `levels` of brightness, fewer in pictures that
    have fewer, spread evenly over brightness (`balance` 0), over the picture's area (1), or between. `smooth` is the
    standard deviation of the smoothing before, in pixels. Closed lines repeat their first point.
    Where `close` (H, W) is 1, the standard deviation is a `FINER` share of that.
    """
    if opaque is None:
        opaque = np.ones(gray.shape, bool)
    height, width = gray.shape
    calm = _smoothed(gray.astype(np.float32), opaque, smooth)
    if close is not None and close.any():
        finer = _smoothed(gray.astype(np.float32), opaque, FINER * smooth)
        calm, smooth = calm + close * (finer - calm), FINER * smooth
    step = max(1, int(smooth))
    sparse, seen = calm[::step, ::step], opaque[::step, ::step]
    return [
        (float(level), [line for line in _lines(sparse, seen, level, step, (width, height)) if not _is_retraced(line)])
        for level in _levels(calm[opaque], levels, balance)
    ]


def _smoothed(gray: NDArray[np.float32], opaque: Bools, sigma: float) -> Floats:
    """Give the (H, W) smoothed brightness, 0 to 255.

    Transparent pixels have no weight in the mean, else their hidden colors would draw lines beside them.
    """

    def smoothed(values: NDArray[np.float32]) -> NDArray[np.float32]:
        result: NDArray[np.float32] = gaussian(values, sigma, "mirror") if sigma else values
        return result

    if opaque.all():
        return smoothed(gray).astype(np.float64)
    weight = smoothed(opaque.astype(np.float32))
    mean = smoothed(np.where(opaque, gray, np.float32(0))) / np.maximum(weight, np.float32(1e-6))
    return np.where(opaque, mean, 0).astype(np.float64)


def _levels(gray: Floats, count: int, balance: float) -> Floats:
    """Give the levels to draw, darkest first; none where the picture is flat."""
    if not gray.size:
        return np.empty(0)
    low, high = np.percentile(gray, TAILS)
    if high - low < FLAT:
        low, high = gray.min(), gray.max()  # most of it is flat, and yet there may be something in it
    if high - low < FLAT:
        return np.empty(0)
    share = (np.arange(count) + 0.5) / count
    by_brightness = low + share * (high - low)
    by_area = np.percentile(gray, 100 * share)
    mixed = np.unique((1 - balance) * by_brightness + balance * by_area)
    # A level that pixels hold exactly would follow every one of them; unsmoothed pixels hold whole numbers.
    near = np.rint(mixed)
    return np.where(np.abs(mixed - near) < 1e-3, near + 0.5, mixed)


def _lines(gray: Floats, opaque: Bools, level: float, step: int, size: tuple[int, int]) -> list[Floats]:
    """Give the lines at one level, from one sample to `step` pixels, in a picture of a `size`, width and height."""
    from skimage.measure import find_contours

    # The outermost samples lie half a pixel inside the border: repeated once they carry the lines across it.
    padded, mask = np.pad(gray, 1, mode="edge"), np.pad(opaque, 1, mode="edge")
    found = find_contours(padded, level, mask=None if mask.all() else mask)  # type: ignore[no-untyped-call]
    lines = []
    for line in found:
        points = (line[:, ::-1] - 1) * step + 0.5
        points = np.clip(points, 0, size)
        moved = np.ones(len(points), bool)
        moved[1:] = (points[1:] != points[:-1]).any(axis=1)
        if moved.sum() > 1:
            lines.append(points[moved])
    return lines


def _is_retraced(line: Floats) -> bool:
    """Whether a line only runs there and back again."""
    return len(line) < 4 and bool((line[0] == line[-1]).all())
