"""A first look at all strips: what kind of picture it is, and how many pixels of its flat areas have which color."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Ints, Pixels
from artkit.artwork.strips import Strips, Window
from artkit.tracer.look import Kind, judged, ramp_of, rows_looked_at
from artkit.tracer.regions.flat import flat_areas, pack

Progress = Callable[[float], None]


@dataclass(frozen=True, eq=False)
class Survey:
    """The `kind` of a picture, the exact `colors` (K,) of its flat areas, packed and in order, and their `counts`.

    `ramp` is what each gray becomes in line work under noise, None where all stays.
    """

    kind: Kind
    colors: Ints
    counts: Ints
    ramp: NDArray[np.uint8] | None = None

    def windows(self, picture: Strips, rows: int, margin: int) -> Iterator[Window]:
        """Give the windows of the picture, without the noise of line work."""
        for window in picture.windows(rows, margin):
            yield window if self.ramp is None else window._replace(pixels=cleaned(window.pixels, self.ramp))


def cleaned(pixels: Pixels, ramp: NDArray[np.uint8]) -> Pixels:
    """Give grays what they become."""
    return np.repeat(ramp[pixels[..., 1:2]], 3, axis=2)


def survey(picture: Strips, kind: str, rows: int, progress: Progress) -> Survey:
    """Look at all of a picture, `rows` at a time; a `kind` that is not auto is what it is said to be."""
    wanted = rows_looked_at(picture.height, picture.width)
    some: list[Pixels] = []

    def looked(window: Window) -> None:
        low, high = np.searchsorted(wanted, [window.top, window.bottom])
        some.append(window.pixels[wanted[low:high] - window.first])

    counts = _counted(_told(picture.windows(rows, 1), picture.height, progress), looked)
    seen = np.concatenate(some)
    found = judged(seen, None)
    if kind != "auto" and found != "photo":
        found = "line" if kind == "line" else "flat"
    ramp = ramp_of(seen, None) if found == "line" else None
    if ramp is None:
        return Survey(found, *counts)
    first = Survey(found, *counts, ramp)
    return Survey(found, *_counted(first.windows(picture, rows, 1), lambda _: None), ramp)


def _told(windows: Iterator[Window], height: int, progress: Progress) -> Iterator[Window]:
    for window in windows:
        yield window
        progress(window.bottom / height)


class _Counts(NamedTuple):
    colors: Ints
    counts: Ints


def _counted(windows: Iterator[Window], look: Callable[[Window], None]) -> _Counts:
    """Count the colors of flat pixels, window by window."""
    total = _Counts(np.zeros(0, np.int64), np.zeros(0, np.int64))
    for window in windows:
        look(window)
        packed = pack(window.pixels)
        flat = flat_areas(window.pixels, packed=packed)[window.core]
        colors, lengths = runs_of(packed[window.core][flat])
        total = _united(np.append(total.colors, colors), np.append(total.counts, lengths))
    return total


def runs_of(packed: NDArray[np.integer]) -> tuple[NDArray[np.integer], Ints]:
    """Give the colors of runs of equal ones in a row of them, and how long these are."""
    begins = np.flatnonzero(np.append(True, packed[1:] != packed[:-1]))[: len(packed)]
    return packed[begins], np.diff(np.append(begins, len(packed)))


def _united(colors: NDArray[np.integer], counts: Ints) -> _Counts:
    found, inverse = np.unique(colors, return_inverse=True)
    return _Counts(found.astype(np.int64), np.bincount(inverse, counts, len(found)).astype(np.int64))
