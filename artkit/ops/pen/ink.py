"""Ops that draw what is to be seen as lines: borders of regions, lines of equal tone, the middle of inked strokes."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import TRANSPARENT
from artkit.artwork.drawing import Drawing
from artkit.artwork.image import Image
from artkit.artwork.labels import Labels
from artkit.color.gray import gray_of
from artkit.color.palette import name_of, parse
from artkit.importance.focus import is_close
from artkit.ops.pen.parameters import OnPaper, PenColor, Shortest, on_paper
from artkit.pens.document import Pen
from artkit.pens.draw.beside import beside
from artkit.pens.draw.centers import center_lines
from artkit.pens.draw.field import FINE, long_enough, thinned, without_repeats
from artkit.pens.draw.inked import is_ink, is_line, is_photo
from artkit.pens.layout import Paper
from artkit.pens.lines import Lines
from artkit.pens.names import pen_name
from artkit.pens.styled import drawing_of
from artkit.planar.lines import flattened
from artkit.planar.map import OUTSIDE, find_faces
from artkit.raster.contours import equal_lines
from artkit.registry import OnlyPictures, op
from artkit.registry.declared import Field
from artkit.registry.parameters import FocusOn
from artkit.tracer.inked import ink_of
from artkit.tracer.photos import flat_mosaic
from artkit.tracer.wanted import Wanted

STEP_OF_WEIGHT = 22.0
"""Gray levels by which colors differ more for each further stroke of the border between them."""

BESIDE = 0.7
"""Pen widths between strokes beside each other: they overlap, and are one line."""

NEAR = 0.5
"""Contrast of a border where it matters, as a share of what it must have elsewhere, to be drawn."""


def _drawn(
    paper: Paper, lines: Lines, pen: str, pen_width: float, shortest: float, near: NDArray[np.bool_] | None = None
) -> Drawing:
    """Lay lines in pixels on the paper, half a pen inside the picture, and leave out the short ones.

    Lines that touch pixels `near` (H, W) may be shorter, down to five pen widths.
    """
    inset = pen_width / 2
    size = np.array([paper.width, paper.height])
    points = np.clip(lines.points * paper.scale, np.minimum(inset, size / 2), np.maximum(size - inset, size / 2))
    laid = Lines(points, lines.offsets)
    own = np.zeros(len(laid), bool) if near is None or not len(laid) else _touch(lines, near)
    some = (
        long_enough(thinned(without_repeats(laid.take(which)), FINE), least)
        for which, least in ((~own, shortest), (own, min(shortest, 5 * pen_width)))
    )
    return drawing_of(paper, [(Pen(pen_name(pen), name_of(parse(pen)), pen_width), Lines.joined(some))])


def _touch(lines: Lines, near: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which lines have half of their points or more on pixels of a mask (H, W)."""
    height, width = near.shape
    x, y = np.clip(np.floor(lines.points).astype(np.int64), 0, [width - 1, height - 1]).T
    share = np.add.reduceat(near[y, x].astype(np.float64), lines.offsets[:-1]) / np.maximum(lines.counts, 1)
    return np.asarray(share >= 0.5)


@op
@on_paper
def outline(
    source: Labels | Image,
    sheet: OnPaper,
    *,
    shapes: Annotated[
        int,
        Field(ge=1, le=100_000, description="Regions that a photo is cut into; regions of an earlier step stay."),
        OnlyPictures(),
    ] = 250,
    contrast: Annotated[
        float,
        Field(ge=0, le=255, description="Borders between colors that differ by less are left out, in gray levels."),
    ] = 12.0,
    weight: Annotated[
        int,
        Field(ge=1, le=5, description="Strokes beside each other where colors differ most: what counts is heavier."),
    ] = 1,
    border: Annotated[bool, Field(description="Draw the border of the picture too.")] = True,
    shortest: Shortest = 1.0,
    focus: Annotated[FocusOn, OnlyPictures()] = "auto",
    pen: PenColor = "black",
) -> Drawing:
    """Draw the borders of regions, each border between two of them once.

    Photos are cut into regions where that costs least, as the tracer does. Borders run in curves that neighbors share.
    """
    from artkit.tracer.vector import Followed, arc_curves

    paper = sheet.laid(source.width, source.height)
    if isinstance(source, Labels):
        regions = _regions(source)
    else:
        opaque = source.is_opaque
        if opaque is not None and not opaque.any():
            return drawing_of(paper, [])
        regions = flat_mosaic(source, opaque, Wanted(shapes=shapes, focus=focus))
    if not (regions.labels >= 0).any():
        return drawing_of(paper, [])
    followed = Followed.of(regions)
    planar = followed.planar
    flat = flattened(arc_curves(followed))
    lines = Lines(flat.points, np.asarray(flat.offsets, np.int64))
    edge = planar.has_outside
    apart = regions.fields.color_of(planar.label_left) - regions.fields.color_of(planar.label_right)
    near = is_close(focus, source) if isinstance(source, Image) else None
    least = contrast if near is None else np.where(_touch(lines, near), NEAR * contrast, contrast)
    seen = edge | (np.linalg.norm(apart, axis=1) / np.sqrt(3) >= least)
    if not border:
        seen &= ~(edge & _along_edge(lines, source.width, source.height))
    if weight > 1:
        differ = np.where(edge, 0, np.linalg.norm(apart, axis=1) / np.sqrt(3))
        count = np.clip(np.floor(differ / STEP_OF_WEIGHT), 1, weight).astype(np.int64)
        lines = Lines.joined(
            beside(lines.take(seen & (count == strokes)), strokes, BESIDE * sheet.pen_width / paper.scale)
            for strokes in range(1, weight + 1)
        )
    else:
        lines = lines.take(seen)
    return _drawn(paper, lines, pen, sheet.pen_width, shortest, near)


