"""Color as numbers: sRGB's transfer function, OKLab, the sigmoid-stretched space, rotations, distinct colors.

Levels are sRGB values from 0 to 255, light is linear and runs from 0 to 1. Arrays end in an axis of three: red, green,
blue (or lightness, a, b). A function of one color never runs per pixel: `recolored` runs it once per distinct color.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Pixels

Floats = NDArray[np.float64]
Axis = Literal["red", "green", "blue", "gray"]
Vector = tuple[float, float, float]

CHANNELS = ("red", "green", "blue")

# Linear sRGB to cone responses, and their cube roots to Lab: Björn Ottosson, "A perceptual color space for image
# processing" (2020, matrices as revised 2021-01-25).
_LMS_OF_LIGHT = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_LAB_OF_ROOTS = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
_LIGHT_OF_LMS = np.linalg.inv(_LMS_OF_LIGHT)
_ROOTS_OF_LAB = np.linalg.inv(_LAB_OF_ROOTS)

_COLORS = 1 << 24
_BLOCK = 1 << 18
"""Pixels worked on at a time, so that 64-bit indices of a whole photo are never in memory at once."""

_FEW = 1 << 15
"""Colors that a color function works on at a time: what it computes on the way stays in the processor's cache."""


def light(values: Any) -> Floats:
    """Linear light of sRGB values from 0 to 1 (IEC 61966-2-1)."""
    values = np.asarray(values, np.float64)
    curve: Floats = ((np.maximum(values, 0) + 0.055) / 1.055) ** 2.4
    return np.where(values <= 0.04045, values / 12.92, curve)


def unlight(values: Any) -> Floats:
    """sRGB values from 0 to 1 of linear light; what lies below 0 or above 1 is continued, not clipped."""
    values = np.asarray(values, np.float64)
    curve: Floats = 1.055 * np.maximum(values, 0) ** (1 / 2.4) - 0.055
    return np.where(values <= 0.0031308, values * 12.92, curve)


LIGHT: Floats = light(np.arange(256) / 255)
"""(256,) the linear light of each level."""


def levels(values: Any) -> NDArray[np.uint8]:
    """Round values on the scale of 0 to 255 to the nearest level, and clip: nothing wraps."""
    rounded = np.rint(np.asarray(values, np.float64))
    return np.clip(rounded, 0, 255, out=rounded).astype(np.uint8)


class Nearest:
    """Gives the level nearest to each value on a curve that climbs from level to level, without inverting the curve.

    `edges` (255,) are the values halfway between the levels. A table of cells, half as wide as the edges are close,
    says which edge to compare with: exact, saturating, and several times as fast as a power or a logarithm.
    """

    def __init__(self, edges: Floats) -> None:
        self.low = edges[0]
        self.cells_per_unit = 2 / np.diff(edges).min()
        self.last = int((edges[-1] - self.low) * self.cells_per_unit) + 1
        starts = self.low + np.arange(self.last + 1) / self.cells_per_unit
        # A value may lie a rounding error left of its cell, and so may its edge.
        self.first = np.searchsorted(edges, starts - 0.01 / self.cells_per_unit).astype(np.uint8)
        # What lies on an edge goes up, rounding errors or not. Nothing lies above NaN, not even infinity.
        self.edge = np.append(edges - 1e-12, np.nan)[self.first]

    def __call__(self, values: Floats) -> NDArray[np.uint8]:
        """Give the level of each value, uint8; what lies beyond the ends becomes 0 or 255."""
        place = (values - self.low) * self.cells_per_unit
        cell = np.clip(place, 0, self.last, out=place).astype(np.intp)
        level: NDArray[np.uint8] = self.first.take(cell) + (values >= self.edge.take(cell))
        return level


LEVEL_OF_LIGHT = Nearest(light((np.arange(255) + 0.5) / 255))
"""The sRGB level nearest to linear light."""


def oklab(colors: Any) -> Floats:
    """OKLab of sRGB colors: (..., 3) uint8 levels to (..., 3) lightness 0 to 1, a, b."""
    return oklab_of_light(LIGHT[np.asarray(colors)])


def oklab_of_light(colors: Any) -> Floats:
    """OKLab of colors in linear light."""
    result: Floats = np.cbrt(np.asarray(colors) @ _LMS_OF_LIGHT.T) @ _LAB_OF_ROOTS.T
    return result


def light_of_oklab(lab: Any) -> Floats:
    """Linear light of OKLab colors; outside of 0 to 1 where sRGB has no such color."""
    roots: Floats = np.asarray(lab) @ _ROOTS_OF_LAB.T
    result: Floats = (roots * roots * roots) @ _LIGHT_OF_LMS.T  # numpy's ** 3 takes ten times as long
    return result


def of_planes(planes: Floats) -> NDArray[np.uint8]:
    """Give the nearest sRGB levels (N, 3) of colors in linear light that lie in planes, (3, N)."""
    return np.ascontiguousarray(LEVEL_OF_LIGHT(planes).T)


