"""Lines that swing: rows, spirals and coils whose swing and pace are the tone.

A pattern has a drive from 0, its lightest, to 1, solid or nearly so. How much of the paper it covers at each drive is
measured on a cell of the pattern itself, overlaps included, and looked up the other way round. Where a picture is
lighter than the pattern at rest, whole stretches of rows are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from artkit.algebra import product, turned
from artkit.arrays import Floats
from artkit.pens.draw.field import CAP, FINE, Field, Runs, long_enough, runs_above, split, thinned, thresholds, within
from artkit.pens.draw.hatching import HatchLines, sampled
from artkit.pens.lines import Lines

VERTICES = 12
"""Points on one swing."""


@dataclass(frozen=True)
class Pattern:
    """A line that swings `swing` to both sides of its row, and `coil` along it, once every `wave` millimetres.

    Rows are `pitch` apart, the pen is `pen` wide. `wave` is the wavelength at rest, `coil` is a share of `swing`.
    `rest` is the share of the full swing at drive 0, `full` the drive from which on it is full.
    """

    pitch: float
    pen: float
    wave: float
    coil: float = 0.0
    rest: float = 0.0
    full: float = 0.6
    reach: float = 1.0

    def swing(self, drive: Floats) -> Floats:
        """Height of the swing."""
        most = self.reach * self.pitch / 2 - 0.1 * self.pen
        share: Floats = self.rest + (1 - self.rest) * np.minimum(drive / self.full, 1) ** 0.8
        return most * share

    def length(self, drive: Floats) -> Floats:
        """Wavelength: at full drive strokes overlap a little, else gaps would stay between the turns of a swing."""
        least = min(1.25 * self.pen, self.wave)
        found: Floats = self.wave * (least / self.wave) ** drive
        return found

    def offset(self, phase: Floats, drive: Floats) -> tuple[Floats, Floats]:
        """Along the row and across it, the places of a phase."""
        swing = self.swing(drive)
        sideways = self.coil * np.minimum(swing, self.length(drive))
        return sideways * np.cos(phase), swing * np.sin(phase)

    def drive(self, darkness: Floats) -> Floats:
        """Give the drive that covers as much as is asked for."""
        coverage, drives = _table(self)
        found: Floats = np.interp(darkness, coverage, drives)
        return found

    @property
    def least(self) -> float:
        """Coverage at rest."""
        return float(_table(self)[0][0])


MEASURED = 400_000
"""Places of a row's line by which its coverage is measured, at most, and a thousandth of it across: of rows that are
thousands of pens apart fewer than eight for each pen."""


@lru_cache(maxsize=32)
def _table(pattern: Pattern) -> tuple[Floats, Floats]:
    """Coverage, rising, and the drives it belongs to."""
    drives = np.linspace(0, 1, 33)
    coverage = np.array([_coverage(pattern, drive) for drive in drives])
    rising = np.maximum.accumulate(coverage) + 1e-9 * np.arange(len(drives))
    return rising, drives


def _coverage(pattern: Pattern, drive: float) -> float:
    """Share of a cell, one wavelength by one row, that lies within half a pen of any row's line."""
    from scipy.spatial import cKDTree

    one = np.array([drive])
    wave, swing = float(pattern.length(one)[0]), float(pattern.swing(one)[0])
    periods = int(np.ceil((pattern.coil * swing + pattern.pen) / wave)) + 1
    count = int(np.ceil((4 * swing + wave * (1 + 6 * pattern.coil)) / (pattern.pen / 8))) + VERTICES
    count = min(count, max(MEASURED // (2 * periods + 1), VERTICES))
    phase = np.arange(-periods * count, (periods + 1) * count, dtype=np.float64) * (2 * np.pi / count)
    along, across = pattern.offset(phase, np.full(len(phase), drive, np.float64))
    along = along + phase / (2 * np.pi) * wave
    rows = range(-2, 3) if pattern.reach > 1 else range(-1, 2)
    points = np.concatenate(
        [np.column_stack([along + (wave / 2 if row % 2 else 0), across + row * pattern.pitch]) for row in rows]
    )
    near = (points[:, 0] > -pattern.pen) & (points[:, 0] < wave + pattern.pen)
    x = (np.arange(24) + 0.5) / 24 * wave
    n = min(max(int(pattern.pitch / pattern.pen * 8), 24), MEASURED // 1000)
    y = ((np.arange(n) + 0.5) / n - 0.5) * pattern.pitch
    cell = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    distance, _ = cKDTree(points[near]).query(cell, distance_upper_bound=pattern.pen)
    return float((distance <= pattern.pen / 2).mean())


def waved(field: Field, pattern: Pattern, angle: float, warp: Warp | None = None) -> Lines:
    """Draw rows of a pattern, each row once, at an angle in degrees; a warp bends all of them."""
    pitch = pattern.pitch
    hatch = HatchLines.over(field.width, field.height, angle, pitch, 0.0)
    step = max(min(field.step, pattern.pen), 0.05)
    if warp is None:
        values, start = sampled(field, hatch, step)
    else:
        hatch, values, start = warp.sampled(field, angle, pitch, step)
    rows, count = values.shape
    along = start + np.arange(count) * step
    base = hatch.offset[:, None, None] * hatch.normal + along[:, None] * hatch.way
    ways = np.broadcast_to(hatch.way, base.shape).reshape(-1, 2)
    normals = np.broadcast_to(hatch.normal, base.shape).reshape(-1, 2)
    lines = _swung(
        base.reshape(-1, 2),
        ways,
        normals,
        values,
        step,
        pattern,
        thresholds(rows)[:, None],
        np.arange(rows, dtype=np.float64) * np.pi,
    )
    if warp is not None:
        lines = Lines(warp.bent(lines.points), lines.offsets)
    return _within(field, lines, pattern.pen)


def spiraled(field: Field, pattern: Pattern, center: tuple[float, float], *, round_: bool) -> Lines:
    """Draw one spiral from the middle outwards; `center` in parts of the sides. A round one ends at the border."""
    x, y = center[0] * field.width, center[1] * field.height
    if round_:
        radius = max(min(x, y, field.width - x, field.height - y), pattern.pitch)
    else:
        radius = max(np.hypot(a, b) for a in (x, field.width - x) for b in (y, field.height - y)) + pattern.pitch
    step = max(min(field.step, pattern.pen), 0.05)
    # On an Archimedean spiral the way to angle t is nearly pitch / 4 pi * t^2.
    length = np.pi * radius**2 / pattern.pitch
    way = np.arange(0, length, step)
    angle = np.sqrt(4 * np.pi * way / pattern.pitch + (2 * np.pi * 0.15) ** 2)
    radii = pattern.pitch * angle / (2 * np.pi)
    normals = np.column_stack([np.cos(angle), np.sin(angle)])
    base = np.array([x, y]) + radii[:, None] * normals
    ways = np.column_stack([-np.sin(angle), np.cos(angle)])
    values = field.at(base[:, 0], base[:, 1])
    inset = pattern.pen / 2
    inside = (base >= -pattern.pitch).all(1) & (
        base <= [field.width + pattern.pitch, field.height + pattern.pitch]
    ).all(1)
    if round_:
        inside &= radii <= radius - pattern.pitch / 2 - inset
    values[~inside] = np.nan
    turn = np.floor(angle / (2 * np.pi) + 0.25).astype(np.int64)
    height = thresholds(int(turn.max()) + 1)[turn]
    lines = _swung(base, ways, normals, values[None], step, pattern, height[None], np.zeros(1))
    return _within(field, lines, pattern.pen)


def _swung(
    base: Floats,
    ways: Floats,
    normals: Floats,
    values: Floats,
    step: float,
    pattern: Pattern,
    height: Floats,
    begin: Floats,
) -> Lines:
    """Swing around rows of samples `step` apart: places (R * M, 2), their directions, darkness (R, M).

    `height` are thresholds by which what is lighter than the pattern at rest is left out, `begin` (R,) the phases at
    which the rows begin.
    """
    least = pattern.least
    lightest = np.minimum(height * least, np.nanmax(values, initial=0.0))
    runs = runs_above(values, lightest, max(pattern.wave, 4 * pattern.pen) / step)
    if not len(runs.row):
        return Lines.of([])
    rows, count = values.shape
    drive = pattern.drive(np.nan_to_num(values))
    pace = 2 * np.pi * step / pattern.length(drive)
    phase = np.cumsum(np.concatenate([np.zeros((rows, 1)), (pace[:, 1:] + pace[:, :-1]) / 2], axis=1), axis=1)
    # All rows in one: each goes on where the one before it has ended, with whole turns between.
    turns = 2 * np.pi * np.ceil((phase[:, -1] + 4 * np.pi) / (2 * np.pi))
    phase += (np.cumsum(turns) - turns)[:, None]
    flat = phase.ravel()
    first, last = _ends(runs, pattern.pen, step)
    kept = last > first
    first = runs.row[kept] * count + first[kept]
    last = runs.row[kept] * count + last[kept]
    delta = 2 * np.pi / VERTICES
    places = np.interp(np.arange(0, flat[-1], delta), flat, np.arange(len(flat)))
    places = np.sort(np.concatenate([places, first, last]))
    run = np.searchsorted(first, places, side="right") - 1
    inside = (run >= 0) & (places <= last[np.maximum(run, 0)])
    places, run = places[inside], run[inside]
    low = np.minimum(places.astype(np.int64), len(flat) - 2)
    share = places - low

    def mixed(of: Floats) -> Floats:
        between: Floats = of[low] + (of[low + 1] - of[low]) * (share[:, None] if of.ndim == 2 else share)
        return between

    at = mixed(flat) + begin[np.minimum(low // count, len(begin) - 1)]
    along, across = pattern.offset(at, mixed(drive.ravel()))
    points = mixed(base) + along[:, None] * mixed(ways) + across[:, None] * mixed(normals)
    begins = np.flatnonzero(np.diff(run)) + 1
    return split(points, np.ones(len(points), bool), begins)


def _ends(runs: Runs, pen: float, step: float) -> tuple[Floats, Floats]:
    return runs.start + np.where(runs.cut_start, CAP * pen / step, 0), runs.end - np.where(
        runs.cut_end, CAP * pen / step, 0
    )


def _within(field: Field, lines: Lines, pen: float) -> Lines:
    """Cut the lines at the sheet's edge, half a pen inside, and drop points that add nothing."""
    points, inset = lines.points, pen / 2
    low, high = np.array([inset, inset]), np.array([field.width - inset, field.height - inset])
    # What swings a little too far is held at the edge; what lies beyond it is cut off.
    near = within(points, low - 0.4 * pen, high + 0.4 * pen)
    cut = split(np.clip(points, low, high), near, lines.offsets[1:-1])
    return long_enough(thinned(cut, FINE))


@dataclass(frozen=True, eq=False)
class Warp:
    """A bend of the plane that keeps areas: it moves along the level lines of soft noise (a stream function)."""

    seed_waves: Floats
    strength: float
    width: float
    height: float

    @classmethod
    def chance(cls, rng: np.random.Generator, strength: float, size: float, width: float, height: float) -> Warp:
        """Draw a bend at random: places move about `strength` mm, alike within about `size` mm."""
        count = 24
        turn = rng.uniform(0, 2 * np.pi, count)
        pace = rng.uniform(0.6, 1.4, count) * 2 * np.pi / size
        waves = np.column_stack([pace * np.cos(turn), pace * np.sin(turn), rng.uniform(0, 2 * np.pi, count)])
        return cls(waves, strength, width, height)

    def _moved(self, points: Floats, sign: float) -> Floats:
        for _ in range(STEPS):
            x, y = points.T
            dx, dy = np.zeros(len(points)), np.zeros(len(points))
            for kx, ky, phase in self.seed_waves:
                slope = np.cos(kx * x + ky * y + phase) / np.hypot(kx, ky)
                dx += ky * slope
                dy -= kx * slope
            scale = sign * self.strength / STEPS * np.sqrt(2 / len(self.seed_waves))
            points = points + scale * np.column_stack([dx, dy])
        return points

    def bent(self, points: Floats) -> Floats:
        """Move places."""
        return self._moved(points, 1.0)

    def sampled(self, field: Field, angle: float, pitch: float, step: float) -> tuple[HatchLines, Floats, float]:
        """Lay hatch lines over more than the sheet and give the darkness at where they come to lie; NaN beyond it."""
        more = 3 * self.strength
        cosine, sine = turned(angle)
        way, normal = np.array([cosine, -sine]), np.array([sine, cosine])
        corners = np.array([[0, 0], [field.width, 0], [0, field.height], [field.width, field.height]], float)
        along, across = product(corners, way), product(corners, normal)
        offset = np.arange(across.min() - more, across.max() + more + pitch, pitch)
        count = int(np.ceil((np.ptp(along) + 2 * more) / step)) + 1
        start = float(along.min() - more)
        hatch = HatchLines(way, normal, offset, np.zeros(len(offset)), np.ones(len(offset)))
        base = offset[:, None, None] * normal + (start + np.arange(count) * step)[:, None] * way
        coarse = base[:, :: max(int(1 / step), 1)]
        moved = self.bent(coarse.reshape(-1, 2)).reshape(coarse.shape)
        index = np.arange(count) / max(int(1 / step), 1)
        low = np.minimum(index.astype(np.int64), coarse.shape[1] - 2) if coarse.shape[1] > 1 else np.zeros(count, int)
        share = (index - low)[:, None]
        places = moved[:, low] * (1 - share) + moved[:, np.minimum(low + 1, coarse.shape[1] - 1)] * share
        values = field.at(places[..., 0], places[..., 1])
        beyond = pitch
        outside = (places < -beyond).any(2) | (places > [field.width + beyond, field.height + beyond]).any(2)
        values[outside] = np.nan
        return hatch, values, start


STEPS = 4
"""Small moves that a bend is made of; the more, the better areas are kept."""
