"""Beneath upper faces: how visible chains end there, and the straightest hidden paths that join them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from artkit.arrays import Bools, Floats, HalfEdges, Ints, offsets_of
from artkit.planar.concealed import Paths, has_shown
from artkit.planar.lines import flattened
from artkit.planar.map import NORMAL_X, NORMAL_Y, STEP_X, STEP_Y, PlanarMap, arc_of
from artkit.planar.outlines import along, expand
from artkit.planar.segments import Curves, Quality, cross, unit
from artkit.planar.sight import Border, Heights, pull, z_at, z_image
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
    planar: PlanarMap,
    z: Ints,
    visible: VisibleChains,
    curves: Curves,
    border: Quality | Splines | Curves,
    plain: Bools | None = None,
) -> Joints:
    """Extend the ends of open chains beneath the faces above, in place, and lay the hidden paths between them.

    Those after `plain` chains follow the border beneath the upper face, from ends as they are.
    """
    exact, many = isinstance(border, Curves), isinstance(border, Splines)
    gaps = _Gaps.of(planar, z, visible, curves)
    above = z_image(planar, z)
    fitted = {name: getattr(curves, name).copy() for name in ENDS}
    if not many:  # splines reach far enough from the start
        _extend(above, gaps.own, curves, gaps.last, gaps.first)

    gap_z = np.repeat(z[planar.ring_face[visible.ring]], np.diff(visible.gaps))
    hidden, offsets = hidden_border(planar, above, gap_z, visible.hidden, visible.gaps, many)
    low, high = offsets[:-1][gaps.chain], offsets[1:][gaps.chain]
    margin = FINE_MARGIN if many else MARGIN
    near = EXACT if exact else NEAR
    quick = isinstance(border, Splines) and border.quick

    def pulled(some: Ints, tail: Floats, head: Floats) -> list[Floats | None]:
        return pull(
            above, gaps.own[some], tail, head, hidden, low[some], high[some], gaps.limit[some], exact, margin, near,
            many=many, quick=quick,
        )  # fmt: skip

    def close(k: int) -> Floats:
        return bends_only(hidden.beneath[low[k] : high[k], 0])

    paths: list[Floats | None] = [None] * len(gaps.chain)
    wanted = np.arange(len(gaps.chain)) if plain is None else np.flatnonzero(~plain[gaps.chain])
    found = pulled(wanted, curves.end[gaps.last[wanted]], curves.start[gaps.first[wanted]])
    for k, path in zip(wanted.tolist(), found, strict=True):
        paths[k] = path
    if isinstance(border, Curves):
        laid = _concealed(planar, z, visible, border, curves, fitted, gaps, paths, close, pulled)
    else:
        laid = []
        for k, path in enumerate(paths):
            if path is None:  # no path in sight: as fitted to the node, and along the border beneath the upper face
                laid.append(np.vstack([hidden.start[low[k]][None], close(k), hidden.end[high[k] - 1][None]]))
                for segment in (gaps.last[k], gaps.first[k]):
                    for name in ENDS:
                        getattr(curves, name)[segment] = fitted[name][segment]
            else:
                laid.append(path)
    sizes = np.zeros(len(visible.closed), np.int64)
    sizes[gaps.chain] = [len(path) for path in laid]
    return Joints(np.vstack([*laid, np.empty((0, 2))]), offsets_of(sizes))


class _Gaps(NamedTuple):
    """Gaps after open chains: the `chain`, the z-order of its face, its `last` segment and the `first` one after the
    gap, and the most that a path and the hidden border may enclose.
    """

    chain: Ints
    own: Ints
    last: Ints
    first: Ints
    limit: Ints

    @classmethod
    def of(cls, planar: PlanarMap, z: Ints, visible: VisibleChains, curves: Curves) -> _Gaps:
        chain = np.flatnonzero(~visible.closed)
        ring = visible.ring[chain]
        return cls(
            chain,
            z[planar.ring_face[ring]],
            (curves.offsets[1:] - 1)[chain],
            curves.offsets[:-1][visible.following][chain],
            planar.ring_area[ring],
        )


def _concealed(
    planar: PlanarMap,
    z: Ints,
    visible: VisibleChains,
    arcs: Curves,
    curves: Curves,
    fitted: dict[str, Floats],
    gaps: _Gaps,
    paths: list[Floats | None],
    close: Callable[[int], Floats],
    pulled: Callable[[Ints, Floats, Floats], list[Floats | None]],
) -> list[Floats]:
    """Lay paths that do not show: as pulled, or pulled from node to node, or `close` to the border, or on it.

    Ends of chains stay extended, in place, only where the paths are as they were pulled first.
    """
    lines = flattened(arcs)
    level = np.zeros(len(paths), np.int64)
    none = np.empty((0, 2))
    laid = [none if path is None else path for path in paths]
    shown = np.array([path is None for path in paths], bool)
    tested = np.ones(len(paths), bool)
    ring = visible.ring[gaps.chain]
    first, last = visible.hidden[visible.gaps[:-1][gaps.chain]], visible.hidden[visible.gaps[1:][gaps.chain] - 1]
    tail, head = fitted["end"][gaps.last], fitted["start"][gaps.first]
    while True:
        level[shown] += 1
        again = np.flatnonzero(shown & (level == 1))
        for k, path in zip(again.tolist(), pulled(again, tail[again], head[again]), strict=True):
            laid[k] = none if path is None else path
            level[k] += path is None
        for k in np.flatnonzero(shown & (level == 2)).tolist():
            laid[k] = close(k)
        for k in np.flatnonzero(shown & (level == 3)).tolist():
            laid[k] = along(lines, HalfEdges(visible.hidden[slice(*visible.gaps[gaps.chain[k] :][:2])]))[1:-1]
        apart = np.concatenate([gaps.last[level > 0], gaps.first[level > 0]])
        for name in ENDS:
            getattr(curves, name)[apart] = fitted[name][apart]
        some = np.flatnonzero(tested)
        ends = curves.end[gaps.last], curves.start[gaps.first]
        whole = [np.vstack([tail[k], ends[0][k], laid[k], ends[1][k], head[k]]) for k in some.tolist()]
        routes = Paths.of(whole, gaps.own[some], HalfEdges(first[some]), HalfEdges(last[some]), ring[some])
        found = has_shown(planar, z, lines, routes)
        shown = np.zeros(len(paths), bool)
        shown[some] = found
        shown &= level < 3
        if not shown.any():
            return laid
        tested = np.isin(ring, ring[shown])


def bends_only(points: Floats) -> Floats:
    """Leave out points that stand in line with, or on, their neighbors."""
    if len(points) < 3:
        return points
    points = points[np.append(True, (np.diff(points, axis=0) != 0).any(1))]
    step = np.diff(points, axis=0)
    bend = np.abs(cross(step[:-1], step[1:])) > 1e-9
    kept: Floats = points[np.concatenate([[True], bend, [True]])[: len(points)]]
    return kept


def hidden_border(
    planar: PlanarMap, above: Heights, own: Ints, half_edges: HalfEdges, groups: Ints, many: bool = False
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


def _extend(above: Heights, own: Ints, curves: Curves, last: Ints, first: Ints) -> None:
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
