"""Where an artwork comes from: asked for once on its way, before it is made, and handed on."""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass
from importlib import metadata as installed
from typing import TYPE_CHECKING

import artkit

if TYPE_CHECKING:
    from artkit.export import Artwork
    from artkit.recipe import Checked

_PACKAGES = ("numpy", "scipy", "scikit-learn", "scikit-image", "opencv-python-headless", "pillow", "imageio")


@dataclass(frozen=True)
class Provenance:
    """The recipe of an artwork and the program; `recipe` is its text in full, `preset` its name."""

    preset: str
    title: str
    description: str
    recipe: str
    seed: int
    software: str

    @property
    def metadata(self) -> dict[str, str]:
        """What the artwork's file says about itself; see `artkit.export`."""
        known = {name: str(value) for name, value in asdict(self).items()}
        del known["preset"]
        return known


def provenance(recipe: Checked) -> Provenance:
    """Give the provenance of what the recipe will make."""
    from artkit.recipe.write import dump

    data = recipe.data
    software = f"artkit {artkit.__version__}"
    return Provenance(data.name, data.title, data.description, dump(recipe), data.seed, software)


def measurements(artwork: Artwork) -> dict[str, float]:
    """Give what was measured of an artwork when it was made."""
    return dict(getattr(artwork, "facts", {}))


def versions() -> dict[str, str]:
    """Give the versions of artkit and of what it computes with."""
    found = {"artkit": artkit.__version__, "python": ".".join(map(str, sys.version_info[:3]))}
    for package in _PACKAGES:
        try:
            found[package] = installed.version(package)
        except installed.PackageNotFoundError:  # OpenCV comes under several names
            continue
    return found
