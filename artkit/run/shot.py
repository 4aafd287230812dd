"""A checked recipe and footage in, an animation out: the recipe on each frame, with one seed and one mind.

What steps decide of a picture as a whole (palettes, levels) is decided once, by frames all over the shot. Frames are
decoded, made and put to disk one after the other, so that memory does not grow with their number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from artkit.artwork.animation import Animation
from artkit.artwork.image import Image
from artkit.artwork.labels import Labels
from artkit.artwork.settled import Open, deciding, decision_of
from artkit.errors import UsageError
from artkit.footage import Footage, Store
from artkit.footage.clip import Clip
from artkit.footage.reel import Reel
from artkit.run.steady import Steady, holds
from artkit.run.steps import change_of, each_once, still, stop

if TYPE_CHECKING:
    from artkit.recipe import Checked

SAMPLES = 8
"""Frames that decide for the shot, at most."""

SAMPLED = 4_000_000
"""Pixels of them all together, at most; two frames are always looked at."""

Prepared = Callable[[Image], Image]


class Shot:
    """What a recipe makes of footage; `prepared` crops and scales each frame first.

    Played frame i is made of the footage's frame `takes.order[i]`. Parameters that change in the recipe go their way
    once while it plays; what makes an animation of its own goes on while the footage does.
    """

    def __init__(
        self,
        recipe: Checked,
        footage: Footage,
        prepared: Prepared,
        *,
        seed: int | None = None,
        cancelled: Callable[[], bool] | None = None,
        notes: Callable[[str], None] | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> None:
        self.recipe, self.footage = recipe, footage
        self.seed = recipe.data.seed if seed is None else seed
        if self.seed < 0:
            raise UsageError(f"seed: {self.seed} is below 0; use 0 or more")
        self.clip = recipe.clip or Clip()
        self.takes = self.clip.takes(footage)
        self._prepared = prepared
        self._changes = bool(recipe.motion) or any(_moves(step.gives) for step in recipe.steps)
        order = self.takes.order
        self._reel = Reel(footage, prepared, keep=self._changes and list(order) != sorted(order))
        self._cancelled = cancelled
        self._supplies = {
            "report": each_once(notes),
            "metadata": metadata or {},
            "progress": lambda share: stop(cancelled),
        }
        self._silent = self._supplies | {"report": lambda line: None}
        self._first: int | None = None  # the frame that notes are of: the others would say the same
        self._made = Store()
        self._waiting = sorted(set(order)) if not self._changes else []
        self._steady = Steady(self.clip.steady) if self.clip.steady and holds(recipe) else None

    @property
    def animation(self) -> Animation:
        """The frames as pictures, with their pace; made when they are asked for."""
        waits, settings = self.takes.waits, self.recipe.settings
        mean = sum(waits) / len(waits)
        even = max(waits) - min(waits) < 1e-6
        made = Animation(
            len(waits), self.frame, waits[0] if even else mean, self.takes.loop, delays=None if even else waits
        )
        if not self._changes:
            made = replace(made, key=self.takes.order.__getitem__)
        indexing = self.clip.indexing or (settings.indexing if settings else made.indexing)
        most = self.clip.max_bytes or (settings.max_bytes if settings else None)
        return replace(made, indexing=indexing, max_bytes=most)

    def frame(self, i: int) -> Image:
        """Give played frame i as a picture."""
        if self._changes:
            if i not in self._made:
                number = self.takes.order[i]
                self._made.put(i, self._still(self._reel.frame(number), i))
            return self._made.get(i)
        number = self.takes.order[i]
        while number not in self._made:  # in their order: what stands still depends on what was before
            next_ = self._waiting.pop(0)
            source = self._reel.frame(next_)
            made = self._still(source, next_)
            self._made.put(next_, self._steady(source, made) if self._steady else made)
            if not self._waiting:
                self._reel.close()
        return self._made.get(number)

    def artworks(self) -> Iterator[Any]:
        """Give what the recipe makes of each played frame, as it is: drawings are drawings."""
        reel = Reel(self.footage, self._prepared, keep=list(self.takes.order) != sorted(self.takes.order))
        for i, number in enumerate(self.takes.order):
            yield self._run(reel.frame(number), i)

    def _still(self, source: Image, i: int) -> Image:
        from artkit.artwork.drawing import Drawing

        artwork = self._run(source, i)
        if source.alpha is not None and isinstance(artwork, Drawing):
            from artkit.render import rendered_alone

            return Image.of(rendered_alone(artwork))
        return still(artwork)

    def _run(self, source: Any, i: int) -> Any:
        """Run the steps on a frame."""
        decisions, steps = self._decisions, self.recipe.steps
        self._first = i if self._first is None else self._first
        supplies = self._supplies if self._first == i else self._silent
        for number, step in enumerate(steps, start=1):
            stop(self._cancelled)
            step = replace(step, values=step.values | self._values(number, i))
            with deciding(decisions.get(number, Open)):
                source = change_of(step, number, self.seed, supplies)(source)
            source = self._at(source, i)
        return source

    def _values(self, number: int, i: int) -> dict[str, Any]:
        """Parameters of a step that have a value of their own in played frame i."""
        from artkit.recipe import value_at

        if not self.recipe.motion:
            return {}
        motion = replace(self.recipe.motion, count=len(self.takes.order))
        tracks = ((track, value) for track, value in motion.at(i) if track.step == number - 1)
        return {track.name: value_at(self.recipe.steps[track.step], track.name, value) for track, value in tracks}

    def _at(self, artwork: Any, i: int) -> Any:
        """Give what is to be seen in played frame i of an artwork that moves by itself."""
        from artkit.artwork.drawing import AnimatedDrawing

        if isinstance(artwork, Animation):
            return artwork.frame(int(self._starts[i] / artwork.delay + 1e-6) % artwork.count)
        if isinstance(artwork, AnimatedDrawing):
            from artkit.render import rendered, size_of

            return Image(rendered(artwork.at(self._starts[i] % artwork.seconds), size_of(artwork)))
        return artwork

    @cached_property
    def _starts(self) -> list[float]:
        return [float(start) for start in np.cumsum([0.0, *self.takes.waits])]

    @cached_property
    def _decisions(self) -> dict[int, Any]:
        """What steps decide, by their number from 1: for each, its samples side by side, made as far as that step."""
        steps = self.recipe.steps
        last = max((number for number, step in enumerate(steps, start=1) if step.op.settles), default=0)
        if not last:
            return {}
        samples: list[Any] = list(self._samples())
        found: dict[int, Any] = {}
        for number, step in enumerate(steps[:last], start=1):
            change = change_of(step, number, self.seed, self._silent)
            if not all(isinstance(sample, (Image, Labels)) for sample in samples):
                break
            if step.op.settles:
                sheet = _side_by_side([Image.of(sample) for sample in samples])
                found[number] = decision_of(lambda change=change, sheet=sheet: change(sheet))  # type: ignore[misc]
            if number < last:
                with deciding(found.get(number, Open)):
                    samples = [change(sample) for sample in samples]
        return found

    def _samples(self) -> Iterator[Image]:
        wanted = sorted(set(self.takes.order))
        reel = Reel(self.footage, self._prepared)
        first = reel.frame(wanted[0])
        count = min(max(SAMPLED // (first.width * first.height), 2), SAMPLES, len(wanted))
        places = np.linspace(0, len(wanted) - 1, count).round().astype(int)
        for place in places:
            yield reel.frame(wanted[place])
        reel.close()


def _moves(kind: type) -> bool:
    from artkit.artwork.drawing import AnimatedDrawing

    return issubclass(kind, (Animation, AnimatedDrawing))


def _side_by_side(samples: list[Image]) -> Image:
    """Put pictures of one size below each other."""
    if all(sample.alpha is None for sample in samples):
        return Image(np.concatenate([sample.pixels for sample in samples]))
    return Image.of(np.concatenate([sample.rgba for sample in samples]))
