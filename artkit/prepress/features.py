"""Regions in, how fine they are out: what of them is too thin to be printed.

Thin is what an opening by the least feature takes away (Serra, Image Analysis and Mathematical Morphology, 1982): an
erosion by half of it, and a dilation by five eighths, so that corners, which a disc never fills, do not count.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from artkit.arrays import Floats, Ints
from artkit.prepress.regions import GRID, Region, together

CORNERS = 1.25
"""How much farther the dilation goes than the erosion."""

SHARE = 2e-4
"""Of an ink's area that may be thin in the end."""

SPECK = 0.05
"""Squares of a least feature: smaller parts are corners, up to 60 degrees, and no features."""

QUARTER = 8
"""Segments of a quarter circle: off by 0.5% of its radius."""

WIDTHS = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.75, 1.0, 1.5, 2.0)
"""Millimetres that features and gaps are measured in."""

CRUMB = 1e-6
"""Square millimetres that count for nothing."""

CORNER = 1.0
"""What an opening takes away of a tip of 20 degrees, about, in squares of its width; less is no thin part."""


def thin_share(region: Region, least: float) -> float:
    """Give what share of a region's area an opening takes away."""
    import shapely

    return float(shapely.area(thin_parts(region, least)).sum()) / region.area if region.area else 0.0


def has_features(region: Region, least: float) -> bool:
    """Tell whether there is more of a region that is thinner than may be thin in the end, corners apart."""
    import shapely

    areas = shapely.area(thin_parts(region, least))
    return bool(areas[areas > SPECK * least * least].sum() > SHARE * region.area)


def thin_parts(region: Any, least: float) -> Any:
    """Give what an opening takes away of a region, or of polygons (P,), as polygons (N,)."""
    import shapely

    if isinstance(region, np.ndarray):
        region = together(region)
    core = shapely.buffer(region, -least / 2, quad_segs=QUARTER)
    wide = shapely.buffer(core, least / 2 * CORNERS, quad_segs=QUARTER)
    parts = shapely.get_parts(shapely.difference(region, wide))
    return parts[(shapely.get_dimensions(parts) == 2) & (shapely.area(parts) > CRUMB)]


def slivers(polygons: Any, width: float, corner: float = CORNER) -> Any:
    """Give what of polygons (P,) is thinner than a width, (N,): all of one, or more than is taken away of a corner."""
    import shapely

    core = shapely.buffer(polygons, -width / 2, quad_segs=QUARTER)
    alone = shapely.is_empty(core)
    taken = shapely.difference(polygons[~alone], shapely.buffer(core[~alone], width / 2 * CORNERS, quad_segs=QUARTER))
    parts = shapely.get_parts(taken)
    return np.concatenate([polygons[alone], parts[shapely.area(parts) > corner * width**2]])


def borders_of(faces: Any) -> tuple[Floats, Floats, Ints, Ints]:
    """Give each segment that two faces share: both of its ends (N, 2), and the numbers of the faces (N,)."""
    import shapely

    rings, face = shapely.get_rings(faces, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    steps = np.rint(points / GRID).astype(np.int64)
    key = steps[:, 0] * (1 << 31) + steps[:, 1]
    start = np.flatnonzero(ring[1:] == ring[:-1])
    low, high = np.minimum(key[start], key[start + 1]), np.maximum(key[start], key[start + 1])
    order = np.lexsort((high, low))
    twin = np.flatnonzero((low[order][1:] == low[order][:-1]) & (high[order][1:] == high[order][:-1]))
    one, other = start[order[twin]], start[order[twin + 1]]
    return points[one], points[one + 1], face[ring[one]], face[ring[other]]


def finest(region: Region) -> float | None:
    """Give the largest of `WIDTHS` that a region is nowhere thinner than, 0 for none; None where it is at no width.

    What is thinner at one width is so at all that are larger, so that they are searched by halves.
    """
    low, high = 0, len(WIDTHS)
    while low < high:
        middle = (low + high) // 2
        if has_features(region, WIDTHS[middle]):
            high = middle
        else:
            low = middle + 1
    if low == len(WIDTHS):
        return None
    return WIDTHS[low - 1] if low else 0.0
