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


def tones_of(gray: Mask, width: float, detail: float, advance: Advance | None = None) -> NDArray[np.uint16]:
    """Give the tones (H, W): `width` is that of the finest strokes in pixels, `detail` the weight of lines."""
    return in_bands(
        gray,
        lambda band: _tones(band, width, detail),
        margin=gaussian_window(_WIDER * width)[1] // 2,
        advance=advance,
    )


def _tones(gray: Mask, width: float, detail: float) -> NDArray[np.uint16]:
    """Blurred gray, lines weighted, in eighths of a level and offset by 32,768."""
    near, far = (weighted(gray, gaussian_weights(*gaussian_window(sigma))) for sigma in (width, _WIDER * width))
    tones = (near + detail * (near - far)) * 8 + 32768
    result: NDArray[np.uint16] = np.clip(np.rint(tones), 0, 65535).astype(np.uint16)
    return result


def paper_by_tone(tones: NDArray[np.uint16], share: float, softness: float) -> NDArray[np.float32]:
    """(65536,) how much paper each tone leaves bare, 0 to 1; the lowest share of these tones gets ink.

    `softness` are the levels over which ink fades into paper.
    """
    counts = np.bincount(tones.reshape(-1), minlength=65536)
    limit = int(np.searchsorted(np.cumsum(counts), share * tones.size))
    below = np.minimum(np.arange(65536) - limit, 0) / 8
    bare = 1 + np.tanh(below / max(softness, 1e-3))
    return np.asarray(np.rint(255 * bare) / 255, np.float32)  # as many shades of two colors as a palette holds
