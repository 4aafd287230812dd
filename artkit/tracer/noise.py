"""What noise, JPEG and blur have done to a picture, measured from its pixels; and whether it was flat art before."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from artkit.algebra import product
from artkit.arrays import Bools, Ints, Pixels, channel_sum, median
from artkit.color.ycc import Colors, srgb_to_ycc
from artkit.tracer.regions.calm import TINT, apart, calm_inks, is_calm, nearest_ink, smoothed

LEAST, MOST = 0.7, 5.0
"""Bounds of the noise that is counted on, in levels."""

STEP = 24.0
"""Levels of lightness within three pixels that make an edge."""


@dataclass(frozen=True)
class Damage:
    """Standard deviations: of noise beside edges, in levels of lightness, and of a Gaussian that blurs, in pixels.

    `tint` is what a difference of tint counts beside one of lightness near edges.
    """

    noise: float
    blur: float
    tint: float = TINT

    def __str__(self) -> str:
        blurred = f" and a blur of {self.blur:.1f} px" if self.blur else ""
        return f"noise of {self.noise:.1f} levels{blurred}"


def damage(pixels: Pixels, opaque: Bools | None = None) -> Damage:
    """Measure an (H, W, 3) picture: what is left of evenness two to six pixels from edges, and how wide edges are."""
    colors = srgb_to_ycc(pixels)
    noise, afar = _noise(colors, opaque)
    blur = _blur(np.ascontiguousarray(colors[:, :, 0]), 60)
    smeared = _blur(colors[:, :, 1], 30), _blur(colors[:, :, 2], 30)
    told = [tint for tint in smeared if tint is not None]
    everywhere = afar > 0.5 * noise  # that is not JPEG's way
    sharp = bool(told) and max(told) <= max(blur or 0.0, SHARP) + SMEARED and (everywhere or (blur or 0.0) > WIDE)
    return Damage(
        float(np.clip(noise, LEAST, MOST)),
        0.0 if blur is None or blur < SHARP else blur,
        SHARP_TINT if sharp else TINT,
    )


def _noise(colors: Colors, opaque: Bools | None) -> tuple[float, float]:
    """Standard deviations of lightness within areas: close to edges, and farther from them; 0 where there are none."""
    import cv2

    lightness = np.ascontiguousarray(colors[:, :, 0])
    window = np.ones((3, 3), np.uint8)
    edge = np.asarray(cv2.dilate(lightness, window)) - np.asarray(cv2.erode(lightness, window)) > STEP
    if opaque is not None:
        edge |= ~opaque
    far = cv2.distanceTransform((~edge).astype(np.uint8), cv2.DIST_L2, 3)
    uneven = lightness - cv2.blur(lightness, (5, 5))
    beside, afar = (
        1.2 * float(np.sqrt(np.mean(uneven[some] ** 2))) if some.any() else 0.0
        for some in ((far >= 2) & (far < 6), far >= 6)
    )
    return beside, afar


SHARP = 0.6
"""A blur of less is none: what is measured of antialiased edges that JPEG has been at."""

WIDE = 0.95
"""A blur of more is none of JPEG's."""

SMEARED = 0.2
"""How much wider edges of tint are where JPEG has kept it at half the size, in pixels of blur."""

SHARP_TINT = 0.75
"""What a difference of tint counts where it has not."""


def _blur(channel: NDArray[np.float32], least: float) -> float | None:
    """The blur of the picture's single, strong edges: the median of the second moments of their steps.

    A step that runs across pixels has a moment of a sixth by itself: a pixel's box, and that of the difference. Wide
    steps are looked for where there are no narrow ones; None where there are none of `least` levels at all.
    """
    for reach in REACHES:
        moments = np.concatenate([_moments(rows, reach, least) for rows in (channel, channel.T)])
        if len(moments) >= ENOUGH:
            return float(np.sqrt(max(median(moments) - 1 / 6, 0)))
    return None


REACHES = (4, 8)
"""Steps on either side of an edge that are looked at."""

ENOUGH = 12
"""Edges that must be seen before blur is believed in."""


