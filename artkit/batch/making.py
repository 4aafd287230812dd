"""A recipe and a photo in, an artwork in a gallery out: what every command does that makes artworks, one or many."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, Protocol

from artkit.metadata.credits import LONGEST

if TYPE_CHECKING:
    from artkit.artwork.image import Image
    from artkit.footage import Footage
    from artkit.gallery import Provenance
    from artkit.metadata.credits import Credits
    from artkit.recipe import Checked
    from artkit.recipe.shared import Shared
    from artkit.run.larger import Larger
    from artkit.run.shot import Shot


PHOTO = "{photo}"
"""Stands in a title for the name of the photo."""


class Screen(Protocol):
    """Whoever is told how a work goes on."""

    def say(self, line: str, /) -> None:
        """Take a line that is worth knowing."""

    def bar(self, label: str, /) -> Callable[[float, int, str], None]:
        """Give what takes steps done, all steps, and the name of the present one."""


class Lines:
    """One that keeps the lines and shows nothing."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, line: str) -> None:
        """Keep a line."""
        self.lines.append(line)

    def bar(self, label: str) -> Callable[[float, int, str], None]:
        """Pass by."""
        return lambda done, steps, name: None


@dataclass(frozen=True)
class Photo:
    """A photo that was read: its name, the digest of its file, the picture to work on, who made it.

    Of one that moves the picture is the first frame, and `footage` all of them, where all are taken. Of one that is
    `larger` than memory it is a small copy.
    """

    name: str
    sha256: str
    image: Image
    credits: Credits
    footage: Footage | None = None
    larger: Larger | None = None


def titled(recipe: Checked, photo: str) -> Checked:
    """Give the recipe with the name of a photo, without its suffix, where its artwork's title has {photo}."""
    if PHOTO not in recipe.data.caption:
        return recipe
    caption = recipe.data.caption.replace(PHOTO, Path(photo).stem)[:LONGEST]
    return replace(recipe, data=replace(recipe.data, caption=caption))


def origin_of(
    recipe: Checked, photo: Photo, suffix: str, silent: bool, recorded: bool = False, alone: bool = False
) -> Provenance:
    """Give the provenance of what the recipe will make of the photo; `recorded` is for a gallery.

    `alone` are frames that are written as a file each.
    """
    from artkit.gallery import provenance
    from artkit.gallery.origin import EACH

    return provenance(
        recipe,
        photo_sha256=photo.sha256,
        credits=photo.credits,
        suffix=Path(f"a{suffix}").suffix,
        photo_name=photo.name if recorded else "",
        more={"frames": f"{photo.footage.count}{EACH if alone else ''}"} if photo.footage else None,
        silent=silent,
    )


def to_gallery(
    recipe: Checked,
    photo: Photo,
    folder: Path,
    screen: Screen,
    silent: bool = False,
    *,
    shared: Shared | None = None,
    label: str = "",
    keep_photo: bool = True,
) -> dict[str, Any]:
    """Run the recipe and add the artwork to a gallery; give what there is to tell about it.

    With `keep_photo`, a reduced copy of the photo comes into the gallery, too. `shared` has what recipes before it have
    made of the same photo; `label` is what to call it on the screen.
    """
    from artkit.artwork.animation import Animation
    from artkit.export import suffix
    from artkit.gallery import add, file_of

    start, recipe = perf_counter(), titled(recipe, photo.name)
    origin = origin_of(recipe, photo, suffix(Animation if photo.footage else recipe.gives), silent, recorded=True)
    artwork = run_on(recipe, photo, origin, screen, shared=shared, label=label)
    record = add(
        folder,
        artwork,
        origin=origin,
        photo=photo.image,
        photo_name=photo.name,
        photo_sha256=photo.sha256,
        seconds=perf_counter() - start,
        keep_photo=keep_photo,
        note=noting(label or label_of(recipe, photo), screen),
    )
    return told(recipe, photo, file_of(folder, record), record.bytes, perf_counter() - start, record.measurements)


def is_there(recipe: Checked, photo: Photo, folder: Path, silent: bool = False) -> bool:
    """Whether a gallery has what `to_gallery` would make."""
    from artkit.export import suffix
    from artkit.gallery import has

    recipe = titled(recipe, photo.name)
    origin = origin_of(recipe, photo, suffix(recipe.gives), silent, recorded=True)
    return has(folder, origin=origin, photo=photo.image, photo_name=photo.name, photo_sha256=photo.sha256)


def run_on(
    recipe: Checked,
    photo: Photo,
    origin: Provenance,
    screen: Screen,
    *,
    shared: Shared | None = None,
    label: str = "",
) -> Any:
    """Make the artwork, and show how far it is."""
    from artkit.artwork.animation import Animation
    from artkit.gallery import bare
    from artkit.run import run

    label, asked = label or label_of(recipe, photo), recipe.data.source_type
    if asked and asked != origin.source_type:
        screen.say(f"{label}: {asked}: the photo says {origin.source_type} of itself, which stays")
    tell, notes = screen.bar(label), noting(label, screen)
    if photo.larger:
        artwork: Any = photo.larger.made(recipe, progress=tell, notes=notes, metadata=origin.metadata)
    elif photo.footage:
        artwork = shot_of(recipe, photo, origin, notes).animation
    else:
        artwork = run(recipe, photo.image, progress=tell, notes=notes, metadata=origin.metadata, shared=shared)
    artwork = bare(artwork) if origin.silent else artwork
    if not isinstance(artwork, Animation):
        return artwork
    count = artwork.count
    return artwork.before_each(lambda i: tell(i, count, f"frame {i + 1} of {count}"))


def shot_of(recipe: Checked, photo: Photo, origin: Provenance, notes: Callable[[str], None]) -> Shot:
    """Give what the recipe makes of all frames of a photo that moves."""
    from artkit.run import prepare
    from artkit.run.shot import Shot

    assert photo.footage is not None
    prepared = partial(prepare, size=recipe.data.size, crop=recipe.data.crop)
    return Shot(recipe, photo.footage, prepared, notes=notes, metadata=origin.metadata)


def label_of(recipe: Checked, photo: Photo) -> str:
    """What an artwork is called before it is there."""
    return f"{photo.name}, {recipe.data.name}"


def noting(label: str, screen: Screen) -> Callable[[str], None]:
    """Give what takes notes on an artwork."""
    return lambda line: screen.say(f"{label}: {line}")


def told(
    recipe: Checked, photo: Photo, file: str, size: int, seconds: float, measurements: dict[str, float]
) -> dict[str, Any]:
    """Give what there is to tell about an artwork in a file."""
    known: dict[str, Any] = {
        "file": file,
        "photo": photo.name,
        "preset": recipe.data.name,
        "seed": recipe.data.seed,
        "bytes": size,
        "seconds": round(seconds, 3),
    }
    return known | {"facts": measurements} if measurements else known
