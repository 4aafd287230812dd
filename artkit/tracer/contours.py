"""Soft parts that no gradient explains: nested shapes along lines of equal alpha, as an image in contour lines."""

from __future__ import annotations

import numpy as np

from artkit.arrays import Bools, Floats, offsets_of
from artkit.artwork.drawing import Path, Shape
from artkit.color.palette import name_of
from artkit.planar.outlines import packed
from artkit.planar.spline import fit_splines

STEP = 4.0
"""Levels of alpha, of 255, between two nested shapes: less is closer and takes more shapes."""

FEWEST, MOST = 4, 40
"""Bounds of the number of nested shapes."""

ROUNDING = 2.0
"""How far alpha may be off where a nested shape runs, in levels of 255: eight bits tell it no better."""

CLOSEST, FARTHEST = 0.5, 5.0
"""Bounds of how far a nested shape may stray from its line of equal alpha for that, in pixels."""

SHORTEST = 12
"""Rings of no more points than this are specks."""

GRID = 0.25
"""The grid of joints, in pixels."""


def nested(beneath: Floats) -> list[Shape]:
    """Draw a smooth premultiplied layer, (H, W, 4), as nested shapes along lines of equal alpha."""
    alpha = np.clip(beneath[..., 3], 0, 1)
    top = float(alpha.max())
    count = int(np.clip(np.ceil(top * 255 / STEP), FEWEST, MOST))
    levels = top * (np.arange(count) + 1) / count
    limits = np.concatenate([[levels[0] / 2], (levels[1:] + levels[:-1]) / 2])
    shapes: list[Shape] = []
    drawn, so_far = np.zeros(3), 0.0
    for low, high, level in zip(limits, [*limits[1:], np.inf], levels, strict=True):
        band = (alpha >= low) & (alpha < high)
        if band.any():
            inks = beneath[band]
            target = inks[:, :3].sum(0) / max(inks[:, 3].sum(), 1e-9) * level
        else:
            target = drawn / max(so_far, 1e-9) * level
        opacity = (level - so_far) / (1 - so_far) if so_far < 1 else 1.0
        paths = _outline(alpha, float(low))
        if not paths:
            break
        color = np.clip(np.rint((target - drawn * (1 - opacity)) / opacity), 0, 255).astype(int)
        shapes.append(Shape(paths, name_of(color), opacity=round(float(opacity), 4)))
        opacity, paint = shapes[-1].opacity, color.astype(np.float64)
        drawn, so_far = drawn * (1 - opacity) + paint * opacity, so_far * (1 - opacity) + opacity
    return shapes


def _outline(alpha: Floats, level: float) -> list[Path]:
    """Closed curves around where alpha (H, W) is above a level, along the sheet's edge where it goes on beyond it."""
    from skimage.measure import find_contours

    height, width = alpha.shape
    padded = np.pad(np.pad(alpha, 1, mode="edge"), 1)
    found: list[Floats] = find_contours(padded, level)  # type: ignore[no-untyped-call]
    rings = [_within(ring[:-1, ::-1] - 1.5, width, height) for ring in found]
    rings = [ring for ring in rings if len(ring) > SHORTEST]
    if not rings:
        return []
    points = np.concatenate(rings)
    offsets = offsets_of(np.array([len(ring) for ring in rings]))
    x, y = np.clip(points.astype(np.int64), 0, (width - 1, height - 1)).T
    tolerance = np.clip(ROUNDING / 255 / np.maximum(_slope(alpha)[y, x], 1e-6), CLOSEST, FARTHEST)
    curves = fit_splines(points, offsets, np.ones(len(rings), bool), tolerance, _is_corner(rings, width, height), GRID)
    body, keep, kinds = packed(curves)
    paths = []
    for low, high in zip(curves.offsets[:-1].tolist(), curves.offsets[1:].tolist(), strict=True):
        if high > low:
            path = np.vstack([curves.start[low : low + 1], body[low:high][keep[low:high]]])
            paths.append(Path(path, kinds[low:high]))
    return paths


def _within(ring: Floats, width: int, height: int) -> Floats:
    """Bring a ring (N, 2) back onto the sheet; points that come to lie on one another are one."""
    ring = np.clip(ring, 0, (width, height))
    moved: Floats = ring[(ring != np.roll(ring, 1, axis=0)).any(1)]
    return moved


def _slope(alpha: Floats) -> Floats:
    """How much alpha (H, W) changes from pixel to pixel."""
    steps = [np.gradient(alpha, axis=axis) if alpha.shape[axis] > 1 else np.zeros(alpha.shape) for axis in (0, 1)]
    slope: Floats = np.hypot(*steps)
    return slope


def _is_corner(rings: list[Floats], width: int, height: int) -> Bools:
    """Which points of rings are corners of the sheet, or where a ring comes to the sheet's edge."""
    corners = []
    for ring in rings:
        beside = (ring == 0) | (ring == (width, height))
        edge = beside.any(1)
        corners.append(beside.all(1) | edge & ~(np.roll(edge, 1) & np.roll(edge, -1)))
    return np.concatenate(corners)
