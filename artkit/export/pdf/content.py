"""A drawing to the content of a form (ISO 32000-1, 8 and 11): what is drawn, and the resources that it names.

Coordinates are whole steps of the drawing's grid, y down. Where quadratics meet a coarse grid steps are thirds of it,
so that the cubics in their place are exact. Where there are gradients a unit is about one of the sheet's, and
coordinates have decimals: poppler takes the matrix of a pattern for singular where a unit is less than a thousandth of
a pixel.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import NamedTuple
from zlib import crc32

import numpy as np

from artkit.artwork.drawing import QUADRATIC, Drawing, Gradient, Layer, LineStyle, Shape, bounds
from artkit.errors import UsageError
from artkit.export.pdf.inks import Ink
from artkit.export.pdf.paths import Steps, path_texts
from artkit.export.pdf.shading import color_operands, has_veil, is_flat, level, pattern_text, veil
from artkit.export.pdf.soft import Region, Rendered, View, is_soft, keeps_paths, rendered
from artkit.export.svg.grid import grid_of
from artkit.export.svg.numbers import number, short
from artkit.metadata.xmp import plain
from artkit.pens.names import hex_color

COARSE = 30.0
"""Steps to a unit below which a third of one would be seen."""

_CAPS = {"butt": 0, "round": 1, "square": 2}
_JOINS = {"miter": 0, "round": 1, "bevel": 2}


class Frame(NamedTuple):
    """How a drawing's sheet lies in its form: the steps of its points, steps to a unit of the sheet, its size."""

    steps: Steps
    unit: float
    width: float
    height: float

    @classmethod
    def of(cls, drawing: Drawing) -> Frame:
        """Give the frame of a drawing, as fine as its SVG or finer."""
        grid = grid_of(drawing)
        times = 3.0 if grid.scale < COARSE and _has_quadratics(drawing) else 1.0
        unit = grid.scale / grid.unit if grid.page else grid.scale
        sheet = drawing.page or drawing
        decimals = 0
        if any(isinstance(shape.fill, Gradient) for shape in drawing.shapes):
            decimals = max(int(np.floor(np.log10(unit * times))), 0)
            times /= 10.0**decimals
        x, y = grid.offset
        return cls(
            Steps(grid.scale * times, (x * times, y * times), decimals),
            unit * times,
            sheet.width * unit * times,
            sheet.height * unit * times,
        )


class Veiled(NamedTuple):
    """A mask of luminosity: the shading of opacities, under its matrix, over a box."""

    matrix: str
    shading: str
    box: str


@dataclass
class Resources:
    """What a form's content refers to: texts of dictionaries by name, and what becomes objects of the file."""

    patterns: dict[str, str] = field(default_factory=dict)
    states: dict[str, str | Veiled] = field(default_factory=dict)
    images: dict[str, Rendered] = field(default_factory=dict)
    layers: dict[str, str] = field(default_factory=dict)
    spaces: dict[str, str] = field(default_factory=dict)
    named: dict[object, str] = field(default_factory=dict)

    def pattern(self, text: str) -> str:
        """Give the name of a pattern."""
        return self._name("P", text, self.patterns)

    def state(self, entry: str | Veiled) -> str:
        """Give the name of a graphics state."""
        return self._name("G", entry, self.states)

    def space(self, text: str) -> str:
        """Give the name of a color space, of no other text: Inkscape takes what is called alike for the same."""
        name = f"C{crc32(text.encode()):08x}"
        self.spaces[name] = text
        return name

    def _name(self, letter: str, entry: object, table: dict) -> str:  # type: ignore[type-arg]
        if entry not in self.named:
            self.named[entry] = f"{letter}{len(table)}"
            table[self.named[entry]] = entry
        return self.named[entry]


class Content(NamedTuple):
    """What draws a drawing, the resources it takes, and how its sheet lies; `spill` in steps lies around it."""

    text: bytes
    resources: Resources
    frame: Frame
    spill: float


