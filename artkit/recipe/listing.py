"""Which recipes there are and what they are called: folders of presets, titles, texts; nothing is checked in them."""

from __future__ import annotations

import json
import tomllib
from contextlib import suppress
from math import inf
from os import PathLike, fspath, sep
from pathlib import Path
from typing import Any

from artkit.errors import RecipeError, UsageError, did_you_mean, nearest
from artkit.recipe.model import FAMILIES

_LARGEST_RECORD = 4 << 20
"""Bytes of a gallery's record."""


def presets() -> dict[str, Path]:
    """Every preset by name: of other packages, artkit's own, and the user's; the later counts where names are equal."""
    from artkit.packages import preset_folders

    return in_folders(*preset_folders(), *own_folders())


def path_of(wanted: str) -> str | Path:
    """Give the file of a preset, or the path that it is; a UsageError suggests the nearest preset."""
    known = in_folders(*own_folders())
    if wanted in known:
        return known[wanted]
    known = presets()
    if wanted in known:
        return known[wanted]
    if wanted.endswith(".toml") or sep in wanted or "/" in wanted or Path(wanted).is_file():
        return wanted
    if wanted in retired():
        return retired()[wanted]
    hint = did_you_mean(wanted, known) or "; artkit presets lists them all"
    raise UsageError(f"no preset {wanted!r}{hint}")


def retired() -> dict[str, Path]:
    """Presets that went into others, by their old names."""
    return in_folders(own_folders()[0] / "retired")


def own_folders() -> tuple[Path, Path]:
    """The folders of artkit's own presets and of the user's."""
    here = Path(__file__).parent.parent
    shipped = here / "presets"  # in an installed wheel; in a checkout they lie beside the package
    return (shipped if shipped.is_dir() else here.parent / "presets"), user_presets()


def in_folders(*folders: Path) -> dict[str, Path]:
    """Give the recipes in folders by name; the later counts where names are equal."""
    return dict(sorted({path.stem: path for folder in folders for path in folder.glob("*.toml")}.items()))


def user_presets() -> Path:
    """The folder of the user's own presets; it need not exist."""
    from platformdirs import user_config_path

    return user_config_path("artkit", appauthor=False) / "presets"


def summary(path: str | PathLike[str]) -> tuple[str, str]:
    """Give title and description of a recipe file, quickly: nothing else in it is checked.

    A file that cannot be read has no title, and its fault as description, so that one bad file does not spoil a list.
    """
    title, description, _ = listed(path)
    return title, description


def listed(path: str | PathLike[str]) -> tuple[str, str, str]:
    """Give title, description and family of a recipe file, as `summary` does; "" for a family that there is not."""
    try:
        data = _head(text := text_of(path))
    except UsageError as error:
        return "", str(error), ""
    except (ValueError, RecursionError) as error:
        from artkit.registry.toml import syntax_fault

        return "", f"{fspath(path)}:{syntax_fault(error, text)}", ""
    family = data.get("family", "")
    known = family if isinstance(family, str) and family in FAMILIES else ""
    return str(data.get("title", "")), str(data.get("description", "")), known


def _head(text: str) -> dict[str, Any]:
    """Parse what stands before the first table, which the rest belongs to; all of it, where that cannot stand alone."""
    head, table, _ = text.partition("\n[")
    if table:
        with suppress(ValueError):  # a bracket in a text or a list of many lines
            return tomllib.loads(head)
    return tomllib.loads(text)


def text_of(path: str | PathLike[str]) -> str:
    """Give the text of a recipe: its file's, or what an artwork carries or, where it does not, its gallery's record."""
    from artkit.limits import limit, refusal, written
    from artkit.metadata import embedded

    where, most = fspath(path), limit("recipe")
    try:
        with Path(path).open("rb") as file:
            data = file.read(min(int(most), 1 << 40) + 1 if most < inf else -1)
            if embedded.is_artwork(data) or b"\0" in data[:512]:
                return _carried(where)
        if len(data) > most:
            raise refusal("recipe", f"{where}: is larger than {written(most, 'bytes')}")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise RecipeError(f"{where}:{line}: byte {error.object[error.start]:#04x} is not UTF-8 text") from None
    except FileNotFoundError:
        raise UsageError(f"{where}: no such file{_nearest(Path(path))}") from None
    except OSError as error:
        raise UsageError(f"{where}: {error.strerror or error}") from None


def _nearest(path: Path) -> str:
    if path.stem in presets():
        return f"; did you mean the preset {path.stem}?"
    close = nearest(path.name, (each.name for each in path.parent.glob("*.toml")))
    return f"; did you mean {path.with_name(close)}?" if close else "; artkit presets lists what is built in"


def _carried(where: str) -> str:
    """Give the recipe in an artwork or, for formats that hold none, in the record that lies in its gallery."""
    from artkit.artwork.photo import bytes_of
    from artkit.limits import within
    from artkit.metadata import embedded

    found = embedded.of(bytes_of(Path(where))).get("recipe", "") or _recorded(Path(where))
    if not found:
        raise UsageError(f"{where}: carries no recipe; it is no artwork of artkit's, or one without metadata")
    within("recipe", len(found.encode("utf-8", "replace")), f"{where}: its recipe has")
    return found


def _recorded(artwork: Path) -> str:
    record = artwork.parent / "records" / f"{artwork.stem}.json"  # as `artkit.gallery` lays them
    try:
        if not record.is_file() or record.stat().st_size > _LARGEST_RECORD:
            return ""
        known = json.loads(record.read_bytes())
        recipe = known["recipe"] if known["file"] == artwork.name else ""
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return ""
    return recipe if isinstance(recipe, str) else ""
