"""What is taken of a moving picture, in which order, and how long each frame is shown."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

from artkit.artwork.animation import Indexing
from artkit.errors import UsageError
from artkit.footage.model import Footage
from artkit.limits import within

STEADY = 4.0
"""Levels by which what stands still may waver: those of a video's coding."""


class Takes(NamedTuple):
    """Frames of the footage in the order in which they are shown, from 0, their seconds, and how often all play."""

    order: tuple[int, ...]
    waits: tuple[float, ...]
    loop: int


@dataclass(frozen=True)
class Clip:
    """What of a moving picture is taken, and how it plays; what is None is as the footage has it.

    First `trim`, then every `every`th frame or `fps` of them, then `delay`, `reverse`, `ping_pong` and `pause`. Pixels
    that change by no more than about `steady` levels stand still; 0 lets all move. `indexing` and `max_bytes` are for
    the file.
    """

    trim: str | None = None
    every: int = 1
    fps: float | None = None
    delay: tuple[float, ...] = ()
    pause: float = 0.0
    reverse: bool = False
    ping_pong: bool = False
    loop: int | None = None
    steady: float = STEADY
    indexing: Indexing | None = field(default=None)
    max_bytes: int | None = None

    def takes(self, footage: Footage) -> Takes:
        """Give the frames that are taken; a UsageError says what cannot be had."""
        waits = list(footage.waits if footage.timed or self.fps is None else (1 / self.fps,) * footage.count)
        shown = _trimmed(waits, self.trim)
        groups = [shown[i : i + self.every] for i in range(0, len(shown), self.every)]
        shown = [(group[0][0], sum(wait for _, wait in group)) for group in groups]
        if self.fps is not None and footage.timed:
            shown = _paced(shown, self.fps)
        within("frames", len(shown) * (2 if self.ping_pong else 1), f"{footage.name}: has", "trim it")
        shown = _delayed(shown, self.delay)
        shown = shown[::-1] if self.reverse else shown
        shown = [*shown, *shown[-2:0:-1]] if self.ping_pong else shown
        last, wait = shown[-1]
        shown[-1] = last, wait + self.pause
        loop = footage.loop if self.loop is None else self.loop
        return Takes(tuple(i for i, _ in shown), tuple(wait for _, wait in shown), loop)


_Shown = list[tuple[int, float]]
"""Frames and their seconds."""

_TRIM = re.compile(r"(?:([0-9]+)|([0-9]*\.?[0-9]+)s)?\.\.(?:([0-9]+)|([0-9]*\.?[0-9]+)s)?")


def read_trim(text: str) -> tuple[float | None, float | None, bool]:
    """Read A..B: give both ends, None where one is left out, and whether they are seconds; else a ValueError."""
    found = _TRIM.fullmatch(text.replace(" ", ""))
    if not found or text.strip() == "..":
        raise ValueError("takes frames from 1 on, 10..40, or seconds, 1.5s..4s; an end may be left out")
    first, second, last, end = found.groups()
    if (first and end) or (second and last):
        raise ValueError("one end is a frame and the other a second; write 10..40 or 1.5s..4s")
    low, high = (None if part is None else float(part) for part in (first or second, last or end))
    if low is not None and high is not None and (low >= high if second else low > high):
        raise ValueError("ends before it begins")
    return low, high, bool(second or end)


def _trimmed(waits: list[float], text: str | None) -> _Shown:
    """Give what lies within; of frames at the ends the part of their time that does."""
    if text is None:
        return list(enumerate(waits))
    try:
        low, high, seconds = read_trim(text)
    except ValueError as error:
        raise UsageError(f"trim: {text}: {error}") from None
    total = sum(waits)
    has = f"there are {len(waits)} frames, {total:.3g} s of them"
    if not seconds:
        first, last = int(low or 1), int(high or len(waits))
        if first < 1 or last > len(waits) or first > last:
            raise UsageError(f"trim: {text}: {has}; frames count from 1")
        return list(enumerate(waits))[first - 1 : last]
    begin, end = low or 0.0, total if high is None else high
    if begin >= total or end > total + max(waits):
        raise UsageError(f"trim: {text}: {has}")
    starts = [0.0, *accumulate(waits)]
    parts = [(i, min(starts[i + 1], end) - max(starts[i], begin)) for i in range(len(waits))]
    kept = [(i, part) for i, part in parts if part > 1e-6]
    if not kept:
        raise UsageError(f"trim: {text}: no frame is shown so shortly; {has}")
    return kept


def _paced(shown: _Shown, fps: float) -> _Shown:
    """Give frames at an even pace, each the one that is shown when it begins."""
    starts = [0.0, *accumulate(wait for _, wait in shown)]
    count = max(round(starts[-1] * fps), 1)
    within("frames", count, "makes", "set fewer fps, or trim it")
    places = [min(bisect_right(starts, k / fps + 1e-9) - 1, len(shown) - 1) for k in range(count)]
    return [(shown[place][0], 1 / fps) for place in places]


def _delayed(shown: _Shown, delay: tuple[float, ...]) -> _Shown:
    if not delay:
        return shown
    if len(delay) not in (1, len(shown)):
        raise UsageError(f"delay: {len(delay)} delays for {len(shown)} frames; give one for all, or one for each")
    each = delay * len(shown) if len(delay) == 1 else delay
    return [(i, seconds) for (i, _), seconds in zip(shown, each, strict=True)]
