"""Points and edges to triangles: Delaunay's triangulation, with edges that it has to keep.

Triangulations are (T, 3) indices of points (N, 2), x then y. An edge that Delaunay's triangulation lacks is split in
the middle until it is a chain of edges that it has: a conforming triangulation (Edelsbrunner and Tan 1993). Wherever
points lie, the triangles tile the convex hull of the points.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from artkit.arrays import Bools, Floats, Ints, counted

SHORTEST = 1.0
"""Edges shorter than this are not split any more, in units of the points: where edges meet at an acute angle,
splitting would go on for ever."""

ROUNDS = 16
"""How often edges that are missing are split; more: edges at acute angles are followed to shorter parts."""


class Mesh(NamedTuple):
    """Points (N, 2), edges (E, 2) that should be kept, and triangles (T, 3), each clockwise as seen on the screen."""

    points: Floats
    edges: Ints
    triangles: Ints


def conforming(points: Floats, edges: Ints) -> Mesh:
    """Triangulate points, with edges split until they are edges of triangles; new points come after those given."""
    triangles = delaunay(points)
    for _ in range(ROUNDS):
        missing = np.flatnonzero(~has_edges(triangles, edges, len(points)))
        length = np.linalg.norm(points[edges[missing, 0]] - points[edges[missing, 1]], axis=1)
        missing = missing[length >= 2 * SHORTEST]
        if not len(missing):
            break
        a, b = edges[missing].T
        middle = len(points) + np.arange(len(missing))
        points = np.vstack([points, (points[a] + points[b]) / 2])
        rest = np.delete(edges, missing, axis=0)
        edges = np.concatenate([rest, np.column_stack([a, middle]), np.column_stack([middle, b])])
        triangles = delaunay(points)
    return Mesh(points, edges, triangles)


def delaunay(points: Floats) -> Ints:
    """Triangulate three points or more that are not all in line; triangles without area are left out."""
    from scipy.spatial import Delaunay

    found: Ints = Delaunay(points).simplices.astype(np.int64)
    area = doubled_areas(points, found)
    found[area < 0] = found[area < 0][:, ::-1]
    found = found[np.abs(area) > 1e-6]
    # In the order of their places, whatever Qhull's was: the same triangles make the same file.
    found = np.take_along_axis(found, (found.argmin(1)[:, None] + np.arange(3)) % 3, axis=1)
    return found[np.lexsort(found.T[::-1])]


def doubled_areas(points: Floats, triangles: Ints) -> Floats:
    """Twice the area of each triangle, positive where it is clockwise as seen on the screen."""
    a, b, c = (points[corner] for corner in triangles.T)
    doubled: Floats = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    return doubled


def has_edges(triangles: Ints, edges: Ints, count: int) -> Bools:
    """Tell which of the edges (E, 2) between `count` points are edges of triangles."""
    sides = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    keys = np.unique(sides.min(1) * count + sides.max(1))
    wanted = edges.min(1) * count + edges.max(1)
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.asarray(keys[place] == wanted)


class Spans(NamedTuple):
    """Rows of pixels within triangles: the triangle of each, its first pixel and the one after its last.

    Pixels are numbered in reading order of the picture. Each belongs to the triangle that its middle lies in, on the
    border of two of them to one.
    """

    triangle: Ints
    first: Ints
    stop: Ints

    def sums(self, running: Floats, count: int) -> Floats:
        """Sum values over `count` triangles, given their running sum over the pixels in reading order, from 0 on."""
        sums: Floats = np.bincount(self.triangle, running[self.stop] - running[self.first], count).astype(np.float64)
        return sums


def spans(points: Floats, triangles: Ints, height: int, width: int) -> Spans:
    """Find the pixels of triangles, row by row; those beyond the picture are left out."""
    y = points[triangles, 1]
    top = np.clip(np.ceil(y.min(1) - 0.5), 0, height).astype(np.int64)
    bottom = np.clip(np.ceil(y.max(1) - 0.5), 0, height).astype(np.int64)
    triangle, step = counted(np.maximum(bottom - top, 0))
    row = top[triangle] + step
    middle = row + 0.5
    left, right = np.full(len(row), np.inf), np.full(len(row), -np.inf)
    for one, other in ((0, 1), (1, 2), (2, 0)):
        side = np.sort(triangles[:, [one, other]], axis=1)  # the same sum for both triangles of an edge
        (x1, y1), (x2, y2) = points[side[triangle, 0]].T, points[side[triangle, 1]].T
        meets = (y1 <= middle) != (y2 <= middle)
        with np.errstate(divide="ignore", invalid="ignore"):
            x = x1 + (x2 - x1) * ((middle - y1) / (y2 - y1))
        left = np.where(meets, np.minimum(left, x), left)
        right = np.where(meets, np.maximum(right, x), right)
    first = np.clip(np.ceil(np.minimum(left, width) - 0.5), 0, width).astype(np.int64)
    stop = np.clip(np.ceil(np.clip(right, 0, width) - 0.5), 0, width).astype(np.int64)
    some = stop > first
    base = row * width
    return Spans(triangle[some], (base + first)[some], (base + stop)[some])
