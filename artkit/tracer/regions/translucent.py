"""Flat art that one can see through: transparency taken for a fourth channel of the color.

With colors multiplied by their alpha, an antialiased edge is a mixture of two flat colors whatever is on its two sides,
paint, glass or nothing, and the same explanation of mixed pixels holds in four channels (Porter and Duff 1984).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Mask, Pixels
from artkit.tracer.regions.flat import Mixtures, explained, flat_areas

LEAST = 12
"""Pixels of one translucent color, in blocks, that tell it from the mixed pixels of edges."""


def is_translucent(pixels: Pixels, alpha: Mask) -> bool:
    """Whether there are even areas of a color that is neither opaque nor transparent."""
    rgba = np.dstack([pixels, alpha])
    calm = flat_areas(rgba) & (alpha > 0) & (alpha < 255)
    values = np.bincount(alpha[calm], minlength=1)
    return bool((values >= LEAST).any())


def translucent_mixtures(pixels: Pixels, alpha: Mask) -> tuple[Mixtures, NDArray[np.uint8], NDArray[np.float64]]:
    """Explain every pixel as one flat color or a mixture of two, in premultiplied red, green, blue and alpha.

    Gives the mixtures, in which nothing at all is a color too; the straight colors (K, 3); and opacities (K,), 0 to 1.
    """
    share = alpha[..., None] / 255.0
    values = np.dstack([pixels * share, alpha.astype(np.float64)])
    rgba = np.where(alpha[..., None] > 0, np.dstack([pixels, alpha]), np.uint8(0)).astype(np.uint8)
    mixed = explained(values, rgba, np.ones(alpha.shape, bool))
    cover = np.clip(mixed.palette[:, 3] / 255, 0, 1)
    colors = np.clip(np.rint(mixed.palette[:, :3] / np.maximum(cover, 1e-6)[:, None]), 0, 255).astype(np.uint8)
    cover[cover * 255 < FAINTEST] = 0
    cover[cover * 255 > 255 - FAINTEST] = 1
    return mixed, colors, cover


FAINTEST = 2.0
"""An alpha closer to nothing, or to opaque, than this, of 255, is taken for that."""


def is_nothing(mixed: Mixtures, opacity: NDArray[np.float64]) -> Bools:
    """(H, W): which pixels belong to a color of no opacity."""
    nothing: Bools = (opacity == 0)[mixed.owner]
    return nothing
