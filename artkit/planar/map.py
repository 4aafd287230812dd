"""Label image -> planar map: every border between two faces once, as an arc.

A crack is the unit edge between two pixels of different label. A lattice corner where two cracks meet is the inside of
an arc; where three or four meet it is a node. Cracks are directed so that the smaller label lies on their left: then
the two cracks at an inner corner always agree on their direction, and each border is found once. Pixels outside the
picture and transparent ones have the label -1, and their borders are arcs like others.

Two pixels of one label that touch only at a corner belong to the same face if the other two pixels at that corner
differ from each other, or else if their label is the rarer one in the picture (of two equally rare, the smaller label).
So thin diagonal strokes hold together, no arcs cross, and no label occurs twice around a node.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Arcs, Bools, Faces, HalfEdges, Ints, LabelIds, row_sums, rows_of
from artkit.limits import within
from artkit.planar.chain import chains, components
from artkit.spans import spanned

OUTSIDE = -1
"""The face of everything that is not painted: outside the picture, and its transparent parts."""


@dataclass(frozen=True, eq=False)
class PlanarMap:
    """Arcs, faces and rings of a label image of `height` x `width` pixels.

    Arc a runs along `cracks[offsets[a]:offsets[a + 1]]`; `left` and `right` are its faces (OUTSIDE is -1), `start` and
    `end` the lattice corners (y * (width + 1) + x) where it begins and ends, equal and no node for a closed one.
    A crack is given by the corner it starts from, and its direction: 0 east, 1 south, 2 west, 3 north.
    `face_label` and `face_area` are the label and the number of pixels of each face; `faces` is the (H, W) face of
    each pixel. Half-edge 2 * a runs along arc a, and its twin 2 * a + 1 backwards; each has its face on the right. Ring
    r is the half-edges `ring_edges[ring_offsets[r]:ring_offsets[r + 1]]`, each followed by the next one around
    `ring_face`. The outer ring of a face has a positive `ring_area`, holes have negative ones, and they add up to its
    pixels.
    """

    height: int
    width: int
    corner: Ints
    direction: NDArray[np.uint8]
    offsets: Ints
    left: Faces
    right: Faces
    start: Ints
    end: Ints
    closed: Bools
    faces: NDArray[np.int32]
    face_label: LabelIds
    face_area: Ints
    ring_edges: HalfEdges
    ring_offsets: Ints
    ring_face: Faces
    ring_area: Ints

    @property
    def outside(self) -> Bools:
        """Where nothing is painted, (H, W)."""
        outside: Bools = self.faces == OUTSIDE
        return outside

    @cached_property
    def arc_of(self) -> Arcs:
        """The arc of each crack."""
        return Arcs(rows_of(self.offsets))

    def label_of(self, faces: Faces) -> LabelIds:
        """The label of each of these faces, OUTSIDE of OUTSIDE."""
        return LabelIds(np.append(self.face_label, np.int32(OUTSIDE))[faces])

    @cached_property
    def label_left(self) -> LabelIds:
        """The label on the left of each arc, OUTSIDE where nothing is painted."""
        return self.label_of(self.left)

    @cached_property
    def label_right(self) -> LabelIds:
        """The label on the right of each arc, OUTSIDE where nothing is painted."""
        return self.label_of(self.right)

    @cached_property
    def has_outside(self) -> Bools:
        """Whether each arc has nothing painted on one of its sides."""
        beside: Bools = (self.left == OUTSIDE) | (self.right == OUTSIDE)
        return beside

    def face_of(self, half_edges: HalfEdges) -> Faces:
        """The face on the right of each half-edge; that of its twin lies on its left."""
        arcs = arc_of(half_edges)
        return Faces(np.where(is_backward(half_edges), self.left[arcs], self.right[arcs]))

    @cached_property
    def middles(self) -> NDArray[np.float64]:
        """(cracks, 2) midpoint of each crack, x then y."""
        y, x = np.divmod(self.corner, self.width + 1)
        return np.column_stack([x + STEP_X[self.direction] / 2, y + STEP_Y[self.direction] / 2])

    def corner_points(self, corner: Ints) -> NDArray[np.float64]:
        """(N, 2) x and y of lattice corners."""
        y, x = np.divmod(corner, self.width + 1)
        return np.column_stack([x, y]).astype(np.float64)


def arc_of(half_edges: HalfEdges) -> Arcs:
    """The arc that each half-edge runs along."""
    return Arcs(half_edges // 2)


def is_backward(half_edges: HalfEdges) -> Bools:
    """Whether each half-edge runs against its arc."""
    backward: Bools = half_edges % 2 == 1
    return backward


def twin(half_edges: HalfEdges) -> HalfEdges:
    """The same borders, run the other way, with the other face on the right."""
    return HalfEdges(half_edges ^ 1)


STEP_X = np.array([1, 0, -1, 0])
STEP_Y = np.array([0, 1, 0, -1])

NORMAL_X = np.array([0, -1, 0, 1])
NORMAL_Y = np.array([1, 0, -1, 0])
"""From the left of a crack to its right, by its direction."""


@spanned("planar map")
def planar_map(labels: NDArray[np.int32], finer: PlanarMap | None = None) -> PlanarMap:
    """Build the planar map of an (H, W) label image; labels are 0 or more, -1 where nothing is painted.

    Where they are put together from the faces of a `finer` map, its arcs are made of whole arcs of that map: pixels
    that join across a corner there do so here, whatever is rarer. Time and memory grow linearly with pixels and
    borders.
    """
    width = labels.shape[1]
    padded = _padded(labels)
    differs = _differs(padded)
    degree = _degree(*differs)
    joins = _joins(padded, degree)
    if finer is not None:
        known = _joins_of(finer)
        joins = np.where((degree == 4) & (known > 0), known, joins)
    faces, face_label, face_area = _faces(padded, differs[1], joins)

    first, direction, left_pixel, right_pixel = _cracks(padded, *differs)
    del padded, differs
    last = ends_of(first, direction, width)
    previous = _previous(first, last, direction, joins, degree)

    def beside(cracks: Ints) -> tuple[Faces, Faces]:
        left, right = (Faces(faces.ravel()[pixel[cracks]].astype(np.int64)) for pixel in (left_pixel, right_pixel))
        return left, right

    image = np.ascontiguousarray(faces[1:-1, 1:-1])
    return map_of_cracks(first, last, direction, previous, beside, width, image, face_label, face_area)


def map_of_cracks(
    first: Ints,
    last: Ints,
    direction: NDArray[np.uint8],
    previous: Ints,
    beside: Callable[[Ints], tuple[Faces, Faces]],
    width: int,
    faces: NDArray[np.int32],
    face_label: LabelIds,
    face_area: Ints,
) -> PlanarMap:
    """Walk cracks along arcs, and arcs around faces: cracks from corner `first` to `last`, each after `previous`.

    `beside` gives the faces left and right of some cracks.
    """
    order = chains(previous)
    begin, stop = order.items[order.offsets[:-1]], order.items[order.offsets[1:] - 1]
    left, right = beside(begin)
    start, end = first[begin], last[stop]
    first, direction = first[order.items], direction[order.items]
    ring_edges, ring_offsets, ring_face = _rings(start, end, left, right, order.closed)

    swept = _swept(first, direction, width)
    arc_area = row_sums(swept, order.offsets)
    signed = np.where(is_backward(ring_edges), -1, 1) * arc_area[arc_of(ring_edges)]
    ring_area = row_sums(signed, ring_offsets)
    return PlanarMap(
        len(faces), width, first, direction, order.offsets, left, right, start, end, order.closed,
        faces, face_label, face_area, ring_edges, ring_offsets, ring_face, ring_area,
    )  # fmt: skip


def ends_of(first: Ints, direction: NDArray[np.uint8], width: int) -> Ints:
    """The corner where each crack ends that starts from corner `first`."""
    ends: Ints = first + STEP_X[direction] + STEP_Y[direction] * (width + 1)
    return ends


def _padded(labels: NDArray[np.int32]) -> NDArray[np.int32]:
    height, width = labels.shape
    padded = np.full((height + 2, width + 2), OUTSIDE, np.int32)
    padded[1:-1, 1:-1] = labels
    return padded


def _joins_of(planar: PlanarMap) -> NDArray[np.uint8]:
    """Tell where pixels join across a corner in a map, as `_joins` does."""
    padded = _padded(np.append(planar.face_label, np.int32(OUTSIDE)).astype(np.int32)[planar.faces])
    return _joins(padded, _degree(*_differs(padded)))


def numbered(root: Ints, label: NDArray[np.int32]) -> tuple[NDArray[np.int32], Ints]:
    """Number components by their roots, (R,) for R runs of a label each: the face of each run, -1 outside, and the runs
    that are roots, (F,).
    """
    painted = label != OUTSIDE
    roots = np.flatnonzero(painted & (root == np.arange(len(root))))
    within("regions", len(roots), "the picture falls into", "blur it or use a smaller size")
    number = np.full(len(root), OUTSIDE, np.int32)
    number[roots] = np.arange(len(roots), dtype=np.int32)
    return np.where(painted, number[root], OUTSIDE).astype(np.int32), roots


def find_faces(labels: NDArray[np.int32]) -> tuple[NDArray[np.int32], LabelIds, Ints]:
    """Give the (H, W) face of each pixel of a label image, and the label and area of each face."""
    padded = np.pad(labels, 1, constant_values=OUTSIDE)
    down, across = _differs(padded)
    faces, face_label, face_area = _faces(padded, across, _joins(padded, _degree(down, across)))
    return faces[1:-1, 1:-1], face_label, face_area


def _differs(padded: NDArray[np.int32]) -> tuple[Bools, Bools]:
    """Whether a pixel differs from the one below it, (H + 1, W + 2), and from the one right of it, (H + 2, W + 1)."""
    return padded[:-1] != padded[1:], padded[:, :-1] != padded[:, 1:]


def _degree(down: Bools, across: Bools) -> NDArray[np.uint8]:
    """(H + 1, W + 1): how many cracks meet at each corner."""
    below, right = down.view(np.uint8), across.view(np.uint8)
    degree = below[:, :-1] + below[:, 1:]
    degree += right[:-1]
    degree += right[1:]
    return degree


def _joins(padded: NDArray[np.int32], degree: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(H + 1, W + 1): 1 where north-west and south-east pixels touch at a corner and join, 2 for the other diagonal."""
    joins = np.zeros(degree.shape, np.uint8)
    corner = np.flatnonzero(degree == 4)
    if not len(corner):
        return joins
    wide = padded.shape[1]
    flat = padded.ravel()
    nw = corner + corner // (wide - 1)
    a, b = flat[nw], flat[nw + 1]
    falling, rising = a == flat[nw + wide + 1], b == flat[nw + wide]
    touch = falling | rising
    corner, a, b, falling, rising = corner[touch], a[touch], b[touch], falling[touch], rising[touch]
    rarity = _counts(padded[1:-1, 1:-1])
    rarer = (rarity[a + 1] < rarity[b + 1]) | ((rarity[a + 1] == rarity[b + 1]) & (a < b))
    joins.ravel()[corner] = np.where(np.where(falling & rising, rarer, falling), 1, 2)
    return joins


