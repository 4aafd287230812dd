"""Parameters that ops for pens share, declared once, and the two decorators that give them to an op.

A style is a function of how dark a pen is to draw and of that pen; it gives lines in millimetres, and `@style()` makes
of it what `@op` takes, a function of a picture with the style's own parameters and all that pens and paper have:

    @op
    @style()
    def hatch(tone: Tone, pen: StylePen, *, angle: Direction = 45.0) -> Lines:
        '''Hatch the picture with parallel lines, the closer the darker it is.'''
        return hatched(tone, pen.width, pen.turned(angle))

Ops that draw in another way than by tone get an `OnPaper` by `@on_paper`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import partial, wraps
from typing import Annotated, Any, get_type_hints

import numpy as np

from artkit.artwork.drawing import Drawing
from artkit.artwork.image import Image
from artkit.color.palette import name_of, parse, split_colors
from artkit.errors import UsageError
from artkit.importance.focus import focus_of
from artkit.limits import within
from artkit.pens.draw.picture import drawn
from artkit.pens.layout import Paper, paper_of, sheet
from artkit.pens.lines import Lines
from artkit.pens.names import process_pens
from artkit.pens.separation import Tone
from artkit.raster.bands import Advance
from artkit.registry import INJECTED
from artkit.registry.colors import ColorName
from artkit.registry.declared import AfterValidator, BeforeValidator, Field
from artkit.registry.parameters import FocusOn

MOST_PENS = 12


def _distinct(names: tuple[str, ...]) -> tuple[str, ...]:
    if any(name.lower() == "cmyk" for name in names):
        if len(names) > 1:
            raise ValueError("cmyk are four pens by themselves; name it alone, or name every pen")
        return process_pens()
    try:
        colors = [name_of(parse(name)) for name in names]
    except UsageError as error:
        raise ValueError(str(error)) from None
    for number, color in enumerate(colors):
        if color in colors[:number]:
            raise ValueError(f"{names[number]} is named twice; name each pen once")
    if "#ffffff" in colors:
        raise ValueError("a white pen draws nothing on white paper; leave it out")
    return names


def _known(page: str) -> str:
    try:
        sheet(page)
    except UsageError as error:
        raise ValueError(str(error).removeprefix("page: ")) from None
    return page


Pens = Annotated[
    tuple[str, ...],
    BeforeValidator(split_colors),
    AfterValidator(_distinct),
    Field(
        min_length=1,
        max_length=MOST_PENS,
        description="Colors of the pens, a layer for each: CSS names, #rrggbb, or cmyk for four.",
    ),
]
PenColor = Annotated[ColorName, Field(description="Color of the pen.")]
PenWidth = Annotated[float, Field(ge=0.05, le=20, description="Width of the pen's line in millimetres.")]
PageName = Annotated[
    str, AfterValidator(_known), Field(description="The paper: A4, A3, letter, turned as the picture is; or 300x200mm.")
]
Margin = Annotated[float, Field(ge=0, le=1000, description="Paper left free around the picture, in millimetres.")]
Detail = Annotated[
    float, Field(ge=0, le=3, description="How much small differences of tone are raised; 0 leaves them as they are.")
]
InkTone = Annotated[
    Tone,
    Field(
        description="Ink laid: full covers as much as the picture is dark, normal four fifths of it, light two fifths."
    ),
]
Direction = Annotated[float, Field(ge=-360, le=360, description="Direction of the lines in degrees, 0 is level.")]
Shortest = Annotated[
    float, Field(ge=0.1, le=1000, description="Lines shorter than this on paper, in millimetres, are left out.")
]

BLACK = ("black",)
"""The pens of those who name none."""


@dataclass(frozen=True)
class OnPaper:
    """The paper, and the width of the pens that draw on it."""

    pen_width: PenWidth = 0.3
    page: PageName = "A4"
    margin: Margin = 10.0

    def laid(self, width: float, height: float) -> Paper:
        """Lay a picture of `width` x `height` pixels on the paper."""
        paper = paper_of(width, height, self.page, self.margin, self.pen_width)
        most = paper.width * paper.height / (2 * self.pen_width)  # black all over, and a point every other millimetre
        shown = f"lines of {self.pen_width:g} mm on {paper.width:.0f} x {paper.height:.0f} mm may come to"
        within("points", round(most), shown, "use a smaller page or a wider pen")
        return paper


def on_paper(function: Callable[..., Drawing]) -> Callable[..., Drawing]:
    """Give an op the parameters of an `OnPaper`, which the function takes as its second argument."""
    source, _, *own = inspect.signature(function, eval_str=True).parameters.values()

    @wraps(function)
    def run(source: Any, **values: Any) -> Drawing:
        return function(source, _paper_of(values), **values)

    return _declared(run, [source, *own, *_of_paper()])


def style(
    *, pen_width: float = OnPaper.pen_width, apart: bool = False
) -> Callable[[Callable[..., Lines]], Callable[..., Drawing]]:
    """Make an op's function of a style, which is called for each pen; `pen_width` is what stands by default.

    Lines of a style that draws dots lie `apart`: they are not looked through for what could be
    joined. A style that takes `rng` gets the same generator for every pen, one after the other.
    """

    def decorate(function: Callable[..., Lines]) -> Callable[..., Drawing]:
        _, _, *own = inspect.signature(function, eval_str=True).parameters.values()
        by_chance = any(each.name == "rng" for each in own)

        def run(
            image: Image,
            *,
            pens: Pens = BLACK,
            detail: Detail = 1.0,
            tone: InkTone = "full",
            focus: FocusOn = "auto",
            progress: Advance | None = None,
            **values: Any,
        ) -> Drawing:
            sheet = _paper_of({"pen_width": pen_width} | values)
            rest = {name: value for name, value in values.items() if name not in _PAPER}
            if by_chance and rest.get("rng") is None:
                rest["rng"] = np.random.default_rng(0)
            paper = sheet.laid(image.width, image.height)
            seen = focus_of(focus, image)
            draw = partial(function, **rest)
            return drawn(image, pens, paper, sheet.pen_width, detail, draw, progress, seen, apart=apart, tone=tone)

        added = inspect.signature(run, eval_str=True).parameters
        image, pens, *last = (added[name] for name in ("image", "pens", "detail", "tone", "focus", "progress"))
        return _declared(wraps(function)(run), [image, *own, pens, *_of_paper(pen_width), *last])

    return decorate


_PAPER = tuple(field.name for field in fields(OnPaper))


def _paper_of(values: dict[str, Any]) -> OnPaper:
    """Take the paper's parameters out of the values."""
    return OnPaper(**{name: values.pop(name) for name in _PAPER if name in values})


def _of_paper(pen_width: float = OnPaper.pen_width) -> list[inspect.Parameter]:
    """Give the paper's parameters as those of a function."""
    types = get_type_hints(OnPaper, include_extras=True)
    defaults = {field.name: field.default for field in fields(OnPaper)} | {"pen_width": pen_width}
    return [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=defaults[name], annotation=types[name])
        for name in _PAPER
    ]


def _declared(run: Callable[..., Drawing], parameters: Sequence[inspect.Parameter]) -> Callable[..., Drawing]:
    """Say which parameters a function has; those that are not the user's come last, and can be left out."""
    own = [parameter for parameter in parameters if parameter.name not in INJECTED]
    injected = [parameter.replace(default=None) for parameter in parameters if parameter.name in INJECTED]
    run.__signature__ = inspect.Signature([*own, *injected], return_annotation=Drawing)  # type: ignore[attr-defined]
    return run
