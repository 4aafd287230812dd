"""Drawings to SVG: small, exact, and quick for millions of segments.

Coordinates are rounded once, each on its own, to the drawing's grid; then they are written as steps
from point to point on that grid. So errors never add up, and points that two shapes share stay shared. A drawing in
pixels is written in whole grid steps under a viewBox that is scaled to fit, which takes the fewest bytes; a drawing on
a page is written in millimetres without any transform, as the software of plotters and cutters wants it.

All numbers of a drawing become text in a few passes over arrays: a table holds the text of every small number, rows of
it are gathered, and the bytes that are unused are squeezed out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from html import escape
from itertools import chain, groupby, pairwise
from math import ceil, log10
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from artkit.artwork.drawing import (
    CUBIC,
    QUADRATIC,
    AnimatedDrawing,
    Drawing,
    Gradient,
    Layer,
    Path,
    Shadow,
    Shape,
    bounds,
)
from artkit.errors import UsageError
from artkit.pens.styled import is_for_pens, plot_of

NAMESPACE = "urn:artkit"
"""Of the <recipe> in an SVG's <metadata>."""

Ints = NDArray[np.int64]

INKSCAPE = "http://www.inkscape.org/namespaces/inkscape"
PAGE_DECIMALS = 3
"""Decimals of a millimetre; no machine is finer than 0.001 mm."""

# What XML 1.0 cannot hold, not even escaped (section 2.2).
_UNSPEAKABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# Kinds of path command, their letters, and how many numbers each takes.
_M, _H, _V, _L, _C, _S, _Q, _T, _Z = range(9)
_LETTERS = np.frombuffer(b"mhvlcsqtz", np.uint8)
_NUMBERS = np.array([2, 1, 1, 2, 6, 4, 4, 2, 0])

_SMALL = 9999
"""Numbers up to this many grid steps come from the table."""

_BATCH = 1 << 17
"""Points written at a time; enough to keep numpy busy, few enough to stay in the cache."""


def svg(drawing: Drawing, *, metadata: Mapping[str, str] | None = None, at: float | None = None) -> str:
    """Give the text of an SVG file that draws the drawing, lowest layer first.

    An AnimatedDrawing draws itself, by SMIL (SVG 1.1, chapter 19), or stands still as it is `at` some second. Programs
    that know no SMIL show it complete.

    `metadata` fills <title> and <desc> and, with the recipe, <metadata>; the drawing's own serves where it is silent.
    Segments without length are left out, as are shapes without area or stroke; what is left of a stroked line is a dot.
    A UsageError names coordinates that are not finite or too large for any renderer.

    Polylines for pens are written in the one form that all software of plotters reads alike: see `artkit.export.plot`.
    """
    if is_for_pens(drawing):
        from artkit.export import plot

        return plot.svg(plot_of(drawing, metadata or {})).decode()
    metadata = {"title": drawing.title, **drawing.metadata} | dict(metadata or {})
    grid = _grid(drawing)
    opening = _on_page(drawing, grid, metadata) if grid.page else _in_pixels(drawing, grid, metadata)
    acts = _acts(drawing, grid, at) if isinstance(drawing, AnimatedDrawing) else ()
    body = "".join(chain(_background(drawing, grid), _layers(drawing, grid, acts)))
    return f"{opening}\n{body}</svg>\n"


FINE = 4
"""Steps to a unit from which on places of gradients are whole steps."""

KAPPA = 4 / 3 * (2**0.5 - 1)
"""Controls of a quarter circle lie this far along its tangents."""


class _Grid(NamedTuple):
    """Where a drawing's point goes in the file: `rint(point * scale + offset)`, written with `decimals` decimals.

    `unit` is the length of one of the drawing's units in the units of the file.
    """

    scale: float
    offset: tuple[float, float]
    decimals: int
    unit: float
    page: bool


def _grid(drawing: Drawing) -> _Grid:
    page = drawing.page
    if page is None:
        scale = drawing.grid / _common_factor(drawing)
        return _Grid(scale, (0.0, 0.0), 0, scale, False)
    decimals = min(max(ceil(log10(drawing.grid) - log10(page.scale) - 1e-9), 0), PAGE_DECIMALS)
    steps = 10.0**decimals
    return _Grid(page.scale * steps, (page.offset[0] * steps, page.offset[1] * steps), decimals, page.scale, True)


