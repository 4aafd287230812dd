"""`artkit docs`: the documentation in a terminal, or as a site."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from artkit.cli.frame import PLAIN, Screen, print_json, print_table
from artkit.cli.options import Debug, Jobs, Json, Quiet
from artkit.workers import cores

app = typer.Typer(no_args_is_help=True, **PLAIN)


def command() -> Any:
    """Build the command."""
    return typer.main.get_command(app)


@app.command("list")
def list_pages(json: Json = False, debug: Debug = False) -> None:
    """List the pages."""
    from artkit.manual.pages import pages, title

    rows = [(name, title(text)) for name, text in pages().items()]
    if json:
        print_json([{"name": name, "title": heading} for name, heading in rows])
    else:
        print_table(("page", "about"), rows)


@app.command()
def show(
    name: Annotated[str, typer.Argument(metavar="PAGE", help="A page's name, such as plotter.")], debug: Debug = False
) -> None:
    """Print a page."""
    from artkit.manual.pages import page

    typer.echo(page(name), nl=False)


@app.command()
def schema(debug: Debug = False) -> None:
    """Print the JSON Schema of recipes, for an editor."""
    from artkit.manual.pages import folder

    typer.echo((folder() / "recipe.schema.json").read_text("utf-8"), nl=False)


@app.command()
def build(
    to: Annotated[
        Path, typer.Option("--to", metavar="DIR", help="The folder of the site.  [default: ./site]", show_default=False)
    ] = Path("site"),
    jobs: Jobs = None,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Build the site: all pages, with a picture of every preset and operation. Needs artkit[docs]."""
    from artkit.cli.demo import bundled_photo
    from artkit.manual.site import build

    with Screen(quiet) as screen:
        index = build(to, bundled_photo(), jobs or cores(), screen.overall("pictures"))
    typer.echo(index)
