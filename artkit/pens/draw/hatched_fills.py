"""A drawing and pens in, the hatching of its filled shapes out: how dark each pen is to draw each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from artkit.algebra import product
from artkit.arrays import Bools, Floats, Ints
from artkit.artwork.bezier import bends_of, flattened, pieces_within
from artkit.artwork.drawing import Drawing, Fill, Gradient, Path, Shape
from artkit.color.palette import name_of, parse
from artkit.pens.document import Pen
from artkit.pens.draw.fills import Edges, filled
from artkit.pens.draw.hatching import HatchLines, far_apart, shares
from artkit.pens.draw.picture import StylePen
from artkit.pens.layout import Paper
from artkit.pens.lines import Lines
from artkit.pens.names import pen_name
from artkit.pens.separation import Tone, amounts_of, covering

if TYPE_CHECKING:
    from artkit.raster.bands import Advance


def hatched_fills(
    drawing: Drawing,
    paper: Paper,
    pens: Sequence[str],
    pen_width: float,
    angle: float,
    turn: float,
    layers: int,
    advance: Advance | None = None,
    tone: Tone = "full",
) -> list[tuple[Pen, Lines]]:
    """Hatch the filled shapes of a drawing on its paper, in `layers` directions; lines of each pen in millimetres.

    `angle` is that of the first pen's lines in degrees; those of each next color are turned by `turn`.
    """
    shapes = [shape for shape in drawing.shapes if shape.fill is not None]
    if drawing.background is not None:
        corners = np.array([[0, 0], [drawing.width, 0], [drawing.width, drawing.height], [0, drawing.height]], float)
        shapes.insert(0, Shape([Path(corners)], drawing.background))
    rings = [[polygon(path, 0.01 / paper.scale) * paper.scale for path in shape.paths] for shape in shapes]
    edges = Edges.of(rings)
    fills = Fills.of([shape.fill for shape in shapes], paper.scale, pens, tone)
    fine = np.array([not isinstance(shape.fill, str) for shape in shapes], bool)
    made = []
    for number, pen in enumerate(pens):
        parts = []
        own = StylePen(number, len(pens), pen_width)
        for layer, turned_by in enumerate(far_apart(layers)):
            if advance:
                advance((number + layer / layers) / len(pens))
            # A few degrees aside: lines of three equal spacings at 60 degrees would meet in the same points throughout.
            direction = own.turned(angle, turned_by, layers) + 4 * layer
            for kind, share, chosen in fills.groups(number, layer, layers):
                turns = direction + turn * kind
                if share is None:  # too many tones for lines of each, or none that are even
                    hatch = HatchLines.over(paper.width, paper.height, turns, pen_width, pen_width / 2)
                    dark = fills.darkness(number, layer, layers)
                    parts.append(filled(edges, hatch, pen_width, chosen, dark, fine))
                elif share > 0 and pen_width / share < max(paper.width, paper.height):
                    hatch = HatchLines.over(paper.width, paper.height, turns, pen_width / share, pen_width / 2)
                    parts.append(filled(edges, hatch, pen_width, chosen))
        made.append((Pen(pen_name(pen), name_of(parse(pen)), pen_width), Lines.joined(parts)))
    return made


MOST_TONES = 16
"""Flat tones up to which each is hatched with a spacing of its own."""

TURNS = 4
"""Colors after which the directions of hatched fills begin again."""


@dataclass(frozen=True, eq=False)
class Fills:
    """How dark each fill is for each pen, at both ends of its gradient and between: `amounts` is (pens, shapes, K).

    `stops`, (shapes, K), tells at which shares of the way from start to end these are; `ends`, (shapes, 2, 2), where
    the way starts and ends in mm. The fill of fewer than K colors repeats its last one. `kind` is which of a few
    directions a shape's lines have, by its color's lightness.
    """

    stops: Floats
    ends: Floats
    radial: Bools
    ratio: Floats
    amounts: Floats
    kind: Ints

    @classmethod
    def of(cls, fills: Sequence[Fill], scale: float, pens: Sequence[str], tone: Tone = "full") -> Fills:
        """Take the fills of a drawing, whose units are `scale` millimetres."""
        ways = [fill if isinstance(fill, Gradient) else _flat(fill or "#fff") for fill in fills]
        most = max((len(way.colors) for way in ways), default=2)
        kept = [np.minimum(np.arange(most), len(way.colors) - 1) for way in ways]
        stops = np.array([way.places[own] for way, own in zip(ways, kept, strict=True)]).reshape(-1, most)
        colors = [_shown(way)[own] for way, own in zip(ways, kept, strict=True)]
        mean = np.array([way.mean() for way in ways]).reshape(-1, 3)
        distinct, kind = np.unique(np.round(product(mean, [0.299, 0.587, 0.114])), return_inverse=True)
        return cls(
            stops,
            np.array([[way.start, way.end] for way in ways], float).reshape(-1, 2, 2) * scale,
            np.array([way.radial for way in ways], bool),
            np.array([way.ratio for way in ways], float),
            covering(amounts_of(np.array(colors, np.float32).reshape(-1, most, 3), pens), tone).astype(np.float64),
            kind.ravel() % max(min(TURNS, len(distinct)), 1),
        )

    def groups(self, pen: int, layer: int, layers: int) -> Iterator[tuple[int, float | None, Bools]]:
        """Give the shapes that are hatched alike: their kind, what is to be covered, and which they are.

        Few flat colors have a spacing of their own each. Of many, and of gradients, all of a kind share their lines,
        and None is given for what is to be covered.
        """
        flat = (self.amounts == self.amounts[:, :, :1]).all((0, 2))
        asked = np.round(shares(self.amounts[pen, :, 0], layers)[layer], 4)
        many = len(np.unique(asked[flat])) > MOST_TONES
        for kind in np.unique(self.kind).tolist():
            own = self.kind == kind
            for share in [] if many else np.unique(asked[own & flat]).tolist():
                yield kind, share, own & flat & (asked == share)
            if (rest := own if many else own & ~flat).any():
                yield kind, None, rest

    def darkness(self, pen: int, layer: int, layers: int) -> Callable[[Ints, Floats], Floats]:
        """Give the function of shapes and places (N, 2) that tells how much a pen is to cover in a layer."""

        def share(shape: Ints, place: Floats) -> Floats:
            start, way = self.ends[shape, 0], self.ends[shape, 1] - self.ends[shape, 0]
            length = np.maximum((way**2).sum(1), 1e-12)
            along = ((place - start) * way).sum(1) / length
            across = ((place - start) * way[:, ::-1] * (1, -1)).sum(1) / length
            round_ = np.hypot(along, across / self.ratio[shape])
            part = np.clip(np.where(self.radial[shape], round_, along), 0, 1)
            stops = self.stops[shape]
            before = np.clip((stops <= part[:, None]).sum(1) - 1, 0, stops.shape[1] - 2)
            row = np.arange(len(shape))
            first, gap = stops[row, before], stops[row, before + 1] - stops[row, before]
            part = np.clip((part - first) / np.where(gap > 0, gap, 1), 0, 1)
            low, high = self.amounts[pen, shape, before], self.amounts[pen, shape, before + 1]
            return shares(low + (high - low) * part, layers)[layer]

        return share


def _shown(way: Gradient) -> Floats:
    """Give the colors (K, 3) as they are on white paper."""
    opacities = np.array(way.opacities or (1.0,) * len(way.colors))[:, None]
    return np.asarray(255 - (255.0 - way.levels) * opacities)


def _flat(color: str) -> Gradient:
    """Give one color as a gradient that does not change."""
    return Gradient((0, 0), (1, 0), (color, color))


def polygon(path: Path, tolerance: float) -> Floats:
    """Points (N, 2) of a path, its curves replaced by lines that stray no further than the tolerance."""
    points = np.asarray(path.points, np.float64)
    if path.kinds is None:
        return points
    bends = 2**0.5 * bends_of(points, path.kinds, np.inf)
    pieces = np.clip(np.ceil(pieces_within(bends, path.kinds, tolerance)), 1, 200).astype(np.int64)
    return flattened(points, path.kinds, pieces)
