"""`artkit trace PHOTO`: the tracer alone; its options are the parameters of the op `trace`, whatever they are."""

from __future__ import annotations

from typing import Any

from artkit.cli import parameters
from artkit.cli.make import make_all
from artkit.cli.options import Request
from artkit.errors import RecipeError


def command() -> Any:
    """Build the command from the op's declaration."""
    from artkit import registry
    from artkit.recipe.clip import CLIP

    options = CLIP.parameters | registry.find("trace").parameters
    return parameters.command(_trace, "trace", "", registry.find("trace").parameters | options, ("set_", "seed"))


def _trace(request: Request, *, values: dict[str, object]) -> None:
    from artkit import registry
    from artkit.recipe import RecipeData, Step
    from artkit.recipe.change import with_values

    recipe, own = RecipeData(steps=(Step("trace"),), name="trace"), registry.find("trace").parameters
    given = {f"{'trace' if name in own else 'footage'}.{name}": value for name, value in values.items()}
    try:
        asked = with_values(recipe, given)
    except RecipeError as error:
        raise RecipeError(str(error).replace("trace: step 1 (trace): ", "trace: ")) from None
    make_all(asked, request)
