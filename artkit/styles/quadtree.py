"""A picture as a quadtree: squares that are divided in four where they are least like it, the worst one first.

After Finkel and Bentley, "Quad trees" (1974); what a square is off by follows from sums over the picture that are made
once (Crow, "Summed-area tables", 1984).
"""

from __future__ import annotations

import heapq

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Floats, Ints
from artkit.artwork.drawing import CUBIC, Drawing, Layer, LineStyle, Path, Shape
from artkit.color.palette import name_of
from artkit.color.spaces import LEVEL_OF_LIGHT, LIGHT, srgb_to_oklab
from artkit.styles.shapes import CIRCLE

SIDE = 1024
"""Pixels of the longer side of the picture that is divided."""

LEAST = 4
"""Pixels of the shortest side of a rectangle there."""

EVEN = 0.6
"""Power of its area by which a rectangle's mean error counts: at 1 the sum of errors falls fastest, and large plain
rectangles stay beside dust; below, sizes are more alike."""

GRIDS = 6
"""Rows and columns, at most, of the grid of nearly square rectangles that is divided."""


def drawing(
    pixels: NDArray[np.uint8],
    size: tuple[int, int],
    count: int,
    shape: str,
    line: float,
    ink: str,
    weight: NDArray[np.floating] | None = None,
    opaque: Bools | None = None,
) -> Drawing:
    """Draw (H, W, 3) sRGB as at most `count` rectangles, or ellipses in them, for a sheet of `size`.

    Errors count by `weight` (H, W). Between rectangles there is a `line` so wide, around ellipses its color.
    What is for the larger part not `opaque` is left out.
    """
    height, width = pixels.shape[:2]
    boxes = divided(pixels, count, weight)
    inside = np.ones((height, width)) if opaque is None else opaque.astype(np.float64)
    light = _summed(np.dstack([LIGHT[pixels] * inside[..., None], inside]))
    total = _over(light, boxes)
    area = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    boxes, total = boxes[2 * total[:, 3] >= area], total[2 * total[:, 3] >= area]
    colors = LEVEL_OF_LIGHT(total[:, :3] / total[:, 3:])
    scaled = boxes * (np.array([*size, *size]) / (width, height, width, height))
    names = [name_of(color) for color in colors]
    if shape == "ellipse":
        ellipses = [Shape([_ellipse(box, line)], name) for box, name in zip(scaled, names, strict=True)]
        sheets = [Shape([_rectangle(box)], ink) for box in scaled] if opaque is not None else []
        layers = [Layer(sheets, "ground"), Layer(ellipses, "ellipses")] if sheets else [Layer(ellipses, "ellipses")]
        return Drawing(*size, layers, background=None if sheets else ink)
    rectangles = [Shape([_rectangle(box)], name) for box, name in zip(scaled, names, strict=True)]
    layers = [Layer(rectangles, "rectangles", crisp=True)]
    if line and len(scaled):
        layers.append(Layer([Shape(_borders(scaled), None, ink, 1.0, LineStyle(line, "square", "miter"))], "lines"))
    return Drawing(*size, layers)


def divided(pixels: NDArray[np.uint8], count: int, weight: NDArray[np.floating] | None = None) -> Ints:
    """Divide a picture (H, W, 3) into at most `count` boxes, (N, 4): left, top, right, bottom, in pixels.

    They tile it. The one with the largest error, in OKLab and by `weight` (H, W), is divided next.
    """
    height, width = pixels.shape[:2]
    lab = np.rint(srgb_to_oklab(pixels).astype(np.float64) * 4096) / 4096  # sums are exact, and alike everywhere
    heavy = np.ones((height, width)) if weight is None else np.rint(np.maximum(weight, 0.25) * 16.0) / 16
    sums = _summed(np.dstack([lab * heavy[..., None], (lab * lab).sum(2) * heavy, heavy]))
    boxes = _grid(height, width, count)
    queue = [(-error, number) for number, error in enumerate(_errors(sums, np.array(boxes)))]
    heapq.heapify(queue)
    left = count - len(boxes)
    while queue and left >= 3:
        error, number = heapq.heappop(queue)
        parts = _quarters(*boxes[number])
        if error == 0 or not parts:
            continue
        places = [number, *range(len(boxes), len(boxes) + 3)]
        boxes[number] = parts[0]
        boxes.extend(parts[1:])
        left -= 3
        for place, worse in zip(places, _errors(sums, np.array(parts)), strict=True):
            heapq.heappush(queue, (-worse, place))
    return np.array(boxes, np.int64)


