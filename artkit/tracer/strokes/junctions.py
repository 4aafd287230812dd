"""Chains of a skeleton to middle lines: what goes on straight through a junction is one line, the rest ends there.

Near junctions and corners the middle of a face is no middle of a stroke. So chains are kept where they are half a width
from the border, and what happens in the gaps between them is told by how their ends run.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from artkit.algebra import inner, product
from artkit.arrays import Bools, Floats
from artkit.tracer.strokes.gaps import BACK, Run, arm_of, arms_of, followed, resolved, without_shared
from artkit.tracer.strokes.middle import FREE, JOINED, STEP, Track, eased, resampled
from artkit.tracer.strokes.skeleton import Chain, Skeleton


def runs_of(skeleton: Skeleton) -> list[Run]:
    """Cut chains where they are farther from the border than half the width; gaps that touch are one."""
    half = skeleton.width / 2
    degree: dict[int, int] = {}
    for chain in skeleton.chains:
        for node in (chain.start, chain.end):
            degree[node] = degree.get(node, 0) + 1
    gaps = _Gaps(max(degree, default=-1) + 1)
    parts: list[tuple[Floats, int | None, int | None]] = []
    for chain in skeleton.chains:
        if chain.start == RING:
            parts += _ring_parts(chain, skeleton, gaps)
            continue
        ends = [None if degree[node] == 1 else node for node in (chain.start, chain.end)]
        bounds = _stretches(skeleton.is_fair(chain), max(2.0, 0.25 * half), chain.points)
        if not bounds and None not in ends:
            gaps.join(chain.start, chain.end)
        inner = [gaps.new() for _ in bounds[1:]]
        parts += (
            [
                (chain.points[low:high], one, other)
                for (low, high), (one, other) in zip(bounds, pairwise([ends[0], *inner, ends[1]]), strict=True)
            ]
            if bounds
            else []
        )
    return [_run(points, one, other, gaps, half) for points, one, other in parts]


RING = -1
"""The node of chains that have none."""


def _ring_parts(chain: Chain, skeleton: Skeleton, gaps: _Gaps) -> list[tuple[Floats, int | None, int | None]]:
    """Parts of a chain without ends: all of it, or what lies between its gaps."""
    fair, half = skeleton.is_fair(chain), skeleton.width / 2
    if fair.all():
        return [(chain.points, RING, RING)]
    turn = int(np.argmin(fair))
    points = np.roll(chain.points, -turn, 0)
    bounds = _stretches(np.roll(fair, -turn), max(2.0, 0.25 * half), points)
    between = [gaps.new() for _ in bounds]
    return (
        [
            (points[low:high], one, other)
            for (low, high), (one, other) in zip(bounds, pairwise([*between, *between[:1]]), strict=True)
        ]
        if bounds
        else []
    )


def _run(points: Floats, one: int | None, other: int | None, gaps: _Gaps, half: float) -> Run:
    ring = one == RING
    track = resampled(Track(eased(points, ring, times=3), ring))
    if ring:
        return Run(track, (None, None))
    ends = [None if gap is None else gaps.root(gap) for gap in (one, other)]
    return Run(_trimmed(track, (ends[0], ends[1]), half), (ends[0], ends[1]))


class _Gaps:
    """Numbers of gaps: those of nodes first, then new ones; joined ones have one root."""

    def __init__(self, nodes: int) -> None:
        self.above = list(range(nodes))

    def new(self) -> int:
        self.above.append(len(self.above))
        return len(self.above) - 1

    def root(self, gap: int) -> int:
        while self.above[gap] != gap:
            gap = self.above[gap]
        return gap

    def join(self, one: int, other: int) -> None:
        a, b = sorted((self.root(one), self.root(other)))
        self.above[b] = a


def _stretches(fair: Bools, least: float, points: Floats) -> list[tuple[int, int]]:
    """Bounds of stretches of fair points at least so many pixels long."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], fair, [False]]).astype(np.int8)))
    return [
        (low, high)
        for low, high in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
        if np.hypot(*(points[low + 1 : high] - points[low : high - 1]).T).sum() >= least
    ]


def _trimmed(track: Track, gaps: tuple[int | None, int | None], half: float) -> Track:
    """Take off what bends towards a gap at either end, at most a third of the line."""
    most = min(TRIM * half, track.length / 3)
    cut = int(most / STEP)
    n = len(track.points)
    low, high = cut if gaps[0] is not None else 0, n - cut if gaps[1] is not None else n
    return Track(track.points[low:high]) if high - low >= 2 else track


TRIM = 0.6
"""So many half widths the middle of a face bends before a gap."""