def _common_factor(drawing: Drawing) -> int:
    """Give the largest part of the grid's steps to a unit that all coordinates are multiples of."""
    factor = drawing.grid
    for shape in drawing.shapes:
        for path in shape.paths:
            if factor == 1:
                return 1
            with np.errstate(invalid="ignore"):
                steps = np.rint(np.asarray(path.points) * drawing.grid)
            if not np.abs(steps).max(initial=0) < 2.0**52:
                return 1
            factor = int(np.gcd.reduce(steps.astype(np.int64), axis=None, initial=factor))
    return factor


def _in_pixels(drawing: Drawing, grid: _Grid, metadata: Mapping[str, str]) -> str:
    """Open the document of a drawing in pixels. By hand: svgwrite would take a tenth of the time of a small trace."""
    width, height = _sized(drawing.width, drawing.height)
    names = {"title": "title", "description": "desc"}
    texts = {tag: _UNSPEAKABLE.sub("", metadata.get(key, "")) for key, tag in names.items()}
    spaces = f' xmlns:inkscape="{INKSCAPE}"' if any(layer.name for layer in drawing.layers) else ""
    opening = f'<svg xmlns="http://www.w3.org/2000/svg"{spaces} width="{_number(width)}" height="{_number(height)}"'
    opening += f' viewBox="0 0 {_number(width * grid.unit)} {_number(height * grid.unit)}" fill-rule="evenodd">'
    opening += "".join(f"<{tag}>{escape(text, quote=False)}</{tag}>" for tag, text in texts.items() if text)
    known, text = _recipe(metadata)
    if known or text:
        said = "".join(f" {name}={_quoted(value)}" for name, value in known.items())
        opening += f'<metadata><recipe xmlns="{NAMESPACE}"{said}>{escape(text, quote=False)}</recipe></metadata>'
    return opening


def _on_page(drawing: Drawing, grid: _Grid, metadata: Mapping[str, str]) -> str:
    """Open the document of a drawing on a page, in millimetres."""
    assert drawing.page is not None
    return document_head(drawing.page.width, drawing.page.height, metadata)


def document_head(width: float, height: float, metadata: Mapping[str, str]) -> str:
    """Open a document in millimetres, one user unit being one."""
    from xml.etree.ElementTree import Element

    from svgwrite.container import SVG

    width_text, height_text = (_number(side) for side in _sized(width, height))
    size, box = (f"{width_text}mm", f"{height_text}mm"), f"0 0 {width_text} {height_text}"
    root = SVG(size=size, debug=False, viewBox=box, fill_rule="evenodd")
    root.elements.remove(root.defs)
    root.attribs["xmlns"] = "http://www.w3.org/2000/svg"
    root.attribs["xmlns:inkscape"] = INKSCAPE
    title, description = (_UNSPEAKABLE.sub("", metadata.get(key, "")) for key in ("title", "description"))
    root.set_desc(title=title or None, desc=description or None)
    known, text = _recipe(metadata)
    if known or text:
        element = Element("recipe", {"xmlns": NAMESPACE, **known})
        element.text = text
        root.set_metadata(element)
    opening: str = root.tostring()
    return f"{opening[:-2].rstrip()}>" if opening.endswith("/>") else opening.removesuffix("</svg>")


def _sized(width: float, height: float) -> tuple[float, float]:
    if not (0 < width < float("inf") and 0 < height < float("inf")):
        raise UsageError(f"a drawing of {width} x {height}: both must be more than 0 and finite")
    return width, height


def _recipe(metadata: Mapping[str, str]) -> tuple[dict[str, str], str]:
    """Give where the artwork comes from: attributes of <recipe seed="7" software="artkit 1.0">, and its text."""
    known = {key: _UNSPEAKABLE.sub("", metadata[key]) for key in ("seed", "software") if metadata.get(key)}
    return known, _UNSPEAKABLE.sub("", metadata.get("recipe", ""))


def _quoted(text: str) -> str:
    """Give the text as an attribute's value, line breaks kept."""
    text = escape(text).translate({9: "&#9;", 10: "&#10;", 13: "&#13;"})
    return f'"{text}"'


