"""The subject of a picture, cut out: a graph cut by color, begun with what matters (Rother, Kolmogorov, Blake 2004).

What stands out the most, and faces with what is below them, is the subject for now, what does so the least is not; the
cut moves the border between them to where colors change. The border of the result is smooth, and it keeps its holes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools
from artkit.artwork.image import Image
from artkit.importance.faces import reduced
from artkit.importance.focus import Focus
from artkit.importance.maps import Importance, importance_of
from artkit.raster.histogram import histogram, otsu_level

AREA = 60_000
"""Pixels of the copy in which the cut is made."""

ROUNDS = 5
"""How often colors are learned anew and the cut is made again."""

BESIDE = 0.5
"""What stands out beside a face counts this share of what it would."""

REST = 0.12
"""Share of the limit between subject and rest below which it is the rest for sure."""

LEAST, MOST = 0.004, 0.9
"""Share of the picture that a subject takes, at least and at most."""

APART = 0.04
"""How unlike its surroundings a subject is, in OKLab, at least."""

SMALL = 0.04
"""Parts and holes below this share of the subject are none."""


def subject_of(image: Image, focus: Focus | None) -> Bools | None:
    """Where the subject is (H, W), or None where none stands out."""
    import cv2

    small, _ = reduced(image.on_white().pixels, AREA)
    height, width = small.shape[:2]
    if min(height, width) < 8:
        return None
    seed = _seed(image, focus, (width, height))
    if seed is None:
        return None
    found = _cut(small, seed, sure=(focus is not None and focus.said is not None) or bool(importance_of(image).faces))
    if found is None:
        return None
    found = _whole(found)
    if not LEAST < found.mean() < MOST or not _is_apart(small, found):
        return None
    side = 0.006 * max(image.width, image.height)
    large = cv2.resize(found.astype(np.float32), (image.width, image.height), interpolation=cv2.INTER_CUBIC)
    smooth = np.asarray(cv2.GaussianBlur(large, (0, 0), max(side, 0.8), borderType=cv2.BORDER_REPLICATE)) > 0.5
    return smooth if image.is_opaque is None else smooth & image.is_opaque


def _seed(image: Image, focus: Focus | None, size: tuple[int, int]) -> NDArray[np.float32] | None:
    """How likely each pixel of a copy is the subject's, (H, W) from 0 to 1; None where nothing stands out."""
    if focus is not None and focus.said is not None:
        said: NDArray[np.float32] = np.minimum(focus.level(*size) * np.float32(1.2), 1).astype(np.float32)
        return said
    found = importance_of(image)
    seed = found.salience(*size)
    if not seed.any() and not found.faces:
        return None
    if found.faces:
        seed *= BESIDE
        np.maximum(seed, _people(found, size), out=seed)
    return seed


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


def _cut(pixels: NDArray[np.uint8], seed: NDArray[np.float32], sure: bool) -> Bools | None:
    """Cut by color between what is likely the subject's and what is not; what is `sure` to be stays so."""
    import cv2

    level = otsu_level(histogram(np.rint(255 * seed).astype(np.uint8), None))
    if level is None:
        return None
    limit = level / 255
    mask = np.full(seed.shape, cv2.GC_PR_BGD, np.uint8)
    mask[seed > limit] = cv2.GC_PR_FGD
    mask[seed < REST * limit] = cv2.GC_BGD
    if sure:
        mask[seed > 0.95] = cv2.GC_FGD
    if not (mask & 1).any() or (mask & 1).all():
        return None
    cv2.setRNGSeed(0)  # its mixtures of colors begin by chance
    background, foreground = np.zeros((1, 65)), np.zeros((1, 65))
    lab = cv2.cvtColor(cv2.bilateralFilter(pixels, 5, 30, 3), cv2.COLOR_RGB2LAB)
    cv2.grabCut(lab, mask, (0, 0, 1, 1), background, foreground, ROUNDS, cv2.GC_INIT_WITH_MASK)
    return np.asarray((mask == cv2.GC_FGD) | (mask == cv2.GC_PR_FGD), bool)


def _whole(mask: Bools) -> Bools:
    """The largest part and those that are not much smaller, with their larger holes."""
    import cv2

    smooth = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    result = np.asarray(smooth, np.uint8) > 0
    for inside, share in ((True, 0.25), (False, SMALL)):
        _, labels, stats, _ = cv2.connectedComponentsWithStats((result == inside).astype(np.uint8), connectivity=4)
        area = stats[:, cv2.CC_STAT_AREA].astype(float)
        area[0] = 0
        least = share * (area.max() if inside else result.sum())
        small = (area < least) & (area > 0)
        result = np.where(small[labels], not inside, result)
    return result


def _is_apart(pixels: NDArray[np.uint8], mask: Bools) -> bool:
    """Whether colors change at the border of a mask as they do at that of a thing."""
    import cv2

    from artkit.color.spaces import srgb_to_oklab

    lab = srgb_to_oklab(pixels)
    part = mask.astype(np.uint8)
    disc = np.ones((7, 7), np.uint8)
    inner = mask & (np.asarray(cv2.erode(part, disc, borderValue=1)) == 0)
    outer = ~mask & (np.asarray(cv2.dilate(part, disc)) > 0)
    if not inner.any() or not outer.any():
        return False
    near = np.stack([cv2.blur(np.where(side[..., None], lab, 0), (9, 9)) / np.maximum(
        cv2.blur(side.astype(float), (9, 9)), 1e-6)[..., None] for side in (inner, outer)])  # fmt: skip
    edge = inner & (np.asarray(cv2.dilate(outer.astype(np.uint8), np.ones((3, 3), np.uint8))) > 0)
    return bool(np.median(np.linalg.norm(near[0] - near[1], axis=2)[edge]) > APART)
