"""What a document draws, put together: drawings of layers of shapes, and between them what has to be rendered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

import numpy as np

from artkit.artwork.drawing import Drawing, Gradient, LineStyle, Page, Path, Shape, bounds
from artkit.artwork.drawing import Layer as DrawingLayer
from artkit.errors import ArtkitError
from artkit.export.read.alone import Alone
from artkit.export.read.curves import moved, paths_of
from artkit.export.read.paints import Paint, Paints, Strange, opacity_of
from artkit.export.read.tree import Found, Layer, Tree
from artkit.export.read.windings import solid
from artkit.pens.layout import UNITS
from artkit.pens.read.elements import parsed
from artkit.pens.read.lengths import BadNumber, length, numbers, times
from artkit.pens.read.viewports import page

FARTHEST = 1e7
"""Units of the sheet from its corner beyond which nothing is read."""

GRIDS = (1, 2, 4, 10, 100)
"""Steps to a unit that are tried; a thousand are taken where coordinates are finer."""


class Opened(NamedTuple):
    """A document: its sheet in millimetres, and what is drawn on it, lowest first.

    Drawings have the sheet's size; what stands alone is an SVG that is drawn on the same sheet. `rendered` and
    `left_out` count, in words, what stands alone and what is not drawn at all.
    """

    width: float
    height: float
    parts: tuple[Drawing | Alone, ...]
    rendered: dict[str, int]
    left_out: dict[str, int]

    @property
    def notes(self) -> list[str]:
        """What is worth telling, a line each."""
        told = []
        for word, counts in (("drawn as pixels", self.rendered), ("left out", self.left_out)):
            if counts:
                told.append(f"{word}: " + "; ".join(f"{count} x {what}" for what, count in counts.items()))
        return told


def opened(data: bytes, name: str = "SVG") -> Opened:
    """Read an SVG, compressed or not. An ArtkitError says in one line what is wrong with it."""
    root = parsed(data, name)
    width, height, matrix, around = page(root)
    if not width or not height:
        raise ArtkitError(f"{name}: says neither its size nor its viewBox; give it width and height")
    in_millimetres = any(unit in root.get("width", "") for unit in ("mm", "cm", "in", "pt", "pc", "m", "q"))
    unit = 1.0 if in_millimetres else UNITS["px"]
    size = round(width / unit, 6), round(height / unit, 6)
    matrix = times((1 / unit, 0, 0, 1 / unit, 0, 0), matrix)
    tree = Tree(root, matrix, around, name)
    items = list(tree.items())
    maker = _Maker(Paints(lambda: tree.ids, tree.rules), tree.left_out, size)
    parts = list(maker.parts(items, Page(*size) if in_millimetres else None))
    rendered = Counter(what for part in parts if isinstance(part, Alone) for what in part.whats)
    return Opened(width, height, tuple(parts), dict(rendered), dict(tree.left_out))


class _Maker:
    def __init__(self, paints: Paints, left_out: Counter[str], size: tuple[float, float]) -> None:
        self.paints, self.left_out, self.size = paints, left_out, size

    def parts(self, items: Sequence[Found | Alone], page: Page | None) -> Iterator[Drawing | Alone]:
        """Give drawings and what stands between them."""
        found = [item for item in items if isinstance(item, Found)]
        paths, invalid = paths_of([item.data for item in found])
        if invalid:
            self.left_out["part of a path whose data has an error"] += invalid
        known = dict(zip(map(id, found), paths, strict=True))
        made = [self._made(item, known.get(id(item), [])) for item in items]
        background = self._background(items, made)
        if background:
            made[0] = (items[0].layer, [])  # type: ignore[union-attr]
        first = True
        for alone, run in groupby(made, lambda one: isinstance(one, Alone)):
            if alone:
                yield Alone.together(run)  # type: ignore[arg-type]
                continue
            layers = [
                _layer(key, [shape for _, shapes in group for shape in shapes])  # type: ignore[misc]
                for key, group in groupby(run, lambda one: one[0])
            ]
            layers = [layer for layer in layers if layer.shapes]
            if layers or (first and background):
                color = background if first else None
                yield Drawing(*self.size, layers, background=color, page=page, grid=_grid(layers, page))
                first = False

    def _made(self, item: Found | Alone, paths: list[Path]) -> tuple[Layer, list[Shape]] | Alone:
        """Give an element's layer and shapes, or itself to stand alone where no drawing holds it."""
        if isinstance(item, Alone):
            return item
        try:
            with np.errstate(all="ignore"):  # what is too large is found by its result
                return item.layer, list(self._shapes(item, paths))
        except Strange as strange:
            return item.alone._replace(whats=(str(strange),))
        except BadNumber:
            self.left_out["element with a number that is none"] += 1
            return item.layer, []

    def _shapes(self, item: Found, paths: list[Path]) -> Iterator[Shape]:
        style = item.style
        on_sheet = [moved(path, item.matrix) for path in paths]
        if any(not (np.abs(path.points) < FARTHEST).all() for path in on_sheet):
            self.left_out["shape whose coordinates are too large"] += 1
            return
        if not paths:
            return
        fill = self._paint("fill", "#000000", item, paths)
        stroke = self._paint("stroke", "none", item, paths)
        line = self._line(item) if stroke else None
        if line is not None and line.width <= 0:
            stroke = line = None
        if stroke and isinstance(stroke.color, Gradient):
            raise Strange("stroke with a gradient")
        rings = [path._replace(closed=True) for path in on_sheet]
        fills = _fills(style, rings) if fill else []
        if fill and stroke and fill.opacity == stroke.opacity and len(fills) == 1 and fills[0] is rings:
            yield Shape(on_sheet, fill.color, str(stroke.color), _short(fill.opacity), line)
            return
        if fill:
            for part in fills:
                yield Shape(part, fill.color, None, _short(fill.opacity))
        if stroke:
            yield Shape(on_sheet, None, str(stroke.color), _short(stroke.opacity), line)

    def _paint(self, name: str, usual: str, item: Found, paths: list[Path]) -> Paint | None:
        paint = self.paints.of(item.style.get(name, usual), item.style, paths, item.matrix)
        if paint is None:
            return None
        opacity = paint.opacity * opacity_of(item.style.get(f"{name}-opacity")) * item.opacity
        return Paint(paint.color, opacity) if opacity > 0 else None

    def _line(self, item: Found) -> LineStyle:
        style = item.style
        a, b, c, d, _, _ = item.matrix
        along, across = np.hypot(a, b), np.hypot(c, d)
        if abs(a * c + b * d) > 1e-6 * along * across or abs(along - across) > 1e-6 * max(along, across):
            raise Strange("stroke that is skewed")
        unit = float(along)
        join = style.get("stroke-linejoin", "miter")
        if join == "miter" and style.get("stroke-miterlimit", "4") not in ("4", "4.0"):
            self.left_out["limit of miters (4 is taken)"] += 1
        if style.get("stroke-dashoffset", "0") not in ("0", "") and style.get("stroke-dasharray", "none") != "none":
            raise Strange("stroke whose dashes are moved")
        dashes = numbers(style.get("stroke-dasharray", "none").replace("px", ""))
        return LineStyle(
            round(length(style.get("stroke-width", "1")) * unit, 9),
            "butt" if (cap := style.get("stroke-linecap", "butt")) not in ("round", "square") else cap,  # type: ignore[arg-type]
            "miter" if join not in ("round", "bevel") else join,  # type: ignore[arg-type]
            tuple(round(dash * unit, 9) for dash in dashes) if any(dash > 0 for dash in dashes) else (),
        )

    def _background(
        self, items: Sequence[Found | Alone], made: Sequence[tuple[Layer, list[Shape]] | Alone]
    ) -> str | None:
        """Give the color of the sheet where the first of all is a rectangle that covers it."""
        if not items or not isinstance(items[0], Found) or not items[0].bare or isinstance(made[0], Alone):
            return None
        shapes = made[0][1]
        if len(shapes) != 1 or shapes[0].stroke or shapes[0].opacity < 1 or not isinstance(shapes[0].fill, str):
            return None
        low, high = bounds(shapes[0].paths)
        covers = np.abs([*low, *(high - self.size)]).max() < 1e-4 and len(shapes[0].paths[0].points) == 4
        return shapes[0].fill if covers else None


