"""Evenly spaced streamlines: lines along a field of directions, as far apart as the tone asks for.

After Jobard and Lefer, Creating evenly-spaced streamlines of arbitrary density, 1997: a line grows from a seed both
ways until it comes too near to another; beside it lie the seeds of the next ones. What is taken is marked on a fine
raster, in discs as large as the distance that is to be kept there, so that a step of a line looks at one sample alone.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Floats
from artkit.pens.draw.field import FINE, Field, long_enough, thinned
from artkit.pens.lines import Lines
from artkit.raster.gaussian import gaussian

NEAR = 0.72
"""A line ends where it comes as near to another as this part of the distance that is asked for."""

FAR = 30.0
"""Pen widths that lines are apart at most where anything is to be drawn."""

PACKING = 0.9
"""What lines cover of the pen's width over the distance asked for, on the whole.

Where directions are parallel it is all of it; where they diverge, lines end and leave more room, down to 0.75.
"""

DENSEST = 1.3
"""Lines are not put closer together than this part of them would fill the paper: they would lie on each other."""


@dataclass(frozen=True, eq=False)
class Directions:
    """Unit vectors (H, W) without a sign, stretched over `width` x `height` mm."""

    x: NDArray[np.float32]
    y: NDArray[np.float32]
    width: float
    height: float


def directions(field: Field, smooth: float, turn: float, fallback: float) -> Directions:
    """Give directions along a field's level lines, turned by `turn` degrees.

    From the tensor of its gradient, averaged over `smooth` mm and, where there is little to be seen, over more
    (Kass and Witkin, Analyzing oriented patterns, 1987); where there is nothing at all, `fallback` degrees.
    """
    step = smooth / 2.5
    columns, rows = max(round(field.width / step), 2), max(round(field.height / step), 2)
    x, y = np.meshgrid((np.arange(columns) + 0.5) / columns, (np.arange(rows) + 0.5) / rows)
    shrunk = gaussian(field.darkness, [s / n / 2.5 for s, n in zip(field.darkness.shape, (rows, columns), strict=True)])
    tone = field.changed(shrunk).at(x * field.width, y * field.height)
    dy, dx = np.gradient(gaussian(tone, 0.7))
    # In doubled angles, opposite gradients add up.
    cosine, sine = dx * dx - dy * dy, 2 * dx * dy
    total_c, total_s = np.zeros_like(tone), np.zeros_like(tone)
    for sigma, weight in ((2.5, 1.0), (7.0, 0.15), (20.0, 0.02)):
        total_c += weight * gaussian(cosine, sigma, mode="nearest")
        total_s += weight * gaussian(sine, sigma, mode="nearest")
    faint = 1e-7
    rest = 2 * np.radians(fallback + 90)
    total_c, total_s = total_c + faint * np.cos(rest), total_s - faint * np.sin(rest)
    size = np.hypot(total_c, total_s)
    # Evened out once more without regard to strength: noise in flat parts does not whirl.
    total_c, total_s = gaussian(total_c / size**0.7, 1.5), gaussian(total_s / size**0.7, 1.5)
    angle = np.arctan2(total_s, total_c) / 2 + np.pi / 2 - np.radians(turn)
    return Directions(np.cos(angle).astype(np.float32), np.sin(angle).astype(np.float32), field.width, field.height)


def streamlines(field: Field, way: Directions, pen: float, rng: np.random.Generator) -> Lines:
    """Draw streamlines so far apart that they cover what the field asks for."""
    taken = _Taken(field, pen)
    step = min(max(1.2 * pen, 0.1), 2.0)
    trace = _tracer(field, way, taken, step)
    lines: list[Floats] = []
    seeds: deque[tuple[float, float]] = deque()
    failed: set[tuple[int, int]] = set()  # places, a step wide, from where no line got long enough
    for seed in _starts(field, rng):
        seeds.append(seed)
        while seeds:
            x, y = seeds.popleft()
            if not taken.free(x, y) or (spot := (int(x / step), int(y / step))) in failed:
                continue
            line = trace(x, y)
            if line is None:
                failed.add(spot)
                continue
            points = np.array(line)
            lines.append(points)
            distance = taken.mark(points)
            seeds.extend(_beside(points, distance, taken, step))
    return long_enough(thinned(Lines.of(lines), FINE))


def _starts(field: Field, rng: np.random.Generator) -> list[tuple[float, float]]:
    """Places to begin with, the darkest parts first, for all that no line has seeded."""
    count = 20_000
    x, y = rng.uniform(0, field.width, count), rng.uniform(0, field.height, count)
    tone = field.at(x, y)
    order = np.argsort(-np.round(tone * 8), kind="stable")
    order = order[tone[order] > 1 / 128]
    return list(zip(x[order].tolist(), y[order].tolist(), strict=True))


def _beside(points: Floats, distance: Floats, taken: _Taken, step: float) -> list[tuple[float, float]]:
    """Seeds on both sides of a line, at the distance that is asked for there, where there is still room."""
    every = max(int(float(distance.mean()) / step / 2), 1)
    pick = np.arange(0, len(points), every)
    before, after = np.maximum(pick - 1, 0), np.minimum(pick + 1, len(points) - 1)
    along = points[after] - points[before]
    along /= np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)[:, None]
    off = distance[pick, None] * np.column_stack([-along[:, 1], along[:, 0]])
    x, y = (np.concatenate([points[pick, axis] + off[:, axis], points[pick, axis] - off[:, axis]]) for axis in (0, 1))
    inside = (x > 0) & (x < taken.field.width) & (y > 0) & (y < taken.field.height)
    x, y = x[inside], y[inside]
    place = (y / taken.unit + taken.pad).astype(np.int64) * taken.columns + (x / taken.unit + taken.pad).astype(
        np.int64
    )
    room = taken.marks[place] == 0
    return list(zip(x[room].tolist(), y[room].tolist(), strict=True))


class _Taken:
    """A raster of what lies too near to a line, and the distance that is to be kept at each place."""

    def __init__(self, field: Field, pen: float) -> None:
        self.field, self.pen = field, pen
        self.distance = _gentle(field.changed(apart(field.darkness, pen).astype(np.float32)))
        self.unit = max(pen / 6, np.sqrt(field.width * field.height / 3e7))
        self.pad = int(np.ceil(FAR * pen / self.unit)) + 2
        self.columns = int(np.ceil(field.width / self.unit)) + 2 * self.pad
        self.rows = int(np.ceil(field.height / self.unit)) + 2 * self.pad
        self.marks = np.zeros(self.rows * self.columns, np.uint8)
        self.view = self.marks.data
        self.discs: dict[int, NDArray[np.int64]] = {}

    def free(self, x: float, y: float) -> bool:
        """Whether a place is on the sheet and not too near to a line."""
        place = (int(y / self.unit) + self.pad) * self.columns + int(x / self.unit) + self.pad
        return not self.view[place]

    def mark(self, points: Floats) -> Floats:
        """Mark the surroundings of a line, and give the distance to be kept at each of its points."""
        distance = self.distance.at(points[:, 0], points[:, 1])
        level = np.round(8 * np.log2(np.maximum(distance * NEAR / self.unit, 1))).astype(np.int64)
        x = (points[:, 0] / self.unit).astype(np.int64) + self.pad
        y = (points[:, 1] / self.unit).astype(np.int64) + self.pad
        place = y * self.columns + x
        for one in np.unique(level).tolist():
            disc = self.discs.get(one)
            if disc is None:
                disc = self.discs[one] = self._disc(2 ** (one / 8))
            own = np.flatnonzero(level == one)
            # Discs that are much larger than a step need not be set at every one.
            every = max(int(2 ** (one / 8) * self.unit * 0.35 / (1.2 * self.pen)), 1)
            chosen = place[np.append(own[::every], own[-1])]
            self.marks[(chosen[:, None] + disc).ravel()] = 1
        return distance

    def _disc(self, radius: float) -> NDArray[np.int64]:
        reach = int(np.ceil(radius))
        y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
        inside = x**2 + y**2 <= radius**2
        return np.asarray(y[inside] * self.columns + x[inside], np.int64)


def apart(darkness: NDArray[np.floating[Any]], pen: float) -> Floats:
    """Distance of lines that cover what is asked for, in mm."""
    found: Floats = pen / np.clip(np.asarray(darkness) / PACKING, 1 / FAR, DENSEST)
    return found


def _gentle(distance: Field) -> Field:
    """Lower a field of distances until it rises by no more than `SLOPE` a millimetre.

    Else a line in the light would keep others away from the dark beside it.
    """
    from scipy.ndimage import minimum_filter

    found = distance.darkness
    reach = 1
    while reach * distance.step * SLOPE < float(distance.darkness.max()):
        found = np.minimum(found, minimum_filter(found, 2 * reach + 1, mode="nearest") + SLOPE * reach * distance.step)
        reach *= 2
    return distance.changed(found)


SLOPE = 0.6


def _tracer(field: Field, way: Directions, taken: _Taken, step: float):  # type: ignore[no-untyped-def]
    """Give the function that grows a line from a place, or None where it stays too short."""
    rows, columns = way.x.shape
    to_column, to_row = columns / field.width, rows / field.height
    vx, vy = np.ascontiguousarray(way.x).ravel().data, np.ascontiguousarray(way.y).ravel().data
    tone_rows, tone_columns = field.darkness.shape
    tones = np.ascontiguousarray(field.darkness).ravel().data
    tone_x, tone_y = tone_columns / field.width, tone_rows / field.height
    low, right, bottom = taken.pen / 2, field.width - taken.pen / 2, field.height - taken.pen / 2
    view, unit, pad, wide = taken.view, taken.unit, taken.pad, taken.columns
    most = int(4 * (field.width + field.height) / step)
    least = max(5 * taken.pen, 0.5)
    last_row, last_column = rows - 1, columns - 1

    def direction(x: float, y: float, dx: float, dy: float) -> tuple[float, float]:
        i, j = int(y * to_row), int(x * to_column)
        i = 0 if i < 0 else last_row if i > last_row else i
        j = 0 if j < 0 else last_column if j > last_column else j
        place = i * columns + j
        ux, uy = vx[place], vy[place]
        if ux * dx + uy * dy < 0:
            return -ux, -uy
        return ux, uy

    def grow(x: float, y: float, dx: float, dy: float, own: dict[tuple[int, int], int]) -> list[tuple[float, float]]:
        found = []
        half = step / 2
        for number in range(most):
            # The direction halfway, where the last one leads: as good as a midpoint step, at half the look-ups.
            ux, uy = direction(x + half * dx, y + half * dy, dx, dy)
            if ux * dx + uy * dy < 0.5 and number:
                break  # a turn of more than 60 degrees: the directions make no sense here
            x += step * ux
            y += step * uy
            if not (low < x < right and low < y < bottom):
                break
            if view[(int(y / unit) + pad) * wide + int(x / unit) + pad]:
                break
            tone = tones[min(int(y * tone_y), tone_rows - 1) * tone_columns + min(int(x * tone_x), tone_columns - 1)]
            if tone < 1 / 128:
                break
            # Its own earlier parts are not marked yet: a coarse raster of steps tells when it comes back.
            cell = (int(x / step / 2), int(y / step / 2))
            if abs(own.setdefault(cell, number) - number) > 8:
                break
            dx, dy = ux, uy
            found.append((x, y))
        return found

    def trace(x: float, y: float) -> list[tuple[float, float]] | None:
        if not (low < x < right and low < y < bottom):
            return None
        tone = tones[min(int(y * tone_y), tone_rows - 1) * tone_columns + min(int(x * tone_x), tone_columns - 1)]
        if tone < 1 / 128:
            return None
        ux, uy = direction(x, y, 1.0, 0.0)
        own: dict[tuple[int, int], int] = {}
        onward = grow(x, y, ux, uy, own)
        back = grow(x, y, -ux, -uy, {cell: -number for cell, number in own.items()})
        line = [*back[::-1], (x, y), *onward]
        if (len(line) - 1) * step < least:
            return None
        return line

    return trace
