"""Inks for skin: the few tones of the faces in a picture, which a small palette keeps whatever else there is.

People see at once whether skin has the color of a wall. Faces are small, and their tones near to grays and browns that
fill more of the picture, so that no weight of theirs makes a cluster of their own: they get inks before all others.
"""

from __future__ import annotations

import numpy as np

from artkit.arrays import Pixels, median
from artkit.color.clusters import centers_of
from artkit.color.spaces import oklab_to_srgb, srgb_to_oklab
from artkit.importance.focus import Focus

PIXELS = 2000
"""Pixels of faces that are looked at, at most."""

TONES = 3
"""Inks for skin: its light, its middle, its shade."""

SMALL = 0.012
"""Share of the picture below which faces get one ink less."""

SALIENT = 0.25
"""How much more colors count, in parts of one, in what stands out the most: less than errors do there, as colors that
stand out have an ink for that reason alone."""

ENOUGH = 8
"""Inks of which faces get their own, at least: fewer have to do for all."""

PURE = 0.92
"""Share of a face's tones, the most usual ones, that skin is: brows, nostrils and glints are none."""


def with_skin(pixels: Pixels, focus: Focus | None, count: int, keep: Pixels | None) -> Pixels | None:
    """Add the tones of faces in a picture to the colors to `keep` (K, 3), where `count` inks are enough for that."""
    free = count - (0 if keep is None else len(keep))
    if focus is None or count < ENOUGH or free < ENOUGH // 2:
        return keep
    tones = skin_of(pixels, focus)
    if tones is None:
        return keep
    return tones if keep is None else np.vstack([keep, tones])


def skin_of(pixels: Pixels, focus: Focus) -> Pixels | None:
    """The tones (K, 3) of the skin of faces in a picture (H, W, 3); None where no face is."""
    inside = focus.skin(pixels.shape[1], pixels.shape[0])
    if inside is None or not inside.any():
        return None
    found = pixels[inside]
    lab = srgb_to_oklab(found[:: max(len(found) // PIXELS, 1)])
    far = np.linalg.norm((lab - median(lab, axis=0)) * (0.5, 1.5, 1.5), axis=1)
    skin = lab[far <= np.quantile(far, PURE)]
    tones = TONES - (inside.mean() < SMALL)
    return oklab_to_srgb(centers_of(skin * (1, 1.5, 1.5), np.ones(len(skin)), tones) / (1, 1.5, 1.5))
