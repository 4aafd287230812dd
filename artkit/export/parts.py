"""Files and folders under way: each is locked by the process that makes it, so that the next can tell whose are left.

A lock (`flock`) ends with its process, however that ends, and holds between containers that share a disk, where numbers
of processes mean nothing. On file systems without locks nothing is cleared, on Windows what is older than a day.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from artkit.interrupts import undoing, uninterrupted

if os.name != "nt":
    import fcntl

NAME = re.compile(r"\.artkit-[0-9a-f]{16}\.part")
"""Of files under way: short, since one made from the target's name could be too long where the target's is not."""

_TRIES = 100
_DAY = 86_400.0


@contextmanager
def part(folder: Path) -> Iterator[tuple[BinaryIO, Path]]:
    """Give a new file in a folder, locked, and its path; it is for the caller to name, and gone when that fails."""
    for path in new_names(folder):

        def remove(path: Path = path) -> None:
            path.unlink(missing_ok=True)

        with undoing(remove):
            with uninterrupted:
                file = path.open("x+b")
            try:
                with file:
                    if not hold(file.fileno(), path):
                        continue
                    yield file, path
                    return
            except BaseException:
                remove()
                raise


@contextmanager
def folder_part(folder: Path) -> Iterator[Path]:
    """Give a new folder in a folder, locked; at the end it is removed with all files that are still in it."""
    for path in new_names(folder):

        def undo(path: Path = path) -> None:
            gone = next(new_names(folder))  # what is still being written into it finds it no more
            path.rename(gone)
            _remove(gone)

        with undoing(undo):
            with uninterrupted:
                path.mkdir()
            try:
                with _opened(path) as descriptor:
                    if hold(descriptor, path):
                        yield path
                        return
            finally:
                with suppress(OSError):  # the next to come clears it
                    _remove(path)


def new_names(folder: Path) -> Iterator[Path]:
    """Give names of what is under way, a next one should another process have taken the last for one that is left."""
    for _ in range(_TRIES):
        yield folder / f".artkit-{secrets.token_hex(8)}.part"
    raise OSError(f"{folder}: what is written there is cleared again and again by another process")


def clear(folder: Path, finish: Callable[[Path], None] = lambda path: None) -> None:
    """Remove what ended processes have left under way in a folder; `finish` may save what is in a folder before."""
    with suppress(OSError), os.scandir(folder) as entries:
        for name in [entry.name for entry in entries if NAME.fullmatch(entry.name)]:
            with suppress(OSError), _left(folder / name) as path:
                if path.is_dir():
                    finish(path)
                _remove(path)


def left(folder: Path) -> list[Path]:
    """Give what ended processes have left under way in a folder, as `clear` would remove it."""
    found = []
    with suppress(OSError), os.scandir(folder) as entries:
        for name in sorted(entry.name for entry in entries if NAME.fullmatch(entry.name)):
            with suppress(OSError), _left(folder / name) as path:
                found.append(path)
    return found


def _remove(path: Path) -> None:
    if path.is_symlink() or not path.is_dir():
        path.unlink(missing_ok=True)
        return
    with suppress(FileNotFoundError):  # another thread, or process, is at it as well
        for each in [*path.iterdir()]:
            _remove(each)
        path.rmdir()


@contextmanager
def kept(path: Path) -> Iterator[Path]:
    """Give another name, meanwhile, to a folder of one's own under way, for names that are given from it.

    A signal waits for the end; where that takes too long it leaves the folder, and the next run finishes it.
    """
    later = next(new_names(path.parent))
    with uninterrupted:
        path.rename(later)
        try:
            yield later
        finally:
            try:
                later.rename(path)
            except OSError:
                with suppress(OSError):  # the next to come clears it
                    _remove(later)


@contextmanager
def _left(path: Path) -> Iterator[Path]:
    """Hold what an ended process has left; an OSError where it is another thing, or in use."""
    mode = path.lstat().st_mode
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise OSError(f"{path}: is no file")
    if os.name == "nt":
        if time.time() - path.lstat().st_mtime < _DAY:
            raise BlockingIOError(f"{path}: may be in use")
        yield path
        return
    with _opened(path) as descriptor:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield path


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    """Open a file or a folder, but no pipe that someone put there meanwhile, and no link."""
    if os.name == "nt":
        yield -1
        return
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def hold(descriptor: int, path: Path) -> bool:
    """Lock a file or a folder of one's own; False where another process has taken it for left, and removes it."""
    if os.name == "nt":
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True  # a file system without locks: nobody clears there
    try:
        return os.path.samestat(os.fstat(descriptor), path.lstat())
    except FileNotFoundError:
        return False
