"""What a plot will look like: paper, lines as wide as their pens, and the pen's travel, faintly."""

from __future__ import annotations

import re

import numpy as np

from artkit.errors import UsageError
from artkit.export.plot.svg import elements, plot_svg
from artkit.pens.document import Plot
from artkit.pens.lines import Lines
from artkit.spans import spanned

PAPER = "#fdfcf8"
TRAVEL = "#4aa3ff"
LONGER = 2000
"""Pixels of the preview's longer side."""

SUFFIXES = (".png", ".svg")


@spanned("preview")
def encode(plot: Plot, suffix: str, start: tuple[float, float] = (0.0, 0.0)) -> bytes:
    """Give a preview as PNG, or as SVG, in which travel is a layer that plotter software leaves out."""
    if suffix.lower() not in SUFFIXES:
        raise UsageError(f"a preview cannot be written as {suffix or 'a file without a suffix'}; use .png or .svg")
    text = with_travel(plot, start)
    if suffix.lower() == ".svg":
        return text.encode()
    import io

    from PIL import Image as Pillow

    from artkit.render import ink_seen

    scale = LONGER / max(plot.width, plot.height)
    width, height = (max(1, round(side * scale)) for side in (plot.width, plot.height))
    pen = min((layer.pen.width for layer in plot.layers), default=1.0) * scale
    file = io.BytesIO()
    Pillow.fromarray(ink_seen(text, (width, height), pen, PAPER)).save(file, "PNG")
    return file.getvalue()


def with_travel(plot: Plot, start: tuple[float, float]) -> str:
    """Give the plot's SVG with a layer for travel added."""
    ways = []
    for layer in plot.layers:
        lines = layer.lines
        begin = np.concatenate([[start], lines.ends[:-1]])
        ways.append(np.stack([begin, lines.starts], axis=1))
    moves = np.concatenate([np.empty((0, 2, 2)), *ways])
    moves = moves[np.hypot(*(moves[:, 1] - moves[:, 0]).T) > 0.01]
    lines = Lines(moves.reshape(-1, 2), np.arange(0, 2 * len(moves) + 1, 2))
    thin = max(0.08, max(plot.width, plot.height) / 4000)
    group = (
        f'<g id="travel" inkscape:groupmode="layer" inkscape:label="% travel" fill="none" stroke="{TRAVEL}"'
        f' stroke-opacity="0.45" stroke-width="{thin:.3f}">\n'
    )
    text = plot_svg(plot).decode()
    body = b"".join(elements(lines)).decode()
    return re.sub(r"</svg>\s*$", lambda _: f"{group}{body}</g>\n</svg>\n", text)
