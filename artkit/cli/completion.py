"""What a shell completes: the beginning of a word in, the words that go on from there out; faults complete nothing.

Options and arguments name these functions where they are declared; choices of parameters are read off these.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import typer

from artkit.errors import ArtkitError

Words = list[str]


def presets(incomplete: str) -> Words:
    """Names of presets."""
    from artkit.recipe import presets

    return _beginning(incomplete, presets())


def own_presets(incomplete: str) -> Words:
    """Names of the user's own presets."""
    from artkit.recipe import presets, user_presets

    return _beginning(incomplete, (name for name, path in presets().items() if path.parent == user_presets()))


def operations(incomplete: str) -> Words:
    """Names of operations."""
    from artkit.registry import all_ops

    return _beginning(incomplete, all_ops())


def machines(incomplete: str) -> Words:
    """Names of plotters."""
    from artkit.pens.machine import MACHINES

    return _beginning(incomplete, MACHINES.known())


def palettes(incomplete: str) -> Words:
    """Names of palettes and, once a letter is there, of CSS's colors; behind a comma, too."""
    from artkit.color.named import SETS

    before, comma, word = incomplete.rpartition(",")
    known = list(SETS)
    if word:
        from PIL import ImageColor

        known += ImageColor.colormap
    return [f"{before}{comma}{name}" for name in _beginning(word, known)]


def targets(context: typer.Context, incomplete: str) -> Words:
    """STEP.PARAM= of the recipe whose command it is, or whose --preset stands there; else of all operations."""
    from artkit.recipe import find
    from artkit.registry import all_ops

    try:
        recipe = find(str(context.params.get("preset") or context.info_name))
    except ArtkitError:
        steps = [(name, op) for name, op in all_ops().items()]
    else:
        names = [step.op.name for step in recipe.steps]
        steps = [
            (data.id or (step.op.name if names.count(step.op.name) == 1 else str(number)), step.op)
            for number, (step, data) in enumerate(zip(recipe.steps, recipe.data.steps, strict=True), 1)
        ]
    return _beginning(incomplete, (f"{place}.{name}=" for place, op in steps for name in op.parameters))


def artworks(context: typer.Context, incomplete: str) -> Words:
    """Names of the artworks in the gallery."""
    from artkit.cli.settings import values
    from artkit.gallery.find import names

    with suppress(ArtkitError, OSError):
        known = values()
        folder = context.params.get("gallery") or (known["gallery"].text if "gallery" in known else "gallery")
        return _beginning(incomplete, names(Path(folder)))
    return []


def _beginning(incomplete: str, names: Iterable[str]) -> Words:
    return [name for name in names if name.startswith(incomplete)]
