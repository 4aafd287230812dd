"""A drawing at another size: every length times a factor."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from artkit.artwork.drawing import Drawing, Fill, Layer, Path, Shape


def enlarged(drawing: Drawing, factor: float, width: float, height: float) -> Drawing:
    """Give a drawing `factor` times as large, on a sheet of `width` x `height` units; one on a page stays as it is."""
    if drawing.page is not None:
        return drawing
    layers = [_layer(layer, factor) for layer in drawing.layers]
    return replace(drawing, width=width, height=height, layers=layers)


def _layer(layer: Layer, factor: float) -> Layer:
    shadow = layer.shadow
    if shadow is not None:
        x, y = shadow.offset
        shadow = shadow._replace(offset=(factor * x, factor * y), blur=factor * shadow.blur)
    shapes = [_shape(shape, factor) for shape in layer.shapes]
    return replace(
        layer, shapes=shapes, shadow=shadow, blur=factor * layer.blur, stroke_width=factor * layer.stroke_width
    )


def _shape(shape: Shape, factor: float) -> Shape:
    line = shape.line
    if line is not None:
        line = line._replace(width=factor * line.width, dashes=tuple(factor * dash for dash in line.dashes))
    return shape._replace(
        paths=[_path(path, factor) for path in shape.paths], fill=_fill(shape.fill, factor), line=line
    )


def _path(path: Path, factor: float) -> Path:
    return path._replace(points=factor * np.asarray(path.points, np.float64))


def _fill(fill: Fill, factor: float) -> Fill:
    from artkit.artwork.drawing import Gradient

    if not isinstance(fill, Gradient):
        return fill
    (x1, y1), (x2, y2) = fill.start, fill.end
    return fill._replace(start=(factor * x1, factor * y1), end=(factor * x2, factor * y2))
