"""Screens of dots, as comics and prints have them: a picture in, its dots and the picture without them out.

Dots are spots darker or lighter than what is around them. Where they lie on a lattice, each cell is explained as one
round dot of one ink on one ground, its radius from how much of the cell is inked; so dots that touch, that JPEG has
smeared, or that are hardly a pixel large come back round, and in a few bytes each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from artkit.algebra import product
from artkit.arrays import Bools, Floats, Ints, Pixels
from artkit.color.ycc import Colors, srgb_to_ycc, ycc_to_srgb
from artkit.tracer.lattice import Lattice, lattice_of
from artkit.tracer.texture import SWING, part_above

REACH = 8
"""Pixels around each within which the darkest and the brightest are told apart."""

CONTRAST = 40.0
"""Levels of lightness between dots and their ground, at the least."""

LARGEST = 24
"""Pixels that a dot is wide at the most."""

CLOSEST = 4.5
"""Pixels from dot to dot at the least: closer ones cannot be told apart."""

FAITHFUL = 0.17
"""How far a cell's lightness may be from its dot's, root of the mean square, as a part of the contrast."""

TINTED = 30.0
"""How far its mean tint may be from its dot's, in levels."""

SMALLEST = 0.25
"""Pixels of radius below which a dot is none."""

MERGED = 0.1
"""Share of a cell that is inked beside its dot where something else of that ink covers it."""

LEFT = 0.35
"""Part of a picture that may be full of contrast without its dots: where more is left, screens lie over one another."""

SCREENS = 4
"""Screens that are looked for in a picture."""


@dataclass(frozen=True, eq=False)
class Dots:
    """Round dots of one ink: `center` (N, 2), x and y, and `radius` (N,) in pixels; `ground` is what they lie on.

    Those that are `cut` (N,) are covered in part by something else.
    """

    center: Floats
    radius: Floats
    cut: Bools
    ink: Floats
    ground: Floats


class Screened(NamedTuple):
    """A picture's dots, and the picture (H, W, 3) with their ground where they were."""

    dots: list[Dots]
    rest: Pixels


def screened(pixels: Pixels) -> Screened | None:
    """Take the screens of dots off an (H, W, 3) picture; None where it has none."""
    rest, found = pixels, []
    for light in (False, True):
        for _ in range(SCREENS):
            one = _screen(rest, light)
            if one is None:
                break
            found.append(one[0])
            rest = one[1]
    if not found or part_above(rest, 11, SWING) > LEFT:
        return None
    return Screened(found, rest)


def _screen(pixels: Pixels, light: bool) -> tuple[Dots, Pixels] | None:
    colors = srgb_to_ycc(pixels)
    spots = _spots(colors[..., 0], light)
    if len(spots) > colors[..., 0].size / CLOSEST**2:
        return None
    known = lattice_of(spots)
    if known is None or known[0].pitch < CLOSEST:
        return None
    lattice, on = known
    return _Cells.of(lattice, pixels.shape[0], pixels.shape[1]).explained(pixels, colors, spots[on], light)


def _spots(lightness: NDArray[np.float32], light: bool) -> Floats:
    """Middles (N, 2), x and y, of small spots that are darker, or lighter, than what is around them."""
    import cv2

    dark = np.ascontiguousarray(255 - lightness if light else lightness, np.float32)
    window = np.ones((2 * REACH + 1,) * 2, np.uint8)
    low, high = np.asarray(cv2.erode(dark, window)), np.asarray(cv2.dilate(dark, window))
    spot = (dark < (low + high) / 2) & (high - low > CONTRAST)
    count, parts, facts, _ = cv2.connectedComponentsWithStats(spot.astype(np.uint8), connectivity=4)
    width, height, area = facts[:, cv2.CC_STAT_WIDTH], facts[:, cv2.CC_STAT_HEIGHT], facts[:, cv2.CC_STAT_AREA]
    large, small = np.maximum(width, height), np.minimum(width, height)
    round_ = (large <= LARGEST) & ((large <= 3) | ((large <= 1.7 * small) & (area >= 0.55 * width * height)))
    round_[0] = False
    weight = np.where(spot, high - dark, 0).ravel()
    y, x = np.indices(dark.shape)
    sums = [np.bincount(parts.ravel(), weight * (axis.ravel() + 0.5), minlength=count) for axis in (x, y)]
    total = np.maximum(np.bincount(parts.ravel(), weight, minlength=count), 1e-6)
    return np.column_stack(sums)[round_] / total[round_, None]


