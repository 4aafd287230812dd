"""Sheets of thin ink in, shapes out; what looks alike, as letters do, is drawn once and set where it stands.

Patches of ink are packed on a sheet of their own, row by row, so that empty paper costs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import TRANSPARENT, Bools, Floats, Ints, Pixels
from artkit.artwork.drawing import Path, Shape
from artkit.color.palette import name_of
from artkit.planar.map import PlanarMap
from artkit.raster.masks import grown
from artkit.tracer.assemble import Borders, drawn
from artkit.tracer.found import Regions
from artkit.tracer.regions.edges import inner_sides
from artkit.tracer.regions.sharpen import FINE, FIR, sharpened, sharpened_thirds
from artkit.tracer.regions.thin import Thin

TOLERANCE = 0.1
"""How far outlines may stray by themselves, in pixels of the picture."""

LARGEST = 64 * 256
"""Pixels of a patch at the most; what is larger is drawn where it stands."""

MARGIN = 4
"""Pixels of paper around a patch: nothing of the next one is felt."""

ROW = 1024
"""Pixels of a row of patches, at the least."""

ALIKE = 24
"""Rows or columns that look alike, as those of frames do, of which no more are drawn: the rest is stretched."""

TILE, BESIDE = 160, 10
"""Pixels of a side of the squares in which edges are found, and those around that are looked at, too."""


@dataclass(frozen=True, eq=False)
class Sheet:
    """Ink on paper: `label` (H, W) is its color's number, -1 where there is none, and the rest as in `Thin`."""

    label: NDArray[np.int32]
    coverage: NDArray[np.float32]
    thirds: Bools
    ruled: Bools
    order: int


@dataclass(frozen=True, eq=False)
class _Patch:
    """An object's own pixels in its box, with the color that it has, and what was left out of long straight parts.

    `rows` and `columns` are two lists each: places in the patch, and how many pixels the picture has more there.
    """

    left: int
    top: int
    ink: int
    own: Bools
    coverage: NDArray[np.float32]
    thirds: Bools
    ruled: Bools
    rows: tuple[Ints, Ints]
    columns: tuple[Ints, Ints]

    @property
    def look(self) -> bytes:
        """The same for patches that look alike."""
        cover = np.rint(255 * self.coverage).astype(np.uint8)
        return b"%d %d %d " % (*self.own.shape, self.thirds.any()) + cover.tobytes()

    def placed(self, shape: Shape, x: int, y: int, fill: str) -> Shape:
        """Give what was drawn of this patch, at x and y on its sheet, as it is in the picture."""
        moved = []
        for path in shape.paths:
            across, down = (path.points - (x, y)).T
            places = _stretched(across, *self.columns) + self.left, _stretched(down, *self.rows) + self.top
            moved.append(path._replace(points=np.column_stack(places)))
        return shape._replace(paths=moved, fill=fill)


def _stretched(values: Floats, at: Ints, more: Ints) -> Floats:
    """Move places beyond each of `at` by so much `more`."""
    moved: Floats = values + (more * (values[:, None] > at)).sum(1)
    return moved


def ink_shapes(thin: Thin, borders: Borders) -> list[Shape]:
    """Draw thin ink."""
    patches = _patches(thin)
    large = np.array([patch.own.size > LARGEST for patch in patches] + [False])
    shapes: list[Shape] = []
    if large.any():
        here = large[thin.part]
        label, cover = np.where(here, thin.ink, np.int32(-1)), thin.coverage * here[..., None]
        shapes = outlined(Sheet(label, cover, thin.thirds & here, thin.ruled & here, thin.order), thin.colors, borders)
    some = [patch for patch in patches if 0 < patch.own.size <= LARGEST]
    return shapes + _repeated(some, thin.order, thin.colors, borders)


def _patches(thin: Thin) -> list[_Patch]:
    """One for each object, of no size where there is none of a number."""
    y, x = np.nonzero(thin.part >= 0)
    of = thin.part[y, x]
    count = int(thin.part.max(initial=-1)) + 1
    low, high = np.full((count, 2), max(thin.part.shape)), np.zeros((count, 2), np.int64)
    for axis, place in enumerate((y, x)):
        np.minimum.at(low[:, axis], of, place)
        np.maximum.at(high[:, axis], of, place + 1)
    return [_patch(thin, k, *low[k].tolist(), *high[k].tolist()) for k in range(count)]


