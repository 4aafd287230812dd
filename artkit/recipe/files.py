"""Recipe files and presets: found by name or path, read and checked."""

from __future__ import annotations

import tomllib
from os import PathLike, fspath, sep
from pathlib import Path

from artkit.errors import RecipeError, UsageError, did_you_mean
from artkit.recipe.check import Checked, check
from artkit.recipe.parse import parse
from artkit.registry.toml import syntax_fault


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
    """Read and check a recipe file; a RecipeError names every fault."""
    return check(*parse(_text(path), fspath(path)))


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
        data = tomllib.loads(text := _text(path))
    except UsageError as error:
        return "", str(error)
    except (ValueError, RecursionError) as error:
        return "", f"{fspath(path)}:{syntax_fault(error, text)}"
    return str(data.get("title", "")), str(data.get("description", ""))


def _text(path: str | PathLike[str]) -> str:
    try:
        return Path(path).read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise RecipeError(f"{fspath(path)}:{line}: byte {error.object[error.start]:#04x} is not UTF-8 text") from None
    except OSError as error:
        raise UsageError(f"{fspath(path)}: {error.strerror or error}") from None
