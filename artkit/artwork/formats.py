"""Which function writes which artwork under which suffix: a table of names, so that artworks know no writers.

A writer takes an artwork, a file that is open to be read and written, the artwork's metadata, and a function for what
is worth telling the user:

    def write(drawing: Drawing, file: BinaryIO, metadata: Mapping[str, str], note: Callable[[str], None]) -> None:
        '''Write the drawing as DXF.'''

Other packages add one by an entry point of the group `artkit.formats` whose name is the suffix; the artworks that it
takes are those of its first parameter's annotation:

    [project.entry-points."artkit.formats"]
    ".dxf" = "mypackage.dxf:write"
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple, get_args

from artkit.errors import UsageError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from artkit.artwork.image import Image

Note = Callable[[str], None]
Write = Callable[[Any, BinaryIO, Mapping[str, str], Note], None]

ENTRY_POINTS = "artkit.formats"

WRITERS: dict[str, dict[str, str]] = {
    "Drawing": {
        ".svg": "artkit.export.svg:write",
        ".svgz": "artkit.export.svg:write_compressed",
        ".pdf": "artkit.export.pdf:write",
        ".eps": "artkit.export.sheet.own:write_eps",
        ".dxf": "artkit.export.sheet.own:write_dxf",
        ".png": "artkit.export.sheet.own:write_png",
        ".jpg": "artkit.export.sheet.own:write_jpeg",
        ".jpeg": "artkit.export.sheet.own:write_jpeg",
        ".tif": "artkit.export.sheet.own:write_tiff",
        ".tiff": "artkit.export.sheet.own:write_tiff",
    },
    "TextDrawing": {".svg": "artkit.export.svg:write", ".txt": "artkit.export.text:write_text"},
    "KitDrawing": {".svg": "artkit.export.svg:write", ".csv": "artkit.export.text:write_rows"},
    "AnimatedDrawing": {".svg": "artkit.export.svg:write", ".png": "artkit.export.apng:write_drawn"},
    "Animation": {
        ".gif": "artkit.export.gif:write",
        ".webp": "artkit.export.webp:write",
        ".png": "artkit.export.apng:write",
        ".apng": "artkit.export.apng:write",
        ".mp4": "artkit.export.video:write_mp4",
        ".webm": "artkit.export.video:write_webm",
    },
    "Strips": {
        ".png": "artkit.export.strips:write_png",
        ".tif": "artkit.export.strips:write_tiff",
        ".tiff": "artkit.export.strips:write_tiff",
    },
    "Image": {
        ".png": "artkit.export.raster:write_png",
        ".jpg": "artkit.export.raster:write_jpeg",
        ".jpeg": "artkit.export.raster:write_jpeg",
        ".webp": "artkit.export.raster:write_webp",
        ".tif": "artkit.export.raster:write_tiff",
        ".tiff": "artkit.export.raster:write_tiff",
        ".bmp": "artkit.export.raster:write_bmp",
        ".gif": "artkit.export.gif:write_still",
        ".pdf": "artkit.export.pdf:write_picture",
    },
}
"""By the name of the artwork's type and by suffix; the first of a type is its usual one. A type has its bases' too."""

TURNED: dict[str, tuple[str, str]] = {
    "AnimatedDrawing": ("Animation", "artkit.export.frames:filmed"),
    "Labels": ("Image", "artkit.artwork.image:Image.of"),
}
"""What an artwork of some types is turned into, and by what, where none of its own writers knows the suffix."""

_SPOKEN = {
    "Drawing": "a drawing",
    "Animation": "an animation",
    "Image": "a picture",
    "Labels": "a picture",
    "Strips": "a picture",
}


class Writer(NamedTuple):
    """What writes an artwork: `turn` makes of it what `write` takes."""

    turn: Callable[[Any], Any]
    write: Write


def save(artwork: Any, path: str | os.PathLike[str]) -> Path:
    """Write the artwork to a file: what the `save` of every artwork does."""
    written: Path = named("artkit.export:save")(artwork, path)
    return written


def encode(artwork: Any, suffix: str) -> bytes:
    """Give the bytes of the file that `save` would write."""
    data: bytes = named("artkit.export:encode")(artwork, suffix)
    return data


def read(source: str | os.PathLike[str] | bytes) -> Image:
    """Read a photo from a file or from the bytes of one."""
    image: Image = named("artkit.artwork.photo:read")(source)
    return image


def writer(artwork: Any, path: str | os.PathLike[str]) -> Writer:
    """Give what writes an artwork, or every artwork of a type, under that name or suffix.

    A suffix that does not fit the artwork is a UsageError that names those that do.
    """
    ending = ending_of(path)
    for kind, turn in _kinds(artwork).items():
        name = WRITERS.get(kind, {}).get(ending)
        write = named(name) if name else _foreign(kind, ending, path)
        if write:
            return Writer(named(turn) if turn else lambda same: same, write)
    form = f"as {ending}" if ending else "without a suffix"
    spoken = next(_SPOKEN[kind] for kind in _kinds(artwork) if kind in _SPOKEN)
    raise UsageError(f"{os.fspath(path)}: {spoken} cannot be written {form}; use {', '.join(suffixes(artwork))}")


def check(artwork: Any, path: str | os.PathLike[str]) -> None:
    """Raise a UsageError unless an artwork, or every artwork of a type, can be written under that name or suffix."""
    if not any(ending_of(path) in WRITERS.get(kind, {}) for kind in _kinds(artwork)):  # spares loading the writer
        writer(artwork, path)


def suffix(artwork: Any) -> str:
    """Give the usual suffix of an artwork or of a type of artworks: .svg, .gif or .png."""
    return next(ending for kind in _kinds(artwork) for ending in WRITERS.get(kind, {}))


def suffixes(artwork: Any) -> tuple[str, ...]:
    """Give all suffixes under which an artwork, or every one of a type, can be written; the usual one first."""
    kinds = _kinds(artwork)
    own = dict.fromkeys(ending for kind in kinds for ending in WRITERS.get(kind, {}))
    plugins = {ending: _plugin(ending) for ending in _entries()}
    foreign = (ending for ending, plugin in plugins.items() if plugin.kinds & kinds.keys())
    return tuple(own | dict.fromkeys(foreign))


def takes_all(path: str | os.PathLike[str]) -> bool:
    """Whether a file of that name or suffix holds all frames of a moving picture."""
    return ending_of(path) in WRITERS["Animation"]


def all_suffixes() -> frozenset[str]:
    """Give the suffixes of all artworks, those of other packages included."""
    return frozenset(ending for kind in WRITERS.values() for ending in kind) | _entries().keys()


def broken() -> dict[str, str]:
    """Suffixes that other packages would write but for the reason that is given with each."""
    return {ending: reason for ending in _entries() if (reason := _plugin(ending).reason)}


def ending_of(path: str | os.PathLike[str]) -> str:
    """Give the suffix of a path, or of a suffix alone, in small letters."""
    name = os.fspath(path)
    return (name if name.startswith(".") and name.count(".") == 1 else Path(name).suffix).lower()


def named(name: str) -> Callable[..., Any]:
    """Import what is called "module:name"."""
    module, _, path = name.partition(":")
    found: Any = import_module(module)
    for part in path.split("."):
        found = getattr(found, part)
    return found  # type: ignore[no-any-return]


def _kinds(artwork: Any) -> dict[str, str | None]:
    """Give the names of the types that an artwork, or a type of artworks, can be written as.

    With each comes the name of what turns it into that type, None where it is of that type already.
    """
    cls = artwork if isinstance(artwork, type) else type(artwork)
    own = [base.__name__ for base in cls.__mro__]
    turned = {TURNED[kind][0]: TURNED[kind][1] for kind in own if kind in TURNED}
    if not turned and not any(kind in WRITERS for kind in own):
        raise UsageError(f"a {cls.__name__} is no artwork; save writes a Drawing, an Animation, an Image or Labels")
    return dict.fromkeys(own) | turned


class _Plugin(NamedTuple):
    """A writer of another package: the names of the types that it takes, or the reason why it cannot be used."""

    kinds: frozenset[str] = frozenset()
    write: Write | None = None
    reason: str = ""


@cache
def _entries() -> dict[str, EntryPoint]:
    """Give the entry points of other packages by suffix."""
    from importlib import metadata  # at the point of use: it brings the mail parser along

    return {"." + entry.name.lstrip(".").lower(): entry for entry in metadata.entry_points(group=ENTRY_POINTS)}


@cache
def _plugin(ending: str) -> _Plugin:
    entry = _entries()[ending]
    try:
        write = entry.load()
        first = next(iter(inspect.signature(write, eval_str=True).parameters.values())).annotation
        kinds = frozenset(getattr(kind, "__name__", str(kind)) for kind in get_args(first) or (first,))
        if not kinds & (WRITERS.keys() | TURNED.keys()):
            raise TypeError(f"its first parameter is no artwork but {first!r}")
    except (Exception, SystemExit) as error:  # whatever a stranger's module raises must break nothing else
        return _Plugin(reason=f"{entry.value}: {type(error).__name__}: {' '.join(str(error).split())}")
    return _Plugin(kinds, write)


def _foreign(kind: str, ending: str, path: str | os.PathLike[str]) -> Write | None:
    """Give the writer of another package for artworks of a type; a UsageError says what is wrong with it."""
    if ending not in _entries():
        return None
    plugin = _plugin(ending)
    if plugin.reason:
        raise UsageError(f"{os.fspath(path)}: what writes {ending} is broken: {plugin.reason}; mend or uninstall it")
    return plugin.write if kind in plugin.kinds else None
