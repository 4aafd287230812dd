"""Few colors for a picture: those that people would name, not those that fill it. A picture in, a palette out.

Colors are clustered in OKLab, each weighed by how much it is noticed (see `notice`): colorful ones more than
their pixels, large smooth fields less, mixtures of two neighbors hardly. Then accents: whatever stands apart from all
inks, and is large enough to be seen, takes the place of the ink that is missed least.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from artkit.algebra import inner, product
from artkit.arrays import TRANSPARENT, Bools, Floats, Pixels
from artkit.color.apart import apart
from artkit.color.clusters import centers_of
from artkit.color.distinct import IndexedColors
from artkit.color.means import means_by_label
from artkit.color.nearest import nearest
from artkit.color.notice import Noticed, noticed
from artkit.color.palette import Palette, by_lightness
from artkit.color.spaces import oklab_to_srgb, srgb_to_oklab

TINT = 1.5
"""How many times as far as in OKLab tints lie apart, beside lightness; less: inks are spent on lights and shades."""

CELL = 0.02
"""Side of the cells of OKLab whose colors are taken together."""

VIVID = 0.3
"""Chroma at which a color counts twice."""

NEAR = 0.07
"""Distance in OKLab within which colors are shades of one."""

APART = 0.11
"""Distance from all inks at which a gray would be missed; a color of chroma `VIVID` is at half of it."""

SHADE = 0.3
"""What lightness counts in that distance, beside tints: a shade is missed less than a color."""

GRAY = 0.09
"""Chroma up to which a color is a shade of gray, and is not missed."""

LEAST = 0.0012
"""Share of the picture from which on a missing color is noticed."""

FEW = 3
"""Inks up to which none is spent on an accent; of more, up to half are."""

WORSE = 1.2
"""How many times as much what makes room for an accent may be missed."""

ROUNDS = 8
"""Rounds in which inks move to the means of what they stand for."""


_BLOCK = 1 << 13
"""Colors that are worked on at a time."""


class _Cells(NamedTuple):
    """Colors of a picture: OKLab with tints spread (N, 3), what each counts, and shares of pixels that mix nothing."""

    points: Floats
    weight: Floats
    pure: Floats


def palette_of(
    pixels: Pixels,
    inside: NDArray[np.bool_] | None,
    count: int,
    *,
    weight: NDArray[np.floating] | None = None,
    keep: Palette | None = None,
) -> Palette:
    """Choose `count` colors, from dark to light, for the pixels of a picture that are `inside` (H, W), None is all.

    Pixels count by `weight` (H, W) on top of how much they are noticed. The colors to `keep` (K, 3) are among those
    that are given, as they are. There are fewer colors only if the picture has fewer.
    """
    palette = chosen([noticed(pixels, inside, weight)], count, keep)
    if len(palette) == count:
        return palette
    distinct = IndexedColors.of(pixels)
    areas = distinct.counts(inside)
    return chosen([of_colors(distinct.colors[areas > 0], areas[areas > 0])], count, keep)


def regions_of(
    pixels: Pixels,
    inside: NDArray[np.bool_] | None,
    count: int,
    *,
    weight: NDArray[np.floating] | None = None,
    keep: Palette | None = None,
) -> tuple[NDArray[np.int32], Palette]:
    """Divide a picture by the nearest color of its palette: labels (H, W), TRANSPARENT where not `inside`, and colors.

    Takes what `palette_of` takes; a picture of no more than `count` colors has these.
    """
    distinct = IndexedColors.of(pixels)
    used = np.flatnonzero(distinct.counts(inside))
    few = len(used) <= count and keep is None
    palette = distinct.colors[used] if few else palette_of(pixels, inside, count, weight=weight, keep=keep)
    return _by_nearest(distinct, used, inside, palette[by_lightness(palette)])


def by_nearest(pixels: Pixels, inside: NDArray[np.bool_] | None, palette: Palette) -> tuple[NDArray[np.int32], Palette]:
    """Divide a picture by the nearest color of a palette; labels and colors as of `regions_of`."""
    distinct = IndexedColors.of(pixels)
    used, palette = np.flatnonzero(distinct.counts(inside)), np.unique(palette, axis=0)
    return _by_nearest(distinct, used, inside, palette[by_lightness(palette)])


def _by_nearest(
    distinct: IndexedColors, used: NDArray[np.intp], inside: NDArray[np.bool_] | None, palette: Palette
) -> tuple[NDArray[np.int32], Palette]:
    number = np.full(len(distinct.colors), TRANSPARENT, np.int32)
    lab = srgb_to_oklab(palette)
    for start in range(0, len(used), _BLOCK):
        block = used[start : start + _BLOCK]
        number[block] = nearest(srgb_to_oklab(distinct.colors[block]), lab)
    labels = number[distinct.index]
    if inside is not None:
        labels[~inside] = TRANSPARENT
    return labels, palette


def of_colors(colors: Palette, areas: NDArray[Any]) -> Noticed:
    """Notice colors (N, 3) by their areas (N,) alone, where nobody knows where in a picture they are."""
    return Noticed(srgb_to_oklab(colors), areas.astype(np.float64), areas.astype(np.float64))


def chosen(seen: Sequence[Noticed], count: int, keep: Palette | None = None) -> Palette:
    """Choose `count` colors for what is noticed of one or several pictures; see `palette_of`."""
    fixed = np.zeros((0, 3)) if keep is None else srgb_to_oklab(keep) * (1, TINT, TINT)
    count = max(count - len(fixed), 0)
    cells = _cells(Noticed(*(np.concatenate(part) for part in zip(*seen, strict=True))), count)
    centers = centers_of(cells.points, cells.weight, count) if count else fixed[:0]
    centers = _settled(cells, fixed, centers)
    accents = fixed[:0]
    missed = _missed(cells, np.vstack([fixed, centers])) if count > FEW else None
    while missed is not None and len(accents) < count // 2:
        more = np.vstack([fixed, accents, missed.color])
        fewer = centers
        if len(more) + len(centers) > count + len(fixed):
            fewer = np.delete(centers, _least_missed(cells, more, centers), axis=0)
        fewer = _settled(cells, more, fewer)
        then = _missed(cells, np.vstack([more, fewer]))
        if then is not None and then.score >= WORSE * missed.score:  # what makes room is missed more
            break
        accents, centers, missed = more[len(fixed) :], fewer, then
    if len(centers) and (len(accents) or len(fixed)):
        centers = _anew(cells, np.vstack([fixed, accents]), centers)
    found = oklab_to_srgb(np.vstack([accents, centers]) / (1, TINT, TINT))
    palette = apart(found if keep is None else np.vstack([keep, found]))
    ordered: Palette = palette[by_lightness(palette)]
    return ordered


def _cells(seen: Noticed, wanted: int) -> _Cells:
    """Take colors that share a cell together, and weigh them by how colorful they are.

    Cells are smaller where there are hardly more of them than colors `wanted`.
    """
    for side in (CELL, CELL / 8, CELL / 64):
        cell = np.floor(seen.lab / side).astype(np.int64) + _MIDDLE
        _, number = np.unique((cell[:, 0] * _SPAN + cell[:, 1]) * _SPAN + cell[:, 2], return_inverse=True)
        count = int(number.max(initial=-1)) + 1
        if count >= 6 * wanted:
            break
    lab = means_by_label(number, seen.lab, count)
    weight = np.bincount(number, seen.weight, count)
    pure = np.bincount(number, seen.pure, count) / max(float(seen.pure.sum()), 1e-12)
    chroma = np.hypot(lab[:, 1], lab[:, 2])
    points = lab * (1, TINT, TINT)
    return _Cells(points, weight * (1 + chroma / VIVID), pure)


_MIDDLE, _SPAN = 10_000, 20_000
"""Where cells are counted from, so that all numbers are positive, and how many there are at most along an axis."""


def _shares(points: Floats, pure: Floats) -> Floats:
    """Share of the picture whose colors are shades of each point's (N,)."""
    share = np.empty(len(points))
    rows = max(min(512, (1 << 20) // max(len(points), 1)), 1)  # memory for so many pairs at a time
    for start in range(0, len(points), rows):
        share[start : start + rows] = (_is_near(points[start : start + rows], points) * pure).sum(1)
    return share


def _is_near(points: Floats, others: Floats) -> Bools:
    gaps = ((points[:, None] - others[None]) ** 2).sum(2)
    result: Bools = gaps < NEAR**2
    return result


def _settled(cells: _Cells, fixed: Floats, centers: Floats) -> Floats:
    """Move centers to the means of what is nearest to them, beside fixed ones."""
    for _ in range(ROUNDS):
        own = nearest(cells.points, np.vstack([fixed, centers])).astype(np.intp) - len(fixed)
        mine = own >= 0
        means = means_by_label(own[mine], cells.points[mine], len(centers), cells.weight[mine], empty=np.nan)
        moved = np.where(np.isnan(means), centers, means)
        if np.array_equal(moved, centers):
            break
        centers = moved
    return centers


def _anew(cells: _Cells, fixed: Floats, centers: Floats) -> Floats:
    """Divide what is nearest to none of the fixed colors anew, and give the centers that leave the lesser error."""
    free = ~_is_near(cells.points, fixed).any(1)
    again = centers_of(cells.points[free], cells.weight[free], len(centers)) if free.any() else centers[:0]
    if len(again) < len(centers):
        return centers
    again = _settled(cells, fixed, again)
    return min(centers, again, key=lambda some: _loss(cells, np.vstack([fixed, some])))


def _loss(cells: _Cells, inks: Floats) -> float:
    return inner(cells.weight, ((cells.points - inks[nearest(cells.points, inks)]) ** 2).sum(1))


class _Missed(NamedTuple):
    """A color (3,), in OKLab with tints spread, and how much it is missed."""

    color: Floats
    score: float


def _missed(cells: _Cells, inks: Floats) -> _Missed | None:
    """Give the color that is missed most among the inks, if one is."""
    gap = np.sqrt((((cells.points[:, None] - inks[None]) * (SHADE, 1, 1)) ** 2).sum(2).min(1))
    chroma = np.hypot(cells.points[:, 1], cells.points[:, 2]) / TINT
    far = np.flatnonzero((gap * (1 + chroma / VIVID) > APART) & (chroma > GRAY) & (cells.pure > 0))
    if not len(far):
        return None
    share = _shares(cells.points[far], cells.pure[far])
    score = np.where(share >= LEAST, gap[far] ** 2 * np.sqrt(share) * (1 + chroma[far] / VIVID), 0.0)
    best = int(np.argmax(score))
    if score[best] <= 0:
        return None
    mine = far[_is_near(cells.points[far[best : best + 1]], cells.points[far])[0]]
    middle: Floats = product(cells.pure[mine], cells.points[mine]) / cells.pure[mine].sum()
    return _Missed(middle, float(score[best]))


def _least_missed(cells: _Cells, fixed: Floats, centers: Floats) -> int:
    """Number of the center whose colors lose least if the others take them."""
    inks = np.vstack([fixed, centers])
    gaps = ((cells.points[:, None] - inks[None]) ** 2).sum(2)
    own = gaps.argmin(1)
    rows = np.arange(len(own))
    first = gaps[rows, own]
    gaps[rows, own] = np.inf
    loss = np.bincount(own, cells.weight * (gaps.min(1) - first), len(inks))[len(fixed) :]
    return int(np.argmin(loss))
