"""A drawing of flat colors in, what each ink covers out: regions that meet and do not overlap, in millimetres.

What lies on top hides what lies below: all outlines are noded together on a fine grid (Hobby 1999, snap rounding, as in
GEOS), the faces between them are found, and each takes the ink of the highest shape that holds it. So whatever a
drawing's shapes hide of each other, its regions cover the sheet exactly once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from artkit.arrays import Floats, Ints
from artkit.artwork.bezier import flattened, pieces_within
from artkit.artwork.drawing import Drawing, Gradient, Layer, Path, Shape
from artkit.errors import UsageError

GRID = 1e-4
"""Millimetres of the grid on which outlines are noded."""

FLAT = 0.005
"""Millimetres that a polyline may stray from the curve it stands for."""

Region = Any
"""A polygon or multipolygon of shapely's, in millimetres."""


@dataclass(frozen=True)
class Ink:
    """A flat color and what it covers, in millimetres; x to the right, y down."""

    color: str
    region: Region

    @property
    def area(self) -> float:
        """Square millimetres."""
        return float(self.region.area)


@dataclass(frozen=True)
class Sheet:
    """The sheet's sides in millimetres, and its inks, the one that is first seen from below first."""

    width: float
    height: float
    inks: tuple[Ink, ...]


def regions(drawing: Drawing, scale: float) -> Sheet:
    """Give what each ink of a drawing covers, `scale` millimetres to a unit of the drawing.

    A UsageError names what has no flat colors: gradients, translucent shapes, blur and shadows.
    """
    width, height = drawing.width * scale, drawing.height * scale
    pieces = list(_pieces(drawing, scale))
    colors = list(dict.fromkeys(color for color, _ in pieces))
    faces, top = partition([parts for _, parts in pieces], width, height)
    ink = np.array([*(colors.index(color) for color, _ in pieces), -1], np.intp)[top]
    inks = (Ink(color, joined(faces[ink == k])) for k, color in enumerate(colors) if (ink == k).any())
    return Sheet(width, height, tuple(inks))


def partition(pieces: list[list[Region]], width: float, height: float) -> tuple[Any, Ints]:
    """Divide a sheet by pieces, each some rings: its faces (F,) and the number of the last piece on each, or -1, (F,).

    A piece covers what its rings do by the even-odd rule.
    """
    import shapely

    sheet = shapely.box(0, 0, width, height)
    faces = _faces([sheet, *(part for parts in pieces for part in parts)], sheet)
    return faces, _topmost(faces, pieces)


def joined(faces: Any) -> Region:
    """Give the union of faces that meet along whole edges."""
    import shapely

    return shapely.coverage_union_all(faces)


def _faces(parts: list[Region], sheet: Region) -> Any:
    """Give all faces between the outlines of parts that lie on the sheet, as polygons (F,)."""
    import shapely

    lines = shapely.union_all(shapely.boundary(np.array(parts)), grid_size=GRID)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    return faces[shapely.intersects(sheet, shapely.point_on_surface(faces))]


def _topmost(faces: Any, pieces: list[list[Region]]) -> Ints:
    """Give for each face the number of the last piece that holds it by the even-odd rule, -1 for none, (F,)."""
    import shapely

    top = np.full(len(faces), -1, np.intp)
    parts = np.array([part for piece in pieces for part in piece])
    owner = np.repeat(np.arange(len(pieces)), [len(piece) for piece in pieces])
    if len(parts):
        face, part = shapely.STRtree(parts).query(shapely.point_on_surface(faces), predicate="intersects")
        pairs, times = np.unique(face * len(pieces) + owner[part], return_counts=True)
        face, piece = np.divmod(pairs[times % 2 == 1], len(pieces))
        np.maximum.at(top, face, piece)
    return top


def _pieces(drawing: Drawing, scale: float) -> Iterator[tuple[str, list[Region]]]:
    """Give the color of each thing that is painted, lowest first, and its parts: rings, or what a stroke covers."""
    import shapely

    if drawing.background is not None:
        yield drawing.background, [shapely.box(0, 0, drawing.width * scale, drawing.height * scale)]
    for layer in drawing.layers:
        if layer.blur or layer.shadow:
            raise UsageError(f"{_named(layer)}: is blurred or casts a shadow; inks need flat shapes with hard edges")
        for shape in layer.shapes:
            yield from _painted(shape, layer, scale)


def _painted(shape: Shape, layer: Layer, scale: float) -> Iterator[tuple[str, list[Region]]]:
    import shapely

    if isinstance(shape.fill, Gradient):
        raise UsageError(f"{_named(layer)}: has gradients, and inks are flat; trace with --colors N, or use a poster")
    if shape.opacity < 1:
        raise UsageError(f"{_named(layer)}: has translucent shapes, and inks are flat; make them opaque")
    lines = [_polyline(path, scale) for path in shape.paths if len(path.points) > 1]
    if shape.fill and (rings := [line for line in lines if len(np.unique(line, axis=0)) > 2]):
        yield shape.fill, [shapely.polygons(ring) for ring in rings]
    if shape.stroke:
        closed = [path.closed for path in shape.paths if len(path.points) > 1]
        yield shape.stroke, [_stroked(lines, closed, shape, layer, scale)]


def _named(layer: Layer) -> str:
    return f"layer {layer.name!r}" if layer.name else "the drawing"


def _polyline(path: Path, scale: float) -> Floats:
    points = np.asarray(path.points, np.float64) * scale
    if path.kinds is None:
        return points
    count = np.ones(len(path.kinds), np.int64)
    starts = np.concatenate([[0], np.cumsum(path.kinds)[:-1]]).astype(np.intp)
    for degree in (2, 3):
        own = np.flatnonzero(path.kinds == degree)
        controls = np.stack([points[starts[own] + k] for k in range(degree + 1)])
        bends = np.hypot(*np.moveaxis(np.diff(controls, 2, axis=0), -1, 0)).max(axis=0, initial=0)
        count[own] = np.ceil(np.maximum(pieces_within(bends, degree, FLAT), 1)).astype(np.int64)
    return flattened(points, path.kinds, count)


def _stroked(lines: list[Floats], closed: list[bool], shape: Shape, layer: Layer, scale: float) -> Region:
    import shapely

    style = shape.line
    cap, join = (style.cap, style.join) if style else ("round", "round")
    ways = [np.vstack([line, line[:1]]) if ring else line for line, ring in zip(lines, closed, strict=True)]
    half = shape.width_in(layer) * scale / 2
    return shapely.buffer(
        shapely.MultiLineString(ways),
        half,
        cap_style={"butt": "flat", "round": "round", "square": "square"}[cap],
        join_style={"miter": "mitre", "round": "round", "bevel": "bevel"}[join],
        quad_segs=16,
    )
