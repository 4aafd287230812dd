"""`artkit apply PRESET PHOTO...`: every preset is a command of its own, with its exposed parameters as options."""

from __future__ import annotations

from typing import Any

from typer.core import TyperGroup

from artkit.cli import parameters
from artkit.cli.frame import Late
from artkit.cli.make import make_all
from artkit.cli.options import Request, assignments
from artkit.cli.slips import no_preset
from artkit.errors import UsageError


class Presets(TyperGroup):
    """The presets as commands: listed from their files' first lines, built when one is named."""

    example = "artkit apply PRESET PHOTO -o FILE"

    def build(self, name: str) -> Any:
        """Build the command of a preset."""
        return _build(name)

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """Options come after the photos."""
        return [self.subcommand_metavar]

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Refuse options before the preset, which alone knows them all."""
        if args and args[0].startswith("-") and args[0] not in ctx.help_option_names and not ctx.resilient_parsing:
            raise UsageError(f"{args[0]}: options come after the preset and the photo, as in: {self.example}")
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Give the command of a preset; a UsageError tells of a photo, a folder or an address in its place."""
        if not ctx.resilient_parsing and (fault := no_preset(args, self.example)):
            raise UsageError(fault)
        return super().resolve_command(ctx, args)

    def list_commands(self, ctx: Any) -> list[str]:
        """Names of all presets."""
        from artkit.recipe import presets

        return list(presets())

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Give the command of a preset or, for anything else, of the recipe file of that name."""
        return Late(cmd_name, _summary(cmd_name), lambda: self.build(cmd_name))


def command() -> Any:
    """Build the command, without any of the presets."""
    return Presets(
        name="apply",
        no_args_is_help=True,
        subcommand_metavar="PRESET PHOTO... [OPTIONS]",
        epilog="PRESET is one of these or the path of a recipe; `artkit apply PRESET --help` lists its options.",
        rich_markup_mode=None,
    )


def _summary(name: str) -> str:
    from artkit.recipe import presets, summary

    title, description = summary(presets()[name]) if name in presets() else ("", "")
    return description or title


def _build(name: str) -> Any:
    from artkit.recipe import find
    from artkit.recipe.change import clip_options, motion_options, options, with_options, with_values

    recipe = find(name)

    def apply(request: Request, *, values: dict[str, object]) -> None:
        make_all(with_values(with_options(recipe, values), assignments(request.set_)), request)

    text = recipe.data.title + (f"\n\n{recipe.data.description}" if recipe.data.description else "")
    return parameters.command(apply, name, text, options(recipe) | motion_options(recipe) | clip_options(recipe))
