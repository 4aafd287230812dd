"""Drawings for pens as ink on paper: their lines as one path, for renderers that draw touching lines with seams."""

from __future__ import annotations

import re

from artkit.artwork.drawing import Drawing


def inked(drawing: Drawing) -> str:
    """The drawing's SVG with one path for each layer: lines drawn each by itself would show seams where they touch."""

    def absolute(data: str) -> str:
        """Where a path begins is absolute only if it is the first one."""
        begin, rest = re.fullmatch(r"m(-?[\d.]+ ?-?[\d.]+)(.*)", data).groups()
        return f"M{begin}l{rest}" if rest[:1] in "- .0123456789" else f"M{begin}{rest}"

    def one_path(lines: re.Match[str]) -> str:
        return '<path d="' + "".join(map(absolute, re.findall('d="(.*?)"', lines[0]))) + '"/>'

    return re.sub(r'(<path d="[^"]*"/>\s*)+', one_path, drawing.to_svg())
