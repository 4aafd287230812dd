"""What `apply`, `trace` and `demo` have in common: a recipe and photos in, artworks in files out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from time import perf_counter
from typing import TYPE_CHECKING, Any

import typer

from artkit.cli.frame import Screen, explained, print_json
from artkit.cli.options import Request, gallery_folder, head
from artkit.errors import ArtkitError, Cancelled, UsageError

if TYPE_CHECKING:
    from artkit.artwork.image import Image
    from artkit.gallery import Provenance
    from artkit.metadata.credits import Credits
    from artkit.recipe import Checked
    from artkit.recipe.shared import Shared

STREAM = "-"


@dataclass(frozen=True)
class Photo:
    """A photo that was read: its name, the digest of its file, the picture to work on, who made it."""

    name: str
    sha256: str
    image: Image
    credits: Credits


def make_all(recipe: Checked, request: Request) -> None:
    """Make an artwork of every photo and print where it is; a photo that fails does not stop the others."""
    photos, output, json = request.photos, request.output, request.json
    _refuse_nonsense(request)
    if output and output != STREAM:
        from artkit.export import check

        check(recipe.gives, output)  # now, and not after minutes of work
    recipe = with_request(recipe, request)
    folder = gallery_folder(request.gallery)
    made, failed = [], 0
    with Screen(request.quiet) as screen:
        for source in photos:
            try:
                photo = read_photo(source, recipe, screen.say)
                silent = request.no_metadata
                record = (
                    _to_file(recipe, photo, output, screen, silent)
                    if output
                    else to_gallery(recipe, photo, folder, screen, silent, keep_photo=not request.no_photo)
                )
            except (ArtkitError, OSError, MemoryError) as error:
                if len(photos) == 1 or isinstance(error, (Cancelled, BrokenPipeError)):
                    raise
                failed += 1
                screen.fail(f"Error: {about(source, explained(error))}")
                continue
            made.append(record)
            if output != STREAM and not json:
                typer.echo(record["file"])
        if made and not output:
            from artkit.gallery import refresh

            refresh(folder, screen.say)
    if json:
        print_json(made)
    if failed:
        screen.say(f"{failed} of {len(photos)} photos failed")
        raise typer.Exit(1)


def with_request(recipe: Checked, request: Request) -> Checked:
    """Give the recipe with what the command line says of its seed, its photo's frame and its maker."""
    given = head(
        seed=request.seed,
        size=request.size,
        crop=request.crop,
        creator=request.creator,
        rights=request.rights,
        source_type=request.source_type,
    )
    if not given:
        return recipe
    from artkit.recipe.change import with_head

    return with_head(recipe, **given)


def read_photo(source: str, recipe: Checked, report: Callable[[str], None] = lambda _: None) -> Photo:
    """Read a photo from a path, or from stdin for '-', as large as the recipe wants it.

    `report` is told which picture of several was taken.
    """
    from hashlib import sha256

    from artkit.artwork.photo import all_of, bytes_of, read
    from artkit.metadata.credits import credits_of
    from artkit.run import prepare

    data = all_of(sys.stdin.buffer, "stdin") if source == STREAM else bytes_of(Path(source))
    name = "stdin" if source == STREAM else Path(source).name
    where = "the photo" if source == STREAM else source
    size = None if recipe.data.crop else recipe.data.size
    picture = read(data, lambda line: report(f"{name}: {line}"), where, size)
    image = prepare(picture, size=recipe.data.size, crop=recipe.data.crop)
    return Photo(name, sha256(data).hexdigest(), image, credits_of(data))