def _background(drawing: Drawing, grid: _Grid) -> Iterator[str]:
    if drawing.background is None:
        return
    sheet = drawing.page or drawing
    unit = 1.0 if drawing.page else grid.unit
    size = f'width="{_number(sheet.width * unit)}" height="{_number(sheet.height * unit)}"'
    yield f"<rect {size} fill={_color(drawing.background)}/>\n"


def _layers(drawing: Drawing, grid: _Grid, acts: Sequence[Sequence[str | None]] = ()) -> Iterator[str]:
    gradients = _Gradients(grid)
    filters = _Filters(drawing, grid)
    for number, layer in enumerate(drawing.layers, start=1):
        data = [text for batch in _batches(layer.shapes) for text in _path_data(batch, grid)]
        drawn = [
            (shape, _oval(shape, grid) or f'd="{text}"') for shape, text in zip(layer.shapes, data, strict=True) if text
        ]
        if acts:
            own = [act for act, text in zip(acts[number - 1], data, strict=True) if text]
            drawn = [(shape, text + act) for (shape, text), act in zip(drawn, own, strict=True) if act is not None]
        attributes = _place(layer, number, grid)
        if drawn:
            definition, filtered = filters.of(layer)
            yield definition
            attributes += filtered
        fills, strokes = {shape.fill for shape, _ in drawn}, {shape.stroke for shape, _ in drawn}
        opacities = {shape.opacity for shape, _ in drawn}
        if strokes - {None}:
            attributes += f' stroke-width="{_number(layer.stroke_width * grid.unit)}"'
            attributes += ' stroke-linecap="round" stroke-linejoin="round"'
        # What all shapes of a layer have in common is said once, by its group.
        one_fill, one_stroke = len(fills) == 1 and not isinstance(drawn[0][0].fill, Gradient), len(strokes) == 1
        one_opacity = len(opacities) == 1
        if drawn:
            common = Shape((), drawn[0][0].fill if one_fill else "#000", drawn[0][0].stroke if one_stroke else None)
            attributes += _paint(common)
            if one_opacity:
                attributes += _opacity(drawn[0][0].opacity, fills != {None}, strokes != {None})
        if attributes:
            yield f"<g{attributes}>"
        if acts and any("pathLength" in text for _, text in drawn):
            yield _DASHED
        for (fill, stroke, opacity), run in groupby(drawn, lambda item: item[0][1:]):
            line = None if one_stroke else stroke
            cover = "" if one_opacity else _opacity(opacity, fill is not None, stroke is not None)
            if isinstance(fill, Gradient):
                for shape, text in run:
                    definition, name = gradients.of(shape)
                    yield definition + _element(text, _paint(Shape((), name, line)) + cover)
            else:
                paint = _paint(Shape((), "#000" if one_fill else fill, line))
                yield from _run([text for _, text in run], paint + cover)
        yield "</g>\n" if attributes else "\n" if drawn else ""


def _place(layer: Layer, number: int, grid: _Grid) -> str:
    """Give the attributes by which Inkscape and plotters know a layer, where it has a name or lies on a page."""
    if not layer.name and not grid.page:
        return ""
    label = _quoted(_UNSPEAKABLE.sub("", layer.name) or str(number))
    return f' id="layer{number}" inkscape:groupmode="layer" inkscape:label={label}'


def _run(data: list[str], paint: str) -> Iterator[str]:
    """Draw consecutive shapes of one paint. They may overlap, so each stays an element of its own."""
    if len(data) == 1 or not paint:
        yield from (_element(text, paint) for text in data)
    else:
        yield f"<g{paint}>"
        yield from (_element(text, "") for text in data)
        yield "</g>"


def _element(text: str, paint: str) -> str:
    name, own = ("path", text) if text.startswith("d=") else text.split(" ", 1)
    own, _, inside = own.partition(_INSIDE)
    return f"<{name}{paint} {own}>{inside}</{name}>" if inside else f"<{name}{paint} {own}/>"


_INSIDE = "\0"
"""Stands in an element's text between its attributes and what is inside of it."""

_DASHED = '<set attributeName="stroke-dasharray" to="1 3"/>'
"""A dash as long as a line whose length is said to be 1. Set by SMIL: who does not know it must not see dashes."""


