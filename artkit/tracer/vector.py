"""Mosaics to drawings: borders as smooth curves that all neighbors share, fills as colors or gradients."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from artkit.algebra import product
from artkit.arrays import Floats, HalfEdges, Ints, LabelIds, offsets_of, row_sums, rows_of
from artkit.artwork.drawing import Drawing, Fill, Gradient, Layer, Path, Shape, boxes
from artkit.color.palette import name_of
from artkit.planar.map import NORMAL_X, NORMAL_Y, OUTSIDE, PlanarMap, planar_map
from artkit.planar.outlines import Outline, walk
from artkit.planar.samples import arc_points
from artkit.planar.segments import Curves
from artkit.planar.spline import fit_splines
from artkit.planar.stack import stack
from artkit.planar.zorder import Splines, z_order
from artkit.tracer.mosaic import Mosaic
from artkit.tracer.regions.edges import field_offsets
from artkit.tracer.regions.fields import Fields
from artkit.tracer.seals import Keep, sealed

TOLERANCE = 0.75
"""How far a border may stray where colors are `CONTRAST` apart, in pixels; more: fewer segments, less exact."""

CONTRAST = 40.0
"""Distance of two colors, in levels of RGB, at which the tolerance holds as it is; it grows with the root of less."""

LEAST, MOST = 0.5, 2.5
"""Bounds of a border's tolerance, as multiples of `TOLERANCE`."""

CLOSEST = 0.1
"""The least tolerance, in pixels: the grid is no finer."""

GRID = 4
"""Steps to a pixel of joints and controls; three cost 0.05 dB and save 2% of the bytes, two 0.12 dB and 6%."""

TURNS = 12
"""Directions of gradients in half a turn; more: truer gradients, and more bytes."""


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
        within = np.maximum((TOLERANCE if tolerance is None else tolerance) * share, CLOSEST)
        return cls(mosaic, planar, planar.middles + offset[:, None] * normal, within)


def _mean_of_arcs(planar: PlanarMap, values: Floats) -> Floats:
    """Give each crack the mean of its arc."""
    mean = row_sums(values, planar.offsets) / np.diff(planar.offsets)
    result: Floats = mean[planar.arc_of]
    return result


def drawing(followed: Followed, grid: int = GRID, keep: Keep | None = None) -> Drawing:
    """Draw a mosaic, larger shapes beneath smaller ones, without seams; hairs are closed from beneath: see `sealed`."""
    planar, fields = followed.planar, followed.mosaic.fields
    z = z_order(planar)
    skip, ground = _ground(planar, followed.mosaic, z)
    outlines = stack(planar, z, Splines(followed.tolerance, 1 / grid), followed.samples, skip)
    shapes = ground + _shapes(planar, fields, outlines, z)
    found = Drawing(planar.width, planar.height, [Layer(shapes)], grid=grid)
    return found if skip is None else sealed(found, planar.faces == skip[0], followed.mosaic.pixels, keep)


def _ground(planar: PlanarMap, mosaic: Mosaic, z: Ints) -> tuple[Ints | None, list[Shape]]:
    """Give what lies beneath all shapes, so that nothing shows through hairs between them, and the face it stands for.

    That is the lowest face as a sheet or, where parts of the picture are transparent, a sheet of the mean color that
    keeps a pixel away from them.
    """
    if not len(z):
        return None, []
    labels = mosaic.labels
    if not (planar.faces == OUTSIDE).any():
        lowest = int(np.argmin(z))
        sheet = Path(np.array([[0, 0], [planar.width, 0], [planar.width, planar.height], [0, planar.height]], float))
        region = int(planar.face_label[lowest])
        # A gradient ends where the region does, so that hairs far from it show none of its colors but those it has.
        rows, columns = (np.flatnonzero((labels == region).any(axis=axis)) for axis in (1, 0))
        left, top, right, bottom = columns[0], rows[0], columns[-1] + 1, rows[-1] + 1
        box = Path(np.array([[left, top], [right, top], [right, bottom], [left, bottom]], float))
        (fill,) = fills(mosaic.fields, LabelIds(np.array([region])), [[box]])
        return np.array([lowest]), [Shape([sheet], fill)]
    if len(z) == 1:
        return None, []
    paths = underlay(labels)
    color = _name(mosaic.pixels[labels >= 0].mean(axis=0))
    return None, [Shape(sheet_, color) for sheet_ in paths]