def _patch(thin: Thin, k: int, top: int, left: int, bottom: int, right: int) -> _Patch:
    box = np.s_[top:bottom, left:right]
    own = thin.part[box] == k
    cover = thin.coverage[box] * own[..., None]
    keep_y, rows = _shortened(cover)
    keep_x, columns = _shortened(cover.transpose(1, 0, 2))
    kept = np.ix_(keep_y, keep_x)
    ink = int(thin.ink[box][own][0]) if own.any() else -1
    own = own[kept]
    return _Patch(
        left, top, ink, own, cover[kept], thin.thirds[box][kept] & own, thin.ruled[box][kept] & own, rows, columns
    )


def _shortened(rows: NDArray[np.float32]) -> tuple[Ints, tuple[Ints, Ints]]:
    """Leave out the middle of more than `ALIKE` equal rows (H, ...), as frames have: nothing is told by more of them.

    Gives the rows that are kept, and places among these with how many are missing.
    """
    if len(rows) <= ALIKE:
        return np.arange(len(rows)), (np.zeros(0, np.int64), np.zeros(0, np.int64))
    change = np.append(True, (rows[1:] != rows[:-1]).reshape(len(rows) - 1, -1).any(1))
    first = np.flatnonzero(change)
    length = np.diff(np.append(first, len(rows)))
    within = np.arange(len(rows)) - np.repeat(first, length)
    whole = np.repeat(length, length)
    keep = (whole <= ALIKE) | (within < ALIKE // 2) | (within >= whole - ALIKE // 2)
    long = length > ALIKE
    at = np.cumsum(keep, dtype=np.int64)[first[long] + ALIKE // 2 - 1]
    return np.flatnonzero(keep).astype(np.int64), (at, (length[long] - ALIKE).astype(np.int64))


def _repeated(patches: list[_Patch], order: int, colors: Pixels, borders: Borders) -> list[Shape]:
    """Draw patches, those that look alike once."""
    known: dict[bytes, int] = {}
    kinds = [known.setdefault(patch.look, len(known)) for patch in patches]
    first = [patches[kinds.index(kind)] for kind in range(len(known))]
    places, sheet = _packed(first, order)
    cell = np.full(sheet.label.shape, -1, np.int32)
    for n, (patch, (x, y)) in enumerate(zip(first, places, strict=True)):
        height, width = patch.own.shape[0], patch.own.shape[1]
        cell[y - MARGIN : y + height + MARGIN, x - MARGIN : x + width + MARGIN] = n
    drawings: list[list[Shape]] = [[] for _ in first]
    for shape in outlined(sheet, np.zeros((1, 3), np.uint8), borders):
        column, row = shape.paths[0].points[0].astype(int).tolist()
        drawings[cell[row, column]].append(shape)
    return [
        patch.placed(shape, *places[kind], name_of(colors[patch.ink]))
        for patch, kind in zip(patches, kinds, strict=True)
        for shape in drawings[kind]
    ]


def _packed(patches: list[_Patch], order: int) -> tuple[list[tuple[int, int]], Sheet]:
    """Set patches on a sheet in rows, tall ones first; gives x and y of each, and the sheet."""
    tallest = sorted(range(len(patches)), key=lambda n: (-patches[n].own.shape[0], n))
    row = max([ROW] + [patch.own.shape[1] + 2 * MARGIN for patch in patches])
    places = [(0, 0)] * len(patches)
    x = y = tall = 0
    for n in tallest:
        height, width = patches[n].own.shape[0] + 2 * MARGIN, patches[n].own.shape[1] + 2 * MARGIN
        if x + width > row:
            x, y, tall = 0, y + tall, 0
        places[n] = x + MARGIN, y + MARGIN
        x, tall = x + width, max(tall, height)
    shape = max(y + tall, 1), row
    sheet = Sheet(
        np.full(shape, -1, np.int32),
        np.zeros((*shape, 3), np.float32),
        np.zeros(shape, bool),
        np.zeros(shape, bool),
        order,
    )
    for patch, (x, y) in zip(patches, places, strict=True):
        target = np.s_[y : y + patch.own.shape[0], x : x + patch.own.shape[1]]
        sheet.label[target] = np.where(patch.own, 0, -1)
        sheet.coverage[target] = patch.coverage
        sheet.thirds[target], sheet.ruled[target] = patch.thirds, patch.ruled
    return places, sheet


def outlined(sheet: Sheet, colors: Pixels, borders: Borders) -> list[Shape]:
    """Draw the ink of a sheet in its `colors` (K, 3)."""
    inside = _inside(sheet)
    tolerance = FINE * (TOLERANCE if borders.tolerance is None else borders.tolerance)
    regions = Regions("flat", _labels(sheet, inside), colors, lambda planar: _offsets(planar, inside))
    drawing = drawn(regions, replace(borders, tolerance=tolerance), "merged", fixed=True)
    return [
        shape._replace(paths=[_moved(path, path.points / FINE) for path in shape.paths]) for shape in drawing.shapes
    ]


def _moved(path: Path, points: Floats) -> Path:
    return path._replace(points=points)


def _inside(sheet: Sheet) -> NDArray[np.float32]:
    """(3 H, 3 W): above zero where ink is, below where not, on a grid three times as fine."""

    height, width = sheet.label.shape
    inside = np.full((FINE * height, FINE * width), np.float32(-0.5))
    for top in range(0, height, TILE):
        for left in range(0, width, TILE):
            here = np.s_[top : top + TILE, left : left + TILE]
            if not (sheet.label[here] >= 0).any():
                continue
            y, x = max(top - BESIDE, 0), max(left - BESIDE, 0)
            around = np.s_[y : top + TILE + BESIDE, x : left + TILE + BESIDE]
            found = _told(sheet.coverage[around], sheet.thirds[around], sheet.order)
            rows, columns = min(TILE, height - top), min(TILE, width - left)
            y, x = FINE * (top - y), FINE * (left - x)
            inside[FINE * top : FINE * (top + rows), FINE * left : FINE * (left + columns)] = found[
                y : y + FINE * rows, x : x + FINE * columns
            ]
    beside = grown(sheet.ruled, 1)
    ruled = sheet.ruled | (beside & ~sheet.coverage.any(2))
    exact = np.where(sheet.ruled, np.float32(0.5), np.float32(-0.5))
    return np.where(_finer(ruled), _finer(exact), inside)


def _told(coverage: NDArray[np.float32], thirds: Bools, order: int) -> NDArray[np.float32]:
    """Like `_inside`, without ruled lines."""
    found = []
    plain = np.where(thirds, np.float32(0), coverage.mean(2, dtype=np.float32))
    if plain.any() or not thirds.any():
        found.append(sharpened(plain))
    if thirds.any():
        stripes = np.where(thirds[..., None], coverage, np.float32(0))[..., :: order or 1]
        rows = np.ascontiguousarray(stripes.reshape(len(stripes), -1))
        found.append(sharpened_thirds(rows, FIR))
    return np.maximum(found[0], found[-1])


def _finer(values: NDArray[Any]) -> NDArray[Any]:
    return values.repeat(FINE, 0).repeat(FINE, 1)


def _labels(sheet: Sheet, inside: NDArray[np.float32]) -> NDArray[np.int32]:
    """(3 H, 3 W): the ink where there is some, TRANSPARENT elsewhere; a little beyond its pixels, too."""
    import cv2

    spread = np.asarray(cv2.dilate(sheet.label.astype(np.float32), np.ones((3, 3), np.uint8))).astype(np.int32)
    label = _finer(np.where(sheet.label >= 0, sheet.label, spread))
    return np.where((inside > 0) & (label >= 0), label, TRANSPARENT).astype(np.int32)


def _offsets(planar: PlanarMap, inside: NDArray[np.float32]) -> Floats:
    """How far the edge stands from each crack, in pixels of the fine grid: where `inside` passes zero."""
    crack, p, q = inner_sides(planar)
    offset, flat = np.zeros(len(planar.direction)), inside.ravel().astype(np.float64)
    a, b = flat[p], flat[q]
    passes = a * b < 0
    offset[crack[passes]] = a[passes] / (a[passes] - b[passes]) - 0.5
    return offset
