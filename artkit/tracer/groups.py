"""Drawings in named groups, by ink or by depth: layers of editors and machines; every pixel stays as it is.

Shapes change places only where their footprints share no pixel: what paints over what stays the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from artkit.arrays import Ints
from artkit.artwork.drawing import LINE, Drawing, Gradient, Layer, LineStyle, Path, Shape
from artkit.color.palette import name_of, parse
from artkit.color.spaces import srgb_to_oklab
from artkit.tracer.footprints import Footprints
from artkit.tracer.runs import fewest_runs
from artkit.tracer.wanted import Group

INKS = 32
"""Colors up to which each has a group of its own; of more, those that have one name go together."""

GRAY = 0.03
"""Chroma in OKLab below which a color is black, gray or white."""

DARK, LIGHT = 0.3, 0.9
"""Lightness in OKLab below which it is black, and above which it is white."""

BROWN = 0.55
"""Lightness below which orange and yellow are brown."""

HUES = ((15, "pink"), (45, "red"), (78, "orange"), (122, "yellow"), (168, "green"), (225, "teal"), (285, "blue"),
        (325, "purple"), (360, "pink"))  # fmt: skip
"""Names of hues, each up to an angle in OKLab, in degrees."""


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
    inks = [_ink(each.shape) for each in drawn]
    if len(set(inks)) > INKS:
        inks = _families(inks)
    whole = [{_ink(shape) for shape in layer.shapes} for layer in drawing.layers]
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


def _ink(shape: Shape) -> str:
    """The color of a shape: of its fill or, without one, of its stroke; the mean one of a gradient."""
    if isinstance(shape.fill, Gradient):
        return name_of(np.clip(np.rint(shape.fill.mean()), 0, 255).astype(int))
    return name_of(parse(shape.fill or shape.stroke or "#000000"))


def _families(inks: list[str]) -> list[str]:
    """What colors are called: black, gray, white, brown, or by their hue."""
    lab = srgb_to_oklab(np.array([parse(ink) for ink in inks], np.uint8))
    chroma, hue = np.hypot(lab[:, 1], lab[:, 2]), np.degrees(np.arctan2(lab[:, 2], lab[:, 1])) % 360
    place = np.searchsorted([angle for angle, _ in HUES], hue, side="right")
    return [_name(*each) for each in zip(lab[:, 0].tolist(), chroma.tolist(), place.tolist(), strict=True)]


def _name(light: float, chroma: float, place: int) -> str:
    if chroma < GRAY or light < DARK / 2:
        return "black" if light < DARK else "white" if light > LIGHT else "gray"
    name = HUES[min(place, len(HUES) - 1)][1]
    return "brown" if light < BROWN and name in ("orange", "yellow") else name


def _by_depth(drawn: list[_Drawn], prints: Footprints) -> Iterator[Layer]:
    """Groups by how many shapes each lies within, or more where the order of painting asks for that."""
    depth = _depths(drawn, prints)
    for number, level in enumerate(np.unique(depth).tolist(), 1):
        shapes = [drawn[k] for k in np.flatnonzero(depth == level).tolist()]
        for crisp in (True, False):
            some = [each.shape for each in shapes if each.crisp == crisp]
            if some:
                both = crisp and len(some) < len(shapes)
                name = f"depth {number}" + " crisp" * both
                yield Layer(some, name, crisp=crisp, id=name.replace(" ", "-"))


def _depths(drawn: list[_Drawn], prints: Footprints) -> Ints:
    """How deep shapes are nested, (N,) from 0; what overlaps is no lower than what lies beneath it."""
    lower, upper = prints.overlaps
    inner, outer = prints.nested([each.shape for each in drawn])
    crisp = np.array([each.crisp for each in drawn], bool)
    pairs = np.concatenate([np.column_stack([lower, upper, crisp[lower] != crisp[upper]]),
                            np.column_stack([outer, inner, np.ones(len(inner), np.int64)])])  # fmt: skip
    depth = np.zeros(len(drawn), np.int64)
    for below, above, step in pairs[np.argsort(pairs[:, 1], kind="stable")].tolist():
        depth[above] = max(depth[above], depth[below] + step)
    return depth
