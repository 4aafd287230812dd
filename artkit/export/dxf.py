"""Drawings on paper to DXF (AutoCAD 2010, AC1024) in millimetres, y up: polylines, a layer for each ink of each layer.

ezdxf writes the file; it is an extra, `artkit[dxf]`. Curves become polylines or splines, closed paths closed ones. No
dates and no random identifiers are in it: the same drawings are the same bytes (of ezdxf's same version).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np

from artkit.arrays import Floats
from artkit.artwork.drawing import LINE, Drawing, Gradient, Layer, Path, Shape
from artkit.color.palette import parse
from artkit.errors import ArtkitError, UsageError
from artkit.export.files import NO_EZDXF

FLAT = 0.005
"""Millimetres that a polyline may stray from the curve it stands for."""

STEP = 1e-4
"""Millimetres below which points are the same."""


class Outline(NamedTuple):
    """A polyline in millimetres, y down, (N, 2), under the name of a layer and a color '#rrggbb'.

    What is bent has the `controls` of its cubics, (3 C + 1, 2).
    """

    layer: str
    color: str
    points: Floats
    closed: bool
    controls: Floats | None = None


def dxf(drawings: Sequence[Drawing], height: float, *, splines: bool = False) -> bytes:
    """Give the bytes of a DXF of drawings that lie on pages of `height` millimetres; with `splines` curves are these.

    A UsageError tells of gradients; an ArtkitError that ezdxf is not installed.
    """
    ezdxf = ezdxf_or_error()
    with _without_dates(ezdxf):
        return _bytes(_document(drawings, height, ezdxf, splines))


def _document(drawings: Sequence[Drawing], height: float, ezdxf: Any, splines: bool) -> Any:
    document = ezdxf.new("R2010", units=ezdxf.units.MM)
    space = document.modelspace()
    for outline in (outline for drawing in drawings for outline in outlines(drawing)):
        if outline.layer not in document.layers:
            red, green, blue = map(int, parse(outline.color))
            document.layers.add(outline.layer, true_color=red << 16 | green << 8 | blue)
        if splines and outline.controls is not None:
            controls = outline.controls * (1, -1) + (0, height)
            space.add_open_spline((controls + 0.0).tolist(), 3, _knots(len(controls)), {"layer": outline.layer})
            continue
        points = outline.points * (1, -1) + (0, height)
        space.add_lwpolyline((points + 0.0).tolist(), close=outline.closed, dxfattribs={"layer": outline.layer})
    return document


def outlines(drawing: Drawing, *, gradients: bool = False) -> Iterator[Outline]:
    """Give the outlines of all shapes, and the lines that are stroked, lowest first.

    Shapes that are filled with `gradients` are refused by a UsageError, or go by their first color.
    """
    for layer in drawing.layers:
        inks = list(dict.fromkeys(_ink(shape, gradients) for shape in layer.shapes if shape.fill or shape.stroke))
        for shape in layer.shapes:
            if shape.fill or shape.stroke:
                ink = _ink(shape, gradients)
                name = _layer_name(layer, ink, alone=len(inks) == 1)
                for path in shape.paths:
                    points = _points(path, drawing)
                    if len(points) > 1:
                        closed = path.closed and len(points) > 2
                        yield Outline(name, ink, points, closed, _controls(path, drawing))


def ezdxf_or_error() -> Any:
    """Give the library, or an ArtkitError that says how to get it."""
    try:
        import ezdxf
        import ezdxf.units
    except ImportError:
        raise ArtkitError(NO_EZDXF) from None
    return ezdxf


@contextmanager
def _without_dates(ezdxf: Any) -> Iterator[None]:
    """Let ezdxf write no dates and no identifiers by chance."""
    before = ezdxf.options.write_fixed_meta_data_for_testing
    ezdxf.options.write_fixed_meta_data_for_testing = True
    try:
        yield
    finally:
        ezdxf.options.write_fixed_meta_data_for_testing = before


def _bytes(document: Any) -> bytes:
    declared = document.classes
    declared.add_required_classes(document.dxfversion)  # from a set, whose order is another in each process
    declared.classes = dict(sorted(declared.classes.items()))
    stream = io.StringIO()
    document.write(stream)
    return bytes(document.encode(stream.getvalue()))


def _ink(shape: Shape, gradients: bool) -> str:
    if isinstance(shape.fill, Gradient):
        if gradients:
            return shape.fill.colors[0]
        raise UsageError("DXF holds no gradients; trace with --colors N, or use .pdf")
    return str(shape.fill or shape.stroke)


def _layer_name(layer: Layer, ink: str, *, alone: bool) -> str:
    """Give a name that DXF allows: that of the layer, and the ink's where the layer has several or no name."""
    name = layer.name if alone and layer.name else f"{layer.name} {ink}".strip()
    return re.sub(r'[<>/\\":;?*|=`,\x00-\x1f]', "_", name)[:255]


def _knots(controls: int) -> list[float]:
    """Give the knots of cubics in a row, each from one whole number to the next."""
    pieces = (controls - 1) // 3
    return [0.0, *(float(number) for number in range(pieces + 1) for _ in range(3)), float(pieces)]


def _controls(path: Path, drawing: Drawing) -> Floats | None:
    """Give the controls of a path's cubics in millimetres, straight segments and the closing one included."""
    if path.kinds is None or not len(path.kinds) or path.kinds.max() == LINE:
        return None
    assert drawing.page is not None
    own = np.asarray(path.points, np.float64) * drawing.page.scale + drawing.page.offset
    found = [own[:1]]
    at = 0
    for degree in path.kinds.tolist():
        found.append(_cubic(own[at : at + degree + 1])[1:])
        at += degree
    if path.closed and np.abs(own[-1] - own[0]).max() > STEP:
        found.append(_cubic(own[[-1, 0]])[1:])
    return np.concatenate(found)


def _cubic(piece: Floats) -> Floats:
    """Give the four controls of a line, a quadratic or a cubic."""
    if len(piece) == 2:
        return np.stack([piece[0], (2 * piece[0] + piece[1]) / 3, (piece[0] + 2 * piece[1]) / 3, piece[1]])
    if len(piece) == 3:
        return np.stack([piece[0], (piece[0] + 2 * piece[1]) / 3, (2 * piece[1] + piece[2]) / 3, piece[2]])
    return piece


def _points(path: Path, drawing: Drawing) -> Floats:
    from artkit.pens.styled import lines_of

    assert drawing.page is not None
    if not len(path.points):
        return np.empty((0, 2))
    scale = drawing.page.scale
    points: Floats = lines_of([path._replace(closed=False)], FLAT / scale)[0] * scale + drawing.page.offset
    kept = np.append(True, (np.abs(np.diff(points, axis=0)) > STEP).any(1))
    points = points[kept]
    if path.closed and len(points) > 1 and (np.abs(points[0] - points[-1]) <= STEP).all():
        points = points[:-1]
    return points
