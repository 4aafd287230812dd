"""Where an artwork comes from: asked for once on its way, before it is made, and handed on."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import artkit
from artkit.artwork import ffmpeg
from artkit.metadata.credits import Credits
from artkit.metadata.xmp import ENHANCED, TRAINED
from artkit.spans import spanned

if TYPE_CHECKING:
    from artkit.export import Artwork
    from artkit.recipe import Checked
    from artkit.recipe.model import RecipeData

_PACKAGES = (
    "numpy",
    "scipy",
    "scikit-image",
    "opencv-python-headless",
    "pillow",
    "pikepdf",
    "imageio",
    "imageio-ffmpeg",
    "resvg-py",
)

ENCODERS = {
    ".png": ("pillow", "opencv-python-headless"),
    ".apng": ("pillow", "opencv-python-headless"),
    ".jpg": ("pillow",),
    ".jpeg": ("pillow",),
    ".webp": ("pillow",),
    ".tif": ("pillow",),
    ".tiff": ("pillow",),
    ".bmp": ("pillow",),
    ".mp4": ("imageio-ffmpeg",),
    ".webm": ("imageio-ffmpeg",),
    ".pdf": ("pikepdf", "pillow", "opencv-python-headless", "resvg-py"),
}
"""Packages whose version decides the bytes of a format; SVG, GIF and files for plotters are written by artkit alone."""

EACH = ", each a file"
"""Behind the number of frames where each was written as a file of its own."""


@dataclass(frozen=True)
class Provenance:
    """The recipe of an artwork, the program, and who has a part in it.

    `title` is the recipe's, for the gallery's record, `caption` the artwork's own, which its file says. `recipe` is the
    recipe's text in full, `preset` its name, `carried` the text that the file carries. `creator` has a line for each;
    `source_type` is the name of IPTC's. A `silent` artwork says nothing of all that. `changes` are what
    is not as the preset has it, `command` and `python` what makes the artwork again; for the gallery's record.
    """

    preset: str
    title: str
    description: str
    recipe: str
    seed: int
    software: str
    carried: str = ""
    caption: str = ""
    creator: str = ""
    rights: str = ""
    source_type: str = ""
    silent: bool = False
    changes: Mapping[str, str] = field(default_factory=dict)
    command: str = ""
    python: str = ""

    @property
    def metadata(self) -> dict[str, str]:
        """What the artwork's file says about itself; see `artkit.export`."""
        if self.silent:
            return {}
        names = ("description", "seed", "software", "creator", "rights", "source_type")
        known = {"title": self.caption} | {name: str(getattr(self, name)) for name in names}
        return {name: text for name, text in known.items() if text} | {"recipe": self.carried or self.recipe}


@spanned("provenance")
def provenance(
    recipe: Checked,
    *,
    photo_sha256: str = "",
    credits: Credits | None = None,
    suffix: str = "",
    photo_name: str = "",
    made: Mapping[str, str] | None = None,
    more: Mapping[str, str] | None = None,
    silent: bool = False,
) -> Provenance:
    """Give the provenance of what the recipe will make of a photo, to be written with that suffix.

    `made` is what an earlier artwork says of its making, where this one is to be the same; `more` is to be said of it
    beside what is known here. With `photo_name`, what a gallery's record tells is worked out, too.
    """
    from artkit.recipe.write import dump

    data = recipe.data
    if made is None:
        photo = {"photo": photo_sha256} if photo_sha256 else {}
        made = photo | _files(recipe) | {"artkit": artkit.__version__} | encoders(suffix) | dict(more or {})
    credits = credits or Credits()
    return Provenance(
        preset=data.name,
        title=data.caption or data.title,
        caption=data.caption,
        description=data.description,
        recipe=dump(replace(recipe, data=replace(data, made={}))),
        seed=data.seed,
        software=f"artkit {made.get('artkit', artkit.__version__)}",
        carried=dump(replace(recipe, data=replace(data, made=dict(made))), short=True),
        creator="\n".join(dict.fromkeys(filter(None, (data.creator, *credits.creator.splitlines())))),
        rights="; ".join(dict.fromkeys(filter(None, (data.rights, credits.rights)))),
        source_type=source_type(data, credits),
        silent=silent,
        **(_told(recipe, photo_name) if photo_name else {}),
    )


def _told(recipe: Checked, photo: str) -> dict[str, Any]:
    """Give what is not as the preset has it, and what makes the artwork again; nothing for a recipe of one's own."""
    from artkit.recipe.difference import call, command, differences, preset_of
    from artkit.registry.toml import write_value

    preset = preset_of(recipe)
    if not preset:
        return {}
    changes, photo = differences(recipe, preset), photo.encode(errors="replace").decode()
    return {
        "changes": {name: "none" if value is None else write_value(value) for name, value in changes.items()},
        "command": command(recipe, preset, photo),
        "python": call(recipe, preset, photo) if preset != "trace" else "",
    }


def source_type(data: RecipeData, credits: Credits) -> str:
    """Give the digital source type: what a trained model had a part in keeps saying so, whatever the recipe says."""
    return credits.source_type if credits.source_type in TRAINED else data.source_type or ENHANCED


def bare(artwork: Artwork) -> Artwork:
    """Give the artwork without what it says of itself: title and metadata of drawings."""
    from artkit.artwork.drawing import Drawing

    return artwork.replace(title="", metadata={}) if isinstance(artwork, Drawing) else artwork


def measurements(artwork: Artwork) -> dict[str, float]:
    """Give what was measured of an artwork when it was made."""
    return {name: value for name, value in getattr(artwork, "facts", {}).items() if math.isfinite(value)}


def time_to_plot(artwork: Artwork) -> dict[str, float]:
    """Give the minutes and metres that a drawing for pens takes at usual speeds; nothing of other artworks."""
    from artkit.artwork.drawing import Drawing
    from artkit.pens.measurements import measured
    from artkit.pens.styled import is_for_pens, plot_of

    if not isinstance(artwork, Drawing) or not is_for_pens(artwork):
        return {}
    done = [measured(layer.lines) for layer in plot_of(artwork, {}).layers]
    return {
        "minutes": round(sum(each.minutes for each in done), 1),
        "metres": round(sum(each.drawn for each in done) / 1000, 2),
        "pens": len(done),
    }


def encoders(suffix: str) -> dict[str, str]:
    """Give the versions of what decides the bytes of a format."""
    needed = ENCODERS.get(suffix.lower(), ())
    found = installed(needed)
    if "imageio-ffmpeg" in needed and not found and (known := ffmpeg.version()):
        return {"ffmpeg": known}
    return found


def versions() -> dict[str, str]:
    """Give the versions of artkit and of what it computes with, and the kind of processor."""
    import platform

    python = ".".join(map(str, sys.version_info[:3]))
    return {"artkit": artkit.__version__, "python": python, "processor": platform.machine(), **installed(_PACKAGES)}


def installed(packages: Iterable[str]) -> dict[str, str]:
    """Give the versions of those packages that are there; OpenCV comes under several names."""
    found = {}
    for package in packages:
        from importlib import metadata  # at the point of use: it brings the mail parser along

        with suppress(metadata.PackageNotFoundError):
            found[package] = metadata.version(package)
    return found


def _files(recipe: Checked) -> dict[str, str]:
    """Give the digests of files that the recipe names and that change what it makes: masks of `focus`."""
    names = {step.values.get("focus", "") for step in recipe.steps}
    paths = [Path(name) for name in sorted(map(str, names)) if any(map(str.isalpha, name)) and Path(name).is_file()]
    return {f"file {path}": sha256(path.read_bytes()).hexdigest() for path in paths}