def _acts(drawing: AnimatedDrawing, grid: _Grid, at: float | None) -> list[list[str | None]]:
    """Give, for each shape of each layer, the attributes and elements that draw it, None where it is not there yet."""
    acts: list[list[str | None]] = []
    for layer, times, lengths in zip(drawing.layers, drawing.times, drawing.lengths, strict=True):
        of_layer = zip(layer.shapes, times.tolist(), (lengths * grid.unit).tolist(), strict=True)
        if at is None:
            acts.append([_smil(shape, begin, end, drawing) for shape, (begin, end), _ in of_layer])
        else:
            acts.append([_still(shape, begin, end, length, at) for shape, (begin, end), length in of_layer])
    return acts


def _smil(shape: Shape, begin: float, end: float, drawing: AnimatedDrawing) -> str:
    """Draw a line by the offset of its dash; what is filled appears. In five numbers at most, over the whole time."""
    whole = drawing.seconds
    hidden, start, done = ("1.5", "1", "0") if shape.fill is None else ("0", "0", "1")
    first, last = (min(max(time / whole, 0), 1) for time in (begin, end))
    steps = [(0.0, hidden), (first, hidden), (first, start), (last, done), (1.0, done)]
    if first == 0:
        steps = steps[2:]  # times have to begin at 0
    if last == 1:
        steps = steps[:-1]
    if shape.fill is not None and first > 0:
        del steps[2]
    values, times = ";".join(value for _, value in steps), ";".join(_part4(time) for time, _ in steps)
    name = "stroke-dashoffset" if shape.fill is None else "opacity"
    ends = 'repeatCount="indefinite"' if drawing.loop == 0 else f'repeatCount="{drawing.loop}" fill="freeze"'
    act = f'<animate attributeName="{name}" values="{values}" keyTimes="{times}" dur="{_number(whole)}s" {ends}/>'
    return (' pathLength="1"' if shape.fill is None else "") + _INSIDE + act


def _still(shape: Shape, begin: float, end: float, length: float, at: float) -> str | None:
    share = (at - begin) / max(end - begin, 1e-9)
    if share <= 0:
        return None
    if share >= 1:
        return ""
    if shape.fill is not None:
        return f' opacity="{_part4(share)}"'
    return f' stroke-dasharray="{_number(share * length)} {_number(3 * length + 1)}"'


def _part4(value: float) -> str:
    text = f"{value:.4f}".rstrip("0").rstrip(".")
    return text.replace("0.", ".", 1) if text.startswith("0.") else text or "0"


def _oval(shape: Shape, grid: _Grid) -> str | None:
    """Give a shape that is four quarters of an upright ellipse as 'circle cx=...' or 'ellipse cx=...', else None."""
    if grid.page or len(shape.paths) != 1:
        return None
    path = shape.paths[0]
    if path.kinds is None or len(path.kinds) != 4 or len(path.points) != 13 or not path.closed:
        return None
    points = np.asarray(path.points) * grid.scale
    ends = points[[0, 3, 6, 9]]
    center = ends.mean(0)
    arms = ends - center
    turn = arms[[1, 2, 3, 0]]
    wanted = np.stack([arms + KAPPA * turn, turn + KAPPA * arms], 1).reshape(-1, 2) + center
    upright = min(np.abs(arms[0]).min(), np.abs(arms[1]).min()) < 1e-6 * np.abs(arms).max()
    if not upright or np.abs(points[[1, 2, 4, 5, 7, 8, 10, 11]] - wanted).max() > 1e-3 * np.abs(arms).max():
        return None
    rx, ry = (_step(r) for r in np.abs(arms).max(0))
    if "0" in (rx, ry):
        return None
    place = f'cx="{_step(center[0])}" cy="{_step(center[1])}"'
    return f'circle {place} r="{rx}"' if rx == ry else f'ellipse {place} rx="{rx}" ry="{ry}"'


def _step(value: float) -> str:
    return f"{np.rint(value):.0f}"


