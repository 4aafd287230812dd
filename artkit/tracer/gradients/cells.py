"""Cells of a drawing of gradients: where the color changes smoothly, and which of them each pixel of an edge mixes.

Calm pixels that hang together are a cell. Every other pixel is a mixture of two cells close by, whose colors are
carried on from their nearest calm pixels, as the color changes there. What no two explain is a thin part of a color of
its own: the most extreme one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Floats, Ints, Pixels
from artkit.planar.map import find_faces
from artkit.tracer.gradients.look import SOFT, is_calm
from artkit.tracer.gradients.seeds import seeds
from artkit.tracer.regions.flat import Mixtures

REACH = 4
"""How far from an edge's pixel the cells are that it mixes, in pixels."""

FARTHEST = 8
"""The same for what none that near explain: the points of wedges."""

WINDOW = 7
"""Side of the square in which the change of a color is measured, in pixels."""

EXPLAINED = 7.0
"""A pixel this close to a mixture (RGB distance) is explained by it."""

OWN = 3.0
"""A pixel this close to a cell's color is all of it."""

PRICES = 0.5
"""What a cell costs that is farther than another, in levels of RGB distance."""

LEAST = 3
"""Pixels that none explain make a cell of their own, if they are so many."""

ROUNDS = 3
"""How often thin parts are looked for."""

SUDDEN, FAINT = 0.42, 5.0
"""An edge changes by this part of its contrast from one pixel to the next, and by so many levels (RGB distance)."""

SPECK = 6
"""Fewer pixels than this, none of which tells a color, are no face."""

SMALL = 200
"""A face of fewer pixels must be worth a shape of its own."""

WORTH = 6000.0
"""Squared error that a small face must save."""


@dataclass(eq=False)
class _Colors:
    """What each pixel's color is, and how it changes from pixel to pixel, in x and in y: all (H, W, 3)."""

    value: NDArray[np.float32]
    by_x: NDArray[np.float32]
    by_y: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Cells:
    """Mixtures of cells; `inner` (H, W) are the pixels that tell a cell's colors, `count` the number of cells.

    `step` (H, W) is how far apart the two colors of a mixture are there, or a pixel's color and one beside it; where
    what lies between their nearest calm pixels is no sudden change, it is 0.
    """

    mixed: Mixtures
    step: Floats
    inner: Bools
    count: int


def found_cells(pixels: Pixels, opaque: Bools | None) -> Cells:
    """Find the cells of an (H, W, 3) picture, and explain every pixel that is `opaque` as one or a mixture of two."""
    painted = np.ones(pixels.shape[:2], bool) if opaque is None else opaque
    calm = is_calm(pixels, SOFT) & painted
    seed, count = seeds(calm)
    colors = _changing(pixels.astype(np.float32), seed)
    owner = _grown(seed, calm)
    other, coverage = owner.copy(), np.ones(owner.shape, np.float32)
    y, x = np.nonzero(painted & (owner < 0))
    for turn in range(ROUNDS + 1):
        found = _explained(pixels, seed, colors, y, x, REACH)
        lost = np.flatnonzero(found.distance > EXPLAINED)
        if len(lost):
            found.update(lost, _explained(pixels, seed, colors, y[lost], x[lost], FARTHEST), better=True)
            lost = lost[found.distance[lost] > EXPLAINED]
        if turn == ROUNDS or not len(lost):
            break
        more = _thin_seeds(pixels, seed, colors, y[lost], x[lost], found.ground[lost], count)
        if more == count:
            break
        count = more
    owner[y, x], other[y, x], coverage[y, x] = found.owner, found.other, found.coverage
    if (owner < 0)[painted].any():
        count = _given_to_nearest(owner, painted, count)
        other = np.where(other < 0, owner, other)
    contrast, apart, distance = np.zeros((3, *owner.shape))
    contrast[y, x], apart[y, x], distance[y, x] = found.contrast, found.apart, found.distance
    known = _Explained(owner, other, coverage, contrast, apart, distance)
    mixed = _settled(pixels, known, seed, colors)
    steps = _steps(pixels)
    sudden = ~calm & (steps > np.maximum(FAINT, SUDDEN * known.apart))
    # An edge between two rows of pixels leaves none that mix both its colors.
    step = np.where(sudden, np.where(owner == other, steps, known.contrast), 0)
    return Cells(mixed, step, (seed >= 0) & (seed == owner), count)


