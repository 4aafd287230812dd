"""Half circles as pens draw them, in sides, and found again among the points of lines, so that files say them as arcs.

Dots that are larger than the pen are spirals of half circles. Lines know of no arcs; but half a circle of so many even
sides is hardly drawn by chance, and where it is, an arc is no further off than `OFF`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from artkit.arrays import Bools, Floats, Ints, counted, ranges

SIDES = np.array([6, 10, 20, 60])
"""Numbers of sides that half circles have."""

OFF = 0.025
"""Millimetres that the middle of a side lies off its circle."""

_LARGEST = OFF / (1 - np.cos(np.pi / 2 / SIDES))
"""Radii up to which each number of sides does."""


class HalfCircles(NamedTuple):
    """Half circles among points: the index of the `first` point of each and of its `last`, and which run clockwise
    as one sees them, with y downwards.
    """

    first: Ints
    last: Ints
    clockwise: Bools


def half_sides(radius: Floats) -> Ints:
    """Give the number of sides that half a circle is to have, by its radius in millimetres."""
    return np.asarray(SIDES[np.minimum(np.searchsorted(_LARGEST, radius), len(SIDES) - 1)], np.int64)


def half_circles(points: Floats, offsets: Ints, step: float) -> HalfCircles:
    """Find half circles in lines, (N, 2) points in millimetres rounded to `step`, that begin where the line does or
    where another has ended.
    """
    found = [
        _of_sides(points, offsets, int(sides), float(most), step) for sides, most in zip(SIDES, _LARGEST, strict=True)
    ]
    first, last, clockwise = (np.concatenate(column) for column in zip(*found, strict=True))
    order = np.argsort(first, kind="stable")
    first, last, clockwise = first[order], last[order], clockwise[order]
    # Of two that overlap the first stays; a line is of one kind in practice.
    apart = np.append(True, first[1:] >= np.maximum.accumulate(last)[:-1])[: len(first)]
    return HalfCircles(first[apart], last[apart], clockwise[apart])


def _of_sides(points: Floats, offsets: Ints, sides: int, most: float, step: float) -> HalfCircles:
    """Find those of so many sides and a radius of `most` at most."""
    line, number = counted((np.diff(offsets) - 1) // sides)
    first = offsets[:-1][line] + number * sides
    middle = (points[first] + points[first + sides]) / 2
    arm = points[first] - middle
    first = first[(np.hypot(*arm.T) <= most * 1.02) & (np.hypot(*arm.T) > 4 * step)]
    clockwise = np.zeros(len(first), bool)
    for share in sorted(range(1, sides), key=lambda side: abs(side - sides / 2)):
        if not len(first):
            break
        middle = (points[first] + points[first + sides]) / 2
        x, y = (points[first] - middle).T
        if share == sides // 2:
            ax, ay = (points[first + share] - middle).T
            clockwise = x * ay - y * ax > 0
        turn = np.where(clockwise, 1, -1) * np.pi * share / sides
        there = np.column_stack([x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)])
        near = (np.abs(points[first + share] - middle - there) <= 1.6 * step).all(axis=1)
        first, clockwise = first[near], clockwise[near]
    return HalfCircles(first, first + sides, clockwise)


def inside(found: HalfCircles) -> Ints:
    """Give the indices of the points within half circles, their ends left out."""
    return ranges(found.first + 1, found.last - found.first - 1)
