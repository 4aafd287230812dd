"""Where a drawing in ink has paper and where ink: gray levels in, tones and how much paper each leaves bare out.

A difference of two blurs, weighted and cut off softly: Winnemöller, "XDoG: advanced image stylization with extended
Difference-of-Gaussians" (2011).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Mask
from artkit.raster.bands import Advance, in_bands
from artkit.raster.filters import gaussian_weights, gaussian_window, weighted

_WIDER = 1.6
"""The wider of two blurs beside the other: their difference is then near to a Laplacian (Marr and Hildreth 1980)."""


def inked(
    gray: Mask,
    inside: NDArray[np.bool_] | None,
    width: float,
    detail: float,
    share: float,
    softness: float,
    advance: Advance | None = None,
) -> tuple[NDArray[np.float32], NDArray[np.uint16]]:
    """Give a table (65536,) of how much paper each tone leaves bare, 0 to 1, and the tones (H, W).

    `width` is that of the finest strokes in pixels, `detail` the weight of lines against shadows, `share` the part of
    the pixels `inside` (None is all) that gets ink, and `softness` the levels over which ink fades into paper.
    """
    tones = in_bands(
        gray,
        lambda band: _tones(band, width, detail),
        margin=gaussian_window(_WIDER * width)[1] // 2,
        advance=advance,
    )
    return _shares_of_paper(tones if inside is None else tones[inside], share, softness), tones


def _tones(gray: Mask, width: float, detail: float) -> NDArray[np.uint16]:
    """Blurred gray, lines weighted, in eighths of a level and offset by 32,768."""
    near, far = (weighted(gray, gaussian_weights(*gaussian_window(sigma))) for sigma in (width, _WIDER * width))
    tones = (near + detail * (near - far)) * 8 + 32768
    result: NDArray[np.uint16] = np.clip(np.rint(tones), 0, 65535).astype(np.uint16)
    return result


def _shares_of_paper(tones: NDArray[np.uint16], share: float, softness: float) -> NDArray[np.float32]:
    """(65536,) how much paper each tone leaves bare, 0 to 1; the lowest share of these tones gets ink."""
    counts = np.bincount(tones.reshape(-1), minlength=65536)
    limit = int(np.searchsorted(np.cumsum(counts), share * tones.size))
    below = np.minimum(np.arange(65536) - limit, 0) / 8
    return (1 + np.tanh(below / max(softness, 1e-3))).astype(np.float32)
