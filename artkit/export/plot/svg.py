"""A plot in, an SVG out that Inkscape, AxiDraw's software, vpype and saxi all read alike.

Millimetres, a layer for each pen as a group at the root, strokes only, no transforms, a path for each line in the order
in which they are drawn: where it begins, then steps from point to point, which are short; half circles are arcs.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from html import escape
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Ints, rows_of, starts_of
from artkit.errors import UsageError
from artkit.export.svg.document import page_opening
from artkit.export.svg.numbers import number
from artkit.grouping.ids import ids_of, pen_called
from artkit.pens.circles import half_circles, inside
from artkit.pens.document import Layer, Plot
from artkit.pens.lines import Lines
from artkit.pens.names import label

STEPS = 1000
"""Steps to a millimetre in files."""

COARSE = 10
"""Steps to which radii are rounded."""

_BATCH = 1 << 18
"""Coordinates written at a time: few enough to stay in the cache."""


def plot_svg(plot: Plot) -> bytes:
    """Write a plot as SVG."""
    parts = [page_opening(plot.width, plot.height, plot.metadata).encode(), b"\n"]
    names = ids_of([pen_called(layer.pen.name, layer.pen.color) for layer in plot.layers]) if plot.ids else []
    for place, (pen, layer) in enumerate(zip(plot.numbers, plot.layers, strict=True), start=1):
        name = names[place - 1] if names else ""
        parts.append(_group(name or f"layer{place}", pen, layer).encode())
        parts += elements(layer.lines, name)
        parts.append(b"</g>\n")
    parts.append(b"</svg>\n")
    return b"".join(parts)


def _group(id_: str, pen: int, layer: Layer) -> str:
    width = number(layer.pen.width, 3)
    name = escape(label(pen, layer.pen.name, width, layer.pen.hints, layer.pen.pause))
    return (
        f'<g id="{id_}" inkscape:groupmode="layer" inkscape:label="{name}"'
        f' fill="none" stroke="{layer.pen.color}" stroke-width="{width}"'
        ' stroke-linecap="round" stroke-linejoin="round">\n'
    )


def elements(lines: Lines, name: str = "") -> list[bytes]:
    """Write a path for each line, with the layer's name and a number for its id; numbers become text together."""
    parts = []
    first = 0
    while first < len(lines):
        last = int(np.searchsorted(lines.offsets, lines.offsets[first] + _BATCH, side="right")) - 1
        last = min(max(last, first + 1), len(lines))
        begin, end = lines.offsets[first], lines.offsets[last]
        steps = np.rint(lines.points[begin:end] * STEPS).astype(np.int64)
        heads = [f'<path id="{name}_{k + 1}" d="'.encode() if name else b'<path d="' for k in range(first, last)]
        parts.append(_paths(steps, lines.offsets[first : last + 1] - begin, heads))
        first = last
    return parts


def _paths(steps: Ints, offsets: Ints, heads: Sequence[bytes]) -> bytes:
    """Write points, in whole steps, as elements: `m`, steps from point to point, arcs, and `z` where a line closes."""
    if len(steps) and not np.abs(steps).max() < 10_000_000 * STEPS:
        raise UsageError("a plot has coordinates beyond 10 km")
    arcs = half_circles(steps / STEPS, offsets, 1 / STEPS)
    line_of = rows_of(offsets)
    move, arc, close = (np.zeros(len(steps), bool) for _ in range(3))
    move[offsets[:-1]] = True
    arc[arcs.last] = True
    ends = offsets[1:] - 1
    # `z` draws the line that closes; after an arc it would say nothing, and resvg draws wide strokes ill that have it.
    closed = (steps[ends] == steps[offsets[:-1]]).all(axis=1) & (np.diff(offsets) > 2) & ~arc[ends]
    closed &= (steps[ends] != steps[ends - 1]).any(axis=1)
    close[ends] = closed
    kept = np.ones(len(steps), bool)
    kept[inside(arcs)] = False
    # Each command is so many numbers: a place or a step, five more before that of an arc, none of a `z`.
    rows = np.flatnonzero(kept)
    move, arc, close, line_of = move[rows], arc[rows], close[rows], line_of[rows]
    step = np.diff(steps[rows], axis=0, prepend=0)
    step[move] = steps[rows[move]]
    counts = np.where(close, 0, np.where(arc, 7, 2))
    begin = starts_of(counts)
    values = np.zeros(int(counts.sum()), np.int64)
    prefix = np.full(len(values), ord(" "), np.uint8)
    two = np.flatnonzero(~arc & ~close)
    values[begin[two]], values[begin[two] + 1] = step[two].T
    seven = np.flatnonzero(arc)
    # Rounded down, for a radius that is too small is enlarged until the arc is half a circle (SVG 1.1, F.6.6).
    radius = np.floor(np.hypot(*step[seven].T) / 2 / COARSE).astype(np.int64) * COARSE
    radius = np.maximum(radius, 1)
    clockwise = np.zeros(len(steps), bool)
    clockwise[arcs.last] = arcs.clockwise
    numbers = np.column_stack([radius, radius, 0 * radius, 0 * radius, STEPS * clockwise[rows[seven]], step[seven]])
    values[begin[seven][:, None] + np.arange(7)] = numbers
    prefix[begin[move]] = ord("m")
    after_arc = np.append(False, arc[:-1])
    prefix[begin[seven[~after_arc[seven]]]] = ord("a")
    prefix[begin[two[after_arc[two] & ~move[two]]]] = ord("l")
    text, lengths = _written(values, prefix)
    ends = np.cumsum(np.bincount(np.repeat(line_of, counts), lengths, len(offsets) - 1).astype(np.int64))
    tails = [b'z"/>\n' if ring else b'"/>\n' for ring in closed.tolist()]
    parts = zip(heads, pairwise([0, *ends.tolist()]), tails, strict=True)
    return b"".join([head + text[a:b] + tail for head, (a, b), tail in parts])


def _written(values: Ints, prefix: NDArray[np.uint8]) -> tuple[bytes, Ints]:
    """Write numbers, in whole steps, each after its prefix, and give how many bytes each has.

    Each number has a row of cells; unused ones are squeezed out. A minus takes the place of a space before it, and
    nothing stands before a point.
    """
    table, width = _fractions()
    whole, part = np.divmod(np.abs(values), STEPS)
    digits = max(len(str(int(whole.max(initial=0)))), 1)
    cells = np.zeros((len(values), 2 + digits + width), np.uint8)
    cells[:, 0] = np.where((values < 0) & (prefix == ord(" ")), 0, prefix)
    cells[:, 1] = np.where(values < 0, ord("-"), 0)
    rest = whole
    for column in range(digits, 0, -1):
        rest, digit = np.divmod(rest, 10)
        shown = whole >= 10 ** (digits - column)
        if column == digits:
            shown = (whole > 0) | (part == 0)
        cells[:, 1 + column] = np.where(shown, digit + ord("0"), 0)
    cells[:, 2 + digits :] = table[part]
    used = cells != 0
    return cells[used].tobytes(), used.sum(axis=1)


@cache
def _fractions() -> tuple[NDArray[np.uint8], int]:
    """Give the text of every fraction of a step, '' for none, and its greatest length."""
    texts = [f".{part:03d}".rstrip("0").rstrip(".") for part in range(STEPS)]
    return np.array(texts, "S4").view(np.uint8).reshape(STEPS, 4), 4
