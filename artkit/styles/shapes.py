"""Regions with rounder borders, and shapes along the arcs of a planar map."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Floats
from artkit.artwork.bezier import KAPPA
from artkit.artwork.drawing import Path, Shape
from artkit.importance.focus import CLOSE
from artkit.planar.map import OUTSIDE, PlanarMap, planar_map
from artkit.planar.outlines import cut_out, packed
from artkit.planar.segments import Curves
from artkit.tracer.vector import joined_arcs

CIRCLE = np.array(
    [
        [1, 0], [1, KAPPA], [KAPPA, 1], [0, 1], [-KAPPA, 1], [-1, KAPPA], [-1, 0],
        [-1, -KAPPA], [-KAPPA, -1], [0, -1], [KAPPA, -1], [1, -KAPPA], [1, 0],
    ]
)  # fmt: skip
"""A circle about 0 with radius 1, (13, 2), as four cubics."""


def rounded(labels: NDArray[np.int32], count: int, sigma: float) -> NDArray[np.int32]:
    """Give each pixel to the region that has the most of the pixels around it, near ones counting more."""
    import cv2

    pad = int(np.ceil(3 * sigma)) + 1
    wide = np.pad(labels, pad, mode="edge")
    most, owner = np.zeros(wide.shape, np.float32), np.full(wide.shape, -1, np.int32)
    boxes = boxes_of(wide, count)
    for label, box in enumerate(boxes, start=-1):
        if box is None:
            continue
        rows, columns = box
        here = np.s_[max(rows.start - pad, 0) : rows.stop + pad, max(columns.start - pad, 0) : columns.stop + pad]
        share = np.asarray(cv2.GaussianBlur((wide[here] == label).astype(np.float32), (0, 0), sigma))
        better = share > most[here]
        most[here][better] = share[better]
        owner[here][better] = label
    inner = owner[pad:-pad, pad:-pad]
    return np.where(labels < 0, np.int32(-1), np.where(inner < 0, labels, inner))


def finer_where(
    close: NDArray[np.float32] | None, fine: NDArray[np.int32], coarse: NDArray[np.int32]
) -> NDArray[np.int32]:
    """Take the regions of a fine label image (H, W) that matter by `CLOSE` on the mean, and coarse ones elsewhere.

    Labels of fine ones follow those of coarse ones; -1 stays where it is in either.
    """
    if close is None or not (close >= CLOSE).any():
        return coarse
    count = int(fine.max(initial=-1)) + 1
    inside = fine >= 0
    pixels = np.bincount(fine[inside], minlength=count)
    mean = np.bincount(fine[inside], close[inside], count) / np.maximum(pixels, 1)
    taken = np.append(mean >= CLOSE, False)[fine] & (coarse >= 0)
    return np.where(taken, fine + np.int32(coarse.max(initial=-1) + 1), coarse)


def boxes_of(labels: NDArray[np.int32], count: int) -> list[tuple[slice, slice] | None]:
    """The rows and columns that each label from -1 to `count` - 1 lies in; None for one that is nowhere."""
    from scipy.ndimage import find_objects

    found: list[tuple[slice, slice] | None] = find_objects(labels + 2, count + 1)
    return found


def covering(mask: Bools, planar: PlanarMap, arcs: Curves, scale: Floats, fill: str) -> list[Shape]:
    """The shapes of a mask (H, W) whose borders are among the arcs of a planar map, enlarged by `scale`."""
    own = planar_map(np.where(mask, np.int32(0), np.int32(OUTSIDE)), planar)
    if not len(own.face_area):
        return []
    paths = outlined(own, joined_arcs(planar, arcs, own), scale)
    return [Shape(paths[face], fill) for face in sorted(paths)]


def outlined(planar: PlanarMap, arcs: Curves, scale: Floats) -> dict[int, list[Path]]:
    """The rings of each face of a planar map, enlarged by `scale`."""
    paths: dict[int, list[Path]] = {}
    for outline in cut_out(planar, arcs):
        paths.setdefault(outline.face, []).append(Path(outline.points * scale, outline.kinds))
    return paths


def arc_paths(planar: PlanarMap, curves: Curves, scale: Floats) -> list[Path]:
    """The line of each arc of a planar map, enlarged by `scale`: every border once."""
    body, keep, kinds = packed(curves)
    paths = []
    for arc, (low, high) in enumerate(zip(curves.offsets[:-1].tolist(), curves.offsets[1:].tolist(), strict=True)):
        some = slice(low, high)
        points = np.vstack([curves.start[low : low + 1], body[some][keep[some]]]) * scale
        paths.append(Path(points, kinds[some], bool(planar.closed[arc])))
    return paths


def depth_of(labels: NDArray[np.int32]) -> NDArray[np.float32]:
    """Distance of each pixel (H, W) from the border of its piece."""
    import cv2

    inner = np.ones(labels.shape, np.uint8)
    for one, other in ((np.s_[:, 1:], np.s_[:, :-1]), (np.s_[1:], np.s_[:-1])):
        differ = labels[one] != labels[other]
        inner[one][differ] = inner[other][differ] = 0
    depth = np.asarray(cv2.distanceTransform(np.pad(inner, 1), cv2.DIST_L2, 5), np.float32)
    return depth[1:-1, 1:-1]
