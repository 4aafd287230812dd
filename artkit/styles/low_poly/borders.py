"""A mosaic in, triangles whose edges follow its borders out.

Corners are the joints of the borders, simplified more where contrast is low; long edges are split.
"""

from __future__ import annotations

import numpy as np

from artkit.arrays import Floats, Ints, counted, rows_of, starts_of
from artkit.planar.samples import arc_points, on_edge
from artkit.planar.simplify import simplify
from artkit.planar.triangles import Mesh, conforming
from artkit.styles.low_poly.measured import Measured
from artkit.styles.low_poly.settings import Settings
from artkit.tracer.mosaic import Mosaic, Source
from artkit.tracer.regions.edges import smoothed_staircase
from artkit.tracer.regions.faces import without_small
from artkit.tracer.vector import Followed

STEPS = 100
"""Steps to a pixel that points of the mosaic lie on: whole numbers of them decide exactly whether borders meet."""


def mesh_along_borders(source: Source, measured: Measured, count: int, follow: float, settings: Settings) -> Mesh:
    """Triangulate the borders of a mosaic, of so many regions that there is room for more triangles."""
    height, width = source.pixels.shape[:2]
    size = np.array([measured.width, measured.height])
    side = side_of(source.area, count)
    regions = max(1, round(follow * count / settings.triangles_to_a_region))
    finest = mosaic = source.mosaic(regions, levels=True)
    while True:
        followed = Followed.of(_without_crumbs(mosaic, (settings.crumb * side) ** 2), settings.stray * side)
        mesh = _bordered(followed, settings.longest * side, size)
        taken = len(measured.painted(mesh.points, mesh.triangles)[0])
        if taken <= (follow * count if regions > 1 else count) or settings.stray * side > height + width:
            return mesh
        if regions > 1:
            regions = max(1, int(regions * max(0.3, min(0.9, 0.95 * follow * count / taken))))
            mosaic = finest.level(regions)
        else:
            side *= 2


def _without_crumbs(mosaic: Mosaic, area: float) -> Mosaic:
    """Give regions that are smaller than a triangle to their neighbors."""
    palette = np.clip(np.rint(mosaic.fields.color), 0, 255).astype(np.uint8)
    return mosaic.merged(without_small(mosaic.labels, palette, area))


def _bordered(followed: Followed, longest: float, size: Ints) -> Mesh:
    """Triangulate the borders of a mosaic, in a picture of another `size`, width and height."""
    planar = followed.planar
    first = planar.offsets[:-1]
    outer = planar.has_outside
    stairs = (outer[planar.arc_of] & ~on_edge(planar))[:, None]
    lines = arc_points(planar, np.where(stairs, smoothed_staircase(planar), followed.samples))
    tolerance = np.where(outer, 2 * followed.tolerance[first], followed.tolerance[first])
    # In steps coordinates are whole numbers, and whether borders meet is decided exactly.
    places = np.rint(lines.points * STEPS)
    keep = simplify(places, lines.offsets, tolerance * STEPS, fixed=lines.hard)
    arc = rows_of(lines.offsets)[keep]
    corners = [
        (0, 0),
        (planar.width * STEPS, 0),
        (0, planar.height * STEPS),
        (planar.width * STEPS, planar.height * STEPS),
    ]
    points, number = np.unique(np.vstack([places[keep], np.array(corners, float)]), axis=0, return_inverse=True)
    number = number.ravel()[: len(arc)]
    joined = np.flatnonzero(arc[1:] == arc[:-1])
    edges = np.sort(np.column_stack([number[joined], number[joined + 1]]), axis=1)
    edges = np.unique(edges[edges[:, 0] != edges[:, 1]], axis=0)
    points, edges = _split(points / STEPS, edges, longest)
    return conforming(points / (planar.width, planar.height) * size, edges)  # sides stay exact


def _split(points: Floats, edges: Ints, longest: float) -> tuple[Floats, Ints]:
    """Split edges into equal parts no longer than `longest`."""
    a, b = edges.T
    parts = np.maximum(np.ceil(np.linalg.norm(points[a] - points[b], axis=1) / longest), 1).astype(np.int64)
    edge, step = counted(parts - 1)
    share = ((step + 1) / parts[edge])[:, None]
    more = points[a[edge]] + share * (points[b[edge]] - points[a[edge]])
    begin = len(points) + starts_of(parts - 1)
    piece, step = counted(parts)
    start = np.where(step == 0, a[piece], begin[piece] + step - 1)
    end = np.where(step == parts[piece] - 1, b[piece], begin[piece] + step)
    return np.vstack([points, more]), np.column_stack([start, end])


def side_of(area: int, count: int) -> float:
    """Side of an equilateral triangle of a share of the area, in pixels, of which it has two at least."""
    return max(float(np.sqrt(area / max(count, 1) * 4 / 3**0.5)), 2.0)
