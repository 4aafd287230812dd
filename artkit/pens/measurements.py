"""What a plotter has to do: metres drawn, metres of travel, lifts, minutes."""

from __future__ import annotations

from typing import NamedTuple

from artkit.pens.document import Pen, Plot
from artkit.pens.lines import Lines, travel
from artkit.pens.planner import Speeds, seconds


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
    drawn, way = lines.length, travel(lines, start)
    return Measurements(len(lines), len(lines.points), drawn, way, seconds(lines, speeds or Speeds(), start) / 60)


def compared(before: Plot, after: Plot, speeds: Speeds) -> list[tuple[Pen, Measurements, Measurements]]:
    """Measure for each pen what it had to do, and what it has to do now."""
    done = {layer.pen: measured(layer.lines, speeds) for layer in after.layers}
    return [(layer.pen, measured(layer.lines, speeds), done.get(layer.pen, NOTHING)) for layer in before.layers]
