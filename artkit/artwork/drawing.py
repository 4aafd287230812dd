"""The vector document that every SVG comes from: Drawing > Layer > Shape > Path.

Units are pixels of the picture it was made from, until a `Page` gives millimetres. x to the right, y down. Outer rings
turn clockwise as seen on screen (positive shoelace area with y down), holes the other way; shapes are filled by the
even-odd rule, so that a ring of the wrong turn still draws right.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from artkit.algebra import inner, product
from artkit.artwork import formats
from artkit.artwork.bezier import bounds_of, boxes_of, length_of
from artkit.artwork.shown import Shown, sides_at
from artkit.color.palette import parse

if TYPE_CHECKING:
    from artkit.artwork.image import Image

Points = NDArray[np.float64]
"""(N, 2), x then y."""

LINE, QUADRATIC, CUBIC = 1, 2, 3
"""Kinds of segment, by the number of points each takes after the one before it."""


class Path(NamedTuple):
    """A line that starts at `points[0]`.

    With `kinds` None it is a polyline through all points. Else `kinds` is (S,) uint8 for each segment in order: a LINE
    takes the next point (its end), a QUADRATIC the next two (a control and its end), a CUBIC the next three. A closed
    path ends where it starts without repeating the point: when the last segment does not end there, a straight line
    closes it.
    """

    points: Points
    kinds: NDArray[np.uint8] | None = None
    closed: bool = True

    @property
    def segments(self) -> int:
        """Number of drawn segments, the closing line included."""
        drawn = len(self.points) - 1 if self.kinds is None else len(self.kinds)
        return drawn + (self.closed and not np.array_equal(self.points[0], self.points[-1]))

    def __repr__(self) -> str:
        return f"Path({_counted(self.segments, 'segment')}, {'closed' if self.closed else 'open'})"


def bounds(paths: Sequence[Path]) -> tuple[Points, Points]:
    """Give the least and the largest x and y, (2,) each, that paths reach; curves are measured, not their controls."""
    low, high = np.full(2, np.inf), np.full(2, -np.inf)
    for path in paths:
        least, largest = bounds_of(np.asarray(path.points, np.float64), path.kinds)
        low, high = np.minimum(low, least), np.maximum(high, largest)
    return low, high


def boxes(groups: Sequence[Sequence[Path]]) -> tuple[Points, Points]:
    """Give the `bounds` of each of N groups of paths, (N, 2) each, in a few passes over all their points."""
    paths = [(np.asarray(path.points, np.float64), path.kinds) for paths in groups for path in paths]
    owners = np.repeat(np.arange(len(groups)), [len(paths) for paths in groups])
    return boxes_of(paths, owners, len(groups))


class Gradient(NamedTuple):
    """A fill that changes from `colors[0]` at `start` to `colors[-1]` at `end`, and stays so beyond both.

    A radial one changes from its middle, `start`, outwards, until the distance of `end`. Places are x and y in the
    drawing's units, colors '#rrggbb'. `stops` tells where each color is, from 0 at the start to 1 at the end, in
    rising order; without them colors are at even distances. Between two colors the change is even.

    `opacities`, 0 to 1, are those of the colors; without them all are opaque. Rings are `ratio` times as wide across
    the way from `start` to `end` as along it. Writers put `shared` ones in the drawing's units, not in those of the
    shape that is filled: several shapes may be filled by one.
    """

    start: tuple[float, float]
    end: tuple[float, float]
    colors: tuple[str, ...]
    radial: bool = False
    stops: tuple[float, ...] = ()
    opacities: tuple[float, ...] = ()
    ratio: float = 1.0
    shared: bool = False

    @property
    def places(self) -> NDArray[np.float64]:
        """(K,) where each of the K colors is, from 0 at the start to 1 at the end."""
        return np.array(self.stops) if self.stops else np.linspace(0, 1, len(self.colors))

    @property
    def levels(self) -> NDArray[np.uint8]:
        """(K, 3) the colors as sRGB."""
        return np.array([parse(color) for color in self.colors], np.uint8)

    def at(self, share: ArrayLike) -> NDArray[np.float64]:
        """Give the colors, (..., 3) sRGB from 0 to 255 and not rounded, at shares (...) of the way from start to end.

        Before the first color and after the last one these go on. Channels are mixed as SVG mixes them.
        """
        where = np.asarray(share, np.float64)
        return np.stack([np.interp(where, self.places, channel) for channel in self.levels.T], axis=-1)

    def mean(self) -> NDArray[np.float64]:
        """Give the mean color, (3,) sRGB and not rounded, along the way from start to end."""
        places = np.concatenate([[0], self.places, [1]])
        colors = self.levels[[0, *range(len(self.colors)), -1]].astype(np.float64)
        return np.asarray(product((colors[1:] + colors[:-1]).T / 2, np.diff(places)))

    @property
    def opacity(self) -> float:
        """The mean opacity along the way from start to end."""
        places = np.concatenate([[0], self.places, [1]])
        opacities = np.array(self.opacities or (1.0,) * len(self.colors))[[0, *range(len(self.colors)), -1]]
        return inner((opacities[1:] + opacities[:-1]) / 2, np.diff(places))


Fill = str | Gradient | None

Ids = Literal["none", "color", "depth"]
"""What groups of a drawing are named by."""

Cap = Literal["butt", "round", "square"]
Join = Literal["miter", "round", "bevel"]
"""How a stroke ends, and how it turns at a corner."""


class LineStyle(NamedTuple):
    """How a stroke is drawn (SVG 1.1, 11.4). `width` and `dashes`, by turns drawn and left out, are in drawing's units.

    A miter is cut off where it reaches more than two widths from its corner, as SVG does by itself.
    """

    width: float
    cap: Cap = "round"
    join: Join = "round"
    dashes: tuple[float, ...] = ()


class Shape(NamedTuple):
    """Paths drawn as one: filled (closed paths only, even-odd), stroked, or both. Colors are '#rrggbb' or None.

    `opacity`, 0 to 1, is how much of what lies beneath is covered, by the fill and by the stroke each on its own: where
    a translucent stroke lies on the fill, both show. `line` is how the stroke is drawn; without it, as wide as its
    layer says, and round. `id` is its name for machines, and no other's, as that of a layer; most have none.
    """

    paths: Sequence[Path]
    fill: Fill = None
    stroke: str | None = None
    opacity: float = 1.0
    line: LineStyle | None = None
    id: str = ""

    def width_in(self, layer: Layer) -> float:
        """Give the width of its stroke in a layer."""
        return layer.stroke_width if self.line is None else self.line.width

    def __repr__(self) -> str:
        told = {"fill": self.fill, "stroke": self.stroke, "opacity": None if self.opacity == 1 else self.opacity}
        facts = [_counted(len(self.paths), "path"), *(f"{name}={value!r}" for name, value in told.items() if value)]
        return f"Shape({', '.join(facts)})"


class Shadow(NamedTuple):
    """What a layer casts on those beneath it: its own outline, moved by `offset`, blurred and translucent.

    `offset` (x, y) and `blur`, a standard deviation, are in the drawing's units; `opacity` is 0 to 1. It is drawn by a
    filter: for screens, not for machines that cut or plot.
    """

    offset: tuple[float, float]
    blur: float
    color: str = "#000000"
    opacity: float = 0.4


@dataclass(frozen=True, repr=False)
class Layer:
    """Shapes drawn in order under one name. `stroke_width` is in the drawing's units, for those that are stroked.

    `blur`, a standard deviation in the same units, makes all of it soft: by a filter, as shadows are drawn by one.
    A `crisp` one is drawn without antialiasing: shapes that meet leave no hairs between them. `id` is its name for
    machines: letters, digits and hyphens, a letter first, and no other layer's; where there is none, writers make one.
    """

    shapes: Sequence[Shape]
    name: str = ""
    stroke_width: float = 1.0
    shadow: Shadow | None = None
    blur: float = 0.0
    crisp: bool = False
    id: str = ""

    def __repr__(self) -> str:
        return f"Layer({self.name!r}, {_counted(len(self.shapes), 'shape')})"


@dataclass(frozen=True)
class Page:
    """The paper, in millimetres, and the place of the drawing's origin and the size of its unit on it."""

    width: float
    height: float
    scale: float = 1.0
    offset: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, eq=False, repr=False)
