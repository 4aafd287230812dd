"""Animations within so many bytes: with fewer colors first, then at a smaller size, searched and told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import BinaryIO

from artkit.artwork.animation import Animation
from artkit.errors import UsageError

Write = Callable[[Animation, BinaryIO], None]

_RUNGS = ((256, 4.0), (256, 7.0), (192, 8.0), (128, 9.0), (96, 10.0), (64, 12.0))
"""Colors of a GIF and levels that its pixels may be off, each with about a tenth less bytes than the one before."""

_CLOSE = 0.93
"""A limit that is used to this share is met."""

_TRIES = 7
"""Sizes that are tried."""

_LEAST = 16
"""Pixels of the longer side below which nothing is to be seen."""


def write_within(
    animation: Animation, file: BinaryIO, write: Write, is_gif: bool, note: Callable[[str], None] | None
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
        rungs = [animation, *(_rungs(animation) if is_gif else ())]
        share = fits(rungs[0])
        if share > 1:
            low, high = 0, len(rungs) - 1  # the first is too large; the last is tried first, since sizes follow from it
            share = fits(rungs[high]) if high else share
            while share <= 1 and high - low > 1:
                middle = (low + high) // 2
                if fits(rungs[middle]) <= 1:
                    high = middle
                else:
                    low = middle
        if best is None:
            _shrink(rungs[-1], size, share, fits)
        if best is None:
            raise UsageError(
                f"max_bytes: {limit:,} is too small: at {_LEAST} pixels a side these {animation.count} frames take "
                f"{least:,} bytes; use fewer frames"
            )
        chosen, taken, scratch = best
        scratch.seek(0)
        copyfileobj(scratch, file)
        if note and chosen is not animation:
            note(f"{_told(chosen, animation, is_gif)}: {taken:,} bytes, to keep to {limit:,}")
    finally:
        if best is not None:
            best[2].close()


def _rungs(animation: Animation) -> Iterator[Animation]:
    own = animation.indexing
    for colors, lossy in _RUNGS:
        fewer = replace(own, colors=min(own.colors, colors), lossy=max(own.lossy, lossy))
        if fewer != own:
            yield replace(animation, indexing=fewer)


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


def _told(chosen: Animation, wanted: Animation, is_gif: bool) -> str:
    parts = []
    if is_gif and chosen.indexing != wanted.indexing:
        if chosen.indexing.colors != wanted.indexing.colors:
            parts.append(f"{chosen.indexing.colors} colors")
        parts.append(f"lossy {chosen.indexing.lossy:g}")
    before, after = wanted.size, chosen.size
    if before != after:
        parts.append(f"{after[0]} x {after[1]} pixels instead of {before[0]} x {before[1]}")
    return ", ".join(parts)
