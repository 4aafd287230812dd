"""Several photos, or several recipes, at once: each in a process of its own, told in the order that they were given."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from artkit.cli.frame import Screen
from artkit.errors import explained
from artkit.spans import Span, add, is_recording, recording

if TYPE_CHECKING:
    from concurrent.futures import Future

    from artkit.recipe import Checked

FEW = 4
"""Photos from which processes are worth their start, which takes two seconds."""


class Work(NamedTuple):
    """A photo's path, a recipe's name and text, the gallery, and how it is to be put there; it goes through pickle."""

    source: str
    name: str
    text: str
    gallery: Path
    silent: bool
    keep_photo: bool
    timed: bool = False


class Made(NamedTuple):
    """What there is to tell of an artwork, None where it failed; lines that were said meanwhile; and why it failed.

    `spans` say what took how long, where the work is to be `timed`.
    """

    told: dict[str, Any] | None
    lines: list[str]
    failure: str
    spans: tuple[Span, ...] = ()


def work_of(recipe: Checked, source: str, gallery: Path, silent: bool, keep_photo: bool) -> Work:
    """Give the work that a recipe is for a photo."""
    from artkit.recipe.write import dump

    text = dump(replace(recipe, data=replace(recipe.data, made={})))
    return Work(source, recipe.data.name, text, gallery, silent, keep_photo, is_recording())


def made_apart(make: Callable[[Work], Made], works: Sequence[Work], jobs: int, screen: Screen) -> Iterator[Made]:
    """Do works in so many processes, and give what came of each in their order; `screen` has a bar for all of them."""
    from artkit.batch import Workers
    from artkit.interrupts import undoing

    done = 0
    bar = screen.overall("artworks")

    def count(_: Future[Made] | None = None) -> None:
        nonlocal done
        done += 1
        bar(done, len(works), "")

    if min(jobs, len(works)) < 2:
        for work in works:
            yield make(work)
            count()
        return
    with Workers(min(jobs, len(works))) as workers, undoing(workers.kill):
        futures = [workers.submit(_timed, make, work) for work in works]
        for future in futures:
            future.add_done_callback(count)
        for future in futures:
            try:
                made = future.result()
            except Exception as error:
                made = Made(None, [], explained(error))
            add(made.spans)
            yield made


def _timed(make: Callable[[Work], Made], work: Work) -> Made:
    with recording(work.timed) as spans:
        made = make(work)
    return made._replace(spans=tuple(spans))
