"""Animations within so many bytes: with more levels off or less quality first, then at a smaller size, and told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import BinaryIO

from artkit.artwork.animation import Animation
from artkit.errors import UsageError

Write = Callable[[Animation, BinaryIO], None]

_RUNGS = ((4.0, 0.82), (6.0, 0.7), (8.0, 0.61))
"""Levels that a GIF's pixels may be off, and the share of the bytes that is left then, about; beyond, a smaller picture
looks better."""

_QUALITIES = ((82, 0.78), (74, 0.66), (64, 0.57), (52, 0.49), (40, 0.42))
"""The same of the quality of a WebP's frames."""

_CLOSE = 0.93
"""A limit that is used to this share is met."""

_TRIES = 7
"""Sizes that are tried."""

_LARGE = 24_000_000
"""Pixels of all frames together from which on a small copy is written first, to learn about how large all will be."""

_HOPELESS = 1.25
"""Share of the limit from which on nothing is tried at full size, by what the small copy lets expect."""

_NEARLY = 1.1
"""Share of the limit by which what is expected of a rung may be too large for it to be tried."""

_SMALL = 65_536
"""Pixels of a frame of that copy."""

_GROWTH = 0.91
"""Bytes grow about like this power of the area."""

_LEAST = 16
"""Pixels of the longer side below which nothing is to be seen."""


def write_within(
    animation: Animation, file: BinaryIO, write: Write, ending: str, note: Callable[[str], None] | None
) -> None:
    """Write the animation with no more bytes than its `max_bytes`, and say what that took.

    `write` writes an animation to a file. The best that keeps to the limit is copied to `file`; where nothing does, a
    UsageError says what the least takes.
    """
    limit = animation.max_bytes
    assert limit is not None
    size = animation.size

    def tried(candidate: Animation) -> tuple[int, BinaryIO]:
        scratch = TemporaryFile()  # noqa: SIM115 - the caller closes it
        try:
            write(candidate, scratch)
        except BaseException:
            scratch.close()
            raise
        return scratch.tell(), scratch

    best: tuple[Animation, int, BinaryIO] | None = None
    least = 0

    def fits(candidate: Animation) -> float:
        """Give the share of the limit that the candidate takes, and keep it where it is the best so far."""
        nonlocal best, least
        taken, scratch = tried(candidate)
        least = taken
        if taken <= limit and (best is None or taken > best[1]):
            if best is not None:
                best[2].close()
            best = candidate, taken, scratch
        else:
            scratch.close()
        return taken / limit

    try:
        rungs = list(_rungs(animation, ending))
        share = _expected(rungs[-1][0], size, fits)
        if share <= _HOPELESS:
            share = _best_rung(rungs, fits)
        if share > 1:
            _shrink(rungs[-1][0], size, share, fits)
        if best is None:
            raise UsageError(
                f"max_bytes: {limit:,} is too small: at {_LEAST} pixels a side these {animation.count} frames take "
                f"{least:,} bytes; use fewer frames"
            )
        chosen, taken, scratch = best
        scratch.seek(0)
        copyfileobj(scratch, file)
        if note and chosen is not animation:
            note(f"{_told(chosen, animation)}: {taken:,} bytes, to keep to {limit:,}; --max-bytes none makes all of it")
    finally:
        if best is not None:
            best[2].close()


def _expected(animation: Animation, size: tuple[int, int], fits: Callable[[Animation], float]) -> float:
    """Give the share of the limit that a large animation will take about, by a small copy; 0 for others."""
    area = size[0] * size[1]
    if area * animation.count < _LARGE or area <= 2 * _SMALL:
        return 0.0
    scale = (_SMALL / area) ** 0.5
    small = [max(round(side * scale), 1) for side in size]
    growth: float = (area / (small[0] * small[1])) ** _GROWTH
    return fits(animation.scaled(*small)) * growth


def _best_rung(rungs: Sequence[tuple[Animation, float]], fits: Callable[[Animation], float]) -> float:
    """Try the rungs at full size, and give the share of the limit that the first which fits takes, or the last."""
    whole = share = fits(rungs[0][0])
    for candidate, left in rungs[1:]:
        if share <= 1:
            break
        if whole * left <= _NEARLY or candidate is rungs[-1][0]:
            share = fits(candidate)
    return share


def _rungs(animation: Animation, ending: str) -> Iterator[tuple[Animation, float]]:
    """Give the animation, and what is left of its bytes where it is off by more."""
    own = animation.indexing
    yield animation, 1.0
    if ending == ".gif":
        for lossy, left in _RUNGS:
            if lossy > own.lossy:
                yield replace(animation, indexing=replace(own, lossy=lossy)), left
    if ending == ".webp":
        for quality, left in _QUALITIES:
            if quality < own.quality:
                yield replace(animation, indexing=replace(own, quality=quality)), left


def _shrink(animation: Animation, size: tuple[int, int], share: float, fits: Callable[[Animation], float]) -> None:
    """Try smaller sizes until one takes nearly the limit. Bytes grow about like the area."""
    longer = max(size)
    low, high = 0, longer  # low fits or is nothing, high does not fit
    guess = longer
    for _ in range(_TRIES):
        aim = int(guess * (0.97 / share) ** 0.55)
        guess = max(min(aim, high - 1), low + 1, min(_LEAST, high - 1))
        share = fits(animation.scaled(*(max(round(side * guess / longer), 1) for side in size)))
        if share > 1:
            high = guess
        else:
            low = guess
        if _CLOSE <= share <= 1 or high - low <= 1 or (share > 1 and guess <= _LEAST):
            return


def _told(chosen: Animation, wanted: Animation) -> str:
    parts = []
    now, then = chosen.indexing, wanted.indexing
    if now.lossy != then.lossy:
        parts.append(f"lossy {now.lossy:g}")
    if now.quality != then.quality:
        parts.append(f"quality {now.quality}")
    before, after = wanted.size, chosen.size
    if before != after:
        parts.append(f"{after[0]} x {after[1]} pixels instead of {before[0]} x {before[1]}")
    return ", ".join(parts)
