"""Programs that drive machines, as tables in TOML: how they read lengths, colors and lines, and their limits."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, get_args

from artkit.errors import ArtkitError, UsageError, did_you_mean

Colors = Literal["materials", "operations", "any"]
"""What the color of a line means: which sheet it is cut from, or what is done; or nothing."""

Units = Literal["mm", "in", "px96", "px72"]

WORKS = {"cut": "#ff0000", "score": "#0000ff", "engrave": "#000000"}
"""Colors of what is done, where no profile says others."""

PIXELS = {"px96": 25.4 / 96, "px72": 25.4 / 72}
"""Millimetres of a pixel."""


@dataclass(frozen=True)
class Profile:
    """A program that cuts: lengths in millimetres; None is no limit.

    `formats` are suffixes, the first one is the best. `units` is what an SVG says its size in. `pixel` is how it reads
    lengths without a unit. `closed` asks for closed outlines. `art` puts the artwork itself below the lines, `spots`
    gives colors the names of inks in PDF and EPS.
    """

    name: str = ""
    title: str = "any cutter"
    formats: tuple[str, ...] = (".svg", ".dxf", ".pdf", ".eps")
    units: Units = "mm"
    pixel: Literal["px96", "px72"] = "px96"
    colors: Colors = "any"
    closed: bool = False
    art: bool = False
    line: float = 0.1
    works: Mapping[str, str] = field(default_factory=lambda: dict(WORKS))
    spots: Mapping[str, str] = field(default_factory=dict)
    largest: tuple[float, float] | None = None
    least_feature: float | None = None
    most_nodes: int | None = None
    most_colors: int | None = None


def known() -> list[str]:
    """Give the names of the profiles that come along."""
    return sorted(path.name.removesuffix(".toml") for path in _folder().iterdir() if path.name.endswith(".toml"))


def profile_of(name: str | None) -> Profile:
    """Give a profile by its name, or by the path of a TOML file; without one, what suits any cutter.

    A UsageError names the nearest one, or what is wrong in the file.
    """
    if name is None:
        return Profile()
    if name.endswith(".toml"):
        path = Path(name)
        if not path.is_file():
            raise UsageError(f"--for {name}: there is no such file")
        return _read(path.read_bytes(), name)
    if name not in known():
        hint = did_you_mean(name, known())
        raise UsageError(f"--for {name}: there is no such profile{hint}; a TOML file of your own goes by its path")
    return _read((_folder() / f"{name}.toml").read_bytes(), name)


def _folder() -> Any:
    return files("artkit.prepress") / "profiles"


def _read(data: bytes, name: str) -> Profile:
    try:
        table = tomllib.loads(data.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ArtkitError(f"{name}: is no TOML: {error}") from None
    allowed = {each.name for each in fields(Profile)} - {"name"}
    for key, value in table.items():
        if key not in allowed:
            raise UsageError(f"{name}: no profile has {key!r}{did_you_mean(key, allowed)}")
        _check(key, value, name)
    table = {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}
    works = {**WORKS, **table.pop("works", {})}
    return Profile(name=name.removesuffix(".toml"), works=works, **table)


_CHOICES = {"units": get_args(Units), "pixel": ("px96", "px72"), "colors": get_args(Colors)}
_POSITIVE = ("line", "least_feature", "most_nodes", "most_colors")


def _check(key: str, value: Any, name: str) -> None:
    """Raise a UsageError where a value is not what its key takes."""
    from artkit.color.palette import parse

    wrong = None
    if key in _CHOICES and value not in _CHOICES[key]:
        wrong = f"one of {', '.join(_CHOICES[key])}"
    elif key in _POSITIVE and not (type(value) in (int, float) and value > 0):
        wrong = "a number above 0"
    elif key in ("closed", "art") and not isinstance(value, bool):
        wrong = "true or false"
    elif key == "title" and not isinstance(value, str):
        wrong = "a text"
    elif key == "largest" and not (
        isinstance(value, list) and len(value) == 2 and all(type(side) in (int, float) and side > 0 for side in value)
    ):
        wrong = "two lengths in millimetres"
    elif key == "formats" and not (
        isinstance(value, list) and value and all(isinstance(one, str) and one.startswith(".") for one in value)
    ):
        wrong = 'suffixes, as [".svg", ".dxf"]'
    elif key in ("works", "spots") and not (
        isinstance(value, dict) and all(isinstance(one, str) for one in value.values())
    ):
        wrong = "a table of texts"
    if wrong:
        raise UsageError(f"{name}: {key}: {value!r} is not {wrong}")
    for color in value.values() if key == "works" else value if key == "spots" else ():
        try:
            parse(color)
        except UsageError as error:
            raise UsageError(f"{name}: {key}: {color}: {error}") from None