def _steps(pixels: Pixels) -> Floats:
    """(H, W): RGB distance of each pixel from the one that differs most of the four beside it."""
    values = pixels.astype(np.float64)
    most = np.zeros(pixels.shape[:2])
    for axis in (0, 1):
        step = np.sqrt((np.diff(values, axis=axis) ** 2).sum(2))
        ahead, behind = [(0, 0), (0, 0)], [(0, 0), (0, 0)]
        ahead[axis], behind[axis] = (1, 0), (0, 1)
        most = np.maximum(most, np.maximum(np.pad(step, ahead), np.pad(step, behind)))
    return most


def _given_to_nearest(owner: NDArray[np.int32], painted: Bools, count: int) -> int:
    """Give pixels without a cell that of the nearest pixel with one, in place; a cell for all where there is none."""
    import cv2

    if not (owner >= 0).any():
        owner[painted] = 0
        return 1
    mask = (owner < 0).view(np.uint8)
    number = cv2.distanceTransformWithLabels(mask, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)[1]
    cell = np.zeros(int(number.max()) + 1, np.int32)
    cell[number[mask == 0]] = owner[mask == 0]
    lost = painted & (owner < 0)
    owner[lost] = cell[number[lost]]
    return count


def _changing(values: NDArray[np.float32], seed: NDArray[np.int32]) -> _Colors:
    """Measure how the color changes between pixels of one cell, by means over a window."""
    import cv2

    def mean(axis: int) -> NDArray[np.float32]:
        change, known = np.zeros_like(values), np.zeros(seed.shape, np.float32)
        ahead = (slice(None), slice(1, None)) if axis else (slice(1, None), slice(None))
        back = (slice(None), slice(None, -1)) if axis else (slice(None, -1), slice(None))
        same = (seed[ahead] == seed[back]) & (seed[ahead] >= 0)
        change[ahead] = np.where(same[..., None], values[ahead] - values[back], 0)
        known[ahead] = same
        size = (WINDOW, WINDOW)
        total = np.asarray(cv2.boxFilter(change, -1, size, normalize=False, borderType=cv2.BORDER_CONSTANT))
        number = np.asarray(cv2.boxFilter(known, -1, size, normalize=False, borderType=cv2.BORDER_CONSTANT))
        return np.asarray(total / np.maximum(number, 1)[..., None], np.float32)

    return _Colors(values.copy(), mean(1), mean(0))


def _grown(seed: NDArray[np.int32], calm: Bools) -> NDArray[np.int32]:
    """Give calm pixels beside a core its cell."""
    padded = np.pad(seed, 1, constant_values=-1)
    owner = seed.copy()
    height, width = seed.shape
    for dy, dx in ((0, 1), (1, 0), (0, -1), (-1, 0), (1, 1), (1, -1), (-1, -1), (-1, 1)):
        beside = padded[1 + dy : 1 + dy + height, 1 + dx : 1 + dx + width]
        owner = np.where((owner < 0) & calm, beside, owner)
    return owner


@dataclass(eq=False)
class _Found:
    """How each of N pixels is explained; `ground` is the color of the nearest cell there, `contrast` how far apart the
    two colors of a mixture are, and `apart` those of the calm pixels that they are carried on from.
    """

    owner: NDArray[np.int32]
    other: NDArray[np.int32]
    coverage: Floats
    distance: Floats
    ground: Floats
    contrast: Floats
    apart: Floats

    def update(self, where: Ints, by: _Found, *, better: bool = False) -> None:
        rows = np.flatnonzero(by.distance < self.distance[where] - 1) if better else np.arange(len(where))
        for name in ("owner", "other", "coverage", "distance", "ground", "contrast", "apart"):
            getattr(self, name)[where[rows]] = getattr(by, name)[rows]


