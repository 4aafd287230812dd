"""Labels and the pictures' proportions in, pages out: where each picture, text and line of a sheet stands.

Lengths are CSS pixels, 96 to an inch, y down. Pictures keep their proportions. Where all have about the same they stand
in columns; else those of a row are of one height, and the row is as wide as the sheet, unless it is short of cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import ceil, sqrt
from typing import Literal, NamedTuple

from artkit.gallery.sheets.labels import Heading, Label
from artkit.gallery.sheets.letters import fitted, width_of, wrapped

Anchor = Literal["start", "end"]

MARGIN, GAP = 44.0, 22.0
TITLE, ABOUT, OWN, REST = 25.0, 12.0, 12.5, 9.5
"""Sizes of letters: the title, what is said of all, of each, and the commands."""

NARROWEST = 150.0
"""Width of a cell on a page where nobody asks for a number of columns."""

SPARE = 1.1
"""How much wider letters may be than ours: in SVG they are those of the reader's machine."""

ALIKE = 1.06
"""Proportions that differ by less stand in columns."""

FRAME = 0.75
"""Width of the frame around a picture: white ones on white paper have an end."""

LEADING = 1.45
"""Of the size of letters, from line to line."""


@dataclass(frozen=True)
class Theme:
    """Colors of a sheet: its paper, what is read first, what second, and numbers."""

    paper: str
    ink: str
    quiet: str
    accent: str
    line: str


THEMES = {
    "light": Theme("#ffffff", "#1a1a1e", "#6b6b73", "#b3261e", "#dcdce0"),
    "dark": Theme("#141416", "#efedea", "#a3a09a", "#ffb454", "#34343a"),
}


@dataclass(frozen=True)
class Style:
    """How a sheet is laid out: cells in a row, pixels of a cell's width, width and height of the page, colors."""

    columns: int | None = None
    cell: float = 280.0
    page: tuple[float, float] | None = None
    theme: Theme = THEMES["light"]
    title: str | None = None


class Text(NamedTuple):
    """A line of text whose letters stand at `y`; a `strong` one is bolder."""

    x: float
    y: float
    size: float
    text: str
    color: str
    anchor: Anchor = "start"
    strong: bool = False


class Box(NamedTuple):
    """A rectangle in a color."""

    x: float
    y: float
    width: float
    height: float
    color: str


class Cell(NamedTuple):
    """Where a picture stands: its `place` among all, from 0, and its box."""

    place: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Page:
    """A page: its size, the colors of its paper and of the frame around pictures, and what stands on it."""

    width: float
    height: float
    paper: str
    frame: str
    cells: list[Cell] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)


def pages(heading: Heading, labels: Sequence[Label], aspects: Sequence[float], style: Style) -> list[Page]:
    """Lay a sheet out: on one page as long as it takes or, where the style has a page, on as many as it takes."""
    columns = style.columns or pleasing(len(labels))
    if style.page and not style.columns:
        columns = max(min(columns, int((style.page[0] - 2 * MARGIN + GAP) / (NARROWEST + GAP))), 1)
    width = style.page[0] if style.page else 2 * MARGIN + columns * style.cell + (columns - 1) * GAP
    builder = _Builder(width, style)
    builder.head(heading)
    room = max(builder.left - 6 - LEADING * (2 * OWN + REST), MARGIN) if style.page else 4 * style.cell
    rows = [range(first, min(first + columns, len(labels))) for first in range(0, len(labels), columns)]
    cut = False
    for row in rows:
        cut |= builder.row(row, labels, _widths(row, aspects, columns, builder.inner, room))
    if cut:
        builder.legend(labels)
    return builder.done()


def pleasing(count: int) -> int:
    """Give how many cells in a row make a sheet that is a little wider than tall."""
    return max(min(ceil(sqrt(1.5 * count)), 6), 1)


def _widths(row: range, aspects: Sequence[float], columns: int, width: float, room: float) -> list[tuple[float, float]]:
    """Give width and height of each picture of a row."""
    own = [aspects[i] for i in row]
    if max(aspects) <= ALIKE * min(aspects):
        column = min((width - (columns - 1) * GAP) / columns, room * min(aspects))
        return [(column, column / aspect) for aspect in own]
    missing = columns - len(own)
    mean = sum(aspects) / len(aspects)
    height = min((width - (columns - 1) * GAP) / (sum(own) + missing * mean), room)
    return [(height * aspect, height) for aspect in own]


