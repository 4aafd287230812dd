"""Bleed: what lies on the edge of a sheet goes on beyond it, as far as the cut may miss (neither scaled nor mirrored).

Only arcs along an edge, or beyond it, move. What meets the edge stays where it is, and goes on straight outwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from artkit.arrays import Floats
from artkit.artwork.drawing import LINE, Drawing, Layer, Path, Shape


class Edges(NamedTuple):
    """A sheet's corners, (2,) each, and how far each of its edges, left, upper, right and lower, moves outwards."""

    low: Floats
    high: Floats
    out: tuple[float, float, float, float]
    near: float

    def sides(self, points: Floats) -> frozenset[int]:
        """Give the edges on which, or beyond which, all of the points (N, 2) lie."""
        inside = np.concatenate([points - self.low, self.high - points], axis=1).max(0)
        return frozenset(np.flatnonzero(inside <= self.near).tolist())

    def moved(self, point: Floats, sides: frozenset[int]) -> Floats:
        """Move a point out across edges, unless it lies farther out."""
        x, y = (float(value) for value in point)
        left, top, right, bottom = self.out
        for side in sides:
            if side % 2 == 0:
                x = max(x, self.high[0] + right) if side else min(x, self.low[0] - left)
            else:
                y = max(y, self.high[1] + bottom) if side == 3 else min(y, self.low[1] - top)
        return np.array([x, y])


def bled(drawing: Drawing, out: tuple[float, float, float, float]) -> Drawing:
    """Give a drawing whose fills go `out`, in its units, beyond the left, upper, right and lower edge of its sheet."""
    page = drawing.page
    scale, offset = (page.scale, np.array(page.offset)) if page else (1.0, np.zeros(2))
    sheet = page or drawing
    low = -offset / scale
    edges = Edges(low, low + np.array([sheet.width, sheet.height]) / scale, out, 1 / drawing.grid)
    layers = [replace(layer, shapes=list(_shapes(layer, edges))) for layer in drawing.layers]
    return drawing.replace(layers=layers)


def _shapes(layer: Layer, edges: Edges) -> Iterator[Shape]:
    for shape in layer.shapes:
        if shape.fill is None:
            yield shape
            continue
        paths = [_bled(path, edges) for path in shape.paths]
        if all(new is old for new, old in zip(paths, shape.paths, strict=True)):
            yield shape
        elif shape.stroke is None:
            yield shape._replace(paths=paths)
        else:  # the stroke is seen where the sheet is cut, and stays there
            yield shape._replace(paths=paths, stroke=None)
            yield shape._replace(fill=None)


def _bled(path: Path, edges: Edges) -> Path:
    points = np.asarray(path.points, np.float64)
    if len(points) < 2:
        return path
    on_edge = (points - edges.low <= edges.near) | (edges.high - points <= edges.near)
    if on_edge.any(1).sum() < 2:
        return path
    kinds = np.full(len(points) - 1, LINE, np.uint8) if path.kinds is None else path.kinds
    ends = np.concatenate([[0], np.cumsum(kinds.astype(np.int64))])
    pieces = [points[a : b + 1] for a, b in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True)]
    if not np.array_equal(points[0], points[-1]):
        pieces.append(points[[-1, 0]])
    along = [edges.sides(piece) for piece in pieces]
    if not any(along):
        return path
    made: list[Floats] = []
    new: list[int] = []
    for piece, sides in zip(pieces, along, strict=True):
        if not sides:
            made.append(piece)
            new.append(len(piece) - 1)
            continue
        # An end in a corner of the sheet goes out across both edges, and so covers the corner of the bleed.
        start, end = (edges.moved(piece[k], edges.sides(piece[[k]])) for k in (0, -1))
        made += [np.array([piece[0], start]), np.array([start, end]), np.array([end, piece[-1]])]
        new += [LINE] * 3
    made, new = _tidied(made)
    return Path(np.concatenate([made[0][:1], *(piece[1:] for piece in made)]), np.array(new, np.uint8), path.closed)


def _tidied(pieces: list[Floats]) -> tuple[list[Floats], list[int]]:
    """Leave out ways to and fro: from the bleed to a corner of two arcs on the edge, and back."""
    kept: list[Floats] = []
    for piece in pieces:
        if len(piece) == 2 and np.array_equal(piece[0], piece[1]):
            continue
        if kept and len(piece) == 2 and len(kept[-1]) == 2 and np.array_equal(kept[-1][0], piece[1]):
            kept.pop()
            continue
        kept.append(piece)
    return kept, [len(piece) - 1 for piece in kept]
