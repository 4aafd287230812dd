"""A drawing of gradients in, its regions and their fills out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Floats, Ints, Pixels, starts_of
from artkit.artwork.drawing import Fill
from artkit.tracer.gradients.cells import Cells, found_cells
from artkit.tracer.gradients.coats import Coats, fill_of
from artkit.tracer.gradients.joins import joined
from artkit.tracer.gradients.painting import Places, painted, price
from artkit.tracer.regions.flat import Mixtures

MOST = 2000
"""Pixels of a cell that are looked at for its fill."""

ALIKE = 1.5
"""A cell whose pixels another one's fill explains to so many levels, root mean square, has the same."""

TRIED = 96
"""So many of a cell's pixels are compared with another's fill."""

NEAR = 8.0
"""Levels, root mean square, by which a gradient may miss a cell beyond its ends and yet be tried on both."""

LEAST = 40
"""Pixels of a cell that may be one with another in this way."""


def gradient_mixtures(pixels: Pixels, opaque: Bools | None) -> tuple[Mixtures, list[list[Fill]]]:
    """Explain an (H, W, 3) picture as cells, and give the fills of each: those upon the first let it show through."""
    cells = _joined(found_cells(pixels, opaque))
    spots = [_Spots.of(pixels, cells, k) for k in range(cells.count)]
    paints = [painted(spot.colors, spot.x, spot.y, spot.area) for spot in spots]
    owner = _alike(spots, paints)
    kept, number = np.unique(owner, return_inverse=True)
    mixed = _renumbered(cells.mixed, number.astype(np.int32))
    fills = []
    palette = np.zeros((len(kept), 3))
    for k, cell in enumerate(kept.tolist()):
        spot = spots[cell]
        middle = (float(spot.x.mean()), float(spot.y.mean()))
        fills.append([fill_of(paint, middle) for paint in paints[cell].coats])
        palette[k] = spot.colors.mean(0)
    return replace(mixed, palette=palette), fills


class _Spots:
    """Pixels that tell the fill of a cell: colors (N, 3), places x and y, and the area they stand for."""

    def __init__(self, colors: Floats, x: Floats, y: Floats, area: float) -> None:
        self.colors, self.x, self.y, self.area = colors, x, y, area

    @classmethod
    def of(cls, pixels: Pixels, cells: Cells, k: int) -> _Spots:
        own = cells.mixed.owner == k
        area = int(own.sum())
        place = np.flatnonzero(own & cells.inner)
        if not len(place):
            place = np.flatnonzero(own)
        if len(place) > MOST:
            place = place[np.arange(MOST) * len(place) // MOST]
        y, x = np.divmod(place, own.shape[1])
        return cls(pixels[y, x].astype(np.float64), x + 0.5, y + 0.5, float(area))

    @property
    def few(self) -> Ints:
        """A few of the pixels."""
        count = min(len(self.x), TRIED)
        return np.arange(count) * len(self.x) // count

    def off(self, coats: Coats) -> float:
        """Mean squared error of a few of the pixels."""
        some = self.few
        gap = coats.at(self.x[some], self.y[some]) - self.colors[some]
        return float((gap * gap).mean())

    def with_(self, other: _Spots) -> _Spots:
        """Give the pixels of both, as many of each as its area is worth."""
        area = self.area + other.area
        shares = [max(int(MOST * spot.area / area), 8) for spot in (self, other)]
        picks = [
            np.arange(min(len(s.x), n)) * len(s.x) // min(len(s.x), n)
            for s, n in zip((self, other), shares, strict=True)
        ]
        colors, x, y = (
            np.concatenate([getattr(spot, name)[some] for spot, some in zip((self, other), picks, strict=True)])
            for name in ("colors", "x", "y")
        )
        return _Spots(colors, x, y, area)


def _joined(cells: Cells) -> Cells:
    """Unite cells whose border is soft."""
    number = joined(cells.mixed, cells.step, cells.count).astype(np.int32)
    mixed = _renumbered(cells.mixed, number)
    count = int(mixed.owner.max(initial=-1)) + 1
    return replace(cells, mixed=mixed, inner=cells.inner | _is_deep(mixed), count=count)


def _is_deep(mixed: Mixtures) -> Bools:
    """(H, W): pixels that are all of one cell, as all that are around them."""
    import cv2

    pure = np.where(mixed.coverage >= 1, mixed.owner, -1).astype(np.float32)
    window = np.ones((3, 3), np.uint8)
    deep: Bools = (np.asarray(cv2.erode(pure, window)) == np.asarray(cv2.dilate(pure, window))) & (pure >= 0)
    return deep


def _renumbered(mixed: Mixtures, number: NDArray[np.int32]) -> Mixtures:
    """Give cells other numbers; pixels that mix one with itself are all of it."""
    to = np.append(number, np.int32(-1)).astype(np.int32)
    owner, other = to[mixed.owner], to[mixed.other]
    return replace(mixed, owner=owner, other=other, coverage=np.where(owner == other, np.float32(1), mixed.coverage))


def _alike(spots: list[_Spots], paints: list[Coats]) -> Ints:
    """(K,): the cell whose fill each one has, the largest of those that are alike; `paints` are changed to serve all.

    Cells have one fill if the larger one's explains the other, or if one gradient explains both at less than the price
    of two: parts of a field are seen to either side of what lies on it.
    """
    owner = np.arange(len(spots))
    order = sorted(owner.tolist(), key=lambda k: (-spots[k].area, k))
    for i, a in enumerate(order):
        if owner[a] != a:
            continue
        rest = [b for b in order[i + 1 :] if owner[b] == b]
        if not rest:
            break
        for b, off in zip(rest, _off_each(paints[a], [spots[b] for b in rest]), strict=True):
            if off <= ALIKE**2 + spots[b].off(paints[b]):
                owner[b] = a
            elif spots[b].area >= LEAST and _may_go_on(spots[a], paints[a], spots[b], paints[b]):
                both = spots[a].with_(spots[b])
                joint = painted(both.colors, both.x, both.y, both.area, most=0)
                if _cost(both, joint) < _cost(spots[a], paints[a]) + _cost(spots[b], paints[b]):
                    owner[b], spots[a], paints[a] = a, both, joint
    return owner


def _off_each(paint: Coats, spots: list[_Spots]) -> list[float]:
    """Mean squared error of a few of the pixels of each cell, if it were painted so."""
    few = [spot.few for spot in spots]
    x, y = (np.concatenate([getattr(s, axis)[some] for s, some in zip(spots, few, strict=True)]) for axis in "xy")
    colors = np.concatenate([spot.colors[some] for spot, some in zip(spots, few, strict=True)])
    square = ((paint.at(x, y) - colors) ** 2).mean(1)
    size = np.array([len(some) for some in few])
    return [float(off) for off in np.add.reduceat(square, starts_of(size)) / size]


def _may_go_on(one: _Spots, paint: Coats, other: _Spots, another: Coats) -> bool:
    """Whether one of two single coats, continued beyond its ends, comes near the colors of the other's cell."""
    if len(paint.coats) > 1 or len(another.coats) > 1 or paint.coats[0].way is None:
        return False
    pairs = ((paint, other), (another, one))
    return any(spot.off(Coats((coat.coats[0].endless(),))) <= NEAR**2 for coat, spot in pairs)


def _cost(spot: _Spots, paint: Coats) -> float:
    return price(Places(spot.colors, spot.x, spot.y, spot.area), list(paint.coats))
