"""Ridges to tracks: pixels linked to lines, each to the best one ahead and behind."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from artkit.arrays import Bools, Floats, Ints, offsets_of
from artkit.planar.chain import chains
from artkit.tracer.lines.ridges import Ridges

# Neighbors of a pixel, from the right, clockwise: columns and rows.
_X = np.array([1, 1, 0, -1, -1, -1, 0, 1])
_Y = np.array([0, 1, 1, 1, 0, -1, -1, -1])

BEND = 0.8
"""Cosine of the largest turn from a pixel to the next."""

EIGHTH = 0.41421356
"""Slope at which the nearest neighbor is another one: the tangent of half of 45 degrees."""

PIECE = 4
"""Pixels of a track, at the least."""


class Tracks(NamedTuple):
    """Track k is `points[offsets[k]:offsets[k + 1]]`, (N, 2); `sign[k]` is 1 if it is lighter than around, else -1."""

    points: Floats
    offsets: Ints
    sign: Floats

    def some(self, keep: Bools) -> Tracks:
        """Give some of the tracks."""
        size = np.diff(self.offsets)
        return Tracks(self.points[np.repeat(keep, size)], offsets_of(size[keep]), self.sign[keep])


def linked(found: Ridges, shape: tuple[int, int]) -> Tracks:
    """Follow the ridges of a picture of `shape` from pixel to pixel: a link holds if it is the best for both."""
    next_ = _best_neighbors(found, shape)
    count = len(found.pixel)
    slot = np.full((count, 2), -1, np.int64)  # by which of its own links a neighbor is linked back
    for side in (0, 1):
        other = next_[:, side]
        for there in (0, 1):
            slot[(other >= 0) & (next_[other, there] == np.arange(count)), side] = there
    # A walk leaves a pixel by the other link than it came by: step 2 * pixel + the link that it leaves by.
    previous = np.full(2 * count, -1, np.int64)
    for out in (0, 1):
        previous[out::2] = np.where(slot[:, 1 - out] >= 0, 2 * next_[:, 1 - out] + slot[:, 1 - out], -1)
    order = chains(previous)
    heads, tails = order.items[order.offsets[:-1]], order.items[order.offsets[1:] - 1]
    size = np.diff(order.offsets)
    # Each track is walked both ways: one is kept.
    keep = np.where(order.closed, heads % 2 == 0, heads // 2 < tails // 2) & (size >= PIECE)
    pixels = order.items[np.repeat(keep, size)] // 2
    return Tracks(found.place[pixels], offsets_of(size[keep]), np.sign(found.contrast[heads[keep] // 2]))


def _best_neighbors(found: Ridges, shape: tuple[int, int]) -> Ints:
    """The best next ridge (N, 2) ahead of each one and behind it, of the three pixels there; -1 where there is none."""
    height, width = shape
    count = len(found.pixel)
    number = np.full(height * width, -1, np.int32)
    number[found.pixel] = np.arange(count)
    x, y = found.place.T
    way_x, way_y = found.way.T
    bright = found.contrast > 0
    turn = _octant(way_x, way_y)
    next_ = np.full((count, 2), -1, np.int64)
    for side, sign in ((0, 1.0), (1, -1.0)):
        least = np.full(count, np.inf)
        for aside in (0, -1, 1):
            step = (turn + 4 * side + aside) % 8
            other = number[found.pixel + _Y[step] * width + _X[step]]
            some = np.flatnonzero(other >= 0)
            there = other[some]
            dx, dy = x[there] - x[some], y[there] - y[some]
            ahead = sign * (dx * way_x[some] + dy * way_y[some])
            across = np.abs(dx * way_y[some] - dy * way_x[some])
            straight = np.abs(way_x[there] * way_x[some] + way_y[there] * way_y[some])
            cost = np.hypot(ahead, across) + across + 2 * (1 - straight)
            fits = (ahead > 0) & (straight > BEND) & (bright[there] == bright[some]) & (cost < least[some])
            some, there = some[fits], there[fits]
            next_[some, side], least[some] = there, cost[fits]
    return next_


def _octant(x: Floats, y: Floats) -> Ints:
    """The nearest of the eight neighbors in a direction (N,), numbered as `_X` and `_Y`."""
    flat, steep = np.abs(y) < EIGHTH * np.abs(x), np.abs(x) < EIGHTH * np.abs(y)
    right, down = x > 0, y > 0
    slanted = np.where(right, np.where(down, 1, 7), np.where(down, 3, 5))
    octant: Ints = np.where(flat, np.where(right, 0, 4), np.where(steep, np.where(down, 2, 6), slanted))
    return octant
