"""Error diffusion: a picture in a few colors, each pixel's error given on. Pixels and a palette in, indices out.

All sums are exact. Errors are whole numbers of 17 bits, their sixteenths take four more, and 32-bit floating point has
room for 24; which color is nearest is told by tables where those are sure, and by exact products where not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from artkit.arrays import Floats, Pixels
from artkit.color.dither import WHITE, Indices
from artkit.color.nearest import NearestColor

Single: TypeAlias = NDArray[np.float32]
Chooser: TypeAlias = "Callable[[NDArray[np.uint8]], Single]"
"""Looks at lifted colors (channels, N), and writes the numbers of the nearest of the palette; gives these, lifted."""

Choice: TypeAlias = "Callable[[Single], Chooser]"
"""Takes an array of lifted colors, which may change; gives what looks at it."""

SHARED = 255
"""Stands for the nearest color of a cell that is not the same everywhere in it."""

MAGIC = np.array(3 << 22, np.float32)
"""Added to numbers of less than 22 bits, it rounds them, halves to the even one. Such a sum is called lifted."""

_STEPS = 128
"""Steps whose pixels are looked up at a time."""

_LARGE = 1 << 17
"""Pixels from which a table of cells is made for a palette; it takes as long as this many pixels do without."""


def diffused(pixels: Pixels, palette: Pixels, levels: Floats, inside: NDArray[np.bool_] | None = None) -> Indices:
    """Floyd and Steinberg's error diffusion ("An adaptive algorithm for spatial grey scale", 1976).

    Row by row from the left, each pixel takes the color nearest to its own plus the errors it was given, clipped to
    0..WHITE, and gives its error on: 7/16 to the right, 3/16, 5/16 and 1/16 to the lower left, below and lower right.
    What would leave the picture is lost; what is not `inside` neither takes nor gives. The sum of the sixteenths is
    rounded, halves to even, once per pixel.

    A pixel waits for its left neighbor and for the three above it, of which the right one is the last. So all pixels
    with equal x + 2 y can be done at once, and a photo takes thousands of steps, not millions.
    """
    height, width = pixels.shape[:2]
    if width < 3:  # pixels of one step are width - 2 apart in memory
        padding = ((0, 0), (0, 3 - width))
        wide = np.pad(pixels, (*padding, (0, 0)))
        mask = np.ones((height, width), np.bool_) if inside is None else inside
        return np.ascontiguousarray(diffused(wide, palette, levels, np.pad(mask, padding))[:, :width])
    if (palette == palette[:, :1]).all() and _is_gray(pixels):
        pixels, palette = pixels[..., :1], palette[:, :1]  # all channels would come to the same
    return _Diffusion(pixels, levels[palette], levels, inside).run()


def _is_gray(pixels: Pixels) -> bool:
    """Whether the channels are equal; pictures that are not mostly show it in their first row."""
    return all(np.array_equal(rows[..., 0], rows[..., i]) for rows in (pixels[:1], pixels) for i in (1, 2))


class _Diffusion:
    """Error diffusion under way: the errors of the last three steps by row, and what is chosen so far.

    Steps are done in blocks. In a block arrays have a place for each row that any of its steps is in, and one before
    these for the row above; those of the channels stand one after another in one line, so that what comes from the row
    above is the same line, moved by one. Pictures are stored with as much room after each row as a block has steps:
    there lie the pixels that a row has in steps before its first and after its last.
    """

    def __init__(self, pixels: Pixels, colors: Floats, levels: Floats, inside: NDArray[np.bool_] | None) -> None:
        self.height, self.width, channels = pixels.shape
        self.planes = [_roomy(pixels[..., channel]) for channel in range(channels)]
        self.inside = None if inside is None else _roomy(inside.view(np.uint8))
        self.result = _roomy(np.zeros((self.height, self.width), np.uint8))
        self.levels, self.choice = levels.astype(np.float32), _choice(colors, self.height * self.width)
        # Newest first, by row; the first entry stands for the row above the picture.
        self.errors = np.zeros((3, channels, self.height + 1), np.float32)

    def run(self) -> Indices:
        """Do all steps."""
        steps = self.width + 2 * (self.height - 1)
        for first in range(0, steps, _STEPS):
            self._block(first, min(first + _STEPS, steps))
        rows = self.result[_STEPS:].reshape(self.height, -1)
        return np.ascontiguousarray(rows[:, : self.width])

    def _rows(self, step: int) -> tuple[int, int]:
        """Give the first row of a step and the one after its last."""
        return max(0, (step - self.width + 2) // 2), min(self.height - 1, step // 2) + 1

    def _block(self, first: int, end: int) -> None:
        """Do some steps: choose the colors of their pixels, and keep the errors."""
        from cv2 import LUT, addWeighted, transpose

        top, bottom = self._rows(first)[0], self._rows(end - 1)[1]
        last, before, third = (_Line(errors[:, top : bottom + 1]) for errors in self.errors)
        fresh, sums, more = (_Line(last.planes) for _ in range(3))
        wanted, parts, bits = sums.own, more.own, sums.own.view(np.int32)
        lowest, highest = (np.full_like(bits, bound) for bound in _BOUNDS)
        lines = np.zeros((len(self.planes), bottom - top + 1, end - first), np.uint8)
        for plane, part in zip(self.planes, lines[:, 1:], strict=True):
            part[:] = self._steps(plane, first, end, top, bottom)
        by_step = transpose(lines.reshape(-1, end - first))
        inside = None if self.inside is None else transpose(self._steps(self.inside, first, end, top, bottom).copy())
        chosen = np.empty((end - first, bottom - top), np.uint8)
        given = np.empty((1, sums.planes.size), np.float32)
        own, rows = given[:, 1:], sums.rows
        choice = self.choice(rows)
        for step in range(end - first):
            LUT(by_step[step : step + 1], self.levels, dst=given)
            addWeighted(last.own, 7 / 16, last.above, 3 / 16, 0, dst=wanted)
            addWeighted(before.above, 5 / 16, third.above, 1 / 16, 0, dst=parts)
            wanted += parts
            wanted += MAGIC
            wanted += own
            np.maximum(bits, lowest, out=bits)  # lifted numbers are in the order of their bits, which are quicker
            np.minimum(bits, highest, out=bits)
            np.subtract(rows, choice(chosen[step]), out=fresh.rows)
            if inside is not None:
                fresh.rows *= inside[step]
            low, high = self._rows(first + step)
            fresh.planes[:, : low - top + 1].fill(0)  # a row above has come to its end
            fresh.planes[:, high - top + 1 :].fill(0)  # and one below has not begun
            fresh, last, before, third = third, fresh, last, before
        for errors, kept in zip(self.errors, (last, before, third), strict=True):
            errors[:, top : bottom + 1] = kept.planes
        self._steps(self.result, first, end, top, bottom)[:] = transpose(chosen)

    def _steps(self, stored: NDArray[np.uint8], first: int, end: int, low: int, high: int) -> NDArray[np.uint8]:
        """Give a view (rows, steps) of what is stored with room."""
        apart = self.width + _STEPS - 2
        return as_strided(stored[_STEPS + low * apart + first :], (high - low, end - first), (apart, 1))


def _roomy(plane: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Store a plane (H, W) with room before it and after each row."""
    height, width = plane.shape
    stored = np.zeros(_STEPS + height * (width + _STEPS), np.uint8)
    stored[_STEPS:].reshape(height, -1)[:, :width] = plane
    return stored


