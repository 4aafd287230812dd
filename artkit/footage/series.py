"""Frames as pictures of their own, in a folder or named by a glob, in the order in which people count."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Generator, Sequence
from functools import partial
from glob import glob
from hashlib import sha256
from pathlib import Path

from artkit.artwork.image import Image
from artkit.artwork.photo import bytes_of, read
from artkit.errors import PhotoError
from artkit.footage.model import PACE, Footage
from artkit.limits import within
from artkit.metadata.credits import credits_of

SUFFIXES = frozenset(
    (".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".bmp", ".gif", ".avif", ".jp2", ".ppm", ".pgm", ".qoi")
)
"""Of files in a folder, those that are taken for frames."""


def series(place: str, report: Callable[[str], None] = lambda line: None) -> Footage:
    """Give the frames of a folder, or those that a glob names; a PhotoError where there are none."""
    paths = found(place)
    within("frames", len(paths), f"{place}: holds")
    data = bytes_of(paths[0])
    name = Path(os.path.normpath(place)).name
    waits = (1 / PACE,) * len(paths)
    return Footage(name, digest_of(paths), waits, 0, partial(_frames, paths), timed=False, credits=credits_of(data))


def found(place: str) -> list[Path]:
    """Give the files of a folder or of a glob that are frames, frame2 before frame10."""
    if Path(place).is_dir():
        try:
            files = [entry for entry in Path(place).iterdir() if not entry.name.startswith(".")]
        except OSError as error:
            raise PhotoError(f"{place}: cannot be read ({error.strerror or error}); check the folder") from None
        paths = [path for path in files if path.suffix.lower() in SUFFIXES and path.is_file()]
        if not paths:
            held = f"{len(files)} files, and no picture among them" if files else "nothing"
            raise PhotoError(f"{place}: the folder holds {held}; name one with frames, such as PNG or JPEG files")
    else:
        named = glob(place)  # noqa: PTH207 - the pattern may be absolute
        paths = [path for path in map(Path, named) if path.is_file()]
        if not paths:
            raise PhotoError(f"{place}: no file has such a name; check the folder and the pattern")
    return sorted(paths, key=lambda path: _counted(path.name))


def digest_of(paths: Sequence[Path]) -> str:
    """Give the digest of frames: that of their digests, in their order, whatever they are called."""
    digests = (sha256(bytes_of(path)).hexdigest() for path in paths)
    return sha256("\n".join(digests).encode()).hexdigest()


def _counted(name: str) -> tuple[list[tuple[int, int, str]], str]:
    """Give what names are ordered by: runs of digits as numbers, the rest as text."""
    parts = re.findall(r"[0-9]+|[^0-9]+", name)
    return [(0, int(part), "") if part.isdigit() else (1, 0, part.lower()) for part in parts], name


def _frames(paths: Sequence[Path]) -> Generator[Image, None, None]:
    size = None
    for path in paths:
        frame = read(path)
        size = size or (frame.width, frame.height)
        if (frame.width, frame.height) != size:
            raise PhotoError(
                f"{path}: {frame.width} x {frame.height} pixels, and {paths[0].name} has {size[0]} x {size[1]}; "
                "frames are of one size: cut or scale them first"
            )
        yield frame
