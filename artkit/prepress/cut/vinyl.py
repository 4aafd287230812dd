"""What makes vinyl easy to peel: a frame around what is kept, and lines that part the waste."""

from __future__ import annotations

from math import ceil

import numpy as np

from artkit.pens.lines import Lines
from artkit.prepress.cut.outlines import polylines
from artkit.prepress.regions import Region

FRAME = 5.0
"""Millimetres from what is kept to the frame."""

STRIP = 50.0
"""Millimetres between weeding lines at most."""

AWAY = 0.2
"""Millimetres that weeding lines end before what is kept, so that no knife nicks it."""

SHORTEST = 2.0
"""Millimetres of a weeding line; shorter ones help nobody."""


def frame(box: tuple[float, float, float, float], away: float = FRAME) -> Region:
    """Give the sheet that is cut out around a box."""
    import shapely

    left, top, right, bottom = box
    return shapely.box(left - away, top - away, right + away, bottom + away)


def weeding_lines(kept: Region, sheet: Region) -> Lines:
    """Give level and upright lines over a sheet, at even distances, without what they would cut of what is kept."""
    import shapely

    left, top, right, bottom = sheet.bounds
    xs = np.linspace(left, right, max(ceil((right - left) / STRIP), 2) + 1)[1:-1]
    ys = np.linspace(top, bottom, max(ceil((bottom - top) / STRIP), 2) + 1)[1:-1]
    lines = [[(left, y), (right, y)] for y in ys] + [[(x, top), (x, bottom)] for x in xs]
    waste = shapely.difference(shapely.buffer(sheet, -AWAY), shapely.buffer(kept, AWAY))
    parts = shapely.get_parts(shapely.intersection(shapely.linestrings(lines), waste))
    parts = parts[(shapely.get_dimensions(parts) == 1) & (shapely.length(parts) >= SHORTEST)]
    return polylines(parts)
