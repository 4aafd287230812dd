"""Artworks leave a gallery with all that belongs to them, whatever happens on the way.

Under the gallery's lock their records move into a folder under way in `.artkit`, each before its artwork's other files;
then that folder is removed. What fails moves everything back. When the process is killed meanwhile, the next one that
writes into the gallery removes the rest of each artwork whose record had moved; the others are there as they were.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from artkit.errors import ArtkitError
from artkit.export import files, parts
from artkit.gallery import shards
from artkit.gallery.find import record_of
from artkit.gallery.pending import GONE, belongings, is_used, photo_of
from artkit.gallery.record import RECORDS, THUMBNAILS, TILES, NoRecordError
from artkit.gallery.staging import finish, locked, staged


def removed(folder: Path, names: Iterable[str]) -> dict[str, list[str]]:
    """Give, for each artwork, the files that `remove` would take away: paths in the gallery's folder, the record first.

    A photo goes with the last of its artworks. An ArtkitError says which record cannot be read, and why.
    """
    records = [record_of(name, folder) for name in names]
    gone = {record.name for record in records}
    found = {record.name: belongings(record, folder) for record in records}
    for photo in dict.fromkeys(photo for record in records if (photo := photo_of(record, folder))):
        if not is_used(photo, folder, gone):
            found[next(record.name for record in reversed(records) if photo_of(record, folder) == photo)].append(photo)
    return found


def remove(folder: Path, names: Sequence[str]) -> dict[str, list[str]]:
    """Remove artworks by their names in full, all or, with an ArtkitError, none; give what `removed` does.

    The page is not touched: call `refresh` afterwards.
    """
    finish(folder)
    removed(folder, names)  # says what is wrong before anything is touched
    with staged(folder) as mine, locked(folder / RECORDS):
        index = shards.load(folder)
        with parts.kept(mine) as place:
            found = _taken(folder, names, place)
        if index is not None:
            with suppress(NoRecordError):  # a shard is none of ours: all is made anew with the page
                shards.drop(folder, index, list(found))
    for each in (folder, folder / THUMBNAILS, folder / TILES, folder / RECORDS):
        files.flush_folder(each)
    return found


def _taken(folder: Path, names: Sequence[str], place: Path) -> dict[str, list[str]]:
    """Move what belongs to artworks into a folder under way, and give it."""
    found = removed(folder, names)
    moves = []
    for i, (record, *others) in enumerate(found.values()):
        moves.append((folder / record, place / GONE.format(i)))
        moves += [(folder / name, place / f"{i}.{j}") for j, name in enumerate(others)]
    try:
        files.rename_all(moves, place)
    except OSError as error:
        raise ArtkitError(files.explain(Path(error.filename or folder), error)) from error
    return found
