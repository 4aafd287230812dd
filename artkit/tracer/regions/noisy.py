"""Regions of flat art that noise, JPEG or blur has been at: inks first, then what each pixel is a mixture of.

Inks are read off calm places (`calm.py`). Each other pixel is explained as a mixture of two of them (`pairs.py`), and
labels agree with their neighbors (`potts.py`), so that neither rims nor ringing nor smeared tints become shapes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Floats, Mask, Pixels, median
from artkit.color.ycc import Colors, srgb_to_ycc, ycc_to_srgb
from artkit.planar.map import PlanarMap
from artkit.tracer.noise import Damage
from artkit.tracer.regions.calm import calm_inks, is_calm, pure_inks, smoothed
from artkit.tracer.regions.edges import edge_offsets
from artkit.tracer.regions.flat import Mixtures
from artkit.tracer.regions.pairs import evidence, weights
from artkit.tracer.regions.potts import agreed, without_scraps
from artkit.tracer.regions.synthesis import settled

INSIDE = 12
"""Pixels deep inside an ink's areas that tell its color."""


def noisy_mixtures(pixels: Pixels, damage: Damage, alpha: Mask | None = None) -> Mixtures:
    """Explain every pixel of a damaged (H, W, 3) picture as one ink or a mixture of two.

    Pixels of `alpha` (H, W) below 128 belong to nothing.
    """
    opaque = None if alpha is None else alpha >= 128
    colors = srgb_to_ycc(pixels)
    even = smoothed(colors, damage.noise)
    calm = is_calm(even, damage.noise, opaque)
    inks = calm_inks(even, calm, damage.noise)
    if not len(inks):  # all of it is edges
        inks = np.median(colors if opaque is None else colors[opaque], axis=(0, 1) if opaque is None else 0)[None]
    inks = pure_inks(inks, even, calm, damage.noise, damage.blur, damage.tint)
    known = evidence(colors, even, calm, inks, damage)
    label = agreed(known.label, known.y, known.x, known.cost)
    owner = without_scraps(label, known.sure, known.y, known.x, known.cost).astype(np.int32)
    other, coverage = _mixed(owner, colors * weights(damage), known.inks * weights(damage))
    palette = _medians(pixels, owner, known.inks)
    if opaque is not None:
        owner[~opaque] = other[~opaque] = -1
    veil = None if alpha is None else (alpha / np.float32(255)).astype(np.float32)
    return Mixtures(owner, other, coverage, palette, veil)


def noisy_offsets(planar: PlanarMap, mixed: Mixtures, pixels: Pixels, damage: Damage) -> Floats:
    """How far the border stands from each crack, as `edge_offsets` tells it; where there is blur, by synthesis."""
    offset = edge_offsets(planar, mixed)
    if not damage.blur:
        return offset
    still = None if mixed.alpha is None else mixed.alpha < 1
    weight = weights(damage)
    return settled(
        planar, offset, srgb_to_ycc(pixels) * weight, srgb_to_ycc(mixed.palette) * weight, damage.blur, still
    )


def _mixed(owner: NDArray[np.int32], colors: Colors, inks: Colors) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """The ink beside each pixel that best explains it as a mixture with its owner's, and what the owner covers."""
    other = owner.copy()
    coverage = np.ones(owner.shape, np.float32)
    padded = np.pad(owner, 1, mode="edge")
    beside = [
        (padded[1 + dy : 1 + dy + owner.shape[0], 1 + dx : 1 + dx + owner.shape[1]], bool(dy and dx))
        for dy in (-1, 0, 1)
        for dx in (-1, 0, 1)
    ]
    y, x = np.nonzero(np.any([around != owner for around, _ in beside], axis=0))
    own, values = owner[y, x], colors[y, x]
    best = np.full(len(y), np.inf)
    for around, diagonal in beside:
        far = around[y, x]
        along = inks[own] - inks[far]
        part = values - inks[far]
        share = np.clip((part * along).sum(1) / np.maximum((along * along).sum(1), 1e-6), 0.5, 1)
        off = ((part - share[:, None] * along) ** 2).sum(1) + 0.5 * diagonal
        better = (far != own) & (off < best)
        best[better] = off[better]
        other[y[better], x[better]], coverage[y[better], x[better]] = far[better], share[better]
    return other, coverage


def _medians(pixels: Pixels, owner: NDArray[np.int32], inks: Colors) -> Floats:
    """(K, 3) sRGB levels of the inks: medians of the source deep inside their areas, as found where there is none."""
    import cv2

    palette = ycc_to_srgb(inks)
    window = np.ones((5, 5), np.uint8)
    number = owner.astype(np.float32)
    inner: Bools = np.asarray(cv2.erode(number, window)) == np.asarray(cv2.dilate(number, window))
    for k in range(len(inks)):
        own = pixels[inner & (owner == k)]
        if len(own) >= INSIDE:
            palette[k] = median(own, axis=0)
    return palette
