"""What `apply`, `trace` and `demo` have in common: a recipe and photos in, artworks in files out."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from time import perf_counter
from typing import TYPE_CHECKING, Any

import typer

from artkit.batch.making import Lines, Photo, label_of, noting, origin_of, run_on, shot_of, titled, to_gallery, told
from artkit.cli import apart
from artkit.cli import moving as frames
from artkit.cli.frame import Screen, print_json
from artkit.cli.options import STREAM, Request, gallery_folder, head
from artkit.cli.slips import no_photo, unquoted
from artkit.errors import ArtkitError, Cancelled, PhotoError, UsageError, explained
from artkit.limits import bytes_of
from artkit.remote.address import address_of, name_of, path_of
from artkit.workers import cores

if TYPE_CHECKING:
    from artkit.footage import Footage
    from artkit.gallery import Provenance
    from artkit.recipe import Checked
    from artkit.run.larger import Larger


def make_all(recipe: Checked, request: Request) -> None:
    """Make an artwork of every photo and print where it is; a photo that fails does not stop the others."""
    photos, output, json = request.photos, request.output, request.json
    _refuse_nonsense(request)
    if output and output != STREAM:
        frames.check_output(recipe, photos[0], output)
    elif not output:
        frames.check_gallery(gallery_folder(request.gallery))
    recipe = with_request(recipe, request)
    folder = gallery_folder(request.gallery)
    made, failed = [], 0
    with Screen(request.quiet) as screen:
        for line in unheard([recipe], request.ids):
            screen.say(line)
        for source, record, failure in _each(recipe, request, folder, screen):
            if record is None:
                failed += 1
                screen.fail(f"Error: {about(source, failure)}")
                continue
            made.append(record)
            if output != STREAM and not json:
                screen.print(record["file"])
        if made and not output:
            from artkit.gallery import refresh

            refresh(folder, screen.say)
    if json:
        print_json(made)
    if failed:
        screen.say(f"{failed} of {len(photos)} photos failed")
        raise typer.Exit(1)


def _each(
    recipe: Checked, request: Request, folder: Path, screen: Screen
) -> Iterator[tuple[str, dict[str, Any] | None, str]]:
    """Make all artworks; give, in their order, each photo, what there is to tell of its artwork, and why it failed."""
    photos, silent = request.photos, request.no_metadata
    jobs = request.jobs or (cores() if len(photos) >= apart.FEW else 1)
    jobs = 1 if request.memory else jobs  # which is that of one process
    if min(jobs, len(photos)) > 1 and STREAM not in photos:
        works = [apart.work_of(recipe, source, folder, silent, not request.no_photo) for source in photos]
        for source, (record, lines, failure, *_) in zip(
            photos, apart.made_apart(make, works, jobs, screen), strict=True
        ):
            for line in lines:
                screen.say(line)
            yield source, record, failure
        return
    for source in photos:
        try:
            yield source, _one(recipe, source, request, folder, screen), ""
        except (ArtkitError, OSError, MemoryError) as error:
            if len(photos) == 1 or isinstance(error, (Cancelled, BrokenPipeError)):
                raise
            yield source, None, explained(error)


def _one(recipe: Checked, source: str, request: Request, folder: Path, screen: Screen) -> dict[str, Any]:
    output, silent = request.output, request.no_metadata
    memory = bytes_of(request.memory, "--memory") if request.memory else None
    photo = read_photo(source, recipe, screen.say, moving=frames.takes_all(output), output=output, memory=memory)
    own = recipe if photo.footage else frames.without_clip(recipe, screen.say)
    if output:
        return _to_file(titled(own, photo.name), photo, output, screen, silent)
    return to_gallery(own, photo, folder, screen, silent, keep_photo=not request.no_photo)


def make(work: apart.Work) -> apart.Made:
    """Do a work, of which all that there is to tell is given: it may be in a process of its own."""
    from artkit.recipe import Recipe

    screen = Lines()
    try:
        recipe = Recipe.parse(work.text, f"{work.name}.toml").checked
        photo = read_photo(work.source, recipe, screen.say, moving=True)
        own = recipe if photo.footage else frames.without_clip(recipe, screen.say)
        made = to_gallery(own, photo, work.gallery, screen, work.silent, keep_photo=work.keep_photo)
    except (ArtkitError, OSError, MemoryError) as error:
        return apart.Made(None, screen.lines, explained(error))
    return apart.Made(made, screen.lines, "")


def with_request(recipe: Checked, request: Request) -> Checked:
    """Give the recipe with what the command line says of its seed, its photo's frame and its maker."""
    given = head(
        seed=request.seed,
        size=request.size,
        crop=request.crop,
        caption=request.title,
        creator=request.creator,
        rights=request.rights,
        source_type=request.source_type,
    )
    if not given and request.ids is None:
        return recipe
    from artkit.recipe.change import with_head

    return named(with_head(recipe, **given), request.ids)


