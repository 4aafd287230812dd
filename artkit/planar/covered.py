"""Outlines that are hidden all around: of faces that meet upper faces alone, and of holes in which nothing shows."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np

from artkit.arrays import Bools, Floats, HalfEdges, Ints, offsets_of, ranges
from artkit.planar.concealed import Paths, has_shown
from artkit.planar.hidden import MARGIN, bends_only, hidden_border
from artkit.planar.lines import flattened
from artkit.planar.map import PlanarMap
from artkit.planar.outlines import LINE, Outline, along, expand
from artkit.planar.samples import arc_points
from artkit.planar.segments import Curves, Quality, cross
from artkit.planar.sight import pull, z_image
from artkit.planar.validity import LEAST
from artkit.planar.zorder import Splines, VisibleChains


def covered(
    planar: PlanarMap,
    z: Ints,
    visible: VisibleChains,
    skip: Ints | None,
    border: Quality | Splines | Curves,
    samples: Floats,
) -> list[Outline]:
    """Outline what meets only faces above it: faces, and holes that have transparent parts somewhere in them.

    A path runs all around, beneath the upper faces; where none can, the outline is that of the map. Beside the Curves
    of arcs it is sure not to show.
    """
    rings = np.flatnonzero(_is_covered(planar, visible, skip))
    if not len(rings):
        return []
    sizes = np.diff(planar.ring_offsets)[rings]
    groups = offsets_of(sizes)
    above = z_image(planar, z)
    face = planar.ring_face[rings]
    half = HalfEdges(planar.ring_edges[ranges(planar.ring_offsets[rings], sizes)])
    many = isinstance(border, Splines)
    hidden, offsets = hidden_border(planar, above, np.repeat(z[face], sizes), half, groups, many)
    begin = hidden.beneath[offsets[:-1], 0]
    area = planar.ring_area[rings]
    size = np.abs(area)
    paths = pull(above, z[face], begin, begin, hidden, offsets[:-1], offsets[1:], size, True, MARGIN, many=many)
    around = [_closed(bends_only(hidden.beneath[a:b, 0])) for a, b in pairwise(offsets)]
    loops = [
        around[k] if path is None else _closed(np.vstack([begin[k : k + 1], path])) for k, path in enumerate(paths)
    ]
    arcs = cache(lambda: flattened(border) if isinstance(border, Curves) else arc_points(planar, samples))
    for closer in (around.__getitem__, lambda k: along(arcs(), HalfEdges(half[groups[k] : groups[k + 1]]))):
        wrong = _is_flat(loops, np.sign(area))
        if not many:  # those of mosaics touch themselves here and there
            barriers = arcs() if isinstance(border, Curves) else arcs().only(np.zeros(0, np.int64))
            wrong |= has_shown(planar, z, barriers, Paths.loops(loops, z[face]))
        for k in np.flatnonzero(wrong).tolist():
            loops[k] = closer(k)
    return [
        Outline(int(face[k]), points[:-1], np.full(len(points) - 2, LINE, np.uint8)) for k, points in enumerate(loops)
    ]


def _is_flat(loops: list[Floats], turn: Ints) -> Bools:
    """Tell which loops have no area on the side that they turn to."""
    areas = np.array([cross(points[:-1], points[1:]).sum() / 2 for points in loops])
    flat: Bools = areas * turn < LEAST
    return flat


def _closed(points: Floats) -> Floats:
    """Repeat the first point at the end, where it is not there."""
    return points if np.array_equal(points[0], points[-1]) else np.vstack([points, points[:1]])


def _is_covered(planar: PlanarMap, visible: VisibleChains, skip: Ints | None) -> Bools:
    """Tell the rings that are drawn though no part of them is seen."""
    hidden = ~np.isin(np.arange(len(planar.ring_area)), visible.ring)
    if skip is not None:
        hidden &= ~np.isin(planar.ring_face, skip)
    wanted: Bools = hidden & (planar.ring_area > 0)
    nothing = planar.outside
    if nothing.any():
        for ring in np.flatnonzero(hidden & (planar.ring_area < 0)).tolist():
            wanted[ring] = _holds(planar, ring, nothing)
    return wanted


def _holds(planar: PlanarMap, ring: int, pixels: Bools) -> bool:
    """Whether one of the pixels, (H, W), lies inside a ring: behind an odd number of its upright cracks."""
    edges = HalfEdges(planar.ring_edges[planar.ring_offsets[ring] : planar.ring_offsets[ring + 1]])
    crack = expand(planar, edges, np.array([0, len(edges)]))[0]
    x, y = np.floor(planar.middles[crack[planar.direction[crack] % 2 == 1]]).astype(np.int64).T
    top, left, bottom, right = y.min(), x.min(), y.max() + 1, x.max()
    box = pixels[top:bottom, left:right]
    if not box.any():
        return False
    odd = np.zeros((bottom - top, right - left + 1), np.int64)
    np.add.at(odd, (y - top, x - left), 1)
    inside = np.cumsum(odd, axis=1)[:, :-1] % 2 == 1
    return bool((box & inside).any())
