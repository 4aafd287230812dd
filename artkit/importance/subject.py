"""The subject of a picture, cut out: a graph cut by color, begun with what matters (Boykov and Jolly 2001).

What stands out, or people whose faces are seen, is the subject at first. Colors of it and of the rest are learned, a
minimum cut puts the border where colors change, and both are done again (Rother, Kolmogorov and Blake 2004). Unlike
OpenCV's GrabCut, the cut never forgets where the subject was looked for, and keeps it in one place. Its border is made
smooth, and it keeps its holes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from artkit.algebra import rounded
from artkit.arrays import Bools, Floats, Ints
from artkit.artwork.image import Image
from artkit.color.spaces import srgb_to_oklab
from artkit.importance.faces import reduced
from artkit.importance.focus import Focus
from artkit.importance.maps import Importance, importance_of
from artkit.raster.gaussian import gaussian
from artkit.raster.histogram import histogram, otsu_level

AREA = 40_000
"""Pixels of the copy in which the cut is made."""

ROUNDS = 4
"""How often colors are learned anew and the cut is made again."""

BORDER, SEED, PLACE = 6.0, 0.35, 0.35
"""Price of a border where colors are even; what it counts where the subject was looked for, and how far from its
middle a pixel is, both in natural logarithms of odds, as those of colors are."""

SURE = 50.0
"""Logarithm of the odds of what is the subject for sure."""

BINS = 16
"""Bins to an axis of the colors that are told apart."""

BESIDE = 0.5
"""What stands out beside a face counts this share of what it would."""

LEAST, MOST = 0.004, 0.92
"""Share of the picture that a subject takes, at least and at most."""

APART = 0.03
"""How unlike its surroundings a subject is, in OKLab, at least."""

BESIDES = 0.35
"""How much another part stands out, for each that the first does, to be a part of the subject."""

NECK = 5
"""Pixels of the copy."""

ALIKE = 0.04
"""How unlike the mean of what is outside nearby a hole may be, in OKLab."""

SMALL = 0.03
"""Holes below this share of the subject are none."""

_UNIT = 100
"""Units of capacity to a logarithm of odds: flows are whole numbers, and the same everywhere."""


@dataclass(frozen=True)
class Seed:
    """Where the subject is looked for, (H, W) from 0 to 1, and what of that is sure."""

    likely: NDArray[np.float32]
    sure: Bools


def subject_of(image: Image, focus: Focus | None) -> Bools | None:
    """Where the subject is (H, W), or None where none stands out."""
    import cv2

    small, _ = reduced(image.on_white().pixels, AREA)
    height, width = small.shape[:2]
    if min(height, width) < 8 or (seed := _seed(image, focus, (width, height))) is None:
        return None
    found = _cut(small, seed)
    if found is None or not found.any():
        return None
    found = _whole(_with_holes(small, found) | seed.sure, seed.likely)
    if not LEAST < found.mean() < MOST or not (seed.sure.any() or _is_apart(small, found)):
        return None
    side = max(0.004 * max(image.width, image.height), 0.8)
    large = cv2.resize(found.astype(np.float32), (image.width, image.height), interpolation=cv2.INTER_CUBIC)
    smooth = np.asarray(cv2.GaussianBlur(large, (0, 0), side, borderType=cv2.BORDER_REPLICATE)) > 0.5
    return smooth if image.is_opaque is None else smooth & image.is_opaque


def _seed(image: Image, focus: Focus | None, size: tuple[int, int]) -> Seed | None:
    """Where the subject of a copy is looked for; None where nothing stands out."""
    if focus is not None and focus.said is not None:
        level = focus.level(*size)
        return Seed(level, level > 0.95)
    found = importance_of(image)
    likely = found.salience(*size)
    if found.faces:
        likely = np.maximum(np.float32(BESIDE) * likely, _people(found, size))
    return Seed(likely, likely > (0.95 if found.faces else 1)) if likely.any() else None


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


def _cut(pixels: NDArray[np.uint8], seed: Seed) -> Bools | None:
    """Cut by color, by where the subject was looked for, and by how far from its middle a pixel is."""
    import cv2

    level = otsu_level(histogram(np.rint(255 * seed.likely).astype(np.uint8), None))
    if level is None:
        return None
    height, width = seed.likely.shape
    lab = srgb_to_oklab(np.asarray(cv2.bilateralFilter(pixels, 5, 25, 2), np.uint8)).reshape(-1, 3)
    prior = np.clip(1 / (1 + np.exp(-6 * (seed.likely.ravel() - level / 255).astype(np.float64))), 0.02, 0.98)
    begun = SEED * np.log(prior / (1 - prior))
    bins, edges = _bins(lab), _edges(lab, height, width)
    share, found = prior * _unlike_rim(bins, prior, height, width), prior > 0.5
    for _ in range(ROUNDS):
        odds = begun + _odds_of_colors(bins, share) + PLACE * _nearness(share * seed.likely.ravel(), height, width)
        found = _smaller_side(edges, np.where(seed.sure.ravel(), SURE, odds))
        again = 0.7 * found + 0.3 * prior
        if np.array_equal(again, share):
            break
        share = again
    return found.reshape(height, width)


def _bins(lab: Floats) -> Ints:
    """The bin of each color (N, 3), along axes as long as the picture's colors reach."""
    low = lab.min(0)
    reach = np.maximum(lab.max(0) - low, 0.08)
    step = np.minimum((lab - low) / reach * BINS, BINS - 1).astype(np.int64)
    bins: Ints = (step[:, 0] * BINS + step[:, 1]) * BINS + step[:, 2]
    return bins