class _Builder:
    """Lays rows below each other, and begins a new page where one is full."""

    def __init__(self, width: float, style: Style) -> None:
        self.width, self.inner, self._style = width, width - 2 * MARGIN, style
        self._legible = self.inner / SPARE
        self._pages: list[Page] = []
        self._begin()

    @property
    def _page(self) -> Page:
        return self._pages[-1]

    @property
    def left(self) -> float:
        """How much of the page is left."""
        return self._page.height - MARGIN - self._y

    def _begin(self) -> None:
        height = self._style.page[1] if self._style.page else 0.0
        self._pages.append(Page(self.width, height, self._style.theme.paper, self._style.theme.line))
        self._y = MARGIN

    def _make_room(self, height: float) -> None:
        page = self._style.page
        if page and self._y + height > page[1] - MARGIN and self._y > MARGIN:
            self._begin()

    def _write(self, x: float, size: float, text: str, color: str, *, strong: bool = False) -> None:
        """Write a line below what there is."""
        self._y += size
        self._page.texts.append(Text(x, self._y, size, text, color, strong=strong))
        self._y += size * (LEADING - 1)

    def head(self, heading: Heading) -> None:
        """Write title, what is said of all cells, and what their commands begin with."""
        theme, title = self._style.theme, self._style.title or heading.title
        for line in wrapped(title, TITLE, self._legible)[:2]:
            self._write(MARGIN, TITLE, line, theme.ink)
        self._y += 2
        for line in wrapped(heading.about, ABOUT, self._legible)[:3]:
            self._write(MARGIN, ABOUT, line, theme.quiet)
        if heading.command:
            for line in wrapped(f"{heading.command} …", REST, self._legible)[:3]:
                self._write(MARGIN, REST, line, theme.quiet)
        self._y += 10
        self._page.boxes.append(Box(MARGIN, self._y, self.inner, 1, theme.line))
        self._y += 22

    def row(self, row: range, labels: Sequence[Label], sizes: Sequence[tuple[float, float]]) -> bool:
        """Lay out a row; say whether any of its commands is cut."""
        lines = [self._own(labels[i], size[0]) for i, size in zip(row, sizes, strict=True)]
        height = max(height for _, height in sizes)
        below = 6 + max(map(len, lines)) * OWN * LEADING + REST * LEADING
        self._make_room(height + below)
        x, cut = MARGIN, False
        for i, (width, tall), own in zip(row, sizes, lines, strict=True):
            self._page.cells.append(Cell(i, x, self._y, width, tall))
            cut |= self._label(labels[i], own, x, self._y + height + 6, width)
            x += width + GAP
        self._y += height + below + GAP
        return cut

    def _own(self, label: Label, room: float) -> list[str]:
        """Give what is a cell's own in two lines at most, the first of which begins after the number."""
        number = width_of(f"{label.number} ", OWN) + 4
        first, *rest = wrapped(label.own, OWN, max(room / SPARE - number, 30)) or [""]
        return [first, fitted(" ".join(rest), OWN, room / SPARE)] if rest else [first]

    def _label(self, label: Label, own: Sequence[str], x: float, y: float, room: float) -> bool:
        theme, texts = self._style.theme, self._page.texts
        y += OWN
        texts.append(Text(x, y, OWN, str(label.number), theme.accent, strong=True))
        texts.append(Text(x + width_of(f"{label.number} ", OWN) + 4, y, OWN, own[0], theme.ink))
        for line in own[1:]:
            y += OWN * LEADING
            texts.append(Text(x, y, OWN, line, theme.ink))
        y += REST * LEADING + 2
        told = f"{label.digits}  {label.rest}".rstrip()
        shown = fitted(told, REST, room / SPARE)
        texts.append(Text(x, y, REST, shown, theme.quiet))
        return shown != told

    def legend(self, labels: Sequence[Label]) -> None:
        """Write every command in full."""
        theme, size = self._style.theme, REST + 1
        self._make_room(6 * size * LEADING)
        self._page.boxes.append(Box(MARGIN, self._y, self.inner, 1, theme.line))
        self._y += 14
        self._write(MARGIN, OWN, "Commands", theme.ink, strong=True)
        self._y += 4
        indent = width_of(f"{max(label.number for label in labels)}  ", size) + 6
        for label in labels:
            for i, line in enumerate(wrapped(label.command, size, self._legible - indent)):
                self._make_room(size * LEADING)
                if i == 0:
                    baseline = self._y + size
                    number = Text(MARGIN, baseline, size, str(label.number), theme.accent, strong=True)
                    self._page.texts.append(number)
                self._write(MARGIN + indent, size, line, theme.quiet)
        self._y += GAP

    def done(self) -> list[Page]:
        """Give the pages: numbered or, where there is one without a size, as long as it is."""
        if not self._style.page:
            return [replace(self._page, height=self._y - GAP + MARGIN)]
        count = len(self._pages)
        for i, page in enumerate(self._pages, start=1):
            if count > 1:
                place = page.width - MARGIN, page.height - MARGIN / 2
                page.texts.append(Text(*place, REST, f"{i} / {count}", self._style.theme.quiet, "end"))
        return self._pages