class _Filters:
    """Filters of a document, for soft layers and for shadows: each is defined just before the first layer that uses it.

    Made of the oldest primitives, as Inkscape before 1.3 knows no feDropShadow, and in sRGB, as everything else here.
    """

    def __init__(self, drawing: Drawing, grid: _Grid) -> None:
        sheet, unit = (drawing.page, 1.0) if drawing.page else (drawing, grid.unit)
        self.unit = grid.unit
        self.room = f'width="{_number(sheet.width * unit)}" height="{_number(sheet.height * unit)}"'
        self.names: dict[str, str] = {}

    def of(self, layer: Layer) -> tuple[str, str]:
        """Give the definition of a layer's filter, empty if it was given before, and the attribute that names it."""
        steps = ""
        if layer.blur:
            steps = f'<feGaussianBlur stdDeviation="{_number(layer.blur * self.unit)}" result="a"/>'
        if layer.shadow is not None:
            steps += self._shadow(layer.shadow, "a" if layer.blur else "SourceGraphic")
        if not steps:
            return "", ""
        definition = ""
        if steps not in self.names:
            name = self.names[steps] = f"f{len(self.names)}"  # gradients have no digits in their names
            definition = (
                f'<filter id="{name}" filterUnits="userSpaceOnUse" x="0" y="0" {self.room}'
                f' color-interpolation-filters="sRGB">{steps}</filter>'
            )
        return definition, f' filter="url(#{self.names[steps]})"'

    def _shadow(self, shadow: Shadow, source: str) -> str:
        dx, dy, blur = (_number(length * self.unit) for length in (*shadow.offset, shadow.blur))
        return (
            f'<feGaussianBlur in="{source if source == "a" else "SourceAlpha"}" stdDeviation="{blur}"/>'
            f'<feOffset dx="{dx}" dy="{dy}" result="b"/>'
            f'<feFlood flood-color={_color(shadow.color)} flood-opacity="{_part(shadow.opacity)}"/>'
            '<feComposite in2="b" operator="in"/>'
            f'<feMerge><feMergeNode/><feMergeNode in="{source}"/></feMerge>'
        )


class _Gradients:
    """Gradients of a document: each is defined just before the first shape it fills, and shared by all that are equal.

    Places of linear ones are parts of the shape's box, as SVG has it by itself: few digits, and no word about units.
    """

    def __init__(self, grid: _Grid) -> None:
        self.grid = grid
        self.names: dict[tuple[str, str, str], str] = {}

    def of(self, shape: Shape) -> tuple[str, str]:
        """Give the definition of a shape's gradient, empty if it was given before, and the fill that names it."""
        tag, place, stops = known = self._parts(shape)
        definition = ""
        if known not in self.names:
            self.names[known] = _letters(len(self.names))
            definition = f'<{tag} id="{self.names[known]}"{place}>{stops}</{tag}>'
        return definition, f"url(#{self.names[known]})"

    def _parts(self, shape: Shape) -> tuple[str, str, str]:
        gradient = shape.fill
        assert isinstance(gradient, Gradient)
        stops = "".join(
            f"<stop{_offset(place)} stop-color={_color(color)}/>"
            for place, color in zip(gradient.places.tolist(), gradient.colors, strict=True)
        )
        if gradient.radial:
            (x, y), (x2, y2) = (self._placed(place) for place in (gradient.start, gradient.end))
            # Whole steps of a fine grid tell enough; of a coarse one, or in millimetres, they would be seen.
            told = _part if self.grid.page or self.grid.scale < FINE else _step
            place = f' cx="{told(x)}" cy="{told(y)}" r="{told(float(np.hypot(x2 - x, y2 - y)))}"'
            return "radialGradient", f' gradientUnits="userSpaceOnUse"{place}', stops
        place = "".join(
            f' {name}="{value}"'
            for name, value, usual in zip(("x1", "y1", "x2", "y2"), _in_box(gradient, shape), "0010", strict=True)
            if value != usual
        )
        return "linearGradient", place, stops

    def _placed(self, place: tuple[float, float]) -> tuple[float, float]:
        scale = self.grid.unit if self.grid.page else self.grid.scale
        x, y = self.grid.offset
        steps = self.grid.scale / self.grid.unit
        return place[0] * scale + x / steps, place[1] * scale + y / steps


def _in_box(gradient: Gradient, shape: Shape) -> list[str]:
    """Give the start and the end of a linear gradient as parts of a shape's box; its lines of one color stay."""
    low, high = bounds(shape.paths)
    size = np.maximum(high - low, 1e-9)
    way = np.subtract(gradient.end, gradient.start)
    way = way * size / max(float(way @ way), 1e-18)
    start = (np.asarray(gradient.start) - low) / size
    end = start + way / max(float(way @ way), 1e-18)
    return [_part(value) for value in (*start, *end)]


