"""Borders moved until the drawing that they make, blurred as the picture is, looks like the picture.

Where an edge is blurred, thin, or near another one, no two pixels beside it tell where it runs. The whole drawing does:
it is painted with exact coverage, and each border moves by what the picture has more of its left ink across it
(analysis by synthesis).
"""

from __future__ import annotations

import numpy as np

from artkit.arrays import Bools, Floats, Ints, LabelIds, offsets_of, rows_of
from artkit.color.ycc import Colors
from artkit.planar.map import NORMAL_X, NORMAL_Y, PlanarMap
from artkit.tracer.regions.edges import neighbors, sides

ROUNDS = 4
"""How often borders are moved."""

FARTHEST = 0.95
"""How far a border may stand from its crack, in pixels: no further than the next."""

AVERAGED = 2
"""How often moves are averaged with those of the cracks beside, 1 : 2 : 1."""

STEADY = 0.3
"""Part by which each place is drawn to the mean of the two beside it, each round: noise is not followed."""


def settled(
    planar: PlanarMap, offset: Floats, colors: Colors, inks: Colors, blur: float, still: Bools | None = None
) -> Floats:
    """Move the borders of a map from their first `offset` (cracks,) until they explain `colors` (H, W, C) best.

    `inks` (K, C) are the colors of labels; `still` pixels (H, W) tell nothing; cracks with nothing on one side stay.
    """
    left, right = planar.label_left, planar.label_right
    arc = planar.arc_of
    jump = _colors_of(left, inks) - _colors_of(right, inks)
    inner = ((left >= 0) & (right >= 0))[arc]
    if not inner.any():
        return offset
    along = jump[arc[inner]]
    strength = (along * along).sum(1)
    left_y, left_x, right_y, right_x = (side[inner] for side in sides(planar))
    step_y, step_x = right_y - left_y, right_x - left_x
    reach = 1 + int(np.ceil(1.5 * blur))
    pad = reach + 1
    before, after = neighbors(planar)
    place = offset.copy()
    for _ in range(ROUNDS):
        rest = colors - painted(planar, place, jump, blur)
        if still is not None:
            rest[still] = 0
        rest = np.pad(rest, ((pad, pad), (pad, pad), (0, 0)))
        pull, weight = np.zeros(len(along)), np.zeros(len(along))
        for k in range(-reach, reach):  # pixels across the crack: its left one is at -1/2
            y, x = left_y + (k + 1) * step_y + pad, left_x + (k + 1) * step_x + pad
            share = np.exp(-((k + 0.5 - place[inner]) ** 2) / (2 * (blur * blur + 0.3)))
            pull += share * (rest[y, x] * along).sum(1)
            weight += share * share
        move = pull / np.maximum(strength, 1e-6) / np.maximum(weight * _spread(blur), 1e-6)
        moved = np.zeros(len(place))
        moved[inner] = np.clip(move, -0.5, 0.5)
        for _ in range(AVERAGED):
            moved = (moved[before] + 2 * moved + moved[after]) / 4
        place = place + np.where(inner, moved, 0)
        mean = (place[before] + place[after]) / 2
        near = np.abs(mean - place) < 0.6  # not from one direction of cracks to the other, nor across corners
        same = inner & (planar.direction[before] == planar.direction) & (planar.direction[after] == planar.direction)
        place = np.where(same & near, place + STEADY * (mean - place), place)
        place = np.where(inner, np.clip(place, -FARTHEST, FARTHEST), offset)
    return place


def _spread(blur: float) -> float:
    """Height of the blurred step's slope beside the Gaussian of height 1 that stands for it."""
    return float(1 / np.sqrt(2 * np.pi * (blur * blur + 0.3)))


def _colors_of(labels: LabelIds, inks: Colors) -> Floats:
    colors: Floats = np.where((labels >= 0)[:, None], inks[np.maximum(labels, 0)], 0.0)
    return colors


