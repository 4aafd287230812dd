"""A recipe's `[export]`: how its artworks go on paper or under the knife, as options of `artkit export`.

    [export]
    page = "A3"
    plates = "pages"
    trap = "0.3mm"
    registration_marks = true
    ids = "color"

An option that is given on the command line counts more. Of what a recipe says only that is taken which goes with the
rest: its page with any format, its plates, inks or lines to cut where the format holds them and no other way is asked
for. `ids` is taken by whatever makes the artwork, too: it names the groups of a drawing, and no pixel changes.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping
from typing import Any, Literal

from artkit.errors import UsageError, did_you_mean
from artkit.recipe.faults import Faults
from artkit.registry.toml import write_value

Kind = Literal["flag", "text", "length", "texts", "plates", "profile", "ids"]
Table = dict[str, Any]

PAGE: dict[str, Kind] = {
    "page": "text", "landscape": "flag", "fill": "flag", "margin": "length", "bleed": "length", "crop_marks": "flag",
    "registration_marks": "flag", "paper": "text", "for": "profile",
}  # fmt: skip
INKS: dict[str, Kind] = {"inks": "flag", "overprint": "text"}
PLATES: dict[str, Kind] = {
    "plates": "plates", "order": "text", "overprint": "text", "trap": "length", "min_feature": "length",
    "thicken": "text", "underbase": "flag", "choke": "length", "halftone": "texts",
}  # fmt: skip
CUT: dict[str, Kind] = {
    "cut": "flag", "common_lines": "flag", "kerf": "length", "bridges": "length", "stack": "flag", "outline": "length",
    "weed": "flag", "frame": "flag", "score": "text", "engrave": "text", "ground": "text", "mirror": "flag",
    "size_check": "flag", "curves": "flag", "min_feature": "length", "thicken": "text",
}  # fmt: skip
NAMES: dict[str, Kind] = {"ids": "ids"}
KINDS: dict[str, Kind] = {**PAGE, **INKS, **PLATES, **CUT, **NAMES}
"""What each setting takes: true or false, a text, a length, texts, or one of some words."""

WAYS: dict[str, tuple[dict[str, Kind], frozenset[str]]] = {
    "plates": (PLATES, frozenset((".pdf", ".svg", ".svgz", ".png", ".jpg", ".tif", "/"))),
    "cut": (CUT, frozenset((".pdf", ".svg", ".svgz", ".eps", ".dxf"))),
    "inks": (INKS, frozenset((".pdf",))),
}
"""What else may be made of art than a page of it: the settings of each way, and the formats that hold it."""

_NOT_WITH = {
    "cut": frozenset(("fill", "bleed", "crop_marks", "registration_marks", "paper")),
    "inks": frozenset(("paper",)),
}
"""What of a page is for print alone, and what would be an ink."""

FORMS = ("pages", "layers", "films", "bitmaps")
IDS = ("color", "depth")
NAMED = (".svg", ".svgz", ".pdf")
"""Formats in which groups have names."""

VECTORS = (".pdf", ".eps", ".dxf")
"""Formats in which `artkit apply` writes what `[export]` says; an SVG and a picture are the artwork as it looks."""

_KEYS = {"flag": "true or false", "text": "a text", "length": 'a length, such as "3mm"', "texts": "a list of texts",
         "plates": f"one of {', '.join(FORMS)}", "profile": "the name of a profile, such as laser",
         "ids": f"one of {', '.join(IDS)}"}  # fmt: skip
_PROFILE = re.compile(r"[a-z][a-z0-9-]*")


def export_of(table: Any, faults: Faults) -> Table | None:
    """Give what a recipe says of its export, noting what is no such setting; None where it says nothing."""
    if table is None:
        return None
    if not isinstance(table, Mapping):
        faults.add(f'export: {write_value(table)} is not a table; write [export] and below it page = "A3"', "export")
        return None
    found: Table = {}
    for key, value in table.items():
        if key not in KINDS:
            faults.add(f"export: no setting {key!r}{did_you_mean(key, KINDS)}", "export", key)
        elif not _is(KINDS[key], value):
            faults.add(f"export: {key}: {write_value(value)} is not {_KEYS[KINDS[key]]}", "export", key)
        else:
            found[key] = list(value) if isinstance(value, (list, tuple)) else value
    ways = [way for way in WAYS if found.get(way)]
    if len(ways) > 1:
        faults.add(f"export: {' and '.join(ways)} make different things; leave out all but one", "export", ways[1])
    return found


def _is(kind: Kind, value: Any) -> bool:
    from artkit.pens.layout import millimetres

    if kind == "flag":
        return isinstance(value, bool)
    if kind == "texts":
        return isinstance(value, (list, tuple)) and all(isinstance(text, str) for text in value)
    if not isinstance(value, str):
        return False
    if kind == "length":
        try:
            return millimetres(value) >= 0
        except UsageError:
            return False
    if kind in ("plates", "ids"):
        return value in (FORMS if kind == "plates" else IDS)
    return kind != "profile" or _PROFILE.fullmatch(value) is not None


def way_of(table: Mapping[str, Any]) -> str:
    """Give which way art is made something else: plates, cut or inks; "" for a page of it."""
    return next((way for way in WAYS if table.get(way)), "")


def taken(table: Mapping[str, Any], suffix: str, way: str = "") -> Table:
    """Give the settings that go with a format, "/" for a folder, and with the way that is asked for, "" for none.

    Names are those of parameters in Python: `for_`.
    """
    own = way_of(table)
    table = {key: value for key, value in table.items() if key not in NAMES or (suffix in NAMED and not way)}
    goes = way in ("", own) and own != "" and suffix in WAYS[own][1]
    keys = {*PAGE, *(NAMES if not goes else ())} - _NOT_WITH.get(own if goes else way, frozenset())
    keys = keys | WAYS[own][0].keys() if goes else keys - {"for"} if own else keys
    return {
        f"{key}_" if keyword.iskeyword(key) else key: value
        for key, value in table.items()
        if key in keys and (value or KINDS[key] == "flag")
    }


def is_for_paper(table: Mapping[str, Any] | None) -> bool:
    """Tell whether a recipe says how its artworks go on paper or under the knife."""
    return any(key not in NAMES for key in table or {})


def schema() -> dict[str, Any]:
    """Give the JSON Schema of the table."""
    types: dict[str, dict[str, Any]] = {
        "flag": {"type": "boolean"},
        "text": {"type": "string"},
        "length": {"type": "string", "pattern": r"^\s*[\d.]+(e-?\d+)?\s*[a-zA-Z]*\s*$"},
        "texts": {"type": "array", "items": {"type": "string"}},
        "plates": {"enum": list(FORMS)},
        "ids": {"enum": list(IDS)},
        "profile": {"type": "string", "pattern": f"^{_PROFILE.pattern}$"},
    }
    return {
        "type": "object",
        "description": "How its artworks go on paper or under the knife: options of `artkit export`.",
        "additionalProperties": False,
        "properties": {key: types[kind] for key, kind in KINDS.items()},
    }
