"""Strokes along the form of things: gray levels in, the way that each stroke takes and what it leaves out.

Directions are those along which a picture changes least: the structure tensor's (Förstner and Gülch 1987), smoothed,
so that strokes run along edges and around what is round; where nothing leads, they lean. Ways are traced all at once.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from artkit.algebra import rounded
from artkit.arrays import Bools, Floats, Mask, Pixels

SIDE = 640
"""Pixels of the longer side of the copy in which directions are found: they change slowly."""

LED = 0.3
"""How much what leans counts beside the mean strength of edges."""

JOINTS = 8
"""Pieces of a stroke."""

PLACES = 3
"""Binary places of a pixel to which strokes are drawn."""


class Flow(NamedTuple):
    """Directions in a copy of a picture: unit vectors `x` and `y` (h, w), and pixels of the picture to one of it."""

    x: NDArray[np.float32]
    y: NDArray[np.float32]
    scale: float

    def at(self, places: Floats) -> Floats:
        """Directions (N, 2) at places (N, 2) of the picture."""
        height, width = self.x.shape
        column, row = np.clip((places / self.scale).astype(np.intp), 0, (width - 1, height - 1)).T
        return np.column_stack([self.x[row, column], self.y[row, column]]).astype(np.float64)


def flow_of(gray: Mask, smooth: float, lean: float) -> Flow:
    """Find directions in gray levels (H, W), smoothed by `smooth` pixels; `lean` degrees, 0 right, 90 up, by itself."""
    import cv2

    height, width = gray.shape
    scale = max(max(height, width) / SIDE, 1.0)
    size = max(round(width / scale), 1), max(round(height / scale), 1)
    small = np.asarray(cv2.resize(gray, size, interpolation=cv2.INTER_AREA), np.float32).reshape(size[::-1])
    small = np.asarray(cv2.GaussianBlur(small, (0, 0), 1.0))
    dx, dy = (np.asarray(cv2.Sobel(small, cv2.CV_32F, *way)) for way in ((1, 0), (0, 1)))
    # Twice the angle, so that a direction and its opposite are one.
    along, across = (
        np.asarray(cv2.GaussianBlur(part, (0, 0), max(smooth / scale, 0.8)))
        for part in (dx * dx - dy * dy, 2 * dx * dy)
    )
    floor = LED * float(np.hypot(along, across).mean(dtype=np.float64)) + 1e-6
    turn = np.deg2rad(-2 * (lean + 90))
    angle = rounded(np.arctan2(across + floor * np.sin(turn), along + floor * np.cos(turn)) / 2 + np.pi / 2)
    return Flow(np.cos(angle).astype(np.float32), np.sin(angle).astype(np.float32), scale)


def courses(
    flow: Flow, starts: Floats, lengths: Floats, pixels: Pixels | None = None, tolerance: float = 0.0
) -> Floats:
    """Trace strokes (N, JOINTS + 1, 2) of such lengths from places (N, 2), to both sides in turn at random.

    With `pixels`, a stroke ends where these differ by more than `tolerance` levels from those where it starts.
    """
    at = starts.astype(np.float64)
    ways = [at]
    last = flow.at(at)
    last[1::2] *= -1
    going = np.ones(len(at), bool)
    first = None if pixels is None else _looked_up(pixels, at)
    step = (lengths / JOINTS)[:, None]
    for _ in range(JOINTS):
        way = flow.at(at)
        way[(way * last).sum(1) < 0] *= -1
        there = at + step * way
        if first is not None and pixels is not None:
            going &= np.abs(_looked_up(pixels, there) - first).max(1) <= tolerance
        at = np.where(going[:, None], there, at)
        ways.append(at)
        last = way
    return np.stack(ways, axis=1)


def _looked_up(pixels: Pixels, places: Floats) -> Floats:
    height, width = pixels.shape[:2]
    column, row = np.clip(places.astype(np.intp), 0, (width - 1, height - 1)).T
    found: Floats = pixels[row, column].astype(np.float64)
    return found


def drawn(canvas: NDArray[np.uint8], ways: Floats, widths: NDArray[np.intp], values: NDArray[np.uint8]) -> None:
    """Draw strokes (N, M, 2) into a canvas (H, W) or (H, W, C), one over the other, of values (N,) or (N, C)."""
    import cv2

    points = np.rint(ways * (1 << PLACES)).astype(np.int32)
    colors = values.tolist()
    for way, width, color in zip(points, widths.tolist(), colors, strict=True):
        cv2.polylines(canvas, [way], False, color, width, cv2.LINE_AA, PLACES)


def scattered(height: int, width: int, spacing: float, rng: np.random.Generator) -> Floats:
    """Places (N, 2), about one to each square of a side of `spacing` pixels, in random order."""
    rows, columns = int(np.ceil(height / spacing)), int(np.ceil(width / spacing))
    y, x = np.divmod(np.arange(rows * columns), columns)
    places = (np.column_stack([x, y]) + rng.random((rows * columns, 2))) * spacing
    shuffled: Floats = places[rng.permutation(len(places))]
    return shuffled


def stroke_mask(gray: Mask, flow: Flow, width: float, length: float, rng: np.random.Generator) -> Mask:
    """A mask (H, W) of thresholds, as many of each of 256, in which strokes are told apart: each of one threshold."""
    height, across = gray.shape
    side = max((width * length / COVERED) ** 0.5, 1.0)
    starts = scattered(height, across, side, rng)
    ways = courses(flow, starts, length * rng.uniform(0.5, 1.5, len(starts)))
    widths = np.maximum(np.rint(width * rng.uniform(0.6, 1.4, len(starts))), 1).astype(np.intp)
    canvas = rng.integers(0, 256, (height, across), np.uint8)
    drawn(canvas, ways, widths, (rng.permutation(len(starts)) * 256 // max(len(starts), 1)).astype(np.uint8))
    return canvas


COVERED = 3.0
"""How many strokes lie on each place, on the average."""


def equalized(values: NDArray[np.uint8], inside: Bools | None = None) -> Mask:
    """Levels (H, W) changed so that all of 256 are as frequent, in their order."""
    counts = np.bincount((values if inside is None else values[inside]).ravel(), minlength=256)
    middle = np.cumsum(counts) - counts / 2
    table = np.minimum(middle * 256 // max(int(counts.sum()), 1), 255).astype(np.uint8)
    return np.asarray(table[values])
