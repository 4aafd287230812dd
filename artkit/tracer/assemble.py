"""Regions in, a drawing out: shapes that share their borders, in layers without seams."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from artkit.arrays import TRANSPARENT, Floats, Ints
from artkit.artwork.drawing import Drawing, Fill, Layer, Path, Shape
from artkit.color.palette import name_of
from artkit.planar.arcs import curve_arcs
from artkit.planar.map import NORMAL_X, NORMAL_Y, OUTSIDE, PlanarMap, planar_map
from artkit.planar.outlines import Outline, cut_out
from artkit.planar.polygons import faithful_polygon_arcs, pixel_arcs, polygon_arcs
from artkit.planar.segments import Curves, Quality
from artkit.planar.stack import stack
from artkit.planar.zorder import z_order
from artkit.spans import spanned
from artkit.tracer.covers import cover_of, hidden_border
from artkit.tracer.found import Regions
from artkit.tracer.noise import Damage
from artkit.tracer.strokes.choice import Mode, stroked

CurveKind = Literal["spline", "polygon", "pixel"]
Layering = Literal["merged", "stacked", "cutout"]


@dataclass(frozen=True)
class Borders:
    """How borders are asked for: the kind of `curves`, the smallest turn that stays a `corner`, in degrees, and how far
    a border may stray, `tolerance`, in pixels, None as the picture allows.
    """

    curves: CurveKind
    corner: float
    tolerance: float | None

    def quality(self, kind: str) -> Quality:
        """Give the fitter's settings for a kind of picture, one of AUTOMATIC."""
        quality = replace(AUTOMATIC[kind], corner=self.corner)
        if self.tolerance is None:
            return quality
        return replace(quality, tolerance=max(self.tolerance, 1e-3), line=max(0.6 * self.tolerance, 1e-3))


AUTOMATIC = {
    "flat": Quality(tolerance=0.32, line=0.14, level=True),
    "gradient": Quality(tolerance=0.32, line=0.14, level=True),
    "line": Quality(tolerance=0.32, line=0.14, level=True),
    "photo": Quality(tolerance=0.5, line=0.4, reach=4, degree=1, rounds=2, thin=2, bends=False),
    "pixels": Quality(tolerance=0.48, line=0.48, reach=8, blur=1, degree=1, sharp=70),
}
"""How borders are followed by themselves: of flat art, line work, photos, and edges without antialiasing.

The last are followed to less than half a pixel, so that the two sides of a stroke of one pixel do not fall together.
"""

POLYGON_TOLERANCE = 0.6
"""How far straight pieces may stray by themselves, in pixels."""


@spanned("draw regions")
def drawn(
    regions: Regions,
    borders: Borders,
    layers: Layering,
    *,
    fixed: bool,
    overlap: float = np.inf,
    strokes: Mode = "never",
    report: Callable[[str], None] | None = None,
) -> Drawing:
    """Draw regions: `merged` without seams, `stacked` a layer for each color, or `cutout` as an exact partition.

    With `fixed` colors, stacked layers are in their order, the first one lowest; each color goes on beneath neighbors
    that lie above it by `overlap` pixels. `strokes` tells whether faces of even
    width are drawn as such, where layers are merged and borders smooth. `report` is told what there is.
    """
    planar = regions.planar
    if regions.exact and borders.curves == "spline":
        borders = replace(borders, curves="pixel")
    samples, crisp = _samples(planar, regions)
    quality = borders.quality(regions.kind if crisp or regions.damage else "pixels")
    if regions.damage:
        quality = doubted(quality, regions.damage, fixed=borders.tolerance is not None)
    if report:
        seen = f"{regions.kind} under {regions.damage}" if regions.damage else regions.kind
        report(f"{seen}, {len(regions.palette)} colors, {len(planar.face_area)} regions")

    if layers == "stacked":
        return _stacked(regions, borders, quality, fixed=fixed, overlap=overlap)
    if layers == "cutout":
        outlines = cut_out(planar, _arcs(planar, samples, borders, quality, regions.given))
        order = np.arange(len(planar.face_area))
        return Drawing(planar.width, planar.height, _grouped(_shapes(planar, regions, outlines, order), regions))
    if regions.exact and borders.curves == "pixel" and _is_code(planar, regions):
        return _in_one_path(planar, regions)
    if regions.opacity is not None and (regions.opacity < 1).any():
        return _see_through(planar, regions, samples, borders, quality)
    lines: list[Shape] = []
    if borders.curves == "spline" and (found := stroked(planar, regions, samples, quality, strokes)) is not None:
        planar, samples, lines = found.planar, found.samples, found.shapes
        regions = replace(regions, ids=found.ids)
    z = z_order(planar)
    ground = int(np.argmin(z)) if len(z) and not planar.outside.any() else None
    skip = None if ground is None else np.array([ground])
    border = quality if borders.curves == "spline" else _arcs(planar, samples, borders, quality, regions.given)
    outlines = stack(planar, z, border, samples, skip)
    shapes = _shapes(planar, regions, outlines, z)
    background = None
    if ground is not None:
        background, under = _sheet(planar, _fills(regions)[planar.face_label[ground]])
        shapes = under + shapes
    shapes += lines
    drawing = Drawing(planar.width, planar.height, [Layer(shapes)], background)
    own = borders.curves == "spline" and borders.tolerance is None
    if regions.plain and regions.pixels is not None and crisp and own and planar.width * planar.height <= POLISHED:
        from artkit.tracer.polish.steps import polished

        return polished(drawing, regions.pixels)
    return drawing


