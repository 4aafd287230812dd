"""`artkit reproduce ID|FILE`: the artwork made again, and compared byte by byte."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from artkit.batch.making import run_on
from artkit.cli import completion
from artkit.cli.demo import bundled_photo
from artkit.cli.frame import PLAIN, Screen, print_json
from artkit.cli.make import read_photo
from artkit.cli.options import Debug, InGallery, Json, Quiet, gallery_folder
from artkit.errors import ArtkitError

if TYPE_CHECKING:
    from artkit.gallery.reproduce import Comparison, Original

app = typer.Typer(**PLAIN)

ALIKE, DIFFERENT = 3, 1
"""Exit status where the bytes differ: what they show is the same, or is not."""


def command() -> Any:
    """Build the command."""
    return typer.main.get_command(app)


@app.command()
def reproduce(
    artwork: Annotated[
        str,
        typer.Argument(
            metavar="ID|FILE",
            autocompletion=completion.artworks,
            help="An artwork's file, or part of its name in a gallery.",
        ),
    ],
    photo: Annotated[
        str | None,
        typer.Option(
            "--photo", metavar="FILE", help="What it was made of.  [default: of that name, here or beside it]"
        ),
    ] = None,
    gallery: InGallery = None,
    quiet: Quiet = False,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Make an artwork again from itself and compare the bytes.

    Exit 0: the same; 3: other bytes that show the same; 1: something else.
    """
    from artkit.gallery.reproduce import compare, find, original, photo_of

    work = original(find(artwork, gallery_folder(gallery)))
    source = photo_of(work, photo, _places(work))
    with Screen(quiet) as screen:
        found = compare(work, _made(work, source, screen))
    if json:
        print_json(
            {"file": work.path, "photo": source, "state": found.state, "apart": found.apart, "versions": found.versions}
        )
    else:
        typer.echo("\n".join(_told(work, found)))
    if found.state != "same":
        raise typer.Exit(ALIKE if found.state == "alike" else DIFFERENT)


def _places(work: Original) -> list[Path]:
    """Give where its photo may lie: here, beside the artwork, beside its gallery; and the demo's."""
    folders = (Path(), work.path.parent, work.path.parent.parent)
    places = [folder / Path(work.photo).name for folder in folders] if work.photo else []
    try:
        return [*places, bundled_photo()]
    except ArtkitError:
        return places


def _made(work: Original, source: Path, screen: Screen) -> bytes:
    from artkit import export
    from artkit.gallery import provenance
    from artkit.gallery.reproduce import again

    recipe = again(work)
    photo = read_photo(str(source), recipe, moving=work.moving)
    suffix = work.path.suffix
    origin = provenance(
        recipe,
        photo_sha256=photo.sha256,
        credits=photo.credits,
        suffix=suffix,
        made=work.recipe.data.made or None,
        silent=work.silent,
    )
    return export.encode(run_on(recipe, photo, origin, screen), suffix, metadata=origin.metadata)


def _told(work: Original, found: Comparison) -> list[str]:
    svg = work.path.suffix.lower() in (".svg", ".svgz")
    match found.state:
        case "same":
            return [f"{work.path}: the same bytes"]
        case "alike":
            what = f"the same geometry, {found.apart:.4f} px apart at most," if svg else "the same pixels,"
        case _ if found.apart is None:
            what = "another artwork, of other parts,"
        case _:
            what = f"another artwork, {found.apart:.3g} {'px' if svg else 'levels'} apart,"
    lines = [f"{work.path}: {what} and other bytes"]
    lines += [f"  {name}: {was} then, {now} now" for name, (was, now) in found.versions.items()]
    if not found.versions:
        lines.append("  no version that is known of differs; the processor may, or the file was changed")
    return lines
