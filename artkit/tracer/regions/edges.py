"""Where edges really run: sub-pixel positions read off the antialiasing beside each crack."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Floats, Ints, LabelIds
from artkit.color.means import means_by_label
from artkit.planar.map import PlanarMap
from artkit.spans import spanned
from artkit.tracer.regions.fields import Fields
from artkit.tracer.regions.flat import Mixtures

# The pixel on the left and on the right of a crack, from the corner it starts at (rows, columns), by direction.
_LEFT_Y, _LEFT_X = np.array([-1, 0, 0, -1]), np.array([0, 0, -1, -1])
_RIGHT_Y, _RIGHT_X = np.array([0, 0, -1, -1]), np.array([0, -1, -1, 0])


def sides(planar: PlanarMap, cracks: Ints | slice = slice(None)) -> tuple[Ints, Ints, Ints, Ints]:
    """Row and column of the pixel on the left of each crack, then of the one on its right; outside ones included."""
    y, x = np.divmod(planar.corner[cracks], planar.width + 1)
    turn = planar.direction[cracks]
    return y + _LEFT_Y[turn], x + _LEFT_X[turn], y + _RIGHT_Y[turn], x + _RIGHT_X[turn]


@spanned("sub-pixel borders")
def edge_offsets(planar: PlanarMap, mixed: Mixtures) -> NDArray[np.float64]:
    """How far the edge stands from each crack, in pixels, positive towards the right side.

    With left color A and right color B, the length of A across the two pixels is the sum of its coverages: the edge is
    (coverage in the left pixel + coverage in the right pixel - 1) from the crack. Exact for straight edges up to 45
    degrees from the crack. A region one pixel wide has edges on both sides of the same pixel: what it lacks is shared
    out by where its color goes on.
    """
    return _offsets(*sides(planar), mixed)


def offsets_of_cracks(planar: PlanarMap, cracks: Ints, mixed: Mixtures, first: int) -> NDArray[np.float64]:
    """Like `edge_offsets` for some cracks, by rows of the picture from row `first` on.

    They have two rows more on either side of the pixels beside the cracks, where the picture has as many.
    """
    left_y, left_x, right_y, right_x = sides(planar, cracks)
    return _offsets(left_y - first, left_x, right_y - first, right_x, mixed)


def _offsets(left_y: Ints, left_x: Ints, right_y: Ints, right_x: Ints, mixed: Mixtures) -> NDArray[np.float64]:
    height, width = mixed.owner.shape
    owner = np.pad(mixed.owner, 2, constant_values=-1).ravel()
    other = np.pad(mixed.other, 2, constant_values=-1).ravel()
    coverage = np.pad(mixed.coverage, 2, constant_values=1).ravel()
    wide = width + 4
    left, right = (left_y + 2) * wide + left_x + 2, (right_y + 2) * wide + right_x + 2
    step = right - left
    a, b = owner[left], owner[right]
    a_in_right = np.where(other[right] == a, 1 - coverage[right], 0)
    b_in_left = np.where(other[left] == b, 1 - coverage[left], 0)

    def share(behind: Ints, own: Ints, foreign: Ints, own_ahead: NDArray[np.float64]) -> NDArray[np.float64]:
        thin = owner[behind] == foreign
        own_behind = np.where(other[behind] == own, 1 - coverage[behind], 0)
        return np.where(thin, (own_behind + 1e-3) / (own_behind + own_ahead + 2e-3), 1.0)

    offset = a_in_right * share(right + step, b, a, b_in_left)
    offset -= b_in_left * share(left - step, a, b, a_in_right)
    veiled = (a < 0) | (b < 0)
    offset[veiled] = 0
    if mixed.alpha is not None:  # towards transparent parts, alpha is the coverage
        alpha = np.pad(mixed.alpha, 2).ravel()
        inside = veiled & (np.minimum(left_y, right_y) >= 0) & (np.minimum(left_x, right_x) >= 0)
        inside &= (np.maximum(left_y, right_y) < height) & (np.maximum(left_x, right_x) < width)
        painted = np.where(a < 0, -1, 1)
        offset[inside] = (painted * (alpha[left] + alpha[right] - 1))[inside]
    return np.clip(offset, -0.95, 0.95)


@spanned("sub-pixel borders")
def contrast_offsets(
    planar: PlanarMap, ids: NDArray[np.int32], pixels: NDArray[np.uint8], labels: int
) -> NDArray[np.float64]:
    """Like `edge_offsets`, for regions of a photo: where the color passes the middle between those of the two labels.

    `ids` (H, W) are the labels, `pixels` (H, W, 3) the photo. Colors of labels are their means in the photo; the color
    changes evenly from pixel to pixel, so that the place is found by linear interpolation, within half a pixel.
    """
    flat = pixels.reshape(-1, 3)
    owner = ids.ravel()
    inside = slice(None) if owner.min() >= 0 else owner >= 0
    mean = means_by_label(owner[inside], flat[inside], labels)
    crack, p, q = _painted_sides(planar, owner)
    offset = np.zeros(len(planar.direction))
    _, offset[crack] = _passing(flat[p], flat[q], mean[owner[p]], mean[owner[q]])
    return offset


@spanned("sub-pixel borders")
def field_offsets(
    planar: PlanarMap, labels: NDArray[np.int32], pixels: NDArray[np.uint8], fields: Fields
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Like `contrast_offsets`, with the colors that two regions have at each crack; and how far apart these are.

    `labels` (H, W) number the regions of `fields`. Where the fills of two regions meet at one color, or nothing is on
    one side, the edge is at the crack.
    """
    owner, flat = labels.ravel(), pixels.reshape(-1, 3)
    crack, p, q = _painted_sides(planar, owner)
    x, y = planar.middles[crack].T
    offset, contrast = np.zeros(len(planar.direction)), np.full(len(planar.direction), 255.0)
    contrast[crack], offset[crack] = _passing(
        flat[p], flat[q], fields.at(LabelIds(owner[p]), x, y), fields.at(LabelIds(owner[q]), x, y)
    )
    return offset, contrast


