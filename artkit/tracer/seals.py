"""Hairs between the shapes of a photo, through which the lowest sheet shows, closed from beneath.

Curves stray from where pixels change, and where three of them meet a hair can open. A drawing without its sheet, and
rendered on nothing, shows them all; each gets a few pixels of about the picture's color there, right above the sheet.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Ints, Pixels
from artkit.artwork.drawing import LINE, Drawing, Layer, Path, Shape
from artkit.color.clusters import centers_of
from artkit.color.nearest import nearest
from artkit.color.palette import name_of
from artkit.planar.map import OUTSIDE, planar_map
from artkit.planar.outlines import cut_out
from artkit.planar.polygons import pixel_arcs
from artkit.raster.masks import grown, runs
from artkit.spans import spanned
from artkit.workers import mapped

OWN = 2
"""Pixels around what the sheet shows of its own where it may show, too: there its border lies."""

SEEN = 6
"""Alpha, of 255, of the sheet in a pixel that is let pass."""

COLORS = 8
"""Colors of the patches, at the most; more: truer ones, and more shapes."""

WIDEST = 24
"""The widest patch, in pixels: a larger one has no one color."""

SHAPES_EACH = 32
"""Shapes of a drawing for each color of patches: small ones have few hairs."""


ROWS = 64
"""Rows of a picture that one thread lays on another one at a time."""


class Above(NamedTuple):
    """What the upper shapes of a drawing look like alone, (H, W, 4), and how many they are."""

    pixels: Pixels
    shapes: int


Keep: TypeAlias = Callable[[Above], None]
"""Takes what has been rendered, for another use."""


def colors_for(shapes: int) -> int:
    """Number of shapes that patches may take in a drawing of so many."""
    return min(COLORS, shapes // SHAPES_EACH)


@spanned("close hairs")
def sealed(drawing: Drawing, sheet: Bools, pixels: Pixels, keep: Keep | None = None) -> Drawing:
    """Lay patches on the lowest shape of a drawing of a picture (H, W, 3) where it shows, and is not to.

    `sheet` (H, W) tells the pixels that are the lowest shape's own. There are `colors_for` colors of patches.
    What the shapes above them look like alone is seen on the way, and given to `keep`.
    """
    shapes = list(drawing.shapes)
    count = colors_for(len(shapes))
    if not count:
        return drawing
    own = grown(sheet, OWN)
    alone = _alone(drawing.replace(layers=[Layer(shapes[1:])]), own.shape)
    if keep:
        keep(Above(alone, len(shapes) - 1))
    left, top, right, bottom = _boxes((alone[..., 3] < 255 - SEEN) & ~own, own)
    if not len(left):
        return drawing
    area = (right - left) * (bottom - top)
    sums = np.stack([_sums_of_boxes(channel, left, top, right, bottom) for channel in np.moveaxis(pixels, 2, 0)], 1)
    colors = sums / area[:, None]
    palette = np.rint(centers_of(colors, area.astype(np.float64), count))
    ink = nearest(colors, palette)
    corners = (
        np.stack([left, top, right, top, right, bottom, left, bottom], axis=1).reshape(-1, 4, 2).astype(np.float64)
    )
    patches = [
        Shape([Path(box, np.full(3, LINE, np.uint8)) for box in corners[ink == k]], name_of(color))
        for k, color in enumerate(palette.astype(int))
        if (ink == k).any()
    ]
    return drawing.replace(layers=[Layer([shapes[0], *patches, *shapes[1:]])])


def seen_with(above: Above, drawing: Drawing) -> Pixels:
    """Give what a sealed drawing looks like, (H, W, 3), from what was kept: all that is left to render is little.

    A renderer rounds after each shape, so that a level here and there is another one.
    """
    from artkit.render import rendered

    first, *others = drawing.layers
    beneath = drawing.replace(layers=[Layer(first.shapes[: len(first.shapes) - above.shapes])])
    seen = rendered(beneath, (above.pixels.shape[1], above.pixels.shape[0]))
    _lay(seen, above.pixels)
    if others:
        _lay(seen, _alone(drawing.replace(layers=others, background=None), seen.shape[:2]))
    return seen


def _lay(seen: Pixels, above: Pixels) -> None:
    """Lay a picture with alpha (H, W, 4) on another one (H, W, 3), in place, rows at a time."""

    def lay(top: int) -> None:
        for row, on_top in zip(seen[top : top + ROWS], above[top : top + ROWS], strict=True):
            alpha = on_top[:, 3:].astype(np.float32) / 255
            row[:] = np.rint(alpha * on_top[:, :3] + (1 - alpha) * row)

    for _ in mapped(lay, range(0, len(seen), ROWS)):
        pass


def _sums_of_boxes(values: NDArray[np.generic], left: Ints, top: Ints, right: Ints, bottom: Ints) -> Ints:
    """Sum values (H, W), whole ones from 0 to 255, over boxes: what wraps around in the total does not in them."""
    total = np.zeros((values.shape[0] + 1, values.shape[1] + 1), np.uint32)
    values.cumsum(0, np.uint32, total[1:, 1:])
    for row in total[1:]:  # one at a time: numpy copies what it adds up in place
        row.cumsum(dtype=np.uint32, out=row)
    sums: Ints = (total[bottom, right] - total[top, right] - total[bottom, left] + total[top, left]).astype(np.int64)
    return sums


@spanned("close hairs")
def sealed_inks(drawing: Drawing, labels: NDArray[np.int32], inks: Sequence[int]) -> Drawing:
    """Lay patches where the lowest shape of a drawing in few inks shows, and is not to, beneath each layer's shapes.

    Layer k has the ink `inks[k]`; `labels` (H, W) are the picture's, negative where it is transparent. A patch has the
    lowest ink of those around it, so that it covers no shape that is seen, and is at least three pixels wide.
    """
    import cv2

    own = grown(labels <= inks[0], OWN)
    first = drawing.layers[0]
    without = drawing.replace(layers=[replace(first, shapes=first.shapes[1:]), *drawing.layers[1:]])
    hairs = (_alone(without, own.shape)[..., 3] < 255 - SEEN) & ~own
    if not hairs.any():
        return drawing
    near, around = (np.asarray(cv2.erode(labels.astype(np.float32), np.ones((side, side)))) for side in (3, 5))
    layers = [first]
    for ink, layer in zip(inks[1:], drawing.layers[1:], strict=True):
        mask = _squared(grown(hairs & (around == ink), 1), (near >= ink) & ~own)
        layers.append(replace(layer, shapes=[*_patch(mask, layer), *layer.shapes]))
    return drawing.replace(layers=layers)


def _alone(drawing: Drawing, shape: tuple[int, ...]) -> Pixels:
    """Render a drawing on nothing, (H, W, 4) pixels of a `shape`."""
    from artkit.render import rendered_alone

    return rendered_alone(drawing, (shape[1], shape[0]))


def _squared(mask: Bools, may: Bools) -> Bools:
    """Make each part of a mask a box where it `may` be one, not to take more corners, and more bytes."""
    import cv2

    _, _, stats, _ = cv2.connectedComponentsWithStats(mask.view(np.uint8), connectivity=8)
    squared = mask.copy()
    for left, top, width, height, _ in stats[1:].tolist():
        box = np.s_[top : top + height, left : left + width]
        if may[box].all():
            squared[box] = True
    return squared


def _patch(mask: Bools, layer: Layer) -> list[Shape]:
    """Outline a mask pixel by pixel, in the color of a layer."""
    planar = planar_map(np.where(mask, np.int32(0), np.int32(OUTSIDE)))
    paths = [Path(outline.points, outline.kinds) for outline in cut_out(planar, pixel_arcs(planar))]
    return [Shape(paths, layer.shapes[0].fill)] if paths else []


def _boxes(hairs: Bools, own: Bools) -> tuple[Ints, Ints, Ints, Ints]:
    """Left, top, right and bottom (K,) of boxes that cover `hairs` (H, W), and nothing of what is the sheet's `own`.

    There is one for what lies within two pixels of each other; runs of pixels where that would cover something.
    """
    import cv2

    y, x = np.nonzero(hairs)
    near = grown(hairs, 1).view(np.uint8)
    before = 0
    while True:
        count, number = cv2.connectedComponents(near)
        of = np.asarray(number[y, x], np.int64)
        low, high = np.full((count, 2), max(hairs.shape), np.int64), np.zeros((count, 2), np.int64)
        np.minimum.at(low, of, np.column_stack([x, y]))
        np.maximum.at(high, of, np.column_stack([x, y]) + 1)
        low, high = low[1:], high[1:]
        if count == before:
            break
        before = count
        for (x0, y0), (x1, y1) in zip(low.tolist(), high.tolist(), strict=True):
            near[y0:y1, x0:x1] = 1  # boxes that overlap are one
    (left, top), (right, bottom) = low.T, high.T
    bad = _sums_of_boxes(own, left, top, right, bottom) > 0
    bad |= (high - low).max(1) > WIDEST
    row, start, stop = runs(hairs & np.append(False, bad)[number])
    fair = ~bad
    return (
        np.concatenate([left[fair], start]),
        np.concatenate([top[fair], row]),
        np.concatenate([right[fair], stop]),
        np.concatenate([bottom[fair], row + 1]),
    )
