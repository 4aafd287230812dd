"""Faces stacked like sheets of paper: every visible border is drawn once, by the upper of its two faces.

Faces are painted in order. A face must be exact only where it borders faces below it; beneath faces above it, it may
end anywhere. So the outline of a face is its visible chains, joined beneath the upper faces by the straightest path
that stays hidden, and a hole that only holds upper faces is not drawn at all. Shapes overlap where they meet: no seams.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from artkit.arrays import Bools, Floats, Ints, distinct, offsets_of, ranges, rows_of, starts_of
from artkit.planar.arcs import FINEST, exchanged
from artkit.planar.covered import covered
from artkit.planar.curves import fit
from artkit.planar.hidden import Joints, extend_ends, join
from artkit.planar.junctions import continue_ends, meet_edge, pass_nodes
from artkit.planar.knots import faults
from artkit.planar.lines import Lines
from artkit.planar.map import STEP_X, STEP_Y, PlanarMap
from artkit.planar.outlines import LINE, Outline, cut_ring, expand, joined_lines, packed, walk
from artkit.planar.samples import arc_points, brought_close, on_edge
from artkit.planar.segments import Curves, Quality
from artkit.planar.spline import fit_splines
from artkit.planar.strokeends import is_across, stroke_ends
from artkit.planar.zorder import Splines, VisibleChains, visible_chains
from artkit.spans import spanned


@spanned("stack shapes")
def stack(
    planar: PlanarMap,
    z: Ints,
    border: Quality | Splines | Curves,
    samples: Floats,
    skip: Ints | None = None,
    *,
    part: bool = False,
) -> list[Outline]:
    """Outline every face, `skip` left out, for painting in the order of `z`.

    `samples` is the place of the border at each crack, (cracks, 2). With a Quality curves are fitted to them, through
    nodes where a visible border goes on; given the Curves of all arcs, these are used. Outlines come ring after ring,
    not in the order of painting. A map that is a `part` of a larger one has no sheet that outlines must keep to.
    """
    if not len(planar.ring_face):
        return []
    visible = visible_chains(planar, z, skip)
    if isinstance(border, Curves):
        curves = walk(border, visible.items, visible.offsets)
        joints = join(planar, z, visible, curves, border)
        return _assemble(planar, visible, curves, joints) + covered(planar, z, visible, skip, border, samples)
    points, offsets, hard, crack = _sampled(planar, samples, visible, isinstance(border, Quality) and border.level)
    if isinstance(border, Splines):
        extend_ends(planar, z, visible, points, offsets)
        curves = fit_splines(points, offsets, visible.closed, border.tolerance[crack], hard, border.step)
        outlines = _assemble(planar, visible, curves, join(planar, z, visible, curves, border))
    else:
        if border.level:  # told by mixtures of colors
            continue_ends(points, offsets, visible.closed, hard)
        if part:
            curves = fit(points, offsets, visible.closed, border, hard, loose=True)
            return _assemble(planar, visible, curves, join(planar, z, visible, curves, border))
        np.clip(points, 0, (planar.width, planar.height), out=points)
        outlines = _fitted(planar, z, visible, border, Lines(points, offsets, hard), crack, samples)
    return outlines + covered(planar, z, visible, skip, border, samples)


def _fitted(
    planar: PlanarMap, z: Ints, visible: VisibleChains, quality: Quality, lines: Lines, crack: Ints, samples: Floats
) -> list[Outline]:
    """Outline rings by curves that follow the samples of their chains, `lines`, which are those of cracks.

    Hidden paths that make a ring unsound follow the border. Of chains that do so samples near by are brought closer to
    their cracks, and the tolerance is cut, again and again. Where that does not help, the ring is straight from sample
    to sample, hidden or not, and sound.
    """
    sound: dict[int, Outline] = {}
    plain, level = np.zeros(len(visible.ring), bool), np.zeros(len(visible.ring), np.int64)
    spots = np.empty((0, 2))
    while len(visible.ring):
        curves = _closer(planar, visible, lines, crack, samples, quality, level, spots)
        joints = join(planar, z, visible, curves, quality, plain)
        outlines = _assemble(planar, visible, curves, joints)
        rings = distinct(visible.ring)
        sound.update(zip(rings.tolist(), outlines, strict=True))
        found = faults(planar, visible, curves, joints, plain)
        plain, level, spots = plain | found.paths, level + found.chains, np.vstack([spots, found.spots])
        lost = found.chains & ((quality.tolerance * _share(level) < FINEST) | (np.diff(lines.offsets) < DOT))
        hopeless = distinct(visible.ring[lost])
        if len(hopeless):
            arcs = arc_points(planar, samples)
            sound.update({ring: cut_ring(planar, arcs, ring) for ring in hopeless.tolist()})
        bad = np.isin(visible.ring, visible.ring[found.paths | found.chains])
        again = np.flatnonzero(bad & ~np.isin(visible.ring, hopeless))
        crack = crack[ranges(lines.offsets[:-1][again], np.diff(lines.offsets)[again])]
        visible, lines, plain, level = visible.only(again), lines.only(again), plain[again], level[again]
    return [sound[ring] for ring in sorted(sound)]


DOT = 8
"""Chains of fewer samples are not fitted again: straight from sample to sample they are as short as any curve."""

NEAR_KNOT = 3.0
"""How far from a knot samples are brought closer to their cracks at first, in pixels."""


def _share(level: Ints) -> Floats:
    """The share of the tolerance that chains are fitted to."""
    share: Floats = 0.25 ** np.maximum(level - 1, 0)
    return share


def _closer(
    planar: PlanarMap,
    visible: VisibleChains,
    lines: Lines,
    crack: Ints,
    samples: Floats,
    quality: Quality,
    level: Ints,
    spots: Floats,
) -> Curves:
    """Fit chains; from level 1 on with samples near `spots` close to their cracks, then to a share of the tolerance."""
    curves = fit(lines.points, lines.offsets, visible.closed, quality, lines.hard, loose=True)
    which = [np.flatnonzero(level == k) for k in distinct(level[level > 0]).tolist()]
    again = []
    for chains in which:
        share = float(_share(level[chains[0]]))
        cracks = crack[ranges(lines.offsets[:-1][chains], np.diff(lines.offsets)[chains])]
        near = _is_near(planar.middles, spots, NEAR_KNOT / share)
        mended = _mended(planar, visible.only(chains), lines.only(chains), cracks, samples, near)
        finer = replace(quality, tolerance=share * quality.tolerance, line=share * quality.line)
        again.append(fit(mended.points, mended.offsets, visible.closed[chains], finer, mended.hard, loose=True))
    return exchanged(curves, which, again) if which else curves


def _mended(
    planar: PlanarMap, visible: VisibleChains, lines: Lines, crack: Ints, samples: Floats, near: Bools
) -> Lines:
    """Give chains that pass `near` cracks as these lie, by their samples alone, and others as they did."""
    points, offsets, hard, close = _sampled(planar, brought_close(planar, samples), visible, False)
    walked = expand(planar, visible.items, visible.offsets)[0]
    place = np.zeros(len(near), np.int64)
    place[walked] = np.arange(len(walked))
    old, new = ~near[crack], near[close]
    order = np.lexsort((np.append(lines.hard[old], hard[new]), place[np.append(crack[old], close[new])]))
    count = np.bincount(rows_of(lines.offsets)[old], minlength=len(visible.ring))
    count += np.bincount(rows_of(offsets)[new], minlength=len(visible.ring))
    return Lines(
        np.concatenate([lines.points[old], points[new]])[order],
        offsets_of(count),
        np.append(lines.hard[old], hard[new])[order],
    )


def _is_near(points: Floats, spots: Floats, radius: float) -> Bools:
    """Tell which points, (N, 2), lie within a radius of a spot, (K, 2)."""
    near = np.zeros(len(points), bool)
    for spot in spots:  # few: rings are seldom unsound
        near |= ((points - spot) ** 2).sum(axis=1) < radius**2
    return near


def _sampled(
    planar: PlanarMap, samples: Floats, visible: VisibleChains, level: bool
) -> tuple[Floats, Ints, Bools, Ints]:
    """Sample points of visible chains, with the corners of the sheet and of strokes, and where borders meet its edge.

    Gives points, offsets of the chains, which points are corners, and the crack of each.
    """
    crack, back, offsets = expand(planar, visible.items, visible.offsets)
    points = samples[crack]
    edge = on_edge(planar)[crack]
    direction = planar.direction[crack].astype(np.int64)
    horizontal = direction % 2 == 0
    start = planar.corner_points(planar.corner[crack])
    step = np.column_stack([STEP_X[direction], STEP_Y[direction]])
    tip = np.where(back[:, None], start, start + step)
    chain = rows_of(offsets)
    place = np.arange(len(crack)) - offsets[chain]
    count = np.diff(offsets)[chain]
    after = offsets[chain] + (place + 1) % count
    follows = (place < count - 1) | visible.closed[chain]
    bend = follows & ((edge != edge[after]) | (edge & edge[after] & (horizontal != horizontal[after])))
    if level:
        pass_nodes(planar, visible, points, offsets, edge)
    ends, moved = stroke_ends(planar, crack, back, offsets, visible.closed, points)
    bend[ends] = True
    across = np.zeros(len(crack), bool)
    if level:
        across = is_across(planar.middles[crack], chain, place, count, visible.closed, horizontal) & ~edge
    spots = np.flatnonzero(bend)
    inserted = tip[spots] + np.where(edge[spots] | edge[after[spots]], 0, moved[spots].T).T
    meets = np.flatnonzero(edge[spots] != edge[after[spots]])
    k = spots[meets]
    inner, way = np.where(edge[k], after[k], k), np.where(edge[k], 1, -1)
    upright = ~np.where(edge[k], horizontal[k], horizontal[after[k]])
    inserted[meets] = meet_edge(points, offsets, visible.closed, inner, way, edge | (not level), tip[k], upright)
    points = np.insert(points, spots + 1, inserted, axis=0)
    hard = np.insert(np.zeros(len(crack), bool), spots + 1, True)
    grown = offsets + offsets_of(bend)[offsets]
    keep = ~np.insert(across, spots + 1, False)
    kept = offsets_of(keep)[grown]
    crack = np.insert(crack, spots + 1, crack[spots])
    return points[keep], kept, hard[keep], crack[keep]


def _assemble(planar: PlanarMap, visible: VisibleChains, curves: Curves, joints: Joints) -> list[Outline]:
    """Put chains and joints together, ring by ring: the start of each chain, its segments, the path to the next one."""
    if not len(visible.ring):
        return []
    body, keep, kind = packed(curves)
    needed = keep.sum(1)
    size = np.diff(offsets_of(needed)[curves.offsets])
    path = np.diff(joints.offsets)
    first = np.append(True, visible.ring[1:] != visible.ring[:-1])
    points = np.empty((len(size) + int(size.sum()) + len(joints.points), 2))
    begin = starts_of(1 + size + path)
    points[begin] = curves.start[curves.offsets[:-1]]
    points[ranges(begin + 1, size)] = body[keep]
    points[ranges(begin + 1 + size, path)] = joints.points

    segments = np.diff(curves.offsets)
    number = ~first + segments + path
    kinds = np.full(int(number.sum()), LINE, np.uint8)
    start = starts_of(number)
    kinds[ranges(start + ~first, segments)] = kind
    ring_points, ring_kinds = np.append(begin[first], len(points)), np.append(start[first], len(kinds))
    points, kinds, ring_points, ring_kinds = joined_lines(points, kinds, ring_points, ring_kinds)
    point_bounds, kind_bounds = ring_points.tolist(), ring_kinds.tolist()
    return [
        Outline(face, points[point_bounds[i] : point_bounds[i + 1]], kinds[kind_bounds[i] : kind_bounds[i + 1]])
        for i, face in enumerate(planar.ring_face[visible.ring[first]].tolist())
    ]