def _near(seed: NDArray[np.int32], y: Ints, x: Ints, reach: int) -> tuple[NDArray[np.int32], Ints]:
    """(N, 4): up to four cells within reach of each pixel, nearest first, -1 where there are fewer; and the pixel of
    each that is nearest, by its number in reading order.
    """
    width = seed.shape[1]
    padded = np.pad(seed, reach, constant_values=-1)
    steps = [(dy, dx) for dy in range(-reach, reach + 1) for dx in range(-reach, reach + 1) if dy or dx]
    steps = [step for step in steps if step[0] ** 2 + step[1] ** 2 <= reach * reach + 1]
    steps.sort(key=lambda step: (step[0] ** 2 + step[1] ** 2, step))
    near = np.full((len(y), 4), -1, np.int32)
    place = np.zeros((len(y), 4), np.int64)
    number = np.zeros(len(y), np.int64)
    own = seed[y, x]
    near[:, 0], place[:, 0] = own, y * width + x
    number += own >= 0
    for dy, dx in steps:
        label = padded[y + dy + reach, x + dx + reach]
        new = np.flatnonzero((label >= 0) & (number < 4) & (near != label[:, None]).all(1))
        near[new, number[new]] = label[new]
        place[new, number[new]] = (y[new] + dy) * width + x[new] + dx
        number[new] += 1
    return near, place


