"""What is too much: pictures of more regions than are sensible, and screens and dithers as the tones they stand for."""

from __future__ import annotations

import numpy as np

from artkit.arrays import Pixels, channel_max
from artkit.artwork.drawing import Drawing
from artkit.artwork.image import Image

MANY = 300
"""Regions of flat art among which dots of a screen are looked for."""

FEW, SHARE = 2500, 1 / 200
"""Flat art has no more regions than this, and this share of its pixels; more of them are texture."""

SHAPES, SMALL, GROWTH, MOST = 900, 1 << 18, 1 / 53, 1 / 112
"""Shapes of a photo by itself: at most so many up to `SMALL` pixels, about 200 kB; beyond that `GROWTH` for each pixel
more, until they are `MOST` of its pixels. Photos ask for less than this, textures for more."""

SWING = 110
"""Levels between the darkest and the brightest pixel close by, at the least, where there is a screen or a dither."""

EVERYWHERE = 0.7
"""The least part of the picture that is so: 0.9 of dithers and screens, up to 0.55 of small busy photos."""

CALM, CALMER = 40, 0.15
"""Where the swing is less than this, a screen is gone; that it is left in this part of the picture is its edges."""

BLURS = (1.0, 1.5, 2.2, 3.2)
"""Gaussian blurs that are tried on a screen, the least one first, in pixels."""


def most_regions(area: int) -> int:
    """How many regions of flat art are sensible in so many pixels."""
    return int(FEW + area * SHARE)


def most_shapes(area: int, detail: float) -> int:
    """How many shapes of a photo are sensible in so many pixels; more detail than the usual asks for more of them."""
    usual = SHAPES + min(max(area - SMALL, 0) * GROWTH, max(area * MOST - SHAPES, 0))
    return int(usual * 2 ** (12 * max(detail - 0.5, 0)))


def description(drawing: Drawing, image: Image) -> float:
    """Bits that tell the picture by a drawing: those of its file, and of what it leaves (Rissanen 1978)."""
    from artkit.render import rendered

    text = drawing.to_svg()
    gap = rendered(text, (image.width, image.height)).astype(np.float64) - image.on_white().pixels
    return 8 * len(text) + gap.size / 2 * float(np.log2(1 + (gap * gap).mean()))


def is_screen(pixels: Pixels) -> bool:
    """Whether most of an (H, W, 3) picture goes up and down as a screen or a dither does."""
    return part_above(pixels, 5, SWING) >= EVERYWHERE


def tones(pixels: Pixels) -> Pixels | None:
    """Blur a screen or a dither (H, W, 3) until its tones are left; None where the picture is no such thing."""
    import cv2

    if not is_screen(pixels):
        return None
    for blur in BLURS:
        calm = np.asarray(cv2.GaussianBlur(pixels, (0, 0), blur, borderType=cv2.BORDER_REFLECT), np.uint8)
        if part_above(calm, 5, CALM) < CALMER:
            break
    return calm


def part_above(pixels: Pixels, side: int, swing: float) -> float:
    """The part of the picture where a channel's range within a square is more than `swing`."""
    import cv2

    window = np.ones((side, side), np.uint8)
    ranged = np.asarray(cv2.dilate(pixels, window)) - np.asarray(cv2.erode(pixels, window))
    return float((channel_max(ranged) > swing).mean())