def painted(planar: PlanarMap, offset: Floats, jump: Floats, blur: float) -> Floats:
    """(H, W, C): what borders enclose, painted with exact coverage and blurred; `jump` (arcs, C) is left less right.

    Each piece of border adds its jump to all that lies right of it in its rows, so that a running sum along rows paints
    everything at once.
    """
    import cv2

    start, end, owner = _pieces(planar, offset)
    height, width, channels = planar.height, planar.width, jump.shape[1]
    top = np.minimum(start[:, 1], end[:, 1])
    bottom = np.maximum(start[:, 1], end[:, 1])
    first = np.floor(top)
    flat = np.zeros((channels, height * (width + 2)))
    for row in range(int((np.ceil(bottom) - first).max(initial=0))):
        y = first + row
        rise = end[:, 1] - start[:, 1]
        some = np.flatnonzero((np.minimum(bottom, y + 1) > np.maximum(top, y)) & (y >= 0) & (y < height))
        if not len(some):
            continue
        low, high = np.maximum(top[some], y[some]), np.minimum(bottom[some], y[some] + 1)
        share = ((low + high) / 2 - start[some, 1]) / rise[some]
        x = np.clip(start[some, 0] + share * (end[some, 0] - start[some, 0]), 0, width)
        column = np.floor(x).astype(np.int64)
        part = x - column
        cover = (high - low) * np.sign(rise[some])
        at = y[some].astype(np.int64) * (width + 2) + column
        for c in range(channels):
            size = cover * jump[owner[some], c]
            flat[c] += np.bincount(at, weights=size * (1 - part), minlength=flat.shape[1])
            flat[c] += np.bincount(at + 1, weights=size * part, minlength=flat.shape[1])
    picture = np.cumsum(flat.reshape(channels, height, width + 2), axis=2)[:, :, :width].transpose(1, 2, 0)
    picture = np.ascontiguousarray(picture, np.float32)
    if blur > 0:
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), blur, borderType=cv2.BORDER_REPLICATE))
    shown: Floats = picture.reshape(height, width, channels).astype(np.float64)
    return shown


def _pieces(planar: PlanarMap, offset: Floats) -> tuple[Floats, Floats, Ints]:
    """Straight pieces of the borders, from sample to sample and from and to nodes, each halved: (start, end, arc)."""
    normal = np.column_stack([NORMAL_X[planar.direction], NORMAL_Y[planar.direction]])
    samples = planar.middles + offset[:, None] * normal
    count = np.diff(planar.offsets)
    open_arcs = ~planar.closed
    size = count + np.where(open_arcs, 2, 1)
    begin = offsets_of(size)
    points = np.empty((begin[-1], 2))
    arc = planar.arc_of
    points[np.arange(len(arc)) - planar.offsets[:-1][arc] + begin[:-1][arc] + open_arcs[arc]] = samples
    points[begin[1:][~open_arcs] - 1] = samples[planar.offsets[:-1][~open_arcs]]
    k = np.flatnonzero(open_arcs)
    firsts, lasts = planar.offsets[:-1][k], planar.offsets[1:][k] - 1
    nodes = np.concatenate([planar.start[k], planar.end[k]])
    ends = np.concatenate([firsts, lasts])
    placed = planar.corner_points(nodes) + _node_shift(nodes, (offset[:, None] * normal)[ends], normal[ends] != 0)
    points[begin[:-1][k]], points[begin[1:][k] - 1] = placed[: len(k)], placed[len(k) :]
    inside = np.ones(begin[-1], bool)
    inside[begin[1:] - 1] = False
    at = np.flatnonzero(inside)
    start, end = points[at], points[at + 1]
    middle = (start + end) / 2
    owner = rows_of(begin)[at]
    return np.concatenate([start, middle]), np.concatenate([middle, end]), np.concatenate([owner, owner])


def _node_shift(nodes: Ints, shift: Floats, counts: Bools) -> Floats:
    """How far each node is moved, (N, 2): the mean of the borders that end there, in x and in y."""
    _, of = np.unique(nodes, return_inverse=True)
    moved = np.zeros((len(nodes), 2))
    for c in range(2):
        total = np.bincount(of, weights=shift[:, c] * counts[:, c])
        number = np.bincount(of, weights=counts[:, c])
        moved[:, c] = (total / np.maximum(number, 1))[of]
    return moved
