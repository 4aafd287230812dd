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
    step = min(max(STEP * pen, 0.1), 2.0)
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
    every = max(int(SEEDS * float(distance[len(distance) // 2]) / step), 1)
    x, y = points[::every].T
    before, after = points[np.maximum(np.arange(0, len(points), every) - 1, 0)], points[1::every]
    after = after if len(after) == len(before) else np.concatenate([after, points[-1:]])
    dx, dy = (after - before).T
    off = distance[::every] / np.maximum(np.sqrt(dx * dx + dy * dy), 1e-9)
    x, y = np.concatenate([x - off * dy, x + off * dy]), np.concatenate([y + off * dx, y - off * dx])
    room = (
        taken.marks[(y / taken.unit).astype(np.int64) + taken.pad, (x / taken.unit).astype(np.int64) + taken.pad] == 0
    )
    return list(zip(x[room].tolist(), y[room].tolist(), strict=True))


class _Taken:
    """A raster of what lies too near to a line, and the distance that is to be kept at each place.

    What is less than half a pen from the sheet's edge, or beyond it, is taken from the beginning.
    """

    def __init__(self, field: Field, pen: float) -> None:
        self.field, self.pen = field, pen
        self.distance = _gentle(field.changed(apart(field.darkness, pen).astype(np.float32)))
        self.unit = max(pen / 8, np.sqrt(field.width * field.height / 4e7))
        self.pad = int(np.ceil(FAR * pen / self.unit)) + 2
        self.columns = int(np.ceil(field.width / self.unit)) + 2 * self.pad
        self.rows = int(np.ceil(field.height / self.unit)) + 2 * self.pad
        self.marks = np.ones((self.rows, self.columns), np.uint8)
        least = int(np.ceil(pen / 2 / self.unit)) + self.pad
        right, bottom = (int((side - pen / 2) / self.unit) + self.pad for side in (field.width, field.height))
        self.marks[least:bottom, least:right] = 0
        self.view = self.marks.ravel().data

    def free(self, x: float, y: float) -> bool:
        """Whether a place is on the sheet and not too near to a line."""
        place = (int(y / self.unit) + self.pad) * self.columns + int(x / self.unit) + self.pad
        return not self.view[place]

    def mark(self, points: Floats) -> Floats:
        """Mark the surroundings of a line, and give the distance to be kept at each of its points."""
        from cv2 import circle

        rows, columns = self.distance.darkness.shape
        x, y = points.T
        i = np.minimum((y * (rows / self.field.height)).astype(np.int64), rows - 1)
        j = np.minimum((x * (columns / self.field.width)).astype(np.int64), columns - 1)
        distance: Floats = self.distance.darkness[i, j].astype(np.float64)
        reach = np.maximum(distance * (NEAR / self.unit), 1)
        # Discs that are much larger than a step need not be set at every point.
        every = max(int(float(reach.min()) * self.unit * 0.35 / (STEP * self.pen)), 1)
        chosen = np.append(np.arange(0, len(points) - 1, every), len(points) - 1)
        places = (points[chosen] / self.unit).astype(np.int64) + self.pad
        for place, size in zip(places.tolist(), (reach[chosen] + 0.5).astype(np.int64).tolist(), strict=True):
            circle(self.marks, place, size, 1, -1)
        return distance


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


STEP = 1.4
"""Pen widths of a step along a line."""

SEEDS = 0.6
"""Distances of lines from one seed beside a line to the next."""


def _tracer(field: Field, way: Directions, taken: _Taken, step: float):  # type: ignore[no-untyped-def]
    """Give the function that grows a line from a place, or None where it stays too short."""
    rows, columns = way.x.shape
    to_column, to_row = columns / field.width, rows / field.height
    vx, vy = np.ascontiguousarray(way.x).ravel().data, np.ascontiguousarray(way.y).ravel().data
    bare = _is_bare(field, taken)
    view, unit, pad, wide = taken.view, taken.unit, taken.pad, taken.columns
    most = int(4 * (field.width + field.height) / step)
    least = max(5 * taken.pen, 0.5)
    last_row, last_column = rows - 1, columns - 1

    def direction(x: float, y: float) -> tuple[float, float]:
        i, j = int(y * to_row), int(x * to_column)
        i = 0 if i < 0 else last_row if i > last_row else i
        j = 0 if j < 0 else last_column if j > last_column else j
        place = i * columns + j
        return vx[place], vy[place]

    def grow(x: float, y: float, dx: float, dy: float, own: dict[int, int]) -> list[tuple[float, float]]:
        found: list[tuple[float, float]] = []
        half, cell = step / 2, 1 / (2 * step)
        for number in range(most):
            # The direction halfway, where the last one leads: as good as a midpoint step, at half the look-ups.
            ux, uy = direction(x + half * dx, y + half * dy)
            along = ux * dx + uy * dy
            if along < 0:
                ux, uy, along = -ux, -uy, -along
            if along < 0.5 and number:
                break  # a turn of more than 60 degrees: the directions make no sense here
            x += step * ux
            y += step * uy
            place = (int(y / unit) + pad) * wide + int(x / unit) + pad
            if view[place] or bare[place]:
                break
            # Its own earlier parts are not marked yet: a coarse raster of steps tells when it comes back.
            if abs(own.setdefault(int(x * cell) * 1_000_003 + int(y * cell), number) - number) > 8:
                break
            dx, dy = ux, uy
            found.append((x, y))
        return found

    def trace(x: float, y: float) -> list[tuple[float, float]] | None:
        if bare[(int(y / unit) + pad) * wide + int(x / unit) + pad]:
            return None
        ux, uy = direction(x, y)
        own: dict[int, int] = {}
        onward = grow(x, y, ux, uy, own)
        back = grow(x, y, -ux, -uy, {cell: -number for cell, number in own.items()})
        line = [*back[::-1], (x, y), *onward]
        if (len(line) - 1) * step < least:
            return None
        return line

    return trace


def _is_bare(field: Field, taken: _Taken):  # type: ignore[no-untyped-def]
    """Tell by the places of the raster of what is taken where nothing is to be drawn."""
    rows, columns = field.darkness.shape
    at = np.arange(taken.rows) - taken.pad, np.arange(taken.columns) - taken.pad
    i, j = (
        np.clip((place * taken.unit * count / side).astype(np.int64), 0, count - 1)
        for place, count, side in zip(at, (rows, columns), (field.height, field.width), strict=True)
    )
    return (field.darkness < 1 / 128).astype(np.uint8)[i][:, j].ravel().data
