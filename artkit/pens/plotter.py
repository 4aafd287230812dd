"""Strokes and a plan in, a plot out: pens, page, and lines made fit for a pen.

`plotted(from_svg(data, name), Plan(page="A4"))` does all of it. Layers of strokes become pens.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from artkit.arrays import Floats
from artkit.color.cmyk import CMYK
from artkit.errors import ArtkitError, UsageError
from artkit.limits import within
from artkit.pens.document import Layer, Pen, Plot
from artkit.pens.hatch import Hatch, hatched
from artkit.pens.layout import Sheet, centered, fit, sheet
from artkit.pens.lines import Lines
from artkit.pens.names import color_name, numbered
from artkit.pens.prepare.crop import cropped
from artkit.pens.prepare.tidy import Tidying, tidied
from artkit.pens.strokes import Strokes
from artkit.pens.styled import is_for_pens
from artkit.spans import spanned

if TYPE_CHECKING:
    from artkit.artwork.drawing import Drawing

MARGIN = 10.0
"""Millimetres left free on all sides, where a sheet is asked for."""

WIDTH = 0.3
"""Millimetres of a pen's line, where nothing says otherwise."""

THINNEST, WIDEST = 0.05, 3.0
"""Millimetres of a stroke in a file that are taken for a pen's."""


@dataclass(frozen=True)
class Plan:
    """How to plot: what `artkit plot` takes, with lengths in millimetres.

    Without a `page` the sheet is the drawing's own. `fit` makes the drawing as large as the margins allow, `scale`
    multiplies its own size. With neither it stays as it is, as long as that lies between the margins, and is fitted
    where it does not; on a sheet of its own, and with no margin asked for, what lies beyond the sheet is cut off
    instead. The margin is `MARGIN` by default, except in that case. `pens` are colors, or "cmyk": lines go to the pen
    whose color is nearest. None makes a pen of each color and layer. `how` says what is done to the lines; None leaves
    them as they come.
    """

    page: str | None = None
    landscape: bool | None = None
    margin: float | None = None
    fit: bool = False
    scale: float | None = None
    pens: Sequence[str] | None = None
    pen_width: float | None = None
    hatch: Hatch | None = None
    how: Tidying | None = field(default_factory=Tidying)

    @property
    def told(self) -> str:
        """What is asked for beyond what is usual, in words."""
        usual = asdict(Plan())
        usual |= usual.pop("how")
        asked = asdict(self)
        asked |= asked.pop("how") or {"how": "as they come"}
        told = (f"{name.replace('_', ' ')} {value}" for name, value in asked.items() if value != usual.get(name))
        return ", ".join(told) or "as usual"

    def __post_init__(self) -> None:
        if self.fit and self.scale is not None:
            raise UsageError("--fit chooses the size and --scale sets it; give one of the two")

    def for_steps(self, page: str | None) -> dict[str, Any]:
        """Give what a recipe's steps that know pens and paper may do by themselves, by the names of their parameters.

        `page` is the sheet that these steps would take.
        """
        values = {"page": self.page, "margin": self.margin, "pens": self.pens, "pen_width": self.pen_width}
        name = self.page or page
        if self.landscape is not None and name is not None:
            # By its sides, lying as asked for: steps turn sheets that have a name as the picture is turned.
            paper = sheet(name)
            width, height = sorted((paper.width, paper.height), reverse=self.landscape)
            values["page"] = f"{width:g}x{height:g}mm"
        return {name: value for name, value in values.items() if value is not None}

    def after_steps(self, taken: Iterable[str], drawing: Drawing) -> Plan:
        """Give what is left to do where steps took these parameters and gave the drawing."""
        kept: dict[str, Any] = dict.fromkeys(taken)
        if "page" in kept:
            kept["margin"] = None  # the step has kept it
        if is_for_pens(drawing) and self.how == Tidying() and not self.fit and self.scale is None:
            kept["how"] = None  # lines of steps that draw with pens are tidied; sized anew, they are looked at again
        return replace(self, **kept)


