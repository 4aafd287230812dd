"""Stations of a middle line -> as few straight parts and arcs of circles as explain them.

Drawings by rule and compasses consist of these, and an arc says more than a cubic: its radius. Where parts begin and
end is found by dynamic programming over all stretches (Bellman 1961), each fitted from sums: lines by their moments,
circles by least squares on x² + y² (Kåsa 1976).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from artkit.algebra import inner
from artkit.arrays import Floats, Ints, distinct
from artkit.artwork.bezier import KAPPA
from artkit.artwork.drawing import CUBIC, LINE, Path
from artkit.tracer.strokes.ruled import Ruled, refined, through

NOISE = 0.02
"""How far a station is off by chance, in pixels; more: fewer parts."""

TOGETHER = 3.0
"""So many stations are off by the same chance."""

PART, ROUND = 14.0, 5.0
"""What a straight part costs, in logarithms of likelihood, and what an arc costs on top of that."""

MOST_OFF = 0.08
"""Root mean square by which a part may be off, in pixels."""

PLACES = 260
"""At most so many places are tried for the ends of parts."""

FLATTEST = 12.0
"""An arc's radius is at most so many times its length; flatter ones are straight or no arcs."""


class Circle(NamedTuple):
    """A circle."""

    center: Floats
    radius: float


@dataclass(frozen=True, eq=False)
class Part:
    """Stations `first` to `last` as a straight part or, with a `circle`, as an arc; the misfit is in pixels squared."""

    first: int
    last: int
    circle: Circle | None
    middle: Floats
    way: Floats
    misfit: float

    def moved(self, by: int) -> Part:
        """Count stations from another one on."""
        return replace(self, first=self.first + by, last=self.last + by)


def parts_of(points: Floats) -> list[Part]:
    """Divide an open line of stations (N, 2) without corners."""
    n = len(points)
    places = distinct(np.rint(np.linspace(0, n - 1, min(n, PLACES))).astype(np.int64))
    table = _Table(points)
    m = len(places)
    best = np.full(m, np.inf)
    best[0] = 0.0
    origin, arc = np.zeros(m, np.int64), np.zeros(m, bool)
    for k in range(1, m):
        starts = np.arange(k)
        straight, bent = table.costs(places[starts], places[k])
        total = best[starts] + np.minimum(straight, bent)
        origin[k] = int(np.argmin(total))
        best[k], arc[k] = total[origin[k]], bent[origin[k]] < straight[origin[k]]
    found = []
    k = m - 1
    while k > 0:
        found.append(table.part(int(places[origin[k]]), int(places[k]), bool(arc[k])))
        k = int(origin[k])
    return found[::-1]


