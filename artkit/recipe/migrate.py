"""A recipe's document of any schema in, the same recipe in today's words out: what has changed lives here alone.

The schema is a whole number, apart from artkit's version; a recipe that names none has schema 1. Whoever gives an
operation or a parameter another name, or another default, adds a migration, which says in today's words what a recipe
of the schema before meant. `tests/recipes/defaults.json` has the defaults that each schema stands for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from typing import Any

from artkit.registry.toml import write_value

Document = dict[str, Any]
"""A recipe as TOML says it, its form not checked yet: a migration leaves what it does not understand as it is."""

Migration = Callable[[Document], None]
"""Changes a document of its schema into one of the next."""

_GIVEN_FOCUS = frozenset((
    "contour-lines", "crosshatch", "flow", "halftone-dots", "halftone-lines", "hatch", "low-poly", "outline",
    "papercut", "scribble", "spiral", "stained-glass", "stipple", "trace", "tsp", "watercolor", "waves",
))  # fmt: skip
"""Operations that schema 2 has made see what matters in a picture by themselves."""


def _from_1(document: Document) -> None:
    """Clusters were k-means in RGB, nothing mattered more than the rest, no GIF was dithered, unless they said so.

    Layers that were stacked went on beneath all above them.
    """
    for step in steps_of(document):
        op = step.get("op")
        if op == "kmeans":
            step.setdefault("space", "rgb")
        if isinstance(op, str) and op in _GIVEN_FOCUS:
            step.setdefault("focus", "off")
        if op == "trace" and step.get("layers") == "stacked":
            step.setdefault("overlap", "all")
    if isinstance(document.get("animate"), dict):
        document["animate"].setdefault("dither", False)


MIGRATIONS: tuple[Migration, ...] = (_from_1,)
"""The first leads from schema 1 to 2, and so on."""

SCHEMA = 1 + len(MIGRATIONS)
"""What recipes are written in today."""


def migrated(document: Document, migrations: Sequence[Migration] | None = None) -> Document:
    """Give the recipe in today's schema; a ValueError says what is wrong with the schema that it names."""
    migrations = MIGRATIONS if migrations is None else migrations
    newest = 1 + len(migrations)
    schema = document.get("schema", 1)
    if type(schema) is not int or schema < 1:
        raise ValueError(f"schema: {write_value(schema)} is no schema; use a whole number from 1 to {newest}")
    if schema > newest:
        raise ValueError(
            f"schema: {schema} is newer than what this artkit reads, which is 1 to {newest}; upgrade artkit"
        )
    changed = deepcopy(document)
    for migration in migrations[schema - 1 :]:
        migration(changed)
    return {"schema": newest} | changed | {"schema": newest}


def steps_of(document: Document) -> Iterator[dict[str, Any]]:
    """Give the steps that have the form of one."""
    steps = document.get("steps")
    if isinstance(steps, list):
        yield from (step for step in steps if isinstance(step, dict))
