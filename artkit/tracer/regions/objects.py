"""What lies on even ground, in connected objects; where two inks touch, an object is parted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Floats, Ints, Pixels, channel_sum
from artkit.raster.masks import grown
from artkit.tracer.regions.explain import EXPLAINED
from artkit.tracer.regions.ground import Ground

Colors = NDArray[np.float32]
"""(N, 3) colors, or differences between them, in levels."""

FAR = 24.0
"""Ground is nowhere farther from ink than this, in pixels."""

NEAR = 8.0
"""How far holes of letters are from the ground around, in pixels, at the most."""

WINDOW = 7
"""A stroke's darkest pixel is found in a window of so many pixels a side."""

WEAKER = 0.72
"""Share of an object's farthest distance from the ground below which its parts may be of another ink."""

PART = 0.15
"""The least share of an object that is weaker."""

RANK = 0.85
"""Rank among the peaks of what is weaker, from 0 to 1, of the one that tells its ink."""

AGREED = 0.8
"""Share of these peaks that must be mixtures of this ink."""

STRONGER = 1.3
"""How much stronger pixels of the other ink are."""

OVER, CLUSTER = 8, 4
"""Pixels that are stronger than these at the least, and how many of them lie within two pixels of each: corners of a
faint frame are darker, too."""

SMALL = 60
"""Objects of fewer pixels are of one ink."""

WHOLE, STRONG, WEAK = 0, 1, 2
"""Sides of objects that two inks make."""


@dataclass(eq=False)
class Objects:
    """N pixels of M connected objects, in order of these.

    Each pixel has its `place` in the picture, number of its `object`, `color`, and the colors of the grounds closest to
    it, `paper`, whose number is `ground`, and `other`. `part` (H, W) is the object of every pixel of the picture,
    -1 for none, `whole` (H, W) what it hangs together with, `even` (H, W) what has the color of its ground.
    `side` (M,) is WHOLE for objects that were not parted, else STRONG or WEAK; of the latter `ink` (M, 3) is known.
    """

    place: Ints
    object: Ints
    color: Colors
    paper: Colors
    other: Colors
    ground: Ints
    count: int
    part: NDArray[np.int32]
    whole: NDArray[np.int32]
    even: Bools
    pixels: Pixels
    side: Ints
    ink: Colors

    def summed(self, values: Floats | Bools) -> Floats:
        """(M,) sums over objects of (N,) values."""
        return np.bincount(self.object, values, self.count).astype(np.float64)

    @property
    def size(self) -> Ints:
        """(M,) pixels of each object."""
        return np.bincount(self.object, minlength=self.count)

    @property
    def strength(self) -> NDArray[np.float32]:
        """(N,) how far each pixel is from its ground, RGB distance."""
        found: NDArray[np.float32] = np.sqrt(((self.color - self.paper) ** 2).sum(1))
        return found

    def farthest(self, strength: NDArray[np.float32]) -> Ints:
        """(M,) the strongest pixel of each object, as a row of the pixels."""
        ranked = np.lexsort((-strength, self.object))
        first: Ints = ranked[np.append(True, self.object[ranked][1:] != self.object[ranked][:-1])]
        return first


def objects_on(pixels: Pixels, ground: Ground) -> Objects | None:
    """Find what is no ground, and no mixture of two grounds side by side; None where there is nothing."""
    import cv2

    paper = ground.colors[ground.nearest]
    other = ground.colors[ground.second]
    away, across = pixels - paper, other - paper
    share = np.clip(channel_sum(away * across) / np.maximum(channel_sum(across * across), 1), 0, 1)
    off = away - share[..., None] * across
    even = channel_sum(away * away) <= EXPLAINED**2
    edge = (ground.second != ground.nearest) & (channel_sum(off * off) <= EXPLAINED**2)
    mask = ~even & ~edge & (ground.depth > 0)
    count, part = cv2.connectedComponents(mask.astype(np.uint8), connectivity=8)
    far = np.zeros(count, bool)
    far[part[mask & (ground.depth > FAR)]] = True
    far[0] = True
    whole = np.where(far[part], np.int32(-1), part.astype(np.int32))
    even &= ground.depth <= NEAR  # what happens to have the ground's color far from it is something else
    return _collected(whole, whole, even, pixels, ground, np.full(whole.shape, WHOLE, np.uint8), pixels)


def _collected(
    part: NDArray[np.int32],
    whole: NDArray[np.int32],
    even: Bools,
    pixels: Pixels,
    ground: Ground,
    side: NDArray[np.uint8],
    ink: NDArray[np.floating] | Pixels,
) -> Objects | None:
    """Bring pixels into the order of their objects, `part` (H, W), whose numbers may have gaps."""
    place = np.flatnonzero(part >= 0)
    if not len(place):
        return None
    own = part.ravel()[place]
    order = np.argsort(own, kind="stable")
    place, own = place[order], own[order]
    names, number = np.unique(own, return_inverse=True)
    table = np.full(int(names[-1]) + 2, -1, np.int32)
    table[names] = np.arange(len(names))
    at = ground.nearest.ravel()[place]
    paper, other = ground.colors[at], ground.colors[ground.second.ravel()[place]]
    color = pixels.reshape(-1, 3)[place].astype(np.float32)
    first = np.flatnonzero(np.append(True, number[1:] != number[:-1]))
    sides = side.ravel()[place[first]].astype(np.int64)
    inks = ink.reshape(-1, 3)[place[first]].astype(np.float32)
    return Objects(
        place, number.astype(np.int64), color, paper, other, at.astype(np.int64), len(names), table[part], whole, even,
        pixels, sides, inks,
    )  # fmt: skip


