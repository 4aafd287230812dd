"""The tracer as an op: a picture or its regions in, filled shapes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, BeforeValidator, Field

from artkit.arrays import TRANSPARENT, Floats
from artkit.artwork.drawing import Drawing, Layer, Path, Shape
from artkit.artwork.image import Image
from artkit.artwork.labels import Labels
from artkit.color.files import is_file_name, read
from artkit.color.palette import name_of, parse, split_colors
from artkit.errors import UsageError
from artkit.planar.arcs import Outline, curve_arcs, cut_out, faithful_polygon_arcs, pixel_arcs, polygon_arcs
from artkit.planar.map import NORMAL_X, NORMAL_Y, OUTSIDE, PlanarMap, planar_map
from artkit.planar.segments import Curves, Quality
from artkit.planar.stack import paint_order, stack
from artkit.registry import op
from artkit.tracer.budget import parse_bytes
from artkit.tracer.photos import Wanted, draw, flat_mosaic

if TYPE_CHECKING:
    from artkit.tracer.mosaic import Mosaic
    from artkit.tracer.regions.flat import Mixtures

Kind = Literal["auto", "flat", "line", "photo"]
CurveKind = Literal["spline", "polygon", "pixel"]
Layering = Literal["merged", "stacked", "cutout"]


def listed(value: Any) -> Any:
    """Read a text as one palette file, whose name may hold spaces, or as colors."""
    if isinstance(value, str):
        return (value.strip(),) if is_file_name(value.strip()) else split_colors(value)
    return value


def inks(names: tuple[str, ...]) -> tuple[str, ...]:
    """Check the colors, with each palette file replaced by the colors in it: so an artwork's recipe stands alone."""
    try:
        return tuple(
            color for name in names for color in (map(name_of, read(name)) if is_file_name(name) else [_checked(name)])
        )
    except UsageError as error:
        raise ValueError(str(error)) from None


def _checked(name: str) -> str:
    try:
        parse(name)
    except UsageError as error:
        raise UsageError(f"{name!r}: {error}") from None
    return name


def _size(text: str | None) -> str | None:
    if text is not None:
        try:
            parse_bytes(text)
        except UsageError as error:
            raise ValueError(str(error)) from None
    return text


def _numbers(value: Any) -> Any:
    """Read a text as whole numbers; what is none is left for the check that follows."""
    if not isinstance(value, str):
        return value
    return [int(word) if word.isdecimal() else word for word in value.replace(",", " ").split()]


