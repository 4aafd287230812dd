"""Ops that print a picture in full ink or none: halftones."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from artkit.bands import WIDE, Advance, leg, spans
from artkit.image import Image, Mask, Pixels
from artkit.ops.color import ColorName, gray_of
from artkit.ops.filter import mean, rounded
from artkit.palette import parse
from artkit.registry import op

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

    The inked area is as large as the picture is dark there, so that from afar it looks as before.
    """
    calm = mean(image.pixels, 2 * int(cell / 4) + 1, leg(advance, 0, 0.2))
    ground = np.array(parse(paper), np.float32)
    rulings = _rulings(inks, angle)
    pixels = np.empty_like(calm)
    for top, bottom in spans(image.height, WIDE // image.width, leg(advance, 0.2, 1)):
        separated = _separated(calm[top:bottom], inks)
        covered = [_covered(amount, shape, cell, turn, top) for amount, turn in zip(separated, rulings, strict=True)]
        pixels[top:bottom] = _printed(covered, np.array(parse(ink), np.float32), ground)
    return image.with_pixels(pixels)


def _rulings(inks: str, angle: float) -> list[float]:
    return [angle + turn for turn in INK_ANGLES] if inks == "cmyk" else [angle]


def _separated(pixels: Pixels, inks: str) -> list[Mask]:
    """How much of each ink the colors take, (H, W) from 0 to 255. What all three would print, black prints."""
    if inks == "one":
        return [255 - gray_of(pixels)]
    brightest = pixels.max(axis=2)
    shares = _inks()[brightest[..., None], pixels]
    return [*np.moveaxis(shares, 2, 0), 255 - brightest]


@cache
def _inks() -> NDArray[np.uint8]:
    """(256, 256) by the brightest channel's level and a channel's: how much of the channel's ink there is to be."""
    brightest, level = np.mgrid[0:256, 0:256]
    return rounded(255 * (brightest - level).clip(0) / np.maximum(brightest, 1))


def _covered(amount: Mask, shape: str, cell: float, angle: float, top: int) -> NDArray[np.float32]:
    """Share of each pixel of a band that is inked, 0 to 1; `top` is its first row in the picture.

    The screen is a wave that is highest in the middle of a dot or line, and what lies above a height is inked: the
    height that leaves the right share of the wave above it. How far a pixel is from there decides about its own share.
    """
    height, width = amount.shape
    waves = [_wave(height, width, cell, angle, top)]
    if shape == "dots":
        waves.append(_wave(height, width, cell, angle + 90, top))
    level = sum(cosine for cosine, _ in waves) / len(waves)
    slope = np.sqrt(sum(sine * sine for _, sine in waves)) * np.float32(2 * np.pi / cell / len(waves))
    above = level - _heights()[shape][amount]
    share: NDArray[np.float32] = np.clip(above / np.maximum(slope, np.float32(1e-3)) + np.float32(0.5), 0, 1)
    return share


def _wave(
    height: int, width: int, cell: float, angle: float, top: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Cosine and sine (H, W) of a wave of length `cell` that runs at an angle, from those of rows and of columns."""
    step = 2 * np.pi / cell
    x = (np.arange(width) + 0.5) * step * np.cos(np.radians(angle))
    y = (np.arange(top, top + height) + 0.5)[:, None] * step * -np.sin(np.radians(angle))
    cos_x, sin_x, cos_y, sin_y = (f(a).astype(np.float32) for a in (x, y) for f in (np.cos, np.sin))
    return cos_y * cos_x - sin_y * sin_x, sin_y * cos_x + cos_y * sin_x


@cache
def _heights() -> dict[str, NDArray[np.float32]]:
    """(256,) for each shape: the height above which the right share of its wave lies, for each amount of ink."""
    place = (np.arange(512) + 0.5) / 512
    one = np.cos(2 * np.pi * place)
    both = (one[:, None] + one) / 2
    shares = np.arange(256) / 255
    tables = {
        shape: np.quantile(wave, 1 - shares).astype(np.float32) for shape, wave in (("lines", one), ("dots", both))
    }
    for table in tables.values():
        table[0], table[255] = 9, -9  # out of reach, so that no speck is left in the middle of a dot
    return tables


def _printed(covered: list[NDArray[np.float32]], ink: NDArray[np.float32], paper: NDArray[np.float32]) -> Pixels:
    """Lay the inks over the paper: each takes away its share of what comes through the others."""
    if len(covered) == 1:
        return rounded(covered[0][..., None] * (ink - paper) + paper)
    black = 1 - covered[3]
    return np.dstack([rounded((1 - share) * black * ground) for share, ground in zip(covered[:3], paper, strict=True)])
