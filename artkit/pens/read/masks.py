"""Painted shapes in, the region out that a mask of them shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from artkit.arrays import Bools, Floats
from artkit.pens.lines import Lines
from artkit.pens.names import hex_color
from artkit.pens.read.dashes import dashed, dashes_of
from artkit.pens.read.ink import opacity_of
from artkit.pens.read.lengths import IDENTITY, BadNumber, length
from artkit.pens.read.pathdata import flattened, mapped
from artkit.pens.regions import Combined, Fill, Region

if TYPE_CHECKING:
    from artkit.pens.read.clips import Painted

FLATNESS = 0.002
"""Millimetres that the borders of regions stray from the curves they replace."""

FLAT = 0.1
"""Paint within this of white or black, of which it is 1 and 0, passes for it."""


@dataclass(frozen=True, eq=False)
class Painting(Region):
    """What is shown where parts of the page are shown and hidden one after the other; at first all is hidden."""

    parts: Sequence[tuple[Region, bool]]

    @cached_property
    def sides(self) -> tuple[Floats, Floats]:
        """All sides of its parts."""
        return Combined([part for part, _ in self.parts]).sides

    def holds(self, points: Floats) -> Bools:
        """Tell what is shown in the end."""
        held = np.zeros(len(points), bool)
        for part, shows in self.parts:
            held[part.holds(points)] = shows
        return held


def painting(painted: Sequence[Painted], regions: Sequence[Region], alpha: bool) -> tuple[Region | None, bool]:
    """Give what a mask shows, by how light or, with `alpha`, how opaque its paint is; and whether some is between.

    None is given of paint that is not flat.
    """
    parts: list[tuple[Region, bool]] = []
    gray = False
    for shape in painted:
        for what in ("fill", "stroke"):
            color = shape.style.get(what, "black" if what == "fill" else "none").strip()
            if color in ("none", "transparent"):
                continue
            if color.startswith("url("):
                return None, gray
            if color.lower() == "currentcolor":
                color = shape.style.get("color", "black")
            opacity = opacity_of(shape.style.get(f"{what}-opacity")) * shape.opacity
            light = 1.0 if alpha else _luminance(color)
            if opacity < FLAT:
                continue
            gray |= not (light * opacity <= FLAT or light * opacity >= 1 - FLAT) or (opacity < 1 - FLAT and not alpha)
            area = _filled(shape) if what == "fill" else _stroked(shape)
            if area is not None:
                clips = [regions[number] for number in shape.clips]
                parts.append((Combined([area, *clips]) if clips else area, light * opacity >= 0.5))
    return Painting(parts), gray


def _filled(shape: Painted) -> Region:
    found = flattened([shape.data], np.array([shape.matrix]), FLATNESS)
    return Fill.of(found.lines, shape.style.get("fill-rule", "nonzero") != "evenodd")


def _stroked(shape: Painted) -> Region | None:
    """Give the region of a stroke: what lies within half its width of the shape's outline, in its own units."""
    import shapely

    style = shape.style
    try:
        width = length(style.get("stroke-width", "1"))
        miter = float(style.get("stroke-miterlimit", 4))
    except (BadNumber, ValueError):
        return None
    if width <= 0:
        return None
    a, b, c, d, _, _ = shape.matrix
    fine = FLATNESS / max(abs(a * d - b * c) ** 0.5, 1e-9)
    lines = flattened([shape.data], np.array([IDENTITY]), fine).lines
    if (dashes := dashes_of(style, shape.said, IDENTITY, (0.0, 0.0))) is not None:
        lines, _, _ = dashed(lines, np.zeros(len(lines), np.int64), [dashes])
    cap = {"round": "round", "square": "square"}.get(style.get("stroke-linecap", ""), "flat")
    join = {"round": "round", "bevel": "bevel"}.get(style.get("stroke-linejoin", ""), "mitre")
    drawn = [
        shapely.LinearRing(lines[number]) if ring and len(lines[number]) > 3 else shapely.LineString(lines[number])
        for number, ring in enumerate(lines.closed.tolist())
    ]
    areas = shapely.buffer(drawn, width / 2, quad_segs=32, cap_style=cap, join_style=join, mitre_limit=miter)
    rings = [shapely.get_coordinates(ring) for ring in shapely.get_rings(shapely.get_parts(shapely.union_all(areas)))]
    found = Lines.of(rings)
    points = mapped(found.points, np.array([shape.matrix]), np.zeros(len(found.points), np.int64))
    return Fill.of(Lines(points, found.offsets), nonzero=False)


def _luminance(color: str) -> float:
    """Give how light a color is to a mask, from 0 to 1 (CSS Masking 1, section 7.10)."""
    levels = [int(hex_color(color)[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return 0.2125 * levels[0] + 0.7154 * levels[1] + 0.0721 * levels[2]