def unheard(recipes: Sequence[Checked], ids: str | None = None) -> Iterator[str]:
    """Say what is asked for and has no effect in any of some recipes, which differ in their values alone."""
    from artkit.artwork.drawing import Drawing
    from artkit.recipe.idle import idle_in_all

    yield from idle_in_all(recipes)
    if ids not in (None, "none") and not issubclass(recipes[0].gives, Drawing):
        yield f"--ids changes nothing here: it names shapes, and {recipes[0].data.name} gives pixels"


def named(recipe: Checked, ids: str | None) -> Checked:
    """Give the recipe with groups of its drawing named as is asked for; others have no groups."""
    from artkit.artwork.drawing import Drawing
    from artkit.recipe.change import with_ids

    return with_ids(recipe, ids) if ids is not None and issubclass(recipe.gives, Drawing) else recipe


def read_photo(
    source: str,
    recipe: Checked,
    report: Callable[[str], None] = lambda _: None,
    *,
    moving: bool = False,
    output: str | None = None,
    memory: float | None = None,
) -> Photo:
    """Read a photo from a path, an address, or from stdin for '-', as large as the recipe wants it.

    With `moving`, one that moves comes with all its frames; else the first one is taken, and `report` is told so, and
    what takes all of them into the file that `output` names. A file that does not fit into `memory` bytes is
    left to be read in strips.
    """
    from artkit.artwork.source import data_of
    from artkit.footage import footage_of
    from artkit.footage.find import is_one_file

    source, name = path_of(source), "stdin" if source == STREAM else name_of(source)
    if memory is not None and source != STREAM and not address_of(source):
        from artkit.run.larger import larger

        suffix = Path(output or "").suffix.lower()
        if (found := larger(source, recipe, memory, suffix, lambda line: report(f"{name}: {line}"))) is not None:
            return _of_larger(found, source, name, recipe, small=output is None)
    data = all_of_stdin() if source == STREAM else data_of(source) if address_of(source) else b""
    if source == STREAM and not data:
        raise PhotoError("-: nothing comes in on stdin; pipe a photo, as in `artkit apply poster - < photo.jpg`")
    if moving or not is_one_file(source, data):
        footage = footage_of(data or source, report, name)
        if footage is not None:
            return _of_footage(footage, recipe, report, moving, output)
    from hashlib import sha256

    from artkit.artwork.photo import read
    from artkit.metadata.credits import credits_of
    from artkit.run import prepare

    data, where = data or data_of(source), "the photo" if source == STREAM else source
    size = None if recipe.data.crop else recipe.data.size
    hint = f"; {frames.way_to_all(output)}" if output else ""
    picture = read(data, lambda line: report(f"{name}: {line}{hint if ' frames:' in line else ''}"), where, size)
    image = prepare(picture, size=recipe.data.size, crop=recipe.data.crop)
    return Photo(name, sha256(data).hexdigest(), image, credits_of(data))


