"""Plots in, files for plotters out: SVG, HPGL, G-code, and a preview of what will be drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from artkit.errors import UsageError
from artkit.spans import spanned

if TYPE_CHECKING:
    from artkit.pens.document import Plot
    from artkit.pens.machine import Machine


DRAWN = (".pdf", ".eps", ".dxf", ".png")
"""Formats that know no pens: each pen is a layer with its name, or only seen. They are for any machine."""


@spanned("write")
def encode(plot: Plot, suffix: str, machine: Machine | None = None) -> bytes:
    """Give the bytes of a plot's file in the format of `suffix`, for a machine or for any.

    A UsageError says that the machine reads no such file, or cannot draw the plot.
    """
    check(suffix, machine)
    match suffix.lower():
        case ".svg":
            from artkit.export.plot.svg import plot_svg

            return plot_svg(plot)
        case ".svgz":
            import gzip

            return gzip.compress(encode(plot, ".svg"), 9, mtime=0)
        case ending if ending in DRAWN:
            from artkit import export
            from artkit.export.plot.drawn import drawing_of

            return export.encode(drawing_of(plot), ending)
    from artkit.pens import bed
    from artkit.pens.machine import SUFFIXES, plain

    lain = bed.bed_of(machine or plain(suffix), plot.width, plot.height)
    bed.check(lain, plot, bed.DOT)
    if suffix.lower() in SUFFIXES["hpgl"]:
        from artkit.export.plot.hpgl import plot_hpgl

        return plot_hpgl(plot, lain)
    from artkit.export.plot.gcode import plot_gcode

    return plot_gcode(plot, lain)


def check(suffix: str, machine: Machine | None = None) -> None:
    """Raise a UsageError unless a plot can be written in the format of `suffix`, and the machine reads it.

    An SVG is for every machine: other programs send it on.
    """
    from artkit.pens.machine import SUFFIXES

    if suffix.lower() in DRAWN:
        return
    if suffix.lower() not in (known := [each for group in SUFFIXES.values() for each in group]):
        form = f"as {suffix}" if suffix else "without a suffix"
        raise UsageError(f"a plot cannot be written {form}; use {', '.join((*known, *DRAWN))}")
    if machine is not None and suffix.lower() not in (reads := (*SUFFIXES[machine.format], *SUFFIXES["svg"])):
        raise UsageError(f"{machine.title} does not read {suffix}; use {', '.join(dict.fromkeys(reads))}")
