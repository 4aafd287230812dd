"""Drawings for pens as ink on paper: their lines as one path, for renderers that draw touching lines with seams."""

from __future__ import annotations

import re

from artkit.artwork.drawing import Drawing


def inked(drawing: Drawing) -> str:
    """The drawing's SVG with one path for each layer: lines drawn each by itself would show seams where they touch."""

    def one_path(lines: re.Match[str]) -> str:
        return '<path d="' + " ".join("M" + points for points in re.findall('points="(.*?)"', lines[0])) + '"/>'

    return re.sub(r'(<polyline points="[^"]*"/>\s*)+', one_path, drawing.to_svg())