def mixed(colors: NDArray[np.uint8], curve: Floats, matrix: Floats) -> Floats:
    """Give `matrix @ curve[color]` for each of (N, 3) colors, in planes (3, N): sums of three tables."""
    tables = matrix.T[:, :, None] * curve
    red, green, blue = (np.take(table, level, axis=1) for table, level in zip(tables, colors.T, strict=True))
    result: Floats = red + green + blue
    return result


def oklab_changed(colors: NDArray[np.uint8], change: Floats) -> NDArray[np.uint8]:
    """Apply a matrix (3, 3) to the OKLab coordinates of (N, 3) colors; it must leave lightness as it is.

    Where sRGB has no such color, its chroma is lowered, lightness and hue kept, by no more than a 16384th too far.
    """
    roots = _ROOTS_OF_LAB @ change @ _LAB_OF_ROOTS @ np.cbrt(mixed(colors, LIGHT, _LMS_OF_LIGHT))
    light = _LIGHT_OF_LMS @ (roots * roots * roots)
    out = np.flatnonzero(~_is_in_gamut(light))
    if len(out):
        light[:, out] = _into_gamut(roots[:, out])
    return of_planes(light)


def _into_gamut(roots: Floats) -> Floats:
    """Linear light (3, N) of colors given by the roots (3, N) of their LMS, with as much of their chroma as fits."""
    gray = _ROOTS_OF_LAB[:, :1] * (_LAB_OF_ROOTS[0] @ roots)
    tint = roots - gray
    # Light is a polynomial in the share of the chroma that is kept.
    cubes = gray * gray * gray, 3 * gray * gray * tint, 3 * gray * tint * tint, tint * tint * tint
    zero, one, two, three = (_LIGHT_OF_LMS @ cube for cube in cubes)
    least, step = np.zeros(roots.shape[1]), 1.0
    for _ in range(14):
        step /= 2
        share = least + step
        tried = ((three * share + two) * share + one) * share + zero
        least[_is_in_gamut(tried)] += step
    result: Floats = ((three * least + two) * least + one) * least + zero
    return result


def _is_in_gamut(light: Floats) -> NDArray[np.bool_]:
    inside: NDArray[np.bool_] = (light.min(axis=0) >= -1e-4) & (light.max(axis=0) <= 1 + 1e-4)
    return inside


def from_oklab(lab: Any) -> NDArray[np.uint8]:
    """Give the nearest sRGB levels of OKLab colors; colors that sRGB does not have are clipped channel by channel."""
    return levels(255 * unlight(light_of_oklab(lab)))


def lightness(colors: Any) -> Floats:
    """OKLab's lightness of (..., 3) uint8 colors, 0 for black to 1 for white."""
    result: Floats = oklab(colors)[..., 0]
    return result


class NearestColor:
    """Gives the index (N,) of the nearest of (K, 3) colors, K at most 256, to each of (3, N); of equals the first."""

    def __init__(self, colors: Floats) -> None:
        self.colors, self.halves = colors, (colors * colors).sum(axis=1, keepdims=True) / 2

    def __call__(self, planes: Floats) -> NDArray[np.uint8]:
        """Give the index of each column's nearest color."""
        closeness = self.colors @ planes
        closeness -= self.halves
        best, chosen = closeness[0], np.zeros(planes.shape[1], np.uint8)
        for i in range(1, len(closeness)):  # argmax over a short axis takes five times as long
            np.copyto(chosen, i, where=closeness[i] > best)
            np.maximum(best, closeness[i], out=best)
        return chosen


def stretch(values: Any) -> Floats:
    """Stretch levels to the whole number line, 127.5 to 0: log(p / (1 - p)) of p = (level + 1) / 257.

    No level is infinite, because p runs from 1/257 to 256/257. This is the space in which the psychedelic rotation
    turns: colors near the faces of the cube are far out, and whatever the turn, they come back inside.
    """
    p = (np.asarray(values, np.float64) + 1) / 257
    return np.log(p / (1 - p))


def unstretch(values: Any) -> NDArray[np.uint8]:
    """Undo `stretch`, rounded to the nearest level and clipped; `unstretch(stretch(x)) == x` for all 256 levels."""
    return _LEVEL_OF_STRETCHED(np.asarray(values, np.float64))


_LEVEL_OF_STRETCHED = Nearest(stretch(np.arange(255) + 0.5))


def rotation(axis: Axis | Vector, degrees: float) -> Floats:
    """Matrix (3, 3) that turns column vectors (red, green, blue) about an axis through the origin.

    The axis is a channel, gray (the diagonal) or a vector of any length but 0.

    Positive angles turn counterclockwise for someone who looks from the axis' tip back to the origin (the right-hand
    rule): about red, green goes to blue; about green, blue to red; about blue, red to green; about gray
    120 degrees take red to green, green to blue and blue to red.
    """
    x, y, z = _direction(axis)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    # Quarter turns are exact, so that a full turn is the identity to the last bit.
    quarters, rest = divmod(degrees, 90)
    cos, sin = np.cos(np.deg2rad(rest)), np.sin(np.deg2rad(rest))
    for _ in range(int(quarters) % 4):
        cos, sin = -sin, cos
    matrix: Floats = np.eye(3) + sin * cross + (1 - cos) * (cross @ cross)  # Rodrigues' formula
    return matrix


