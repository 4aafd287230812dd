"""Curves moved until the drawing, painted, looks like the picture: the last step for small antialiased flat art.

In a small picture much of every shape is its edge: corners, thin bars and places where three colors meet are told by
pixels that no sample of a border explains. The finished drawing is painted with exact coverage, and joints and controls
move by Gauss-Newton on what is left of the picture (analysis by synthesis). Segments stay as many as they are, joints
as smooth, level lines level, and ellipses ellipses.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from artkit.algebra import solve
from artkit.arrays import Floats, Pixels
from artkit.artwork.drawing import Drawing, Layer
from artkit.color.palette import parse
from artkit.tracer.polish.curves import Curves, is_plain
from artkit.tracer.polish.edges import Places
from artkit.tracer.polish.paint import FINE, Canvas, Painting, painted
from artkit.tracer.polish.ways import Ways, ways_of

ROUNDS = 7
"""Steps of Gauss and Newton, at the most."""

ENOUGH = 0.01
"""Part of what is left by which a step must make it less for another one to follow."""

STRANGE = 40.0
"""What a pixel is off, in levels, beyond which it counts for less: what the drawing lacks bends no curve."""

LOOSE = 60.0
"""What holds each movement back, in squared levels to a pixel."""

CAUTION = 0.01
"""How much of what is known of each movement holds it back besides, at the least."""

SEEN = 0.5
"""Places of a segment that must be seen for it to stay level."""

LEAST = 1.0
"""Levels that a place must change the picture by to tell anything."""

FARTHEST = 0.6
"""The farthest that a point moves in one round, in pixels."""


def polished(drawing: Drawing, pixels: Pixels) -> Drawing:
    """Move the curves of filled shapes until the drawing looks more like `pixels` (H, W, 3); strokes stay."""
    import cv2

    curves = Curves.of(drawing)
    if curves is None or drawing.background is None:
        return drawing
    sheet = np.full((FINE * pixels.shape[0], FINE * pixels.shape[1], 3), parse(drawing.background), np.float32)
    height, width = pixels.shape[:2]
    above = _strokes(drawing)

    def looked(points: Floats) -> _Look:
        places = Places.of(curves, points)
        painting = painted(curves, points, sheet, places.xy, curves.shape[places.segment])
        canvas: Canvas = painting.canvas
        if above is not None:
            canvas = canvas + above[1] * (above[0] - canvas)
        small = np.asarray(cv2.resize(canvas, (width, height), interpolation=cv2.INTER_AREA), np.float64)
        rest = pixels - small
        return _Look(points, places, painting, rest, float(np.log1p((rest * rest).sum(2) / STRANGE**2).sum()))

    look = looked(curves.points)
    shown = np.bincount(look.places.segment, look.painting.through, len(curves.line)) > SEEN
    ways = ways_of(curves, curves.points, shown, (drawing.width, drawing.height))
    caution = CAUTION
    normal = _normal_equations(curves, ways, look)
    for _ in range(ROUNDS):
        trial = looked(ways.moved(look.points, np.clip(_solved(*normal, caution), -FARTHEST, FARTHEST)))
        if trial.cost >= look.cost:
            caution *= 10
            continue
        enough = trial.cost > (1 - ENOUGH) * look.cost
        look, caution = trial, max(caution / 5, CAUTION)
        if enough:
            break
        normal = _normal_equations(curves, ways, look)
    return curves.put(drawing, look.points)


@dataclass(frozen=True, eq=False)
class _Look:
    """A trial: where points are, places along the curves, what they look like, what the picture has more, (H, W, 3),
    and how much that is in all.
    """

    points: Floats
    places: Places
    painting: Painting
    rest: Floats
    cost: float


def _strokes(drawing: Drawing) -> tuple[NDArray[np.float32], NDArray[np.float32]] | None:
    """Paint what lies on top of the filled shapes: its color and how much it covers, None where there is nothing."""
    from artkit.render import rendered_alone

    lines = [shape for shape in drawing.shapes if not is_plain(shape)]
    if not lines:
        return None
    alone = drawing.replace(background=None, layers=[Layer(lines)])
    found = rendered_alone(alone, (FINE * int(drawing.width), FINE * int(drawing.height))).astype(np.float32)
    return found[:, :, :3], found[:, :, 3:] / np.float32(255)


def _normal_equations(curves: Curves, ways: Ways, look: _Look) -> tuple[Floats, Floats]:
    """What the places along curves say of how far to go on each way: matrix and right side."""
    from scipy.sparse import coo_matrix

    places, painting = look.places, look.painting
    height, width = look.rest.shape[:2]
    jump = painting.through[:, None] * (curves.inks[curves.shape[places.segment]] - painting.under)
    inside = ((places.xy > 0) & (places.xy < [width, height])).all(1)
    k = np.flatnonzero(inside & (np.abs(jump).max(1) > LEAST))
    jump, count = jump[k], len(k)
    row = np.repeat(np.arange(count), 8)
    column = (2 * curves.index[places.segment[k]][:, :, None] + [0, 1]).ravel()
    value = (places.weights[k][:, :, None] * places.outward[k][:, None]).ravel()
    across = coo_matrix((value, (row, column)), (count, 2 * len(look.points))).tocsr() @ ways.basis(look.points)
    x, y = np.floor(places.xy[k]).astype(np.int64).T
    pixel, place = np.unique(y * width + x, return_inverse=True)
    total = look.rest.reshape(-1, 3)[pixel]
    trust = 1 / (1 + (total * total).sum(1) / STRANGE**2)
    hessian = np.zeros((across.shape[1], across.shape[1]))
    slope: Floats = np.zeros(across.shape[1])
    for c in range(3):
        spread = coo_matrix((jump[:, c], (place, np.arange(count))), (len(pixel), count)).tocsr()
        jacobian = (spread @ across).tocsr()
        hessian += (jacobian.T @ jacobian.multiply(trust[:, None]).tocsr()).toarray()
        slope = slope + jacobian.T @ (trust * total[:, c])
    return hessian, slope


def _solved(hessian: Floats, slope: Floats, caution: float) -> Floats:
    """Solve for how far to go; the more `caution`, the less far (Levenberg 1944, Marquardt 1963)."""
    held = np.diag(caution * np.diagonal(hessian) + LOOSE)
    return solve(hessian + held, slope)
