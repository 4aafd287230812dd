"""Where the photos of a batch are: files, folders, patterns, lists and addresses, to paths in a stable order."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator
from glob import glob, has_magic
from pathlib import Path, PurePosixPath
from typing import TypeAlias

from artkit.errors import UsageError
from artkit.remote.address import address_of, is_web, joined, name_of, path_of

SUFFIXES = frozenset(
    f".{each}"
    for each in "jpg jpeg jpe png webp tif tiff gif bmp avif jp2 j2k ppm pgm pbm pnm qoi ico".split()  # noqa: SIM905
)
"""What the names of photos end in; a folder may hold anything else beside them."""

LIST = ".txt"
"""What the name of a list of photos ends in: a path on each line, from the list's folder; # begins a comment."""


Odd: TypeAlias = Callable[[str], None]
"""Takes a line about what cannot be looked into."""


def found(
    sources: Iterable[str],
    odd: Odd = lambda line: None,
    *,
    empty: bool = False,
    gallery: str | os.PathLike[str] | None = None,
) -> list[str]:
    """Give the paths of all photos that are named, each once: in the order of the sources, within each by name.

    A folder stands for the photos in it and in its folders, hidden ones not; a pattern for the photos that it fits, **
    for any folders; a file that ends in `.txt` for the paths in it; any other path for itself. Each of them may be an
    address in a store (s3://bucket/folder/), and a file or a list one of the web. `odd` takes a line about
    a folder that cannot be looked into. What lies in the `gallery` is no photo of a folder or a pattern around it. A
    UsageError says which of the sources holds nothing, unless they may be `empty` folders and patterns for now.
    """
    photos: dict[str, None] = {}
    for source in map(path_of, sources):
        several = sorted(_photos_at(address) if (address := address_of(source)) else _photos(source, odd))
        if gallery and may_be_empty(source) and not _lies_in(source, gallery):
            several = [photo for photo in several if not _lies_in(photo, gallery)]
        if not several and not (empty and may_be_empty(source)):
            raise UsageError(f"{source}: {_nothing(source)}")
        photos |= dict.fromkeys(several)
    return list(photos)


def may_be_empty(source: str) -> bool:
    """Whether photos may come later to a source that has none: a folder or a pattern."""
    if address := address_of(source):
        return not is_web(address) and (has_magic(address) or not _is_named(address))
    path = Path(source)
    return path.is_dir() or (not path.exists() and has_magic(source))


def _lies_in(place: str, folder: str | os.PathLike[str]) -> bool:
    inner, outer = (address_of(each).rstrip("/") or os.path.abspath(each) for each in (place, folder))  # noqa: PTH100 - resolves no links
    return inner == outer or inner.startswith(outer + ("/" if "://" in outer else os.sep))


def _photos(source: str, odd: Odd) -> Iterator[str]:
    path = Path(source)
    if path.is_dir():
        yield from _in_folder(path, odd)
    elif not path.exists() and has_magic(source):
        yield from (each for each in glob(source, recursive=True) if _is_photo(Path(each)))  # noqa: PTH207 - ** at any place
    elif path.suffix.lower() == LIST:
        yield from _listed(path)
    else:
        yield source


def _in_folder(folder: Path, odd: Odd) -> Iterator[str]:
    def tell(error: OSError) -> None:
        odd(f"{error.filename}: the folder cannot be read ({error.strerror}); its photos are left out")

    for root, folders, names in os.walk(folder, onerror=tell):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in names:
            path = Path(root, name)
            if not name.startswith(".") and _is_photo(path):
                yield str(path)


def _is_photo(path: Path) -> bool:
    try:
        return path.suffix.lower() in SUFFIXES and stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return False


def _listed(path: Path) -> Iterator[str]:
    for name in _names_in(path.read_bytes(), str(path)):
        if address_of(name):
            yield name
        else:
            name = path_of(name)
            yield name if Path(name).is_absolute() else str(path.parent / name)


def _names_in(data: bytes, where: str) -> Iterator[str]:
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise UsageError(f"{where}: is no list of photos; it holds a path on each line, in UTF-8") from None
    yield from (name for line in lines if (name := line.strip()) and not name.startswith("#"))


def _photos_at(address: str) -> Iterator[str]:
    if not is_web(address) and has_magic(address):
        from artkit.remote import store

        yield from (each for each in store.matched(address) if _is_named(each) and not _is_hidden(each, address))
    elif _suffix(address) == LIST:
        yield from _listed_at(address)
    elif is_web(address) or (_is_named(address) and not address.endswith("/")):
        yield address
    else:
        from artkit.remote import store

        found = store.listed(address, deep=True)
        yield from (each for each in found if _is_named(each) and not _is_hidden(each, address))


def _listed_at(address: str) -> Iterator[str]:
    """Give the photos that a list at an address names: it is somebody else's perhaps, and names no files of here."""
    from urllib.parse import quote

    from artkit.artwork.source import data_of

    folder = address.partition("?")[0].rpartition("/")[0]
    for name in _names_in(data_of(address), address):
        if name.startswith("/") or path_of(name) != name:
            raise UsageError(f"{address}: names {name}, and a list from elsewhere names addresses, or files beside it")
        yield address_of(name) or joined(folder, quote(name) if is_web(address) else name)


def _is_named(address: str) -> bool:
    return _suffix(address) in SUFFIXES


def _is_hidden(address: str, source: str) -> bool:
    """Whether a file, or a folder that it is in, is hidden: below what of its source is no pattern."""
    beneath = address.removeprefix(re.split(r"[*?[]", source)[0].rstrip("/"))
    return any(part.startswith(".") for part in beneath.split("/"))


def _suffix(address: str) -> str:
    return PurePosixPath(name_of(address)).suffix.lower()


def _nothing(source: str) -> str:
    if address_of(source):
        return "no photo is there; a folder's end in .jpg, .png, .webp, .tif and the like"
    path = Path(source)
    if path.is_dir():
        return "no photo is in this folder; photos end in .jpg, .png, .webp, .tif and the like"
    if path.suffix.lower() == LIST and path.exists():
        return "this list names no photo; it holds a path on each line"
    return "no photo fits this pattern"
