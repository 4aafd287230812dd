"""What all writers of animations share: frames of one size in order, their delays, and drawings that become frames."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from artkit.artwork.animation import Animation, Indexing
from artkit.artwork.drawing import AnimatedDrawing
from artkit.artwork.image import Image
from artkit.errors import UsageError
from artkit.limits import within


def delays(animation: Animation, unit: float, least: float = 0.0) -> list[int]:
    """Give each frame's delay in whole units of `unit` seconds, such that no frame starts half a unit off its time.

    A delay below `least` seconds counts as that.
    """
    if min(animation.waits) < least:
        longer = tuple(max(wait, least) for wait in animation.waits)
        animation = replace(animation, delay=max(animation.delay, least), delays=longer if animation.delays else None)
    starts = [int(start / unit + 0.5) for start in animation.starts]
    return [end - start for start, end in pairwise(starts)]


def check_sizes(animation: Animation, format_name: str, largest: int) -> Iterator[Image]:
    """Give the frames in order; a UsageError when one is too large for the format or not of the first one's size."""
    size = None
    for i, frame in enumerate(animation):
        if size is None:
            size = (frame.width, frame.height)
            check_size(*size, format_name, largest)
        check_same(frame, i, size)
        yield frame


def check_size(width: int, height: int, format_name: str, largest: int) -> None:
    """Raise a UsageError for frames that are too large for the format."""
    if max(width, height) > largest:
        shown = f"{width} x {height} pixels"
        raise UsageError(f"{shown}: {format_name} ends at {largest} to a side; make it smaller")


def check_same(frame: Image, number: int, size: tuple[int, int]) -> None:
    """Raise a UsageError for a frame that is not of the first one's size."""
    if size != (frame.width, frame.height):
        raise UsageError(
            f"frame {number + 1} is {frame.width} x {frame.height} pixels, the first is {size[0]} x {size[1]}; "
            "all frames of an animation are of one size"
        )


class HoleFound(Exception):
    """A frame turned out to have a mask while the file was written as if none had."""


def filmed(drawing: AnimatedDrawing) -> Animation:
    """Give the frames of a drawing that is drawn."""
    from artkit.render import rendered, size_of

    size = size_of(drawing)
    count = max(round(drawing.seconds * drawing.fps), 2)
    within("frames", count, f"{drawing.seconds:g} s of {drawing.fps:g} frames each are", "use fewer")
    done = max((float(times.max(initial=0)) for times in drawing.times), default=0.0)

    def second(i: int) -> float:
        return min(i * drawing.seconds / count, done)

    def frame(i: int) -> Image:
        return Image(rendered(drawing.at(second(i)), size))

    # What has been drawn stays, so all frames share a table, and what does not change is left out.
    return Animation(count, frame, drawing.seconds / count, drawing.loop, Indexing(palette="one"), second)