class Drawing(Shown):
    """Layers, the first one lowest, on a sheet of `width` x `height` units.

    `background` is the color of the sheet, None leaves it bare. `grid` is the number of steps to a unit
    that its coordinates are worth. `facts` are what was measured of it; no file says them.
    """

    width: float
    height: float
    layers: Sequence[Layer] = ()
    background: str | None = None
    page: Page | None = None
    grid: int = 100
    title: str = ""
    metadata: dict[str, str] = field(default_factory=dict)
    facts: dict[str, float] = field(default_factory=dict)

    @property
    def shapes(self) -> Iterator[Shape]:
        """All shapes, lowest first."""
        return (shape for layer in self.layers for shape in layer.shapes)

    @property
    def segments(self) -> int:
        """Number of line and curve segments."""
        return sum(path.segments for shape in self.shapes for path in shape.paths)

    def replace(self, **changes: object) -> Drawing:
        """Give the drawing with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]

    def with_ids(self, by: Ids = "color") -> Drawing:
        """Give the same in named groups with ids for all, by color or by depth; see `artkit.grouping.ids`."""
        named: Drawing = formats.named("artkit.grouping.ids:with_ids")(self, by)
        return named

    def to_svg(self) -> str:
        """The SVG's text."""
        return formats.encode(self, ".svg").decode()

    def to_image(self, width: int | None = None) -> Image:
        """Give it as pixels on white, one for each unit (96 to an inch of a page) or `width` from left to right."""
        from artkit.artwork.image import Image

        sheet = self.page or self
        size = None if width is None else sides_at(width, (sheet.width, sheet.height))
        return Image(formats.named("artkit.render:rendered")(self, size))

    def _facts(self) -> str:
        sheet = f"{self.width:g} x {self.height:g}"
        if self.page:
            sheet += f" on {self.page.width:g} x {self.page.height:g} mm"
        shapes = sum(len(layer.shapes) for layer in self.layers)
        return f"{sheet}, {_counted(len(self.layers), 'layer')}, {_counted(shapes, 'shape')}"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'s' * (number != 1)}"