def inner_sides(planar: PlanarMap) -> tuple[Ints, Ints, Ints]:
    """Cracks between two pixels of the picture, and these pixels, left and right, numbered in reading order."""
    left_y, left_x, right_y, right_x = sides(planar)
    crack = np.flatnonzero(
        (np.minimum(left_y, right_y) >= 0)
        & (np.minimum(left_x, right_x) >= 0)
        & (np.maximum(left_y, right_y) < planar.height)
        & (np.maximum(left_x, right_x) < planar.width)
    )
    return crack, left_y[crack] * planar.width + left_x[crack], right_y[crack] * planar.width + right_x[crack]


def _painted_sides(planar: PlanarMap, owner: NDArray[np.int32]) -> tuple[Ints, Ints, Ints]:
    """Like `inner_sides`, where both pixels have a label."""
    crack, p, q = inner_sides(planar)
    shown = (owner[p] >= 0) & (owner[q] >= 0)
    return crack[shown], p[shown], q[shown]


def _passing(left: NDArray[np.uint8], right: NDArray[np.uint8], a: Floats, b: Floats) -> tuple[Floats, Floats]:
    """Distance of colors a and b (N, 3), and where between two pixels the color passes their middle: -0.5 to 0.5.

    At 0, the crack, where the pixels do not lie on both sides of the middle.
    """
    along, middle = a - b, (a + b) / 2
    before = ((left - middle) * along).sum(1)
    beyond = ((middle - right) * along).sum(1)
    fair = (before > 0) & (beyond > 0)
    offset = np.zeros(len(a))
    offset[fair] = before[fair] / (before[fair] + beyond[fair]) - 0.5
    return np.sqrt((along * along).sum(1)), offset


def neighbors(planar: PlanarMap) -> tuple[Ints, Ints]:
    """The crack before and after each one on its arc, itself at the ends of open arcs."""
    arc = planar.arc_of
    place = np.arange(len(arc))
    low, high = planar.offsets[:-1][arc], planar.offsets[1:][arc] - 1
    around = planar.closed[arc]
    before = np.where(place > low, place - 1, np.where(around, high, place))
    after = np.where(place < high, place + 1, np.where(around, low, place))
    return before, after


DOT = 12
"""A ring of fewer cracks is a dot, up to two by three pixels, which stays as it is; more: larger spots do."""


def smoothed_staircase(planar: PlanarMap) -> NDArray[np.float64]:
    """Where the border runs at each crack of a picture without antialiasing, (cracks, 2): stairs half flattened.

    The mean of each crack's midpoint and the two beside it on its arc, weighed 1 : 2 : 1. That is along the border and
    not across it, so that strokes of one pixel keep their width. Dots and the ends of strokes would shrink: rings
    shorter than DOT and stroke ends stay, as do the ends of arcs and the sheet's edge.
    """
    before, after = neighbors(planar)
    place, arc, middles = np.arange(len(before)), planar.arc_of, planar.middles
    inner = (before != place) & (after != place) & ~planar.has_outside[arc]
    inner &= (~planar.closed | (np.diff(planar.offsets) >= DOT))[arc]
    end = _is_stroke_end(planar.direction.astype(np.int64), before, after)
    inner &= ~(end | end[before] | end[after])
    mean = (middles[before] + 2 * middles + middles[after]) / 4
    return np.where(inner[:, None], mean, middles)


WIDEST_END = 3
"""The widest end of a stroke, in pixels; more: longer steps of stairs count as ends and stay."""


def _is_stroke_end(direction: Ints, before: Ints, after: Ints) -> Bools:
    """Cracks across the end of a stroke: at most WIDEST_END in a row between two turns to the same side."""
    place = np.arange(len(direction))
    turn = (direction - direction[before] + 1) % 4 - 1  # on arrival at a crack: -1, 0 or 1
    turns = []
    for step, arrival in ((before, place), (after, after)):
        found, distance = turn[arrival], np.zeros(len(place), np.int64)
        at = arrival
        for far in range(1, WIDEST_END):
            at = step[at]
            distance[found == 0] = far
            found = np.where(found == 0, turn[at], found)
        turns.append((found, distance))
    (first, back), (last, ahead) = turns
    across: Bools = (first * last > 0) & (back + ahead < WIDEST_END)
    return across
