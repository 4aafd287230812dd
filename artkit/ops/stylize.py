"""Ops that make a photo look painted or drawn.

Borders mirror, windows are odd, and results are rounded to nearest, as with the filters.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from artkit.arrays import Mask, Pixels
from artkit.artwork.image import Image
from artkit.color.given import ColorName
from artkit.color.gray import gray_of
from artkit.color.palette import parse
from artkit.ops.filter import ODD, ODD_SCHEMA, bell_weights, bell_window, rounded, weighted
from artkit.raster.bands import Advance, few_rows, in_bands, leg, spans
from artkit.registry import op

_WIDER = 1.6
"""The wider of two blurs beside the other: their difference is then near to a Laplacian (Marr and Hildreth 1980)."""


@op
def oil(
    image: Image,
    *,
    size: Annotated[int, Field(ge=1, le=255, description="Width of the brush in pixels, odd."), ODD, ODD_SCHEMA] = 9,
    shades: Annotated[int, Field(ge=1, le=64, description="Shades of gray that the brush tells apart.")] = 16,
    advance: Advance | None = None,
) -> Image:
    """Paint in oil: each pixel becomes the mean of those around it that have the most common shade.

    A shade is one of equal parts of the grays from black to white; of two that are as common, the darker one.
    """
    pixels = in_bands(image.pixels, lambda band: _most_common(band, size, shades), margin=size // 2, advance=advance)
    return image.with_pixels(pixels)


@op
def kuwahara(
    image: Image,
    *,
    size: Annotated[int, Field(ge=1, le=255, description="Window side in pixels, odd."), ODD, ODD_SCHEMA] = 9,
    advance: Advance | None = None,
) -> Image:
    """Paint in flat dabs with crisp edges: each pixel becomes the mean of its window's calmest corner.

    The four corners overlap in the pixel itself; the calmest has the least variance of gray (Kuwahara 1976), of
    equals the first, row by row.
    """
    pixels = in_bands(image.pixels, lambda band: _calmest_corner(band, size // 2), margin=size // 2, advance=advance)
    return image.with_pixels(pixels)


@op
def pixelate(
    image: Image,
    *,
    size: Annotated[int, Field(ge=1, le=100_000, description="Side of the blocks in pixels.")] = 16,
) -> Image:
    """Make square blocks of one color each, the mean of their pixels; the border may cut off the last."""
    pixels = np.empty_like(image.pixels)
    starts = np.arange(0, image.width, size)
    widths = np.diff(starts, append=image.width)
    for top, bottom in spans(image.height, size):
        sums = np.add.reduceat(image.pixels[top:bottom].sum(axis=0, dtype=np.uint64), starts, axis=0)
        areas = (widths * (bottom - top)).astype(np.uint64)[:, None]
        pixels[top:bottom] = np.repeat(((2 * sums + areas) // (2 * areas)).astype(np.uint8), widths, axis=0)
    return image.with_pixels(pixels)


@op
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
    advance: Advance | None = None,
) -> Image:
    """Draw the picture in ink: lines along its edges, and its darkest parts filled.

    A difference of two blurs, weighted and cut off softly: Winnemöller, "XDoG: advanced image stylization with extended
    Difference-of-Gaussians" (2011).
    """
    tones = in_bands(
        gray_of(image.pixels),
        lambda band: _tones(band, width, detail),
        margin=bell_window(_WIDER * width)[1] // 2,
        advance=leg(advance, 0, 0.7),
    )
    share_of_paper = _shares_of_paper(tones if image.is_opaque is None else tones[image.is_opaque], share, softness)
    pixels = np.empty_like(image.pixels)
    for top, bottom in spans(image.height, few_rows(image.height, image.width), leg(advance, 0.7, 1)):
        bare = share_of_paper[tones[top:bottom]][..., None]
        ground = image.pixels[top:bottom] if over == "picture" else parse(paper)
        pixels[top:bottom] = rounded(parse(ink) + bare * (np.asarray(ground, np.float32) - parse(ink)))
    return image.with_pixels(pixels)


# Oil


def _most_common(band: Pixels, size: int, shades: int) -> Pixels:
    import cv2

    shade = (np.arange(256) * shades // 256).astype(np.uint8)[gray_of(band)]
    most = np.zeros(shade.shape, np.uint16)
    sums = np.zeros(band.shape, np.float32)  # holds all whole numbers to 2 ** 24, which 255 x 255 bytes do not reach
    for k in np.flatnonzero(np.bincount(shade.reshape(-1))):
        inside = (shade == k).view(np.uint8)
        count = cv2.boxFilter(inside, cv2.CV_16U, (size, size), normalize=False)
        more = cv2.compare(count, most, cv2.CMP_GT)
        cv2.copyTo(count, more, most)
        of_shade = cv2.bitwise_and(band, band, mask=inside)
        cv2.copyTo(cv2.boxFilter(of_shade, cv2.CV_32F, (size, size), normalize=False), more, sums)
    inner = np.s_[size // 2 : len(band) - size // 2]
    return rounded(sums[inner] / most[inner].astype(np.float64)[..., None])


# Kuwahara


def _calmest_corner(band: Pixels, reach: int) -> Pixels:
    """Give the middle of a band, without its margin of `reach` pixels."""
    import cv2

    side = reach + 1
    at: Any = {"ksize": (side, side), "anchor": (0, 0)}  # the square to the right of a pixel and below
    gray = gray_of(band)
    sums = cv2.boxFilter(gray, cv2.CV_32F, normalize=False, **at).astype(np.float64)
    squares = np.asarray(cv2.sqrBoxFilter(gray, cv2.CV_64F, normalize=False, **at))
    squares *= side**2  # whole numbers below 2 ** 53: exact, so that equals are equal
    sums *= sums
    spreads = np.subtract(squares, sums, out=squares)
    # Not cv2.blur, which rounds one above the nearest where the window's area is even.
    totals = cv2.boxFilter(band, cv2.CV_32F, normalize=False, **at)
    height, width = band.shape[0] - 2 * reach, band.shape[1] - 2 * reach
    least = np.full((height, width), np.inf)
    calmest = np.empty((height, width, 3), np.float32)
    for y in (0, reach):
        for x in (0, reach):
            here = np.s_[y : y + height, x : x + width]
            calmer = spreads[here] < least
            np.copyto(least, spreads[here], where=calmer)
            np.copyto(calmest, totals[here], where=calmer[..., None])
    return rounded(calmest / side**2)


# Sketch


def _tones(gray: Mask, width: float, detail: float) -> NDArray[np.uint16]:
    """Blurred gray, lines weighted, in eighths of a level and offset by 32,768."""
    near, far = (weighted(gray, bell_weights(*bell_window(sigma))) for sigma in (width, _WIDER * width))
    tones = (near + detail * (near - far)) * 8 + 32768
    result: NDArray[np.uint16] = np.clip(np.rint(tones), 0, 65535).astype(np.uint16)
    return result


def _shares_of_paper(tones: NDArray[np.uint16], share: float, softness: float) -> NDArray[np.float32]:
    """(65536,) how much paper each tone leaves bare, 0 to 1; the lowest share of these tones gets ink."""
    counts = np.bincount(tones.reshape(-1), minlength=65536)
    limit = int(np.searchsorted(np.cumsum(counts), share * tones.size))
    below = np.minimum(np.arange(65536) - limit, 0) / 8
    return (1 + np.tanh(below / max(softness, 1e-3))).astype(np.float32)