def _moments(rows: NDArray[np.float32], reach: int, least: float) -> NDArray[np.float32]:
    """(N,) second moments of the steps along rows that stand alone within `reach`."""
    change = np.diff(rows, axis=1)
    if change.shape[1] <= 2 * reach:
        return np.empty(0, np.float32)
    steps = np.arange(-reach, reach + 1)
    row, column = np.nonzero(np.abs(change[:, reach:-reach]) > 0.4 * least / reach)
    window = change[row[:, None], column[:, None] + steps + reach]
    size = np.abs(window)
    total, travel = np.abs(window.sum(1)), size.sum(1)
    ends = size[:, : reach // 2].sum(1) + size[:, -(reach // 2) :].sum(1)
    alone = (total > least) & (total > 0.9 * travel) & (size[:, reach] >= size.max(1)) & (ends < 0.08 * total)
    window = window[alone]
    share = window / window.sum(1, keepdims=True)
    moments: NDArray[np.float32] = product(share, steps**2) - product(share, steps) ** 2
    return moments


def is_flat_art(pixels: Pixels, opaque: Bools | None = None) -> bool:
    """Whether a picture under noise is of few inks."""
    return flat_inks(pixels, opaque) > 0


def flat_inks(pixels: Pixels, opaque: Bools | None = None) -> int:
    """Give the number of inks of flat art under noise: calm places have their colors, and do not drift within an area.

    It is 0 for other pictures. Photos and gradients have calm places, too, but their colors lie all over the range that
    is taken for one ink.
    """
    part, seen = _middle(pixels, opaque)
    colors = srgb_to_ycc(part)
    noise = float(np.clip(_noise(colors, seen)[0], LEAST, MOST))
    even = smoothed(colors, noise)
    calm = is_calm(even, noise, seen)
    if calm.mean() < CALM:
        return 0
    inks = calm_inks(even, calm, noise, INKS + 1)
    if not 0 < len(inks) <= INKS:
        return 0
    label = nearest_ink(even, inks)
    off = even - inks[label]
    gap = np.sqrt(channel_sum(off * off))
    close, drift = LOUD if noise > QUIET else SILENT
    if (gap[calm] <= apart(noise) / 2).mean() < close:
        return 0
    steady = _drift(off, label, calm & (gap <= apart(noise)), 1.2 + 0.3 * noise) <= drift
    return len(inks) if steady else 0


SEEN = 512
"""A square of so many pixels, in the middle of the picture, is looked at."""

INKS = 40
"""Flat art has no more inks than this."""

CALM = 0.3
"""Part of flat art that is calm, at the least."""

QUIET = 1.0
"""Noise of so many levels blurs what tells gradients from flat colors."""

LOUD, SILENT = (0.87, 0.25), (0.945, 0.12)
"""Where there is noise, and where not: the part of the calm pixels within half the distance at which two inks are one,
at the least, and of the insides of areas that are off their ink over many pixels, at the most."""


def _middle(pixels: Pixels, opaque: Bools | None) -> tuple[Pixels, Bools | None]:
    height, width = pixels.shape[:2]
    top, left = (max((size - SEEN) // 2, 0) for size in (height, width))
    part = np.s_[top : top + SEEN, left : left + SEEN]
    return pixels[part], None if opaque is None else opaque[part]


def _drift(off: NDArray[np.float32], label: Ints, inside: Bools, limit: float) -> float:
    """Share of the insides of areas whose mean over 15 pixels is `off` their ink by more than `limit`.

    The commonest ink, 0, is mostly the paper, and left out.
    """
    import cv2

    side = 15
    off = off * np.array([1, 0.5, 0.5], np.float32)
    total = wide = 0
    for k in range(1, int(label.max()) + 1):
        own = (label == k) & inside
        mask = own.astype(np.float32)
        count = np.asarray(cv2.boxFilter(mask, -1, (side, side), normalize=False))
        deep = own & (count > side * side / 2)
        if deep.any():
            mean = np.asarray(cv2.boxFilter(off * mask[:, :, None], -1, (side, side), normalize=False))[deep]
            mean = mean / count[deep][:, None]
            wide += int(((mean * mean).sum(1) > limit * limit).sum())
            total += int(deep.sum())
    return wide / total if total else 0.0
