"""From an SVG or a drawing to a plot: pens, page, and lines made fit for a pen.

`plotted("in.svg", Plan(page="A4"))` does all of it. Lines come in layers, each drawn in one color; layers become pens.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from artkit.color.cmyk import CMYK
from artkit.errors import ArtkitError, UsageError
from artkit.pens.document import Layer, Pen, Plot
from artkit.pens.layout import Sheet, centered, fit, sheet
from artkit.pens.lines import Floats, Lines
from artkit.pens.names import bare_label, color_name, hex_color
from artkit.pens.prepare.crop import cropped
from artkit.pens.prepare.tidy import Tidying, tidied
from artkit.pens.styled import lines_of

if TYPE_CHECKING:
    from artkit.artwork.drawing import Drawing, Path

MARGIN = 10.0
"""Millimetres left free on all sides, where a sheet is asked for."""

WIDTH = 0.3
"""Millimetres of a pen's line, where nothing says otherwise."""

THINNEST, WIDEST = 0.05, 3.0
"""Millimetres of a stroke in a file that are taken for a pen's."""

FLATNESS = 0.01
"""Millimetres on the page that lines stray from curves they replace."""


@dataclass(frozen=True, eq=False)
class Sketch:
    """Lines before they are laid on a page, on a sheet of `size` units; None where it has none.

    `unit` is the length of a unit in millimetres.
    """

    layers: Sequence[SketchLayer]
    size: tuple[float, float] | None = None
    unit: float = 1.0
    metadata: dict[str, str] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)


class SketchLayer(NamedTuple):
    """Lines of one color, and the width of their stroke in millimetres, None where it is not said."""

    name: str
    color: str
    width: float | None
    lines: Lines


@dataclass(frozen=True)
class Plan:
    """How to plot: what `artkit plot` takes, with lengths in millimetres.

    Without a `page` the sheet is the drawing's own. `fit` makes the drawing as large as the margins allow, `scale`
    multiplies its own size. With neither it stays as it is, as long as that lies between the margins, and is fitted
    where it does not; on a sheet of its own, and with no margin asked for, what lies beyond the sheet is cut off
    instead. The margin is `MARGIN` by default, except in that case. `pens` are colors, or "cmyk": lines go to the pen
    whose color is nearest. None makes a pen of each color and layer. `how` says what is done to the lines; None leaves
    them as they come.
    """

    page: str | None = None
    landscape: bool | None = None
    margin: float | None = None
    fit: bool = False
    scale: float | None = None
    pens: Sequence[str] | None = None
    pen_width: float | None = None
    how: Tidying | None = field(default_factory=Tidying)


def from_svg(data: bytes, name: str) -> Sketch:
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
    labels = [label for label, _ in keys]
    for index, (label, color) in enumerate(keys):
        which = np.flatnonzero(number == index)
        widths = source.stroke[which]
        widths = widths[np.isfinite(widths)]
        width = float(np.median(widths)) if len(widths) else None
        title = bare_label(label) if label and labels.count(label) == 1 else ""
        layers.append(SketchLayer(title, color, width, source.lines.take(which)))
    size = (source.width, source.height) if source.width and source.height else None
    return Sketch(layers, size, 1.0, left_out=source.left_out)


def from_drawing(drawing: Drawing, flatness: float = 0.05) -> Sketch:
    """Take the outlines and lines of a drawing; curves become lines that stray `flatness` of its units at most.

    A layer whose shapes have several colors becomes several.
    """
    layers: list[SketchLayer] = []
    for layer in drawing.layers:
        by_color: dict[tuple[str, bool], list[Path]] = {}
        for shape in layer.shapes:
            fill = shape.fill if isinstance(shape.fill, str) else shape.fill.colors[0] if shape.fill else None
            color = shape.stroke or fill
            if color is not None:
                by_color.setdefault((hex_color(color), shape.stroke is not None), []).extend(shape.paths)
        for (color, stroked), paths in by_color.items():
            name = bare_label(layer.name) if layer.name and len(by_color) == 1 else ""
            lines = lines_of(paths, flatness)
            if len(lines):
                width = layer.stroke_width * (drawing.page.scale if drawing.page else 25.4 / 96) if stroked else None
                layers.append(SketchLayer(name, color, width, lines))
    page = drawing.page
    if page is not None:
        moved = [layer._replace(lines=layer.lines.moved(page.scale, page.offset)) for layer in layers]
        return Sketch(moved, (page.width, page.height), 1.0, dict(drawing.metadata))
    return Sketch(layers, (drawing.width, drawing.height), 25.4 / 96, dict(drawing.metadata))


