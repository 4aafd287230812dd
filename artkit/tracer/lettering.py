"""A screenshot in; its text and thin lines as shapes, and the picture without them, out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import TRANSPARENT, Floats
from artkit.artwork.drawing import Shape
from artkit.artwork.image import Image
from artkit.planar.map import PlanarMap
from artkit.tracer.assemble import Borders, drawn
from artkit.tracer.found import Regions
from artkit.tracer.regions.edges import inner_sides
from artkit.tracer.regions.ground import Ground, even_ground
from artkit.tracer.regions.sharpen import FILTERS, FINE, sharpened, sharpened_thirds
from artkit.tracer.regions.thin import Thin, thin_ink
from artkit.tracer.screens import screened

SHARE = 0.3
"""The least share of a picture that is even ground."""

LEAST = 32
"""Pixels of ink that are text, at the least."""

MIXED = 0.15
"""The least share of these that ink does not fill: without antialiasing nothing tells finer edges."""

MANY, MOST = 24, 0.4
"""Objects that make a picture one of text and lines, or their share of all that is not ground."""

FULL = 0.55
"""The most that pixels of ink have of it on the average, where objects are few: thicker strokes are not thin."""

TOLERANCE = 0.1
"""How far outlines may stray by themselves, in pixels of the picture."""


class Lettering(NamedTuple):
    """Shapes of text and lines, the picture without them, and a line that tells what was seen."""

    shapes: list[Shape]
    rest: Image
    seen: str


def lettering(image: Image, borders: Borders) -> Lettering | None:
    """Take text and thin lines off a picture; None where it has none."""
    if image.alpha is not None or (ground := even_ground(image.pixels)) is None or ground.share < SHARE:
        return None
    thin = thin_ink(image.pixels, ground)
    if thin is None or not _is_text(thin, ground) or screened(image.pixels) is not None:
        return None
    inside = _inside(thin)
    ids = _labels(thin, inside)
    tolerance = FINE * (TOLERANCE if borders.tolerance is None else borders.tolerance)
    regions = Regions("flat", ids, thin.colors, lambda planar: _offsets(planar, inside))
    drawing = drawn(regions, replace(borders, tolerance=tolerance), "merged", fixed=True)
    shapes = [
        shape._replace(paths=[path._replace(points=path.points / FINE) for path in shape.paths])
        for shape in drawing.shapes
    ]
    kind = "ClearType text folded" if thin.order else "text and thin lines"
    return Lettering(shapes, Image(thin.beneath), f"screenshot: {kind}, {len(shapes)} shapes")


def _is_text(thin: Thin, ground: Ground) -> bool:
    """Whether there are many objects of thin ink, or little else, and nowhere much of it."""
    ink = thin.ink >= 0
    size = float(ink.sum())
    cover = thin.coverage[ink]
    mixed = (cover.max(1) > 0.03) & (cover.min(1) < 0.97)
    if size < LEAST or float(mixed.mean()) < MIXED:
        return False
    most = size >= MOST * max(float((ground.depth > 0).sum()), 1.0)
    return thin.count >= MANY or (most and float(cover.mean()) <= FULL)


def _inside(thin: Thin) -> NDArray[np.float32]:
    """(3 H, 3 W): above zero where ink is, below where not, on a grid three times as fine."""
    import cv2

    inside = None
    plain = np.where(thin.thirds, 0, thin.coverage.mean(2)).astype(np.float32)
    if plain.any():
        inside = sharpened(plain)
    if thin.thirds.any():
        cover = np.where(thin.thirds[..., None], thin.coverage, 0).astype(np.float32)
        thirds = np.ascontiguousarray(cover[..., :: thin.order]).reshape(cover.shape[0], -1)
        found = sharpened_thirds(thirds, np.ones_like(thirds), FILTERS[0])
        inside = found if inside is None else np.maximum(inside, found)
    assert inside is not None
    beside = cv2.dilate(thin.ruled.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    ruled = thin.ruled | (beside & ~thin.coverage.any(2))
    exact = np.where(thin.ruled, np.float32(0.5), np.float32(-0.5))
    return np.where(_finer(ruled), _finer(exact), inside)


def _finer(values: NDArray[Any]) -> NDArray[Any]:
    return values.repeat(FINE, 0).repeat(FINE, 1)


def _labels(thin: Thin, inside: NDArray[np.float32]) -> NDArray[np.int32]:
    """(3 H, 3 W): the ink where there is some, TRANSPARENT elsewhere; a little beyond its pixels, too."""
    import cv2

    spread = np.asarray(cv2.dilate(thin.ink.astype(np.float32), np.ones((3, 3), np.uint8))).astype(np.int32)
    label = _finer(np.where(thin.ink >= 0, thin.ink, spread))
    return np.where((inside > 0) & (label >= 0), label, TRANSPARENT).astype(np.int32)


def _offsets(planar: PlanarMap, inside: NDArray[np.float32]) -> Floats:
    """How far the edge stands from each crack, in pixels of the fine grid: where `inside` passes zero."""
    crack, p, q = inner_sides(planar)
    offset, flat = np.zeros(len(planar.direction)), inside.ravel().astype(np.float64)
    a, b = flat[p], flat[q]
    passes = a * b < 0
    offset[crack[passes]] = a[passes] / (a[passes] - b[passes]) - 0.5
    return offset
