"""`artkit config`: what is set, and where; the files that say so, and a first one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from artkit.cli import settings
from artkit.cli.frame import PLAIN, hint, print_json, print_table
from artkit.cli.options import Debug, Json
from artkit.errors import UsageError

app = typer.Typer(**PLAIN)


def command() -> Any:
    """Build the command."""
    return typer.main.get_command(app)


@app.callback(invoke_without_command=True)
def config(context: typer.Context, json: Json = False, debug: Debug = False) -> None:
    """Show what is set for all commands, and where: in `artkit.toml`, or by a variable."""
    if context.invoked_subcommand:
        return
    known = settings.values()
    if json:
        print_json({key: known[key]._asdict() if key in known else None for key in settings.SETTINGS})
        return
    rows = [
        (key, known[key].text if key in known else "-", known[key].source if key in known else "", setting.of)
        for key, setting in settings.SETTINGS.items()
    ]
    print_table(("setting", "value", "set in", "what it is"), rows)
    if not settings.files():
        example = f"{settings.variable('page')}=A3"
        typer.echo(f"artkit config init writes {settings.FILE} here; a variable sets one of them: {example}.")


@app.command("path")
def path(json: Json = False, debug: Debug = False) -> None:
    """Print the files that are read, the one that counts most first."""
    found = settings.files()
    if json:
        print_json(found)
        return
    for each in found:
        typer.echo(each)
    if settings.users() not in found:
        hint(f"{settings.users()} is not there; artkit config init --user writes it")


@app.command("init")
def init(
    user: Annotated[bool, typer.Option("--user", help="In your own folder, for all projects.")] = False,
    debug: Debug = False,
) -> None:
    """Write a file of settings in this folder, each of them commented out; print its path."""
    from artkit.export import files

    target = settings.users() if user else Path(settings.FILE)
    if target.exists():
        raise UsageError(f"{target}: is there already; artkit config shows what it says")
    target.parent.mkdir(parents=True, exist_ok=True)
    lines = [f"{f'# {key} = {each.example}':34}# {each.of}" for key, each in settings.SETTINGS.items()]
    head = "# What artkit is to take where the command line says nothing: take away the # of what is to hold."
    typer.echo(files.write(target, "\n".join([head, "", *lines, ""]).encode(), fresh=True))
