"""What Python calls by one line: `artkit.apply("poster", "cat.jpg", colors=8)`."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from os import PathLike, fspath
from typing import TYPE_CHECKING, Any, TypeVar, cast, overload

from artkit.artwork.animation import Animation
from artkit.artwork.drawing import Drawing
from artkit.artwork.image import Image
from artkit.artwork.labels import Labels
from artkit.errors import Idle, PhotoError, UsageError
from artkit.limits import bytes_of
from artkit.recipe import Checked, Recipe, find, presets, retired
from artkit.recipe.change import with_options, with_values
from artkit.recipe.idle import idle
from artkit.run import Artwork, prepare, run

if TYPE_CHECKING:
    from artkit.footage import Footage

Kind = TypeVar("Kind", bound="Image | Labels | Drawing | Animation")


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
    _refuse_turned(preset, photo)
    recipe = with_options(preset if isinstance(preset, Checked) else find(preset), options)
    recipe = with_values(recipe, values or {})
    for line in idle(recipe):
        warnings.warn(line, Idle, stacklevel=2)
    size, crop = size or recipe.data.size, crop or recipe.data.crop
    footage = _footage(photo)
    _check_kind(kind, recipe.gives if footage is None else Animation, recipe.data.name)
    if footage is None:
        recipe = replace(recipe, data=replace(recipe.data, size=size, crop=crop))
        lines: list[str] = []
        made = None if memory is None else _in_strips(recipe, photo, bytes_of(memory), seed, lines.append)
        for line in lines:
            warnings.warn(f"{fspath(photo)}: {line}", stacklevel=2)
        return run(recipe, prepare(photo, size=size, crop=crop), seed=seed) if made is None else made
    from artkit.run.shot import Shot

    return Shot(recipe, footage, partial(prepare, size=size, crop=crop), seed=seed).animation


def _refuse_turned(preset: Any, photo: Any) -> None:
    """Raise a UsageError where the photo stands in the preset's place."""
    if isinstance(preset, Checked):
        return
    if not isinstance(preset, (str, PathLike)):
        raise UsageError(f'{_with_article(type(preset))} is no preset; it comes first: artkit.apply("poster", photo)')
    first, known = fspath(preset), presets() | retired()
    if first in known or first.endswith(".toml"):
        return
    if isinstance(photo, (str, PathLike)) and ((second := fspath(photo)) in known or second.endswith(".toml")):
        raise UsageError(f'{second}: the preset comes before the photo: artkit.apply("{second}", "{first}")')


def _in_strips(
    recipe: Checked, photo: Any, memory: float, seed: int | None, notes: Callable[[str], None]
) -> Artwork | None:
    """Make the artwork of a file that does not fit into so many bytes; None where it does."""
    from artkit.run.larger import larger

    if not isinstance(photo, (str, PathLike)) or (found := larger(fspath(photo), recipe, memory, "", notes)) is None:
        return None
    made = found.made(recipe, seed=seed, progress=lambda *_: None, notes=notes, metadata={})
    return cast(Artwork, made)


def _check_kind(wanted: Any, given: type, name: str) -> None:
    if not issubclass(given, wanted):
        fault = f"{name or 'the recipe'} gives {_with_article(given)}, not {_with_article(wanted)}"
        raise UsageError(f"kind: {fault}; use kind={given.__name__}, or leave it out")


def _with_article(kind: type) -> str:
    return f"{'an' if kind.__name__[0] in 'AIOaio' else 'a'} {kind.__name__}"


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
