"""A machine and a page in, where the page lies on it out: what the pen reaches, and the machine's own coordinates.

Millimetres of the page, x to the right and y down, become the machine's units by `Bed.units`. A page that only fits
turned is turned by 90 degrees, its top to the left.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import NamedTuple

import numpy as np

from artkit.arrays import Floats
from artkit.errors import UsageError
from artkit.pens.document import Plot
from artkit.pens.layout import SHEETS
from artkit.pens.machine import Machine, Paper

SLACK = 1.0
"""Millimetres by which sides may differ for a page to be a sheet."""

TOUCH = 0.01
"""Millimetres beyond the limits that are taken for a touch."""

DOT = 0.13
"""The same for lines that are tidied: what was a dot at the limits is a stroke, which then stays within them."""


@dataclass(frozen=True, eq=False)
class Bed:
    """Where a page lies: `low` and `high` (2,) are the corners of what the pen reaches of it, infinite if all.

    Machine units are `points @ matrix + shift`; `least` and `most` (2,) are the limits in them.
    """

    machine: Machine
    sheet: str
    start: str
    size: tuple[float, float]
    turned: bool
    matrix: Floats
    shift: Floats
    least: Floats
    most: Floats
    low: Floats
    high: Floats

    @property
    def told(self) -> str:
        """Say what whoever loads the paper has to know; nothing where the page is the sheet, as it lies."""
        sheet = self.machine.papers[self.sheet].sheet if self.sheet else self.size
        small = abs(sorted(sheet)[0] - min(self.size)) > SLACK or abs(sorted(sheet)[1] - max(self.size)) > SLACK
        words = [f"in the middle of {self.sheet}"] if small else []
        words += ["turned by 90 degrees, its top to the left"] if self.turned else []
        return f"lies {', '.join(words)}" if words else ""

    @property
    def margin(self) -> float:
        """The least margin, the same on all sides, that keeps a drawing within reach."""
        return float(max(0.0, *self.low, *(np.asarray(self.size) - self.high)))

    def units(self, points: Floats) -> Floats:
        """Give (N, 2) points of the page in the machine's units; what touches the limits lies on them."""
        flat = points[:, :1] * self.matrix[0] + points[:, 1:] * self.matrix[1]
        places: Floats = np.clip(flat + self.shift, self.least, self.most) + 0.0
        return places


def bed_of(machine: Machine, width: float, height: float) -> Bed:
    """Lay a page of so many millimetres on a machine; a UsageError where none of its sheets is as large."""
    if not machine.papers:
        return _on_area(machine, width, height)
    lain = min(_lain(machine, width, height), key=lambda each: each.cost, default=None)
    if lain is None:
        raise UsageError(f"{machine.title} takes no page of {width:g} x {height:g} mm; use {_others(machine)}")
    return lain.bed


class _Lain(NamedTuple):
    cost: tuple[bool, int, bool]
    bed: Bed


def _lain(machine: Machine, width: float, height: float) -> Iterator[_Lain]:
    """Give each way to lay the page: on a sheet of its size if there is one, else on the first that holds it."""
    for place, (name, paper) in enumerate(machine.papers.items()):
        for turned in (False, True):
            size = (height, width) if turned else (width, height)
            room = np.subtract(paper.sheet, size)
            if (room >= -SLACK).all():
                cost = (bool((room > SLACK).any()), place, turned)
                yield _Lain(cost, _on_paper(machine, name, paper, (width, height), turned))


def _on_paper(machine: Machine, name: str, paper: Paper, size: tuple[float, float], turned: bool) -> Bed:
    limits = np.array([paper.x, paper.y])
    reach = (limits[:, 1] - limits[:, 0]) * machine.unit
    corner = (np.array(paper.sheet) - reach) / 2 if paper.corner is None else np.array(paper.corner)
    lies = np.array(size[::-1] if turned else size)
    begin = (np.array(paper.sheet) - lies) / 2  # the page in the middle of the sheet
    signs = np.array([1.0 if machine.x_axis == "right" else -1.0, 1.0 if machine.y_axis == "up" else -1.0])
    origin = corner - begin - np.where(signs > 0, limits[:, 0], -limits[:, 1]) * machine.unit
    return _bed(machine, name, paper.start, size, turned, signs, origin, corner - begin, corner - begin + reach)


def _on_area(machine: Machine, width: float, height: float) -> Bed:
    area = np.array(machine.area or (width, height))
    turned = bool((area < (width, height)).any() and (area >= (height, width)).all())
    lies = np.array((height, width) if turned else (width, height))
    share = {"left": 0.0, "right": 1.0, "lower": 0.0, "upper": 1.0, "center": 0.5}
    sides = ("center", "center") if machine.origin == "center" else tuple(reversed(machine.origin.split("-")))
    at = np.array([share[side] for side in sides])
    signs = np.array([1.0 if machine.x_axis == "right" else -1.0, 1.0 if machine.y_axis == "up" else -1.0])
    low = at * (lies - area)  # the area lies in the page's corner, or in its middle
    high = low + area
    if machine.area is None:
        low, high = np.full(2, -np.inf), np.full(2, np.inf)
    offset = np.array(machine.offset) * signs
    return _bed(machine, "", "", (width, height), turned, signs, at * lies - offset, low, high)


