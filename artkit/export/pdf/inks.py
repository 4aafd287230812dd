"""Inks: each flat color of drawings as a separation of its own (ISO 32000-1, 8.6.6.4), and what overprints."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from artkit.artwork.drawing import Drawing, Gradient, Shape
from artkit.errors import UsageError, did_you_mean
from artkit.export.pdf.shading import color_operands
from artkit.export.pdf.soft import soft_layers
from artkit.pens.names import bare_label, color_name, hex_color

MOST = 32
"""Inks of a print; more are taken for a picture that is none for inks."""

ALL = "All"
"""The name that stands for every plate: marks are on all of them."""

PAPER = "#ffffff"
"""What is white is no ink: nothing is printed there."""


class Ink(NamedTuple):
    """A plate: its name, its color where there is no such plate, and whether what lies beneath stays."""

    name: str
    color: str
    overprints: bool = False

    @property
    def space(self) -> str:
        """The color space: full tint is the color, none is white."""
        written = "".join(
            chr(byte) if (chr(byte).isalnum() and byte < 128) or chr(byte) in "-_." else f"#{byte:02x}"
            for byte in self.name.encode()
        )
        function = f"<</FunctionType 2/Domain[0 1]/N 1/C0[1 1 1]/C1[{color_operands(self.color)}]>>"
        return f"[/Separation/{written}/DeviceRGB{function}]"


MARKS: Mapping[str, Ink] = {"#000000": Ink(ALL, "#000000")}
"""Black of marks as every plate."""


def inks_of(drawings: Sequence[Drawing], overprint: Collection[str] = ()) -> dict[str, Ink]:
    """Give the ink of each color, by its layer's name where that is of one color, else by the color's.

    Those whose names are in `overprint` leave what lies beneath; `all` is all of them. A UsageError says what is no
    ink: gradients, soft layers, more than `MOST` colors, and names to overprint that there are not.
    """
    labels: dict[str, str] = {}
    for drawing in drawings:
        for layer in soft_layers(drawing):
            raise UsageError(
                f"inks: the layer {layer.name!r} is soft or has a shadow, and ink is flat; leave --inks out"
            )
        for layer in drawing.layers:
            colors = _colors(layer.shapes)
            for color in colors:
                labels.setdefault(color, "")
            if len(colors) == 1 and layer.name:
                labels[colors[0]] = labels[colors[0]] or bare_label(layer.name)
    labels.pop(PAPER, None)
    if not labels:
        raise UsageError("inks: nothing here has a color; leave --inks out")
    if len(labels) > MOST:
        raise UsageError(f"inks: {len(labels)} colors are too many, at most {MOST}; make it in fewer, as by --colors 6")
    names: set[str] = set()
    made: dict[str, Ink] = {}
    for color, label in labels.items():
        name = label if label and label not in names | {ALL, "None"} else color_name(color)
        names.add(name)
        made[color] = Ink(name, color)
    for word in overprint:
        if word != "all" and word not in names:
            raise UsageError(f"overprint: no ink is called {word!r}{did_you_mean(word, names)}")
    return {color: ink._replace(overprints="all" in overprint or ink.name in overprint) for color, ink in made.items()}


def _colors(shapes: Sequence[Shape]) -> list[str]:
    found: dict[str, None] = {}
    for shape in shapes:
        if isinstance(shape.fill, Gradient):
            raise UsageError("inks: there are gradients, and ink is flat; leave --inks out, or make it in flat colors")
        for color in (shape.fill, shape.stroke):
            if color is not None:
                found[hex_color(color)] = None
    return list(found)
