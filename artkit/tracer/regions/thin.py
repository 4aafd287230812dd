"""Text and lines: thin ink on even ground, told from the picture beneath, with its color and how much it covers.

What is not ground, and no mixture of two grounds side by side, falls into connected objects. An object is ink where all
of it is thin and its pixels are mixtures of their ground and one color. That color is the most extreme in its word: the
pixels of thin strokes are mixtures throughout.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from artkit.algebra import inner, norm
from artkit.arrays import Bools, Floats, Ints, Pixels, channel_max
from artkit.raster.masks import grown
from artkit.tracer.regions.explain import EXPLAINED
from artkit.tracer.regions.ground import Ground
from artkit.tracer.regions.objects import WEAK, Colors, Objects, mixed_with, objects_on, parted
from artkit.tracer.regions.thirds import folded, shift_errors

DEEP, SOLID = 3.2, 0.6
"""Ink is nowhere farther from the rim than this, in pixels: of those with this share of its color at the least."""

CONTRAST = 24.0
"""How far ink is from its ground at least, RGB distance."""

CRISP = 0.97
"""Share of its ink from which on a pixel is full of it."""

LONG = 7
"""Pixels in a row that are a ruled line."""

STRAY = (0.05, 0.15, 0.5)
"""Share of an object's pixels that may be no mixtures of ground and ink, by its side: where two inks meet are three."""

TINTED = 0.08
"""How far from such mixtures pixels may be, as a share of the ink's distance from its ground."""

LOOSE = 0.1
"""Share of what is around an object that may be neither ground nor far from the object's color."""

SHIFTED = 0.6
"""Share of the error that is left when a shift of a third of a pixel explains the fringes of an object."""

ALIKE, SLIGHT = 0.8, 0.02
"""The same for one object among others that are so, and the mean squared error that is none to speak of."""

UNSTEADY = 0.05
"""Share of an object with fringes that may be of another color where there can be none: more, and it has two inks."""

FRINGED = 0.4
"""Share of all objects with fringes that this must explain for the picture to be subpixel-rendered."""

WORD = (9, 5)
"""Objects this close, in pixels across and down, are of one word."""

ENOUGH = 60
"""Objects of so many `pixels` tell their ink by themselves."""

ONE_INK = 0.75
"""Inks of two words are one if they are on one line from the ground and the weaker is this share of the stronger."""


@dataclass(frozen=True, eq=False)
class Thin:
    """Ink objects.

    `ink` (H, W) is a row of `colors` (K, 3), and `part` (H, W) the number of the object, -1 where there is none.
    `coverage` (H, W, 3) is 0 to 1 for each channel. `thirds` (H, W) is where the channels' coverages are those of
    thirds of a pixel, with red to the left (`order` 1) or to the right (-1), `ruled` (H, W) where lines run along the
    pixels. `beneath` (H, W, 3) is the picture without ink; there are `count` objects.
    """

    ink: NDArray[np.int32]
    part: NDArray[np.int32]
    colors: Pixels
    coverage: NDArray[np.float32]
    thirds: Bools
    order: int
    ruled: Bools
    beneath: Pixels
    count: int


def thin_ink(pixels: Pixels, ground: Ground) -> Thin | None:
    """Find thin ink on a picture's ground; None where there is none."""
    if (objects := objects_on(pixels, ground)) is None:
        return None
    look = _look(objects)
    if look.order:
        pixels = folded(pixels, ground)
        if (objects := objects_on(pixels, ground)) is None:
            return None
        look = _look(objects, look.order)
    else:
        objects = parted(parted(objects, ground), ground)
        look = _look(objects)
    return _explained(pixels, objects, ground, look)


@dataclass(eq=False)
class _Look:
    """What M objects look like.

    `first` (M,) is their pixel that is farthest from its ground, as a row of the pixels, `ink` (M, 3) its color or what
    is known, `reach` (M, 3) how far each channel gets. `straight` objects are mixtures of ground and one color, `faint`
    ones too little of it to be more than a piece of one; `thirds` ones have a coverage for each channel, with red to
    the left (`order` 1) or to the right (-1); 0 where the picture has none.
    """

    first: Ints
    ink: Colors
    reach: Colors
    straight: Bools
    faint: Bools
    thirds: Bools
    order: int


