"""Areas and pens in, hatch lines out: as `artkit plot --hatch` fills shapes, in the order in which they are painted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from artkit.arrays import Bools, Floats, Ints
from artkit.errors import UsageError
from artkit.pens.areas import Areas
from artkit.pens.document import Pen
from artkit.pens.draw.fills import Edges, filled
from artkit.pens.draw.hatching import HatchLines
from artkit.pens.draw.joins import REACH
from artkit.pens.layout import Sheet, millimetres
from artkit.pens.lines import Lines
from artkit.spans import spanned

SPACING = 3.0
"""Pen widths from one hatch line to the next, where nothing else is asked for."""

ANGLE = 45.0
TURN = 35.0
"""Degrees of the first color's lines, and by how much those of each next color are turned."""

TURNS = 4
"""Colors after which the directions begin again."""

TONES = 16
"""Steps from bare paper to the pen's own color: shapes of like tone are hatched together."""

FAINTEST = 0.02
"""Share of the pen's darkness below which a shape is paper."""

SHORT_WAY = 5.0
"""Millimetres of a way from line to line that are drawn at most."""


class Hatch(NamedTuple):
    """How fills are hatched: millimetres from line to line, None for three pens, and the first color's direction."""

    spacing: float | None = None
    angle: float = ANGLE

    @classmethod
    def of(cls, text: str) -> Hatch:
        """Read SPACING,ANGLE: '1.2mm', '1mm,30', ',30', or 'auto'."""
        spacing, _, angle = text.partition(",")
        try:
            turn = float(angle) if angle.strip() else ANGLE
        except ValueError:
            turn = np.nan
        if not abs(turn) <= 360:
            raise UsageError(f"hatch: {angle.strip()!r} is no angle; write SPACING,ANGLE as in 1mm,45")
        if spacing.strip() in ("", "auto"):
            return cls(None, turn)
        distance = millimetres(spacing, "hatch")
        if not 0.05 <= distance <= 1000:
            raise UsageError(f"hatch: {spacing.strip()} from line to line; use 0.05mm to 1000mm, as in 1mm,45")
        return cls(distance, turn)

    def __str__(self) -> str:
        return f"{'auto' if self.spacing is None else f'{self.spacing:g}mm'},{self.angle:g}"


def is_hatch(text: str) -> bool:
    """Tell whether a text is what `Hatch.of` is meant to read, and no file."""
    return (
        re.fullmatch(r"(auto|[\d.]+\s*[a-z]{0,2})?(,\s*[-+]?[\d.]*)?", text.strip()) is not None and text.strip() != ""
    )


@spanned("hatch")
def hatched(areas: Areas, pen_of: Sequence[int], pens: Sequence[Pen], how: Hatch, paper: Sheet) -> list[Lines]:
    """Hatch areas on their paper, each with the pen `pen_of` it; gives the lines of each pen, in millimetres.

    The darker a shape is, beside its pen, the closer are its lines: at `spacing` where both are alike. Shapes that are
    not opaque hide nothing. What is lighter than any pen is paper.
    """
    made: list[list[Lines]] = [[] for _ in pens]
    if not len(areas.shape):
        return [Lines.of([]) for _ in pens]
    share = np.array([_share(color, pens[pen].color) for color, pen in zip(areas.colors, pen_of, strict=True)])
    step = np.ceil(np.clip(share * areas.opacity, 0, 1) * TONES - 0.5).clip(1).astype(np.int64)
    step[share * areas.opacity < FAINTEST] = 0
    colors: dict[str, int] = {}
    kind = np.array([colors.setdefault(color, len(colors)) if step[k] else 0 for k, color in enumerate(areas.colors)])
    groups = np.column_stack([np.array(pen_of, np.int64), kind % TURNS, step])
    opaque = areas.is_opaque
    for pen, turn, tone in np.unique(groups[step > 0], axis=0).tolist():
        own = (groups == (pen, turn, tone)).all(axis=1) & (step > 0)
        distance = (how.spacing or SPACING * pens[pen].width) * TONES / tone
        if distance > max(paper.width, paper.height):
            continue
        hatch = HatchLines.over(paper.width, paper.height, how.angle + TURN * turn, distance, paper.margin)
        reach = max(REACH * pens[pen].width, min(2 * distance, SHORT_WAY))
        if (own & opaque).any():
            made[pen].append(filled(_edges(areas, opaque), hatch, pens[pen].width, own & opaque, reach=reach))
        for shape in np.flatnonzero(own & ~opaque).tolist():
            shows = opaque & (np.arange(len(opaque)) > shape)
            shows[shape] = True
            made[pen].append(filled(_edges(areas, shows), hatch, pens[pen].width, own & shows, reach=reach))
    return [Lines.joined(parts) for parts in made]


def _edges(areas: Areas, which: Bools) -> Edges:
    kept: Ints = np.flatnonzero(which[areas.shape])
    return Edges(areas.start[kept], areas.end[kept], areas.shape[kept], areas.nonzero)


def _share(color: str, pen: str) -> float:
    """Give how dark a color is beside that of its pen, from 0 to 1."""
    own, whole = (_darkness(each) for each in (color, pen))
    return min(own / whole, 1.0) if whole > FAINTEST else float(own > FAINTEST)


def _darkness(color: str) -> float:
    levels: Floats = np.array([int(color[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return float(1 - (levels * (0.299, 0.587, 0.114)).sum())
