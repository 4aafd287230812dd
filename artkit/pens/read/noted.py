"""Shapes noted one by one, the lines that they become together: flattened, dashed, cut, without paper and dots.

A shape that is only filled is drawn as its outline, closed. One that covers the page is the paper, and shapes in the
paper's color do not show on it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import isfinite
from typing import NamedTuple

import numpy as np

from artkit.arrays import Bools, Floats, Ints, offsets_of
from artkit.errors import LimitError
from artkit.limits import limit
from artkit.pens.lines import Lines
from artkit.pens.names import LONGEST
from artkit.pens.read.clips import cut
from artkit.pens.read.dashes import FLATNESS as FLATNESS_OF_DASHES
from artkit.pens.read.dashes import Dashes, dashed
from artkit.pens.read.ink import Ink
from artkit.pens.read.lengths import IDENTITY, Matrix
from artkit.pens.read.pathdata import flattened, too_many
from artkit.pens.regions import Region

FLATNESS = 0.01
"""Millimetres that lines stray from the curves they replace."""

FARTHEST = 1e6
"""Millimetres from the page's corner, beyond which nothing is read."""

BATCH = 2_000_000
"""Characters of path data that become lines at a time, so that what is read takes memory by its points."""

COSTLY = 64
"""Characters of path data that an element counts for at least."""

SLACK = 0.005
"""Share of the page's longer side by which paper may be short of it."""

FILL = "fill (drawn as its outline, what it hides is drawn too)"
"""How shapes are told of whose inside shows."""


BACKGROUND, UNSEEN = "background", "shape in the color of the paper"
"""How shapes are told of that are the paper, or look like it."""


class Shape(NamedTuple):
    """A shape: path data, the matrix to millimetres, its pen, and how it is drawn; `sharp` are ends without caps."""

    data: str
    matrix: Matrix
    pen: int
    ink: Ink
    dashes: Dashes | None
    clips: tuple[int, ...]
    sharp: bool


