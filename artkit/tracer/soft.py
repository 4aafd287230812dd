"""Soft transparency, as of shadows and glows: a picture in, nested shapes for what is soft and the rest of it out.

Where alpha changes smoothly there are no borders to find. Such parts are drawn as nested shapes, each along a line of
equal alpha, whose opacities add up to the picture's: as an image in contour lines. They lie beneath the rest, so that
what covers them needs to be taken off: with the soft part's alpha s, known around an object and filled in beneath it,
an edge pixel of alpha a is covered by the object to (a - s) / (1 - s) (Porter and Duff 1984).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Floats, Mask, offsets_of
from artkit.artwork.drawing import Path, Shape
from artkit.artwork.image import Image
from artkit.color.palette import name_of
from artkit.planar.outlines import packed
from artkit.planar.spline import fit_splines

LEAST = 48
"""A soft part has at least so many pixels inside it; smaller ones are edges."""

COMMON, TOP = 0.6, 4
"""Where the TOP commonest alphas cover more than this share of a part, it is flat and not soft."""

STEEPEST = 40
"""The most that alpha changes from pixel to pixel in what is soft, of 255; edges are steeper."""

STEP = 4.0
"""Levels of alpha, of 255, between two nested shapes: less is closer and takes more shapes."""

FEWEST, MOST = 4, 40
"""Bounds of the number of nested shapes."""

ROUNDING = 2.0
"""How far alpha may be off where a nested shape runs, in levels of 255: eight bits tell it no better."""

CLOSEST, FARTHEST = 0.5, 5.0
"""Bounds of how far a nested shape may stray from its line of equal alpha for that, in pixels."""

SHORTEST = 12
"""Rings of no more points than this are specks."""

GRID = 0.25
"""The grid of joints, in pixels."""


class Split(NamedTuple):
    """Shapes of what is soft, lowest first, and the picture without it."""

    shapes: list[Shape]
    rest: Image


def split(image: Image) -> Split | None:
    """Take a picture's soft parts off it; None where it has none."""
    if image.alpha is None or not ((image.alpha > 0) & (image.alpha < 255)).any():
        return None
    soft = is_soft(image.alpha)
    if not soft.any():
        return None
    share = image.alpha / 255.0
    layer = np.dstack([image.pixels * share[..., None], share])  # premultiplied, alpha last
    empty = (image.alpha == 0) & ~_grown(image.alpha == 255, 2)
    beneath = filled(layer, soft | empty)
    return Split(_nested(beneath), _rest(image, layer, beneath, soft | (image.alpha == 0)))


def is_soft(alpha: Mask) -> Bools:
    """(H, W): where alpha changes smoothly over an area, edges and even areas left out."""
    import cv2

    partial = (alpha > 0) & (alpha < 255)
    wide = alpha.astype(np.int16)
    steep = np.zeros(alpha.shape, bool)
    for axis in (0, 1):
        jump = np.abs(np.diff(wide, axis=axis)) > STEEPEST
        ahead, behind = [(0, 0), (0, 0)], [(0, 0), (0, 0)]
        ahead[axis], behind[axis] = (1, 0), (0, 1)
        steep |= np.pad(jump, ahead) | np.pad(jump, behind)
    inside = _shrunk(partial & ~steep, 1)
    count, parts, facts, _ = cv2.connectedComponentsWithStats(inside.astype(np.uint8), connectivity=4)
    soft = np.zeros(count, bool)
    for part in np.flatnonzero(facts[:, cv2.CC_STAT_AREA] >= LEAST).tolist():
        if part:
            x, y, width, height = facts[part, :4]
            box = (slice(y, y + height), slice(x, x + width))
            values = np.sort(np.bincount(alpha[box][parts[box] == part], minlength=256))
            soft[part] = values[-TOP:].sum() < COMMON * values.sum()
    # Next to what is opaque, pixels may be mixtures with its edge.
    return _grown(soft[parts], 2) & partial & ~steep & ~_grown(alpha == 255, 2)


