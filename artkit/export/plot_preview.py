"""What a plot will look like: paper, lines as wide as their pens, and the pen's ways in the air, faintly."""

from __future__ import annotations

import re

import numpy as np

from artkit.errors import UsageError
from artkit.export.plot import svg
from artkit.pens.document import Plot
from artkit.pens.lines import Lines

PAPER = "#fdfcf8"
AIR = "#4aa3ff"
LONGER = 2000
"""Pixels of the preview's longer side."""

SUFFIXES = (".png", ".svg")


def encode(plot: Plot, suffix: str, start: tuple[float, float] = (0.0, 0.0)) -> bytes:
    """Give a preview as PNG, or as SVG, in which the ways in the air are a layer that plotter software leaves out."""
    if suffix.lower() not in SUFFIXES:
        raise UsageError(f"a preview cannot be written as {suffix or 'a file without a suffix'}; use .png or .svg")
    text = preview(plot, start)
    if suffix.lower() == ".svg":
        return text.encode()
    import resvg_py

    scale = LONGER / max(plot.width, plot.height)
    width, height = (max(1, round(side * scale)) for side in (plot.width, plot.height))
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=text, width=width, height=height, background=PAPER, dpi=96, skip_system_fonts=True
        )
    )


def preview(plot: Plot, start: tuple[float, float]) -> str:
    """Give the plot's SVG with a layer for the ways in the air added."""
    ways = []
    for layer in plot.layers:
        lines = layer.lines
        begin = np.concatenate([[start], lines.ends[:-1]])
        ways.append(np.stack([begin, lines.starts], axis=1))
    moves = np.concatenate([np.empty((0, 2, 2)), *ways])
    moves = moves[np.hypot(*(moves[:, 1] - moves[:, 0]).T) > 0.01]
    lines = Lines(moves.reshape(-1, 2), np.arange(0, 2 * len(moves) + 1, 2))
    from artkit.export.plot import elements

    thin = max(0.08, max(plot.width, plot.height) / 4000)
    group = (
        f'<g id="travel" inkscape:groupmode="layer" inkscape:label="% travel" fill="none" stroke="{AIR}"'
        f' stroke-opacity="0.45" stroke-width="{thin:.3f}">\n'
    )
    text = svg(plot).decode()
    body = b"".join(elements(lines)).decode()
    return re.sub(r"</svg>\s*$", lambda _: f"{group}{body}</g>\n</svg>\n", text)
