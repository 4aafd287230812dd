"""Regions: a picture divided by level, by color or into superpixels, and one part chosen.

Labels are in order of lightness, the darkest is 0, whatever chance did on the way. Pixels more transparent than opaque
(alpha below 128) belong to no region and have no say in where the limits lie.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import TRANSPARENT
from artkit.artwork.image import Image
from artkit.artwork.labels import Labels
from artkit.artwork.settled import in_shot, settled
from artkit.color.choose import by_nearest, regions_of
from artkit.color.gray import Gray, gray_of
from artkit.color.kmeans import clusters_of, color_clusters
from artkit.color.levels import to_uint8
from artkit.color.means import sums_by_label
from artkit.color.palette import Palette, by_lightness, colors_of, parse
from artkit.color.spaces import CHANNELS, srgb_to_oklab
from artkit.errors import UsageError
from artkit.importance.focus import focus_of, is_close
from artkit.importance.skin import SALIENT, with_skin
from artkit.raster.histogram import histogram, otsu_level, otsu_levels
from artkit.raster.slic import slic
from artkit.registry import Only, op
from artkit.registry.colors import FIXED_WAYS, ColorName, FixedColors, check_kept
from artkit.registry.declared import Field
from artkit.registry.parameters import ODD, ODD_SCHEMA, FocusOn

_ROWS = 64
"""Rows of pixels that are summed at a time, so that copies stay small."""

BLACK_AND_WHITE = np.array([[0, 0, 0], [255, 255, 255]], np.uint8)


@op
def threshold(
    image: Image,
    *,
    level: Annotated[int, Field(ge=0, le=255, description="Grays above this level are white.")] = 127,
    weights: Annotated[Gray, Field(description="How a color's gray is made; see grayscale.")] = "rec601",
) -> Labels:
    """Divide the picture into black and white at a level of gray."""
    return _labels(image, (gray_of(image.pixels, weights) > level).astype(np.int32), BLACK_AND_WHITE)


@op(settles=True)
def otsu(
    image: Image,
    *,
    weights: Annotated[Gray, Field(description="How a color's gray is made; see grayscale.")] = "rec601",
    report: Callable[[str], None] | None = None,
) -> Labels:
    """Divide the picture into black and white at the level that Otsu's method finds."""
    gray = gray_of(image.pixels, weights)
    level = settled(lambda: otsu_level(histogram(gray, image.is_opaque)))
    if level is None:
        level = 127
        if report:
            report("otsu: the picture has a single gray, which no level divides; 127 was taken")
    return _labels(image, (gray > level).astype(np.int32), BLACK_AND_WHITE)


@op(settles=True)
def otsu_rgb(
    image: Image,
    *,
    classes: Annotated[
        Literal["intersected", "eight"],
        Field(description="White where all three channels are above their levels; or all eight combinations in color."),
    ] = "intersected",
    report: Callable[[str], None] | None = None,
) -> Labels:
    """Divide each channel by Otsu's method, and put the three together."""
    inside = image.is_opaque
    bits = np.zeros(image.pixels.shape[:2], np.uint8)
    found = settled(lambda: [otsu_level(histogram(image.pixels[..., i], inside)) for i in range(3)])
    for i, (name, level) in enumerate(zip(CHANNELS, found, strict=True)):
        channel = image.pixels[..., i]
        if level is None:
            level = 127
            if report:
                report(f"otsu-rgb: {name} has a single level, which no level divides; 127 was taken")
        bits |= (channel > level).astype(np.uint8) << i
    if classes == "intersected":
        return _labels(image, (bits == 7).astype(np.int32), BLACK_AND_WHITE)
    corners = np.array([[(corner >> i & 1) * 255 for i in range(3)] for corner in range(8)], np.uint8)
    order = by_lightness(corners)
    return _labels(image, np.argsort(order, kind="stable").astype(np.int32)[bits], corners[order])


