"""Lines with arcs of circles as path data: cubics in a row that follow one circle are one arc (SVG 1.1, 8.3.8)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from artkit.algebra import inner
from artkit.arrays import Floats, Ints
from artkit.artwork.bezier import on_curve
from artkit.artwork.drawing import CUBIC, LINE, Path
from artkit.export.svg.grid import Grid

ROUND = 2.0
"""Grid steps that a cubic may be off its circle to be an arc."""

EXACT = 4.0
"""Grid steps that an arc as written may be off the one meant."""

WHOLE = 1.94 * np.pi
"""The largest angle of one arc; of larger ones the ends tell too little."""


class Arc(NamedTuple):
    """A cubic as an arc: its center, radius and signed angle."""

    center: Floats
    radius: float
    angle: float


def arc_data(paths: Sequence[Path], grid: Grid) -> str | None:
    """Give the path data of paths in whole grid steps, with arcs; None where there are none, or no such steps."""
    if grid.page:
        return None
    commands: list[tuple[str, list[int]]] = []
    pen = np.zeros(2, np.int64)
    bent = False
    for path in paths:
        if len(path.points) < 2:
            return None
        kinds = [LINE] * (len(path.points) - 1) if path.kinds is None else path.kinds.tolist()
        points = np.asarray(path.points) * grid.scale + grid.offset
        first = _step(points[0])
        if path.closed and np.hypot(*(points[-1] - points[0])) < 1e-6:
            points = np.vstack([points[:-1], points[:1]])
        commands.append(("m", (first - pen).tolist()))
        pen = first
        for arc, controls in _pieces(points, kinds):
            end = _step(controls[-1])
            written = None if arc is None else _arc(arc, pen, end)
            bent |= written is not None
            commands += [written] if written is not None else _plain(controls, pen)
            pen = end
        if path.closed:
            if commands[-1][0] in "hvl" and np.array_equal(pen, first):
                commands.pop()
            commands.append(("z", []))
            pen = first
    return _text(commands) if bent else None


def _step(point: Floats) -> Ints:
    return np.asarray(np.rint(point).astype(np.int64))


def _pieces(points: Floats, kinds: list[int]) -> Iterator[tuple[Arc | None, Floats]]:
    """Arcs, each with the controls of all its cubics, and other segments one by one."""
    at = 0
    pending: tuple[Arc, Floats] | None = None
    for kind in kinds:
        controls = points[at : at + kind + 1]
        at += kind
        arc = _as_arc(controls) if kind == CUBIC else None
        if pending is not None and arc is not None and _is_one(pending[0], arc):
            joined = np.vstack([pending[1], controls[1:]])
            pending = (pending[0]._replace(angle=pending[0].angle + arc.angle), joined)
            continue
        if pending is not None:
            yield pending
        pending = None if arc is None else (arc, controls)
        if arc is None:
            yield None, controls
    if pending is not None:
        yield pending


def _as_arc(controls: Floats) -> Arc | None:
    """Give the arc that a cubic is, None where it strays from the circle through its ends and its middle."""
    start, end = controls[0], controls[3]
    middle = on_curve(list(controls), np.array([0.5]))
    p, q = middle - start, end - start
    sine = float(p[0] * q[1] - p[1] * q[0])
    pp, qq = inner(p, p), inner(q, q)
    if abs(sine) < 1e-3 * qq or qq < 1:
        return None
    center = start + np.array([q[1] * pp - p[1] * qq, p[0] * qq - q[0] * pp]) / (2 * sine)
    radius = float(np.hypot(*(start - center)))
    a, b = start - center, end - center
    angle = float(np.arctan2(a[0] * b[1] - a[1] * b[0], inner(a, b)))
    if angle * sine < 0:
        return None
    at = on_curve(list(controls), np.array([0.15, 0.3, 0.7, 0.85])[:, None])
    off = np.abs(np.hypot(*(at - center).T) - radius)
    return Arc(center, radius, angle) if off.max() <= ROUND else None


def _is_one(one: Arc, other: Arc) -> bool:
    if one.angle * other.angle < 0 or abs(one.angle + other.angle) > WHOLE:
        return False
    return bool(np.hypot(*(one.center - other.center)) <= ROUND and abs(one.radius - other.radius) <= ROUND)


def _arc(arc: Arc, start: Ints, end: Ints) -> tuple[str, list[int]] | None:
    """Write an arc by the whole radius that puts it best; None where none does, as of half a circle."""
    step = (end - start).astype(np.float64)
    chord = float(np.hypot(*step))
    if chord < 1:
        return None
    large = abs(arc.angle) > np.pi
    sweep = arc.angle > 0
    normal = np.array([-step[1], step[0]]) / chord * (1 if sweep else -1)
    half = (start + end) / 2
    # The farthest place on the arc from its chord, as it is meant.
    meant = half - normal * (inner(half - arc.center, normal) + arc.radius)
    best: tuple[float, int] | None = None
    for radius in range(int(arc.radius) - 2, int(arc.radius) + 4):
        height = np.sqrt(max(radius * radius - chord * chord / 4, 0))
        reach = max(radius, chord / 2) + (height if large else -height)
        off = float(np.hypot(*(half - normal * reach - meant)))
        if radius > 0 and (best is None or off < best[0]):
            best = (off, radius)
    if best is None or best[0] > EXACT:
        return None
    return "a", [best[1], best[1], 0, int(large), int(sweep), *(end - start).tolist()]


def _plain(controls: Floats, pen: Ints) -> list[tuple[str, list[int]]]:
    """Segments as they are."""
    if len(controls) == 2:
        dx, dy = (_step(controls[1]) - pen).tolist()
        return [("h", [dx]) if dy == 0 else ("v", [dy]) if dx == 0 else ("l", [dx, dy])]
    letter = "q" if len(controls) == 3 else "c"
    size = len(controls) - 1 if letter == "q" else 3
    made = []
    for k in range(1, len(controls), size):
        steps = [_step(point) - pen for point in controls[k : k + size]]
        made.append((letter, np.concatenate(steps).tolist()))
        pen = _step(controls[k + size - 1])
    return made


def _text(commands: list[tuple[str, list[int]]]) -> str:
    """Write commands: a letter where it changes, and a space where no sign or letter stands between numbers."""
    text, before = [], ""
    for letter, numbers in commands:
        spoken = letter != before or letter in "mz"
        for place, number in enumerate(numbers):
            text.append(letter if spoken and place == 0 else "" if number < 0 else " ")
            text.append(str(number))
        if not numbers:
            text.append(letter)
        before = letter
    return "".join(text)
