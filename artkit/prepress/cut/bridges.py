"""A stencil's plate in pieces in, one piece out: islands are held by short bridges, each as wide as asked.

Each round, every group of parts that hold together is tied to the one nearest to it (Borůvka 1926), until there is one.
Near is measured between the places where a disc as wide as a bridge fits: one that ended in what is thinner would break
there. Large islands get more bridges, away from those that they have.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from artkit.arrays import Floats
from artkit.errors import UsageError
from artkit.prepress.regions import GRID, Region

INTO = 0.1
"""Widths of a bridge that it goes on into what holds it."""

LONGER = 1.02
"""Times the shortest way that a bridge may be, to stand in the middle of where two parts face each other."""

CRUMB = 1e-3
"""Square millimetres of plate that need no bridge: they are taken away."""

HALVINGS = 6
"""Of a disc, until it fits into a part that is thinner than a bridge."""

TWO, MORE, MOST = 40.0, 160.0, 8
"""Widths of a bridge around an island that has two, and for each one more; and how many it has at most."""

PLACES, APART, FARTHER = 96, 0.7, 6.0
"""Places around an island at which another bridge is tried, its distance from others as a share of an even one, and
the widths that it may be longer than the shortest."""


class Bridged(NamedTuple):
    """The plate in one piece, its bridges, the number of pieces before, and of bridges that end in thinner parts."""

    plate: Region
    bridges: tuple[Region, ...]
    pieces: int
    weak: int = 0


class _Way(NamedTuple):
    """The middle line of a bridge, from a place in one part to one in another."""

    start: Floats
    end: Floats

    @property
    def length(self) -> float:
        return float(np.hypot(*(self.end - self.start)))

    def strip(self, width: float) -> Region:
        """Give the bridge."""
        import shapely

        along = (self.end - self.start) / max(self.length, 1e-9)
        start, end = self.start - along * INTO * width, self.end + along * INTO * width
        side = np.array([-along[1], along[0]]) * width / 2
        return shapely.polygons([start + side, end + side, end - side, start - side])


def bridged(plate: Region, width: float) -> Bridged:
    """Tie all parts of a plate together with bridges of `width` millimetres; what is too small to hold goes."""
    import shapely

    parts = shapely.get_parts(plate)
    parts = islands = parts[shapely.area(parts) > CRUMB]
    ways: list[_Way] = []
    while len(parts) > 1:
        new = _shortest(parts, width)
        ways += new
        joined = shapely.union_all([*parts, *(way.strip(width) for way in new)], grid_size=GRID)
        left = shapely.get_parts(joined)
        left = left[shapely.area(left) > CRUMB]
        if len(left) >= len(parts):
            raise UsageError(
                f"bridges: {width:g} mm hold {len(islands)} parts of the stencil in {len(left)}; use wider ones"
            )
        parts = left
    if not len(parts):
        return Bridged(shapely.Polygon(), (), 0)
    ways += _more(islands, ways, width)
    strips = [way.strip(width) for way in ways]
    whole = max(shapely.get_parts(shapely.union_all([*islands, *strips], grid_size=GRID)), key=lambda part: part.area)
    return Bridged(whole, tuple(strips), len(islands), _weak(islands, ways, width))


def _core(part: Region, width: float) -> Region:
    """Give where a disc as wide as a bridge fits into a part; of thinner parts, the widest places."""
    import shapely

    radius = width / 2
    for _ in range(HALVINGS):
        core = shapely.buffer(part, -radius)
        if not core.is_empty:
            return core
        radius /= 2
    return shapely.point_on_surface(part)


def _cores(parts: Any, width: float) -> Any:
    import shapely

    cores = shapely.buffer(parts, -width / 2)
    for k in np.flatnonzero(shapely.is_empty(cores)).tolist():
        cores[k] = _core(parts[k], width)
    return cores


def _shortest(parts: Any, width: float) -> list[_Way]:
    """Give a way from each part to the one that is nearest to it, none of them twice."""
    import shapely

    cores = _cores(parts, width)
    one, other = shapely.STRtree(cores).query_nearest(cores, exclusive=True, all_matches=False)
    pairs = np.unique(np.sort(np.stack([one, other], axis=1), axis=1), axis=0)
    return [_way(cores[a], cores[b]) for a, b in pairs.tolist()]


def _way(one: Region, other: Region) -> _Way:
    """Give the shortest way between two cores, in the middle of where they face each other."""
    import shapely

    return _Way(*shapely.get_coordinates(shapely.shortest_line(_facing(one, other), other)))


def _facing(one: Region, other: Region) -> Region:
    """Give the middle of the longest stretch of a core's outline along which it is nearest to another core."""
    import shapely

    near = shapely.distance(one, other) * LONGER + GRID * 10
    parts = shapely.get_parts(shapely.intersection(shapely.boundary(one), shapely.buffer(other, near, quad_segs=32)))
    lines = shapely.get_parts(shapely.line_merge(shapely.union_all(parts[shapely.get_dimensions(parts) == 1])))
    if not len(lines):
        return one
    return shapely.line_interpolate_point(lines[int(shapely.length(lines).argmax())], 0.5, normalized=True)


def _more(islands: Any, ways: list[_Way], width: float) -> list[_Way]:
    """Give more ways for large islands; the largest part is no island, but what holds them."""
    import shapely

    cores = _cores(islands, width)
    main = int(shapely.area(shapely.envelope(islands)).argmax())
    ends = np.array([point for way in ways for point in way]).reshape(-1, 2)
    made: list[_Way] = []
    for k in range(len(islands)):
        around = float(shapely.length(shapely.convex_hull(islands[k]))) / width
        wanted = 1 if around < TWO else min(2 + int(around // MORE), MOST)
        if k == main or wanted < 2:
            continue
        own = ends[shapely.dwithin(shapely.points(ends), islands[k], GRID)]
        for _ in range(wanted - len(own)):
            way = _another(islands[k], np.delete(cores, k), cores[k], own, around * width / wanted, width)
            if way is None:
                break
            made.append(way)
            own = np.vstack([own, way.start])
    return made


def _another(island: Region, others: Any, core: Region, taken: Floats, even: float, width: float) -> _Way | None:
    """Give the shortest way from an island, away from the places that are taken; None where none is good."""
    import shapely

    outline = shapely.get_exterior_ring(max(shapely.get_parts(core), key=lambda part: part.area))
    if outline is None:
        return None
    places = shapely.line_interpolate_point(outline, np.arange(PLACES) / PLACES, normalized=True)
    apart = shapely.distance(places[:, None], shapely.points(taken)[None]).min(1)
    rest = shapely.union_all(others)
    lines = shapely.shortest_line(places, rest)
    length, within = shapely.length(lines), shapely.length(shapely.intersection(lines, island))
    good = (within <= 0.6 * width) & (length <= length.min() + FARTHER * width) & (apart >= APART * even / 2)
    if not good.any():
        return None
    return _Way(*shapely.get_coordinates(lines[int(np.where(good, length, np.inf).argmin())]))


def _weak(islands: Any, ways: list[_Way], width: float) -> int:
    """Count the ways that end where a part is thinner than a bridge."""
    import shapely

    tree = shapely.STRtree(shapely.buffer(islands, -width / 2 + GRID))
    ends = np.array([point for way in ways for point in way]).reshape(-1, 2)
    held = np.zeros(len(ends), bool)
    held[tree.query(shapely.points(ends), predicate="dwithin", distance=2 * GRID)[0]] = True
    return int((~held).reshape(-1, 2).any(1).sum())
