"""`artkit presets`: list them, show one, check recipe files; begin, edit, share, add and delete those of one's own."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from artkit.cli import completion
from artkit.cli.frame import PLAIN, hint, print_json, print_table
from artkit.cli.options import STREAM, Debug, DryRun, Json, Output
from artkit.errors import ArtkitError, RecipeError, UsageError, did_you_mean

if TYPE_CHECKING:
    from artkit.recipe import Checked

app = typer.Typer(invoke_without_command=True, **PLAIN)

Name = Annotated[
    str,
    typer.Argument(metavar="NAME", help="A preset's name or the path of a recipe.", autocompletion=completion.presets),
]


def command() -> Any:
    """Build the command."""
    return typer.main.get_command(app)


@app.callback()
def _presets(context: typer.Context, json: Json = False, debug: Debug = False) -> None:
    if context.invoked_subcommand is None:
        list_presets(json)


@app.command("list")
def list_presets(json: Json = False, debug: Debug = False) -> None:
    """List all presets by family (the same without `list`)."""
    rows = _summaries()
    if json:
        print_json([dict(zip(("name", "title", "description", "family", "file"), row, strict=True)) for row in rows])
    else:
        told = [(name, family or "-", description or title) for name, title, description, family, _ in rows]
        print_table(("preset", "family", "what it makes"), told)
    from artkit.packages import broken

    for name, reason in broken().items():
        hint(f"Broken plug-in {name}: {reason}")


@app.command()
def show(name: Name, json: Json = False, debug: Debug = False) -> None:
    """Show a preset as a complete recipe."""
    from artkit.cli.parameters import look
    from artkit.recipe import find, path_of
    from artkit.recipe.change import options
    from artkit.recipe.write import dump
    from artkit.registry.controls import shown

    checked = find(name)
    recipe, offered = checked.data, options(checked)
    looks = {option: look(parameter) for option, parameter in offered.items()}
    if json:
        print_json(
            {
                "name": recipe.name,
                "file": path_of(name),
                "title": recipe.title,
                "description": recipe.description,
                "family": recipe.family,
                "gives": checked.gives.__name__,
                "seed": recipe.seed,
                "options": {
                    option: {"sets": _set_by(checked, option), "type": looks[option].kind, "default": parameter.default}
                    for option, parameter in offered.items()
                },
                "recipe": dump(checked),
            }
        )
        return
    typer.echo(f"# {path_of(name)}")
    typer.echo(f"# gives: {checked.gives.__name__}")
    for option, parameter in offered.items():
        kind, _, limits = looks[option]
        typer.echo(f"# --{option.replace('_', '-')} {kind}  {limits}".rstrip() + f"  (now {shown(parameter.default)})")
    typer.echo(f"\n{dump(checked)}".rstrip())


def _set_by(checked: Checked, option: str) -> str | list[str]:
    """Give the STEP.PARAM that an option sets, or all of them where it is a choice."""
    choices = checked.data.choose.get(option)
    return list(next(iter(choices.values()))) if choices else checked.data.expose[option]


@app.command()
def check(
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE...", help="Recipe files, or names of presets.", autocompletion=completion.presets),
    ],
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
        str,
        typer.Option(
            "--from",
            metavar="PRESET",
            help="The preset, recipe or artwork to begin with.",
            autocompletion=completion.presets,
        ),
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
    return files.write(path, _copied(Path(recipe.path_of(source)), checked).encode(), fresh=True)


@app.command("path")
def path_of(name: Name, debug: Debug = False) -> None:
    """Print where a preset's file lies."""
    from artkit import recipe

    recipe.find(name)
    typer.echo(recipe.path_of(name))


