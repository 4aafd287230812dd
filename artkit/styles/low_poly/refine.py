"""Triangles in, more of them out, where they are farthest from the picture, until there are as many as wanted."""

from __future__ import annotations

import numpy as np

from artkit.arrays import Bools, Floats, Ints
from artkit.planar.triangles import Mesh, conforming, delaunay, doubled_areas
from artkit.styles.low_poly.measured import Measured
from artkit.styles.low_poly.settings import Settings


def refined(mesh: Mesh, measured: Measured, count: int, side: float, settings: Settings) -> Mesh:
    """Add points where triangles are farthest from the picture, and move them to where triangles are less thin."""
    bound = np.arange(len(mesh.points))
    for left in range(settings.rounds, -1, -1):
        error, painted, _ = measured.errors(mesh.points, mesh.triangles)
        room = (count - int(painted.sum())) // 2
        if room <= 0:
            break
        added = _worst(mesh, error, painted, int(np.ceil(room / max(left, 1))), settings.closest * side)
        if not len(added):
            break
        points = np.vstack([mesh.points, added])
        grown = conforming(points, mesh.edges)
        if measured.errors(grown.points, grown.triangles)[1].sum() > count:
            grown = Mesh(points, mesh.edges, delaunay(points))
        bound = np.concatenate([bound, np.arange(len(points), len(grown.points))])
        mesh = grown
    return _smoothed(mesh, bound, measured, count, settings.smoothings)


def _worst(mesh: Mesh, error: Floats, painted: Bools, number: int, closest: float) -> Floats:
    """Middles of the triangles with the largest errors that are not too close to what is there."""
    from scipy.spatial import cKDTree

    order = np.lexsort((np.arange(len(error)), -error))
    order = order[painted[order] & (error[order] > 0)]
    corners = mesh.points[mesh.triangles[order]]
    middle = corners.mean(1)
    far = np.linalg.norm(corners - middle[:, None], axis=2).min(1)
    middle = middle[far >= closest][: 2 * number]
    # Of two that are close to each other the worse one stays.
    kept = np.ones(len(middle), bool)
    for a, b in sorted(cKDTree(middle).query_pairs(2 * closest)) if len(middle) > 1 else ():
        if kept[a]:
            kept[b] = False
    added: Floats = middle[kept][:number]
    return added


def _smoothed(mesh: Mesh, bound: Ints, measured: Measured, count: int, times: int) -> Mesh:
    """Move points within regions to the middle of the triangles around them, weighted by area."""
    free = np.ones(len(mesh.points), bool)
    free[bound] = False
    free[mesh.edges] = False
    for _ in range(times):
        middle = middles_around(mesh.points, mesh.triangles)
        places = np.where(free[:, None], middle, mesh.points)
        found = delaunay(places)
        if measured.errors(places, found)[1].sum() > count:
            break
        mesh = Mesh(places, mesh.edges, found)
    return mesh


def middles_around(points: Floats, triangles: Ints) -> Floats:
    """The middle of the triangles around each point, weighted by area."""
    area = np.abs(doubled_areas(points, triangles))
    middle = points[triangles].mean(1)
    total, sums = np.zeros(len(points)), np.zeros((len(points), 2))
    for corner in triangles.T:
        total += np.bincount(corner, area, len(points))
        for axis in range(2):
            sums[:, axis] += np.bincount(corner, area * middle[:, axis], len(points))
    middles: Floats = np.where(total[:, None] > 0, sums / np.maximum(total, 1e-9)[:, None], points)
    return middles
