"""Ops that draw what is to be seen as lines: borders of regions, lines of equal tone, the middle of inked strokes."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from artkit.arrays import TRANSPARENT
from artkit.artwork.drawing import Drawing
from artkit.artwork.image import Image
from artkit.artwork.labels import Labels
from artkit.color.gray import gray_of
from artkit.color.palette import name_of, parse
from artkit.ops.lines import equal_lines
from artkit.pens.draw.centers import center_lines
from artkit.pens.draw.field import FINE, long_enough, thinned, without_repeats
from artkit.pens.layout import Margin, PageName, Paper, PenWidth, paper_of, pen_name
from artkit.pens.lines import Lines
from artkit.planar.arcs import flattened
from artkit.planar.map import OUTSIDE, find_faces
from artkit.registry import op
from artkit.registry.colors import ColorName
from artkit.tracer.photos import Wanted, flat_mosaic

Shortest = Annotated[
    float, Field(ge=0.1, le=1000, description="Lines shorter than this on paper, in millimetres, are left out.")
]
PenColor = Annotated[ColorName, Field(description="Color of the pen.")]


def _drawn(paper: Paper, lines: Lines, pen: str, pen_width: float, shortest: float) -> Drawing:
    """Lay lines in pixels on the paper, half a pen inside the picture, and leave out the short ones."""
    inset = pen_width / 2
    size = np.array([paper.width, paper.height])
    points = np.clip(lines.points * paper.scale, np.minimum(inset, size / 2), np.maximum(size - inset, size / 2))
    kept = thinned(without_repeats(Lines(points, lines.offsets)), FINE)
    return paper.draw([(pen_name(pen), name_of(parse(pen)), long_enough(kept, shortest))], pen_width)


@op
def outline(
    source: Labels | Image,
    *,
    shapes: Annotated[
        int, Field(ge=1, le=100_000, description="Regions that a photo is cut into; regions of an earlier step stay.")
    ] = 250,
    contrast: Annotated[
        float,
        Field(ge=0, le=255, description="Borders between colors that differ by less are left out, in gray levels."),
    ] = 12.0,
    border: Annotated[bool, Field(description="Draw the border of the picture too.")] = True,
    shortest: Shortest = 1.0,
    pen: PenColor = "black",
    pen_width: PenWidth = 0.3,
    page: PageName = "A4",
    margin: Margin = 10.0,
) -> Drawing:
    """Draw the borders of regions, each border between two of them once.

    Photos are cut into regions where that costs least, as the tracer does. Borders run in curves that neighbors share.
    """
    from artkit.tracer.vector import Followed, arc_curves

    paper = paper_of(source.width, source.height, page, margin, pen_width)
    if isinstance(source, Labels):
        regions = _regions(source)
    else:
        opaque = source.is_opaque
        if opaque is not None and not opaque.any():
            return paper.draw([], pen_width)
        regions = flat_mosaic(source, opaque, Wanted(shapes=shapes))
    if not (regions.labels >= 0).any():
        return paper.draw([], pen_width)
    followed = Followed.of(regions)
    planar = followed.planar
    flat = flattened(arc_curves(followed))
    lines = Lines(flat.points, np.asarray(flat.offsets, np.int64))
    edge = (planar.left == OUTSIDE) | (planar.right == OUTSIDE)
    color = regions.fields.color
    seen = edge | (np.linalg.norm(color[planar.left] - color[planar.right], axis=1) / np.sqrt(3) >= contrast)
    if not border:
        seen &= ~(edge & _along_edge(lines, source.width, source.height))
    lines = lines.take(seen)
    return _drawn(paper, lines, pen, pen_width, shortest)


def _regions(labels: Labels):  # type: ignore[no-untyped-def]
    """Regions of an earlier step as a mosaic of connected ones."""
    from artkit.tracer.mosaic import Mosaic

    faces = np.ascontiguousarray(find_faces(np.where(labels.ids == TRANSPARENT, OUTSIDE, labels.ids))[0])
    pixels = labels.painted().pixels if labels.source is None else labels.source.pixels
    return Mosaic(faces, pixels, None, np.inf)


def _along_edge(lines: Lines, width: int, height: int) -> NDArray[np.bool_]:
    """Which lines run along the picture's border."""
    low, high = np.zeros(2), np.array([width, height])
    on_edge = ((np.abs(lines.points - low) < 1e-6) | (np.abs(lines.points - high) < 1e-6)).any(1)
    return np.asarray(np.logical_and.reduceat(on_edge, lines.offsets[:-1]), bool)