def _bed(
    machine: Machine,
    sheet: str,
    start: str,
    size: tuple[float, float],
    turned: bool,
    signs: Floats,
    origin: Floats,
    low: Floats,
    high: Floats,
) -> Bed:
    """Put a bed together. `origin`, `low` and `high` are counted from the left lower corner of the page as it lies."""
    height = size[1]
    # Turned, the page's y runs to the right and its x up.
    matrix, shift = (
        (np.array([[0.0, 1.0], [1.0, 0.0]]), np.zeros(2))
        if turned
        else (np.array([[1.0, 0.0], [0.0, -1.0]]), np.array([0.0, height]))
    )
    limits = np.sort(np.array([(low - origin) * signs, (high - origin) * signs]), axis=0) / machine.unit + 0.0
    x, y = np.array([low, high]).T
    on_page = np.column_stack([y, x] if turned else [x, height - y])
    inside = np.sort(on_page, axis=0)
    inside = np.where(np.isfinite(inside), np.clip(inside, 0.0, size), inside) + 0.0
    return Bed(
        machine,
        sheet,
        start,
        size,
        turned,
        matrix * signs / machine.unit,
        (shift - origin) * signs / machine.unit,
        limits[0],
        limits[1],
        inside[0],
        inside[1],
    )


def check(bed: Bed, plot: Plot, touch: float = TOUCH) -> None:
    """Raise a UsageError where the plot leaves what the machine reaches, or wants more pens than it holds."""
    machine = bed.machine
    check_pens(machine, plot.numbers)
    boxes = [layer.lines.bounds for layer in plot.layers]
    low = np.min([box[0] for box in boxes], axis=0)
    high = np.max([box[1] for box in boxes], axis=0)
    over = float(max((bed.low - low).max(), (high - bed.high).max()))
    if over <= touch:
        return
    reach, size = bed.high - bed.low, bed.size
    where = bed.sheet or f"{size[0]:g} x {size[1]:g} mm"
    remedy = f"use --fit --margin {rounded_up(bed.margin):g}mm"
    if bed.margin >= min(size) / 2:
        remedy = f"use {_others(machine)}"
    raise UsageError(
        f"lines go {rounded_up(over):g} mm beyond what {machine.title} reaches of {where},"
        f" {reach[0]:.1f} x {reach[1]:.1f} mm; {remedy}"
    )


def check_pens(machine: Machine, numbers: Sequence[int]) -> None:
    """Raise a UsageError where pens have numbers that a machine which changes them by itself has no place for."""
    if not numbers or max(numbers) <= machine.pens or (machine.pens == 1 and machine.format != "hpgl"):
        return
    if len(numbers) > machine.pens:
        raise UsageError(
            f"pens: the drawing takes {len(numbers)}, and {machine.title} holds {machine.pens}; name {machine.pens} or"
            " fewer with --pens"
        )
    raise UsageError(
        f"pens: a layer is for pen {max(numbers)}, and {machine.title} holds {machine.pens}; number it 1 to"
        f" {machine.pens}, or name the pens with --pens"
    )


def check_page(machine: Machine, width: float, height: float, margin: float) -> None:
    """Raise a UsageError where a page that was asked for is larger than the machine, however it is laid."""
    bed = bed_of(machine, width, height)
    if not machine.papers and bed.margin > margin + TOUCH:
        area = machine.area or (width, height)
        raise UsageError(
            f"page: {width:g} x {height:g} mm are more than {machine.title} reaches, {area[0]:g} x {area[1]:g} mm;"
            f" use {_others(machine)}"
        )


def _others(machine: Machine) -> str:
    """Name the sheets that the machine takes, the largest first."""
    if machine.papers:
        names = sorted(machine.papers, key=lambda name: -np.prod(machine.papers[name].sheet))
        return "--page " + " or ".join(names)
    area = sorted(machine.area or (0.0, 0.0))
    fitting = [name for name, size in SHEETS.items() if size[0] <= area[0] and size[1] <= area[1]]
    best = max(fitting, key=lambda name: SHEETS[name][0] * SHEETS[name][1], default="")
    own = f"--page {area[1]:g}x{area[0]:g}mm"
    return f"--page {best.upper() if best.startswith('a') else best}, or {own}" if best else own


def rounded_up(length: float) -> float:
    """Round up to a tenth of a millimetre."""
    return ceil(length * 10 - 1e-6) / 10
