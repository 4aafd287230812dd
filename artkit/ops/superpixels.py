"""Superpixels: SLIC's small regions of even size that keep to the edges of the picture.

Clusters are found on a picture of at most LARGEST pixels (scikit-image's `slic`). In a larger one they are then drawn
along the borders anew: each pixel there goes to the nearest of the clusters around it, as in one more round of SLIC.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from artkit.artwork.image import Image
from artkit.artwork.labels import TRANSPARENT, Labels
from artkit.color.levels import to_uint8
from artkit.color.palette import by_lightness
from artkit.ops.filter import mean
from artkit.ops.frame import resize
from artkit.registry import op

LARGEST = 750_000
"""Pixels of the picture in which clusters are found."""

_BAND = 64
"""Rows that are worked on at a time."""


@op
def superpixels(
    image: Image,
    *,
    count: Annotated[int, Field(ge=1, le=20_000, description="About how many regions.")] = 600,
    compactness: Annotated[
        float, Field(ge=0.01, le=1000, description="Low follows the picture's edges, high gives even squares.")
    ] = 12.0,
) -> Labels:
    """Divide the picture into small regions of even size that keep to its edges (SLIC).

    Each gets the mean of its colors; labels run from dark to light.
    """
    from skimage.segmentation import slic

    longer = max(image.width, image.height)
    small = resize(image, size=max(int(longer * min(1, (LARGEST / (image.width * image.height)) ** 0.5)), 1))
    ids = slic(small.pixels, count, compactness=compactness, start_label=0).astype(np.int32)
    if small is not image:
        ids = _redrawn(image, small, ids, compactness)
    inside = image.is_opaque
    if inside is not None:
        ids[~inside] = TRANSPARENT
    return _colored(image, ids)


def _redrawn(image: Image, small: Image, ids: NDArray[np.int32], compactness: float) -> NDArray[np.int32]:
    """Give labels at the picture's size: where those of the small one differ around a pixel, the nearest cluster's."""
    from skimage.color import rgb2lab

    scale = image.height / small.height, image.width / small.width
    calm = mean(image.pixels, 2 * round(scale[0] / 2) + 1)  # what the small picture does not have is no edge
    rows, columns = (
        np.minimum((np.arange(side) + 0.5) / step, last - 0.5).astype(np.intp)
        for side, step, last in zip((image.height, image.width), scale, ids.shape, strict=True)
    )
    centers = _centers(small, ids)
    centers[:, 3:] *= scale
    spacing = (image.width * image.height / len(centers)) ** 0.5
    around = np.pad(ids, 1, mode="edge")
    near = np.stack([around[y : y + ids.shape[0], x : x + ids.shape[1]] for y in range(3) for x in range(3)])
    border = (near != ids).any(axis=0)
    result = np.empty((image.height, image.width), np.int32)
    for top in range(0, image.height, _BAND):
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


def _centers(image: Image, ids: NDArray[np.int32]) -> NDArray[np.float64]:
    """(K, 5) mean CIELAB color, y and x of each label."""
    from skimage.color import rgb2lab

    y, x = np.indices(ids.shape) + 0.5
    values = [*np.moveaxis(rgb2lab(image.pixels), 2, 0), y, x]
    total = np.maximum(np.bincount(ids.reshape(-1)), 1)
    return np.stack([np.bincount(ids.reshape(-1), value.reshape(-1)) / total for value in values], axis=1)


def _colored(image: Image, ids: NDArray[np.int32]) -> Labels:
    """Give each label the mean color of its pixels; labels without a pixel are dropped, the rest run dark to light."""
    count = int(ids.max()) + 1
    sums, total = np.zeros((count + 1, 3)), np.zeros(count + 1, np.int64)
    for top in range(0, image.height, _BAND):
        band, pixels = ids[top : top + _BAND].reshape(-1) + 1, image.pixels[top : top + _BAND].reshape(-1, 3)
        total += np.bincount(band, minlength=count + 1)
        sums += np.stack([np.bincount(band, pixels[:, i], count + 1) for i in range(3)], axis=1)
    used = np.flatnonzero(total[1:])
    palette = to_uint8(sums[1:][used] / total[1:][used, None])
    order = by_lightness(palette)
    rank = np.full(count + 1, TRANSPARENT, np.int32)
    rank[used + 1] = np.argsort(order)
    return Labels(rank[ids + 1], palette[order], image)
