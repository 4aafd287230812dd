"""Runs a recipe on a photo: one source of chance per step, progress, cancellation. For Python see `library`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any, TypeAlias, cast

from artkit.artwork.animation import Animation, PaletteAnimation
from artkit.artwork.drawing import Drawing, Ids
from artkit.artwork.image import Image
from artkit.artwork.labels import Labels
from artkit.errors import UsageError
from artkit.limits import within
from artkit.recipe import Bound, Checked, value_at
from artkit.recipe.shared import Asked, Shared
from artkit.run.steps import Progress, change_of, each_once, still, stop, teller
from artkit.spans import spanned

Artwork: TypeAlias = "Image | Labels | Drawing | Animation"


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
    report = each_once(notes)
    artwork: Any = Image.of(image)
    still = min((track.step for track in recipe.motion.tracks), default=0) if recipe.motion else len(steps)
    for number, step in enumerate(steps[:still], start=1):
        tell = teller(progress, cancelled, number - 1, len(steps), step.op.name)
        tell(0)
        advance = (lambda share: None) if step.lifted else tell
        asked = Asked(metadata or {})
        change = change_of(step, number, seed, {"report": report, "progress": advance, "metadata": asked})
        if shared:
            artwork = shared.made(number, step, seed, asked, partial(_changed, step, artwork, change))
        else:
            artwork = _changed(step, artwork, change)
    stop(cancelled)
    if recipe.motion:
        artwork = _moved(recipe, artwork, still, seed, {"report": report, "metadata": metadata or {}}, cancelled)
    if recipe.settings and isinstance(artwork, Animation):
        artwork = recipe.settings.applied(artwork)
    if progress:
        progress(len(steps), len(steps), "")
    if cancelled and isinstance(artwork, Animation):
        return artwork.before_each(lambda i: stop(cancelled))
    if isinstance(artwork, Drawing) and recipe.data.export:
        artwork = artwork.with_ids(cast(Ids, recipe.data.export.get("ids", "none")))
    made: Artwork = artwork
    return made


def _changed(step: Bound, artwork: Any, change: Callable[[Any], Any]) -> Any:
    """Give what a step makes of an artwork; of an animation, when its frames are asked for."""
    if step.lifted and isinstance(artwork, PaletteAnimation) and step.op.per_color:
        return artwork.recolored(change)
    return artwork.map(change) if step.lifted else change(artwork)


@spanned("resize")
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


def read(photo: Any, *, size: int | None = None, crop: tuple[int, int, int, int] | None = None) -> Image:
    """Read a photo (a path, bytes, an array, a Pillow image) as an Image; for `size` and `crop` see `prepare`."""
    return prepare(photo, size=size, crop=crop)


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
            stop(cancelled)
            now = {name: value for index, name, value in values(i) if index == number - 1}
            step = replace(step, values=step.values | now)
            artwork = change_of(step, number, seed, {**supplies, "progress": lambda share: stop(cancelled)})(artwork)
        return still(artwork)

    settings: dict[str, Any] = {"delay": motion.delay, "key": values}
    if all(step.op.per_color for step in steps) and isinstance(source, (Image, Labels)):
        return PaletteAnimation.of(source, motion.count, made, **settings)
    return Animation(motion.count, lambda i: made(i, source), **settings)
