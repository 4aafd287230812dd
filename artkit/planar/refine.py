"""Cubics that meet smoothly, moved together to where their samples are: joints, directions and controls at once.

Gauss-Newton on all segments of all chains. A joint of two curves moves across the border and turns; one of a line and a
curve moves along the line; at corners only the control moves. The normal equations tie each joint to its neighbors
alone and are solved by conjugate gradients, each joint's own block as the preconditioner.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from artkit.algebra import inverse
from artkit.arrays import Bools, Floats, Ints
from artkit.planar.segments import dot, unit

ROUNDS = 4
"""Steps of Gauss and Newton."""

STEPS = 8
"""Steps of conjugate gradients in each: a change at one joint is felt by so many on either side."""

DAMPING = 0.01
"""How much the diagonal is raised: controls of flat segments are told by little."""

SHORT, LONG = 0.2, 0.6
"""The least and the largest distance of a control from its end, in lengths of the segment: no cusps, no loops."""

TURN, SLIDE = 0.2, 3.0
"""The most a joint turns, in radians, and moves, in pixels, in one round."""


@dataclass(eq=False)
class Samples:
    """Samples of all segments, one after the other: segment k has size[k] from begin[k] on, x and y in rows.

    `weight` is 0 at the ends of segments and where samples are not trusted; `u` is where on its cubic each one belongs,
    `length` that of the way through the samples.
    Beyond a `joint`, (2, K) for starts and ends, the border goes on, and only the distance across it counts.
    """

    xy: Floats
    weight: Floats
    size: Ints
    begin: Ints
    u: Floats
    length: Floats
    joint: Bools

    @classmethod
    def of(cls, points: Floats, weight: Floats, a: Ints, b: Ints, joint: Bools) -> Samples:
        """Take samples a[k] to b[k] for each segment."""
        size = b - a + 1
        begin = np.cumsum(size) - size
        index = np.arange(int(size.sum())) + np.repeat(a - begin, size)
        xy, inner = points[index].T, weight[index]
        inner[begin] = inner[begin + size - 1] = 0
        step = np.zeros(len(index))
        step[1:] = np.hypot(*np.diff(xy, axis=1))
        step[begin] = 0
        u = np.cumsum(step)
        u -= np.repeat(u[begin], size)
        length = np.maximum(u[begin + size - 1], 1e-9)
        u /= np.repeat(length, size)
        return cls(xy, inner, size, begin, u, length, joint)

    def coarse(self, most: int) -> Samples:
        """Leave so many samples, to twice as many, of each segment that has more: they count for those left out."""
        stride = np.maximum(self.size // most, 1)
        place, strides = np.arange(len(self.u)) - np.repeat(self.begin, self.size), np.repeat(stride, self.size)
        kept = (place % strides == 0) | (place == np.repeat(self.size, self.size) - 1)
        size = np.add.reduceat(kept, self.begin, dtype=np.int64)
        weight = (self.weight * strides)[kept]
        return Samples(self.xy[:, kept], weight, size, np.cumsum(size) - size, self.u[kept], self.length, self.joint)

    def spread(self, rows: Floats) -> Floats:
        """Give each sample its segment's rows, (K, 2) -> (2, M)."""
        return np.repeat(rows.T, self.size, axis=1)

    def settle(self, ends: Ends, rounds: int) -> Floats:
        """Move each sample's place to the nearest on its cubic; how far it is from that, (2, M)."""
        p0, p1, p2, p3 = (self.spread(p) for p in (ends.start, ends.first, ends.second, ends.end))
        d1, d2, d3 = 3 * (p1 - p0), 3 * (p2 - p1), 3 * (p3 - p2)
        u = self.u
        for _ in range(rounds):
            v = 1 - u
            gap = _at(u, v, p0, p1, p2, p3) - self.xy
            speed = v * v * d1 + 2 * u * v * d2 + u * u * d3
            bend = 2 * (v * (d2 - d1) + u * (d3 - d2))
            slope = _dot(speed, speed) + np.maximum(_dot(gap, bend), 0)
            u = np.clip(u - _dot(gap, speed) / np.maximum(slope, 1e-9), 0, 1)
        self.u = u
        gap = _at(u, 1 - u, p0, p1, p2, p3) - self.xy
        beyond = np.where(u <= 0, np.repeat(self.joint[0], self.size), (u >= 1) & np.repeat(self.joint[1], self.size))
        k = np.flatnonzero(beyond)
        way = unit(np.where(u <= 0, d1, d3)[:, k].T)
        gap[:, k] -= _dot(gap[:, k], way.T) * way.T
        return gap

    def largest(self, gap: Floats) -> Floats:
        """The largest distance in each segment."""
        far: Floats = np.maximum.reduceat(np.hypot(*gap) * (self.weight > 0), self.begin)
        return far


