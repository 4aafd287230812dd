"""Layers as groups: what all shapes of a layer have in common is said once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, repeat
from typing import NamedTuple

from artkit.artwork.drawing import Drawing, Gradient, Layer, LineStyle, Shape, boxes
from artkit.export.svg.element import Element
from artkit.export.svg.filters import Filters
from artkit.export.svg.grid import Grid
from artkit.export.svg.motion import DASHED, Act
from artkit.export.svg.numbers import number
from artkit.export.svg.paint import Gradients, color_value, line_of, opacity_of, paint_of
from artkit.export.svg.pathdata import path_data
from artkit.metadata.xmp import plain, quoted


def background(drawing: Drawing, grid: Grid) -> Iterator[str]:
    """Draw the sheet, where it has a color."""
    if drawing.background is None:
        return
    sheet = drawing.page or drawing
    unit = 1.0 if drawing.page else grid.unit
    size = f'width="{number(sheet.width * unit)}" height="{number(sheet.height * unit)}"'
    name = ' id="background" inkscape:label="background"' if has_ids(drawing) else ""
    yield f"<rect{name} {size} fill={color_value(drawing.background)}/>\n"


def has_ids(drawing: Drawing) -> bool:
    """Tell whether shapes have ids."""
    return any(layer.shapes and layer.shapes[0].id for layer in drawing.layers)


def layers(drawing: Drawing, grid: Grid, acts: Sequence[Sequence[Act | None]] = ()) -> Iterator[str]:
    """Draw the layers, lowest first, with the filters and gradients they need; `acts` are those of each shape."""
    taken = frozenset(layer.id for layer in drawing.layers)
    gradients, filters = Gradients(grid, taken), Filters(drawing, grid, taken)
    for count, layer in enumerate(drawing.layers, start=1):
        drawn = _drawn(layer, grid, acts[count - 1] if acts else None)
        definition, filtered = filters.of(layer) if drawn else ("", "")
        common = _Common.of([shape for shape, _ in drawn])
        attributes = _place(layer, count, grid) + _CRISP * layer.crisp + filtered + common.attributes(layer, grid)
        yield definition
        if attributes:
            yield f"<g{attributes}>"
        if any(element.act.needs_dash for _, element in drawn):
            yield DASHED
        box_of = zip(*boxes([shape.paths for shape, _ in drawn if isinstance(shape.fill, Gradient)]), strict=True)
        for (fill, stroke, opacity, style), run in groupby(drawn, lambda item: item[0][1:5]):
            line = None if common.stroke else stroke
            own = style is not None and stroke is not None and common.line is None
            cover = line_of(style, grid.unit, told=common.plain) if own else ""
            cover += "" if common.opacity else opacity_of(opacity, fill is not None, stroke is not None)
            if isinstance(fill, Gradient):
                for shape, element in run:
                    definition, name = gradients.of(shape, next(box_of))
                    yield definition + element.text(paint_of(Shape((), name, line)) + cover)
            else:
                paint = paint_of(Shape((), "#000" if common.fill else fill, line))
                yield from _run([element for _, element in run], paint + cover)
        yield "</g>\n" if attributes else "\n" if drawn else ""


def _drawn(layer: Layer, grid: Grid, acts: Sequence[Act | None] | None) -> list[tuple[Shape, Element]]:
    """Give the shapes of a layer that draw something, each with its element."""
    each = zip(layer.shapes, path_data(layer.shapes, grid), acts or repeat(Act(), len(layer.shapes)), strict=True)
    return [(shape, Element.of(shape, data, act, grid)) for shape, data, act in each if data and act is not None]


class _Common(NamedTuple):
    """What all shapes of a layer have in common, so that their group says it: which of it, and one of the shapes.

    `line` is the style in which all strokes are drawn, if it is one; `plain` tells whether some have none of their own.
    """

    fill: bool
    stroke: bool
    opacity: bool
    line: LineStyle | None
    plain: bool
    example: Shape
    filled: bool
    stroked: bool

    @classmethod
    def of(cls, shapes: Sequence[Shape]) -> _Common:
        fills, strokes = {shape.fill for shape in shapes}, {shape.stroke for shape in shapes}
        example = shapes[0] if shapes else Shape((), "#000")
        styles = {shape.line for shape in shapes if shape.stroke is not None}
        return cls(
            len(fills) == 1 and not isinstance(example.fill, Gradient),
            len(strokes) == 1,
            len({shape.opacity for shape in shapes}) <= 1,
            next(iter(styles)) if len(styles) == 1 else None,
            None in styles,
            example,
            fills != {None},
            bool(styles),
        )

    def attributes(self, layer: Layer, grid: Grid) -> str:
        style = LineStyle(layer.stroke_width) if self.plain else self.line
        line = "" if style is None else line_of(style, grid.unit)
        paint = Shape((), self.example.fill if self.fill else "#000", self.example.stroke if self.stroke else None)
        cover = opacity_of(self.example.opacity, self.filled, self.stroked) if self.opacity else ""
        return f"{line}{paint_of(paint)}{cover}"


_CRISP = ' shape-rendering="crispEdges"'


def _place(layer: Layer, count: int, grid: Grid) -> str:
    """Give the attributes by which Inkscape and plotters know a layer, where it has a name or lies on a page."""
    if not layer.name and not grid.page:
        return ""
    label = quoted(plain(layer.name) or str(count))
    name = layer.id or f"layer{count}"
    return f' id="{name}" inkscape:groupmode="layer" inkscape:label={label}'


def _run(elements: list[Element], paint: str) -> Iterator[str]:
    """Draw consecutive shapes of one paint. They may overlap, so each stays an element of its own."""
    if len(elements) == 1 or not paint or elements[0].id:  # an id is for what tells its own paint
        yield from (element.text(paint) for element in elements)
    else:
        yield f"<g{paint}>"
        yield from (element.text() for element in elements)
        yield "</g>"
