"""Tints of an ink to dots or lines of full ink, as vectors: as large as the tint asks for, on a grid at an angle.

Dots grow up to half a cell's area; beyond it holes shrink (Ulichney, Digital Halftoning, 1987), so that neither ever
touches its neighbor and areas are exact.
"""

from __future__ import annotations

import re
from typing import Any, Literal, NamedTuple, cast

import numpy as np

from artkit.arrays import Floats
from artkit.errors import UsageError
from artkit.prepress.regions import GRID, Region

Shape = Literal["round", "ellipse", "line"]

ANGLES = (45.0, 75.0, 15.0, 0.0, 60.0, 30.0)
"""Degrees of one plate after the other, as far apart as process inks are."""

LONG = 1.4
"""An ellipse's axes, the longer by the shorter."""

SIDES = 24
"""Of a dot's polygon, which has the dot's area."""

MOST = 2_000_000
"""Dots of a tint; more are taken for a slip."""


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
    if found is None or found["shape"] not in (None, "round", "ellipse", "line"):
        raise UsageError(f"halftone: {text!r} is no screen; write it as 45lpi, '45lpi ellipse 75' or 'Red: 30lpi line'")
    lpi = float(found["lpi"])
    if not 1 <= lpi <= 300:
        raise UsageError(f"halftone: {lpi:g} lpi is not between 1 and 300; screens are printed at 25 to 65")
    angle = None if found["angle"] is None else float(found["angle"])
    return found["ink"] or "", Screen(lpi, cast(Shape, found["shape"] or "round"), angle)


def screened(region: Region, tint: float, how: Screen) -> Region:
    """Give what of a region a tint of 0 to 1 prints."""
    import shapely

    if tint >= 1 or region.is_empty:
        return region
    inked = tint <= 0.5 or how.shape == "line"
    marks = _marks(region, tint if inked else 1 - tint, how)
    shapely.prepare(region)
    marks = marks[shapely.intersects(region, marks)]
    if not inked:
        return shapely.difference(region, shapely.multipolygons(marks), grid_size=GRID)
    within = shapely.contains_properly(region, marks)
    cut = shapely.get_parts(shapely.intersection(marks[~within], region, grid_size=GRID))
    return shapely.multipolygons([*marks[within], *cut[shapely.get_dimensions(cut) == 2]])


def _marks(region: Region, share: float, how: Screen) -> Any:
    """Give the dots or lines that lie over a region's bounds, as polygons."""
    import shapely

    cell = 25.4 / how.lpi
    left, top, right, bottom = region.bounds
    middle = np.array([(left + right) / 2, (top + bottom) / 2])
    steps = int(np.ceil(np.hypot(right - left, bottom - top) / 2 / cell)) + 1
    turn = np.radians(how.angle or 0.0)
    axes = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    origin = np.rint(_turned(middle, axes.T) / cell) * cell  # one grid for all regions of a plate
    count = np.arange(-steps, steps + 1) * cell
    if how.shape == "line":
        half, reach = share * cell / 2, (steps + 1) * cell
        corners = np.array([(-reach, -half), (reach, -half), (reach, half), (-reach, half)])
        places = np.stack([np.zeros(len(count)), count], axis=-1)
    else:
        if len(count) ** 2 > MOST:
            raise UsageError(f"halftone: {how.lpi:g} lpi is more than {MOST} dots on this sheet; use a coarser screen")
        corners = _dot(share * cell * cell, LONG if how.shape == "ellipse" else 1.0)
        places = np.stack(np.meshgrid(count, count), axis=-1).reshape(-1, 2)
        flat = _turned(places + origin, axes)
        near = (flat >= (left - cell, top - cell)) & (flat <= (right + cell, bottom + cell))
        places = places[near.all(1)]
    return shapely.polygons(_turned((places + origin)[:, None] + corners, axes))


def _turned(points: Floats, axes: Floats) -> Floats:
    turned: Floats = points[..., :1] * axes[0] + points[..., 1:] * axes[1]
    return turned


def _dot(area: float, long: float) -> Floats:
    """Give the corners (SIDES, 2) of a dot of that area around the origin."""
    around = np.arange(SIDES) * 2 * np.pi / SIDES
    size = np.sqrt(area / (SIDES / 2 * np.sin(2 * np.pi / SIDES)))
    return np.stack([np.cos(around) * size * np.sqrt(long), np.sin(around) * size / np.sqrt(long)], axis=-1)
