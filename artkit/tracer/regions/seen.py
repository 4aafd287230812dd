"""Colors as errors are counted in: a picture's pixels in, lightness and two tints of each out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artkit.algebra import product
from artkit.workers import mapped

LUMA, CHROMA = 1.0, 1.0
"""Weights of differences in lightness and in tint."""

_OPPONENT = np.array([[1, 1, 1], [1, 0, -1], [-1, 2, -1]]) / np.sqrt([[3], [2], [6]])
"""Lightness and two tints of red, green and blue: a turn of the color cube, which changes no distance."""

BAND = 1 << 18
"""Pixels that are turned at a time."""


def seen(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Colors (..., 3) in a space where squared distances count: lightness and two tints."""
    matrix = (_OPPONENT * np.array([[LUMA], [CHROMA], [CHROMA]])).astype(np.float32).T
    colors = np.empty(pixels.shape, np.float32)
    rows = max(1, 3 * BAND // max(pixels[:1].size, 1))

    def turn(top: int) -> None:
        colors[top : top + rows] = product(pixels[top : top + rows].astype(np.float32), matrix)

    for _ in mapped(turn, range(0, len(pixels), rows)):
        pass
    return colors


@dataclass(frozen=True, eq=False)
class Seen:
    """What `seen` would give for pixels (H, W, 3), made where it is asked for: four times their bytes otherwise."""

    pixels: NDArray[np.uint8]

    def __getitem__(self, place: Any) -> NDArray[np.float32]:
        return seen(self.pixels[place])


Colors = NDArray[np.float32] | Seen
"""Colors (H, W, 3) that are there, or made where they are asked for."""
