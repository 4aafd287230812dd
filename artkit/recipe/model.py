"""What a recipe says, as data: nothing here is checked; `artkit.recipe.check` makes of it what can run."""

from __future__ import annotations

from dataclasses import dataclass, field

KEYS = (
    "schema", "title", "description", "family", "caption", "creator", "rights", "source_type", "seed", "size", "crop",
    "steps", "choose", "expose", "animate", "export", "footage", "made",
)  # fmt: skip
"""What may stand at the top of a recipe."""

FAMILIES = {
    "vector": "shapes of flat color",
    "print": "inks, dots and blocks",
    "paint": "brushes, chalk and pixels",
    "pen": "lines that a plotter draws",
    "motion": "what moves",
    "article": "those of the article that artkit grew out of",
}
"""Families of looks, in the order in which presets are listed, and what is in each."""

RESERVED = frozenset((
    "creator", "crop", "debug", "gallery", "help", "ids", "json", "memory", "metadata", "no-metadata", "output",
    "photo", "preset", "quiet", "rights", "seed", "set", "size", "source-type", "source_type", "title", "values",
    "version",
))  # fmt: skip
"""Names that `artkit apply` and `artkit.apply` use themselves, so that no recipe can expose a parameter under them."""

MAX_SEED = 2**63 - 1
"""The largest whole number that TOML promises to keep."""


@dataclass(frozen=True)
class Step:
    """One op with the parameters that the recipe gives; the op's defaults are not filled in."""

    op: str
    values: dict[str, object] = field(default_factory=dict)
    id: str = ""


@dataclass(frozen=True)
class RecipeData:
    """Steps from a photo to an artwork. `expose` names the parameters that become options of the preset's command.

    `choose` names options that set several parameters at once, see `artkit.recipe.choices`.
    A STEP is addressed by its number from 1, by its `id`, or by its op's name where the op is used once.
    `animate` is the table of that name: what `artkit.recipe.motion.animate` takes and, under "vary", STEP.PARAMs with
    the numbers that each goes through. `footage` is what `artkit.recipe.clip.clip` takes, for a photo that moves.

    `export` is the table of that name, see `artkit.recipe.on_paper`; it changes no pixel of the artwork itself.

    `family` is one of FAMILIES, by which presets are listed; "" is none. `size` and `crop` are what is made of the
    photo first, see `artkit.run.prepare`. `caption`, the artwork's title, `creator`, `rights` and `source_type` go into
    the artwork's metadata. `made` is what an artwork's recipe says of its making, the photo's digest and versions: it
    changes nothing when the recipe is applied again.
    """

    title: str = ""
    description: str = ""
    seed: int = 0
    steps: tuple[Step, ...] = ()
    expose: dict[str, str] = field(default_factory=dict)
    name: str = "recipe"
    animate: dict[str, object] | None = None
    export: dict[str, object] | None = None
    size: int | None = None
    crop: tuple[int, int, int, int] | None = None
    caption: str = ""
    creator: str = ""
    rights: str = ""
    source_type: str = ""
    made: dict[str, str] = field(default_factory=dict)
    footage: dict[str, object] | None = None
    family: str = ""
    choose: dict[str, dict[str, dict[str, object]]] = field(default_factory=dict)