@op(settles=True)
def multi_otsu(
    image: Image,
    *,
    classes: Annotated[int, Field(ge=2, le=16, description="Number of grays.")] = 3,
    weights: Annotated[Gray, Field(description="How a color's gray is made; see grayscale.")] = "rec601",
    report: Callable[[str], None] | None = None,
) -> Labels:
    """Divide the picture into several grays at the levels that Otsu's method finds."""
    gray = gray_of(image.pixels, weights)
    counts = histogram(gray, image.is_opaque)
    there = max(int(np.count_nonzero(counts)), 1)
    if there < classes:
        if report:
            report(f"multi-otsu: the picture has {there} grays, so there are {there} regions instead of {classes}")
        classes = there
    limits = settled(lambda: otsu_levels(counts, classes))
    ids = np.searchsorted(limits, np.arange(256)).astype(np.int32)
    grays = to_uint8(np.linspace(0, 255, len(limits) + 1))
    return _labels(image, ids[gray], np.repeat(grays[:, None], 3, axis=1))


@op(settles=True)
def adaptive_threshold(
    image: Image,
    *,
    size: Annotated[int, Field(ge=3, le=999, description="Window side in pixels, odd."), ODD, ODD_SCHEMA] = 51,
    offset: Annotated[
        int, Field(ge=-255, le=255, description="How far below the mean around it a gray must be to be black.")
    ] = 8,
    weights: Annotated[Gray, Field(description="How a color's gray is made; see grayscale.")] = "rec601",
    whole: Annotated[
        float,
        Field(
            ge=0,
            le=255,
            description="Standard deviation of a window, in levels, at which the mean counts half, and Otsu's level of "
            "the whole picture the rest, more where it is smoother: a night is black, a day white. 0: the mean alone.",
        ),
    ] = 0.0,
    focus: FocusOn = "off",
) -> Labels:
    """Divide the picture into black and white by the mean around each pixel: for uneven light.

    A pixel is white where its gray plus the offset is above the mean of its window, or equal to it. Where `focus` is,
    eyes and mouths by `auto`, the side of the window is a third of that.
    """
    gray = gray_of(image.pixels, weights)
    level = settled(lambda: otsu_level(histogram(gray, image.is_opaque)) if whole else None) or 127
    ids = _above_mean(gray, size, offset, level, whole)
    if (near := is_close(focus, image)) is not None:
        ids[near] = _above_mean(gray, max(size // 3 | 1, 3), offset, level, 0)[near]
    return _labels(image, ids.astype(np.int32), BLACK_AND_WHITE)


def _above_mean(gray: NDArray[np.uint8], size: int, offset: int, level: int, whole: float) -> NDArray[np.bool_]:
    """Which pixels, with the offset, are at least the mean of their window, or a level where it is smooth."""
    import cv2

    sums = cv2.boxFilter(gray, cv2.CV_32S, (size, size), normalize=False, borderType=cv2.BORDER_REFLECT_101)
    if not whole:
        return np.asarray((gray.astype(np.int32) + offset) * (size * size) >= sums)  # whole numbers: no mean is rounded
    mean = sums / (size * size)
    squares = cv2.sqrBoxFilter(gray, cv2.CV_64F, (size, size), borderType=cv2.BORDER_REFLECT_101)
    variance = np.maximum(squares - mean**2, 0)
    return np.asarray(gray.astype(np.float64) + offset >= level + (mean - level) * variance / (variance + whole**2))


FREE = Only("palette", but=True)
"""Goes with colors that the picture itself decides."""


@op(settles=True)
def kmeans(
    image: Image,
    *,
    colors: Annotated[int, Field(ge=1, le=256, description="Number of colors."), FREE] = 8,
    palette: Annotated[
        FixedColors, Field(description=f"Fixed colors: each pixel takes the nearest. {FIXED_WAYS}; none: its own.")
    ] = (),
    space: Annotated[
        Literal["rgb", "oklab"],
        Field(
            description="rgb: k-means in RGB, by pixels alone; oklab: by what is noticed, so that small things of a "
            "color of their own keep it."
        ),
        FREE,
    ] = "oklab",
    keep: Annotated[
        FixedColors, Field(description="With oklab: colors that are among them, whatever the picture holds."), FREE
    ] = (),
    focus: Annotated[FocusOn, FREE, Only("space", ("oklab",))] = "off",
    rng: np.random.Generator | None = None,
    report: Callable[[str], None] | None = None,
) -> Labels:
    """Divide the picture into regions of similar color: the colors most noticed, or k-means of the pixels.

    With oklab, colors count more where `focus` is; by `auto`, of eight colors or more some are for the skin of faces.
    """
    if palette:
        return Labels(*by_nearest(image.pixels, image.is_opaque, colors_of(palette)), image)
    rng = rng or np.random.default_rng(0)
    check_kept(keep, colors)
    if space == "oklab":
        seen = focus_of(focus, image)
        weight = None if seen is None or seen.is_plain else seen.weight(image.width, image.height, salient=SALIENT)
        kept = with_skin(image.pixels, seen, colors, colors_of(keep) if keep else None)

        def regions(count: int, kept: Palette | None) -> tuple[NDArray[np.int32], Palette]:
            return regions_of(image.pixels, image.is_opaque, count, weight=weight, keep=kept)

        shot = in_shot(lambda: regions(colors, kept)[1])
        ids, own = regions(colors, kept) if shot is None else regions(len(shot), shot)
    elif keep:
        raise UsageError("kmeans: keep: goes with space = oklab")
    else:
        shot = in_shot(lambda: color_clusters(image.pixels, image.is_opaque, colors, rng)[1])
        if shot is None:
            ids, own = color_clusters(image.pixels, image.is_opaque, colors, rng)
        else:
            ids, own = clusters_of(image.pixels, image.is_opaque, shot), shot
    if report and len(own) < colors:
        report(f"kmeans: the picture has {len(own)} colors, so there are {len(own)} regions instead of {colors}")
    return Labels(ids, own, image)


@op
def superpixels(
    image: Image,
    *,
    count: Annotated[int, Field(ge=1, le=20_000, description="About how many regions.")] = 600,
    compactness: Annotated[
        float, Field(ge=0.01, le=1000, description="Low follows the picture's edges, high gives even squares.")
    ] = 12.0,
) -> Labels:
    """Divide the picture into small regions of even size that keep to its edges (SLIC).

    Each gets the mean of its colors; labels run from dark to light.
    """
    ids = slic(image.pixels, image.alpha, count, compactness)
    if image.is_opaque is not None:
        ids[~image.is_opaque] = TRANSPARENT
    return _colored(image, ids)


@op
def subject(
    image: Image,
    *,
    focus: FocusOn = "auto",
    report: Callable[[str], None] | None = None,
) -> Labels:
    """Cut out the subject: label 1, in its mean color, and all else label 0, black.

    Faces, what stands out and what is sharp tell where it is, or `focus` does; where colors change is where it ends.
    If nothing stands out, no pixel has label 1, and a line says so.
    """
    from artkit.importance.subject import subject_of

    seen = focus_of(focus, image)
    found = None if seen is None else subject_of(image, seen)
    if found is None:
        if report:
            report("subject: none was found; focus = X,Y,R says where it is")
        return _labels(image, np.zeros(image.pixels.shape[:2], np.int32), np.zeros((2, 3), np.uint8))
    mean = to_uint8(image.pixels[found].mean(0))
    return _labels(image, found.astype(np.int32), np.stack([np.zeros(3, np.uint8), mean]))


@op
def select(
    labels: Labels,
    *,
    by: Annotated[
        Literal["subject", "largest", "index", "point", "color"],
        Field(description="How the segment is chosen; subject is the one that keeps to the middle of the picture."),
    ] = "subject",
    index: Annotated[
        int, Field(ge=0, description="With index: the segment's number, 0 is the darkest."), Only("by", ("index",))
    ] = 0,
    x: Annotated[
        float,
        Field(ge=0, le=1, description="With point: from the left edge, 0, to the right, 1."),
        Only("by", ("point",)),
    ] = 0.5,
    y: Annotated[
        float, Field(ge=0, le=1, description="With point: from the top, 0, to the bottom, 1."), Only("by", ("point",))
    ] = 0.5,
    color: Annotated[
        ColorName, Field(description="With color: the segment nearest to it."), Only("by", ("color",))
    ] = "white",
    piece: Annotated[
        bool, Field(description="Keep one connected piece alone: the one at the point, or the largest.")
    ] = False,
) -> Labels:
    """Keep one segment: it becomes label 1, in its color, and all else label 0, black."""
    if not labels.areas.any():  # transparent throughout: no segment to choose, and nothing to draw either
        return Labels(labels.ids, np.zeros((2, 3), np.uint8), labels.source)
    row, column = (min(int(share * side), side - 1) for share, side in ((y, labels.height), (x, labels.width)))
    chosen = _choose(labels, by, index, (row, column), color)
    inside = labels.ids == chosen
    if piece:
        inside = _piece(inside, (row, column) if by == "point" else None)
    ids = inside.astype(np.int32)
    ids[labels.ids == TRANSPARENT] = TRANSPARENT
    return Labels(ids, np.stack([np.zeros(3, np.uint8), labels.palette[chosen]]), labels.source)


def _labels(image: Image, ids: NDArray[np.int32], palette: NDArray[np.uint8]) -> Labels:
    inside = image.is_opaque
    if inside is not None:
        ids[~inside] = TRANSPARENT
    return Labels(ids, palette, image)


def _colored(image: Image, ids: NDArray[np.int32]) -> Labels:
    """Give each label the mean color of its pixels; labels without a pixel are dropped, the rest run dark to light."""
    count = int(ids.max()) + 1
    sums, total = np.zeros((count + 1, 3)), np.zeros(count + 1, np.int64)
    for top in range(0, image.height, _ROWS):
        band, pixels = ids[top : top + _ROWS].reshape(-1) + 1, image.pixels[top : top + _ROWS].reshape(-1, 3)
        total += np.bincount(band, minlength=count + 1)
        sums += sums_by_label(band, pixels.T, count + 1)
    used = np.flatnonzero(total[1:])
    palette = to_uint8(sums[1:][used] / total[1:][used, None])
    order = by_lightness(palette)
    rank = np.full(count + 1, TRANSPARENT, np.int32)
    rank[used + 1] = np.argsort(order, kind="stable")
    return Labels(rank[ids + 1], palette[order], image)


def _choose(labels: Labels, by: str, index: int, point: tuple[int, int], color: str) -> int:
    there = labels.areas > 0
    match by:
        case "index":
            if index >= len(labels.palette):
                raise UsageError(f"select: index: {index}: there are {len(labels.palette)} segments; 0 is the darkest")
            return index
        case "point":
            if (found := int(labels.ids[point])) == TRANSPARENT:
                raise UsageError("select: the picture is transparent at that point; choose another x and y")
            return found
        case "largest":
            return int(np.argmax(labels.areas))
        case "color":
            far = np.linalg.norm(srgb_to_oklab(labels.palette) - srgb_to_oklab(parse(color)), axis=1)
            return int(np.argmin(np.where(there, far, np.inf)))
    return _subject(labels)


def _subject(labels: Labels) -> int:
    """Give the segment that keeps to the middle: its share of the middle less its share of the border is greatest.

    The middle is a bell over the picture of a standard deviation of 0.45 half sides; the border is the outer 2% on
    each side.
    """
    count = len(labels.palette) + 1
    y, x = (np.linspace(-1, 1, side) if side > 1 else np.zeros(1) for side in labels.ids.shape)
    middle, border, bell = np.zeros(count), np.zeros(count), np.exp(-2.5 * x**2)
    for row, height in zip(labels.ids + 1, y, strict=True):  # label -1 is counted first
        middle += np.bincount(row, np.exp(-2.5 * height**2) * bell, count)
        border += np.bincount(row, np.maximum(abs(height), abs(x)) > 0.96, count)
    scores = (middle / max(middle[1:].sum(), 1e-9) - border / max(border[1:].sum(), 1))[1:]
    return int(np.argmax(np.where(labels.areas > 0, scores, -np.inf)))


def _piece(inside: NDArray[np.bool_], point: tuple[int, int] | None) -> Any:
    import cv2

    _, pieces, stats, _ = cv2.connectedComponentsWithStats(inside.astype(np.uint8), connectivity=4)
    chosen = int(pieces[point]) if point else 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    return pieces == chosen
