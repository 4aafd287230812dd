"""Elliptical arcs as SVG writes them in, cubics out (SVG 2, appendix B.2, and Riskus 2006 for the cubics)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from artkit.arrays import Bools, Floats, Ints, counted

PIECE = np.pi / 4
"""Arcs become cubics of at most this angle, which stray 4e-6 of the radius."""


class Cubics(NamedTuple):
    """How many `pieces` each arc becomes, and of each whether it is a line, and its four controls, (N, 2) each."""

    pieces: Ints
    straight: Bools
    controls: tuple[Floats, Floats, Floats, Floats]


def cubics_of(p: Floats, q: Floats, arc: Floats) -> Cubics:
    """Turn arcs from p to q into cubics; `arc` (N, 5) has the radii, the turn in degrees and the two flags.

    An arc without a radius, or one of numbers too unlike to tell where it runs, is a line.
    """
    rx, ry, turn, large, sweep = arc.T
    rx, ry = np.abs(rx), np.abs(ry)
    flat = (rx == 0) | (ry == 0) | (p == q).all(axis=1)
    rx, ry = np.where(flat, 1.0, rx), np.where(flat, 1.0, ry)
    cos, sin = np.cos(np.deg2rad(turn)), np.sin(np.deg2rad(turn))
    dx, dy = ((p - q) / 2).T
    x, y = cos * dx + sin * dy, -sin * dx + cos * dy
    grow = np.sqrt(np.maximum(1, (x / rx) ** 2 + (y / ry) ** 2))
    rx, ry = rx * grow, ry * grow
    square = (x / rx) ** 2 + (y / ry) ** 2
    factor = np.sqrt(np.maximum(0, 1 / np.maximum(square, 1e-300) - 1)) * np.where((large != 0) == (sweep != 0), -1, 1)
    cx_, cy_ = factor * rx * y / ry, -factor * ry * x / rx
    cx, cy = cos * cx_ - sin * cy_ + (p[:, 0] + q[:, 0]) / 2, sin * cx_ + cos * cy_ + (p[:, 1] + q[:, 1]) / 2
    begin = np.arctan2((y - cy_) / ry, (x - cx_) / rx)
    angle = np.arctan2((-y - cy_) / ry, (-x - cx_) / rx) - begin
    angle = np.where(sweep != 0, angle % (2 * np.pi), -(-angle % (2 * np.pi)))
    flat |= ~np.isfinite(np.stack([rx, ry, cx, cy, begin, angle])).all(axis=0)
    count = np.where(flat, 1, np.maximum(1, np.ceil(np.abs(np.nan_to_num(angle)) / PIECE - 1e-9))).astype(np.int64)

    own, step = counted(count)
    delta = (angle / count)[own]
    a = begin[own] + step * delta
    b = a + delta
    reach = 4 / 3 * np.tan(delta / 4)

    def around(x: Floats, y: Floats) -> Floats:
        x, y = rx[own] * x, ry[own] * y
        return np.column_stack([cos[own] * x - sin[own] * y + cx[own], sin[own] * x + cos[own] * y + cy[own]])

    start, end = p[own], q[own]
    inner, ends = step > 0, step < count[own] - 1
    start[inner], end[ends] = around(np.cos(a), np.sin(a))[inner], around(np.cos(b), np.sin(b))[ends]
    first = around(np.cos(a) - reach * np.sin(a), np.sin(a) + reach * np.cos(a))
    second = around(np.cos(b) + reach * np.sin(b), np.sin(b) - reach * np.cos(b))
    return Cubics(count, flat[own], (start, first, second, end))
