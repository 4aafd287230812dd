"""A gallery's folder in, what is wrong in it out: files that are missing, changed, orphaned or half written."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from artkit.errors import ArtkitError, UsageError
from artkit.export.parts import left
from artkit.gallery import building, shards, tiles
from artkit.gallery.record import DATA, DETAILS, PHOTOS, RECORDS, STAGING, THUMBNAILS, TILES, NoRecordError, read

if TYPE_CHECKING:
    from artkit.gallery.record import Record

State = Literal["sound", "missing", "changed", "orphaned", "half written"]

_OURS = re.compile(r".+-[0-9a-f]{6}(\.small|\.drawing)?\.[a-z0-9]+")
"""Names that `add` gives: other files in the folder are somebody else's, and no business of ours."""


class Finding(NamedTuple):
    """What is found of a file: its path, its state, and what there is to say of that."""

    file: Path
    state: State
    about: str = ""


def verify(path: Path) -> list[Finding]:
    """Give what is found of every file of a gallery, or of one artwork; a UsageError says that it is neither."""
    if path.is_dir():
        if not (path / RECORDS).is_dir():
            raise UsageError(f"{path}: is no gallery; it has no folder {RECORDS}")
        return sorted(_gallery(path))
    if not path.exists():
        raise UsageError(f"{path}: no such file")
    return list(_artwork(path))


_OWN = (THUMBNAILS, DETAILS, PHOTOS)
"""Folders whose files belong to artworks."""


def _gallery(folder: Path) -> Iterator[Finding]:
    places = (folder, *(folder / name for name in _OWN))
    known: set[Path] = set()
    for path in sorted((folder / RECORDS).glob("*.json")):
        try:
            record = _record(path, folder)
        except NoRecordError as error:
            yield Finding(path, "half written", str(error))
            stem = _literal(path.stem)  # what may be its artwork is no orphan
            known |= {each for place in places for each in place.glob(f"{stem}.*")}
            continue
        known |= {folder / name for name in (*record.files, record.look.photo) if name}
        yield from _recorded(folder, record)
    for place in places:
        orphans = (path for path in place.glob("*") if _OURS.fullmatch(path.name) and path not in known)
        yield from (Finding(path, "orphaned", "no record speaks of it") for path in sorted(orphans))
    for path in tiles.without_record(folder):
        yield Finding(path, "orphaned", "tiles that no record speaks of")
    yield from _data(folder)
    for place in (*places, folder / TILES, folder / RECORDS, folder / DATA, folder / STAGING):
        for path in left(place):
            yield Finding(path, "half written", "left by a run that did not end; the next run clears it")


_ANEW = "artkit gallery build makes it anew"


def _data(folder: Path) -> Iterator[Finding]:
    """Compare the page's data with the records, unless records were changed since: then it is made anew anyway."""
    index = shards.load(folder)
    if index is None:
        return
    names: list[str] = []
    for number in range(1, index.shards + 1):
        try:
            names += [entry["id"] for entry in shards.read(folder, number)]
        except (OSError, NoRecordError):
            yield Finding(folder / shards.name_of(number), "changed", f"is not as artkit writes it; {_ANEW}")
            return
    if sorted(names) != sorted(path.stem for path in (folder / RECORDS).glob("*.json")):
        yield Finding(folder / shards.INDEX, "changed", f"other artworks are in it than in {RECORDS}; {_ANEW}")
    for path in shards.extra(folder, index):
        yield Finding(path, "orphaned", "no page needs it")


def _literal(name: str) -> str:
    return re.sub(r"([\[\]*?])", r"[\1]", name)


def _recorded(folder: Path, record: Record) -> Iterator[Finding]:
    """Compare an artwork, and what the page needs of it, with what the record says of them."""
    name = record.path.name
    yield _compared(record)
    if not (folder / record.thumbnail).is_file():
        yield Finding(folder / record.thumbnail, "missing", f"the thumbnail of {name}")
    if not record.look.kind:  # of an earlier version, which wrote no more
        return
    for picture in filter(None, (record.look.small, record.look.photo)):
        if not (folder / picture).is_file():
            yield Finding(folder / picture, "missing", f"a picture that the page shows with {name}")
    if record.look.tiles:
        missing, odd = tiles.compared(folder, record)
        if missing:
            about = f"{missing:,} of {len(record.tiles):,} tiles of {name}"
            yield Finding(folder / record.pyramid, "missing", f"{about}; making the artwork again brings them back")
        if odd:
            yield Finding(folder / record.pyramid, "orphaned", f"{len(odd):,} that are no tiles of {name}")
    scripts = {f"{record.name}.js": building.has_details, f"{record.name}.drawing.js": building.has_drawing}
    for script, is_sound in list(scripts.items())[: 1 + record.is_svg]:
        path = folder / DETAILS / script
        if not path.is_file():
            yield Finding(path, "missing", f"what the page tells of {name}; {_ANEW}")
        elif not is_sound(folder, record):
            yield Finding(path, "changed", f"is not as artkit writes it; {_ANEW}")


def _compared(record: Record) -> Finding:
    """Compare an artwork's file with the size and the digest in its record."""
    artwork = record.path
    try:
        known = artwork.lstat()
        if not stat.S_ISREG(known.st_mode):
            return Finding(artwork, "changed", "is no file but a link, a folder or a device")
        if known.st_size != record.bytes:
            return Finding(artwork, "changed", f"{known.st_size:,} bytes, its record says {record.bytes:,}")
        with artwork.open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return Finding(artwork, "missing", "its record is there")
    except OSError as error:
        raise ArtkitError(f"{artwork}: {error.strerror or error}") from None
    if digest != record.sha256:
        return Finding(artwork, "changed", f"its digest is {digest[:12]}, its record says {record.sha256[:12]}")
    return Finding(artwork, "sound")


def _artwork(path: Path) -> Iterator[Finding]:
    """Compare one artwork with its record or, where it lies in no gallery, see whether it carries a recipe."""
    from artkit.recipe import read as read_recipe

    try:
        record = record_of(path)
    except NoRecordError as error:
        yield Finding(path.parent / RECORDS / f"{path.stem}.json", "half written", str(error))
        return
    if record is not None:
        yield from _recorded(path.parent, record)
    else:
        try:
            read_recipe(path)
        except UsageError as error:
            about = str(error).splitlines()[0].removeprefix(f"{path}: ")
            yield Finding(path, "orphaned", f"it has no record, and {about}")
        else:
            yield Finding(path, "sound", "it has no record but carries its recipe")


def record_of(artwork: Path) -> Record | None:
    """Give the record of an artwork, None where there is none; a NoRecordError says what is wrong with it."""
    path = artwork.parent / RECORDS / f"{artwork.stem}.json"
    if not os.path.lexists(path):
        return None
    record = _record(path, artwork.parent)
    return record if record.path.name == artwork.name else None


def _record(path: Path, folder: Path) -> Record:
    record = read(path, folder)
    if record.name != path.stem:
        raise NoRecordError(f"is of {record.path.name}, and has another name")
    return record
