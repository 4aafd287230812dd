"""Regions of inks in, the same without parts too thin to be printed out: each goes to an ink beside it, or grows.

Thin is what an opening by the least feature takes away (Serra, Image Analysis and Mathematical Morphology, 1982): an
erosion by half of it, and a dilation by five eighths, so that corners, which a disc never fills, do not count.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from artkit.prepress.regions import GRID, Ink, Region, Sheet, partition

CORNERS = 1.25
"""How much farther the dilation goes than the erosion."""

SHARE = 2e-4
"""Of an ink's area that may be thin in the end."""

ROUNDS = 12
"""At most; what is merged may make its neighbors thin, or whole."""

CRUMB = 1e-6
"""Square millimetres that count for nothing."""


@dataclass(frozen=True)
class Thin:
    """What was found too thin of one ink: how many parts of what area in square millimetres."""

    color: str
    parts: int
    area: float


def without_thin(sheet: Sheet, least: float) -> tuple[Sheet, list[Thin]]:
    """Give each part of an ink that is thinner than `least` millimetres to the ink beside it with the longest border.

    Also gaps: thin parts of bare sheet between inks. The report has what was thin at first, for each ink.
    """
    if least <= 0:
        return sheet, []
    inks = _with_bare(sheet)
    report: list[Thin] = []
    for number in range(ROUNDS):
        thin = [_thin_parts(ink.region, least) for ink in inks]
        if not number:
            report = [
                Thin(ink.color, len(parts), float(sum(part.area for part in parts)))
                for ink, parts in zip(inks, thin, strict=True)
                if len(parts)
            ]
        if all(_area(parts) <= SHARE * ink.area for ink, parts in zip(inks, thin, strict=True)):
            break
        inks = _given_away(sheet, inks, thin)
    return replace(sheet, inks=tuple(ink for ink in inks if ink.color and ink.area > 0)), report


def _area(parts: Any) -> float:
    return float(sum(part.area for part in parts))


def _with_bare(sheet: Sheet) -> list[Ink]:
    """Give the inks, and what is bare of them as one without a color."""
    import shapely

    whole = shapely.box(0, 0, sheet.width, sheet.height)
    bare = shapely.difference(whole, shapely.coverage_union_all([ink.region for ink in sheet.inks]), grid_size=GRID)
    return [*sheet.inks, *([Ink("", bare)] if bare.area > CRUMB else [])]


def opened(region: Region, least: float) -> Region:
    """Give the part of a region that is at least so wide, corners included."""
    import shapely

    core = shapely.buffer(region, -least / 2)
    return shapely.intersection(region, shapely.buffer(core, least / 2 * CORNERS))


def _thin_parts(region: Region, least: float) -> Any:
    """Give what an opening takes away, as polygons (P,)."""
    import shapely

    parts = shapely.get_parts(shapely.difference(region, opened(region, least), grid_size=GRID))
    return parts[(shapely.get_dimensions(parts) == 2) & (shapely.area(parts) > CRUMB)]


def _given_away(sheet: Sheet, inks: list[Ink], thin: list[Any]) -> list[Ink]:
    """Give the inks after each thin part went to the neighbor with which it has the longest border."""
    import shapely

    parts = np.concatenate([np.asarray(each, object) for each in thin])
    owner = np.repeat(np.arange(len(inks)), [len(each) for each in thin])
    longest, to = np.zeros(len(parts)), owner.copy()
    for k, ink in enumerate(inks):
        length = shapely.length(shapely.intersection(shapely.boundary(parts), ink.region.buffer(GRID)))
        better = (length > longest) & (owner != k)
        longest[better], to[better] = length[better], k
    lower = [(k, shapely.get_parts(ink.region)) for k, ink in enumerate(inks)]
    upper = [(int(k), [part]) for k, part in zip(to, parts, strict=True)]
    faces, found = partition([[*rings] for _, rings in lower] + [rings for _, rings in upper], sheet.width, sheet.height)
    of_piece = np.array([k for k, _ in (*lower, *upper)])
    return [
        replace(ink, region=shapely.coverage_union_all(faces[of_piece[found] == k])) for k, ink in enumerate(inks)
    ]
