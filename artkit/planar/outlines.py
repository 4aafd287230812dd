"""Rings put together from chains: curves of chains in, one closed path for each ring of each face out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Floats, HalfEdges, Ints, offsets_of
from artkit.planar.map import PlanarMap, arc_of, is_backward
from artkit.planar.segments import Curves

LINE, QUADRATIC, CUBIC = 1, 2, 3


@dataclass(frozen=True, eq=False)
class Outline:
    """One closed path of a face: points as in `artkit.drawing.Path`, kinds LINE, QUADRATIC or CUBIC."""

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
        None if arcs.quad is None else arcs.quad[k],
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


def packed(curves: Curves) -> tuple[Floats, NDArray[np.bool_], NDArray[np.uint8]]:
    """Controls and end of each segment, (S, 3, 2), which of them it needs, (S, 3), and its kind."""
    keep = np.ones((len(curves.line), 3), bool)
    keep[curves.line, :2] = False
    kinds = np.where(curves.line, LINE, CUBIC).astype(np.uint8)
    if curves.quad is not None:
        keep[curves.quad, 1] = False
        kinds[curves.quad] = QUADRATIC
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
