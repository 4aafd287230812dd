"""Presets and palettes that other packages bring, by the entry-point group `artkit.presets`.

    [project.entry-points."artkit.presets"]
    stars = "stars.presets"

names a package. The recipes in its folder (`night.toml`) are presets, its palette files (`dusk.gpl`, `.ase`, `.act`,
`.hex`) are palettes, both called as their files are. Nothing of the package is run; only those that it lies in are
imported.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

ENTRY_POINTS = "artkit.presets"

PALETTES = (".gpl", ".ase", ".act", ".hex")
"""Suffixes of palettes; a text may be anything."""


@dataclass(frozen=True)
class Bundle:
    """What an entry point names: folders, or the reason why there is none."""

    name: str
    folders: tuple[Path, ...] = ()
    reason: str = ""


def preset_folders() -> list[Path]:
    """Folders of recipes, in the order of their entry points' names."""
    return [folder for bundle in bundles() for folder in bundle.folders]


@cache
def palette_files() -> dict[str, Path]:
    """Palette files by the name of the palette; of two of one name the first counts."""
    found = (path for folder in preset_folders() for path in sorted(folder.iterdir()) if path.suffix in PALETTES)
    return {path.stem: path for path in reversed(list(found))}


def broken() -> dict[str, str]:
    """Entry points that name no folder, each with the reason."""
    return {bundle.name: bundle.reason for bundle in bundles() if bundle.reason}


@cache
def bundles() -> tuple[Bundle, ...]:
    """What all entry points name, in the order of their names."""
    from importlib import metadata  # at the point of use: it brings the mail parser along

    entries = metadata.entry_points(group=ENTRY_POINTS)
    return tuple(_bundle(entry.name, entry.value) for entry in sorted(entries, key=lambda entry: entry.name))


def _bundle(name: str, package: str) -> Bundle:
    from importlib.util import find_spec

    try:
        spec = find_spec(package)
    except (Exception, SystemExit) as error:  # whatever a stranger's module raises must break nothing else
        return Bundle(name, reason=f"{package}: {type(error).__name__}: {' '.join(str(error).split())}")
    folders = tuple(sorted(Path(place) for place in (spec and spec.submodule_search_locations) or ()))
    if not folders or not all(folder.is_dir() for folder in folders):
        return Bundle(name, reason=f"{package}: no package in a folder; name the one in which the recipes lie")
    return Bundle(name, folders)
