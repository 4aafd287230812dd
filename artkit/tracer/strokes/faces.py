"""Faces that may be strokes, each on a map of its own."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from artkit.arrays import Bools, Faces, Floats, HalfEdges, Ints, distinct
from artkit.planar.map import OUTSIDE, STEP_X, STEP_Y, PlanarMap, planar_map
from artkit.planar.outlines import expand
from artkit.planar.samples import on_edge

LONG = 21.0
"""The least square of a face's border by its area: 12.6 is a disc, 21 a bar three times as long as wide."""

THIN = 1.0
"""The least width in pixels: of thinner strokes no border tells the width."""

MARGIN = 0.3
"""A face with more of its border on the edge of the sheet, beside the rest, is the margin of what lies in it."""

FACES = 600
"""At most so many faces are tried, those of the longest borders."""


class Alone(NamedTuple):
    """A face on a map of its own: the map, where its borders run, its place and its estimated width.

    `corner` is x and y of the map's origin on the whole map.
    """

    face: int
    planar: PlanarMap
    samples: Floats
    corner: Floats
    width: float

    @property
    def rings(self) -> list[Floats]:
        """Samples of the border, ring by ring, in order, on the whole map."""
        found = []
        for low, high in pairwise(self.planar.ring_offsets.tolist()):
            crack, _, _ = expand(self.planar, HalfEdges(self.planar.ring_edges[low:high]), np.array([0, high - low]))
            found.append(self.samples[crack] + self.corner)
        return found


def candidates(planar: PlanarMap) -> list[int]:
    """Faces that are long and narrow, the longest borders first."""
    edge = on_edge(planar)
    length, beside = _border_lengths(planar, ~edge), _border_lengths(planar, edge)
    area = np.maximum(planar.face_area, 1)
    fair = (length * length / area >= LONG) & (2 * area / np.maximum(length, 1) >= THIN / 2)
    fair &= beside <= MARGIN * length
    found = np.flatnonzero(fair)
    order: list[int] = found[np.lexsort((found, -length[found]))][:FACES].tolist()
    return order


def _border_lengths(planar: PlanarMap, some: Bools) -> Ints:
    """Number of these cracks around each face."""
    arc = planar.arc_of[some]
    count = np.zeros(len(planar.face_area) + 1, np.int64)
    for side in (planar.left[arc], planar.right[arc]):
        np.add.at(count, np.where(side == OUTSIDE, len(planar.face_area), side), 1)
    return count[:-1]


def boxes_of(planar: PlanarMap) -> Ints:
    """Left, top, right and bottom of each face, (faces, 4), in lattice lines."""
    y, x = np.divmod(planar.corner, planar.width + 1)
    low, high = np.full((2, len(planar.face_area) + 1), 1 << 40), np.zeros((2, len(planar.face_area) + 1), np.int64)
    arc = planar.arc_of
    steps = STEP_X[planar.direction], STEP_Y[planar.direction]
    for side in (planar.left[arc], planar.right[arc]):
        for axis, (place, step) in enumerate(zip((x, y), steps, strict=True)):
            np.minimum.at(low[axis], side, np.minimum(place, place + step))
            np.maximum.at(high[axis], side, np.maximum(place, place + step))
    found: Ints = np.vstack([low, high]).T[:-1]
    return found


def alone(planar: PlanarMap, samples: Floats, keys: tuple[Ints, Ints], face: int, box: Ints) -> Alone:
    """Take a face out of a map; `keys` are those of its cracks in order, and the order, `box` is its own."""
    left, top, right, bottom = box.tolist()
    inside = planar.faces[top:bottom, left:right] == face
    own = np.where(inside, np.int32(0), np.int32(OUTSIDE))
    small = planar_map(own)
    corner = np.array([left, top], np.float64)
    spot = keys[1][np.searchsorted(keys[0], crack_keys(small, left, top, planar.width))]
    width = 2 * int(inside.sum()) / max(len(small.direction), 1)
    return Alone(face, small, samples[spot] - corner, corner, width)


def sorted_keys(planar: PlanarMap) -> tuple[Ints, Ints]:
    """Keys of all cracks in order, and the order."""
    keys = crack_keys(planar, 0, 0, planar.width)
    order = np.argsort(keys, kind="stable")
    return keys[order], order


def crack_keys(planar: PlanarMap, left: int, top: int, width: int) -> Ints:
    """Number each crack by its place on a map so wide, whichever way it is walked."""
    y, x = np.divmod(planar.corner, planar.width + 1)
    upright = planar.direction % 2 == 1
    y = y - (planar.direction == 3) + top
    x = x - (planar.direction == 2) + left
    keys: Ints = (y * (width + 1) + x) * 2 + upright
    return keys


def faces_beside(planar: PlanarMap, face: int) -> Faces:
    """Faces that share a border with one."""
    left, right = planar.left == face, planar.right == face
    return Faces(distinct(np.concatenate([planar.right[left], planar.left[right]])))