def content_of(
    drawing: Drawing,
    density: float,
    dpi: float,
    spill: float = 0.0,
    note: Callable[[str], None] | None = None,
    layers: bool = True,
    inks: Mapping[str, Ink] | None = None,
) -> Content:
    """Give the content of a drawing; `density` is the pixels to a unit of its sheet for what has to be rendered.

    On paper these are `dpi` to an inch. `spill` is how far beyond the sheet it is drawn, in units of the sheet. With
    `layers`, those that have a name can be switched off by readers. Colors that have `inks` are those; the sheet's own
    color is the paper's then.
    """
    drawing = _line_by_line(drawing)
    frame, resources = Frame.of(drawing), Resources()
    view = View(drawing, spill, density, dpi)
    parts = [] if inks else list(_background(drawing, frame, spill))
    for layer in drawing.layers:
        if not layer.shapes:
            continue
        name = plain(layer.name) if layers else ""
        if name:
            key = f"L{len(resources.layers)}"
            resources.layers[key] = name
            parts.append(f"/OC /{key} BDC\n".encode())
        parts.append(b"q\n")
        parts += _layer(layer, view, Pen(layer, frame, resources, inks or {}), note)
        parts.append(b"Q\n" + b"EMC\n" * bool(name))
    return Content(b"".join(parts), resources, frame, spill * frame.unit)


def _line_by_line(drawing: Drawing) -> Drawing:
    """Give lines for pens a shape each, as a pen draws them, and as their SVG has them."""
    from artkit.pens.styled import is_for_pens

    if not is_for_pens(drawing):
        return drawing
    layers = [
        replace(layer, shapes=[shape._replace(paths=[path]) for shape in layer.shapes for path in shape.paths])
        for layer in drawing.layers
    ]
    return drawing.replace(layers=layers)


def _has_quadratics(drawing: Drawing) -> bool:
    return any(
        path.kinds is not None and (path.kinds == QUADRATIC).any() for shape in drawing.shapes for path in shape.paths
    )


def _background(drawing: Drawing, frame: Frame, spill: float) -> Iterator[bytes]:
    if drawing.background is not None:
        edge = spill * frame.unit
        box = " ".join(number(value) for value in (-edge, -edge, frame.width + 2 * edge, frame.height + 2 * edge))
        yield f"q\n{color_operands(drawing.background)} rg\n{box} re f\nQ\n".encode()


def _layer(layer: Layer, view: View, pen: Pen, note: Callable[[str], None] | None) -> Iterator[bytes]:
    if is_soft(layer):
        image = rendered(layer, view)
        if image is not None:
            yield _shown(image, pen.frame, pen.resources)
            if note:
                note(_told(layer, image.density / view.density * view.dpi))
    if keeps_paths(layer):
        yield from pen.drawn()


def _told(layer: Layer, dpi: float) -> str:
    what = f"PDF: the layer {plain(layer.name)!r}" if layer.name else "PDF: a layer"
    why = "its shadow is" if keeps_paths(layer) else "it is soft and so" if layer.blur else "it is crisp and so"
    return f"{what}: {why} an image of {dpi:.0f} dpi"


def _shown(image: Rendered, frame: Frame, resources: Resources) -> bytes:
    """Draw an image, whose rows go down, in its region."""
    name = f"I{len(resources.images)}"
    resources.images[name] = image
    x, y, width, height = _in_steps(image.region, frame)
    return f"q\n{number(width)} 0 0 {number(-height)} {number(x)} {number(y + height)} cm /{name} Do\nQ\n".encode()


def _in_steps(region: Region, frame: Frame) -> tuple[float, ...]:
    return tuple(value * frame.unit for value in region)


