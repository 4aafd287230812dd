"""What each pixel is made of, strip by strip: exactly as `regions.flat` tells it of a whole picture.

Each step looks a few pixels around, so that strips have as many rows more on either side. What is told of the picture
as a whole, its colors and its faces, is told once for all strips.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Floats, Ints
from artkit.artwork.strips import Strips, Window
from artkit.planar.runs import LabelRuns, faces_of
from artkit.tracer.regions.explain import (
    EXPLAINED,
    REACH,
    SAME,
    Explained,
    explain_any,
    explain_pairs,
    extend,
    merge_near,
    near_colors,
)
from artkit.tracer.regions.flat import SPECK, flat_areas, pack, ridges
from artkit.tracer.tiles.sparse import Mixed
from artkit.tracer.tiles.survey import Progress, Survey


def mixed_pixels(picture: Strips, seen: Survey, rows: int, progress: Progress) -> Mixed:
    """Explain every pixel as one flat color or a mixture of two."""
    merged, palette = merge_near(_unpacked(seen.colors), seen.counts)
    table = _Table(seen.colors, merged, palette)
    parts = []
    for window in seen.windows(picture, rows, REACH + 1):
        parts.append(_part(window, table))
        progress(window.bottom / picture.height)
    flat = LabelRuns(
        picture.height,
        picture.width,
        np.concatenate([part.flat.starts + part.top * picture.width for part in parts]),
        np.concatenate([part.flat.labels for part in parts]),
    )
    pixel = np.concatenate([part.pixel + part.top * picture.width for part in parts])
    value = np.concatenate([part.value for part in parts])
    found = _joined([part.found for part in parts])
    near = np.concatenate([part.near for part in parts])
    lost = np.flatnonzero(found.distance > EXPLAINED)
    if len(lost):
        values = value[lost].astype(np.float64)
        palette = extend(palette, values, near)
        found.update(lost, explain_any(values, near, palette))
    mixed = Mixed(flat, pixel, value, found.owner, found.other, found.coverage.astype(np.float32), palette)
    return _settled(_with_ridges(mixed, rows), rows)


class _Table(NamedTuple):
    """Exact colors of flat areas, packed and in order, the label of each, and the colors of labels."""

    colors: Ints
    label: NDArray[np.int32]
    palette: Floats


class _Part(NamedTuple):
    """What is told of the rows from `top` on by what is close by; `near` are the colors around pixels that are lost."""

    top: int
    flat: LabelRuns
    pixel: Ints
    value: NDArray[np.uint8]
    found: Explained
    near: NDArray[np.int32]


def _part(window: Window, table: _Table) -> _Part:
    pixels, core = window.pixels, window.core
    packed = pack(pixels)
    flat = flat_areas(pixels, packed=packed)
    begins = np.flatnonzero(np.append(True, packed.ravel()[1:] != packed.ravel()[:-1]))
    place = np.minimum(np.searchsorted(table.colors, packed.ravel()[begins]), len(table.colors) - 1)
    lengths = np.diff(np.append(begins, packed.size))
    owner = np.where(flat, np.repeat(table.label[place], lengths).reshape(packed.shape), np.int32(-1))
    y, x = np.nonzero(~flat[core])
    y += core.start
    value = pixels[y, x]
    near = near_colors(owner, y, x)
    found = explain_pairs(value.astype(np.float64), near, table.palette)
    width = pixels.shape[1]
    own = LabelRuns.of([owner[core]], width)
    return _Part(
        window.top, own, (y - core.start) * width + x, value, found, near[np.flatnonzero(found.distance > EXPLAINED)]
    )


def _unpacked(colors: Ints) -> Floats:
    return np.column_stack([colors >> 16, colors >> 8 & 255, colors & 255]).astype(np.float64)


def _joined(parts: list[Explained]) -> Explained:
    names = ("owner", "other", "coverage", "distance")
    return Explained(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def _with_ridges(mixed: Mixed, rows: int) -> Mixed:
    """Give strokes the pixels that they cover less than half where they pass between two."""
    owner, other, coverage = mixed.owner.copy(), mixed.other.copy(), mixed.coverage.copy()
    for first, part, own in mixed.windows(rows, 2):
        y, x = mixed.place(own, first)
        ridges(part.owner, part.other, part.coverage, y, x)
        owner[own], other[own], coverage[own] = part.owner[y, x], part.other[y, x], part.coverage[y, x]
    return replace(mixed, owner=owner, other=other, coverage=coverage)


def _settled(mixed: Mixed, rows: int) -> Mixed:
    """Give fringes and specks to the colors around them, as `flat.settle` does."""
    for _ in range(2):
        labels = mixed.labels(rows)
        number, _, area = faces_of(labels)
        face = number[labels.run_at(mixed.pixel)]
        thin = np.flatnonzero(np.bincount(face, minlength=len(area))[face] == area[face])  # without a flat pixel
        if not len(thin):
            break
        face, own, value = face[thin], mixed.owner[thin], mixed.value[thin].astype(np.float64)
        pure = np.abs(value - mixed.palette[own]).max(1) <= SAME
        solid = (np.bincount(face[pure], minlength=len(area)) > 0) & (area < SPECK)
        near = _near_without(mixed, thin, rows)
        found = explain_pairs(value, near, mixed.palette)
        misfit = np.bincount(face, weights=np.minimum(found.distance, 50), minlength=len(area)) / np.maximum(area, 1)
        goes = ((misfit <= EXPLAINED) | ((area < SPECK) & ~solid))[face] & (near[:, 0] >= 0)
        if not goes.any():
            break
        owner, other, coverage = mixed.owner.copy(), mixed.other.copy(), mixed.coverage.copy()
        owner[thin[goes]], other[thin[goes]] = found.owner[goes], found.other[goes]
        coverage[thin[goes]] = found.coverage[goes]
        mixed = replace(mixed, owner=owner, other=other, coverage=coverage)
    return mixed


def _near_without(mixed: Mixed, thin: Ints, rows: int) -> NDArray[np.int32]:
    """The colors around `thin` pixels, without theirs."""
    without = mixed.owner.copy()
    without[thin] = -1
    blank = replace(mixed, owner=without)
    parts = [np.zeros((0, 4), np.int32)]
    for first, part, own in blank.windows(rows, REACH):
        some = thin[slice(*np.searchsorted(thin, [own.start, own.stop]).tolist())]
        parts.append(near_colors(part.owner, *mixed.place(some, first)))
    return np.concatenate(parts)
