"""Drawings to SVG: small, exact, and quick for millions of segments.

Coordinates are rounded once, each on its own, to the drawing's grid; then they are written as steps
from point to point on that grid. So errors never add up, and points that two shapes share stay shared. A drawing in
pixels is written in whole grid steps under a viewBox that is scaled to fit, which takes the fewest bytes; a drawing on
a page is written in millimetres without any transform, as the software of plotters and cutters wants it.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import BinaryIO

from artkit.artwork.drawing import AnimatedDrawing, Drawing
from artkit.artwork.formats import Note
from artkit.export.svg.document import page_opening, pixel_opening
from artkit.export.svg.grid import grid_of
from artkit.export.svg.layers import background, layers
from artkit.export.svg.motion import acts_of


def write(drawing: Drawing, file: BinaryIO, metadata: Mapping[str, str], note: Note | None = None) -> None:
    """Write the drawing as SVG."""
    file.write(svg(drawing, metadata=metadata).encode())


def write_compressed(drawing: Drawing, file: BinaryIO, metadata: Mapping[str, str], note: Note | None = None) -> None:
    """Write the drawing as SVG that is compressed by gzip."""
    import gzip

    # Without the time, equal drawings make equal files.
    file.write(gzip.compress(svg(drawing, metadata=metadata).encode(), 9, mtime=0))


def svg(drawing: Drawing, *, metadata: Mapping[str, str] | None = None, at: float | None = None) -> str:
    """Give the text of an SVG file that draws the drawing, lowest layer first.

    An AnimatedDrawing draws itself, by SMIL (SVG 1.1, chapter 19), or stands still as it is `at` some second. Programs
    that know no SMIL show it complete.

    `metadata` fills <title> and <desc> and, with the recipe, <metadata>; the drawing's own serves where it is silent.
    Segments without length are left out, as are shapes without area or stroke; what is left of a stroked line is a dot.
    A UsageError names coordinates that are not finite or too large for any renderer.

    Polylines for pens are written in the one form that all software of plotters reads alike: see `export.plot.svg`.
    """
    if drawing.page is not None:
        from artkit.pens.styled import is_for_pens, plot_of

        if is_for_pens(drawing):
            from artkit.export.plot.svg import plot_svg

            return plot_svg(plot_of(drawing, metadata or {})).decode()
    metadata = {"title": drawing.title, **drawing.metadata} | dict(metadata or {})
    grid = grid_of(drawing)
    if drawing.page:
        opening = page_opening(drawing.page.width, drawing.page.height, metadata)
    else:
        with_names = any(layer.name for layer in drawing.layers)
        opening = pixel_opening(drawing.width, drawing.height, grid.unit, metadata, with_names)
    acts = acts_of(drawing, grid, at) if isinstance(drawing, AnimatedDrawing) else ()
    body = "".join(chain(background(drawing, grid), layers(drawing, grid, acts)))
    return f"{opening}\n{body}</svg>\n"
