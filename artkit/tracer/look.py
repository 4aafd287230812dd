"""What a picture is, by a look at it: flat art, black-and-white line work, or a photo."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Ints, all_channels, channel_max
from artkit.raster.histogram import otsu_level
from artkit.tracer.regions.flat import pack

Kind = Literal["flat", "line", "photo"]

LOOK = 1 << 19
"""About so many pixels are looked at, in bands of rows spread over the picture."""

_BAND = 16
"""Rows of a band: neighbors must stay neighbors, or nothing would be flat."""

_SPREAD = 8
"""Levels by which a smooth block may vary: what JPEG leaves of one color at fair quality."""

_NEAR = 0.16
"""How far from a tone its pixels may be, as a part of the distance between the two."""


def kind(pixels: NDArray[np.uint8], opaque: NDArray[np.bool_] | None = None) -> Kind:
    """Tell what an (H, W, 3) picture is; what is not `opaque` (H, W) does not count.

    "line" is gray and has two tones, and few pixels between them. "flat" has few colors: nearly all of its pixels have
    one of them exactly, and the rest is edges. The rest is "photo", and so is flat art that JPEG has been at: a photo's
    regions are a tenth of those that its noise makes in the eyes of one who looks for exact colors.
    """
    if opaque is not None and not opaque.any():
        return "flat"
    return judged(*_look(pixels, opaque))


def judged(some: NDArray[np.uint8], seen: NDArray[np.bool_] | None) -> Kind:
    """Tell what a picture is, as `kind` does, by the rows of it that are looked at."""
    values = some.reshape(-1, 3) if seen is None else some[seen]
    if _two_tones(values) is not None:
        return "line"
    if not _few_colors(some, seen, values):
        return "photo"
    # Edges between colors that differ little look like noise, but noise leaves fewer pixels as they were.
    return "photo" if _noisy(some, seen) and _exact_share(values) < 0.97 else "flat"


def clean(pixels: NDArray[np.uint8], opaque: NDArray[np.bool_] | None = None) -> NDArray[np.uint8]:
    """Take paper, lamp, and what JPEG has done out of line work; what has no noise is given back as it is.

    Grays close to the two tones become these tones, and those between are spread over the range between them.
    """
    ramp = ramp_of(*_look(pixels, opaque))
    return pixels if ramp is None else np.repeat(ramp[pixels[..., 1:2]], 3, axis=2)


def ramp_of(some: NDArray[np.uint8], seen: NDArray[np.bool_] | None) -> NDArray[np.uint8] | None:
    """Give what `clean` makes of each of 256 grays, by the rows that are looked at; None where it changes none."""
    tones = _two_tones(some.reshape(-1, 3) if seen is None else some[seen])
    if tones is None or not _noisy(some, seen):
        return None
    dark, light = tones
    margin = _NEAR * (light - dark)
    share = (np.arange(256) - dark - margin) / (light - dark - 2 * margin)
    ramp: NDArray[np.uint8] = np.rint(dark + (light - dark) * np.clip(share, 0, 1)).astype(np.uint8)
    return ramp


def _look(
    pixels: NDArray[np.uint8], opaque: NDArray[np.bool_] | None
) -> tuple[NDArray[np.uint8], NDArray[np.bool_] | None]:
    """Bands of rows of a large picture, one below the other."""
    height, width = pixels.shape[:2]
    rows = rows_looked_at(height, width)
    if len(rows) == height:
        return pixels, opaque
    if opaque is not None and not opaque[rows].any():
        rows = np.arange(height)[:: -(-height * width // LOOK)]
    if opaque is not None and not opaque[rows].any():
        rows = np.flatnonzero(opaque.any(1))[:_BAND]
    return pixels[rows], None if opaque is None else opaque[rows]


def rows_looked_at(height: int, width: int) -> Ints:
    """The rows of a picture that are looked at: all of a small one."""
    step = -(-height * width // LOOK)
    rows = np.flatnonzero(np.arange(height) // _BAND % step == step // 2) if step > 1 else np.arange(height)
    return rows if len(rows) else np.arange(height)[::step]


def _two_tones(values: NDArray[np.uint8]) -> tuple[int, int] | None:
    """Give the dark and the light tone of (N, 3) colors, if they are grays, most of them about two tones."""
    gray = values[:, 1].astype(np.int16)
    tint = np.maximum(np.abs(values[:, 0] - gray), np.abs(values[:, 2] - gray))
    if (tint > 12).mean() > 0.01:
        return None
    count = np.bincount(gray, minlength=256)
    level = np.arange(256)
    cut = otsu_level(count)
    if cut is None:
        return None
    below, above = (np.average(level[part], weights=count[part]) for part in (slice(cut + 1), slice(cut + 1, None)))
    if above - below < 48:
        return None
    dark, light = int(np.argmax(count[: cut + 1])), cut + 1 + int(np.argmax(count[cut + 1 :]))
    near = _NEAR * (light - dark)
    share = count[(np.abs(level - dark) <= near) | (np.abs(level - light) <= near)].sum() / count.sum()
    return (dark, light) if light - dark >= 48 and share >= 0.82 else None


def _few_colors(pixels: NDArray[np.uint8], seen: NDArray[np.bool_] | None, values: NDArray[np.uint8]) -> bool:
    """Whether a few dozen exact colors are nearly all of the picture, and the rest is edges between them."""
    packed = pack(values)
    packed.sort()
    first = np.flatnonzero(np.append(True, packed[1:] != packed[:-1]))
    counts = np.sort(np.diff(np.append(first, len(packed))))[::-1]
    few = max(1, min(32, len(packed) // 8))
    if counts[:few].sum() < 0.8 * len(packed):
        return False
    return _rest(counts, few) >= 0.5 or _far_from_flat(pixels, seen) <= 0.005


def _far_from_flat(pixels: NDArray[np.uint8], seen: NDArray[np.bool_] | None) -> float:
    """Share of pixels with no 2 x 2 block of one color within four pixels: none in text, the inside of photos."""
    import cv2

    if min(pixels.shape[:2]) < 2:
        return 1.0
    same = all_channels(pixels[:, 1:] == pixels[:, :-1])
    block = np.zeros(pixels.shape[:2], np.uint8)
    block[1:, 1:] = same[1:] & same[:-1] & all_channels(pixels[1:, 1:] == pixels[:-1, 1:])
    far = np.asarray(cv2.dilate(block, np.ones((9, 9), np.uint8))) == 0
    return float(far.mean() if seen is None else far[seen].mean())


def _noisy(pixels: NDArray[np.uint8], seen: NDArray[np.bool_] | None) -> bool:
    """Whether many of the places that are not plain are smooth: JPEG, paper, or soft shades, not edges."""
    if min(pixels.shape[:2]) < 2:
        return False
    high = np.maximum(pixels[:, 1:], pixels[:, :-1])
    low = np.minimum(pixels[:, 1:], pixels[:, :-1])
    spread = channel_max(np.maximum(high[1:], high[:-1]) - np.minimum(low[1:], low[:-1]))
    if seen is not None:
        spread = spread[seen[1:, 1:] & seen[:-1, 1:] & seen[1:, :-1] & seen[:-1, :-1]]
    uneven = spread[spread > 0]
    return bool(len(uneven) > 0.002 * spread.size and (uneven <= _SPREAD).mean() > 0.2)


def _exact_share(values: NDArray[np.uint8]) -> float:
    """Share of (N, 3) colors that are one of the eight commonest."""
    packed = pack(values)
    counts = np.sort(np.unique(packed, return_counts=True)[1])[::-1]
    return float(counts[:8].sum() / len(packed))


def _rest(counts: NDArray[np.int64], few: int) -> float:
    """Share of the commonest colors without the two very commonest: a photo has more than its ground and sky."""
    rest = counts[2:].sum()
    return float(counts[2:few].sum() / rest) if rest else 1.0