@op
def contour_lines(
    image: Image,
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
    pen: PenColor = "black",
    pen_width: PenWidth = 0.3,
    page: PageName = "A4",
    margin: Margin = 10.0,
) -> Drawing:
    """Draw lines of equal brightness for a pen, as a map draws lines of equal height.

    Lines close where they can and end on the picture's border where they cannot. A picture without differences in
    brightness, or all transparent, gives an empty sheet.
    """
    paper = paper_of(image.width, image.height, page, margin, pen_width)
    found = equal_lines(image, levels, balance, smooth / paper.scale)
    return _drawn(paper, Lines.of([line for line in found if len(line) > 1]), pen, pen_width, shortest)


@op
def centerline(
    image: Image,
    *,
    ink: Annotated[
        Literal["dark", "light"], Field(description="Whether the strokes are darker or lighter than the paper.")
    ] = "dark",
    threshold: Annotated[
        float | None,
        Field(ge=0, le=1, description="Darkness from which on it is ink; by itself from the surroundings."),
    ] = None,
    smooth: Annotated[
        float, Field(ge=0, le=50, description="How much the steps of the pixel grid are smoothed away, in pixels.")
    ] = 2.0,
    spurs: Annotated[
        float, Field(ge=0, le=20, description="Side branches shorter than this many half stroke widths are left out.")
    ] = 1.5,
    specks: Annotated[int, Field(ge=0, le=100_000, description="Spots of fewer pixels are no strokes.")] = 12,
    shortest: Shortest = 0.5,
    pen: PenColor = "black",
    pen_width: PenWidth = 0.3,
    page: PageName = "A4",
    margin: Margin = 10.0,
) -> Drawing:
    """Draw the middle of inked strokes, for scanned drawings: one line where the hand drew one.

    Lines go on straight through crossings. A picture without ink gives an empty sheet.
    """
    from scipy.ndimage import distance_transform_edt
    from skimage.morphology import skeletonize

    paper = paper_of(image.width, image.height, page, margin, pen_width)
    inked = _inked(image, ink == "light", threshold, specks)
    if not inked.any():
        return paper.draw([], pen_width)
    radius = distance_transform_edt(np.pad(inked, 1))[1:-1, 1:-1]
    skeleton = skeletonize(inked)  # type: ignore[no-untyped-call]
    lines = center_lines(skeleton, radius, smooth, spurs)
    return _drawn(paper, lines, pen, pen_width, shortest)


CONTRAST = 25.0
"""Gray levels by which ink differs from the paper at least, where no threshold is given: less is the paper's grain."""


def _inked(image: Image, light: bool, threshold: float | None, specks: int) -> NDArray[np.bool_]:
    """(H, W) what is ink: darker than the middle between the paper around it and the ink, or than a threshold."""
    from scipy.ndimage import label

    gray: NDArray[Any] = gray_of(image.pixels).astype(np.float32)
    if light:
        gray = 255 - gray
    if image.alpha is not None:
        share = image.alpha.astype(np.float32) / 255
        gray = 255 + (gray - 255) * share
    inked = gray < 255 * (1 - threshold) if threshold is not None else _by_surroundings(gray)
    if specks > 1 and inked.any():
        number, count = label(inked, np.ones((3, 3)))
        size = np.bincount(number.ravel(), minlength=count + 1)
        size[0] = 0
        inked = size[number] >= specks
    return np.asarray(inked, bool)


def _by_surroundings(gray: NDArray[Any]) -> NDArray[np.bool_]:
    """What is well darker than the paper near it: the brightest nearby, evened out, so that shadows do not count."""
    import cv2

    reach = max(min(gray.shape) // 12, 3)
    paper = cv2.dilate(cv2.medianBlur(gray, 3) if min(gray.shape) > 2 else gray, np.ones((reach, reach), np.uint8))
    paper = cv2.blur(paper, (reach, reach), borderType=cv2.BORDER_REFLECT).reshape(gray.shape)
    depth = paper - gray
    deep = depth[depth > CONTRAST]
    if not deep.size:
        return np.zeros(gray.shape, bool)
    return np.asarray(depth > max(CONTRAST, 0.5 * float(np.percentile(deep, 90))), bool)
