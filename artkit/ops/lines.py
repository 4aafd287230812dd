"""Line art: lines of equal brightness, as on a map of heights.

Lines of equal brightness come from marching squares (scikit-image's `find_contours`) on the smoothed gray picture.
Nothing finer than the smoothing is left in it, so one sample per standard deviation is read. Beyond the border the
picture is mirrored for smoothing; a line that meets the border ends exactly on it, one that meets transparency there.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, Field

from artkit.arrays import Floats
from artkit.artwork.drawing import Drawing, Layer, Path, Shape
from artkit.artwork.image import Image
from artkit.color.gray import gray_of
from artkit.color.palette import name_of, parse
from artkit.errors import UsageError
from artkit.planar.simplify import simplify
from artkit.registry import op
from artkit.registry.colors import ColorName

FLAT = 2.0
"""Gray levels between darkest and brightest below which a picture has no lines: they would be those of noise."""

TAILS = (0.5, 99.5)
"""Percentiles between which the levels are spread: a few glints do not stretch the scale."""


def color_or_none(name: str) -> str:
    """Check a parameter that is a color or "none"."""
    if name != "none":
        try:
            parse(name)
        except UsageError as error:
            raise ValueError(str(error)) from None
    return name


@op
def contours(
    image: Image,
    *,
    levels: Annotated[int, Field(ge=1, le=64, description="Number of brightnesses that lines are drawn at.")] = 12,
    balance: Annotated[
        float,
        Field(
            ge=0, le=1, description="Spread levels evenly over brightness (0), over the picture's area (1), or between."
        ),
    ] = 0.5,
    smooth: Annotated[
        float, Field(ge=0, le=100, description="Standard deviation of the smoothing before, in pixels.")
    ] = 2.0,
    tolerance: Annotated[
        float, Field(ge=0, le=100, description="How far a simplified line may stray from the exact one, in pixels.")
    ] = 0.15,
    min_length: Annotated[
        float, Field(ge=0, le=100_000, description="Lines shorter than this, in pixels, are left out.")
    ] = 16.0,
    width: Annotated[float, Field(gt=0, le=100, description="Width of the darkest level's lines, in pixels.")] = 1.4,
    fade: Annotated[
        float, Field(ge=0, le=0.9, description="How much thinner and paler the brightest level's lines are than that.")
    ] = 0.6,
    ink: Annotated[ColorName, Field(description="Color of the darkest level's lines.")] = "#16213a",
    paper: Annotated[
        str, AfterValidator(color_or_none), Field(description='Color of the sheet; "none" leaves it bare.')
    ] = "#f8f4ea",
) -> Drawing:
    """Draw lines of equal brightness, as a map draws lines of equal height.

    One layer per level, the brightest first. Lines close where they can and end on the picture's border where they
    cannot; none runs through transparent parts. Simplified lines do not cross. Short ones are left out on purpose. A
    picture without differences in brightness, or all transparent, gives an empty sheet.
    """
    gray, opaque = _smoothed(image, smooth)
    heights = _heights(gray[opaque], levels, balance)[::-1]
    step = max(1, int(smooth))
    lines = [_lines(gray[::step, ::step], opaque[::step, ::step], height, step, image) for height in heights]
    lines = [[line for line in of_level if _kept(line, min_length)] for of_level in lines]
    paths = iter(_simplified([line for of_level in lines for line in of_level], tolerance))
    layers = []
    for index, (height, of_level) in enumerate(zip(heights, lines, strict=True)):
        pale = fade * (len(heights) - 1 - index) / max(1, len(heights) - 1)
        color = _mixed(ink, paper, pale)
        shapes = [Shape([next(paths)], stroke=color) for _ in of_level]
        if shapes:
            layers.append(Layer(shapes, f"brightness {height:.0f}", width * (1 - pale)))
    return Drawing(image.width, image.height, layers, None if paper == "none" else name_of(parse(paper)))


def equal_lines(image: Image, levels: int, balance: float, smooth: float) -> list[Floats]:
    """Give the lines of all levels, (N, 2) in pixels, darkest first; closed ones repeat their first point."""
    gray, opaque = _smoothed(image, smooth)
    step = max(1, int(smooth))
    return [
        line
        for height in _heights(gray[opaque], levels, balance)
        for line in _lines(gray[::step, ::step], opaque[::step, ::step], height, step, image)
        if _kept(line, 0)
    ]


def _smoothed(image: Image, sigma: float) -> tuple[Floats, NDArray[np.bool_]]:
    """Give the (H, W) smoothed brightness, 0 to 255, and which pixels are opaque.

    Transparent pixels have no weight in the mean, else their hidden colors would draw lines beside them.
    """
    from scipy.ndimage import gaussian_filter

    gray = gray_of(image.pixels).astype(np.float32)
    opaque = np.ones(gray.shape, bool) if image.is_opaque is None else image.is_opaque

    def smoothed(values: NDArray[np.float32]) -> NDArray[np.float32]:
        result: NDArray[np.float32] = gaussian_filter(values, sigma, mode="mirror") if sigma else values
        return result

    if opaque.all():
        return smoothed(gray).astype(np.float64), opaque
    weight = smoothed(opaque.astype(np.float32))
    mean = smoothed(np.where(opaque, gray, np.float32(0))) / np.maximum(weight, np.float32(1e-6))
    return np.where(opaque, mean, 0).astype(np.float64), opaque


def _heights(gray: Floats, count: int, balance: float) -> Floats:
    """Give the levels to draw, darkest first; none where the picture is flat."""
    if not gray.size:
        return np.empty(0)
    low, high = np.percentile(gray, TAILS)
    if high - low < FLAT:
        low, high = gray.min(), gray.max()  # most of it is flat, and yet there may be something in it
    if high - low < FLAT:
        return np.empty(0)
    share = (np.arange(count) + 0.5) / count
    by_height = low + share * (high - low)
    by_area = np.percentile(gray, 100 * share)
    mixed = np.unique((1 - balance) * by_height + balance * by_area)
    # A level that pixels hold exactly would follow every one of them; unsmoothed pixels hold whole numbers.
    near = np.rint(mixed)
    return np.where(np.abs(mixed - near) < 1e-3, near + 0.5, mixed)


def _lines(gray: Floats, opaque: NDArray[np.bool_], height: float, step: int, image: Image) -> list[Floats]:
    """Give the lines at one level as (N, 2) points x, y; closed ones repeat their first point."""
    from skimage.measure import find_contours

    # The outermost samples lie half a pixel inside the border: repeated once they carry the lines across it.
    padded, mask = np.pad(gray, 1, mode="edge"), np.pad(opaque, 1, mode="edge")
    found = find_contours(padded, height, mask=None if mask.all() else mask)  # type: ignore[no-untyped-call]
    lines = []
    for line in found:
        points = (line[:, ::-1] - 1) * step + 0.5
        points = np.clip(points, 0, (image.width, image.height))
        moved = np.ones(len(points), bool)
        moved[1:] = (points[1:] != points[:-1]).any(axis=1)
        if moved.sum() > 1:
            lines.append(points[moved])
    return lines


def _kept(line: Floats, min_length: float) -> bool:
    if len(line) < 4 and (line[0] == line[-1]).all():
        return False  # there and back again
    return float(np.hypot(*np.diff(line, axis=0).T).sum()) >= min_length


def _simplified(lines: list[Floats], tolerance: float) -> list[Path]:
    if not lines:
        return []
    points = np.concatenate(lines)
    offsets = np.cumsum([0, *map(len, lines)])
    keep = simplify(points, offsets, tolerance)
    paths = []
    for low, high in pairwise(offsets.tolist()):
        line = points[low:high][keep[low:high]]
        closed = bool((line[0] == line[-1]).all())
        paths.append(Path(line[:-1] if closed else line, closed=closed))
    return paths


def _mixed(ink: str, paper: str, pale: float) -> str:
    """The ink's color, as far towards the paper's as it is pale; on a bare sheet, towards white."""
    one, other = parse(ink), parse("white" if paper == "none" else paper)
    return name_of(np.rint(one + pale * (other.astype(float) - one)).astype(np.uint8))