def _look(objects: Objects, order: int = 0) -> _Look:
    away, of = objects.color - objects.paper, objects.object
    square = (away**2).sum(1)
    first = objects.farthest(square)
    sign = np.sign(away[first])
    reach = np.zeros((objects.count, 3), np.float32)
    np.maximum.at(reach, of, away * sign[of])
    reach *= sign
    ink = np.where((objects.side == WEAK)[:, None], objects.ink, objects.color[first])
    length = np.sqrt(square[first])
    strong = (length >= CONTRAST) & ~_deep(objects, square > SOLID**2 * square[first][of])
    strong &= _foreign(objects, ink) <= LOOSE
    _, off = mixed_with(objects, ink[of])
    size = np.bincount(of, minlength=objects.count)
    # An ink that no pixel is full of has some of the tint of the ground that its strongest pixel is on.
    near = np.clip(TINTED * length, EXPLAINED, 2 * EXPLAINED)[of]
    plain = objects.summed(off > near) <= np.array(STRAY)[objects.side] * size
    straight, faint = plain & strong, plain & (length < CONTRAST)
    fringed = ~plain & strong & (objects.summed(_is_steady(objects) & (off > near)) <= UNSTEADY * size)
    error = _shifts(objects, reach)
    order = order or _order(error[:, fringed], size[fringed])
    thirds = fringed & (error[order] < ALIKE * np.maximum(error[0], SLIGHT * size)) & (order != 0)
    return _Look(first, ink, reach, straight, faint, thirds, order)


def _is_steady(objects: Objects) -> Bools:
    """(N,): pixels that both neighbors in the row are like: no stripes of theirs are covered more than others."""
    step = channel_max(np.abs(np.diff(objects.pixels.astype(np.int16), axis=1))) <= EXPLAINED
    both = np.pad(step, ((0, 0), (1, 0))) & np.pad(step, ((0, 0), (0, 1)))
    found: Bools = both.ravel()[objects.place]
    return found


def _order(error: Floats, size: Ints) -> int:
    """Which way red and blue are shifted, told by the errors (3, M) and sizes (M,) of objects with fringes."""
    if not size.sum():
        return 0
    votes = [(size * (error[k] < SHIFTED * error[0])).sum() for k in (1, 2)]
    if max(votes) < FRINGED * size.sum():
        return 0
    return 1 if votes[0] >= votes[1] else -1


def _foreign(objects: Objects, ink: Colors) -> Floats:
    """(M,): share of the pixels around each object that are no ground, or of its own kind: it is a piece of that."""
    height, width = objects.part.shape
    y, x = np.divmod(objects.place, width)
    around, odd = np.zeros(objects.count), np.zeros(objects.count)
    full, whole = ink[objects.object], objects.whole.ravel()[objects.place]
    half = ((full - objects.paper) ** 2).sum(1) / 4
    for dy in (-1, 0, 1):
        for dx in (-1, 0, 1):
            there = np.clip(y + dy, 0, height - 1), np.clip(x + dx, 0, width - 1)
            outside = (objects.part[there] != objects.object) & (objects.whole[there] != whole)
            own = ((objects.pixels[there] - full) ** 2).sum(1) < half
            around += objects.summed(outside)
            odd += objects.summed(outside & (own | ~objects.even[there]))
    return odd / np.maximum(around, 1)


def _deep(objects: Objects, solid: Bools) -> Bools:
    """(M,): which objects are wide somewhere, by their `solid` (N,) pixels."""
    import cv2

    mask = np.zeros(objects.part.size, np.uint8)
    mask[objects.place[solid]] = 1
    depth = cv2.distanceTransform(mask.reshape(objects.part.shape), cv2.DIST_L2, 5)
    deep = np.zeros(objects.count, bool)
    deep[objects.object[depth.ravel()[objects.place] > DEEP]] = True
    return deep


def _shifts(objects: Objects, reach: Colors) -> Floats:
    """(3, M): errors of `shift_errors`, summed over each object."""
    told = np.abs(reach) >= CONTRAST
    scale = np.where(told, 1 / np.where(told, reach, 1), np.nan).astype(np.float32)
    cover = np.zeros((objects.part.size, 3), np.float32)
    cover[objects.place] = (objects.color - objects.paper) * scale[objects.object]
    red, green, blue = cover.T.reshape(3, *objects.part.shape)
    errors = shift_errors(green, red, blue).reshape(3, -1)[:, objects.place]
    return np.stack([objects.summed(error) for error in errors])


