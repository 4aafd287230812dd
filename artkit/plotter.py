"""From an SVG or a drawing to a plot: pens, page, and lines made fit for a pen.

`plotted("in.svg", Plan(page="A4"))` does all of it. Lines come in layers, each drawn in one color; layers become pens.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from artkit.errors import ArtkitError, UsageError
from artkit.plot.document import Layer, Pen, Plot
from artkit.plot.lines import Floats, Ints, Lines
from artkit.plot.page import Sheet, centered, fit, millimetres, sheet
from artkit.plot.tidy import Tidying, tidied

if TYPE_CHECKING:
    from artkit.drawing import Drawing

WIDTH = 0.3
"""Millimetres of a pen's line, where nothing says otherwise."""

THINNEST, WIDEST = 0.05, 3.0
"""Millimetres of a stroke in a file that are taken for a pen's."""

CMYK = ("cyan", "magenta", "yellow", "black")

FLATNESS = 0.01
"""Millimetres on the page that lines stray from curves they replace."""


@dataclass(frozen=True, eq=False)
class Sketch:
    """Lines before they are laid on a page: in units of which `unit` is the length in millimetres, on a sheet of `size`
    units (None where it has none). `layers` hold a name, a color, the width of the stroke in millimetres (None where not said) and lines.
    """

    layers: Sequence[SketchLayer]
    size: tuple[float, float] | None = None
    unit: float = 1.0
    metadata: dict[str, str] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)


class SketchLayer(NamedTuple):
    """Lines of one color; see `Sketch`."""

    name: str
    color: str
    width: float | None
    lines: Lines


@dataclass(frozen=True)
class Plan:
    """How to plot: what `artkit plot` takes, with lengths in millimetres.

    Without a `page` the sheet is as large as the drawing's own. `fit` makes the drawing as large as the margins allow, `scale` multiplies
    its own size; neither keeps that, if it fits, and else makes it fit. `pens` are colors, or "cmyk"; lines go to the pen whose color
    is nearest. None makes a pen of each color and layer.
    """

    page: str | None = None
    landscape: bool | None = None
    margin: float = 10.0
    fit: bool = False
    scale: float | None = None
    pens: Sequence[str] | None = None
    pen_width: float | None = None
    how: Tidying = field(default_factory=Tidying)


def from_svg(data: bytes, name: str) -> Sketch:
    """Read an SVG of any tool; an ArtkitError says what is wrong with it, or that it draws nothing a pen can draw."""
    from artkit.plot.read import read

    source = read(data, name)
    if not len(source.lines):
        said = f"; left out: {listed(source.left_out)}" if source.left_out else ""
        raise ArtkitError(f"{name}: holds nothing that a pen can draw{said}")
    colors = [_hex(group.color) for group in source.groups]
    keys: dict[tuple[str, str], int] = {}
    number = np.array(
        [keys.setdefault((group.label, color), len(keys)) for group, color in zip(source.groups, colors, strict=True)]
    )[source.group]
    layers = []
    labels = [label for label, _ in keys]
    for index, (label, color) in enumerate(keys):
        which = np.flatnonzero(number == index)
        widths = source.stroke[which]
        widths = widths[np.isfinite(widths)]
        width = float(np.median(widths)) if len(widths) else None
        title = _bare(label) if label and labels.count(label) == 1 else ""
        layers.append(SketchLayer(title, color, width, source.lines.take(which)))
    size = (source.width, source.height) if source.width and source.height else None
    return Sketch(layers, size, 1.0, left_out=source.left_out)


def from_drawing(drawing: Drawing, flatness: float = 0.05) -> Sketch:
    """Take the outlines and lines of a drawing; curves become lines that stray `flatness` of its units at most.

    A layer whose shapes have several colors becomes several.
    """
    layers: list[SketchLayer] = []
    for layer in drawing.layers:
        by_color: dict[tuple[str, bool], list[object]] = {}
        for shape in layer.shapes:
            fill = shape.fill if isinstance(shape.fill, str) else shape.fill.colors[0] if shape.fill else None
            color = shape.stroke or fill
            if color is not None:
                by_color.setdefault((_hex(color), shape.stroke is not None), []).extend(shape.paths)
        for (color, stroked), paths in by_color.items():
            name = layer.name if len(by_color) == 1 else ""
            lines = _lines(paths, flatness)
            if len(lines):
                width = layer.stroke_width * (drawing.page.scale if drawing.page else 25.4 / 96) if stroked else None
                layers.append(SketchLayer(name, color, width, lines))
    page = drawing.page
    if page is not None:
        moved = [layer._replace(lines=layer.lines.moved(page.scale, page.offset)) for layer in layers]
        return Sketch(moved, (page.width, page.height), 1.0, dict(drawing.metadata))
    return Sketch(layers, (drawing.width, drawing.height), 25.4 / 96, dict(drawing.metadata))