def _direction(axis: Axis | Vector) -> Floats:
    if isinstance(axis, str):
        axis = (1, 1, 1) if axis == "gray" else tuple(np.eye(3)[CHANNELS.index(axis)])
    vector = np.array(axis) / np.abs(axis).max()  # so that squares are not too small to tell
    direction: Floats = vector / np.sqrt(vector @ vector)
    return direction


@dataclass(frozen=True, eq=False)
class Distinct:
    """A picture by its distinct colors: `colors` (N, 3) uint8 in a fixed order and `index` (H, W) int32 into them."""

    colors: NDArray[np.uint8]
    index: NDArray[np.int32]

    @classmethod
    def of(cls, pixels: Pixels) -> Distinct:
        """Index a picture."""
        codes = _codes(pixels)
        present = _present(codes)
        rank = np.empty(_COLORS, np.int32)  # only the pages of colors that occur are ever touched
        rank[present] = np.arange(len(present), dtype=np.int32)
        index = codes.view(np.int32)  # in place: the codes are not needed again
        for block in _blocks(codes):
            index.reshape(-1)[block] = rank[codes.reshape(-1)[block]]
        return cls(_unpacked(present), index)

    def painted(self, colors: NDArray[np.uint8]) -> Pixels:
        """Give the picture with other colors, (N, 3)."""
        return _gathered(self.index, _packed(colors))

    def recolored(self, change: Callable[[NDArray[np.uint8]], NDArray[np.uint8]]) -> Pixels:
        """Give the picture with a color function applied to it; see the function of that name."""
        words = np.empty(len(self.colors), "<u4")
        for block in _blocks(words, _FEW):
            words[block] = _packed(change(self.colors[block]))
        return _gathered(self.index, words)

    def counts(self, where: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
        """(N,) pixels of each color, those of an (H, W) mask alone where one is given."""
        index = (self.index if where is None else self.index[where]).reshape(-1)
        total = np.zeros(len(self.colors), np.int64)
        for block in _blocks(index):  # bincount wants 64-bit numbers
            np.add.at(total, index[block], 1)
        return total


def recolored(pixels: Pixels, change: Callable[[NDArray[np.uint8]], NDArray[np.uint8]]) -> Pixels:
    """Apply a color function to a picture: exactly, and once per distinct color.

    `change` takes and gives (N, 3) uint8; it is called with blocks of colors, and must treat each color alone.
    """
    if pixels.size <= 6 * _FEW:  # finding the distinct ones of few colors takes longer than what it saves
        flat = pixels.reshape(-1, 3)
        changed = np.empty_like(flat)
        for block in (slice(start, start + _FEW) for start in range(0, len(flat), _FEW)):
            changed[block] = change(flat[block])
        return changed.reshape(pixels.shape)
    codes = _codes(pixels)
    present = _present(codes)
    table = np.empty(_COLORS, "<u4")
    for block in _blocks(present, _FEW):
        table[present[block]] = _packed(change(_unpacked(present[block])))
    return _gathered(codes, table)


def _codes(pixels: Pixels) -> NDArray[np.uint32]:
    """(H, W) red + 256 green + 65536 blue."""
    import cv2

    words = np.asarray(cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2RGBA), np.uint8)
    codes: NDArray[np.uint32] = words.view("<u4")[..., 0]
    codes &= _COLORS - 1
    return codes


def _present(codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Give the codes that occur, in increasing order."""
    if codes.size < _BLOCK:  # sorting few is faster than looking through all 16.7 million
        return np.unique(codes)
    seen = np.zeros(_COLORS, np.bool_)
    for block in _blocks(codes):
        seen[codes.reshape(-1)[block].astype(np.intp)] = True
    return np.flatnonzero(seen).astype(np.uint32)


def _unpacked(codes: NDArray[np.uint32]) -> NDArray[np.uint8]:
    return np.ascontiguousarray(codes.astype("<u4").view(np.uint8).reshape(-1, 4)[:, :3])


def _packed(colors: NDArray[np.uint8]) -> NDArray[Any]:
    """Pack (N, 3) colors into (N,) words, the inverse of `_unpacked`."""
    words = np.zeros((len(colors), 4), np.uint8)
    words[:, :3] = colors
    return words.view("<u4").reshape(-1)


def _gathered(index: NDArray[Any], words: NDArray[Any]) -> Pixels:
    """Look up `words[index]`, (H, W), and give the colors, (H, W, 3)."""
    import cv2

    pixels = np.empty((1, index.size, 3), np.uint8)
    for block in _blocks(index):
        # Not `words[index]`: take with 64-bit indices, and OpenCV to drop the fourth byte, are five times faster.
        found = np.take(words, index.reshape(-1)[block].astype(np.intp), mode="clip")
        cv2.cvtColor(found.view(np.uint8).reshape(1, -1, 4), cv2.COLOR_RGBA2RGB, dst=pixels[:, block])
    return pixels.reshape(*index.shape, 3)


def _blocks(array: NDArray[Any], size: int = _BLOCK) -> Iterator[slice]:
    return (slice(start, start + size) for start in range(0, array.size, size))
