"""Parallel lines whose distance is the tone.

All hatch lines of one direction lie one pen width apart, and together make solid ink. A line is drawn where the picture
is darker than the line's threshold; thresholds are spread so that the lines drawn at any tone are nearly equally far
from each other. What is covered is then the tone itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artkit.algebra import product, turned
from artkit.arrays import Bools, Floats, Ints, counted, offsets_of
from artkit.pens.draw.field import (
    CAP,
    FINE,
    SHORTEST,
    Field,
    Runs,
    long_enough,
    runs_above,
    split,
    thinned,
    thresholds,
    within,
    without_repeats,
)
from artkit.pens.draw.joins import REACH, there_and_back
from artkit.pens.lines import Lines
from artkit.raster.gaussian import gaussian


@dataclass(frozen=True, eq=False)
class HatchLines:
    """Parallel lines at distance `pitch` over a sheet; line k runs along `way` through `foot + offset[k] * normal`.

    `low` and `high` are where each line enters and leaves the sheet less half a pen on all sides, along `way`.
    """

    way: Floats
    normal: Floats
    offset: Floats
    low: Floats
    high: Floats

    @classmethod
    def over(
        cls, width: float, height: float, angle: float, pitch: float, inset: float, phase: float = 0.5
    ) -> HatchLines:
        """Lay lines over `width` x `height` millimetres; `angle` in degrees, counterclockwise as one sees it."""
        cosine, sine = turned(angle)
        way = np.array([cosine, -sine])
        normal = np.array([-way[1], way[0]])
        corners = np.array([[0, 0], [width, 0], [0, height], [width, height]], float)
        across = product(corners, normal)
        count = max(int(np.floor((across.max() - across.min()) / pitch + 1e-9)), 1)
        # What is left over is shared by both sides, so that the sheet is covered alike at both.
        slack = (across.max() - across.min() - count * pitch) / 2
        offset = across.min() + slack + (np.arange(count) + phase) * pitch
        low, high = np.full(count, -np.inf), np.full(count, np.inf)
        for axis, size in enumerate((width, height)):
            at, step = offset * normal[axis], way[axis]
            if step == 0:
                outside = (at < inset - 1e-9) | (at > size - inset + 1e-9)
                low[outside], high[outside] = np.inf, -np.inf
                continue
            one, other = (inset - at) / step, (size - inset - at) / step
            low, high = np.maximum(low, np.minimum(one, other)), np.minimum(high, np.maximum(one, other))
        empty = ~(high - low >= SHORTEST)
        low[empty], high[empty] = 0, 0
        return cls(way, normal, offset, low, high)

    def at(self, line: Ints, along: Floats) -> Floats:
        """(N, 2) points of lines, by their index."""
        points: Floats = self.offset[line][:, None] * self.normal + along[:, None] * self.way
        return points


def hatched(field: Field, pen: float, angle: float, least: float | None = None) -> Lines:
    """Hatch a field with a pen `pen` mm wide, at an angle in degrees.

    Lines and gaps shorter than `least` mm, by themselves three pens, are left out alike, so that tone stays.
    """
    hatch = HatchLines.over(field.width, field.height, angle, pen, pen / 2)
    least = 3 * pen if least is None else least
    step = max(min(field.step, pen), 0.05)
    values, start = sampled(field, hatch, step)
    found = runs_above(values, thresholds(len(values))[:, None], least / step)
    return drawn(hatch, found, start, step, pen, field)


DASH = 80.0
"""Pen widths from the middle of one dash to the next, where lines are broken."""

STEEPEST = 0.45
"""By how much, as a share, bent lines come closer to each other at most."""

FORM = 0.02, 0.05
"""Of the sheet's shorter side: what forms are smoothed by, and how far lines bend at most."""


