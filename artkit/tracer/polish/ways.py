"""The ways in which the points of curves may move: joints as smooth, lines as level, ellipses as round as they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from artkit.algebra import determinant2, inverse, product
from artkit.arrays import Bools, Floats, Ints
from artkit.artwork.bezier import KAPPA
from artkit.planar.segments import cross, unit
from artkit.tracer.polish.curves import Curves

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

SMOOTH = 0.05
"""The largest turn at a smooth joint, in radians."""

LEVEL = 0.012
"""A line is level or upright where its ends differ by less, in pixels."""

ROUND = 0.03
"""How far points may be off those of an ellipse that they are, in pixels."""

CIRCLE = 2e-3
"""By what part of them the axes of a circle may differ."""

SHRINK = 0.4
"""The least that is left of a control's distance from its joint, in one round."""


@dataclass(frozen=True, eq=False)
class Side:
    """What lies on one side of J joints: `control` (J,), the point next to each,
    whether it is a `line`, and whether the joint `glides`: goes over smoothly from a line on the other side to a curve
    on this one, and `line_end` (J,), the other end of that line.
    """

    control: Ints
    line: Bools
    glides: Bools
    line_end: Ints


@dataclass(frozen=True, eq=False)
class Ways:
    """`joint` (J,) are the points where segments meet, with two `sides`; `bends` tells where two curves meet smoothly.

    `number` (M, 2) is that of the way on which a point that is a joint goes in x and in y, -1 where it stays: those on
    one level line have one in common. `ellipses` (E, 12) are the points of rings that are such.
    """

    joint: Ints
    sides: tuple[Side, Side]
    bends: Bools
    number: Ints
    ellipses: Ints

    def basis(self, points: Floats) -> csr_matrix:
        """How all coordinates, (2M,), change with each way, (2M, N)."""
        ways = _Entries(int(self.number.max(initial=-1)) + 1)
        ways.put(self.joint, self.number[self.joint], np.eye(2))
        for side in self.sides:
            self._put_control(ways, side, points)
        k = np.flatnonzero(self.bends)
        new = ways.new(len(k))
        for side in self.sides:
            arm = points[side.control[k]] - points[self.joint[k]]
            ways.put_one(side.control[k], new, np.column_stack([-arm[:, 1], arm[:, 0]]))
        for ring in self.ellipses:
            _put_ellipse(ways, ring, points[ring])
        return ways.matrix(len(points))

    def _put_control(self, ways: _Entries, side: Side, points: Floats) -> None:
        """Controls go with their joint and along their tangent; at corners they turn, and beside a line with that."""
        k = np.flatnonzero(~side.line)
        control, joint = side.control[k], self.joint[k]
        arm = points[control] - points[joint]
        tangent = unit(arm)
        normal = np.column_stack([-tangent[:, 1], tangent[:, 0]])
        ways.put(control, self.number[joint], np.eye(2))
        ways.put_one(control, ways.new(len(k)), tangent)
        corner = ~(self.bends | side.glides)[k]
        ways.put_one(control[corner], ways.new(int(corner.sum())), normal[corner])
        glides = side.glides[k]
        control, joint, far = control[glides], joint[glides], side.line_end[k[glides]]
        reach = np.maximum(np.hypot(*(points[joint] - points[far]).T), 0.5)
        lever = np.hypot(*arm[glides].T) / reach
        turned = lever[:, None, None] * normal[glides][:, :, None] * normal[glides][:, None]
        ways.put(control, self.number[joint], turned)
        ways.put(control, self.number[far], -turned)

    def moved(self, points: Floats, step: Floats) -> Floats:
        """Move points, and put controls beside lines and across smooth joints in line again."""
        result: Floats = points + (self.basis(points) @ step).reshape(-1, 2)
        back, ahead = (side.control for side in self.sides)
        across = unit(result[ahead] - result[back])
        for side, sign in zip(self.sides, (-1, 1), strict=True):
            for k, way in (
                (np.flatnonzero(self.bends), sign * across[self.bends]),
                (np.flatnonzero(side.glides), unit(result[self.joint] - result[side.line_end])[side.glides]),
            ):
                control, joint = side.control[k], self.joint[k]
                least = SHRINK * np.hypot(*(points[control] - points[joint]).T)
                length = np.maximum(((result[control] - result[joint]) * way).sum(1), least)
                result[control] = result[joint] + length[:, None] * way
        return result


