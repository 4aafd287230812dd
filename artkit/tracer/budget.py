"""Budgets: at most so many shapes, at most so many bytes, at least so much fidelity; met from the right side, closely.

Each budget is a search over one number, that of the regions, along which shapes, bytes and fidelity rise together.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import exp, log

from artkit.artwork.drawing import Drawing
from artkit.errors import UsageError

CLOSE = 0.985
"""A budget that is used to this share is met; more: closer to it, with more drawings tried."""

NEAR = 0.97
"""Below this share of the bytes, borders are drawn more closely to use the rest."""

LEAST_SHARE = 0.1
"""Share of the usual tolerance below which drawing borders more closely only costs bytes."""

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
        from artkit.export import encode

        data = encode(drawing, ".svg", metadata=self.metadata)
        return len(gzip.compress(data, 9, mtime=0)) if self.gzipped else len(data)


def parse_bytes(text: str) -> tuple[int, bool]:
    """Read a size: "200k", "1.5M", "60k gzip"; gives bytes and whether they are counted after gzip."""
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([km]?)b?[\s-]*(gz|gzip)?\s*", text.lower())
    if not found or float(found[1]) <= 0:
        raise UsageError(f"{text!r} is no size; use 200k, 1.5M, or 60k-gzip for the compressed size")
    return int(float(found[1]) * _UNITS[found[2]]), bool(found[3])


def fitted(
    make: Callable[[int, float], Drawing], start: int, most: int, budget: Budget, psnr: Callable[[Drawing], float]
) -> Drawing:
    """Make the drawing with the most regions that keeps to the limits or, where a PSNR is asked for, the fewest.

    `make(n, share)` draws n regions with their borders within that share of the usual tolerance, `start` is a first
    guess, `most` how many there can be. Limits come before the PSNR.
    """
    made: dict[tuple[int, float], Drawing] = {}

    def at(count: int, share: float = 1.0) -> Drawing:
        if (count, share) not in made:
            made[count, share] = make(count, share)
        return made[count, share]

    limit, share = most, 1.0
    if budget.shapes is not None:
        limit = _largest(lambda n: _shapes(at(n)), budget.shapes, min(budget.shapes, limit), limit, 1.0)
    if budget.bytes is not None:
        limit = _largest(lambda n: budget.size(at(n)), budget.bytes, min(start, limit), limit, 0.8)
        size = budget.size(at(limit))
        if size > budget.bytes:
            raise UsageError(f"bytes: {budget.bytes} is too small: one shape takes {size} with the file's frame")
        if budget.shapes is None and budget.psnr is None and size < NEAR * budget.bytes:
            share = _finer(lambda part: budget.size(at(limit, part)), budget.bytes, size)
    if budget.psnr is not None:
        return at(_least(lambda n: psnr(at(n)), budget.psnr, min(start, limit), limit))
    return at(limit, share)


def _finer(measure: Callable[[float], int], budget: int, size: int) -> float:
    """Search the share of the tolerance that uses a budget up; files grow as it shrinks, about by its root of four."""
    best, low, high = (1.0, size), LEAST_SHARE, 1.0
    share, value = 1.0, size
    for _ in range(3):
        share = share * (value / (0.99 * budget)) ** 4
        if not low < share < high:
            share = (low + high) / 2
        value = measure(share)
        if value <= budget:
            best, high = (share, value), share
            if value >= NEAR * budget:
                break
        else:
            low = share
    return best[0]


def _shapes(drawing: Drawing) -> int:
    return sum(1 for _ in drawing.shapes) + (drawing.background is not None)


def _largest(measure: Callable[[int], int], budget: int, start: int, most: int, power: float) -> int:
    """Search the number whose measure comes closest to a budget from below; it grows about like a power of it.

    Measures of neighboring numbers need not be in order: where the search ends far below the budget, these are tried.
    """
    fits: dict[int, int] = {}
    low, high, guess = 0, most + 1, max(1, min(start, most))  # low fits, high does not

    def tried(number: int) -> bool:
        value = measure(number)
        if value <= budget:
            fits[number] = value
        return value <= budget

    def done() -> bool:
        return bool(fits) and (max(fits.values()) >= CLOSE * budget or most in fits)

    for _ in range(TRIES):
        if tried(guess):
            low = guess
        else:
            high = guess
        if high - low <= 1 or done():
            break
        aim = guess * (0.995 * budget / max(measure(guess), 1)) ** (1 / power)
        guess = int(min(max(aim, low + 1 if low else 1), high - 1))
    while not fits and high > 1:  # even a few are too many: halve until they fit
        high = max(1, high // 2)
        tried(high)
    if not fits:
        return 1
    low = max(fits)
    for number in (low + 2, low - 1, low + 3, low + 4, low + 5):
        if done():
            break
        if 1 <= number <= most:
            tried(number)
    return max(fits, key=lambda number: (fits[number], number))


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
