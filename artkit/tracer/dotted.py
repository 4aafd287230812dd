"""A picture with screens of dots in, a drawing out: what is not dots as it is traced without them, dots as circles."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from artkit.algebra import product
from artkit.arrays import Floats, Ints
from artkit.artwork.bezier import KAPPA
from artkit.artwork.drawing import CUBIC, Drawing, Layer, Path, Shape
from artkit.artwork.image import Image
from artkit.color.palette import name_of, parse
from artkit.spans import spanned
from artkit.tracer.screens import Dots, screened

MOST = 4000
"""Dots that are drawn one by one; more of them are a tone."""

ALIKE = 40.0
"""How far, in levels of a channel, the color of what dots lie on may be from their ground's."""

BACKGROUND = -1
"""Stands for the sheet beneath all shapes."""

_AROUND = np.array([(0.0, 0.0), *((np.cos(t), np.sin(t)) for t in np.arange(8) * np.pi / 4)])
_QUARTER = np.array([(1, 0), (1, KAPPA), (KAPPA, 1), (0, 1)])
_TURNS = [np.array([[c, s], [-s, c]]) for c, s in ((1, 0), (0, 1), (-1, 0), (0, -1))]
CIRCLE = np.concatenate([_QUARTER[:1], *(product(_QUARTER, turn)[1:] for turn in _TURNS)])
"""(13, 2): a circle of radius 1 as four cubics."""


@spanned("screen of dots")
def with_dots(image: Image, traced: Callable[[Image], Drawing], report: Callable[[str], None]) -> Drawing | None:
    """Draw a picture's dots as circles and what `traced` gives for the rest; None where it has no screens."""
    found = screened(image.pixels)
    if found is None or sum(len(dots.radius) for dots in found.dots) > MOST:
        return None
    base = traced(Image(found.rest, image.alpha))
    if len(base.layers) != 1:
        return None
    shapes = list(base.layers[0].shapes)
    order = _order(base)
    inserted: dict[int, list[Shape]] = {}
    for dots in found.dots:
        ink = name_of(np.clip(np.rint(dots.ink), 0, 255).astype(int))
        for place, center, radius in _placed(dots, order, base):
            circle = Path(center + radius * CIRCLE, np.full(4, CUBIC, np.uint8))
            inserted.setdefault(place, []).append(Shape([circle], ink))
    merged = inserted.get(BACKGROUND, [])
    for number, shape in enumerate(shapes):
        merged = [*merged, shape] if number not in inserted else [*merged, shape, *inserted[number]]
    count = sum(map(len, inserted.values()))
    report(f"a screen of {count} dots, drawn as circles, and {len(shapes)} shapes")
    return base.replace(layers=[Layer(merged, base.layers[0].name)], facts={})


def _order(base: Drawing) -> Ints:
    """(H, W): the number of the shape that is on top at each pixel's middle, BACKGROUND where none is."""
    from artkit.render import rendered

    shapes = [
        shape._replace(fill=f"#{number + 1:06x}", stroke=None, opacity=1.0)
        for number, shape in enumerate(base.layers[0].shapes)
    ]
    text = base.replace(layers=[Layer(shapes)], background="#000000").to_svg()
    pixels = rendered(
        text.replace("<svg ", '<svg shape-rendering="crispEdges" ', 1), (round(base.width), round(base.height))
    )
    number: Ints = pixels.astype(np.int64) @ np.array([1 << 16, 1 << 8, 1]) - 1
    return number


def _placed(dots: Dots, order: Ints, base: Drawing) -> list[tuple[int, Floats, float]]:
    """For each dot the number of the shape that it lies on, its center and its radius.

    One that is cut must have its ground beneath it, and what covers it must be drawn later.
    """
    height, width = order.shape
    fills = [base.background, *(shape.fill for shape in base.layers[0].shapes)]
    even = [parse(fill) if isinstance(fill, str) else (1000, 0, 0) for fill in fills]
    ground = np.abs(np.array(even) - dots.ground).max(1) < ALIKE
    placed = []
    for center, radius, cut in zip(dots.center, dots.radius, dots.cut, strict=True):
        x, y = np.clip((center + radius * _AROUND).astype(int), 0, (width - 1, height - 1)).T
        under = order[y, x]
        on = under[ground[under + 1]]
        if len(on):
            place = int(np.bincount(on + 1).argmax()) - 1
        elif not cut:
            place = int(under[0])
        else:
            continue
        if cut and (under < place).any():
            continue
        placed.append((place, center, float(radius)))
    return placed