class Pen:
    """Draws the shapes of a layer; it knows what it has set, and sets nothing twice."""

    def __init__(self, layer: Layer, frame: Frame, resources: Resources, inks: Mapping[str, Ink]) -> None:
        self.layer, self.frame, self.resources, self.inks = layer, frame, resources, inks
        self.known: dict[str, str] = {"fill": "", "stroke": "", "cap": "0 J\n", "join": "0 j\n", "dash": "[]0 d\n"}

    def drawn(self) -> Iterator[bytes]:
        """Give the operators of all shapes, lowest first."""
        shapes = list(self.layer.shapes)
        for shape, text in zip(shapes, path_texts(shapes, self.frame.steps), strict=True):
            if text:
                yield from self._shape(shape, text)

    def _shape(self, shape: Shape, text: bytes) -> Iterator[bytes]:
        filled, stroked = shape.fill is not None, shape.stroke is not None
        if not 0 <= shape.opacity <= 1:
            raise UsageError(f"a shape of opacity {shape.opacity}: it goes from 0 to 1")
        if stroked:
            yield self._stroke(shape).encode()
        if self.inks:
            yield self._overprint(shape).encode()
        if isinstance(shape.fill, Gradient):
            yield from self._graded(shape, shape.fill, text)
            filled = False
        elif filled:
            yield self._set("fill", self._paint(shape.fill or "", "cs", "scn", "rg")).encode()
        if not filled and not stroked:
            return
        yield self._set("opacity", self._opacity(shape.opacity)).encode()
        if filled and stroked and shape.opacity < 1:  # as one, the stroke would knock the fill out
            yield text + b"f*\n" + text + b"S\n"
        else:
            yield text + (b"B*\n" if filled and stroked else b"f*\n" if filled else b"S\n")

    def _paint(self, color: str, space: str, tint: str, plain_: str) -> str:
        ink = self.inks.get(hex_color(color)) if self.inks else None
        if ink is None:
            return f"{_operands(color)} {plain_}\n"
        return f"/{self.resources.space(ink.space)} {space} 1 {tint}\n"

    def _overprint(self, shape: Shape) -> str:
        """Leave what lies beneath fills, strokes or both, where their inks overprint."""
        inks = (
            self.inks.get(hex_color(color)) if isinstance(color, str) else None for color in (shape.fill, shape.stroke)
        )
        fill, stroke = ("true" if ink and ink.overprints else "false" for ink in inks)
        if "overprint" not in self.known and fill == stroke == "false":
            return ""
        state = self.resources.state(f"<</OP {stroke}/op {fill}/OPM 1>>")
        return self._set("overprint", f"/{state} gs\n")

    def _set(self, key: str, operator: str) -> str:
        if self.known.get(key, "") == operator:
            return ""
        self.known[key] = operator
        return operator

    def _opacity(self, opacity: float) -> str:
        if opacity == 1 and "opacity" not in self.known:
            return ""
        value = short(opacity, 4)
        return f"/{self.resources.state(f'<</ca {value}/CA {value}>>')} gs\n"

    def _stroke(self, shape: Shape) -> str:
        line = shape.line or LineStyle(self.layer.stroke_width)
        scale = self.frame.steps.scale
        dashes = " ".join(number(length * scale, 4) for length in line.dashes)
        told = self._set("stroke", self._paint(shape.stroke or "", "CS", "SCN", "RG"))
        told += self._set("width", f"{number(line.width * scale, 4)} w\n")
        told += self._set("cap", f"{_CAPS[line.cap]} J\n")
        told += self._set("join", f"{_JOINS[line.join]} j\n")
        if line.join == "miter":
            told += self._set("limit", "4 M\n")
        return told + self._set("dash", f"[{dashes}]0 d\n")

    def _graded(self, shape: Shape, gradient: Gradient, text: bytes) -> Iterator[bytes]:
        """Fill with a gradient; where its opacities differ, under a mask of them."""
        steps = self.frame.steps
        if is_flat(gradient):
            yield self._set("fill", self._paint(gradient.colors[-1], "cs", "scn", "rg")).encode()
            yield self._set("opacity", self._opacity(shape.opacity * level(gradient))).encode() + text + b"f*\n"
            return
        pattern = self.resources.pattern(pattern_text(gradient, steps))
        if not has_veil(gradient):
            yield self._set("opacity", self._opacity(shape.opacity * level(gradient))).encode()
            yield self._set("fill", f"/Pattern cs/{pattern} scn\n").encode() + text + b"f*\n"
            return
        low, high = bounds(shape.paths)
        box = np.array([low, high]) * steps.scale + steps.offset
        outline = " ".join(f"{value:.0f}" for value in (*np.floor(box[0] - 1), *np.ceil(box[1] + 1)))
        mask = self.resources.state(Veiled(*veil(gradient, steps), outline))
        opacity = self._opacity(shape.opacity) if shape.opacity < 1 or "opacity" in self.known else ""
        yield f"q\n{opacity}/{mask} gs\n/Pattern cs/{pattern} scn\n".encode() + text + b"f*\nQ\n"


@cache
def _operands(color: str) -> str:
    return color_operands(color)
