"""`artkit recipe FILE`: the recipe that made an artwork; `artkit recipe upgrade FILE`: a recipe in today's schema."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from artkit.cli.frame import PLAIN, Late, hint, print_json
from artkit.cli.options import Debug, Json
from artkit.errors import UsageError

_UPGRADE = "upgrade"


class Files(TyperGroup):
    """Files as commands: whatever is not `upgrade` is one whose recipe is printed."""

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """Options come after the file."""
        return [self.subcommand_metavar]

    def list_commands(self, ctx: Any) -> list[str]:
        """The one that has a name."""
        return [_UPGRADE]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Give the command of that name, or the one that prints the recipe in the file of that name."""
        if cmd_name == _UPGRADE:
            return Late(_UPGRADE, "Rewrite recipe files in today's schema.", lambda: _built(_upgrade, _UPGRADE))
        return Late(cmd_name, "", lambda: _built(_shown(cmd_name), cmd_name))


def command() -> Any:
    """Build the command."""
    return Files(
        name="recipe",
        no_args_is_help=True,
        subcommand_metavar="FILE [--short] [--json]",
        epilog="FILE is an artwork (SVG, SVGZ, PDF, PNG, GIF, WebP, JPEG, TIFF, or any in its gallery), a recipe, a "
        "preset; `artkit recipe FILE > mine.toml; artkit apply mine.toml PHOTO` makes the artwork again.",
        rich_markup_mode=None,
    )


def _built(function: Any, name: str) -> Any:
    app = typer.Typer(**PLAIN)
    app.command(name)(function)
    return typer.main.get_command(app)


def _shown(source: str) -> Any:
    def show(
        short: Annotated[bool, typer.Option("--short", help="Leave out values that are the default.")] = False,
        json: Json = False,
        debug: Debug = False,
    ) -> None:
        from artkit.recipe import find
        from artkit.recipe.difference import call, differences, preset_of
        from artkit.recipe.difference import command as command_of
        from artkit.recipe.write import dump

        checked = find(source)
        text = dump(checked, short=short)
        if json:
            data = checked.data
            preset = preset_of(checked)
            print_json(
                {
                    "file": source,
                    "preset": preset,
                    "changes": differences(checked, preset) if preset else None,
                    "command": command_of(checked, preset, "PHOTO", source),
                    "python": call(checked, preset, "PHOTO", source),
                    "made": data.made,
                    "recipe": text,
                }
            )
        else:
            typer.echo(text, nl=False)

    show.__doc__ = f"Print the recipe in {source}."
    return show


def _upgrade(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Recipe files; they are written anew.")],
    debug: Debug = False,
) -> None:
    """Rewrite recipe files in today's schema, so that they mean what they meant."""
    from artkit.export import files as disk
    from artkit.metadata import embedded
    from artkit.recipe.listing import text_of
    from artkit.recipe.migrate import SCHEMA
    from artkit.recipe.upgrade import upgraded

    for name in files:
        before = text_of(name)
        if embedded.is_artwork(_begin(name)):
            raise UsageError(f"{name}: is an artwork, which stays as it is; artkit recipe {name} prints its recipe")
        after, kept = upgraded(before, name)
        if after == before:
            hint(f"{name}: is of schema {SCHEMA} already")
            continue
        disk.write(name, after.encode())
        if not kept:
            hint(f"{name}: its comments could not be kept")
        typer.echo(name)


def _begin(name: str) -> bytes:
    with Path(name).open("rb") as file:
        return file.read(4096)
