"""Triangles in, as many that are closer to the picture out: points move, and edges are exchanged."""

from __future__ import annotations

import numpy as np

from artkit.arrays import Bools, Floats, Ints
from artkit.planar.triangles import Mesh, doubled_areas
from artkit.styles.low_poly.measured import Measured
from artkit.styles.low_poly.refine import middles_around
from artkit.styles.low_poly.settings import Settings


def moved(mesh: Mesh, measured: Measured, side: float, step: float, settings: Settings) -> Mesh:
    """Move all points, edges and all, to where triangles are closest to the picture: steepest descent.

    Where an edge moves, pixels change from one triangle's color to the other's: what that saves is read off along the
    edge. It is measured against what a clear border would save, so that steps are lengths; the first is a share `step`
    of the side of a triangle.
    """
    points, triangles = mesh.points, mesh.triangles
    one, other, a, b = _shared(triangles)
    error, painted, color = measured.errors(points, triangles)
    step *= side
    still = _still(points, triangles, painted, measured)
    least, best = float(error.sum()), points
    share = (np.arange(settings.samples) + 0.5) / settings.samples
    for _ in range(settings.moves):
        way = points[b] - points[a]
        length = np.linalg.norm(way, axis=1)
        normal = np.column_stack([-way[:, 1], way[:, 0]]) / np.maximum(length, 1e-9)[:, None]  # to the right
        seen, heavy = measured.seen(points[a][:, None] + share[:, None] * way[:, None])
        gain = (((seen - color[one][:, None]) ** 2).sum(2) - ((seen - color[other][:, None]) ** 2).sum(2)) * heavy
        most = ((color[one] - color[other]) ** 2).sum(1) * heavy.mean(1)
        push, scale = np.zeros((len(points), 2)), np.full(len(points), 1e-9)
        for end, part in ((a, 1 - share), (b, share)):
            force = (gain * part).mean(1) * length
            for axis in range(2):
                push[:, axis] += np.bincount(end, force * normal[:, axis], len(points))
            scale += np.bincount(end, (most * part.mean() + settings.calm) * length, len(points))
        move = step * push / scale[:, None] + settings.rounding * (middles_around(points, triangles) - points)
        points = _without_folds(points, np.where(still, 0, move), triangles, settings.slim * side**2)
        error, _, color = measured.errors(points, triangles)
        if error.sum() < least:
            least, best = float(error.sum()), points
        step *= settings.cooling
    return Mesh(best, mesh.edges, triangles)


def _shared(triangles: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Edges of two triangles: both of these, and the ends. From the first end the first triangle lies on the right."""
    sides = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    order = np.lexsort((np.arange(len(sides)), sides.max(1), sides.min(1)))
    key = np.sort(sides[order], axis=1)
    twin = np.flatnonzero((key[1:] == key[:-1]).all(1))
    one, other = order[twin], order[twin + 1]
    a, b = sides[one].T
    return one % len(triangles), other % len(triangles), a, b


def _still(points: Floats, triangles: Ints, painted: Bools, measured: Measured) -> Bools:
    """Which coordinates (N, 2) stay: those on the edge of the sheet, and both where transparent parts begin."""
    size = np.array([measured.width, measured.height])
    still: Bools = (points <= 0) | (points >= size)
    one, other, a, b = _shared(triangles)
    begin = painted[one] != painted[other]
    still[np.concatenate([a[begin], b[begin]])] = True
    return still


def flipped(mesh: Mesh, measured: Measured, side: float, settings: Settings) -> Mesh:
    """Exchange edges for the other diagonal between their two triangles, where these are closer to the picture then."""
    points, triangles = mesh.points, mesh.triangles.copy()
    for _ in range(settings.flips):
        error, painted, _ = measured.errors(points, triangles)
        one, other, a, b = _shared(triangles)
        p, q = triangles[one].sum(1) - a - b, triangles[other].sum(1) - a - b
        new = np.stack([np.column_stack([p, a, q]), np.column_stack([q, b, p])])
        area = np.minimum(*(doubled_areas(points, half) for half in new))
        some = np.flatnonzero((area > settings.slim * side**2) & painted[one] & painted[other])
        errors = measured.errors(points, new[:, some].reshape(-1, 3))[0].reshape(2, -1).sum(0)
        gain = error[one[some]] + error[other[some]] - errors
        taken = np.zeros(len(triangles), bool)
        for k in np.lexsort((some, -gain)).tolist():
            edge = some[k]
            if gain[k] <= 1e-6 * errors[k] + 1:
                break
            if not taken[[one[edge], other[edge]]].any():
                taken[[one[edge], other[edge]]] = True
                triangles[one[edge]], triangles[other[edge]] = new[0, edge], new[1, edge]
        if not taken.any():
            break
    return Mesh(points, mesh.edges, triangles)


def _without_folds(points: Floats, move: Floats, triangles: Ints, least: float) -> Floats:
    """Move points, but none that would turn a triangle inside out, or make one smaller that is small."""
    before = doubled_areas(points, triangles)
    for _ in range(20):
        there: Floats = points + move
        after = doubled_areas(there, triangles)
        bad = (after < least) & (after < before)
        if not bad.any():
            return there
        move = move.copy()
        move[triangles[bad]] = 0
    return points
