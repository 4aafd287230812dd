"""Photos in screenshots: rectangles of many colors on even ground, found so that each is traced as what it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from artkit.arrays import Bools, Pixels
from artkit.artwork.drawing import Drawing, Gradient, Layer, Path, Shape
from artkit.artwork.image import Image
from artkit.spans import spanned
from artkit.tracer.found import kind_of
from artkit.tracer.regions.flat import pack
from artkit.tracer.regions.ground import Ground

SHARE = 0.3
"""The least share of a picture that is even ground."""

SIDE = 40
"""Pixels of a photo's shorter side, at the least."""

WIDE = 21
"""Lines and text that touch a photo are nowhere so wide, in pixels."""

FILLED, EDGED = 0.7, 0.95
"""The least shares of its rectangle, and of each of its four edges, that are no ground."""

COLORS = 0.1
"""The least number of its colors, as a share of its pixels."""


class Box(NamedTuple):
    """Rows `top` to `bottom` and columns `left` to `right` of a picture, the last ones left out."""

    top: int
    left: int
    bottom: int
    right: int

    def of(self, pixels: Pixels) -> Pixels:
        """Give the part of a picture."""
        return pixels[self.top : self.bottom, self.left : self.right]


@spanned("photos within")
def insets(pixels: Pixels, ground: Ground | None) -> list[Box]:
    """Find the photos on the ground of an (H, W, 3) picture that is something else, from top to bottom."""
    import cv2

    if ground is None or ground.share < SHARE:
        return []
    busy = ground.depth > 0
    wide = cv2.morphologyEx(busy.astype(np.uint8), cv2.MORPH_OPEN, np.ones((WIDE, WIDE), np.uint8))
    _, _, facts, _ = cv2.connectedComponentsWithStats(wide, connectivity=4)
    found = []
    for left, top, width, height, area in facts[1:].tolist():
        box = Box(top, left, top + height, left + width)
        if min(width, height) >= SIDE and area >= FILLED * width * height and _is_photo(box, busy, pixels):
            found.append(box)
    return [] if found and _is_noisy(pixels) else found


def _is_noisy(pixels: Pixels) -> bool:
    """Whether all of the picture is flat art under noise: details in that look like photos."""
    whole = Image(pixels)
    return kind_of(whole, "auto", None, plain=True) == "photo" and kind_of(whole, "auto", None) == "flat"


def _is_photo(box: Box, busy: Bools, pixels: Pixels) -> bool:
    inside = busy[box.top : box.bottom, box.left : box.right]
    edges = (inside[0], inside[-1], inside[:, 0], inside[:, -1])
    part = np.ascontiguousarray(box.of(pixels))
    if not all(edge.mean() >= EDGED for edge in edges) or len(np.unique(pack(part))) < COLORS * inside.size:
        return False
    return kind_of(Image(part), "auto", None) == "photo"


def with_insets(image: Image, boxes: list[Box], traced: Callable[[Image], Drawing]) -> Drawing:
    """Draw what is `traced` around photos and of these, which lie on top, in rectangles of their own."""
    pixels = image.pixels.copy()
    for box in boxes:
        box.of(pixels)[:] = _beside(box, image.pixels)
    drawing = traced(Image(pixels))
    layers = list(drawing.layers)
    for box in boxes:
        part = traced(Image(np.ascontiguousarray(box.of(image.pixels))))
        layers.append(Layer(_moved(part, box), "photo"))
    return drawing.replace(layers=layers, facts={})


def _beside(box: Box, pixels: Pixels) -> Pixels:
    """(3,) the commonest color beside a box: nothing around it is a mixture with that."""
    height, width = pixels.shape[:2]
    larger = Box(max(box.top - 2, 0), max(box.left - 2, 0), min(box.bottom + 2, height), min(box.right + 2, width))
    ring = np.ones((height, width), bool)
    ring[box.top : box.bottom, box.left : box.right] = False
    around = larger.of(pixels)[ring[larger.top : larger.bottom, larger.left : larger.right]]
    colors, counts = np.unique(around.reshape(-1, 3), axis=0, return_counts=True)
    beside: Pixels = colors[counts.argmax()] if len(colors) else box.of(pixels)[0, 0]
    return beside


def _moved(drawing: Drawing, box: Box) -> list[Shape]:
    """Give a drawing's shapes where its box is, its background as one of them."""
    corners = np.array([(box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom)])
    shapes = [] if drawing.background is None else [Shape([Path(corners.astype(np.float64))], drawing.background)]
    move = np.array([box.left, box.top], np.float64)
    for shape in drawing.shapes:
        paths = [path._replace(points=path.points + move) for path in shape.paths]
        fill = shape.fill
        if isinstance(fill, Gradient):
            (x, y), (end_x, end_y) = fill.start, fill.end
            fill = fill._replace(start=(x + box.left, y + box.top), end=(end_x + box.left, end_y + box.top))
        shapes.append(shape._replace(paths=paths, fill=fill))
    return shapes