def _of_larger(found: Larger, source: str, name: str, recipe: Checked, *, small: bool) -> Photo:
    """Give a photo that does not fit into memory; with `small` it has a copy that does, for a gallery."""
    from hashlib import file_digest

    from artkit.artwork.image import Image
    from artkit.metadata.credits import credits_of

    with Path(source).open("rb") as file:
        credits = credits_of(file.read(1 << 20))
        file.seek(0)
        digest = file_digest(file, "sha256").hexdigest()
    first = next(found.picture.read())
    return Photo(name, digest, found.reduced(found.block(recipe)) if small else Image(first), credits, larger=found)


def all_of_stdin() -> bytes:
    """Read stdin to its end."""
    from artkit.artwork.photo import all_of

    return all_of(sys.stdin.buffer, "stdin")


def _of_footage(
    footage: Footage, recipe: Checked, report: Callable[[str], None], all_: bool, output: str | None
) -> Photo:
    from artkit.run import prepare

    image = prepare(footage.first, size=recipe.data.size, crop=recipe.data.crop)
    if not all_:
        hint = f"; {frames.way_to_all(output)}" if output else ""
        frames_ = "1 frame" if footage.count == 1 else f"{footage.count} frames"
        report(f"{footage.name}: {frames_}: the first one is taken, {image.width} x {image.height}{hint}")
    return Photo(Path(footage.name).name, footage.sha256, image, footage.credits, footage if all_ else None)


def _to_file(recipe: Checked, photo: Photo, output: str, screen: Screen, silent: bool) -> dict[str, Any]:
    from artkit import export
    from artkit.artwork.animation import Animation
    from artkit.gallery import measurements
    from artkit.recipe.on_paper import VECTORS, is_for_paper

    start = perf_counter()
    gives = Animation if photo.footage else recipe.gives
    suffix = export.suffix(gives) if output == STREAM else Path(output).suffix
    alone = bool(photo.footage) and frames.is_folder(output)
    origin = origin_of(recipe, photo, suffix, silent, alone=alone)
    if alone:
        return _to_frames(recipe, photo, output, origin, screen)
    artwork, metadata = run_on(recipe, photo, origin, screen), origin.metadata
    note = noting(label_of(recipe, photo), screen)
    if is_for_paper(recipe.data.export) and suffix.lower() in VECTORS:
        return told(
            recipe, photo, output, _exported(recipe, artwork, output, metadata, note), perf_counter() - start, {}
        )
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
    return told(recipe, photo, output, size, perf_counter() - start, measurements(artwork))


def _exported(recipe: Checked, artwork: Any, output: str, metadata: dict[str, str], note: Callable[[str], None]) -> int:
    """Write what the recipe says of its export, as `artkit export` writes it of the SVG; give the bytes."""
    from artkit import export
    from artkit.cli.export import defaults
    from artkit.cli.exporting import opened, put, with_settings

    given = with_settings({**defaults(), "output": output}, set(), recipe.data.export or {})
    source = opened("art.svg", export.encode(artwork, ".svg"), output, note)
    put(source._replace(metadata=metadata), given, note)
    return Path(output).stat().st_size


def _to_frames(recipe: Checked, photo: Photo, output: str, origin: Provenance, screen: Screen) -> dict[str, Any]:
    start, label = perf_counter(), label_of(recipe, photo)
    note = noting(label, screen)
    shot = shot_of(recipe, photo, origin, note)
    folder, size = frames.write_frames(shot, output, origin.metadata, screen.bar(label), note)
    return told(recipe, photo, str(folder), size, perf_counter() - start, {})


def _refuse_nonsense(request: Request) -> None:
    photos, output = request.photos, request.output
    if output and request.gallery:
        raise UsageError("-o writes one file and --gallery adds to a folder; give one of the two")
    if any(photo != STREAM and not Path(photo).exists() for photo in photos) and (whole := unquoted(photos)):
        raise UsageError(f"{whole}: is one name with a space; put quotes around it: {shlex.quote(whole)}")
    if fault := no_photo(photos, output):
        raise UsageError(fault)
    if output and len(photos) > 1:
        if missing := [photo for photo in photos if not (photo == STREAM or address_of(photo) or Path(photo).exists())]:
            raise UsageError(f"{missing[0]}: no such file; with -o name one photo, and put other words behind #")
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