@op
def trace(
    source: Labels | Image,
    *,
    kind: Annotated[
        Kind, Field(description="What the picture is: flat art, black-and-white line work, a photo; auto looks at it.")
    ] = "auto",
    colors: Annotated[
        int | None, Field(ge=1, le=256, description="Number of colors, never more; by itself as the picture needs.")
    ] = None,
    palette: Annotated[
        tuple[str, ...],
        BeforeValidator(listed),
        AfterValidator(inks),
        Field(
            description="Fixed colors, in the order of the layers: CSS names, #rrggbb, or a palette file "
            "(.gpl, .ase, .act, .hex, .txt); none: the picture's own."
        ),
    ] = (),
    curves: Annotated[
        CurveKind, Field(description="Borders as smooth curves, as straight pieces, or along the pixels.")
    ] = "spline",
    tolerance: Annotated[
        float | None,
        Field(ge=0, le=100, description="How far a border may stray, in pixels; by itself as the picture allows."),
    ] = None,
    corner: Annotated[
        float, Field(ge=5, le=175, description="The smallest turn that stays a sharp corner, in degrees.")
    ] = 28.0,
    layers: Annotated[
        Layering,
        Field(
            description="merged: no seams, smallest; stacked: a layer for each color that goes on beneath the next; "
            "cutout: an exact partition without overlap."
        ),
    ] = "merged",
    min_area: Annotated[
        float | None,
        Field(ge=0, le=1e9, description="Regions smaller than this, in square pixels, are merged with a neighbor."),
    ] = None,
    fills: Annotated[
        Literal["auto", "gradient", "flat"],
        Field(description="Photos: gradients where they pay, or one color a shape; auto: gradients unless colors."),
    ] = "auto",
    detail: Annotated[
        float, Field(ge=0, le=1, description="Photos: how little a shape may add to be worth its place; 1 is most.")
    ] = 0.5,
    shapes: Annotated[
        int | None, Field(ge=1, le=1_000_000, description="Photos: at most so many shapes, and hardly fewer.")
    ] = None,
    bytes: Annotated[
        str | None,
        AfterValidator(_size),
        Field(description="Photos: at most so large a file, such as 200k; 60k-gzip counts it compressed."),
    ] = None,
    psnr: Annotated[
        float | None, Field(gt=0, le=60, description="Photos: at least so many dB, with as few shapes as that takes.")
    ] = None,
    levels: Annotated[
        tuple[Annotated[int, Field(ge=1, le=1_000_000)], ...],
        BeforeValidator(_numbers),
        Field(description="Photos: nested drawings of so many shapes each, a layer for each, such as 64,256,1024."),
    ] = (),
    focus: Annotated[
        str,
        Field(description="Photos: where detail goes first: X,Y,R in pixels, or the file of a mask, white counts."),
    ] = "",
    note: Callable[[str], None] | None = None,
    advance: Callable[[float], None] | None = None,
    metadata: Mapping[str, str] | None = None,
) -> Drawing:
    """Trace the picture, or regions of it, as filled shapes with holes.

    Shapes are in the picture's pixels. Borders between regions are found once, at sub-pixel places where the picture is
    antialiased, and fitted by lines and cubic curves. Transparent parts stay open. The regions of a recipe's earlier
    step are traced as they are. Photos become mosaics: as many regions as are asked for, merged from pixels where that
    costs least, and drawn as curves and fills that pay for their bytes.
    """
    if _nothing(source):
        return Drawing(source.width, source.height)
    wanted = Wanted(
        fills, shapes, None if bytes is None else parse_bytes(bytes), psnr, detail, levels, colors, tolerance, min_area,
        focus,
    )  # fmt: skip
    limited = bool(shapes or bytes or psnr or levels)
    usual = curves == "spline" and layers == "merged"
    special = isinstance(source, Labels) or bool(palette) or not usual
    _refuse(special and limited, "shapes, bytes, psnr and levels are")
    _refuse(fills == "gradient" and (special or colors is not None), "fills = gradient, without colors, is")
    if isinstance(source, Image) and not palette and (colors is None or limited) and layers != "stacked":
        opaque = source.is_opaque
        if (kind := _kind(source, kind, opaque)) == "photo":
            if usual:
                return draw(source, opaque, wanted, note or _silent, advance or _silent, metadata or {})
            regions = _mosaic(flat_mosaic(source, opaque, wanted))
        elif limited:
            raise UsageError(f"shapes, bytes, psnr and levels are for photos, and this is {kind} art; add kind = photo")
        else:
            regions = _found(source, kind, colors, palette, min_area)
    else:
        regions = (
            _given(source, min_area) if isinstance(source, Labels) else _found(source, kind, colors, palette, min_area)
        )
    planar = planar_map(regions.ids)
    samples, crisp = _samples(planar, regions)
    smooth = AUTOMATIC[regions.kind if crisp else "pixels"]
    quality = replace(smooth, corner=corner)
    if tolerance is not None:
        quality = replace(quality, tolerance=max(tolerance, 1e-3), line=max(0.6 * tolerance, 1e-3))
    if note:
        note(f"{regions.kind}, {len(regions.palette)} colors, {len(planar.face_area)} regions")

    if layers == "stacked":
        return _stacked(regions, curves, quality, tolerance, fixed=bool(palette))
    if layers == "cutout":
        outlines = cut_out(planar, _arcs(planar, samples, curves, quality, tolerance, regions.given))
        order = np.arange(len(planar.face_area))
        return Drawing(planar.width, planar.height, [Layer(_shapes(planar, regions, outlines, order))])
    rank = paint_order(planar)
    ground = int(np.argmin(rank)) if len(rank) and not (regions.ids == TRANSPARENT).any() else None
    skip = None if ground is None else np.array([ground])
    border = quality if curves == "spline" else _arcs(planar, samples, curves, quality, tolerance, regions.given)
    outlines = stack(planar, rank, border, samples, skip)
    background = None if ground is None else name_of(regions.palette[planar.face_label[ground]])
    return Drawing(planar.width, planar.height, [Layer(_shapes(planar, regions, outlines, rank))], background)


