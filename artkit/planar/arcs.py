"""Chains fitted by curves, from node to node: what two faces share is one curve.

Outlines made of such curves fit without gap or overlap; see `validity` for what must hold, and that is checked.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Floats, Ints, counted, offsets_of
from artkit.artwork.remembered import remembered
from artkit.planar.curves import fit
from artkit.planar.lines import GRID, Lines, flattened, polylines
from artkit.planar.map import PlanarMap
from artkit.planar.samples import arc_points
from artkit.planar.segments import Curves, Quality
from artkit.planar.validity import invalid_arcs


@remembered
def curve_arcs(planar: PlanarMap, samples: Floats, quality: Quality) -> Curves:
    """Arcs fitted by lines and cubics from node to node; those that would cross others are fitted more closely."""
    lines = arc_points(planar, samples)
    curves = fitted_arcs(lines, np.arange(len(planar.left)), planar.closed, quality)
    changed = np.ones(len(planar.left), bool)
    factor = np.ones(len(planar.left))
    while (faults := invalid_arcs(planar, drawn := flattened(curves), changed)).any() and factor.any():
        bad = faults & (factor > 0)
        if not bad.any():
            bad = _passing(faults, lines, drawn) & (factor > 0)
        if not bad.any():
            bad = factor > 0
        factor[bad] /= 2
        factor[bad & (factor * quality.tolerance < FINEST)] = 0
        which = [np.flatnonzero(bad & (factor == share)) for share in np.unique(factor[bad])]
        again = [fitted_arcs(lines, arcs, planar.closed, quality, float(factor[arcs[0]])) for arcs in which]
        curves = exchanged(curves, which, again)
        changed = bad | faults
    return curves


def _passing(arcs: Bools, *drawn: Lines) -> Bools:
    """Tell which arcs may have passed over one of these: their boxes, however drawn, meet."""
    low = np.minimum.reduce([np.minimum.reduceat(lines.points, lines.offsets[:-1]) for lines in drawn])
    high = np.maximum.reduce([np.maximum.reduceat(lines.points, lines.offsets[:-1]) for lines in drawn])
    passing = np.zeros(len(arcs), bool)
    for arc in np.flatnonzero(arcs).tolist():  # few: it takes a hole that is lost among arcs fitted exactly
        passing |= ((low <= high[arc]) & (high >= low[arc])).all(axis=1)
    return passing


FINEST = 0.05
"""Arcs that still cross when they are fitted to twice this tolerance follow their samples from point to point."""


def fitted_arcs(lines: Lines, arcs: Ints, closed: Bools, quality: Quality, factor: float = 1.0) -> Curves:
    """Fit some of the arcs, whatever they cross, to a share of the tolerance; 0 is straight from sample to sample."""
    item, place = counted(np.diff(lines.offsets)[arcs])
    index = lines.offsets[arcs][item] + place
    some = Lines(lines.points[index], offsets_of(np.diff(lines.offsets)[arcs]), lines.hard[index])
    if factor == 0:
        return polylines(some, np.ones(len(index), bool))
    keep = np.ones(len(index), bool)
    keep[some.offsets[1:][closed[arcs]] - 1] = False  # a ring does not repeat its first point for `fit`
    rings = some.offsets - offsets_of(closed[arcs])
    finer = replace(quality, tolerance=factor * quality.tolerance, line=factor * quality.line)
    fit_ = fit(some.points[keep], rings, closed[arcs], finer, some.hard[keep])
    start, first, second, end = (np.rint(p * GRID) / GRID for p in (fit_.start, fit_.first, fit_.second, fit_.end))
    return replace(fit_, start=start, first=first, second=second, end=end)


def exchanged(curves: Curves, which: list[Ints], by: list[Curves]) -> Curves:
    """Put new curves in the place of those of some arcs."""
    count = np.diff(curves.offsets)
    begin = curves.offsets[:-1].copy()
    total = len(curves.line)
    for arcs, new in zip(which, by, strict=True):
        begin[arcs] = total + new.offsets[:-1]
        count[arcs] = np.diff(new.offsets)
        total += len(new.line)
    item, place = counted(count)
    index = begin[item] + place
    all_ = [curves, *by]

    def column(name: str) -> NDArray[np.float64]:
        joined: NDArray[np.float64] = np.concatenate([getattr(part, name) for part in all_])[index]
        return joined

    return Curves(
        column("start"), column("first"), column("second"), column("end"),
        column("line").astype(bool), column("corner_start").astype(bool), offsets_of(count),
    )  # fmt: skip
