"""What is under way with several files of a gallery at once, and how the next process ends it; see `staging`."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Sequence
from contextlib import suppress
from pathlib import Path
from shutil import copyfile

from artkit.export import files
from artkit.gallery.record import RECORDS, NoRecordError, Record, opened, read

GONE = "gone-{}.json"
"""Name, in a folder under way, of the record of an artwork that is being removed."""

OURS = re.compile(r"\w.*-[0-9a-f]{6}")
"""Names that `add` gives to artworks."""


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


def belongings(record: Record, folder: Path) -> list[str]:
    """Give the files that belong to an artwork alone and are there, as paths in the gallery's folder, the record first.

    A record may name what is another's: only what bears the artwork's name counts.
    """
    names = (record.path.name, record.thumbnail)
    own = [name for name in names if Path(name).name.startswith(record.name)]
    return [f"{RECORDS}/{record.name}.json", *(name for name in own if is_file(folder / name))]


def is_file(path: Path) -> bool:
    """Whether there is a file or a link, wherever that leads."""
    return path.is_symlink() or path.is_file()


def photo_of(record: Record, folder: Path) -> str:
    """Give the path, in the gallery's folder, of the copy of an artwork's photo; "" where there is none."""
    name = f"photos/{record.photo_sha256[:16]}.webp"
    return name if record.photo_sha256 and is_file(folder / name) else ""


def is_used(photo: str, folder: Path, gone: Collection[str] = ()) -> bool:
    """Whether a record speaks of a photo's copy, but for those of artworks that are `gone`.

    Records are searched as they are: one that cannot be read may speak of it, too.
    """
    word = Path(photo).stem[:16].encode()
    for path in (folder / RECORDS).glob("*.json"):
        if path.stem not in gone:
            with suppress(OSError, NoRecordError), opened(path) as file:
                if word in file.read():
                    return True
    return False


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
