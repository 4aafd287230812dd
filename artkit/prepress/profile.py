"""Programs that drive machines, as tables in TOML: how they read lengths, colors and lines, and their limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from artkit.errors import UsageError
from artkit.registry.profiles import Complaints, Profiles, key

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
    gives colors the names of inks in PDF and EPS. One that `prints` is for plates: `marks` are asked for, and all inks
    together cover `most_coverage` percent at most.
    """

    name: str = ""
    title: str = "any cutter"
    formats: tuple[str, ...] = key((".svg", ".dxf", ".pdf", ".eps"), min_length=1)
    units: Units = "mm"
    pixel: Literal["px96", "px72"] = "px96"
    colors: Colors = "any"
    closed: bool = False
    art: bool = False
    line: float = key(0.1, gt=0)
    works: Mapping[str, str] = key(lambda: dict(WORKS))
    spots: Mapping[str, str] = key(dict)
    largest: tuple[float, float] | None = None
    least_feature: float | None = key(None, gt=0)
    most_nodes: int | None = key(None, gt=0)
    most_colors: int | None = key(None, gt=0)
    prints: bool = False
    marks: bool = False
    most_coverage: float | None = key(None, gt=0)


def profile_of(name: str | None) -> Profile:
    """Give a profile by its name, or by the path of a TOML file; without one, what suits any cutter.

    A UsageError names the nearest one, or everything that is wrong in the file.
    """
    if name is None:
        return Profile()
    found = PROFILES.find(name)
    return replace(found, works={**WORKS, **found.works})


def known() -> list[str]:
    """Give the names of the profiles that there are."""
    return list(PROFILES.known())


def _check(profile: Profile) -> Complaints:
    from artkit.color.palette import parse

    for suffix in profile.formats:
        if not suffix.startswith("."):
            yield ("formats",), f'formats: "{suffix}" is no suffix; write ".{suffix}"'
    if profile.largest is not None and min(profile.largest) <= 0:
        yield ("largest",), "largest: two lengths in millimetres are more than 0, each"
    for table, colors in (("works", profile.works.items()), ("spots", [(name, name) for name in profile.spots])):
        for name, color in colors:
            try:
                parse(color)
            except UsageError as error:
                yield (table, name), f"{table}: {color}: {error}"
    for name in profile.works.keys() - WORKS.keys():
        yield ("works", name), f"works: nothing is called {name}; known: {', '.join(WORKS)}"


PROFILES = Profiles(Profile, "profile", "--for", "artkit.prepress", "profiles", _check)
"""Those that come along, and the user's."""
