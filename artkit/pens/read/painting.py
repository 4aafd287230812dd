"""An SVG in, what it paints out, in order: strokes as lines, fills as areas, and of both what is seen in the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from artkit.arrays import Bools, Ints
from artkit.pens.areas import Areas, seen
from artkit.pens.lines import Lines
from artkit.pens.read.clips import Painted, cut
from artkit.pens.read.dashes import FLATNESS as FLATNESS_OF_DASHES
from artkit.pens.read.dashes import Dashes, dashed, dashes_of
from artkit.pens.read.document import Group, Source, _Painter, _Reader
from artkit.pens.read.elements import parsed
from artkit.pens.read.ink import Inks, Paint
from artkit.pens.read.lengths import IDENTITY, BadNumber, Viewport, unit_of
from artkit.pens.read.noted import (
    BACKGROUND,
    DOT,
    FLATNESS,
    TOO_FAR,
    TOO_FINE,
    UNSEEN,
    closed,
    covering,
    dots,
    nearby,
    on_paper,
)
from artkit.pens.read.pathdata import flattened
from artkit.pens.regions import Combined, Fill, Region, crossings, rings_of

WHITE = "#ffffff"
"""The color of areas that are paper."""

FLATNESS_OF_AREAS = 0.004
"""Millimetres that the borders of areas stray from the curves they replace."""


def painted(data: bytes, name: str, *, outlines: bool, hide: bool) -> tuple[Source, Areas]:
    """Read what an SVG paints: its strokes, and with `outlines` those of shapes without one; and its filled areas.

    With `hide` what later fills cover is left out. An ArtkitError says in one line what is wrong with the file.
    """
    reader = _Reader(parsed(data, name), name, False)
    painter = _Painter(reader, True)
    painter.hidden = False
    (width, height, _, _), state = painter.start()
    painter._walk([(reader.root, state)])
    assert reader.clips is not None
    looks = _Looks(reader.inks, painter.left_out, outlines)
    shapes, regions = painter.painted, reader.clips.regions
    found = [looks.of(shape) for shape in shapes]
    areas, gone = _areas(shapes, found, regions, (width or 0.0, height or 0.0), looks)
    lines, order = _strokes(shapes, found, gone, regions, outlines, looks)
    if hide:
        lines, which = seen(lines, order, areas)
        order = order[which]
    colors = ["" if look is None else look.color for look in found]
    groups = list(dict.fromkeys(Group(shapes[k].layer, colors[k]) for k in np.unique(order).tolist()))
    number = {group: at for at, group in enumerate(groups)}
    group = np.array([number.get(Group(shape.layer, colors[k]), 0) for k, shape in enumerate(shapes)], np.int64)
    widths = np.array([np.nan if look is None or look.width < 0 else look.width for look in found])
    left_out = dict(reader.left_out + painter.left_out)
    return Source(width, height, lines, group[order], groups, widths[order], left_out), areas


class _Look(NamedTuple):
    """What a shape looks like: the color it is drawn in, whether by its stroke, how wide in mm, -1 if that is not said.

    `fill` is what it is filled with, its opacity that of all groups around it.
    """

    color: str
    stroked: bool
    width: float
    fill: Paint | None


class _Looks:
    """Reads what shapes look like, as `Inks` has it; with `outlines` of those without a stroke lines are drawn, too."""

    def __init__(self, inks: Inks, left_out: Counter[str], outlines: bool) -> None:
        self.inks, self.left_out, self.outlines = inks, left_out, outlines

    def tell(self, what: str, count: int = 1) -> None:
        """Count what is not drawn as it looks."""
        if count:
            self.left_out[what] += count

    def of(self, shape: Painted) -> _Look | None:
        """Give the look of a shape; None where nothing of it shows."""
        try:
            ink = self.inks.of(shape.style, shape.around)
        except BadNumber:
            self.tell("element with a number that is none")
            return None
        if isinstance(ink, str):
            self.tell(ink)
            return None
        self.left_out.update(ink.lost(shape.opacity, ink.stroked or self.outlines))
        if ink.pattern is not None and not ink.stroked:
            return None
        fill = self.inks.paint(shape.style, "fill", "black") if ink.filled else None
        if fill is not None:
            fill = fill._replace(opacity=fill.opacity * shape.opacity)
        unit = unit_of(shape.matrix, shape.said.get("vector-effect", "none"))
        return _Look(ink.color, ink.stroked, round(ink.width * unit, 4) if ink.width >= 0 else -1.0, fill)


def _areas(
    shapes: Sequence[Painted],
    found: Sequence[_Look | None],
    regions: Sequence[Region],
    page: Viewport,
    looks: _Looks,
) -> tuple[Areas, Bools]:
    """Give the filled shapes, cut by their clips; those that are the paper, or of its color, are white.

    Also which shapes these are.
    """
    fills = [None if look is None else look.fill for look in found]
    order = [k for k, fill in enumerate(fills) if fill is not None]
    matrices = np.array([shapes[k].matrix for k in order] or [IDENTITY])
    with np.errstate(all="ignore"):
        flat = flattened([shapes[k].data for k in order], matrices, FLATNESS_OF_AREAS)
    near = nearby(flat.lines)
    rings, of = flat.lines.take(near), flat.path[near]
    nonzero = np.array([shapes[k].style.get("fill-rule", "nonzero").strip() != "evenodd" for k in order], bool)
    kept, parts, owners = np.ones(len(rings), bool), [], []
    for number, k in enumerate(order):
        if shapes[k].clips:
            which = np.flatnonzero(of == number)
            region = Combined([regions[clip] for clip in shapes[k].clips])
            own = Fill.of(rings.take(which), bool(nonzero[number]))
            if not _is_inside(own, region):
                kept[which] = False
                parts.append(rings_of(Combined([own, region])))
                owners.append(np.full(len(parts[-1]), number))
    rings = Lines.joined([rings.take(kept), *parts])
    of = np.concatenate([of[kept], *owners])
    colors = [fill.color for fill in fills if fill is not None]
    paper = covering(rings, of, len(order), page)
    same, _ = on_paper(paper, colors)
    colors = [WHITE if bare else color for color, bare in zip(colors, (paper | same).tolist(), strict=True)]
    bare = np.zeros(len(shapes), bool)
    bare[order] = paper | same
    alone = np.array([look is not None and not look.stroked for look in found], bool)[order]
    looks.tell(BACKGROUND, int((paper & alone).sum()))
    looks.tell(UNSEEN, int((same & alone).sum()))
    sides = _sides(rings)
    areas = Areas(
        rings.points[sides[0]],
        rings.points[sides[1]],
        of[rings.line_of[sides[0]]],
        nonzero,
        np.array([fill.opacity for fill in fills if fill is not None]),
        np.array(order, np.int64),
        [shapes[k].layer for k in order],
        colors,
    )
    return areas, bare


def _is_inside(own: Fill, region: Region) -> bool:
    """Tell whether a region holds all of a shape, by their sides alone."""
    start, end = region.sides
    if not len(own.start) or len(crossings(own.start, own.end, start, end)[0]):
        return False
    return bool(region.holds(own.start).all()) and not own.holds(start).any()


def _sides(rings: Lines) -> tuple[Ints, Ints]:
    """Give the points where the sides of rings start and end, each ring closed."""
    following = np.arange(1, len(rings.points) + 1)
    following[rings.offsets[1:] - 1] = rings.offsets[:-1]
    moved: Bools = (
        np.asarray((rings.points != rings.points[following]).any(axis=1)) if len(rings) else np.zeros(0, bool)
    )
    return np.flatnonzero(moved), following[moved]


def _strokes(
    shapes: Sequence[Painted],
    found: Sequence[_Look | None],
    bare: Bools,
    regions: Sequence[Region],
    outlines: bool,
    looks: _Looks,
) -> tuple[Lines, Ints]:
    """Give the lines of strokes, with `outlines` also those of shapes that are only filled, and the shape of each."""
    stroked = np.array([look is not None and look.stroked for look in found], bool)
    outlined = np.array([outlines and look is not None and not look.stroked for look in found], bool) & ~bare
    dashes: list[Dashes | None] = [None] * len(shapes)
    for k in np.flatnonzero(stroked).tolist():
        if "stroke-dasharray" in shapes[k].style:
            dashes[k] = dashes_of(shapes[k].style, shapes[k].said, shapes[k].matrix, shapes[k].around)
    broken = np.array([each is not None for each in dashes], bool)
    parts = []
    for chosen, flatness in (((stroked | outlined) & ~broken, FLATNESS), (broken, FLATNESS_OF_DASHES)):
        which = np.flatnonzero(chosen)
        own = [shapes[k] for k in which.tolist()]
        matrices = np.array([shape.matrix for shape in own] or [IDENTITY])
        with np.errstate(all="ignore"):
            lines, path, _ = flattened([shape.data for shape in own], matrices, flatness)
        near = nearby(lines)
        looks.tell(TOO_FAR, int((~near).sum()))
        lines, path = lines.take(near), path[near]
        if flatness == FLATNESS_OF_DASHES and len(lines):
            lines, line, fine = dashed(lines, path, [each for each in dashes if each is not None])
            looks.tell(TOO_FINE, fine)
            path = path[line]
        parts.append((closed(lines, outlined[which[path]]), which[path]))
    order = np.concatenate([path for _, path in parts])
    by = np.argsort(order, kind="stable")
    lines, order = cut(
        Lines.joined([lines for lines, _ in parts]).take(by), order[by], [s.clips for s in shapes], regions
    )
    sharp = np.array([shape.style.get("stroke-linecap", "butt") == "butt" for shape in shapes], bool)
    empty = dots(lines, order, sharp)
    looks.tell(DOT, int(empty.sum()))
    return lines.take(~empty), order[~empty]
