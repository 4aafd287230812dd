"""Halftones: a picture printed in full ink or none."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Pixels
from artkit.artwork.image import Image
from artkit.color.cmyk import cmyk_of
from artkit.color.gray import gray_of
from artkit.color.levels import to_uint8
from artkit.color.palette import parse
from artkit.raster.bands import Advance, few_rows, leg, spans
from artkit.raster.filters import box
from artkit.raster.screen import screened
from artkit.registry import Only, op
from artkit.registry.colors import ColorName
from artkit.registry.declared import Field

Floats = NDArray[np.float32]

INK_ANGLES = (-30, 30, -45, 0)
"""Degrees by which the screens of cyan, magenta, yellow and black are turned against black's, as printers do."""

STEPS = {"cmyk": 3, "one": 15}
"""Steps from paper to full ink at the edge of a dot: no eye sees more, and files are a quarter as large, since four
inks make 256 colors, which a palette holds."""


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
    ink: Annotated[ColorName, Field(description="With one ink: its color."), Only("inks", ("one",))] = "black",
    paper: Annotated[ColorName, Field(description="Color of the paper.")] = "white",
    progress: Advance | None = None,
) -> Image:
    """Print the picture as a newspaper does, in dots or lines of full ink that grow where it is darker.

    The inked area is as large as the picture is dark there, so that from afar it looks as before. Black stands in for
    the other three inks in the shadows, and little elsewhere.
    """
    calm = box(image.pixels, 2 * int(cell / 4) + 1, leg(progress, 0, 0.2))
    rulings = [angle + turn for turn in INK_ANGLES] if inks == "cmyk" else [angle]
    pixels = np.empty_like(calm)
    for top, bottom in spans(image.height, few_rows(image.height, image.width), leg(progress, 0.2, 1)):
        band = calm[top:bottom]
        amounts = cmyk_of(band) if inks == "cmyk" else (255 - gray_of(band),)
        covered = [
            screened(amount, shape, cell, turn, top, STEPS[inks]) for amount, turn in zip(amounts, rulings, strict=True)
        ]
        pixels[top:bottom] = _printed(covered, np.array(parse(ink), np.float32), np.array(parse(paper), np.float32))
    return image.with_pixels(pixels)


def _printed(covered: list[Floats], ink: Floats, paper: Floats) -> Pixels:
    """Lay the inks over the paper: each takes away its share of what comes through the others."""
    if len(covered) == 1:
        return to_uint8(covered[0][..., None] * (ink - paper) + paper)
    black = 1 - covered[3]
    return np.dstack([to_uint8((1 - share) * black * ground) for share, ground in zip(covered[:3], paper, strict=True)])
