"""Ops that print a picture in full ink or none: halftones."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from artkit.arrays import Mask, Pixels
from artkit.artwork.image import Image
from artkit.color.given import ColorName
from artkit.color.gray import gray_of
from artkit.color.palette import parse
from artkit.ops.filter import mean, rounded
from artkit.raster.bands import Advance, few_rows, leg, spans
from artkit.registry import op

Floats = NDArray[np.float32]

INK_ANGLES = (-30, 30, -45, 0)
"""Degrees by which the screens of cyan, magenta, yellow and black are turned against black's, as printers do."""


@op
def halftone(
    image: Image,
    *,
    inks: Annotated[
        Literal["cmyk", "one"], Field(description="Cyan, magenta, yellow and black, or one ink for the gray picture.")
    ] = "cmyk",
    shape: Annotated[Literal["dots", "lines"], Field(description="What grows where the picture is darker.")] = "dots",
    cell: Annotated[float, Field(ge=2, le=1000, description="Pixels from one dot or line to the next.")] = 8.0,
    angle: Annotated[
        float,
        Field(ge=-360, le=360, description="Degrees by which the screen is turned; black's, with four inks."),
    ] = 45.0,
    ink: Annotated[ColorName, Field(description="With one ink: its color.")] = "black",
    paper: Annotated[ColorName, Field(description="Color of the paper.")] = "white",
    advance: Advance | None = None,
) -> Image:
    """Print the picture as a newspaper does, in dots or lines of full ink that grow where it is darker.

    The inked area is as large as the picture is dark there, so that from afar it looks as before. Black stands in for
    the other three inks in the shadows, and little elsewhere.
    """
    calm = mean(image.pixels, 2 * int(cell / 4) + 1, leg(advance, 0, 0.2))
    ground = np.array(parse(paper), np.float32)
    rulings = _rulings(inks, angle)
    pixels = np.empty_like(calm)
    for top, bottom in spans(image.height, few_rows(image.height, image.width), leg(advance, 0.2, 1)):
        separated = _separated(calm[top:bottom], inks)
        covered = [_covered(amount, shape, cell, turn, top) for amount, turn in zip(separated, rulings, strict=True)]
        pixels[top:bottom] = _printed(covered, np.array(parse(ink), np.float32), ground)
    return image.with_pixels(pixels)


def _rulings(inks: str, angle: float) -> list[float]:
    return [angle + turn for turn in INK_ANGLES] if inks == "cmyk" else [angle]


def _separated(pixels: Pixels, inks: str) -> list[Mask]:
    """How much of each ink the colors take, (H, W) from 0 to 255: cyan, magenta, yellow and black, or the one."""
    if inks == "one":
        return [255 - gray_of(pixels)]
    brightest = pixels.max(axis=2)
    colored, black = _four_inks()
    return [*np.moveaxis(colored[brightest[..., None], pixels], 2, 0), black[brightest]]


@cache
def _four_inks() -> tuple[Mask, Mask]:
    """How much of a channel's ink, (256, 256) by the brightest channel's level and its own; how much black, (256,).

    Black takes the square of what all three would print: shadows get their depth, and light colors no specks of it. The
    three make up for it, so that they and black let through what the color is.
    """
    dark = 1 - np.arange(256) / 255
    through = 1 - dark**2
    colored = 1 - np.arange(256) / 255 / np.maximum(through, 1e-9)[:, None]
    return rounded(255 * colored), rounded(255 * dark**2)


def _covered(amount: Mask, shape: str, cell: float, angle: float, top: int) -> Floats:
    """Share of each pixel of a band that is inked, 0 to 1; `top` is its first row in the picture.

    The screen is a wave that is highest in the middle of a dot or line, and what lies above a height is inked.
    """
    height, width = amount.shape
    waves = [_wave(height, width, cell, angle, top)]
    if shape == "dots":
        waves.append(_wave(height, width, cell, angle + 90, top))
    return _inked(waves, cell, _heights(shape, cell)[amount])


def _wave(height: int, width: int, cell: float, angle: float, top: int) -> tuple[Floats, Floats]:
    """Cosine and sine (H, W) of a wave of length `cell` that runs at an angle, from those of rows and of columns."""
    step = 2 * np.pi / cell
    x = (np.arange(width) + 0.5) * step * np.cos(np.radians(angle))
    y = (np.arange(top, top + height) + 0.5)[:, None] * step * -np.sin(np.radians(angle))
    cos_x, sin_x, cos_y, sin_y = (f(a).astype(np.float32) for a in (x, y) for f in (np.cos, np.sin))
    return cos_y * cos_x - sin_y * sin_x, sin_y * cos_x + cos_y * sin_x


def _inked(waves: list[tuple[Floats, Floats]], cell: float, height: Floats | np.float32) -> Floats:
    """Share of each pixel that lies above a height of the screen, the mean of its waves, told by the slope there."""
    level = sum(cosine for cosine, _ in waves) / np.float32(len(waves))
    slope = np.sqrt(sum(sine * sine for _, sine in waves)) * np.float32(2 * np.pi / cell / len(waves))
    share: Floats = np.clip((level - height) / np.maximum(slope, np.float32(1e-3)) + np.float32(0.5), 0, 1)
    return share


@lru_cache(maxsize=8)
def _heights(shape: str, cell: float) -> Floats:
    """(256,) the height of the screen above which lies as much as each amount of ink covers."""
    phase = (np.arange(128, dtype=np.float32) + np.float32(0.5)) * np.float32(2 * np.pi / 128)
    along, across = (np.cos(phase), np.sin(phase)), (np.cos(phase)[:, None], np.sin(phase)[:, None])
    waves = [along] if shape == "lines" else [along, across]
    reach = 1 + np.pi / cell  # half a pixel beyond the crest
    heights = np.linspace(reach, -reach, 400, dtype=np.float32)
    table = np.interp(np.arange(256) / 255, [_inked(waves, cell, height).mean() for height in heights], heights)
    table[0], table[255] = 9, -9  # no speck in the middle of a dot where there is to be no ink, nor a hole
    return table.astype(np.float32)


def _printed(covered: list[Floats], ink: Floats, paper: Floats) -> Pixels:
    """Lay the inks over the paper: each takes away its share of what comes through the others."""
    if len(covered) == 1:
        return rounded(covered[0][..., None] * (ink - paper) + paper)
    black = 1 - covered[3]
    return np.dstack([rounded((1 - share) * black * ground) for share, ground in zip(covered[:3], paper, strict=True)])
