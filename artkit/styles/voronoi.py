"""A picture as the cells of a Voronoi diagram: small where there is much to see, their borders along those of things.

Points settle by Lloyd's rounds as a weighted centroidal Voronoi diagram (Secord, "Weighted Voronoi stippling", 2002).
Pixels at edges of the picture do not count, so that points leave them and edges come to lie between two cells (Hausner,
"Simulating decorative mosaics", 2001).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Floats, Ints
from artkit.artwork.drawing import Drawing, Layer, LineStyle, Path, Shape
from artkit.color.palette import name_of
from artkit.color.spaces import LEVEL_OF_LIGHT, LIGHT, srgb_to_oklab
from artkit.raster.bands import Advance

SIDE = 640
"""Pixels of the longer side of the picture by which points settle; with many cells more, `PIXELS` to each."""

PIXELS = 24

ROUNDS, LEAP = 12, 1.6
"""Lloyd's rounds; each moves points by `LEAP` times the way to their cell's center, the last two by all of it."""

WINDOW, PLAIN = 11, 0.15
"""Cells lie closer by the deviation of colors within a window of so many pixels. Where there is none they are `PLAIN`
times as dense as on the mean, about."""

EDGE = 4.0
"""Change of color from pixel to pixel, in hundredths of OKLab, at which a pixel counts half for where points settle."""

SEAM, NARROWEST = 2.0, 0.75
"""Width of the stroke that cells have in their own color, in thousandths of the longer side, and at least in units: no
hairlines show, even where a unit is a pixel."""


def drawing(
    pixels: NDArray[np.uint8],
    size: tuple[int, int],
    count: int,
    line: float,
    ink: str,
    rng: np.random.Generator,
    weight: NDArray[np.floating] | None = None,
    opaque: Bools | None = None,
    advance: Advance = lambda share: None,
) -> Drawing:
    """Draw (H, W, 3) sRGB as `count` cells for a sheet of `size`, with a `line` so wide between them; 0 is none.

    Cells are smaller where `weight` (H, W) is more; those that lie in parts that are not `opaque` are left out.
    """
    height, width = pixels.shape[:2]
    density, calm = density_of(pixels, weight)
    inside = np.ones((height, width), bool) if opaque is None else opaque
    points = settled(density, calm * inside, min(count, int(inside.sum())), rng, advance)
    owner = nearest(points, height, width)
    kept = np.bincount(owner, inside.ravel(), len(points)) * 2 >= np.maximum(
        np.bincount(owner, minlength=len(points)), 1
    )
    colors = _means(pixels, owner, (0.02 + calm) * inside, len(points))
    cells = polygons(points * (np.array(size) / (width, height)), *size)
    seam = LineStyle(max(SEAM * max(size) / 1000, NARROWEST), join="round")
    shapes = [
        Shape([Path(cell)], name, None if line else name, 1.0, None if line else seam)
        for cell, name, there in zip(cells, map(name_of, colors), kept.tolist(), strict=True)
        if there
    ]
    leads = _borders([cell for cell, there in zip(cells, kept.tolist(), strict=True) if there]) if line else []
    layers = (
        [Layer(shapes, "cells"), Layer([Shape(leads, None, ink)], "lines", line)] if leads else [Layer(shapes, "cells")]
    )
    return Drawing(*size, layers)


def density_of(pixels: NDArray[np.uint8], weight: NDArray[np.floating] | None) -> tuple[Floats, Floats]:
    """How dense cells are to lie at each pixel, (H, W), and how much it counts for where they settle: 0 at an edge."""
    import cv2

    lab = 100 * srgb_to_oklab(pixels).astype(np.float32)
    window = (WINDOW, WINDOW)
    mean = cv2.blur(lab, window, borderType=cv2.BORDER_REFLECT)
    square = cv2.blur(lab * lab, window, borderType=cv2.BORDER_REFLECT)
    spread = np.sqrt(np.maximum(square - mean * mean, 0).sum(2))
    spread = cv2.GaussianBlur(spread, (0, 0), WINDOW / 3, borderType=cv2.BORDER_REFLECT).astype(np.float64)
    spread = (spread / max(float(spread.mean()), 1e-6)) ** 0.75
    density = PLAIN + (1 - PLAIN) * spread
    if weight is not None:
        density *= np.maximum(weight, 0.5) ** 0.6
    across, down = (cv2.Sobel(lab, cv2.CV_32F, dx, 1 - dx, ksize=3, scale=1 / 8) for dx in (1, 0))
    change = np.sqrt((across * across + down * down).sum(2)).astype(np.float64)
    calm = 1 / (1 + (change / EDGE) ** 2)
    return np.rint(density * 256) / 256, np.rint(calm * 256) / 256  # alike on all processors


def settled(
    density: Floats, calm: Floats, count: int, rng: np.random.Generator, advance: Callable[[float], None]
) -> Floats:
    """Spread `count` points, (N, 2) as x and y, over a grid (H, W): as dense as is said, with a cell around each."""
    height, width = density.shape
    places = middles(height, width)
    # Cells that have settled are as dense as the root of the weight (Gersho 1979, in two dimensions).
    mass = (density**2 * calm).ravel() + 1e-9
    total = np.cumsum((density * (calm > 0)).ravel() + 1e-12)
    wanted = (np.arange(count) + rng.uniform(0, 1, count)) / count * total[-1]
    points: Floats = places[np.minimum(np.searchsorted(total, wanted), len(places) - 1)] + rng.uniform(
        -0.4, 0.4, (count, 2)
    )
    for number in range(ROUNDS):
        owner = nearest(points, height, width)
        heavy = np.bincount(owner, mass, count)
        middle = (
            np.column_stack([np.bincount(owner, mass * at, count) for at in places.T])
            / np.maximum(heavy, 1e-300)[:, None]
        )
        leap = LEAP if number < ROUNDS - 2 else 1.0
        points = np.where((heavy > 0)[:, None], points + leap * (middle - points), points)
        points = np.asarray(np.clip(points, 0.01, (width - 0.01, height - 0.01)), np.float64)
        advance((number + 1) / (ROUNDS + 1))
    return points


def middles(height: int, width: int) -> Floats:
    """The middles of a grid's pixels, (H * W, 2), as x and y."""
    y, x = np.mgrid[:height, :width] + 0.5
    return np.column_stack([x.ravel(), y.ravel()])


