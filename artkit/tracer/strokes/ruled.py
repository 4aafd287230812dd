"""Lines of straight parts and arcs, moved as a whole to where their stations are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np

from artkit.algebra import inner, inverse, product, solve
from artkit.arrays import Floats

STIFF = 0.05
"""Weight, in stations, by which vertices stay where they are: what no station tells, as along a straight line."""

ROUNDS = 2
"""How often a line is moved."""


class Ruled(NamedTuple):
    """Vertices (V, 2), and for each part after one a place on the middle of its arc, None where it is straight."""

    vertices: Floats
    middles: Sequence[Floats | None]
    closed: bool


class Stretch(Protocol):
    """The stations of a part, by the first and the last one."""

    @property
    def first(self) -> int:
        """The first station."""

    @property
    def last(self) -> int:
        """The last station."""


def through(start: Floats, middle: Floats, end: Floats) -> tuple[Floats, float] | None:
    """Center and angle, in radians and signed, of the arc through three places; None where it is straight."""
    p, q = middle - start, end - start
    sine = float(p[0] * q[1] - p[1] * q[0])
    pp, qq = inner(p, p), inner(q, q)
    if abs(sine) < 1e-7 * (pp + qq):
        return None
    center = start + np.array([q[1] * pp - p[1] * qq, p[0] * qq - q[0] * pp]) / (2 * sine)
    a, b = start - center, end - center
    angle = float(np.arctan2(a[0] * b[1] - a[1] * b[0], inner(a, b)))
    if angle * sine < 0:
        angle += np.sign(sine) * 2 * np.pi
    return center, angle


def refined(shape: Ruled, parts: Sequence[Stretch], points: Floats) -> Ruled:
    """Move vertices and middles so that all stations (N, 2) are nearest, by least squares."""
    count = len(shape.vertices)
    bent = [k for k, middle in enumerate(shape.middles) if middle is not None]
    column = {k: 2 * count + place for place, k in enumerate(bent)}
    for _ in range(ROUNDS):
        rows, rests = [], []
        outward: dict[int, Floats] = {}
        for k, part in enumerate(parts):
            some = points[part.first : part.last + 1]
            one, other = k, (k + 1) % count
            row = np.zeros((len(some), 2 * count + len(bent)))
            middle = shape.middles[k]
            start, end = shape.vertices[one], shape.vertices[other]
            found = None if middle is None else through(start, middle, end)
            if found is None or middle is None:
                way = end - start
                length = max(float(np.hypot(*way)), 1e-9)
                normal = np.array([-way[1], way[0]]) / length
                t = np.clip(product(some - start, way) / length**2, 0, 1)
                row[:, 2 * one : 2 * one + 2] += (1 - t)[:, None] * normal
                row[:, 2 * other : 2 * other + 2] += t[:, None] * normal
                rest = product(some - start, normal)
            else:
                center = found[0]
                shares, normals = _shares(some - center, [start - center, middle - center, end - center])
                row[:, 2 * one : 2 * one + 2] += shares[:, :1] * normals[0]
                row[:, 2 * other : 2 * other + 2] += shares[:, 2:] * normals[2]
                row[:, column[k]] += shares[:, 1]
                outward[k] = normals[1]
                rest = np.hypot(*(some - center).T) - np.hypot(*(start - center))
            rows.append(row)
            rests.append(rest)
        matrix, right = np.vstack(rows), np.concatenate(rests)
        normal_matrix = product(matrix.T, matrix) + STIFF * np.eye(matrix.shape[1])
        moves = solve(normal_matrix, product(matrix.T, right))
        if not np.isfinite(moves).all() or np.abs(moves).max() > 1.0:
            return shape
        middles = [
            None if middle is None else middle + moves[column[k]] * outward.get(k, np.zeros(2))
            for k, middle in enumerate(shape.middles)
        ]
        shape = Ruled(shape.vertices + moves[: 2 * count].reshape(-1, 2), middles, shape.closed)
    return shape


def _shares(away: Floats, spokes: list[Floats]) -> tuple[Floats, list[Floats]]:
    """How far a circle moves outwards at places (N, 2), seen from its center, where it moves by one at each of three.

    Gives (N, 3), and the directions outwards at the three. (To first order a circle moves by a + b cos + c sin.)
    """
    angles = np.arctan2(away[:, 1], away[:, 0])
    fixed = np.array([np.arctan2(spoke[1], spoke[0]) for spoke in spokes])
    basis = inverse(np.column_stack([np.ones(3), np.cos(fixed), np.sin(fixed)]))
    shares = product(np.column_stack([np.ones_like(angles), np.cos(angles), np.sin(angles)]), basis)
    return shares, [spoke / max(float(np.hypot(*spoke)), 1e-9) for spoke in spokes]