def _refuse(asked: bool, what: str) -> None:
    if asked:
        raise UsageError(
            f"{what} for pictures traced as photos, with curves = spline, layers = merged and no palette; "
            "leave out one or the other"
        )


AUTOMATIC = {
    "flat": Quality(tolerance=0.28, line=0.14, level=True),
    "line": Quality(tolerance=0.28, line=0.14, level=True),
    "photo": Quality(tolerance=0.5, line=0.4, reach=4, degree=1, rounds=2, thin=2, bends=False),
    "pixels": Quality(tolerance=0.48, line=0.48, reach=8, blur=1, degree=1, sharp=70),
}
"""How borders are followed by themselves: of flat art, line work, photos, and edges without antialiasing.

The last are followed to less than half a pixel, so that the two sides of a stroke of one pixel do not fall together.
"""

POLYGON_TOLERANCE = 0.6
"""How far straight pieces may stray by themselves, in pixels."""


def _nothing(source: Labels | Image) -> bool:
    """Whether all of the picture is transparent."""
    if isinstance(source, Labels):
        return bool((source.ids == TRANSPARENT).all())
    return source.is_opaque is not None and not source.is_opaque.any()


@dataclass(frozen=True, eq=False)
class _Regions:
    """A label image and its colors; `offsets` tells where borders run beside their cracks, None where nothing does.

    `given` regions come from an earlier step.
    """

    kind: str
    ids: NDArray[np.int32]
    palette: NDArray[np.uint8]
    offsets: Callable[[PlanarMap], Floats] | None
    given: bool = False


def _given(labels: Labels, min_area: float | None) -> _Regions:
    """Regions of an earlier step; where their picture is known, it tells where the borders run."""
    from artkit.tracer.regions.edges import contrast_offsets

    ids = labels.ids
    if min_area:
        from artkit.tracer.regions.photo import without_small

        ids = without_small(ids, labels.palette, min_area)
    if labels.source is None:
        return _Regions("photo", ids, labels.palette, None, given=True)
    pixels = labels.source.pixels
    return _Regions(
        "photo",
        ids,
        labels.palette,
        lambda planar: contrast_offsets(planar, ids, pixels, len(labels.palette)),
        given=True,
    )


def _found(image: Image, kind: Kind, colors: int | None, palette: tuple[str, ...], min_area: float | None) -> _Regions:
    """Look at the picture, decide what it is, and find its regions."""
    from artkit.tracer.regions.edges import contrast_offsets, edge_offsets
    from artkit.tracer.regions.flat import mixtures, reduced

    opaque = image.is_opaque
    kind = _kind(image, kind, opaque)
    fixed = np.array([parse(name) for name in palette], np.uint8) if palette else None
    if kind == "photo":
        from artkit.tracer.regions.photo import regions

        ids, found = regions(image.pixels, opaque, colors=colors, palette=fixed, min_area=min_area)
        return _Regions("photo", ids, found, lambda planar: contrast_offsets(planar, ids, image.pixels, len(found)))
    pixels = image.pixels
    if kind == "line":
        from artkit.tracer.look import clean

        pixels = clean(pixels, opaque)
    mixed = mixtures(pixels, image.alpha)
    mixed = reduced(mixed, colors, fixed)
    if min_area:
        mixed = _without_small(mixed, min_area)
    return _Regions(
        kind, mixed.owner, np.rint(mixed.palette).astype(np.uint8), lambda planar: edge_offsets(planar, mixed)
    )