def _short(opacity: float) -> float:
    return round(opacity, 6)


def _fills(style: Mapping[str, str], rings: list[Path]) -> list[list[Path]]:
    """Give rings that by even and odd fill what they do by their own rule, drawn one after the other."""
    if style.get("fill-rule") == "evenodd":
        return [rings]
    parts = [[ring] for ring in rings] if _is_split(style, rings) else [rings]
    return [solid(part) or part for part in parts]


def _is_split(style: Mapping[str, str], paths: Sequence[Path]) -> bool:
    """Whether rings that all turn one way are filled by the rule of windings: each on its own covers as much."""
    if style.get("fill-rule") == "evenodd" or len(paths) < 2:
        return False
    turns = {bool(_area(path) > 0) for path in paths}
    return len(turns) == 1


def _area(path: Path) -> float:
    x, y = np.asarray(path.points).T
    return float((x * np.roll(y, -1) - y * np.roll(x, -1)).sum())


def _layer(key: Layer, shapes: list[Shape]) -> DrawingLayer:
    """Put shapes into a layer; the style of lines that all have in common, and is round, is the layer's."""
    styles = {shape.line for shape in shapes if shape.stroke is not None}
    width = 1.0
    if len(styles) == 1 and (line := next(iter(styles))) is not None and line == LineStyle(line.width):
        width, shapes = line.width, [shape._replace(line=None) for shape in shapes]
    return DrawingLayer(shapes, key.name, width, key.soft.shadow, key.soft.blur, key.crisp)


def _grid(layers: Sequence[DrawingLayer], page: Page | None) -> int:
    """Give the least of some grids on which all points are."""
    if page is not None:
        return 1000
    points = [path.points for layer in layers for shape in layer.shapes for path in shape.paths]
    places = np.concatenate(points) if points else np.zeros((0, 2))
    for grid in GRIDS:
        steps = places * grid
        if (np.abs(steps - np.rint(steps)) < 1e-6).all():
            return grid
    return 1000
