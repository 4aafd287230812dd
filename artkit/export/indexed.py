"""Pictures in few colors, for GIF: frames one by one, all frames by one table, or one index for a whole animation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artkit.animation import Colors, PaletteAnimation
from artkit.color import Distinct
from artkit.dithering import MOST_RANKS, blue_noise
from artkit.export import lzw
from artkit.image import Image
from artkit.quantize import Axes, Points, Weights, divided, mixtures, nearest, opponent, refined

Indices = NDArray[np.uint8]
"""(H, W)."""

CLUSTERED = 1 << 16
"""Colors that clusters are made of; where there are more, those of a box stand together. In frames where contrasts
are stronger than in the base (whites, in the sigmoid-stretched turn), colors of the smallest box may fly apart."""

FRAME_CLUSTERED = 8192
"""The same for the colors of a single frame, where boxes are harmless."""

SAMPLES = 9
"""Frames by whose colors a palette for all of them is made."""

ROUNDS = 3
"""Rounds of k-means; ten more would win 0.03 dB."""

_BLOCK = 1 << 16
"""Colors whose courses over the sampled frames are in memory at a time."""


@dataclass(frozen=True, eq=False)
class OneIndex:
    """A whole animation as one index (H, W) and a table of colors, (K, 3), for each frame.

    `clear` is the index of what is transparent, None where nothing is; tables have no color for it. `levels` (K, F)
    are the colors in sampled frames: distances between them are those that the eye adds up while the animation plays.
    `error` is the mean square by which pixels are off, in levels.
    """

    indices: Indices
    table: Callable[[int], Colors]
    clear: int | None
    levels: NDArray[np.float32]
    error: float
    exact: bool


def one_index(animation: PaletteAnimation) -> OneIndex:
    """Index a palette animation: exactly where it has few colors, else by clusters of their courses over the frames."""
    base, alpha, indexing = animation.base, animation.alpha, animation.indexing
    opaque = None if alpha is None else alpha >= 128
    weights = base.counts(opaque).astype(np.float64)
    used = np.flatnonzero(weights) if weights.any() else np.zeros(1, np.intp)
    holed = opaque is not None and not opaque.all()
    most = indexing.colors - holed
    sampled = samples(animation.count)
    if len(used) <= most:
        clear = len(used) if holed else None
        rank = np.zeros(len(base.colors), np.uint8)
        rank[used] = np.arange(len(used))
        indices = rank[base.index]
        courses = _courses(animation, sampled, used).astype(np.float32)
        return OneIndex(_cleared(indices, opaque, clear), lambda i: animation.table(i, used), clear, courses, 0.0, True)
    chosen, heavy = representatives(base.colors, used, weights, CLUSTERED)
    points = opponent(_courses(animation, sampled, chosen))
    axes = Axes(points, heavy)
    points = axes(points)
    centers = refined(points, heavy, divided(points, heavy, most), ROUNDS)
    clear = len(centers) if holed else None
    own = nearest(points, centers)
    total = np.bincount(own, heavy, len(centers))

    def table(i: int) -> Colors:
        return np.rint(_means(animation.table(i, chosen), own, heavy, total)).astype(np.uint8)

    levels, error = [], 0.0
    for i in sampled:
        colors = animation.table(i, chosen)
        levels.append(_means(colors, own, heavy, total))
        error += float(heavy @ ((colors - levels[-1][own]) ** 2).mean(axis=1)) / max(float(total.sum()), 1e-9)
    known = own if chosen is used else None
    indices = _indices(animation, sampled, used, axes, centers, known)
    means = np.concatenate(levels, axis=1).astype(np.float32)
    return OneIndex(_cleared(indices, opaque, clear), table, clear, means, error / len(sampled), False)


def samples(count: int) -> list[int]:
    """Choose frames all over the animation, not at even steps: a cycle may show the same colors on its way back."""
    if count <= SAMPLES:
        return list(range(count))
    return [int((j + j * 0.618034 % 1) * count / SAMPLES) for j in range(SAMPLES)]


def representatives(
    colors: Colors, used: NDArray[np.intp], weights: Weights, most: int
) -> tuple[NDArray[np.intp], Weights]:
    """Choose colors that stand for all those used, with their weights together: of each small box the middle one."""
    if len(used) <= most:
        return used, weights[used]
    shares = colors[used].astype(np.int32)
    for shift in (1, 2, 3):
        box = (shares >> shift) @ np.array([1 << 16, 1 << 8, 1], np.int32)
        kinds, own = np.unique(box, return_inverse=True)
        if len(kinds) <= most:
            break
    heavy = weights[used]
    total: NDArray[Any] = np.bincount(own, heavy)
    middle = np.stack([np.bincount(own, heavy * axis) for axis in shares.T], axis=1) / total[:, None]
    off = ((shares - middle[own]) ** 2).sum(axis=1)
    order = np.lexsort((off, own))
    first = np.searchsorted(own[order], np.arange(len(kinds)))
    return used[order[first]], total


def _courses(animation: PaletteAnimation, sampled: Sequence[int], which: Any) -> NDArray[np.uint8]:
    return np.concatenate([animation.table(i, which) for i in sampled], axis=1)


def _means(colors: Colors, own: Indices, heavy: Weights, total: NDArray[Any]) -> NDArray[np.float64]:
    sums = np.stack([np.bincount(own, heavy * axis, len(total)) for axis in colors.T], axis=1)
    means: NDArray[np.float64] = sums / np.maximum(total, 1e-9)[:, None]
    return means


def _indices(
    animation: PaletteAnimation,
    sampled: Sequence[int],
    used: NDArray[np.intp],
    axes: Axes,
    centers: Points,
    known: Indices | None,
) -> Indices:
    """Give each pixel the center nearest to its color's course, or one of two that mix to it.

    `known` is the center of each color used, if it has been found already.
    """
    base, dither = animation.base, animation.indexing.dither
    own, partner, share = (np.zeros(len(base.colors), np.uint8) for _ in range(3))
    if known is not None:
        own[used] = known
    for start in range(0, len(used) if known is None or dither else 0, _BLOCK):
        block = used[start : start + _BLOCK]
        points = axes(opponent(_courses(animation, sampled, block)))
        own[block] = nearest(points, centers)
        if dither:
            partner[block], part = mixtures(points, centers, own[block])
            share[block] = np.rint(part * MOST_RANKS).clip(0, 255)
    return _mixed(base.index, own, partner, share) if dither else own[base.index]


def _mixed(index: NDArray[np.int32], own: Indices, partner: Indices, share: Indices) -> Indices:
    """Take each color's partner at as many pixels as is its share, spread by blue noise, which stands still."""
    mask = blue_noise().astype(np.uint8)
    result = own[index]
    across = np.arange(index.shape[1]) % len(mask)
    for y, row in enumerate(index):
        np.copyto(result[y], partner[row], where=mask[y % len(mask), across] < share[row])
    return result


