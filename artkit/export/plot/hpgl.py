"""A plot and where it lies on a machine in, HPGL out: absolute plotter units, a pen number for each layer."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from artkit.pens.bed import Bed
from artkit.pens.document import Plot

LONGEST = 240
"""Characters of an instruction: the smallest buffers of plotters that take many points at once hold 255."""


def plot_hpgl(plot: Plot, bed: Bed) -> bytes:
    """Write a plot as HPGL: a way in the air is one PU, a line one PD with all its points, or several if it is long.

    Points that are the same in plotter units are drawn once. The pen is up at each pen change and pause.
    """
    machine = bed.machine
    parts = [machine.text("start"), bed.start, "\n"]
    for number, layer in zip(plot.numbers, plot.layers, strict=True):
        parts.append(machine.text("pause") if layer.pen.pause else "")
        parts.append(machine.text("pen_change", pen=number, name=layer.pen.name) + "\n")
        units = np.rint(bed.units(layer.lines.points)).astype(np.int64)
        pairs = list(map("%d,%d".__mod__, map(tuple, units.tolist())))
        for a, b in pairwise(layer.lines.offsets.tolist()):
            ends = [pair for before, pair in pairwise(pairs[a:b]) if pair != before] or [pairs[a]]
            parts.append(f"PU{pairs[a]};{''.join(_downs(ends))}\n")
        parts.append("PU;\n")
    parts.append(machine.text("end") + "\n")
    return "".join(parts).encode("ascii", "replace")


def _downs(pairs: list[str]) -> Iterator[str]:
    """Give the instructions that draw to each of the points, none longer than `LONGEST`."""
    each = max(1, (LONGEST - 3) // (max(map(len, pairs)) + 1))
    for begin in range(0, len(pairs), each):
        yield f"PD{','.join(pairs[begin : begin + each])};"