def nearest(points: Floats, height: int, width: int) -> Ints:
    """The number of the point that is nearest to each pixel of a grid, (H * W,)."""
    from scipy.spatial import cKDTree

    owner: Ints = cKDTree(points).query(middles(height, width))[1]
    return owner


def polygons(points: Floats, width: float, height: float) -> list[Floats]:
    """The cell (K, 2) of each point on a sheet: convex, clockwise on the screen, together the whole sheet.

    Each point has four mirror images beyond the sides, so that cells end there. Neighbors share their corners exactly.
    """
    from scipy.spatial import Voronoi

    sheet = np.array([width, height], np.float64)
    far = [
        points * (1, 1),
        points * (-1, 1),
        points * (1, -1),
        (2 * width, 0) + points * (-1, 1),
        (0, 2 * height) + points * (1, -1),
    ]
    found = Voronoi(np.concatenate(far))
    corners: Floats = found.vertices
    for axis in (0, 1):
        for side in (0.0, sheet[axis]):
            corners[np.abs(corners[:, axis] - side) < 1e-7 * sheet[axis], axis] = side
    cells = []
    for number, point in enumerate(points):
        own = corners[found.regions[found.point_region[number]]]
        cells.append(own[np.argsort(np.arctan2(*(own - point).T[::-1]), kind="stable")])
    return cells


def _borders(cells: list[Floats]) -> list[Path]:
    """Every side of the cells once."""
    seen: set[tuple[tuple[float, float], tuple[float, float]]] = set()
    paths = []
    for cell in cells:
        rows = [(x, y) for x, y in cell.tolist()]
        for one, other in zip(rows, rows[1:] + rows[:1], strict=True):
            key = (min(one, other), max(one, other))
            if one != other and key not in seen:
                seen.add(key)
                paths.append(Path(np.array([one, other]), None, closed=False))
    return paths


def _means(pixels: NDArray[np.uint8], owner: Ints, weight: Floats, count: int) -> Floats:
    """The mean colors (N, 3) of cells in linear light, pixels of edges counting less."""
    heavy = weight.ravel()
    light = LIGHT[pixels].reshape(-1, 3)
    total = np.column_stack([np.bincount(owner, heavy * light[:, channel], count) for channel in range(3)])
    return np.asarray(LEVEL_OF_LIGHT(total / np.maximum(np.bincount(owner, heavy, count), 1e-12)[:, None]), np.float64)
