"""Bleed: what lies on the edge of a sheet goes on beyond it, as far as the cut may miss (neither scaled nor mirrored).

Only arcs along an edge, or beyond it, move. What meets the edge stays where it is, and goes on straight outwards. Lines
that end on an edge go on in their direction; what is stroked along one has its color beyond it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from artkit.arrays import Floats
from artkit.artwork.drawing import LINE, Drawing, Layer, Path, Shape

STEEP = 0.2
"""The least part of a line's direction that leads out: flatter ones go straight out instead."""


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
    """Give a drawing that goes `out`, in its units, beyond the left, upper, right and lower edge of its sheet."""
    page = drawing.page
    scale, offset = (page.scale, np.array(page.offset)) if page else (1.0, np.zeros(2))
    sheet = page or drawing
    low = -offset / scale
    edges = Edges(low, low + np.array([sheet.width, sheet.height]) / scale, out, 1 / drawing.grid)
    layers = [replace(layer, shapes=list(_shapes(layer, edges))) for layer in drawing.layers]
    return drawing.replace(layers=layers)


def _shapes(layer: Layer, edges: Edges) -> Iterator[Shape]:
    for shape in layer.shapes:
        paths = shape.paths if shape.fill is None else [_bled(path, edges) for path in shape.paths]
        lines = shape.paths if shape.stroke is None else [_longer(path, shape, edges) for path in shape.paths]
        strips = [] if shape.stroke is None else [strip for path in shape.paths for strip in _strips(path, edges)]
        if not strips and _are_same(paths, shape.paths) and _are_same(lines, shape.paths):
            yield shape
            continue
        if shape.fill is not None:
            yield shape._replace(paths=paths, stroke=None)
        if shape.stroke is not None:  # it is seen where the sheet is cut, and stays there
            if strips:
                yield Shape(strips, shape.stroke, opacity=shape.opacity)
            yield shape._replace(paths=lines, fill=None)


def _are_same(new: Sequence[Path], old: Sequence[Path]) -> bool:
    return all(one is other for one, other in zip(new, old, strict=True))


def _longer(path: Path, shape: Shape, edges: Edges) -> Path:
    """Give an open line that goes on beyond the edges on which it ends; one of dashes only at its end."""
    points = np.asarray(path.points, np.float64)
    if path.closed or len(points) < 2:
        return path
    dashed = shape.line is not None and len(shape.line.dashes) > 0
    start = None if dashed else _beyond(points, edges)
    end = _beyond(points[::-1], edges)
    if start is None and end is None:
        return path
    kinds = np.full(len(points) - 1, LINE, np.uint8) if path.kinds is None else path.kinds
    if start is not None:
        points, kinds = np.vstack([start, points]), np.append(np.uint8(LINE), kinds)
    if end is not None:
        points, kinds = np.vstack([points, end]), np.append(kinds, np.uint8(LINE))
    return Path(points, None if path.kinds is None else kinds.astype(np.uint8), closed=False)


def _beyond(points: Floats, edges: Edges) -> Floats | None:
    """Give where a line whose first point lies on an edge leaves the bleed; None where it does not."""
    sides = edges.sides(points[:1])
    others = points[(points != points[0]).any(1)]
    straight = edges.moved(points[0], sides)
    if not sides or not len(others) or np.array_equal(straight, points[0]):
        return None
    along = points[0] - others[0]
    along /= np.hypot(*along)
    out = straight - points[0]
    leads = np.abs(out) > 0
    if (along[leads] * np.sign(out[leads]) < STEEP).any():
        return straight
    beyond: Floats = points[0] + along * float((out[leads] / along[leads]).max())
    return beyond


def _strips(path: Path, edges: Edges) -> Iterator[Path]:
    """Give the areas of the bleed beside what of a line lies along an edge."""
    points = np.asarray(path.points, np.float64)
    if len(points) < 2:
        return
    for piece in _pieces(path, points):
        sides = edges.sides(piece)
        if sides:
            start, end = (edges.moved(piece[k], edges.sides(piece[[k]])) for k in (0, -1))
            ring = np.array([piece[0], start, end, piece[-1]])
            if not np.array_equal(start, piece[0]) and not np.array_equal(piece[0], piece[-1]):
                yield Path(ring)


def _pieces(path: Path, points: Floats) -> list[Floats]:
    """Give the segments of a path, that which closes it included."""
    kinds = np.full(len(points) - 1, LINE, np.uint8) if path.kinds is None else path.kinds
    ends = np.concatenate([[0], np.cumsum(kinds.astype(np.int64))])
    pieces = [points[a : b + 1] for a, b in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True)]
    if path.closed and not np.array_equal(points[0], points[-1]):
        pieces.append(points[[-1, 0]])
    return pieces


def _bled(path: Path, edges: Edges) -> Path:
    points = np.asarray(path.points, np.float64)
    if len(points) < 2:
        return path
    on_edge = (points - edges.low <= edges.near) | (edges.high - points <= edges.near)
    if on_edge.any(1).sum() < 2:
        return path
    pieces = _pieces(path._replace(closed=True), points)
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
    if not made:
        return path
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
