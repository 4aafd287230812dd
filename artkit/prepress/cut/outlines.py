"""Regions in, the lines that part them out: each border once, inner before outer, with little travel. Millimetres.

Regions that meet do so along whole segments (see `regions`), so a border that two of them share is the same segments
in both, and sorting finds it. What is then cut is a network: its connected parts lie in each other's faces, and a part
is cut before the one that it lies in, its outer edge last of all; so nothing is cut that has already come loose.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from artkit.arrays import Bools, Floats, Ints
from artkit.pens.lines import Lines
from artkit.pens.prepare.merge import merged
from artkit.pens.prepare.order import ordered
from artkit.pens.prepare.simplify import simplified, without_repeats
from artkit.prepress.regions import GRID, Region

FLAT = 0.005
"""Millimetres that lines may stray from the borders that they replace."""

FINER = 100.0
"""Times that lines are enlarged to be joined."""

TRIES = 40
"""Of mending the order of few lines, for each level of nesting."""


def borders(regions: Sequence[Region]) -> Lines:
    """Give the borders of regions, each once, from one place where three meet to the next; closed where there is none.

    Their length is half of all perimeters and half of the edge around all of them.
    """
    lines = thinned(_joined(_once(_segments(regions))))
    if not len(lines):
        return lines
    ends = np.stack([lines.points[lines.segments], lines.points[lines.segments + 1]], axis=1)
    once = _once(np.rint(ends / GRID).astype(np.int64))
    return lines if len(once) == len(ends) else _joined(once)  # two sides of a sliver may have become one line


def rings(region: Region) -> Lines:
    """Give all outlines of a region, closed."""
    import shapely

    return thinned(polylines(shapely.get_rings(shapely.get_parts(region))))


def polylines(geometry: Any) -> Lines:
    """Give the lines of a geometry or of several; rings are closed lines."""
    import shapely

    parts = [part for part in shapely.get_parts(geometry) if not part.is_empty]
    return Lines.of([shapely.get_coordinates(part) for part in parts])


def linestrings(lines: Lines) -> Any:
    """Give lines as geometries (L,)."""
    import shapely

    return shapely.linestrings(lines.points, indices=lines.line_of)


def thinned(lines: Lines) -> Lines:
    """Give lines with fewer points, which stray no more than `FLAT`, and with no segment of no length."""
    return without_repeats(simplified(lines, FLAT)) if len(lines) else lines


def in_order(arcs: Lines, start: tuple[float, float] = (0.0, 0.0)) -> Lines:
    """Join arcs to long lines and give them in the order in which they are cut: the deepest first, outer edges last."""
    if not len(arcs):
        return arcs
    depth, outer = _nesting(arcs)
    done = []
    for level in range(int(depth.max()), -1, -1):
        for edge in (False, True):
            own = arcs.take((depth == level) & (outer == edge))
            if len(own):
                done.append(ordered(_long(own), start, TRIES))
                start = (float(done[-1].ends[-1, 0]), float(done[-1].ends[-1, 1]))
    return Lines.joined(done)


def _once(segments: Ints) -> Ints:
    """Give segments (S, 2, 2) without those that are there already, either way round."""
    low, high = segments[:, 0], segments[:, 1]
    turned = (low[:, 0] > high[:, 0]) | ((low[:, 0] == high[:, 0]) & (low[:, 1] > high[:, 1]))
    same = np.where(turned[:, None, None], segments[:, ::-1], segments)
    return np.unique(same.reshape(-1, 4), axis=0).reshape(-1, 2, 2)


def _joined(segments: Ints) -> Lines:
    """Give lines from one place where three segments meet, or one ends, to the next."""
    import shapely

    if not len(segments):
        return Lines.of([])
    return polylines(shapely.line_merge(shapely.multilinestrings(shapely.linestrings(segments * GRID))))


def _segments(regions: Sequence[Region]) -> Ints:
    """Give all segments of all outlines in steps of the grid, (S, 2, 2)."""
    import shapely

    found = shapely.get_rings(shapely.get_parts(np.asarray(list(regions), object)))
    points, ring = shapely.get_coordinates(found, return_index=True)
    steps = np.rint(points / GRID).astype(np.int64)
    pairs = np.stack([steps[:-1], steps[1:]], axis=1)
    kept: Ints = pairs[(ring[1:] == ring[:-1]) & (pairs[:, 0] != pairs[:, 1]).any(1)]
    return kept


def _long(arcs: Lines) -> Lines:
    """Join arcs to as few lines as can be; places are apart where they are so on the grid, finer than pens ask for."""
    joined = merged(arcs.moved(FINER, (0, 0)), 0.0)
    return Lines(np.rint(joined.points / (FINER * GRID)) * GRID, joined.offsets)


def _nesting(arcs: Lines) -> tuple[Ints, Bools]:
    """Give for each arc how many parts of the network its own lies in, and whether it is on that part's outer edge."""
    import shapely

    vertex, part = _parts(arcs)
    first = vertex.of(arcs.starts)
    own = part[first]
    faces = shapely.get_parts(shapely.polygonize(linestrings(arcs)))
    rings, face = shapely.get_rings(faces, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    number = vertex.of(points)
    begin = np.flatnonzero(np.diff(ring, prepend=-1))
    of_ring = part[number[begin]]
    exterior = np.diff(face, prepend=-1) != 0
    of_face = of_ring[exterior]
    parent = np.full(part.max() + 1, -1)
    inside = of_ring != of_face[face]
    parent[of_ring[inside]] = of_face[face[inside]]
    same = np.flatnonzero((ring[1:] == ring[:-1]) & (~inside)[ring[1:]])
    sides = _pairs(number[same], number[same + 1])
    known, count = np.unique(sides, return_counts=True)
    mine = _pairs(first, vertex.of(arcs.points[arcs.offsets[:-1] + 1]))
    place = np.minimum(np.searchsorted(known, mine), max(len(known) - 1, 0))
    outer = (known[place] == mine) & (count[place] == 1) if len(known) else np.zeros(len(arcs), bool)
    return _depths(parent)[own], outer


class _Vertices:
    """Numbers of places, found by their coordinates."""

    def __init__(self, points: Floats) -> None:
        self.keys, self.number = np.unique(_keys(points), return_inverse=True)

    def of(self, points: Floats) -> Ints:
        """Give the numbers of places that are known."""
        return np.minimum(np.searchsorted(self.keys, _keys(points)), len(self.keys) - 1)


def _keys(points: Floats) -> Ints:
    x, y = np.rint(points.T / GRID).astype(np.int64)
    keys: Ints = (x << 32) + y
    return keys


def _pairs(one: Ints, other: Ints) -> Ints:
    pairs: Ints = (np.minimum(one, other) << 32) + np.maximum(one, other)
    return pairs


def _parts(arcs: Lines) -> tuple[_Vertices, Ints]:
    """Give the places that arcs pass, and for each the connected part of the network that it is in."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    vertex = _Vertices(arcs.points)
    a, b = vertex.number[arcs.segments], vertex.number[arcs.segments + 1]
    count = len(vertex.keys)
    graph = coo_array((np.ones(len(a)), (a, b)), (count, count))
    return vertex, connected_components(graph, directed=False)[1].astype(np.int64)


def _depths(parent: Ints) -> Ints:
    depth = np.zeros(len(parent), np.int64)
    above = parent.copy()
    while (above >= 0).any():
        depth += above >= 0
        above = np.where(above >= 0, parent[above], -1)
    return depth
