"""Ways along which a color changes: straight across, or outwards in circles or ellipses; and how the best are found."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol, TypeVar

import numpy as np

from artkit.algebra import eigen, product, solve
from artkit.arrays import Floats

TURNS = 12
"""Directions in half a turn that are tried first."""

CENTERS = 5
"""Centers in a row that are tried first."""

TRIED = 2
"""Centers, and then ellipses, that are looked at more closely."""

STARTS = 4
"""Directions of ellipses that are tried first."""

FARTHEST = 4.0
"""How far from the middle a guessed center lies at the most, in half sizes."""

FLATTEST = 8.0
"""The most that an ellipse is longer than wide."""


class Way(NamedTuple):
    """Parameters of a way: the angle of a straight one; center x and y, angle, and logarithm of length by width of one
    in rings.
    """

    values: tuple[float, ...]

    @property
    def radial(self) -> bool:
        """Whether it goes outwards in rings."""
        return len(self.values) > 1

    @property
    def kind(self) -> int:
        """0 if it goes straight, 1 in circles, 2 in ellipses."""
        return 0 if not self.radial else 2 if self.values[3] else 1

    def along(self, x: Floats, y: Floats) -> Floats:
        """Give how far along the way places are, in pixels."""
        if not self.radial:
            (turn,) = self.values
            return np.asarray(x * np.cos(turn) + y * np.sin(turn))
        cx, cy, turn, flat = self.values
        across_x, across_y = x - cx, y - cy
        u = across_x * np.cos(turn) + across_y * np.sin(turn)
        v = (across_y * np.cos(turn) - across_x * np.sin(turn)) * np.exp(flat)
        return np.asarray(np.sqrt(u * u + v * v))


def best_ways(cost: Callable[[Way], float], x: Floats, y: Floats, value: Floats) -> list[tuple[float, Way]]:
    """Search for the best straight way, the best in circles, and the best in ellipses: (cost, way) each.

    `value` (N,) changes along the way that is looked for.
    """
    low, high = np.array([x.min(), y.min()]), np.array([x.max(), y.max()])
    size = np.maximum(high - low, 1.0)
    straight = [Way((k * np.pi / TURNS,)) for k in range(TURNS)]
    first = min((cost(way), way) for way in straight)
    found = [_refined(cost, *first, (np.pi / TURNS / 2,), (1e-3,))]
    share = (np.arange(CENTERS) + 0.5) / CENTERS * 1.4 - 0.2
    reach = float(size.max())
    circles = [(float(low[0] + a * size[0]), float(low[1] + b * size[1]), 0.0, 0.0) for b in share for a in share]
    tried = sorted((cost(Way(circle)), Way(circle)) for circle in circles)[:TRIED]
    step = tuple(0.14 * size)
    round_ = min(_refined(cost, *one, (*step, 0.0, 0.0), (0.004 * reach,) * 4) for one in tried)
    found.append(round_)
    middles = [way.values[:2] for _, way in (round_, *tried)]
    flat = [
        Way((*middle, k * np.pi / STARTS, ratio)) for middle in middles for k in range(STARTS) for ratio in (0.4, 1.0)
    ]
    flat.append(_bowl(x, y, value))
    starts = sorted((cost(way), way) for way in flat)[:TRIED]
    ends = (0.004 * reach, 0.004 * reach, 0.01, 0.01)
    found.append(min(_refined(cost, *start, (*step, 0.3, 0.3), ends) for start in starts))
    return found


def _bowl(x: Floats, y: Floats, value: Floats) -> Way:
    """Give the rings in which a quadratic polynomial rises or falls that is fitted to the values."""
    middle_x, middle_y = float(x.mean()), float(y.mean())
    size = max(float(np.ptp(x)), float(np.ptp(y)), 1.0) / 2
    u, v = (x - middle_x) / size, (y - middle_y) / size
    terms = np.column_stack([np.ones_like(u), u, v, u * u, u * v, v * v])
    square = product(terms.T, terms) + 1e-6 * len(x) * np.eye(6)
    _, by_u, by_v, uu, uv, vv = solve(square, product(terms.T, value))
    bends, axes = eigen(np.array([[2 * uu, uv], [uv, 2 * vv]]))
    bends = np.where(np.abs(bends) < 1e-9, 1e-9, bends)
    center = -product(axes / bends, product(axes.T, np.array([by_u, by_v])))
    center = np.clip(center, -FARTHEST, FARTHEST) * size + (middle_x, middle_y)
    flat = 0.5 * np.log(abs(bends[1] / bends[0]))
    turn = float(np.arctan2(axes[1, 0], axes[0, 0]))
    return Way((float(center[0]), float(center[1]), turn, float(np.clip(flat, -np.log(FLATTEST), np.log(FLATTEST)))))


def refined(cost: Callable[[Way], float], way: Way, x: Floats, y: Floats) -> Way:
    """Give the best way close to one."""
    size = np.array([np.ptp(x), np.ptp(y)]) + 1
    reach = float(size.max())
    if not way.radial:
        return _refined(cost, cost(way), way, (0.1,), (1e-3,))[1]
    turns = (0.15, 0.15) if way.values[3] else (0.0, 0.0)
    end = (0.004 * reach, 0.004 * reach, 0.01, 0.01)
    return _refined(cost, cost(way), way, (0.06 * float(size[0]), 0.06 * float(size[1]), *turns), end)[1]


def _refined(
    cost: Callable[[Way], float], least: float, way: Way, step: tuple[float, ...], end: tuple[float, ...]
) -> tuple[float, Way]:
    """Go down from a way that is no flatter than allowed."""
    return descended(cost, least, way, step, end, _is_round)


def _is_round(values: list[float]) -> bool:
    return len(values) < 2 or abs(values[3]) <= np.log(FLATTEST)


class Along(Protocol):
    """A way of any kind, told by a few numbers."""

    @property
    def values(self) -> tuple[float, ...]:
        """Its parameters."""

    def along(self, x: Floats, y: Floats) -> Floats:
        """Give how far along it places are."""


W = TypeVar("W", bound=Along)


def descended(
    cost: Callable[[W], float],
    least: float,
    way: W,
    step: tuple[float, ...],
    end: tuple[float, ...],
    allowed: Callable[[list[float]], bool],
) -> tuple[float, W]:
    """Go down from a way, one parameter at a time, with steps that halve where none is better (Hooke, Jeeves 1961)."""
    steps = list(step)
    values = list(way.values)
    kind = type(way)
    for _ in range(40):
        moved = False
        for k, size in enumerate(steps):
            for sign in (1, -1):
                if not size:
                    continue
                trial = list(values)
                trial[k] += sign * size
                if not allowed(trial):
                    continue
                new = cost(kind(tuple(trial)))  # type: ignore[call-arg]
                if new < least:
                    least, values, moved = new, trial, True
                    break
        if not moved:
            steps = [size / 2 for size in steps]
            if all(size < last for size, last in zip(steps, end, strict=True)):
                break
    return least, kind(tuple(values))  # type: ignore[call-arg]
