"""Tracing: a picture or its regions in, filled shapes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from math import inf
from typing import Annotated, Any, Literal

from artkit.artwork.drawing import Drawing
from artkit.artwork.image import Image
from artkit.artwork.labels import Labels
from artkit.artwork.settled import in_shot
from artkit.color.palette import name_of
from artkit.errors import UsageError
from artkit.grouping.inks import Group, grouped
from artkit.registry import Only, OnlyPictures, op
from artkit.registry.colors import FIXED_WAYS, FixedColors, check_kept
from artkit.registry.declared import AfterValidator, BeforeValidator, Field
from artkit.registry.parameters import FocusOn
from artkit.tracer.assemble import Borders, CurveKind, Layering
from artkit.tracer.budget import parse_bytes
from artkit.tracer.covers import usual_overlap
from artkit.tracer.found import Kind, is_blank
from artkit.tracer.inked import inked
from artkit.tracer.strokes.choice import Mode
from artkit.tracer.trace import Asked, Told, silent, traced
from artkit.tracer.wanted import Wanted


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


FREE, BENT = Only("palette", but=True), Only("curves", ("pixel",), but=True)
"""Goes with colors that the picture itself decides, and with borders that do not run along its pixels."""


@op(settles=True)
def trace(
    source: Labels | Image,
    *,
    kind: Annotated[
        Kind,
        Field(
            description="What the picture is: flat art, a drawing of gradients, line work, a photo; auto looks at it."
        ),
        OnlyPictures(),
    ] = "auto",
    colors: Annotated[
        int | None,
        Field(ge=1, le=256, description="Number of colors, never more; not given: as many as the picture needs."),
        FREE,
    ] = None,
    palette: Annotated[
        FixedColors,
        Field(description=f"Fixed colors, in the order of the layers: {FIXED_WAYS}; none: the picture's own."),
    ] = (),
    keep: Annotated[
        FixedColors,
        Field(description="With colors: colors that are among them, whatever the picture holds, such as #d62828."),
        FREE,
    ] = (),
    curves: Annotated[
        CurveKind, Field(description="Borders as smooth curves, as straight pieces, or along the pixels.")
    ] = "spline",
    tolerance: Annotated[
        float | None,
        Field(
            ge=0, le=100, description="How far a border may stray, in pixels; not given: as far as the picture allows."
        ),
        BENT,
    ] = None,
    corner: Annotated[
        float, Field(ge=5, le=175, description="The smallest turn that stays a sharp corner, in degrees."), BENT
    ] = 28.0,
    layers: Annotated[
        Layering,
        Field(
            description="merged: no seams, smallest; stacked: a layer for each color, going on beneath its neighbors "
            "above; cutout: an exact partition without overlap."
        ),
    ] = "merged",
    overlap: Annotated[
        Annotated[float, Field(ge=0, le=100_000)] | Literal["auto", "all"],
        Field(
            description="Stacked: pixels that a color goes on beneath neighbors above it; auto: 3, or a 400th of the "
            "longer side; all: beneath all that lies above, as if on sheets of paper."
        ),
        Only("layers", ("stacked",)),
    ] = "auto",
    group: Annotated[
        Group,
        Field(
            description="Named groups, layers to Inkscape; no pixel changes. ink: each of one color, as few as can be; "
            "depth: by how many shapes each shape lies within."
        ),
    ] = "none",
    min_area: Annotated[
        float | None,
        Field(ge=0, le=1e9, description="Regions smaller than this, in square pixels, are merged with a neighbor."),
    ] = None,
    fills: Annotated[
        Literal["auto", "gradient", "flat"],
        Field(description="Photos: gradients where they save bytes, or flat colors; auto: flat if colors are given."),
        OnlyPictures(),
    ] = "auto",
    detail: Annotated[
        float,
        Field(ge=0, le=1, description="Photos: how much detail is kept; 0 is least, 1 is most."),
        OnlyPictures(),
    ] = 0.5,
    shapes: Annotated[
        int | None, Field(ge=1, le=1_000_000, description="Photos: at most so many shapes, and nearly as many.")
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
    focus: Annotated[FocusOn, OnlyPictures()] = "auto",
    paper: Annotated[
        Literal["auto", "keep"],
        Field(description="Ink on photographed or scanned paper: auto takes the paper away; keep traces it, too."),
        OnlyPictures(),
    ] = "auto",
    strokes: Annotated[
        Mode,
        Field(
            description="Lines of even width as strokes along their middle, not as outlines: auto where that is as "
            "close and takes less; always wherever the width is even."
        ),
    ] = "auto",
    report: Callable[[str], None] | None = None,
    progress: Callable[[float], None] | None = None,
    metadata: Mapping[str, str] | None = None,
) -> Drawing:
    """Trace the picture, or regions of it, as filled shapes with holes.

    Shapes are in the picture's pixels. Borders between regions are found once, at sub-pixel places where the picture is
    antialiased, and fitted by lines and cubic curves. Transparent parts stay open. The regions of a recipe's earlier
    step are traced as they are. Photos become mosaics: as many regions as are asked for, merged from pixels where that
    costs least, and drawn as curves and fills that pay for their bytes.
    """
    told = Told(report or silent, progress or silent, metadata or {})
    if is_blank(source):
        told.report("transparent everywhere: there is nothing to draw")
        return Drawing(source.width, source.height)
    wanted = Wanted(
        fills, shapes, None if bytes is None else parse_bytes(bytes), psnr, detail, levels, colors, tolerance, min_area,
        focus, keep, palette, layers, group, strokes != "never",
    )  # fmt: skip
    if isinstance(source, Image) and paper == "auto" and kind in ("auto", "line") and not palette and colors is None:
        ink = inked(source, Borders(curves, corner, tolerance), layers)
        if ink is not None:
            told.report("ink on paper: the ink alone is traced; paper = keep traces the paper, too")
            return grouped(ink, group)
    if not palette:
        check_kept(keep, colors)
    if colors is not None and not palette and isinstance(source, Image):
        wanted = _of_the_shot(source, wanted)
    asked = Asked(kind, palette, wanted, Borders(curves, corner, tolerance), layers, strokes, _pixels(overlap, source))
    return grouped(traced(source, asked, told), group)


def _pixels(overlap: float | str, source: Labels | Image) -> float:
    if isinstance(overlap, str):
        return inf if overlap == "all" else usual_overlap(source.width, source.height)
    return overlap


def _of_the_shot(source: Image, wanted: Wanted) -> Wanted:
    """Give what is wanted with the inks that were chosen for a whole shot, where this is one of its frames."""
    from artkit.tracer.photos import inks_of

    inks = in_shot(lambda: inks_of(source, source.is_opaque, wanted))
    return wanted if inks is None else replace(wanted, colors=len(inks), keep=tuple(map(name_of, inks)))
