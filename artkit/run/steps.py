"""One step of a recipe on one thing: its source of chance, its progress, its faults in words, its limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from artkit.artwork.animation import Animation
from artkit.artwork.image import Image
from artkit.artwork.labels import Labels
from artkit.artwork.large import memory
from artkit.errors import ArtkitError, Cancelled
from artkit.limits import within
from artkit.spans import span

if TYPE_CHECKING:
    from artkit.recipe import Bound

Progress: TypeAlias = Callable[[float, int, str], None]
"""Takes the steps that are done, a part of one included, the number of all steps, and the name of the present one."""


def teller(
    progress: Progress | None, cancelled: Callable[[], bool] | None, before: int, steps: int, name: str
) -> Callable[[float], None]:
    """Give what takes the share of a step that is done: it stops a run that was cancelled and tells the progress."""

    def tell(share: float) -> None:
        stop(cancelled)
        if progress:
            progress(before + share, steps, name)

    return tell


def change_of(step: Bound, number: int, seed: int, supplies: Mapping[str, Any]) -> Callable[[Any], Any]:
    """Give the step as a function of one thing, with a fresh source of chance at every call."""

    place = f"step {number} ({step.op.name})"

    def change(source: Any) -> Any:
        try:
            injected = {
                name: np.random.default_rng([seed, number]) if what == "rng" else supplies[what]
                for name, what in step.op.injected.items()
            }
            check_memory(step.op.memory, source)
            with span(step.op.name):
                made = step.op(source, **step.values, **injected)
            return checked(made, source)
        except Cancelled:
            raise
        except ArtkitError as error:
            error.args = (f"{place}: {str(error).removeprefix(f'{step.op.name}: ')}",)
            raise
        except MemoryError as error:
            raise ArtkitError(f"{place}: not enough memory for {_size(source)}; use a smaller size or crop") from error

    return change


def check_memory(share: float, source: Any) -> None:
    """Raise a LimitError where a step that takes so many bytes for each pixel would not fit into memory."""
    if isinstance(source, (Image, Labels)):
        pixels = source.width * source.height
        if pixels > CERTAIN:
            memory(share * pixels, f"{_size(source)} take", "use a smaller size or crop")


CERTAIN = 1_000_000
"""Pixels that always fit."""


def checked(made: Any, source: Any) -> Any:
    """Give what a step has made, or raise a LimitError where it is more than is allowed."""
    if isinstance(made, Animation):
        within("frames", made.count, "makes")
    elif isinstance(made, (Image, Labels)) and isinstance(source, (Image, Labels)):
        pixels = made.width * made.height
        if pixels > source.width * source.height:
            within("grown", pixels, f"makes {_size(made)},", "use a smaller size")
    return made


def _size(source: Any) -> str:
    return f"{source.width} x {source.height} pixels" if isinstance(source, (Image, Labels)) else type(source).__name__


def stop(cancelled: Callable[[], bool] | None) -> None:
    """Raise Cancelled where the run was cancelled."""
    if cancelled and cancelled():
        raise Cancelled("cancelled")


def still(artwork: Any) -> Image:
    """Give a picture of an artwork: a drawing is rendered on white."""
    from artkit.artwork.drawing import Drawing
    from artkit.render import rendered

    return Image(rendered(artwork)) if isinstance(artwork, Drawing) else Image.of(artwork)


def each_once(notes: Callable[[str], None] | None) -> Callable[[str], None]:
    """Give what tells each line once."""
    said: set[str] = set()

    def report(line: str) -> None:
        if notes and line not in said:
            said.add(line)
            notes(line)

    return report