def _counts(labels: NDArray[np.int32]) -> Ints:
    """Pixels of each label, from -1 on."""
    total = np.zeros(int(labels.max()) + 2, np.int64)
    for top in range(0, len(labels), 64):  # few rows at a time: bincount makes 64-bit numbers of them
        total += np.bincount(labels[top : top + 64].ravel() + 1, minlength=len(total))
    return total


def _faces(
    padded: NDArray[np.int32], across: Bools, joins: NDArray[np.uint8]
) -> tuple[NDArray[np.int32], LabelIds, Ints]:
    """Number the connected parts of equal label, from 0 in reading order; (padded face image, label, area)."""
    flat = padded.ravel()
    wide = padded.shape[1]
    begins = np.ones(padded.shape, bool)
    begins[:, 1:] = across
    run = np.cumsum(begins, dtype=np.int32)
    run -= 1
    starts = np.flatnonzero(begins)
    # Of two runs that overlap in neighboring rows, one begins inside the other: look only below and above beginnings.
    below = starts[: np.searchsorted(starts, len(flat) - wide)]
    below = below[flat[below] == flat[below + wide]]
    above = starts[np.searchsorted(starts, wide) :]
    above = above[flat[above] == flat[above - wide]]
    corner = np.flatnonzero(joins)
    rising = joins.ravel()[corner] == 2
    diagonal = corner + corner // (wide - 1) + rising
    opposite = diagonal + np.where(rising, wide - 1, wide + 1)
    root = components(
        len(starts),
        np.concatenate([run[below], run[above], run[diagonal]]).astype(np.int64),
        np.concatenate([run[below + wide], run[above - wide], run[opposite]]).astype(np.int64),
    )
    label = flat[starts]
    number, roots = numbered(root, label)
    painted = label != OUTSIDE
    lengths = np.diff(np.append(starts, len(flat)))
    area = np.bincount(number[painted], weights=lengths[painted], minlength=len(roots)).astype(np.int64)
    return np.repeat(number, lengths).reshape(padded.shape), LabelIds(label[roots]), area


