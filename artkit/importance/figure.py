"""How much a part of a picture is like a thing before a ground: masks of candidates in, a mark for each out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from artkit.algebra import rounded
from artkit.arrays import Bools, Floats, Ints

WHOLE = 0.06
"""Contrast, in OKLab, that all but a quarter of an outline has to have to count in full."""

SMALL = 0.02
"""Share of the picture below which a thing is hardly the subject."""

FOCUSED = 3.0
"""What a mask counts more that is sharp before a ground that is not."""

TOLD = 0.55
"""How much has to be known of how sharp the ground is, at least, on the average."""

RIM = 0.7
"""What a mask that takes all of the picture's rim counts less, in parts of one."""


FOOT = 0.4
"""What a mask counts that takes all of the lower rim and reaches both sides: that is a ground, a sea, a meadow."""


class Ground(NamedTuple):
    """What candidates are marked by: colors (H, W, 3), ranks of gradients from 0 to 1, (H, W), and bins of colors
    (H * W,); `maps` (H, W) of what may be the subject, how `sharp` the picture is, and how much of that is `known`.
    """

    lab: Floats
    edges: Floats
    bins: Ints
    maps: tuple[NDArray[np.float32], ...]
    sharp: NDArray[np.float32]
    known: NDArray[np.float32]


def edges_of(lab: Floats) -> Floats:
    """Ranks, from 0 to 1, of the steepest gradient beside each pixel of colors (H, W, 3)."""
    import cv2

    slope = np.zeros(lab.shape[:2])
    for plane in np.moveaxis(lab, 2, 0):
        for way in ((1, 0), (0, 1)):
            slope += np.asarray(cv2.Sobel(plane, cv2.CV_64F, *way)) ** 2
    slope = np.asarray(cv2.dilate(np.sqrt(slope), np.ones((3, 3), np.uint8)))
    ranks: Floats = np.searchsorted(np.sort(slope, axis=None), slope) / slope.size
    return ranks


def marks(masks: Sequence[Bools], ground: Ground) -> list[float]:
    """Mark masks, 0 at the least: each on its own, and more where others found about the same."""
    alike = np.array([[(one & other).sum() / max(int((one | other).sum()), 1) for other in masks] for one in masks])
    others = (alike.sum(1) - 1) / max(len(masks) - 1, 1)
    return [
        float(rounded(_mark(mask, ground) * (0.2 + float(agreed)) ** 0.3))
        for mask, agreed in zip(masks, others, strict=True)
    ]


def _mark(mask: Bools, ground: Ground) -> float:
    """Mark a mask: an outline along edges, whole, colors unlike those outside, all of what stands out and little else.

    It is a product: what fails in one of these is no thing.
    """
    import cv2

    inner = np.asarray(cv2.erode(mask.astype(np.uint8), np.ones((3, 3), np.uint8), borderValue=1)) > 0
    outline = mask & ~inner
    if not outline.any():
        return 0.0
    gap = float(np.percentile(contrast(ground.lab, mask)[outline], 25))
    edge = float(ground.edges[outline].mean())
    held = float(np.mean([found[mask].sum() / max(float(found.sum()), 1e-9) for found in ground.maps]))
    clear = float(np.mean([found[mask].mean() - found[~mask].mean() for found in ground.maps]))
    compact = min(4 * np.pi * float(mask.sum()) / float(outline.sum()) ** 2, 1.0)
    rim = float(np.concatenate([mask[0], mask[-1], mask[:, 0], mask[:, -1]]).mean())
    height = len(mask)
    top = float(np.concatenate([mask[0], mask[: height // 2, 0], mask[: height // 2, -1]]).mean())
    share, focused = float(mask.mean()), _focused(mask, ground)
    seen = edge**2 * min(gap / WHOLE, 1.0) * _unlike(mask, ground.bins) * compact**0.2
    matters = (held * max(0.4 + clear, 0.0)) ** 0.5 * share / (share + SMALL) * (1 - RIM * rim)
    cut_off = (1 - top) ** (1 - min(focused / 0.2, 1.0))  # at the top it is cut off seldom, but in a close-up
    foot = FOOT if mask[-1].mean() > 0.95 and mask[height // 2 :, [0, -1]].any(0).all() else 1.0
    return float(seen * matters * cut_off * foot * (1 + FOCUSED * focused))


def _focused(mask: Bools, ground: Ground) -> float:
    """How much sharper a mask is than what is outside; 0 where too little outside tells."""
    inside, outside = (ground.known * side for side in (mask, ~mask))
    told = float(np.clip((ground.known[~mask].mean() - TOLD) / 0.1, 0, 1))
    if not told:
        return 0.0
    means = [float((ground.sharp * weight).sum()) / max(float(weight.sum()), 1e-9) for weight in (inside, outside)]
    return told * max(means[0] - means[1], 0.0)


def contrast(lab: Floats, mask: Bools) -> Floats:
    """How unlike the mean colors within a mask and outside are around each pixel, (H, W), in OKLab."""
    import cv2

    means = []
    for side in (mask, ~mask):
        number = np.asarray(cv2.blur(side.astype(np.float64), (9, 9)))
        means.append(cv2.blur(np.where(side[..., None], lab, 0), (9, 9)) / np.maximum(number, 1e-6)[..., None])
    found: Floats = np.linalg.norm(means[0] - means[1], axis=2)
    return found


def _unlike(mask: Bools, bins: Ints) -> float:
    """How little of the colors inside there is outside, 0 to 1."""
    coarse = bins // 512 * 64 + bins // 32 % 8 * 8 + bins // 2 % 8  # two by two
    inside, outside = (np.bincount(coarse[side.ravel()], minlength=512) for side in (mask, ~mask))
    shares = np.minimum(inside / max(int(inside.sum()), 1), outside / max(int(outside.sum()), 1))
    return 1 - float(shares.sum())