class _Table:
    """Sums over the first stations, from which any stretch is fitted."""

    def __init__(self, points: Floats) -> None:
        self.shift = points.mean(0)
        self.scale = max(float(np.abs(points - self.shift).max()), 1e-9)
        x, y = ((points - self.shift) / self.scale).T
        z = x * x + y * y
        terms = np.stack([np.ones_like(x), x, y, z, x * x, x * y, y * y, x * z, y * z, z * z])
        self.sums = np.zeros((len(terms), len(x) + 1))
        np.cumsum(terms, axis=1, out=self.sums[:, 1:])
        self.points = points
        self.passed = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])

    def _moments(self, first: Ints, last: int) -> tuple[Floats, ...]:
        n, x, y, z, xx, xy, yy, xz, yz, zz = self.sums[:, last + 1][:, None] - self.sums[:, first]
        return (
            x / n, y / n, z / n,
            xx - x * x / n, xy - x * y / n, yy - y * y / n, xz - x * z / n, yz - y * z / n, zz - z * z / n,
        )  # fmt: skip

    def circles(self, first: Ints, last: int) -> tuple[Floats, Floats, Floats, Floats, Floats]:
        """Center x and y, radius, sum of squares off the circle, and off a line, of stretches, in scaled units."""
        x, y, z, xx, xy, yy, xz, yz, zz = self._moments(first, last)
        line = np.maximum((xx + yy - np.sqrt((xx - yy) ** 2 + 4 * xy * xy)) / 2, 0)
        down = xx * yy - xy * xy
        fair = down > 1e-12 * np.maximum(xx + yy, 1e-30) ** 2
        down = np.where(fair, down, 1)
        a, b = (xz * yy - yz * xy) / down, (yz * xx - xz * xy) / down
        square = z - a * x - b * y + (a * a + b * b) / 4
        radius = np.sqrt(np.maximum(square, 1e-12))
        off = np.maximum(zz - a * xz - b * yz, 0) / (4 * radius * radius)
        return a / 2, b / 2, np.where(fair & (square > 0), radius, np.inf), np.where(fair, off, np.inf), line

    def costs(self, first: Ints, last: int) -> tuple[Floats, Floats]:
        """What stretches from each of `first` to `last` cost as lines, and as arcs."""
        _, _, radius, off, line = self.circles(first, last)
        count = last + 1 - first
        length = self.passed[last] - self.passed[first]
        unit = self.scale * self.scale
        weight = unit / (2 * NOISE * NOISE * TOGETHER)
        straight = PART + line * weight
        bent = PART + ROUND + off * weight
        straight[line * unit > MOST_OFF**2 * count] = np.inf
        fair = (off * unit <= MOST_OFF**2 * count) & (radius * self.scale <= FLATTEST * length) & (count >= 4)
        bent[~fair] = np.inf
        straight[count == 2] = PART
        return straight, bent

    def part(self, first: int, last: int, arc: bool) -> Part:
        x, y, radius, off, line = (float(value[0]) for value in self.circles(np.array([first]), last))
        some = self.points[first : last + 1]
        middle = some.mean(0)
        u, v = (some - middle).T
        angle = 0.5 * np.arctan2(2 * (u * v).sum(), (u * u).sum() - (v * v).sum())
        way = np.array([np.cos(angle), np.sin(angle)])
        if inner(way, some[-1] - some[0]) < 0:
            way = -way
        unit = self.scale * self.scale
        if not arc:
            return Part(first, last, None, middle, way, line * unit)
        circle = Circle(np.array([x, y]) * self.scale + self.shift, radius * self.scale)
        return Part(first, last, circle, middle, way, off * unit)


def circle_through(points: Floats) -> tuple[Circle, float] | None:
    """Give the circle of a ring of stations, and how far it is off, root mean square; None where it is none."""
    table = _Table(points)
    x, y, radius, off, _ = (float(value[0]) for value in table.circles(np.array([0]), len(points) - 1))
    if not np.isfinite(radius) or not np.isfinite(off):
        return None
    unit = table.scale * table.scale
    off_by = float(np.sqrt(off * unit / len(points)))
    return Circle(np.array([x, y]) * table.scale + table.shift, radius * table.scale), off_by


def on_part(part: Part, place: Floats) -> Floats:
    """Give the nearest place on the line or circle of a part."""
    if part.circle is None:
        foot: Floats = part.middle + inner(place - part.middle, part.way) * part.way
        return foot
    away = place - part.circle.center
    on: Floats = part.circle.center + away * part.circle.radius / max(float(np.hypot(*away)), 1e-9)
    return on


def joint(one: Part, other: Part, place: Floats) -> Floats:
    """Where two parts meet, near a place: where lines cross, else between the nearest places on both."""
    if one.circle is None and other.circle is None:
        sine = float(one.way[0] * other.way[1] - one.way[1] * other.way[0])
        if abs(sine) > 0.02:
            gap = other.middle - one.middle
            along = float(gap[0] * other.way[1] - gap[1] * other.way[0]) / sine
            meet: Floats = one.middle + along * one.way
            if np.hypot(*(meet - place)) < 1.5:
                return meet
    for _ in range(3):
        place = (on_part(one, place) + on_part(other, place)) / 2
    return place


