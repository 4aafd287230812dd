"""Print and cut: inks that overprint, stencils that hold together, stickers with a border."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from artkit.arrays import TRANSPARENT
from artkit.artwork.drawing import Drawing
from artkit.artwork.image import Image
from artkit.artwork.labels import Labels
from artkit.color.palette import by_lightness, parse
from artkit.errors import UsageError
from artkit.registry import op
from artkit.registry.colors import FIXED_WAYS, ColorName, FixedColors
from artkit.registry.declared import Field


@op(per_color=True)
def overprint(
    labels: Labels,
    *,
    inks: Annotated[
        FixedColors, Field(min_length=2, max_length=3, description=f"Two inks, or three: {FIXED_WAYS}.")
    ] = ("#0078bf", "#ff48b0"),
    paper: Annotated[ColorName, Field(description="Color of the paper, for the lightest regions.")] = "white",
) -> Labels:
    """Give the regions the colors of inks on each other: the darkest all of them, the lightest none.

    Between them each ink is alone, and with three each two are together. Two inks make four colors, three make eight;
    of more regions neighbors in lightness share one. `artkit export --plates pages --overprint all` parts them again.
    """
    from artkit.prepress.mixing import mixed

    if any(tuple(parse(ink)) == tuple(parse(paper)) for ink in inks):
        raise UsageError("overprint: an ink has the paper's color and would not be seen; use another one")
    sets = [[ink for k, ink in enumerate(inks) if number >> k & 1] for number in range(1, 1 << len(inks))]
    made = np.array([*(parse(mixed(each)) for each in sets), parse(paper)], np.uint8)
    made[:-1] = made[:-1][by_lightness(made[:-1])]
    count = len(labels.palette)
    places = np.rint(np.linspace(0, len(made) - 1, count)).astype(np.intp) if count > 1 else np.zeros(1, np.intp)
    palette = np.empty((count, 3), np.uint8)
    palette[by_lightness(labels.palette)] = made[places]
    return Labels(labels.ids, palette, labels.source)


@op
def cut_out(labels: Labels) -> Image:
    """Keep the picture where label 1 is, as `subject` and `select` give it; all else becomes transparent.

    Where there is no label 1, all of the picture stays.
    """
    source = labels.source or labels.painted()
    inside = labels.ids == 1
    if not inside.any():
        inside = labels.ids != TRANSPARENT
    alpha = np.where(inside, 255, 0).astype(np.uint8)
    if source.alpha is not None:
        alpha = np.minimum(alpha, source.alpha)
    return Image(source.pixels, alpha)


@op
def stencil(
    drawing: Drawing,
    *,
    bridge: Annotated[float, Field(gt=0, le=1000, description="Width of the bridges, in pixels.")] = 8.0,
    least: Annotated[
        float, Field(ge=0, le=1e6, description="Openings and islands below this are left out, in square pixels.")
    ] = 100.0,
) -> Drawing:
    """Make a stencil: the darkest color is open, all else one plate with the shortest bridges to islands."""
    from artkit.prepress.shapes import stencil as made

    return made(drawing, bridge, least)


@op
def sticker(
    drawing: Drawing,
    *,
    border: Annotated[float, Field(ge=0, le=1000, description="Width of the border, in pixels.")] = 16.0,
    color: Annotated[ColorName, Field(description="Color of the border.")] = "white",
) -> Drawing:
    """Put what is drawn on a smooth border around all of it, to be cut out.

    The border's shadow is for screens: it is neither cut nor printed with the line to cut.
    """
    from artkit.prepress.shapes import sticker as made

    return made(drawing, border, color)
