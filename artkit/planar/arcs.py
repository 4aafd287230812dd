"""The geometry of arcs: where they run, and rings put together from them.

Arcs are shared by the two faces they part, so that outlines made of them fit without gap or overlap. Such outlines are
an exact partition of the sheet if

- no two arcs cross or touch but at nodes, and none crosses itself,
- outer rings keep a positive area and holes a negative one,
- holes stay inside their faces.

For then every ring turns once around what it encloses, and the turns of all rings add up to those of the sheet's edge:
one around every point. `faulty` checks this, and arcs are drawn closer to their samples until it holds.

All coordinates are rounded to the GRID before that is checked, so that it still holds for what a file says.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Floats, HalfEdges, Ints, counted, offsets_of, rows_of, starts_of
from artkit.planar import crossings
from artkit.planar.crossings import near_pairs
from artkit.planar.curves import fit
from artkit.planar.map import STEP_X, STEP_Y, PlanarMap, arc_of, is_backward
from artkit.planar.segments import Curves, Quality
from artkit.planar.simplify import simplify

LINE, QUADRATIC, CUBIC = 1, 2, 3

GRID = 100
"""Steps per pixel to which coordinates are rounded: what an SVG of two decimals can say."""

SAFE = 0.45
"""Samples no further than this across their cracks cannot make arcs cross: these stay between four pixel centers."""


@dataclass(frozen=True, eq=False)
class Outline:
    """One closed path of a face: points as in `artkit.drawing.Path`, kinds LINE, QUADRATIC or CUBIC."""

    face: int
    points: Floats
    kinds: NDArray[np.uint8]


# ------------------------------------------------------------------ where arcs run


@dataclass(frozen=True, eq=False)
class Lines:
    """Arcs as polylines from node to node: arc k is `points[offsets[k]:offsets[k + 1]]`, (N, 2).

    A closed one repeats its first point as its last. `hard` points (N,) are the sheet's corners, and where a border
    leaves the sheet's edge: they stay where they are.
    """

    points: Floats
    offsets: Ints
    hard: Bools

    @property
    def segments(self) -> tuple[Floats, Floats, Ints]:
        """Begin and end of all pieces, and their arcs."""
        arc = rows_of(self.offsets)
        joined = np.flatnonzero(arc[1:] == arc[:-1])
        return self.points[joined], self.points[joined + 1], arc[joined]


def arc_points(planar: PlanarMap, samples: Floats) -> Lines:
    """Lay arcs through their samples, (cracks, 2), the place of the border at each crack, on the GRID.

    Along the sheet's edge they run on it, through its corners. Samples that would make arcs cross are brought closer to
    their cracks.
    """
    shift = samples - planar.middles
    level = planar.direction % 2 == 0
    safe = np.where(np.column_stack([level, ~level]), 0, SAFE)
    far: Bools = np.asarray((np.abs(shift) > safe).any(axis=1))
    changed = np.unique(planar.arc_of[far])
    while True:
        lines = _laid(planar, planar.middles + shift)
        if not len(changed):
            return lines
        # An arc without far samples moves, too, with the node it shares with one that has some.
        bad = np.flatnonzero(faulty(planar, lines, _beside(planar, changed)))
        if not len(bad):
            return lines
        mended = far & _beside(planar, bad)[planar.arc_of]
        if not mended.any():
            mended = far
        shift[mended] = np.clip(shift[mended], -safe[mended], safe[mended])
        changed = np.unique(np.append(planar.arc_of[mended], bad))
        far[mended] = False
        if not far.any():
            return _laid(planar, planar.middles + shift)


def _beside(planar: PlanarMap, arcs: Ints) -> Bools:
    """Tell which arcs share a node with one of these, themselves included."""
    open_ = arcs[~planar.closed[arcs]]
    nodes = np.zeros((planar.height + 1) * (planar.width + 1), bool)
    nodes[planar.start[open_]] = nodes[planar.end[open_]] = True
    beside: Bools = ~planar.closed & (nodes[planar.start] | nodes[planar.end])
    beside[arcs] = True
    return beside


def _laid(planar: PlanarMap, samples: Floats) -> Lines:
    begin, end = node_points(planar, samples)
    edge = on_edge(planar)
    spots, places = _edge_points(planar, edge)
    inner = np.flatnonzero(~edge)
    open_ = np.flatnonzero(~planar.closed)
    first, last = planar.offsets[:-1], planar.offsets[1:] - 1
    # Three keys for each crack: what lies before it, on it, and after it.
    keys = np.concatenate([3 * first[open_], 3 * inner + 1, 3 * spots + 2, 3 * last[open_] + 2])
    points = np.concatenate([begin[open_], samples[inner], places, end[open_]])
    hard = np.zeros(len(keys), bool)
    hard[len(open_) + len(inner) : len(open_) + len(inner) + len(spots)] = True
    order = np.argsort(keys)
    arc = planar.arc_of[keys[order] // 3]
    points = np.rint(points[order] * GRID) / GRID
    return _ringed(points, hard[order], np.bincount(arc, minlength=len(first)), planar.closed)


def _edge_points(planar: PlanarMap, edge: Bools) -> tuple[Ints, Floats]:
    """Cracks after which an arc passes a corner of the sheet, or leaves its edge or comes to it; and the place of that.

    Without a node only the border of a transparent part does so, and that is not moved.
    """
    last = planar.offsets[1:] - 1
    after = np.arange(1, len(edge) + 1)
    after[last] = planar.offsets[:-1]
    follows = np.ones(len(edge), bool)
    follows[last] = planar.closed
    level = planar.direction % 2 == 0
    bend = follows & ((edge != edge[after]) | (edge & edge[after] & (level != level[after])))
    spots = np.flatnonzero(bend)
    return spots, planar.corner_points(planar.corner[after[spots]])


def _ringed(points: Floats, hard: Bools, count: Ints, closed: Bools) -> Lines:
    """Let closed arcs begin at a hard point, or else at the one farthest from their middle, and repeat it."""
    begin = starts_of(count)
    ring = np.flatnonzero(closed)
    start = np.zeros(len(count), np.int64)
    if len(ring):
        arc = np.repeat(np.arange(len(count)), count)
        index = np.flatnonzero(closed[arc])
        owner = np.repeat(np.arange(len(ring)), count[ring])
        heads = starts_of(count[ring])
        middle = np.add.reduceat(points[index], heads) / count[ring][:, None]
        away = ((points[index] - middle[owner]) ** 2).sum(axis=1)
        away[hard[index]] = np.inf
        best = np.flatnonzero(away == np.maximum.reduceat(away, heads)[owner])
        start[ring[owner[best[::-1]]]] = (index - begin[arc[index]])[best[::-1]]
    size = count + closed
    offsets = offsets_of(size)
    arc = np.repeat(np.arange(len(count)), size)
    place = np.arange(len(arc)) - offsets[arc]
    index = begin[arc] + (place + start[arc]) % count[arc]
    return Lines(points[index], offsets, hard[index])


def node_points(planar: PlanarMap, samples: Floats) -> tuple[Floats, Floats]:
    """Where arcs begin and end, (arcs, 2) each: lattice corners, moved as the borders that meet there are moved.

    Upright cracks beside a node move it sideways, level ones up or down, by the mean of their shifts. On the edge of
    the sheet only the borders that come to it count, so that a node stays on it.
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
    points += total
    count = len(planar.start)
    return points[place[:count]], points[place[count:]]