@dataclass(eq=False)
class _Entries:
    """Entries of a matrix of coordinates by ways, as they come; `count` is the number of ways."""

    count: int
    parts: list[tuple[Ints, Ints, Floats]] = field(default_factory=list)

    def new(self, count: int) -> Ints:
        self.count += count
        return np.arange(self.count - count, self.count)

    def put(self, point: Ints, ways: Ints, change: Floats) -> None:
        """Each point (K,) changes with two ways (K, 2) by `change` (K, 2, 2): its x and y, by way; -1 is none."""
        change = np.broadcast_to(change, (len(point), 2, 2))
        for axis in (0, 1):
            for way in (0, 1):
                some = (ways[:, way] >= 0) & (change[:, axis, way] != 0)
                self.parts.append((2 * point[some] + axis, ways[some, way], change[some, axis, way]))

    def put_one(self, point: Ints, way: Ints, change: Floats) -> None:
        """Each point (K,) changes with a way (K,) by `change` (K, 2)."""
        self.parts.extend((2 * point + axis, way, change[:, axis]) for axis in (0, 1))

    def matrix(self, points: int) -> csr_matrix:
        from scipy.sparse import coo_matrix

        rows, columns, values = (np.concatenate(column) for column in zip(*self.parts, strict=True))
        return coo_matrix((values, (rows, columns)), (2 * points, self.count)).tocsr()


def _put_ellipse(ways: _Entries, ring: Ints, points: Floats) -> None:
    """A ring goes in x and in y, and its axes get longer, those of a circle together."""
    middle = points[::3].mean(0)
    axes = np.array([points[0] - points[6], points[3] - points[9]]) / 2
    sizes = np.hypot(*axes.T)
    for axis in (0, 1):
        ways.put_one(ring, np.repeat(ways.new(1), 12), np.tile(np.eye(2)[axis], (12, 1)))
    shares = product(points - middle, inverse(axes))
    circle = abs(sizes[0] - sizes[1]) < CIRCLE * sizes[0]
    own = np.repeat(ways.new(1), 2) if circle else ways.new(2)
    for k in (0, 1):
        ways.put_one(ring, np.repeat(own[k], 12), shares[:, k, None] * axes[k] / sizes[k])


def ways_of(curves: Curves, points: Floats, shown: Bools, size: tuple[float, float]) -> Ways:
    """Look at how curves meet; `shown` (S,) are those that are seen, `size` the sheet's."""
    index, line = curves.index, curves.line
    rings = [
        low
        for low, high in zip(curves.parts[:-1].tolist(), curves.parts[1:].tolist(), strict=True)
        if high - low == 4 and not line[low:high].any() and _is_ellipse(points[index[low:high, :3].ravel()])
    ]
    free = np.ones(len(line), bool)
    for low in rings:
        free[low : low + 4] = False
    ellipses = np.array([index[low : low + 4, :3].ravel() for low in rings], np.int64).reshape(-1, 12)

    after = np.flatnonzero(free)
    joint = index[after, 0]
    ending = np.empty(len(points), np.int64)
    ending[index[:, 3]] = np.arange(len(line))
    before = ending[joint]
    straight = line[before], line[after]
    back = np.where(straight[0], index[before, 0], index[before, 2])
    ahead = np.where(straight[1], index[after, 3], index[after, 1])
    a, b = points[joint] - points[back], points[ahead] - points[joint]
    smooth = np.abs(np.arctan2(cross(a, b), (a * b).sum(1))) < SMOOTH
    sides = (
        Side(back, straight[0], smooth & ~straight[0] & straight[1], index[after, 3]),
        Side(ahead, straight[1], smooth & straight[0] & ~straight[1], index[before, 0]),
    )
    number = _numbered(curves, points, joint, np.flatnonzero(line & shown & free), size)
    return Ways(joint, sides, smooth & ~straight[0] & ~straight[1], number, ellipses)


def _numbered(curves: Curves, points: Floats, joint: Ints, lines: Ints, size: tuple[float, float]) -> Ints:
    """Number the ways of joints, (M, 2): joints of one level line go together, those on the sheet's edge along it."""
    number = np.full((len(points), 2), -1)
    number[joint] = np.arange(2 * len(joint)).reshape(-1, 2)
    ends = curves.index[lines][:, [0, 3]]
    for axis in (0, 1):
        column = number[:, axis]
        for one, two in ends[np.abs(np.diff(points[ends, axis])[:, 0]) < LEVEL].tolist():
            column[column == max(column[one], column[two])] = min(column[one], column[two])
        edge = joint[(points[joint, axis] <= 0) | (points[joint, axis] >= size[axis])]
        column[np.isin(column, column[edge])] = -1
    used = np.unique(number[number >= 0])
    return np.where(number >= 0, np.searchsorted(used, number), -1)


def _is_ellipse(ring: Floats) -> bool:
    """Whether twelve points, three for each quarter, are those of an ellipse."""
    axes = np.array([ring[0] - ring[6], ring[3] - ring[9]]) / 2
    if abs(determinant2(axes)) < 1e-6:
        return False
    half = np.array([(1, 0), (1, KAPPA), (KAPPA, 1), (0, 1), (-KAPPA, 1), (-1, KAPPA)])
    return bool(np.abs(ring[::3].mean(0) + product(np.vstack([half, -half]), axes) - ring).max() < ROUND)
