"""A drawing in, the same with names and ids out: groups by color or by depth, as an editor's panel lists them.

Layers that are named for what they show keep their names: by color, "glass" becomes "glass red", "glass dark blue";
by depth it stays whole. All others are told apart by color or depth alone. A layer that casts a shadow or is soft stays
whole, as its filter works on all of it, and so does that of a pen, which a machine reads.

Where colors lie over one another so often that groups would be many, layers stay whole, too, and the ids of their
shapes tell the colors. Shapes are numbered within their group: "red_3", "glass_dark-blue_12".
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import NamedTuple

import numpy as np

from artkit.arrays import Floats
from artkit.artwork.drawing import AnimatedDrawing, Drawing, Ids, Layer, LineStyle, Path, Shape
from artkit.errors import UsageError
from artkit.grouping.footprints import Footprints
from artkit.grouping.inks import INKS, depths
from artkit.grouping.names import NAMES, families, ink_of, shades
from artkit.grouping.runs import fewest_runs
from artkit.pens.names import bare_label
from artkit.pens.styled import is_for_pens

MOST, FEW = 48, 12
"""Groups that layers are told apart into; where there would be more, they stay whole. So many are never too many."""

SHAPES = 6
"""Shapes that a group of a layer with a name has, on the average, at the least; half as many where there is none."""

WIDEST = 8
"""Orders that are looked at side by side; more: a little fewer groups, and slower."""

LARGEST = 20_000
"""Shapes that are told apart; layers of more stay whole."""

_ANONYMOUS = re.compile(rf"(\d+ - #[0-9a-f]{{6}}|(\d+ - )?(dark |light )?({'|'.join(NAMES)})|depth)?( \d+)?( crisp)?")
"""Names of layers that tell no more than their place and their color."""


class _Part(NamedTuple):
    """A group: its name, the numbers of its shapes in the drawing, and a layer that is as it shall be."""

    name: str
    shapes: list[int]
    like: Layer


def with_ids(drawing: Drawing, by: Ids) -> Drawing:
    """Draw the same in named groups, lowest first, with an id for each group and each shape."""
    if by == "none":
        return drawing
    if by not in ("color", "depth"):
        raise UsageError(f"ids: {by!r} is no way to name groups; use color or depth")
    shapes = _Shapes(drawing)
    if is_for_pens(drawing):
        pens = [_Part(_of_a_pen(layer), own, layer) for layer, own in shapes.layers if own]
        return _made(shapes, pens, labels=True)
    return _made(shapes, list(_parts(shapes, by)))


def pen_called(name: str, color: str) -> str:
    """Give what a pen is called: its name or, where that is the number of its color, what the color is called."""
    return shades([color])[0] if not name or name.startswith("#") else name


def ids_of(names: Sequence[str]) -> list[str]:
    """Give an id for each name, with a number behind it where others have it already."""
    taken = set[str]()
    return [_slug(_alone(name, taken)) for name in names]


def _of_a_pen(layer: Layer) -> str:
    return pen_called(bare_label(layer.name), layer.shapes[0].stroke or "#000000")


class _Shapes:
    """All shapes of a drawing in a row, with the layer of each, its color, and what that is called.

    `layers` are all layers, each with the numbers of its shapes.
    """

    def __init__(self, drawing: Drawing) -> None:
        self.drawing = drawing
        self.all = list(drawing.shapes)
        self.of = [layer for layer in drawing.layers for _ in layer.shapes]
        self.inks = [ink_of(shape) for shape in self.all]
        self.shades = shades(self.inks)
        ends = np.cumsum([len(layer.shapes) for layer in drawing.layers]).tolist()
        self.layers = [
            (layer, list(range(end - len(layer.shapes), end))) for layer, end in zip(drawing.layers, ends, strict=True)
        ]

    def styled(self, number: int) -> Shape:
        """Give a shape with a style of its own for its stroke, which its layer may have told."""
        shape = self.all[number]
        own = shape.stroke is not None and shape.line is None
        return shape._replace(line=LineStyle(self.of[number].stroke_width)) if own else shape

    def on_sheet(self, numbers: Sequence[int]) -> tuple[list[Shape], Footprints]:
        """Give some shapes with their footprints on all of the sheet, which may begin before the drawing does."""
        drawing, page = self.drawing, self.drawing.page
        low, size = np.zeros(2), (drawing.width, drawing.height)
        if page is not None:
            low, size = -np.array(page.offset) / page.scale, (page.width / page.scale, page.height / page.scale)
        moved = [_moved(self.styled(k), low) for k in numbers]
        return moved, Footprints.of(moved, *size)

    def crisp(self, numbers: Sequence[int]) -> list[bool]:
        """Tell which are drawn without antialiasing."""
        return [self.of[k].crisp for k in numbers]


def _moved(shape: Shape, low: Floats) -> Shape:
    if not low.any():
        return shape
    return shape._replace(paths=[Path(path.points - low, path.kinds, path.closed) for path in shape.paths])


def _parts(shapes: _Shapes, by: Ids) -> Iterator[_Part]:
    """Give the groups, lowest first: layers that tell nothing are told apart together, each other by itself."""
    layers = [(layer, own) for layer, own in shapes.layers if own]
    depth = 0
    for together, run in groupby(layers, lambda each: _is_anonymous(each[0]) and not _is_filtered(each[0])):
        for some in [list(run)] if together else [[each] for each in run]:
            if by == "color":
                yield from _by_color(shapes, some)
                continue
            made = [own for _, own in some] if not together else list(_by_depth(shapes, some))
            for own in made:
                depth += 1
                layer = shapes.of[own[0]]
                yield _Part(f"depth {depth}" if _is_anonymous(layer) else layer.name, own, layer)


def _is_anonymous(layer: Layer) -> bool:
    return _ANONYMOUS.fullmatch(layer.name) is not None


def _is_filtered(layer: Layer) -> bool:
    return layer.shadow is not None or bool(layer.blur)


def _by_color(shapes: _Shapes, layers: list[tuple[Layer, list[int]]]) -> Iterator[_Part]:
    """Groups of one color each, as few as painting allows; by what colors are called, where these are many."""
    whole = [(_color_of(shapes.shades, own), own) for _, own in layers]
    inks = [shapes.inks[own[0]] for _, own in layers]
    is_done = all(_color_of(shapes.inks, own) for _, own in layers) and len(set(inks)) == len(inks)
    runs = whole if is_done or any(_is_filtered(layer) for layer, _ in layers) else _runs(shapes, layers) or whole
    for color, own in runs:
        layer = shapes.of[own[0]]
        given = "" if _is_anonymous(layer) else layer.name
        yield _Part(given if given and len(runs) == 1 else f"{given} {color}".strip(), own, layer)


def _color_of(names: Sequence[str], numbers: Sequence[int]) -> str:
    """Give the one color of some shapes, "" where they have several."""
    found = {names[k] for k in numbers}
    return found.pop() if len(found) == 1 else ""


def _runs(shapes: _Shapes, layers: list[tuple[Layer, list[int]]]) -> list[tuple[str, list[int]]]:
    """Groups with what their color is called; none where they would be too many."""
    numbers = [k for _, own in layers for k in own]
    if len(numbers) > LARGEST:
        return []
    overlaps, crisp = shapes.on_sheet(numbers)[1].overlaps, shapes.crisp(numbers)
    inks, called = [shapes.inks[k] for k in numbers], [shapes.shades[k] for k in numbers]
    kinds = families(inks)
    named = not _is_anonymous(layers[0][0])
    most = min(MOST, len(numbers) // SHAPES if named else max(2 * len(numbers) // SHAPES, FEW))
    for apart, names in ((inks, called), (called, called), (kinds, kinds)):
        keys = list(zip(apart, crisp, strict=True))
        place = {key: number for number, key in enumerate(dict.fromkeys(keys))}
        if len(place) > INKS:
            continue
        runs = fewest_runs(np.array([place[key] for key in keys], np.int64), *overlaps, most=most, widest=WIDEST)
        if runs:
            return [(names[run[0]], [numbers[k] for k in run]) for run in runs]
    return []


def _by_depth(shapes: _Shapes, layers: list[tuple[Layer, list[int]]]) -> Iterator[list[int]]:
    """Groups by how many shapes each lies within; the layers as they are, where groups would be too many."""
    numbers = [k for _, own in layers for k in own]
    if len(numbers) > LARGEST:
        yield from (own for _, own in layers)
        return
    crisp = np.array(shapes.crisp(numbers), bool)
    moved, prints = shapes.on_sheet(numbers)
    keys = np.column_stack([depths(moved, crisp, prints), ~crisp])
    found, place = np.unique(keys, axis=0, return_inverse=True)
    if len(found) > MOST:
        yield from (own for _, own in layers)
        return
    for group in range(len(found)):
        yield [numbers[k] for k in np.flatnonzero(place.ravel() == group).tolist()]


def _made(shapes: _Shapes, parts: Sequence[_Part], *, labels: bool = False) -> Drawing:
    """Give the drawing in these groups, each with an id that no other has; with `labels` layers keep their names."""
    drawing, taken = shapes.drawing, {"background"} if shapes.drawing.background else set[str]()
    layers = []
    for part in parts:
        name = _alone(part.name or "shapes", taken)
        own = list(_numbered(shapes, part, _slug(name)))
        label = part.like.name if labels else name
        layers.append(replace(part.like, shapes=own, name=label, id=_slug(name)))
    made = drawing.replace(layers=layers)
    if isinstance(drawing, AnimatedDrawing):
        times = np.concatenate([np.zeros((0, 2)), *drawing.times])
        made = made.replace(times=tuple(times[part.shapes] for part in parts))
    return made


def _alone(name: str, taken: set[str]) -> str:
    """Give the name, with a number behind it where another group has it already."""
    made, number = name, 1
    while _slug(made) in taken:
        number += 1
        made = f"{name} {number}"
    taken.add(_slug(made))
    return made


def _numbered(shapes: _Shapes, part: _Part, group: str) -> Iterator[Shape]:
    """Give the shapes of a group with ids: the group's and a number, with the color between where it has several."""
    is_mixed = not _color_of(shapes.shades, part.shapes)
    counts: Counter[str] = Counter()
    for k in part.shapes:
        start = f"{group}_{_slug(shapes.shades[k])}" if is_mixed else group
        counts[start] += 1
        same = shapes.of[k].stroke_width == part.like.stroke_width
        yield (shapes.all[k] if same else shapes.styled(k))._replace(id=f"{start}_{counts[start]}")


def _slug(name: str) -> str:
    """Give a name as an id that XML, CSS and scripts take without quotes: small letters, digits, hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    found = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return found if found[:1].isalpha() else f"layer-{found}".rstrip("-")
