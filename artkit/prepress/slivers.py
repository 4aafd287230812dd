"""Regions of inks in, the same without slivers out: what a knife would tear, however little of an ink that is.

`without_thin` looks at shares of an ink, as an eye does, so that tips and folds may be left that are thinner than
anything cuts. Here each of them goes to the ink beside it: first those at the least feature, then finer ones, as what
is cut off there may leave some.
"""

from __future__ import annotations

from math import ceil, log
from typing import Any

import numpy as np

from artkit.prepress.features import CORNER, slivers
from artkit.prepress.merge import Inks, Past, given_away, noded, with_bare
from artkit.prepress.regions import GRID, Region, Sheet

FINEST, FINER = 0.05, 1.5
"""Millimetres of the finest width that is looked at, and times that each is finer than the one before at most."""

OVER = 1.02
"""Times the least feature of the first width, so that what is measured later is no less."""

UNDER = 0.7
"""Of what an opening takes of a corner, what is given away: a little more than what counts."""

ROUNDS = 4
"""At each width, at most."""


def without_slivers(sheet: Sheet, least: float) -> Sheet:
    """Give what of an ink is thinner than `least` millimetres to what is beside it; corners over 20 degrees stay."""
    import shapely

    whole = shapely.box(0, 0, sheet.width, sheet.height)
    inks = with_bare(sheet, whole)
    colors, polygons = [ink.color for ink in inks], [shapely.get_parts(ink.region) for ink in inks]
    changed = False
    for width in _widths(least):
        made, past = Inks(colors, polygons, whole, width), Past()
        for _ in range(ROUNDS):
            if not given_away(made, _slivers(made), 0.0, past):
                break
            changed = True
        polygons = made.polygons
    return noded(sheet, colors, polygons) if changed else sheet


def filled(plate: Region, whole: Region, least: float) -> Region:
    """Give a plate without the openings of the whole that are thinner than `least`, as they are left beside bridges."""
    import shapely

    for width in _widths(least):
        found = slivers(shapely.get_parts(shapely.difference(whole, plate)), width, UNDER * CORNER)
        if len(found):
            plate = shapely.union_all([plate, *shapely.buffer(found, GRID)], grid_size=GRID)
    return plate


def _widths(least: float) -> list[float]:
    """Give the widths at which slivers are looked for, the coarsest first; none where all that is asked is finer."""
    if least <= FINEST:
        return []
    count = ceil(log(least / FINEST) / log(FINER)) + 1
    return [float(width) for width in np.geomspace(least * OVER, FINEST, count)]


def _slivers(inks: Inks) -> list[Any]:
    """Give what is thin of each ink, but for corners; a polygon of the size of a corner's is thin as a whole."""
    import shapely

    most = UNDER * CORNER * inks.least**2
    return [
        np.concatenate([thin[shapely.area(thin) > most], own[shapely.area(own) <= most]])
        for thin, own in zip(inks.thin, inks.polygons, strict=True)
    ]
