"""What happens in gaps between runs of middle lines: lines go on, turn, or end beneath others.

Told by how runs end there: straight or bent, and where to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from artkit.algebra import inner
from artkit.arrays import Floats
from artkit.artwork.bezier import on_curve
from artkit.tracer.strokes.middle import STEP, Track, end_of

SMOOTH = 24.0
"""Degrees by which a line may turn from one side of a gap to the other and go on without a corner."""


STEEPEST = 50.0
"""Degrees that a bend may turn a line within a gap."""


class Run(NamedTuple):
    """Part of a chain that is the middle of a stroke, and the gap at either end: None where it is free."""

    track: Track
    gaps: tuple[int | None, int | None]


@dataclass(frozen=True, eq=False)
class Arm:
    """An end of a run at a gap: its place, the way out of the run, and the bend there, in radians a pixel."""

    run: int
    at_end: bool
    place: Floats
    way: Floats
    bend: float


def arms_of(runs: list[Run], width: float) -> dict[int, list[Arm]]:
    """Give the arms at each gap."""
    found: dict[int, list[Arm]] = {}
    for number, run in enumerate(runs):
        for at_end, gap in enumerate(run.gaps):
            if gap is not None:
                found.setdefault(gap, []).append(arm_of(number, run.track.points, bool(at_end), width))
    return found


def arm_of(number: int, points: Floats, at_end: bool, width: float) -> Arm:
    """Tell how a run ends from its last part: straight or, where that is far off, with an even bend."""
    inward = points[::-1] if at_end else points
    count = max(int(np.ceil(max(TOLD * width, 5.0) / STEP)) + 1, 4)
    some = inward[:count]
    if len(some) < 2:
        return Arm(number, at_end, some[0], np.zeros(2), 0.0)
    return Arm(number, at_end, *end_of(some))


TOLD = 0.6
"""So many widths of a run tell how it ends."""


def without_shared(runs: list[Run], width: float) -> list[Run]:
    """Leave out short runs that two lines share where they cross at a small angle; the gaps at its ends become one."""
    while True:
        arms = arms_of(runs, width)
        shared = next((k for k, run in enumerate(runs) if _is_shared(k, run, arms, width)), None)
        if shared is None:
            return runs
        kept, gone = runs[shared].gaps
        rest = runs[:shared] + runs[shared + 1 :]
        runs = [Run(run.track, _renamed(run.gaps, gone, kept)) for run in rest]


def _renamed(gaps: tuple[int | None, int | None], old: int | None, new: int | None) -> tuple[int | None, int | None]:
    one, other = gaps
    return new if one == old else one, new if other == old else other


def _is_shared(number: int, run: Run, arms: dict[int, list[Arm]], width: float) -> bool:
    one, other = run.gaps
    if one is None or other is None or one == other or run.track.length > SHARED * width:
        return False
    before, after = ([arm for arm in arms[gap] if arm.run != number] for gap in (one, other))
    if len(before) != 2 or len(after) != 2:
        return False
    costs = [[_through(a, b, width, True) for b in after] for a in before]
    return any(
        p is not None and q is not None and max(p, q) < STEADY
        for p, q in ((costs[0][0], costs[1][1]), (costs[0][1], costs[1][0]))
    )


SHARED = 4.0
"""Widths that two lines share at most where they cross."""

STEADY = 10.0
"""Cost up to which two lines certainly go on through a crossing."""


class Link(NamedTuple):
    """Two arms of one line, and the points (N, 2) between them; `corner` tells which of these is one, -1 for none."""

    one: Arm
    other: Arm
    between: Floats
    corner: int


class Stop(NamedTuple):
    """An arm that ends beneath other lines, and the points (N, 2) up to there; None where it has a cap of its own."""

    arm: Arm
    beyond: Floats | None


def resolved(arms: list[Arm], runs: list[Run], width: float) -> tuple[list[Link], list[Stop]]:
    """Tell what happens in a gap where these arms come together."""
    if len(arms) == 1:
        return [], [Stop(arms[0], None)]
    free = list(range(len(arms)))
    links: list[Link] = []
    costs = sorted(
        (cost, i, j)
        for i in free
        for j in free[i + 1 :]
        if (cost := _through(arms[i], arms[j], width, len(arms) > 2)) is not None
    )
    for _, i, j in costs:
        if i in free and j in free:
            links.append(Link(arms[i], arms[j], _bridge(arms[i], arms[j]), -1))
            free = [k for k in free if k not in (i, j)]
    if links:
        hosts = [_whole(link, runs) for link in links]
        return links, [Stop(arms[k], _beneath(arms[k], hosts, width)) for k in free]
    if len(arms) == 2:
        return [_cornered(arms[0], arms[1], None, width)], []
    meet = _common([arms[k] for k in free], width)
    turns = sorted((_turn(arms[i], arms[j]), i, j) for i in free for j in free[i + 1 :])
    _, i, j = turns[0]
    stops = [Stop(arms[k], _up_to(arms[k], meet)) for k in free if k not in (i, j)]
    return [_cornered(arms[i], arms[j], meet, width)], stops


def _turn(one: Arm, other: Arm) -> float:
    """Degrees by which a line turns that comes out of one arm and goes on into the other."""
    return float(np.degrees(np.arccos(np.clip(-inner(one.way, other.way), -1, 1))))


def _through(one: Arm, other: Arm, width: float, crossing: bool) -> float | None:
    """Cost of one line through both, in degrees: None where it would need a corner."""
    gap = other.place - one.place
    far = float(np.hypot(*gap))
    turn = _turn(one, other)
    ahead = -other.way
    signed = float(np.degrees(np.arctan2(one.way[0] * ahead[1] - one.way[1] * ahead[0], inner(one.way, ahead))))
    bent = float(np.degrees((one.bend - other.bend) / 2 * far))
    if abs(signed - np.clip(bent, -STEEPEST, STEEPEST)) > SMOOTH or turn > (45 if crossing else 70):
        return None
    aside = abs(_aside(one, gap)) + abs(_aside(other, -gap))
    # An even bend leaves both chords on one side: what is left over is a step.
    step = abs(_aside(one, gap) + _aside(other, -gap)) if far > 1e-6 else 0.0
    if (far > 1.0 and step > 0.35 * width + 0.5) or inner(one.way, gap) < -0.5 * width:
        return None
    return turn + float(np.degrees(aside / max(far, width)))


def _aside(arm: Arm, gap: Floats) -> float:
    return float(arm.way[0] * gap[1] - arm.way[1] * gap[0])


def _bridge(one: Arm, other: Arm) -> Floats:
    """Points of a cubic from one arm to the other, about a step apart."""
    far = float(np.hypot(*(other.place - one.place)))
    count = int(far / STEP)
    if count < 2:
        return np.empty((0, 2))
    t = (np.arange(1, count) / count)[:, None]
    third = far / 3
    controls = (one.place, one.place + third * one.way, other.place + third * other.way, other.place)
    return on_curve(list(controls), t)


def _crossing(p: Floats, d: Floats, q: Floats, e: Floats) -> tuple[float, float] | None:
    """How far along d from p and along e from q the two lines meet."""
    sine = float(d[0] * e[1] - d[1] * e[0])
    if abs(sine) < 0.05:
        return None
    gap = q - p
    return float(gap[0] * e[1] - gap[1] * e[0]) / sine, float(gap[0] * d[1] - gap[1] * d[0]) / sine


def _cornered(one: Arm, other: Arm, meet: Floats | None, width: float) -> Link:
    """One line with a corner where the arms meet."""
    if meet is None:
        found = _crossing(one.place, one.way, other.place, other.way)
        far = 3 * width + float(np.hypot(*(other.place - one.place)))
        if found is not None and all(-0.5 * width <= t <= far for t in found):
            meet = one.place + found[0] * one.way
        else:
            meet = (one.place + other.place) / 2
    first, second = _straight(one.place, meet), _straight(meet, other.place)
    return Link(one, other, np.vstack([first, meet[None], second]), len(first))


def _straight(a: Floats, b: Floats) -> Floats:
    """Points between two, about a step apart, both left out."""
    count = int(np.rint(np.hypot(*(b - a)) / STEP))
    return a + (b - a) * (np.arange(1, count) / max(count, 1))[:, None]


def _whole(link: Link, runs: list[Run]) -> Floats:
    """The points of both runs of a link and of what lies between them."""
    one, other = runs[link.one.run].track.points, runs[link.other.run].track.points
    return np.vstack([one if link.one.at_end else one[::-1], link.between, other[::-1] if link.other.at_end else other])


def _beneath(arm: Arm, hosts: list[Floats], width: float) -> Floats:
    """Points from an arm to just short of where it meets one of the lines that go through."""
    path, foot = followed(arm, hosts, 2 * width, width)
    return np.vstack([path[:-1], _short_of(path[-1], foot)])


def followed(arm: Arm, hosts: list[Floats], far: float, width: float) -> tuple[Floats, Floats]:
    """Follow an arm, bent as it is, to where it first comes as near to one of the lines as it gets; and that place."""
    step = min(STEP, width / 6)
    count = max(int(far / step), 2)
    angle = np.arctan2(arm.way[1], arm.way[0]) + arm.bend * step * (np.arange(count) + 0.5)
    path = arm.place + step * np.cumsum(np.column_stack([np.cos(angle), np.sin(angle)]), axis=0)
    best: tuple[float, int, Floats] | None = None
    for host in hosts:
        away = np.sqrt(((path[:, None] - host[None]) ** 2).sum(2))
        nearest = away.min(1)
        close = nearest <= max(0.25 * width, STEP)
        first = int(np.argmax(close)) if close.any() else int(np.argmin(nearest))
        while first + 1 < count and nearest[first + 1] < nearest[first]:
            first += 1
        if best is None or nearest[first] < best[0]:
            best = (float(nearest[first]), first, host[int(np.argmin(away[first]))])
    assert best is not None
    _, spot, foot = best
    return path[: max(spot, 1)], foot


BACK = 0.75
"""Pixels by which lines end short of others while it is asked which line border samples belong to."""


def _short_of(start: Floats, end: Floats) -> Floats:
    """A point on the way from start to end, `BACK` short of it, as (1, 2)."""
    way = end - start
    length = float(np.hypot(*way))
    return (end - way * min(BACK / max(length, 1e-9), 1.0))[None]


def _up_to(arm: Arm, meet: Floats) -> Floats:
    return np.vstack([_straight(arm.place, meet), _short_of(arm.place, meet)])


def _common(arms: list[Arm], width: float) -> Floats:
    """The place nearest to all lines along the arms; the middle of their ends where that is far off."""
    normal = np.array([[-arm.way[1], arm.way[0]] for arm in arms])
    places = np.array([arm.place for arm in arms])
    level = (normal * places).sum(1)
    xx, xy, yy = (normal[:, 0] ** 2).sum(), (normal[:, 0] * normal[:, 1]).sum(), (normal[:, 1] ** 2).sum()
    x, y = (normal * level[:, None]).sum(0)
    down = xx * yy - xy * xy
    middle: Floats = places.mean(0)
    if down > 0.02:
        meet: Floats = np.array([yy * x - xy * y, xx * y - xy * x]) / down
        if np.hypot(*(meet - middle)) < 1.5 * width:
            return meet
    return middle