def _cleared(indices: Indices, opaque: NDArray[np.bool_] | None, clear: int | None) -> Indices:
    return indices if clear is None or opaque is None else np.where(opaque, indices, np.uint8(clear))


class Palette:
    """Up to 256 colors, and the index of the nearest one for each pixel of a frame."""

    def __init__(self, colors: Colors, error: float = 0.0, exact: bool = True) -> None:
        self.colors, self.error, self.exact = colors, error, exact
        self.clear = len(colors) if len(colors) < 256 else None
        """The index of what is transparent, None where no index is left for it."""
        self.table = colors if self.clear is None else np.vstack([colors, np.zeros((1, 3), np.uint8)])
        self.points = opponent(colors)
        self._near: list[tuple[int, ...]] | None = None

    @classmethod
    def of(cls, pictures: Sequence[Distinct], weights: Sequence[NDArray[Any]], most: int, exact: int) -> Palette:
        """Make the palette of one or more pictures, of up to `most` colors, or of up to `exact` if those are all."""
        colors = np.concatenate([picture.colors[w > 0] for picture, w in zip(pictures, weights, strict=True)])
        heavy = np.concatenate([w[w > 0] for w in weights]).astype(np.float64)
        if len(pictures) > 1:
            colors, place = np.unique(colors, axis=0, return_inverse=True)
            heavy = np.bincount(place.reshape(-1), heavy).astype(np.float64)
        if len(colors) <= exact:
            return cls(colors if len(colors) else np.zeros((1, 3), np.uint8))
        chosen, heavy = representatives(colors, np.arange(len(colors)), heavy, FRAME_CLUSTERED)
        points = opponent(colors[chosen])
        centers = refined(points, heavy, divided(points, heavy, most), ROUNDS)
        own = nearest(points, centers)
        means = _means(colors[chosen], own, heavy, np.bincount(own, heavy, len(centers)))
        error = float(heavy @ ((colors[chosen] - means[own]) ** 2).mean(axis=1)) / float(heavy.sum())
        return cls(np.rint(means).astype(np.uint8), error, False)

    def index(self, picture: Distinct, dither: bool) -> Indices:
        """Give the nearest color's index for each pixel, or dither between two."""
        points = opponent(picture.colors)
        own = nearest(points, self.points)
        if self.exact or not dither:
            return own[picture.index]
        partner, share = mixtures(points, self.points, own)
        return _mixed(picture.index, own, partner, np.rint(share * MOST_RANKS).clip(0, 255).astype(np.uint8))

    def near(self, lossy: float) -> list[tuple[int, ...]]:
        """Give the colors that may stand for each; none for what is transparent."""
        if self._near is None:
            near = lzw.neighbors(distances(self.colors.astype(np.float32)), tolerance(lossy, self.error))
            self._near = near + [()] * (len(self.table) - len(near))
        return self._near

    def holds(self, picture: Distinct, weights: NDArray[Any]) -> bool:
        """Whether every color of the picture that counts is in an exact palette."""
        place = np.array([65536, 256, 1], np.int32)
        return bool(self.exact and np.isin(picture.colors[weights > 0] @ place, self.colors @ place).all())


def tolerance(lossy: float, error: float) -> float:
    """Give the mean square, in levels, by which a color may be exchanged, where pixels are off by `error` already.

    The noisier the picture, the farther apart its colors, and the less of it shows. With lossy = 5, files of photos are
    about as close to them as gifski's at quality 90, and smaller; of the calmest by as much as of the noisiest.
    """
    return lossy * lossy * (0.4 + 0.066 * error)


def distances(levels: NDArray[np.float32]) -> NDArray[np.float64]:
    """(K, K) mean square of the difference in levels of each two rows (K, F)."""
    wide = levels.astype(np.float64)
    squares = (wide * wide).sum(axis=1)
    gaps: NDArray[np.float64] = squares[:, None] + squares - 2 * wide @ wide.T
    gaps = np.maximum(gaps, 0) / levels.shape[1]
    return gaps


def opaque(frame: Image) -> NDArray[np.bool_] | None:
    """Where the frame is more opaque than transparent; None is everywhere."""
    return None if frame.alpha is None else frame.alpha >= 128
