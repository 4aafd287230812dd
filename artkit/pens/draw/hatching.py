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

from artkit.algebra import product
from artkit.arrays import Floats, Ints
from artkit.pens.draw.field import CAP, SHORTEST, Field, Runs, runs_above, thresholds
from artkit.pens.lines import Lines


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
        turn = np.radians(angle)
        way = np.array([np.cos(turn), -np.sin(turn)])
        way[np.abs(way) < 1e-12] = 0
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
    return drawn(hatch, found, start, step, pen)


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


def drawn(hatch: HatchLines, runs: Runs, start: float, step: float, pen: float) -> Lines:
    """Give the runs as lines, cut to the sheet; cut ends are drawn back by what the pen's round end covers."""
    begin, end = start + runs.start * step, start + runs.end * step
    low, high = hatch.low[runs.row], hatch.high[runs.row]
    begin = np.where(runs.cut_start, np.maximum(begin + CAP * pen, low), low)
    end = np.where(runs.cut_end, np.minimum(end - CAP * pen, high), high)
    kept = end - begin >= SHORTEST + 1e-3
    row, begin, end = runs.row[kept], begin[kept], end[kept]
    points = np.stack([hatch.at(row, begin), hatch.at(row, end)], axis=1)
    flip = row % 2 == 1  # there and back, as a hand would
    points[flip] = points[flip, ::-1]
    return Lines(points.reshape(-1, 2), 2 * np.arange(len(row) + 1, dtype=np.int64))


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