def shaped(field: Field, pen: float, angle: float, form: float, *, broken: bool) -> Lines:
    """Hatch a field with lines that bend over its forms, and that are broken where the tone lies between two spacings.

    Lines move aside where it is darker around them, as if the dark were deep; they are asked for more where that
    brings them apart. Tones between a spacing and half of it are dashes midway, the longer the darker.
    """
    hatch = HatchLines.over(field.width, field.height, angle, pen, pen / 2)
    step = max(min(field.step, pen), 0.05)
    values, start = sampled(field, hatch, step)
    along: Floats = start + np.arange(values.shape[1], dtype=np.float64) * step
    aside = np.zeros_like(values)
    if form:
        aside, apart = _bent(field, hatch, along, form)
        x = hatch.offset[:, None] * hatch.normal[0] + along * hatch.way[0] + aside * hatch.normal[0]
        y = hatch.offset[:, None] * hatch.normal[1] + along * hatch.way[1] + aside * hatch.normal[1]
        values = np.where(np.isnan(values), np.nan, np.minimum(field.at(x, y) * apart, 1))
    height = thresholds(len(values))[:, None]
    if broken:
        low = np.where(height < 1 / 8, 0.0, 2.0 ** np.floor(np.log2(height)))
        high = np.maximum(2 * low, 1 / 8)
        pace = min(DASH * pen, min(field.width, field.height) / 6)
        share = (along / pace + 0.618034 * np.arange(len(values))[:, None]) % 1
        height = low + (high - low) * np.abs(2 * share - 1)
    return strokes(field, hatch, values, aside, height, start, step, pen)


def _bent(field: Field, hatch: HatchLines, along: Floats, form: float) -> tuple[Floats, Floats]:
    """Give how far lines move aside at their samples, and how much further apart that brings them, both (R, M)."""
    side = min(field.width, field.height)
    sigma = FORM[0] * side / field.step
    deep = field.changed(gaussian(field.darkness - np.float32(field.darkness.mean()), sigma, "nearest"))
    x = hatch.offset[:, None] * hatch.normal[0] + along * hatch.way[0]
    y = hatch.offset[:, None] * hatch.normal[1] + along * hatch.way[1]
    # At the sheet's edge lines stay where they are, else it would not be covered.
    room = np.minimum(np.minimum(x, field.width - x), np.minimum(y, field.height - y)) / (2 * FORM[1] * side)
    moved = deep.at(x, y) * np.clip(room, 0, 1)
    slope = np.gradient(moved, hatch.offset, axis=0) if len(moved) > 1 else np.zeros_like(moved)
    far = min(STEEPEST / max(float(np.abs(slope).max()), 1e-9), FORM[1] * side / max(float(np.abs(moved).max()), 1e-9))
    return form * far * moved, 1 + form * far * slope


def strokes(
    field: Field,
    hatch: HatchLines,
    values: Floats,
    aside: Floats,
    height: Floats,
    start: float,
    step: float,
    pen: float,
) -> Lines:
    """Draw along hatch lines, moved `aside`, where samples reach a height (R, 1) or (R, M); cut at the sheet's edge."""
    runs = runs_above(values, height, 3 * pen / step)
    first = runs.start + np.where(runs.cut_start, CAP * pen / step, 0)
    last = runs.end - np.where(runs.cut_end, CAP * pen / step, 0)
    kept = last - first > SHORTEST / step
    row, first, last = runs.row[kept], first[kept], last[kept]
    if not len(row):
        return Lines.of([])
    counts = (np.ceil(last) - np.floor(first) - 1).astype(np.int64).clip(0) + 2
    run, index = counted(counts)
    place = np.clip(np.floor(first)[run] + index, first[run], last[run]).astype(np.float64)
    low = np.minimum(place.astype(np.int64), max(values.shape[1] - 2, 0))
    share = place - low
    beside = aside[row[run], low] * (1 - share)
    beside += aside[row[run], np.minimum(low + 1, values.shape[1] - 1)] * share
    points = hatch.at(row[run], np.asarray(start + place * step, np.float64)) + beside[:, None] * hatch.normal
    inset = pen / 2
    low_, high_ = np.array([inset, inset]), np.array([field.width - inset, field.height - inset])
    near = within(points, low_ - pen / 2, high_ + pen / 2)
    found = split(np.clip(points, low_, high_), near, offsets_of(counts)[1:-1])
    return long_enough(thinned(without_repeats(found), FINE))


