"""The options of `artkit plot` for fills: --hatch, which may stand alone, and whether hidden lines are drawn."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperCommand

HatchOption = Annotated[
    str | None,
    typer.Option(
        "--hatch",
        metavar="[MM,ANGLE]",
        help="Hatch filled shapes: 1mm,45 is from line to line, and the direction.  [default: 3 pens,45]",
        show_default=False,
    ),
]

Hidden = Annotated[
    bool | None,
    typer.Option(
        "--hidden/--no-hidden",
        help="Draw lines that later fills cover.  [default: without --hatch]",
        show_default=False,
    ),
]


class HatchCommand(TyperCommand):
    """A command whose --hatch may be followed by what it asks for, by another option, or by the file."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Say `--hatch auto` where nothing is asked for."""
        from artkit.pens.hatch import is_hatch

        for at in reversed([place for place, word in enumerate(args) if word == "--hatch"]):
            if at + 1 == len(args) or not is_hatch(args[at + 1]):
                args = [*args[: at + 1], "auto", *args[at + 1 :]]
        return super().parse_args(ctx, args)
