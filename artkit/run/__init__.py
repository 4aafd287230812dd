"""Runs a recipe on a photo: one source of chance per step, progress, cancellation.

`apply` is the door for Python: `artkit.apply("poster", "cat.jpg", colors=8)`.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache, partial
from os import PathLike, fspath
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, cast, overload

from artkit.artwork.animation import Animation, PaletteAnimation
from artkit.artwork.drawing import Drawing, Ids
from artkit.artwork.image import Image
from artkit.artwork.labels import Labels
from artkit.errors import Idle, PhotoError, UsageError
from artkit.limits import bytes_of, within
from artkit.recipe import Bound, Checked, Recipe, find, value_at
from artkit.recipe.change import with_options, with_values
from artkit.recipe.idle import idle
from artkit.recipe.shared import Asked, Shared
from artkit.run.steps import Progress, change_of, each_once, still, stop, teller
from artkit.spans import spanned

if TYPE_CHECKING:
    from artkit.footage import Footage

Artwork: TypeAlias = "Image | Labels | Drawing | Animation"
Kind = TypeVar("Kind", bound="Image | Labels | Drawing | Animation")


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


@overload
def apply(
    preset: str | PathLike[str] | Recipe | Checked,
    photo: Any,
    *,
    kind: type[Kind],
    seed: int | None = None,
    size: int | None = None,
    crop: tuple[int, int, int, int] | None = None,
    memory: str | float | None = None,
    values: Mapping[str, object] | None = None,
    **options: object,
) -> Kind: ...
@overload
def apply(
    preset: str | PathLike[str] | Recipe | Checked,
    photo: Any,
    *,
    seed: int | None = None,
    size: int | None = None,
    crop: tuple[int, int, int, int] | None = None,
    memory: str | float | None = None,
    values: Mapping[str, object] | None = None,
    **options: object,
) -> Artwork: ...
def apply(
    preset: str | PathLike[str] | Recipe | Checked,
    photo: Any,
    *,
    seed: int | None = None,
    size: int | None = None,
    crop: tuple[int, int, int, int] | None = None,
    memory: str | float | None = None,
    values: Mapping[str, object] | None = None,
    **options: object,
) -> Artwork:
    """Apply a preset (its name, a recipe file's path or a Recipe) to a photo and give the artwork.

    An artwork's path is that of the recipe in it. `options` are the ones that the preset exposes; `values` reach every
    parameter, as in {"median.size": 9}. For `size` and `crop`, the recipe's own if not given, see `prepare`.
    With `kind=Drawing`, or another type, it is one: a preset that gives another is refused before anything runs.
    A value that changes nothing, beside the others, is told by a warning, `artkit.errors.Idle`.

    A file that, with the steps, does not fit into `memory` ("2GB", or bytes) is read in strips: flat art is traced in
    tiles, and all else is made of as many pixels as fit; a warning says of how many.

    What is a moving picture (an Animation, or the path of a folder of frames, of an animated file or of a video) gives
    an Animation, whose frames are made when they are asked for; `options` may then be those of `read_frames`.
    """
    if isinstance(preset, Recipe):
        preset = preset.checked
    kind = options.pop("kind") if isinstance(options.get("kind"), type) else object
    recipe = with_options(preset if isinstance(preset, Checked) else find(preset), options)
    recipe = with_values(recipe, values or {})
    for line in idle(recipe):
        warnings.warn(line, Idle, stacklevel=2)
    size, crop = size or recipe.data.size, crop or recipe.data.crop
    footage = _footage(photo)
    _check_kind(kind, recipe.gives if footage is None else Animation, recipe.data.name)
    if footage is None:
        whole = _larger(photo, recipe, size, crop, memory)
        return run(recipe, prepare(photo, size=size, crop=crop), seed=seed) if whole is None else whole(seed)
    from artkit.run.shot import Shot

    return Shot(recipe, footage, partial(prepare, size=size, crop=crop), seed=seed).animation


def _larger(
    photo: Any,
    recipe: Checked,
    size: int | None,
    crop: tuple[int, int, int, int] | None,
    memory: str | float | None,
) -> Callable[[int | None], Artwork] | None:
    """What makes the artwork of a file that does not fit into memory; None for one that does."""
    if memory is None or not isinstance(photo, (str, PathLike)):
        return None
    from artkit.run.larger import larger

    def told(line: str) -> None:
        warnings.warn(f"{fspath(photo)}: {line}", stacklevel=4)

    recipe = replace(recipe, data=replace(recipe.data, size=size, crop=crop))
    found = larger(fspath(photo), recipe, bytes_of(memory), "", told)
    if found is None:
        return None
    return lambda seed: cast(
        "Artwork", found.made(recipe, seed=seed, progress=lambda *_: None, notes=told, metadata={})
    )


def _check_kind(wanted: Any, given: type, name: str) -> None:
    if not issubclass(given, wanted):
        fault = f"{name or 'the recipe'} gives {_with_article(given)}, not {_with_article(wanted)}"
        raise UsageError(f"kind: {fault}; use kind={given.__name__}, or leave it out")


def _with_article(kind: type) -> str:
    return f"{'an' if kind.__name__[0] in 'AIO' else 'a'} {kind.__name__}"


def read_frames(
    source: Any,
    *,
    size: int | None = None,
    crop: tuple[int, int, int, int] | None = None,
    **clip: object,
) -> Animation:
    """Give the frames of a folder, a glob, an animated file or a video, with their delays; decoded when asked for.

    `clip` is what a recipe may say in `[footage]`: trim="1.5s..4s", every=2, fps=10, delay=0.1, pause=1, reverse=True,
    ping_pong=True, loop=3. For `size` and `crop` see `prepare`. A PhotoError where the source does not move.
    """
    from artkit.footage.clip import Clip
    from artkit.footage.reel import Reel
    from artkit.recipe.clip import CLIP

    footage = _footage(source)
    if footage is None:
        prepare(source)  # says what is wrong with a file that is no picture at all
        raise PhotoError(f"{source if isinstance(source, (str, PathLike)) else 'the photo'}: is one picture, not many")
    asked: Clip = CLIP.function(**CLIP.check(clip))
    order, waits, loop = asked.takes(footage)
    reel = Reel(footage, partial(prepare, size=size, crop=crop), keep=list(order) != sorted(order))
    made = Animation(len(order), lambda i: reel.frame(order[i]), sum(waits) / len(waits), loop, delays=waits)
    made = replace(made, max_bytes=asked.max_bytes, key=order.__getitem__)
    return made if asked.indexing is None else replace(made, indexing=asked.indexing)


def _footage(source: Any) -> Footage | None:
    """Give what moves of what may be a photo."""
    from artkit.footage import Footage, footage_of

    if isinstance(source, Footage):
        return source
    if isinstance(source, Animation):
        return Footage("the animation", "", source.waits, source.loop, lambda: (frame for frame in source))
    return footage_of(fspath(source)) if isinstance(source, (str, PathLike)) else None


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