def plotted(
    sketch: Sketch,
    plan: Plan,
    note: Callable[[str], None] = lambda line: None,
    advance: Callable[[float], None] = lambda share: None,
) -> tuple[Plot, Plot]:
    """Lay a sketch on its page and give the plot as it came, and as it is best drawn.

    `note` is told what a user should know, `advance` the share that is done.
    """
    came = placed(sketch, plan, note)
    if plan.how is None:
        return came, came
    points = sum(len(layer.lines.points) for layer in came.layers) or 1
    layers, done = [], 0
    how = replace(plan.how, tries=plan.how.tries // len(came.layers))
    for layer in came.layers:
        advance(done / points)
        layers.append(Layer(layer.pen, tidied(layer.lines, how)))
        done += len(layer.lines.points)
    return came, came.replace(layers=[layer for layer in layers if len(layer.lines)])


def placed(sketch: Sketch, plan: Plan, note: Callable[[str], None] = lambda line: None) -> Plot:
    """Lay a sketch on its page, in the order in which it comes, a layer for each pen."""
    low, high = _bounds(sketch)
    if sketch.size is None:
        # As much room beyond the lines as before them.
        width, height = (max(side, 1.0) for side in np.ceil(np.maximum(high, 0) + np.maximum(low, 0)).tolist())
        sketch = replace(sketch, size=(width, height))
        note(f"has no size of its own: taken for {width * sketch.unit:g} x {height * sketch.unit:g} mm")
    paper = _paper(sketch, plan)
    scale, offset = _placing(sketch, plan, paper, low, high, note)
    pens = _pens(sketch, plan, paper)
    corner = np.array([paper.width, paper.height]) - paper.margin
    layers: list[Layer] = []
    for number, pen in enumerate(pens.pens):
        parts = [layer.lines for layer, of in zip(sketch.layers, pens.of, strict=True) if of == number]
        if parts:
            # What stands over the margin by less than files show is no reason to cut a line in two.
            lines = Lines.joined(parts).moved(scale, offset)
            near = np.clip(lines.points, paper.margin, corner)
            lines = Lines(np.where(np.abs(lines.points - near) < _SLACK, near, lines.points), lines.offsets)
            layers.append(Layer(pen, cropped(lines, np.full(2, paper.margin), corner)))
    layers = [layer for layer in layers if len(layer.lines)]
    if not layers:
        raise ArtkitError("there is nothing to plot: all lines lie beyond the page; --fit brings them onto it")
    return Plot(paper.width, paper.height, layers, sketch.metadata)


_SLACK = 1e-3


def listed(left_out: dict[str, int]) -> str:
    """Say what was left out: '3 x text, 1 x image'."""
    return ", ".join(f"{count} x {what}" for what, count in sorted(left_out.items()))


def _bounds(sketch: Sketch) -> tuple[Floats, Floats]:
    boxes = [layer.lines.bounds for layer in sketch.layers if len(layer.lines)]
    if not boxes:
        raise ArtkitError("there is nothing to plot: no line was drawn; a picture without contrast has none")
    return np.min([low for low, _ in boxes], axis=0), np.max([high for _, high in boxes], axis=0)


def _paper(sketch: Sketch, plan: Plan) -> Sheet:
    margin = plan.margin
    if margin is None:
        margin = MARGIN if plan.page is not None or plan.fit else 0.0
    if plan.page is not None:
        paper = sheet(plan.page, margin=margin)
        lies = plan.landscape
        if lies is None and sketch.size is not None and re.fullmatch(r"[a-zA-Z]\w*", plan.page.strip()):
            lies = sketch.size[0] > sketch.size[1]  # a named sheet turns with the drawing
        if lies is None:
            return paper
        sides = sorted((paper.width, paper.height), reverse=lies)
        return Sheet(sides[0], sides[1], margin)
    assert sketch.size is not None
    width, height = (side * sketch.unit for side in sketch.size)
    if plan.landscape is not None:
        width, height = sorted((width, height), reverse=plan.landscape)
    return sheet(f"{width:.3f}x{height:.3f}mm", margin=margin)


def _placing(
    sketch: Sketch, plan: Plan, paper: Sheet, low: Floats, high: Floats, note: Callable[[str], None]
) -> tuple[float, Floats]:
    """Give the scale and the offset that take the sketch to its place on the page."""
    page, inside = np.array([paper.width, paper.height]), np.array(paper.inside)
    if plan.fit:
        return fit(low, high, paper)
    if plan.scale is not None:
        if not 0 < plan.scale < 1e6:
            raise UsageError(f"scale: {plan.scale:g} is none; use more than 0, as 0.5 for half the size")
        scale = plan.scale * sketch.unit
        size = (high - low) * scale
        if (size > inside + _SLACK).any():
            room = float(np.min(inside / np.maximum(size, 1e-9))) * plan.scale
            raise UsageError(
                f"scale: at {plan.scale:g} the drawing is {size[0]:.1f} x {size[1]:.1f} mm, and between the margins"
                f" there are {inside[0]:g} x {inside[1]:g} mm; use {np.floor(room * 1000) / 1000:g} or less, or --fit"
            )
        return scale, centered(low, high, paper, scale)
    # In its own size: on its own sheet where it is, on another one in the middle.
    scale = sketch.unit
    own = plan.page is None and (paper.width > paper.height) == (sketch.size is None or sketch.size[0] > sketch.size[1])
    offset = np.zeros(2) if own else page / 2 - np.array(sketch.size or high) * scale / 2
    stays = (low * scale + offset >= paper.margin - _SLACK).all()
    stays &= (high * scale + offset <= page - paper.margin + _SLACK).all()
    if stays:
        return scale, offset
    if own and plan.margin is None:
        note("lines beyond the page are cut off; --fit brings them onto it")
        return scale, offset
    if ((high - low) * scale <= inside + _SLACK).all():
        return scale, centered(low, high, paper, scale)
    fitted, offset = fit(low, high, paper)
    note(f"scaled to {100 * fitted / scale:.0f}% of its size, to fit between the margins")
    return fitted, offset


class _Pens(NamedTuple):
    pens: list[Pen]
    of: list[int]


def _pens(sketch: Sketch, plan: Plan, paper: Sheet) -> _Pens:
    """Give the pens, and which one each layer of the sketch is drawn with."""
    width = plan.pen_width
    if width is not None and not 0 < width < min(paper.inside):
        side = min(paper.inside)
        raise UsageError(
            f"pen-width: a pen of {width:g} mm, and {side:g} mm of page between the margins; use a finer one"
        )
    if plan.pens is None:
        pens = []
        for layer in sketch.layers:
            own = layer.width if layer.width is not None and THINNEST <= layer.width <= WIDEST else WIDTH
            pens.append(Pen(layer.name or color_name(layer.color), layer.color, round(width or own, 3)))
        return _Pens(pens, list(range(len(pens))))
    names = [text.strip() for text in plan.pens]
    if not names or not all(names):
        raise UsageError("pens: name colors, as in black,red,#0044cc, or cmyk")
    inks = CMYK if [name.lower() for name in names] == ["cmyk"] else {name: _parsed(name) for name in names}
    if len(inks) < len(names):
        raise UsageError(f"pens: {','.join(names)}: one is named twice; each pen is a color of its own")
    chosen: dict[str, Pen] = {}
    for name, color in inks.items():
        if color in chosen:
            raise UsageError(f"pens: {name} is named twice; each pen is a color of its own")
        chosen[color] = Pen(color_name(name), color, round(width or WIDTH, 3))
    near = _nearest([layer.color for layer in sketch.layers], list(chosen))
    return _Pens(list(chosen.values()), near)


def _parsed(name: str) -> str:
    from artkit.color.palette import name_of, parse

    try:
        return name_of(parse(name))
    except UsageError as error:
        raise UsageError(f"pens: {name}: {error}") from None


def _nearest(colors: list[str], pens: list[str]) -> list[int]:
    """Give for each color the pen that looks closest to it (OKLab)."""
    from artkit.color.nearest import nearest
    from artkit.color.palette import colors_of
    from artkit.color.spaces import srgb_to_oklab

    have, want = (srgb_to_oklab(colors_of(names)) for names in (pens, colors))
    found: list[int] = nearest(want, have).tolist()
    return found
