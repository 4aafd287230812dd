"""Tints and tones of an ink to dots or lines of full ink, as vectors: as large as each place asks for, at an angle.

Every cell of a grid has a dot in its middle, whose area is the cell's mean share of ink. Dots that outgrow their cell
are cut off at its sides, so that they join their neighbors, and what is left of the cloth is holes between four of
them (Ulichney, Digital Halftoning, 1987, clustered dots). Areas are exact.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Literal, NamedTuple, cast, get_args

import numpy as np

from artkit.arrays import Floats, Ints
from artkit.errors import UsageError
from artkit.prepress.regions import Region
from artkit.prepress.tones import Tone

Shape = Literal["round", "ellipse", "square", "line"]

ANGLES = (45.0, 75.0, 15.0, 0.0, 60.0, 30.0)
"""Degrees of one plate after the other, as far apart as process inks are."""

LONG = 1.4
"""An ellipse's axes, the longer by the shorter."""

FLAT = 0.01
"""Millimetres that a dot's polygon, which has the dot's area, may stray from it."""

LEAST = 0.002
"""The share of a cell below which there is no dot: it would be a hundredth of a millimetre wide."""

LOOKS = 4
"""Places along either side of a cell at which its tone is looked at."""

STEPS = 65536.0
"""Steps to a cell on which corners of dots lie."""

MOST = 1_000_000
"""Dots of a plate; more are taken for a slip."""


class Screen(NamedTuple):
    """Lines to an inch, what they are made of, and their angle in degrees; None is the plate's own."""

    lpi: float
    shape: Shape = "round"
    angle: float | None = None


def screen(text: str) -> tuple[str, Screen]:
    """Read a screen such as `45lpi`, `30lpi line 15`, `Red: 45lpi ellipse`: the ink, empty for all, and the screen."""
    found = re.fullmatch(
        r"(?:(?P<ink>.+?)\s*:\s*)?(?P<lpi>\d+(?:\.\d+)?)\s*lpi(?:\s+(?P<shape>[a-z]+))?(?:\s+(?P<angle>-?\d+(?:\.\d+)?))?",
        text.strip(),
    )
    if found is None or found["shape"] not in (None, *get_args(Shape)):
        raise UsageError(f"halftone: {text!r} is no screen; write it as 45lpi, '45lpi ellipse 75' or 'Red: 30lpi line'")
    lpi = float(found["lpi"])
    if not 1 <= lpi <= 300:
        raise UsageError(f"halftone: {lpi:g} lpi is not between 1 and 300; screens are printed at 25 to 65")
    angle = None if found["angle"] is None else float(found["angle"])
    return found["ink"] or "", Screen(lpi, cast(Shape, found["shape"] or "round"), angle)


def screened(region: Region, tint: float | Tone, how: Screen) -> Region:
    """Give what of a region a tint of 0 to 1 prints, or a tone: the tint at each place."""
    import shapely

    if region.is_empty or (not callable(tint) and tint >= 1):
        return region
    marks = _marks(_cells(region, how), tint, how)
    shapely.prepare(region)
    marks = marks[shapely.intersects(region, marks)]
    within = shapely.contains_properly(region, marks)
    cut = shapely.get_parts(shapely.intersection(marks[~within], region))
    return shapely.multipolygons([*shapely.get_parts(marks[within]), *cut[shapely.get_dimensions(cut) == 2]])


def _cells(region: Region, how: Screen) -> Ints:
    """Give column and row (N, 2) of the cells that lie over a region's bounds: one grid for all regions of a plate."""
    left, top, right, bottom = np.array(region.bounds) * how.lpi / 25.4
    if (right - left) * (bottom - top) > MOST:
        raise UsageError(f"halftone: {how.lpi:g} lpi is more than {MOST} dots on this sheet; use a coarser screen")
    corners = _turned(np.array([(left, top), (right, top), (right, bottom), (left, bottom)]), -(how.angle or 0.0))
    (low_x, low_y), (high_x, high_y) = np.floor(corners.min(axis=0)), np.ceil(corners.max(axis=0))
    rows, columns = np.arange(low_y - 1, high_y + 2), np.arange(low_x - 1, high_x + 2)
    found = []
    for row in rows:
        cells = np.stack([columns, np.full(len(columns), row)], axis=-1)
        places = _turned(cells, how.angle or 0.0)
        found.append(cells[((places >= (left - 1, top - 1)) & (places <= (right + 1, bottom + 1))).all(axis=1)])
    return np.concatenate(found).astype(np.int64)


def _turned(points: Floats, angle: float) -> Floats:
    """Turn points (..., 2) around the origin, by degrees from x to y."""
    cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    x, y = points[..., 0], points[..., 1]
    return np.stack([x * cos - y * sin, x * sin + y * cos], axis=-1)