def parts_of_ring(points: Floats) -> tuple[list[Part], Floats]:
    """Divide a ring of stations (N, 2); gives its parts, and the stations from the start of the first one, closed."""
    parts = parts_of(np.vstack([points, points[:1]]))
    n = len(points)
    one, other = parts[-1], parts[0]
    ring = np.vstack([points, points[:1]])
    if len(parts) > 2 and (one.circle is None) == (other.circle is None):
        # It begins within a part, which is cut in two there: both are one if they are alike.
        seam = np.vstack([points[one.first :], points[: other.last + 1]])
        both = _Table(seam).part(0, len(seam) - 1, one.circle is not None)
        if np.sqrt(both.misfit / len(seam)) <= MOST_OFF / 2:
            turned = np.roll(points, -one.first, 0)
            ring = np.vstack([turned, turned[:1]])
            parts = [both, *(part.moved(n - one.first) for part in parts[1:-1])]
    return parts, ring


def circle_path(circle: Circle, points: Floats) -> Path:
    """A circle as four quarters that turns as its stations do."""
    after = np.roll(points, -1, 0)
    turn = np.sign((points[:, 0] * after[:, 1] - points[:, 1] * after[:, 0]).sum())
    arms = circle.radius * np.array([[1, 0], [0, turn], [-1, 0], [0, -turn]], np.float64)
    following = np.roll(arms, -1, 0)
    body = np.stack([arms + KAPPA * following, following + KAPPA * arms, following], 1).reshape(-1, 2)
    return Path(circle.center + np.vstack([arms[:1], body]), np.full(4, CUBIC, np.uint8), closed=True)


QUARTER = 1.05 * np.pi / 2
"""The largest angle of one cubic: a little more than a quarter, where it is off by 0.04% of the radius."""


def path_through(parts: list[Part], points: Floats, closed: bool) -> Path:
    """Put parts together to a path; ends of an open one are its first and last station."""
    joints = [joint(one, other, points[one.last]) for one, other in pairwise(parts)]
    first = joint(parts[-1], parts[0], points[parts[0].first]) if closed else points[0]
    last = [] if closed else [points[-1]]
    shape = refined(Ruled(np.array([first, *joints, *last]), _middles(parts, points), closed), parts, points)
    body, kinds = [shape.vertices[:1]], []
    for k, middle in enumerate(shape.middles):
        start, end = shape.vertices[k], shape.vertices[(k + 1) % len(shape.vertices)]
        controls = end[None] if middle is None else arc_controls(start, middle, end)
        body.append(controls)
        kinds += [LINE] if middle is None else [CUBIC] * (len(controls) // 3)
    return Path(np.vstack(body), np.array(kinds, np.uint8), closed=closed)


def _middles(parts: list[Part], points: Floats) -> list[Floats | None]:
    """A place on the middle of each arc, None for straight parts."""
    return [None if part.circle is None else on_part(part, points[(part.first + part.last) // 2]) for part in parts]


def arc_controls(start: Floats, middle: Floats, end: Floats) -> Floats:
    """Controls and ends (3 K, 2) of K cubics along the arc from start through a place between to the end.

    (A radius would not do: it tells nearly nothing about where the center of half a circle is.)
    """
    found = through(start, middle, end)
    if found is None:
        return np.stack([start + (end - start) / 3, start + 2 * (end - start) / 3, end])
    center, angle = found
    a = start - center
    radius = float(np.hypot(*a))
    count = max(int(np.ceil(abs(angle) / QUARTER)), 1)
    step = angle / count
    reach = 4 / 3 * np.tan(step / 4)
    angles = np.arctan2(a[1], a[0]) + step * np.arange(count + 1)
    spokes = radius * np.column_stack([np.cos(angles), np.sin(angles)])
    sides = np.column_stack([-spokes[:, 1], spokes[:, 0]])
    ends = center + spokes
    ends[0], ends[-1] = start, end
    first, second = ends[:-1] + reach * sides[:-1], ends[1:] - reach * sides[1:]
    controls: Floats = np.stack([first, second, ends[1:]], 1).reshape(-1, 2)
    return controls
