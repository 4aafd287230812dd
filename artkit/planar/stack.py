"""Faces stacked like sheets of paper: every visible border is drawn once, by the upper of its two faces.

Faces are painted in order. A face must be exact only where it borders faces below it; beneath faces above it, it may end
anywhere. So the outline of a face is its visible runs, joined beneath the upper faces by the straightest way that stays
hidden, and a hole that only holds upper faces is not drawn at all. Shapes overlap wherever they meet: no seams.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from artkit.planar.chain import Ints
from artkit.planar.curves import Curves, Flags, Floats, Quality, fit
from artkit.planar.map import OUTSIDE, STEP_X, STEP_Y, PlanarMap

TUCK = 1.2
"""How far the end of a visible run goes on beneath the face above it, in pixels."""

LINE, CUBIC = 1, 3


@dataclass(frozen=True, eq=False)
class Outline:
    """One closed path of a face: points as in `artkit.drawing.Path`, kinds LINE or CUBIC."""

    face: int
    points: Floats
    kinds: NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class _Runs:
    """Visible runs of rings, in the order of the rings: half-arcs `items[offsets[k]:offsets[k + 1]]`.

    `closed` runs are whole rings; after an open run k the ring goes on, hidden, over `hidden[gaps[k]:gaps[k + 1]]`.
    """

    items: Ints
    offsets: Ints
    ring: Ints
    closed: Flags
    hidden: Ints
    gaps: Ints


def paint_order(planar: PlanarMap) -> Ints:
    """Rank of each face, 0 painted first: larger outlines lie lower, so that what is inside a hole is above it."""
    outline = np.zeros(len(planar.face_area), np.int64)
    outer = planar.ring_area > 0
    outline[planar.ring_face[outer]] = planar.ring_area[outer]
    rank = np.empty(len(outline), np.int64)
    rank[np.lexsort((np.arange(len(outline)), -planar.face_area, -outline))] = np.arange(len(outline))
    return rank


def stack(planar: PlanarMap, samples: Floats, rank: Ints, quality: Quality, skip: Ints | None = None) -> list[Outline]:
    """Outline every face, `skip` left out, for painting in the order of `rank`.

    `samples` is the place of the border at each crack, (cracks, 2). Outlines come ring after ring, not in the order of
    painting.
    """
    runs = _visible_runs(planar, rank, skip)
    points, offsets, hard, closed = _strands(planar, samples, runs)
    curves = fit(points, offsets, closed, quality, hard)
    joints = _join(planar, rank, runs, curves)
    return _assemble(planar, runs, curves, joints)


def _visible_runs(planar: PlanarMap, rank: Ints, skip: Ints | None) -> _Runs:
    half, ring_offsets = planar.ring_arcs, planar.ring_offsets
    ring = np.repeat(np.arange(len(planar.ring_face)), np.diff(ring_offsets))
    other = np.where(half % 2, planar.right[half // 2], planar.left[half // 2])
    height = np.where(other == OUTSIDE, -1, rank[other])
    visible = height < rank[planar.ring_face[ring]]
    if skip is not None:
        visible &= ~np.isin(planar.ring_face[ring], skip)
    count = np.diff(ring_offsets)
    seen = np.add.reduceat(visible.astype(np.int64), ring_offsets[:-1]) if len(ring) else np.zeros(0, np.int64)
    place = np.arange(len(ring)) - ring_offsets[ring]
    before = ring_offsets[ring] + (place - 1) % count[ring]
    starts = visible & ~visible[before]
    first = np.zeros(len(count), np.int64)
    spots = np.flatnonzero(starts)
    first[ring[spots][::-1]] = place[spots][::-1]
    turned = ring_offsets[ring] + (place + first[ring]) % count[ring]  # each ring from the start of a run
    keep = seen[ring] > 0
    turned, ring = turned[keep], ring[keep]
    items, shown = half[turned], visible[turned]
    new_ring = np.append(True, ring[1:] != ring[:-1])
    run_starts = np.flatnonzero(shown & (new_ring | starts[turned]))
    run = np.cumsum(np.isin(np.arange(len(items)), run_starts)) - 1
    lengths = np.bincount(run[shown], minlength=len(run_starts))
    gaps = np.bincount(run[~shown], minlength=len(run_starts))
    run_ring = ring[run_starts]
    return _Runs(
        items[shown],
        np.concatenate([[0], np.cumsum(lengths)]),
        run_ring,
        seen[run_ring] == count[run_ring],
        items[~shown],
        np.concatenate([[0], np.cumsum(gaps)]),
    )


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


def _strands(planar: PlanarMap, samples: Floats, runs: _Runs) -> tuple[Floats, Ints, Flags, Flags]:
    """Sample points of every run, with the sheet's corners and the points where borders meet its edge put in."""
    crack, back, offsets = expand(planar, runs.items, runs.offsets)
    points = samples[crack]
    edge = on_edge(planar)[crack]
    direction = planar.direction[crack].astype(np.int64)
    horizontal = direction % 2 == 0
    start = planar.corner_points(planar.corner[crack])
    step = np.column_stack([STEP_X[direction], STEP_Y[direction]])
    tip = np.where(back[:, None], start, start + step)
    strand = np.repeat(np.arange(len(runs.closed)), np.diff(offsets))
    place = np.arange(len(crack)) - offsets[strand]
    count = np.diff(offsets)[strand]
    after = offsets[strand] + (place + 1) % count
    follows = (place < count - 1) | runs.closed[strand]
    bend = follows & ((edge != edge[after]) | (edge & edge[after] & (horizontal != horizontal[after])))
    spots = np.flatnonzero(bend)
    inserted = tip[spots].copy()
    # Where a border meets the sheet's edge it does so at its sub-pixel place, moved along the edge.
    inner = np.where(edge[spots], after[spots], spots)
    meets = edge[spots] != edge[after[spots]]
    along = np.where(edge[spots], horizontal[spots], horizontal[after[spots]])
    shift = points[inner] - planar.middles[crack[inner]]
    inserted[:, 0] += np.where(meets & along, shift[:, 0], 0)
    inserted[:, 1] += np.where(meets & ~along, shift[:, 1], 0)
    points = np.insert(points, spots + 1, inserted, axis=0)
    hard = np.insert(np.zeros(len(crack), bool), spots + 1, True)
    grown = offsets + np.concatenate([[0], np.cumsum(bend)])[offsets]
    return points, grown, hard, runs.closed


