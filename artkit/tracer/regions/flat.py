"""Regions of flat art: few colors, with antialiased edges between them.

Antialiasing makes mixed pixels between two flat colors. The palette is taken from flat areas alone, and each mixed
pixel is explained as a mixture of two colors found close by, the one that covers more of it owning the pixel. Thin
strokes have no flat inside: their pixels are explained as a mixture of a color close by with any color of the picture,
or, where no color of the palette will do, with a new one, the most extreme pixel of the stroke.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Ints, all_channels, channel_sum
from artkit.color.choose import chosen, of_colors
from artkit.color.nearest import nearest
from artkit.color.spaces import srgb_to_oklab
from artkit.planar.map import find_faces

REACH = 3
"""How far from a mixed pixel the colors are that it mixes, in pixels."""

EXPLAINED = 6.0
"""A pixel this close to a mixture (RGB distance) is explained by it: two roundings and a renderer's coarse coverage."""

SAME = 3.0
"""Flat colors closer than this (RGB distance) are one color."""

MOST = 256
"""Flat art has no more colors than this."""

SPECK = 3
"""A face smaller than this, in pixels, must hold a pure pixel to be one."""


@dataclass(frozen=True, eq=False)
class Mixtures:
    """What each pixel is made of: `owner` covers `coverage` (0.5 to 1) of it, `other` the rest.

    All are (H, W); `other` equals `owner` where the pixel is pure. Label -1 is transparent. `palette` is (K, 3) float,
    `alpha` the share of a pixel that is not transparent, 0 to 1, None where all is opaque.
    """

    owner: NDArray[np.int32]
    other: NDArray[np.int32]
    coverage: NDArray[np.float32]
    palette: NDArray[np.float64]
    alpha: NDArray[np.float32] | None = None


def flat_areas(
    pixels: NDArray[np.uint8], spread: int = 0, packed: NDArray[np.integer] | None = None
) -> NDArray[np.bool_]:
    """(H, W): whether a pixel lies in a 2 x 2 block of one color, to within `spread` levels.

    `packed` is what `pack` gives, if it is known.
    """
    height, width = pixels.shape[:2]
    if height < 2 or width < 2:
        return np.ones((height, width), bool)
    if spread == 0:
        packed = pack(pixels) if packed is None else packed
        across = packed[:, 1:] == packed[:, :-1]
        block = across[1:] & across[:-1] & (packed[1:, 1:] == packed[:-1, 1:])
    else:
        high = np.maximum(pixels[:, 1:], pixels[:, :-1])
        low = np.minimum(pixels[:, 1:], pixels[:, :-1])
        block = all_channels(np.maximum(high[1:], high[:-1]) - np.minimum(low[1:], low[:-1]) <= spread)
    flat = np.zeros((height, width), bool)
    for y in (slice(0, -1), slice(1, None)):
        for x in (slice(0, -1), slice(1, None)):
            flat[y, x] |= block
    return flat


