"""Drawings in named groups, by ink or by depth: layers of editors and machines; every pixel stays as it is.

Shapes change places only where their footprints share no pixel: what paints over what stays the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal, NamedTuple

import numpy as np

from artkit.arrays import Bools, Ints
from artkit.artwork.drawing import LINE, Drawing, Layer, LineStyle, Path, Shape
from artkit.grouping.footprints import Footprints
from artkit.grouping.names import families, ink_of
from artkit.grouping.runs import fewest_runs

Group = Literal["none", "ink", "depth"]

INKS = 32
"""Colors up to which each has a group of its own; of more, those that have one name go together."""


class _Drawn(NamedTuple):
    """A shape whose stroke has a style of its own, and whether its layer is drawn without antialiasing."""

    shape: Shape
    crisp: bool


def grouped(drawing: Drawing, group: Group) -> Drawing:
    """Draw the same in named groups, lowest first: one for each ink, where the order of painting allows, or depth.

    Drawings that are grouped stay as they are. No layer may have a shadow or be blurred.
    """
    done = bool(drawing.layers) and drawing.background is None and all(layer.id for layer in drawing.layers)
    if group == "none" or done:
        return drawing
    drawn = list(_drawn(drawing))
    prints = Footprints.of([each.shape for each in drawn], drawing.width, drawing.height)
    layers = _by_ink(drawing, drawn, prints) if group == "ink" else list(_by_depth(drawn, prints))
    return drawing.replace(layers=layers, background=None)


def _drawn(drawing: Drawing) -> Iterator[_Drawn]:
    """All shapes of a drawing, the sheet included, with what their layers say of them."""
    if drawing.background is not None:
        width, height = drawing.width, drawing.height
        corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], float)
        yield _Drawn(Shape([Path(corners, np.full(3, LINE, np.uint8))], drawing.background), False)
    for layer in drawing.layers:
        for shape in layer.shapes:
            own = shape.stroke is not None and shape.line is None
            yield _Drawn(shape._replace(line=LineStyle(layer.stroke_width)) if own else shape, layer.crisp)


def _by_ink(drawing: Drawing, drawn: list[_Drawn], prints: Footprints) -> list[Layer]:
    """The fewest groups of one ink each, named by the color or, where colors are many, by what their hue is called."""
    inks = [ink_of(each.shape) for each in drawn]
    if len(set(inks)) > INKS:
        inks = families(inks)
    whole = [{ink_of(shape) for shape in layer.shapes} for layer in drawing.layers]
    if not drawing.background and all(len(each) == 1 for each in whole) and len(set.union(*whole)) == len(whole):
        return [replace(layer, id=f"ink-{number}-{min(ink)[1:]}") for number, (layer, ink) in enumerate(zip(
            drawing.layers, whole, strict=True), 1)]  # fmt: skip
    keys = [(ink, each.crisp) for ink, each in zip(inks, drawn, strict=True)]
    kinds = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    runs = fewest_runs(np.array([kinds[key] for key in keys], np.int64), *prints.overlaps)
    return [
        Layer(
            [drawn[k].shape for k in run],
            f"{number} - {inks[run[0]]}",
            crisp=drawn[run[0]].crisp,
            id=f"ink-{number}-{inks[run[0]].lstrip('#')}",
        )
        for number, run in enumerate(runs, 1)
    ]


def _by_depth(drawn: list[_Drawn], prints: Footprints) -> Iterator[Layer]:
    """Groups by how many shapes each lies within, or more where the order of painting asks for that."""
    crisp_ones = np.array([each.crisp for each in drawn], bool)
    depth = depths([each.shape for each in drawn], crisp_ones, prints)
    for number, level in enumerate(np.unique(depth).tolist(), 1):
        shapes = [drawn[k] for k in np.flatnonzero(depth == level).tolist()]
        for crisp in (True, False):
            some = [each.shape for each in shapes if each.crisp == crisp]
            if some:
                both = crisp and len(some) < len(shapes)
                name = f"depth {number}" + " crisp" * both
                yield Layer(some, name, crisp=crisp, id=name.replace(" ", "-"))


def depths(shapes: Sequence[Shape], crisp: Bools, prints: Footprints) -> Ints:
    """How deep shapes are nested, (N,) from 0; what overlaps is no lower than what lies beneath it.

    Those that overlap, and of which one is `crisp` (N,) and the other is not, are of two depths.
    """
    lower, upper = prints.overlaps
    inner, outer = prints.nested(shapes)
    pairs = np.concatenate([np.column_stack([lower, upper, crisp[lower] != crisp[upper]]),
                            np.column_stack([outer, inner, np.ones(len(inner), np.int64)])])  # fmt: skip
    depth = np.zeros(len(shapes), np.int64)
    for below, above, step in pairs[np.argsort(pairs[:, 1], kind="stable")].tolist():
        depth[above] = max(depth[above], depth[below] + step)
    return depth