class Noted:
    """Lines read so far, each with the number of its pen; `page` is its size in millimetres."""

    def __init__(self, name: str, left_out: Counter[str], page: tuple[float | None, float | None]) -> None:
        self.name, self.left_out, self.page = name, left_out, page
        self.keys: dict[tuple[str, str, float], int] = {}
        self._shapes: list[Shape] = []
        self._size = 0
        self._points = 0
        self._parts: list[tuple[Lines, Ints]] = []
        self._paper = "#ffffff"

    def pen(self, layer: str, color: str, wide: float) -> int:
        """Give the number of a pen: of a layer, a color, and strokes so wide in mm, -1 where it is not said."""
        key = (layer, color[:LONGEST], wide if isfinite(wide) else -1.0)
        return self.keys.setdefault(key, len(self.keys))

    def note(self, shape: Shape, regions: Sequence[Region]) -> None:
        """Take down a shape; `regions` are what its clips refer to."""
        self._shapes.append(shape)
        self._size += max(len(shape.data), COSTLY)
        if self._size > BATCH:
            self.flatten(regions)

    def lines(self, regions: Sequence[Region]) -> tuple[Lines, Ints]:
        """Give all lines, and the number of the pen of each."""
        self.flatten(regions)
        lines = Lines.joined([lines for lines, _ in self._parts])
        return lines, np.concatenate([np.empty(0, np.int64), *(key for _, key in self._parts)])

    def flatten(self, regions: Sequence[Region]) -> None:
        """Turn the shapes noted so far into lines."""
        if not self._shapes:
            return
        texts, matrices, keys, inks, dashes, clips, sharp = zip(*self._shapes, strict=True)
        self._shapes, self._size = [], 0
        lines, path = self._flat(texts, np.array(matrices), dashes)
        outlined = np.fromiter((not ink.stroked for ink in inks), bool, len(inks))
        filled = np.fromiter((ink.filled for ink in inks), bool, len(inks))
        if outlined.any():
            lines = closed(lines, outlined[path])
        if filled.any():
            thin = _thin(lines) & filled[path]
            flat = thin & outlined[path]
            if flat.any():
                self.left_out["line that is filled, and has no stroke"] += int(flat.sum())
            solid = np.bincount(path[~thin], minlength=len(inks)) > 0
            lines, path = lines.take(~flat), path[~flat]
            lines, path, gone = self._shown(lines, path, inks, outlined, clips, regions)
            self._tell(FILL, filled & solid & ~gone)
        else:
            lines, path = cut(lines, path, clips, regions)
        lines, path = self._without_dots(lines, path, np.array(sharp, bool))
        if self._paper in {ink.color for ink in inks}:
            white = np.fromiter((ink.color == self._paper for ink in inks), bool, len(inks))
            self._tell("stroke in the color of the paper (drawn)", white & ~outlined)
        self._parts.append((lines, np.array(keys, np.int64)[path]))

    def _tell(self, what: str, which: Bools) -> None:
        if which.any():
            self.left_out[what] += int(which.sum())

    def _flat(self, texts: Sequence[str], matrices: Floats, dashes: Sequence[Dashes | None]) -> tuple[Lines, Ints]:
        """Give the lines of path data, cut into dashes, and the number of the path that each is of."""
        solid = np.fromiter((each is None for each in dashes), bool, len(dashes))
        if solid.all():
            return self._lines_of(texts, matrices, FLATNESS)
        parts = []
        for which, flatness in ((np.flatnonzero(solid), FLATNESS), (np.flatnonzero(~solid), FLATNESS_OF_DASHES)):
            lines, path = self._lines_of([texts[at] for at in which.tolist()], matrices[which], flatness)
            if flatness == FLATNESS_OF_DASHES and len(lines):
                lines, line, fine = dashed(lines, path, [each for each in dashes if each is not None])
                path = path[line]
                if fine:
                    self.left_out[TOO_FINE] += fine
            parts.append((lines, which[path]))
        path = np.concatenate([path for _, path in parts])
        order = np.argsort(path, kind="stable")
        return Lines.joined([lines for lines, _ in parts]).take(order), path[order]

    def _lines_of(self, texts: Sequence[str], matrices: Floats, flatness: float) -> tuple[Lines, Ints]:
        most = limit("points")
        with np.errstate(all="ignore"):
            try:
                flat = flattened(texts, matrices if len(texts) else np.array([IDENTITY]), flatness, most - self._points)
            except LimitError:
                raise LimitError(f"{self.name}: {too_many(most)}", "points") from None
        self._points += len(flat.lines.points)
        if flat.invalid:
            self.left_out["part of a path whose data has an error"] += flat.invalid
        lines, path = flat.lines, flat.path
        near = nearby(lines)
        if not near.all():
            self.left_out[TOO_FAR] += int((~near).sum())
            lines, path = lines.take(near), path[near]
        return lines, path

    def _shown(
        self,
        lines: Lines,
        path: Ints,
        inks: Sequence[Ink],
        outlined: Bools,
        clips: Sequence[tuple[int, ...]],
        regions: Sequence[Region],
    ) -> tuple[Lines, Ints, Bools]:
        """Cut all lines, and leave out the shapes that are the paper, or of its color; tell which ones these are."""
        covers = covering(lines, path, len(inks), self.page) & outlined
        before = np.bincount(path, lines.lengths, minlength=len(inks))
        lines, path = cut(lines, path, clips, regions)
        after = np.bincount(path, lines.lengths, minlength=len(inks))
        whole = after >= 0.99 * before
        paper = covers & whole
        same, self._paper = on_paper(paper, [ink.color for ink in inks], self._paper)
        same &= outlined
        self._tell(BACKGROUND, paper)
        self._tell(UNSEEN, same & (before > 0))
        self._tell("fill that a clip cuts (its edge along the clip is not drawn)", outlined & ~whole & ~same)
        gone: Bools = paper | same
        return lines.take(~gone[path]), path[~gone[path]], gone

    def _without_dots(self, lines: Lines, path: Ints, sharp: Bools) -> tuple[Lines, Ints]:
        """Leave out lines without length whose ends have no caps: a browser shows none of them."""
        found = dots(lines, path, sharp)
        if not found.any():
            return lines, path
        self.left_out[DOT] += int(found.sum())
        return lines.take(~found), path[~found]