def pack(pixels: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Put red, green and blue, and alpha where there is one, into one number."""
    if pixels.shape[-1] == 3:
        four = np.zeros((*pixels.shape[:-1], 4), np.uint8)
        four[..., :3] = pixels[..., ::-1]
        return four.view("<i4")[..., 0].astype(np.int32, copy=False)
    packed = np.zeros(pixels.shape[:-1], np.int64)
    for channel in range(pixels.shape[-1]):
        packed = (packed << 8) | pixels[..., channel]
    return packed


def mixtures(pixels: NDArray[np.uint8], alpha: NDArray[np.uint8] | None = None) -> Mixtures:
    """Explain every pixel of an (H, W, 3) picture as one flat color or a mixture of two; see the module's text.

    Pixels of `alpha` (H, W) below 128 belong to nothing.
    """
    opaque = np.ones(pixels.shape[:2], bool) if alpha is None else alpha >= 128
    veil = None if alpha is None else (alpha / np.float32(255)).astype(np.float32)
    return replace(explained(pixels, pixels, opaque), alpha=veil)


def explained(values: NDArray[Any], pixels: NDArray[np.uint8], painted: NDArray[np.bool_]) -> Mixtures:
    """Explain the `painted` pixels of a picture, whose equal `pixels` (H, W, C) have equal `values` (H, W, C)."""
    height, width = pixels.shape[:2]
    packed = pack(pixels)
    flat = flat_areas(pixels, packed=packed)
    flat &= painted
    seen = flat if flat.any() else painted  # a picture without flat areas is all strokes
    packed = packed.ravel() if seen.all() else packed[seen]
    begins = np.flatnonzero(np.append(True, packed[1:] != packed[:-1]))  # of runs of one color: they are few
    lengths = np.diff(np.append(begins, len(packed)))
    _, first, inverse = np.unique(packed[begins], return_index=True, return_inverse=True)
    counts = np.bincount(inverse, lengths, len(first)).astype(np.int64)
    where = np.flatnonzero(seen)[begins[first]] if not seen.all() else begins[first]
    merged, palette = _merge_near(values.reshape(-1, values.shape[-1])[where].astype(np.float64), counts)
    owner = np.full((height, width), -1, np.int32)
    owner[seen] = np.repeat(merged[inverse], lengths)
    other, coverage = owner.copy(), np.ones((height, width), np.float32)

    y, x = np.divmod(np.flatnonzero(painted & ~seen), width)
    mixed = values[y, x].astype(np.float64)
    near = _near_colors(owner, y, x)
    found = _explain_pairs(mixed, near, palette)
    lost = np.flatnonzero(found.distance > EXPLAINED)
    if len(lost):
        palette = _extend(palette, mixed[lost], near[lost])
        found.update(lost, _explain_any(mixed[lost], near[lost], palette))
    owner[y, x], other[y, x], coverage[y, x] = found.owner, found.other, found.coverage
    _ridges(owner, other, coverage, y, x)
    return settle(Mixtures(owner, other, coverage, palette), values, y, x)


def pure(pixels: NDArray[np.uint8], opaque: NDArray[np.bool_] | None = None) -> Mixtures:
    """Take every color of an (H, W, 3) picture as it is, the commonest first; what is not `opaque` is nothing."""
    packed = pack(pixels)
    colors, inverse, counts = np.unique(
        packed if opaque is None else packed[opaque], return_inverse=True, return_counts=True
    )
    order = np.lexsort((colors, -counts))
    rank = np.empty(len(order), np.int32)
    rank[order] = np.arange(len(order))
    owner = np.full(packed.shape, -1, np.int32)
    owner[... if opaque is None else opaque] = rank[inverse].reshape(packed.shape if opaque is None else -1)
    found = colors[order]
    palette = np.column_stack([found >> 16, found >> 8 & 255, found & 255]).astype(np.float64)
    return Mixtures(owner, owner, np.ones(packed.shape, np.float32), palette)


def _ridges(
    owner: NDArray[np.int32], other: NDArray[np.int32], coverage: NDArray[np.float32], y: Ints, x: Ints
) -> None:
    """Give strokes the pixels (y, x) that they cover less than half where they pass between two, in place.

    Such a pixel has the most of the stroke's color in its row or column, where no pixel close by is of that color, and
    a few others around it are: without it the stroke would break.
    """
    kept = (owner[y, x] != other[y, x]) & (coverage[y, x] <= 1 - FAINT)
    y, x = y[kept], x[kept]
    color, here = other[y, x], 1 - coverage[y, x]
    given = np.zeros(len(y), bool)
    for down, right in ((1, 0), (0, 1)):
        ridge, total = np.ones(len(y), bool), here.copy()
        for step in (-2, -1, 1, 2):
            own, mix, cover, inside = _at(owner, other, coverage, y + step * down, x + step * right)
            ridge &= inside & (own != color) & (own >= 0)
            same = np.where((mix == color) & (own != mix), 1 - cover, np.float32(0))
            if abs(step) == 1:
                total += same
                ridge &= (here > same) if step < 0 else (here >= same)
        given |= ridge & (total >= THIN)
    y, x = y[given], x[given]
    color, reach = other[y, x], range(-2, 3)
    near = sum((_owner_at(owner, y + dy, x + dx) == color).astype(int) for dy in reach for dx in reach)
    stroke = (near >= 2) & (near <= 9)  # of 25: it goes on here, and is no rim of something large
    y, x = y[stroke], x[stroke]
    owner[y, x], other[y, x] = other[y, x], owner[y, x]
    coverage[y, x] = 1 - coverage[y, x]


def _at(
    owner: NDArray[np.int32], other: NDArray[np.int32], coverage: NDArray[np.float32], y: Ints, x: Ints
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32], Bools]:
    """What is at places (N,), and which of them lie in the picture."""
    height, width = owner.shape
    inside = (y >= 0) & (y < height) & (x >= 0) & (x < width)
    y, x = np.clip(y, 0, height - 1), np.clip(x, 0, width - 1)
    return owner[y, x], other[y, x], coverage[y, x], inside


def _owner_at(owner: NDArray[np.int32], y: Ints, x: Ints) -> NDArray[np.int32]:
    """The owners of places (N,), -1 beyond the picture."""
    height, width = owner.shape
    inside = (y >= 0) & (y < height) & (x >= 0) & (x < width)
    return np.where(inside, owner[np.clip(y, 0, height - 1), np.clip(x, 0, width - 1)], np.int32(-1))


FAINT, THIN = 0.3, 0.7
"""The least share of a pixel, and width of a stroke in pixels, that is taken for a stroke."""


def settle(mixed: Mixtures, pixels: NDArray[Any], mixed_y: Ints, mixed_x: Ints) -> Mixtures:
    """Give fringes and specks to the colors around them, in place; `mixed_y` and `mixed_x` are all pixels not flat.

    A face without a flat pixel is a fringe if the colors around it explain its pixels without its own color. What is
    smaller than SPECK and nowhere pure goes in any case.
    """
    owner, other, coverage = mixed.owner, mixed.other, mixed.coverage
    for _ in range(2):
        faces, _, area = find_faces(owner)
        thin = faces[mixed_y, mixed_x]
        thin = np.bincount(thin, minlength=len(area))[thin] == area[thin]  # faces without a flat pixel
        y, x = mixed_y[thin], mixed_x[thin]
        if not len(y):
            break
        face, own = faces[y, x], owner[y, x]
        pure = np.abs(pixels[y, x] - mixed.palette[own]).max(1) <= SAME
        solid = (np.bincount(face[pure], minlength=len(area)) > 0) & (area < SPECK)
        owner[y, x] = -1
        near = _near_colors(owner, y, x)
        owner[y, x] = own
        found = _explain_pairs(pixels[y, x].astype(np.float64), near, mixed.palette)
        misfit = np.bincount(face, weights=np.minimum(found.distance, 50), minlength=len(area)) / np.maximum(area, 1)
        goes = ((misfit <= EXPLAINED) | ((area < SPECK) & ~solid))[face] & (near[:, 0] >= 0)
        if not goes.any():
            break
        y, x = y[goes], x[goes]
        owner[y, x], other[y, x], coverage[y, x] = found.owner[goes], found.other[goes], found.coverage[goes]
    return Mixtures(owner, other, coverage, mixed.palette, mixed.alpha)


@dataclass(eq=False)
class _Found:
    owner: NDArray[np.int32]
    other: NDArray[np.int32]
    coverage: NDArray[np.float64]
    distance: NDArray[np.float64]

    def update(self, where: NDArray[np.int64], by: _Found) -> None:
        for name in ("owner", "other", "coverage", "distance"):
            getattr(self, name)[where] = getattr(by, name)


def _merge_near(
    colors: NDArray[np.float64], counts: NDArray[np.int64]
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Give each color the commonest one within SAME of it: (index of each, palette by falling count).

    After MOST colors, those that are left go to the nearest.
    """
    target = np.full(len(colors), -1, np.int32)
    kept: list[int] = []
    order = np.argsort(-counts, kind="stable")
    while len(order) and len(kept) < MOST:
        distance = np.linalg.norm(colors[order] - colors[order[0]], axis=1)
        kept.append(int(order[0]))
        target[order[distance < SAME]] = len(kept) - 1
        order = order[distance >= SAME]
    palette = colors[kept]
    target[order] = nearest(colors[order], palette)
    return target, palette


def _near_colors(owner: NDArray[np.int32], y: NDArray[np.int64], x: NDArray[np.int64]) -> NDArray[np.int32]:
    """(M, 4): up to four different flat colors within REACH of each pixel, nearest first; -1 where there are fewer."""
    steps = [(dy, dx) for dy in range(-REACH, REACH + 1) for dx in range(-REACH, REACH + 1) if dy or dx]
    steps.sort(key=lambda step: (step[0] ** 2 + step[1] ** 2, step))
    near = np.full((len(y), 4), -1, np.int32)
    number = np.zeros(len(y), np.int64)
    rows = np.arange(len(y))
    for dy, dx in steps:
        color = _owner_at(owner, y + dy, x + dx)
        new = (color >= 0) & (number < 4) & (near != color[:, None]).all(1)
        near[rows[new], number[new]] = color[new]
        number[new] += 1
    return near


def _mix(
    values: NDArray[np.float64], a: NDArray[np.float64], b: NDArray[np.float64]
) -> tuple[NDArray[np.float64], ...]:
    """Coverage of a (0..1) and distance of each value from the line between colors a and b."""
    along = a - b
    length = np.maximum(channel_sum(along**2), 1e-9)
    coverage = np.clip(channel_sum((values - b) * along) / length, 0, 1)
    return coverage, np.sqrt(channel_sum((values - b - coverage[..., None] * along) ** 2))


def _explain_pairs(values: NDArray[np.float64], near: NDArray[np.int32], palette: NDArray[np.float64]) -> _Found:
    """Mix each value of two colors close by; of pairs that explain it equally well, the nearer ones."""
    best = np.full(len(values), np.inf)
    found = _Found(near[:, 0].copy(), near[:, 0].copy(), np.ones(len(values)), best)
    padded = np.vstack([palette, np.full((1, palette.shape[1]), 1e4)])  # color -1: too far from anything
    pairs = [(0, 1), (0, 2), (1, 2), (0, 3), (1, 3), (2, 3)]
    for price, (i, j) in enumerate(pairs):
        a, b = near[:, i], near[:, j]
        coverage, distance = _mix(values, padded[a], padded[b])
        distance = distance + price * 0.5
        better = (distance < best) & (a >= 0) & ((b >= 0) | (i == 0))
        take = np.flatnonzero(better & (b >= 0))
        best[take] = distance[take]
        swap = coverage[take] < 0.5
        found.owner[take] = np.where(swap, b[take], a[take])
        found.other[take] = np.where(swap, a[take], b[take])
        found.coverage[take] = np.where(swap, 1 - coverage[take], coverage[take])
    alone = np.sqrt(((values - padded[near[:, 0]]) ** 2).sum(1))
    pure = alone <= np.minimum(best, SAME)
    found.owner[pure] = found.other[pure] = near[pure, 0]
    found.coverage[pure] = 1
    found.distance = np.minimum(best, alone)
    return found


def _explain_any(values: NDArray[np.float64], near: NDArray[np.int32], palette: NDArray[np.float64]) -> _Found:
    """Mix each value of a color close by and any color at all: the pixels of thin strokes."""
    count = len(values)
    base = np.where(near[:, 0] >= 0, near[:, 0], 0)
    best = np.full(count, np.inf)
    owner = np.zeros(count, np.int32)
    other = base.astype(np.int32)
    cover = np.zeros(count)
    rows = np.arange(count)
    for column in range(near.shape[1]):
        ground = np.where(near[:, column] >= 0, near[:, column], base)
        coverage, distance = _mix(values[:, None], palette[None], palette[ground][:, None])
        # A stroke of a color that covers little could be of many colors: prefer the one that covers most.
        cost = distance + 3.0 * (1 - coverage) + 0.5 * column
        cost[rows, ground] = np.inf
        pick = cost.argmin(1)
        better = cost[rows, pick] < best
        best[better] = cost[rows, pick][better]
        owner[better], other[better], cover[better] = pick[better], ground[better], coverage[rows, pick][better]
    swap = cover < 0.5
    return _Found(
        np.where(swap, other, owner).astype(np.int32),
        np.where(swap, owner, other).astype(np.int32),
        np.where(swap, 1 - cover, cover),
        np.zeros(count),
    )


def _extend(palette: NDArray[np.float64], values: NDArray[np.float64], near: NDArray[np.int32]) -> NDArray[np.float64]:
    """Add the colors of strokes too thin to have a flat inside: the most extreme pixel of each."""
    base = palette[np.maximum(near[:, 0], 0)]
    left = np.arange(len(values))
    for _ in range(8):
        found = _explain_any(values[left], near[left], palette)
        mixed = found.coverage[:, None] * palette[found.owner] + (1 - found.coverage[:, None]) * palette[found.other]
        off = np.sqrt(((values[left] - mixed) ** 2).sum(1))
        left = left[off > 2 * EXPLAINED]
        if len(left) < 3:
            return palette
        # The pixel farthest from its ground speaks for the stroke; it must explain a few of the others.
        extreme = values[left[np.linalg.norm(values[left] - base[left], axis=1).argmax()]]
        _, distance = _mix(values[left], extreme[None], base[left])
        served = distance <= EXPLAINED
        if served.sum() < 3:
            left = left[~served]
            continue
        palette = np.vstack([palette, extreme])
    return palette


def reduced(
    mixed: Mixtures, colors: int | None, palette: NDArray[np.uint8] | None, keep: NDArray[np.uint8] | None = None
) -> Mixtures:
    """Bring flat art to a fixed palette (K, 3), or to at most so many of its own colors.

    Of its own colors, those are kept that are noticed (see `color.choose`), and those to `keep` (K, 3) beside them.
    """
    own = mixed.palette
    if palette is not None:
        fixed = palette.astype(np.float64)
        target = nearest(own, fixed)
        result = fixed
    elif colors is not None and colors < len(own):
        weight = np.bincount(mixed.owner[mixed.owner >= 0], minlength=len(own)).astype(np.float64) + 1e-6
        target, result = _fewer(own, weight, colors, keep)
    else:
        return mixed
    again = np.append(target, -1).astype(np.int32)
    owner, other = again[mixed.owner], again[mixed.other]
    return Mixtures(owner, other, np.where(owner == other, np.float32(1), mixed.coverage), result, mixed.alpha)


def _fewer(
    colors: NDArray[np.float64], weight: NDArray[np.float64], count: int, keep: NDArray[np.uint8] | None
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Choose `count` of the colors: (group of each color, color of the heaviest of each group, or one to keep)."""
    whole = np.clip(np.rint(colors), 0, 255).astype(np.uint8)
    palette = chosen([of_colors(whole, weight)], count, keep)
    used, group = np.unique(nearest(srgb_to_oklab(whole), srgb_to_oklab(palette)), return_inverse=True)
    heaviest = [int(np.flatnonzero(group == k)[weight[group == k].argmax()]) for k in range(len(used))]
    kept = np.zeros(len(used), bool) if keep is None else (palette[used, None] == keep[None]).all(2).any(1)
    return group, np.where(kept[:, None], palette[used], colors[heaviest])
