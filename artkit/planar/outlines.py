"""Rings put together from chains: curves of chains in, one closed path for each ring of each face out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Floats, HalfEdges, Ints, offsets_of
from artkit.planar.lines import Lines, without_repeats
from artkit.planar.map import PlanarMap, arc_of, is_backward
from artkit.planar.segments import Curves, cross

LINE, CUBIC = 1, 3


@dataclass(frozen=True, eq=False)
class Outline:
    """One closed path of a face: points as in `artkit.drawing.Path`, kinds LINE or CUBIC."""

    face: int
    points: Floats
    kinds: NDArray[np.uint8]


def walk(arcs: Curves, half_edges: HalfEdges, groups: Ints) -> Curves:
    """String the curves of half-edges together, group by group, backwards ones turned around."""
    arc = arc_of(half_edges)
    size = np.diff(arcs.offsets)[arc]
    begin = offsets_of(size)
    item = np.repeat(np.arange(len(arc)), size)
    place = np.arange(begin[-1]) - begin[item]
    back = is_backward(half_edges)[item]
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
    rings = walk(arcs, planar.ring_edges, planar.ring_offsets)
    body, keep, kind = packed(rings)
    outlines = []
    for ring, (low, high) in enumerate(zip(rings.offsets[:-1].tolist(), rings.offsets[1:].tolist(), strict=True)):
        points = np.vstack([rings.start[low : low + 1], body[low:high][keep[low:high]]])
        outlines.append(Outline(int(planar.ring_face[ring]), points, kind[low:high]))
    return outlines


def cut_ring(planar: PlanarMap, arcs: Lines, ring: int) -> Outline:
    """Outline a ring along arcs of straight pieces."""
    half = HalfEdges(planar.ring_edges[planar.ring_offsets[ring] : planar.ring_offsets[ring + 1]])
    points = along(arcs, half)
    return Outline(int(planar.ring_face[ring]), points, np.full(len(points) - 1, LINE, np.uint8))


def along(arcs: Lines, half_edges: HalfEdges) -> Floats:
    """Give the points of half-edges, one after the other, without repetitions."""
    parts = []
    for edge in half_edges.tolist():
        points = arcs.points[arcs.offsets[edge // 2] : arcs.offsets[edge // 2 + 1]]
        parts.append(points[::-1] if edge % 2 else points)
    return without_repeats(np.vstack(parts))


def packed(curves: Curves) -> tuple[Floats, NDArray[np.bool_], NDArray[np.uint8]]:
    """Controls and end of each segment, (S, 3, 2), which of them it needs, (S, 3), and its kind."""
    keep = np.ones((len(curves.line), 3), bool)
    keep[curves.line, :2] = False
    kinds = np.where(curves.line, LINE, CUBIC).astype(np.uint8)
    return np.stack([curves.first, curves.second, curves.end], axis=1), keep, kinds


def expand(planar: PlanarMap, half_edges: HalfEdges, offsets: Ints) -> tuple[Ints, Bools, Ints]:
    """Cracks of half-edges in walking order: (crack, walked backwards, offsets of the groups in cracks)."""
    arc = arc_of(half_edges)
    size = np.diff(planar.offsets)[arc]
    begin = offsets_of(size)
    item = np.repeat(np.arange(len(arc)), size)
    place = np.arange(begin[-1]) - begin[item]
    back = is_backward(half_edges)
    crack = planar.offsets[arc][item] + np.where(back[item], size[item] - 1 - place, place)
    return crack, back[item], begin[offsets]


IN_LINE = 0.03
"""A point between two lines is left out where it lies this near to the line that takes their place, in pixels."""


def joined_lines(
    points: Floats, kinds: NDArray[np.uint8], point_bounds: Ints, kind_bounds: Ints
) -> tuple[Floats, NDArray[np.uint8], Ints, Ints]:
    """Join lines that go on in line, in rings of points and kinds: ring k is from bounds[k] to bounds[k + 1].

    Ring k has one point more than its segments need; the first one stays.
    """
    ring = np.repeat(np.arange(len(kind_bounds) - 1), np.diff(kind_bounds))
    size = kinds.astype(np.int64)
    reach = np.cumsum(size)
    before = np.concatenate([[0], reach])[kind_bounds[:-1]]
    end = point_bounds[:-1][ring] + reach - before[ring]
    begin = end - size
    both = np.flatnonzero((kinds[:-1] == LINE) & (kinds[1:] == LINE) & (ring[:-1] == ring[1:]))
    a, b, c = points[begin[both]], points[end[both]], points[end[both + 1]]
    chord = c - a
    length = np.maximum(np.linalg.norm(chord, axis=1), 1e-9)
    off, along = np.abs(cross(chord, b - a)) / length, ((b - a) * chord).sum(1) / length
    loose = np.zeros(len(kinds), bool)
    loose[both] = (off <= IN_LINE) & (along > 0) & (along < length)
    # Runs of such points go together where all of them lie near the one line.
    first = np.flatnonzero(loose & ~np.append(False, loose[:-1]))
    last = np.flatnonzero(loose & ~np.append(loose[1:], False))
    for low, high in zip(first.tolist(), last.tolist(), strict=True):
        x, y = points[end[high + 1]] - points[begin[low]]
        away = points[end[low : high + 1]] - points[begin[low]]
        off = np.abs(x * away[:, 1] - y * away[:, 0])
        loose[low : high + 1] = off.max() <= IN_LINE * np.hypot(x, y)
    keep = np.ones(len(points), bool)
    keep[end[loose]] = False
    kept = np.concatenate([[0], np.cumsum(keep)])
    left = np.concatenate([[0], np.cumsum(~loose)])
    return points[keep], kinds[~loose], kept[point_bounds], left[kind_bounds]
