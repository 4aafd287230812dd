"""Recipes: TOML in, steps with checked parameters out, which alone can run; and canonical TOML again.

    title = "Screen-print poster"
    seed  = 7
    [[steps]]
    op = "median"
    size = 9
    [[steps]]
    op = "kmeans"
    colors = 6
    [expose]
    colors = "kmeans.colors"

`Recipe.read` and `Recipe.parse` name every fault of a file at once, one line each: file and line, step, parameter, the
bad value and a way out. Values are taken as TOML writes them: "9" is not a number, nor is 9.0 a whole one, but 9 does
where a parameter takes decimals. Values given as text (`--set`) are converted by the parameter's type instead.
"""

TYPE_CHECKING = False  # as in `typing`, which need not be loaded for this
if TYPE_CHECKING:
    from typing import Any

    from artkit.recipe.check import Bound, Checked
    from artkit.recipe.files import find, read
    from artkit.recipe.json_schema import schema
    from artkit.recipe.listing import listed, path_of, presets, retired, summary, user_presets
    from artkit.recipe.model import FAMILIES, KEYS, MAX_SEED, RESERVED, RecipeData, Step
    from artkit.recipe.recipe import Recipe
    from artkit.recipe.tracks import value_at

# Names are looked up when used (PEP 562): presets are listed without what checks and writes recipes.
_HOMES = {
    "check": ("Bound", "Checked"),
    "files": ("find", "read"),
    "json_schema": ("schema",),
    "listing": ("listed", "path_of", "presets", "retired", "summary", "user_presets"),
    "model": ("FAMILIES", "KEYS", "MAX_SEED", "RESERVED", "RecipeData", "Step"),
    "recipe": ("Recipe",),
    "tracks": ("value_at",),
}

__all__ = [
    "FAMILIES",
    "KEYS",
    "MAX_SEED",
    "RESERVED",
    "Bound",
    "Checked",
    "Recipe",
    "RecipeData",
    "Step",
    "find",
    "listed",
    "path_of",
    "presets",
    "read",
    "retired",
    "schema",
    "summary",
    "user_presets",
    "value_at",
]


def __getattr__(name: str) -> "Any":
    from importlib import import_module

    home = next((home for home, names in _HOMES.items() if name in names), None)
    if home is None:
        raise AttributeError(f"module 'artkit.recipe' has no attribute {name!r}")
    return getattr(import_module(f"artkit.recipe.{home}"), name)
