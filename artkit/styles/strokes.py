"""A picture as strokes of a brush, each one curve of one color: what `artkit.raster.brushed` paints, as a drawing.

Strokes that those above hide are left out: all are painted once more in numbers, and what is not seen is not drawn.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Floats
from artkit.artwork.drawing import CUBIC, LINE, QUADRATIC, Drawing, Layer, LineStyle, Path, Shape
from artkit.color.palette import name_of
from artkit.raster.bands import Advance
from artkit.raster.brushed import Laid, Paint, painted

SIDE = 900
"""Pixels of the longer side of the picture that is painted."""

SEEN = 3
"""Pixels that are seen, at least, of a stroke that is kept."""

THINNER = 1
"""Pixels by which strokes are painted thinner, when it is told which are seen."""

GRID = 10
"""Steps to a unit that coordinates are worth."""

DOT = 0.2
"""Length of a stroke that goes nowhere, in pixels: its ends are round."""


def drawing(
    pixels: NDArray[np.uint8],
    size: tuple[int, int],
    paint: Paint,
    close: NDArray[np.float32] | None,
    rng: np.random.Generator,
    opaque: Bools | None = None,
    advance: Advance | None = None,
) -> Drawing:
    """Draw (H, W, 3) sRGB in strokes for a sheet of `size`, a layer for each brush, the broadest first.

    Strokes that begin where the picture is not `opaque` are left out.
    """
    laid: list[Laid] = []
    painted(pixels, paint, close, rng, advance, laid.append)
    if opaque is not None:
        laid = [_chosen(each, opaque[tuple(_starts(each, opaque.shape).T[::-1])]) for each in laid]
    seen = _seen(laid, (pixels.shape[0], pixels.shape[1]))
    scale = size[0] / pixels.shape[1]
    layers = []
    for number, (each, some) in enumerate(zip(laid, seen, strict=True), start=1):
        ways, widths, colors = _chosen(each, some)
        shapes = [
            Shape([path], None, name_of(color), 1.0, LineStyle(round(scale * int(width), 1)))
            for path, width, color in zip(curves(ways * scale), widths, colors, strict=True)
        ]
        layers.append(Layer(shapes, f"brush {number}"))
    ground = None if opaque is not None else name_of(pixels.reshape(-1, 3).mean(0))
    return Drawing(*size, [layer for layer in layers if layer.shapes], background=ground, grid=GRID)


def _chosen(laid: Laid, some: Bools) -> Laid:
    return Laid(laid.ways[some], laid.widths[some], laid.colors[some])


def _starts(laid: Laid, shape: tuple[int, ...]) -> NDArray[np.intp]:
    """The pixels (N, 2), as x and y, that strokes begin in."""
    return np.clip(laid.ways[:, 0], 0, (shape[1] - 1, shape[0] - 1)).astype(np.intp)


def _seen(laid: list[Laid], shape: tuple[int, int]) -> list[Bools]:
    """Which strokes of each brush are seen, when all are painted one over the other on (H, W) pixels.

    Of the broadest brush those are that others of its own do not hide: the ground between finer strokes. These are
    painted a little thinner than they are, for how wide a line is differs from program to program.
    """
    import cv2

    numbers = np.full(shape, -1, np.int32)
    ends = np.cumsum([len(each.ways) for each in laid])
    counts: list[NDArray[np.intp]] = []
    number = 0
    for each in laid:
        thin = np.maximum(each.widths - THINNER, 1)
        for way, width in zip(np.rint(each.ways * 8).astype(np.int32), thin.tolist(), strict=True):
            cv2.polylines(numbers, [way], False, number, width, cv2.LINE_8, 3)
            number += 1
        counts.append(np.bincount(numbers[numbers >= 0], minlength=int(ends[-1])))
    return [*np.split(counts[0] >= SEEN, ends[:-1])[:1], *np.split(counts[-1] >= SEEN, ends[:-1])[1:]]


def curves(ways: Floats) -> list[Path]:
    """One curve for each way (N, M, 2), from its first joint to the last one that it moves to.

    Of two joints it is a line, of three a quadratic curve, of more the cubic curve nearest to them.
    """
    moved = (ways[:, 1:] != ways[:, :-1]).any(2)
    counts = 1 + moved.cumprod(1).sum(1)
    paths: list[Path] = [None] * len(ways)  # type: ignore[list-item]
    for count in np.unique(counts).tolist():
        which = np.flatnonzero(counts == count)
        points, kind = _fitted(ways[which, :count])
        for number, own in zip(which.tolist(), points, strict=True):
            paths[number] = Path(own, np.array([kind], np.uint8), closed=False)
    return paths


def _fitted(joints: Floats) -> tuple[Floats, int]:
    """The points (N, K, 2) of the curve through joints (N, M, 2), evenly spaced along it, and its kind."""
    count = joints.shape[1]
    first, last = joints[:, :1], joints[:, -1:]
    if count == 1:
        return np.concatenate([first, first + np.array([DOT, 0])], 1), LINE
    if count == 2:
        return joints, LINE
    if count == 3:
        return np.concatenate([first, 2 * joints[:, 1:2] - (first + last) / 2, last], 1), QUADRATIC
    t = np.linspace(0, 1, count)[:, None]
    near, far = 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t)
    rest = joints - (1 - t) ** 3 * first - t**3 * last
    a, b, c = float((near * near).sum()), float((near * far).sum()), float((far * far).sum())
    one, other = (near * rest).sum(1, keepdims=True), (far * rest).sum(1, keepdims=True)
    det = a * c - b * b
    return np.concatenate([first, (c * one - b * other) / det, (a * other - b * one) / det, last], 1), CUBIC
