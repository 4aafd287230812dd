"""Lattices: places that repeat in two directions, as dots of a screen do, found among scattered points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from artkit.algebra import determinant2, inverse, least_squares, product
from artkit.arrays import Bools, Floats, Ints

LEAST = 60
"""Points that make a lattice."""

NEIGHBORS = 6
"""Points next to each point that tell the lattice's steps."""

BIN = 0.5
"""Pixels within which steps are the same."""

OFF = 0.22
"""How far a point may be from its place, as a part of the shorter step, to be one of the lattice."""

LOOK = 2000
"""About so many points are looked at for that."""

ALIKE = 0.12
"""Share of points that must have a neighbor at each of the two steps."""


@dataclass(frozen=True, eq=False)
class Lattice:
    """Places `origin + i * steps[0] + j * steps[1]`, x and y in pixels, for whole numbers i and j."""

    origin: Floats
    steps: Floats

    @property
    def pitch(self) -> float:
        """Distance from a place to the nearest other one."""
        return float(np.sqrt((self.steps**2).sum(1).min()))

    @property
    def cell(self) -> float:
        """Area of a cell, in square pixels."""
        return abs(determinant2(self.steps))

    def places(self, number: Ints) -> Floats:
        """Places (N, 2) of numbers (N, 2)."""
        places: Floats = self.origin + product(number, self.steps)
        return places

    def nearest(self, points: Floats) -> Ints:
        """Numbers (N, 2) of the places nearest to points (N, 2)."""
        exact = product(points - self.origin, inverse(self.steps))
        base = np.floor(exact).astype(np.int64)
        best: Ints = base
        least: Floats = np.full(len(points), np.inf)
        for corner in np.array([(0, 0), (1, 0), (0, 1), (1, 1)]):
            gap = exact - base - corner
            far = (product(gap, self.steps) ** 2).sum(1)
            closer = far < least
            best, least = np.where(closer[:, None], base + corner, best), np.where(closer, far, least)
        return best


def lattice_of(points: Floats) -> tuple[Lattice, Bools] | None:
    """Find the lattice that most of the points (N, 2) lie on, and which do; None where there is none."""
    if len(points) < LEAST:
        return None
    steps = _steps(points)
    if steps is None:
        return None
    return _grown(points, steps)


def _steps(points: Floats) -> Floats | None:
    """The two shortest steps from point to point that are common, (2, 2), none a part of the other."""
    from scipy.spatial import cKDTree

    some = points[:: max(len(points) // LOOK, 1)]
    _, index = cKDTree(points).query(some, NEIGHBORS + 1)
    ahead = (points[index[:, 1:]] - some[:, None]).reshape(-1, 2)
    ahead = np.where(
        ((ahead[:, 0] < -BIN) | ((np.abs(ahead[:, 0]) <= BIN) & (ahead[:, 1] < 0)))[:, None], -ahead, ahead
    )
    tree = cKDTree(ahead)
    kinds, counts = np.unique(np.rint(ahead / BIN).astype(np.int64), axis=0, return_counts=True)
    common = np.lexsort((kinds[:, 1], kinds[:, 0], -counts))[:24]
    found = tree.query_ball_point(kinds[common] * BIN, 1.5 * BIN)
    means = [ahead[inside].mean(0) for inside in found if len(inside) >= ALIKE * len(some)]
    if len(means) < 2:
        return None
    steps = np.array(means)
    steps = steps[np.argsort(np.rint((steps**2).sum(1) * 16), kind="stable")]
    first = steps[0]
    area = np.abs(first[0] * steps[:, 1] - first[1] * steps[:, 0])
    apart = np.flatnonzero(area > 0.5 * np.sqrt((first**2).sum() * (steps**2).sum(1)))
    return np.array([first, steps[apart[0]]]) if len(apart) else None


def _grown(points: Floats, steps: Floats) -> tuple[Lattice, Bools] | None:
    """Number the points from the most regular place outwards, each time with steps fitted to all that are numbered."""
    pitch = float(np.sqrt((steps**2).sum(1).min()))
    start = points[_most_regular(points, steps, OFF * pitch)]
    lattice = Lattice(start, steps)
    far = np.sqrt(((points - start) ** 2).sum(1))
    reach = 4 * pitch
    while True:
        number = lattice.nearest(points)
        gap = np.sqrt(((lattice.places(number) - points) ** 2).sum(1))
        inside = (far <= reach) & (gap <= OFF * pitch)
        if inside.sum() < 6:
            return None
        if _in_a_row(number[inside]):
            return None
        design = np.column_stack([np.ones(inside.sum()), number[inside]])
        fit = least_squares(design, points[inside])
        lattice = Lattice(fit[0], fit[1:])
        if reach > far.max():
            break
        reach *= 1.5
    return (lattice, inside) if inside.sum() >= LEAST else None


def _in_a_row(number: Ints) -> bool:
    """Whether numbers (N, 2) lie on one line, or are all the same."""
    away = number - number[0]
    far = away[np.abs(away).sum(1).argmax()]
    return not (away[:, 0] * far[1] - away[:, 1] * far[0]).any()


def _most_regular(points: Floats, steps: Floats, within: float) -> int:
    """The point that has the most others a step or two away from it on all sides."""
    from scipy.spatial import cKDTree

    tree = cKDTree(points)
    around = [(i, j) for i in range(-2, 3) for j in range(-2, 3) if i or j]
    found = [
        np.isfinite(tree.query(points + product(way, steps), distance_upper_bound=within)[0])
        for way in np.array(around)
    ]
    return int(np.sum(found, axis=0).argmax())
