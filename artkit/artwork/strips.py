"""A picture larger than memory: its rows from top to bottom, some at a time, as often as they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from artkit.arrays import Pixels
from artkit.errors import PhotoError


class Window(NamedTuple):
    """Rows `top` to `bottom` of a picture, with those beside them: `pixels` (rows, W, 3) begin with row `first`."""

    top: int
    bottom: int
    first: int
    pixels: Pixels

    @property
    def core(self) -> slice:
        """The rows of `pixels` that are its own."""
        return slice(self.top - self.first, self.bottom - self.first)


@dataclass(frozen=True)
class Strips:
    """A picture of `width` x `height` pixels; `read` gives its rows in strips, (rows, W, 3) sRGB, from the top on."""

    width: int
    height: int
    read: Callable[[], Iterator[Pixels]]

    @classmethod
    def of(cls, pixels: Pixels, rows: int) -> Strips:
        """Give an array of pixels, so many rows at a time."""
        height, width = pixels.shape[:2]
        return cls(width, height, lambda: (pixels[top : top + rows] for top in range(0, height, rows)))

    def windows(self, rows: int, margin: int = 0) -> Iterator[Window]:
        """Give windows of so many rows, and `margin` more above and below where the picture goes on."""
        held, first, source = np.zeros((0, self.width, 3), np.uint8), 0, self.read()
        for top in range(0, self.height, rows):
            bottom = min(top + rows, self.height)
            low, need = max(top - margin, 0), min(bottom + margin, self.height)
            parts, have = [held], first + len(held)
            while have < need:
                strip = next(source, None)
                if strip is None:
                    raise PhotoError(f"ends after {have} of {self.height} rows")
                parts.append(strip)
                have += len(strip)
            held, first = (np.concatenate(parts) if len(parts) > 1 else held)[low - first :], low
            yield Window(top, bottom, low, held[: need - low])


FEW = 1 << 22
"""Pixels of a window, about."""


def few_rows(width: int) -> int:
    """The rows of a window."""
    return max(FEW // width, 16)
