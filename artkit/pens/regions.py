"""Regions of a page, and the parts of lines within them.

A region is a filled shape, or what several of them have in common, cover together, or leave of each other. Lines are
cut where they cross any side of it; of each part its middle tells whether it is inside. So no polygon is ever clipped
by another one, and whatever crosses itself does no harm. All coordinates are millimetres.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from artkit.arrays import Bools, Floats, Ints, counted, distinct, offsets_of
from artkit.pens.lines import Lines
from artkit.pens.spans import at, between, ways

NEAR = 0.015
"""Millimetres within which a line that runs along a region's border is on it: curves are that exact."""

PAIRS = 2_000_000
"""Pairs that are looked at together."""

FEW = 64
"""Sides of a fill from which on those that lie on each other are looked for."""


class Region(ABC):
    """A part of the page."""

    @property
    @abstractmethod
    def sides(self) -> tuple[Floats, Floats]:
        """Where the sides of all its shapes start and end, (S, 2) each."""

    @abstractmethod
    def holds(self, points: Floats) -> Bools:
        """Tell which points (N, 2) are inside."""


@dataclass(frozen=True, eq=False)
class Fill(Region):
    """What sides around it, each from `start` to `end` (S, 2), enclose, by the rule nonzero or evenodd."""

    start: Floats
    end: Floats
    nonzero: bool = True

    @classmethod
    def of(cls, rings: Lines, nonzero: bool = True) -> Fill:
        """Take rings: the last point of each is joined to its first."""
        following = np.arange(1, len(rings.points) + 1)
        following[rings.offsets[1:] - 1] = rings.offsets[:-1]
        start, end = rings.points, rings.points[following]
        moved = (start != end).any(axis=1)
        return cls(start[moved], end[moved], nonzero)

    @property
    def sides(self) -> tuple[Floats, Floats]:
        """Its sides; those that lie on each other are one, or none where they undo each other."""
        start, end, _ = self._borders
        return start, end

    def holds(self, points: Floats) -> Bools:
        """Tell which points are inside, by how often a ray from each is crossed."""
        inside = np.zeros(len(points), bool)
        start, _, times = self._borders
        if not len(start):
            return inside
        low, high = self._bounds
        near = np.flatnonzero(((points >= low) & (points <= high)).all(axis=1))
        for part, point, side, turn in self._strips.crossed(points[near]):
            wound = np.bincount(point, turn * times[side], minlength=len(part)).round()
            inside[near[part]] = wound != 0 if self.nonzero else wound % 2 == 1
        return inside

    @cached_property
    def _borders(self) -> tuple[Floats, Floats, Floats]:
        """Sides that differ, and how often each counts, from its start to its end."""
        if len(self.start) < FEW:
            return self.start, self.end, np.ones(len(self.start))
        kept, times = borders(self.start, self.end, np.zeros(len(self.start), np.int64), np.array([self.nonzero]))
        return self.start[kept], self.end[kept], times

    @cached_property
    def _bounds(self) -> tuple[Floats, Floats]:
        both = np.concatenate(self.sides)
        return both.min(axis=0), both.max(axis=0)

    @cached_property
    def _strips(self) -> Strips:
        return Strips(*self.sides)


def borders(start: Floats, end: Floats, shape: Ints, nonzero: Bools) -> tuple[Ints, Floats]:
    """Give one of the sides of a shape that lie on each other, and how often it counts, from its start to its end.

    None is given of those that undo each other, by the rule of the shape, (shapes,).
    """
    back = (start[:, 0] > end[:, 0]) | ((start[:, 0] == end[:, 0]) & (start[:, 1] > end[:, 1]))
    one, two = np.where(back[:, None], end, start), np.where(back[:, None], start, end)
    first, kind = kinds(np.column_stack([one, two, shape]))
    turn = np.where(back, -1.0, 1.0)
    times = np.bincount(kind, turn, minlength=len(first)) * turn[first]
    kept = np.where(nonzero[shape[first]], times != 0, times % 2 == 1)
    return first[kept], times[kept]


