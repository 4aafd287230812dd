"""Lines cut off at the sides of a rectangle (Liang and Barsky 1984), all segments at once."""

from __future__ import annotations

import numpy as np

from artkit.arrays import Bools, Floats
from artkit.pens.lines import Lines
from artkit.pens.prepare.dedupe import Parts
from artkit.spans import spanned


@spanned("crop lines")
def cropped(lines: Lines, low: Floats, high: Floats) -> Lines:
    """Give what of the lines lies between the corners `low` and `high`, (2,) each; dots outside go too."""
    inside: Bools = np.asarray(((lines.points >= low) & (lines.points <= high)).all(axis=1))
    if inside.all():
        return lines
    dot = lines.lengths == 0
    lines = lines.take(~dot | inside[lines.offsets[:-1]])
    parts = Parts.of(lines)
    step = parts.end - parts.begin
    enter, leave = np.zeros(len(step)), np.ones(len(step))
    for axis in range(2):
        for way, room in (
            (step[:, axis], high[axis] - parts.begin[:, axis]),
            (-step[:, axis], parts.begin[:, axis] - low[axis]),
        ):
            with np.errstate(divide="ignore", invalid="ignore"):
                share = room / way
            leave = np.where(way > 0, np.minimum(leave, share), leave)
            enter = np.where(way < 0, np.maximum(enter, share), enter)
            leave = np.where((way == 0) & (room < 0), -1, leave)
    kept = enter < leave
    begin = np.where((enter > 0)[:, None], parts.begin + step * enter[:, None], parts.begin)
    end = np.where((leave < 1)[:, None], parts.begin + step * leave[:, None], parts.end)
    return Parts(parts.number, np.clip(begin, low, high), np.clip(end, low, high)).kept(kept).lines(lines)
