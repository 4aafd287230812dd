"""The subject of a picture, cut out: several cuts of what may be one, and the one that is most like a thing.

What stands out, what is no backdrop, what is sharp and what is in the middle are each looked for by a cut (`cut`); each
mask is marked by how much it is like a thing before a ground (`figure`). People whose faces are seen, and what the user
says, are cut out at once. The border is then found again in a finer copy, made smooth, and holes are kept.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from artkit.algebra import rounded
from artkit.arrays import Bools, Floats, median
from artkit.artwork.image import Image
from artkit.color.spaces import srgb_to_oklab
from artkit.importance.backdrop import standing_of
from artkit.importance.cut import Canvas, Manner, Seed, cut, refined
from artkit.importance.faces import reduced
from artkit.importance.figure import Ground, contrast, edges_of, marks
from artkit.importance.focus import Focus
from artkit.importance.maps import Importance, importance_of
from artkit.importance.salience import sharpness

AREA = 24_000
"""Pixels of the copy in which cuts are made."""

FINE = 120_000
"""Pixels of the copy in which the border is found again."""

LOOSE, TIGHT = Manner(6.0, 0.35, 0.35, 4), Manner(14.0, 0.7, 0.35, 2)
"""Cuts that follow colors far, and those that stay where the subject was looked for."""

ANYWHERE = Manner(10.0, 0.35, 0.0, 3)
"""Cuts that may reach to the rim of the picture."""

MIDDLE = 0.6
"""Standard deviation of the bell in which the subject is looked for in the middle, in half sides."""

WORTH = 0.15
"""The least mark of a thing: below it the picture has no one subject."""

SAME = 0.75
"""Masks whose intersection is this share of their union are of one thing."""

MANY = 0.35
"""Share of their marks that a pixel of the subject has; less than half, for cuts lose more than they add."""

BESIDE = 0.5
"""What stands out beside a face counts this share of what it would."""

LEAST, MOST = 0.004, 0.92
"""Share of the picture that a subject takes, at least and at most."""

APART = 0.03
"""How unlike its surroundings a subject is, in OKLab, at least."""

BESIDES = 0.35
"""How much another part stands out, for each that the first does, to be a part of the subject."""

MAIN = 0.45
"""Share of all that stands out that the main part has at least."""

NECK = 5
"""Pixels of the copy."""

ALIKE = 0.04
"""How unlike the mean of what is outside nearby a hole may be, in OKLab."""

SMALL = 0.03
"""Holes below this share of the subject are none."""


def subject_of(image: Image, focus: Focus | None) -> Bools | None:
    """Where the subject is (H, W), or None where none stands out."""
    import cv2

    small, _ = reduced(image.on_white().pixels, AREA)
    if min(small.shape[:2]) < 8:
        return None
    best = _best(image, focus, small)
    if best is None:
        return None
    fine, _ = reduced(image.on_white().pixels, FINE)
    best = refined(Canvas.of(fine), best)
    side = max(0.004 * max(image.width, image.height), 0.8)
    large = cv2.resize(best.astype(np.float32), (image.width, image.height), interpolation=cv2.INTER_CUBIC)
    smooth = np.asarray(cv2.GaussianBlur(large, (0, 0), side, borderType=cv2.BORDER_REPLICATE)) > 0.5
    return smooth if image.is_opaque is None else smooth & image.is_opaque


def _best(image: Image, focus: Focus | None, small: NDArray[np.uint8]) -> Bools | None:
    """The subject of a small copy: what is said, people, or the best of several cuts; None where there is none."""
    canvas = Canvas.of(small)
    height, width = small.shape[:2]
    if focus is not None and focus.said is not None:
        level = focus.level(width, height)
        return _found(small, canvas, Seed(level, level > 0.95), LOOSE)
    known = importance_of(image)
    out = known.salience(width, height)
    if known.faces:
        likely = np.maximum(np.float32(BESIDE) * out, _people(known, (width, height)))
        return _found(small, canvas, Seed(likely, likely > 0.95), LOOSE)
    if not out.any():
        return None
    seeds, ground = _seeds(image, out, small, canvas)
    found = [_found(small, canvas, seed, manner) for seed, manner in seeds]
    masks = [mask for mask in found if mask is not None]
    if not masks:
        return None
    each = marks(masks, ground)
    if max(each) < WORTH:
        return None
    best = masks[each.index(max(each))]
    same = [(one & best).sum() >= SAME * (one | best).sum() for one in masks]
    weight = np.where(same, each, 0.0)
    return np.asarray((weight[:, None, None] * np.array(masks)).sum(0) > MANY * weight.sum())


def _found(small: NDArray[np.uint8], canvas: Canvas, seed: Seed, manner: Manner) -> Bools | None:
    """Cut out what a seed points at; None where that is no thing."""
    mask = cut(canvas, seed, manner)
    if mask is None or not mask.any():
        return None
    whole = _whole(_with_holes(small, mask) | seed.sure, seed.likely)
    if whole is None:
        return None
    mask = whole
    fits = LEAST < mask.mean() < MOST and (seed.sure.any() or _is_apart(canvas.lab, mask))
    return mask if fits else None


def _seeds(
    image: Image, out: NDArray[np.float32], small: NDArray[np.uint8], canvas: Canvas
) -> tuple[list[tuple[Seed, Manner]], Ground]:
    """Where the subject of a copy may be, and how it is cut out there; and the ground to mark what is found by."""
    height, width = small.shape[:2]
    standing = standing_of(small, canvas.lab)
    y, x = np.linspace(-1, 1, height)[:, None], np.linspace(-1, 1, width)[None]
    bell = rounded(np.exp(-0.5 * (x**2 + y**2) / MIDDLE**2)).astype(np.float32)
    free = standing.free * (np.float32(0.35) + np.float32(0.65) * bell)
    sharp, known = sharpness(image.on_white().pixels, (width, height))
    ground = Ground(canvas.lab, edges_of(canvas.lab), canvas.bins, (out, standing.out, free), sharp, known)
    looked = (
        (out, LOOSE), (out, TIGHT), (standing.out, TIGHT), (free, LOOSE), (free, TIGHT), (bell, TIGHT),
        (sharp * (np.float32(0.5) + np.float32(0.5) * bell), ANYWHERE),
    )  # fmt: skip
    none = np.zeros((height, width), bool)
    return [
        (Seed((likely / likely.max()).astype(np.float32), none), how) for likely, how in looked if likely.any()
    ], ground


def _people(found: Importance, size: tuple[int, int]) -> NDArray[np.float32]:
    """Where people are whose faces are seen, (H, W): 1 in faces and chests, less in hair, hats and shoulders."""
    width, height = size
    scale = width / found.width
    y, x = np.mgrid[:height, :width].astype(np.float32)
    likely = found.face(width, height)
    for face in found.faces:
        lean = np.deg2rad(face.turn)
        across, down = ((x + 0.5) / scale - face.x) / face.width, ((y + 0.5) / scale - face.y) / face.width
        along, aside = down * np.cos(lean) - across * np.sin(lean), across * np.cos(lean) + down * np.sin(lean)
        head = np.hypot(aside / 0.85, (along + 0.35) / 1.15) < 1
        shoulders = (down > 0.75) & (down < 4) & (np.abs(across) < np.minimum(0.75 * down, 1.6))
        chest = (down > 1.2) & (down < 3) & (np.abs(across) < 0.5)
        for where, how in ((head, 0.7), (shoulders, 0.7), (chest, 1.0)):
            likely = np.maximum(likely, np.float32(how) * where)
    return likely.astype(np.float32)


def _whole(mask: Bools, likely: NDArray[np.float32]) -> Bools | None:
    """The part that stands out the most and those that do `BESIDES` as much, with their larger holes.

    What hangs together by a neck thinner than `NECK` are two parts. None where no part is the main one.
    """
    import cv2

    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (NECK, NECK))
    cores = np.asarray(cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, disc), np.uint8)
    cores = cores if cores.any() else mask.astype(np.uint8)
    labels = np.asarray(cv2.connectedComponents(cores, connectivity=4)[1], np.int32)
    weight = np.bincount(labels.ravel(), likely.ravel()).astype(np.float64)
    weight[0] = 0
    if weight.max() < MAIN * weight.sum():
        return None
    kept = np.append(False, weight[1:] >= BESIDES * weight.max())
    result = mask & kept[_nearest_label(labels)]
    _, holes, stats, _ = cv2.connectedComponentsWithStats((~result).astype(np.uint8), connectivity=4)
    small = stats[:, cv2.CC_STAT_AREA] < SMALL * result.sum()
    small[0] = False
    return np.asarray(result | small[holes])


def _with_holes(pixels: NDArray[np.uint8], mask: Bools) -> Bools:
    """Open holes: larger parts of a mask that look as what is outside nearby does."""
    import cv2

    lab: Floats = np.asarray(cv2.GaussianBlur(srgb_to_oklab(pixels), (0, 0), 1.0), np.float64)
    side = 0.12 * max(mask.shape)
    outside = np.where(mask[..., None], 0, np.dstack([lab, np.ones(mask.shape)]))
    around: Floats = np.asarray(cv2.GaussianBlur(outside, (0, 0), side), np.float64)
    gap = np.linalg.norm(lab - around[..., :3] / np.maximum(around[..., 3:], 1e-9), axis=2)
    alike = (mask & (gap < ALIKE) & (around[..., 3] > 0.02)).astype(np.uint8)
    alike = np.asarray(cv2.morphologyEx(alike, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8)), np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(alike, connectivity=4)
    large = stats[:, cv2.CC_STAT_AREA] >= SMALL * mask.sum()
    large[0] = False
    return np.asarray(mask & ~large[labels])


def _nearest_label(labels: NDArray[np.int32]) -> NDArray[np.int32]:
    """The label above 0 that is nearest to each pixel."""
    from scipy.ndimage import distance_transform_edt

    row, column = distance_transform_edt(labels == 0, return_distances=False, return_indices=True)
    nearest: NDArray[np.int32] = labels[row, column]
    return nearest


def _is_apart(lab: Floats, mask: Bools) -> bool:
    """Whether colors change at the border of a mask as they do at that of a thing."""
    import cv2

    edge = mask & (np.asarray(cv2.erode(mask.astype(np.uint8), np.ones((3, 3), np.uint8), borderValue=1)) == 0)
    return bool(edge.any() and median(contrast(lab, mask)[edge]) > APART)
