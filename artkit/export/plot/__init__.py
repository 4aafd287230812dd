"""Plots in, files for plotters out: SVG, HPGL, G-code, and a preview of what will be drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from artkit.errors import UsageError

if TYPE_CHECKING:
    from artkit.export.plot.gcode import Profile
    from artkit.pens.document import Plot

GCODE = (".gcode", ".nc", ".ngc")
SUFFIXES = (".svg", ".svgz", ".hpgl", ".plt", *GCODE)


def encode(plot: Plot, suffix: str, profile: Profile | None = None) -> bytes:
    """Give the bytes of a plot's file in the format of `suffix`; the profile is for G-code."""
    check(suffix)
    match suffix.lower():
        case ".svg":
            from artkit.export.plot.svg import plot_svg

            return plot_svg(plot)
        case ".svgz":
            import gzip

            return gzip.compress(encode(plot, ".svg"), 9, mtime=0)
        case ".hpgl" | ".plt":
            from artkit.export.plot.hpgl import plot_hpgl

            return plot_hpgl(plot)
        case _:
            from artkit.export.plot.gcode import Profile, plot_gcode

            return plot_gcode(plot, profile or Profile())


def check(suffix: str) -> None:
    """Raise a UsageError unless a plot can be written in the format of `suffix`."""
    if suffix.lower() not in SUFFIXES:
        form = f"as {suffix}" if suffix else "without a suffix"
        raise UsageError(f"a plot cannot be written {form}; use {', '.join(SUFFIXES)}")
