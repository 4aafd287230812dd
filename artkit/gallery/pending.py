"""What is under way with several files of a gallery at once, and how the next process ends it; see `staging`."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection, Sequence
from contextlib import suppress
from pathlib import Path
from shutil import copyfile

from artkit.export import files
from artkit.gallery.record import PHOTOS, RECORDS, THUMBNAILS, NoRecordError, Record, opened, read

GONE = "gone-{}.json"
"""Name, in a folder under way, of the record of an artwork that is being removed."""

PLAN = "plan.json"
"""Name, in a folder under way, of the list of what is to have which name in the gallery."""

OURS = re.compile(r"\w.*-[0-9a-f]{6}")
"""Names that `add` gives to artworks."""


PHOTO = re.compile(rf"{PHOTOS}/[0-9a-f]{{16}}-[0-9a-f]{{6}}\.webp")
"""Paths that it gives to copies of photos."""


def rename_all(moves: Sequence[tuple[Path, Path]], place: Path) -> None:
    """Give files other names, all of them or, with an OSError, none; what is replaced is kept in `place` meanwhile."""
    done: list[tuple[Path, Path, Path | None]] = []
    try:
        for i, (source, target) in enumerate(moves):
            before = _kept(target, place / f"before-{i}")
            files.take_mode(source, target)
            source.replace(target)
            done.append((source, target, before))
    except OSError:
        for source, target, before in reversed(done):
            target.replace(source)
            if before:
                before.replace(target)
        raise


def _kept(target: Path, copy: Path) -> Path | None:
    """Keep a file that is about to be replaced, under another name; None where there is none."""
    if not os.path.lexists(target):
        return None
    try:
        os.link(target, copy, follow_symlinks=False)
    except OSError:  # a file system without links
        copyfile(target, copy, follow_symlinks=False)
    return copy


def files_of(record: Record) -> list[str]:
    """Give the files that an artwork consists of beside its record, as paths in the gallery's folder.

    Scripts of the page are not among them: they are made from the record.
    """
    return [record.path.name, record.thumbnail, *([record.look.small] if record.look.small else [])]


def belongings(record: Record, folder: Path) -> list[str]:
    """Give the files that belong to an artwork alone and are there, as paths in the gallery's folder, the record first.

    A record may name what is another's: only what bears the artwork's name counts.
    """
    own = [name for name in record.files[:-1] if Path(name).name.startswith(record.name)]
    return [f"{RECORDS}/{record.name}.json", *(name for name in own if is_file(folder / name))]


def is_file(path: Path) -> bool:
    """Whether there is a file or a link, wherever that leads."""
    return path.is_symlink() or path.is_file()


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
            with suppress(OSError, NoRecordError), opened(path) as file:
                if word in file.read():
                    return True
    return False


def complete(place: Path, folder: Path) -> None:
    """End the import or the removal that a killed process has left in a folder."""
    complete_removals(place, folder)
    complete_import(place, folder)


_TARGET = re.compile(
    rf"(?:{RECORDS}/{OURS.pattern}\.json|{THUMBNAILS}/{OURS.pattern}\.[\w.]+|{PHOTO.pattern}|{OURS.pattern}\.\w+)"
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
                (place / name).replace(folder / path)


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
                (folder / name).unlink(missing_ok=True)