def sampled(field: Field, hatch: HatchLines, step: float) -> tuple[Floats, float]:
    """Darkness along each hatch line, (lines, samples), NaN beyond the sheet, and where along them the first is."""
    filled = hatch.high > hatch.low
    start, stop = (hatch.low[filled].min(), hatch.high[filled].max()) if filled.any() else (0.0, 0.0)
    count = int(np.ceil((stop - start) / step)) + 1
    along = start + np.arange(count) * step
    x = hatch.offset[:, None] * hatch.normal[0] + along * hatch.way[0]
    y = hatch.offset[:, None] * hatch.normal[1] + along * hatch.way[1]
    values = np.full(x.shape, np.nan)
    inside = (along >= hatch.low[:, None] - step) & (along <= hatch.high[:, None] + step) & filled[:, None]
    values[inside] = field.at(x[inside], y[inside])
    return values, float(start)


def drawn(hatch: HatchLines, runs: Runs, start: float, step: float, pen: float, field: Field) -> Lines:
    """Give the runs as lines, cut to the sheet; cut ends are drawn back by what the pen's round end covers.

    Ends are joined where the way between is as dark as the lines beside it.
    """
    begin, end = start + runs.start * step, start + runs.end * step
    low, high = hatch.low[runs.row], hatch.high[runs.row]
    begin = np.where(runs.cut_start, np.maximum(begin + CAP * pen, low), low)
    end = np.where(runs.cut_end, np.minimum(end - CAP * pen, high), high)
    kept = end - begin >= SHORTEST + 1e-3
    row, begin, end = runs.row[kept], begin[kept], end[kept]
    least = thresholds(len(hatch.offset))[row]

    def is_clear(one: Ints, other: Ints, here: Floats, there: Floats) -> Bools:
        clear = np.ones(len(one), bool)
        for share in (0.25, 0.5, 0.75):
            x, y = (here + share * (there - here)).T
            clear &= field.at(x, y) >= np.minimum(least[one], least[other])
        return clear

    return there_and_back(row, hatch.at(row, begin), hatch.at(row, end), REACH * pen, is_clear)


def shares(darkness: NDArray[np.floating[Any]], layers: int) -> list[Floats]:
    """Share out darkness to layers of hatching that cross: each covers its share of what the others leave bare.

    The first works alone to a quarter, then each of the others joins in up to a quarter; then all grow to a half
    together, and at last the first one goes on to solid ink. So no place is crossed more often than there are layers.
    """
    rest = np.clip(1 - np.asarray(darkness, np.float64), 0, 1)
    found = []
    for _ in range(layers):
        own = np.minimum(1 - rest, 0.25)
        rest = np.minimum(rest / (1 - own), 1)
        found.append(own)
    if layers > 1:
        # `rest` is now the paper that ought to stay bare, as a share of what a quarter in each layer leaves.
        for number in range(1, layers):
            most = 0.5
            wanted = 1 - (1 - found[number]) * np.maximum(rest, 1e-9) ** (1 / layers)
            own = np.clip(wanted, found[number], most)
            found[number] = own
        others = np.ones_like(rest)
        for own in found[1:]:
            others *= 1 - own
        found[0] = np.clip(1 - np.clip(1 - np.asarray(darkness, np.float64), 0, 1) / others, 0, 1)
    else:
        found[0] = np.clip(np.asarray(darkness, np.float64), 0, 1)
    return found


def far_apart(layers: int) -> list[int]:
    """Give the numbers of directions in such an order that each is far from those before: across, then between."""
    left = list(range(1, layers))
    found = [0]
    while left:
        gaps = [min(min((one - other) % layers, (other - one) % layers) for other in found) for one in left]
        found.append(left.pop(gaps.index(max(gaps))))
    return found
