"""A picture in, a pyramid of its tiles out: what the page's large view shows of one too large to be shown whole.

Level 0 is the picture; each level has half the sides of the one before, rounded up, until one tile holds all of it. A
tile is called LEVEL/COLUMN-ROW.webp; those at the right and at the bottom are as large as the picture goes on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from artkit.artwork.image import Image
    from artkit.export import Artwork

LARGE = 8192
"""Pixels of the longer side beyond which a picture has a pyramid; up to that browsers show the file itself."""

SIDE = 512
"""Pixels of a tile's side."""

MOST = 250_000
"""Tiles of a pyramid at most, and a record that says more is none: those of 49 gigapixels."""

_QUALITY, _METHOD = 85, 2
"""Of WebP: pixels are seen one by one here. The next method takes twice the time for 4% fewer bytes."""

PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".bmp")
"""Suffixes of artworks that may have a pyramid, where they stand still."""


def tiles_of(artwork: Artwork, suffix: str) -> tuple[tuple[int, ...], dict[str, bytes]]:
    """Give the tiling of an artwork that is to be a file of that suffix, and its tiles; nothing where it needs none."""
    from artkit.artwork.image import Image
    from artkit.artwork.labels import Labels

    if not isinstance(artwork, (Image, Labels)) or suffix.lower() not in PICTURES:
        return (), {}
    found = tiling(artwork.width, artwork.height)
    return found, pyramid(Image.of(artwork), found[2]) if found else {}


def tiling(width: int, height: int) -> tuple[int, ...]:
    """Give width, height and the side of the tiles of a picture's pyramid; nothing where the picture needs none."""
    found = (width, height, SIDE)
    return found if max(width, height) > LARGE and is_tiling(found) else ()


def is_tiling(tiles: Sequence[int]) -> bool:
    """Whether a pyramid of so many tiles can be."""
    width, height, side = tiles
    sound = 0 < width < 1 << 24 and 0 < height < 1 << 24 and 8 <= side <= 4096 and side % 2 == 0
    return sound and _count(width, height, side) <= MOST


def _count(width: int, height: int, side: int) -> int:
    return sum(-(-w // side) * -(-h // side) for w, h in levels(width, height, side))


def levels(width: int, height: int, side: int) -> list[tuple[int, int]]:
    """Give width and height of each level."""
    sizes = [(width, height)]
    while max(sizes[-1]) > side:
        sizes.append((-(-sizes[-1][0] // 2), -(-sizes[-1][1] // 2)))
    return sizes


def names(tiles: Sequence[int]) -> list[str]:
    """Give the names of the tiles of a pyramid of `width, height, side`; none of nothing."""
    return [
        f"{level}/{column}-{row}.webp"
        for level, (width, height) in enumerate(levels(*tiles) if tiles else ())
        for row in range(-(-height // tiles[2]))
        for column in range(-(-width // tiles[2]))
    ]


def pyramid(image: Image, side: int) -> dict[str, bytes]:
    """Give the tiles of a picture as WebP, by their names.

    The picture is gone through once, in strips as high as a tile; of each level no more than two of them are held.
    """
    sizes = levels(image.width, image.height, side)
    made = dict.fromkeys(names((image.width, image.height, side)), b"")
    held: list[list[Image]] = [[] for _ in sizes]
    for row, top in enumerate(range(0, image.height, side)):
        _add(_rows(image, top, top + side), 0, row, sizes, held, made, side)
    return made


def _add(
    strip: Image,
    level: int,
    row: int,
    sizes: Sequence[tuple[int, int]],
    held: list[list[Image]],
    made: dict[str, bytes],
    side: int,
) -> None:
    """Cut a strip of a level into tiles, and hand each two of them on to the next level as one."""
    for column, tile in enumerate(_tiles(strip, side)):
        made[f"{level}/{column}-{row}.webp"] = tile
    if level + 1 == len(sizes):
        return
    held[level].append(_halved(strip))
    if row % 2 or (row + 1) * side >= sizes[level][1]:
        _add(_joined(held[level]), level + 1, row // 2, sizes, held, made, side)
        held[level].clear()


def _tiles(strip: Image, side: int) -> Iterator[bytes]:
    from artkit.artwork.image import Image
    from artkit.gallery.thumbnail import webp

    for left in range(0, strip.width, side):
        across = slice(left, left + side)
        alpha = None if strip.alpha is None else strip.alpha[:, across]
        yield webp(Image(strip.pixels[:, across], alpha), _QUALITY, _METHOD)


def _halved(strip: Image) -> Image:
    """Give a strip of half the size: light is averaged, as the eye does from afar."""
    from artkit.artwork.image import Image
    from artkit.raster.resize import averaged

    return Image(*averaged(strip.pixels, strip.alpha, 2, "linear"))


def _rows(image: Image, top: int, bottom: int) -> Image:
    from artkit.artwork.image import Image

    return Image(image.pixels[top:bottom], None if image.alpha is None else image.alpha[top:bottom])


def _joined(strips: Sequence[Image]) -> Image:
    import numpy as np

    from artkit.artwork.image import Image

    alphas = [strip.alpha for strip in strips if strip.alpha is not None]
    return Image(np.concatenate([strip.pixels for strip in strips]), np.concatenate(alphas) if alphas else None)
