"""Halftone screens for pens: dots in a square grid, and parallel lines that swell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from artkit.algebra import product, turned
from artkit.arrays import Floats, counted, offsets_of
from artkit.pens.draw.field import (
    CAP,
    FINE,
    Field,
    long_enough,
    runs_above,
    split,
    thinned,
    thresholds,
    within,
    without_repeats,
)
from artkit.pens.draw.hatching import HatchLines, sampled
from artkit.pens.lines import Lines
from artkit.raster.gaussian import gaussian_along


@dataclass(frozen=True, eq=False)
class Screen:
    """Middles of the screen's cells (N, 2) in mm, the darkness asked of each, and the area of a cell in mm^2."""

    points: Floats
    share: Floats
    cell: float


def dot_screen(field: Field, pitch: float, angle: float) -> Screen:
    """Lay a square grid over a field, turned by `angle` degrees, and take the mean of each cell on the sheet."""
    cosine, sine = turned(angle)
    across, down = np.array([cosine, -sine]), np.array([sine, cosine])
    corners = np.array([[0, 0], [field.width, 0], [0, field.height], [field.width, field.height]], float)
    middle = np.array([field.width, field.height]) / 2
    reach = np.abs(product(corners - middle, np.column_stack([across, down]))).max(0)
    steps = [np.arange(-np.ceil(r / pitch) - 1, np.ceil(r / pitch) + 2) * pitch for r in reach]
    u, v = (part.ravel() for part in np.meshgrid(*steps))
    points = middle + u[:, None] * across + v[:, None] * down
    inside = ((points >= -pitch / 3) & (points <= [field.width + pitch / 3, field.height + pitch / 3])).all(1)
    points = points[inside]
    taps = (np.arange(5) - 2) / 5 * pitch
    total = np.zeros(len(points))
    for a in taps:
        for b in taps:
            place = points + a * across + b * down
            total += field.at(place[:, 0], place[:, 1])
    return Screen(np.clip(points, 0, [field.width, field.height]), total / len(taps) ** 2, pitch**2)


PAIR = 1.25
"""Pen widths of a line from which on it is drawn by two strokes along its edges: below, they would nearly meet."""


CLOSE = 0.8
"""Pen widths between the strokes that fill a line: no paper is left where a stroke joins in beside the edge's."""


def line_screen(field: Field, pitch: float, pen: float, angle: float) -> Lines:
    """Draw rows `pitch` apart as lines so wide that they cover what is asked for, stroke beside stroke."""
    if angle % 90 == 0:
        side = field.height if angle % 180 == 0 else field.width
        pitch = side / max(round(side / pitch), 1)
    hatch = HatchLines.over(field.width, field.height, angle, pitch, 0.0)
    step = max(min(field.step, pen), 0.05)
    values, start = sampled(field, hatch, step)
    width = smoothed(values, 0.4 * pitch / step) * pitch
    fine = thresholds(len(width))[:, None] * pen
    level = np.zeros_like(width)
    edge = np.maximum(width / 2, 0.75 * pen) - pen / 2
    lines = [strokes(hatch, width, level, fine, start, step, pen, below=PAIR * pen)]
    for side in (-1, 1):
        lines.append(strokes(hatch, width, side * edge, PAIR * pen, start, step, pen))
        # Between them strokes at fixed places, each from where the edge has left it far enough behind to be seen.
        for number in range(0 if side > 0 else 1, max(int(pitch / 2 / (CLOSE * pen)), 1)):
            place = number * CLOSE * pen
            # The inner edge of the outer stroke then leaves what the stroke before this one covers.
            least = 2 * (place + (1.5 - CLOSE) * pen) if number else 2 * pen
            lines.append(strokes(hatch, width, level + side * place, least, start, step, pen))
    found = Lines.joined(lines)
    inset = pen / 2
    low_, high_ = np.array([inset, inset]), np.array([field.width - inset, field.height - inset])
    near = within(found.points, low_ - pen / 2, high_ + pen / 2)
    found = split(np.clip(found.points, low_, high_), near, found.offsets[1:-1])
    return long_enough(thinned(found, FINE))


def strokes(
    hatch: HatchLines,
    width: Floats,
    offset: Floats,
    least: Floats | float,
    start: float,
    step: float,
    pen: float,
    below: float = np.inf,
) -> Lines:
    """Draw along the rows, `offset` beside them, where the line's width is from `least` to `below`."""
    runs = runs_above(width, least, 4 * pen / step)
    if np.isfinite(below):
        over = runs_above(width, below, 4 * pen / step)
        keep = np.ones(width.shape, bool)
        row, first, last = over.row, np.ceil(over.start).astype(int), np.floor(over.end).astype(int)
        for r, a, b in zip(row.tolist(), first.tolist(), last.tolist(), strict=True):
            keep[r, a : b + 1] = False
        runs = runs_above(np.where(keep & (width >= least), 1.0, np.where(np.isnan(width), np.nan, 0.0)), 0.5, 1.0)
    if not len(runs.row):
        return Lines.of([])
    first = runs.start + np.where(runs.cut_start, CAP * pen / step, 0)
    last = runs.end - np.where(runs.cut_end, CAP * pen / step, 0)
    kept = last - first > 1e-3
    row, first, last = runs.row[kept], first[kept], last[kept]
    counts = (np.floor(last) - np.ceil(first) + 1).astype(np.int64).clip(0) + 2
    offsets = offsets_of(counts)
    run, index = counted(counts)
    place = np.ceil(first)[run] + index - 1
    place = np.asarray(np.clip(place, first[run], last[run]), np.float64)
    low = np.minimum(place.astype(np.int64), width.shape[1] - 2).clip(0)
    share = place - low
    beside = offset[row[run], low] * (1 - share) + offset[row[run], np.minimum(low + 1, width.shape[1] - 1)] * share
    points = (
        hatch.at(row[run], np.asarray(start + place * step, np.float64)) + np.nan_to_num(beside)[:, None] * hatch.normal
    )
    return without_repeats(Lines(points, offsets))


def smoothed(values: Floats, sigma: float) -> Floats:
    """Even out rows of samples along themselves; NaN stays, and counts for nothing."""
    known = ~np.isnan(values)
    weight = gaussian_along(known.astype(np.float64), sigma, 1, "constant")
    total = gaussian_along(np.where(known, values, 0.0), sigma, 1, "constant")
    return np.where(known, total / np.maximum(weight, 1e-9), np.nan)
