"""Regions of flat art: few colors, with antialiased edges between them.

Antialiasing makes mixed pixels between two flat colors. The palette is taken from flat areas alone, and each mixed
pixel is explained as a mixture of two colors found close by, the one that covers more of it owning the pixel. Thin
strokes have no flat inside: their pixels are explained as a mixture of a color close by with any color of the picture,
or, where no color of the palette will do, with a new one, the most extreme pixel of the stroke.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Ints, all_channels
from artkit.color.choose import chosen, of_colors
from artkit.color.nearest import nearest
from artkit.color.spaces import srgb_to_oklab
from artkit.planar.map import find_faces
from artkit.tracer.regions.explain import (
    EXPLAINED,
    SAME,
    explain_any,
    explain_pairs,
    extend,
    merge_near,
    near_colors,
    owner_at,
)

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
    merged, palette = merge_near(values.reshape(-1, values.shape[-1])[where].astype(np.float64), counts)
    owner = np.full((height, width), -1, np.int32)
    owner[seen] = np.repeat(merged[inverse], lengths)
    other, coverage = owner.copy(), np.ones((height, width), np.float32)

    y, x = np.divmod(np.flatnonzero(painted & ~seen), width)
    mixed = values[y, x].astype(np.float64)
    near = near_colors(owner, y, x)
    found = explain_pairs(mixed, near, palette)
    lost = np.flatnonzero(found.distance > EXPLAINED)
    if len(lost):
        palette = extend(palette, mixed[lost], near[lost])
        found.update(lost, explain_any(mixed[lost], near[lost], palette))
    owner[y, x], other[y, x], coverage[y, x] = found.owner, found.other, found.coverage
    ridges(owner, other, coverage, y, x)
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


def ridges(owner: NDArray[np.int32], other: NDArray[np.int32], coverage: NDArray[np.float32], y: Ints, x: Ints) -> None:
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
    near = sum((owner_at(owner, y + dy, x + dx) == color).astype(int) for dy in reach for dx in reach)
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
        near = near_colors(owner, y, x)
        owner[y, x] = own
        found = explain_pairs(pixels[y, x].astype(np.float64), near, mixed.palette)
        misfit = np.bincount(face, weights=np.minimum(found.distance, 50), minlength=len(area)) / np.maximum(area, 1)
        goes = ((misfit <= EXPLAINED) | ((area < SPECK) & ~solid))[face] & (near[:, 0] >= 0)
        if not goes.any():
            break
        y, x = y[goes], x[goes]
        owner[y, x], other[y, x], coverage[y, x] = found.owner[goes], found.other[goes], found.coverage[goes]
    return Mixtures(owner, other, coverage, mixed.palette, mixed.alpha)


def reduced(
    mixed: Mixtures, colors: int | None, palette: NDArray[np.uint8] | None, keep: NDArray[np.uint8] | None = None
) -> Mixtures:
    """Bring flat art to a fixed palette (K, 3), or to at most so many of its own colors.

    Of its own colors, those are kept that are noticed (see `color.choose`), and those to `keep` (K, 3) beside them.
    """
    own = mixed.palette

    def counts() -> NDArray[np.integer]:
        return np.bincount(mixed.owner[mixed.owner >= 0], minlength=len(own))

    found = fewer(own, counts, colors, palette, keep)
    if found is None:
        return mixed
    target, result = found
    again = np.append(target, -1).astype(np.int32)
    owner, other = again[mixed.owner], again[mixed.other]
    return Mixtures(owner, other, np.where(owner == other, np.float32(1), mixed.coverage), result, mixed.alpha)


def fewer(
    own: NDArray[np.float64],
    counts: Callable[[], NDArray[np.integer]],
    colors: int | None,
    palette: NDArray[np.uint8] | None,
    keep: NDArray[np.uint8] | None = None,
) -> tuple[NDArray[np.intp], NDArray[np.float64]] | None:
    """Which of fewer colors each of the `own` becomes, and these; None where all stay. `counts` are their pixels."""
    if palette is not None:
        fixed = palette.astype(np.float64)
        return nearest(own, fixed), fixed
    if colors is None or colors >= len(own):
        return None
    return _fewer(own, counts().astype(np.float64) + 1e-6, colors, keep)


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
