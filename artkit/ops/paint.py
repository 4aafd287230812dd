"""Ops that give regions their colors."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from pydantic import BeforeValidator, Field

from artkit.errors import UsageError
from artkit.image import Image, Labels
from artkit.ops.color import ColorOrChance, words
from artkit.palette import by_lightness, parse, random_palette
from artkit.registry import op


@op
def paint(labels: Labels) -> Image:
    """Paint every region in its color: regions become a picture again."""
    return labels.painted()


@op
def recolor(
    labels: Labels,
    *,
    palette: Annotated[
        tuple[ColorOrChance, ...],
        BeforeValidator(words),
        Field(
            min_length=1,
            description='Colors, the darkest region first: CSS names, #rrggbb or "random"; "random" alone is for all.',
        ),
    ] = ("random",),
    order: Annotated[
        Literal["lightness", "chance"],
        Field(description="Random colors: the darkest for the darkest region and so on, or shuffled."),
    ] = "lightness",
    rng: np.random.Generator | None = None,
) -> Labels:
    """Give the regions other colors: a random palette of colors that differ well, or named ones."""
    rng = rng or np.random.default_rng(0)
    count = len(labels.palette)
    if palette == ("random",):
        palette *= count
    if len(palette) < count:
        raise UsageError(f'recolor: palette: {len(palette)} colors for {count} regions; name {count}, or use "random"')
    drawn = np.array([name == "random" for name in palette[:count]], bool)
    colors = np.zeros((count, 3), np.uint8)
    for i in np.flatnonzero(~drawn):
        colors[i] = parse(palette[i])
    fresh = random_palette(int(drawn.sum()), rng, taken=colors[~drawn])
    colors[drawn] = fresh if order == "lightness" else rng.permutation(fresh)
    result = np.empty_like(colors)
    result[by_lightness(labels.palette)] = colors
    return Labels(labels.ids, result, labels.source)
