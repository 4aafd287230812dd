"""Painting: colors for regions, and photos in oil, in dabs, in blocks and in ink.

Borders mirror, windows are odd, and results are rounded to nearest, as with the filters.
"""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np

from artkit.artwork.image import Image
from artkit.artwork.labels import Labels
from artkit.artwork.settled import settled
from artkit.color.chance import random_palette
from artkit.color.gray import gray_of
from artkit.color.levels import to_uint8
from artkit.color.palette import Palette, by_lightness, colors_of, gradient, parse
from artkit.errors import UsageError
from artkit.raster.bands import Advance, few_rows, leg, spans
from artkit.raster.painting import blocks, brushed, dabbed
from artkit.raster.sketch import paper_by_tone, tones_of
from artkit.registry import op
from artkit.registry.colors import WAYS, ColorName, ColorsOrChance
from artkit.registry.declared import Field
from artkit.registry.parameters import ODD, ODD_SCHEMA


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


@op
def oil(
    image: Image,
    *,
    size: Annotated[int, Field(ge=1, le=255, description="Width of the brush in pixels, odd."), ODD, ODD_SCHEMA] = 9,
    shades: Annotated[int, Field(ge=1, le=64, description="Shades of gray that the brush tells apart.")] = 16,
    progress: Advance | None = None,
) -> Image:
    """Paint in oil: each pixel becomes the mean of those around it that have the most common shade.

    A shade is one of equal parts of the grays from black to white; of two that are as common, the darker one.
    """
    return image.with_pixels(brushed(image.pixels, size, shades, progress))


@op
def kuwahara(
    image: Image,
    *,
    size: Annotated[int, Field(ge=1, le=255, description="Window side in pixels, odd."), ODD, ODD_SCHEMA] = 9,
    progress: Advance | None = None,
) -> Image:
    """Paint in flat dabs with crisp edges: each pixel becomes the mean of its window's calmest corner.

    The four corners overlap in the pixel itself; the calmest has the least variance of gray (Kuwahara 1976), of
    equals the first, row by row.
    """
    return image.with_pixels(dabbed(image.pixels, size, progress))


@op
def pixelate(
    image: Image,
    *,
    size: Annotated[int, Field(ge=1, le=100_000, description="Side of the blocks in pixels.")] = 16,
) -> Image:
    """Make square blocks of one color each, the mean of their pixels; the border may cut off the last."""
    return image.with_pixels(blocks(image.pixels, size))


@op(settles=True)
def sketch(
    image: Image,
    *,
    width: Annotated[float, Field(ge=0.3, le=50, description="Width of the finest strokes, in pixels.")] = 1.5,
    detail: Annotated[
        float, Field(ge=0, le=100, description="Weight of lines against shadows: 0 draws shadows alone.")
    ] = 20.0,
    share: Annotated[
        float, Field(ge=0, le=1, description="Share of the picture that gets ink: its lines and its darkest parts.")
    ] = 0.2,
    softness: Annotated[
        float, Field(ge=0, le=1000, description="Levels over which ink fades into paper: 0 is a pen, 200 is charcoal.")
    ] = 20.0,
    over: Annotated[
        Literal["paper", "picture"], Field(description="Draw on plain paper, or into the picture.")
    ] = "paper",
    ink: Annotated[ColorName, Field(description="Color of the ink.")] = "black",
    paper: Annotated[ColorName, Field(description="Color of plain paper.")] = "white",
    progress: Advance | None = None,
) -> Image:
    """Draw the picture in ink: lines along its edges, and its darkest parts filled.

    A difference of two blurs, weighted and cut off softly: Winnemöller, "XDoG: advanced image stylization with extended
    Difference-of-Gaussians" (2011).
    """
    tones, inside = tones_of(gray_of(image.pixels), width, detail, leg(progress, 0, 0.7)), image.is_opaque
    share_of_paper = settled(lambda: paper_by_tone(tones if inside is None else tones[inside], share, softness))
    pixels = np.empty_like(image.pixels)
    for top, bottom in spans(image.height, few_rows(image.height, image.width), leg(progress, 0.7, 1)):
        bare = share_of_paper[tones[top:bottom]][..., None]
        ground = image.pixels[top:bottom] if over == "picture" else parse(paper)
        mixed = parse(ink) + bare * (np.asarray(ground, np.float32) - parse(ink))
        pixels[top:bottom] = to_uint8(mixed, out=mixed)
    return image.with_pixels(pixels)


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
