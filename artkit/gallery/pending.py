"""What is under way with several files of a gallery at once, and how the next process ends it; see `staging`."""

from __future__ import annotations

import errno
import json
import os
import re
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from artkit.gallery.record import PHOTOS, RECORDS, THUMBNAILS, TILES, NoRecordError, Record, opened, read

GONE = "gone-{}.json"
"""Name, in a folder under way, of the record of an artwork that is being removed."""

PLAN = "plan.json"
"""Name, in a folder under way, of the list of what is to have which name in the gallery."""

OURS = re.compile(r"\w.*-[0-9a-f]{6}")
"""Names that `add` gives to artworks."""


PHOTO = re.compile(rf"{PHOTOS}/[0-9a-f]{{16}}-[0-9a-f]{{6}}\.webp")
"""Paths that it gives to copies of photos."""


def files_of(record: Record) -> list[str]:
    """Give the files that an artwork consists of beside its record, as paths in the gallery's folder.

    Scripts of the page are not among them: they are made from the record.
    """
    small = [record.look.small] if record.look.small else []
    return [record.path.name, record.thumbnail, *small, *record.tiles]


def belongings(record: Record, folder: Path) -> list[str]:
    """Give the files that belong to an artwork alone and are there, as paths in the gallery's folder, the record first.

    Tiles are there as their folder, which is none where it is a file or a link, or lies in one that is a link.
    A record may name what is another's: only what bears the artwork's name counts.
    """
    own = [name for name in record.files[:-1] if Path(name).name.startswith(record.name)]
    tiles = [record.pyramid] if record.pyramid and is_folder(folder / record.pyramid) else []
    return [f"{RECORDS}/{record.name}.json", *(name for name in own if is_file(folder / name)), *tiles]


def is_file(path: Path) -> bool:
    """Whether there is a file or a link, wherever that leads."""
    return path.is_symlink() or path.is_file()


def is_folder(path: Path) -> bool:
    """Whether there is a folder that is no link, in a folder that is none."""
    return path.is_dir() and not path.is_symlink() and not path.parent.is_symlink()


def moves_of(staged: Path, target: Path) -> list[tuple[Path, Path]]:
    """Give what is to be renamed so that a file, or a folder, under way gets its name.

    Where there is such a folder, its files are replaced one by one: none is gone meanwhile. An OSError where that
    folder, or one in it, is a link.
    """
    if not staged.is_dir() or not os.path.lexists(target):
        return [(staged, target)]
    found = [(path, target / path.relative_to(staged)) for path in sorted(staged.rglob("*")) if path.is_file()]
    for folder in dict.fromkeys((target, *(path.parent for _, path in found))):
        if folder.is_symlink():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
        folder.mkdir(exist_ok=True)
    return found


def give_name(staged: Path, target: Path) -> None:
    """Give what is under way its name."""
    for source, path in moves_of(staged, target):
        source.replace(path)


def photo_of(record: Record, folder: Path) -> str:
    """Give the path of the copy of an artwork's photo; "" where it is not there."""
    name = record.look.photo
    return name if name and is_file(folder / name) else ""


def is_used(photo: str, folder: Path, gone: Collection[str] = ()) -> bool:
    """Whether a record speaks of a photo's copy, but for those of artworks that are `gone`.

    Records are searched as they are: one that cannot be read may speak of it, too.
    """
    word = Path(photo).name.encode()
    for path in (folder / RECORDS).glob("*.json"):
        if path.stem not in gone:
            try:
                with opened(path) as file:
                    if word in file.read():
                        return True
            except (FileNotFoundError, NoRecordError):
                continue
            except OSError:
                return True
    return False


def complete(place: Path, folder: Path) -> None:
    """End the import or the removal that a killed process has left in a folder."""
    complete_removals(place, folder)
    complete_import(place, folder)


_TARGET = re.compile(
    rf"(?:{RECORDS}/{OURS.pattern}\.json|{THUMBNAILS}/{OURS.pattern}\.[\w.]+|{TILES}/\w[^/]*-[0-9a-f]{{6}}"
    rf"|{PHOTO.pattern}|{OURS.pattern}\.\w+)"
)


def complete_import(place: Path, folder: Path) -> None:
    """Give what is left of an import the names that its plan says, where they are such as artkit gives."""
    try:
        with opened(place / PLAN) as file:
            moves = [(str(name), str(path)) for name, path in json.loads(file.read())]
    except (OSError, NoRecordError, ValueError, TypeError, RecursionError):
        return
    for name, path in moves:
        ours = _TARGET.fullmatch(path) and not path.endswith((".html", ".js"))
        if re.fullmatch("[0-9]+", name) and ours and not (folder / path).parent.is_symlink():
            with suppress(FileNotFoundError):
                give_name(place / name, folder / path)


def complete_removals(place: Path, folder: Path) -> None:
    """Remove what is left of artworks whose records are in a folder that a killed process has left."""
    for path in place.glob(GONE.format("*")):
        with suppress(NoRecordError):
            record = read(path, folder)
            if not OURS.fullmatch(record.name) or os.path.lexists(folder / RECORDS / f"{record.name}.json"):
                continue
            _, *others = belongings(record, folder)
            photo = photo_of(record, folder)
            for name in [*others, *([photo] if photo and not is_used(photo, folder) else [])]:
                if is_folder(folder / name):
                    (folder / name).rename(place / f"tiles-{path.stem}")  # and is gone with the rest
                else:
                    (folder / name).unlink(missing_ok=True)
