"""Markers: where the vertices of a path are, which way it goes there, and how a marker lies on one (SVG 2, 13.7)."""

from __future__ import annotations

from math import isfinite, pi
from typing import NamedTuple
from xml.etree import ElementTree

import numpy as np

from artkit.arrays import Floats
from artkit.pens.read.arcs import cubics_of
from artkit.pens.read.lengths import (
    IDENTITY,
    BadNumber,
    Matrix,
    Viewport,
    length,
    number,
    times,
    turned,
)
from artkit.pens.read.pathdata import ARC, CLOSE, CUBIC, MOVE, QUADRATIC, Commands, commands_up_to_error
from artkit.pens.read.viewports import fitted, view_box

MARKED = {"path", "line", "polyline", "polygon"}
"""Shapes that have markers."""


class Vertex(NamedTuple):
    """A place, the angle of the way there in degrees, and which marker is drawn: start, mid or end."""

    x: float
    y: float
    angle: float
    which: str


def vertices(data: str) -> list[Vertex]:
    """Give the vertices of path data in order; the first and the last one twice where they are one."""
    commands = commands_up_to_error(data)
    if commands is None:
        return []
    leaving, arriving = _ways(commands)
    kind, count = commands.kind.tolist(), len(commands.kind)
    heads = [at for at in range(count) if kind[at] == MOVE]
    found: list[Vertex] = []
    for head, after in zip(heads, [*heads[1:], count], strict=True):
        drawn = list(range(head + 1, after))
        closed = bool(drawn) and kind[drawn[-1]] == CLOSE
        around = (drawn[-1], drawn[0]) if closed else (None, None)
        for at, before, ahead in zip([head, *drawn], [around[0], *drawn], [*drawn, around[1]], strict=True):
            ways = [arriving[before]] if before is not None else []
            ways += [leaving[ahead]] if ahead is not None else []
            x, y = commands.end[at].tolist()
            found.append(Vertex(x, y, _bisector(ways), "mid"))
    if not found:
        return []
    return [found[0]._replace(which="start"), *found[1:-1], found[-1]._replace(which="end")]


_Way = tuple[float, float]


def _ways(commands: Commands) -> tuple[list[_Way], list[_Way]]:
    """Give the direction in which each command leaves its start, and in which it arrives at its end."""
    start, first, second, end = commands.start, commands.first, commands.second, commands.end
    kind = commands.kind
    straight = end - start
    leave, arrive = straight.copy(), straight.copy()
    for of, controls in ((QUADRATIC, (first, first)), (CUBIC, (first, second))):
        own = kind == of
        leave[own] = _longest([(controls[0] - start)[own], (controls[1] - start)[own], straight[own]])
        arrive[own] = _longest([(end - controls[1])[own], (end - controls[0])[own], straight[own]])
    arcs = np.flatnonzero(kind == ARC)
    if len(arcs):
        cubics = cubics_of(start[arcs], end[arcs], commands.arc[arcs])
        last = np.cumsum(cubics.pieces) - 1
        head = last - cubics.pieces + 1
        p0, p1, p2, p3 = cubics.controls
        bent = ~cubics.straight
        leave[arcs] = np.where(bent[head, None], (p1 - p0)[head], straight[arcs])
        arrive[arcs] = np.where(bent[last, None], (p3 - p2)[last], straight[arcs])
    return [(x, y) for x, y in leave.tolist()], [(x, y) for x, y in arrive.tolist()]


def _longest(ways: list[Floats]) -> Floats:
    """Give of each row the first way that has a length."""
    found = ways[-1].copy()
    for way in reversed(ways[:-1]):
        goes = (way != 0).any(axis=1)
        found[goes] = way[goes]
    return found


def _bisector(ways: list[_Way]) -> float:
    """Give the angle halfway between two directions, in degrees; one without length counts as one to the right."""
    angles = [float(np.degrees(np.arctan2(y, x))) for x, y in ways] or [0.0]
    angles = [-180.0 if angle == 180 else angle for angle in angles]
    if abs(angles[0] - angles[-1]) > 180:
        angles[0] += 360
    return (angles[0] + angles[-1]) / 2


class Lying(NamedTuple):
    """How a marker lies: the matrix of its viewport and that of what is in it, and the size of both."""

    outer: Matrix
    inner: Matrix
    size: Viewport
    around: Viewport


def lying(marker: ElementTree.Element, vertex: Vertex, width: float) -> Lying | None:
    """Lay a marker on a vertex of a line so wide, in the line's own units; None where it has no size."""
    size = length(marker.get("markerWidth", "3")), length(marker.get("markerHeight", "3"))
    if min(size) <= 0:
        return None
    scale = 1.0 if marker.get("markerUnits") == "userSpaceOnUse" else width
    box = view_box(marker)
    fit = fitted(box, *size, marker.get("preserveAspectRatio", "")) if box else IDENTITY
    around = (box[2], box[3]) if box else size
    x, y = (_reference(marker.get(name, "0"), whole) for name, whole in zip(("refX", "refY"), around, strict=True))
    a, b, c, d, e, f = fit
    moved = (1.0, 0.0, 0.0, 1.0, -(a * x + c * y + e), -(b * x + d * y + f))
    turn = _orientation(marker.get("orient", "0"), vertex)
    outer = times((1.0, 0.0, 0.0, 1.0, vertex.x, vertex.y), times(turned(turn), (scale, 0.0, 0.0, scale, 0.0, 0.0)))
    outer = times(outer, moved)
    return Lying(outer, times(outer, fit), size, around) if all(map(isfinite, outer)) else None


def _reference(text: str, whole: float) -> float:
    try:
        return length(text, whole)
    except BadNumber:
        return 0.0


def _orientation(text: str, vertex: Vertex) -> float:
    text = text.strip()
    if text == "auto-start-reverse":
        return vertex.angle + (180 if vertex.which == "start" else 0)
    if text == "auto":
        return vertex.angle
    units = {"grad": 0.9, "rad": 180 / pi, "turn": 360.0}
    return number(text) * next((factor for unit, factor in units.items() if text.endswith(unit)), 1.0)