def joined(runs: list[Run], width: float) -> list[Track]:
    """Put runs together to lines, gap by gap."""
    runs = without_shared(runs, width)
    links: dict[tuple[int, bool], tuple[tuple[int, bool], Floats, int]] = {}
    stops: dict[tuple[int, bool], Floats] = {}
    for _, arms in sorted(arms_of(runs, width).items()):
        found, ended = resolved(arms, runs, width)
        for link in found:
            a, b = (link.one.run, link.one.at_end), (link.other.run, link.other.at_end)
            links[a] = (b, link.between, link.corner)
            links[b] = (a, link.between[::-1], len(link.between) - 1 - link.corner if link.corner >= 0 else -1)
        for stop in ended:
            if stop.beyond is not None:
                stops[(stop.arm.run, stop.arm.at_end)] = stop.beyond
    used: set[int] = set()
    tracks = [run.track for run in runs if run.track.closed]
    starts = [
        (number, at_end)
        for number, run in enumerate(runs)
        for at_end in (False, True)
        if not run.track.closed and (number, at_end) not in links
    ]
    starts += [(number, False) for number, run in enumerate(runs) if not run.track.closed]
    for start in starts:
        if start[0] not in used:
            tracks.append(_strung(runs, links, stops, start, used))
    return [resampled(track) for track in tracks]


def _strung(
    runs: list[Run],
    links: dict[tuple[int, bool], tuple[tuple[int, bool], Floats, int]],
    stops: dict[tuple[int, bool], Floats],
    start: tuple[int, bool],
    used: set[int],
) -> Track:
    """Follow links from an end on, or around."""
    points: list[Floats] = []
    corners: list[Bools] = []

    def add(more: Floats, corner: int = -1) -> None:
        marks = np.zeros(len(more), bool)
        if corner >= 0:
            marks[corner] = True
        points.append(more)
        corners.append(marks)

    ends = [JOINED if start in stops else FREE, FREE]
    if start in stops:
        add(stops[start][::-1])
    number, from_end = start
    closed = False
    while True:
        used.add(number)
        run = runs[number].track.points
        add(run[::-1] if from_end else run)
        out = (number, not from_end)
        if out not in links:
            if out in stops:
                add(stops[out])
                ends[1] = JOINED
            break
        (number, from_end), between, corner = links[out]
        add(between, corner)
        if number in used:
            closed = (number, from_end) == start
            break
    return Track(np.vstack(points), closed, np.concatenate(corners), (ends[0], ends[1]))


def ended(tracks: list[Track], width: float) -> list[Track]:
    """Let lines that end beneath others reach their middle; straight ones straight on."""
    return [_reaching(number, track, tracks, width) for number, track in enumerate(tracks)]


def _reaching(number: int, track: Track, tracks: list[Track], width: float) -> Track:
    for at_end in (True, False):
        if track.closed or track.ends[at_end] != JOINED:
            continue
        inward = track.points[::-1] if at_end else track.points
        corner = track.corner[::-1] if at_end else track.corner
        cut = int(np.argmax(np.hypot(*(inward - inward[0]).T) >= HIDDEN * width))
        if cut == 0 or len(inward) - cut < 3 or corner[: cut + 2].any():
            continue
        arm = arm_of(0, inward[cut:], False, width)
        if arm.bend != 0.0:
            cut = min(cut, int(BENT * width / STEP) + 2)
            arm = arm_of(0, inward[cut:], False, width)
        hosts = [other.points for k, other in enumerate(tracks) if k != number] or [track.points]
        if arm.bend == 0.0:
            far = 2 * HIDDEN * width + 2 * BACK
            met = [t for host in hosts if (t := _first_met(arm.place, arm.way, host, far)) is not None]
            reach = min(met) if met else inner(inward[0] - arm.place, arm.way)
            tail = (arm.place + reach * arm.way)[None]
        else:
            path, foot = followed(arm, hosts, 2 * HIDDEN * width + 2 * BACK, width)
            near = np.hypot(*(foot - path[-1])) < 2 * STEP
            tail = np.vstack([foot[None] if near else path[-1:], path[-2::-1]])
        points = np.vstack([tail, inward[cut:]])
        marks = np.concatenate([np.zeros(len(tail), bool), corner[cut:]])
        if at_end:
            points, marks = points[::-1], marks[::-1]
        track = Track(points, False, marks, track.ends)
    return track


HIDDEN, BENT = 0.45, 0.15
"""So many widths a line is hidden beneath the one that it ends at; fewer of a bent one, which tell how it bends."""


def _first_met(place: Floats, way: Floats, line: Floats, far: float) -> float | None:
    """How far along a way a polyline is met first, at most `far`."""
    a, b = line[:-1] - place, line[1:] - place
    side_a, side_b = (way[0] * end[:, 1] - way[1] * end[:, 0] for end in (a, b))
    across = (side_a <= 0) != (side_b <= 0)
    share = side_a / np.where(across, side_a - side_b, 1)
    along = product(a, way) + share * product(b - a, way)
    fair = along[across & (along >= 0) & (along <= far)]
    return float(fair.min()) if len(fair) else None
