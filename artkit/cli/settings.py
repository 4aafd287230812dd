"""What one always wants: `artkit.toml` of the project and of the user, and `ARTKIT_*` variables in, defaults out.

An option on the command line comes first, then a variable, then the nearest `artkit.toml` in this folder or above it,
then that in the user's folder. A key stands for the option of its name, in the commands that the table below names.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from artkit.errors import RecipeError, UsageError, did_you_mean

FILE = "artkit.toml"

MAKERS = ("apply", "trace", "animate", "batch")
WORKERS = (*MAKERS, "sweep", "demo")
"""Commands that make artworks of photos, and those that make many."""

YES, NO = ("true", "yes", "on", "1"), ("false", "no", "off", "0")


class Setting(NamedTuple):
    """A key: what it means, an example, the check that gives it as text, and the commands whose option it is."""

    of: str
    example: str
    text: Callable[[Any], str]
    commands: tuple[str, ...]


class Value(NamedTuple):
    """What a key is set to, as text, and where: a file, or a variable."""

    text: str
    source: str


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise UsageError("is a text in quotes")
    return value


def _path(value: Any) -> str:
    return _text(value) if "://" in str(value) else str(_home(_text(value)))


def _home(path: str) -> Path:
    try:
        return Path(path).expanduser()
    except RuntimeError:  # whose home is not known
        return Path(path)


def _jobs(value: Any) -> str:
    if isinstance(value, bool) or not str(value).isdecimal() or not 1 <= int(value) <= 1024:
        raise UsageError("is a whole number, 1 to 1024")
    return str(value)


def _memory(value: Any) -> str:
    from artkit.limits import bytes_of

    bytes_of(_text(value), "--memory")
    return str(value)


def _page(value: Any) -> str:
    from artkit.pens.layout import sheet

    sheet(_text(value))
    return str(value)


def _length(value: Any) -> str:
    from artkit.pens.layout import millimetres

    text = str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else _text(value)
    if not 0 <= (length := millimetres(text)) <= 1000:
        raise UsageError("is a length, 0 to 1000 mm")
    return f"{length:.6g}"


def _pens(value: Any) -> str:
    from artkit.color.palette import parse, split_colors

    names = [_text(name) for name in (value if isinstance(value, list) else split_colors(_text(value)))]
    for name in names:
        if name.lower() != "cmyk":
            parse(name)
    return ",".join(names)


def _machine(value: Any) -> str:
    from artkit.pens.machine import machine_of

    machine_of(_path(value))
    return _path(value)


def _units(value: Any) -> str:
    known = ("mm", "in", "px72", "px96")
    if value not in known:
        raise UsageError(f"is one of {', '.join(known)}")
    return str(value)


def _flag(value: Any) -> str:
    word = str(value).strip().lower()
    if isinstance(value, (bool, str)) and word in (*YES, *NO):
        return "true" if word in YES else "false"
    raise UsageError("is true or false")


SETTINGS = {
    "gallery": Setting("where artworks go", '"art"', _path, ()),
    "jobs": Setting("processes at work", "4", _jobs, (*MAKERS, "demo")),
    "memory": Setting("bytes that a command keeps to", '"2GB"', _memory, ("apply", "trace", "batch")),
    "creator": Setting("who makes the artworks", '"Ada"', _text, (*MAKERS, "sweep")),
    "rights": Setting("whose they are", '"CC BY 4.0, Ada"', _text, (*MAKERS, "sweep")),
    "no_photo": Setting("no copies of photos in the gallery", "true", _flag, WORKERS),
    "no_metadata": Setting("files say nothing of themselves", "true", _flag, (*WORKERS, "plot", "export")),
    "quiet": Setting("no progress and no notes", "true", _flag, (*WORKERS, "plot", "export", "reproduce")),
    "page": Setting("the sheet of pens and printers", '"A3"', _page, ("apply", "plot", "export")),
    "margin": Setting("what stays free around it", '"15mm"', _length, ("apply", "plot", "export")),
    "pens": Setting("colors of the pens", '["black", "red"]', _pens, ("apply", "plot")),
    "pen_width": Setting("width of their lines", '"0.4mm"', _length, ("apply", "plot")),
    "machine": Setting("the plotter", '"axidraw-v3"', _machine, ("plot",)),
    "units": Setting("of SVGs for print and knives", '"mm"', _units, ("export",)),
}
"""Every key, in the order in which `artkit config` lists them."""


def variable(key: str) -> str:
    """Give the environment variable that sets a key."""
    return f"ARTKIT_{key.upper()}"


def files() -> list[Path]:
    """Give the files of settings that there are, the project's first.

    What other users have put above this folder is left alone.
    """
    here = Path.cwd()
    found = next((path for folder in (here, *here.parents) if _is_ours(path := folder / FILE)), None)
    return [path for path in dict.fromkeys((found, users())) if path is not None and path.is_file()]


def users() -> Path:
    """Give the user's own file; it need not be there."""
    from platformdirs import user_config_path

    return Path(user_config_path("artkit", appauthor=False)) / FILE


def _is_ours(path: Path) -> bool:
    try:
        return path.is_file() and (not hasattr(os, "getuid") or path.stat().st_uid in (0, os.getuid()))
    except OSError:
        return False


def values() -> dict[str, Value]:
    """Give what is set, and where; a UsageError names every fault."""
    found: dict[str, Value] = {}
    for path in reversed(files()):
        found |= read(path)
    for key, setting in SETTINGS.items():
        if text := os.environ.get(variable(key), "").strip():
            try:
                found[key] = Value(setting.text(text), variable(key))
            except UsageError as error:
                raise UsageError(f"{variable(key)}={text[:40]}: {error}") from None
    return {key: found[key] for key in SETTINGS if key in found}


def read(path: Path) -> dict[str, Value]:
    """Read a file of settings; a RecipeError names every fault with its line."""
    import tomllib

    from artkit.recipe.faults import Faults
    from artkit.recipe.listing import text_of
    from artkit.registry.toml import lines_of, syntax_fault

    text = text_of(path)
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise RecipeError(f"{path}:{syntax_fault(error, text)}") from None
    faults, found = Faults(str(path), lines_of(text)), {}
    for key, value in data.items():
        if key not in SETTINGS:
            faults.add(f"no setting {key!r}{did_you_mean(key, SETTINGS)}", key)
            continue
        try:
            made = SETTINGS[key].text(_from(path.parent, key, value))
        except UsageError as error:
            faults.add(f"{key}: {str(error).removeprefix(f'{key}: ')}", key)
            continue
        found[key] = Value(made, str(path))
    faults.raise_any()
    return found


def _from(folder: Path, key: str, value: Any) -> Any:
    """Give a path as it is from the folder of the file that names it, other values as they are."""
    is_path = key == "gallery" or (key == "machine" and str(value).endswith(".toml"))
    is_path &= isinstance(value, str) and value != "" and "://" not in value
    return str(folder / _home(value)) if is_path else value


def defaults(command: str, options: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    """Give what is set of a command's options, which are given as the names of each, by parameter."""
    if not any(setting.commands and command in setting.commands for setting in SETTINGS.values()):
        return
    known = values()
    for parameter, names in options.items():
        for key, value in known.items():
            if command in SETTINGS[key].commands and f"--{key.replace('_', '-')}" in names:
                is_length = SETTINGS[key].text is _length
                yield parameter, f"{value.text}mm" if is_length and command != "apply" else value.text
