"""Palette animations as GIF: indices are compressed once, and each frame is a table of colors and a copy of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from artkit.artwork.animation import Colors, PaletteAnimation
from artkit.color.means import means_by_label
from artkit.export.frames import check_size
from artkit.export.gif import lzw
from artkit.export.gif.blocks import LARGEST, control, header, place
from artkit.export.gif.one_index import one_index
from artkit.export.gif.palette import Indices, Slack, exchangeable


def write_palettes(animation: PaletteAnimation, waits: list[int], file: BinaryIO, metadata: Mapping[str, str]) -> None:
    """Write the animation, but for its end."""
    height, width = animation.base.index.shape
    check_size(width, height, "GIF", LARGEST)
    one = one_index(animation)
    count = one.count + (one.clear is not None)
    data, taken = lzw.encode(one.indices, count, *exchangeable(one.slack))
    shares = None if one.slack is None or one.cell_table is None else _Shares.of(one.slack, taken)
    header(file, width, height, animation.loop, metadata)
    for i, wait in enumerate(waits):
        if shares is not None and one.cell_table is not None:
            table = shares.table(one.cell_table(i), one.count)
        else:
            table = one.table(i)
        file.write(control(wait, 1, one.clear) + place(0, 0, width, height, table, count) + data)


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
