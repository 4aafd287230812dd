"""Layers that only pixels can show: soft ones, shadows, and those without antialiasing, each rendered alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from artkit.artwork.drawing import Drawing, Gradient, Layer, Page, Shape
from artkit.artwork.image import Image
from artkit.color.palette import parse
from artkit.limits import within
from artkit.render import rendered_alone, stretched

FINEST = 8.0
"""Pixels to the standard deviation of a blur: more of them show nothing more."""

Region = tuple[float, float, float, float]
"""Left, top, width and height, in units of the drawing's sheet."""


class Rendered(NamedTuple):
    """Pixels in their place on the sheet; `shade` is their color where it is but one."""

    image: Image
    region: Region
    shade: tuple[int, ...] | None
    density: float


class View(NamedTuple):
    """What is rendered of a drawing: its sheet and `spill` units around it, at most `density` pixels to a unit.

    On paper those are `dpi` to an inch.
    """

    drawing: Drawing
    spill: float
    density: float
    dpi: float

    @property
    def sheet(self) -> tuple[float, float]:
        """Width and height, in the units that the drawing has on its page."""
        sheet = self.drawing.page or self.drawing
        return sheet.width, sheet.height

    @property
    def unit(self) -> float:
        """Units of the sheet to one of the drawing's."""
        return self.drawing.page.scale if self.drawing.page else 1.0


def is_soft(layer: Layer) -> bool:
    """Whether paths and paints alone do not draw a layer."""
    return bool(layer.blur or layer.shadow is not None or layer.crisp)


def keeps_paths(layer: Layer) -> bool:
    """Whether all that pixels have to show of a layer is the shadow beneath it."""
    return not layer.blur and not layer.crisp


def rendered(layer: Layer, view: View) -> Rendered | None:
    """Render what only pixels can show of a layer; None where nothing is seen of it."""
    if keeps_paths(layer):
        return _shadow(layer, view)
    fineness = FINEST / (layer.blur * view.unit) if layer.blur and not layer.crisp else np.inf
    return _seen(_pixels(layer, view, min(view.density, fineness)), view, (0.0, 0.0))


def _shadow(layer: Layer, view: View) -> Rendered | None:
    """Render a layer's shadow: its outline in one color, blurred, and moved as a whole."""
    shadow = layer.shadow
    assert shadow is not None
    shapes = [_cast(shape, shadow.color) for shape in layer.shapes]
    alone = Layer(shapes, stroke_width=layer.stroke_width, blur=shadow.blur)
    fineness = FINEST / (shadow.blur * view.unit) if shadow.blur else np.inf
    made = _pixels(alone, view, min(view.density, fineness))
    alpha = np.rint(made[0][..., 3] * shadow.opacity).astype(np.uint8)
    offset = shadow.offset[0] * view.unit, shadow.offset[1] * view.unit
    return _seen((np.dstack([made[0][..., :3], alpha]), made[1]), view, offset, tuple(parse(shadow.color).tolist()))


def _cast(shape: Shape, color: str) -> Shape:
    fill = shape.fill
    if isinstance(fill, Gradient):
        fill = fill._replace(colors=(color,) * len(fill.colors)) if fill.opacities else color
    elif fill is not None:
        fill = color
    return shape._replace(fill=fill, stroke=None if shape.stroke is None else color)


def _pixels(layer: Layer, view: View, density: float) -> tuple[NDArray[np.uint8], float]:
    """Give (H, W, 4) pixels of a layer on nothing, with the spill around, and how many of them make a unit."""
    drawing = view.drawing
    width, height = (side + 2 * view.spill for side in view.sheet)
    size = max(round(width * density), 1), max(round(height * density), 1)
    within("grown", size[0] * size[1], f"a soft layer as a picture of {size[0]} x {size[1]} pixels comes to")
    page = drawing.page
    if view.spill or page:  # a page says where the drawing's origin is
        x, y = page.offset if page else (0.0, 0.0)
        page = Page(width, height, view.unit, (x + view.spill, y + view.spill))
    alone = Drawing(drawing.width, drawing.height, [replace(layer, name="")], page=page, grid=drawing.grid)
    return rendered_alone(stretched(alone.to_svg(), size), size), density


def _seen(
    made: tuple[NDArray[np.uint8], float], view: View, offset: tuple[float, float], shade: tuple[int, ...] | None = None
) -> Rendered | None:
    """Cut off what is empty around."""
    pixels, density = made
    filled = pixels[..., 3] > 0
    rows, columns = np.flatnonzero(filled.any(1)), np.flatnonzero(filled.any(0))
    if not len(rows):
        return None
    top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    width, height = ((side + 2 * view.spill) / count for side, count in zip(view.sheet, filled.T.shape, strict=True))
    region = (
        float(left * width - view.spill + offset[0]),
        float(top * height - view.spill + offset[1]),
        float((right - left) * width),
        float((bottom - top) * height),
    )
    cut = pixels[top:bottom, left:right]
    image = Image(np.ascontiguousarray(cut[..., :3]), np.ascontiguousarray(cut[..., 3]))
    return Rendered(image, region, shade, density)


def soft_layers(drawing: Drawing) -> Iterator[Layer]:
    """Layers of which something has to be rendered."""
    return (layer for layer in drawing.layers if layer.shapes and is_soft(layer))
