"""The folder of artworks: each with a record of how it was made and a thumbnail, and a page that shows them all.

    gallery/cat-poster-1a2b3c.svg               the artwork
    gallery/records/cat-poster-1a2b3c.json      its record: recipe, seed, photo, versions, size, time
    gallery/thumbnails/cat-poster-1a2b3c.webp   and a smaller one, ...small.webp
    gallery/tiles/cat-poster-1a2b3c/0/3-2.webp  tiles of a very large picture: see `artkit.gallery.pyramid`
    gallery/photos/0f1e2d3c4b5a6978-1a2b3c.webp a reduced copy of the photo
    gallery/details/cat-poster-1a2b3c.js        what the page tells of one artwork, and loads when it is opened
    gallery/data/00001.js                       what it tells of 200: see `artkit.gallery.shards`
    gallery/index.html                          the page

The six digits are a digest of the photo as it was worked on (so its size and crop count), of the recipe with its seed
and of artkit's version: the same again has the same name, and whatever has another name is never touched.
"""

TYPE_CHECKING = False  # as in `typing`, which need not be loaded for this
if TYPE_CHECKING:
    from typing import Any

    from artkit.gallery.building import PAGE
    from artkit.gallery.folder import add, check_room, file_of, has, page, records, refresh
    from artkit.gallery.origin import Provenance, bare, measurements, provenance
    from artkit.gallery.record import RECORDS, THUMBNAILS, Record

# Names are looked up when used (PEP 562): an artwork in a file of its own, too, has a provenance, and no page.
_HOMES = {
    "building": ("PAGE",),
    "folder": ("add", "check_room", "file_of", "has", "page", "records", "refresh"),
    "origin": ("Provenance", "bare", "measurements", "provenance"),
    "record": ("RECORDS", "THUMBNAILS", "Record"),
}

__all__ = [
    "PAGE",
    "RECORDS",
    "THUMBNAILS",
    "Provenance",
    "Record",
    "add",
    "bare",
    "check_room",
    "file_of",
    "has",
    "measurements",
    "page",
    "provenance",
    "records",
    "refresh",
]


def __getattr__(name: str) -> "Any":
    from importlib import import_module

    home = next((home for home, names in _HOMES.items() if name in names), None)
    if home is None:
        raise AttributeError(f"module 'artkit.gallery' has no attribute {name!r}")
    return getattr(import_module(f"artkit.gallery.{home}"), name)