def _regions(labels: Labels):  # type: ignore[no-untyped-def]
    """Regions of an earlier step as a mosaic of connected ones."""
    from artkit.tracer.mosaic import Mosaic

    faces = np.ascontiguousarray(find_faces(np.where(labels.ids == TRANSPARENT, OUTSIDE, labels.ids))[0])
    pixels = labels.painted().pixels if labels.source is None else labels.source.pixels
    return Mosaic(faces, pixels, np.inf)


def _along_edge(lines: Lines, width: int, height: int) -> NDArray[np.bool_]:
    """Which lines run along the picture's border."""
    low, high = np.zeros(2), np.array([width, height])
    on_edge = ((np.abs(lines.points - low) < 1e-6) | (np.abs(lines.points - high) < 1e-6)).any(1)
    return np.asarray(np.logical_and.reduceat(on_edge, lines.offsets[:-1]), bool)


@op
@on_paper
def contour_lines(
    image: Image,
    sheet: OnPaper,
    *,
    levels: Annotated[int, Field(ge=1, le=64, description="Number of brightnesses that lines are drawn at.")] = 14,
    balance: Annotated[
        float,
        Field(
            ge=0, le=1, description="Spread levels evenly over brightness (0), over the picture's area (1), or between."
        ),
    ] = 0.6,
    smooth: Annotated[
        float, Field(ge=0, le=50, description="Standard deviation of the smoothing before, in millimetres on paper.")
    ] = 0.7,
    shortest: Shortest = 4.0,
    focus: FocusOn = "auto",
    pen: PenColor = "black",
) -> Drawing:
    """Draw lines of equal brightness for a pen, as a map draws lines of equal height.

    Lines close where they can and end on the picture's border where they cannot. A picture without differences in
    brightness, or all transparent, gives an empty sheet.
    """
    paper = sheet.laid(image.width, image.height)
    near = is_close(focus, image)
    close = None if near is None else near.astype(np.float32)
    found = equal_lines(gray_of(image.pixels), image.is_opaque, levels, balance, smooth / paper.scale, close)
    lines = Lines.of([line for _, lines in found for line in lines])
    return _drawn(paper, lines, pen, sheet.pen_width, shortest, near)


@op
@on_paper
def centerline(
    image: Image,
    sheet: OnPaper,
    *,
    ink: Annotated[
        Literal["dark", "light"], Field(description="Whether the strokes are darker or lighter than the paper.")
    ] = "dark",
    threshold: Annotated[
        float | None,
        Field(ge=0, le=1, description="Darkness from which on it is ink; not given: by the surroundings."),
    ] = None,
    smooth: Annotated[
        float, Field(ge=0, le=50, description="How much the steps of the pixel grid are smoothed away, in pixels.")
    ] = 2.0,
    spurs: Annotated[
        float, Field(ge=0, le=20, description="Side branches shorter than this many half stroke widths are left out.")
    ] = 1.5,
    specks: Annotated[int, Field(ge=0, le=100_000, description="Spots of fewer pixels are no strokes.")] = 12,
    paper: Annotated[
        Literal["auto", "keep"],
        Field(
            description="Ink on photographed or scanned paper: auto takes the paper away; keep goes by darkness alone."
        ),
    ] = "auto",
    shortest: Shortest = 0.5,
    pen: PenColor = "black",
) -> Drawing:
    """Draw the middle of inked strokes, for scanned drawings: one line where the hand drew one.

    Lines go on straight through crossings. A picture without ink gives an empty sheet. Paper falls away as in `trace`;
    of a photo, of which less than half is paper, lines are what is dark against its surroundings.
    """
    from scipy.ndimage import distance_transform_edt
    from skimage.morphology import skeletonize

    laid = sheet.laid(image.width, image.height)
    alone = paper == "auto" and ink == "dark" and threshold is None
    found = ink_of(image) if alone else None
    if found is not None:
        inked, scale = found.ids == 0, found.scale
    else:
        inked = (
            is_line(image, specks) if alone and is_photo(image) else is_ink(image, ink == "light", threshold, specks)
        )
        scale = 1
    if not inked.any():
        return drawing_of(laid, [])
    radius = distance_transform_edt(np.pad(inked, 1))[1:-1, 1:-1]
    skeleton = skeletonize(inked)  # type: ignore[no-untyped-call]
    lines = center_lines(skeleton, radius, scale * smooth, spurs)
    return _drawn(laid, Lines(lines.points / scale, lines.offsets), pen, sheet.pen_width, shortest)
