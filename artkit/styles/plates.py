"""Patterns of colors as plates with studs: an exact cover by the largest plates that fit, and how they look.

Large plates are laid first, wherever they fit on studs of one color, row by row: a greedy cover, in which every stud
lies on one plate. Plates of one stud fill what is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from artkit.artwork.drawing import CUBIC, KitDrawing, Layer, Path, Shape
from artkit.color.materials import Material
from artkit.color.palette import name_of, parse
from artkit.styles.shapes import CIRCLE

SIZES = ((2, 8), (2, 6), (2, 4), (1, 8), (2, 3), (1, 6), (2, 2), (1, 4), (1, 3), (1, 2), (1, 1))
"""Studs of plates, the narrow side first, from the largest on."""

STUD, PITCH = 0.3, 8.0
"""Radius of a stud, as a share of its place, and millimetres from one to the next."""

SHADE, LIGHT_EDGE = 0.3, 0.35
"""How dark the shadow of a stud is, and how light its upper edge."""


class Plate(NamedTuple):
    """A plate: its place on the grid, how many rows and columns it has, and the number of its color."""

    row: int
    column: int
    rows: int
    columns: int
    color: int

    @property
    def size(self) -> tuple[int, int]:
        """Its studs, the narrow side first."""
        return min(self.rows, self.columns), max(self.rows, self.columns)


def cover(cells: NDArray[np.int32], merge: bool) -> list[Plate]:
    """Cover the cells (H, W) of each color exactly; plates of one stud alone where they are not to `merge`."""
    free = cells.copy()
    plates = []
    for narrow, long in SIZES if merge else SIZES[-1:]:
        for rows, columns in dict.fromkeys(((narrow, long), (long, narrow))):
            for row, column in np.argwhere(_fits(free, rows, columns)).tolist():
                here = free[row : row + rows, column : column + columns]
                color = int(here[0, 0])
                if color >= 0 and (here == color).all():
                    plates.append(Plate(row, column, rows, columns, color))
                    here[:] = -1
    return sorted(plates)


def _fits(free: NDArray[np.int32], rows: int, columns: int) -> NDArray[np.bool_]:
    """Where (H, W) a plate's upper left stud may be, before others are laid."""
    height, width = free.shape
    if rows > height or columns > width:
        return np.zeros((0, 0), bool)
    first = free[: height - rows + 1, : width - columns + 1]
    fits = first >= 0
    for dy in range(rows):
        for dx in range(columns):
            fits &= free[dy : height - rows + 1 + dy, dx : width - columns + 1 + dx] == first
    return fits


def drawing(
    plates: Sequence[Plate],
    shape: tuple[int, int],
    materials: Sequence[Material],
    size: tuple[float, float],
    ground: str,
    text: str,
    rows: tuple[tuple[str, ...], ...],
) -> KitDrawing:
    """Draw plates of a grid of `shape`, rows and columns, seen from above in the light of the upper left."""
    unit = size[0] / shape[1]
    boxes: list[list[Path]] = [[] for _ in materials]
    tops: list[list[Path]] = [[] for _ in materials]
    shadows, edges, seams = [], [], []
    circle = np.full(4, CUBIC, np.uint8)
    bow = CIRCLE[6:13]  # from the left over the top to the right
    for plate in plates:
        x, y, right, bottom = plate.column, plate.row, plate.column + plate.columns, plate.row + plate.rows
        box = Path(np.array([(x, y), (right, y), (right, bottom), (x, bottom)], np.float64) * unit)
        boxes[plate.color].append(box)
        seams.append(box)
        for row in range(y, bottom):
            for column in range(x, right):
                middle = np.array([column + 0.5, row + 0.5])
                shadows.append(Path((middle + (0.06, 0.08) + STUD * CIRCLE) * unit, circle))
                tops[plate.color].append(Path((middle + STUD * CIRCLE) * unit, circle))
                edges.append(Path((middle + 0.9 * STUD * bow) * unit, circle[:2], closed=False))
    layers = [
        Layer([Shape(some, each.color) for some, each in zip(boxes, materials, strict=True) if some], "plates"),
        Layer([Shape(seams, None, "#000000", 0.28)], "seams", 0.045 * unit),
        Layer([Shape(shadows, "#000000", opacity=SHADE)], "shadows"),
        Layer([Shape(some, _lit(each.color)) for some, each in zip(tops, materials, strict=True) if some], "studs"),
        Layer([Shape(edges, None, "#ffffff", LIGHT_EDGE)], "light", 0.05 * unit),
    ]
    grid = max(round(36 / unit), 1)
    return KitDrawing(*size, layers if plates else [], background=ground, grid=grid, text=text, rows=rows)


def _lit(color: str) -> str:
    level = parse(color).astype(np.float64)
    return name_of(np.rint(level + 0.07 * (255 - level)))
