"""Ops that give regions their colors."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from artkit.artwork.image import Image
from artkit.artwork.labels import Labels
from artkit.color.chance import random_palette
from artkit.color.given import WAYS, ColorsOrChance
from artkit.color.palette import Palette, by_lightness, colors_of, gradient, parse
from artkit.errors import UsageError
from artkit.registry import op


@op(per_color=True)
def paint(labels: Labels) -> Image:
    """Paint every region in its color: regions become a picture again."""
    return labels.painted()


@op(per_color=True)
def recolor(
    labels: Labels,
    *,
    palette: Annotated[
        ColorsOrChance,
        Field(
            min_length=1, description=f'Colors, the darkest region first: {WAYS}; or "random", which alone is for all.'
        ),
    ] = ("random",),
    order: Annotated[
        Literal["lightness", "chance"],
        Field(description="Random colors: the darkest for the darkest region and so on, or shuffled."),
    ] = "lightness",
    mix: Annotated[
        bool, Field(description="Fill a palette of fewer colors than there are regions with mixtures of neighbors.")
    ] = False,
    rng: np.random.Generator | None = None,
) -> Labels:
    """Give the regions other colors: random ones that differ well, named ones, or those of a palette.

    Palettes, palette files and photos give their colors from dark to light. Of more colors than there are regions some
    are left out, evenly: the first and the last are kept.
    """
    rng = rng or np.random.default_rng(0)
    count = len(labels.palette)
    colors = _chosen(palette, count, mix, rng, order)
    result = np.empty_like(colors)
    result[by_lightness(labels.palette)] = colors
    return Labels(labels.ids, result, labels.source)


def _chosen(names: tuple[str, ...], count: int, mix: bool, rng: np.random.Generator, order: str) -> Palette:
    """Give `count` colors, for the regions from dark to light."""
    if names == ("random",):
        names *= count
    if len(names) < count and not (mix and len(names) > 1 and "random" not in names):
        way = "" if "random" in names or len(names) == 1 else ", add mix = true,"
        raise UsageError(
            f'recolor: palette: {len(names)} colors for {count} regions; name {count}{way} or use "random"'
        )
    if len(names) < count:
        return gradient(colors_of(names), count)
    names = tuple(names[round(i)] for i in np.linspace(0, len(names) - 1, count))
    drawn = np.array([name == "random" for name in names], bool)
    colors = np.zeros((count, 3), np.uint8)
    for i in np.flatnonzero(~drawn):
        colors[i] = parse(names[i])
    fresh = random_palette(int(drawn.sum()), rng, taken=colors[~drawn])
    colors[drawn] = fresh if order == "lightness" else rng.permutation(fresh)
    return colors
