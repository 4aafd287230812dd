"""Files that are either there in full or not there at all."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import BinaryIO

from artkit.errors import ArtkitError


def write(path: str | os.PathLike[str], data: bytes) -> Path:
    """Write `data` to `path` so that no reader ever sees half of it, and give the path; see `writing`."""
    with writing(path) as file:
        file.write(data)
    return Path(path)


@contextmanager
def writing(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """Give a file, open to be read and written, that becomes `path` in one step when all is in it.

    The bytes go to a temporary file in the same folder and are flushed to the disk before it takes the name. When
    anything fails the old file stands as it was and nothing is left beside it. A link is followed; a device or a pipe
    gets everything at the end. Folders are not made. An ArtkitError says why the file could not be written.
    """
    path = Path(path)
    try:
        target = path.resolve() if path.is_symlink() else path
        if target.exists() and not target.is_file() and not target.is_dir():
            with TemporaryFile() as file:
                yield file
                file.seek(0)
                with target.open("wb") as sink:
                    copyfileobj(file, sink)
        else:
            with _replacing(target) as file:
                yield file
    except OSError as error:
        raise ArtkitError(explain(path, error)) from error


def explain(path: Path, error: OSError) -> str:
    """Say in one line why `path` could not be written and what would help."""
    folder = path.parent
    match error.errno:
        case errno.ENOENT if not folder.is_dir():  # some file systems say so of any new file
            return f"{path}: there is no folder {folder}; make it first, or name another"
        case errno.ENOTDIR:
            return f"{path}: {folder} is not a folder; name another place"
        case errno.EISDIR | errno.ENOTEMPTY | errno.EEXIST:
            return f"{path}: is a folder; name a file in it"
        case errno.EACCES | errno.EPERM:
            return f"{path}: no permission to write in {folder}; choose another folder"
        case errno.EROFS:
            return f"{path}: the disk is read-only; choose another folder"
        case errno.ENOSPC | errno.EDQUOT:
            return f"{path}: the disk is full; make room or choose another folder"
        case errno.ENAMETOOLONG:
            return f"{path}: the name is too long; choose a shorter one"
    return f"{path}: cannot be written ({error.strerror or error}); choose another place"


@contextmanager
def _replacing(target: Path) -> Iterator[BinaryIO]:
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, "is a folder")
    # A short name of its own: one made from the target's could be too long where the target's is not.
    temporary = target.parent / f".artkit-{secrets.token_hex(8)}.part"
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(temporary, flags, 0o666)  # the umask decides, as for any new file
    try:
        with os.fdopen(descriptor, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileNotFoundError):
            temporary.chmod(stat.S_IMODE(target.stat().st_mode))
        temporary.replace(target)
    except BaseException:  # an interrupt too must leave nothing behind
        temporary.unlink(missing_ok=True)
        raise
    _flush_folder(target.parent)


def _flush_folder(folder: Path) -> None:
    """Make the new name itself survive a power cut, where the system can do that."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