@dataclass(eq=False)
class Ends:
    """Start, controls and end of each segment, (K, 2)."""

    start: Floats
    first: Floats
    second: Floats
    end: Floats

    def where(self, which: Bools, other: Ends) -> Ends:
        """Take those of another where told."""
        pick = which[:, None]
        return Ends(
            np.where(pick, other.start, self.start),
            np.where(pick, other.first, self.first),
            np.where(pick, other.second, self.second),
            np.where(pick, other.end, self.end),
        )


def _dot(a: Floats, b: Floats) -> Floats:
    """The dot product of vectors in columns, (2, M)."""
    product: Floats = a[0] * b[0] + a[1] * b[1]
    return product


def _at(u: Floats, v: Floats, p0: Floats, p1: Floats, p2: Floats, p3: Floats) -> Floats:
    place: Floats = v * v * v * p0 + 3 * u * v * v * p1 + 3 * u * u * v * p2 + u * u * u * p3
    return place


def refined(samples: Samples, ends: Ends, line: Bools, after: Ints, group: Ints) -> Ends:
    """Move the segments closer to their samples; `after` is the segment each goes over into, -1 at a corner.

    Segments of one `group`, a number for each from 0 on, move together or not at all.
    """
    before = np.full(len(after), -1)
    before[after[after >= 0]] = np.flatnonzero(after >= 0)
    gap = samples.settle(ends, 1)
    cost = _cost(samples, gap, group)
    share = np.ones(len(cost))
    for _ in range(ROUNDS):
        trial = _moved(samples, ends, gap, line, after, before, group, share)
        old = samples.u
        moved = samples.settle(trial, 2)
        found = _cost(samples, moved, group)
        better = found < cost
        share = np.where(better, np.minimum(2 * share, 1), 0.25 * share)
        ends = ends.where(better[group], trial)
        of = np.repeat(better[group], samples.size)
        samples.u = np.where(of, samples.u, old)
        gap = np.where(of, moved, gap)
        cost = np.where(better, found, cost)
    return ends


def _cost(samples: Samples, gap: Floats, group: Ints) -> Floats:
    squares = np.add.reduceat(_dot(gap, gap) * samples.weight, samples.begin)
    cost: Floats = np.bincount(group, weights=squares).astype(np.float64)
    return cost


def _moved(
    samples: Samples, ends: Ends, gap: Floats, line: Bools, after: Ints, before: Ints, group: Ints, share: Floats
) -> Ends:
    """One step of Gauss and Newton, or a share of it for each group."""
    count = len(line)
    # Node k is the start of segment k and, where one goes over into k, its end; further nodes are ends at corners.
    tail = np.where(after >= 0, after, count + np.arange(count))
    t0, t1 = unit(ends.first - ends.start), unit(ends.end - ends.second)
    h0, h1 = (np.sqrt(dot(arm, arm)) for arm in (ends.first - ends.start, ends.end - ends.second))
    previous = np.maximum(before, 0)
    joint, curved = before >= 0, ~line
    glide = joint & curved & line[previous]  # begins where a line ends
    smooth = joint & curved & curved[previous]
    at_start = _levers(t0, h0, smooth, glide, curved & ~joint, 1)
    following = np.maximum(after, 0)
    glide_end = (after >= 0) & curved & line[following]
    smooth_end = (after >= 0) & curved & curved[following]
    at_end = _levers(t1, h1, smooth_end, glide_end, curved & (after < 0), -1)

    u = samples.u
    v = 1 - u
    speed = v * v * samples.spread(ends.first - ends.start) + u * u * samples.spread(ends.end - ends.second)
    speed += 2 * u * v * samples.spread(ends.second - ends.first)
    normal = unit(np.stack([-speed[1], speed[0]], axis=1)).T
    own = (v * v * v, 3 * u * v * v), (u * u * u, 3 * u * u * v)
    root = np.sqrt(samples.weight)
    rows = []
    for (point, control), (place, lever) in zip(own, (at_start, at_end), strict=True):
        for k in range(4):
            turned = point * samples.spread(place[:, k]) + control * samples.spread(lever[:, k])
            rows.append(_dot(turned, normal) * root)
    jacobian = np.stack(rows)
    rest = _dot(gap, normal) * root
    inner = np.add.reduceat(jacobian[:, None] * jacobian[None], samples.begin, axis=2).transpose(2, 0, 1)
    right = -np.add.reduceat(jacobian * rest, samples.begin, axis=1).T

    block, wanted = np.zeros((2 * count, 4, 4)), np.zeros((2 * count, 4))
    block[:count] = inner[:, :4, :4]
    block[tail] += inner[:, 4:, 4:]
    wanted[:count] = right[:, :4]
    wanted[tail] += right[:, 4:]
    diagonal = np.einsum("kii->ki", block)
    diagonal *= 1 + DAMPING
    diagonal += 1e-3
    step = _solved(block, inner[:, :4, 4:], wanted, tail, group) * np.tile(share[group], 2)[:, None]

    step[:, 0] = np.clip(step[:, 0], -SLIDE, SLIDE)
    start, end = ends.start.copy(), ends.end.copy()
    own_step, next_step = step[:count], step[tail]
    start += _times(at_start[0].transpose(0, 2, 1), own_step)
    end += _times(at_end[0].transpose(0, 2, 1), next_step)
    # Where a line glides, its neighbor knows; elsewhere both know the same, but for rounding.
    told = np.flatnonzero((after >= 0) & ~glide_end)
    end[told] = start[after[told]]
    start[after[glide_end]] = end[glide_end]
    length = samples.length
    first = _turned(start, t0, h0, length, own_step, smooth, glide, curved & ~joint, 1)
    second = _turned(end, t1, h1, length, next_step, smooth_end, glide_end, curved & (after < 0), -1)
    return Ends(start, first, second, end)


