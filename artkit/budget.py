"""Budgets: at most so many shapes, at most so many bytes, at least so much fidelity; met from the right side, closely.

Each budget is a search over one number, that of the regions, along which shapes, bytes and fidelity rise together.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import exp, log

from artkit.drawing import Drawing
from artkit.errors import UsageError

CLOSE = 0.985
"""A budget that is used to this share is met."""

TRIES = 7
"""How many drawings are made at most for a budget."""

_UNITS = {"": 1, "k": 1_000, "m": 1_000_000}


@dataclass(frozen=True)
class Budget:
    """Limits of a drawing: None where there is none. `metadata` is what the file will say: it counts, too."""

    shapes: int | None = None
    bytes: int | None = None
    gzipped: bool = False
    psnr: float | None = None
    metadata: Mapping[str, str] | None = None

    def size(self, drawing: Drawing) -> int:
        """Size of the drawing's file, in bytes, as the budget counts."""
        from artkit.export.svg import svg

        data = svg(drawing, metadata=self.metadata).encode()
        return len(gzip.compress(data, 9, mtime=0)) if self.gzipped else len(data)


def parse_bytes(text: str) -> tuple[int, bool]:
    """Read a size: "200k", "1.5M", "60k gzip"; gives bytes and whether they are counted after gzip."""
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([km]?)b?[\s-]*(gz|gzip)?\s*", text.lower())
    if not found or float(found[1]) <= 0:
        raise UsageError(f"{text!r} is no size; use 200k, 1.5M, or 60k-gzip for the compressed size")
    return int(float(found[1]) * _UNITS[found[2]]), bool(found[3])


def fitted(
    make: Callable[[int], Drawing], start: int, most: int, budget: Budget, psnr: Callable[[Drawing], float]
) -> Drawing:
    """Make the drawing with the most regions that keeps to the limits or, where a PSNR is asked for, the fewest.

    `make(n)` draws n regions, `start` is a first guess, `most` how many there can be. Limits come before the PSNR.
    """
    made: dict[int, Drawing] = {}

    def at(count: int) -> Drawing:
        if count not in made:
            made[count] = make(count)
        return made[count]

    limit = most
    if budget.shapes is not None:
        limit = _largest(lambda n: _shapes(at(n)), budget.shapes, min(budget.shapes, limit), limit, 1.0)
    if budget.bytes is not None:
        limit = _largest(lambda n: budget.size(at(n)), budget.bytes, min(start, limit), limit, 0.8)
        if budget.size(at(limit)) > budget.bytes:
            raise UsageError(
                f"bytes: {budget.bytes} is too small: one shape takes {budget.size(at(limit))} with the file's frame"
            )
    if budget.psnr is not None:
        return at(_least(lambda n: psnr(at(n)), budget.psnr, min(start, limit), limit))
    return at(limit if budget.shapes is not None or budget.bytes is not None else min(start, limit))


def _shapes(drawing: Drawing) -> int:
    return sum(1 for _ in drawing.shapes) + (drawing.background is not None)


def _largest(measure: Callable[[int], int], budget: int, start: int, most: int, power: float) -> int:
    """Search the largest number whose measure is within a budget; it grows about like the number to a power."""
    low, high, guess = 0, most + 1, max(1, min(start, most))  # low fits, high does not
    best = 0.0
    for _ in range(TRIES):
        value = measure(guess)
        if value <= budget:
            low, best = guess, max(best, value / budget)
            if best >= CLOSE or guess == most:
                break
        else:
            high = guess
        if high - low <= 1:
            break
        aim = guess * (0.995 * budget / max(value, 1)) ** (1 / power)
        guess = int(min(max(aim, low + 1 if low else 1), high - 1))
    while low == 0 and high > 1:  # even a few are too many: halve until they fit
        guess = max(1, high // 2)
        if measure(guess) <= budget:
            low = guess
        elif guess == 1:
            break
        high = high if low else guess
    return max(low, 1)


def _least(measure: Callable[[int], float], wanted: float, start: int, most: int) -> int:
    """Search the smallest number that measures `wanted` dB or more; dB grow with the logarithm of the number."""
    low, high, guess = 0, most + 1, max(1, min(start, most))  # low falls short, high does not
    slope = 1.6  # dB for twice as many
    for _ in range(TRIES + 1):
        value = measure(guess)
        if value >= wanted:
            high = guess
            if value <= wanted + 0.03:
                break
        else:
            low = guess
            if guess == most:
                return most
        if high - low <= 1:
            break
        aim = guess * exp(log(2) * (wanted + 0.012 - value) / slope)
        guess = int(min(max(aim, low + 1), high - 1, most))
    return min(high, most)