def _cracks(padded: NDArray[np.int32], down: Bools, across: Bools) -> tuple[Ints, NDArray[np.uint8], Ints, Ints]:
    """Every crack, in reading order: its first corner, its direction, and the padded pixels on its left and right."""
    wide = padded.shape[1]
    flat = padded.ravel()
    north = np.flatnonzero(down)  # between a pixel and the one below it: horizontal cracks
    east = flat[north] < flat[north + wide]
    first_h = north - north // wide - east  # the western end, as a corner of the unpadded picture, or the eastern one
    west = np.flatnonzero(across)
    west += west // (wide - 1)
    south = flat[west + 1] < flat[west]
    first_v = west - west // wide + np.where(south, 1 - wide, 0)  # the northern end, or the southern one
    return (
        np.concatenate([first_h, first_v]),
        np.concatenate([np.where(east, np.uint8(0), np.uint8(2)), np.where(south, np.uint8(1), np.uint8(3))]),
        np.concatenate([north + np.where(east, 0, wide), west + south]),
        np.concatenate([north + np.where(east, wide, 0), west + ~south]),
    )


def _previous(
    first: Ints, last: Ints, direction: NDArray[np.uint8], joins: NDArray[np.uint8], degree: NDArray[np.uint8]
) -> Ints:
    """The crack before each one in its arc, -1 after a node."""
    arriving = np.empty(degree.size, np.int32)  # written wherever it is read below, and there once
    arriving[last] = np.arange(len(last), dtype=np.int32)
    previous = np.where(degree.ravel()[first] == 2, arriving[first], -1).astype(np.int64)

    join = joins.ravel()
    link_joined(previous, first, last, direction, join[first], join[last])
    return previous


