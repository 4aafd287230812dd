"""An SVG or a drawing in, its strokes out: lines of one color each, before they are laid on a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from artkit.arrays import Floats
from artkit.errors import ArtkitError
from artkit.pens.lines import Lines
from artkit.pens.names import bare_label, hex_color
from artkit.pens.styled import lines_of

if TYPE_CHECKING:
    from artkit.artwork.drawing import Drawing, Path


@dataclass(frozen=True, eq=False)
class Strokes:
    """Lines before they are laid on a page, on a sheet of `size` units; None where it has none.

    `unit` is the length of a unit in millimetres.
    """

    layers: Sequence[StrokeLayer]
    size: tuple[float, float] | None = None
    unit: float = 1.0
    metadata: dict[str, str] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)

    @property
    def bounds(self) -> tuple[Floats, Floats]:
        """Least and largest x and y, (2,) each; an ArtkitError where there is no line."""
        boxes = [layer.lines.bounds for layer in self.layers if len(layer.lines)]
        if not boxes:
            raise ArtkitError("there is nothing to plot: no line was drawn; a picture without contrast has none")
        return np.min([low for low, _ in boxes], axis=0), np.max([high for _, high in boxes], axis=0)


class StrokeLayer(NamedTuple):
    """Lines of one color, and the width of their stroke in millimetres, None where it is not said."""

    name: str
    color: str
    width: float | None
    lines: Lines


def is_svg(name: str, data: bytes) -> bool:
    """Tell whether a file is an SVG, compressed or not, by its name or else by how it begins."""
    head = data[:1000].lstrip(b"\xef\xbb\xbf \t\r\n")
    return FilePath(name).suffix.lower() in (".svg", ".svgz") or head[:1] == b"<" or data[:2] == b"\x1f\x8b"


def from_svg(data: bytes, name: str) -> Strokes:
    """Read an SVG of any tool; an ArtkitError says what is wrong with it, or that it draws nothing a pen can draw."""
    from artkit.pens.read.document import read

    source = read(data, name)
    if not len(source.lines):
        said = f"; left out: {listed(source.left_out)}" if source.left_out else ""
        raise ArtkitError(f"{name}: holds nothing that a pen can draw{said}")
    colors = [hex_color(group.color) for group in source.groups]
    keys: dict[tuple[str, str], int] = {}
    number = np.array(
        [keys.setdefault((group.label, color), len(keys)) for group, color in zip(source.groups, colors, strict=True)]
    )[source.group]
    layers = []
    times = Counter(label for label, _ in keys)
    parts = np.split(np.argsort(number, kind="stable"), np.cumsum(np.bincount(number, minlength=len(keys)))[:-1])
    for (label, color), which in zip(keys, parts, strict=True):
        widths = source.stroke[which]
        widths = widths[np.isfinite(widths)]
        width = float(np.median(widths)) if len(widths) else None
        title = bare_label(label) if label and times[label] == 1 else ""
        layers.append(StrokeLayer(title, color, width, source.lines.take(which)))
    size = (source.width, source.height) if source.width and source.height else None
    return Strokes(layers, size, 1.0, left_out=source.left_out)


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
