"""Recipes by name or path, read and checked: presets, files of one's own, and artworks, which carry theirs."""

from __future__ import annotations

import json
import tomllib
from contextlib import suppress
from dataclasses import replace
from math import inf
from os import PathLike, fspath, sep
from pathlib import Path

from artkit.errors import RecipeError, UsageError, did_you_mean
from artkit.recipe.check import Checked, check
from artkit.recipe.parse import parse
from artkit.registry.toml import syntax_fault

_LARGEST_RECORD = 4 << 20
"""Bytes of a gallery's record."""


def find(name_or_path: str | PathLike[str]) -> Checked:
    """Give the preset of that name or the recipe at that path; a UsageError suggests the nearest preset."""
    wanted = fspath(name_or_path)
    known = presets()
    if wanted in known:
        return read(known[wanted])
    if wanted.endswith(".toml") or sep in wanted or "/" in wanted or Path(wanted).is_file():
        return read(wanted)
    raise UsageError(f"no preset {wanted!r}{did_you_mean(wanted, known)}")


def read(path: str | PathLike[str]) -> Checked:
    """Read and check a recipe file, or the recipe in an artwork; a RecipeError names every fault.

    A recipe is called as its file is, an artwork's as the preset that it is of.
    """
    checked = check(*parse(text_of(path), fspath(path)))
    if checked.data.made and (preset := preset_of(checked)):
        return replace(checked, data=replace(checked.data, name=preset))
    return checked


TRACE = "trace"
"""The recipe of `artkit trace`, which is no file."""


def preset_of(checked: Checked) -> str:
    """Give the name of the preset that a recipe has its title and its steps from; "" where there is none."""
    steps = shape_of(checked)
    if not checked.data.title:
        return TRACE if steps == ((TRACE, ""),) else ""
    for name, path in presets().items():
        with suppress(UsageError):  # one of the user's own may be broken
            if summary(path)[0] == checked.data.title and shape_of(find(name)) == steps:
                return name
    return ""


def shape_of(checked: Checked) -> tuple[tuple[str, str], ...]:
    """Give operation and id of each step, which are the same in all that is made with a preset."""
    return tuple((step.op, step.id) for step in checked.data.steps)


def presets() -> dict[str, Path]:
    """Every preset by name: artkit's own, and the user's, which come first where names are equal."""
    here = Path(__file__).parent.parent
    shipped = here / "presets"  # in an installed wheel; in a checkout they lie beside the package
    folders = (shipped if shipped.is_dir() else here.parent / "presets", user_presets())
    found = {path.stem: path for folder in folders for path in folder.glob("*.toml")}
    return dict(sorted(found.items()))


def user_presets() -> Path:
    """The folder of the user's own presets; it need not exist."""
    from platformdirs import user_config_path

    return user_config_path("artkit", appauthor=False) / "presets"


def summary(path: str | PathLike[str]) -> tuple[str, str]:
    """Give title and description of a recipe file, quickly: nothing else in it is checked.

    A file that cannot be read has no title, and its fault as description, so that one bad file does not spoil a list.
    """
    try:
        data = tomllib.loads(text := text_of(path))
    except UsageError as error:
        return "", str(error)
    except (ValueError, RecursionError) as error:
        return "", f"{fspath(path)}:{syntax_fault(error, text)}"
    return str(data.get("title", "")), str(data.get("description", ""))


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
    except OSError as error:
        raise UsageError(f"{where}: {error.strerror or error}") from None


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
