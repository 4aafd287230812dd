"""Dithering: a picture in a few colors, which the eye mixes."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np

from artkit.arrays import TRANSPARENT
from artkit.artwork.image import Image
from artkit.artwork.labels import Labels
from artkit.color import dither as dithering
from artkit.color.diffusion import diffused
from artkit.color.palette import by_lightness, colors_of
from artkit.raster.resize import averaged
from artkit.registry import Only, op
from artkit.registry.colors import WAYS, Colors
from artkit.registry.declared import Field


@op
def dither(
    image: Image,
    *,
    method: Annotated[
        Literal["floyd-steinberg", "bayer", "blue-noise"],
        Field(description="Pass each pixel's error on to its neighbors; or compare with a regular or a random mask."),
    ] = "floyd-steinberg",
    palette: Annotated[Colors, Field(min_length=1, max_length=256, description=f"The colors there are: {WAYS}.")] = (
        "black",
        "white",
    ),
    dot: Annotated[int, Field(ge=1, le=999, description="Side of a dot in pixels.")] = 1,
    matrix: Annotated[
        Literal[2, 4, 8, 16], Field(description="Side of Bayer's mask, in dots."), Only("method", ("bayer",))
    ] = 8,
    space: Annotated[
        Literal["linear", "srgb"],
        Field(
            description="Mix light, as a screen does; or sRGB levels, which is lighter, and right on paper that soaks."
        ),
    ] = "linear",
) -> Labels:
    """Show the picture in a few colors, as dots that the eye mixes.

    Floyd and Steinberg's diffusion is exact; masks tell 64 levels of each channel apart. Labels run from dark to light.
    """
    small = Image(*averaged(image.pixels, image.alpha, dot, space))
    inside = small.is_opaque
    colors = colors_of(palette)
    colors = colors[by_lightness(colors)]
    levels = dithering.LEVELS[space]
    if method == "floyd-steinberg":
        chosen = diffused(small.pixels, colors, levels, inside)
    else:
        mask = dithering.bayer(matrix) if method == "bayer" else dithering.blue_noise()
        chosen = dithering.masked(small.pixels, colors, levels, mask)
    ids = chosen.astype(np.int32)
    if inside is not None:
        ids[~inside] = TRANSPARENT
    if dot > 1:
        ids = np.ascontiguousarray(ids.repeat(dot, axis=0)[: image.height].repeat(dot, axis=1)[:, : image.width])
    return Labels(ids, colors)