def plotted(sketch: Sketch, plan: Plan, advance: Callable[[float], None] = lambda share: None) -> tuple[Plot, Plot]:
    """Lay a sketch on its page and give the plot as it came, and as it is best drawn."""
    came = placed(sketch, plan)
    points = sum(len(layer.lines.points) for layer in came.layers) or 1
    layers, done = [], 0
    for layer in came.layers:
        advance(done / points)
        layers.append(Layer(layer.pen, tidied(layer.lines, plan.how)))
        done += len(layer.lines.points)
    return came, came.replace(layers=[layer for layer in layers if len(layer.lines)])


def placed(sketch: Sketch, plan: Plan) -> Plot:
    """Lay a sketch on its page, in the order in which it comes, a layer for each pen."""
    low, high = _bounds(sketch)
    paper = _paper(sketch, plan)
    scale, offset = _placing(sketch, plan, paper, low, high)
    pens = _pens(sketch, plan, paper)
    layers: list[Layer] = []
    for number, pen in enumerate(pens.pens):
        parts = [layer.lines for layer, of in zip(sketch.layers, pens.of, strict=True) if of == number]
        if parts:
            layers.append(Layer(pen, Lines.joined(parts).moved(scale, offset)))
    layers = [Layer(layer.pen, _within(layer.lines, paper)) for layer in layers]
    return Plot(paper.width, paper.height, layers, sketch.metadata)


def listed(left_out: dict[str, int]) -> str:
    """Say what was left out: '3 x text, 1 x image'."""
    return ", ".join(f"{count} x {what}" for what, count in sorted(left_out.items()))


def _bounds(sketch: Sketch) -> tuple[Floats, Floats]:
    boxes = [layer.lines.bounds for layer in sketch.layers if len(layer.lines)]
    if not boxes:
        raise ArtkitError("there is nothing to plot: no line was drawn; a picture without contrast has none")
    return np.min([low for low, _ in boxes], axis=0), np.max([high for _, high in boxes], axis=0)


def _paper(sketch: Sketch, plan: Plan) -> Sheet:
    if plan.page is not None:
        paper = sheet(plan.page, margin=plan.margin)
        lies = plan.landscape
        if lies is None and sketch.size is not None and re.fullmatch(r"[a-zA-Z]\w*", plan.page.strip()):
            lies = sketch.size[0] > sketch.size[1]  # a named sheet turns with the drawing
        if lies is None:
            return paper
        sides = sorted((paper.width, paper.height), reverse=lies)
        return Sheet(sides[0], sides[1], plan.margin)
    if sketch.size is None:
        raise UsageError("the drawing has no size of its own; give it a page, such as --page A4")
    if plan.fit or plan.scale is not None:
        width, height = (side * sketch.unit for side in sketch.size)
    else:
        width, height = (round(side * sketch.unit, 3) for side in sketch.size)
    return sheet(f"{width:.3f}x{height:.3f}mm", landscape=bool(plan.landscape), margin=plan.margin)


def _placing(sketch: Sketch, plan: Plan, paper: Sheet, low: Floats, high: Floats) -> tuple[float, Floats]:
    """Give the scale and the offset that take the sketch to its place on the page."""
    if plan.scale is not None:
        if not 0 < plan.scale < 1e6:
            raise UsageError(f"scale: {plan.scale:g} is none; use more than 0, as 0.5 for half the size")
        scale = plan.scale * sketch.unit
        size = (high - low) * scale
        if (size > np.array(paper.inside) + 1e-3).any():
            room = float(np.min(np.array(paper.inside) / np.maximum(size, 1e-9))) * plan.scale
            raise UsageError(
                f"scale: at {plan.scale:g} the drawing is {size[0]:.1f} x {size[1]:.1f} mm, and between the margins there"
                f" are {paper.inside[0]:g} x {paper.inside[1]:g} mm; use {np.floor(room * 1000) / 1000:g} or less, or --fit"
            )
        return scale, centered(low, high, paper, scale)
    sheet_low, sheet_high = np.zeros(2), np.array(sketch.size or (high - low))
    if not plan.fit:
        # Its own size where that stays between the margins, in its own place where the page is its own.
        scale = sketch.unit
        offset = np.zeros(2)
        if plan.page is not None:
            offset = np.array([paper.width, paper.height]) / 2 - sheet_high * scale / 2
        inside_low = low * scale + offset >= paper.margin - 1e-6
        inside_high = high * scale + offset <= np.array([paper.width, paper.height]) - paper.margin + 1e-6
        if inside_low.all() and inside_high.all():
            return scale, offset
        if plan.page is None or ((high - low) * scale <= np.array(paper.inside) + 1e-6).all():
            if ((high - low) * scale <= np.array(paper.inside) + 1e-6).all():
                return scale, centered(low, high, paper, scale)
    del sheet_low
    return fit(low, high, paper)


