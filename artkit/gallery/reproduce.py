"""An artwork and its photo in, the artwork made again out, compared with what is there byte by byte."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from artkit.artwork.formats import takes_all
from artkit.errors import ArtkitError, UsageError
from artkit.gallery.find import find as find_name
from artkit.gallery.likeness import CLOSE, apart
from artkit.gallery.origin import EACH, versions
from artkit.gallery.record import RECORDS, NoRecordError
from artkit.gallery.verify import record_of

if TYPE_CHECKING:
    from artkit.recipe import Checked

State = Literal["same", "alike", "different"]


@dataclass(frozen=True)
class Original:
    """An artwork that is to be made again: its file, its recipe, and what is known of its making.

    `photo` is the name of the photo's file, "" where it is not known, and `sha256` its digest. `versions` are those of
    what made it. A `silent` artwork says nothing of itself.
    """

    path: Path
    recipe: Checked
    photo: str
    sha256: str
    versions: dict[str, str]
    silent: bool

    @property
    def moving(self) -> bool:
        """Whether it was made of all frames of a photo that moves."""
        return "frames" in self.recipe.data.made or (not self.recipe.data.made and takes_all(self.path.suffix))


@dataclass(frozen=True)
class Comparison:
    """What came of it: the same bytes; others that show the same; or others. `versions` are those that differ.

    `apart` is how far both are apart, in pixels or levels; None where they are not made of the same parts.
    """

    state: State
    apart: float | None
    versions: dict[str, tuple[str, str]]


def find(name: str, folder: Path) -> Path:
    """Give the artwork's file of that path or, in the gallery, of that name or any part that no other has."""
    path = Path(name)
    if path.is_file():
        return path
    if not (folder / RECORDS).is_dir():
        raise UsageError(f"{name}: no such file, and {folder} is no gallery; --gallery names another")
    found = find_name(name, folder)
    files = [file for file in folder.glob("*") if file.stem == found and file.is_file()]
    if not files:
        raise ArtkitError(f"{folder / found}: the artwork is missing; only its record is there")
    return files[0]


def original(path: Path) -> Original:
    """Give what is known of an artwork, by itself and by its record."""
    from artkit.metadata import embedded
    from artkit.recipe import read

    try:
        record = record_of(path)
    except NoRecordError as error:
        raise ArtkitError(f"{path.parent / RECORDS / path.stem}.json: {error}") from None
    recipe = read(path)
    made = recipe.data.made
    if "plot" in made:
        raise UsageError(
            f"{path}: was laid out by artkit plot, which its recipe does not say; "
            f"artkit plot PHOTO --preset {path} draws it again"
        )
    if made.get("frames", "").endswith(EACH):
        raise UsageError(
            f"{path}: is one of {made['frames'].removesuffix(EACH)} frames; artkit apply {path} PHOTO -o FOLDER/ makes "
            "all of them again"
        )
    own = ("photo", "frames")
    said = {name: text for name, text in made.items() if name not in own and not name.startswith("file ")}
    return Original(
        path,
        recipe,
        record.photo if record else "",
        made.get("photo", "") or (record.photo_sha256 if record else ""),
        (record.versions if record else {}) | said,
        silent="recipe" not in embedded.of(path.read_bytes()) and path.suffix.lower() not in _MUTE,
    )


_MUTE = (".bmp", ".mp4", ".webm")
"""Formats whose metadata is none, or is not read here."""


def photo_of(work: Original, given: str | None, places: Iterable[Path]) -> Path:
    """Give the photo that an artwork was made of: what is given, or one of that name and digest in some place."""
    from artkit.footage.find import digest_of

    def fits(path: Path) -> bool:
        return not work.sha256 or digest_of(str(path)) == work.sha256

    if given is not None:
        if not fits(Path(given)):
            raise UsageError(
                f"--photo {given}: is another photo, or was changed: its digest is not {work.sha256[:12]}, as the "
                f"recipe of {work.path} says"
            )
        return Path(given)
    if not work.sha256:
        raise UsageError(f"{work.path}: does not say which photo it was made of; name it with --photo")
    found = [path for path in places if path.is_file() or (path.is_dir() and work.moving)]
    for path in found:
        if fits(path):
            return path
    namesake = next((path for path in found if path.name == work.photo), None)
    lies = f"{namesake} is another photo, or was changed" if namesake else f"{work.photo or 'its photo'} is not here"
    raise UsageError(f"{work.path}: {lies}; name the one of digest {work.sha256[:12]} with --photo")


def compare(work: Original, again: bytes) -> Comparison:
    """Compare the artwork with the bytes that were made again."""
    before = work.path.read_bytes()
    now = versions()
    differing = {name: (was, now[name]) for name, was in sorted(work.versions.items()) if now.get(name, was) != was}
    if before == again:
        return Comparison("same", 0.0, differing)
    distance = apart(before, again, work.path.suffix.lower())
    close = CLOSE if work.path.suffix.lower() in (".svg", ".svgz") else 0.0
    alike = distance is not None and distance <= close
    return Comparison("alike" if alike else "different", distance, differing)


def again(work: Original) -> Checked:
    """Give the recipe without what it says of its making, which does not count when it is run."""
    return replace(work.recipe, data=replace(work.recipe.data, made={}))
