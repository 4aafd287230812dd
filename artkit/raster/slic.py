"""SLIC's superpixels: a picture in, small regions of even size that keep to its edges out, as a label image.

Clusters are found on a picture of at most LARGEST pixels (scikit-image's `slic`). In a larger one they are then drawn
along the borders anew: each pixel there goes to the nearest of the clusters around it, as in one more round of SLIC.
Achanta et al., "SLIC superpixels compared to state-of-the-art superpixel methods" (2012).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Mask, Pixels
from artkit.color.means import sums_by_label
from artkit.raster.filters import box
from artkit.raster.resize import resized

LARGEST = 750_000
"""Pixels of the picture in which clusters are found."""

_BAND = 64
"""Rows that are worked on at a time."""


def slic(pixels: Pixels, alpha: Mask | None, count: int, compactness: float) -> NDArray[np.int32]:
    """Give labels (H, W), from 0 on, of about `count` regions; some numbers may have no pixel.

    `compactness` weighs the distance in place against that in color (CIELAB): low follows edges, high gives squares.
    """
    from skimage.segmentation import slic as clusters_of

    height, width = pixels.shape[:2]
    longer, share = max(height, width), min(1, (LARGEST / (width * height)) ** 0.5)
    size = max(int(longer * share), 1)
    small = pixels
    if size < longer:
        small, _ = resized(pixels, alpha, *(max(round(side * size / longer), 1) for side in (width, height)))
    ids: NDArray[np.int32] = clusters_of(small, count, compactness=compactness, start_label=0).astype(np.int32)
    return ids if small is pixels else _redrawn(pixels, small, ids, compactness)


def _redrawn(pixels: Pixels, small: Pixels, ids: NDArray[np.int32], compactness: float) -> NDArray[np.int32]:
    """Give labels at the picture's size: where those of the small one differ around a pixel, the nearest cluster's."""
    from skimage.color import rgb2lab

    height, width = pixels.shape[:2]
    scale = height / small.shape[0], width / small.shape[1]
    calm = box(pixels, 2 * round(scale[0] / 2) + 1)  # what the small picture does not have is no edge
    rows, columns = (
        np.minimum((np.arange(side) + 0.5) / step, last - 0.5).astype(np.intp)
        for side, step, last in zip((height, width), scale, ids.shape, strict=True)
    )
    centers = _centers(small, ids)
    centers[:, 3:] *= scale
    spacing = (width * height / len(centers)) ** 0.5
    around = np.pad(ids, 1, mode="edge")
    near = np.stack([around[y : y + ids.shape[0], x : x + ids.shape[1]] for y in range(3) for x in range(3)])
    border = (near != ids).any(axis=0)
    result = np.empty((height, width), np.int32)
    for top in range(0, height, _BAND):
        band = rows[top : top + _BAND]
        result[top : top + _BAND] = ids[band][:, columns]
        y, x = np.nonzero(border[band][:, columns])
        candidates = near[:, band[y], columns[x]]
        color = rgb2lab(calm[top + y, x].reshape(-1, 1, 3))[:, 0]
        place = np.column_stack([color, (top + y + 0.5) * (compactness / spacing), (x + 0.5) * (compactness / spacing)])
        weights = np.array([1, 1, 1, compactness / spacing, compactness / spacing])
        far = [((place - centers[candidate] * weights) ** 2).sum(axis=1) for candidate in candidates]
        result[top + y, x] = np.take_along_axis(candidates, np.argmin(far, axis=0)[None], axis=0)[0]
    return result


def _centers(pixels: Pixels, ids: NDArray[np.int32]) -> NDArray[np.float64]:
    """(K, 5) mean CIELAB color, y and x of each label."""
    from skimage.color import rgb2lab

    y, x = np.indices(ids.shape) + 0.5
    values = [*np.moveaxis(rgb2lab(pixels), 2, 0), y, x]
    flat = ids.reshape(-1)
    total = np.maximum(np.bincount(flat), 1)
    return sums_by_label(flat, (value.reshape(-1) for value in values), len(total)) / total[:, None]