@app.command()
def edit(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="A preset of your own.", autocompletion=completion.own_presets)
    ],
    debug: Debug = False,
) -> None:
    """Open a preset of your own in your editor, $VISUAL or $EDITOR, and check it afterwards."""
    import os
    import shlex
    import shutil
    import subprocess

    path = _own(name)
    usual = next(filter(shutil.which, ("nano", "vi", "notepad")), "")
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or usual
    if not editor:
        raise UsageError(f"there is no editor; set EDITOR to one, or change {path} by any other way")
    try:
        status = subprocess.call([*shlex.split(editor), str(path)])
    except (OSError, ValueError) as error:
        raise UsageError(f"EDITOR={editor}: cannot be started: {error}") from None
    if status:
        raise ArtkitError(f"{editor} ended with status {status}")
    if faults := _faults(str(path)):
        raise RecipeError(faults)
    typer.echo(path)


@app.command()
def delete(
    names: Annotated[
        list[str], typer.Argument(metavar="NAME...", help="Presets of your own.", autocompletion=completion.own_presets)
    ],
    dry_run: DryRun = False,
    debug: Debug = False,
) -> None:
    """Delete presets of your own, and print their files."""
    for path in [_own(name) for name in names]:
        if not dry_run:
            path.unlink()
        typer.echo(path)


@app.command()
def share(name: Name, output: Output = None, debug: Debug = False) -> None:
    """Print a preset as a recipe that stands alone, its palettes as colors; others take it by `artkit presets add`."""
    from artkit.export import files
    from artkit.recipe import find
    from artkit.recipe.write import dump

    checked = find(name)
    for step in checked.steps:
        if (focus := str(step.values.get("focus", ""))) and Path(focus).is_file():
            hint(f"{step.op.name}.focus: {focus} is a file, which is not in it; send it along")
    text = dump(replace(checked, data=replace(checked.data, crop=None, made={})), short=True)
    if output in (None, STREAM):
        typer.echo(text, nl=False)
    else:
        typer.echo(files.write(Path(str(output)), text.encode()))


@app.command()
def add(
    source: Annotated[str, typer.Argument(metavar="FILE", help="A recipe, or an artwork that carries one.")],
    name: Annotated[str | None, typer.Option("--name", metavar="NAME", help="Its name.  [default: the file's]")] = None,
    debug: Debug = False,
) -> None:
    """Add a recipe to the presets of your own, and print its file."""
    typer.echo(begin(name or Path(source).stem.lower().replace("_", "-").replace(" ", "-"), source))


def _own(name: str) -> Path:
    """Give the file of a preset of the user's own; a UsageError says of others what can be done."""
    from artkit import recipe

    known = recipe.presets()
    if name not in known:
        own = [each for each, path in known.items() if path.parent == recipe.user_presets()]
        raise UsageError(f"no preset {name!r}{did_you_mean(name, own or known)}")
    if known[name].parent != recipe.user_presets():
        way = f"artkit presets new my-{name} --from {name}"
        raise UsageError(f"{name}: is not your own; `{way}` makes one that is")
    return known[name]


def _copied(source: Path, checked: Checked) -> str:
    """Give the recipe as it was written; of an artwork, without what it says of that photo alone."""
    from artkit.metadata import embedded
    from artkit.recipe.listing import text_of
    from artkit.recipe.write import dump

    with source.open("rb") as file:
        if not embedded.is_artwork(file.read(4096)):
            return text_of(source)
    return dump(replace(checked, data=replace(checked.data, crop=None, made={})), short=True)


def _summaries() -> list[tuple[str, str, str, str, Any]]:
    """Give name, title, description, family and file of each preset; those of a family follow each other."""
    from artkit.recipe import FAMILIES, listed, presets

    rows = [(name, *listed(path), path) for name, path in presets().items()]
    places = {family: place for place, family in enumerate(FAMILIES)}
    return sorted(rows, key=lambda row: places.get(row[3], len(places)))


def _faults(file: str) -> list[str]:
    from artkit.recipe import find

    try:
        find(file)
    except RecipeError as error:
        return error.faults
    except UsageError as error:
        return [str(error)]
    return []
