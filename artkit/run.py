"""Runs a recipe on a photo: one source of chance per step, progress, cancellation.

`apply` is the door for Python: `artkit.apply("poster", "cat.jpg", colors=8)`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache, partial
from os import PathLike
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from artkit.artwork.animation import Animation, PaletteAnimation
from artkit.artwork.image import Image
from artkit.artwork.labels import Labels
from artkit.artwork.large import memory
from artkit.errors import ArtkitError, Cancelled, UsageError
from artkit.limits import within
from artkit.recipe import Bound, Checked, Recipe, find, value_at
from artkit.recipe.change import with_options, with_values
from artkit.recipe.shared import Asked, Shared

if TYPE_CHECKING:
    from artkit.artwork.drawing import Drawing

Artwork: TypeAlias = "Image | Labels | Drawing | Animation"
Progress: TypeAlias = Callable[[float, int, str], None]
"""Takes the steps that are done, a part of one included, the number of all steps, and the name of the present one."""


def run(
    recipe: Checked,
    image: Image,
    *,
    seed: int | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    notes: Callable[[str], None] | None = None,
    metadata: Mapping[str, str] | None = None,
    shared: Shared | None = None,
) -> Artwork:
    """Run a checked recipe; same image, recipe, seed and version give the same artwork.

    `seed` None is the recipe's own. Step i, from 1, gets its chance from `numpy.random.default_rng([seed, i])`, so that
    no step shifts another's.

    `progress(done, all, name)` is called before each step with its name, again within those that tell how far they are
    (`done` then has a fraction), and once at the end with an empty name. `cancelled()` is asked as often, and before
    each frame of an animation; if it says so, Cancelled is raised.
    `notes` gets what the ops have to tell, each line once. `metadata` is what will be written into the artwork's file:
    it counts where bytes are limited. `shared` has what earlier runs on the same picture have made.

    The frames of an animation are made when they are asked for, after this function has returned. Image ops after it
    run on each frame then, every time from the same source of chance, so that grain stands still.
    """
    steps = recipe.steps
    seed = recipe.data.seed if seed is None else seed
    if seed < 0:
        raise UsageError(f"seed: {seed} is below 0; use 0 or more")
    report = _each_once(notes)
    artwork: Any = Image.of(image)
    still = min((track.step for track in recipe.motion.tracks), default=0) if recipe.motion else len(steps)
    for number, step in enumerate(steps[:still], start=1):
        tell = _teller(progress, cancelled, number - 1, len(steps), step.op.name)
        tell(0)
        advance = (lambda share: None) if step.lifted else tell
        asked = Asked(metadata or {})
        change = _change(step, number, seed, {"report": report, "progress": advance, "metadata": asked})
        if shared:
            artwork = shared.made(number, step, seed, asked, partial(_changed, step, artwork, change))
        else:
            artwork = _changed(step, artwork, change)
    _stop(cancelled)
    if recipe.motion:
        artwork = _moved(recipe, artwork, still, seed, {"report": report, "metadata": metadata or {}}, cancelled)
    if recipe.settings and isinstance(artwork, Animation):
        artwork = recipe.settings.applied(artwork)
    if progress:
        progress(len(steps), len(steps), "")
    if cancelled and isinstance(artwork, Animation):
        return artwork.before_each(lambda i: _stop(cancelled))
    made: Artwork = artwork
    return made


def _changed(step: Bound, artwork: Any, change: Callable[[Any], Any]) -> Any:
    """Give what a step makes of an artwork; of an animation, when its frames are asked for."""
    if step.lifted and isinstance(artwork, PaletteAnimation) and step.op.per_color:
        return artwork.recolored(change)
    return artwork.map(change) if step.lifted else change(artwork)


def prepare(photo: Any, *, size: int | None = None, crop: tuple[int, int, int, int] | None = None) -> Image:
    """Read a photo (a path, bytes, an array, a picture), crop it, then limit its longer side to `size` pixels.

    `crop` is x, y, width and height in pixels of the photo; it has to lie within it. A photo is never enlarged.
    Reducing averages areas; transparent pixels do not bleed into the others.
    """
    image = Image.of(photo)
    if crop is None and size is None:
        return image
    from artkit.ops import frame as geometry

    if crop is not None:
        x, y, width, height = crop
        image = geometry.crop(image, x=x, y=y, width=width, height=height)
    return image if size is None else geometry.resize(image, size=size)


def apply(
    preset: str | PathLike[str] | Recipe | Checked,
    photo: Any,
    *,
    seed: int | None = None,
    size: int | None = None,
    crop: tuple[int, int, int, int] | None = None,
    values: Mapping[str, object] | None = None,
    **options: object,
) -> Artwork:
    """Apply a preset (its name, a recipe file's path or a Recipe) to a photo and give the artwork.

    An artwork's path is that of the recipe in it. `options` are the ones that the preset exposes; `values` reach every
    parameter, as in {"median.size": 9}. For `size` and `crop`, the recipe's own if not given, see `prepare`.
    """
    if isinstance(preset, Recipe):
        preset = preset.checked
    recipe = with_options(preset if isinstance(preset, Checked) else find(preset), options)
    recipe = with_values(recipe, values or {})
    size, crop = size or recipe.data.size, crop or recipe.data.crop
    return run(recipe, prepare(photo, size=size, crop=crop), seed=seed)


def _teller(
    progress: Progress | None, cancelled: Callable[[], bool] | None, before: int, steps: int, name: str
) -> Callable[[float], None]:
    """Give what takes the share of a step that is done: it stops a run that was cancelled and tells the progress."""

    def tell(share: float) -> None:
        _stop(cancelled)
        if progress:
            progress(before + share, steps, name)

    return tell


def _change(step: Bound, number: int, seed: int, supplies: Mapping[str, Any]) -> Callable[[Any], Any]:
    """Give the step as a function of one thing, with a fresh source of chance at every call."""

    place = f"step {number} ({step.op.name})"

    def change(source: Any) -> Any:
        try:
            injected = {
                name: np.random.default_rng([seed, number]) if what == "rng" else supplies[what]
                for name, what in step.op.injected.items()
            }
            check_memory(step.op.memory, source)
            return checked(step.op(source, **step.values, **injected), source)
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


def _stop(cancelled: Callable[[], bool] | None) -> None:
    if cancelled and cancelled():
        raise Cancelled("cancelled")


def _moved(
    recipe: Checked,
    source: Any,
    first: int,
    seed: int,
    supplies: Mapping[str, Any],
    cancelled: Callable[[], bool] | None,
) -> Animation:
    """Give the animation that the steps from `first` on make of what those before it have made once for all frames.

    Steps that treat each color alone make a palette animation.
    """
    motion, steps = recipe.motion, recipe.steps[first:]
    assert motion is not None
    within("frames", motion.count, "the animation has", "set fewer frames or seconds")

    @lru_cache(maxsize=4096)
    def values(i: int) -> tuple[tuple[int, str, float], ...]:
        return tuple(
            (track.step, track.name, value_at(recipe.steps[track.step], track.name, number))
            for track, number in motion.at(i)
        )

    def made(i: int, artwork: Any) -> Image:
        for number, step in enumerate(steps, start=first + 1):
            _stop(cancelled)
            now = {name: value for index, name, value in values(i) if index == number - 1}
            step = replace(step, values=step.values | now)
            artwork = _change(step, number, seed, {**supplies, "progress": lambda share: _stop(cancelled)})(artwork)
        return still(artwork)

    settings: dict[str, Any] = {"delay": motion.delay, "key": values}
    if all(step.op.per_color for step in steps) and isinstance(source, (Image, Labels)):
        return PaletteAnimation.of(source, motion.count, made, **settings)
    return Animation(motion.count, lambda i: made(i, source), **settings)


def still(artwork: Any) -> Image:
    """Give a picture of an artwork: a drawing is rendered on white."""
    from artkit.artwork.drawing import Drawing
    from artkit.render import rendered

    return Image(rendered(artwork)) if isinstance(artwork, Drawing) else Image.of(artwork)


def _each_once(notes: Callable[[str], None] | None) -> Callable[[str], None]:
    said: set[str] = set()

    def report(line: str) -> None:
        if notes and line not in said:
            said.add(line)
            notes(line)

    return report