@dataclass(frozen=True, eq=False)
class TextDrawing(Drawing):
    """A drawing that is a text, too: `text` is what is written as `.txt`."""

    text: str = ""


@dataclass(frozen=True, eq=False)
class KitDrawing(TextDrawing):
    """A drawing of a thing to make: `text` tells people how, and `rows` are a table of parts or steps, heads first."""

    rows: tuple[tuple[str, ...], ...] = ()


Times = NDArray[np.float64]
"""(N, 2), the second at which each of N shapes begins to be drawn, and the one at which it is done."""


@dataclass(frozen=True, eq=False, repr=False)
class AnimatedDrawing(Drawing):
    """A drawing that is drawn line by line: in `seconds`, `loop` times, 0 is for ever.

    `times` has a table for each layer: lines grow from their start to their end, fills appear. `fps` is the pace of the
    formats that have frames.
    """

    seconds: float = 8.0
    times: tuple[Times, ...] = ()
    loop: int = 0
    fps: float = 20.0

    @cached_property
    def lengths(self) -> tuple[NDArray[np.float64], ...]:
        """(N,) lengths of each layer's shapes, all their paths together, in the drawing's units."""
        return tuple(
            np.array([sum(map(length, shape.paths)) for shape in layer.shapes], np.float64) for layer in self.layers
        )

    def at(self, second: float) -> str:
        """Give an SVG's text of the drawing as far as it is drawn at that second."""
        text: str = formats.named("artkit.export.svg:svg")(self, at=second)
        return text


def length(path: Path) -> float:
    """Length of a path, the closing line included; of curves a thousandth too short at worst."""
    points = np.asarray(path.points, np.float64)
    if len(points) < 2:
        return 0.0
    closing = float(np.hypot(*(points[0] - points[-1]))) if path.closed else 0.0
    return length_of(points, path.kinds) + closing
