"""Lines cut into dashes, as stroke-dasharray and its companions say (SVG 2, section 13.5.6).

Dashes are measured in the units of the shape that has them, before its transforms, along each of its subpaths.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from math import hypot, isfinite, sqrt
from typing import NamedTuple

import numpy as np

from artkit.arrays import Bools, Floats, Ints, counted
from artkit.limits import within
from artkit.pens.lines import Lines
from artkit.pens.read.lengths import BadNumber, Matrix, Viewport, length
from artkit.pens.spans import between, places_along

FLATNESS = 0.0005
"""Millimetres that dashed curves stray from their lines: each is a little short, and dashes add that up."""

FINEST = 0.05
"""Millimetres of a dash and its gap, below which they pass for a solid line."""


class Dashes(NamedTuple):
    """Lengths of dashes and gaps by turns, an even number of them, and how far into them a line begins.

    `matrix` takes the units that they are measured in to millimetres. `whole` is the author's own length of all of a
    path, which the lengths then are shares of; 0 is none. Dashes without length are dots, or nothing if `butt`.
    """

    lengths: tuple[float, ...]
    offset: float
    matrix: Matrix
    whole: float
    butt: bool


def dashes_of(style: Mapping[str, str], said: Mapping[str, str], matrix: Matrix, around: Viewport) -> Dashes | None:
    """Give the dashes of a shape's stroke; None of a solid one, and where what is said is in error."""
    text = style.get("stroke-dasharray", "none").strip()
    if text in ("none", "", "0"):
        return None
    whole = hypot(*around) / sqrt(2)
    try:
        lengths = [length(part, whole) for part in re.split(r"[\s,]+", text)]
        offset = length(style.get("stroke-dashoffset", "0").strip(), whole)
        own = float(said.get("pathLength") or 0)
    except (BadNumber, ValueError):
        return None
    if min(lengths) < 0 or not 0 < sum(lengths) < 1e9 or not isfinite(own):
        return None
    if len(lengths) % 2:
        lengths *= 2
    if said.get("vector-effect", "none") == "non-scaling-stroke":
        px = 25.4 / 96
        matrix = (px, 0.0, 0.0, px, 0.0, 0.0)
    return Dashes(tuple(lengths), offset, matrix, max(own, 0.0), style.get("stroke-linecap", "butt") == "butt")


def dashed(lines: Lines, path: Ints, kinds: Sequence[Dashes]) -> tuple[Lines, Ints, int]:
    """Cut lines, each of the `path` whose dashes are `kinds[path]`.

    Gives the dashes, the line that each is of, and of how many lines they are too fine to tell from a solid stroke.
    """
    a, b, c, d, _, _ = np.array([kind.matrix for kind in kinds]).T
    size = a * d - b * c
    ahead = np.append(np.diff(lines.points, axis=0), [[0.0, 0.0]], axis=0)
    own = path[lines.line_of]
    # Back from millimetres: by the inverse of the matrix.
    with np.errstate(divide="ignore", invalid="ignore"):
        x = (d[own] * ahead[:, 0] - c[own] * ahead[:, 1]) / size[own]
        y = (a[own] * ahead[:, 1] - b[own] * ahead[:, 0]) / size[own]
    steps = np.nan_to_num(np.hypot(x, y), posinf=0)
    steps[lines.offsets[1:] - 1] = 0
    along = np.add.reduceat(steps, lines.offsets[:-1])
    paths = np.bincount(path, along, minlength=len(kinds))
    period = np.array([sum(kind.lengths) for kind in kinds])
    share = np.array([kind.whole for kind in kinds])
    scale = np.where(share > 0, paths / np.where(share > 0, share, 1), 1.0)
    fine = ~(period * scale * np.sqrt(np.abs(size)) >= FINEST)
    line, low, high = _spans(along, path, kinds, scale, fine)
    # A dash without length stays one: both ends are the same place.
    begin = places_along(lines, steps, line, low)
    end = np.where(high > low, places_along(lines, steps, line, high), begin)
    order = np.lexsort((begin, line))
    return between(lines, begin[order], end[order]), line[order], int(fine[path].sum())


def _spans(
    along: Floats, path: Ints, kinds: Sequence[Dashes], scale: Floats, fine: Bools
) -> tuple[Ints, Floats, Floats]:
    """Give the dashes as (line, begin, end), in the units of the lengths `along` the lines."""
    patterns: dict[tuple[tuple[float, ...], float, bool], int] = {}
    pattern = np.array([patterns.setdefault((k.lengths, k.offset, k.butt), len(patterns)) for k in kinds], np.int64)
    solid = np.flatnonzero(fine[path])
    parts = [(solid, np.zeros(len(solid)), along[solid])]
    for (lengths, offset, butt), number in patterns.items():
        own = np.flatnonzero((pattern[path] == number) & ~fine[path])
        factor = scale[path[own]]
        period = sum(lengths) * factor
        phase = np.mod(offset * factor, period)
        turns = np.floor((along[own] + phase) / period) + 1
        within("points", float(turns.sum()) * len(lengths), "its dashes come to")
        times = turns.astype(np.int64)
        row, turn = counted(times)
        before = turn * period[row] - phase[row]
        at = 0.0
        for dash, gap in zip(lengths[::2], lengths[1::2], strict=True):
            low, high = before + at * factor[row], before + (at + dash) * factor[row]
            at += dash + gap
            reach = along[own][row]
            seen = (high > 1e-9) & (low < reach - 1e-9) if dash > 0 else (low >= -1e-9) & (low < reach - 1e-9)
            if dash > 0 or not butt:
                parts.append((own[row][seen], np.maximum(low[seen], 0.0), np.minimum(high[seen], reach[seen])))
    line, low, high = (np.concatenate(column) for column in zip(*parts, strict=True))
    return line, low, np.maximum(high, low)
