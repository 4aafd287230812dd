"""Tracing: a picture or its regions in, filled shapes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from artkit.artwork.drawing import Drawing
from artkit.artwork.image import Image
from artkit.artwork.labels import Labels
from artkit.errors import UsageError
from artkit.registry import op
from artkit.registry.colors import FIXED_WAYS, FixedColors, check_kept
from artkit.registry.parameters import FocusOn
from artkit.tracer.assemble import Borders, CurveKind, Layering
from artkit.tracer.budget import parse_bytes
from artkit.tracer.found import Kind, is_blank
from artkit.tracer.groups import grouped
from artkit.tracer.inked import inked
from artkit.tracer.strokes.choice import Mode
from artkit.tracer.trace import Asked, Told, silent, traced
from artkit.tracer.wanted import Group, Wanted


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
        Kind,
        Field(
            description="What the picture is: flat art, a drawing of gradients, line work, a photo; auto looks at it."
        ),
    ] = "auto",
    colors: Annotated[
        int | None, Field(ge=1, le=256, description="Number of colors, never more; by itself as the picture needs.")
    ] = None,
    palette: Annotated[
        FixedColors,
        Field(description=f"Fixed colors, in the order of the layers: {FIXED_WAYS}; none: the picture's own."),
    ] = (),
    keep: Annotated[
        FixedColors,
        Field(description="With colors: colors that are among them, whatever the picture holds, such as #d62828."),
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
    focus: FocusOn = "auto",
    paper: Annotated[
        Literal["auto", "keep"],
        Field(description="Ink on photographed or scanned paper: auto takes the paper away; keep traces it, too."),
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
    check_kept(keep, colors)
    asked = Asked(kind, palette, wanted, Borders(curves, corner, tolerance), layers, strokes)
    return grouped(traced(source, asked, told), group)
