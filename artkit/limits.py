"""How much is too much: every limit in one table, what it stands for, and how it is raised.

Limits are for what would not end, or not fit: they are looked up when something is read or begun, and a refusal names
the limit and the environment variable that raises it. `ARTKIT_LIMITS=service` takes the tight column, for files of
strangers; `ARTKIT_MAX_PIXELS=500M` and its like set one of them, `none` takes it away.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from math import inf
from typing import NamedTuple

from artkit.errors import LimitError, UsageError


class Limit(NamedTuple):
    """A limit: its name, how much it is by default and for a service, in which unit, and of what."""

    name: str
    usual: float
    service: float
    unit: str
    of: str

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return f"ARTKIT_MAX_{self.name.upper()}"


LIMITS = {
    limit.name: limit
    for limit in (
        Limit("file", 500e6, 50e6, "bytes", "a file that is read, unpacked where it is packed"),
        Limit("pixels", 180e6, 25e6, "pixels", "a picture that is read: by its header, before it is decoded"),
        Limit("grown", 40e6, 10e6, "pixels", "a picture that a step or a file format makes larger than it was"),
        Limit("frames", 2_000, 300, "frames", "an animation"),
        Limit("regions", 2e6, 200e3, "regions", "a picture that is traced"),
        Limit(
            "points",
            5e6,
            1e6,
            "points",
            "lines for pens: those of an SVG, or that a page may take",
        ),
        Limit("elements", 1e6, 200e3, "elements", "an SVG that is plotted"),
        Limit("references", 250e3, 50e3, "elements", "what <use> repeats of an SVG that is plotted"),
        Limit("depth", 200, 100, "levels", "elements of an SVG within each other"),
        Limit("pens", 500, 100, "pens", "a plot: one for each color of each layer, unless --pens names some"),
        Limit("recipe", 1e6, 100e3, "bytes", "a recipe file"),
        Limit("steps", 200, 50, "steps", "a recipe"),
        Limit("archive", 20e9, 1e9, "bytes", "a zip of a gallery, unpacked"),
        Limit("members", 500e3, 20e3, "files", "a zip of a gallery"),
        Limit("memory", inf, 1e9, "bytes", "what a step is expected to take; by default what the machine has free"),
        Limit("seconds", inf, 60, "seconds", "a command; --timeout sets it as well"),
    )
}
"""Every limit, in the order in which a run meets them."""

PROFILE = "ARTKIT_LIMITS"
PROFILES = ("usual", "service")
_SCALES = {"": 1.0, "k": 1e3, "m": 1e6, "g": 1e9}


def limit(name: str, environment: Mapping[str, str] | None = None) -> float:
    """Give a limit as it is set now; infinite where there is none. A UsageError says what is no number."""
    environment = os.environ if environment is None else environment
    known = LIMITS[name]
    text = environment.get(known.variable, "").strip()
    if not text:
        profile = environment.get(PROFILE, "").strip() or "usual"
        if profile not in PROFILES:
            raise UsageError(f"{PROFILE}={profile[:40]}: is none; use {' or '.join(PROFILES)}")
        return known.service if profile == "service" else known.usual
    if text.lower() == "none":
        return inf
    found = re.fullmatch(r"([0-9]{1,15}(?:\.[0-9]{1,9})?)([kKmMgG]?)", text)
    if not found or not (value := float(found[1]) * _SCALES[found[2].lower()]):
        raise UsageError(f"{known.variable}={text[:40]}: is no number above 0; write 500000, 500k, 50M, 2G or none")
    return value


def bytes_of(size: str | float, what: str = "memory") -> float:
    """Read a size of memory such as 2GB or 1500M, in bytes; `what` it is, says the UsageError of one that is none."""
    parts = re.fullmatch(r"(\d{1,15}(?:\.\d{1,9})?)\s*([kmgt]?)i?b?", str(size).strip().lower())
    if not parts or float(parts[1]) == 0:
        raise UsageError(f"{what} {size}: takes a size such as 2GB or 800MB")
    return float(parts[1]) * (_SCALES | {"t": 1e12})[parts[2]]


def within(name: str, amount: float, what: str, way_out: str = "") -> None:
    """Raise a LimitError where `amount` is over the limit: `what` it is of, and what might help besides raising it."""
    most = limit(name)
    if amount > most:
        raise refusal(name, f"{what} {written(amount, LIMITS[name].unit)}", way_out)


def refusal(name: str, what: str, way_out: str = "") -> LimitError:
    """Give the error that says so: `what`, the limit that it is over, and how that is raised."""
    known = LIMITS[name]
    help_ = f"{way_out}, or " if way_out else ""
    return LimitError(
        f"{what}; the limit is {written(limit(name), known.unit)}: {help_}raise it with {known.variable}=N", name
    )


def written(amount: float, unit: str) -> str:
    """Write an amount with its unit: 13,000,000 pixels become 13 megapixels."""
    if amount == inf:
        return f"no end of {unit}"
    if unit == "pixels" and amount >= 1e6:
        return f"{amount / 1e6:,.3g} megapixels" if amount < 1e9 else f"{amount / 1e6:,.0f} megapixels"
    if unit == "bytes" and amount >= 1e3:
        scale, name = next(pair for pair in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")) if amount >= pair[0])
        return f"{amount / scale:,.4g} {name}"
    return f"{amount:,.10g} {unit}"
