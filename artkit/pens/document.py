"""A plot: a sheet of paper, and for each pen its lines in the order in which they are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from artkit.pens.lines import Lines


@dataclass(frozen=True)
class Pen:
    """A pen: what it is called, the color of its ink as '#rrggbb', the width of its line in millimetres.

    `number` is its place in the machine, 0 where that is its place in the plot. `hints` ('+S20') and `pause` are what a
    layer's label told the software of AxiDraw.
    """

    name: str
    color: str = "#000000"
    width: float = 0.3
    number: int = 0
    hints: str = ""
    pause: bool = False


@dataclass(frozen=True, eq=False)
class Layer:
    """What one pen draws, in the order given, in millimetres of the page."""

    pen: Pen
    lines: Lines


@dataclass(frozen=True, eq=False)
class Plot:
    """Layers on a page of `width` x `height` millimetres, the first one drawn first.

    `metadata` says where it comes from ("title", "description", "recipe", "seed", "software"), as for other artworks.
    With `ids` an SVG of it has some that tell the pen, for layers and lines.
    """

    width: float
    height: float
    layers: Sequence[Layer] = ()
    metadata: dict[str, str] = field(default_factory=dict)
    ids: bool = False

    @property
    def numbers(self) -> list[int]:
        """The number of each layer's pen."""
        return [layer.pen.number or place for place, layer in enumerate(self.layers, start=1)]

    def replace(self, **changes: object) -> Plot:
        """Give the plot with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]