def _shrunk(mask: Bools, by: int) -> Bools:
    import cv2

    return cv2.erode(mask.astype(np.uint8), np.ones((2 * by + 1,) * 2, np.uint8), borderValue=1).astype(bool)


def _grown(mask: Bools, by: int) -> Bools:
    import cv2

    return cv2.dilate(mask.astype(np.uint8), np.ones((2 * by + 1,) * 2, np.uint8)).astype(bool)


def filled(values: Floats, known: Bools) -> Floats:
    """Fill in what is not `known` (H, W) of (H, W, C) values smoothly: means of what is known, from afar to close by.

    Each level halves the picture; what is unknown takes the value of the next one (push-pull, Gortler et al. 1996).
    """
    import cv2

    if known.all() or not known.any():
        return np.where(known[..., None], values, 0.0)
    weight = known.astype(np.float64)
    small = tuple(max((size + 1) // 2, 1) for size in weight.shape[::-1])
    reduced = cv2.resize(weight, small, interpolation=cv2.INTER_AREA)
    sums = cv2.resize(values * weight[..., None], small, interpolation=cv2.INTER_AREA).reshape(*reduced.shape, -1)
    means = sums / np.maximum(reduced, 1e-9)[..., None]
    if max(small) > 1:
        means = filled(means, reduced > 0)
    rough = cv2.resize(means, weight.shape[::-1], interpolation=cv2.INTER_LINEAR).reshape(values.shape)
    for _ in range(8):  # steps of Jacobi's method even out what the coarser level left
        around = cv2.blur(rough, (3, 3), borderType=cv2.BORDER_REPLICATE).reshape(values.shape)
        rough = np.where(known[..., None], values, around)
    return np.asarray(rough, np.float64)


def _rest(image: Image, layer: Floats, beneath: Floats, gone: Bools) -> Image:
    """Give what lies on the soft parts, as a picture with a mask.

    A pixel close to opaque ones is a mixture of their color and of what is beneath, and its share of the two is read
    off all four channels; any other one covers as much as its alpha says.
    """
    assert image.alpha is not None
    opaque = image.alpha == 255
    under = np.clip(beneath[..., 3], 0, 1)
    cover = np.clip((layer[..., 3] - under) / np.maximum(1 - under, 1e-6), 0, 1)
    color = (layer[..., :3] - beneath[..., :3] * (1 - cover)[..., None]) / np.maximum(cover, 1e-6)[..., None]
    y, x, nearest = _beside(opaque)
    if len(y):
        paint = np.column_stack([image.pixels[nearest], np.full(len(y), OPACITY)])
        ground = beneath[y, x] * (1, 1, 1, OPACITY)
        along = paint - ground
        mixed = ((layer[y, x] * (1, 1, 1, OPACITY) - ground) * along).sum(1) / np.maximum((along**2).sum(1), 1e-9)
        cover[y, x], color[y, x] = np.clip(mixed, 0, 1), paint[:, :3]
    cover[gone & ~opaque] = 0
    cover[opaque] = 1
    solid = cover > FAINT
    pixels = np.where(solid[..., None], np.clip(np.rint(color), 0, 255), 0).astype(np.uint8)
    pixels[opaque] = image.pixels[opaque]
    return Image(pixels, np.rint(255 * np.where(solid, cover, 0)).astype(np.uint8))


def _beside(opaque: Bools) -> tuple[NDArray[np.intp], NDArray[np.intp], tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Rows and columns of pixels within two of opaque ones, and of the opaque one nearest to each."""
    from scipy.ndimage import distance_transform_edt

    y, x = np.nonzero(_grown(opaque, 2) & ~opaque)
    if not len(y):
        return y, x, (y, x)
    places = distance_transform_edt(~opaque, return_distances=False, return_indices=True)
    return y, x, (places[0][y, x], places[1][y, x])


OPACITY = 255.0
"""What full opacity counts beside colors from 0 to 255, where mixtures are told apart."""

FAINT = 0.04
"""What covers less of a pixel than this is a rounding."""


def _nested(beneath: Floats) -> list[Shape]:
    """Draw a smooth premultiplied layer, (H, W, 4), as nested shapes along lines of equal alpha."""
    alpha = np.clip(beneath[..., 3], 0, 1)
    top = float(alpha.max())
    count = int(np.clip(np.ceil(top * 255 / STEP), FEWEST, MOST))
    levels = top * (np.arange(count) + 1) / count
    limits = np.concatenate([[levels[0] / 2], (levels[1:] + levels[:-1]) / 2])
    shapes: list[Shape] = []
    drawn, so_far = np.zeros(3), 0.0
    for low, high, level in zip(limits, [*limits[1:], np.inf], levels, strict=True):
        band = (alpha >= low) & (alpha < high)
        if band.any():
            inks = beneath[band]
            target = inks[:, :3].sum(0) / max(inks[:, 3].sum(), 1e-9) * level
        else:
            target = drawn / max(so_far, 1e-9) * level
        opacity = (level - so_far) / (1 - so_far) if so_far < 1 else 1.0
        paths = _outline(alpha, float(low))
        if not paths:
            break
        color = np.clip(np.rint((target - drawn * (1 - opacity)) / opacity), 0, 255).astype(int)
        shapes.append(Shape(paths, name_of(color), opacity=round(float(opacity), 4)))
        opacity, paint = shapes[-1].opacity, color.astype(np.float64)
        drawn, so_far = drawn * (1 - opacity) + paint * opacity, so_far * (1 - opacity) + opacity
    return shapes


def _outline(alpha: Floats, level: float) -> list[Path]:
    """Closed curves around where alpha (H, W) is above a level, along the sheet's edge where it goes on beyond it."""
    from skimage.measure import find_contours

    height, width = alpha.shape
    padded = np.pad(np.pad(alpha, 1, mode="edge"), 1)
    found: list[Floats] = find_contours(padded, level)  # type: ignore[no-untyped-call]
    rings = [_within(ring[:-1, ::-1] - 1.5, width, height) for ring in found]
    rings = [ring for ring in rings if len(ring) > SHORTEST]
    if not rings:
        return []
    points = np.concatenate(rings)
    offsets = offsets_of(np.array([len(ring) for ring in rings]))
    x, y = np.clip(points.astype(np.int64), 0, (width - 1, height - 1)).T
    tolerance = np.clip(ROUNDING / 255 / np.maximum(_slope(alpha)[y, x], 1e-6), CLOSEST, FARTHEST)
    curves = fit_splines(points, offsets, np.ones(len(rings), bool), tolerance, _is_corner(rings, width, height), GRID)
    body, keep, kinds = packed(curves)
    paths = []
    for low, high in zip(curves.offsets[:-1].tolist(), curves.offsets[1:].tolist(), strict=True):
        if high > low:
            path = np.vstack([curves.start[low : low + 1], body[low:high][keep[low:high]]])
            paths.append(Path(path, kinds[low:high]))
    return paths


def _within(ring: Floats, width: int, height: int) -> Floats:
    """Bring a ring (N, 2) back onto the sheet; points that come to lie on one another are one."""
    ring = np.clip(ring, 0, (width, height))
    moved: Floats = ring[(ring != np.roll(ring, 1, axis=0)).any(1)]
    return moved


def _slope(alpha: Floats) -> Floats:
    """How much alpha (H, W) changes from pixel to pixel."""
    steps = [np.gradient(alpha, axis=axis) if alpha.shape[axis] > 1 else np.zeros(alpha.shape) for axis in (0, 1)]
    slope: Floats = np.hypot(*steps)
    return slope


def _is_corner(rings: list[Floats], width: int, height: int) -> Bools:
    """Which points of rings are corners of the sheet, or where a ring comes to the sheet's edge."""
    corners = []
    for ring in rings:
        beside = (ring == 0) | (ring == (width, height))
        edge = beside.any(1)
        corners.append(beside.all(1) | edge & ~(np.roll(edge, 1) & np.roll(edge, -1)))
    return np.concatenate(corners)
