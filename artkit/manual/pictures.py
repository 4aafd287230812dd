"""A picture of every preset and every operation, made by what it shows: so it is always true."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from artkit.artwork.animation import Animation
from artkit.artwork.image import Image
from artkit.artwork.labels import Labels
from artkit.recipe import find, presets
from artkit.registry import all_ops
from artkit.registry import find as op_of
from artkit.run import read
from artkit.run.library import apply

if TYPE_CHECKING:
    from artkit.registry import Op

WIDTH = 240
"""Pixels from left to right."""

PAPER = {"page": "84x56mm", "margin": 3}
"""Paper of what pens draw: so small that single lines are seen."""

EXAMPLES: dict[str, dict[str, Any]] = {
    "crop": {"x": 80, "y": 20, "width": 120, "height": 80},
    "levels": {"black": 60, "white": 200},
    "pad": {"margin": 16, "fill": "#d62828"},
    "resize": {"size": 60},
    "rotate": {"angle": 15},
    "saturate": {"amount": 2.5},
}
"""Parameters of operations that need some, or do nothing at their defaults."""


def names() -> list[tuple[str, str]]:
    """Give ("presets", name) and ("ops", name) of all that artkit brings."""
    ops = [name for name, op in all_ops().items() if op.function.__module__.startswith("artkit.")]
    return [*(("presets", name) for name in own_presets()), *(("ops", name) for name in ops)]


def own_presets() -> dict[str, Path]:
    """Give the presets that come with artkit, without those of the user or of other packages."""
    found = presets()
    (shipped,) = {path.parent for name, path in found.items() if name == "poster"}
    return {name: path for name, path in found.items() if path.parent == shipped}


def picture(kind: str, name: str, photo: Path, width: int = WIDTH) -> tuple[str, bytes]:
    """Give suffix and bytes of what a preset, or an operation, makes of a photo."""
    made = _preset(name, photo, width) if kind == "presets" else _op(name, photo, width)
    if isinstance(made, Animation):
        return ".gif", made.to_bytes(".gif")
    return ".webp", made.to_image(width).to_bytes(".webp")


def said(name: str) -> str:
    """Give the parameters that the picture of an operation is made with, "" for its defaults."""
    given = _given(op_of(name))
    return ", ".join(f"{key} = {value}" for key, value in given.items())


def _preset(name: str, photo: Path, width: int) -> Any:
    recipe = find(name)
    values = {
        f"{number}.{key}": value
        for number, step in enumerate(recipe.steps, start=1)
        for key, value in PAPER.items()
        if key in step.op.parameters and "page" in step.op.parameters
    }
    return apply(recipe, photo, size=_size(recipe.gives, width), values=values)


def _op(name: str, photo: Path, width: int) -> Any:
    op = op_of(name)
    return op(_source(op, photo, _size(op.gives, width)), **_given(op))


def _size(gives: type, width: int) -> int:
    """Give the size of the photo: smaller where many frames are made of it."""
    return width * 3 // 5 if issubclass(gives, Animation) else width


def _given(op: Op[Any, Any]) -> dict[str, Any]:
    paper = {key: value for key, value in PAPER.items() if key in op.parameters and "page" in op.parameters}
    return paper | EXAMPLES.get(op.name, {})


def _source(op: Op[Any, Any], photo: Path, width: int) -> Any:
    """Give what an operation works on: the photo, its regions in five colors, or these as a drawing."""
    image = read(photo, size=width)
    if Image in op.accepts:
        return image
    regions = op_of("kmeans")(image, colors=5)
    return regions if Labels in op.accepts else op_of("trace")(regions)
