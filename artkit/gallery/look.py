"""An artwork in, out what the page sorts it by and shows it by: kind, family, size, color, the place of its photo."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from artkit.artwork.image import Image
    from artkit.export import Artwork

Kind = Literal["drawing", "plot", "animation", "picture"]

KINDS: dict[Kind, str] = {
    "drawing": "Drawing",
    "plot": "For pens",
    "animation": "Animation",
    "picture": "Picture",
}
"""Kinds of artworks, as the page calls them."""

HUES = ("red", "orange", "yellow", "green", "cyan", "blue", "purple", "pink", "black", "gray", "white")
"""Colors that an artwork may have most of."""


@dataclass(frozen=True)
class Look:
    """How an artwork looks, as the page needs it without reading the artwork; nothing of records of earlier versions.

    `family` is that of its recipe, or of the operation that makes it what it is, `width` and `height` are those of its
    thumbnail, `color` is its most frequent color as '#rrggbb' and `hue` that color's name. `small` is the path of the
    smaller thumbnail, `photo` that of the copy of its photo, "" where there is none; `place` is where that photo lies
    on the artwork: left, top, width and height, as parts of the artwork's width and height. `tiles` are the width and
    the height of its pyramid and the side of a tile, where it has one; see `pyramid`.
    """

    kind: str = ""
    family: str = ""
    width: int = 0
    height: int = 0
    color: str = ""
    hue: str = ""
    small: str = ""
    photo: str = ""
    place: tuple[float, ...] = ()
    tiles: tuple[int, ...] = ()


def kind_of(artwork: Artwork) -> Kind:
    """Give the kind of an artwork."""
    from artkit.artwork.animation import Animation
    from artkit.artwork.drawing import AnimatedDrawing, Drawing
    from artkit.pens.styled import is_for_pens

    if isinstance(artwork, (Animation, AnimatedDrawing)):
        return "animation"
    if isinstance(artwork, Drawing):
        return "plot" if is_for_pens(artwork) else "drawing"
    return "picture"


_SUFFIXES: dict[str, Kind] = {
    **dict.fromkeys((".svg", ".svgz"), "drawing"),
    **dict.fromkeys((".gif", ".apng", ".mp4", ".webm"), "animation"),
}


def kind_by(suffix: str) -> Kind:
    """Give the kind that artworks of a suffix usually are."""
    return _SUFFIXES.get(suffix.lower(), "picture")


_OP = re.compile(r'^\s*op = "([a-z0-9-]{1,60})"', re.MULTILINE)

_FAMILY = re.compile(r'(?:[^\[\n].*\n|\n)*?family = "([a-z]{1,60})"\n')
"""A family at the top of a recipe, above its first table."""

_RANKS = (
    "animate", "pen", "press", "styles", "mosaics", "trace", "halftone", "dither", "lines",
    "strokes", "paint", "glitch", "segment", "frame", "filter", "color", "tone",
)  # fmt: skip
"""Families of operations, those first that tell most of what a recipe makes."""


def family_by(recipe: str) -> str:
    """Give a recipe's own family or, where it names none, that of the operation that makes an artwork what it is.

    `recipe` is its text; "" if there is neither.
    """
    if named := _FAMILY.match(recipe):
        return named[1]
    families = {_families().get(name, "") for name in _OP.findall(recipe)}
    if re.search(r"^\[animate\]", recipe, re.MULTILINE):
        families.add("animate")
    return next((family for family in _RANKS if family in families), next(iter(sorted(families)), ""))


@cache
def _families() -> dict[str, str]:
    from artkit.registry import all_ops

    return {name: op.family for name, op in all_ops().items()}


def place_of(artwork: Artwork) -> tuple[float, ...]:
    """Give where the photo lies on the artwork, as parts of the artwork's sides: left, top, width, height."""
    page = getattr(artwork, "page", None)
    if page is None:
        return ()
    size: Any = artwork
    left, top = page.offset[0] / page.width, page.offset[1] / page.height
    width, height = size.width * page.scale / page.width, size.height * page.scale / page.height
    return tuple(round(value, 5) for value in (left, top, width, height))


def dominant(image: Image) -> tuple[str, str]:
    """Give the color that a picture has most of, as '#rrggbb', and its name; colors count twice what grays do."""
    import numpy as np

    from artkit.color.spaces import oklab_to_srgb, srgb_to_oklab
    from artkit.gallery.thumbnail import reduced

    lab = srgb_to_oklab(reduced(image.on_white(), _ENOUGH).pixels.reshape(-1, 3))
    names = _named(lab)
    counts = np.bincount(names, minlength=len(HUES)) * np.where(np.arange(len(HUES)) < _GRAYS, 2, 1)
    most = int(counts.argmax())
    red, green, blue = oklab_to_srgb(lab[names == most].mean(axis=0)[None])[0].tolist()
    return f"#{red:02x}{green:02x}{blue:02x}", HUES[most]


_ENOUGH = 96
"""Pixels of the longer side that tell which color a picture has most of."""

_GRAYS = HUES.index("black")
_BORDERS = (48.0, 84.0, 118.0, 168.0, 228.0, 290.0, 335.0, 360.0)
"""Degrees of OKLCh at which red ends, then orange, and so on; past the last but one is pink, until red at 8."""


def _named(lab: Any) -> Any:
    """Give the number of the name of each color."""
    import numpy as np

    light, chroma = lab[:, 0], np.hypot(lab[:, 1], lab[:, 2])
    degrees = np.degrees(np.arctan2(lab[:, 2], lab[:, 1])) % 360
    hue = np.searchsorted(_BORDERS, degrees, side="right")
    hue = np.where((degrees < 8) & (light > 0.6), HUES.index("pink"), np.minimum(hue, _GRAYS - 1))
    gray = _GRAYS + (light > 0.35).astype(int) + (light > 0.87)
    return np.where(chroma < 0.045, gray, hue)


def look_of(
    artwork: Artwork, thumbnail: Image, recipe: str, small: str, photo: str, tiles: tuple[int, ...] = ()
) -> Look:
    """Give the look of an artwork, by it, its thumbnail's pixels, its recipe, and paths and tiles as in Look."""
    color, hue = dominant(thumbnail)
    place = place_of(artwork) if photo else ()
    family = family_by(recipe)
    return Look(kind_of(artwork), family, thumbnail.width, thumbnail.height, color, hue, small, photo, place, tiles)
