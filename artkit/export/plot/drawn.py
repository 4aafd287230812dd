"""A plot in, a drawing out: for formats that know no pens, each pen a layer with its name, its color and its width."""

from __future__ import annotations

from artkit.artwork.drawing import Drawing, Page, Shape
from artkit.artwork.drawing import Layer as Drawn
from artkit.export.plot.svg import STEPS
from artkit.export.svg.numbers import number
from artkit.pens.document import Plot
from artkit.pens.names import label
from artkit.pens.styled import paths_of


def drawing_of(plot: Plot) -> Drawing:
    """Give a plot as a drawing in millimetres."""
    layers = []
    for pen, layer in zip(plot.numbers, plot.layers, strict=True):
        width = layer.pen.width
        shape = Shape(paths_of(layer.lines), stroke=layer.pen.color)
        layers.append(Drawn([shape], label(pen, layer.pen.name, number(width, 3)), width))
    page = Page(plot.width, plot.height)
    return Drawing(plot.width, plot.height, layers, page=page, grid=STEPS, metadata=plot.metadata)