Box = tuple[int, int, int, int]


def _grid(height: int, width: int, count: int) -> list[Box]:
    """The boxes of the grid, of few rows and columns, that are the nearest to squares; no more than `count`."""
    choices = [
        (abs(np.log(width / columns / (height / rows))) + 0.02 * rows * columns, rows, columns)
        for rows in range(1, min(GRIDS, height) + 1)
        for columns in range(1, min(GRIDS, width) + 1)
        if rows * columns <= count
    ]
    _, rows, columns = min(choices)
    x, y = ([round(side * k / parts) for k in range(parts + 1)] for side, parts in ((width, columns), (height, rows)))
    return [(x[i], y[j], x[i + 1], y[j + 1]) for j in range(rows) for i in range(columns)]


def _quarters(left: int, top: int, right: int, bottom: int) -> list[Box]:
    """Four quarters of a box; none where they would be too small."""
    if min(right - left, bottom - top) < 2 * LEAST:
        return []
    x, y = (left + right) // 2, (top + bottom) // 2
    return [(left, top, x, y), (x, top, right, y), (left, y, x, bottom), (x, y, right, bottom)]


def _errors(sums: Floats, boxes: Ints) -> list[float]:
    """What each box (N, 4) is off by, if painted in its mean color: its mean squared error, by a power of its area."""
    total = _over(sums, boxes)
    mass = np.maximum(total[:, 4], 1e-12)
    off = np.maximum(total[:, 3] - (total[:, :3] ** 2).sum(1) / mass, 0)
    off[off < 1e-9 * mass] = 0
    area = ((boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])).astype(np.float64)
    found: list[float] = (off / area * area**EVEN).tolist()
    return found


def _summed(values: Floats) -> Floats:
    """The sums (H + 1, W + 1, C) over all that is above and to the left of each corner."""
    sums = np.zeros((values.shape[0] + 1, values.shape[1] + 1, values.shape[2]))
    sums[1:, 1:] = values.cumsum(0, dtype=np.float64).cumsum(1)
    return sums


def _over(sums: Floats, boxes: Ints) -> Floats:
    """The sums over boxes (N, 4)."""
    x1, y1, x2, y2 = boxes.T
    over: Floats = sums[y2, x2] - sums[y1, x2] - sums[y2, x1] + sums[y1, x1]
    return over


def _rectangle(box: Floats) -> Path:
    left, top, right, bottom = box
    return Path(np.array([[left, top], [right, top], [right, bottom], [left, bottom]]))


def _ellipse(box: Floats, line: float) -> Path:
    middle, half = (box[:2] + box[2:]) / 2, (box[2:] - box[:2]) / 2
    radii = np.maximum(half - line / 2, 0.6 * half)
    return Path(middle + radii * CIRCLE, np.full(4, CUBIC, np.uint8))


def _borders(boxes: Floats) -> list[Path]:
    """Left and upper sides of all boxes, and the right and lower ones that are nobody's left or upper: each once."""
    right, bottom = boxes[:, 2].max(), boxes[:, 3].max()
    paths = []
    for x1, y1, x2, y2 in boxes.tolist():
        paths.append(Path(np.array([[x1, y2], [x1, y1], [x2, y1]]), None, closed=False))
        if x2 == right:
            paths.append(Path(np.array([[x2, y1], [x2, y2]]), None, closed=False))
        if y2 == bottom:
            paths.append(Path(np.array([[x1, y2], [x2, y2]]), None, closed=False))
    return paths