def kinds(rows: Floats) -> tuple[Ints, Ints]:
    """Give the first of each kind of rows (N, K), in order, and the kind of each: those that are equal are of one."""
    columns = (rows + 0.0).T
    mixed = np.zeros(len(rows), np.uint64)
    for column in columns:
        mixed = (mixed ^ np.ascontiguousarray(column).view(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
    if len(distinct(mixed)) == len(rows):  # equal rows have equal numbers
        return np.arange(len(rows)), np.arange(len(rows))
    order = np.lexsort(columns)
    fresh = np.ones(len(order), bool)
    fresh[1:] = (columns[:, order[1:]] != columns[:, order[:-1]]).any(axis=0)
    first = order[fresh]
    by = np.argsort(first, kind="stable")
    place = np.empty(len(first), np.int64)
    place[by] = np.arange(len(first))
    kind = np.empty(len(rows), np.int64)
    kind[order] = place[np.cumsum(fresh) - 1]
    return first[by], kind


class Strips:
    """Sides sorted into level strips of the page, to find those that rays from points to the left cross."""

    def __init__(self, start: Floats, end: Floats) -> None:
        self.start, self.end = start, end
        ends = np.sort([start[:, 1], end[:, 1]], axis=0)
        self.low = float(ends.min())
        self.count = min(max(len(start), 1), 8192)
        self.height = max(float(ends.max()) - self.low, 1e-9) / self.count
        first, last = self._strip(ends)
        side, step = counted(last - first + 1)
        strip = first[side] + step
        self.sides = side[np.argsort(strip, kind="stable")]
        self.offsets = offsets_of(np.bincount(strip, minlength=self.count))

    def _strip(self, y: Floats) -> Ints:
        return np.clip(np.floor((y - self.low) / self.height), 0, self.count - 1).astype(np.int64)

    def crossed(self, points: Floats) -> Iterator[tuple[Ints, Ints, Ints, Floats]]:
        """Give the indices of points in portions, and for each side that a ray crosses the point's place in its
        portion, the side, and whether it leads down (1) or up (-1).
        """
        strip = self._strip(points[:, 1])
        counts = self.offsets[strip + 1] - self.offsets[strip]
        for part in portions(counts):
            point, step = counted(counts[part])
            side = self.sides[self.offsets[strip[part]][point] + step]
            x, y = points[part][point].T
            (ax, ay), (bx, by) = self.start[side].T, self.end[side].T
            down = (ay <= y) & (by > y)
            hit = down | ((ay > y) & (by <= y))
            share = (y - ay) / np.where(hit, by - ay, 1.0)
            hit &= ax + share * (bx - ax) < x
            yield part, point[hit], side[hit], np.where(down[hit], 1.0, -1.0)


@dataclass(frozen=True, eq=False)
class Combined(Region):
    """What all of the regions hold, or `some` of them do."""

    parts: Sequence[Region]
    some: bool = False

    @cached_property
    def sides(self) -> tuple[Floats, Floats]:
        """All sides of its parts."""
        both = [part.sides for part in self.parts]
        return (
            np.concatenate([np.empty((0, 2)), *(start for start, _ in both)]),
            np.concatenate([np.empty((0, 2)), *(end for _, end in both)]),
        )

    def holds(self, points: Floats) -> Bools:
        """Ask one part after the other about the points that are open."""
        held = np.full(len(points), not self.some)
        for part in self.parts:
            open_ = np.flatnonzero(held != self.some)
            held[open_] = part.holds(points[open_])
        return held


@dataclass(frozen=True, eq=False)
class Outside(Region):
    """All but a region."""

    of: Region

    @property
    def sides(self) -> tuple[Floats, Floats]:
        """The same as those of what is inside."""
        return self.of.sides

    def holds(self, points: Floats) -> Bools:
        """Tell which points the region does not hold."""
        return ~self.of.holds(points)


def within(lines: Lines, region: Region) -> tuple[Lines, Ints]:
    """Give the parts of lines that lie in a region or along its border, and which line each is of.

    Dots stay or go as a whole. Lines that are alike are cut once.
    """
    kind, unlike = _alike(lines)
    if len(unlike) < len(lines):
        parts, of = within(lines.take(unlike), region)
        counts = np.bincount(of, minlength=len(unlike))
        line, step = counted(counts[kind])
        return parts.take(offsets_of(counts)[kind[line]] + step), line
    first = lines.segments
    segment, _, share = crossings(lines.points[first], lines.points[first + 1], *region.sides)
    return shown(lines, first[segment] + share, lambda points, _: region.holds(points))


def _alike(lines: Lines) -> tuple[Ints, Ints]:
    """Give the kind of each line, where lines through the same points are of one, and the first line of each kind."""
    data, known = lines.points.tobytes(), dict[bytes, int]()
    bounds = (16 * lines.offsets).tolist()
    kind = np.fromiter((known.setdefault(data[a:b], len(known)) for a, b in pairwise(bounds)), np.int64, len(lines))
    first = np.empty(len(known), np.int64)
    first[kind[::-1]] = np.arange(len(lines))[::-1]
    return kind, first


def shown(lines: Lines, cuts: Floats, holds: Callable[[Floats, Ints], Bools]) -> tuple[Lines, Ints]:
    """Cut lines at places, and give the parts that are held somewhere across their width, and the line of each.

    `holds` is asked about points (N, 2), and told the line that each is on.
    """
    if not len(lines):
        return lines, np.empty(0, np.int64)
    low, high, line = _parts(lines, cuts)
    held = _held(lines, holds, low, high, line)
    joined = (line[1:] == line[:-1]) & held[1:] & held[:-1]
    first, last = held & np.append(True, ~joined), held & np.append(~joined, True)
    return between(lines, low[first], high[last]), line[first]


def _parts(lines: Lines, cuts: Floats) -> tuple[Floats, Floats, Ints]:
    """Give the places where the parts of lines begin and end, and their lines."""
    cuts = np.unique(np.round(cuts, 9))
    heads, tails = lines.offsets[:-1].astype(np.float64), lines.offsets[1:] - 1.0
    line = np.searchsorted(heads, cuts, side="right") - 1
    inner = (cuts > heads[line]) & (cuts < tails[line])
    cuts, line = cuts[inner], line[inner]
    low, of = np.concatenate([heads, cuts]), np.concatenate([np.arange(len(lines)), line])
    order = np.argsort(low, kind="stable")
    low, of = low[order], of[order]
    high = np.append(low[1:], 0.0)
    last = np.append(of[1:] != of[:-1], True)
    high[last] = tails
    return low, high, of


def _held(lines: Lines, holds: Callable[[Floats, Ints], Bools], low: Floats, high: Floats, line: Ints) -> Bools:
    middle = _middle(low, high)
    held = holds(at(lines, middle), line)
    # A line along the border is half inside, as wide as it is; what only comes close to it somewhere is not.
    rest = np.flatnonzero(~held)
    for places in (middle, *(low + share * (high - low) for share in (0.04, 0.25, 0.75, 0.96))):
        points, aside = at(lines, places[rest]), NEAR * ways(lines, places[rest])[:, ::-1] * (1, -1)
        rest = rest[holds(points + aside, line[rest]) | holds(points - aside, line[rest])]
    held[rest] = True
    return held


def _middle(low: Floats, high: Floats) -> Floats:
    """Give the middle of the segment that lies in the middle of each part."""
    segment = np.floor((low + high) / 2)
    middle: Floats = (np.maximum(low, segment) + np.minimum(high, segment + 1)) / 2
    return middle


def crossings(a: Floats, b: Floats, c: Floats, d: Floats) -> tuple[Ints, Ints, Floats]:
    """Find where segments from `a` to `b`, (N, 2), cross sides from `c` to `d`, (M, 2), or touch them.

    Gives the segment, the side, and the share of the segment that comes before. Parallels do not cross.
    """
    one, kind = kinds(np.hstack([a, b]))
    other, sort = kinds(np.hstack([c, d]))
    segment, side, share = _crossings(a[one], b[one], c[other], d[other])
    row, segment = _members(segment, kind)
    side, share = side[row], share[row]
    row, side = _members(side, sort)
    return segment[row], side, share[row]


def _members(found: Ints, kind: Ints) -> tuple[Ints, Ints]:
    """Give all rows that are of kinds that were found, and the place of what was found: (place, row)."""
    counts = np.bincount(kind)
    place, step = counted(counts[found])
    return place, np.argsort(kind, kind="stable")[offsets_of(counts)[found[place]] + step]


def _crossings(a: Floats, b: Floats, c: Floats, d: Floats) -> tuple[Ints, Ints, Floats]:
    """Find the same of segments and sides that all differ."""
    found: list[tuple[Ints, Ints, Floats]] = []
    for segment, side in _near(a, b, c, d):
        way, other, gap = (b - a)[segment], (d - c)[side], c[side] - a[segment]
        cross = way[:, 0] * other[:, 1] - way[:, 1] * other[:, 0]
        sure = np.abs(cross) > 1e-12 * np.sqrt((way**2).sum(axis=1) * (other**2).sum(axis=1))
        cross = np.where(sure, cross, 1.0)
        t = (gap[:, 0] * other[:, 1] - gap[:, 1] * other[:, 0]) / cross
        u = (gap[:, 0] * way[:, 1] - gap[:, 1] * way[:, 0]) / cross
        hit = sure & (np.abs(t - 0.5) <= 0.5 + 1e-9) & (np.abs(u - 0.5) <= 0.5 + 1e-9)
        found.append((segment[hit], side[hit], np.clip(t[hit], 0, 1)))
    if not found:
        return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0)
    segments, sides, shares = zip(*found, strict=True)
    return np.concatenate(segments), np.concatenate(sides), np.concatenate(shares)


def _near(a: Floats, b: Floats, c: Floats, d: Floats) -> Iterator[tuple[Ints, Ints]]:
    """Give segments and sides that pass through the same cell of a grid; a pair may come more than once."""
    if not len(a) or not len(c):
        return
    both = np.concatenate([c, d])
    low, size = both.min(axis=0), np.ptp(both, axis=0)
    reaches = np.flatnonzero(((np.maximum(a, b) >= low) & (np.minimum(a, b) <= low + size)).all(axis=1))
    if not len(reaches):
        return
    long = float(np.abs(b - a)[reaches].max(axis=1).sum())
    cell = max(float(np.sqrt(size[0] * size[1] / len(c))), float(size.max()) / 2000, long / 3e6, 1e-6)
    shape = np.floor(size / cell).astype(np.int64) + 1
    side, place = cells(c, d, low, cell, shape)
    order = np.argsort(place, kind="stable")
    side, place = side[order], place[order]
    for part in portions(np.ones(len(reaches), np.int64)):
        own = reaches[part]
        segment, at_cell = cells(a[own], b[own], low, cell, shape)
        begin = np.searchsorted(place, at_cell, side="left")
        counts = np.searchsorted(place, at_cell, side="right") - begin
        for some in portions(counts):
            row, step = counted(counts[some])
            yield own[segment[some]][row], side[begin[some][row] + step]


def cells(start: Floats, end: Floats, low: Floats, cell: float, shape: Ints) -> tuple[Ints, Ints]:
    """Give the cells that segments pass through, by pieces shorter than a cell: (segment, cell)."""
    way = end - start
    counts = np.floor(np.abs(way).max(axis=1) * (1.001 / cell)).astype(np.int64) + 1
    row, step = counted(counts)
    one = start[row] + (step / counts[row])[:, None] * way[row]
    two = start[row] + ((step + 1) / counts[row])[:, None] * way[row]
    first = np.floor((np.minimum(one, two) - low) / cell - 1e-6).astype(np.int64)
    last = np.floor((np.maximum(one, two) - low) / cell + 1e-6).astype(np.int64)
    rows, cells = [], []
    for x in (0, 1):
        for y in (0, 1):
            place = first + np.array([x, y])
            told = ((place <= last) & (place >= 0) & (place < shape)).all(axis=1)
            rows.append(row[told])
            cells.append(place[told, 1] * shape[0] + place[told, 0])
    return np.concatenate(rows), np.concatenate(cells)


def portions(counts: Ints) -> Iterator[Ints]:
    """Give the indices of counts in portions that sum up to about `PAIRS`; those of nothing are left out."""
    some = np.flatnonzero(counts)
    if not len(some):
        return
    portion = np.cumsum(counts[some]) // PAIRS
    yield from np.split(some, np.flatnonzero(np.diff(portion)) + 1)


@np.errstate(all="ignore")  # GEOS leaves its flags behind
def rings_of(region: Region) -> Lines:
    """Give the outline of a region as rings that neither cross nor touch: what they enclose by either rule."""
    import shapely

    start, end = region.sides
    if not len(start):
        return Lines.of([])
    sides = shapely.linestrings(np.stack([start, end], axis=1))
    try:
        noded = shapely.union_all(sides)
    except shapely.GEOSException:  # of sides that are far longer than others
        noded = shapely.union_all(sides, grid_size=float(np.ptp(np.concatenate([start, end]), axis=0).max()) * 1e-9)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    if not len(faces):
        return Lines.of([])
    inside = faces[region.holds(shapely.get_coordinates(shapely.point_on_surface(faces)))]
    parts = shapely.get_parts(shapely.union_all(inside))
    return Lines.of([shapely.get_coordinates(ring) for ring in shapely.get_rings(parts)])
