"""Inks on each other: what color they give, and which of an artwork's colors are two or more inks on one place.

An ink lets through its own color of what comes from below, channel by channel (the blend mode Multiply of PDF and
CSS): so viewers show what overprints.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from artkit.color.palette import name_of, parse
from artkit.prepress.regions import stacked

if TYPE_CHECKING:
    from artkit.prepress.plates import Plates

OFF = 3
"""Levels of a channel that a color may be off a mixture: recipes round, and files are edited."""

MOST = 4
"""Inks on one place; of more, everything would be a mixture of something."""


def mixed(colors: Sequence[str]) -> str:
    """Give the color of inks on each other on white paper, #rrggbb."""
    light = np.ones(3)
    for color in colors:
        light = light * (np.array(parse(color), np.float64) / 255)
    return name_of(np.rint(light * 255).astype(np.uint8))


def mixtures(colors: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Give which of some colors are mixtures of others, and of which: the fewest, those named first."""
    found: dict[str, tuple[str, ...]] = {}
    values = {color: np.array(parse(color), np.int64) for color in colors}
    for color in colors:
        lighter = [other for other in colors if other != color and (values[other] >= values[color] - OFF).all()]
        for count in range(2, min(MOST, len(lighter)) + 1):
            pairs = combinations([other for other in lighter if other not in found], count)
            match = next((inks for inks in pairs if _near(values[color], inks)), None)
            if match is not None:
                found[color] = match
                break
    return {color: inks for color, inks in found.items() if not set(inks) & set(found)}


def _near(value: np.ndarray, inks: Sequence[str]) -> bool:
    made = np.array(parse(mixed(inks)), np.int64)
    return bool((np.abs(made - value) <= OFF).all())


class Overlap(NamedTuple):
    """Plates that print on one place: their names, the color they give, and how many square millimetres."""

    names: tuple[str, ...]
    color: str
    area: float


def overlaps(plates: Plates) -> list[Overlap]:
    """Give which plates print on each other, and what color that is where all but the first overprint, by area.

    Traps do not count, nor does what an ink that does not overprint hides.
    """
    import shapely

    parts = [list(shapely.get_parts(plate.art)) for plate in plates.plates]
    faces, face, plate = stacked(parts, plates.width, plates.height)
    areas, found = shapely.area(faces), dict[tuple[int, ...], float]()
    order = np.lexsort((plate, face))
    cuts = np.flatnonzero(np.diff(face[order])) + 1
    for same in np.split(order, cuts) if len(order) else []:
        key = tuple(plate[same].tolist())
        found[key] = found.get(key, 0.0) + float(areas[face[same[0]]])
    made = []
    for own, area in found.items():
        seen = max((k for k, index in enumerate(own) if not plates.plates[index].overprints), default=0)
        inks = [plates.plates[index] for index in own[seen:]]
        if len(inks) > 1:
            made.append(Overlap(tuple(ink.name for ink in inks), mixed([ink.color for ink in inks]), area))
    return sorted(made, key=lambda each: (-each.area, each.names))
