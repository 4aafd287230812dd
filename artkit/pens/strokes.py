"""An SVG or a drawing in, its strokes out: lines of one color each, before they are laid on a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from artkit.arrays import Floats
from artkit.errors import ArtkitError
from artkit.pens.lines import Lines
from artkit.pens.names import Label, bare_label, hex_color, read_label
from artkit.pens.styled import lines_of
from artkit.spans import spanned

if TYPE_CHECKING:
    from artkit.artwork.drawing import Drawing, Path
    from artkit.pens.areas import Areas
    from artkit.pens.read.document import Source


@dataclass(frozen=True, eq=False)
class Strokes:
    """Lines before they are laid on a page, on a sheet of `size` units; None where it has none.

    `unit` is the length of a unit in millimetres. `areas` are filled shapes that are to be hatched.
    """

    layers: Sequence[StrokeLayer]
    size: tuple[float, float] | None = None
    unit: float = 1.0
    metadata: dict[str, str] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)
    areas: Areas | None = None

    @property
    def bounds(self) -> tuple[Floats, Floats]:
        """Least and largest x and y, (2,) each; an ArtkitError where there is no line."""
        boxes = [layer.lines.bounds for layer in self.layers if len(layer.lines)]
        if self.areas is not None and len(self.areas.start):
            boxes.append(self.areas.bounds)
        if not boxes:
            raise ArtkitError("there is nothing to plot: no line was drawn; a picture without contrast has none")
        return np.min([low for low, _ in boxes], axis=0), np.max([high for _, high in boxes], axis=0)

    def with_pens_for_areas(self) -> tuple[Strokes, list[int]]:
        """Give layers to areas that have none of their color; also which layer each area is drawn in."""
        assert self.areas is not None
        layers, found = list(self.layers), []
        known = {layer.label.number or (layer.label, layer.color): k for k, layer in reversed([*enumerate(layers)])}
        for text, color in zip(self.areas.layers, self.areas.colors, strict=True):
            label = read_label(text)
            key = label.number or (label, color)
            if key not in known and color != PAPER:
                known[key] = len(layers)
                layers.append(StrokeLayer("", color, None, Lines.of([]), label))
            found.append(known.get(key, 0))
        return replace(self, layers=layers), found


PAPER = "#ffffff"


class StrokeLayer(NamedTuple):
    """Lines of one pen, and the width of their stroke in millimetres, None where it is not said.

    `label` is what plotter software reads in the label of the file's layer.
    """

    name: str
    color: str
    width: float | None
    lines: Lines
    label: Label = Label("")


def is_svg(name: str, data: bytes) -> bool:
    """Tell whether a file is an SVG, compressed or not, by its name or else by how it begins."""
    head = data[:1000].lstrip(b"\xef\xbb\xbf \t\r\n")
    return FilePath(name).suffix.lower() in (".svg", ".svgz") or head[:1] == b"<" or data[:2] == b"\x1f\x8b"


BY = ("color", "width")
"""What tells pens apart, besides layers: colors, or colors and widths of strokes."""


@spanned("read the SVG")
def from_svg(data: bytes, name: str, by: str = "color", *, fills: bool = False, hide: bool = False) -> Strokes:
    """Read an SVG of any tool; an ArtkitError says what is wrong with it, or that it draws nothing a pen can draw.

    A layer whose label begins with a number is that pen. Elsewhere each color of each layer is a pen, and with `by`
    "width" each color and width of stroke. With `fills` filled shapes are areas, and drawn as outlines otherwise; with
    `hide` what later fills cover is left out.
    """
    from artkit.pens.read.document import read

    areas = None
    if fills or hide:
        from artkit.pens.read.painting import painted

        source, found = painted(data, name, outlines=not fills, hide=hide)
        areas = found if fills else None
    else:
        source = read(data, name)
    if not len(source.lines) and not (areas is not None and len(areas.start)):
        said = f"; left out: {listed(source.left_out)}" if source.left_out else ""
        raise ArtkitError(f"{name}: holds nothing that a pen can draw{said}")
    size = (source.width, source.height) if source.width and source.height else None
    layers = list(_by_pen(source, by)) if len(source.lines) else []
    return Strokes(layers, size, 1.0, left_out=source.left_out, areas=areas)


def _by_pen(source: Source, by: str) -> Iterator[StrokeLayer]:
    colors = [hex_color(group.color) for group in source.groups]
    labels = [read_label(group.label) for group in source.groups]
    keys: dict[tuple[object, ...], int] = {}
    number = np.array(
        [
            keys.setdefault(label[1:] if label.number else (group.label, color), len(keys))
            for group, label, color in zip(source.groups, labels, colors, strict=True)
        ]
    )[source.group]
    widths = np.where(np.isfinite(source.stroke), source.stroke, 0.0)
    if by == "width":
        free = np.array([not label.number for label in labels])[source.group]
        pairs = np.column_stack([number, np.where(free, np.round(widths, 3), 0.0)])
        _, first, number = np.unique(pairs, axis=0, return_index=True, return_inverse=True)
        come = np.argsort(np.argsort(first, kind="stable"), kind="stable")  # the order in which they come
        number = come[number.ravel()]
    titles = Counter(group.label for group in {source.groups[at] for at in source.group.tolist()})
    order = np.argsort(number, kind="stable")
    for which in np.split(order, np.cumsum(np.bincount(number))[:-1]):
        group = int(np.bincount(source.group[which]).argmax())
        known = widths[which][widths[which] > 0]
        width = float(np.median(known)) if len(known) else None
        alone = labels[group].number or titles[source.groups[group].label] == 1
        yield StrokeLayer(
            _title(source.groups[group].label, labels[group]) if alone else "",
            colors[group],
            width,
            source.lines.take(which),
            labels[group],
        )


def _title(text: str, label: Label) -> str:
    """Give what a layer is called: what stands beside its number; a number alone is no name."""
    return label.name or ("" if label.number else text)


def from_drawing(drawing: Drawing, flatness: float = 0.05) -> Strokes:
    """Take the outlines and lines of a drawing; curves become lines that stray `flatness` of its units at most.

    A layer whose shapes have several colors or widths of stroke becomes several.
    """
    layers: list[StrokeLayer] = []
    for layer in drawing.layers:
        by_color: dict[tuple[str, float | None], list[Path]] = {}
        for shape in layer.shapes:
            fill = shape.fill if isinstance(shape.fill, str) else shape.fill.colors[0] if shape.fill else None
            color = shape.stroke or fill
            if color is not None:
                width = None if shape.stroke is None else shape.width_in(layer)
                by_color.setdefault((hex_color(color), width), []).extend(shape.paths)
        for (color, width), paths in by_color.items():
            name = bare_label(layer.name) if layer.name and len(by_color) == 1 else ""
            lines = lines_of(paths, flatness)
            if len(lines):
                unit = drawing.page.scale if drawing.page else 25.4 / 96
                layers.append(StrokeLayer(name, color, None if width is None else width * unit, lines))
    page = drawing.page
    if page is not None:
        moved = [layer._replace(lines=layer.lines.moved(page.scale, page.offset)) for layer in layers]
        return Strokes(moved, (page.width, page.height), 1.0, dict(drawing.metadata))
    return Strokes(layers, (drawing.width, drawing.height), 25.4 / 96, dict(drawing.metadata))


def listed(left_out: dict[str, int]) -> str:
    """Say what was left out: '3 x text, 1 x image'."""
    return ", ".join(f"{count} x {what}" for what, count in sorted(left_out.items()))
