"""Faces stacked like sheets of paper: every visible border is drawn once, by the upper of its two faces.

Faces are painted in order. A face must be exact only where it borders faces below it; beneath faces above it, it may
end anywhere. So the outline of a face is its visible runs, joined beneath the upper faces by the straightest way that
stays hidden, and a hole that only holds upper faces is not drawn at all. Shapes overlap wherever they meet: no seams.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from artkit.arrays import Bools, Floats, HalfEdges, Ints, offsets_of, ranges, rows_of, starts_of
from artkit.planar.arcs import LINE, Outline, expand, on_edge, packed, walk
from artkit.planar.curves import fit
from artkit.planar.map import NORMAL_X, NORMAL_Y, OUTSIDE, STEP_X, STEP_Y, PlanarMap, arc_of, twin
from artkit.planar.segments import Curves, Quality, cross, unit
from artkit.planar.spline import fit_splines

CAP = 3
"""The widest end of a stroke, in pixels, that is looked at for square corners."""

TUCK = 1.2
"""How far the end of a visible run goes on beneath the face above it, in pixels."""

MARGIN = 0.3
"""How far a hidden way stays from faces below, in pixels."""

FINE_MARGIN = 0.05
"""The same beside splines: they stray farther themselves, and going round leaves more hairs open than it closes."""


@dataclass(frozen=True, eq=False)
class Splines:
    """How quadratic splines follow borders: to `tolerance` (cracks,) pixels, on a grid of `step` pixels."""

    tolerance: Floats
    step: float


@dataclass(frozen=True, eq=False)
class _Runs:
    """Visible runs of rings, in the order of the rings: half-edges `items[offsets[k]:offsets[k + 1]]`.

    `closed` runs are whole rings; after an open run k the ring goes on, hidden, over `hidden[gaps[k]:gaps[k + 1]]`.
    """

    items: HalfEdges
    offsets: Ints
    ring: Ints
    closed: Bools
    hidden: HalfEdges
    gaps: Ints


def paint_order(planar: PlanarMap) -> Ints:
    """Rank of each face, 0 painted first: larger outlines lie lower, so that what is inside a hole is above it."""
    outline = np.zeros(len(planar.face_area), np.int64)
    outer = planar.ring_area > 0
    outline[planar.ring_face[outer]] = planar.ring_area[outer]
    rank = np.empty(len(outline), np.int64)
    rank[np.lexsort((np.arange(len(outline)), -planar.face_area, -outline))] = np.arange(len(outline))
    return rank


def stack(
    planar: PlanarMap, rank: Ints, border: Quality | Splines | Curves, samples: Floats, skip: Ints | None = None
) -> list[Outline]:
    """Outline every face, `skip` left out, for painting in the order of `rank`.

    `samples` is the place of the border at each crack, (cracks, 2). With a Quality curves are fitted to them, through
    nodes where a visible border goes on; given the Curves of all arcs, these are used. Outlines come ring after ring,
    not in the order of painting.
    """
    if not len(planar.ring_face):
        return []
    runs = _visible_runs(planar, rank, skip)
    if isinstance(border, Curves):
        curves = walk(border, runs.items, runs.offsets)
    else:
        points, offsets, hard, crack = _strands(planar, samples, runs, isinstance(border, Quality) and border.level)
        if isinstance(border, Quality):
            curves = fit(points, offsets, runs.closed, border, hard)
        else:
            _reach(planar, rank, runs, points, offsets)
            curves = fit_splines(points, offsets, runs.closed, border.tolerance[crack], hard, border.step)
    joints = _join(planar, rank, runs, curves, border)
    return _assemble(planar, runs, curves, joints) + _covered(planar, rank, runs, skip)


def _visible_runs(planar: PlanarMap, rank: Ints, skip: Ints | None) -> _Runs:
    half, ring_offsets = planar.ring_edges, planar.ring_offsets
    ring = rows_of(ring_offsets)
    other = planar.face_of(twin(half))
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
        HalfEdges(items[shown]),
        offsets_of(lengths),
        run_ring,
        seen[run_ring] == count[run_ring],
        HalfEdges(items[~shown]),
        offsets_of(gaps),
    )


def _strands(planar: PlanarMap, samples: Floats, runs: _Runs, level: bool) -> tuple[Floats, Ints, Bools, Ints]:
    """Sample points of every run, with the corners of the sheet and of strokes, and where borders meet its edge.

    Gives points, offsets of the runs, which points are corners, and the crack of each.
    """
    crack, back, offsets = expand(planar, runs.items, runs.offsets)
    points = samples[crack]
    edge = on_edge(planar)[crack]
    direction = planar.direction[crack].astype(np.int64)
    horizontal = direction % 2 == 0
    start = planar.corner_points(planar.corner[crack])
    step = np.column_stack([STEP_X[direction], STEP_Y[direction]])
    tip = np.where(back[:, None], start, start + step)
    strand = rows_of(offsets)
    place = np.arange(len(crack)) - offsets[strand]
    count = np.diff(offsets)[strand]
    after = offsets[strand] + (place + 1) % count
    follows = (place < count - 1) | runs.closed[strand]
    bend = follows & ((edge != edge[after]) | (edge & edge[after] & (horizontal != horizontal[after])))
    caps, moved = _caps(planar, crack, back, offsets, runs.closed, points)
    bend[caps] = True
    across = np.zeros(len(crack), bool)
    if level:
        across = _across(planar.middles[crack], strand, place, count, runs.closed, horizontal) & ~edge
    spots = np.flatnonzero(bend)
    inserted = tip[spots] + np.where(edge[spots] | edge[after[spots]], 0, moved[spots].T).T
    # Where a border meets the sheet's edge it does so at its sub-pixel place, moved along the edge.
    inner = np.where(edge[spots], after[spots], spots)
    meets = edge[spots] != edge[after[spots]]
    along = np.where(edge[spots], horizontal[spots], horizontal[after[spots]])
    shift = points[inner] - planar.middles[crack[inner]]
    inserted[:, 0] += np.where(meets & along, shift[:, 0], 0)
    inserted[:, 1] += np.where(meets & ~along, shift[:, 1], 0)
    points = np.insert(points, spots + 1, inserted, axis=0)
    hard = np.insert(np.zeros(len(crack), bool), spots + 1, True)
    grown = offsets + offsets_of(bend)[offsets]
    keep = ~np.insert(across, spots + 1, False)
    kept = offsets_of(keep)[grown]
    crack = np.insert(crack, spots + 1, crack[spots])
    return points[keep], kept, hard[keep], crack[keep]


def _across(middles: Floats, strand: Ints, place: Ints, count: Ints, closed: Bools, horizontal: Bools) -> Bools:
    """Cracks that lie across the border, which tell its place less exactly than those along it."""
    first = np.arange(len(strand)) - place
    ring = closed[strand]

    def beside(step: int) -> Floats:
        moved = place + step
        there: Floats = middles[first + np.where(ring, moved % count, np.clip(moved, 0, count - 1))]
        return there

    course = beside(3) - beside(-3)
    along = np.where(horizontal, np.abs(course[:, 0]), np.abs(course[:, 1]))
    length = np.linalg.norm(course, axis=1)
    inner = (count >= 12) & (ring | ((place > 0) & (place < count - 1)))
    straight: Bools = inner & (along < ACROSS * length)
    return straight


ACROSS = 0.4
"""Cosine of the angle to the border above which a crack counts as lying along it."""


def _caps(
    planar: PlanarMap, crack: Ints, back: Bools, offsets: Ints, closed: Bools, points: Floats
) -> tuple[Ints, Floats]:
    """Cracks after which an upright or level stroke of up to three pixels has a corner of its end.

    There the border runs straight for three cracks or more, turns, runs for at most three, and comes straight back;
    were the end round, the samples beside it would draw in. Gives the cracks, and for all of them, (N, 2), how far the
    corner after each is moved: as the sides that meet there are.
    """
    way = (planar.direction[crack] + 2 * back.astype(np.int64)) % 4
    strand = rows_of(offsets)
    place = np.arange(len(crack)) - offsets[strand]
    count = np.diff(offsets)[strand]
    before = offsets[strand] + (place - 1) % count
    shift = points - planar.middles[crack]
    starts = np.flatnonzero((way != way[before]) & ((place > 0) | closed[strand]))
    moved = np.zeros((len(crack), 2))
    moved[before[starts]] = shift[starts] + shift[before[starts]]
    # Straight runs: each from its start to the next one of the strand.
    owner = strand[starts]
    first = np.searchsorted(owner, owner)
    last = np.append(owner[1:] != owner[:-1], True)
    following = np.where(last, first, np.arange(len(starts)) + 1)
    length = (starts[following] - starts) % count[starts] if len(starts) else starts
    previous = np.empty_like(following)
    previous[following] = np.arange(len(starts))
    turns = (way[starts[previous]] + 2) % 4 == way[starts[following]]
    far = np.minimum(np.minimum(length[previous], length[following]), 3)
    cap = turns & (length <= CAP) & (far >= 3) & closed[owner] & (following != previous)
    # The sides' shifts beside the end and further on: equal where the end is square.
    a, b = before[starts], starts[following]
    ahead = offsets[strand[b]] + (place[b] + 2) % count[b]
    behind = offsets[strand[a]] + (place[a] - 2) % count[a]
    steady = (np.abs(shift[a] - shift[behind]).max(1) < 0.2) & (np.abs(shift[b] - shift[ahead]).max(1) < 0.2)
    ends = np.flatnonzero(cap & steady)
    return np.concatenate([before[starts[ends]], before[starts[following[ends]]]]), moved


# ------------------------------------------------------------------ beneath the upper faces


ENDS = ("start", "first", "second", "end")


@dataclass(frozen=True, eq=False)
class _Joints:
    """The way from the end of open run k, beneath the faces above, to the start of the next run of its ring.

    It is `points[offsets[k]:offsets[k + 1]]`, straight from point to point; none where it is straight altogether.
    """

    points: Floats
    offsets: Ints


def _reach(planar: PlanarMap, rank: Ints, runs: _Runs, points: Floats, offsets: Ints) -> None:
    """Move the ends of open runs, in place, on until well beneath the upper face."""
    above = np.where(planar.faces == OUTSIDE, -1, rank[planar.faces])
    k = np.flatnonzero(~runs.closed)
    own = rank[planar.ring_face[runs.ring]][k]
    first, last = offsets[:-1][k], offsets[1:][k] - 1
    for end, inward in ((first, np.minimum(first + 3, last)), (last, np.maximum(last - 3, first))):
        way = unit(points[end] - points[inward])
        far = np.zeros(len(k))
        for reach in (TUCK, 0.75 * TUCK, 0.5 * TUCK):
            far = np.where((far == 0) & (_rank_at(above, points[end] + reach * way) > own), reach, far)
        points[end] += far[:, None] * way


def _join(planar: PlanarMap, rank: Ints, runs: _Runs, curves: Curves, border: Quality | Splines | Curves) -> _Joints:
    """Tuck the ends of open runs beneath the faces above, in place, and lay the hidden ways between them."""
    exact = isinstance(border, Curves)
    open_runs = np.flatnonzero(~runs.closed)
    above = np.where(planar.faces == OUTSIDE, -1, rank[planar.faces])
    own = rank[planar.ring_face[runs.ring]][open_runs]
    follows = np.append(runs.ring[1:] == runs.ring[:-1], False)
    next_run = np.where(follows, np.arange(len(follows)) + 1, np.searchsorted(runs.ring, runs.ring))
    last, first = (curves.offsets[1:] - 1)[open_runs], curves.offsets[:-1][next_run][open_runs]
    fitted = {name: getattr(curves, name).copy() for name in ENDS}
    if not isinstance(border, Splines):  # they reach far enough from the start
        _tuck(above, own, curves, last, first)

    gap_rank = np.repeat(rank[planar.ring_face[runs.ring]], np.diff(runs.gaps))
    hidden, offsets = _hidden_border(planar, above, gap_rank, runs.hidden, runs.gaps)
    low, high = offsets[:-1][open_runs], offsets[1:][open_runs]
    limit = planar.ring_area[runs.ring][open_runs]
    margin = FINE_MARGIN if isinstance(border, Splines) else MARGIN
    ways = _pull(above, own, curves.end[last], curves.start[first], hidden, low, high, limit, exact, margin)
    sizes = np.zeros(len(runs.closed), np.int64)
    laid = []
    for k, way in enumerate(ways):
        if way is None:  # no way in sight: as fitted to the node, and along the border beneath the upper face
            close = hidden.beneath[low[k] : high[k], 0]
            laid.append(np.vstack([hidden.start[low[k]][None], _bends_only(close), hidden.end[high[k] - 1][None]]))
            for segment in (last[k], first[k]):
                for name in ENDS:
                    getattr(curves, name)[segment] = fitted[name][segment]
        else:
            laid.append(way)
        sizes[open_runs[k]] = len(laid[-1])
    return _Joints(np.vstack([*laid, np.empty((0, 2))]), offsets_of(sizes))


def _bends_only(points: Floats) -> Floats:
    """Leave out points that stand in line with, or on, their neighbors."""
    if len(points) < 3:
        return points
    points = points[np.append(True, (np.diff(points, axis=0) != 0).any(1))]
    step = np.diff(points, axis=0)
    bend = np.abs(cross(step[:-1], step[1:])) > 1e-9
    kept: Floats = points[np.concatenate([[True], bend, [True]])[: len(points)]]
    return kept


@dataclass(frozen=True, eq=False)
class _Border:
    """Hidden border, crack by crack in walking order, the upper face on the left.

    `beneath` is (N, 2, 2): a point beneath the upper face close to the border, and one as deep as there is room for;
    `start` and `end` are the ends of the crack, `swept` (N + 1,) twice the shoelace area before each.
    """

    beneath: Floats
    start: Floats
    end: Floats
    swept: Floats

    def loop(self, low: Ints, high: Ints, here: Floats, there: Floats) -> Floats:
        """Area inside cracks low..high, walked, and the way back from `there` to `here`; negative on the left side."""
        a, b = self.start[low], self.end[high]
        area: Floats = self.swept[high + 1] - self.swept[low] + cross(b, there) + cross(there, here) + cross(here, a)
        return area * 0.5


def _hidden_border(
    planar: PlanarMap, above: Ints, own: Ints, half_edges: HalfEdges, groups: Ints
) -> tuple[_Border, Ints]:
    """Walk hidden half-edges of faces of rank `own`: (border, groups as offsets into it)."""
    crack, back, offsets = expand(planar, half_edges, groups)
    direction = planar.direction[crack].astype(np.int64)
    toward = np.where(back, 1, -1)[:, None]
    normal = toward * np.column_stack([NORMAL_X[direction], NORMAL_Y[direction]])
    own = np.repeat(own, np.diff(planar.offsets)[arc_of(half_edges)])
    middle = planar.middles[crack]
    depth = np.full((len(crack), 2), 0.5)
    room = np.ones(len(crack), bool)
    for far in range(1, DEEP):
        room &= _rank_at(above, middle + (far + 0.5) * normal) > own
        depth[room, 1] = far
    beneath = middle[:, None] + depth[:, :, None] * normal[:, None]
    half = np.column_stack([STEP_X[direction], STEP_Y[direction]]) * np.where(back, -0.5, 0.5)[:, None]
    start, end = middle - half, middle + half
    swept = np.concatenate([[0.0], np.cumsum(cross(start, end))])
    return _Border(beneath, start, end, swept), offsets


def _covered(planar: PlanarMap, rank: Ints, runs: _Runs, skip: Ints | None) -> list[Outline]:
    """Outline faces that meet only faces above them: a way all around, beneath those."""
    left = (planar.ring_area > 0) & ~np.isin(np.arange(len(planar.ring_area)), runs.ring)
    if skip is not None:
        left &= ~np.isin(planar.ring_face, skip)
    rings = np.flatnonzero(left)
    sizes = np.diff(planar.ring_offsets)[rings]
    groups = offsets_of(sizes)
    place = np.arange(groups[-1]) - np.repeat(groups[:-1], sizes)
    above = np.where(planar.faces == OUTSIDE, -1, rank[planar.faces])
    face = planar.ring_face[rings]
    half_edges = HalfEdges(planar.ring_edges[np.repeat(planar.ring_offsets[rings], sizes) + place])
    border, offsets = _hidden_border(planar, above, np.repeat(rank[face], sizes), half_edges, groups)
    begin = border.beneath[offsets[:-1], 0]
    area = planar.ring_area[rings]
    ways = _pull(above, rank[face], begin, begin, border, offsets[:-1], offsets[1:], area, True, MARGIN)
    outlines = []
    for k, way in enumerate(ways):
        all_around = _bends_only(border.beneath[offsets[k] : offsets[k + 1], 0])
        points = all_around if way is None else np.vstack([begin[k : k + 1], way])
        outlines.append(Outline(int(face[k]), points, np.full(len(points) - 1, LINE, np.uint8)))
    return outlines


def _tuck(above: Ints, own: Ints, curves: Curves, last: Ints, first: Ints) -> None:
    """Let the last segment before each gap, and the first after it, go on until well beneath an upper face."""
    for k, turned in ((last, True), (first, False)):
        p = np.stack([curves.start[k], curves.first[k], curves.second[k], curves.end[k]])
        if turned:
            p = p[::-1]
        way = p[0] - p[1]
        speed = 3 * np.linalg.norm(way, axis=1)
        way /= np.maximum(np.linalg.norm(way, axis=1), 1e-9)[:, None]
        far = np.zeros(len(k))
        for reach in (TUCK, 0.75 * TUCK, 0.5 * TUCK):
            far = np.where((far == 0) & (_rank_at(above, p[0] + reach * way) > own), reach, far)
        t = np.minimum(far / np.maximum(speed, 1e-9), 0.5)[:, None]
        # The cubic on [-t, 1], by blossoming; a straight segment stays straight.
        q1 = [(1 + t) * p[i] - t * p[i + 1] for i in range(3)]
        q2 = [(1 + t) * q1[i] - t * q1[i + 1] for i in range(2)]
        q3 = (1 + t) * q2[0] - t * q2[1]
        longer = np.stack([q3, q2[1], q1[2], p[3]])
        line = curves.line[k]
        longer[0][line] = (p[0] + far[:, None] * way)[line]
        if curves.quad is not None:  # the quadratic on [-t, 1], likewise
            quad = curves.quad[k]
            control = (1 + t) * p[1] - t * p[3]
            begin = (1 + t) ** 2 * p[0] - 2 * t * (1 + t) * p[1] + t * t * p[3]
            for row, value in zip(longer, (begin, control, control, p[3]), strict=True):
                row[quad] = value[quad]
        if turned:
            longer = longer[::-1]
        curves.start[k], curves.first[k], curves.second[k], curves.end[k] = longer


def _rank_at(above: Ints, spot: Floats) -> Ints:
    height, width = above.shape
    x, y = np.floor(spot[:, 0]).astype(np.int64), np.floor(spot[:, 1]).astype(np.int64)
    inside = (x >= 0) & (y >= 0) & (x < width) & (y < height)
    return np.where(inside, above[np.clip(y, 0, height - 1), np.clip(x, 0, width - 1)], -1)


def _stays_hidden(
    above: Ints, own: Ints, a: Floats, b: Floats, exempt_a: Bools, exempt_b: Bools, margin: float
) -> Bools:
    """Whether the straight way from a to b lies beneath faces above `own`, with a margin towards those below.

    Where an end is exempt, it is the end of a visible run, and the margin is not asked for close to it.
    """
    hidden = np.ones(len(a), bool)
    length = np.linalg.norm(b - a, axis=1)
    careful = len(a) < MANY
    for spacing in (4.0, 0.6 if careful else 1.0):  # a few looks tell most of those that show
        k = np.flatnonzero(hidden)
        steps = np.maximum(np.ceil(length[k] / spacing).astype(np.int64), 1) + 1
        begin = starts_of(steps)
        t = (np.arange(int(steps.sum())) - np.repeat(begin, steps)) / np.repeat(steps - 1, steps)
        far = np.repeat(length[k], steps)
        from_end = np.full(len(t), np.inf)
        from_end = np.where(np.repeat(exempt_a[k], steps), t * far, from_end)
        from_end = np.where(np.repeat(exempt_b[k], steps), np.minimum(from_end, (1 - t) * far), from_end)
        spot = np.repeat(a[k], steps, axis=0) + t[:, None] * np.repeat((b - a)[k], steps, axis=0)
        rank = np.repeat(own[k], steps)
        fine = (_rank_at(above, spot) > rank) | (from_end < 0.6)
        if spacing < 1:
            near = np.flatnonzero(np.repeat(np.logical_and.reduceat(fine, begin), steps) & (from_end > 1.6))
            for dx, dy in ((margin, 0), (-margin, 0), (0, margin), (0, -margin)):
                fine[near] &= _rank_at(above, spot[near] + (dx, dy)) > rank[near]
        hidden[k] = np.logical_and.reduceat(fine, begin) if len(k) else hidden[k]
    return hidden


DEEP = 8
"""How deep beneath an upper face a way looks for a stop, in pixels."""

LOOKS = 20
"""How many points of the hidden border are tried as the next stop of a way."""

MANY = 3000
"""With more ways than this, fewer points are tried, and no margin is kept."""


def _pull(
    above: Ints,
    own: Ints,
    tail: Floats,
    head: Floats,
    border: _Border,
    low: Ints,
    high: Ints,
    limit: Ints,
    exact: bool,
    margin: float,
) -> list[Floats | None]:
    """Pull the hidden borders low..high tight: from tail to head, always to the farthest stop in sight.

    The way must keep to the left of the border, or it would cut the face off; and it may not enclose, together with the
    border, more than `limit`, or it would cover a face below, whose outline is larger. None where there is no such way
    and it must be `exact`; else the first step of a way may cut a corner of a pixel.
    """
    count = len(low)
    here, at = tail.copy(), low - 1  # where each way has come to, and the last crack it has passed
    stops: list[list[Floats]] = [[] for _ in range(count)]
    holes = _holes(above)
    spread = np.linspace(1, 0, LOOKS if count < MANY else LOOKS // 3)[None]

    def in_sight(active: Ints, stop: Ints, target: Floats, final: bool) -> Bools:
        looks = stop.shape[1]
        flat, origin = target.reshape(-1, 2), np.repeat(here[active], looks, axis=0)
        first = np.repeat(at[active] < low[active], looks)
        owner = np.repeat(own[active], looks)
        seen = _stays_hidden(above, owner, origin, flat, first, np.full(len(flat), final), margin)
        begin = np.repeat(np.maximum(at[active], low[active]), looks)
        loop = border.loop(begin, stop.ravel(), origin, flat)
        most = np.repeat(limit[active], looks).astype(float)
        most[_may_hold_holes(holes, origin, flat, stop.ravel() - begin + 1)] = 0.3  # far less than a pixel
        return (seen & (loop < 1.5) & (-loop < most)).reshape(stop.shape)

    active, close = np.arange(count), np.full(count, not exact)
    lost = np.zeros(count, bool)
    while len(active):
        arrived = in_sight(active, high[active][:, None] - 1, head[active][:, None], True)[:, 0]
        ended = at[active] >= high[active] - 1
        lost[active] = ~arrived & ended & exact
        active = active[~arrived & ~ended]
        if not len(active):
            break
        # Stops in pairs, deep and close, spread along what is left of the border, the farthest first.
        left = high[active] - 1 - at[active]
        stop = at[active][:, None] + np.ceil(left[:, None] ** spread).astype(np.int64)  # closer to each other near by
        target = border.beneath[stop][:, :, ::-1].reshape(len(active), -1, 2)
        stop = np.repeat(stop, 2, axis=1)
        seen = in_sight(active, stop, target, False)
        # From a stop close to the border the next one close to it can be reached in any case.
        blind = ~seen.any(1)
        lost[active] = blind & ~close[active] & exact
        rows = np.arange(len(active))
        best = np.where(blind, stop.shape[1] - 1, seen.argmax(1))
        here[active], at[active], close[active] = target[rows, best], stop[rows, best], best % 2 == 1
        for way, point in zip(active.tolist(), target[rows, best], strict=True):
            stops[way].append(point)
        active = active[~lost[active]]
    return [None if gone else np.array(way).reshape(-1, 2) for way, gone in zip(stops, lost.tolist(), strict=True)]


def _holes(above: Ints) -> Ints | None:
    """Number of transparent pixels above and to the left of each lattice corner; None if there are none at all."""
    transparent = above < 0
    if not transparent.any():
        return None
    count = np.zeros((above.shape[0] + 1, above.shape[1] + 1), np.int64)
    count[1:, 1:] = transparent.cumsum(0).cumsum(1)
    return count


def _may_hold_holes(holes: Ints | None, here: Floats, there: Floats, cracks: Ints) -> Bools:
    """Whether a loop of a straight way and so many cracks may lie around a transparent pixel."""
    if holes is None:
        return np.zeros(len(here), bool)
    reach = (cracks / 2 + 13)[:, None]
    most = (holes.shape[1] - 1, holes.shape[0] - 1)
    x1, y1 = np.clip(np.minimum(here, there) - reach, 0, most).astype(np.int64).T
    x2, y2 = np.clip(np.ceil(np.maximum(here, there) + reach), 0, most).astype(np.int64).T
    return np.asarray(holes[y2, x2] - holes[y1, x2] - holes[y2, x1] + holes[y1, x1] > 0)


def _assemble(planar: PlanarMap, runs: _Runs, curves: Curves, joints: _Joints) -> list[Outline]:
    """Put runs and joints together, ring by ring: the start of each run, its segments, the way to the next one."""
    if not len(runs.ring):
        return []
    body, keep, kind = packed(curves)
    needed = keep.sum(1)
    size = np.diff(offsets_of(needed)[curves.offsets])
    way = np.diff(joints.offsets)
    first = np.append(True, runs.ring[1:] != runs.ring[:-1])
    points = np.empty((len(size) + int(size.sum()) + len(joints.points), 2))
    begin = starts_of(1 + size + way)
    points[begin] = curves.start[curves.offsets[:-1]]
    points[ranges(begin + 1, size)] = body[keep]
    points[ranges(begin + 1 + size, way)] = joints.points

    segments = np.diff(curves.offsets)
    number = ~first + segments + way
    kinds = np.full(int(number.sum()), LINE, np.uint8)
    start = starts_of(number)
    kinds[ranges(start + ~first, segments)] = kind
    point_bounds = np.append(begin[first], len(points)).tolist()
    kind_bounds = np.append(start[first], len(kinds)).tolist()
    return [
        Outline(face, points[point_bounds[i] : point_bounds[i + 1]], kinds[kind_bounds[i] : kind_bounds[i + 1]])
        for i, face in enumerate(planar.ring_face[runs.ring[first]].tolist())
    ]
