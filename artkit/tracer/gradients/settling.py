"""Small faces given to those around them, unless these explain them much worse."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Floats, Ints, Pixels
from artkit.planar.map import find_faces
from artkit.raster.masks import grown
from artkit.tracer.gradients.mixing import FARTHEST, Colors, Found, carried, mixed, nearest_cells
from artkit.tracer.regions.flat import Mixtures

SPECK = 6
"""Fewer pixels than this, none of which tells a color, are no face."""

SMALL = 200
"""A face of fewer pixels must be worth a shape of its own."""

WORTH = 6000.0
"""Squared error that a small face must save."""


@dataclass(eq=False)
class Explained:
    """How each pixel (H, W) is explained; see `Mixtures` and `Found`."""

    owner: NDArray[np.int32]
    other: NDArray[np.int32]
    coverage: NDArray[np.float32]
    contrast: Floats
    apart: Floats
    distance: Floats

    def change(self, y: Ints, x: Ints, found: Found) -> None:
        """Explain the pixels (y, x) otherwise."""
        for name in ("owner", "other", "coverage", "contrast", "apart", "distance"):
            getattr(self, name)[y, x] = getattr(found, name)


def settled(pixels: Pixels, known: Explained, seed: NDArray[np.int32], colors: Colors) -> Mixtures:
    """Give small faces to those around them, the smallest first, unless these explain them much worse.

    What mixes such a face's color is explained anew, too; `seed` loses what goes.
    """
    for _ in range(2):
        faces, label, area = find_faces(known.owner)
        sure = np.bincount(faces[(seed == known.owner) & (faces >= 0)], minlength=len(area)) > 0
        boxes = _boxes(faces, len(area))
        small = np.flatnonzero(area < SMALL)
        gone = 0
        for face in small[np.argsort(area[small], kind="stable")].tolist():
            top, bottom, left, right = boxes[face]
            room = np.s_[max(top - FARTHEST, 0) : bottom + FARTHEST + 1, max(left - FARTHEST, 0) : right + FARTHEST + 1]
            gone += _given(room, faces, face, int(label[face]), bool(sure[face]), pixels, known, seed, colors)
        if not gone:
            break
    return Mixtures(known.owner, known.other, known.coverage, np.zeros((0, 3)))


def _given(
    room: tuple[slice, slice],
    faces: NDArray[np.int32],
    face: int,
    label: int,
    sure: bool,
    pixels: Pixels,
    known: Explained,
    seed: NDArray[np.int32],
    colors: Colors,
) -> bool:
    """Give a face to those around it if that is no great loss, and tell whether it was given."""

    own = faces[room] == face
    rim = grown(own, 2)
    y, x = np.nonzero(own | (rim & (known.other[room] == label) & (known.owner[room] != label)))
    around = np.where(own, -1, seed[room])
    near, place = nearest_cells(around, y, x, FARTHEST)
    touching, _ = nearest_cells(np.where(own, -1, known.owner[room]), y, x, 2)
    beside = (near[:, :, None] == touching[:, None, :]).any(2) | (np.arange(4) == 0)
    part = Colors(colors.value[room], colors.by_x[room], colors.by_y[room])
    found = mixed(pixels[room][y, x].astype(float), np.where(beside, near, -1), *carried(part, place, y, x))
    y, x = y + room[0].start, x + room[1].start
    more = (np.minimum(found.distance, 50) ** 2 - np.minimum(known.distance[y, x], 50) ** 2).sum()
    goes = (more <= WORTH or (not sure and len(y) < SPECK)) and bool((found.owner >= 0).all())
    if goes:
        known.change(y, x, found)
        seed[room][own] = -1
    return goes


def _boxes(faces: NDArray[np.int32], count: int) -> list[tuple[int, int, int, int]]:
    """First and last row, first and last column of each face."""
    height, width = faces.shape
    inside = np.flatnonzero(faces >= 0)
    face = faces.ravel()[inside]
    boxes = []
    for place, most in ((inside // width, height), (inside % width, width)):
        low, high = np.full(count, most), np.full(count, -1)
        np.minimum.at(low, face, place)
        np.maximum.at(high, face, place)
        boxes += [low, high]
    return list(zip(*(box.tolist() for box in boxes), strict=True))
