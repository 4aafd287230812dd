"""Photos as sheets of paper, one on the other: each is cut from a tone, and lies wholly on the one below.

The tone of a region of a mosaic decides how many sheets lie there, so that cuts run along the borders of things and not
along lines of equal brightness. Each sheet is smoothed, freed of what is too thin to cut or too small to pick up, and
kept at a distance from the edge of the sheet below, which so shows all around. All cuts are arcs of one planar map.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Floats
from artkit.artwork.drawing import Drawing, Layer, Shadow, Shape
from artkit.artwork.settled import settled
from artkit.color.spaces import lightness
from artkit.importance.focus import CLOSE
from artkit.planar.arcs import curve_arcs
from artkit.planar.map import OUTSIDE, planar_map
from artkit.planar.segments import Quality
from artkit.styles.shapes import covering
from artkit.tracer.mosaic import Mosaic
from artkit.tracer.regions.edges import smoothed_staircase

BALANCE = 0.5
"""Levels of tone are spread evenly over lightness (0), over the picture's area (1), or between."""

TAIL = 0.02
"""Share of the area that may lie beyond the darkest level and the lightest when they are spread over lightness."""

CUT = Quality(tolerance=0.5, line=0.35, corner=50, sharp=75, reach=7, blur=1, degree=1)
"""How blades follow borders: smoothly, with corners only where things have some."""

FINER = 0.3
"""Width of the thinnest parts, and what shows of a sheet, where it matters, as a share of the usual."""

FLAT = 0.3
"""Opacity of a shadow without blur."""

SOFT = 0.5
"""Opacity of a shadow with blur, where it is darkest."""


@dataclass(frozen=True)
class Cut:
    """How sheets are cut; all lengths in pixels of the mosaic.

    `sheets` is their number, the backing included, `reveal` how much of each shows beside the one above at least, and
    `least` the width of the thinnest part. The lightest sheet lies on top if `light_on_top`. `frame` is the width of
    the topmost sheet's border, 0 for none.
    """

    sheets: int
    reveal: float
    least: float
    frame: float
    light_on_top: bool


def levels(mosaic: Mosaic, cut: Cut, close: NDArray[np.float32] | None = None) -> NDArray[np.int32]:
    """How many sheets lie on the backing at each pixel (H, W), -1 where the mosaic has no region.

    Where `close` (H, W) says that it matters, cuts are as fine as can be, and less shows of each sheet.
    """
    tone = lightness(np.clip(np.rint(mosaic.fields.color), 0, 255).astype(np.uint8))
    if not cut.light_on_top:
        tone = -tone
    area = np.bincount(mosaic.labels[mosaic.labels >= 0], minlength=mosaic.count)
    level = np.searchsorted(settled(lambda: _limits(tone, area, cut.sheets)), tone, side="right")
    painted = mosaic.labels >= 0
    wanted = np.where(painted, level[mosaic.labels], 0)
    heights = np.zeros(painted.shape, np.int32)
    near = None if close is None or not (close >= CLOSE).any() else close >= CLOSE
    beneath = painted
    for number in range(1, cut.sheets):
        room = _finely(_shrunk, beneath, cut.reveal, near)
        sheet = _finely(_cuttable, wanted >= number, cut.least, near) & room
        if cut.frame:
            sheet |= _rim(painted, cut.frame + (cut.sheets - 1 - number) * cut.reveal) & room
        sheet = _finely(_without_bits, sheet, cut.least, near) & room
        heights += sheet
        beneath = sheet
    return np.where(painted, heights, np.int32(OUTSIDE))


def _finely(cut: Callable[[Bools, float], Bools], mask: Bools, length: float, near: Bools | None) -> Bools:
    """Cut a mask with the usual length, and where it matters with a `FINER` share of it."""
    usual = cut(mask, length)
    return usual if near is None else np.where(near, cut(mask, FINER * length), usual)