def on_edge(planar: PlanarMap) -> Flags:
    """Cracks that lie on the edge of the sheet."""
    y, x = np.divmod(planar.corner, planar.width + 1)
    upright = planar.direction % 2 == 1
    return np.where(upright, (x == 0) | (x == planar.width), (y == 0) | (y == planar.height))


# ------------------------------------------------------------------ beneath the upper faces


@dataclass(frozen=True, eq=False)
class _Joints:
    """How open run k starts and ends beneath the faces above, and goes on to the next run of its ring."""

    head: Floats  # (runs, 2), NaN for closed runs
    tail: Floats
    next_run: Ints
    ways: dict[int, Floats]  # detours between tail and the next head, where the straight way would show


def _join(planar: PlanarMap, rank: Ints, runs: _Runs, curves: Curves) -> _Joints:
    count = len(runs.closed)
    open_runs = np.flatnonzero(~runs.closed)
    head, tail = np.full((count, 2), np.nan), np.full((count, 2), np.nan)
    next_run = np.arange(count)
    if not len(open_runs):
        return _Joints(head, tail, next_run, {})
    follows = np.append(runs.ring[1:] == runs.ring[:-1], False)
    first_of = np.searchsorted(runs.ring, runs.ring)
    next_run = np.where(follows, np.arange(count) + 1, first_of)

    above = np.where(planar.faces == OUTSIDE, -1, rank[planar.faces])
    own = rank[planar.ring_face[runs.ring]]
    first, last = curves.offsets[:-1], curves.offsets[1:] - 1

    def away(from_: Floats, control: Floats, far: Floats) -> Floats:
        way = from_ - np.where(np.linalg.norm(from_ - control, axis=1)[:, None] > 1e-6, control, far)
        return way / np.maximum(np.linalg.norm(way, axis=1), 1e-9)[:, None]

    s, e = first[open_runs], last[open_runs]
    node_head = planar.corner_points(_tail_corner(planar, runs.items[runs.offsets[:-1]]))[open_runs]
    node_tail = planar.corner_points(_tip_corner(planar, runs.items[runs.offsets[1:] - 1]))[open_runs]
    head[open_runs] = _tucked(above, own[open_runs], curves.start[s], away(curves.start[s], curves.first[s], curves.end[s]), node_head)
    tail[open_runs] = _tucked(above, own[open_runs], curves.end[e], away(curves.end[e], curves.second[e], curves.start[e]), node_tail)

    a, b = tail[open_runs], head[next_run[open_runs]]
    straight = _stays_hidden(above, own[open_runs], a, b)
    straight &= _loop_area(planar, runs)[open_runs] < planar.ring_area[runs.ring[open_runs]]
    detours = open_runs[~straight]
    return _Joints(head, tail, next_run, _detours(planar, runs, detours))


