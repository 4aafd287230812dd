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

from artkit.recipe.check import Bound, Checked
from artkit.recipe.files import find, presets, read, summary, user_presets
from artkit.recipe.json_schema import schema
from artkit.recipe.model import KEYS, MAX_SEED, RESERVED, RecipeData, Step
from artkit.recipe.recipe import Recipe
from artkit.recipe.tracks import value_at

__all__ = [
    "KEYS",
    "MAX_SEED",
    "RESERVED",
    "Bound",
    "Checked",
    "Recipe",
    "RecipeData",
    "Step",
    "find",
    "presets",
    "read",
    "schema",
    "summary",
    "user_presets",
    "value_at",
]
