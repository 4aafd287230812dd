"""Everything that makes lines fit for a pen, in order: nothing twice, fewest strokes, fewest points, least travel."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from artkit.arrays import counted, offsets_of
from artkit.pens.lines import Lines, travel
from artkit.pens.prepare.dedupe import without_doubles
from artkit.pens.prepare.merge import merged
from artkit.pens.prepare.order import TRIES, ordered
from artkit.pens.prepare.simplify import simplified, without_repeats
from artkit.spans import spanned

DECIMALS = 3
"""Of a millimetre, in files; no plotter is finer than 0.001 mm."""

DOT = 0.12
"""Length in millimetres of the stroke that a dot becomes: many plotters do not lower the pen for less."""

SHORTEST = 0.1
"""Lines shorter than this, in millimetres, are dots."""


@dataclass(frozen=True)
class Tidying:
    """What to do to lines, in millimetres: how far ends that are joined may be apart (`merge`), what lies how close
    to a line already drawn is dropped (`doubles`), how far a simplified line may stray (`simplify`); None leaves that
    out.
    """

    merge: float | None = 0.05
    doubles: float | None = 0.02
    simplify: float | None = 0.02
    order: bool = True
    tries: int = TRIES


@spanned("tidy lines")
def tidied(lines: Lines, how: Tidying | None = None, start: tuple[float, float] = (0.0, 0.0)) -> Lines:
    """Give lines that draw the same with less: see `Tidying`. Coordinates are rounded as files will have them.

    The travel from line to line is never more than it was, but for what dots become; nor is it with the way from
    `start` to the first line, unless there are fewer lines.
    """
    how = how or Tidying()
    if not how.order:
        return cleaned(lines, how)
    before = rounded(lines)
    # A line that was drawn in one go, over parts of itself, would be in pieces without its doubles.
    for way in (how, replace(how, doubles=None), replace(how, doubles=None, merge=None)):
        done = _finished(ordered(cleaned(lines, way), start, how.tries), way)
        nearer = travel(done, start) <= travel(before, start) + 1e-9
        if travel(done, None) <= travel(before, None) + 1e-9 and (nearer or len(done) < len(lines)):
            break
    return done


def cleaned(lines: Lines, how: Tidying) -> Lines:
    """Do all but order the lines."""
    if not len(lines):
        return lines
    lines = without_repeats(rounded(lines))
    if how.doubles is not None:
        lines = without_doubles(lines, how.doubles)
    if how.merge is not None:
        lines = merged(lines, how.merge)
    if how.simplify is not None:
        lines = without_repeats(rounded(simplified(lines, how.simplify)))
        if how.doubles is not None and (once := without_doubles(lines, how.doubles)) is not lines:
            # Lines that ran close by each other may have come to lie on each other.
            lines = once if how.merge is None else merged(once, how.merge)
    return without_repeats(rounded(lines))


def rounded(lines: Lines, decimals: int = DECIMALS) -> Lines:
    """Round coordinates to what files will have."""
    return Lines(np.round(lines.points, decimals) + 0.0, lines.offsets)


def chained(lines: Lines, tolerance: float) -> Lines:
    """Make one of lines that follow each other without a way between: a closed one may begin where another ends."""
    if len(lines) < 2:
        return lines
    gap = np.hypot(*(lines.starts[1:] - lines.ends[:-1]).T)
    joins = gap <= tolerance
    if not joins.any():
        return lines
    drop = np.zeros(len(lines.points), bool)
    drop[lines.offsets[1:-1][joins & (gap == 0)]] = True
    counts = np.add.reduceat(~drop, lines.offsets[:-1]).astype(np.int64)
    heads = np.flatnonzero(np.append(True, ~joins))
    return Lines(lines.points[~drop], offsets_of(np.add.reduceat(counts, heads)))


def _finished(lines: Lines, how: Tidying) -> Lines:
    lines = lines if how.merge is None else chained(lines, how.merge)
    return _with_strokes_for_dots(lines)


def _with_strokes_for_dots(lines: Lines) -> Lines:
    """Make short strokes of lines that are too short to be plotted."""
    short = lines.lengths < SHORTEST
    if not short.any():
        return lines
    middle = np.add.reduceat(lines.points, lines.offsets[:-1], axis=0) / lines.counts[:, None]
    return strokes_for(lines, short, middle)


def strokes_for(lines: Lines, which: np.ndarray, middle: np.ndarray) -> Lines:
    """Replace some lines by level strokes of the length `DOT` around their middles."""
    counts = np.where(which, 2, lines.counts)
    keep = np.ones(len(lines.points), bool)
    _, place = counted(lines.counts)
    keep[np.repeat(which, lines.counts) & (place > 1)] = False
    points = lines.points[keep]
    offsets = offsets_of(counts)
    first = offsets[:-1][which]
    points[first] = np.round(middle[which] - (DOT / 2, 0), DECIMALS)
    points[first + 1] = np.round(middle[which] + (DOT / 2, 0), DECIMALS)
    return Lines(points, offsets)
