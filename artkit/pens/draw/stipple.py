"""Points spread by tone, and dots of a given area drawn with a pen.

Points are the centers of a weighted centroidal Voronoi diagram (Secord, Weighted Voronoi stippling, 2002), found by
Lloyd's rounds on a grid of samples. They start out evenly spaced along a Hilbert curve, which needs few rounds.
A dot gets the ink that its cell asks for, so tone does not hang on how many there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from artkit.arrays import Floats, Ints, counted, offsets_of
from artkit.pens.circles import half_sides
from artkit.pens.draw.field import SHORTEST, Field, split
from artkit.pens.draw.field import within as in_box
from artkit.pens.lines import Lines

ROUNDS = 7
"""Lloyd's rounds; each moves points by `LEAP` times the way to their cell's center, the last two by all of it."""

LEAP = 1.75
"""At 1.75 seven rounds come as close to the centers as ten at 1.5."""

SAMPLES = 24
"""Samples of the grid for each point, where the bounds of its size allow."""


@dataclass(frozen=True, eq=False)
class Cells:
    """Points (N, 2) in mm and the samples of the sheet, (M, 2), each of which belongs to the cell of its `owner`.

    `pixel` is the area of a sample in square millimetres.
    """

    points: Floats
    places: Floats
    owner: Ints
    pixel: float

    @cached_property
    def area(self) -> Floats:
        """Area of each cell."""
        return np.asarray(np.bincount(self.owner, minlength=len(self.points)) * self.pixel, np.float64)

    def share(self, field: Field) -> Floats:
        """Mean of a field in each cell."""
        values = field.at(self.places[:, 0], self.places[:, 1])
        sums = np.bincount(self.owner, values, len(self.points))
        return np.asarray(np.clip(sums * self.pixel / np.maximum(self.area, 1e-12), 0, 1), np.float64)


def cells(field: Field, density: Field, count: int, rng: np.random.Generator) -> Cells:
    """Spread points by a density, which is any field of numbers of 0 or more; none where it is 0."""
    from scipy.spatial import cKDTree

    points, places, pixel = settled(field, density, count, rng)
    owner = cKDTree(points).query(places)[1] if len(points) else np.empty(0, np.int64)
    return Cells(points, places, owner, pixel)


def settled(
    field: Field, density: Field, count: int, rng: np.random.Generator, rounds: int = ROUNDS
) -> tuple[Floats, Floats, float]:
    """Give the points that `cells` spreads, the samples by which they were settled, and the area of one of these."""
    from scipy.spatial import cKDTree

    x, y, pixel = _grid(field, count)
    weight = np.maximum(density.at(x, y), 0.0)
    used = weight > 0
    places, weight = np.column_stack([x, y])[used], weight[used]
    if not len(places) or count < 1:
        return np.empty((0, 2)), np.empty((0, 2)), pixel
    points = _along_curve(places, weight, min(count, len(places)), field, rng, pixel)
    # Where Voronoi cells have settled, their density is the root of the weight (Gersho 1979, in two dimensions).
    weight = weight**2
    heavy = places * weight[:, None]
    for number in range(rounds):
        _, owner = cKDTree(points).query(places)
        total = np.bincount(owner, weight, len(points))
        middle = np.column_stack([np.bincount(owner, heavy[:, axis], len(points)) for axis in (0, 1)])
        some = total > 0
        middle = np.where(some[:, None], middle / np.maximum(total, 1e-12)[:, None], points)
        points = points + (LEAP if number < rounds - 2 else 1.0) * (middle - points)
    return points, places, pixel


def _grid(field: Field, count: int) -> tuple[Floats, Floats, float]:
    """Middles of samples over the sheet, and the area of one; row by row, each the other way round than the last."""
    samples = min(max(SAMPLES * count, 100_000), 700_000)
    step = np.sqrt(field.width * field.height / samples)
    columns, rows = max(round(field.width / step), 1), max(round(field.height / step), 1)
    x, y = np.meshgrid(
        (np.arange(columns) + 0.5) / columns * field.width, (np.arange(rows) + 0.5) / rows * field.height
    )
    return x.ravel(), y.ravel(), field.width * field.height / (rows * columns)


def _along_curve(
    places: Floats, weight: Floats, count: int, field: Field, rng: np.random.Generator, pixel: float
) -> Floats:
    """Pick places such that the weight between one and the next along a Hilbert curve is the same, a little off."""
    order = np.argsort(hilbert(places, max(field.width, field.height)), kind="stable")
    total = np.cumsum(weight[order])
    wanted = (np.arange(count) + rng.uniform(0.2, 0.8, count)) / count * total[-1]
    chosen = places[order[np.minimum(np.searchsorted(total, wanted), len(order) - 1)]]
    moved: Floats = chosen + rng.uniform(-0.5, 0.5, (count, 2)) * np.sqrt(pixel)
    return moved


def hilbert(places: Floats, size: float, bits: int = 12) -> Ints:
    """Give the place of points along a Hilbert curve through a square of `size`, all points at once."""
    side = 1 << bits
    x, y = (np.clip(places[:, axis] / size * side, 0, side - 1).astype(np.int64) for axis in (0, 1))
    index = np.zeros(len(places), np.int64)
    step = side >> 1
    while step:
        right, below = (x & step) > 0, (y & step) > 0
        index += step * step * ((3 * right) ^ below)
        flip = ~below & right
        x, y = np.where(flip, side - 1 - x, x), np.where(flip, side - 1 - y, y)
        x, y = np.where(below, x, y), np.where(below, y, x)
        step >>= 1
    return index


def areas(found: Cells, field: Field, rng: np.random.Generator) -> Floats:
    """Give the area of each cell's dot, in mm^2, such that together they cover what the field asks for.

    Beginning with what a regular cell would take, what all dots cover is measured on the samples, tone by tone.
    """
    from scipy.spatial import cKDTree

    if not len(found.points):
        return np.empty(0)
    share = found.share(field)
    near = min(4, len(found.points))
    # Off the grid on which the points have settled: they lie evenly between its samples.
    probes = found.places + rng.uniform(-0.5, 0.5, found.places.shape) * np.sqrt(found.pixel)
    distance, index = cKDTree(found.points).query(probes, k=near)
    distance, index = distance.reshape(-1, near), index.reshape(-1, near)
    owner = index[:, 0]
    samples = np.maximum(np.bincount(owner, minlength=len(share)), 1)
    asked = share
    for _ in range(3):
        area = disc_for(np.minimum(asked, 1), 6) * found.area
        hit = (distance <= np.sqrt(area / np.pi)[index]).any(axis=1)
        covered = np.bincount(owner, hit, len(share)) / samples
        # The mean over all cells of about the same tone; one cell has too few samples to go by.
        tone = np.minimum((share * 20).astype(np.int64), 19)
        ratio = np.bincount(tone, share, 20) / np.maximum(np.bincount(tone, covered, 20), 1e-9)
        used = np.flatnonzero(np.bincount(tone, minlength=20))
        middle = np.bincount(tone, share, 20)[used] / np.bincount(tone, minlength=20)[used]
        asked = asked * np.clip(np.interp(share, middle, ratio[used]), 0.5, 1.5)
    return disc_for(np.minimum(asked, 1), 6) * found.area


def disc_for(share: Floats, corners: int) -> Floats:
    """Give the area of a disc, in cells, that covers `share` of a regular cell of 4 or 6 corners in a grid of such.

    Discs that reach beyond their cells overlap their neighbors there.
    """
    inner = np.sqrt(1 / (corners * np.tan(np.pi / corners)))
    outer = inner / np.cos(np.pi / corners)
    radius = np.linspace(0, outer, 400)
    beyond = np.maximum(radius, inner)
    segment = beyond**2 * np.arccos(inner / beyond) - inner * np.sqrt(beyond**2 - inner**2)
    covered = np.pi * radius**2 - corners * segment
    covered[-1] = 1.0
    found: Floats = np.pi * np.interp(share, covered, radius) ** 2
    # Cells of scattered points are not quite regular: their far corners want more where all is to be covered.
    return found * (1 + 0.16 * np.asarray(share) ** 8) if corners == 6 else found


def dots(
    points: Floats,
    area: Floats,
    pen: float,
    rng: np.random.Generator,
    within: tuple[float, float],
    *,
    moved: bool = False,
) -> Lines:
    """Draw dots of the given areas: the smallest are short strokes, larger ones circles, then spirals.

    Those that reach beyond a sheet of the size `within` are cut off at its edge, or `moved` inside.

    A stroke of 0.1 mm is the least; where less is asked for, so many dots are left out that the ink is right.
    """
    least = least_dot(pen)
    kept = rng.uniform(size=len(area)) * least < area
    points, area = points[kept], np.maximum(area[kept], least)
    radius = np.sqrt(area / np.pi) - pen / 2
    if moved:
        reach = 1.06 * np.maximum(radius, SHORTEST)[:, None] + pen / 2
        points = np.clip(points, np.minimum(reach, np.asarray(within) / 2), np.maximum(within - reach, reach))
    # A circle needs to be some tenths of a millimetre around; smaller dots are strokes.
    round_ = 2 * np.pi * radius >= 2.5 * SHORTEST
    stroke = np.minimum((area - np.pi / 4 * pen**2) / pen, 3 * pen + SHORTEST)[~round_]
    turn = rng.uniform(0, np.pi, len(stroke))
    half = stroke[:, None] / 2 * np.column_stack([np.cos(turn), np.sin(turn)])
    strokes = np.stack([points[~round_] - half, points[~round_] + half], axis=1).reshape(-1, 2)
    rings = spirals(points[round_], radius[round_], pen)
    lines = Lines.joined([Lines(strokes, 2 * np.arange(len(stroke) + 1, dtype=np.int64)), rings])
    inset = pen / 2
    inside = in_box(lines.points, inset - 1e-9, np.asarray(within) - inset + 1e-9)
    return split(lines.points, inside, lines.offsets[1:-1])


def least_dot(pen: float) -> float:
    """Area of the smallest dot: a stroke just long enough to be drawn."""
    return float(np.pi / 4 * pen**2 + SHORTEST * 1.05 * pen)


MIDDLE = 0.4
"""Pen widths from a dot's middle at which its spiral begins: the pen covers what lies within."""

