"""A plot in, an SVG out that Inkscape, AxiDraw's software, vpype and saxi all read alike.

Millimetres, a layer for each pen as a group at the root, strokes only, no transforms, polylines with absolute
coordinates in the order in which they are drawn.
"""

from __future__ import annotations

from functools import cache
from html import escape
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Ints
from artkit.errors import UsageError
from artkit.export.svg.document import page_opening
from artkit.export.svg.numbers import number
from artkit.pens.document import Layer, Plot
from artkit.pens.lines import Lines
from artkit.pens.names import label

STEPS = 1000
"""Steps to a millimetre in files."""

_BATCH = 1 << 18
"""Coordinates written at a time: few enough to stay in the cache."""


def plot_svg(plot: Plot) -> bytes:
    """Write a plot as SVG."""
    parts = [page_opening(plot.width, plot.height, plot.metadata).encode(), b"\n"]
    for place, layer in enumerate(plot.layers, start=1):
        parts.append(_group(place, layer).encode())
        parts += elements(layer.lines)
        parts.append(b"</g>\n")
    parts.append(b"</svg>\n")
    return b"".join(parts)


def _group(place: int, layer: Layer) -> str:
    width = number(layer.pen.width, 3)
    name = escape(label(place, layer.pen.name, width))
    return (
        f'<g id="layer{place}" inkscape:groupmode="layer" inkscape:label="{name}"'
        f' fill="none" stroke="{layer.pen.color}" stroke-width="{width}"'
        ' stroke-linecap="round" stroke-linejoin="round">\n'
    )


def elements(lines: Lines) -> list[bytes]:
    """Write a polyline for each line; numbers of many lines become text together."""
    parts = []
    first = 0
    while first < len(lines):
        last = int(np.searchsorted(lines.offsets, lines.offsets[first] + _BATCH, side="right")) - 1
        last = min(max(last, first + 1), len(lines))
        begin, end = lines.offsets[first], lines.offsets[last]
        steps = np.rint(lines.points[begin:end] * STEPS).astype(np.int64)
        parts.append(_polylines(steps, lines.offsets[first : last + 1] - begin))
        first = last
    return parts


def _polylines(steps: Ints, offsets: Ints) -> bytes:
    """Write points, in whole steps, as elements. Each number has a row of cells; unused ones are squeezed out."""
    values = steps.ravel()
    if len(values) and not np.abs(values).max() < 10_000_000 * STEPS:
        raise UsageError("a plot has coordinates beyond 10 km")
    table, width = _fractions()
    magnitude = np.abs(values)
    whole, part = np.divmod(magnitude, STEPS)
    digits = max(len(str(int(whole.max(initial=0)))), 1)
    cells = np.zeros((len(values), 2 + digits + width), np.uint8)
    cells[:, 0] = np.where(values < 0, ord("-"), 0)
    rest = whole
    for column in range(digits, 0, -1):
        rest, digit = np.divmod(rest, 10)
        shown = (whole >= 10 ** (digits - column)) | (column == digits)
        cells[:, column] = np.where(shown, digit + ord("0"), 0)
    cells[:, 1 + digits : 1 + digits + width] = table[part]
    cells[0::2, -1], cells[1::2, -1] = ord(","), ord(" ")
    cells[2 * offsets[1:] - 1, -1] = 0
    flat = cells.ravel()
    used = flat != 0
    text = flat[used].tobytes()
    ends = np.cumsum(used.reshape(len(values), -1).sum(axis=1))[2 * offsets[1:] - 1]
    rows = [b'<polyline points="' + text[a:b] + b'"/>\n' for a, b in pairwise([0, *ends.tolist()])]
    return b"".join(rows)


@cache
def _fractions() -> tuple[NDArray[np.uint8], int]:
    """Give the text of every fraction of a step, '' for none, and its greatest length."""
    texts = [f".{part:03d}".rstrip("0").rstrip(".") for part in range(STEPS)]
    return np.array(texts, "S4").view(np.uint8).reshape(STEPS, 4), 4