def underlay(labels: NDArray[np.int32]) -> list[list[Path]]:
    """Outline what is a pixel or more away from where labels (H, W) are negative: paths of one shape, or of none."""
    inside = np.pad(labels >= 0, 1, constant_values=True)
    height, width = labels.shape
    for axis, size in ((0, height), (1, width)):
        inside = np.logical_and.reduce([np.take(inside, range(k, k + size), axis) for k in range(3)])
    inner = planar_map(np.where(inside, np.int32(0), np.int32(OUTSIDE)))
    outlines = stack(inner, z_order(inner), Splines(np.full(len(inner.direction), TOLERANCE), 1 / GRID), inner.middles)
    return [[Path(outline.points, outline.kinds) for outline in outlines]] if outlines else []


def _shapes(planar: PlanarMap, fields: Fields, outlines: list[Outline], z: Ints) -> list[Shape]:
    """One shape for each face, lowest first, its rings as paths."""
    paths: dict[int, list[Path]] = {}
    for outline in outlines:
        paths.setdefault(outline.face, []).append(Path(outline.points, outline.kinds))
    faces = sorted(paths, key=lambda face: z[face])
    each = [paths[face] for face in faces]
    found = fills(fields, LabelIds(planar.face_label[faces]), each)
    return [Shape(rings, fill) for rings, fill in zip(each, found, strict=True)]


def fills(fields: Fields, regions: LabelIds, paths: list[list[Path]]) -> list[Fill]:
    """Give the fills of N regions as colors or, across the boxes of their paths, as gradients in a few directions."""
    low, high = boxes(paths)
    found: list[Fill] = [_name(color) for color in fields.color[regions]]
    bend, slope = fields.bend[regions], fields.slope[regions]
    for k in np.flatnonzero(bend).tolist():
        found[k] = _rings(fields, int(regions[k]), paths[k], low[k], high[k])
    graded = np.flatnonzero((bend == 0) & slope.any(1))
    region, slope, low = regions[graded], slope[graded], low[graded]
    size = np.maximum(high[graded] - low, 1e-6)
    way, covector, strength = _snapped(slope, fields.extent[region], size)
    # Along `way` the box reaches from the corner where it begins over this many of its sides.
    reach = np.abs(way).sum(1)
    start = low + (way < -1e-9) * size
    tint = fields.tint[region]
    first = fields.color[region] + (_inner(start - fields.middle[region], covector) * strength)[:, None] * tint
    change = (reach * strength)[:, None] * tint
    begin, end = _within_gamut(first, change)
    shows = (end - begin >= 1e-3) & (np.abs(change).max(1) * (end - begin) >= 1)
    step = covector / reach[:, None]
    step /= _inner(step, step)[:, None]
    ends = [(start + share[:, None] * step, first + share[:, None] * change) for share in (begin, end)]
    for k, index in zip(np.flatnonzero(shows).tolist(), graded[shows].tolist(), strict=True):
        (x1, y1), (x2, y2) = (place[k].tolist() for place, _ in ends)
        colors = tuple(_name(color[k]) for _, color in ends)
        found[index] = Gradient((x1, y1), (x2, y2), colors)
    return found


def _inner(a: Floats, b: Floats) -> Floats:
    """The sum of the products of each two vectors, (K, 2)."""
    sums: Floats = a[:, 0] * b[:, 0] + a[:, 1] * b[:, 1]
    return sums