GROWTH = 0.92
"""Pen widths by which a spiral grows with each turn."""

ROUND = 2
"""Decimals of a millimetre that a dot's half circles have; a finer one is longer in files and no rounder."""


def spirals(points: Floats, radius: Floats, pen: float) -> Lines:
    """Circles, filled by a spiral from the middle where one round of the pen does not fill them.

    A spiral is made of half circles, each half a turn's growth larger than the one before, and ends in a circle.
    """
    begin = MIDDLE * pen
    growing = np.where(radius > 0.5 * pen, np.ceil(2 * (radius - begin) / (GROWTH * pen)), 0).astype(np.int64)
    sides = half_sides(radius)
    counts = (growing + 2) * sides + 1
    dot, step = counted(counts)
    half, part = np.divmod(step, sides[dot])

    def far(k: Ints) -> Floats:
        """Give how far from the middle half circle k begins."""
        share = np.where(growing[dot] > 0, np.minimum(k / np.maximum(growing[dot], 1), 1), 1.0)
        return np.round(begin + (radius[dot] - begin) * share, ROUND)

    inner, outer = far(half), far(half + 1)
    side = np.where(half % 2, -1.0, 1.0)
    reach, middle = (inner + outer) / 2, side * (inner - outer) / 2
    angle = np.pi * part / sides[dot]
    arms = np.column_stack([middle + side * reach * np.cos(angle), side * reach * np.sin(angle)])
    return Lines(points[dot] + arms, offsets_of(counts))