def _kind(image: Image, kind: Kind, opaque: NDArray[np.bool_] | None) -> Kind:
    """Look at the picture, unless it is known what it is."""
    if kind != "auto":
        return kind
    from artkit.tracer.look import kind as look

    # Where alpha fades, colors are rounded off; they would pass for noise.
    solid = None if image.alpha is None else image.alpha == 255
    return look(image.pixels, opaque if solid is None or not solid.any() else solid)


def _mosaic(mosaic: Mosaic) -> _Regions:
    """Regions of a mosaic, each of its own color."""
    from artkit.tracer.regions.edges import field_offsets

    palette = np.clip(np.rint(mosaic.fields.color), 0, 255).astype(np.uint8)
    return _Regions(
        "photo",
        mosaic.labels,
        palette,
        lambda planar: field_offsets(planar, mosaic.labels, mosaic.pixels, mosaic.fields)[0],
    )


def _silent(_: object) -> None:
    pass


def _without_small(mixed: Mixtures, min_area: float) -> Mixtures:
    """Give small regions of flat art to their neighbors; their pixels are no mixtures any more."""
    from artkit.tracer.regions.photo import without_small

    owner = without_small(mixed.owner, np.rint(mixed.palette).astype(np.uint8), min_area)
    kept = owner == mixed.owner
    other, coverage = np.where(kept, mixed.other, owner), np.where(kept, mixed.coverage, np.float32(1))
    return replace(mixed, owner=owner, other=other, coverage=coverage)


def _samples(planar: PlanarMap, regions: _Regions) -> tuple[Floats, bool]:
    """Where the border runs at each crack, and whether the picture told it to less than a pixel."""
    from artkit.tracer.regions.edges import steadied

    if regions.offsets is None:
        return steadied(planar), False
    offset = regions.offsets(planar)
    inner = (planar.left != OUTSIDE) & (planar.right != OUTSIDE)
    crisp = bool((np.abs(offset) > 0.02)[inner[planar.arc_of]].mean() > 0.2) if inner.any() else True
    normal = np.column_stack([NORMAL_X[planar.direction], NORMAL_Y[planar.direction]])
    return planar.middles + offset[:, None] * normal if crisp else steadied(planar), crisp


def _arcs(
    planar: PlanarMap,
    samples: Floats,
    curves: CurveKind,
    quality: Quality,
    tolerance: float | None,
    given: bool,
) -> Curves:
    if curves == "pixel":
        return pixel_arcs(planar)
    if curves == "polygon":
        if given and tolerance is not None:  # regions of an earlier step are kept as exactly as the tolerance says
            return faithful_polygon_arcs(planar, samples, tolerance)
        return polygon_arcs(planar, samples, POLYGON_TOLERANCE if tolerance is None else tolerance)
    return curve_arcs(planar, samples, quality)


def _stacked(
    regions: _Regions, curves: CurveKind, quality: Quality, tolerance: float | None, *, fixed: bool
) -> Drawing:
    """One layer for each color that covers its own regions and all that lie above.

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
        planar = planar_map(np.where(heights >= number, np.int32(0), np.int32(OUTSIDE)))
        samples, _ = _samples(planar, regions)
        outlines = cut_out(planar, _arcs(planar, samples, curves, quality, tolerance, regions.given))
        fill = name_of(regions.palette[color])
        shapes = _shapes(planar, regions, outlines, np.arange(len(planar.face_area)), fill)
        layers.append(Layer(shapes, f"{number + 1} - {fill}"))
    height, width = regions.ids.shape
    return Drawing(width, height, layers)


def _shapes(
    planar: PlanarMap, regions: _Regions, outlines: list[Outline], rank: NDArray[np.int64], fill: str | None = None
) -> list[Shape]:
    """One shape for each face, lowest first, its rings as paths."""
    paths: dict[int, list[Path]] = {}
    for outline in outlines:
        paths.setdefault(outline.face, []).append(Path(outline.points, outline.kinds))
    names = [name_of(color) for color in regions.palette]
    faces = sorted(paths, key=lambda face: rank[face])
    return [Shape(paths[face], fill or names[planar.face_label[face]]) for face in faces]
