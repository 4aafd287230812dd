"""Drawings on paper to Encapsulated PostScript (PLRM, third edition): flat colors, strokes, gradients by shfill.

Paths are written as for PDF, whose operators are defined in the prolog. PostScript has no opacity: what is translucent
or soft is refused. Colors with the names of spot inks are separations (PLRM, 4.8.4).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from textwrap import fill

from artkit.artwork.drawing import Drawing, Gradient, Layer, LineStyle, Shape
from artkit.errors import UsageError
from artkit.export.pdf.content import Frame
from artkit.export.pdf.inks import Ink
from artkit.export.pdf.paths import path_texts
from artkit.export.pdf.shading import color_operands, has_veil, is_flat, level, parts_of
from artkit.export.pdf.sheet import POINTS, Box
from artkit.export.svg.numbers import number, short
from artkit.metadata.xmp import plain

_PROLOG = """\
/bd{bind def}bind def
/m{moveto}bd /l{lineto}bd /c{curveto}bd /h{closepath}bd
/v{currentpoint 6 2 roll curveto}bd /y{2 copy curveto}bd
/f{eofill}bd /S{stroke}bd /q{gsave}bd /Q{grestore}bd
/rg{setrgbcolor}bd /w{setlinewidth}bd /J{setlinecap}bd /j{setlinejoin}bd /M{setmiterlimit}bd /d{setdash}bd
"""

_CAPS = {"butt": 0, "round": 1, "square": 2}
_JOINS = {"miter": 0, "round": 1, "bevel": 2}


@dataclass(frozen=True)
class Laid:
    """A drawing on the page, the box beyond which it is not seen, and colors '#rrggbb' that are inks."""

    drawing: Drawing
    clip: Box | None = None
    inks: Mapping[str, Ink] = field(default_factory=dict)


def eps(
    laid: Sequence[Laid],
    width: float,
    height: float,
    metadata: Mapping[str, str] | None = None,
) -> bytes:
    """Give the bytes of an EPS of `width` x `height` millimetres; a UsageError tells of what is translucent or soft."""
    across, up = width * POINTS, height * POINTS
    title = plain((metadata or {}).get("title", "")).encode("ascii", "replace").decode()
    names = dict.fromkeys(ink.name for one in laid for ink in one.inks.values())
    head = [
        "%!PS-Adobe-3.0 EPSF-3.0",
        f"%%BoundingBox: 0 0 {ceil(across - 1e-6)} {ceil(up - 1e-6)}",
        f"%%HiResBoundingBox: 0 0 {number(across)} {number(up)}",
        "%%LanguageLevel: 3",
        *([f"%%Title: {title[:200]}"] if title else []),
        *([f"%%DocumentCustomColors: {' '.join(map(_text, names))}"] if names else []),
        "%%EndComments",
        "%%BeginProlog",
    ]
    parts = ["\n".join(head).encode() + b"\n", _PROLOG.encode(), b"%%EndProlog\n"]
    for one in laid:
        parts += _drawing(one, across, up)
    return b"".join([*parts, b"%%EOF\n"])


def _drawing(laid: Laid, across: float, up: float) -> Iterator[bytes]:
    frame = Frame.of(laid.drawing)
    yield b"q\n"
    if laid.clip is not None:
        left, top, right, bottom = (side * POINTS for side in laid.clip)
        box = " ".join(number(side) for side in (left, up - bottom, right - left, bottom - top))
        yield f"{box} rectclip\n".encode()
    scale = short(across / frame.width, 9), short(-up / frame.height, 9)
    yield f"[{scale[0]} 0 0 {scale[1]} 0 {number(up)}]concat\n".encode()
    for layer in laid.drawing.layers:
        if layer.blur or layer.shadow:
            raise UsageError("EPS holds nothing soft: a layer is blurred or casts a shadow; use .pdf")
        shapes = list(layer.shapes)
        for shape, text in zip(shapes, path_texts(shapes, frame.steps), strict=True):
            if text:
                yield from _shape(shape, layer, text, frame, laid.inks)
    yield b"Q\n"


def _shape(shape: Shape, layer: Layer, text: bytes, frame: Frame, inks: Mapping[str, Ink]) -> Iterator[bytes]:
    if shape.opacity < 1:
        raise UsageError("EPS holds no opacity: a shape is translucent; make it opaque, or use .pdf")
    if isinstance(shape.fill, Gradient):
        yield from _graded(shape.fill, text, frame, inks)
    elif shape.fill is not None:
        yield f"{_color(shape.fill, inks)}\n".encode() + text + b"f\n"
    if shape.stroke is not None:
        yield f"{_color(shape.stroke, inks)} {_line(shape, layer, frame)}\n".encode() + text + b"S\n"


def _graded(gradient: Gradient, text: bytes, frame: Frame, inks: Mapping[str, Ink]) -> Iterator[bytes]:
    if has_veil(gradient) or level(gradient) < 1:
        raise UsageError("EPS holds no opacity: a gradient is translucent; make it opaque, or use .pdf")
    if is_flat(gradient):
        yield f"{_color(gradient.colors[-1], inks)}\n".encode() + text + b"f\n"
        return
    matrix, shading = parts_of(gradient, frame.steps)
    placed = f"[{matrix}]concat\n" if matrix else ""
    # Lines of more than 255 characters are more than some interpreters read.
    lines = fill(shading.replace(">>", ">> "), 200, break_long_words=False, break_on_hyphens=False)
    yield b"q\n" + text + f"eoclip newpath\n{placed}{lines} shfill\nQ\n".encode()


def _color(color: str, inks: Mapping[str, Ink]) -> str:
    if color not in inks:
        return f"{color_operands(color)} rg"
    # A tint t of the ink is 1 - t (1 - level) of each channel.
    tints = " ".join(f"dup {short(float(level) - 1, 3)} mul 1 add exch" for level in color_operands(color).split())
    return f"[/Separation{_text(inks[color].name)}/DeviceRGB{{{tints} pop}}]setcolorspace 1 setcolor"


def _text(name: str) -> str:
    return "(" + re.sub(r"[()\\]", r"\\\g<0>", plain(name).encode("ascii", "replace").decode()) + ")"


def _line(shape: Shape, layer: Layer, frame: Frame) -> str:
    line = shape.line or LineStyle(layer.stroke_width)
    scale = frame.steps.scale
    dashes = " ".join(number(length * scale, 4) for length in line.dashes)
    limit = " 4 M" if line.join == "miter" else ""
    return f"{number(line.width * scale, 4)} w {_CAPS[line.cap]} J {_JOINS[line.join]} j{limit} [{dashes}]0 d"
