"""Marks around a page: where to cut it, where plates must meet, and which sheet of a poster it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from artkit.algebra import product
from artkit.artwork.bezier import KAPPA
from artkit.artwork.drawing import CUBIC, Drawing, Layer, LineStyle, Page, Path, Shape
from artkit.export.sheet.layout import GAP, MARK, Box, Layout

WIDTH = 0.1
"""Millimetres of a mark's line."""

_LINE = LineStyle(WIDTH, "butt", "miter")
_SEGMENTS = {
    "a": ((0, 0), (1, 0)), "b": ((1, 0), (1, 1)), "c": ((1, 1), (1, 2)), "d": ((0, 2), (1, 2)),
    "e": ((0, 1), (0, 2)), "f": ((0, 0), (0, 1)), "g": ((0, 1), (1, 1)),
}  # fmt: skip
_DIGITS = {
    "0": "abcdef", "1": "bc", "2": "abged", "3": "abgcd", "4": "fgbc", "5": "afgcd",
    "6": "afgecd", "7": "abc", "8": "abcdefg", "9": "abcdfg", "-": "g",
}  # fmt: skip
"""The segments of each digit, as clocks have them: numbers need no font."""


def marks_of(layout: Layout) -> Drawing | None:
    """Give the marks that are asked for, on the paper in millimetres; None where there are none."""
    paths: list[Path] = []
    if layout.asked.crop_marks:
        paths += _corners(layout.trim, layout.trim[0] - layout.bleed[0] + GAP)
    if layout.asked.register_marks:
        paths += [path for place in _middles(layout) for path in _target(*place)]
    return marks_on(paths, layout.width, layout.height) if paths else None


def tile_marks(inside: Box, overlap: float, word: str, width: float, height: float) -> Drawing:
    """Give the marks of one sheet of a poster: its corners, where it overlaps the next, and its place."""
    left, top, right, bottom = inside
    paths = [*_corners(inside, 1.0, overlap / 2)]
    for x in (left + overlap, right - overlap):
        paths += [_line((x, top - 4), (x, top - 1)), _line((x, bottom + 1), (x, bottom + 4))]
    for y in (top + overlap, bottom - overlap):
        paths += [_line((left - 4, y), (left - 1, y)), _line((right + 1, y), (right + 4, y))]
    paths += digits(word, left + overlap + 4, bottom + 2, 3.0)
    return marks_on(paths, width, height)


def marks_on(paths: Iterable[Path], width: float, height: float) -> Drawing:
    """Give a drawing of black lines on paper of that size."""
    shapes = [Shape([path], None, "#000000", line=_LINE) for path in paths]
    return Drawing(width, height, [Layer(shapes, "marks")], page=Page(width, height), grid=1000)


def digits(word: str, x: float, y: float, height: float) -> list[Path]:
    """Give numbers and hyphens as lines, their upper left corner at x and y."""
    size = height / 2
    return [
        _line(*((x + (column * 1.7 + a) * size, y + b * size) for a, b in _SEGMENTS[segment]))
        for column, sign in enumerate(word)
        for segment in _DIGITS[sign]
    ]


def _line(start: tuple[float, float], end: tuple[float, float]) -> Path:
    return Path(np.array([start, end], np.float64), closed=False)


def _corners(box: Box, gap: float, length: float = MARK) -> Iterator[Path]:
    left, top, right, bottom = box
    for x, away in ((left, -1), (right, 1)):
        for y, off in ((top, -1), (bottom, 1)):
            yield _line((x + away * gap, y), (x + away * (gap + length), y))
            yield _line((x, y + off * gap), (x, y + off * (gap + length)))


def _middles(layout: Layout) -> Iterator[tuple[float, float]]:
    left, top, right, bottom = layout.bleed
    away = GAP + MARK / 2
    x, y = (left + right) / 2, (top + bottom) / 2
    yield from ((x, top - away), (x, bottom + away), (left - away, y), (right + away, y))


def _target(x: float, y: float) -> Iterator[Path]:
    """Draw a circle and a cross through it."""
    radius = MARK / 4
    k = KAPPA
    quarter = np.array([(1, 0), (1, k), (k, 1), (0, 1)])
    turns = [np.array([[c, s], [-s, c]]) for c, s in ((1, 0), (0, 1), (-1, 0), (0, -1))]
    arcs = [product(quarter, turn) for turn in turns]
    points = np.concatenate([arcs[0][:1], *(arc[1:] for arc in arcs)]) * radius + (x, y)
    yield Path(points, np.full(4, CUBIC, np.uint8))
    yield _line((x - MARK / 2, y), (x + MARK / 2, y))
    yield _line((x, y - MARK / 2), (x, y + MARK / 2))