def _snapped(slope: Floats, extent: Floats, size: Floats) -> tuple[Floats, Floats, Floats]:
    """The direction across a box of `size`, of TURNS, along which a gradient is closest to a region's own, (K, 2) each.

    In a thin slanted region places along x go with places along y, so that it is not that of the nearest angle. Gives
    the directions, what takes a place to how far along it lies, and (K,) how much changes from 0 to 1.
    """
    turn = np.arange(1 - TURNS // 2, TURNS // 2 + 1) * np.pi / TURNS
    ways = np.column_stack([np.cos(turn), np.sin(turn)])
    ways[np.abs(ways) < 1e-9] = 0.0
    covectors = ways / size[:, None]
    spreading = product(covectors, extent)
    common = spreading[..., 0] * slope[:, None, 0] + spreading[..., 1] * slope[:, None, 1]
    spread = np.maximum((spreading * covectors).sum(2), 1e-18)
    best = np.argmax(np.round(common**2 / spread, 9), axis=1)
    rows = np.arange(len(best))
    return ways[best], covectors[rows, best], common[rows, best] / spread[rows, best]


STOPS = 3
"""Colors of a gradient in rings; more: rounder ones, and more bytes."""


def _rings(fields: Fields, region: int, paths: list[Path], low: Floats, high: Floats) -> Fill:
    """The fill of a region whose color changes in rings: by the square of the distance from their center."""
    center = fields.center(region)
    away = np.linalg.norm(np.concatenate([path.points for path in paths]) - center, axis=1)
    inside = bool((center >= low).all() and (center <= high).all())
    end = float(away.max())
    start = 0.0 if inside else float(away.min()) // 1
    far = np.linspace(start, end, STOPS)
    names = tuple(
        _name(color)
        for color in fields.at(LabelIds(np.full(STOPS, region)), center[0] + far, np.full(STOPS, center[1]))
    )
    if len(set(names)) == 1:
        return names[0]
    x, y = (float(value) for value in np.rint(center))
    return Gradient((x, y), (x + float(np.ceil(end)), y), names, radial=True, stops=tuple((far / end).tolist()))


def _within_gamut(first: Floats, change: Floats) -> tuple[Floats, Floats]:
    """Give from where to where, between 0 and 1, (K,) each, all channels of `first + t * change` (K, 3) are colors."""
    with np.errstate(divide="ignore", invalid="ignore"):
        bounds_ = np.sort(np.stack([(0 - first) / change, (255 - first) / change]), axis=0)
    moving = np.abs(change) > 1e-9
    return np.where(moving, bounds_[0], 0).max(1, initial=0), np.where(moving, bounds_[1], 1).min(1, initial=1)


def _name(color: Floats) -> str:
    return name_of(np.clip(np.rint(color), 0, 255).astype(int))


def nested(finest: Followed, counts: list[int]) -> Drawing:
    """Draw levels of a mosaic, a layer for each, coarsest first: their borders are parts of the finest one's.

    Layers have so many shapes, the sheet of pictures with transparent parts included.
    """
    planar = finest.planar
    sheets = int((planar.faces == OUTSIDE).any())
    arcs = arc_curves(finest)
    layers = []
    for count in counts:
        regions = max(count - sheets, 1)
        mosaic = finest.mosaic if regions >= finest.mosaic.count else finest.mosaic.level(regions)
        coarse = planar_map(mosaic.labels, planar)
        curves = joined_arcs(planar, arcs, coarse)
        z = z_order(coarse)
        skip, ground = _ground(coarse, mosaic, z)
        outlines = stack(coarse, z, curves, coarse.middles, skip)
        shapes = ground + _shapes(coarse, mosaic.fields, outlines, z)
        layers.append(Layer(shapes, f"{len(shapes)} shapes"))
    return Drawing(planar.width, planar.height, layers, grid=ARC_GRID)


ARC_GRID = 4
"""Steps to a pixel where arcs are fitted one by one, from node to node."""


def arc_curves(followed: Followed) -> Curves:
    """Fit each arc on its own, from node to node, so that whatever it becomes a part of, it runs alike."""
    planar = followed.planar
    lines = arc_points(planar, followed.samples)
    keep = np.ones(len(lines.points), bool)
    keep[lines.offsets[1:][planar.closed] - 1] = False  # a ring does not repeat its first point
    offsets = lines.offsets - offsets_of(planar.closed)
    arc = rows_of(offsets)
    tolerance = followed.tolerance[planar.offsets[:-1]][arc]
    return fit_splines(lines.points[keep], offsets, planar.closed, tolerance, lines.hard[keep], 1 / ARC_GRID)


def joined_arcs(fine: PlanarMap, curves: Curves, coarse: PlanarMap) -> Curves:
    """Give the curves of a coarser map's arcs, put together from those of the finer map that they are made of."""
    keys = _crack_keys(fine)
    order = np.argsort(keys, kind="stable")
    crack = order[np.searchsorted(keys[order], _crack_keys(coarse))]
    arc = fine.arc_of[crack]
    back = (fine.direction[crack] != coarse.direction).astype(np.int64)
    half = 2 * arc + back
    groups, parts = [0], []
    for low, high in zip(coarse.offsets[:-1].tolist(), coarse.offsets[1:].tolist(), strict=True):
        run = half[low:high]
        starts = np.flatnonzero(np.append(True, run[1:] != run[:-1]))
        pieces = run[starts]
        if len(pieces) > 1 and pieces[0] == pieces[-1]:  # a ring that begins within an arc
            pieces = pieces[:-1]
        parts.append(pieces)
        groups.append(groups[-1] + len(pieces))
    return walk(curves, HalfEdges(np.concatenate([*parts, np.empty(0, np.int64)])), np.array(groups))


def _crack_keys(planar: PlanarMap) -> Ints:
    """Number each crack by its place, whichever way it is walked."""
    y, x = np.divmod(planar.corner, planar.width + 1)
    upright = planar.direction % 2 == 1
    y = y - (planar.direction == 3)
    x = x - (planar.direction == 2)
    keys: Ints = (y * (planar.width + 1) + x) * 2 + upright
    return keys