def _offset(place: float) -> str:
    text = _part(place)
    return "" if text == "0" else f' offset="{text}"'


def _part(value: float) -> str:
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else "0" if text == "-0" else text


def _letters(number: int) -> str:
    """Give a, b, ..., Z, aa, ba, ..."""
    name = ""
    while True:
        name += _ALPHABET[number % 52]
        number = number // 52 - 1
        if number < 0:
            return name


_ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _paint(shape: Shape) -> str:
    """Give the attributes of fill and stroke; black and none are what SVG takes for granted."""
    assert not isinstance(shape.fill, Gradient)
    fill = "" if shape.fill in ("#000", "#000000") else f" fill={_color(shape.fill)}"
    return fill if shape.stroke is None else f"{fill} stroke={_color(shape.stroke)}"


def _opacity(opacity: float, filled: bool, stroked: bool) -> str:
    """Give the attributes of opacity, which SVG takes for granted where it is 1."""
    if opacity == 1:
        return ""
    if not 0 <= opacity <= 1:
        raise UsageError(f"a shape of opacity {opacity}: it goes from 0 to 1")
    text = _part(opacity)
    return f' fill-opacity="{text}"' * filled + f' stroke-opacity="{text}"' * stroked


@cache
def _color(color: str | None) -> str:
    """Give the quoted color, as #rgb where that says the same."""
    if color is None:
        return '"none"'
    if re.fullmatch("#[0-9a-fA-F]{6}", color) and color[1::2] == color[2::2]:
        color = "#" + color[1::2]
    return _quoted(color if color.startswith("url(") else color.lower())


def _number(value: float) -> str:
    """Give a length with up to 4 decimals, and no more than it needs."""
    return f"{value:.4f}".rstrip("0").rstrip(".") if value % 1 else f"{value:.0f}"


def _batches(shapes: Sequence[Shape]) -> Iterator[list[Shape]]:
    batch: list[Shape] = []
    points = 0
    for shape in shapes:
        batch.append(shape)
        points += sum(len(path.points) for path in shape.paths)
        if points > _BATCH:
            yield batch
            batch, points = [], 0
    yield batch


def _path_data(shapes: Sequence[Shape], grid: _Grid) -> list[str]:
    """Give each shape's path data, empty where it draws nothing."""
    paths = [path for shape in shapes for path in shape.paths if len(path.points)]
    if not paths:
        return [""] * len(shapes)
    shape_of = np.repeat(
        np.arange(len(shapes)), [sum(len(path.points) > 0 for path in shape.paths) for shape in shapes]
    )
    stroked = np.array([shape.stroke is not None for shape in shapes])[shape_of]
    commands = _commands(paths, shape_of, stroked, grid)
    return _text(commands, len(shapes), grid.decimals)


class _Commands(NamedTuple):
    """Path commands in order: the kind of each, the shape it belongs to, and (C, 6) numbers, of which it uses some."""

    kinds: Ints
    shapes: Ints
    numbers: Ints


