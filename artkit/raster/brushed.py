"""Pictures painted in strokes of several brushes: pixels (H, W, 3) in, pixels of the same shape out.

Broad strokes cover all; each finer brush goes where what is painted is unlike the picture, and strokes of all lie in
random order. How high the paint lies is painted with it, and lights it in the end.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Floats, Pixels
from artkit.color.gray import gray_of
from artkit.color.levels import to_uint8
from artkit.color.spaces import oklab_to_srgb, srgb_to_oklab
from artkit.raster.bands import Advance
from artkit.raster.courses import Flow, courses, drawn, flow_of, scattered

APART = 0.55
"""Distance of strokes from each other, in widths of the brush."""

LIKE = 0.12
"""Blur of what a brush paints, in its widths."""

FAR = (90.0, 12.0)
"""How unlike the picture, in levels, what is painted must be for a finer brush at a detail of 0, and of 1."""

ENDS = 45.0
"""Levels by which a picture differs from a stroke's color where the stroke ends."""

BRISTLES = 5
"""Streaks in a stroke, at most."""

VARIED = (0.06, 0.05)
"""Standard deviation of lightness, and of tints, in OKLab, at a variation of 1."""

STREAKED = 26.0
"""Levels by which streaks differ at most."""

CLOSE = 0.25
"""How much a place must matter, from 0 to 1, for one brush more."""

LIGHT = 1.1
"""Levels of light for a level of the paint's slope, at a relief of 1."""


class Laid(NamedTuple):
    """Strokes of a brush, lowest first: ways (N, M, 2) in pixels, widths (N,), and colors (N, 3) without streaks."""

    ways: Floats
    widths: NDArray[np.intp]
    colors: NDArray[np.uint8]


@dataclass(frozen=True)
class Paint:
    """How it is painted; see the operation `brush`."""

    width: float
    layers: int
    length: float
    detail: float
    variation: float
    bristles: float
    relief: float
    lean: float


def painted(
    pixels: Pixels,
    paint: Paint,
    close: NDArray[np.float32] | None,
    rng: np.random.Generator,
    advance: Advance | None = None,
    keep: Callable[[Laid], None] = lambda laid: None,
) -> Pixels:
    """Paint a picture, with one brush more where `close` (H, W) asks for it; `keep` is given each brush's strokes."""
    height, width = pixels.shape[:2]
    gray = gray_of(pixels)
    canvas = np.dstack([_blurred(pixels, paint.width / 2), np.full((height, width), 60, np.uint8)])
    count = paint.layers + (close is not None)
    for layer in range(count):
        across = max(paint.width / 2**layer, 2.0)
        seen = _blurred(pixels, LIKE * across)
        starts = scattered(height, width, APART * across, rng)
        starts = starts[(starts < (width, height)).all(1)]
        if layer:
            wanted = _unlike(canvas[..., :3], seen, across, paint.detail)
            if layer >= paint.layers and close is not None:
                wanted = close >= CLOSE
            column, row = starts.astype(np.intp).T
            starts = starts[wanted[row, column]]
        laid = _strokes(seen, flow_of(gray, across / 2, paint.lean), starts, across, paint, rng)
        _lay(canvas, laid, across, paint, rng)
        keep(laid)
        if advance:
            advance((layer + 1) / (count + 1))
    return _lit(canvas, paint.relief)


def _blurred(pixels: Pixels, sigma: float) -> Pixels:
    import cv2

    return np.asarray(cv2.GaussianBlur(pixels, (0, 0), max(sigma, 0.5)), np.uint8)


def _unlike(canvas: Pixels, seen: Pixels, across: float, detail: float) -> NDArray[np.bool_]:
    """Where what is painted is unlike the picture in the width of a brush (H, W)."""
    import cv2

    gap: NDArray[np.uint8] = np.asarray(cv2.absdiff(canvas, seen), np.uint8).max(2)
    side = 2 * int(across / 4) + 1
    return np.asarray(np.asarray(cv2.blur(gap, (side, side))) > FAR[0] + (FAR[1] - FAR[0]) * detail**0.5)


def _strokes(seen: Pixels, flow: Flow, starts: Floats, across: float, paint: Paint, rng: np.random.Generator) -> Laid:
    """Give strokes from places (N, 2) of a blurred picture."""
    count = len(starts)
    lengths = paint.length * across * rng.uniform(0.6, 1.4, count)
    ways = courses(flow, starts, lengths, seen, ENDS)
    column, row = starts.astype(np.intp).T
    colors = _varied(seen[row, column], paint.variation, rng)
    widths = np.maximum(np.rint(across * rng.uniform(0.7, 1.1, count)), 1).astype(np.intp)
    return Laid(ways, widths, colors)


def _lay(canvas: NDArray[np.uint8], laid: Laid, across: float, paint: Paint, rng: np.random.Generator) -> None:
    """Paint strokes, each with its streaks, into a canvas (H, W, 4)."""
    ways, widths, colors = laid
    count = len(ways)
    body = np.column_stack([colors, rng.integers(60, 200, count)]).astype(np.float64)
    streaks = min(BRISTLES, int(across / 4)) if paint.bristles else 0
    offsets = 0.8 * (np.append(0.5, (np.arange(streaks) + 0.5) / max(streaks, 1)) - 0.5)
    shade = rng.normal(0, STREAKED * paint.bristles / 2, (count, streaks + 1))
    shade[:, 0] = 0
    beside = _normals(ways)[:, None] * (offsets[None, :] * widths[:, None])[..., None, None]
    values = np.clip(body[:, None] + shade[..., None] * np.array([1, 1, 1, 1.5]), 0, 255).astype(np.uint8)
    thin = np.repeat(widths[:, None] // max(streaks + 2, 1), streaks + 1, axis=1)
    thin[:, 0] = widths
    each = ways[:, None] + beside
    drawn(canvas, each.reshape(-1, *ways.shape[1:]), np.maximum(thin, 1).ravel(), values.reshape(-1, 4))


def _normals(ways: Floats) -> Floats:
    """Unit normals (N, M, 2) of strokes at their joints; none where a stroke stands still."""
    along = np.gradient(ways, axis=1)
    long = np.linalg.norm(along, axis=2, keepdims=True)
    along = np.where(long > 0, along / np.maximum(long, 1e-9), 0)
    found: Floats = np.stack([-along[..., 1], along[..., 0]], axis=2)
    return found


def _varied(colors: NDArray[Any], variation: float, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Colors (N, 3), some a little lighter, darker or of another tint."""
    lab = srgb_to_oklab(colors)
    lab += variation * rng.standard_normal(lab.shape) * (VARIED[0], VARIED[1] / 2, VARIED[1] / 2)
    return oklab_to_srgb(lab)


def _lit(canvas: NDArray[np.uint8], relief: float) -> Pixels:
    """The paint, lit from the upper left by how high it lies."""
    import cv2

    pixels = np.ascontiguousarray(canvas[..., :3])
    if not relief:
        return pixels
    high = np.asarray(cv2.GaussianBlur(canvas[..., 3].astype(np.float32), (0, 0), 1.0))
    slope = np.asarray(cv2.Sobel(high, cv2.CV_32F, 1, 0)) + np.asarray(cv2.Sobel(high, cv2.CV_32F, 0, 1))
    light = np.clip(slope * (LIGHT * relief / 8), -40, 40)
    return to_uint8(pixels + light[..., None])