def _limits(tone: Floats, area: NDArray[np.intp], sheets: int) -> Floats:
    """Tones, lowest first, from which on one sheet more is laid."""
    order = np.argsort(tone, kind="stable")
    share = (np.cumsum(area[order]) - area[order] / 2) / max(int(area.sum()), 1)
    at = np.arange(1, sheets) / sheets
    by_area = np.interp(at, share, tone[order])
    low, high = np.interp([TAIL, 1 - TAIL], share, tone[order])
    by_tone = low + at * (high - low)
    limits: Floats = BALANCE * by_area + (1 - BALANCE) * by_tone
    return np.where(high - low < 1e-6, np.inf, limits)


def _disc(radius: float) -> NDArray[np.uint8]:
    reach = int(np.ceil(radius))
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    return np.asarray(np.hypot(x, y) <= radius + 0.25, np.uint8)


def _shrunk(mask: Bools, by: float) -> Bools:
    """A mask without what is close to its edge; the edge of the picture does not count."""
    import cv2

    kept = cv2.erode(mask.astype(np.uint8), _disc(by), borderType=cv2.BORDER_CONSTANT, borderValue=1)
    return np.asarray(kept, np.uint8) > 0


def _rim(painted: Bools, width: float) -> Bools:
    """The painted pixels within `width` of the picture's edge."""
    height, wide = painted.shape
    y, x = np.ogrid[:height, :wide]
    near = np.minimum(np.minimum(x, wide - 1 - x), np.minimum(y, height - 1 - y)) < width
    return np.asarray(near & painted)


def _cuttable(mask: Bools, least: float) -> Bools:
    """A mask with smooth borders, and no part or gap thinner than `least`."""
    import cv2

    least = min(least, 2.0 * max(mask.shape))  # a wider disc covers no more, and takes for ever
    soft = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), max(least / 2, 0.3), borderType=cv2.BORDER_REPLICATE)
    smooth = np.asarray(np.asarray(soft) > 0.5, np.uint8)
    disc = _disc(least / 2)
    pad = len(disc)
    wide = cv2.copyMakeBorder(smooth, pad, pad, pad, pad, cv2.BORDER_REPLICATE)
    wide = cv2.morphologyEx(cv2.morphologyEx(wide, cv2.MORPH_CLOSE, disc), cv2.MORPH_OPEN, disc)
    return np.asarray(wide[pad:-pad, pad:-pad]) > 0


def _without_bits(mask: Bools, least: float) -> Bools:
    """A mask without islands and holes too small to cut."""
    import cv2

    area = (3 * least) ** 2
    result = mask.copy()
    for inside in (True, False):
        parts = (result == inside).astype(np.uint8)
        _, labels, stats, _ = cv2.connectedComponentsWithStats(parts, connectivity=4)
        small = stats[:, cv2.CC_STAT_AREA] < area
        small[0] = False
        result[small[labels]] = not inside
    return result


def drawing(
    heights: NDArray[np.int32], papers: list[str], width: float, height: float, reveal: float, shadow: str
) -> Drawing:
    """Draw sheets of paper, a layer for each, on a sheet of `width` x `height`; see `levels` for their heights (H, W).

    `shadow` is soft (a filter), flat (a translucent copy beneath each sheet) or none; `reveal` is in pixels of heights.
    """
    scale = np.array([width / heights.shape[1], height / heights.shape[0]])
    fine = planar_map(heights)
    curves = curve_arcs(fine, smoothed_staircase(fine), CUT)
    offset = (0.4 * reveal * scale[0], 0.7 * reveal * scale[1])
    layers = []
    for number, paper in enumerate(papers):
        shapes = covering(heights >= number, fine, curves, scale, paper)
        if not shapes:
            continue
        if shadow == "flat" and number:
            moved = [Shape([path._replace(points=path.points + offset) for path in shape.paths], "#000000",
                           opacity=FLAT) for shape in shapes]  # fmt: skip
            layers.append(Layer(moved, f"shadow of {number + 1}"))
        cast = Shadow(offset, 0.75 * reveal * float(scale[0]), opacity=SOFT) if shadow == "soft" and number else None
        layers.append(Layer(shapes, f"{number + 1} - {paper}", shadow=cast))
    return Drawing(width, height, layers)
