"""A page of a PDF, as its maker sees it: artworks in boxes, in millimetres from the upper left corner, y down."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from artkit.artwork.drawing import Drawing
    from artkit.artwork.image import Image
    from artkit.export.pdf.inks import Ink

MILLIMETRES = 25.4 / 96
"""Of a pixel, as CSS has it."""

POINTS = 72 / 25.4
"""Of a millimetre."""

Box = tuple[float, float, float, float]
"""Left, top, right and bottom."""


class Placed(NamedTuple):
    """An artwork whose sheet fills the box at `x`, `y` of `width` x `height`.

    What lies outside of its sheet is cut off, or `spill` millimetres farther out. A picture does not spill.
    """

    artwork: Drawing | Image
    x: float
    y: float
    width: float
    height: float
    spill: float = 0.0


class Sheet(NamedTuple):
    """A page of `width` x `height`, with what is placed on it, the first lowest.

    `trim` is what is left of it when it is cut, `bleed` how far the art goes beyond that; without them all of it.
    `clips`, one for each that is placed or none at all, are boxes beyond which it is not seen; None is no such box.
    `inks`, likewise, are those of its colors, which are separations then.
    """

    width: float
    height: float
    placed: Sequence[Placed] = ()
    trim: Box | None = None
    bleed: Box | None = None
    clips: Sequence[Box | None] = ()
    inks: Sequence[Mapping[str, Ink] | None] = ()