def _within(lines: Lines, paper: Sheet) -> Lines:
    """Round away what stands over the margins by less than files show."""
    corner = np.array([paper.width, paper.height]) - paper.margin
    return Lines(np.clip(lines.points, paper.margin, corner), lines.offsets)


class _Pens(NamedTuple):
    pens: list[Pen]
    of: list[int]


def _pens(sketch: Sketch, plan: Plan, paper: Sheet) -> _Pens:
    """Give the pens, and which one each layer of the sketch is drawn with."""
    width = plan.pen_width
    if width is not None and not 0 < width < min(paper.inside):
        side = min(paper.inside)
        raise UsageError(f"pen-width: a pen of {width:g} mm, and {side:g} mm of page between the margins; use a finer one")
    if plan.pens is None:
        pens = []
        for layer in sketch.layers:
            own = layer.width if layer.width is not None and THINNEST <= layer.width <= WIDEST else WIDTH
            pens.append(Pen(layer.name or _color_name(layer.color), layer.color, round(width or own, 3)))
        return _Pens(pens, list(range(len(pens))))
    names = [name for text in plan.pens for name in (CMYK if text.strip().lower() == "cmyk" else (text.strip(),))]
    if not names or not all(names):
        raise UsageError("pens: name colors, as in black,red,#0044cc, or cmyk")
    chosen: dict[str, Pen] = {}
    for name in names:
        color = _parsed(name)
        if color in chosen:
            raise UsageError(f"pens: {name} is named twice; each pen is a color of its own")
        chosen[color] = Pen(_color_name(name), color, round(width or WIDTH, 3))
    near = _nearest([layer.color for layer in sketch.layers], list(chosen))
    return _Pens(list(chosen.values()), near)


def _parsed(name: str) -> str:
    from artkit.palette import name_of, parse

    try:
        return name_of(parse(name))
    except UsageError as error:
        raise UsageError(f"pens: {name}: {error}") from None


def _nearest(colors: list[str], pens: list[str]) -> list[int]:
    """Give for each color the pen that looks closest to it (OKLab)."""
    from artkit.color import oklab
    from artkit.palette import parse

    have, want = (oklab(np.array([parse(name) for name in names])) for names in (pens, colors))
    gaps = np.linalg.norm(want[:, None] - have[None], axis=2)
    nearest: list[int] = gaps.argmin(axis=1).tolist()
    return nearest


def _hex(color: str) -> str:
    """Give a file's color as '#rrggbb'; black for one that is not understood."""
    from artkit.palette import name_of, parse

    if re.fullmatch("#[0-9a-f]{6}", color):
        return color
    try:
        return name_of(parse(color))
    except UsageError:
        return "#000000"


def _color_name(color: str) -> str:
    """Give a color's CSS name where it has one."""
    from PIL import ImageColor

    if not color.startswith("#"):
        return color.lower()
    names = {value.lower(): name for name, value in reversed(ImageColor.colormap.items()) if isinstance(value, str)}
    return names.get(color.lower(), color.lower())


def _bare(label: str) -> str:
    """Give a layer's label without the number, the flags and the pen's width that plotter software reads."""
    bare = re.sub(r"^\s*!?\d+(?:\+[SHD]\d+)*\s*[-:.]?\s*", "", label)
    bare = re.sub(r"\s*[\d.]+\s*mm\s*$", "", bare).strip()
    return bare or label.strip()


def _lines(paths: Sequence[object], flatness: float) -> Lines:
    """Turn a drawing's paths into polylines."""
    from artkit.drawing import Path

    found, closed = [], []
    for path in paths:
        assert isinstance(path, Path)
        points = np.asarray(path.points, np.float64)
        if path.kinds is not None:
            points = _flat(points, path.kinds, flatness)
        if len(points) == 1:
            points = np.repeat(points, 2, axis=0)
        if len(points):
            found.append(points)
            closed.append(path.closed)
    return Lines.of(found, closed)


def _flat(points: Floats, kinds: Ints, flatness: float) -> Floats:
    parts = [points[:1]]
    at = 0
    for kind in kinds.tolist():
        if kind == 1:
            parts.append(points[at + 1 : at + 2])
        else:
            controls = points[at : at + kind + 1]
            bend = float(np.hypot(*np.diff(controls, n=2, axis=0).T).max())
            count = max(1, int(np.ceil(np.sqrt((0.75 if kind == 3 else 0.25) * bend / flatness))))
            t = (np.arange(1, count + 1) / count)[:, None]
            rows = list(controls)
            while len(rows) > 1:
                rows = [a + (b - a) * t for a, b in zip(rows[:-1], rows[1:], strict=True)]
            parts.append(rows[0])
        at += kind
    return np.concatenate(parts)


def lengths(text: str | None, what: str) -> float | None:
    """Read a length given on the command line, None where none is given."""
    return None if text is None else millimetres(text, what)
