"""Lines and a machine's speeds in, seconds out: trapezoids with look-ahead both ways, by Grbl's rules.

A machine speeds up and slows down along each segment by its acceleration and takes each corner as fast as a circle
that strays from it by the junction deviation would let it (S. Jeon, "Improving Grbl: Cornering Algorithm", 2011, and
`planner.c` of Grbl 1.1). Grbl goes over its blocks backwards and forwards. With squares of speeds both passes are
running minima: with w the sum of 2 a l up to a corner, the square of the speed there may not exceed that of any later
corner by more than the difference of w, nor that of any earlier one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from artkit.arrays import Floats
from artkit.errors import UsageError
from artkit.pens.lines import Lines


@dataclass(frozen=True)
class Speeds:
    """How a machine moves: mm/s while drawing and in the air, mm/s², and the seconds to lift the pen and lower it.

    `travel_acceleration` is the one in the air, where it is another. `deviation` is Grbl's junction deviation in
    millimetres. With `per_axis` accelerations and the speed in the air are those of each axis, so that slanting moves
    have more. `look_ahead` is how many segments are planned at a time; None is all of a line.
    """

    draw: float = 50.0
    travel: float = 200.0
    lift: float = 0.24
    acceleration: float = 760.0
    travel_acceleration: float | None = None
    deviation: float = 0.05
    per_axis: bool = False
    look_ahead: int | None = None

    def __post_init__(self) -> None:
        for name, value in (("drawing", self.draw), ("travelling", self.travel)):
            if not 0 < value < np.inf:
                raise UsageError(f"speed of {name}: {value:g} mm/s is no speed; use more than 0")
        if not 0 <= self.lift < np.inf:
            raise UsageError(f"time to lift the pen: {self.lift:g} s; use 0 or more")

    def __str__(self) -> str:
        """What the minutes are worked out with, in words."""
        air = self.travel_acceleration or self.acceleration
        rates = f"{self.acceleration:g} mm/s²" + (f" ({air:g} in the air)" if air != self.acceleration else "")
        return f"{self.draw:g} mm/s, {self.travel:g} mm/s in the air, {rates} and {self.lift:g} s a lift"


def seconds(lines: Lines, speeds: Speeds, start: tuple[float, float] = (0.0, 0.0)) -> float:
    """Give how long the lines take, drawn in their order, with the way from `start` to the first of them."""
    return drawing(lines, speeds) + travelling(lines, speeds, start) + len(lines) * speeds.lift


def travelling(lines: Lines, speeds: Speeds, start: tuple[float, float] = (0.0, 0.0)) -> float:
    """Give the seconds in the air: each way begins and ends at rest."""
    if not len(lines):
        return 0.0
    ways = lines.starts - np.concatenate([np.asarray([start], np.float64), lines.ends[:-1]])
    acceleration = speeds.travel_acceleration or speeds.acceleration
    length = np.hypot(*ways.T)
    slant = _slant(ways, length, speeds)
    rest = np.zeros(len(length))
    return float(_durations(length, rest, rest, speeds.travel * slant, acceleration * slant).sum())


def drawing(lines: Lines, speeds: Speeds) -> float:
    """Give the seconds on paper: each line begins and ends at rest, and takes its corners as fast as it can."""
    first = lines.segments
    ways = lines.points[first + 1] - lines.points[first]
    length = np.hypot(*ways.T)
    moves = length > 0
    ways, length, of = ways[moves], length[moves], lines.line_of[first][moves]
    if not len(length):
        return 0.0
    acceleration = speeds.acceleration * _slant(ways, length, speeds)
    top = np.full(len(length), speeds.draw)
    entry = np.zeros(len(length) + 1)
    same = of[1:] == of[:-1]
    entry[1:-1] = np.where(same, np.minimum(_corners(ways, length, speeds), speeds.draw**2), 0.0)
    gain = np.concatenate([[0.0], np.cumsum(2 * acceleration * length)])
    if speeds.look_ahead:
        ahead = np.minimum(np.arange(len(entry)) + speeds.look_ahead - 1, len(entry) - 1)  # the present one is of them
        entry = np.minimum(entry, gain[ahead] - gain)
    entry = np.minimum.accumulate((entry + gain)[::-1])[::-1] - gain
    entry = np.minimum.accumulate(entry - gain) + gain
    entry = np.maximum(entry, 0.0)
    return float(_durations(length, entry[:-1], entry[1:], top, acceleration).sum())


def _corners(ways: Floats, length: Floats, speeds: Speeds) -> Floats:
    """Give the square of the speed at which each segment may begin, from the second on."""
    unit = ways / length[:, None]
    before, after = unit[:-1], unit[1:]
    cosine = -(before * after).sum(axis=1)  # 1 turns around, -1 goes straight on
    half_sine = np.sqrt((1 - np.clip(cosine, -1.0, 1.0)) / 2)
    turn = after - before
    acceleration = speeds.acceleration * _slant(turn, np.hypot(*turn.T), speeds)
    with np.errstate(divide="ignore", invalid="ignore"):
        square = acceleration * speeds.deviation * half_sine / (1 - half_sine)
    found: Floats = np.where(cosine > 0.999999, 0.0, np.where(cosine < -0.999999, np.inf, square))
    return found


def _slant(ways: Floats, length: Floats, speeds: Speeds) -> Floats:
    """Give how much more than one axis both do together in a direction: 1 along an axis, the root of 2 aslant."""
    if not speeds.per_axis:
        return np.ones(len(length))
    most = np.abs(ways).max(axis=1)
    slant: Floats = np.divide(length, most, out=np.ones(len(length)), where=most > 0)
    return slant


def _durations(length: Floats, entry: Floats, leave: Floats, top: Floats, acceleration: Floats) -> Floats:
    """Give the seconds of each segment; `entry` and `leave` are the squares of the speeds at its ends."""
    peak = np.minimum(top**2, (entry + leave) / 2 + acceleration * length)
    peak = np.maximum(peak, np.maximum(entry, leave))
    fast, first, last = np.sqrt(peak), np.sqrt(entry), np.sqrt(leave)
    ramps = (2 * peak - entry - leave) / (2 * acceleration)
    cruise = np.divide(np.maximum(length - ramps, 0.0), fast, out=np.zeros(len(length)), where=fast > 0)
    taken: Floats = (2 * fast - first - last) / acceleration + cruise
    return taken
