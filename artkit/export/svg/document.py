"""The frame of an SVG: its size, and where the artwork comes from."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from artkit.errors import UsageError
from artkit.export.svg.numbers import number
from artkit.metadata.xmp import SVG, plain, rdf

INKSCAPE = "http://www.inkscape.org/namespaces/inkscape"


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


def _check(width: float, height: float) -> None:
    if not (0 < width < float("inf") and 0 < height < float("inf")):
        raise UsageError(f"a drawing of {width} x {height}: both must be more than 0 and finite")


def _about(metadata: Mapping[str, str]) -> str:
    """Give title and description and, where more is known, all of it in <metadata>, as XMP wants it."""
    texts = {"title": metadata.get("title", ""), "desc": metadata.get("description", "")}
    about = "".join(f"<{tag}>{escape(plain(text), quote=False)}</{tag}>" for tag, text in texts.items() if plain(text))
    more = any(metadata.get(key) for key in metadata if key not in ("title", "description", "seed"))
    packet = rdf({key: text for key, text in metadata.items() if key != "description"}) if more else ""
    return about + (f"<metadata>{packet}</metadata>" if packet else "")
