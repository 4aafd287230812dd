"""Lines in, several strokes beside each other for each out: how a pen draws a line that is wider than itself."""

from __future__ import annotations

import numpy as np

from artkit.arrays import Floats
from artkit.pens.lines import Lines


def beside(lines: Lines, strokes: int, apart: float) -> Lines:
    """Give so many strokes for each line, `apart` from each other, the middle of them where the line is."""
    if strokes < 2 or not len(lines):
        return lines
    normal = normals(lines)
    places = (np.arange(strokes) - (strokes - 1) / 2) * apart
    return Lines.joined(Lines(lines.points + place * normal, lines.offsets) for place in places.tolist())


def normals(lines: Lines) -> Floats:
    """Unit vectors (N, 2) across lines at their points, by the points before and after; 0 where these are one."""
    before, after = np.arange(len(lines.points)) - 1, np.arange(len(lines.points)) + 1
    first, last = lines.offsets[:-1], lines.offsets[1:] - 1
    before[first] = np.where(lines.closed, last - 1, first)
    after[last] = np.where(lines.closed, first + 1, last)
    x, y = (lines.points[after] - lines.points[before]).T
    length = np.maximum(np.hypot(x, y), 1e-12)
    return np.column_stack([-y / length, x / length])