def _nearest(seed: NDArray[np.int32], y: Ints, x: Ints, reach: int) -> tuple[NDArray[np.int32], Ints]:
    """Give what `_near` gives, by a look at each cell: for small pictures of few cells."""
    import cv2

    labels = np.unique(seed)
    labels = labels[labels >= 0]
    near, place = np.full((len(y), 4), -1, np.int32), np.zeros((len(y), 4), np.int64)
    if not len(labels):
        return near, place
    far, spot = np.empty((len(y), len(labels))), np.empty((len(y), len(labels)), np.int64)
    for k, label in enumerate(labels.tolist()):
        mask = (seed != label).view(np.uint8)
        away, number = cv2.distanceTransformWithLabels(mask, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
        pixel = np.zeros(int(number.max()) + 1, np.int64)
        pixel[number[mask == 0]] = np.flatnonzero(mask.ravel() == 0)
        far[:, k], spot[:, k] = away[y, x], pixel[number[y, x]]
    order = np.argsort(far, axis=1, kind="stable")[:, :4]
    close = np.take_along_axis(far, order, 1) <= reach + 0.5
    width = order.shape[1]
    near[:, :width] = np.where(close, labels[order], -1)
    place[:, :width] = np.take_along_axis(spot, order, 1)
    return near, place


def _carried(colors: _Colors, place: Ints, y: Ints, x: Ints) -> tuple[Floats, Floats]:
    """(N, K, 3): colors of the pixels `place` (N, K), carried on to the pixels (y, x), and as they are."""
    width = colors.value.shape[1]
    from_y, from_x = np.divmod(place, width)
    flat = [part.reshape(-1, 3) for part in (colors.value, colors.by_x, colors.by_y)]
    value, by_x, by_y = (part[place].astype(np.float64) for part in flat)
    moved = value + by_x * (x[:, None] - from_x)[..., None] + by_y * (y[:, None] - from_y)[..., None]
    return np.clip(moved, 0, 255), value


PAIRS = ((0, 1), (0, 2), (1, 2), (0, 3), (1, 3), (2, 3))


def _explained(pixels: Pixels, seed: NDArray[np.int32], colors: _Colors, y: Ints, x: Ints, reach: int) -> _Found:
    """Mix each pixel of two cells close by; of pairs that explain it equally well, the nearer ones."""
    near, place = _near(seed, y, x, reach)
    return _mixed(pixels[y, x].astype(np.float64), near, *_carried(colors, place, y, x))


def _mixed(values: Floats, near: NDArray[np.int32], tint: Floats, calm: Floats) -> _Found:
    count = len(values)
    known = near >= 0
    away = np.sqrt(((values[:, None] - tint) ** 2).sum(2)) + PRICES * np.arange(4)
    away[~known] = np.inf
    alone = away.argmin(1) if count else np.zeros(0, np.int64)
    rows = np.arange(count)
    owner = near[rows, alone].copy()
    other, cover = owner.copy(), np.ones(count)
    distance = away[rows, alone] if count else np.zeros(0)
    pure = distance <= OWN
    best = np.where(pure, -1.0, distance)
    contrast, apart = np.zeros((2, count))
    for price, (i, j) in enumerate(PAIRS):
        both = np.flatnonzero(known[:, i] & known[:, j] & (best > 0))
        a, b = tint[both, i], tint[both, j]
        along = a - b
        share = np.clip(((values[both] - b) * along).sum(1) / np.maximum((along**2).sum(1), 1e-6), 0, 1)
        off = np.sqrt(((values[both] - b - share[:, None] * along) ** 2).sum(1)) + PRICES * price
        better = off < best[both]
        both, share, off = both[better], share[better], off[better]
        best[both] = distance[both] = off
        swap = share < 0.5
        owner[both] = np.where(swap, near[both, j], near[both, i])
        other[both] = np.where(swap, near[both, i], near[both, j])
        cover[both] = np.where(swap, 1 - share, share)
        contrast[both] = np.sqrt((along[better] ** 2).sum(1))
        apart[both] = np.sqrt(((calm[both, i] - calm[both, j]) ** 2).sum(1))
    return _Found(owner, other, cover, np.where(np.isfinite(distance), distance, 1e3), tint[:, 0], contrast, apart)


def _thin_seeds(
    pixels: Pixels, seed: NDArray[np.int32], colors: _Colors, y: Ints, x: Ints, ground: Floats, count: int
) -> int:
    """Make cells, in place, of the extremes of what none explain; give the number of cells then."""
    import cv2

    mask = np.zeros(seed.shape, np.uint8)
    mask[y, x] = 1
    parts = cv2.connectedComponents(mask, connectivity=8)[1][y, x]
    away = ((pixels[y, x] - ground) ** 2).sum(1)
    order = np.lexsort((np.arange(len(y)), -away, parts))
    first = np.flatnonzero(np.append(True, np.diff(parts[order]) > 0))
    size = np.diff(np.append(first, len(order)))
    extreme = order[first]
    kept = size >= LEAST
    chosen = np.full(int(parts.max(initial=0)) + 1, -1, np.int64)
    chosen[parts[extreme[kept]]] = extreme[kept]
    mine = chosen[parts]
    some = np.flatnonzero(mine >= 0)
    like = np.sqrt(((pixels[y[some], x[some]].astype(float) - pixels[y[mine[some]], x[mine[some]]]) ** 2).sum(1))
    some = some[like <= 2 * EXPLAINED]
    number = np.full(len(chosen), -1, np.int64)
    number[parts[extreme[kept]]] = count + np.arange(int(kept.sum()))
    seed[y[some], x[some]] = number[parts[some]]
    colors.value[y[some], x[some]] = pixels[y[mine[some]], x[mine[some]]]
    colors.by_x[y[some], x[some]] = colors.by_y[y[some], x[some]] = 0
    return count + int(kept.sum())


@dataclass(eq=False)
class _Explained:
    """How each pixel (H, W) is explained; see `Mixtures` and `_Found`."""

    owner: NDArray[np.int32]
    other: NDArray[np.int32]
    coverage: NDArray[np.float32]
    contrast: Floats
    apart: Floats
    distance: Floats

    def change(self, y: Ints, x: Ints, found: _Found, which: Bools) -> None:
        y, x = y[which], x[which]
        for name in ("owner", "other", "coverage", "contrast", "apart", "distance"):
            getattr(self, name)[y, x] = getattr(found, name)[which]


def _settled(pixels: Pixels, known: _Explained, seed: NDArray[np.int32], colors: _Colors) -> Mixtures:
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
    known: _Explained,
    seed: NDArray[np.int32],
    colors: _Colors,
) -> bool:
    """Give a face to those around it if that is no great loss, and tell whether it was given."""
    import cv2

    own = faces[room] == face
    rim = np.asarray(cv2.dilate(own.view(np.uint8), np.ones((5, 5), np.uint8))) > 0
    y, x = np.nonzero(own | (rim & (known.other[room] == label) & (known.owner[room] != label)))
    around = np.where(own, -1, seed[room])
    near, place = _nearest(around, y, x, FARTHEST)
    touching, _ = _nearest(np.where(own, -1, known.owner[room]), y, x, 2)
    beside = (near[:, :, None] == touching[:, None, :]).any(2) | (np.arange(4) == 0)
    part = _Colors(colors.value[room], colors.by_x[room], colors.by_y[room])
    found = _mixed(pixels[room][y, x].astype(float), np.where(beside, near, -1), *_carried(part, place, y, x))
    y, x = y + room[0].start, x + room[1].start
    more = (np.minimum(found.distance, 50) ** 2 - np.minimum(known.distance[y, x], 50) ** 2).sum()
    goes = (more <= WORTH or (not sure and len(y) < SPECK)) and bool((found.owner >= 0).all())
    if goes:
        known.change(y, x, found, np.ones(len(y), bool))
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
