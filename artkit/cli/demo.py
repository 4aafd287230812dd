"""`artkit demo`: every preset on a photo that is installed anyway, into a gallery with its page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

from artkit.cli.frame import PLAIN, Screen, explained, print_json, print_table
from artkit.cli.make import read_photo, to_gallery
from artkit.cli.options import Debug, Gallery, Json, NoMetadata, NoPhoto, Quiet, gallery_folder
from artkit.errors import ArtkitError

app = typer.Typer(**PLAIN)


def command() -> Any:
    """Build the command."""
    return typer.main.get_command(app)


SHEET = "A6"
"""Paper of what pens draw: a postcard does for a small photo, and takes a sixteenth of the lines."""


@app.command()
def demo(
    gallery: Gallery = None,
    no_metadata: NoMetadata = False,
    no_photo: NoPhoto = False,
    quiet: Quiet = False,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Make an artwork with every preset from a bundled photo."""
    from artkit.gallery import refresh
    from artkit.recipe import find, presets
    from artkit.recipe.change import with_values

    folder, source = gallery_folder(gallery), str(bundled_photo())
    made, failed = [], 0
    with Screen(quiet) as screen:
        for name in sorted(presets()):
            try:
                recipe = find(name)
                sheets = {f"{step.op.name}.page": SHEET for step in recipe.steps if "page" in step.op.parameters}
                recipe = with_values(recipe, sheets)
                photo = read_photo(source, recipe)
                made.append(to_gallery(recipe, photo, folder, screen, no_metadata, keep_photo=not no_photo))
            except (ArtkitError, MemoryError) as error:  # a preset of the user's own may be broken
                failed += 1
                screen.fail(f"Error: {name}: {explained(error)}")
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


def bundled_photo() -> Path:
    """The file of a photo that comes with scikit-image: Chelsea the cat or, should she have left, the astronaut."""
    from importlib.resources import files

    # The files, not `skimage.data.chelsea()`: that imports scikit-image's loaders only to decode what we then encode.
    folder = Path(str(files("skimage"))) / "data"
    found = [folder / name for name in ("chelsea.png", "astronaut.png") if (folder / name).is_file()]
    if not found:
        raise ArtkitError(f"{folder}: the photo of the demo is missing; reinstall scikit-image")
    return found[0]
