"""Soft parts that no gradient explains: nested shapes along lines of equal alpha, as an image in contour lines."""

from __future__ import annotations

import itertools
from typing import NamedTuple

import numpy as np

from artkit.arrays import Floats, offsets_of
from artkit.artwork.drawing import Path, Shape
from artkit.color.palette import name_of
from artkit.planar.arcs import fitted_arcs
from artkit.planar.lines import Lines
from artkit.planar.map import NORMAL_X, NORMAL_Y, OUTSIDE, PlanarMap, planar_map
from artkit.planar.outlines import cut_out
from artkit.planar.samples import arc_points
from artkit.planar.segments import Curves, Quality
from artkit.tracer.regions.edges import inner_sides

STEP = 3.0
"""Levels of alpha, of 255, between two nested shapes: less is closer and takes more shapes."""

FEWEST, MOST = 4, 64
"""Bounds of the number of nested shapes."""

ROUNDING = 2.0
"""How far alpha may be off where a nested shape runs, in levels of 255: eight bits tell it no better."""

CLOSEST, FARTHEST = 0.5, 5.0
"""Bounds of how far a nested shape may stray from its line of equal alpha for that, in pixels."""

SMOOTH = 1.5
"""Standard deviation of the filter that takes the steps of eight bits out of alpha, in pixels."""

STEEP = 0.8
"""The part of a line of equal alpha that is no steeper than what its tolerance is for."""


def nested(beneath: Floats) -> list[Shape]:
    """Draw a smooth premultiplied layer, (H, W, 4), as nested shapes along lines of equal alpha."""
    beneath = _smoothed(beneath)
    alpha = np.clip(beneath[..., 3], 0, 1)
    top = float(alpha.max())
    count = int(np.clip(np.ceil(top * 255 / STEP), FEWEST, MOST))
    levels = top * (np.arange(count) + 1) / count
    limits = np.concatenate([[levels[0] / 2], (levels[1:] + levels[:-1]) / 2])
    shapes: list[Shape] = []
    drawn, so_far = np.zeros(3), 0.0
    outlines = _outlines(alpha, limits)
    for low, high, level, paths in zip(limits, [*limits[1:], np.inf], levels, outlines, strict=True):
        band = (alpha >= low) & (alpha < high)
        if band.any():
            inks = beneath[band]
            target = inks[:, :3].sum(0) / max(inks[:, 3].sum(), 1e-9) * level
        else:
            target = drawn / max(so_far, 1e-9) * level
        opacity = (level - so_far) / (1 - so_far) if so_far < 1 else 1.0
        if not paths:
            break
        color = np.clip(np.rint((target - drawn * (1 - opacity)) / opacity), 0, 255).astype(int)
        shapes.append(Shape(paths, name_of(color), opacity=round(float(opacity), 4)))
        opacity, paint = shapes[-1].opacity, color.astype(np.float64)
        drawn, so_far = drawn * (1 - opacity) + paint * opacity, so_far * (1 - opacity) + opacity
    return shapes


def _smoothed(layer: Floats) -> Floats:
    """Take the steps of eight bits out of a layer (H, W, 4): a Gaussian filter, with twicing (Tukey 1977)."""
    import cv2

    once = cv2.GaussianBlur(layer, (0, 0), SMOOTH, borderType=cv2.BORDER_REPLICATE)
    twice = cv2.GaussianBlur(once, (0, 0), SMOOTH, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(np.clip(2 * once - twice, 0, None), np.float64)


class _Line(NamedTuple):
    """A line of equal alpha: the map of what is above, samples along its arcs, and how closely it is to be followed."""

    planar: PlanarMap
    samples: Lines
    tolerance: float


def _outlines(alpha: Floats, levels: Floats) -> list[list[Path]]:
    """Closed curves around where alpha (H, W) is above each level; those of one tolerance are fitted at once."""
    found = [_line(alpha, float(level)) for level in levels]
    paths: list[list[Path]] = [[] for _ in found]
    for tolerance in sorted({line.tolerance for line in found if line}):
        some = [k for k, line in enumerate(found) if line and line.tolerance == tolerance]
        lines = [line for line in found if line and line.tolerance == tolerance]
        for k, line, curves in zip(some, lines, _curves(lines), strict=True):
            paths[k] = [Path(outline.points, outline.kinds) for outline in cut_out(line.planar, curves)]
    return paths


def _line(alpha: Floats, level: float) -> _Line | None:
    """Follow a line of equal alpha, as closely as eight bits tell where it is; None where there is none."""
    planar = planar_map(np.where(alpha >= level, np.int32(0), np.int32(OUTSIDE)))
    if not len(planar.face_area):
        return None
    crack, one, other = inner_sides(planar)
    here, there = alpha.ravel()[one], alpha.ravel()[other]
    steep = np.abs(here - there)
    offset = np.zeros(len(planar.direction))
    offset[crack] = np.clip((here - level) / np.where(steep > 0, here - there, 1), 0, 1) - 0.5
    normal = np.column_stack([NORMAL_X[planar.direction], NORMAL_Y[planar.direction]])
    slope = np.quantile(steep, STEEP) if len(steep) else 1.0
    tolerance = float(np.clip(ROUNDING / 255 / max(slope, 1e-6), CLOSEST, FARTHEST))
    return _Line(
        planar,
        arc_points(planar, planar.middles + offset[:, None] * normal),
        float(2 ** (np.floor(2 * np.log2(tolerance)) / 2)),
    )


def _curves(lines: list[_Line]) -> list[Curves]:
    """Fit lines of one tolerance."""
    tolerance = lines[0].tolerance
    quality = Quality(tolerance, 0.5 * tolerance, corner=100.0, sharp=100.0, degree=1, thin=2, bends=False)
    samples = [line.samples for line in lines]
    all_ = Lines(
        np.concatenate([some.points for some in samples]),
        offsets_of(np.concatenate([np.diff(some.offsets) for some in samples])),
        np.concatenate([some.hard for some in samples]),
    )
    closed = np.concatenate([line.planar.closed for line in lines])
    curves = fitted_arcs(all_, np.arange(len(closed)), closed, quality)
    ends = offsets_of(np.array([len(line.planar.closed) for line in lines])).tolist()
    return [_part(curves, low, high) for low, high in itertools.pairwise(ends)]


def _part(curves: Curves, low: int, high: int) -> Curves:
    """Give some chains of curves."""
    first, last = int(curves.offsets[low]), int(curves.offsets[high])
    each = {
        name: getattr(curves, name)[first:last] for name in ("start", "first", "second", "end", "line", "corner_start")
    }
    return Curves(**each, offsets=curves.offsets[low : high + 1] - first)
