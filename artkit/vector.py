"""Mosaics to drawings: borders as smooth curves that all neighbors share, fills as colors or gradients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from artkit.drawing import Drawing, Fill, Gradient, Layer, Path, Shape, bounds
from artkit.palette import name_of
from artkit.planar.arcs import Outline, cut_out
from artkit.planar.chain import Ints
from artkit.planar.map import NORMAL_X, NORMAL_Y, OUTSIDE, PlanarMap, planar_map
from artkit.planar.segments import Curves, Floats
from artkit.planar.stack import Splines, paint_order, stack
from artkit.regions.edges import field_offsets
from artkit.regions.fields import Fields
from artkit.regions.mosaic import Mosaic

TOLERANCE = 0.7
"""How far a border may stray where colors are `CONTRAST` apart, in pixels."""

CONTRAST = 40.0
"""Distance of two colors at which the tolerance holds as it is; it grows with the root of less."""

LEAST, MOST = 0.5, 2.5
"""Bounds of a border's tolerance, as multiples."""

GRID = 2
"""Steps to a pixel of joints; controls have half as many."""

TURNS = 12
"""Directions of gradients in half a turn."""


@dataclass(frozen=True, eq=False)
class Followed:
    """A mosaic's borders: the planar map, where the border runs at each crack, and how far it may stray there."""

    mosaic: Mosaic
    planar: PlanarMap
    samples: Floats
    tolerance: Floats

    @classmethod
    def of(cls, mosaic: Mosaic, tolerance: float | None = None) -> Followed:
        """Follow the borders of a mosaic; `tolerance` is for borders of middling contrast, in pixels."""
        planar = planar_map(mosaic.labels)
        offset, contrast = field_offsets(planar, mosaic.labels, mosaic.pixels, mosaic.fields)
        normal = np.column_stack([NORMAL_X[planar.direction], NORMAL_Y[planar.direction]])
        share = np.clip(np.sqrt(CONTRAST / np.maximum(_mean_of_arcs(planar, contrast), 1.0)), LEAST, MOST)
        return cls(mosaic, planar, planar.middles + offset[:, None] * normal, (tolerance or TOLERANCE) * share)


def _mean_of_arcs(planar: PlanarMap, values: Floats) -> Floats:
    """Give each crack the mean of its arc."""
    if not len(values):
        return values
    mean = np.add.reduceat(values, planar.offsets[:-1]) / np.diff(planar.offsets)
    result: Floats = mean[planar.arc_of]
    return result


def drawing(followed: Followed, grid: int = GRID) -> Drawing:
    """Draw a mosaic, larger shapes beneath smaller ones, without seams."""
    planar, fields = followed.planar, followed.mosaic.fields
    rank = paint_order(planar)
    whole = not (planar.faces == OUTSIDE).any() and len(rank) > 0
    ground = int(np.argmin(rank)) if whole else None
    skip = None if ground is None else np.array([ground])
    outlines = stack(planar, rank, Splines(followed.tolerance, 1 / grid), followed.samples, skip)
    shapes = _shapes(planar, fields, outlines, rank)
    if ground is not None:
        sheet = Path(np.array([[0, 0], [planar.width, 0], [planar.width, planar.height], [0, planar.height]], float))
        shapes.insert(0, Shape([sheet], _fill(fields, int(planar.face_label[ground]), [sheet])))
    return Drawing(planar.width, planar.height, [Layer(shapes)], grid=grid)


def _shapes(planar: PlanarMap, fields: Fields, outlines: list[Outline], rank: Ints) -> list[Shape]:
    """One shape for each face, lowest first, its rings as paths."""
    paths: dict[int, list[Path]] = {}
    for outline in outlines:
        paths.setdefault(outline.face, []).append(Path(outline.points, outline.kinds))
    faces = sorted(paths, key=lambda face: rank[face])
    return [Shape(paths[face], _fill(fields, int(planar.face_label[face]), paths[face])) for face in faces]


def _fill(fields: Fields, region: int, paths: list[Path]) -> Fill:
    """The fill of a region as a color or, across the box of its paths, as a gradient in one of a few directions."""
    color, middle, slope, tint = fields.color[region], fields.middle[region], fields.slope[region], fields.tint[region]
    if not slope.any():
        return _name(color)
    low, high = bounds(paths)
    size = np.maximum(high - low, 1e-6)
    across = slope * size
    turn = np.rint(np.arctan2(across[1], across[0]) / np.pi * TURNS) * np.pi / TURNS
    way = np.array([np.cos(turn), np.sin(turn)])
    if way[0] < -1e-9 or (abs(way[0]) <= 1e-9 and way[1] < 0):
        way = -way
    strength = float(across @ way)
    # Along `way` the box reaches from the corner where it begins over this many of its sides.
    reach = float(np.abs(way).sum())
    start = low + (way < -1e-9) * size
    covector = way / size
    first = color + float((start - middle) @ covector) * strength * tint
    change = reach * strength * tint
    begin, end = _within_gamut(first, change)
    if end - begin < 1e-3 or np.abs(change).max() * (end - begin) < 1:
        return _name(color)
    step = covector / reach
    step = step / float(step @ step)
    a, b = start + begin * step, start + end * step
    return Gradient(
        (float(a[0]), float(a[1])),
        (float(b[0]), float(b[1])),
        (_name(first + begin * change), _name(first + end * change)),
    )


def _within_gamut(first: Floats, change: Floats) -> tuple[float, float]:
    """Give from where to where, between 0 and 1, all channels of `first + t * change` are colors."""
    with np.errstate(divide="ignore", invalid="ignore"):
        bounds_ = np.sort(np.stack([(0 - first) / change, (255 - first) / change]), axis=0)
    moving = np.abs(change) > 1e-9
    return max(0.0, float(bounds_[0, moving].max(initial=0))), min(1.0, float(bounds_[1, moving].min(initial=1)))


def _name(color: Floats) -> str:
    return name_of(np.clip(np.rint(color), 0, 255).astype(int))
