"""A large photo of few regions: all but the last look at their borders is taken at half of its size.

Where a region has thousands of pixels, what it is made of does not depend on single ones; where its border runs does.
Sums over blocks of two by two pixels are those of the pixels: errors are the same but for what is within blocks.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Floats
from artkit.tracer.mosaic import Part, Source
from artkit.tracer.regions.seen import Colors, Seen
from artkit.workers import mapped

ROWS = 256
"""Rows that are halved at a time."""


class Halved(Source):
    """A photo without transparent parts, ready to be cut into few mosaics: see `Source`."""

    def __init__(self, whole: Source) -> None:
        self.whole, self.pixels, self.opaque = whole, whole.pixels, None
        self.gradients, self.area = whole.gradients, whole.area
        self.seen, self.weight, self.within = halved(Seen(whole.pixels), whole.weight)
        whole.is_sparse, self.is_sparse = True, False  # colors are asked for at borders alone
        self.grid, self.scale = self.weight.size, 2 * whole.scale
        self.forget()

    def done(self) -> None:
        """Let go of all that mosaics are cut from."""
        self.whole.done()
        super().done()

    def last(self, part: Part) -> tuple[Source, Part]:
        """Give what looks at borders for the last time, and regions as it sees them."""
        rows, columns = (
            np.minimum(np.arange(size) // 2, half - 1)
            for size, half in zip(self.pixels.shape, part.labels.shape, strict=False)
        )
        labels = part.labels[rows[:, None], columns]
        return self.whole, Part(labels, _doubled(part.moments))


def halved(seen: Colors, weight: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32], float]:
    """Mean colors (H, W, 3) and sums of weights (H, W) of blocks of two by two, and squared error within these.

    A last row or column of its own is left out.
    """
    height, width = weight.shape[0] // 2, weight.shape[1] // 2
    mean, total, within = np.empty((height, width, 3), np.float32), np.empty((height, width), np.float32), 0.0

    def halve(top: int) -> tuple[list[float], float]:
        size, parts = min(ROWS, height - top), []
        sums, colors = np.zeros((size, width)), np.zeros((size, width, 3))
        for dy, dx in ((0, 0), (0, 1), (1, 0), (1, 1)):
            part = np.s_[2 * top + dy : 2 * (top + size) : 2, dx : 2 * width : 2]
            heavy, color = weight[part].astype(np.float64), seen[part].astype(np.float64)
            sums += heavy
            colors += heavy[..., None] * color
            parts.append(float((heavy[..., None] * color * color).sum()))
        mean[top : top + size] = colors / np.maximum(sums, 1e-12)[..., None]
        total[top : top + size] = sums
        return parts, float((colors * colors / np.maximum(sums, 1e-12)[..., None]).sum())

    for parts, kept in mapped(halve, range(0, height, ROWS)):
        for part in parts:
            within += part
        within -= kept
    return mean, total, within


def _doubled(moments: Floats) -> Floats:
    """Moments (16, n), see `fields.MOMENTS`, in pixels of half the size."""
    found = moments.copy()
    found[[1, 2, 9, 10, 11, 12, 13, 14]] *= 2
    found[[3, 4, 5]] *= 4
    found[[3, 5]] += moments[0] / 4  # each block reaches half a pixel to either side
    return found