def parted(objects: Objects, ground: Ground) -> Objects:
    """Part objects of a strong and a weak ink, text across lines: the weak one is what is far from the strong one."""
    import cv2

    strength, shape = objects.strength, objects.part.shape
    field = np.zeros(objects.part.size, np.float32)
    field[objects.place] = strength
    window = np.ones((WINDOW, WINDOW), np.uint8)
    around = np.asarray(cv2.dilate(field.reshape(shape), window)).ravel()[objects.place]
    first = objects.farthest(strength)
    weak = around < WEAKER * strength[first][objects.object]
    peak = weak & (strength >= around)
    level = objects.color[_ranked(np.where(peak, strength, np.nan), objects)][objects.object]
    reach = np.sqrt(((level - objects.paper) ** 2).sum(1))
    _, off_second = mixed_with(objects, level)
    fitting = peak & (off_second <= 2 * EXPLAINED)
    over = strength > STRONGER * reach
    two = (objects.size >= SMALL) & (objects.summed(weak) >= PART * objects.size)
    two &= objects.summed(fitting) >= AGREED * objects.summed(peak)
    strong = np.zeros(objects.part.size, np.uint8)
    strong[objects.place[over]] = 1
    beside = np.asarray(cv2.boxFilter(strong.reshape(shape), -1, (5, 5), normalize=False)).ravel()[objects.place]
    two &= objects.summed(over & (beside >= CLUSTER)) > OVER
    if not two.any():
        return objects
    strong[objects.place[~(two[objects.object] & (beside >= CLUSTER))]] = 0
    near = grown(strong.reshape(shape) > 0, 2).ravel()[objects.place]
    _, off = mixed_with(objects, objects.color[first][objects.object])
    weaker = two[objects.object] & ~over & ~(near & (off <= off_second + EXPLAINED / 2))
    mask = np.zeros(objects.part.size, bool)
    mask[objects.place[weaker]] = True
    ink = np.zeros((objects.part.size, 3), np.float32)
    ink[objects.place] = np.where(weaker[:, None], level, objects.ink[objects.object])
    return _split(objects, mask.reshape(shape), two, ground, ink)


def _ranked(values: Floats, objects: Objects) -> Ints:
    """(M,) the row of the pixel of each object at the rank `RANK` of (N,) values, those that are NaN left out."""
    order = np.lexsort((values, objects.object))  # NaN come last
    known = objects.summed(~np.isnan(values))
    start = np.searchsorted(objects.object, np.arange(objects.count))
    row: Ints = order[np.minimum(start + (RANK * known).astype(np.int64), len(values) - 1)]
    return row


def _split(objects: Objects, weaker: Bools, two: Bools, ground: Ground, ink: Colors) -> Objects:
    """Part the objects `two` (M,) where they are `weaker` (H, W) and of `ink` (H W, 3)."""
    import cv2

    before = np.append(np.where(two, STRONG, objects.side), WHOLE)[objects.part]
    side = np.where(weaker, WEAK, before).astype(np.uint8)
    count, strong = cv2.connectedComponents(((objects.part >= 0) & ~weaker).astype(np.uint8), connectivity=8)
    _, weak = cv2.connectedComponents(weaker.astype(np.uint8), connectivity=8)
    numbers = np.where(weaker, weak + count, np.where(strong > 0, strong, -1)).astype(np.int32)
    return _collected(numbers, objects.whole, objects.even, objects.pixels, ground, side, ink) or objects


def mixed_with(objects: Objects, ink: Colors) -> tuple[Floats, Floats]:
    """Share of `ink` (N, 3) in each pixel, and how far it is from a mixture of that with one or two grounds (N,).

    Least squares, with a little said against the second ground: where all three are grays, either would do.
    """
    along, across, away = (array - objects.paper for array in (ink, objects.other, objects.color))
    aa, bb, ab = ((x * y).sum(1, dtype=np.float64) for x, y in ((along, along), (across, across), (along, across)))
    da, db = ((x * y).sum(1, dtype=np.float64) for x, y in ((away, along), (away, across)))
    bb += EXPLAINED**2
    ground = np.clip((aa * db - ab * da) / np.maximum(aa * bb - ab * ab, 1e-6), 0, 1)
    share = np.clip((da - ground * ab) / np.maximum(aa, 1e-6), 0, 1)
    ground = np.minimum(ground, 1 - share)
    off = away - share[:, None] * along - ground[:, None] * across
    return share, np.sqrt((off * off).sum(1))
