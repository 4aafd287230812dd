"""How close two pictures are, such as a drawing rendered and the photo it is of: PSNR, SSIM and GMSD."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from artkit.spans import spanned
from artkit.workers import mapped

if TYPE_CHECKING:
    from artkit.artwork.drawing import Drawing
    from artkit.artwork.image import Image


class Closeness(NamedTuple):
    """`psnr` in dB over all channels, 99 at most; `ssim` of Wang et al. (2004); `gmsd` of Xue et al. (2014)."""

    psnr: float
    ssim: float
    gmsd: float


@spanned("compare")
def closeness(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> Closeness:
    """Compare two pictures, (H, W, 3) uint8 of one size; windows at the border are left out of SSIM."""
    import cv2

    gray = [cv2.cvtColor(np.ascontiguousarray(side), cv2.COLOR_RGB2GRAY).astype(np.float32) for side in (one, other)]
    return Closeness(psnr(one, other), _ssim(*gray), _gmsd(*gray))


FAITHFUL = 30.0
"""Closeness in dB of a drawing that shows all of what it is of, at the least."""


def is_faithful(drawing: Drawing, image: Image) -> bool:
    """Whether a drawing, rendered on white, looks like the picture it is of."""
    from artkit.render import rendered

    return psnr(rendered(drawing, (image.width, image.height)), image.on_white().pixels) >= FAITHFUL


def psnr(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """Peak signal-to-noise ratio in dB, 99 at most."""
    rows = max(BAND // max(one.shape[1], 1), 1)

    def squares(top: int) -> int:
        total = 0
        for a, b in zip(one[top : top + rows], other[top : top + rows], strict=True):  # so no wide numbers of many
            gap = a.astype(np.int32) - b
            total += int((gap * gap).sum())
        return total

    mean = sum(mapped(squares, range(0, len(one), rows))) / one.size
    return 99.0 if mean == 0 else float(min(99.0, 10 * np.log10(255**2 / mean)))


BAND = 1 << 19
"""Pixels of a band of rows that is compared at a time."""

RIM = 5
"""Pixels from the middle of a window to its edge."""


def _ssim(x: NDArray[np.float32], y: NDArray[np.float32]) -> float:
    height, width = x.shape
    if min(height, width) <= 2 * RIM:
        return float(_ssim_index(x, y).mean(dtype=np.float64))
    rows = max(BAND // width, 1)

    def compare(top: int) -> float:
        band = np.s_[top - RIM : min(top + rows, height - RIM) + RIM]
        return float(_ssim_index(x[band], y[band])[RIM:-RIM, RIM:-RIM].sum(dtype=np.float64))

    total = sum(mapped(compare, range(RIM, height - RIM, rows)))
    return float(total / ((height - 2 * RIM) * (width - 2 * RIM)))


def _ssim_index(x: NDArray[np.float32], y: NDArray[np.float32]) -> NDArray[np.float32]:
    import cv2

    def smooth(values: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(cv2.GaussianBlur(values, (11, 11), 1.5))

    mean_x, mean_y = smooth(x), smooth(y)
    spread_x, spread_y = smooth(x * x) - mean_x * mean_x, smooth(y * y) - mean_y * mean_y
    common = smooth(x * y) - mean_x * mean_y
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    above = (2 * mean_x * mean_y + c1) * (2 * common + c2)
    return np.asarray(above / ((mean_x * mean_x + mean_y * mean_y + c1) * (spread_x + spread_y + c2)), np.float32)


def _gmsd(x: NDArray[np.float32], y: NDArray[np.float32]) -> float:
    import cv2

    def slope(values: NDArray[np.float32]) -> NDArray[np.float64]:
        half = cv2.filter2D(values, -1, np.full((2, 2), 0.25))[::2, ::2]
        kernel = np.array([[1, 0, -1]] * 3) / 3
        return np.hypot(cv2.filter2D(half, -1, kernel), cv2.filter2D(half, -1, kernel.T)).astype(np.float64)

    a, b = slope(x), slope(y)
    return float(((2 * a * b + 170) / (a * a + b * b + 170)).std())