def link_joined(
    previous: Ints,
    first: Ints,
    last: Ints,
    direction: NDArray[np.uint8],
    join_first: NDArray[np.uint8],
    join_last: NDArray[np.uint8],
) -> None:
    """Tell the crack before each one, in place, where pixels join across the corner that it starts from.

    Two arcs pass such a corner: each turns around one of the two other pixels. `join_first` and `join_last` are the
    joins, as `_joins` has them, at the corners where cracks start and end.
    """
    leaving = np.flatnonzero(join_first)
    coming = np.flatnonzero(join_last)
    out_side = direction[leaving].astype(np.int64)  # the side of the corner on which a crack lies
    in_side = (direction[coming].astype(np.int64) + 2) % 4
    partner = np.where(join_first[leaving] == 1, _AROUND_NE_SW[out_side], _AROUND_NW_SE[out_side])
    keys_in = last[coming] * 4 + in_side
    order = np.argsort(keys_in, kind="stable")
    previous[leaving] = coming[order[np.searchsorted(keys_in[order], first[leaving] * 4 + partner)]]


_AROUND_NE_SW = np.array([3, 2, 1, 0])  # east with north, south with west
_AROUND_NW_SE = np.array([1, 0, 3, 2])  # east with south, west with north


def _swept(first: Ints, direction: NDArray[np.uint8], width: int) -> Ints:
    """Twice nothing, once the area: the part of the shoelace sum of each crack, so that areas are whole numbers."""
    x = first % (width + 1)
    return np.where(direction == 1, x, np.where(direction == 3, -x, 0))


def _rings(start: Ints, end: Ints, left: Faces, right: Faces, closed: Bools) -> tuple[HalfEdges, Ints, Faces]:
    """Walk the arcs around every face, keeping it on the right: (half-edges, offsets, face of each ring)."""
    count = len(start)
    half = np.arange(2 * count)
    face = np.where(half % 2, left[half // 2], right[half // 2])
    tail = np.where(half % 2, end[half // 2], start[half // 2])
    tip = np.where(half % 2, start[half // 2], end[half // 2])
    inside = np.flatnonzero(face != OUTSIDE)
    previous = np.full(2 * count, -1, np.int64)
    alone = inside[closed[inside // 2]]
    previous[alone] = alone
    # No face occurs twice around a node, so (node, face) tells which half-edge goes on where another ends.
    linked = inside[~closed[inside // 2]]
    leaving = linked[np.lexsort((face[linked], tail[linked]))]
    coming = linked[np.lexsort((face[linked], tip[linked]))]
    previous[leaving] = coming
    number = np.full(2 * count, -1, np.int64)
    number[inside] = np.arange(len(inside))
    rings = chains(number[previous[inside]])
    edges = inside[rings.items]
    return HalfEdges(edges), rings.offsets, Faces(face[edges[rings.offsets[:-1]]])