def _commands(paths: Sequence[Path], shape_of: Ints, stroked: NDArray[np.bool_], grid: _Grid) -> _Commands:
    """Turn paths into the shortest commands that draw the same on the grid."""
    points, kinds, first, path_of = _flat(paths, grid)
    end = np.cumsum(kinds) + path_of
    start = end - kinds
    step = points[end] - points[start]
    cubic, quadratic = kinds == CUBIC, kinds == QUADRATIC
    control = np.zeros((len(kinds), 4), np.int64)
    for curve, second in ((cubic, 2), (quadratic, 1)):
        control[curve, :2] = points[start[curve] + 1] - points[start[curve]]
        control[curve, 2:] = points[start[curve] + second] - points[start[curve]]
    straight = _straight(step, control)
    cubic &= ~straight

    moved = step.any(axis=1) | ((cubic | quadratic) & control.any(axis=1))
    closed = np.array([path.closed for path in paths])
    kept = np.flatnonzero(moved)
    last = np.append(np.diff(path_of[kept]) != 0, True)[: len(kept)]
    back = (points[end[kept]] == points[first[path_of[kept]]]).all(axis=1)
    bare = ~cubic[kept] & (straight[kept] | ~quadratic[kept])
    kept = kept[~(last & back & closed[path_of[kept]] & bare)]  # the z that closes the path draws that line

    path_of, step, control, cubic = path_of[kept], step[kept], control[kept], cubic[kept]
    quadratic, straight = quadratic[kept], straight[kept]
    mirrored = quadratic & _mirrored(step, control, quadratic, path_of)
    # A straight one is a line, unless that costs a neighbor its mirror.
    quadratic &= ~straight | mirrored | np.append(mirrored[1:], False)[: len(mirrored)]
    counts = np.bincount(path_of, minlength=len(paths))
    drawn = (counts > 0) | stroked
    dot = drawn & (counts == 0)
    tail = drawn & (closed | dot)

    # Each path is a move, its segments, and a tail: z where it is closed, a line of no length where it is a dot.
    begin = np.cumsum(drawn + counts + tail) - (drawn + counts + tail)
    place = np.arange(len(kept)) + (begin + drawn - (np.cumsum(counts) - counts))[path_of]
    total = int((drawn + counts + tail).sum())
    command, numbers = np.empty(total, np.int64), np.zeros((total, 6), np.int64)
    command[place] = np.where(step[:, 1] == 0, _H, np.where(step[:, 0] == 0, _V, _L))
    numbers[place, :2] = step
    numbers[place[command[place] == _V], 0] = step[command[place] == _V, 1]
    smooth = cubic & _smooth(step, control, cubic, path_of)
    command[place[cubic]] = _C
    numbers[place[cubic]] = np.hstack([control[cubic], step[cubic]])
    command[place[smooth]] = _S
    numbers[place[smooth], :4] = np.hstack([control[smooth, 2:], step[smooth]])
    command[place[quadratic]] = np.where(mirrored[quadratic], _T, _Q)
    told = quadratic & ~mirrored
    numbers[place[told], :4] = np.hstack([control[told, :2], step[told]])
    numbers[place[mirrored], :2] = step[mirrored]
    command[(begin + drawn + counts)[tail]] = np.where(dot[tail], _H, _Z)

    command[begin[drawn]] = _M
    stop = np.append(first[1:], len(points)) - 1
    numbers[begin[drawn], :2] = _moves(points, first[drawn], stop[drawn], closed[drawn], shape_of[drawn])
    return _Commands(command, np.repeat(shape_of, drawn + counts + tail), numbers)


def _flat(paths: Sequence[Path], grid: _Grid) -> tuple[Ints, Ints, Ints, Ints]:
    """Give all points on the grid, the kinds of all segments, each path's first point and each segment's path."""
    exact = np.concatenate([path.points for path in paths]) * grid.scale + grid.offset
    if not np.abs(exact).max() < 2.0**52:  # NaN fails too
        raise UsageError("a drawing has coordinates that are not finite, or larger than 10^15 grid steps")
    points = np.rint(exact).astype(np.int64)
    lengths = np.array([len(path.points) for path in paths])
    lines = np.ones(lengths.max(), np.uint8)
    each = [lines[: len(path.points) - 1] if path.kinds is None else path.kinds for path in paths]
    kinds = np.concatenate(each).astype(np.int64)
    path_of = np.repeat(np.arange(len(paths)), [len(one) for one in each])
    taken = np.bincount(path_of, kinds, len(paths)).astype(np.int64) + 1
    if not np.array_equal(taken, lengths):
        worst = int(np.argmax(taken != lengths))
        raise UsageError(f"a path has {lengths[worst]} points, but its segments take {taken[worst]}")
    return points, kinds, np.cumsum(lengths) - lengths, path_of


def _straight(step: Ints, control: Ints) -> NDArray[np.bool_]:
    """Tell the curves that are straight lines: both controls lie on the chord, which makes them run along it once."""
    x, y = step.T
    small = np.maximum(np.abs(step).max(axis=1, initial=0), np.abs(control).max(axis=1, initial=0)) < 1 << 30
    straight: NDArray[np.bool_] = small & ((x != 0) | (y != 0))  # of larger numbers the products would not fit
    for cx, cy in (control[:, :2].T, control[:, 2:].T):
        along = cx * x + cy * y
        straight &= (cx * y == cy * x) & (along >= 0) & (along <= x * x + y * y)
    return straight


