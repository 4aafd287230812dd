"""Palette animations as GIF: indices are compressed once, and each frame is a table of colors and a copy of them.

Where a file may be lossy, what changes slowly is not drawn in every frame: clusters of pixels whose colors stay close
over two, four or eight frames are drawn in every second, fourth or eighth, in the mean of their colors until then.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from artkit.artwork.animation import Colors, PaletteAnimation
from artkit.color.means import means_by_label
from artkit.export.frames import check_size
from artkit.export.gif import lzw
from artkit.export.gif.blocks import LARGEST, control, header, place
from artkit.export.gif.dither import Indices
from artkit.export.gif.one_index import OneIndex, one_index
from artkit.export.gif.palette import NOTHING, Slack, exchangeable

_SLOWEST = 3
"""Powers of two of the frames in which the slowest clusters are drawn once."""

_HELD = 0.25
"""Share of what a color may go off by an exchange, that it may go off by being drawn seldom."""

_WORTH = 0.1
"""Share of the pixels that change slowly, from which on it is worth drawing them seldom."""

_MOST = 1024
"""Frames up to which the courses of all cells are kept in memory."""


def write_palettes(animation: PaletteAnimation, waits: list[int], file: BinaryIO, metadata: Mapping[str, str]) -> None:
    """Write the animation, but for its end."""
    height, width = animation.base.index.shape
    check_size(width, height, "GIF", LARGEST)
    one = one_index(animation)
    size = one.count + (one.clear is not None)
    layers = _layers(one, animation.count) or [_only(one)]
    header(file, width, height, animation.loop, metadata)
    before: Colors | None = None
    for i, wait in enumerate(waits):
        layer = layers[min(_halvings(i), len(layers) - 1)]
        table = layer.table(i)
        if before is not None and np.array_equal(table, before):
            file.write(control(wait, 1, 0) + NOTHING)
        else:
            file.write(control(wait, 1, one.clear) + place(0, 0, width, height, table, size) + layer.data)
        before = table if len(layers) == 1 else None


class _Layer(NamedTuple):
    """What is drawn in some of the frames: image data, and the table of colors for each frame."""

    data: bytes
    table: Callable[[int], Colors]


def _only(one: OneIndex) -> _Layer:
    """Give the layer of all pixels, for all frames."""
    data, taken = lzw.encode(one.indices, one.count + (one.clear is not None), *exchangeable(one.slack))
    cell_table = one.cell_table
    if one.slack is None or cell_table is None:
        return _Layer(data, one.table)
    shares = _Shares.of(one.slack, taken)
    return _Layer(data, lambda i: shares.table(cell_table(i), one.count))


def _halvings(i: int) -> int:
    """Give how often a frame's number can be halved; often enough for the first."""
    return (i & -i).bit_length() - 1 if i else _SLOWEST


def _layers(one: OneIndex, count: int) -> list[_Layer]:
    """Give what is drawn in every frame, in every second, every fourth ...; nothing where all changes at one pace.

    A layer has the pixels of those before it. The last one has all, and is drawn first.
    """
    if one.slack is None or one.clear is None or count > _MOST:
        return []
    colors = one.cell_table or (lambda i: one.table(i).astype(np.float64))
    courses = np.stack([colors(i).astype(np.float32) for i in range(count)])
    paces = _paces(courses, _HELD * one.allowed)
    cells = one.slack.cells
    hidden = cells == len(one.slack.near) - 1
    pace = np.append(paces, 0)[np.minimum(cells, len(paces))]
    slowest = next((k for k in range(_SLOWEST, 0, -1) if np.count_nonzero(pace[~hidden] >= k) >= _WORTH * pace.size), 0)
    if not slowest:
        return []
    held = np.stack([_held(courses, k) for k in range(slowest + 1)])
    chosen = np.minimum(paces, slowest)
    layers = []
    for k in range(slowest + 1):
        left_out = hidden | (np.minimum(pace, slowest) > k)
        slack = Slack(np.where(left_out, np.uint16(len(one.slack.near) - 1), cells), one.slack.near)
        indices = np.where(left_out, np.uint8(one.clear), one.indices)
        data, taken = lzw.encode(indices, one.count + 1, *exchangeable(slack))
        shares = None if one.cell_table is None else _Shares.of(slack, taken)
        layers.append(_Layer(data, _table(held, chosen, shares, one.count)))
    return layers


def _table(
    held: NDArray[np.float32], paces: NDArray[np.intp], shares: _Shares | None, count: int
) -> Callable[[int], Colors]:
    """Give what makes a frame's table: of each cell the mean color until it is drawn again."""
    places = np.arange(len(paces))

    def table(i: int) -> Colors:
        cells = held[paces, i, places].astype(np.float64)
        return np.rint(cells).astype(np.uint8) if shares is None else shares.table(cells, count)

    return table


def _held(courses: NDArray[np.float32], k: int) -> NDArray[np.float32]:
    """(F, C, 3) the mean of the colors over the 2**k frames, or as many as there are, from each frame on."""
    count = len(courses)
    total = courses.astype(np.float64)
    for j in range(k):
        total[: max(count - (1 << j), 0)] += total[1 << j :].copy()
    lasting = np.minimum(np.arange(count, 0, -1), 1 << k)
    return (total / lasting[:, None, None]).astype(np.float32)


def _paces(courses: NDArray[np.float32], allowed: float) -> NDArray[np.intp]:
    """(C,) the largest k, such that a color is never off by more than allowed, in mean squares, over 2**k frames."""
    count = len(courses)
    paces = np.zeros(courses.shape[1], np.intp)
    for k in range(1, _SLOWEST + 1):
        means = _held(courses, k)[:: 1 << k].repeat(1 << k, axis=0)[:count]
        off = ((courses - means) ** 2).mean(axis=2)
        starts = np.arange(0, count, 1 << k)
        lasting = np.diff(np.append(starts, count))[:, None]
        worst = (np.add.reduceat(off, starts, axis=0) / lasting).max(axis=0)
        paces[(worst <= allowed) & (paces == k - 1)] = k
    return paces


class _Shares(NamedTuple):
    """How many pixels of which cells have which index."""

    cells: NDArray[np.intp]
    indices: NDArray[np.intp]
    pixels: NDArray[np.intp]

    @classmethod
    def of(cls, slack: Slack, taken: Indices) -> _Shares:
        kinds = len(slack.near) - 1  # the last is that of what is transparent
        pairs = slack.cells.reshape(-1).astype(np.intp) * 256 + taken.reshape(-1)
        found = np.bincount(pairs, minlength=kinds * 256)[: kinds * 256]
        there = np.flatnonzero(found)
        return cls(there >> 8, there & 255, found[there])

    def table(self, cells: NDArray[np.float64], count: int) -> Colors:
        """Give each of `count` colors the mean of the pixels that have it now, of the cells' means (C, 3)."""
        return np.rint(means_by_label(self.indices, cells[self.cells], count, self.pixels)).astype(np.uint8)