def _times(matrices: Floats, vectors: Floats) -> Floats:
    """The product (K, M) of each matrix (K, M, N) with its vector (K, N)."""
    total: Floats = matrices[:, :, 0] * vectors[:, 0, None]
    for k in range(1, matrices.shape[2]):
        total += matrices[:, :, k] * vectors[:, k, None]
    return total


def _levers(
    tangent: Floats, reach: Floats, smooth: Bools, glide: Bools, corner: Bools, way: int
) -> tuple[Floats, Floats]:
    """How the end of a segment and its control move with the four numbers of a node, (K, 4, 2) each.

    A smooth joint moves across and turns (in radians times four), and its controls behind and ahead get longer; one on
    a line moves along it instead; at a corner the control turns and gets longer.
    """
    normal = np.column_stack([-tangent[:, 1], tangent[:, 0]])
    place, lever = np.zeros((len(tangent), 4, 2)), np.zeros((len(tangent), 4, 2))
    place[:, 0] = np.where(smooth[:, None], normal, np.where(glide[:, None], tangent, 0))
    lever[:, 0] = place[:, 0]
    lever[:, 1] = np.where((smooth | corner)[:, None], way * 0.25 * reach[:, None] * normal, 0)
    lever[:, 2 if way == 1 else 3] = np.where((smooth | glide | corner)[:, None], way * tangent, 0)
    return place, lever


def _turned(
    place: Floats,
    tangent: Floats,
    reach: Floats,
    length: Floats,
    step: Floats,
    smooth: Bools,
    glide: Bools,
    corner: Bools,
    way: int,
) -> Floats:
    """The control beside an end, after a step."""
    angle = np.where(smooth | corner, np.clip(0.25 * step[:, 1], -TURN, TURN), 0)
    c, s = np.cos(angle), np.sin(angle)
    turned = np.column_stack([c * tangent[:, 0] - s * tangent[:, 1], s * tangent[:, 0] + c * tangent[:, 1]])
    longer = reach + np.where(smooth | glide | corner, step[:, 2 if way == 1 else 3], 0)
    longer = np.clip(longer, SHORT * length, np.maximum(LONG * length, reach))
    control: Floats = place + way * longer[:, None] * turned
    return control


def _solved(block: Floats, beside: Floats, right: Floats, tail: Ints, group: Ints) -> Floats:
    """Solve the normal equations: `block` of each node, `beside` ties the nodes at the ends of each segment."""
    inverted = inverse(block)
    count = len(tail)
    owner = np.concatenate([group, group])

    def times(x: Floats) -> Floats:
        y: Floats = _times(block, x)
        y[:count] += _times(beside, x[tail])
        y[tail] += _times(beside.transpose(0, 2, 1), x[:count])
        return y

    def inner(x: Floats, y: Floats) -> Floats:  # group by group, so that chains do not feel each other
        sums: Floats = np.bincount(owner, weights=(x * y).sum(1)).astype(np.float64)
        return sums

    x = np.zeros_like(right)
    rest = right.copy()
    way = eased = _times(inverted, rest)
    power = inner(rest, eased)
    for _ in range(STEPS):
        pushed = times(way)
        share = power / np.maximum(inner(way, pushed), 1e-15)
        x += share[owner][:, None] * way
        rest -= share[owner][:, None] * pushed
        eased = _times(inverted, rest)
        again = inner(rest, eased)
        way = eased + (again / np.maximum(power, 1e-15))[owner][:, None] * way
        power = again
    return x
