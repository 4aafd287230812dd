"""Drawings made for pens: which they are, their lines in millimetres, and what their pens are called."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from artkit.artwork.drawing import AnimatedDrawing, Drawing, Path
from artkit.errors import UsageError
from artkit.pens.document import Layer, Pen, Plot
from artkit.pens.lines import Floats, Lines

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
    return Plot(page.width, page.height, layers, {"title": drawing.title, **drawing.metadata, **metadata})


def hex_color(color: str) -> str:
    """Give a file's color as '#rrggbb'; black for one that is not understood."""
    from artkit.color.palette import name_of, parse

    if re.fullmatch("#[0-9a-f]{6}", color):
        return color
    try:
        return name_of(parse(color))
    except UsageError:
        return "#000000"


def color_name(color: str) -> str:
    """Give a color's CSS name where it has one."""
    from PIL import ImageColor

    from artkit.color.palette import name_of

    if not color.startswith("#"):
        return color.lower()
    # Pillow keeps what it has parsed: a name stands for '#000000' at first, and for (0, 0, 0) later.
    values = {name: value if isinstance(value, str) else name_of(value) for name, value in ImageColor.colormap.items()}
    names = {value.lower()[:7]: name for name, value in reversed(values.items())}
    return names.get(color.lower(), color.lower())


def bare_label(label: str) -> str:
    """Give a layer's label without the number, the flags and the pen's width that plotter software reads."""
    label = " ".join(label.split())
    bare = re.sub(r"^\s*!?\d+(?:\+[SHD]\d+)*\s*[-:.]?\s*", "", label)
    bare = re.sub(r"\s*[\d.]+\s*mm\s*$", "", bare).strip()
    return bare or label.strip()


def lines_of(paths: Sequence[Path], flatness: float) -> Lines:
    """Turn a drawing's paths into polylines."""
    found, closed = [], []
    for path in paths:
        points = np.asarray(path.points, np.float64)
        if path.kinds is not None:
            points = _flat(points, path.kinds, flatness)
        if len(points) == 1:
            points = np.repeat(points, 2, axis=0)
        if len(points):
            found.append(points)
            closed.append(path.closed)
    return Lines.of(found, closed)


def _flat(points: Floats, kinds: NDArray[np.uint8], flatness: float) -> Floats:
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
                rows = [a + (b - a) * t for a, b in pairwise(rows)]
            parts.append(rows[0])
        at += kind
    return np.concatenate(parts)