TOO_FAR = "line whose coordinates are too large"


def nearby(lines: Lines) -> Bools:
    """Tell which lines have no point that is farther away than is read."""
    with np.errstate(invalid="ignore"):
        near = (np.abs(lines.points) < FARTHEST).all(axis=1)
    found: Bools = np.asarray(near.all() or np.logical_and.reduceat(near, lines.offsets[:-1]), bool)
    return np.broadcast_to(found, len(lines))


def covering(lines: Lines, path: Ints, count: int, page: tuple[float | None, float | None]) -> Bools:
    """Tell which paths are one rectangle, and cover the page."""
    covers = np.zeros(count, bool)
    width, height = page
    if not len(lines) or width is None or height is None:
        return covers
    low, high = (reduce.reduceat(lines.points, lines.offsets[:-1]) for reduce in (np.minimum, np.maximum))
    slack = SLACK * max(width, height)
    large = (low <= slack).all(axis=1) & (high >= np.array([width, height]) - slack).all(axis=1)
    large &= np.bincount(path, minlength=count)[path] == 1
    for at in np.flatnonzero(large).tolist():
        x, y = (lines[at] - low[at]).T
        area = abs(float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum())) / 2
        covers[path[at]] = area >= 0.999 * float(np.prod(high[at] - low[at]))
    return covers


def on_paper(paper: Bools, colors: Sequence[str], first: str = "#ffffff") -> tuple[Bools, str]:
    """Tell which shapes have the color of what they are painted on: the paper, or the last of those that are `paper`.

    Also what color the paper has in the end, where it has that of `first` to begin with.
    """
    known: dict[str, int] = {first: 0}
    own = np.fromiter((known.setdefault(color, len(known)) for color in colors), np.int64, len(colors))
    sheets = np.flatnonzero(paper)
    # What stands before a paper is compared with the one before.
    under = np.append(0, own[sheets])[np.searchsorted(sheets, np.arange(len(own)))]
    same: Bools = ~paper & (own == under)
    return same, colors[int(sheets[-1])] if len(sheets) else first


def dots(lines: Lines, path: Ints, sharp: Bools) -> Bools:
    """Tell which lines have no length, and no caps, as `sharp` tells of their paths: nothing of them shows."""
    found: Bools = (lines.counts < 4) & sharp[path] & (lines.starts == lines.ends).all(axis=1)
    if found.any():
        found[found] = lines.take(found).lengths == 0
    return found


DOT, TOO_FINE = "dot whose stroke has no round or square ends", "line with dashes too fine to tell apart (drawn solid)"
"""How lines are told of that are not drawn as they are said to be."""


def closed(lines: Lines, which: Bools) -> Lines:
    """Close the lines that are to be closed, and are not."""
    open_ = np.flatnonzero(which & ~lines.closed)
    if not len(open_):
        return lines
    points = np.insert(lines.points, lines.offsets[1:][open_], lines.starts[open_], axis=0)
    counts = lines.counts.copy()
    counts[open_] += 1
    return Lines(points, offsets_of(counts))


def _thin(lines: Lines) -> Bools:
    """Tell which lines lie on a straight one: they enclose nothing."""
    if not len(lines):
        return np.zeros(0, bool)
    heads, own = lines.offsets[:-1], lines.line_of
    x, y = (lines.points - lines.starts[own]).T
    xx, xy, yy = (np.add.reduceat(values, heads) for values in (x * x, x * y, y * y))
    thin: Bools = xx * yy - xy * xy <= 1e-9 * np.maximum(xx, yy) ** 2
    return thin
