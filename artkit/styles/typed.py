"""A picture as text: signs of one width whose shape and ink are those of what they stand for, or a text by weight.

Signs are compared in three measures at once: their ink as a whole, that of eight parts of their box, and where it
lies, a little blurred; the coarse ones count most, since an eye from afar sees no more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from artkit.algebra import product
from artkit.arrays import Floats
from artkit.artwork.drawing import Layer, LineStyle, Path, Shape, TextDrawing
from artkit.color.palette import Palette, name_of
from artkit.styles.letters import ADVANCE, LINE, known, sign

ACROSS, DOWN = 6, 12
"""Squares of a box in which ink is compared."""

FINE = 4
"""Points to a side of such a square in which the ink of a sign is measured."""

SIGN = 0.18
"""Width of the strokes of signs, as a multiple of the height of capitals: bold, so that dark is dark."""

WEIGHTS = np.linspace(0.025, 0.34, 24)
"""Widths of strokes of a text that is drawn by weight."""

CLOSE = 1.3
"""Height of the lines of a text that is drawn by weight: closer than others, so that black can be black."""

SHAPE = CLOSE / ADVANCE
"""How many times as high as wide its signs are, with the room around them."""

WHOLE, PARTS, PLACES = 4, 1.0, 0.35
"""What the three measures count: the square of the ink, the ink of parts, and its places."""

_SHARES = np.array([3, 5, 1])

FULL = 0.98
"""Ink of the fullest sign that black is drawn with, as a share: what is darker than signs can be is that."""


def fullest() -> float:
    """Ink of the sign that has the most, as a share of its box."""
    return float(_inks(SIGN).mean((1, 2)).max())


def signs_for(darkness: Floats) -> list[str]:
    """Choose signs for a picture's darkness (rows * DOWN, columns * ACROSS), 0 to 1: a line of text for each row."""
    rows, columns = darkness.shape[0] // DOWN, darkness.shape[1] // ACROSS
    boxes = FULL * fullest() * darkness.reshape(rows, DOWN, columns, ACROSS).swapaxes(1, 2)
    signs = _inks(SIGN)
    unlike = _unlike(boxes.reshape(-1, DOWN, ACROSS), signs).reshape(rows, columns, -1)
    wanted, inks = _whole(boxes.mean((2, 3))), _whole(signs.mean((1, 2)))
    return ["".join(map(known().__getitem__, line)) for line in _diffused(wanted, inks, unlike)]


def _diffused(wanted: NDArray[np.int64], inks: NDArray[np.int64], unlike: NDArray[np.int64]) -> list[list[int]]:
    """Choose signs by ink (K,) wanted (R, C) and by how unlike their shapes are (R, C, K).

    What each has of ink too much or too little goes to those after it (Floyd and Steinberg 1976): tones are kept on
    the whole, and flat parts are not the same sign again and again.
    """
    rows, columns = wanted.shape
    left = np.zeros((rows + 1, columns + 2), np.int64)
    chosen = []
    for row in range(rows):
        line = []
        for column in range(columns):
            ink = int(wanted[row, column]) + int(left[row, column + 1]) // 16
            off = inks - ink
            best = int((WHOLE * off * off + unlike[row, column]).argmin())
            line.append(best)
            missing = -int(off[best])
            left[row, column + 2] += 7 * missing
            left[row + 1, column : column + 3] += missing * _SHARES
        chosen.append(line)
    return chosen


def weights_for(darkness: Floats, text: str) -> NDArray[np.int64]:
    """Choose the number of a weight (R, C) for each sign of a text, for a picture's darkness (R, C), 0 to 1.

    Letters of one darkness have one weight: it is that of their mean, so that none stands out in a word.
    """
    counts = Counter(text)
    ink = np.array(
        [sum(count * float(_ink(letter, width).mean()) for letter, count in counts.items()) for width in WEIGHTS]
    )
    wanted = ink[0] + (ink[-1] - ink[0]) * darkness
    chosen: NDArray[np.int64] = np.searchsorted((ink[1:] + ink[:-1]) / 2, wanted).astype(np.int64)
    return chosen


