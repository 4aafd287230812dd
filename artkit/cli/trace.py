"""`artkit trace PHOTO`: the tracer alone; its options are the parameters of the op `trace`, whatever they are."""

from __future__ import annotations

from typing import Any

from artkit.cli import options
from artkit.cli.frame import Debug, Json, Quiet
from artkit.cli.make import Crop, Gallery, Output, Photos, Size, make_all


def command() -> Any:
    """Build the command from the op's declaration."""
    from artkit import registry

    return options.command(_trace, "trace", "", registry.find("trace").parameters)


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
