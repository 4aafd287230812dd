"""Crafts: photos as triangles, translucent shapes, stained glass, washes of color, cut paper.

All of them begin with the mosaic of a photo, whose borders run where those of the things in it do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray

from artkit.artwork.drawing import Drawing
from artkit.artwork.image import Image
from artkit.color.palette import name_of, parse
from artkit.importance.focus import Focus, focus_of
from artkit.ops import frame as geometry
from artkit.registry import op
from artkit.registry.colors import ColorName, FixedColors
from artkit.registry.declared import Field
from artkit.registry.parameters import FocusOn
from artkit.tracer.mosaic import Mosaic, Source

SKIN = 1.2
"""How many times as much errors in faces count: not so much that skin is cut to bits."""

WORKED = 1000
"""The longer side to which pictures are reduced, where no finer border is of use."""


@op
def low_poly(
    image: Image,
    *,
    triangles: Annotated[
        int, Field(ge=2, le=200_000, description="Number of triangles: at most so many, and nearly as many.")
    ] = 1500,
    follow: Annotated[
        float, Field(ge=0, le=1, description="Share of them that borders of things are followed with; 0 is loose.")
    ] = 0.5,
    focus: FocusOn = "auto",
    report: Callable[[str], None] | None = None,
) -> Drawing:
    """Draw the picture as triangles with straight edges, each in the mean color of its pixels.

    Edges run along borders in the picture, triangles are small where there is much to see. They tile the picture
    without gap or overlap; a stroke in a triangle's own color covers what would show between two of them.
    """
    from artkit.styles.low_poly import ACROSS, drawing, side_of

    opaque = image.is_opaque
    area = image.width * image.height if opaque is None else int(opaque.sum())
    if not area:
        return Drawing(image.width, image.height)
    seen = focus_of(focus, image)
    weight = None if seen is None else seen.weight(image.width, image.height)
    source, _ = _reduced(image, seen, ACROSS / side_of(area, triangles))
    made = drawing(source, image.pixels, opaque, weight, triangles, follow)
    if report:
        report(f"{len(made.layers[0].shapes)} triangles")
    return made


@op
def primitives(
    image: Image,
    *,
    shapes: Annotated[int, Field(ge=1, le=3000, description="Number of shapes.")] = 200,
    kind: Annotated[
        Literal["triangle", "rectangle", "ellipse", "circle", "mixed"],
        Field(description="What the shapes are; rectangles and ellipses are turned, mixed takes whichever fits best."),
    ] = "triangle",
    opacity: Annotated[float, Field(ge=0.05, le=1, description="How much a shape hides of those below it.")] = 0.5,
    focus: FocusOn = "auto",
    rng: np.random.Generator | None = None,
    progress: Callable[[float], None] | None = None,
) -> Drawing:
    """Draw the picture as few translucent shapes, each put where it brings the picture closest.

    Shapes are tried at random and improved by small changes, one after the other, from large to small by themselves.
    Transparent parts are taken as white.
    """
    from artkit.styles import primitives as engine

    kinds: Sequence[engine.Kind] = ("triangle", "rectangle", "ellipse") if kind == "mixed" else (kind,)
    seen = focus_of(focus, image)
    reduced = geometry.resize(image.on_white(), size=engine.side_of(shapes))
    weight = None if seen is None else seen.weight(reduced.width, reduced.height)
    return engine.drawing(
        reduced.pixels, (image.width, image.height), shapes, kinds, opacity, rng or np.random.default_rng(0), weight,
        progress or (lambda share: None),
    )  # fmt: skip


@op
def circle_packing(
    image: Image,
    *,
    largest: Annotated[
        float, Field(ge=0.002, le=0.5, description="Radius of the largest circles, as a share of the longer side.")
    ] = 0.028,
    smallest: Annotated[
        float, Field(ge=0.001, le=0.1, description="Radius of the smallest ones, alike; smaller: fuller, and slower.")
    ] = 0.0022,
    background: Annotated[ColorName, Field(description="Color of the sheet between them.")] = "#f5f3ee",
    focus: FocusOn = "auto",
    progress: Callable[[float], None] | None = None,
) -> Drawing:
    """Draw the picture as circles that do not overlap, small where there is much to see.

    Each has the mean color of what it covers. Transparent parts stay free.
    """
    from artkit.styles import circles

    seen = focus_of(focus, image)
    reduced = geometry.resize(image, size=circles.SIDE)
    weight = None if seen is None else seen.weight(reduced.width, reduced.height)
    return circles.drawing(
        reduced.pixels, (image.width, image.height), largest, smallest, background, weight, reduced.is_opaque,
        progress or (lambda share: None),
    )  # fmt: skip


@op
def stained_glass(
    image: Image,
    *,
    pieces: Annotated[int, Field(ge=1, le=20_000, description="Number of pieces of glass, about.")] = 500,
    lead: Annotated[
        float | None,
        Field(gt=0, le=1000, description="Width of the leads in pixels; not given: 1/180 of the longer side."),
    ] = None,
    vivid: Annotated[float, Field(ge=0, le=4, description="Strength of the colors: 1 is the photo's.")] = 1.6,
    variation: Annotated[
        float, Field(ge=0, le=4, description="How much colors vary from piece to piece, as glass does; 0 not at all.")
    ] = 1.0,
    focus: FocusOn = "auto",
    report: Callable[[str], None] | None = None,
    rng: np.random.Generator | None = None,
) -> Drawing:
    """Draw the picture as stained glass: bright pieces large enough to cut, and leads between them.

    Leads between the main regions of the picture are as wide as is stated, those within them narrower; each is one
    line, and the frame half of one.
    """
    from artkit.styles import stained_glass as glass

    opaque = image.is_opaque
    area = image.width * image.height if opaque is None else int(opaque.sum())
    if not area:
        return Drawing(image.width, image.height)
    source, close = _reduced(image, focus_of(focus, image), glass.ACROSS / (area / pieces) ** 0.5)
    lead = max(image.width, image.height) / 180 if lead is None else lead
    labels, main = glass.pieces(source, pieces, lead * source.pixels.shape[1] / image.width, close)
    made = glass.drawing(
        labels, main, source.pixels, (image.width, image.height), lead, glass.Glass(vivid, variation),
        rng or np.random.default_rng(0), close,
    )  # fmt: skip
    if report:
        report(f"{len(made.layers[1].shapes)} pieces of glass")
    return made


@op
def watercolor(
    image: Image,
    *,
    washes: Annotated[
        int, Field(ge=1, le=20_000, description="Number of regions that the last coat tells apart.")
    ] = 500,
    wander: Annotated[
        float | None,
        Field(ge=0, le=1000, description="How far outlines stray, in pixels; not given: 1/500 of the longer side."),
    ] = None,
    edge: Annotated[
        float | None,
        Field(gt=0, le=1000, description="Width of the dark edges, in pixels; not given: 1/400 of the longer side."),
    ] = None,
    soft: Annotated[
        float | None,
        Field(
            ge=0,
            le=1000,
            description="Blur of the first coat, in pixels, by a filter; not given: 1/300 of the longer side.",
        ),
    ] = None,
    vivid: Annotated[float, Field(ge=0, le=4, description="Strength of the colors: 1 is the photo's.")] = 1.3,
    light: Annotated[float, Field(ge=0, le=1, description="How much lighter than the photo it is.")] = 0.3,
    paper: Annotated[ColorName, Field(description="Color of the paper, which the lightest parts show.")] = "#fcfaf5",
    margin: Annotated[
        float,
        Field(ge=0, le=0.3, description="Width of bare paper around the picture, as a share of its longer side."),
    ] = 0.0,
    focus: FocusOn = "auto",
    rng: np.random.Generator | None = None,
) -> Drawing:
    """Paint the picture in washes of translucent color on paper, light and large ones first.

    Paint only darkens: the first of three coats has the lightest color of each part of the picture, the others add
    what is missing. Outlines overlap here and leave paper there; edges are darker, as paint that dries leaves them.
    """
    from artkit.styles.watercolor import Paint, drawing

    opaque = image.is_opaque
    if opaque is not None and not opaque.any():
        return Drawing(image.width, image.height)
    longer = max(image.width, image.height)
    source, close = _reduced(image, focus_of(focus, image), min(WORKED / 2 / longer, 1.0))
    mosaic = source.mosaic(washes, levels=True)
    paint = Paint(
        longer / 500 if wander is None else wander,
        longer / 400 if edge is None else edge,
        longer / 300 if soft is None else soft,
        vivid,
        light,
        parse(paper),
        margin * longer,
    )
    return drawing(mosaic, (image.width, image.height), paint, rng or np.random.default_rng(0), close)


@op(settles=True)
def papercut(
    image: Image,
    *,
    sheets: Annotated[int, Field(ge=2, le=12, description="Number of sheets, the backing included.")] = 5,
    palette: Annotated[
        FixedColors,
        Field(
            description="Colors of the paper, the backing's first; mixed where there are fewer than sheets. None: "
            "the photo's own."
        ),
    ] = (),
    top: Annotated[Literal["dark", "light"], Field(description="Which tones lie on top.")] = "dark",
    detail: Annotated[int, Field(ge=1, le=100_000, description="Number of regions that are told apart by tone.")] = 600,
    reveal: Annotated[
        float | None,
        Field(
            ge=0,
            le=1000,
            description="How much of a sheet shows beside the one above, in pixels; not given: 1/190 of "
            "the longer side.",
        ),
    ] = None,
    least: Annotated[
        float | None,
        Field(ge=0, le=1000, description="Width of the thinnest part, in pixels; not given: 1/140 of the longer side."),
    ] = None,
    frame: Annotated[float, Field(ge=0, le=10_000, description="Width of a frame on all sheets, in pixels.")] = 0.0,
    shadow: Annotated[
        Literal["soft", "flat", "none"],
        Field(description="soft: a filter, for screens; flat: a translucent copy; none: for cutting."),
    ] = "soft",
    focus: FocusOn = "auto",
) -> Drawing:
    """Cut the picture from sheets of paper that lie on each other, a layer for each.

    The darker a part of the picture is, the more sheets lie there, or the lighter. Every sheet lies wholly on the one
    below and shows its rim; borders follow those of things in the picture. Bits too thin to cut are left out.
    """
    from artkit.color.palette import gradient
    from artkit.styles.papercut import Cut, drawing, levels

    opaque = image.is_opaque
    if opaque is not None and not opaque.any():
        return Drawing(image.width, image.height)
    longer = max(image.width, image.height)
    scale = min(WORKED / longer, 1.0)
    source, close = _reduced(image, focus_of(focus, image), scale)
    mosaic = source.mosaic(detail)
    reveal = longer / 190 if reveal is None else reveal
    least = longer / 140 if least is None else least
    heights = levels(mosaic, Cut(sheets, reveal * scale, least * scale, frame * scale, top == "light"), close)
    if palette:
        colors = np.array([parse(name) for name in palette], np.uint8)
        colors = colors if len(colors) == sheets else gradient(colors, sheets)
    else:
        colors = _own_colors(mosaic, heights, sheets)
    papers = [name_of(color) for color in colors]
    return drawing(heights, papers, image.width, image.height, reveal * scale, shadow)


def _own_colors(mosaic: Mosaic, heights: NDArray[np.int32], count: int) -> NDArray[np.uint8]:
    """The mean color of what shows of each sheet; of one that nowhere shows, that of the one before."""
    colors = np.empty((count, 3), np.uint8)
    last = mosaic.pixels[mosaic.labels >= 0].mean(0)
    for number in range(count):
        seen = mosaic.pixels[heights == number]
        last = seen.mean(0) if len(seen) else last
        colors[number] = np.rint(last)
    return colors


def _reduced(image: Image, focus: Focus | None, scale: float) -> tuple[Source, NDArray[np.float32] | None]:
    """Make a photo ready to be cut into mosaics, at a scale of 1 or less: large pieces have no use for fine borders.

    Gives as well what of it has to stay recognizable, (H, W) from 0 to 1.
    """
    longer = max(round(scale * max(image.width, image.height)), 1)
    small = geometry.resize(image, size=longer)
    size = small.width, small.height
    weight, close = (None, None) if focus is None else (focus.weight(*size, face=SKIN), focus.close(*size))
    return Source(small.pixels, small.is_opaque, weight, gradients=False), close
