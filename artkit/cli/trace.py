"""`artkit trace PHOTO`: the tracer alone; its options are the parameters of the op `trace`, whatever they are."""

from __future__ import annotations

from typing import Any

from typer.core import TyperCommand

from artkit.cli import options
from artkit.cli.frame import Debug, Json, Quiet
from artkit.cli.make import Crop, Gallery, Output, Photos, Size, make_all


class Trace(TyperCommand):
    """The command with the op's options; they are read off its declaration when the command is used."""

    def make_context(self, info_name: Any, args: Any, parent: Any = None, **extra: Any) -> Any:
        """Hand over to the command with all its options."""
        from artkit import registry

        op = registry.find("trace")
        complete = options.command(_trace, "trace", self.help or "", op.parameters)
        return complete.make_context(info_name, args, parent=parent, **extra)


def trace() -> None:
    """Trace photos, drawings and logos into filled SVG shapes."""


def _trace(
    photos: Photos,
    *,
    values: dict[str, object],
    size: Size = None,
    crop: Crop = None,
    output: Output = None,
    gallery: Gallery = None,
    quiet: Quiet = False,
    json: Json = False,
    debug: Debug = False,
) -> None:
    from artkit.recipe import Recipe, Step

    recipe = Recipe(title="Trace", steps=(Step("trace"),), name="trace")
    make_all(
        recipe.with_values({f"trace.{name}": value for name, value in values.items()}),
        photos,
        seed=None,
        size=size,
        crop=crop,
        output=output,
        gallery=gallery,
        quiet=quiet,
        json=json,
    )
