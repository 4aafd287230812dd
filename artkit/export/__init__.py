"""Artworks to files: `save` and `encode` ask the table of formats for the writer by the suffix.

`metadata` says where an artwork comes from, in any of the keys "title", "description", "recipe" (a recipe's text),
"seed", "software", "creator" (a line each), "rights" and "source_type"; see `artkit.metadata.xmp`. Each format keeps it
where its readers look. Equal artworks and metadata give equal bytes.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeAlias

from artkit.artwork.formats import Note, check, ending_of, suffix, suffixes, writer
from artkit.spans import span

if TYPE_CHECKING:
    from artkit.artwork.animation import Animation
    from artkit.artwork.drawing import Drawing
    from artkit.artwork.image import Image
    from artkit.artwork.labels import Labels

__all__ = ["Artwork", "Note", "check", "encode", "save", "suffix", "suffixes", "write"]

Artwork: TypeAlias = "Image | Labels | Drawing | Animation"


def save(
    artwork: Artwork,
    path: str | os.PathLike[str],
    *,
    metadata: Mapping[str, str] | None = None,
    note: Note | None = None,
) -> Path:
    """Write the artwork, in the format that the suffix of `path` names, in full or not at all; give the path.

    `note` takes what is worth telling of what the format demanded, a line at a time.

    A suffix that does not fit the artwork is a UsageError that names those that do; a full disk, a missing folder and
    the like are ArtkitErrors.
    """
    from artkit.export import files

    path = Path(path)
    check(artwork, path)
    with files.writing(path) as file:
        write(artwork, file, path.suffix, metadata=metadata, note=note)
    return path


def encode(
    artwork: Artwork, suffix: str, *, metadata: Mapping[str, str] | None = None, note: Note | None = None
) -> bytes:
    """Give the bytes of the file that `save` would write under a name that ends in `suffix` (".svg", ".gif", ...)."""
    from io import BytesIO

    file = BytesIO()
    write(artwork, file, suffix, metadata=metadata, note=note)
    return file.getvalue()


def write(
    artwork: Artwork,
    file: BinaryIO,
    suffix: str,
    *,
    metadata: Mapping[str, str] | None = None,
    note: Note | None = None,
) -> None:
    """Write the artwork to a file that is open to be read and written, in the format that `suffix` names.

    An animation's frames are written as they are made: the memory that takes does not grow with their number.
    """
    with span(f"write {ending_of(suffix)}"):
        _write(artwork, file, suffix, metadata or {}, note)


def _write(artwork: Artwork, file: BinaryIO, suffix: str, metadata: Mapping[str, str], note: Note | None) -> None:
    turn, put = writer(artwork, suffix)
    made, noted = turn(artwork), cache(note or (lambda line: None))
    if getattr(made, "max_bytes", None) is None:
        put(made, file, metadata, noted)
    else:
        from artkit.export.fit import write_within

        def within(candidate: Animation, sink: BinaryIO) -> None:
            put(candidate, sink, metadata, noted)

        write_within(made, file, within, ending_of(suffix), note)
