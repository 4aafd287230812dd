"""Charts to work by: a pattern of colors on a grid, a sign in each cell, and a key with the counts. Millimetres."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Floats
from artkit.artwork.drawing import KitDrawing, Layer, Page, Path, Shape
from artkit.color.materials import Material
from artkit.color.palette import parse
from artkit.color.spaces import lightness
from artkit.pens.layout import Sheet
from artkit.styles.letters import ADVANCE, lettered

SIGNS = "XO+/#AZ=SNV%HT*LUK2PYE4C>M7D8W<&6R93BFGJQ5?$@xzoaeknsuvwhtdbpqcfgmryjlIi10!:;^~-_"
"""Signs in the order in which they are given to colors: those that are told apart most easily first."""

HIGH = 0.6
"""Height of a sign, as a share of a cell."""

STROKE = 0.13
"""Width of its lines, as a share of its height."""

LETTER, PITCH, WIDE = 2.0, 3.6, 45.0
"""Height of letters in the key, of its lines, and width of its columns, at most."""

FOOT = 0.3
"""Share of the height between the margins that the key takes, at most."""

EVERY = 10
"""Cells between two heavy lines."""

INK, PALE, FAINT, FRAME = "#20242a", "#ffffff", "#8d949b", "#20242a"


@dataclass(frozen=True, eq=False)
class Chart:
    """A pattern (H, W) of numbers of `materials`, -1 where nothing is; `counts` says how many cells each has."""

    cells: NDArray[np.int32]
    materials: Sequence[Material]

    @property
    def counts(self) -> NDArray[np.int64]:
        """(K,) cells of each material."""
        return np.bincount(self.cells[self.cells >= 0], minlength=len(self.materials))


def charted(cells: NDArray[np.int32], materials: Sequence[Material]) -> Chart:
    """Give a chart of those materials alone that are used, from the most to the least."""
    counts = np.bincount(cells[cells >= 0], minlength=len(materials))
    order = np.argsort(-counts, kind="stable")[: int((counts > 0).sum())]
    number = np.full(len(materials) + 1, -1, np.int32)
    number[order] = np.arange(len(order))
    return Chart(number[cells], [materials[k] for k in order])


def drawing(
    chart: Chart, sheet: Sheet, title: str, text: str, rows: tuple[tuple[str, ...], ...], signs: bool = True
) -> KitDrawing:
    """Draw a chart on a sheet, with its key at the foot; without `signs` each cell is crossed in its color."""
    wide, high = sheet.inside
    columns = max(int(wide // WIDE), 1)
    lines = -(-len(chart.materials) // columns) + 1
    pitch = min(PITCH, FOOT * high / lines, wide / columns / 12)
    room = high - lines * pitch - pitch
    height, width = chart.cells.shape
    cell = min(wide / width, room / height)
    left, top = (sheet.width - width * cell) / 2, sheet.margin + (room - height * cell) / 2
    corner = np.array([left, top])
    layers = [*(_signed if signs else _crossed)(chart, cell, corner), _key(chart, sheet, title, pitch, columns)]
    return KitDrawing(sheet.width, sheet.height, layers, page=Page(sheet.width, sheet.height), text=text, rows=rows)


def _signed(chart: Chart, cell: float, corner: Floats) -> list[Layer]:
    fills, signs = [], []
    for number, each in enumerate(chart.materials):
        fills.append(Shape([Path(box * cell + corner) for box in runs(chart.cells == number)], each.color))
        paths = []
        for row, column in np.argwhere(chart.cells == number).tolist():
            x, y = np.array([column + 0.5, row + 0.5]) * cell + corner
            paths += _sign(number, HIGH * cell, x, y)
        signs.append(Shape(paths, None, _ink(each.color)))
    height, width = chart.cells.shape
    return [
        Layer(fills, "colors"),
        _lines(width, height, 1, cell, corner, FAINT, 0.02 * cell, "grid"),
        _lines(width, height, EVERY, cell, corner, FRAME, 0.07 * cell, "tens"),
        Layer(signs, "signs", STROKE * HIGH * cell),
    ]


def _crossed(chart: Chart, cell: float, corner: Floats) -> list[Layer]:
    """Cells as stitches: a slant from below left to above right lies on the other, as is usual."""
    a, b = 0.14, 0.86
    under, over = np.array([[a, a], [b, b]]), np.array([[a, b], [b, a]])
    layers = []
    for name, slant in (("under", under), ("over", over)):
        shapes = []
        for number, each in enumerate(chart.materials):
            places = np.argwhere(chart.cells == number)[:, ::-1]
            color = each.color if name == "over" else _darker(each.color)
            shapes.append(Shape([Path((slant + place) * cell + corner, closed=False) for place in places], None, color))
        layers.append(Layer(shapes, name, 0.4 * cell))
    return layers


def _darker(color: str) -> str:
    return "#" + "".join(f"{int(0.86 * int(level)):02x}" for level in parse(color))


def runs(mask: NDArray[np.bool_]) -> list[Floats]:
    """Rectangles (4, 2) that cover a mask (H, W): a run of each row, with those alike below it."""
    edges = np.diff(np.pad(mask, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    starts, ends = np.argwhere(edges == 1), np.argwhere(edges == -1)
    open_: dict[tuple[int, int], list[int]] = {}
    boxes = []
    for (row, start), (_, end) in zip(starts.tolist(), ends.tolist(), strict=True):
        known = open_.get((start, end))
        if known is not None and known[1] == row:
            known[1] = row + 1
        else:
            open_[start, end] = known = [row, row + 1, start, end]
            boxes.append(known)
    return [np.array([(x, y), (right, y), (right, bottom), (x, bottom)], np.float64) for y, bottom, x, right in boxes]


def _lines(
    width: int, height: int, every: int, cell: float, corner: Floats, color: str, line: float, name: str
) -> Layer:
    xs, ys = (sorted({*range(0, length, every), length}) for length in (width, height))
    lines = [np.array([(x, 0), (x, height)]) for x in xs] + [np.array([(0, y), (width, y)]) for y in ys]
    return Layer([Shape([Path(each * cell + corner, closed=False) for each in lines], None, color)], name, line)


def _sign(number: int, height: float, x: float, y: float) -> list[Path]:
    """The sign of a color with its middle at x, y; beyond the last sign they begin again, with a dot below."""
    turn, place = divmod(number, len(SIGNS))
    wide = 0.6 * height
    paths = lettered(SIGNS[place], height, x - wide / 2, y + height / 2)
    dots = [np.array([(x + (k - (turn - 1) / 2) * 0.25 * height, y + 0.68 * height)] * 2) for k in range(turn)]
    return paths + [Path(dot, closed=False) for dot in dots]


def _ink(color: str) -> str:
    return PALE if float(lightness(parse(color)[None])[0]) < 0.6 else INK


def sign_of(number: int) -> str:
    """A color's sign, as text says it."""
    turn, place = divmod(number, len(SIGNS))
    return SIGNS[place] + "." * turn


