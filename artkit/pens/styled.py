"""Drawings made for pens: lines with a pen's color and width in, a drawing out, and back. Lines in millimetres.

Cheap to import: whoever writes a drawing asks first whether it is one of these.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from artkit.artwork.bezier import bends_of, flattened, pieces_within
from artkit.artwork.drawing import AnimatedDrawing, Drawing, Path, Shape
from artkit.artwork.drawing import Layer as DrawingLayer
from artkit.pens.document import Layer, Pen, Plot
from artkit.pens.layout import Paper
from artkit.pens.lines import Lines
from artkit.pens.names import bare_label, color_name, hex_color, label

DECIMALS = 2
"""Of a millimetre, in lines that pens draw by themselves: no plotter steps finer, and files are a third shorter."""

FLATNESS = 0.01
"""Millimetres that lines stray from the curves they replace."""


def is_for_pens(drawing: Drawing) -> bool:
    """Tell whether a drawing is nothing but polylines on the bare paper of a page, each layer in one color.

    One that draws itself is for screens, and curves are for those who can draw them.
    """
    if drawing.page is None or drawing.background is not None or isinstance(drawing, AnimatedDrawing):
        return False
    return any(layer.shapes for layer in drawing.layers) and all(
        shape.fill is None
        and shape.stroke is not None
        and shape.stroke == layer.shapes[0].stroke
        and shape.line is None
        and all(path.kinds is None for path in shape.paths)
        for layer in drawing.layers
        for shape in layer.shapes
    )


def plot_of(drawing: Drawing, metadata: Mapping[str, str]) -> Plot:
    """Give the lines of a drawing for pens as they are, in millimetres: a pen for each layer."""
    page = drawing.page
    assert page is not None
    layers = []
    for layer in drawing.layers:
        if not layer.shapes:
            continue
        paths = [path for shape in layer.shapes for path in shape.paths]
        lines = lines_of(paths, FLATNESS / page.scale).moved(page.scale, page.offset)
        color = hex_color(layer.shapes[0].stroke or "")
        name = bare_label(layer.name) if layer.name else color_name(color)
        if len(lines):
            layers.append(Layer(Pen(name, color, round(layer.stroke_width * page.scale, 3)), lines))
    ids = any(shape.id for shape in drawing.shapes)
    return Plot(page.width, page.height, layers, {"title": drawing.title, **drawing.metadata, **metadata}, ids)


def drawing_of(paper: Paper, layers: Iterable[tuple[Pen, Lines]], *, apart: bool = False) -> Drawing:
    """Give the drawing of what each pen draws on its place on the page, made fit for a pen: see `tidied`.

    Pens that draw nothing are left out. Lines that lie `apart`, as dots do, are put in order and nothing else.
    """
    from artkit.pens.prepare.tidy import Tidying, tidied  # brings scipy.spatial

    drawn = [(pen, lines) for pen, lines in layers if len(lines)]
    # Ends on hundredths are often as far apart as is just joined: a little more, and none hangs on the last bit.
    how = Tidying(merge=0.052, tries=Tidying().tries // max(len(drawn), 1))
    if apart:
        how = replace(how, merge=None, doubles=None, simplify=None)
    offset = np.asarray(paper.page.offset)
    made = []
    for number, (pen, lines) in enumerate(drawn, start=1):
        # On the page, since a pen comes from its corner, and it is there that coordinates are rounded.
        laid = lines.moved(1.0, offset)
        if not apart:  # half circles of dots are told by their points
            laid = Lines(np.round(laid.points, DECIMALS), laid.offsets)
        ready = tidied(laid, how).moved(1.0, -offset)
        name = label(number, pen.name, f"{pen.width:g}")
        made.append(DrawingLayer([Shape(paths_of(ready), stroke=pen.color)], name, pen.width))
    return Drawing(paper.width, paper.height, made, page=paper.page)


def paths_of(lines: Lines) -> list[Path]:
    """Lines as paths; closed ones do not repeat their first point."""
    closed = lines.closed.tolist()
    bounds = lines.offsets.tolist()
    return [
        Path(lines.points[low : high - 1], closed=True) if ring else Path(lines.points[low:high], closed=False)
        for low, high, ring in zip(bounds[:-1], bounds[1:], closed, strict=True)
    ]


def lines_of(paths: Sequence[Path], flatness: float) -> Lines:
    """Turn a drawing's paths into polylines."""
    found, closed = [], []
    for path in paths:
        points = np.asarray(path.points, np.float64)
        if path.kinds is not None:
            pieces = pieces_within(bends_of(points, path.kinds), path.kinds, flatness)
            points = flattened(points, path.kinds, np.maximum(np.ceil(pieces), 1).astype(np.int64))
        if len(points) == 1:
            points = np.repeat(points, 2, axis=0)
        if len(points):
            found.append(points)
            closed.append(path.closed)
    return Lines.of(found, closed)
