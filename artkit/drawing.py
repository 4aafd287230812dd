"""The vector document that every SVG comes from: Drawing > Layer > Shape > Path.

Units are pixels of the picture it was made from, until a `Page` gives millimetres. x to the right, y down. Outer rings
turn clockwise as seen on screen (positive shoelace area with y down), holes the other way; shapes are filled by the
even-odd rule, so that a ring of the wrong turn still draws right.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from pathlib import Path as FilePath

Points = NDArray[np.float64]
"""(N, 2), x then y."""

LINE, CUBIC = 1, 3
"""Kinds of segment, by the number of points each takes after the one before it."""


class Path(NamedTuple):
    """A line that starts at `points[0]`.

    With `kinds` None it is a polyline through all points. Else `kinds` is (S,) uint8, LINE or CUBIC for each segment in
    order; a LINE takes the next point (its end), a CUBIC the next three (two controls and its end). A closed path ends
    where it starts without repeating the point: when the last segment does not end there, a straight line closes it.
    """

    points: Points
    kinds: NDArray[np.uint8] | None = None
    closed: bool = True

    @property
    def segments(self) -> int:
        """Number of drawn segments, the closing line included."""
        drawn = len(self.points) - 1 if self.kinds is None else len(self.kinds)
        return drawn + (self.closed and not np.array_equal(self.points[0], self.points[-1]))


class Shape(NamedTuple):
    """Paths drawn as one: filled (closed paths only, even-odd), stroked, or both. Colors are '#rrggbb' or None."""

    paths: Sequence[Path]
    fill: str | None = None
    stroke: str | None = None


@dataclass(frozen=True)
class Layer:
    """Shapes drawn in order under one name. `stroke_width` is in the drawing's units, for those that are stroked."""

    shapes: Sequence[Shape]
    name: str = ""
    stroke_width: float = 1.0


@dataclass(frozen=True)
class Page:
    """The paper, in millimetres, and the place of the drawing's origin and the size of its unit on it."""

    width: float
    height: float
    scale: float = 1.0
    offset: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, eq=False)
class Drawing:
    """Layers, the first one lowest, on a sheet of `width` x `height` units.

    `background` is the color of the sheet, None leaves it bare. `precision` is the number of decimals that its
    coordinates are worth.
    """

    width: float
    height: float
    layers: Sequence[Layer] = ()
    background: str | None = None
    page: Page | None = None
    precision: int = 2
    title: str = ""
    metadata: dict[str, str] = field(default_factory=dict)

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

    def save(self, path: str | os.PathLike[str]) -> FilePath:
        """Write an SVG (`.svgz` compresses it)."""
        from artkit.export import save

        return save(self, path)

    def to_svg(self) -> str:
        """The SVG's text."""
        from artkit.export.svg import svg

        return svg(self)

    def _repr_svg_(self) -> str:
        return self.to_svg()