def drawing(
    lines: Sequence[str],
    size: tuple[float, float],
    ink: str,
    paper: str,
    weights: NDArray[np.int64] | None = None,
    colors: tuple[NDArray[np.int64], Palette] | None = None,
    pitch: float = LINE,
) -> TextDrawing:
    """Draw lines of text on a sheet of `size`, in one ink or in colors: their numbers (R, C), and what they are.

    `weights` (R, C) are numbers of `WEIGHTS`; `pitch` is the height of a line, as a multiple of that of capitals.
    """
    rows, columns = len(lines), len(lines[0])
    unit = size[0] / columns / ADVANCE
    number = np.zeros((rows, columns), np.int64) if colors is None else colors[0]
    names = [ink] if colors is None else [name_of(color) for color in colors[1]]
    weight = np.zeros((rows, columns), np.int64) if weights is None else weights
    paths: dict[tuple[int, int], list[Path]] = {}
    for row, line in enumerate(lines):
        for column, letter in enumerate(line):
            corner = unit * np.array([column * ADVANCE, row * pitch - (LINE - pitch) / 2])
            key = int(weight[row, column]), int(number[row, column])
            paths.setdefault(key, []).extend(
                path._replace(points=unit * path.points + corner) for path in sign(letter).paths
            )
    widths = [SIGN] if weights is None else WEIGHTS.tolist()
    shapes = [
        Shape(some, None, names[color], line=LineStyle(unit * widths[heavy]))
        for (heavy, color), some in sorted(paths.items())
        if some
    ]
    grid = max(round(70 / (unit * ADVANCE)), 1)
    text = "\n".join([*(line.rstrip() for line in lines), ""])
    return TextDrawing(*size, [Layer(shapes, "text", unit * SIGN)], background=paper, grid=grid, text=text)


@cache
def _inks(width: float) -> Floats:
    """Ink (K, DOWN, ACROSS) of all signs with strokes of that width."""
    return np.stack([_ink(letter, width) for letter in known()])


def _ink(letter: str, width: float) -> Floats:
    """Ink (DOWN, ACROSS) of a sign, 0 to 1, with strokes of that width; more than its box holds is cut off."""
    fine = np.clip((width / 2 - _away(letter)) * ACROSS * FINE / ADVANCE + 0.5, 0, 1)
    ink: Floats = np.rint(fine.reshape(DOWN, FINE, ACROSS, FINE).mean((1, 3)) * 4096) / 4096
    return ink


@cache
def _away(letter: str) -> Floats:
    """How far points of a sign's box, (DOWN * FINE, ACROSS * FINE), are from the middle of its strokes."""
    y, x = (np.mgrid[: DOWN * FINE, : ACROSS * FINE] + 0.5) * ADVANCE / (ACROSS * FINE)
    points = np.stack([x, y], axis=-1)[:, :, None]
    near = np.full(x.shape, np.inf)
    for line in sign(letter).lines:
        start, step = line[:-1], np.diff(line, axis=0)
        square = np.maximum((step * step).sum(1), 1e-12)
        along = np.clip(((points - start) * step).sum(-1) / square, 0, 1)
        off = points - start - along[..., None] * step
        near = np.minimum(near, (off * off).sum(-1).min(-1))
    return np.sqrt(near)


def _unlike(boxes: Floats, signs: Floats) -> NDArray[np.int64]:
    """How unlike boxes (N, DOWN, ACROSS) and signs (K, DOWN, ACROSS) are in where their ink lies, (N, K)."""
    one, other = (_whole(_measures(each)) for each in (boxes, signs))
    squares = (one * one).sum(1)[:, None] + (other * other).sum(1)
    return np.asarray(squares - 2 * product(one.astype(np.float64), other.T.astype(np.float64)).astype(np.int64))


def _whole(values: Floats) -> NDArray[np.int64]:
    """Whole numbers, whose sums are the same in any order."""
    whole: NDArray[np.int64] = np.rint(4096 * values).astype(np.int64)
    return whole


def _measures(boxes: Floats) -> Floats:
    """Ink in eight parts of boxes (N, DOWN, ACROSS), and where it lies, each as much as it counts, (N, D)."""
    parts = boxes.reshape(-1, 4, DOWN // 4, 2, ACROSS // 2).mean((2, 4))
    wide = np.pad(boxes, ((0, 0), (1, 1), (1, 1)), "edge")
    rows = wide[:, :-2] + 2 * wide[:, 1:-1] + wide[:, 2:]
    places = (rows[..., :-2] + 2 * rows[..., 1:-1] + rows[..., 2:]) / 16
    measured = [PARTS * parts / np.sqrt(8), PLACES * places / np.sqrt(DOWN * ACROSS)]
    return np.concatenate([each.reshape(len(boxes), -1) for each in measured], axis=1)