POLISHED = 9216
"""Pixels of the largest picture whose drawing is painted and moved until it looks like it; more: closer, and slower."""


def _grouped(shapes: list[Shape], regions: Regions) -> list[Layer]:
    """A layer for each color of the palette, in its order, where colors are few: shapes must not overlap."""
    if len(regions.palette) > GROUPS or regions.fills is not None:
        return [Layer(shapes)]
    names = [name_of(color) for color in regions.palette]
    by_color = {name: [shape for shape in shapes if shape.fill == name] for name in dict.fromkeys(names)}
    used = [(name, some) for name, some in by_color.items() if some]
    return [Layer(some, f"{number} - {name}") for number, (name, some) in enumerate(used, 1)]


GROUPS = 256
"""Colors up to which cut-out shapes are grouped by color."""


def _sheet(planar: PlanarMap, fills: list[Fill]) -> tuple[str | None, list[Shape]]:
    """Give the color of the sheet, and shapes of its size for what colors do not tell."""
    color, upon = (fills[0], fills[1:]) if isinstance(fills[0], str) else (None, fills)
    whole = Path(np.array([[0, 0], [planar.width, 0], [planar.width, planar.height], [0, planar.height]], float))
    return color, [Shape([whole], fill) for fill in upon]


def _fills(regions: Regions) -> list[list[Fill]]:
    """The fills of each region, lowest first."""
    return regions.fills or [[name_of(color)] for color in regions.palette]


CODE = 500
"""Regions of a picture on a grid of two colors above which one of them is drawn as one path: codes and dithers."""


def _is_code(planar: PlanarMap, regions: Regions) -> bool:
    return len(planar.face_area) > CODE and len(regions.palette) == 2 and not (regions.ids == TRANSPARENT).any()


def _in_one_path(planar: PlanarMap, regions: Regions) -> Drawing:
    """Draw the commoner color as the sheet and all of the other as one path, in a third of the bytes."""
    ground, ink = np.argsort(-np.bincount(regions.ids.ravel(), minlength=2), kind="stable").tolist()
    outlines = [o for o in cut_out(planar, pixel_arcs(planar)) if planar.face_label[o.face] == ink]
    shape = Shape([Path(outline.points, outline.kinds) for outline in outlines], name_of(regions.palette[ink]))
    return Drawing(planar.width, planar.height, [Layer([shape])], name_of(regions.palette[ground]), grid=1)


def _see_through(planar: PlanarMap, regions: Regions, samples: Floats, borders: Borders, quality: Quality) -> Drawing:
    """Draw opaque regions without seams, and those one can see through cut out beside them, with nothing beneath."""
    assert regions.opacity is not None
    glass = np.append(regions.opacity < 1, False)[regions.ids]
    outlines = cut_out(planar, _arcs(planar, samples, borders, quality, regions.given))
    cut = [outline for outline in outlines if regions.opacity[planar.face_label[outline.face]] < 1]
    shapes = _shapes(planar, regions, cut, np.arange(len(planar.face_area)))
    solid = planar_map(np.where(glass, np.int32(TRANSPARENT), regions.ids))
    z = z_order(solid)
    places, _ = _samples(solid, regions)
    border = quality if borders.curves == "spline" else _arcs(solid, places, borders, quality, regions.given)
    shapes += _shapes(solid, regions, stack(solid, z, border, places), z)
    return Drawing(planar.width, planar.height, [Layer(shapes)])


