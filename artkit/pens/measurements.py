"""What a plotter has to do: metres drawn, metres of travel, lifts, minutes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from artkit.errors import UsageError
from artkit.pens.document import Pen, Plot
from artkit.pens.lines import Lines, travel


@dataclass(frozen=True)
class Speeds:
    """Millimetres a second while drawing and while travelling, and the seconds it takes to lift and lower the pen."""

    draw: float = 50.0
    travel: float = 200.0
    lift: float = 0.24

    def __post_init__(self) -> None:
        for name, value in (("drawing", self.draw), ("travelling", self.travel)):
            if not 0 < value < np.inf:
                raise UsageError(f"speed of {name}: {value:g} mm/s is no speed; use more than 0")
        if not 0 <= self.lift < np.inf:
            raise UsageError(f"time to lift the pen: {self.lift:g} s; use 0 or more")


class Measurements(NamedTuple):
    """Lines, their points, millimetres drawn and travelled, from the page's corner to the last line, minutes."""

    lines: int
    points: int
    drawn: float
    travel: float
    minutes: float


NOTHING = Measurements(0, 0, 0.0, 0.0, 0.0)


def measured(lines: Lines, speeds: Speeds | None = None, start: tuple[float, float] = (0.0, 0.0)) -> Measurements:
    """Measure what the lines take, drawn in their order from `start` on."""
    speeds = speeds or Speeds()
    drawn, way = lines.length, travel(lines, start)
    seconds = drawn / speeds.draw + way / speeds.travel + len(lines) * speeds.lift
    return Measurements(len(lines), len(lines.points), drawn, way, seconds / 60)


def compared(before: Plot, after: Plot, speeds: Speeds) -> list[tuple[Pen, Measurements, Measurements]]:
    """Measure for each pen what it had to do, and what it has to do now."""
    done = {layer.pen: measured(layer.lines, speeds) for layer in after.layers}
    return [(layer.pen, measured(layer.lines, speeds), done.get(layer.pen, NOTHING)) for layer in before.layers]
