"""`artkit presets`: list them, show one, check recipe files, begin a new one."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from artkit.cli.frame import PLAIN, print_json, print_table
from artkit.cli.options import Debug, Json
from artkit.errors import RecipeError, UsageError

if TYPE_CHECKING:
    from artkit.recipe import Checked

app = typer.Typer(invoke_without_command=True, **PLAIN)

Name = Annotated[str, typer.Argument(metavar="NAME", help="A preset's name or the path of a recipe.")]


def command() -> Any:
    """Build the command."""
    return typer.main.get_command(app)


@app.callback()
def _presets(context: typer.Context, json: Json = False, debug: Debug = False) -> None:
    if context.invoked_subcommand is None:
        list_presets(json)


@app.command("list")
def list_presets(json: Json = False, debug: Debug = False) -> None:
    """List all presets (the same without `list`)."""
    rows = _summaries()
    if json:
        print_json([dict(zip(("name", "title", "description", "file"), row, strict=True)) for row in rows])
    else:
        print_table(("preset", "what it makes"), [(name, description or title) for name, title, description, _ in rows])


@app.command()
def show(name: Name, json: Json = False, debug: Debug = False) -> None:
    """Show a preset as a complete recipe."""
    from artkit.cli.parameters import look, shown
    from artkit.recipe import find, presets
    from artkit.recipe.change import options
    from artkit.recipe.write import dump

    checked = find(name)
    recipe, offered = checked.data, options(checked)
    looks = {option: look(parameter) for option, parameter in offered.items()}
    if json:
        print_json(
            {
                "name": recipe.name,
                "file": presets().get(name, name),
                "title": recipe.title,
                "description": recipe.description,
                "gives": checked.gives.__name__,
                "seed": recipe.seed,
                "options": {
                    option: {"sets": recipe.expose[option], "type": looks[option].kind, "default": parameter.default}
                    for option, parameter in offered.items()
                },
                "recipe": dump(checked),
            }
        )
        return
    typer.echo(f"# {presets().get(name, name)}")
    typer.echo(f"# gives: {checked.gives.__name__}")
    for option, parameter in offered.items():
        kind, _, limits = looks[option]
        typer.echo(f"# --{option.replace('_', '-')} {kind}  {limits}".rstrip() + f"  (now {shown(parameter.default)})")
    typer.echo(f"\n{dump(checked)}".rstrip())


@app.command()
def check(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Recipe files, or names of presets.")],
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Check recipe files and print every fault."""
    faults = {file: _faults(file) for file in files}
    if json:
        print_json(faults)
    else:
        for file, found in faults.items():
            for line in found or [f"{file}: sound"]:
                typer.echo(line)
    if any(faults.values()):
        raise typer.Exit(2)


@app.command()
def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The new preset's name.")],
    source: Annotated[
        str, typer.Option("--from", metavar="PRESET", help="The preset, recipe or artwork to begin with.")
    ],
    debug: Debug = False,
) -> None:
    """Copy a preset, or the recipe in an artwork, to be edited."""
    typer.echo(begin(name, source))


def begin(name: str, source: str) -> Path:
    """Make a preset of the user's own from a preset, a recipe or an artwork, and give its path."""
    from artkit import recipe
    from artkit.export import files, parts

    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        raise UsageError(f"{name}: a preset's name has small letters, digits and hyphens, such as my-poster")
    checked = recipe.find(source)  # says what is wrong with it before anything is written
    parts.clear(recipe.user_presets())
    known = recipe.presets()
    if name in known:
        raise UsageError(f"{name}: there is such a preset, {known[name]}; choose another name")
    path = recipe.user_presets() / f"{name}.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    return files.write(path, _copied(known.get(source, Path(source)), checked).encode(), fresh=True)


def _copied(source: Path, checked: Checked) -> str:
    """Give the recipe as it was written; of an artwork, without what it says of that photo alone."""
    from artkit.metadata import embedded
    from artkit.recipe.files import text_of
    from artkit.recipe.write import dump

    with source.open("rb") as file:
        if not embedded.is_artwork(file.read(4096)):
            return text_of(source)
    return dump(replace(checked, data=replace(checked.data, crop=None, made={})), short=True)


def _summaries() -> list[tuple[str, str, str, Any]]:
    from artkit.recipe import presets, summary

    return [(name, *summary(path), path) for name, path in presets().items()]


def _faults(file: str) -> list[str]:
    from artkit.recipe import find

    try:
        find(file)
    except RecipeError as error:
        return error.faults
    except UsageError as error:
        return [str(error)]
    return []
