"""What is cut, and how: what is asked for, the boards that material is cut from, and the works on each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from artkit.errors import UsageError
from artkit.pens.lines import Lines
from artkit.prepress.regions import Region

Kind = Literal["engrave", "score", "cut"]

WIDEST_KERF = 25.0
"""Millimetres; no tool that cuts outlines is wider."""


@dataclass(frozen=True)
class Cutting:
    """What is asked for; lengths in millimetres.

    With `common` all pieces come from one sheet and a border that two of them share is cut once, else each ink is cut
    from a sheet of its own, in closed outlines. `kerf` is the width of what the tool takes away. `bridges` makes
    stencils, `stack` sheets that lie on each other, `outline` one line so far around everything. `score` and `engrave`
    name colors that are marked on the material; the `ground` is not cut. What is thinner than `least` goes to what lies
    beside it.
    """

    common: bool = True
    kerf: float = 0.0
    bridges: float | None = None
    weed: bool = False
    frame: bool = False
    stack: bool = False
    outline: float | None = None
    least: float = 0.0
    widen: tuple[str, ...] = ()
    mirror: bool = False
    size_check: bool = False
    score: tuple[str, ...] = ()
    engrave: tuple[str, ...] = ()
    ground: str | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.kerf <= WIDEST_KERF:
            raise UsageError(f"kerf: {self.kerf:g} mm is not between 0 and {WIDEST_KERF:g}; lasers take 0.1mm to 0.3mm")
        if self.bridges is not None and not 0 < self.bridges <= 100:
            raise UsageError(f"bridges: {self.bridges:g} mm: they are more than 0 and at most 100 mm wide; try 1.5mm")
        if self.outline is not None and not 0 <= self.outline <= 100:
            raise UsageError(f"outline: {self.outline:g} mm is not between 0 and 100; stickers have 2mm")
        if not 0 <= self.least <= 20:
            raise UsageError(f"min-feature: {self.least:g} mm is not between 0 and 20; try 0.5mm")
        if self.common and self.kerf:
            raise UsageError(
                "kerf and common lines: a border that two pieces share is one cut, and cannot be moved away from both; "
                "leave --kerf out, or --common-lines"
            )
        ways = [name for name in ("bridges", "stack", "outline") if getattr(self, name) not in (None, False)]
        if len(ways) > 1:
            raise UsageError(f"--{ways[0]} and --{ways[1]}: make different things of a drawing; give one of them")
        if ways and self.weed and ways != ["outline"]:
            raise UsageError(f"--weed and --{ways[0]}: weeding lines part the waste of vinyl; give one of them")


class Work(NamedTuple):
    """Lines, or an area that is `engraved`, under a name and of a color that tells what is done."""

    name: str
    kind: Kind
    color: str
    lines: Lines
    engraved: Region | None = None


@dataclass(frozen=True)
class Board:
    """What is cut from one sheet: pieces that are kept, and what is marked on them.

    `islands` are parts of it that are held by nothing but what they lie on, `weak` are bridges that end in what is
    thinner.
    """

    name: str
    color: str
    pieces: tuple[Region, ...]
    score: Lines = field(default_factory=lambda: Lines.of([]))
    engraved: Region | None = None
    bridges: int = 0
    islands: int = 0
    weak: int = 0


@dataclass(frozen=True)
class Job:
    """Works in the order in which they are done, on a sheet in millimetres, the art's corner at `place`.

    `facts` are what was measured, `notes` what is worth telling.
    """

    width: float
    height: float
    works: tuple[Work, ...]
    place: tuple[float, float]
    facts: dict[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