def _tail_corner(planar: PlanarMap, half: Ints) -> Ints:
    return np.where(half % 2, planar.end[half // 2], planar.start[half // 2])


def _tip_corner(planar: PlanarMap, half: Ints) -> Ints:
    return np.where(half % 2, planar.start[half // 2], planar.end[half // 2])


def _tucked(above: Ints, own: Ints, end: Floats, way: Floats, node: Floats) -> Floats:
    """Go on from the end of a run until well beneath an upper face; where there is none ahead, to the node itself."""
    found = node.copy()
    todo = np.ones(len(end), bool)
    for far in (TUCK, 0.8 * TUCK, 0.6 * TUCK):
        spot = end + far * way
        fits = todo & (_rank_at(above, spot) > own)
        found[fits] = spot[fits]
        todo &= ~fits
    return found


def _rank_at(above: Ints, spot: Floats) -> Ints:
    height, width = above.shape
    x, y = np.floor(spot[:, 0]).astype(np.int64), np.floor(spot[:, 1]).astype(np.int64)
    inside = (x >= 0) & (y >= 0) & (x < width) & (y < height)
    return np.where(inside, above[np.clip(y, 0, height - 1), np.clip(x, 0, width - 1)], -1)


def _stays_hidden(above: Ints, own: Ints, a: Floats, b: Floats) -> Flags:
    """Whether the straight way from a to b, with a margin but at its ends, lies beneath faces above `own`."""
    length = np.linalg.norm(b - a, axis=1)
    steps = np.maximum(np.ceil(length / 0.5).astype(np.int64), 1) + 1
    way = np.repeat(np.arange(len(a)), steps)
    t = (np.arange(len(way)) - np.repeat(np.cumsum(steps) - steps, steps)) / (steps[way] - 1)
    spot = a[way] + t[:, None] * (b - a)[way]
    hidden = _rank_at(above, spot) > own[way]
    from_end = np.minimum(t, 1 - t) * length[way]
    hidden |= from_end < 0.6
    inner = from_end > 1.6
    for dx, dy in ((0.7, 0), (-0.7, 0), (0, 0.7), (0, -0.7)):
        hidden &= ~inner | (_rank_at(above, spot + (dx, dy)) > own[way])
    return np.logical_and.reduceat(hidden, np.cumsum(steps) - steps)


def _loop_area(planar: PlanarMap, runs: _Runs) -> Floats:
    """Area between the hidden border after each run and the straight way across it."""
    crack, back, offsets = expand(planar, runs.hidden, runs.gaps)
    start = planar.corner_points(planar.corner[crack])
    direction = planar.direction[crack].astype(np.int64)
    end = start + np.column_stack([STEP_X[direction], STEP_Y[direction]])
    cross = (start[:, 0] * end[:, 1] - end[:, 0] * start[:, 1]) * np.where(back, -1, 1)
    total = np.concatenate([[0.0], np.cumsum(cross)])
    swept = total[offsets[1:]] - total[offsets[:-1]]
    tail = planar.corner_points(_tip_corner(planar, runs.items[runs.offsets[1:] - 1]))
    gap = np.flatnonzero(np.diff(runs.gaps))
    head = tail.copy()
    head[gap] = planar.corner_points(_tip_corner(planar, runs.hidden[runs.gaps[1:][gap] - 1]))
    swept += head[:, 0] * tail[:, 1] - tail[:, 0] * head[:, 1]
    return np.abs(swept) / 2


def _detours(planar: PlanarMap, runs: _Runs, which: Ints) -> dict[int, Floats]:
    """Ways along the hidden border itself, half a pixel beneath the upper face."""
    ways = {}
    for k in which.tolist():
        gap = runs.hidden[runs.gaps[k] : runs.gaps[k + 1]]
        crack, back, _ = expand(planar, gap, np.array([0, len(gap)]))
        direction = planar.direction[crack].astype(np.int64)
        toward = np.where(back, 1, -1)[:, None]  # the upper face is on the left of the walk
        normal = np.column_stack([_NORMAL_X[direction], _NORMAL_Y[direction]])
        ways[k] = _without_straight(planar.middles[crack] + 0.5 * toward * normal)
    return ways


_NORMAL_X, _NORMAL_Y = np.array([0, -1, 0, 1]), np.array([1, 0, -1, 0])


def _without_straight(points: Floats) -> Floats:
    if len(points) < 3:
        return points
    step = np.diff(points, axis=0)
    bend = np.abs(step[1:, 0] * step[:-1, 1] - step[1:, 1] * step[:-1, 0]) > 1e-9
    return points[np.concatenate([[True], bend, [True]])]


def _assemble(planar: PlanarMap, runs: _Runs, curves: Curves, joints: _Joints) -> list[Outline]:
    """Put runs and joints together, ring by ring."""
    outlines = []
    body = np.stack([curves.first, curves.second, curves.end], axis=1)
    bounds = np.flatnonzero(np.append(True, runs.ring[1:] != runs.ring[:-1])) if len(runs.ring) else np.zeros(0, int)
    for low, high in zip(bounds.tolist(), np.append(bounds[1:], len(runs.ring)).tolist(), strict=True):
        points: list[Floats] = []
        kinds: list[NDArray[np.uint8]] = []
        for k in range(low, high):
            s, e = curves.offsets[k], curves.offsets[k + 1]
            if not points:
                points.append(curves.start[s : s + 1] if runs.closed[k] else joints.head[k][None])
            if not runs.closed[k]:
                if k > low:
                    points.append(joints.head[k][None])
                    kinds.append(np.array([LINE], np.uint8))
                points.append(curves.start[s : s + 1])
                kinds.append(np.array([LINE], np.uint8))
            line = curves.line[s:e]
            keep = np.ones((e - s, 3), bool)
            keep[line, :2] = False
            points.append(body[s:e][keep])
            kinds.append(np.where(line, LINE, CUBIC).astype(np.uint8))
            if not runs.closed[k]:
                points.append(joints.tail[k][None])
                kinds.append(np.array([LINE], np.uint8))
                if k in joints.ways:
                    points.append(joints.ways[k])
                    kinds.append(np.full(len(joints.ways[k]), LINE, np.uint8))
        outlines.append(Outline(int(planar.ring_face[runs.ring[low]]), np.vstack(points), np.concatenate(kinds)))
    return outlines