def origin_of(recipe: Checked, photo: Photo, suffix: str, silent: bool, recorded: bool = False) -> Provenance:
    """Give the provenance of what the recipe will make of the photo; `recorded` is for a gallery."""
    from artkit.gallery import provenance

    return provenance(
        recipe,
        photo_sha256=photo.sha256,
        credits=photo.credits,
        suffix=Path(f"a{suffix}").suffix,
        photo_name=photo.name if recorded else "",
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
    from artkit.export import suffix
    from artkit.gallery import add

    start = perf_counter()
    origin = origin_of(recipe, photo, suffix(recipe.gives), silent, recorded=True)
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
        note=_noting(label or _label(recipe, photo), screen),
    )
    return _told(recipe, photo, str(record.path), record.bytes, perf_counter() - start, record.measurements)


def _to_file(recipe: Checked, photo: Photo, output: str, screen: Screen, silent: bool) -> dict[str, Any]:
    from artkit import export
    from artkit.gallery import measurements

    start = perf_counter()
    suffix = export.suffix(recipe.gives) if output == STREAM else Path(output).suffix
    origin = origin_of(recipe, photo, suffix, silent)
    artwork, metadata = run_on(recipe, photo, origin, screen), origin.metadata
    note = _noting(_label(recipe, photo), screen)
    if output == STREAM:
        with TemporaryFile() as scratch:
            export.write(artwork, scratch, export.suffix(artwork), metadata=metadata, note=note)
            size = scratch.tell()
            scratch.seek(0)
            copyfileobj(scratch, sys.stdout.buffer)
        sys.stdout.buffer.flush()
    else:
        path = export.save(artwork, output, metadata=metadata, note=note)
        output, size = str(path), path.stat().st_size
    return _told(recipe, photo, output, size, perf_counter() - start, measurements(artwork))


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

    label, asked = label or _label(recipe, photo), recipe.data.source_type
    if asked and asked != origin.source_type:
        screen.say(f"{label}: {asked}: the photo says {origin.source_type} of itself, which stays")
    tell, notes = screen.bar(label), _noting(label, screen)
    artwork = run(recipe, photo.image, progress=tell, notes=notes, metadata=origin.metadata, shared=shared)
    artwork = bare(artwork) if origin.silent else artwork
    if not isinstance(artwork, Animation):
        return artwork
    count = artwork.count
    return artwork.before_each(lambda i: tell(i, count, f"frame {i + 1} of {count}"))


def _label(recipe: Checked, photo: Photo) -> str:
    return f"{photo.name}, {recipe.data.name}"


def _noting(label: str, screen: Screen) -> Callable[[str], None]:
    return lambda line: screen.say(f"{label}: {line}")


def _told(
    recipe: Checked, photo: Photo, file: str, size: int, seconds: float, measurements: dict[str, float]
) -> dict[str, Any]:
    told: dict[str, Any] = {
        "file": file,
        "photo": photo.name,
        "preset": recipe.data.name,
        "seed": recipe.data.seed,
        "bytes": size,
        "seconds": round(seconds, 3),
    }
    return told | {"facts": measurements} if measurements else told


def _refuse_nonsense(request: Request) -> None:
    photos, output = request.photos, request.output
    if output and request.gallery:
        raise UsageError("-o writes one file and --gallery adds to a folder; give one of the two")
    if output and len(photos) > 1:
        raise UsageError(f"-o {output}: one file cannot hold {len(photos)} artworks; --gallery DIR takes them all")
    if output == STREAM and request.json:
        raise UsageError("--json and -o - would both write to stdout; give -o a file")
    check_stdin(photos)
    if output == STREAM and sys.stdout.isatty():
        raise UsageError("-o -: an artwork is not for the terminal; pipe it on, or give -o a file")


def check_stdin(photos: Sequence[str]) -> None:
    """Refuse stdin where it cannot be the photo."""
    if photos.count(STREAM) > 1:
        raise UsageError("-: stdin holds one photo; give - once")
    if STREAM in photos and sys.stdin.isatty():
        raise UsageError("-: no photo comes in on stdin; pipe one, as in `artkit apply poster - < photo.jpg`")


def about(source: str, message: str) -> str:
    """Give a message that names the photo."""
    return message if source == STREAM or source in message else f"{source}: {message}"
