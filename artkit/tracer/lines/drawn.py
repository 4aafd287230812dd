"""Lines as strokes of a drawing: as few curves as follow them."""

from __future__ import annotations

import numpy as np

from artkit.artwork.drawing import CUBIC, LINE, Layer, LineStyle, Path, Shape
from artkit.color.palette import name_of
from artkit.planar.spline import fit_splines
from artkit.tracer.lines.fitted import Lines

TOLERANCE = 0.25
"""How far a stroke may stray from the middle of its line, in pixels."""


def stroked(lines: Lines, step: float) -> Layer:
    """Draw lines as strokes, wide ones first; joints lie on multiples of `step`."""
    count = len(lines.width)
    tolerance = np.full(len(lines.points), TOLERANCE)
    open_ = np.zeros(count, bool)
    curves = fit_splines(lines.points, lines.offsets, open_, tolerance, np.zeros(len(lines.points), bool), step)
    shapes = []
    for k in np.argsort(-lines.width, kind="stable").tolist():
        part = slice(curves.offsets[k], curves.offsets[k + 1])
        points, kinds = [curves.start[part][:1]], []
        for line, *corners in zip(
            curves.line[part], curves.first[part], curves.second[part], curves.end[part], strict=True
        ):
            points.append(np.array(corners[2:] if line else corners))
            kinds.append(LINE if line else CUBIC)
        path = Path(np.concatenate(points), np.array(kinds, np.uint8), closed=False)
        color = name_of(np.clip(np.rint(lines.color[k]), 0, 255).astype(int))
        shapes.append(Shape([path], None, color, line=LineStyle(float(lines.width[k]))))
    return Layer(shapes)
