"""The frame of an SVG: its size, and where the artwork comes from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

from artkit.errors import UsageError
from artkit.export.svg.numbers import number

NAMESPACE = "urn:artkit"
"""Of the <recipe> in an SVG's <metadata>."""

SVG = "http://www.w3.org/2000/svg"
INKSCAPE = "http://www.inkscape.org/namespaces/inkscape"

# What XML 1.0 cannot hold, not even escaped (section 2.2); most texts are ASCII, and need no large pattern compiled.
_UNSPEAKABLE = "[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
_CONTROLS = dict.fromkeys(set(range(32)) - {9, 10, 13})


def page_opening(width: float, height: float, metadata: Mapping[str, str]) -> str:
    """Open a document of `width` x `height` millimetres, one user unit being one."""
    from svgwrite.container import SVG as Root

    _check(width, height)
    sides = number(width), number(height)
    root = Root(
        size=tuple(f"{side}mm" for side in sides), debug=False, viewBox=f"0 0 {' '.join(sides)}", fill_rule="evenodd"
    )
    root.elements.remove(root.defs)
    root.attribs |= {"xmlns": SVG, "xmlns:inkscape": INKSCAPE}
    return f"{root.tostring().removesuffix('/>').rstrip()}>{_about(metadata)}"


def pixel_opening(
    width: float, height: float, scale: float, metadata: Mapping[str, str], with_names: bool = False
) -> str:
    """Open a document of `width` x `height` pixels, `scale` user units to each; `with_names` is for named layers.

    The tag is written by hand: to load svgwrite takes 70 ms, a tenth of what it takes to trace a small picture. Pages,
    which take seconds, have theirs from svgwrite.
    """
    _check(width, height)
    spaces = f' xmlns:inkscape="{INKSCAPE}"' if with_names else ""
    box = f"0 0 {number(width * scale)} {number(height * scale)}"
    size = f'width="{number(width)}" height="{number(height)}"'
    return f'<svg xmlns="{SVG}"{spaces} {size} viewBox="{box}" fill-rule="evenodd">{_about(metadata)}'


def plain(text: str) -> str:
    """Give the text without what XML cannot hold."""
    return text.translate(_CONTROLS) if text.isascii() else re.sub(_UNSPEAKABLE, "", text)


def quoted(text: str) -> str:
    """Give the text as an attribute's value, line breaks kept."""
    text = escape(text).translate({9: "&#9;", 10: "&#10;", 13: "&#13;"})
    return f'"{text}"'


def _check(width: float, height: float) -> None:
    if not (0 < width < float("inf") and 0 < height < float("inf")):
        raise UsageError(f"a drawing of {width} x {height}: both must be more than 0 and finite")


def _about(metadata: Mapping[str, str]) -> str:
    """Give title and description, and in <metadata> the recipe: <recipe seed="7" software="artkit 1.0">."""
    texts = {"title": metadata.get("title", ""), "desc": metadata.get("description", "")}
    about = "".join(f"<{tag}>{escape(plain(text), quote=False)}</{tag}>" for tag, text in texts.items() if plain(text))
    known = {key: plain(metadata[key]) for key in ("seed", "software") if metadata.get(key)}
    recipe = plain(metadata.get("recipe", ""))
    if known or recipe:
        said = "".join(f" {name}={quoted(value)}" for name, value in known.items())
        about += f'<metadata><recipe xmlns="{NAMESPACE}"{said}>{escape(recipe, quote=False)}</recipe></metadata>'
    return about