class _Line:
    """Numbers of all channels in one line, and views of it: all but the first; what stands before those; by row."""

    def __init__(self, values: Single) -> None:
        self.planes = values.copy()
        self.rows = self.planes[:, 1:]
        line = self.planes.reshape(1, -1)  # to OpenCV a row; an array of one dimension would be a column
        self.own, self.above = line[:, 1:], line[:, :-1]


def _lifted(values: Any) -> Single:
    """Give whole numbers plus MAGIC, as they are while colors are chosen."""
    return np.ascontiguousarray(values, np.float32) + MAGIC


_BOUNDS = _lifted([0, WHITE]).view(np.int32)
"""Bits of the least and of the largest lifted number of a color."""


def _choice(colors: Floats, area: int) -> Choice:
    """Give what finds the nearest of colors (K, channels), prepared for so many pixels."""
    if len(colors) == 2 and (colors == colors[:, :1]).all() and colors[1, 0] > colors[0, 0]:
        return _Lighter(colors.shape[1], *(int(color) for color in colors[:, 0]))
    return _Cells(colors) if area >= _LARGE and colors.shape[1] == 3 and 2 < len(colors) <= SHARED else _Nearest(colors)


class _Lighter:
    """The nearer of a darker and a lighter gray: the sum of all channels tells."""

    def __init__(self, channels: int, first: int, second: int) -> None:
        most = channels * (first + second) // 2
        self.most = np.array((most + channels * int(_BOUNDS[0])) % 2**32, np.uint32)
        self.change, self.first = np.array(second - first, np.float32), np.array(_lifted(first))

    def __call__(self, lifted: Single) -> Chooser:
        bits = lifted.view(np.uint32)
        total, color = np.zeros_like(bits[0]), np.zeros(lifted.shape[1], np.float32)
        adding = [(bits[0], bits[1]), (total, bits[2])] if len(bits) == 3 else [(bits[0], np.zeros_like(total))]

        def choose(chosen: NDArray[np.uint8]) -> Single:
            for one, other in adding:
                np.add(one, other, out=total)
            is_lighter = chosen.view(np.bool_)
            np.greater(total, self.most, out=is_lighter)
            np.multiply(is_lighter, self.change, out=color)
            np.add(color, self.first, out=color)
            return color

        return choose


