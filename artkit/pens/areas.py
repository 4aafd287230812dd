"""Filled shapes in the order in which they are painted: what each covers, and the lines that are hidden by it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from artkit.arrays import Bools, Floats, Ints
from artkit.pens.lines import Lines
from artkit.pens.occlusion import Occlusion
from artkit.pens.regions import borders, crossings, shown
from artkit.pens.spans import at


@dataclass(frozen=True, eq=False)
class Areas:
    """Filled shapes, the first one lowest, by their sides from `start` to `end` (E, 2), each of a `shape` (E,).

    Of each shape: the layer and the color it has, its `opacity`, whether it is filled by the rule nonzero, and its
    place in the `order` of all that is painted.
    """

    start: Floats
    end: Floats
    shape: Ints
    nonzero: Bools
    opacity: Floats
    order: Ints
    layers: Sequence[str]
    colors: Sequence[str]

    @cached_property
    def is_opaque(self) -> Bools:
        """Which shapes hide what is below them."""
        return np.asarray(self.opacity > OPAQUE, bool)

    @property
    def bounds(self) -> tuple[Floats, Floats]:
        """Least and largest x and y, (2,) each."""
        return self.start.min(axis=0), self.start.max(axis=0)

    def moved(self, scale: float, offset: Floats) -> Areas:
        """Give the shapes enlarged by `scale`, then moved by `offset`."""
        return replace(self, start=self.start * scale + offset, end=self.end * scale + offset)


OPAQUE = 0.99
"""Opacity from which on a shape hides what is below."""


def seen(lines: Lines, order: Ints, areas: Areas) -> tuple[Lines, Ints]:
    """Leave out what of lines, each with its place in the `order` of painting, later shapes cover.

    Gives the parts that are seen, and the line each is of.
    """
    cover = np.flatnonzero(areas.is_opaque[areas.shape]) if len(areas.shape) else areas.shape
    kept, times = borders(areas.start[cover], areas.end[cover], areas.shape[cover], areas.nonzero)
    if not len(kept) or not len(lines):
        return lines, np.arange(len(lines))
    upper = _uppermost(np.column_stack([areas.start[cover[kept]], areas.end[cover[kept]], times]), cover[kept], areas)
    cover, times = cover[kept[upper]], times[upper]
    start, end, shape = areas.start[cover], areas.end[cover], areas.shape[cover]
    hiding = Occlusion(start, end, shape, times, areas.nonzero, areas.order)
    first = lines.segments
    own = order[lines.line_of[first]]
    under = own < areas.order[shape].max()
    first, own = first[under], own[under]
    first = first[~hiding.buried(lines.points[first], lines.points[first + 1], own)]
    # A border that is hidden itself ends nothing that is seen.
    open_ = np.flatnonzero(~hiding.buried(start, end, areas.order[shape]))
    segment, side, share = crossings(lines.points[first], lines.points[first + 1], start[open_], end[open_])
    own = order[lines.line_of[first[segment]]]
    above = areas.order[shape[open_[side]]] > own
    cuts, own = (first[segment] + share)[above], own[above]
    cuts = cuts[~hiding.fills(at(lines, cuts), own)]
    return shown(lines, cuts, lambda points, line: ~hiding.hides(points, order[line]))


def _uppermost(sides: Floats, cover: Ints, areas: Areas) -> Ints:
    """Give those of sides (E, 5) that are of shapes which no later one equals: it hides whatever they do."""
    shape = areas.shape[cover]
    by = np.argsort(shape, kind="stable")
    is_head = np.append(True, np.diff(shape[by]) > 0)
    heads = np.flatnonzero(is_head)
    last: dict[tuple[bool, bytes], int] = {}
    for number, own in enumerate(np.split(by, heads[1:])):
        key = bool(areas.nonzero[shape[own[0]]]), sides[own].tobytes()
        other = last.get(key)
        if other is None or areas.order[shape[by[heads[other]]]] < areas.order[shape[own[0]]]:
            last[key] = number
    kept = np.zeros(len(heads), bool)
    kept[list(last.values())] = True
    found: Ints = np.sort(by[kept[np.cumsum(is_head) - 1]])
    return found
