"""The geometry of arcs: where they run, and rings put together from them.

Arcs are shared by the two faces they part, so that outlines made of them fit without gap or overlap.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from artkit.planar.chain import Ints
from artkit.planar.curves import Curves, Flags, Floats, Quality, fit
from artkit.planar.map import STEP_X, STEP_Y, PlanarMap
from artkit.planar.simplify import simplify

LINE, CUBIC = 1, 3


@dataclass(frozen=True, eq=False)
class Outline:
    """One closed path of a face: points as in `artkit.drawing.Path`, kinds LINE or CUBIC."""

    face: int
    points: Floats
    kinds: NDArray[np.uint8]


def node_points(planar: PlanarMap, samples: Floats) -> tuple[Floats, Floats]:
    """Where arcs begin and end, (arcs, 2) each: lattice corners, moved as the borders that meet there are moved.

    Upright cracks beside a node move it sideways, level ones up or down, by the mean of their shifts. On the edge of the
    sheet a node stays on it, and the sheet's corners stay where they are.
    """
    shift = samples - planar.middles
    upright = planar.direction % 2 == 1
    edge = on_edge(planar)
    ends = np.concatenate([planar.offsets[:-1], planar.offsets[1:] - 1])
    at = np.concatenate([planar.start, planar.end])
    nodes, place = np.unique(at, return_inverse=True)
    total = np.zeros((len(nodes), 2))
    for axis in (0, 1):
        here = (upright[ends] == (axis == 0)) & ~edge[ends]
        sums = np.bincount(place[here], weights=shift[ends[here], axis], minlength=len(nodes))
        number = np.bincount(place[here], minlength=len(nodes))
        total[:, axis] = sums / np.maximum(number, 1)
    points = planar.corner_points(nodes)
    sideways = (points[:, 0] == 0) | (points[:, 0] == planar.width)
    updown = (points[:, 1] == 0) | (points[:, 1] == planar.height)
    total[sideways, 0] = 0
    total[updown, 1] = 0
    points += total
    count = len(planar.start)
    return points[place[:count]], points[place[count:]]


def arc_points(planar: PlanarMap, samples: Floats) -> tuple[Floats, Ints]:
    """All arcs as polylines from node to node, a closed one with its first point repeated: (points, offsets)."""
    begin, end = node_points(planar, samples)
    size = np.diff(planar.offsets) + np.where(planar.closed, 1, 2)
    offsets = np.concatenate([[0], np.cumsum(size)])
    points = np.empty((offsets[-1], 2))
    lead = np.where(planar.closed, 0, 1)
    inner = np.arange(len(samples)) - np.repeat(planar.offsets[:-1], np.diff(planar.offsets))
    points[np.repeat(offsets[:-1] + lead, np.diff(planar.offsets)) + inner] = samples
    open_ = ~planar.closed
    points[offsets[:-1][open_]] = begin[open_]
    points[offsets[1:] - 1] = np.where(open_[:, None], end, points[offsets[:-1]])
    return points, offsets


def pixel_arcs(planar: PlanarMap) -> Curves:
    """Arcs along the edges of pixels, exactly."""
    start = planar.corner_points(planar.corner)
    last = planar.offsets[1:] - 1
    step = np.column_stack([STEP_X[planar.direction], STEP_Y[planar.direction]])
    points = np.insert(start, planar.offsets[1:], start[last] + step[last], axis=0)
    offsets = planar.offsets + np.arange(len(planar.offsets))
    keep = np.ones(len(points), bool)
    keep[1:-1] = (points[2:, 0] != points[:-2, 0]) & (points[2:, 1] != points[:-2, 1])
    keep[offsets[:-1]] = keep[offsets[1:] - 1] = True
    return polylines(points, offsets, keep)


def polygon_arcs(planar: PlanarMap, samples: Floats, tolerance: float) -> Curves:
    """Arcs simplified to straight pieces; neighbors never cross, rings never cross themselves."""
    points, offsets = arc_points(planar, samples)
    return polylines(points, offsets, simplify(points, offsets, tolerance))


def curve_arcs(planar: PlanarMap, samples: Floats, quality: Quality) -> Curves:
    """Arcs fitted by lines and cubics from node to node."""
    points, offsets = arc_points(planar, samples)
    drop = offsets[1:][planar.closed] - 1  # a ring does not repeat its first point for `fit`
    keep = np.ones(len(points), bool)
    keep[drop] = False
    rings = offsets - np.concatenate([[0], np.cumsum(planar.closed)])
    return fit(points[keep], rings, planar.closed, quality)


def polylines(points: Floats, offsets: Ints, keep: Flags) -> Curves:
    """Straight segments through the points to keep, in the form of Curves."""
    group = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))[keep]
    kept = points[keep]
    joined = np.flatnonzero(group[1:] == group[:-1])
    start, end = kept[joined], kept[joined + 1]
    third = (end - start) / 3
    count = np.bincount(group[joined], minlength=len(offsets) - 1)
    flags = np.ones(len(joined), bool)
    return Curves(start, start + third, end - third, end, flags, flags, np.concatenate([[0], np.cumsum(count)]))


def walk(arcs: Curves, half_arcs: Ints, groups: Ints) -> Curves:
    """String the curves of half-arcs together, group by group, backwards ones turned around."""
    arc = half_arcs // 2
    size = np.diff(arcs.offsets)[arc]
    begin = np.concatenate([[0], np.cumsum(size)])
    item = np.repeat(np.arange(len(arc)), size)
    place = np.arange(begin[-1]) - begin[item]
    back = (half_arcs % 2).astype(bool)[item]
    k = arcs.offsets[arc][item] + np.where(back, size[item] - 1 - place, place)
    turned = back[:, None]
    return Curves(
        np.where(turned, arcs.end[k], arcs.start[k]),
        np.where(turned, arcs.second[k], arcs.first[k]),
        np.where(turned, arcs.first[k], arcs.second[k]),
        np.where(turned, arcs.start[k], arcs.end[k]),
        arcs.line[k],
        arcs.corner_start[k],
        begin[groups],
    )


def cut_out(planar: PlanarMap, arcs: Curves) -> list[Outline]:
    """Outline every ring of every face along the shared arcs: an exact partition."""
    rings = walk(arcs, planar.ring_arcs, planar.ring_offsets)
    body, keep, kind = packed(rings)
    outlines = []
    for ring, (low, high) in enumerate(zip(rings.offsets[:-1].tolist(), rings.offsets[1:].tolist(), strict=True)):
        points = np.vstack([rings.start[low : low + 1], body[low:high][keep[low:high]]])
        outlines.append(Outline(int(planar.ring_face[ring]), points, kind[low:high]))
    return outlines


def packed(curves: Curves) -> tuple[Floats, NDArray[np.bool_], NDArray[np.uint8]]:
    """Controls and end of each segment, (S, 3, 2), which of them it needs, (S, 3), and its kind."""
    keep = np.ones((len(curves.line), 3), bool)
    keep[curves.line, :2] = False
    kinds = np.where(curves.line, LINE, CUBIC).astype(np.uint8)
    return np.stack([curves.first, curves.second, curves.end], axis=1), keep, kinds


def expand(planar: PlanarMap, half_arcs: Ints, offsets: Ints) -> tuple[Ints, Flags, Ints]:
    """Cracks of half-arcs in walking order: (crack, walked backwards, offsets of the groups in cracks)."""
    arc = half_arcs // 2
    size = np.diff(planar.offsets)[arc]
    begin = np.concatenate([[0], np.cumsum(size)])
    item = np.repeat(np.arange(len(arc)), size)
    place = np.arange(begin[-1]) - begin[item]
    back = (half_arcs % 2).astype(bool)
    crack = planar.offsets[arc][item] + np.where(back[item], size[item] - 1 - place, place)
    return crack, back[item], begin[offsets]


def on_edge(planar: PlanarMap) -> Flags:
    """Cracks that lie on the edge of the sheet."""
    y, x = np.divmod(planar.corner, planar.width + 1)
    upright = planar.direction % 2 == 1
    return np.where(upright, (x == 0) | (x == planar.width), (y == 0) | (y == planar.height))
