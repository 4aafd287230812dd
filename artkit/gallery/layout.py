"""Entries in, pages of HTML out, which need nothing from elsewhere and open from a disk.

Templates, style and script lie in `artkit/gallery/page`. Jinja2 escapes all that comes from entries; and by the page's
policy (Content-Security-Policy) the browser runs the one script whose digest is there, and what that script loads.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from artkit.gallery.look import HUES, KINDS

if TYPE_CHECKING:
    from artkit.gallery.entries import Entry
    from artkit.gallery.shards import Index

SCRIPTS = ("data.js", "grid.js", "view.js", "keys.js")
"""Parts of the page's script, in their order."""

_FLATTEST, _TALLEST = 3.2, 0.6
"""Width to height of the boxes of thumbnails: longer pictures stand in one with room around them."""


TILED = "tiles.js"
"""A script of its own, in pages of galleries with pictures so large that they have tiles."""


def html(newest: Sequence[Entry], index: Index, tiled: bool = False) -> str:
    """Give the page that shows the newest artworks, knows of all, and loads what it needs of them."""
    return _rendered("index.html", newest, index=index, script=script(), tiled=_text(TILED) if tiled else "", base="")


def plain(shown: Sequence[Entry], number: int, last: int) -> str:
    """Give the plain page of a shard's artworks, one of `last` pages."""
    return _rendered("plain.html", shown, number=number, last=last, script="", base="../")


@cache
def script() -> str:
    """Give the page's script."""
    return "\n".join(_text(name) for name in SCRIPTS)


@cache
def own_script() -> str:
    """Give what lets the page's own scripts run, and what they load, in a Content-Security-Policy."""
    return f"'{_hash(script())}' '{_hash(_text(TILED))}' 'strict-dynamic'"


def _rendered(template: str, shown: Sequence[Entry], **values: Any) -> str:
    ratios = sorted({ratio(entry) for entry in shown})
    style = _text("page.css") + "".join(f".r{round(each * 100)}{{--a:{each:g}}}\n" for each in ratios)
    values |= {"kinds": KINDS, "hues": HUES, "style": style, "policy": _policy(style, values["script"])}
    return str(_environment().get_template(template).render(cards=shown, **values)) + "\n"


def _policy(style: str, script: str) -> str:
    """Give the policy of a page: scripts are its own and, on files' pages, what that loads; nothing from elsewhere."""
    scripts = own_script() if script else "'none'"
    return (
        f"default-src 'none'; script-src {scripts}; style-src '{_hash(style)}'; img-src 'self' blob: data:; "
        "media-src 'self'; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def ratio(entry: Entry) -> float:
    """Give the width to height of the box that a thumbnail has on the page."""
    return round(float(min(max(entry["w"] / entry["h"], _TALLEST), _FLATTEST)), 2)


@cache
def _environment() -> Any:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    made = Environment(
        loader=FunctionLoader(lambda name: _text(f"{name}.jinja")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"path": quote, "ratio": ratio}
    return made


@cache
def _text(name: str) -> str:
    return files("artkit.gallery").joinpath("page", name).read_text("utf-8")