# ------------------------------------------------------------------ what may not be


def faulty(planar: PlanarMap, lines: Lines, touched: Bools) -> Bools:
    """Tell which arcs make outlines overlap (see above); only crossings with `touched` arcs are looked for."""
    start, end, arc = lines.segments
    bad = np.zeros(len(touched), bool)
    one, other = _clashes(start, end, touched[arc])
    bad[arc[one]] = bad[arc[other]] = True
    one, other = _coincident(planar, lines)
    met = touched[one] | touched[other]
    bad[one[met]] = bad[other[met]] = True
    swept = np.bincount(arc, weights=_cross(start, end), minlength=len(touched)) / 2
    ring_arcs = arc_of(planar.ring_edges)
    signed = np.where(is_backward(planar.ring_edges), -1, 1) * swept[ring_arcs]
    ring = rows_of(planar.ring_offsets)
    area = np.bincount(ring, weights=signed, minlength=len(planar.ring_area))
    turned = area * np.sign(planar.ring_area) < 0.4 / GRID**2
    bad[ring_arcs[turned[ring]]] = True
    bad |= _strayed(planar, lines, touched)
    return bad


def _clashes(start: Floats, end: Floats, touched: Bools) -> tuple[Ints, Ints]:
    """Pairs of segments, one of them touched, that share more than ends."""
    if not touched.any():
        return np.empty(0, np.int64), np.empty(0, np.int64)
    # Squares of COARSE pixels that touched segments come near; long segments are always looked at.
    low, high = np.minimum(start, end), np.maximum(start, end)
    origin = np.floor(low.min(axis=0) / COARSE).astype(np.int64) - 1
    columns, rows = np.floor(high.max(axis=0) / COARSE).astype(np.int64) - origin + 2
    first, last = (np.floor(p[touched] / COARSE).astype(np.int64) - origin + by for p, by in ((low, -1), (high, 1)))
    span = last - first + 1
    box, cell = counted(span[:, 0] * span[:, 1])
    hot = np.zeros(rows * columns, bool)
    hot[(first[box, 1] + cell // span[box, 0]) * columns + first[box, 0] + cell % span[box, 0]] = True
    at = np.floor(start / COARSE).astype(np.int64) - origin
    near = touched | hot[at[:, 1] * columns + at[:, 0]] | (high - low > COARSE).any(axis=1)
    some = np.flatnonzero(near)
    one, other = (some[index] for index in near_pairs(start[some], end[some]))
    wanted = touched[one] | touched[other]
    one, other = one[wanted], other[wanted]
    met = crossings.overlap(start[one], end[one], start[other], end[other])
    return one[met], other[met]


COARSE = 4
"""Side of the squares in which crossings are looked for, in pixels."""


def _coincident(planar: PlanarMap, lines: Lines) -> tuple[Ints, Ints]:
    """Pairs of arcs that pass one point, or one that passes it twice, unless the point is their node."""
    arc = rows_of(lines.offsets)
    node = -1 - np.arange(len(arc))
    ends = np.flatnonzero(~planar.closed)
    node[lines.offsets[ends]], node[lines.offsets[ends + 1] - 1] = planar.start[ends], planar.end[ends]
    rings = np.flatnonzero(planar.closed)
    node[lines.offsets[rings + 1] - 1] = node[lines.offsets[rings]]
    x, y = np.rint(16 * GRID * lines.points.T).astype(np.int64)
    place = (y << 32) + x
    order = np.argsort(place, kind="stable")
    same = np.flatnonzero((place[order[1:]] == place[order[:-1]]) & (node[order[1:]] != node[order[:-1]]))
    return arc[order[same]], arc[order[same + 1]]


def _strayed(planar: PlanarMap, lines: Lines, touched: Bools) -> Bools:
    """Arcs around holes that are no longer inside their faces, and those of the face that lie beside them."""
    bad = np.zeros(len(planar.left), bool)
    changed = np.zeros(len(planar.face_area) + 1, bool)
    changed[planar.left[touched]] = changed[planar.right[touched]] = True
    holes = np.flatnonzero((planar.ring_area < 0) & changed[planar.ring_face])
    if not len(holes):
        return bad
    bored = np.zeros(len(planar.face_area), bool)
    bored[planar.ring_face[holes]] = True
    head = HalfEdges(planar.ring_edges[planar.ring_offsets[:-1][holes]])
    first_arc = arc_of(head)
    spot = lines.points[np.where(is_backward(head), lines.offsets[1:][first_arc] - 1, lines.offsets[:-1][first_arc])]
    # Pieces of the borders of faces with holes, by face and by row of pixels. An odd number to the left: inside.
    ring = rows_of(planar.ring_offsets)
    bordering = np.flatnonzero(bored[planar.ring_face[ring]])
    ring_arcs = arc_of(planar.ring_edges)
    arcs = ring_arcs[bordering]
    item, place = counted(np.diff(lines.offsets)[arcs] - 1)
    at = lines.offsets[arcs][item] + place
    ring_of = ring[bordering][item]
    low = np.floor(np.minimum(lines.points[at, 1], lines.points[at + 1, 1])).astype(np.int64)
    high = np.floor(np.maximum(lines.points[at, 1], lines.points[at + 1, 1])).astype(np.int64)
    piece, step = counted(high - low + 1)
    bound = int(max(1, -low.min()))  # curves may swing beyond the sheet
    rows = int(high.max()) + bound + 2
    key = planar.ring_face[ring_of[piece]] * rows + low[piece] + step + bound
    order = np.argsort(key, kind="stable")
    key, piece = key[order], piece[order]
    wanted = planar.ring_face[holes] * rows + np.floor(spot[:, 1]).astype(np.int64) + bound
    first, stop = np.searchsorted(key, wanted), np.searchsorted(key, wanted, side="right")
    hole, ahead = counted(stop - first)
    piece = piece[first[hole] + ahead]
    other = ring_of[piece] != holes[hole]
    hole, piece = hole[other], piece[other]
    (x1, y1), (x2, y2) = lines.points[at[piece]].T, lines.points[at[piece] + 1].T
    x, y = spot[hole].T
    spans = (y1 > y) != (y2 > y)
    left = ((x2 - x1) * (y - y1) - (y2 - y1) * (x - x1) > 0) != (y2 > y1)
    odd = np.bincount(hole[spans & left], minlength=len(holes)) % 2 == 1
    lost = ~odd
    bad[ring_arcs[np.isin(ring, holes[lost])]] = True
    bad[arcs[item[piece[lost[hole]]]]] = True
    return bad


# ------------------------------------------------------------------ shapes of arcs


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
    order = np.argsort(keys)
    count = np.bincount(planar.arc_of[keys[order] // 2], minlength=len(last))
    lines = _ringed(points[order], np.zeros(len(points), bool), count, planar.closed)
    return polylines(lines, np.ones(len(lines.points), bool))


def polygon_arcs(planar: PlanarMap, samples: Floats, tolerance: float) -> Curves:
    """Arcs simplified to straight pieces; neighbors never cross, rings never cross themselves."""
    lines = arc_points(planar, samples)
    # In steps of the grid coordinates are whole numbers, and whether arcs touch is decided exactly.
    keep = simplify(np.rint(lines.points * GRID), lines.offsets, tolerance * GRID, fixed=lines.hard)
    return polylines(lines, keep)


FAITHFUL = 0.009
"""Share of its area that a label may gain and lose at a tolerance of one pixel."""


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
    d0, d1 = _cross(along[span], near), _cross(along[span], far)
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


def curve_arcs(planar: PlanarMap, samples: Floats, quality: Quality) -> Curves:
    """Arcs fitted by lines and cubics from node to node; those that would cross others are fitted more closely."""
    lines = arc_points(planar, samples)
    curves = _fitted(lines, np.arange(len(planar.left)), planar.closed, quality)
    changed = np.ones(len(planar.left), bool)
    factor = np.ones(len(planar.left))
    while (faults := faulty(planar, drawn := flattened(curves), changed)).any() and factor.any():
        bad = faults & (factor > 0)
        if not bad.any():
            bad = _passing(faults, lines, drawn) & (factor > 0)
        if not bad.any():
            bad = factor > 0
        factor[bad] /= 2
        factor[bad & (factor * quality.tolerance < FINEST)] = 0
        which = [np.flatnonzero(bad & (factor == share)) for share in np.unique(factor[bad])]
        again = [_fitted(lines, arcs, planar.closed, quality, float(factor[arcs[0]])) for arcs in which]
        curves = _exchanged(curves, which, again)
        changed = bad | faults
    return curves


def _passing(arcs: Bools, *drawn: Lines) -> Bools:
    """Tell which arcs may have passed over one of these: their boxes, however drawn, meet."""
    low = np.minimum.reduce([np.minimum.reduceat(lines.points, lines.offsets[:-1]) for lines in drawn])
    high = np.maximum.reduce([np.maximum.reduceat(lines.points, lines.offsets[:-1]) for lines in drawn])
    passing = np.zeros(len(arcs), bool)
    for arc in np.flatnonzero(arcs).tolist():  # few: it takes a hole that is lost among arcs fitted exactly
        passing |= ((low <= high[arc]) & (high >= low[arc])).all(axis=1)
    return passing


FINEST = 0.05
"""Arcs that still cross when they are fitted to twice this tolerance follow their samples from point to point."""


def _fitted(lines: Lines, arcs: Ints, closed: Bools, quality: Quality, factor: float = 1.0) -> Curves:
    """Fit some of the arcs to a share of the tolerance; 0 is straight from sample to sample."""
    item, place = counted(np.diff(lines.offsets)[arcs])
    index = lines.offsets[arcs][item] + place
    some = Lines(lines.points[index], offsets_of(np.diff(lines.offsets)[arcs]), lines.hard[index])
    if factor == 0:
        return polylines(some, np.ones(len(index), bool))
    keep = np.ones(len(index), bool)
    keep[some.offsets[1:][closed[arcs]] - 1] = False  # a ring does not repeat its first point for `fit`
    rings = some.offsets - offsets_of(closed[arcs])
    finer = replace(quality, tolerance=factor * quality.tolerance, line=factor * quality.line)
    fit_ = fit(some.points[keep], rings, closed[arcs], finer, some.hard[keep])
    start, first, second, end = (np.rint(p * GRID) / GRID for p in (fit_.start, fit_.first, fit_.second, fit_.end))
    return replace(fit_, start=start, first=first, second=second, end=end)


def _exchanged(curves: Curves, which: list[Ints], by: list[Curves]) -> Curves:
    """Put new curves in the place of those of some arcs."""
    count = np.diff(curves.offsets)
    begin = curves.offsets[:-1].copy()
    total = len(curves.line)
    for arcs, new in zip(which, by, strict=True):
        begin[arcs] = total + new.offsets[:-1]
        count[arcs] = np.diff(new.offsets)
        total += len(new.line)
    item, place = counted(count)
    index = begin[item] + place
    all_ = [curves, *by]

    def column(name: str) -> NDArray[np.float64]:
        joined: NDArray[np.float64] = np.concatenate([getattr(part, name) for part in all_])[index]
        return joined

    return Curves(
        column("start"), column("first"), column("second"), column("end"),
        column("line").astype(bool), column("corner_start").astype(bool), offsets_of(count),
    )  # fmt: skip


FLAT = 0.01
"""How far straight pieces may lie from the cubics they stand for, in pixels, to tell whether these cross."""


def flattened(curves: Curves) -> Lines:
    """Arcs of curves as polylines."""
    a, b, c, d = curves.start, curves.first, curves.second, curves.end
    bow = np.maximum(np.abs(a - 2 * b + c).max(axis=1), np.abs(b - 2 * c + d).max(axis=1))
    pieces = np.where(curves.line, 1, np.clip(np.ceil(np.sqrt(0.75 * bow / FLAT)), 2, 64)).astype(np.int64)
    segment, step = counted(pieces)
    t = (step / pieces[segment])[:, None]
    s = 1 - t
    points = s**3 * a[segment] + 3 * s * s * t * b[segment] + 3 * s * t * t * c[segment] + t**3 * d[segment]
    first = step == 0
    points[first] = a
    begin = offsets_of(pieces)[curves.offsets]
    filled = np.flatnonzero(np.diff(curves.offsets))
    points = np.insert(points, begin[filled + 1], d[curves.offsets[filled + 1] - 1], axis=0)
    offsets = begin + offsets_of(np.diff(curves.offsets) > 0)
    return Lines(points, offsets, np.zeros(len(points), bool))


def polylines(lines: Lines, keep: Bools) -> Curves:
    """Straight segments through the points to keep, in the form of Curves."""
    group = rows_of(lines.offsets)[keep]
    kept = lines.points[keep]
    joined = np.flatnonzero(group[1:] == group[:-1])
    start, end = kept[joined], kept[joined + 1]
    third = (end - start) / 3
    count = np.bincount(group[joined], minlength=len(lines.offsets) - 1)
    flags = np.ones(len(joined), bool)
    return Curves(start, start + third, end - third, end, flags, flags, offsets_of(count))


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


def on_edge(planar: PlanarMap) -> Bools:
    """Cracks that lie on the edge of the sheet."""
    y, x = np.divmod(planar.corner, planar.width + 1)
    upright = planar.direction % 2 == 1
    edge: Bools = np.where(upright, (x == 0) | (x == planar.width), (y == 0) | (y == planar.height))
    return edge


def _cross(a: Floats, b: Floats) -> Floats:
    cross: Floats = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    return cross
