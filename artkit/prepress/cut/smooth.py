"""Lines to cut in, the same as curves out: cubics where they bend, lines where they are straight, corners kept."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from artkit.arrays import Bools, Floats, Ints, offsets_of
from artkit.artwork.drawing import CUBIC, LINE, Path
from artkit.pens.lines import Lines
from artkit.pens.styled import lines_of, paths_of
from artkit.planar.spline import fit_splines

STRAYS, MOST = (0.01, *6 * (0.005,)), 0.02
"""Millimetres that the fit is told curves may stray at places on the lines, one try after the other, and that they may
stray anywhere. From the third try on places that strayed are corners, and each time more of what is around them."""

FLAT = 0.001
"""Millimetres that a polyline strays from a curve that is looked at."""

SAMPLE = 1.0
"""Millimetres between places on lines at most: closer ones would show the chords that stand for curves."""

UNITS = 10.0
"""Of the fit to a millimetre: it is made for pixels."""

STEP = 0.01
"""Of those, steps on which points come out: 0.001 mm."""

CORNER = np.cos(np.radians(35))
"""Lines that turn more are corners: polylines turn less where they stand for curves."""


def smoothed(lines: Lines) -> list[Path]:
    """Give lines, in millimetres, as paths; closed ones do not repeat their first point.

    Where one could not be fitted within `MOST`, as where it turns to and fro, it has corners, and is a polyline there.
    """
    paths = paths_of(lines)
    left, strayed = np.arange(len(lines)), [np.empty((0, 2))] * len(lines)
    for reach, stray in enumerate(STRAYS, start=-1):
        if not len(left):
            break
        fitted = _fitted(lines.take(left), stray, [strayed[k] for k in left.tolist()], reach)
        off = [_strayed(path, lines[k]) for path, k in zip(fitted, left.tolist(), strict=True)]
        for k, path, places in zip(left.tolist(), fitted, off, strict=True):
            if not len(places):
                paths[k] = path
            elif stray == STRAYS[-1]:
                strayed[k] = np.concatenate([strayed[k], places])
        left = left[np.array([len(places) > 0 for places in off])]
    return paths


def _strayed(path: Path, line: Floats) -> Floats:
    """Give the places of a path and of a line, (N, 2), that are far from the other one."""
    import shapely

    flat = lines_of([path], FLAT)[0]
    ways = [shapely.linestrings(flat), shapely.linestrings(line)]
    shapely.prepare(ways)
    near = shapely.dwithin(ways[1], shapely.points(flat), MOST), shapely.dwithin(ways[0], shapely.points(line), MOST)
    return np.concatenate([flat[~near[0]], line[~near[1]]])


def _fitted(lines: Lines, stray: float, corners: Sequence[Floats], reach: int) -> list[Path]:
    points, offsets, hard = _samples(lines, corners, reach)
    closed = lines.closed
    made = fit_splines(points * UNITS, offsets, closed, np.full(len(points), stray * UNITS), hard, STEP)
    paths = []
    for low, high, ring in zip(made.offsets[:-1].tolist(), made.offsets[1:].tolist(), closed.tolist(), strict=True):
        kinds = np.where(made.line[low:high], LINE, CUBIC).astype(np.uint8)
        inner = [
            made.end[k : k + 1] if made.line[k] else np.stack([made.first[k], made.second[k], made.end[k]])
            for k in range(low, high)
        ]
        own = np.concatenate([made.start[low : low + 1], *inner]) / UNITS
        paths.append(Path(own, kinds, closed=ring))
    return paths


def _samples(lines: Lines, forced: Sequence[Floats], reach: int) -> tuple[Floats, Ints, Bools]:
    """Give places on lines, where each line begins, and which are corners: those nearest to `forced` ones, too."""
    parts, corners = [], []
    for low, high, ring, near in zip(
        lines.offsets[:-1].tolist(), lines.offsets[1:].tolist(), lines.closed.tolist(), forced, strict=True
    ):
        own = lines.points[low:high]
        step = np.diff(own, axis=0)
        length = np.hypot(*step.T)
        count = np.maximum(np.ceil(length / SAMPLE), 1).astype(np.int64)
        begin = offsets_of(count)
        at = np.repeat(np.arange(len(count)), count)
        share = (np.arange(begin[-1]) - begin[at]) / count[at]
        way = step / np.maximum(length, 1e-12)[:, None]
        before = np.roll(way, 1, axis=0)
        turns = (way * before).sum(1) < CORNER
        corner = np.zeros(begin[-1], bool)
        corner[begin[:-1]] = turns
        if not ring:
            corner[0] = False
        samples = own[at] + step[at] * share[:, None]
        if not ring:
            samples, corner = np.vstack([samples, own[-1:]]), np.append(corner, False)
        if len(near):
            corner |= _around(samples, near, ring, reach)
        parts.append(samples)
        corners.append(corner)
    return np.concatenate(parts), offsets_of(np.array([len(part) for part in parts])), np.concatenate(corners)


def _around(samples: Floats, places: Floats, ring: bool, reach: int) -> Bools:
    """Tell which samples are nearest to places, or at most `reach` from such a one; the ends of open lines are none."""
    from scipy.spatial import cKDTree

    nearest = np.unique(cKDTree(samples).query(places)[1])
    found = np.zeros(len(samples), bool)
    found[(nearest[:, None] + np.arange(-reach, reach + 1)) % len(samples)] = True
    if not ring:
        found[[0, -1]] = False
    return found