class _Nearest:
    """The nearest of any colors, by exact products with all of them."""

    def __init__(self, colors: Floats) -> None:
        self.nearest, self.lifted = NearestColor(colors), _lifted(colors.T)

    def __call__(self, lifted: Single) -> Chooser:
        def choose(chosen: NDArray[np.uint8]) -> Single:
            chosen[:] = self.nearest(lifted - MAGIC)
            return self.lifted.take(chosen, axis=1)

        return choose


class _Cells:
    """The nearest of some colors by a table of 32 x 32 x 32 cells; in those that several share, by exact products."""

    def __init__(self, colors: Floats) -> None:
        self.across, self.halves = np.ascontiguousarray(colors.T), (colors * colors).sum(axis=1) / 2
        self.table, self.lifted = _sure(colors), _lifted(colors.T)

    def __call__(self, lifted: Single) -> Chooser:
        bits, cells, place = (
            lifted.view(np.uint32),
            np.zeros(lifted.shape, np.uint16),
            np.zeros(lifted.shape[1], np.intp),
        )

        def choose(chosen: NDArray[np.uint8]) -> Single:
            np.right_shift(bits, 11, out=cells, casting="unsafe")
            np.bitwise_and(cells, 31, out=cells)
            red, green, blue = cells
            red <<= 10
            green <<= 5
            red |= green
            red |= blue
            self.table.take(red, out=chosen, mode="clip")
            shared = np.flatnonzero(chosen == SHARED)
            if len(shared):
                close = (lifted.take(shared, axis=1) - MAGIC).T @ self.across
                close -= self.halves
                chosen[shared] = close.argmax(axis=1)
            place[:] = chosen
            return self.lifted.take(place, axis=1)

        return choose


def _sure(colors: Floats) -> NDArray[np.uint8]:
    """The nearest of colors (K, 3) to all of each of 32 x 32 x 32 cells of 2048 levels a side; SHARED elsewhere."""
    side = np.arange(32) * 2048.0
    low = np.stack(np.meshgrid(side, side, side, indexing="ij")).reshape(3, -1)
    found = NearestColor(colors)(low + 1023)
    own, squares = colors[found].T, (colors * colors).sum(axis=1)
    sure = np.ones(found.shape, np.bool_)
    for number, color in enumerate(colors):
        beyond = own - color[:, None]
        least = (beyond * low).sum(axis=0) + 2047 * np.minimum(beyond, 0).sum(axis=0)
        least -= (squares[found] - squares[number]) / 2
        sure &= (least > 0) | (found == number)
    found[~sure] = SHARED
    return found
