"""A picture and pens in, how dark each pen is to draw out.

Tone is coverage: a gray level of 255 asks for bare paper, 0 for solid ink, and what lies between for as much ink as is
missing to white. With several pens each one's share is what, laid over the others, comes closest to the color.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from artkit.algebra import product, rounded
from artkit.artwork.image import Image
from artkit.color.palette import name_of, parse
from artkit.importance.focus import Focus
from artkit.pens.draw.field import Field
from artkit.pens.layout import Paper

Tone = Literal["light", "normal", "full"]

CURVES: dict[Tone, tuple[float, float]] = {"light": (0.5, 1.4), "normal": (0.88, 1.2), "full": (1.0, 1.0)}
"""What is covered of solid ink in the black, and the exponent of how it falls off: lights stay lighter, and open."""

FINEST = 0.5
"""Samples of darkness are no finer than this share of the pen's width: nothing smaller can be drawn."""


def tones_of(
    image: Image,
    pens: Sequence[str],
    paper: Paper,
    pen_width: float,
    detail: float,
    focus: Focus | None = None,
    tone: Tone = "full",
) -> list[Field]:
    """Share a picture out to pens, a field of tone for each; detail is raised in all alike, and more in focus."""
    pixels, alpha = _sized(image, paper, pen_width)
    close = None if focus is None or focus.is_plain else focus.close(pixels.shape[1], pixels.shape[0])
    amount_of_detail = detail if close is None else np.float32(detail) * (1 + close)
    made = []
    for amount in amounts_of(pixels, pens):
        sharp = covering(_raised(amount.astype(np.float32), amount_of_detail), tone)
        if alpha is not None:
            sharp *= alpha
        made.append(Field(sharp, paper.width, paper.height, close))
    return made


def covering(darkness: NDArray[np.float32], tone: Tone) -> NDArray[np.float32]:
    """Give the share of the paper to cover for darkness from 0 to 1: ink on paper is not to be as dark as a screen.

    On a ramp, `normal` lays 0.80 of the ink of `full`, and `light` 0.42.
    """
    most, power = CURVES[tone]
    if power == 1:
        return darkness
    return np.asarray(most * rounded(darkness.astype(np.float64) ** power), np.float32)  # what is rounded has more bits


def _sized(image: Image, paper: Paper, pen_width: float) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
    """Pixels (H, W, 3), 0 to 255, and alpha, 0 to 1, no finer than the pen; transparent parts are white."""
    import cv2

    finest = FINEST * pen_width
    size = (
        max(min(image.width, round(paper.width / finest)), 1),
        max(min(image.height, round(paper.height / finest)), 1),
    )
    pixels: NDArray[Any] = image.pixels.astype(np.float32) if image.pixels.size < 1 << 22 else image.pixels
    alpha: NDArray[Any] | None = None if image.alpha is None else image.alpha.astype(np.float32) / 255
    if alpha is not None:
        pixels = np.asarray(255 + (pixels.astype(np.float32) - 255) * alpha[..., None], np.float32)
    if size != (image.width, image.height):
        pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
        alpha = None if alpha is None else cv2.resize(alpha, size, interpolation=cv2.INTER_AREA)
    return pixels.reshape(size[1], size[0], 3).astype(np.float32), alpha


def _raised(darkness: NDArray[np.float32], detail: float | NDArray[np.float32]) -> NDArray[np.float32]:
    """Raise differences from the neighborhood, wide and narrow; the mean of a neighborhood stays what it was."""
    import cv2

    if not np.any(detail) or min(darkness.shape) < 3:
        return np.clip(darkness, 0, 1)
    side = max(darkness.shape)
    raised = darkness.copy()
    for share, weight in ((1 / 40, 0.5), (1 / 250, 0.7)):
        smooth = cv2.GaussianBlur(darkness, (0, 0), max(side * share, 0.6), borderType=cv2.BORDER_REFLECT)
        raised += np.asarray(detail * weight, np.float32) * (darkness - smooth)
    return np.clip(raised, 0, 1)


def amounts_of(pixels: NDArray[np.float32], pens: Sequence[str]) -> NDArray[np.float32]:
    """How much each pen is to cover, (pens, H, W), for pixels (H, W, 3) from 0 to 255: a single one, as it is dark."""
    if len(pens) > 1:
        return separated(pixels, tuple(name_of(parse(pen)) for pen in pens))
    gray = product(pixels, np.array([0.299, 0.587, 0.114], np.float32))
    return np.clip(1 - gray / 255, 0, 1)[None].astype(np.float32)


def separated(pixels: NDArray[np.float32], pens: tuple[str, ...]) -> NDArray[np.float32]:
    """Give how much of each pen the colors take, (pens, H, W) from 0 to 1, for pixels (H, W, 3) from 0 to 255.

    Solved on a grid of colors and interpolated between them.
    """
    from scipy.ndimage import map_coordinates

    table = _table(pens)
    places = np.moveaxis(pixels, 2, 0).reshape(3, -1) * ((GRID - 1) / 255)
    amounts = [map_coordinates(one, places, np.float32, order=1, mode="nearest") for one in table]
    return np.stack(amounts).reshape(len(pens), *pixels.shape[:2])


GRID = 17
"""Levels of a channel for which inks are solved."""

ROUNDS, LAST = 60, 6
"""Turns in which colored pens are solved, and last ones for all pens."""

PRICE = 0.002
"""Price of ink, in squared differences of light from 0 to 1."""

DEPTH = 1.4
"""Exponent of black by darkness: 1 is all the black that a color can take, and more is less."""


@lru_cache(maxsize=8)
def _table(pens: tuple[str, ...]) -> NDArray[np.float32]:
    """(pens, 17, 17, 17) amounts of each pen by red, green and blue.

    A pen's lines cover their share of paper and of the other pens' lines alike (Demichel 1924), and take away the same
    part of what comes through. Least squares of what is left against the color, by turns for each pen, with a slight
    price on ink. Gray and black inks begin with the power `DEPTH` of how dark the color's brightest channel is, and
    only at last make up for what is still missing: so light colors are mixed of colors, without specks of black, and
    shadows get their depth from black.
    """
    inks = np.array([parse(pen) for pen in pens], float) / 255
    level = np.linspace(0, 1, GRID)
    wanted = np.stack(np.meshgrid(level, level, level, indexing="ij"), axis=-1).reshape(-1, 3)
    weight = np.sqrt([0.32, 0.45, 0.23])
    missing = 1 - inks
    neutral = np.ptp(inks, axis=1) < 0.15
    amounts = np.zeros((len(pens), len(wanted)))
    if neutral.any() and not neutral.all():
        darkest = int(np.argmin(inks.sum(1) + 9 * ~neutral))
        amounts[darkest] = (1 - wanted.max(1)) ** DEPTH
    for turn in range(ROUNDS + LAST):
        for pen in np.flatnonzero(~neutral | neutral.all() | (turn >= ROUNDS)):
            through = np.ones_like(wanted)
            for other in range(len(pens)):
                if other != pen:
                    through *= 1 - amounts[other][:, None] * missing[other]
            slope = through * missing[pen] * weight
            gain = (slope * (through - wanted) * weight).sum(1) - PRICE
            amounts[pen] = np.clip(gain / (slope**2).sum(1).clip(1e-9), 0, 1)
    return amounts.reshape(len(pens), GRID, GRID, GRID).astype(np.float32)
