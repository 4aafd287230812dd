"""A plot in, HPGL out: y upwards, a pen number for each layer."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from artkit.pens.document import Plot

UNITS = 40
"""Plotter units to a millimetre (HPGL reference guide: 0.025 mm)."""


def plot_hpgl(plot: Plot) -> bytes:
    """Write a plot as HPGL: y upwards, a pen number for each layer, units of 0.025 mm."""
    parts = ["IN;PA;PU;\n"]
    for number, layer in enumerate(plot.layers, start=1):
        parts.append(f"SP{number};\n")
        places = layer.lines.points * (1, -1) + (0, plot.height)
        units = np.rint(places * UNITS).astype(np.int64)
        pairs = list(map("%d,%d".__mod__, map(tuple, units.tolist())))
        for a, b in pairwise(layer.lines.offsets.tolist()):
            parts.append(f"PU{pairs[a]};PD{','.join(pairs[a + 1 : b])};\n")
        parts.append("PU;\n")
    parts.append("PU0,0;SP0;\n")
    return "".join(parts).encode("ascii")
