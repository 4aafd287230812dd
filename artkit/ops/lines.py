"""Line art: lines of equal brightness, as on a map of heights."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated

import numpy as np

from artkit.arrays import Floats
from artkit.artwork.drawing import Drawing, Layer, Path, Shape
from artkit.artwork.image import Image
from artkit.color.gray import gray_of
from artkit.color.palette import name_of, parse
from artkit.planar.simplify import simplify
from artkit.raster.contours import equal_lines
from artkit.registry import op
from artkit.registry.colors import ColorName, ColorOrNone
from artkit.registry.declared import Field


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
    paper: Annotated[ColorOrNone, Field(description='Color of the sheet; "none" leaves it bare.')] = "#f8f4ea",
) -> Drawing:
    """Draw lines of equal brightness, as a map draws lines of equal height.

    One layer per level, the brightest first. Lines close where they can and end on the picture's border where they
    cannot; none runs through transparent parts. Simplified lines do not cross. Short ones are left out on purpose. A
    picture without differences in brightness, or all transparent, gives an empty sheet.
    """
    found = equal_lines(gray_of(image.pixels), image.is_opaque, levels, balance, smooth)[::-1]
    kept = [[line for line in lines if _length(line) >= min_length] for _, lines in found]
    paths = iter(_simplified([line for lines in kept for line in lines], tolerance))
    layers = []
    for index, ((level, _), lines) in enumerate(zip(found, kept, strict=True)):
        pale = fade * (len(found) - 1 - index) / max(1, len(found) - 1)
        color = _mixed(ink, paper, pale)
        shapes = [Shape([next(paths)], stroke=color) for _ in lines]
        if shapes:
            layers.append(Layer(shapes, f"brightness {level:.0f}", width * (1 - pale)))
    return Drawing(image.width, image.height, layers, None if paper == "none" else name_of(parse(paper)))


def _length(line: Floats) -> float:
    return float(np.hypot(*np.diff(line, axis=0).T).sum())


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