def plotted(
    strokes: Strokes,
    plan: Plan,
    note: Callable[[str], None] = lambda line: None,
    advance: Callable[[float], None] = lambda share: None,
    accept: Callable[[Plot], None] = lambda plot: None,
) -> tuple[Plot, Plot]:
    """Lay strokes on their page and give the plot as it came, and as it is best drawn.

    `note` is told what a user should know, `advance` the share that is done. `accept` raises where a machine could not
    draw the plot, before any work on its lines.
    """
    came = placed(strokes, plan, note)
    accept(came)
    if plan.how is None:
        return came, came
    points = sum(len(layer.lines.points) for layer in came.layers) or 1
    layers, done = [], 0
    how = replace(plan.how, tries=plan.how.tries // len(came.layers))
    for layer in came.layers:
        advance(done / points)
        layers.append(Layer(layer.pen, tidied(layer.lines, how)))
        done += len(layer.lines.points)
    return came, came.replace(layers=[layer for layer in layers if len(layer.lines)])


@spanned("lay on the page")
def placed(strokes: Strokes, plan: Plan, note: Callable[[str], None] = lambda line: None) -> Plot:
    """Lay strokes on their page, in the order in which they come, a layer for each pen."""
    low, high = strokes.bounds
    if strokes.size is None:
        # As much room beyond the lines as before them.
        width, height = (max(side, 1.0) for side in np.ceil(np.maximum(high, 0) + np.maximum(low, 0)).tolist())
        strokes = replace(strokes, size=(width, height))
        note(f"has no size of its own: taken for {width * strokes.unit:g} x {height * strokes.unit:g} mm")
    paper = _paper(strokes, plan)
    scale, offset = _placing(strokes, plan, paper, low, high, note)
    hatching: dict[int, Lines] = {}
    if plan.hatch is not None and strokes.areas is not None and len(strokes.areas.start):
        strokes, layer_of = strokes.with_pens_for_areas()
        if not strokes.layers:
            raise ArtkitError("there is nothing to plot: no stroke, and all that is filled is white")
        pens = _pens(strokes, plan, paper)
        areas = strokes.areas.moved(scale, offset) if strokes.areas else None
        assert areas is not None
        found = hatched(areas, [pens.of[layer] for layer in layer_of], pens.pens, plan.hatch, paper)
        hatching = dict(enumerate(found))
    else:
        pens = _pens(strokes, plan, paper)
    corner = np.array([paper.width, paper.height]) - paper.margin
    layers: list[Layer] = []
    for number, pen in enumerate(pens.pens):
        parts = [layer.lines for layer, of in zip(strokes.layers, pens.of, strict=True) if of == number]
        if parts:
            # What stands over the margin by less than files show is no reason to cut a line in two.
            lines = Lines.joined(parts).moved(scale, offset)
            near = np.clip(lines.points, paper.margin, corner)
            lines = Lines(np.where(np.abs(lines.points - near) < _SLACK, near, lines.points), lines.offsets)
            lines = Lines.joined([lines, *([hatching[number]] if number in hatching else [])])
            layers.append(Layer(pen, cropped(lines, np.full(2, paper.margin), corner)))
    layers = [layer for layer in layers if len(layer.lines)]
    if not layers:
        raise ArtkitError("there is nothing to plot: all lines lie beyond the page; --fit brings them onto it")
    return Plot(paper.width, paper.height, layers, strokes.metadata)


_SLACK = 1e-3


def _paper(strokes: Strokes, plan: Plan) -> Sheet:
    margin = plan.margin
    if margin is None:
        margin = MARGIN if plan.page is not None or plan.fit else 0.0
    if plan.page is not None:
        paper = sheet(plan.page, margin=margin)
        lies = plan.landscape
        if lies is None and strokes.size is not None and re.fullmatch(r"[a-zA-Z]\w*", plan.page.strip()):
            lies = strokes.size[0] > strokes.size[1]  # a named sheet turns with the drawing
        if lies is None:
            return paper
        sides = sorted((paper.width, paper.height), reverse=lies)
        return Sheet(sides[0], sides[1], margin)
    assert strokes.size is not None
    width, height = (side * strokes.unit for side in strokes.size)
    if plan.landscape is not None:
        width, height = sorted((width, height), reverse=plan.landscape)
    return sheet(f"{width:.3f}x{height:.3f}mm", margin=margin)


def _placing(
    strokes: Strokes, plan: Plan, paper: Sheet, low: Floats, high: Floats, note: Callable[[str], None]
) -> tuple[float, Floats]:
    """Give the scale and the offset that take the strokes to its place on the page."""
    page, inside = np.array([paper.width, paper.height]), np.array(paper.inside)
    if plan.fit:
        return fit(low, high, paper)
    if plan.scale is not None:
        if not 0 < plan.scale < 1e6:
            raise UsageError(f"scale: {plan.scale:g} is none; use more than 0, as 0.5 for half the size")
        scale = plan.scale * strokes.unit
        size = (high - low) * scale
        if (size > inside + _SLACK).any():
            room = float(np.min(inside / np.maximum(size, 1e-9))) * plan.scale
            raise UsageError(
                f"scale: at {plan.scale:g} the drawing is {size[0]:.1f} x {size[1]:.1f} mm, and between the margins"
                f" there are {inside[0]:g} x {inside[1]:g} mm; use {np.floor(room * 1000) / 1000:g} or less, or --fit"
            )
        return scale, centered(low, high, paper, scale)
    # In its own size: on its own sheet where it is, on another one in the middle.
    scale = strokes.unit
    lies = strokes.size is None or strokes.size[0] > strokes.size[1]
    own = plan.page is None and (paper.width > paper.height) == lies
    offset = np.zeros(2) if own else page / 2 - np.array(strokes.size or high) * scale / 2
    stays = (low * scale + offset >= paper.margin - _SLACK).all()
    stays &= (high * scale + offset <= page - paper.margin + _SLACK).all()
    if stays:
        return scale, offset
    if own and plan.margin is None:
        note("lines beyond the page are cut off; --fit brings them onto it")
        return scale, offset
    if ((high - low) * scale <= inside + _SLACK).all():
        return scale, centered(low, high, paper, scale)
    fitted, offset = fit(low, high, paper)
    note(f"scaled to {100 * fitted / scale:.0f}% of its size, to fit between the margins")
    return fitted, offset


class _Pens(NamedTuple):
    pens: list[Pen]
    of: list[int]


def _pens(strokes: Strokes, plan: Plan, paper: Sheet) -> _Pens:
    """Give the pens, and which one each layer of the strokes is drawn with."""
    width = plan.pen_width
    if width is not None and not 0 < width < min(paper.inside):
        side = min(paper.inside)
        raise UsageError(
            f"pen-width: a pen of {width:g} mm, and {side:g} mm of page between the margins; use a finer one"
        )
    if plan.pens is None:
        within("pens", len(strokes.layers), "the plot takes", "name some with --pens, as --pens black")
        pens = []
        for layer in strokes.layers:
            own = layer.width if layer.width is not None and THINNEST <= layer.width <= WIDEST else WIDTH
            name, label = layer.name or color_name(layer.color), layer.label
            pens.append(Pen(name, layer.color, round(width or own, 3), label.number, label.hints, label.pause))
        numbers = numbered([pen.number for pen in pens])
        order = sorted(range(len(pens)), key=numbers.__getitem__)
        pens = [replace(pens[at], number=numbers[at]) for at in order]
        return _Pens(pens, [order.index(at) for at in range(len(pens))])
    names = [text.strip() for text in plan.pens]
    if not names or not all(names):
        raise UsageError("pens: name colors, as in black,red,#0044cc, or cmyk")
    inks = CMYK if [name.lower() for name in names] == ["cmyk"] else {name: _parsed(name) for name in names}
    if len(inks) < len(names):
        raise UsageError(f"pens: {','.join(names)}: one is named twice; each pen is a color of its own")
    chosen: dict[str, Pen] = {}
    for name, color in inks.items():
        if color in chosen:
            raise UsageError(f"pens: {name} is named twice; each pen is a color of its own")
        chosen[color] = Pen(color_name(name), color, round(width or WIDTH, 3))
    near = _nearest([layer.color for layer in strokes.layers], list(chosen))
    return _Pens(list(chosen.values()), near)


def _parsed(name: str) -> str:
    from artkit.color.palette import name_of, parse

    try:
        return name_of(parse(name))
    except UsageError as error:
        raise UsageError(f"pens: {name}: {error}") from None


def _nearest(colors: list[str], pens: list[str]) -> list[int]:
    """Give for each color the pen that looks closest to it (OKLab)."""
    from artkit.color.nearest import nearest
    from artkit.color.palette import colors_of
    from artkit.color.spaces import srgb_to_oklab

    have, want = (srgb_to_oklab(colors_of(names)) for names in (pens, colors))
    found: list[int] = nearest(want, have).tolist()
    return found