def _explained(pixels: Pixels, objects: Objects, ground: Ground, look: _Look) -> Thin | None:
    """Give each object its ink, and tell how much there is of it."""
    ink = look.straight | look.thirds
    if not ink.any():
        return None
    paper = objects.paper[look.first]
    goal = np.where(look.thirds[:, None], look.reach, look.ink - paper)
    some = ink | look.faint
    group = 2 * objects.ground[look.first] + objects.side // WEAK
    full = _inks(goal, objects.size, group, _words(objects, some), some)
    ink |= look.faint & ((full * full).sum(1) >= CONTRAST**2)
    inks = _known(paper, full, ground.colors)
    share = _coverage(objects, inks[objects.object], look.thirds)
    colors, of = np.unique(np.clip(np.rint(inks[ink]), 0, 255).astype(np.uint8), axis=0, return_inverse=True)
    label = np.full(objects.count + 1, -1, np.int32)
    label[np.flatnonzero(ink)] = of.ravel()
    mine = ink[objects.object]
    place = objects.place[mine]
    cover = np.zeros((objects.part.size, 3), np.float32)
    cover[place] = share[mine]
    thirds = np.append(look.thirds, False)[objects.part]
    found = label[objects.part]
    shape = pixels.shape
    beneath = _beneath(pixels, found >= 0, objects.even, ground)
    ruled = _is_ruled(cover.reshape(shape).min(2) >= CRISP)
    part = np.where(found >= 0, objects.part, np.int32(-1))
    count = int((ink & ~look.faint).sum())
    return Thin(found, part, colors, cover.reshape(shape), thirds, look.order, ruled, beneath, count)


def _is_ruled(full: Bools) -> Bools:
    """(H, W): which of the pixels that are full of ink lie in long rows or columns: lines and frames on the grid."""
    import cv2

    mask = full.astype(np.uint8)
    rows, columns = (cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones(s, np.uint8)) > 0 for s in ((1, LONG), (LONG, 1)))
    found: Bools = rows | columns
    return found


def _known(paper: Colors, full: Colors, colors: Colors) -> Colors:
    """Give inks (M, 3), as far from their papers as `full`, the color of a ground (K, 3) that they nearly reach."""
    inks = paper + full
    for k in range(len(colors)):
        whole = colors[k] - paper
        size = np.maximum((whole * whole).sum(1), 1e-6)
        share = (full * whole).sum(1) / size
        off = full - share[:, None] * whole
        near = (share > ONE_INK) & (share < 2 - ONE_INK) & ((off * off).sum(1) <= (2 * EXPLAINED) ** 2)
        inks[near] = colors[k]
    return inks


def _beneath(pixels: Pixels, ink: Bools, even: Bools, ground: Ground) -> Pixels:
    """Fill in ground where there is ink (H, W), and the last of it close by."""
    gone = ink | (grown(ink, 2) & even)
    paper = np.rint(ground.colors[ground.nearest]).astype(np.uint8)
    return np.where(gone[..., None], paper, pixels)


def _coverage(objects: Objects, ink: Colors, thirds: Bools) -> Colors:
    """(N, 3): how much ink each channel of a pixel has; all the same where there is one coverage."""
    single = mixed_with(objects, ink)[0][:, None]
    full = ink - objects.paper
    told = np.abs(full) >= CONTRAST
    split = np.where(told, (objects.color - objects.paper) / np.where(told, full, 1), single)
    cover = np.clip(np.where(thirds[objects.object][:, None], split, single), 0, 1)
    return cover.astype(np.float32)


def _words(objects: Objects, ink: Bools) -> Ints:
    """(M,): number of the word that each object is of."""
    import cv2

    mask = np.append(ink, False)[objects.part].astype(np.uint8)
    joined = cv2.dilate(mask, np.ones(WORD[::-1], np.uint8))
    _, word = cv2.connectedComponents(joined, connectivity=8)
    first = np.flatnonzero(np.append(True, objects.object[1:] != objects.object[:-1]))
    return word.ravel()[objects.place[first]].astype(np.int64)


def _inks(goal: Colors, pixels: Ints, ground: Ints, word: Ints, ink: Bools) -> Colors:
    """Give the ink of each object (M, 3), as its distance from its ground, of which `goal` is what is seen.

    It is the strongest of its word and `ground` that is on one line with it, and then the strongest of the picture
    that is little stronger.
    """
    goal = goal.copy()
    for group, share in ((word * (ground.max() + 1) + ground, 0.0), (ground, ONE_INK)):
        size = np.sqrt((goal**2).sum(1))
        known: dict[int, list[int]] = {}
        for k in np.lexsort((np.arange(len(goal)), -size)).tolist():
            if not ink[k]:
                continue
            strongest = known.setdefault(int(group[k]), [])
            least = share if pixels[k] < ENOUGH else ONE_INK
            found = [j for j in strongest if size[k] >= least * size[j] and _is_on_line(goal[k], goal[j])]
            if found:
                goal[k] = goal[found[0]]
            else:
                strongest.append(k)
    return goal


def _is_on_line(weak: Colors, strong: Colors) -> bool:
    share = inner(weak, strong) / inner(strong, strong)
    off = weak - share * strong
    limit = max(2 * EXPLAINED, 0.12 * norm(weak))
    return share > 0 and inner(off, off) <= limit**2