def _smooth(step: Ints, control: Ints, cubic: NDArray[np.bool_], path_of: Ints) -> NDArray[np.bool_]:
    """Tell the curves whose first control the command s implies: the last one mirrored, or none after a line."""
    mirror = np.zeros((len(step), 2), np.int64)
    mirror[1:] = np.where((cubic[:-1] & (path_of[1:] == path_of[:-1]))[:, None], step[:-1] - control[:-1, 2:], 0)
    smooth: NDArray[np.bool_] = (control[:, :2] == mirror).all(axis=1)
    return smooth


def _mirrored(step: Ints, control: Ints, quadratic: NDArray[np.bool_], path_of: Ints) -> NDArray[np.bool_]:
    """Tell the quadratics whose control the command t implies: the last one's, mirrored."""
    mirrored = np.zeros(len(step), bool)
    follows = quadratic[1:] & quadratic[:-1] & (path_of[1:] == path_of[:-1])
    mirrored[1:] = follows & (control[1:, :2] == step[:-1] - control[:-1, :2]).all(axis=1)
    return mirrored


def _moves(points: Ints, first: Ints, stop: Ints, closed: NDArray[np.bool_], shape_of: Ints) -> Ints:
    """Give where each path starts, seen from where the one before it left the pen; from the origin in a new shape."""
    left = np.where(closed[:, None], points[first], points[stop])
    moves = points[first]
    same = shape_of[1:] == shape_of[:-1]
    moves[1:][same] -= left[:-1][same]
    return moves


def _text(commands: _Commands, shapes: int, decimals: int) -> list[str]:
    """Write the commands: a letter where the command changes, and no separator that a sign or a letter replaces."""
    kinds = commands.kinds
    if len(kinds) == 0:
        return [""] * shapes
    before = np.append(-1, kinds[:-1])
    spoken = (kinds != before) & ~((kinds == _L) & (before == _M)) | (kinds == _M)  # pairs after a move are lines
    uses = np.maximum(_NUMBERS[kinds], 1)  # z has a row to itself, with no number in it
    row = np.cumsum(uses) - uses
    values = commands.numbers[np.arange(6) < uses[:, None]]

    prefix = np.where(values < 0, np.uint8(0), np.uint8(ord(" ")))
    prefix[row[spoken]] = _LETTERS[kinds[spoken]]
    table, lengths = _table(decimals)
    index = values + _SMALL
    index[row[kinds == _Z]] = len(table) - 1
    large = np.flatnonzero(np.abs(values) > _SMALL)
    index[large] = len(table) - 1
    texts = [_decimal(value, decimals) for value in values[large].tolist()]
    width = max(table.shape[1], max(map(len, texts), default=0))

    cells = np.zeros((len(values), 1 + width), np.uint8)
    cells[:, 0] = prefix
    cells[:, 1 : 1 + table.shape[1]] = table[index]
    used = (prefix != 0) + lengths[index]
    if texts:
        cells[large, 1:] = np.array(texts, f"S{width}").view(np.uint8).reshape(-1, width)
        used[large] += [len(text) for text in texts]
    flat = cells.ravel()
    text = flat[flat != 0].tobytes().decode("ascii")
    ends = np.bincount(np.repeat(commands.shapes, uses), used, shapes).astype(np.int64).cumsum()
    return [text[a:b] for a, b in pairwise([0, *ends.tolist()])]


@cache
def _table(decimals: int) -> tuple[NDArray[np.uint8], Ints]:
    """Give the text of every small number, unused bytes being 0, and its length; the last entry is empty."""
    texts = [_decimal(value, decimals) for value in range(-_SMALL, _SMALL + 1)] + [""]
    width = max(map(len, texts))
    return np.array(texts, f"S{width}").view(np.uint8).reshape(-1, width), np.array([len(text) for text in texts])


def _decimal(steps: int, decimals: int) -> str:
    """Give a number of grid steps as a decimal number, without the zeros that say nothing."""
    if not decimals or not steps:
        return str(steps)
    whole, part = divmod(abs(steps), 10**decimals)
    fraction = f".{part:0{decimals}d}".rstrip("0").rstrip(".")
    return f"{'-' if steps < 0 else ''}{whole or ''}{fraction}"