def _marks(cells: Ints, tint: float | Tone, how: Screen) -> Any:
    """Give the dots or lines of cells as polygons in millimetres that do not overlap."""
    import shapely

    shares = _shares(cells, tint, how)
    if how.shape == "line":
        marks = np.array([shapely.polygons(ring) for ring in _lines(cells, shares)], object)
        joins = np.ones(len(marks), bool)
    else:
        own = shares >= LEAST
        corners, joins = _dots(shares[own], how.shape, _sides(how))
        marks = shapely.polygons(corners + cells[own][:, None])
    marks = np.concatenate([marks[~joins], shapely.get_parts(shapely.union_all(marks[joins]))])
    return shapely.transform(marks, lambda points: _turned(points, how.angle or 0.0) * (25.4 / how.lpi))


def _shares(cells: Ints, tint: float | Tone, how: Screen) -> Floats:
    """Give the mean share of ink of each cell, (N,)."""
    if not callable(tint):
        return np.full(len(cells), float(tint))
    looks = (np.arange(LOOKS) + 0.5) / LOOKS - 0.5
    offsets = np.stack(np.meshgrid(looks, looks), axis=-1).reshape(-1, 2)
    total = np.zeros(len(cells))
    for offset in offsets:
        total += np.clip(tint(_turned(cells + offset, how.angle or 0.0) * (25.4 / how.lpi)), 0, 1)
    return total / len(offsets)


def _sides(how: Screen) -> int:
    """Give the corners of a dot's polygon, a multiple of eight, so that a full one has its cell's corners."""
    radius = 25.4 / how.lpi * np.sqrt(0.5)
    return 8 * int(np.ceil(np.pi / np.sqrt(2 * FLAT / radius) / 8))


def _dots(shares: Floats, shape: Shape, sides: int) -> tuple[Floats, Any]:
    """Give the corners (N, sides, 2) of dots around the origin, in cells, and which reach a side of theirs, (N,)."""
    form, limit = _form(shape, sides)
    sizes = np.interp(shares, *_areas(shape, sides))[:, None]
    sizes[shares >= 1 - LEAST] = np.inf
    reach = np.minimum(sizes * form, limit)
    around = np.arange(sides) * (2 * np.pi / sides)
    corners = reach[..., None] * np.stack([np.cos(around), np.sin(around)], axis=-1)
    return _exact(corners), (sizes * form >= limit).any(axis=1)


def _exact(values: Floats) -> Floats:
    """Round to a step that binary numbers hold: sides of neighbors lie on each other, and join without slivers."""
    return np.rint(values * STEPS) / STEPS


def _form(shape: Shape, sides: int) -> tuple[Floats, Floats]:
    """Give how far a dot, and how far its cell, reaches in each of so many directions, (sides,)."""
    around = np.arange(sides) * (2 * np.pi / sides)
    cos, sin = np.cos(around), np.sin(around)
    form = {
        "round": np.ones(sides),
        "ellipse": 1 / np.hypot(cos / np.sqrt(LONG), sin * np.sqrt(LONG)),
        "square": 1 / (np.abs(cos) + np.abs(sin)),  # on its corner, as these meet at half the ink
    }
    return form[shape], 0.5 / np.maximum(np.abs(cos), np.abs(sin))


@lru_cache(maxsize=8)
def _areas(shape: Shape, sides: int) -> tuple[Floats, Floats]:
    """Give areas of polygons of dots in their cells, from 0 to 1, and the dots' sizes."""
    form, limit = _form(shape, sides)
    sizes = np.linspace(0, float((limit / form).max()), 2000)
    reach = np.minimum(sizes[:, None] * form, limit)
    return (reach * np.roll(reach, 1, axis=1)).sum(axis=1) * np.sin(2 * np.pi / sides) / 2, sizes


def _lines(cells: Ints, shares: Floats) -> Iterator[Floats]:
    """Give the outlines of lines, which change their width evenly from the middle of a cell to its sides.

    Cells come row by row. Where a row ends or has a gap, its line runs out in a point.
    """
    inked = np.flatnonzero(shares >= LEAST)
    follows = (np.diff(cells[inked, 0]) == 1) & (np.diff(cells[inked, 1]) == 0)
    for run in np.split(inked, np.flatnonzero(~follows) + 1) if len(inked) else []:
        share = shares[run]
        if (share >= 1 - LEAST).all():
            share = np.ones(len(run))
        wide = _exact(np.concatenate([[0], share, [0]]) / 2)
        half = np.empty(2 * len(wide) - 1)
        half[::2], half[1::2] = wide, _exact((wide[1:] + wide[:-1]) / 2)
        x = cells[run[0], 0] - 1 + np.arange(len(half)) / 2
        y = cells[run[0], 1]
        yield np.concatenate([np.stack([x, y - half], axis=-1), np.stack([x, y + half], axis=-1)[-2:0:-1]])