def doubted(quality: Quality, damage: Damage, *, fixed: bool) -> Quality:
    """Trust samples less that noise or blur has moved: wider tolerance, unless it is `fixed`, and blunter corners."""
    noise, blur = damage.noise, damage.blur
    quality = replace(quality, corner=min(quality.corner + 2 * noise + 4 * blur, 175.0))
    if blur:
        quality = replace(quality, thin=2, reach=5)
    if fixed:
        return quality
    tolerance = quality.tolerance + 0.03 * (noise - 0.7) + 0.1 * blur
    return replace(quality, tolerance=tolerance, line=quality.line + 0.03 * (noise - 0.7) + 0.09 * blur)


def _samples(planar: PlanarMap, regions: Regions) -> tuple[Floats, bool]:
    """Where the border runs at each crack, and whether the picture told it to less than a pixel."""
    from artkit.tracer.regions.antialias import antialiased
    from artkit.tracer.regions.edges import smoothed_staircase

    if regions.offsets is None:
        return smoothed_staircase(planar), False
    offset = regions.offsets(planar)
    told, all_told = antialiased(planar, offset)
    if not all_told:
        return smoothed_staircase(planar), False
    normal = np.column_stack([NORMAL_X[planar.direction], NORMAL_Y[planar.direction]])
    return np.where(told[:, None], planar.middles + offset[:, None] * normal, smoothed_staircase(planar)), True


def _arcs(planar: PlanarMap, samples: Floats, borders: Borders, quality: Quality, given: bool) -> Curves:
    curves, tolerance = borders.curves, borders.tolerance
    if curves == "pixel":
        return pixel_arcs(planar)
    if curves == "polygon":
        if given and tolerance is not None:  # regions of an earlier step are kept as exactly as the tolerance says
            return faithful_polygon_arcs(planar, samples, tolerance)
        return polygon_arcs(planar, samples, POLYGON_TOLERANCE if tolerance is None else tolerance)
    return curve_arcs(planar, samples, quality)


def _stacked(regions: Regions, borders: Borders, quality: Quality, *, fixed: bool, overlap: float) -> Drawing:
    """One layer for each color that covers its own regions and goes on beneath neighbors that lie above.

    Fixed colors are layered in the order they were given, the first one lowest; others with the commonest lowest.
    """
    count = np.bincount(regions.ids.ravel() + 1, minlength=len(regions.palette) + 1)[1:]
    places = np.arange(len(count))
    order = [int(k) for k in (places if fixed else np.lexsort((places, -count))) if count[k]]
    level = np.full(len(count) + 1, OUTSIDE, np.int32)
    level[order] = np.arange(len(order), dtype=np.int32)
    heights = level[regions.ids]
    layers = []
    for number, color in enumerate(order):
        cover = cover_of(heights, number, overlap)
        planar = planar_map(np.where(cover.pixels, np.int32(0), np.int32(OUTSIDE)))
        samples, _ = _samples(planar, regions)
        beneath, hidden = hidden_border(planar, heights, number, cover)
        samples[beneath] = hidden
        outlines = cut_out(planar, _arcs(planar, samples, borders, quality, regions.given))
        name = name_of(regions.palette[color])
        shapes = _shapes(planar, regions, outlines, np.arange(len(planar.face_area)), _fills(regions)[color])
        layers.append(Layer(shapes, f"{number + 1} - {name}"))
    height, width = regions.ids.shape
    return Drawing(width, height, layers)


def _shapes(
    planar: PlanarMap, regions: Regions, outlines: list[Outline], z: Ints, only: list[Fill] | None = None
) -> list[Shape]:
    """One shape for each face and fill of it, lowest first, its rings as paths."""
    paths: dict[int, list[Path]] = {}
    for outline in outlines:
        paths.setdefault(outline.face, []).append(Path(outline.points, outline.kinds))
    fills = _fills(regions)
    opacity = np.ones(len(fills)) if regions.opacity is None else regions.opacity
    faces = sorted(paths, key=lambda face: z[face])
    labels = [int(planar.face_label[face]) for face in faces]
    return [
        Shape(paths[face], fill, opacity=float(opacity[label]))
        for face, label in zip(faces, labels, strict=True)
        for fill in only or fills[label]
    ]
