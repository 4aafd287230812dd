"""When outlines made of shared chains are an exact partition of the sheet, and which chains break that.

It is one if

- no two chains cross or touch but at nodes, and none crosses itself,
- outer rings keep a positive area and holes a negative one,
- holes stay inside their faces, and nothing leaves the sheet.

For then every ring turns once around what it encloses, and the turns of all rings add up to those of the sheet's edge:
one around every point. Chains are drawn closer to their samples until it holds. All coordinates are rounded to the GRID
before that is checked, so that it still holds for what a file says.
"""

from __future__ import annotations

import numpy as np

from artkit.arrays import Bools, Floats, HalfEdges, Ints, counted, rows_of
from artkit.planar import crossings
from artkit.planar.crossings import pairs_in_bands
from artkit.planar.lines import GRID, Lines
from artkit.planar.map import PlanarMap, arc_of, is_backward
from artkit.planar.segments import cross


def invalid_arcs(planar: PlanarMap, lines: Lines, touched: Bools) -> Bools:
    """Tell which arcs make outlines overlap (see above); only crossings with `touched` arcs are looked for."""
    start, end, arc = lines.segments
    bad = np.zeros(len(touched), bool)
    one, other = _crossing_pairs(start, end, touched[arc])
    bad[arc[one]] = bad[arc[other]] = True
    one, other = _coincident(planar, lines)
    met = touched[one] | touched[other]
    bad[one[met]] = bad[other[met]] = True
    swept = np.bincount(arc, weights=cross(start, end), minlength=len(touched)) / 2
    ring_arcs = arc_of(planar.ring_edges)
    signed = np.where(is_backward(planar.ring_edges), -1, 1) * swept[ring_arcs]
    ring = rows_of(planar.ring_offsets)
    area = np.bincount(ring, weights=signed, minlength=len(planar.ring_area))
    turned = area * np.sign(planar.ring_area) < LEAST
    bad[ring_arcs[turned[ring]]] = True
    bad[rows_of(lines.offsets)[beyond(planar, lines.points)]] = True
    bad |= _escaped_holes(planar, lines, touched)
    return bad


LEAST = 0.4 / GRID**2
"""Area below which a ring is none, in square pixels: coordinates are told no better."""


def beyond(planar: PlanarMap, points: Floats) -> Bools:
    """Tell which points, (N, 2), lie off the sheet by more than curves differ from the lines that stand for them."""
    off = np.maximum(-points, points - (planar.width, planar.height))
    outside: Bools = np.maximum(off[:, 0], off[:, 1]) > 1 / GRID
    return outside


def _crossing_pairs(start: Floats, end: Floats, touched: Bools) -> tuple[Ints, Ints]:
    """Pairs of segments, one of them touched, that share more than ends."""
    if not touched.any():
        return np.empty(0, np.int64), np.empty(0, np.int64)
    if touched.all():
        return _crossing(start, end, touched, np.arange(len(start)))
    # Squares of COARSE pixels that touched segments come near; long segments are always looked at.
    low, high = np.minimum(start, end), np.maximum(start, end)
    origin = np.floor(low.min(axis=0) / COARSE).astype(np.int64) - 1
    columns, rows = np.floor(high.max(axis=0) / COARSE).astype(np.int64) - origin + 2
    hot = np.zeros(rows * columns, bool)
    which = np.flatnonzero(touched)
    for some in np.array_split(which, len(which) // crossings.MANY + 1):
        first, last = (np.floor(p[some] / COARSE).astype(np.int64) - origin + by for p, by in ((low, -1), (high, 1)))
        span = last - first + 1
        box, cell = counted(span[:, 0] * span[:, 1])
        hot[(first[box, 1] + cell // span[box, 0]) * columns + first[box, 0] + cell % span[box, 0]] = True
    at = np.floor(start / COARSE).astype(np.int64) - origin
    near = touched | hot[at[:, 1] * columns + at[:, 0]] | (high - low > COARSE).any(axis=1)
    return _crossing(start, end, touched, np.flatnonzero(near))


def _crossing(start: Floats, end: Floats, touched: Bools, some: Ints) -> tuple[Ints, Ints]:
    pairs = [(np.zeros(0, np.int64), np.zeros(0, np.int64))]
    for near in pairs_in_bands(start[some], end[some]):
        one, other = some[near[0]], some[near[1]]
        wanted = touched[one] | touched[other]
        one, other = one[wanted], other[wanted]
        met = crossings.overlap(start[one], end[one], start[other], end[other])
        pairs.append((one[met], other[met]))
    one, other = (np.concatenate(column) for column in zip(*pairs, strict=True))
    return one, other


COARSE = 4
"""Side of the squares in which crossings are looked for, in pixels; it changes the time only."""


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


def _escaped_holes(planar: PlanarMap, lines: Lines, touched: Bools) -> Bools:
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
    bound = int(max(1, -np.floor(lines.points[:, 1].min())))  # curves may swing beyond the sheet
    rows = int(lines.points[:, 1].max()) + bound + 2
    wanted = planar.ring_face[holes] * rows + np.floor(spot[:, 1]).astype(np.int64) + bound
    edge, at, low, high = _pieces_beside(
        lines, ring_arcs[bordering], planar.ring_face[ring[bordering]] * rows + bound, wanted
    )
    ring_of, arcs = ring[bordering][edge], ring_arcs[bordering][edge]
    piece, step = counted(high - low + 1)
    key = planar.ring_face[ring_of[piece]] * rows + low[piece] + step + bound
    order = np.argsort(key, kind="stable")
    key, piece = key[order], piece[order]
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
    bad[arcs[piece[lost[hole]]]] = True
    return bad


def _pieces_beside(lines: Lines, arcs: Ints, first: Ints, wanted: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Pieces of arcs in rows that are `wanted`: of which of the arcs each is, its begin, its first row and its last.

    The number of a row is that of `first` for the arc, plus the row.
    """
    size = np.diff(lines.offsets)[arcs] - 1
    wanted = np.sort(wanted)
    found = []
    count = -(-int(size.sum()) // crossings.MANY)
    for some in np.array_split(np.arange(len(arcs)), max(count, 1)):  # little memory, however long the borders are
        item, place = counted(size[some])
        edge = some[item]
        at = lines.offsets[arcs[edge]] + place
        y, after = lines.points[at, 1], lines.points[at + 1, 1]
        low, high = (np.floor(reach(y, after)).astype(np.int64) for reach in (np.minimum, np.maximum))
        met = np.searchsorted(wanted, first[edge] + low) < np.searchsorted(wanted, first[edge] + high, side="right")
        found.append((edge[met], at[met], low[met], high[met]))
    edge, at, low, high = (np.concatenate(column) for column in zip(*found, strict=True))
    return edge, at, low, high
