"""What stands at the top of a recipe beside its steps: each value checked, a fault noted where one will not do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from artkit.errors import did_you_mean
from artkit.metadata.credits import LONGEST
from artkit.metadata.xmp import ENHANCED, SOURCE_TYPES
from artkit.recipe.faults import Faults
from artkit.recipe.model import FAMILIES, MAX_SEED
from artkit.registry.toml import write_value

_LARGEST = 1_000_000
"""Pixels to a side."""

_WHOLE = "use a whole number from 0 up, below 2**63"


def seed_of(seed: Any, faults: Faults) -> int:
    """Give a seed that is one, else 0 and a fault."""
    if type(seed) is not int or not 0 <= seed <= MAX_SEED:
        faults.add(f"seed: {write_value(seed)} is not a seed; {_WHOLE}", "seed")
        return 0
    return seed


def size_of(size: Any, faults: Faults) -> int | None:
    """Give the pixels of the longer side; None is as it is."""
    if size is not None and (type(size) is not int or not 1 <= size <= _LARGEST):
        faults.add(f"size: {write_value(size)} is no size; use a whole number of pixels, 1 to {_LARGEST}", "size")
        return None
    return size


def crop_of(crop: Any, faults: Faults) -> tuple[int, int, int, int] | None:
    """Give x, y, width and height; None is all of it."""
    if crop is None:
        return None
    if not (
        isinstance(crop, (list, tuple))
        and len(crop) == 4
        and all(type(number) is int and 0 <= number <= _LARGEST for number in crop)
        and min(crop[2:]) >= 1
    ):
        faults.add(
            f"crop: {write_value(crop)} is no part of a photo; use [x, y, width, height], such as [100, 50, 640, 480]",
            "crop",
        )
        return None
    return crop[0], crop[1], crop[2], crop[3]


def text_of(key: str, text: Any, faults: Faults) -> str:
    """Give a text that is one, and not too long where an artwork's file carries it."""
    if not isinstance(text, str):
        faults.add(f"{key}: {write_value(text)} is not a string; put it in quotes", key)
        return ""
    if key in ("caption", "creator", "rights") and len(text) > LONGEST:
        faults.add(f"{key}: {len(text)} characters; use {LONGEST} or fewer", key)
    return text


def source_type_of(name: Any, faults: Faults) -> str:
    """Give the name of a digital source type, "" for the usual one."""
    if name not in ("", *SOURCE_TYPES):
        ways = f'"{ENHANCED}" is usual; others are {", ".join(SOURCE_TYPES[1:])}'
        faults.add(f"source_type: {write_value(name)} is no digital source type of IPTC's; {ways}", "source_type")
        return ""
    return str(name)


def family_of(name: Any, faults: Faults) -> str:
    """Give the name of a family of looks, "" for none."""
    if name in ("", *FAMILIES):
        return str(name)
    faults.add(f"family: {write_value(name)} is no family{did_you_mean(str(name), FAMILIES)}", "family")
    return ""


def made_of(made: Any, faults: Faults) -> dict[str, str]:
    """Give what is said of the making: texts by key."""
    if not isinstance(made, Mapping) or not all(isinstance(text, str) for text in made.values()):
        faults.add("made: is written by artkit, a table of strings; leave it out", "made")
        return {}
    return dict(made)
