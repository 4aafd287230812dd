"""Chains along pixels or as straight pieces, that never cross: samples in, curves of lines out."""

from __future__ import annotations

import numpy as np

from artkit.arrays import Bools, Floats, Ints, counted, offsets_of, rows_of
from artkit.planar.lines import GRID, Lines, polylines
from artkit.planar.map import STEP_X, STEP_Y, PlanarMap
from artkit.planar.samples import arc_points, ringed
from artkit.planar.segments import Curves, cross
from artkit.planar.simplify import simplify


def pixel_arcs(planar: PlanarMap) -> Curves:
    """Arcs along the edges of pixels, exactly."""
    corners = planar.corner_points(planar.corner)
    last = planar.offsets[1:] - 1
    step = np.column_stack([STEP_X[planar.direction], STEP_Y[planar.direction]])
    before = np.arange(len(corners)) - 1
    before[planar.offsets[:-1]] = np.where(planar.closed, last, -1)
    bend = (before < 0) | (planar.direction % 2 != planar.direction[before] % 2)
    open_ = np.flatnonzero(~planar.closed)
    keep = np.flatnonzero(bend)
    keys = np.concatenate([2 * keep, 2 * last[open_] + 1])
    points = np.concatenate([corners[keep], (corners + step)[last[open_]]])
    order = np.argsort(keys, kind="stable")
    count = np.bincount(planar.arc_of[keys[order] // 2], minlength=len(last))
    lines = ringed(points[order], np.zeros(len(points), bool), count, planar.closed)
    return polylines(lines, np.ones(len(lines.points), bool))


def polygon_arcs(planar: PlanarMap, samples: Floats, tolerance: float) -> Curves:
    """Arcs simplified to straight pieces; neighbors never cross, rings never cross themselves."""
    lines = arc_points(planar, samples)
    # In steps of the grid coordinates are whole numbers, and whether arcs touch is decided exactly.
    keep = simplify(np.rint(lines.points * GRID), lines.offsets, tolerance * GRID, fixed=lines.hard)
    return polylines(lines, keep)


FAITHFUL = 0.009
"""Share of its area that a label may gain and lose at a tolerance of one pixel; more: fewer points on ragged ones."""


def faithful_polygon_arcs(planar: PlanarMap, samples: Floats, tolerance: float) -> Curves:
    """Arcs like `polygon_arcs`, which leave the labels what they are, however ragged their borders.

    At a tolerance of 1 no label gains and loses together more than FAITHFUL of its pixels: ragged borders run along
    the edges of pixels. The share grows with the cube of the tolerance, and from 5 on there is
    none: the tolerance alone tells.
    """
    share = FAITHFUL * tolerance**3
    return faithful_arcs(planar, tolerance, share) if share < 1 else polygon_arcs(planar, samples, tolerance)


def faithful_arcs(planar: PlanarMap, tolerance: float, share: float) -> Curves:
    """Arcs like `polygon_arcs` through the middles of cracks, but along the pixels where that would move too much area.

    No label gains and loses together more than `share` of its pixels, however ragged its border is. What there is to
    give goes to the straight pieces that save the most points for the area they move.
    """
    middles = arc_points(planar, planar.middles)
    keep = simplify(middles.points * GRID, middles.offsets, tolerance * GRID, fixed=middles.hard)
    stairs, of = _stairs(planar, middles)
    kept = np.zeros(len(stairs.points), bool)
    kept[of[keep]] = True
    start, end, arc = _spans(stairs, kept)
    area, bends = _moved(stairs.points, start, end)
    fair = _affordable(planar, arc, area, bends, share)
    item, place = counted((end - start + 1)[~fair])
    kept[start[~fair][item] + place] = True
    kept = simplify(stairs.points * GRID, stairs.offsets, 0.0 if not fair.any() else 4 * tolerance * GRID, fixed=kept)
    bare = Lines(stairs.points[kept], offsets_of(kept)[stairs.offsets], stairs.hard[kept])
    return polylines(bare, simplify(bare.points * GRID, bare.offsets, 0.0))


def _stairs(planar: PlanarMap, middles: Lines) -> tuple[Lines, Ints]:
    """Put the corners of pixels between the middles of cracks: the arcs, and where each of the points has gone."""
    points, following = middles.points[:-1], middles.points[1:]
    arc = rows_of(middles.offsets)
    slant = np.flatnonzero((arc[1:] == arc[:-1]) & (np.abs(following - points).min(axis=1) > 0))
    # From a middle the border goes on along its crack: x is whole where that is upright.
    upright = points[slant, 0] == np.rint(points[slant, 0])
    corner = np.where(upright[:, None], np.column_stack([points[slant, 0], following[slant, 1]]),
                      np.column_stack([following[slant, 0], points[slant, 1]]))  # fmt: skip
    of = np.arange(len(middles.points)) + np.searchsorted(slant, np.arange(len(middles.points)))
    place = slant + 1
    size = np.bincount(arc[slant], minlength=len(middles.offsets) - 1)
    offsets = middles.offsets + offsets_of(size)
    return Lines(np.insert(middles.points, place, corner, axis=0), offsets, np.insert(middles.hard, place, False)), of


def _spans(lines: Lines, kept: Bools) -> tuple[Ints, Ints, Ints]:
    """From which kept point to which the pieces go, and their arcs."""
    spots = np.flatnonzero(kept)
    arc = np.searchsorted(lines.offsets, spots, side="right") - 1
    joined = np.flatnonzero(arc[1:] == arc[:-1])
    return spots[joined], spots[joined + 1], arc[joined]


def _moved(points: Floats, start: Ints, end: Ints) -> tuple[Floats, Ints]:
    """Area between the points from start to end and the straight way, on both sides of it, and how many points go."""
    span, place = counted(end - start)
    at = start[span] + place
    chord = points[end] - points[start]
    along = chord / np.maximum(np.hypot(*chord.T), 1e-9)[:, None]
    near, far = points[at] - points[start[span]], points[at + 1] - points[start[span]]
    d0, d1 = cross(along[span], near), cross(along[span], far)
    step = np.abs(((far - near) * along[span]).sum(axis=1))
    apart = np.abs(d0) + np.abs(d1)
    crossed = (d0 * d0 + d1 * d1) / np.maximum(2 * apart, 1e-9)
    area = np.where(d0 * d1 < 0, crossed, apart / 2) * step
    moved: Floats = np.bincount(span, weights=area, minlength=len(start)).astype(np.float64)
    return moved, end - start - 1


def _affordable(planar: PlanarMap, arc: Ints, area: Floats, gain: Ints, share: float) -> Bools:
    """Tell the pieces that move the least area for what they save, as many as every label can afford."""
    fair = np.ones(len(arc), bool)
    price = area / np.maximum(gain, 1)
    pixels = np.bincount(planar.face_label, weights=planar.face_area, minlength=1)
    for side in (planar.label_left, planar.label_right):
        label = side[arc]
        order = np.lexsort((price, label))
        spent = np.cumsum(area[order])
        first = np.searchsorted(label[order], label[order])
        spent -= spent[first] - area[order][first]
        fair[order] &= (label[order] < 0) | (spent <= share * pixels[label[order]])
    return fair
