"""A screenshot in; its text and thin lines as shapes, and the picture without them, out."""

from __future__ import annotations

from typing import NamedTuple

from artkit.artwork.drawing import Shape
from artkit.artwork.image import Image
from artkit.spans import spanned
from artkit.tracer.assemble import Borders
from artkit.tracer.regions.ground import Ground
from artkit.tracer.regions.thin import Thin, thin_ink

SHARE = 0.3
"""The least share of a picture that is even ground."""

LARGEST = 9 << 20
"""Pixels of the largest screens; in larger pictures letters are no finer than other shapes."""

LEAST = 32
"""Pixels of ink that are text, at the least."""

MIXED = 0.15
"""The least share of these that ink does not fill: without antialiasing nothing tells finer edges."""

MANY, MOST = 24, 0.4
"""Objects that make a picture one of text and lines, or their share of all that is not ground."""

FULL = 0.55
"""The most that pixels of ink have of it on the average, where objects are few: thicker strokes are not thin."""


class Lettering(NamedTuple):
    """Shapes of text and lines, the picture without them, and a line that tells what was seen."""

    shapes: list[Shape]
    rest: Image
    seen: str


@spanned("lettering")
def lettering(image: Image, borders: Borders, ground: Ground | None) -> Lettering | None:
    """Take text and thin lines off the ground of a picture; None where it has none."""
    if image.width * image.height > LARGEST or image.alpha is not None or ground is None or ground.share < SHARE:
        return None
    thin = thin_ink(image.pixels, ground)
    if thin is None or not _is_text(thin, ground):
        return None
    from artkit.tracer.glyphs import ink_shapes
    from artkit.tracer.screens import screened

    if screened(image.pixels) is not None:
        return None
    shapes = ink_shapes(thin, borders)
    kind = "ClearType text folded" if thin.order else "text and thin lines"
    return Lettering(shapes, Image(thin.beneath), f"screenshot: {kind}, {len(shapes)} shapes")


def _is_text(thin: Thin, ground: Ground) -> bool:
    """Whether there are many objects of thin ink, or little else, and nowhere much of it."""
    ink = thin.ink >= 0
    size = float(ink.sum())
    cover = thin.coverage[ink]
    mixed = (cover.max(1) > 0.03) & (cover.min(1) < 0.97)
    if size < LEAST or float(mixed.mean()) < MIXED:
        return False
    most = size >= MOST * max(float((ground.depth > 0).sum()), 1.0)
    return thin.count >= MANY or (most and float(cover.mean()) <= FULL)