@dataclass(frozen=True, eq=False)
class _Cells:
    """The cells of a lattice in a picture: the `cell` (P,) of each pixel, and how `far` (P,) that is from its place."""

    lattice: Lattice
    number: Ints
    cell: Ints
    far: Floats

    @classmethod
    def of(cls, lattice: Lattice, height: int, width: int) -> _Cells:
        y, x = (axis.ravel() + 0.5 for axis in np.indices((height, width)))
        points = np.column_stack([x, y])
        nearest = lattice.nearest(points)
        number, cell = np.unique(nearest, axis=0, return_inverse=True)
        cell = cell.ravel()
        gap = points - lattice.places(number)[cell]
        return cls(lattice, number, cell, np.hypot(gap[:, 0], gap[:, 1]))

    def mean(self, values: NDArray[np.floating]) -> Floats:
        """The mean of each cell's values (P,)."""
        count = len(self.number)
        return np.bincount(self.cell, values, minlength=count) / np.bincount(self.cell, minlength=count)

    def explained(self, pixels: Pixels, colors: Colors, spots: Floats, light: bool) -> tuple[Dots, Pixels] | None:
        """Explain cells as dots, and paint their ground over those that are."""
        flat = colors.reshape(-1, 3)
        spotted = self._spotted(spots)
        inks = self._inks(flat, spotted, light)
        if inks is None:
            return None
        ink, ground = inks
        along = ink[0] - ground[0]
        exact = (flat[:, 0] - ground[0]) / along
        share = np.clip(exact, -0.2, 1.2)
        radius = self._radius(np.clip(self.mean(share), 0, 1))
        clear = self._is_clear(flat, share, radius, ink, ground) & _beside(self.number, spotted)
        if (clear & spotted).sum() < 30:
            return None
        cut = ~clear & _beside(self.number, clear)
        radius = np.where(cut, _around(self.number, clear, radius), radius)
        painted = self._painted(radius)
        tint = np.abs(flat[:, 1:] - (ground + np.clip(share, 0, 1)[:, None] * (ink - ground))[:, 1:]).max(1)
        inked = (np.abs(exact - 1) < 0.4) & (tint < TINTED)
        cut &= self.mean(inked & (painted < 0.1)) < MERGED  # more of it: what covers the dot has its color
        own = clear[self.cell] | (cut[self.cell] & (np.abs(exact - painted) < 0.4) & (tint < TINTED) & (exact > 0.05))
        rest = pixels.reshape(-1, 3).copy()
        rest[own] = np.rint(ycc_to_srgb(ground))
        shown = (clear | cut) & (radius > SMALLEST)
        center = self.lattice.places(self.number[shown])
        dots = Dots(center, radius[shown], cut[shown], ycc_to_srgb(ink), ycc_to_srgb(ground))
        return dots, rest.reshape(pixels.shape)

    def _spotted(self, spots: Floats) -> Bools:
        """Which cells have a spot of their own."""
        keys = {tuple(number) for number in self.lattice.nearest(spots).tolist()}
        return np.array([tuple(number) in keys for number in self.number.tolist()])

    def _inks(self, flat: Colors, spotted: Bools, light: bool) -> tuple[Floats, Floats] | None:
        """The ink of the dots and their ground, in (Y, Cb, Cr): the extremes of the cells that have spots.

        Tints are smeared over dots and ground, but a cell's mean tint stays: it goes along with what is inked of it.
        """
        inside = spotted[self.cell]
        pitch = self.lattice.pitch
        order = 1 if light else -1
        middle, rim = inside & (self.far < 0.25 * pitch), inside & (self.far > 0.42 * pitch)
        if not middle.any() or not rim.any():
            return None
        level = order * flat[:, 0]
        ink = np.median(flat[middle & (level >= np.percentile(level[middle], 85))], axis=0).astype(np.float64)
        ground = np.median(flat[rim & (level <= np.percentile(level[rim], 50))], axis=0).astype(np.float64)
        if order * (ink[0] - ground[0]) < CONTRAST:
            return None
        share = np.clip(self.mean((flat[:, 0] - ground[0]) / (ink[0] - ground[0])), 0, 1)[spotted]
        tint = np.column_stack([self.mean(flat[:, k])[spotted] for k in (1, 2)]) - ground[1:]
        full = share >= np.percentile(share, 60)
        ink[1:] = ground[1:] + np.clip(np.median(tint[full] / np.maximum(share[full, None], 0.02), axis=0), -128, 128)
        return ink, ground

    def _radius(self, share: Floats) -> Floats:
        """The radius (K,) of a dot that covers a share of a cell, (K,) from 0 to 1; beyond its sides, cut by them."""
        steps = (np.arange(48) + 0.5) / 48
        a, b = (axis.ravel() for axis in np.meshgrid(steps, steps))
        points = product(np.column_stack([a, b]), self.lattice.steps)
        home = Lattice(np.zeros(2), self.lattice.steps)
        far = np.sort(np.sqrt(((points - home.places(home.nearest(points))) ** 2).sum(1)))
        small = np.sqrt(share * self.lattice.cell / np.pi)
        table = np.interp(share, (np.arange(len(far)) + 0.5) / len(far), far)
        return np.where(small < 0.45 * self.lattice.pitch, small, table)

    def _painted(self, radius: Floats) -> Floats:
        """The share of each pixel that its cell's dot covers, (P,)."""
        size = radius[self.cell]
        return np.clip(size - self.far + 0.5, 0, 1) * np.minimum(1, np.pi * size**2)

    def _is_clear(self, flat: Colors, share: Floats, radius: Floats, ink: Floats, ground: Floats) -> Bools:
        """Which cells look like their dot alone."""
        off = np.sqrt(self.mean((share - self._painted(radius)) ** 2))
        mean = np.column_stack([self.mean(flat[:, k]) for k in range(3)])
        wanted = ground + self.mean(np.clip(share, 0, 1))[:, None] * (ink - ground)
        tint = np.abs(mean - wanted)[:, 1:].max(1)
        return np.asarray((off < FAITHFUL) & (tint < TINTED), bool)


def _beside(number: Ints, chosen: Bools) -> Bools:
    """Which cells are chosen, or next to one that is; (K,) of numbers (K, 2)."""
    return _spread(number, chosen, chosen.astype(float))[0] > 0


def _around(number: Ints, known: Bools, values: Floats) -> Floats:
    """The mean of the values of known cells next to each cell and itself."""
    weight, total = _spread(number, known, values)
    return total / np.maximum(weight, 1e-9)


def _spread(number: Ints, known: Bools, values: Floats) -> tuple[Floats, Floats]:
    import cv2

    low = number.min(0)
    place = tuple((number - low + 1).T)
    size = tuple(number.max(0) - low + 3)
    weight, total = np.zeros(size), np.zeros(size)
    weight[place], total[place] = known, np.where(known, values, 0)
    three = np.ones((3, 3))
    around = [cv2.filter2D(grid, -1, three, borderType=cv2.BORDER_CONSTANT) for grid in (weight, total)]
    return np.asarray(around[0][place], np.float64), np.asarray(around[1][place], np.float64)
