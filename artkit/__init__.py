"""artkit: turn photos into vector art.

All that a program needs is here: `read`, `trace`, `apply`, `save`, the types, and `artkit.ops` with every operation.
"""

__version__ = "0.1.0"

TYPE_CHECKING = False  # as in `typing`, which takes long to load, and Ctrl-C is Python's until artkit listens
if TYPE_CHECKING:
    from typing import Any

    from artkit import ops as ops
    from artkit.artwork.animation import Animation
    from artkit.artwork.drawing import Drawing, Layer, Page, Path, Shape
    from artkit.artwork.image import Image
    from artkit.artwork.kinds import Artwork
    from artkit.artwork.labels import Labels
    from artkit.errors import ArtkitError, PhotoError, RecipeError, UsageError
    from artkit.export import save
    from artkit.ops import trace
    from artkit.planar.nesting import subsume
    from artkit.recipe import Recipe, presets
    from artkit.registry import op
    from artkit.run import read
    from artkit.run.library import apply, read_frames
    from artkit.run.notebook import explore

# Names are looked up when first used (PEP 562), so that `import artkit` and `artkit --help` load nothing heavy.
_HOMES = {
    "Animation": "artwork.animation",
    "ArtkitError": "errors",
    "Artwork": "artwork.kinds",
    "Drawing": "artwork.drawing",
    "Image": "artwork.image",
    "Labels": "artwork.labels",
    "Layer": "artwork.drawing",
    "Page": "artwork.drawing",
    "Path": "artwork.drawing",
    "PhotoError": "errors",
    "Recipe": "recipe",
    "RecipeError": "errors",
    "Shape": "artwork.drawing",
    "UsageError": "errors",
    "apply": "run.library",
    "explore": "run.notebook",
    "op": "registry",
    "presets": "recipe",
    "read": "run",
    "read_frames": "run.library",
    "save": "export",
    "subsume": "planar.nesting",
    "trace": "ops.trace",
}

__all__ = [
    "Animation",
    "ArtkitError",
    "Artwork",
    "Drawing",
    "Image",
    "Labels",
    "Layer",
    "Page",
    "Path",
    "PhotoError",
    "Recipe",
    "RecipeError",
    "Shape",
    "UsageError",
    "__version__",
    "apply",
    "explore",
    "op",
    "presets",
    "read",
    "read_frames",
    "save",
    "subsume",
    "trace",
]


def __getattr__(name: str) -> "Any":
    from importlib import import_module

    if name in _HOMES:
        return getattr(import_module(f"artkit.{_HOMES[name]}"), name)
    if name == "ops":
        return import_module("artkit.ops")
    raise AttributeError(f"module 'artkit' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "ops"])
