"""Regions in, the same without crumbs out: pieces that no tool cuts go to what lies beside them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from artkit.arrays import Ints
from artkit.prepress.regions import GRID, Sheet

CRUMB = 0.05
"""Square millimetres; a knife needs more to turn, and a laser burns less."""

MANY = 4
"""Rounds at most: a crumb may lie among crumbs."""


def without_crumbs(sheet: Sheet) -> Sheet:
    """Give each piece smaller than `CRUMB` to the piece that it has the longest border with; one that is alone goes."""
    import shapely

    pieces = [shapely.get_parts(ink.region) for ink in sheet.inks]
    ink = np.repeat(np.arange(len(pieces)), [len(own) for own in pieces])
    parts = np.concatenate([*pieces, np.empty(0, object)])
    small = shapely.area(parts) < CRUMB
    if not small.any():
        return sheet
    ink = _beside(parts, small, ink)
    inks = [
        replace(own, region=shapely.coverage_union_all(parts[ink == k]))
        for k, own in enumerate(sheet.inks)
        if (ink == k).any()
    ]
    return replace(sheet, inks=tuple(inks))


def _beside(parts: Any, small: Any, ink: Ints) -> Ints:
    """Give the ink of each part (P,), of crumbs that of their neighbor; -1 for those that have none."""
    import shapely

    ink = np.where(small, -1, ink)
    for _ in range(MANY):
        waiting = np.flatnonzero(ink < 0)
        crumb, other = shapely.STRtree(parts).query(parts[waiting], predicate="intersects")
        known = ink[other] >= 0
        crumb, other = waiting[crumb[known]], other[known]
        shared = shapely.length(shapely.intersection(shapely.boundary(parts[crumb]), shapely.boundary(parts[other])))
        order = np.lexsort((other, -shared, crumb))
        first = order[np.diff(crumb[order], prepend=-1) > 0]
        first = first[shared[first] > GRID]
        if not len(first):
            break
        ink[crumb[first]] = ink[other[first]]
    return ink
