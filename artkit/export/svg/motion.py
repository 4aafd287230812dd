"""Drawings that draw themselves, by SMIL (SVG 1.1, chapter 19): lines grow by the offset of a dash, fills appear."""

from __future__ import annotations

from typing import NamedTuple

from artkit.artwork.drawing import AnimatedDrawing, Shape
from artkit.export.svg.grid import Grid
from artkit.export.svg.numbers import number, short

DASHED = '<set attributeName="stroke-dasharray" to="1 3"/>'
"""A dash as long as a line whose length is said to be 1. Set by SMIL: who does not know it must not see dashes."""


class Act(NamedTuple):
    """What draws a shape: attributes of its element, and what stands inside of it."""

    attributes: str = ""
    inside: str = ""

    @property
    def needs_dash(self) -> bool:
        """Whether the layer has to set `DASHED`."""
        return "pathLength" in self.attributes


def acts_of(drawing: AnimatedDrawing, grid: Grid, at: float | None) -> list[list[Act | None]]:
    """Give what draws each shape of each layer, or leaves it `at` some second; None where it is not there yet."""
    acts: list[list[Act | None]] = []
    for layer, times, lengths in zip(drawing.layers, drawing.times, drawing.lengths, strict=True):
        of_layer = zip(layer.shapes, times.tolist(), (lengths * grid.unit).tolist(), strict=True)
        if at is None:
            acts.append([_smil(shape, begin, end, drawing) for shape, (begin, end), _ in of_layer])
        else:
            acts.append([_still(shape, begin, end, length, at) for shape, (begin, end), length in of_layer])
    return acts


def _smil(shape: Shape, begin: float, end: float, drawing: AnimatedDrawing) -> Act:
    """Draw a line by the offset of its dash; what is filled appears. In five numbers at most, over the whole time."""
    whole = drawing.seconds
    hidden, start, done = ("1.5", "1", "0") if shape.fill is None else ("0", "0", "1")
    first, last = (min(max(time / whole, 0), 1) for time in (begin, end))
    steps = [(0.0, hidden), (first, hidden), (first, start), (last, done), (1.0, done)]
    if first == 0:
        steps = steps[2:]  # times have to begin at 0
    if last == 1:
        steps = steps[:-1]
    if shape.fill is not None and first > 0:
        del steps[2]
    values, times = ";".join(value for _, value in steps), ";".join(short(time, 4) for time, _ in steps)
    name = "stroke-dashoffset" if shape.fill is None else "opacity"
    ends = 'repeatCount="indefinite"' if drawing.loop == 0 else f'repeatCount="{drawing.loop}" fill="freeze"'
    act = f'<animate attributeName="{name}" values="{values}" keyTimes="{times}" dur="{number(whole)}s" {ends}/>'
    return Act(' pathLength="1"' if shape.fill is None else "", act)


def _still(shape: Shape, begin: float, end: float, length: float, at: float) -> Act | None:
    share = (at - begin) / max(end - begin, 1e-9)
    if share <= 0:
        return None
    if share >= 1:
        return Act()
    if shape.fill is not None:
        return Act(f' opacity="{short(share, 4)}"')
    return Act(f' stroke-dasharray="{number(share * length)} {number(3 * length + 1)}"')
