"""A picture as circles that do not overlap: large where there is little to see, and smaller ones in what is left.

Largest first: among all places the circle goes where it can be largest, up to what the picture asks for there. Many
that do not meet are placed at a time, and the room that is left is measured anew.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Floats, Ints
from artkit.artwork.drawing import CUBIC, Drawing, Layer, Path, Shape
from artkit.color.palette import name_of
from artkit.color.spaces import LEVEL_OF_LIGHT, LIGHT, srgb_to_oklab
from artkit.styles.shapes import CIRCLE

SIDE = 900
"""Pixels of the longer side of the grid on which room is measured."""

GAP = 0.35
"""Pixels of that grid between circles, at the least but for rounding."""

WINDOW, CALM = 15, 7.0
"""How the wanted size falls: by the deviation of colors within a window of so many pixels, in hundredths of OKLab.
Where that is `CALM` the size is half of the largest."""

GROWTH = 0.15
"""What a circle grows by at the most when all are placed, as a share of its radius, beside a pixel of the grid."""

FALL = 0.86
"""Circles of a round are no smaller than this share of the largest; more: closer to largest first, and slower."""


def drawing(
    pixels: NDArray[np.uint8],
    size: tuple[int, int],
    largest: float,
    smallest: float,
    background: str,
    weight: NDArray[np.floating] | None = None,
    opaque: Bools | None = None,
    advance: Callable[[float], None] = lambda share: None,
) -> Drawing:
    """Draw (H, W, 3) sRGB as circles on a background, for a sheet of `size`.

    `largest` and `smallest` are radii in shares of the longer side. Circles are smaller where `weight` (H, W) is more
    than 1, and none lies where the picture is not `opaque`.
    """
    zoom = max(SIDE // max(pixels.shape[:2]), 1)
    pixels = pixels.repeat(zoom, 0).repeat(zoom, 1)
    weight = None if weight is None else weight.repeat(zoom, 0).repeat(zoom, 1)
    opaque = None if opaque is None else opaque.repeat(zoom, 0).repeat(zoom, 1)
    height, width = pixels.shape[:2]
    side = max(height, width)
    biggest, least = max(largest, smallest) * side, max(smallest * side, 0.8)
    wanted = np.maximum(wanted_radii(pixels, biggest, weight), 1.3 * least)
    free = np.ones((height, width), bool) if opaque is None else opaque
    middles, radii = packed(wanted, free, least, GAP, advance)
    colors = _means(pixels, middles, radii)
    scale = np.array(size) / (width, height)
    shapes = [
        Shape([Path(scale * (middle + radius * CIRCLE), np.full(4, CUBIC, np.uint8))], name_of(color))
        for middle, radius, color in zip(middles, radii, colors, strict=True)
    ]
    return Drawing(*size, [Layer(shapes)], background=background)


def wanted_radii(pixels: NDArray[np.uint8], largest: float, weight: NDArray[np.floating] | None) -> Floats:
    """How large a circle may be with its middle in each pixel, (H, W): small where colors change, or count more."""
    import cv2

    lab = 100 * srgb_to_oklab(pixels).astype(np.float32)
    window = (WINDOW, WINDOW)
    mean = cv2.blur(lab, window, borderType=cv2.BORDER_REFLECT)
    square = cv2.blur(lab * lab, window, borderType=cv2.BORDER_REFLECT)
    spread = np.sqrt(np.maximum(square - mean * mean, 0).sum(2))
    spread = cv2.GaussianBlur(spread, (0, 0), WINDOW / 2.5, borderType=cv2.BORDER_REFLECT).astype(np.float64)
    if weight is not None:
        spread *= np.maximum(weight, 1)
    busy = spread / CALM
    wanted = np.rint(16 * largest / (1 + busy * np.sqrt(busy))) / 16  # alike on all processors
    square3 = np.ones((3, 3), np.uint8)
    for _ in range(int(largest)):  # a circle reaches to what is as far away as its radius
        wanted = np.minimum(wanted, cv2.erode(wanted, square3, borderType=cv2.BORDER_REPLICATE) + 1)
    return np.asarray(wanted)


def _means(pixels: NDArray[np.uint8], middles: Floats, radii: Floats) -> Floats:
    """The mean colors (N, 3) of the squares in circles, in linear light."""
    height, width = pixels.shape[:2]
    sums = np.zeros((height + 1, width + 1, 3))
    sums[1:, 1:] = LIGHT[pixels].cumsum(0, dtype=np.float64).cumsum(1)
    half = 0.75 * radii[:, None]
    low = np.clip(np.floor(middles - half), 0, (width - 1, height - 1)).astype(np.int64)
    high = np.clip(np.ceil(middles + half), low + 1, (width, height)).astype(np.int64)
    (x1, y1), (x2, y2) = low.T, high.T
    total = sums[y2, x2] - sums[y1, x2] - sums[y2, x1] + sums[y1, x1]
    return np.asarray(LEVEL_OF_LIGHT(total / ((x2 - x1) * (y2 - y1))[:, None]), np.float64)


def packed(
    wanted: Floats, free: Bools, smallest: float, gap: float, advance: Callable[[float], None] = lambda share: None
) -> tuple[Floats, Floats]:
    """Pack circles into the `free` pixels of a grid (H, W): middles (N, 2) as x and y, and radii (N,), in pixels.

    A circle is no larger than `wanted` (H, W) in its middle, no smaller than `smallest`, and keeps `gap` from others.
    """
    import cv2

    room = np.pad(free, 1).astype(np.uint8)
    middles, radii = np.zeros((0, 2)), np.zeros(0)
    floor = float(wanted.max())
    start = floor
    while floor >= smallest:
        # Distance to the middle of the nearest pixel that is taken; its edge may be half a diagonal nearer.
        clear = cv2.distanceTransform(room, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)[1:-1, 1:-1].astype(np.float64) - 0.71
        size = np.minimum(clear - gap, wanted)
        largest = float(size.max())
        if largest < smallest:
            break
        floor = max(min(FALL * largest, floor), smallest) if largest >= floor else max(FALL * largest, smallest)
        found, radius = _apart(size, floor, gap)
        middles, radii = np.concatenate([middles, found]), np.concatenate([radii, radius])
        _take(room, found, radius)
        advance(float(np.clip(1 - (floor - smallest) / max(start - smallest, 1e-9), 0, 1)))
    return middles, _grown(middles, radii, free, gap)


def _grown(middles: Floats, radii: Floats, free: Bools, gap: float) -> Floats:
    """Grow circles, the first ones first, until they are `gap` from the next one or at the edge of the free pixels.

    The grid knows distances to a pixel; here they are exact. A circle grows by `GROWTH` of its radius at most.
    """
    import cv2
    from scipy.spatial import cKDTree

    if not len(radii):
        return radii
    edge = cv2.distanceTransform(np.pad(free, 1).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)[1:-1, 1:-1]
    column, row = middles.astype(np.int64).T
    most = np.minimum((1 + GROWTH) * radii + 1, np.maximum(edge[row, column] - 0.71, radii))
    pairs = cKDTree(middles).query_pairs(2 * float(most.max()) + gap, output_type="ndarray")
    away = np.hypot(*(middles[pairs[:, 0]] - middles[pairs[:, 1]]).T) - gap
    near: list[list[tuple[int, float]]] = [[] for _ in radii]
    for (a, b), far in zip(pairs.tolist(), away.tolist(), strict=True):
        near[a].append((b, far))
        near[b].append((a, far))
    grown: list[float] = radii.tolist()
    for k, limit in enumerate(most.tolist()):
        grown[k] = max(grown[k], min((far - grown[other] for other, far in near[k]), default=limit))
        grown[k] = min(grown[k], limit)
    return np.array(grown)


def _apart(size: Floats, floor: float, gap: float) -> tuple[Floats, Floats]:
    """Circles of at least `floor` that keep apart: the largest first, of equals the first by rows."""
    import cv2

    reach = max(int(floor), 1)
    peak = cv2.dilate(size, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8))
    y, x = np.nonzero((size >= floor) & (size >= peak))
    radius = size[y, x]
    order = np.lexsort((x, y, -radius))
    cell = (y // reach) * size.shape[1] + x // reach  # where all are as large, one of each square does
    order = order[np.sort(np.unique(cell[order], return_index=True)[1])]
    middle: Floats = np.stack([x, y], axis=1)[order].astype(np.float64) + 0.5
    radius = radius[order]
    kept = _independent(middle, radius + gap / 2)
    return middle[kept], radius[kept]


def _independent(middle: Floats, radius: Floats) -> Ints:
    """Of circles in order, those that meet none before them that is kept."""
    from scipy.spatial import cKDTree

    if len(middle) < 2:
        return np.arange(len(middle))
    pairs = cKDTree(middle).query_pairs(2 * float(radius.max()), output_type="ndarray")
    away = np.hypot(*(middle[pairs[:, 0]] - middle[pairs[:, 1]]).T)
    pairs = pairs[away < radius[pairs[:, 0]] + radius[pairs[:, 1]]]
    later: list[list[int]] = [[] for _ in middle]
    for a, b in pairs.tolist():
        later[min(a, b)].append(max(a, b))
    kept = np.ones(len(middle), bool)
    for k in range(len(middle)):
        if kept[k]:
            kept[later[k]] = False
    return np.flatnonzero(kept)


def _take(room: NDArray[np.uint8], middle: Floats, radius: Floats) -> None:
    """Mark the pixels of a padded grid whose middles lie in circles as taken, in place."""
    for (x, y), r in zip((middle + 1).tolist(), radius.tolist(), strict=True):
        left, right = max(int(x - r), 0), int(np.ceil(x + r)) + 1
        top, bottom = max(int(y - r), 0), int(np.ceil(y + r)) + 1
        part = room[top:bottom, left:right]
        across = np.arange(left, left + part.shape[1]) + 0.5 - x
        down = np.arange(top, top + part.shape[0]) + 0.5 - y
        part[across[None] ** 2 + down[:, None] ** 2 <= r * r] = 0
