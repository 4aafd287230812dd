"""Small galleries for tests: pictures of one color, each with its record."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from artkit import gallery
from artkit.artwork.image import Image
from artkit.recipe import Recipe

RECIPE = 'title = "Soft"\nseed = 7\n\n[[steps]]\nop = "blur"\nsize = 9\n'


def add(folder: Path, shade: int = 90, photo: str = "cat.jpg", preset: str = "soft", sha: str = "") -> gallery.Record:
    """Add a picture of one shade, said to be made of a photo by a preset."""
    image = Image(np.full((12, 16, 3), shade, np.uint8))
    origin = gallery.provenance(Recipe.parse(RECIPE, f"{preset}.toml").checked)
    sha = sha or f"{shade:02x}" * 32
    return gallery.add(folder, image, origin=origin, photo=image, photo_name=photo, photo_sha256=sha, seconds=1.25)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file in a folder."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
