"""A picture of ink on paper in, a drawing of the ink alone out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from artkit.artwork.drawing import Drawing, Layer, Shape
from artkit.artwork.image import Image
from artkit.spans import spanned
from artkit.tracer.assemble import Borders, Layering, drawn
from artkit.tracer.found import Regions

if TYPE_CHECKING:
    from artkit.tracer.paper import Strokes

INKS = 2
"""Ink and its paper; flat art of more inks than this is traced as such."""

TOLERANCE = 0.28
"""How far outlines of ink may stray by themselves, in pixels of the picture: cameras tell no more."""


def ink_of(image: Image) -> Strokes | None:
    """Tell the ink of a picture of ink on paper from the paper; None where it is something else."""
    from artkit.tracer.noise import flat_inks
    from artkit.tracer.paper import ink_on_paper, strokes

    if image.alpha is not None or (ink := ink_on_paper(image.pixels)) is None:
        return None
    if flat_inks(image.pixels) > INKS:  # a drawing in several colors on a ground of one
        return None
    return strokes(ink)


@spanned("ink on paper")
def inked(image: Image, borders: Borders, layers: Layering) -> Drawing | None:
    """Draw the ink of a picture of ink on paper; None where it is something else."""
    outline = ink_of(image)
    if outline is None:
        return None
    tolerance = outline.scale * (TOLERANCE if borders.tolerance is None else borders.tolerance)
    regions = Regions("line", outline.ids, outline.color[None], outline.offsets)
    drawing = drawn(regions, replace(borders, tolerance=tolerance), layers, fixed=True)
    return _reduced(drawing, outline.scale, image)


def _reduced(drawing: Drawing, scale: int, image: Image) -> Drawing:
    """Bring a drawing on a finer grid back to the picture's pixels."""

    def reduced(shape: Shape) -> Shape:
        return shape._replace(paths=[path._replace(points=path.points / scale) for path in shape.paths])

    layers = [Layer([reduced(shape) for shape in layer.shapes], layer.name) for layer in drawing.layers]
    return drawing.replace(width=image.width, height=image.height, layers=layers)