def _key(chart: Chart, sheet: Sheet, title: str, pitch: float, columns: int) -> Layer:
    wide, _ = sheet.inside
    letter = LETTER / PITCH * pitch
    column_width = wide / columns
    lines = -(-len(chart.materials) // columns)
    top = sheet.height - sheet.margin - (lines + 1) * pitch
    most = int((column_width - 2 * pitch) / (letter * ADVANCE))
    shapes = [
        Shape(
            lettered(_fitting(title, int(wide / (letter * ADVANCE))), letter, sheet.margin, top + 0.7 * pitch),
            None,
            INK,
        )
    ]
    for number, (each, count) in enumerate(zip(chart.materials, chart.counts.tolist(), strict=True)):
        column, line = divmod(number, lines)
        x, y = sheet.margin + column * column_width, top + (line + 1) * pitch
        side = 0.8 * pitch
        box = np.array([(x, y), (x + side, y), (x + side, y + side), (x, y + side)])
        shapes.append(Shape([Path(box)], each.color, FAINT))
        shapes.append(Shape(_sign(number, HIGH * side, x + side / 2, y + side / 2), None, _ink(each.color)))
        words = _fitting(" ".join(part for part in (f"{count}", each.code, each.name) if part), most)
        shapes.append(Shape(lettered(words, letter, x + 1.5 * side, y + side / 2 + letter / 2), None, INK))
    return Layer(shapes, "key", STROKE * letter)


def _fitting(text: str, most: int) -> str:
    return text[: max(most, 1)]
