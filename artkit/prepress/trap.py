"""Regions of inks in, the same regions with traps out: where two inks meet, the lighter goes on beneath the darker.

Sheets shift a little between one ink and the next; where inks only meet, paper shows then. The lighter one is spread,
since it changes the darker one least, and only beneath it: what is seen stays as it was (Yule, Principles of Color
Reproduction, 1967). By geometry, not by strokes: the border of the spread is as far away as asked, on every machine.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from artkit.color.palette import parse
from artkit.color.spaces import lightness
from artkit.prepress.regions import GRID, Ink, Region, Sheet

ROUND = 16
"""Segments of a quarter circle of a spread's corner: off by 0.1% of its radius."""


def trapped(sheet: Sheet, distance: float) -> Sheet:
    """Spread each ink by `distance` millimetres beneath those that are printed on it, the inks after it in the sheet.

    Order the inks from light to dark before (`by_lightness`). With 0 nothing changes.
    """
    if distance <= 0:
        return sheet
    import shapely

    found: list[Ink] = []
    darker: Region = shapely.Polygon()
    for ink in reversed(sheet.inks):
        found.append(replace(ink, region=_spread(ink.region, darker, distance)))
        darker = shapely.coverage_union(darker, ink.region)
    return replace(sheet, inks=tuple(reversed(found)))


def by_lightness(sheet: Sheet) -> Sheet:
    """Give the inks from light to dark, as they are printed."""
    lightnesses = lightness(np.array([parse(ink.color) for ink in sheet.inks], np.uint8).reshape(-1, 3))
    order = np.argsort(-lightnesses, kind="stable")
    return replace(sheet, inks=tuple(sheet.inks[k] for k in order))


def _spread(region: Region, darker: Region, distance: float) -> Region:
    """Give a region and all within a distance of it that is darker and hangs together with it."""
    import shapely

    wide = shapely.buffer(region, distance, quad_segs=ROUND)
    parts: Any = shapely.get_parts(shapely.intersection(wide, darker))
    touching = shapely.STRtree(parts).query(region, predicate="intersects") if len(parts) else []
    return shapely.union_all(np.array([region, *parts[np.unique(touching)]]), grid_size=GRID)
