"""A drawing of flat colors in, what each ink covers out: regions that meet and do not overlap, in millimetres.

What lies on top hides what lies below: all outlines are noded together on a fine grid (Hobby 1999, snap rounding, as in
GEOS), the faces between them are found, and each takes the ink of the highest shape that holds it. So whatever a
drawing's shapes hide of each other, its regions cover the sheet exactly once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from artkit.arrays import Floats, Ints
from artkit.artwork.bezier import flattened, pieces_within
from artkit.artwork.drawing import Drawing, Gradient, Layer, Path, Shape
from artkit.errors import UsageError
from artkit.pens.names import hex_color
from artkit.prepress.tones import Tone, fade, one_ink

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


EXTREMES = {"lightest": -1, "darkest": 0}
"""Words that stand for a color of a drawing, whatever its colors are."""


def meant(word: str, colors: Sequence[str]) -> str:
    """Give the color that a word of `EXTREMES` stands for among some; any other word as it is."""
    from artkit.color.palette import by_lightness, parse

    if word not in EXTREMES or not colors:
        return word
    levels = np.array([parse(color) for color in colors], np.uint8)
    return colors[int(by_lightness(levels)[EXTREMES[word]])]


class Piece(NamedTuple):
    """Something that is painted: its color, the rings or areas it covers by the even-odd rule, and its share of ink."""

    color: str
    parts: list[Region]
    tint: float | Tone = 1.0


def regions(drawing: Drawing, scale: float) -> Sheet:
    """Give what each ink of a drawing covers, `scale` millimetres to a unit of the drawing.

    A UsageError names what has no flat colors: gradients, translucent shapes, blur and shadows.
    """
    width, height = (on_grid(side * scale) for side in (drawing.width, drawing.height))
    painted = list(pieces_of(drawing, scale))
    colors = list(dict.fromkeys(piece.color for piece in painted))
    faces, top = partition([piece.parts for piece in painted], width, height)
    ink = np.array([*(colors.index(piece.color) for piece in painted), -1], np.intp)[top]
    inks = (Ink(color, joined(faces[ink == k])) for k, color in enumerate(colors) if (ink == k).any())
    return Sheet(width, height, tuple(inks))


def on_grid(length: float) -> float:
    """Give the nearest length that is on the grid: a sheet is covered exactly only when its sides are."""
    return round(length / GRID) * GRID


def partition(pieces: Sequence[Sequence[Region]], width: float, height: float) -> tuple[Any, Ints]:
    """Divide a sheet by pieces, each some rings: its faces (F,) and the number of the last piece on each, or -1, (F,).

    A piece covers what its rings do by the even-odd rule.
    """
    faces, face, piece = stacked(pieces, width, height)
    return faces, topmost(len(faces), face, piece)


def stacked(pieces: Sequence[Sequence[Region]], width: float, height: float) -> tuple[Any, Ints, Ints]:
    """Divide a sheet by pieces as `partition` does: its faces (F,), and which face lies in which piece, (P,) each."""
    import shapely

    sheet = shapely.box(0, 0, width, height)
    faces = _faces([sheet, *(part for parts in pieces for part in parts)], sheet)
    parts = np.array([part for piece in pieces for part in piece])
    owner = np.repeat(np.arange(len(pieces)), [len(piece) for piece in pieces])
    if not len(parts):
        return faces, np.zeros(0, np.intp), np.zeros(0, np.intp)
    part, face = shapely.STRtree(shapely.point_on_surface(faces)).query(parts, predicate="intersects")
    pairs, times = np.unique(face * len(pieces) + owner[part], return_counts=True)
    face, piece = np.divmod(pairs[times % 2 == 1], len(pieces))
    return faces, face, piece


def topmost(count: int, face: Ints, piece: Ints) -> Ints:
    """Give for each of `count` faces the highest piece that it lies in, -1 for none, (F,)."""
    top = np.full(count, -1, np.intp)
    np.maximum.at(top, face, piece)
    return top


def joined(faces: Any) -> Region:
    """Give the union of faces that meet along whole edges."""
    import shapely

    return shapely.coverage_union_all(faces)


def together(polygons: Any) -> Region:
    """Give polygons (P,) that do not meet as one geometry."""
    import shapely

    return shapely.multipolygons(polygons.tolist()) if len(polygons) else shapely.Polygon()


def _faces(parts: list[Region], sheet: Region) -> Any:
    """Give all faces between the outlines of parts that lie on the sheet, as polygons (F,)."""
    import shapely

    lines = shapely.union_all(shapely.boundary(np.array(parts)), grid_size=GRID)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    return faces[shapely.intersects(sheet, shapely.point_on_surface(faces))]


def pieces_of(
    drawing: Drawing, scale: float, offset: tuple[float, float] = (0.0, 0.0), *, tints: bool = False
) -> Iterator[Piece]:
    """Give each thing that is painted, lowest first, in millimetres: a unit is `scale`, the origin lies at `offset`.

    With `tints` translucent shapes are shares of their ink. A UsageError names what has no flat colors.
    """
    import shapely

    if drawing.background is not None:
        left, top = offset
        box = shapely.box(left, top, left + drawing.width * scale, top + drawing.height * scale)
        yield Piece(hex_color(drawing.background), [box])
    for layer in drawing.layers:
        if layer.blur or layer.shadow:
            raise UsageError(f"{_named(layer)}: is blurred or casts a shadow; inks need flat shapes with hard edges")
        for shape in layer.shapes:
            yield from _painted(shape, layer, scale, offset, tints)


def _painted(shape: Shape, layer: Layer, scale: float, offset: tuple[float, float], tints: bool) -> Iterator[Piece]:
    import shapely

    fill, tint = _filled(shape, layer, scale, offset, tints)
    if shape.opacity < 1 and not tints:
        raise UsageError(
            f"{_named(layer)}: has translucent shapes, and inks are flat; make them opaque, or give --halftone"
        )
    if shape.opacity <= 0:
        return
    lines = [_polyline(path, scale) + offset for path in shape.paths if len(path.points) > 1]
    if fill and (rings := [line for line in lines if len(np.unique(line, axis=0)) > 2]):
        yield Piece(hex_color(fill), [shapely.polygons(ring) for ring in rings], tint)
    if shape.stroke:
        closed = [path.closed for path in shape.paths if len(path.points) > 1]
        stroked = _stroked(lines, closed, shape, layer, scale)
        yield Piece(hex_color(shape.stroke), [stroked], shape.opacity)


def _filled(
    shape: Shape, layer: Layer, scale: float, offset: tuple[float, float], tints: bool
) -> tuple[str | None, float | Tone]:
    """Give the ink of a shape's fill, and its share: that of a gradient of one color varies."""
    if not isinstance(shape.fill, Gradient):
        return shape.fill, shape.opacity
    color = one_ink(shape.fill)
    if color is None or not tints:
        raise UsageError(
            f"{_named(layer)}: has gradients, and inks are flat; trace with --colors N, use a poster, or give "
            "--halftone"
        )
    return color, fade(shape.fill, shape.opacity, scale, offset) if shape.fill.opacities else shape.opacity


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
