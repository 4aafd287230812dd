"""Photos in the manner of a craft: triangles, stained glass, washes of color, cut paper.

All of them begin with the mosaic of a photo, whose borders run where those of the things in it do.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import numpy as np
from pydantic import Field

from artkit.drawing import Drawing
from artkit.image import Image
from artkit.ops import geometry
from artkit.ops.mosaic import focus_of
from artkit.ops.trace import OPAQUE
from artkit.planar.segments import Flags, Floats
from artkit.regions.mosaic import Source
from artkit.registry import op


@op
def low_poly(
    image: Image,
    *,
    triangles: Annotated[
        int, Field(ge=2, le=200_000, description="Number of triangles, at most, and hardly fewer.")
    ] = 1500,
    follow: Annotated[
        float, Field(ge=0, le=1, description="Share of them that borders of things are followed with; 0 is loose.")
    ] = 0.5,
    focus: Annotated[
        str, Field(description="Where detail goes first: X,Y,R in pixels, or the file of a mask, white counts.")
    ] = "",
    note: Callable[[str], None] | None = None,
) -> Drawing:
    """Draw the picture as triangles with straight edges, each in the mean color of its pixels.

    Edges run along borders in the picture, triangles are small where there is much to see. They tile the picture
    without gap or overlap; a stroke in a triangle's own color covers what would show between two of them.
    """
    from artkit.styles.low_poly import ACROSS, drawing, side_of

    opaque = opaque_of(image)
    area = image.width * image.height if opaque is None else int(opaque.sum())
    if not area:
        return Drawing(image.width, image.height)
    weight = focus_of(focus, image)
    source = _reduced(image, weight, ACROSS / side_of(area, triangles))
    made = drawing(source, image.pixels, opaque, weight, triangles, follow)
    if note:
        note(f"{len(made.layers[0].shapes)} triangles")
    return made


def opaque_of(image: Image) -> Flags | None:
    """Which pixels are painted; None where all are."""
    return None if image.alpha is None else image.alpha >= OPAQUE


def _reduced(image: Image, weight: Floats | None, scale: float) -> Source:
    """Make a photo ready to be cut into mosaics, at a scale of 1 or less: large pieces have no use for fine borders."""
    import cv2

    longer = max(round(scale * max(image.width, image.height)), 1)
    small = geometry.resize(image, size=longer)
    if weight is not None:
        resized = cv2.resize(weight, (small.width, small.height), interpolation=cv2.INTER_AREA)
        weight = np.asarray(resized, np.float64).reshape(small.height, small.width)
    return Source(small.pixels, opaque_of(small), weight, gradients=False)