def _unlike_rim(bins: Ints, prior: Floats, height: int, width: int) -> Floats:
    """How much likelier each pixel's color is where the subject may be than on the picture's rim, from 0 to 1."""
    rim = np.ones((height, width), bool)
    rim[2:-2, 2:-2] = False
    odds = np.exp(_odds_between(bins, prior, rim.ravel().astype(np.float64)))
    unlike: Floats = odds / (1 + odds)
    return unlike


def _odds_of_colors(bins: Ints, share: Floats) -> Floats:
    """How much likelier each pixel's color is in the subject, which has a share of each pixel, than in the rest."""
    return _odds_between(bins, share, 1 - share)


def _odds_between(bins: Ints, one: Floats, other: Floats) -> Floats:
    """Logarithm of how much more of each pixel's color there is in one weight of pixels than in another."""

    def of(weight: Floats) -> Floats:
        table = np.bincount(bins, weight, BINS**3).reshape(BINS, BINS, BINS)
        smooth = gaussian(table, 0.8, "constant").ravel()
        return np.asarray(smooth / max(smooth.sum(), 1e-9))[bins] + 1e-5

    odds: Floats = np.clip(rounded(np.log(of(one) / of(other))), -4, 4)
    return odds


def _nearness(weight: Floats, height: int, width: int) -> Floats:
    """How near each pixel is to the middle of a weight, from 1 to -4, against how far the weight spreads."""
    y, x = (place.ravel() / max(height, width) for place in np.mgrid[:height, :width])
    total = max(float(weight.sum()), 1e-9)
    far = np.zeros(height * width)
    for place in (x, y):
        middle = float((weight * place).sum()) / total
        spread = float(np.sqrt((weight * (place - middle) ** 2).sum() / total))
        far += ((place - middle) / (spread + 0.02)) ** 2
    return np.clip(1.5 - 0.5 * far, -4, 1)


def _edges(lab: Floats, height: int, width: int) -> tuple[Ints, Ints, Floats]:
    """Neighbors to eight sides, and what it costs to part each two of them."""
    index = np.arange(height * width).reshape(height, width)
    ends = (
        (index[:, :-1], index[:, 1:]),
        (index[:-1], index[1:]),
        (index[:-1, :-1], index[1:, 1:]),
        (index[:-1, 1:], index[1:, :-1]),
    )
    a, b = (np.concatenate([pair[k].ravel() for pair in ends]) for k in (0, 1))
    near = np.repeat([1.0, 1.0, 0.7, 0.7], [pair[0].size for pair in ends])
    apart: Floats = ((lab[a] - lab[b]) ** 2).sum(1)
    return a, b, near * (BORDER * np.exp(-apart / (2 * apart.mean() + 1e-9)) + 0.05)


def _smaller_side(edges: tuple[Ints, Ints, Floats], odds: Floats) -> Bools:
    """The pixels on the subject's side of the minimum cut."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import breadth_first_order, maximum_flow

    a, b, price = edges
    source, sink = len(odds), len(odds) + 1
    own, other = np.flatnonzero(odds > 0), np.flatnonzero(odds < 0)
    rows = np.concatenate([a, b, np.full(len(own), source), other])
    columns = np.concatenate([b, a, own, np.full(len(other), sink)])
    capacity = np.rint(np.concatenate([price, price, odds[own], -odds[other]]) * _UNIT).astype(np.int32)
    graph = coo_array((capacity, (rows, columns)), (len(odds) + 2,) * 2).tocsr()
    left = graph - maximum_flow(graph, source, sink).flow
    left.data = np.maximum(left.data, 0)
    left.eliminate_zeros()
    side = np.zeros(len(odds) + 2, bool)
    side[breadth_first_order(left, source, return_predecessors=False)] = True
    return side[:-2]


def _whole(mask: Bools, likely: NDArray[np.float32]) -> Bools:
    """The part that stands out the most and those that do `BESIDES` as much, with their larger holes.

    What hangs together by a neck thinner than `NECK` are two parts.
    """
    import cv2

    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (NECK, NECK))
    cores = np.asarray(cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, disc), np.uint8)
    cores = cores if cores.any() else mask.astype(np.uint8)
    labels = np.asarray(cv2.connectedComponents(cores, connectivity=4)[1], np.int32)
    weight = np.bincount(labels.ravel(), likely.ravel()).astype(np.float64)
    weight[0] = 0
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


def _is_apart(pixels: NDArray[np.uint8], mask: Bools) -> bool:
    """Whether colors change at the border of a mask as they do at that of a thing."""
    import cv2

    lab, part = srgb_to_oklab(pixels), mask.astype(np.uint8)
    disc = np.ones((3, 3), np.uint8)
    edge = mask & (np.asarray(cv2.erode(part, disc, borderValue=1)) == 0)
    if not edge.any():
        return False
    means = []
    for side in (mask, ~mask):
        number = cv2.blur(side.astype(np.float64), (9, 9))
        means.append(cv2.blur(np.where(side[..., None], lab, 0), (9, 9)) / np.maximum(number, 1e-6)[..., None])
    return bool(np.median(np.linalg.norm(means[0] - means[1], axis=2)[edge]) > APART)
