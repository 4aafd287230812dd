"""A photo in, a drawing of triangles out: their edges follow the borders of a mosaic, their sizes what there is to see.

Corners are the joints of the mosaic's borders, simplified more where contrast is low; other borders are split to about
the length that goes with the number of triangles. Then a point goes into the triangles that are farthest from their
picture, round after round, until there are as many as wanted; what is grain at their size does not count. Points
within regions move to the middle of what is around them (Chen 2004), which makes triangles less thin; at last all of
them move to where the triangles are closest to the picture, by the gradient of the squared error along the edges.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools
from artkit.artwork.drawing import Drawing, Layer, Path, Shape
from artkit.color.palette import name_of
from artkit.styles.low_poly.borders import mesh_along_borders, side_of
from artkit.styles.low_poly.fit import flipped, moved
from artkit.styles.low_poly.measured import Measured
from artkit.styles.low_poly.refine import refined
from artkit.styles.low_poly.settings import SETTINGS, Settings
from artkit.tracer.mosaic import Source

__all__ = ["ACROSS", "STROKE", "drawing", "side_of"]

ACROSS = 9.0
"""Pixels to the side of a triangle, once a photo is reduced to find its regions: no finer border is of use."""

STROKE = 1.5
"""Width of the stroke that triangles have in their own color, in pixels: it covers every pixel that an edge passes."""


def drawing(
    source: Source,
    pixels: NDArray[np.uint8],
    opaque: Bools | None,
    weight: NDArray[np.float32] | None,
    count: int,
    follow: float,
    settings: Settings = SETTINGS,
) -> Drawing:
    """Draw a photo (H, W, 3) as at most `count` triangles, two at least; up to a share `follow` of them follow borders.

    `source` is the same photo, so much reduced that a triangle is about `ACROSS` pixels wide, or as it is. `weight` of
    `pixels` (H, W) makes some count more. Transparent parts stay open; where these are so ragged that it takes more
    triangles to keep them, there are more.
    """
    height, width = pixels.shape[:2]
    side = side_of(height * width if opaque is None else int(opaque.sum()), count)
    measured = Measured(pixels, opaque, weight, side * settings.grain)
    mesh = mesh_along_borders(source, measured, count, follow, settings)
    mesh = refined(mesh, measured, count, side, settings)
    for stage in range(settings.stages):
        mesh = moved(mesh, measured, side, settings.step * settings.easing**stage, settings)
        if stage < settings.stages - 1:
            mesh = flipped(mesh, measured, side, settings)
    triangles, color = measured.painted(mesh.points, mesh.triangles)
    shapes = []
    for corners, name in zip(mesh.points[triangles], map(name_of, color), strict=True):
        shapes.append(Shape([Path(corners)], name, name))
    return Drawing(width, height, [Layer(shapes, stroke_width=STROKE)], grid=10)
