"""`artkit demo`: every preset on a photo that is installed anyway, into a gallery with its page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from artkit.cli import completion
from artkit.cli.apart import Work, made_apart, work_of
from artkit.cli.frame import PLAIN, Screen, print_json, print_table
from artkit.cli.make import make
from artkit.cli.options import Debug, Gallery, Jobs, Json, NoMetadata, NoPhoto, Quiet, gallery_folder
from artkit.cli.timings import Timings
from artkit.errors import ArtkitError, UsageError, did_you_mean, explained
from artkit.workers import cores

if TYPE_CHECKING:
    from artkit.recipe import Checked

app = typer.Typer(**PLAIN)


def command() -> Any:
    """Build the command."""
    return typer.main.get_command(app)


SHEET = "A6"
"""Paper of what pens draw: a postcard does for a small photo, and takes a sixteenth of the lines."""

SIDE = 640
"""Pixels of the longer side of a photo of one's own."""

ACROSS = 240
"""Pixels of the longer side of what moves: a third of the bytes, and about what a card of the gallery shows."""

SMALLER: dict[str, dict[str, object]] = {
    "brush-strokes": {"brush-strokes.width": 0.05},
    "channel-blur": {"resize.size": 700, "channel-blur.size": 101},
    "charcoal": {"resize.size": 950, "sharpen.sigma": 3.0, "crayon.width": 3.3, "crayon.length": 44},
    "engraving": {"resize.size": 1350, "sketch.width": 1.5, "halftone.cell": 6.75},
    "median-sobel": {"resize.size": 800, "median.size": 13, "blur.sigma": 1.4},
    "ink-drawing": {"resize.size": 1350, "bilateral.size": 7, "sketch.width": 1.35},
    "newsprint": {"resize.size": 1350, "sharpen.sigma": 3.0, "halftone.cell": 6.75},
    "oil-painting": {"resize.size": 850, "brush.width": 20},
    "pop-dots": {"resize.size": 1350, "sketch.width": 2.25, "halftone.cell": 9.75},
    "stipple": {"stipple.points": 12_000},
    "zoom-loop": {"zoom-loop.size": 240},
}
"""What would take much room: the same look, as large as the photo asks for."""


@app.command()
def demo(
    photo: Annotated[
        str | None, typer.Option("--photo", metavar="PHOTO", help=f"Yours, {SIDE} pixels of it.  [default: a cat]")
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only",
            metavar="PRESET,...",
            help="These presets alone. Can be repeated.",
            autocompletion=completion.presets,
        ),
    ] = None,
    gallery: Gallery = None,
    jobs: Jobs = None,
    no_metadata: NoMetadata = False,
    no_photo: NoPhoto = False,
    timings: Timings = None,
    quiet: Quiet = False,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Make an artwork with every preset from a bundled photo, or from yours."""
    from artkit.gallery import refresh

    folder, source = gallery_folder(gallery), photo or str(bundled_photo())
    names = _chosen(only)
    if photo is not None:
        from artkit.run import prepare

        prepare(photo, size=SIDE)  # says what is wrong with it once, and not for every preset
    made, failed = [], 0
    with Screen(quiet) as screen:
        for name, told, failure in _each(names, source, folder, screen, jobs or cores(), no_metadata, no_photo):
            if told is None:
                failed += 1
                screen.fail(f"Error: {name}: {failure}")
            else:
                made.append(told)
        index = refresh(folder, screen.say)
    if json:
        print_json(made)
    else:
        rows = [(record["file"], f"{record['bytes'] / 1000:,.1f} kB", record["seconds"]) for record in made]
        print_table(("file", "size", "seconds"), rows)
    if not quiet:
        typer.echo(f"\nOpen the gallery in a browser: {index.resolve().as_uri()}", err=True)
    if failed:
        raise typer.Exit(1)


def _each(
    names: Sequence[str], source: str, folder: Path, screen: Screen, jobs: int, silent: bool, no_photo: bool
) -> Iterator[tuple[str, dict[str, Any] | None, str]]:
    """Make all artworks; give each preset, what there is to tell of its artwork, and why it failed."""
    works: list[Work] = []
    size = None if source == str(bundled_photo()) else SIDE
    for name in names:
        try:
            works.append(work_of(recipe_of(name, size), source, folder, silent, not no_photo))
        except ArtkitError as error:  # a preset of the user's own may be broken
            yield name, None, explained(error)
    for work, (told, lines, failure, *_) in zip(works, made_apart(make, works, jobs, screen), strict=True):
        for line in lines:
            screen.say(line)
        yield work.name, told, failure


def _chosen(only: list[str] | None) -> list[str]:
    """Give the presets that are asked for, all where none is; a UsageError names one that there is not."""
    from artkit.recipe import presets, retired

    known, old = presets(), retired()
    names = [name for text in only or () for name in text.replace(",", " ").split()]
    for name in names:
        if name not in known and name not in old:
            hint = did_you_mean(name, known) or "; artkit presets lists them all"
            raise UsageError(f"--only {name}: no such preset{hint}")
    return sorted(set(names)) or sorted(known)


def recipe_of(name: str, size: int | None = None) -> Checked:
    """Give a preset as the demo makes it: the same look, in less room."""
    from artkit.artwork.animation import Animation
    from artkit.recipe import find
    from artkit.recipe.change import with_head, with_values

    recipe = find(name)
    parameters = {f"{step.op.name}.{name}" for step in recipe.steps for name in step.op.parameters}
    smaller = {target: SHEET for target in parameters if target.endswith(".page")} | SMALLER.get(name, {})
    if recipe.motion is not None:
        parameters |= {"animate.frames", "animate.fps"}
    recipe = with_values(recipe, {target: value for target, value in smaller.items() if target in parameters})
    size = ACROSS if recipe.gives is Animation else size
    return with_head(recipe, size=size) if size else recipe


def bundled_photo() -> Path:
    """The file of a photo that comes with scikit-image: Chelsea the cat or, should she have left, the astronaut."""
    from importlib.resources import files

    # The files, not `skimage.data.chelsea()`: that imports scikit-image's loaders only to decode what we then encode.
    folder = Path(str(files("skimage"))) / "data"
    found = [folder / name for name in ("chelsea.png", "astronaut.png") if (folder / name).is_file()]
    if not found:
        raise ArtkitError(f"{folder}: the photo of the demo is missing; reinstall scikit-image")
    return found[0]
