"""Beneath upper faces: how visible chains end there, and the straightest hidden paths that join them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Floats, HalfEdges, Ints, offsets_of
from artkit.planar.map import NORMAL_X, NORMAL_Y, STEP_X, STEP_Y, PlanarMap, arc_of
from artkit.planar.outlines import LINE, Outline, expand
from artkit.planar.segments import Curves, Quality, cross, unit
from artkit.planar.sight import Border, pull, z_at, z_image
from artkit.planar.zorder import Splines, VisibleChains

OVERLAP = 1.2
"""How far the end of a visible chain goes on beneath the face above it, in pixels.

More closes more seams, and may show on the far side of thin faces.
"""

MARGIN = 0.3
"""How far a hidden path stays from faces below, in pixels; more: nothing shows where curves stray, and longer paths."""

NEAR, EXACT = 1.6, 0.3
"""No margin is kept nearer than this to the ends of visible borders, in pixels; beside exact ones it may be less."""

FINE_MARGIN = 0.05
"""`MARGIN` beside splines: they stray farther themselves, and going round leaves more hairs open than it closes."""

DEEP, DEEPER = 8, 16
"""How deep beneath an upper face a path looks for a stop, in pixels, and beside splines; more: straighter paths, and
slower."""

ENDS = ("start", "first", "second", "end")


@dataclass(frozen=True, eq=False)
class Joints:
    """The path from the end of open chain k, beneath the faces above, to the start of the next chain of its ring.

    It is `points[offsets[k]:offsets[k + 1]]`, straight from point to point; none where it is straight altogether.
    """

    points: Floats
    offsets: Ints


def extend_ends(planar: PlanarMap, z: Ints, visible: VisibleChains, points: Floats, offsets: Ints) -> None:
    """Move the ends of open chains, in place, on until well beneath the upper face."""
    above = z_image(planar, z)
    k = np.flatnonzero(~visible.closed)
    own = z[planar.ring_face[visible.ring]][k]
    first, last = offsets[:-1][k], offsets[1:][k] - 1
    for end, inward in ((first, np.minimum(first + 3, last)), (last, np.maximum(last - 3, first))):
        path = unit(points[end] - points[inward])
        far = np.zeros(len(k))
        for reach in (OVERLAP, 0.75 * OVERLAP, 0.5 * OVERLAP):
            far = np.where((far == 0) & (z_at(above, points[end] + reach * path) > own), reach, far)
        points[end] += far[:, None] * path


def join(
    planar: PlanarMap, z: Ints, visible: VisibleChains, curves: Curves, border: Quality | Splines | Curves
) -> Joints:
    """Extend the ends of open chains beneath the faces above, in place, and lay the hidden paths between them."""
    exact, many = isinstance(border, Curves), isinstance(border, Splines)
    open_chains = np.flatnonzero(~visible.closed)
    above = z_image(planar, z)
    own = z[planar.ring_face[visible.ring]][open_chains]
    follows = np.append(visible.ring[1:] == visible.ring[:-1], False)
    next_chain = np.where(follows, np.arange(len(follows)) + 1, np.searchsorted(visible.ring, visible.ring))
    last, first = (curves.offsets[1:] - 1)[open_chains], curves.offsets[:-1][next_chain][open_chains]
    fitted = {name: getattr(curves, name).copy() for name in ENDS}
    if not many:  # splines reach far enough from the start
        _extend(above, own, curves, last, first)

    gap_z = np.repeat(z[planar.ring_face[visible.ring]], np.diff(visible.gaps))
    hidden, offsets = _hidden_border(planar, above, gap_z, visible.hidden, visible.gaps, many)
    low, high = offsets[:-1][open_chains], offsets[1:][open_chains]
    limit = planar.ring_area[visible.ring][open_chains]
    margin = FINE_MARGIN if many else MARGIN
    near = EXACT if exact else NEAR
    quick = isinstance(border, Splines) and border.quick
    paths = pull(
        above, own, curves.end[last], curves.start[first], hidden, low, high, limit, exact, margin, near, many=many,
        quick=quick,
    )  # fmt: skip
    sizes = np.zeros(len(visible.closed), np.int64)
    laid = []
    for k, path in enumerate(paths):
        if path is None:  # no path in sight: as fitted to the node, and along the border beneath the upper face
            close = hidden.beneath[low[k] : high[k], 0]
            laid.append(np.vstack([hidden.start[low[k]][None], _bends_only(close), hidden.end[high[k] - 1][None]]))
            for segment in (last[k], first[k]):
                for name in ENDS:
                    getattr(curves, name)[segment] = fitted[name][segment]
        else:
            laid.append(path)
        sizes[open_chains[k]] = len(laid[-1])
    return Joints(np.vstack([*laid, np.empty((0, 2))]), offsets_of(sizes))


def _bends_only(points: Floats) -> Floats:
    """Leave out points that stand in line with, or on, their neighbors."""
    if len(points) < 3:
        return points
    points = points[np.append(True, (np.diff(points, axis=0) != 0).any(1))]
    step = np.diff(points, axis=0)
    bend = np.abs(cross(step[:-1], step[1:])) > 1e-9
    kept: Floats = points[np.concatenate([[True], bend, [True]])[: len(points)]]
    return kept


def _hidden_border(
    planar: PlanarMap, above: NDArray[np.int32], own: Ints, half_edges: HalfEdges, groups: Ints, many: bool = False
) -> tuple[Border, Ints]:
    """Walk hidden half-edges of faces whose z-order is `own`: (border, groups as offsets into it).

    Where there are `many`, it is looked deeper, and stops may lie halfway, too.
    """
    crack, back, offsets = expand(planar, half_edges, groups)
    direction = planar.direction[crack].astype(np.int64)
    toward = np.where(back, 1, -1)[:, None]
    normal = toward * np.column_stack([NORMAL_X[direction], NORMAL_Y[direction]])
    own = np.repeat(own, np.diff(planar.offsets)[arc_of(half_edges)])
    middle = planar.middles[crack]
    depth = np.full((len(crack), 2), 0.5)
    room = np.ones(len(crack), bool)
    for far in range(1, DEEPER if many else DEEP):
        room &= z_at(above, middle + (far + 0.5) * normal) > own
        depth[room, 1] = far
    if many:
        depth = np.insert(depth, 1, depth.mean(1), axis=1)
    beneath = middle[:, None] + depth[:, :, None] * normal[:, None]
    half = np.column_stack([STEP_X[direction], STEP_Y[direction]]) * np.where(back, -0.5, 0.5)[:, None]
    start, end = middle - half, middle + half
    swept = np.concatenate([[0.0], np.cumsum(cross(start, end))])
    return Border(beneath, start, end, swept), offsets


def covered(planar: PlanarMap, z: Ints, visible: VisibleChains, skip: Ints | None, many: bool = False) -> list[Outline]:
    """Outline faces that meet only faces above them: a path all around, beneath those."""
    left = (planar.ring_area > 0) & ~np.isin(np.arange(len(planar.ring_area)), visible.ring)
    if skip is not None:
        left &= ~np.isin(planar.ring_face, skip)
    rings = np.flatnonzero(left)
    sizes = np.diff(planar.ring_offsets)[rings]
    groups = offsets_of(sizes)
    place = np.arange(groups[-1]) - np.repeat(groups[:-1], sizes)
    above = z_image(planar, z)
    face = planar.ring_face[rings]
    half_edges = HalfEdges(planar.ring_edges[np.repeat(planar.ring_offsets[rings], sizes) + place])
    border, offsets = _hidden_border(planar, above, np.repeat(z[face], sizes), half_edges, groups, many)
    begin = border.beneath[offsets[:-1], 0]
    area = planar.ring_area[rings]
    paths = pull(above, z[face], begin, begin, border, offsets[:-1], offsets[1:], area, True, MARGIN, many=many)
    outlines = []
    for k, path in enumerate(paths):
        all_around = _bends_only(border.beneath[offsets[k] : offsets[k + 1], 0])
        points = all_around if path is None else np.vstack([begin[k : k + 1], path])
        outlines.append(Outline(int(face[k]), points, np.full(len(points) - 1, LINE, np.uint8)))
    return outlines


def _extend(above: NDArray[np.int32], own: Ints, curves: Curves, last: Ints, first: Ints) -> None:
    """Let the last segment before each gap, and the first after it, go on until well beneath an upper face."""
    for k, turned in ((last, True), (first, False)):
        p = np.stack([curves.start[k], curves.first[k], curves.second[k], curves.end[k]])
        if turned:
            p = p[::-1]
        path = p[0] - p[1]
        speed = 3 * np.linalg.norm(path, axis=1)
        path /= np.maximum(np.linalg.norm(path, axis=1), 1e-9)[:, None]
        far = np.zeros(len(k))
        for reach in (OVERLAP, 0.75 * OVERLAP, 0.5 * OVERLAP):
            far = np.where((far == 0) & (z_at(above, p[0] + reach * path) > own), reach, far)
        t = np.minimum(far / np.maximum(speed, 1e-9), 0.5)[:, None]
        # The cubic on [-t, 1], by blossoming; a straight segment stays straight.
        q1 = [(1 + t) * p[i] - t * p[i + 1] for i in range(3)]
        q2 = [(1 + t) * q1[i] - t * q1[i + 1] for i in range(2)]
        q3 = (1 + t) * q2[0] - t * q2[1]
        longer = np.stack([q3, q2[1], q1[2], p[3]])
        line = curves.line[k]
        longer[0][line] = (p[0] + far[:, None] * path)[line]
        if turned:
            longer = longer[::-1]
        curves.start[k], curves.first[k], curves.second[k], curves.end[k] = longer
